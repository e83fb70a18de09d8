"""The names from Terraform's outputs, which the real Terraform reads from a state."""

import json
import os
from pathlib import Path

from sagemaker_endpoint_doctor.command_line.cli import main
from sagemaker_endpoint_doctor.examination.errors import CannotStartError
from sagemaker_endpoint_doctor.examination.names import Names
from sagemaker_endpoint_doctor.inputs.terraform import read

import pytest

from tests.account import ACCOUNT
from tests.doctor.patient import Patient

OUTPUTS: dict[str, str | None] = {
    "endpoint_name": "Sentiment",
    "endpoint_arn": "arn:aws:sagemaker:us-east-2:111122223333:endpoint/sentiment",
    "endpoint_config_name": "sentiment-1",
    "security_group_id": "sg-0123456789abcdef0",
    "execution_role_arn": "arn:aws:iam::111122223333:role/sentiment-execution-1",
    "kms_key_arn": None,
}


@pytest.fixture(autouse=True)
def _plain_terraform(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's own settings."""
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("CHECKPOINT_DISABLE", "1")


def applied(folder: Path, **outputs: str | None) -> Path:
    """Leave the state of an apply in a folder."""
    values = {name: {"value": value, "type": "string"} for name, value in outputs.items()}
    state = {"version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": "1", "outputs": values}
    (folder / "terraform.tfstate").write_text(json.dumps(state))
    return folder


def test_the_outputs_of_main_hold_all_names(tmp_path: Path) -> None:
    outputs = read(applied(tmp_path, **OUTPUTS))
    assert outputs.missing == []
    assert outputs.names == Names(
        endpoint_name="Sentiment",
        region="us-east-2",
        account_id="111122223333",
        endpoint_config_name="sentiment-1",
        security_group_id="sg-0123456789abcdef0",
        execution_role_arn="arn:aws:iam::111122223333:role/sentiment-execution-1",
    )


def test_helpful_outputs_that_are_missing_or_null_are_named(tmp_path: Path) -> None:
    outputs = read(
        applied(
            tmp_path,
            endpoint_name="sentiment",
            endpoint_arn=OUTPUTS["endpoint_arn"],
            execution_role_arn=None,
            security_group_id="sg-0123456789abcdef0",
        )
    )
    assert outputs.missing == ["endpoint_config_name", "execution_role_arn"]
    assert outputs.names.endpoint_config_name is None


@pytest.mark.parametrize(
    ("outputs", "words"),
    [
        ({}, "lack endpoint_name and endpoint_arn, or hold no text there: run terraform apply"),
        ({"endpoint_name": "sentiment", "endpoint_arn": None}, "lack endpoint_arn, or"),
        ({"endpoint_name": "sentiment", "endpoint_arn": "arn:aws:iam::1:role/x"}, "is 'arn:aws:iam::1:role/x', not"),
    ],
)
def test_outputs_that_it_cannot_do_without_are_named(
    tmp_path: Path, outputs: dict[str, str | None], words: str
) -> None:
    with pytest.raises(CannotStartError) as raised:
        read(applied(tmp_path, **outputs))
    assert words in str(raised.value)
    assert "--endpoint-name and --region instead" in str(raised.value)
    assert raised.value.known == {name: value for name, value in outputs.items() if name == "endpoint_name"}


def test_a_folder_without_state_lacks_every_output(tmp_path: Path) -> None:
    with pytest.raises(CannotStartError, match="lack endpoint_name and endpoint_arn"):
        read(tmp_path)


def test_what_terraform_fails_at_is_told_in_its_words_and_one_line(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('terraform {\n  backend "nowhere" {}\n}\n')
    with pytest.raises(CannotStartError) as raised:
        read(tmp_path)
    assert str(raised.value).startswith(f"terraform output in {tmp_path} failed: Error: ")
    assert "nowhere" in str(raised.value)
    assert set(str(raised.value)).isdisjoint("\n╷│╵\x1b")


def test_without_terraform_it_says_what_else_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotStartError, match="Terraform is not on PATH"):
        read(tmp_path)


def test_a_terraform_that_does_not_run_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "terraform").write_text("no program")
    (tmp_path / "terraform").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotStartError, match=r"Terraform cannot be run .*Exec format error"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exec sleep 600", "did not answer within 0 seconds"),
        ("echo words", "printed no JSON"),
        ("echo '[]'", "printed something else than outputs"),
        ("""echo '{"endpoint_name": "x"}'""", "printed something else than outputs"),
    ],
)
def test_a_terraform_that_hangs_or_babbles_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, words: str
) -> None:
    program = tmp_path / "terraform"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr("sagemaker_endpoint_doctor.inputs.terraform.TIMEOUT_IN_SECONDS", 0 if "sleep" in script else 60)
    with pytest.raises(CannotStartError, match=words):
        read(tmp_path)


def test_the_doctor_goes_by_the_outputs(
    patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    outputs = {
        "endpoint_name": patient.name,
        "endpoint_arn": f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:endpoint/{patient.name}",
        "endpoint_config_name": patient.configuration,
        "security_group_id": patient.security_group_id,
    }
    assert main(["doctor", "--from-terraform", str(applied(tmp_path, **outputs))]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith(f"{patient.name} in eu-west-1, ")
    assert captured.err == (
        "Terraform's outputs lack execution_role_arn: what needs it is asked of AWS, or left out.\n"
    )


@pytest.mark.parametrize("options", [[], ["--json"], ["--watch"]])
def test_credentials_of_another_account_than_the_endpoints_are_3_and_nothing_is_said_of_what_is_there(
    patient: Patient, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    outputs = OUTPUTS | {
        "endpoint_name": patient.name,
        "endpoint_arn": f"arn:aws:sagemaker:eu-west-1:111122223333:endpoint/{patient.name}",
    }
    patient.aws.reset_calls()
    assert main(["doctor", "--from-terraform", str(applied(tmp_path, **outputs)), *options]) == 3
    captured = capsys.readouterr()
    assert captured.err == (
        "sagemaker-endpoint: Terraform's endpoint is in account 111122223333, and these are credentials of account "
        f"{ACCOUNT}, in which nothing is looked at: set AWS_PROFILE or --profile.\n"
    )
    assert [call.action for call in patient.aws.calls()] == ["GetCallerIdentity"]
    if options == ["--json"]:
        document = json.loads(captured.out)
        assert (document["region"], document["account_id"], document["sections"]) == ("eu-west-1", ACCOUNT, [])


def test_a_terraform_that_does_not_answer_is_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--from-terraform", str(tmp_path)]) == 3
    assert "lack endpoint_name" in capsys.readouterr().err
