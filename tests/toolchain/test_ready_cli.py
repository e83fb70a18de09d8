"""The AWS CLI kept ready does what the one on PATH does."""

import functools
import os
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


@pytest.fixture(scope="module")
def written() -> Iterator[Path]:
    cli = ReadyCli(written=True)
    yield cli.folder
    cli.end()


@pytest.fixture(params=["as this system can", "written"])
def ready(request: pytest.FixtureRequest, aws: EmbeddedAws, written: Path) -> dict[str, str]:
    """Give the environment in which the AWS CLI is kept ready."""
    path = path_with_ready_cli() if request.param != "written" else f"{written}{os.pathsep}{os.environ['PATH']}"
    return clean_environment({**aws.environment(), "PATH": path})


@functools.cache
def as_started(aws: EmbeddedAws, *arguments: str) -> tuple[int, bytes, bytes]:
    return answer(clean_environment(aws.environment()), *arguments)


def answer(environment: dict[str, str], *arguments: str) -> tuple[int, bytes, bytes]:
    done = subprocess.run(["aws", *arguments], env=environment, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr


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
def test_it_answers_and_ends_as_the_started_one(aws: EmbeddedAws, ready: dict[str, str], arguments: list[str]) -> None:
    assert answer(ready, *arguments) == as_started(aws, *arguments)


def test_it_reads_files_and_standard_input_where_it_is_called(ready: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "input.json").write_text('{"EndpointName": "of-a-file"}')
    command = ["aws", "sagemaker", "describe-endpoint", "--cli-input-json", "file://input.json"]
    done = subprocess.run(command, env=ready, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "of-a-file" in done.stderr
    command[-2:] = ["--endpoint-name", "file:///dev/stdin"]
    done = subprocess.run(command, env=ready, input="of-the-input", capture_output=True, text=True, check=False)
    assert "of-the-input" in done.stderr


def test_it_writes_into_a_file_where_the_one_before_it_ended(ready: dict[str, str], tmp_path: Path) -> None:
    with (tmp_path / "said").open("w") as file:
        command = ["sh", "-c", "echo before; aws --version; echo after"]
        subprocess.run(command, env=ready, stdout=file, check=True)
    before, version, after = (tmp_path / "said").read_text().splitlines()
    assert (before, after) == ("before", "after")
    assert version.startswith("aws-cli/")


@pytest.mark.parametrize(("profile", "said"), [("plain", "123456789012"), ("none", "could not be found")])
def test_the_configuration_is_that_of_the_call(ready: dict[str, str], tmp_path: Path, profile: str, said: str) -> None:
    (tmp_path / "config").write_text("[default]\noutput = json\n[profile plain]\noutput = text\n")
    configured = {**ready, "AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_PROFILE": profile}
    command = ["aws", "sts", "get-caller-identity", "--query", "Account"]
    done = subprocess.run(command, env=configured, capture_output=True, text=True, check=False)
    assert said in done.stdout + done.stderr
    assert '"' not in done.stdout


def test_a_call_ends_with_the_process_that_asked_for_it(ready: dict[str, str]) -> None:
    command = ["aws", "ec2", "describe-subnets"]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        nowhere = {**ready, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{silent.getsockname()[1]}"}
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
