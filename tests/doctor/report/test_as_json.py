"""The document for machines: its keys are a promise."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from sagemaker_endpoint_doctor.command_line.cli import main
from sagemaker_endpoint_doctor.sections import SECTIONS

import pytest

from tests.account import ACCOUNT
from tests.doctor.inputs.test_terraform import applied
from tests.doctor.patient import Patient

REPOSITORY = Path(__file__).resolve().parents[3]
DOCUMENTED = (REPOSITORY / "docs" / "doctor.md").read_text(encoding="utf-8")
KEYS = [
    "schema_version",
    "endpoint_name",
    "region",
    "account_id",
    "examined_at",
    "since",
    "exit_code",
    "error",
    "counts",
    "sections",
]
COUNTS = ["ok", "warning", "problem", "unknown"]
SECTION = ["key", "title", "status", "findings"]
FINDING = ["check", "status", "seen", "why", "next", "command"]


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """Give the exit code and the document, which is all of standard output."""
    code = main(["doctor", "--json", *arguments])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, found


def check_keys(found: dict[str, Any]) -> None:
    assert list(found) == KEYS
    assert list(found["counts"]) == COUNTS
    for section in found["sections"]:
        assert list(section) == SECTION
        for finding in section["findings"]:
            assert list(finding) == FINDING


def test_a_healthy_endpoint(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = document(capsys, "--endpoint-name", patient.name, "--since", "2h")
    check_keys(found)
    assert (code, found["exit_code"], found["error"]) == (0, 0, None)
    assert found["schema_version"] == 1
    assert (found["endpoint_name"], found["region"], found["account_id"]) == (patient.name, "eu-west-1", ACCOUNT)
    examined_at, since = (datetime.fromisoformat(found[name]) for name in ("examined_at", "since"))
    assert (examined_at - since).total_seconds() == 7200
    assert [each["key"] for each in found["sections"]] == [each.key for each in SECTIONS]
    assert {each["status"] for each in found["sections"]} == {"ok"}
    findings = [finding for each in found["sections"] for finding in each["findings"]]
    assert found["counts"] == {"ok": len(findings), "warning": 0, "problem": 0, "unknown": 0}
    assert {(each["why"], each["next"], each["command"]) for each in findings} == {(None, None, None)}


def test_a_problem(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    patient.aws.client("s3").delete_object(Bucket=patient.bucket, Key=patient.key)
    code, found = document(capsys, "--endpoint-name", patient.name, "--section", "s3")
    check_keys(found)
    assert (code, found["exit_code"], found["counts"]["problem"]) == (1, 1, 1)
    (section,) = found["sections"]
    assert section["status"] == "problem"
    (finding,) = [each for each in section["findings"] if each["status"] == "problem"]
    assert finding["check"].startswith("s3.")
    assert patient.key in finding["seen"]
    assert finding["command"].startswith("aws --region eu-west-1 s3api ")
    assert all(finding[key] for key in FINDING)


def test_what_it_does_not_begin_without(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del patient
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    code, found = document(capsys, "--endpoint-name", "sentiment", "--region", "eu-west-1")
    check_keys(found)
    assert (code, found["exit_code"], found["sections"]) == (3, 3, [])
    assert (found["endpoint_name"], found["region"], found["account_id"]) == ("sentiment", "eu-west-1", None)
    assert found["error"].startswith("There are no AWS credentials")


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_a_region_that_the_environment_tells_is_told(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    del patient
    for each in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(each)
    monkeypatch.setenv(name, "eu-west-1")
    code, found = document(capsys, "--endpoint-name", "sentiment", "--profile", "nobody")
    assert (code, found["endpoint_name"], found["region"]) == (3, "sentiment", "eu-west-1")


def test_names_that_terraform_tells_are_told_without_credentials(
    patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")  # not the endpoint's
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    arn = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:endpoint/{patient.name}"
    code, found = document(
        capsys, "--from-terraform", str(applied(tmp_path, endpoint_name=patient.name, endpoint_arn=arn))
    )
    check_keys(found)
    assert (code, found["endpoint_name"], found["region"]) == (3, patient.name, "eu-west-1")
    code, found = document(capsys, "--from-terraform", str(applied(tmp_path, endpoint_name=patient.name)))
    assert (code, found["endpoint_name"], found["region"]) == (3, patient.name, None)


def test_the_documented_example_has_the_keys_of_the_real_thing() -> None:
    example = json.loads(re.findall(r"```json\n(\{\n  \"schema_version\".*?)```", DOCUMENTED, flags=re.DOTALL)[0])
    check_keys(example)
    assert example["counts"] == {
        status: sum(finding["status"] == status for each in example["sections"] for finding in each["findings"])
        for status in COUNTS
    }


def test_every_key_is_documented() -> None:
    section = DOCUMENTED.partition("## For machines")[2].partition("\n## ")[0]
    documented = re.findall(r"^\| `([\w.\[\]]+)` \|", section, flags=re.MULTILINE)
    assert documented == [
        *KEYS,
        *(f"sections[].{key}" for key in SECTION),
        *(f"sections[].findings[].{key}" for key in FINDING),
    ]
