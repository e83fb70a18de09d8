"""The runbook's commands for copy and paste: they are valid, and they work."""

import json
import os
import re
import subprocess
from pathlib import Path

from sagemaker_endpoint_doctor.command_line.cli import main
from sagemaker_endpoint_doctor.command_line.runbook import VARIABLES
from sagemaker_endpoint_runbook import commands

import pytest

from tests.account import ACCOUNT
from tests.doctor.inputs.test_terraform import OUTPUTS, applied
from tests.doctor.patient import Patient
from tests.toolchain.ready_cli import path_with_ready_cli


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Give what is printed."""
    assert main(["runbook", *arguments]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def test_it_has_the_titles_and_the_commands_of_every_section(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "--endpoint-name", "sentiment", "--region", "eu-west-1")
    prelude, _, rest = text.partition("\n\n")
    assert re.findall(r"^# (.*)$", rest, flags=re.MULTILINE) == [section.title for section in commands.SECTIONS]
    assert "export AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1\nendpoint=sentiment\n" in prelude
    assert "\n# Endpoint not responding\naws sagemaker describe-endpoint --endpoint-name $endpoint\n" in text
    for section in commands.SECTIONS:
        for command in section.commands:
            assert commands.with_variables(command) in rest


def test_every_name_in_a_command_is_a_variable_that_the_prelude_sets() -> None:
    named = {name for section in commands.SECTIONS for each in section.commands for name in commands.names_in(each)}
    assert named <= {"endpoint", *VARIABLES}


def test_no_variable_is_one_that_a_shell_keeps_for_itself() -> None:
    """https://zsh.sourceforge.io/Doc/Release/Parameters.html: `path` is `PATH` there."""
    assert not {"path", "status", "argv", "prompt", "options", "commands", "functions", "aliases"} & set(VARIABLES)


def test_nothing_is_asked_of_aws(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    patient.aws.reset_calls()
    printed(capsys, "--endpoint-name", patient.name)
    assert patient.aws.calls() == []


def test_the_names_in_terraforms_outputs_are_filled_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", os.devnull)
    text = printed(capsys, "--from-terraform", str(applied(tmp_path, **OUTPUTS)))
    for line in (
        "export AWS_REGION=us-east-2 AWS_DEFAULT_REGION=us-east-2",
        "endpoint=Sentiment",
        "group=sg-0123456789abcdef0",
        "role_arn=arn:aws:iam::111122223333:role/sentiment-execution-1",
    ):
        assert f"\n{line}\n" in text


def test_without_a_region_the_shells_own_holds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    assert "export" not in printed(capsys, "--endpoint-name", "sentiment")


def test_a_profile_is_exported_and_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "--endpoint-name", "sentiment", "--profile", "my team")
    assert "export AWS_PROFILE='my team'\n" in text


def test_it_is_valid_shell(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "--endpoint-name", "sentiment")
    done = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_looks_back_an_hour_unless_the_variable_says_more(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "--endpoint-name", "sentiment")
    assert "\nstart=$(( $(date +%s) - 3600 ))\n" in text
    assert " --start-time $(( $start * 1000 )) " in text


def with_everything(patient: Patient) -> None:
    """Make what an endpoint may well do without, and AWS answers with an error where there is none."""
    s3 = patient.aws.client("s3")
    s3.put_bucket_policy(Bucket=patient.bucket, Policy=allowing("s3:GetObject", f"arn:aws:s3:::{patient.bucket}/*"))
    encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": patient.key_arn}
    s3.put_object(Bucket=patient.bucket, Key=patient.key, Body=b"weights", **encryption)
    alarm = {"MetricName": "orders", "Namespace": "shop", "ComparisonOperator": "LessThanThreshold", "Threshold": 1}
    patient.aws.client("cloudwatch").put_metric_alarm(
        AlarmName=f"{patient.name} orders", EvaluationPeriods=1, Period=60, Statistic="Sum", **alarm
    )
    at_once = {"TrafficRoutingConfiguration": {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}}
    patient.aws.client("sagemaker").update_endpoint(
        EndpointName=patient.name,
        EndpointConfigName=patient.configuration,
        DeploymentConfig={
            "BlueGreenUpdatePolicy": at_once,
            "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": f"{patient.name} orders"}]},
        },
    )
    patient.aws.advance(60)
    patient.aws.client("ecr").set_repository_policy(
        repositoryName=patient.repository, policyText=allowing("ecr:BatchGetImage")
    )


def allowing(action: str, resource: str | None = None) -> str:
    """Write a policy that allows the own account something."""
    statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": action}
    if resource:
        statement["Resource"] = resource
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.end_to_end
def test_every_command_of_it_works(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", path_with_ready_cli())
    with_everything(patient)
    text = printed(capsys, "--endpoint-name", patient.name)
    # Every command is told, and the first that fails ends it.
    done = subprocess.run(["bash", "-euxo", "pipefail"], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "None" not in re.findall(r"^\+ \w+=(.*)$", done.stderr, flags=re.MULTILINE)
    called = [line for line in done.stderr.splitlines() if line.startswith("+ aws ")]
    assert len(called) == sum(len(section.commands) for section in commands.SECTIONS)
