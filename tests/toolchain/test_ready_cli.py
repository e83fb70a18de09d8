"""The AWS CLI kept ready does what the one on PATH does."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded_aws import EmbeddedAws

from .environment import clean_environment
from .ready_cli import ReadyCli, path_with_ready_cli

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def aws() -> Iterator[EmbeddedAws]:
    with EmbeddedAws() as embedded:
        yield embedded


def ways(aws: EmbeddedAws) -> list[dict[str, str]]:
    """Give the environments in which the AWS CLI is started, and is kept ready."""
    started = clean_environment(aws.environment())
    return [started, {**started, "PATH": path_with_ready_cli()}]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["sts", "get-caller-identity", "--output", "text"],
        ["ec2", "describe-subnets", "--query", "Subnets[].Tags[?Key=='ü']", "--output", "json"],
        ["sagemaker", "describe-endpoint", "--endpoint-name", "there-is-none"],
        ["sagemaker", "describe-endpoint"],
        ["no-such-service"],
    ],
)
def test_it_answers_and_ends_as_the_started_one(aws: EmbeddedAws, tmp_path: Path, arguments: list[str]) -> None:
    started, ready = (
        subprocess.run(["aws", *arguments], env=way, cwd=tmp_path, capture_output=True, check=False)
        for way in ways(aws)
    )
    assert (ready.returncode, ready.stdout, ready.stderr) == (started.returncode, started.stdout, started.stderr)


def test_it_reads_files_and_standard_input_where_it_is_called(aws: EmbeddedAws, tmp_path: Path) -> None:
    (tmp_path / "input.json").write_text('{"EndpointName": "of-a-file"}')
    command = ["aws", "sagemaker", "describe-endpoint", "--cli-input-json", "file://input.json"]
    done = subprocess.run(command, env=ways(aws)[1], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "of-a-file" in done.stderr


@pytest.mark.parametrize(("profile", "said"), [("plain", "123456789012"), ("none", "could not be found")])
def test_the_configuration_is_that_of_the_call(aws: EmbeddedAws, tmp_path: Path, profile: str, said: str) -> None:
    (tmp_path / "config").write_text("[default]\noutput = json\n[profile plain]\noutput = text\n")
    configured = {**ways(aws)[1], "AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_PROFILE": profile}
    command = ["aws", "sts", "get-caller-identity", "--query", "Account"]
    done = subprocess.run(command, env=configured, capture_output=True, text=True, check=False)
    assert said in done.stdout + done.stderr
    assert '"' not in done.stdout


def test_a_call_ends_with_the_process_that_asked_for_it(aws: EmbeddedAws) -> None:
    command = ["aws", "ec2", "describe-subnets"]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        nowhere = {**ways(aws)[1], "AWS_ENDPOINT_URL": f"http://127.0.0.1:{silent.getsockname()[1]}"}
        with subprocess.Popen(command, env=nowhere, stdout=subprocess.PIPE) as asking:
            call, _ = silent.accept()
            with call:
                asking.kill()
                assert asking.stdout
                assert asking.stdout.read() == b""  # it is at its end once nobody can write to it


def test_it_ends_when_it_is_told_to() -> None:
    cli = ReadyCli()
    command = [shutil.which("aws", path=cli.folder) or "none", "--version"]
    assert subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0
    cli.end()
    assert not cli.folder.exists()
    assert cli.has_ended
