"""The command line: what it takes, what it refuses, and the exit codes."""

import os
import re
import subprocess
import sys
from pathlib import Path

from sagemaker_endpoint_doctor import sections
from sagemaker_endpoint_doctor.command_line.cli import main
from sagemaker_endpoint_doctor.report.exits import MEANINGS, Exit
from sagemaker_endpoint_doctor.sections import SECTIONS
from sagemaker_endpoint_runbook import commands

import pytest

from tests.account import ACCOUNT
from tests.doctor.patient import Patient, mark
from tests.embedded_aws.fault import DENIED, Failure
from tests.unreachable import unreachable_aws

DOCTOR = [sys.executable, "-m", "sagemaker_endpoint_doctor"]
# https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
EXPIRED_TOKEN = Failure(
    status=403, code="ExpiredToken", message="The security token included in the request is expired"
)
UNKNOWN_TOKEN = Failure(
    status=403, code="InvalidClientTokenId", message="The security token included in the request is invalid."
)


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Give what a command line is refused with."""
    with pytest.raises(SystemExit) as refused:
        main(arguments)
    assert refused.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


# Exit codes.


def test_a_healthy_endpoint_is_0(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--endpoint-name", patient.name, "--region", "eu-west-1"]) == 0
    report = capsys.readouterr().out
    assert report.startswith(f"{patient.name} in eu-west-1, account {ACCOUNT}\n")
    for section in SECTIONS:
        assert f"\n{section.title}: ok\n" in report
    assert report.endswith(
        "0 warnings, 0 problems, 0 could not check. Exit code 0: everything was checked, and there is no problem.\n"
    )


def test_a_problem_is_1_and_its_command_is_ready_to_paste(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    patient.aws.client("s3").delete_object(Bucket=patient.bucket, Key=patient.key)
    assert main(["doctor", "--endpoint-name", patient.name, "--section", "s3"]) == 1
    report = capsys.readouterr().out
    assert "\nS3: problem\n" in report
    assert f"$ aws --region eu-west-1 s3api head-object --bucket {patient.bucket} --key {patient.key}\n" in report
    assert "Exit code 1: there are problems." in report


def test_an_endpoint_that_is_not_there_is_3_and_named_with_region_and_account(
    patient: Patient, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--endpoint-name", f"no-{patient.name}"]) == 3
    report = capsys.readouterr().out
    assert f"there is no endpoint 'no-{patient.name}' in eu-west-1 of account {ACCOUNT}" in report
    assert report.count(f"no-{patient.name}' in") == 1, "said once, not by every section"


def test_what_an_endpoint_left_behind_is_1(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    mark(patient.aws, patient.security_group_id, on=False)
    patient.aws.client("sagemaker").delete_endpoint(EndpointName=patient.name)
    patient.aws.advance(60)
    arguments = ["--endpoint-name", patient.name, "--security-group-id", patient.security_group_id]
    assert main(["doctor", *arguments]) == 1
    report = capsys.readouterr().out
    assert "\nEndpoint: could not check\n" in report
    assert "\nNetwork interfaces: problem\n" in report


def test_a_missing_permission_is_3_and_named(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    with patient.aws.fault("sagemaker:DescribeEndpoint", DENIED):
        assert main(["doctor", "--endpoint-name", patient.name, "--section", "endpoint"]) == 3
    captured = capsys.readouterr()
    assert "could not check  needs sagemaker:DescribeEndpoint\n" in captured.out
    assert captured.err == ""


def test_a_problem_beside_a_missing_permission_is_1(patient: Patient) -> None:
    patient.aws.client("s3").delete_object(Bucket=patient.bucket, Key=patient.key)
    with patient.aws.fault("s3:GetBucketPolicy", DENIED):
        assert main(["doctor", "--endpoint-name", patient.name, "--section", "s3"]) == 1


def test_every_exit_code_is_documented() -> None:
    documented = (Path(__file__).parents[3] / "docs" / "doctor.md").read_text(encoding="utf-8")
    table = documented.partition("## Exit codes")[2].partition("\n## ")[0]
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", table, flags=re.MULTILINE)] == [*Exit] == [*MEANINGS]


# What it does not begin without.


def cannot_start(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Give the sentence with which the doctor says that it cannot begin."""
    assert main(["doctor", "--endpoint-name", "sentiment", *arguments]) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("sagemaker-endpoint: ")
    assert captured.err.count("\n") == 1
    return captured.err


def test_without_credentials_it_says_how_to_get_some(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del patient
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert "There are no AWS credentials: set AWS_PROFILE" in cannot_start(capsys)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (EXPIRED_TOKEN, "The AWS credentials have expired: sign in again"),
        (UNKNOWN_TOKEN, "AWS does not know these credentials (InvalidClientTokenId)"),
        (Failure(status=400, code="Odd", message="Something odd."), "AWS answered Odd: Something odd."),
    ],
)
def test_credentials_that_aws_refuses_are_told_in_a_sentence(
    patient: Patient, capsys: pytest.CaptureFixture[str], failure: Failure, words: str
) -> None:
    with patient.aws.fault("sts:GetCallerIdentity", failure):
        assert words in cannot_start(capsys)


@pytest.mark.parametrize("region", [["--region", "eu-west-1"], []])
def test_a_profile_that_is_not_there_is_named(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], region: list[str]
) -> None:
    del patient
    monkeypatch.delenv("AWS_REGION")
    told = cannot_start(capsys, "--profile", "nobody", *region)
    assert "profile (nobody)" in told
    assert "aws configure list-profiles" in told


@pytest.mark.parametrize("body", ["<html><body>Sign in to this network</body></html>", "{}", "", '{"Endpoint'])
@pytest.mark.parametrize("operation", ["sts:GetCallerIdentity", "sagemaker:DescribeEndpoint"])
@pytest.mark.parametrize("options", [[], ["--watch"]])
def test_an_answer_that_is_none_of_awss_is_3_and_no_verdict(
    patient: Patient, capsys: pytest.CaptureFixture[str], body: str, operation: str, options: list[str]
) -> None:
    with patient.aws.fault(operation, Failure(status=200, body=body)):
        assert main(["doctor", "--endpoint-name", patient.name, "--section", "endpoint", *options]) == 3
    captured = capsys.readouterr()
    assert "  ok  " not in captured.out
    assert "Traceback" not in captured.err
    assert re.search("what answers is not AWS|lacks what is always there", captured.out + captured.err)


def test_an_endpoint_that_aws_refuses_to_look_for_is_not_called_gone(
    patient: Patient, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = Failure(status=400, code="ValidationException", message="1 validation error detected")
    with patient.aws.fault("sagemaker:DescribeEndpoint", refused):
        assert main(["doctor", "--endpoint-name", patient.name, "--section", "interfaces"]) == 3
    told = capsys.readouterr().out
    assert "1 validation error detected" in told
    assert "there is no endpoint" not in told


def test_an_aws_that_cannot_be_reached_is_told(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del patient
    with unreachable_aws() as variables:
        monkeypatch.setenv("AWS_ENDPOINT_URL", variables["AWS_ENDPOINT_URL"])
        assert "AWS was not reached" in cannot_start(capsys)


def test_a_botocore_without_all_of_todays_errors_is_enough() -> None:
    """LoginError came with botocore 1.41, and boto3 may be older."""
    program = (
        "import sys\nimport boto3\nimport botocore.exceptions\nvars(botocore.exceptions).pop('LoginError', None)\n"
        "from sagemaker_endpoint_doctor.command_line.cli import main\n"
        "sys.exit(main(['doctor', '--endpoint-name', 'sentiment', '--region', 'eu-west-1']))\n"
    )
    with unreachable_aws() as variables:
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stdout) == (3, ""), done.stderr
    assert done.stderr.startswith("sagemaker-endpoint: AWS was not reached")


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize(
    ("process", "words"),
    [
        ("no-such-program", "No such file or directory: 'no-such-program'"),
        ("echo words", "Expecting value"),
        ("'", "No closing quotation"),
    ],
)
def test_a_credential_process_that_gives_none_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], process: str, words: str
) -> None:
    (tmp_path / "config").write_text(f"[profile there]\nregion = eu-west-1\ncredential_process = {process}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    told = cannot_start(capsys, "--profile", "there")
    assert words in told
    assert "credential_process" in told


def test_an_address_of_aws_that_is_none_is_told(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del patient
    monkeypatch.setenv("AWS_ENDPOINT_URL", "foo")
    told = cannot_start(capsys)
    assert "Invalid endpoint: foo" in told
    assert "AWS_ENDPOINT_URL" in told


def test_it_asks_once_whose_credentials_these_are(patient: Patient) -> None:
    patient.aws.reset_calls()
    main(["doctor", "--endpoint-name", f"no-{patient.name}"])  # which is told with the account
    calls = [f"{call.service}:{call.action}" for call in patient.aws.calls()]
    assert calls[0] == "sts:GetCallerIdentity"
    assert calls.count("sts:GetCallerIdentity") == 1


# Where its words go.

COMMANDS = [
    ["doctor", "--endpoint-name", "no-such", "--section", "s3"],
    ["doctor", "--endpoint-name", "no-such", "--section", "s3", "--json"],
    ["runbook", "--endpoint-name", "no-such"],
]


@pytest.mark.parametrize("arguments", COMMANDS)
def test_who_reads_no_more_is_left_in_silence(patient: Patient, arguments: list[str]) -> None:
    del patient
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*DOCTOR, *arguments], stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


FULL = Path("/dev/full")  # Linux has it


@pytest.mark.skipif(not FULL.exists(), reason="no disk is full here")
@pytest.mark.parametrize("arguments", COMMANDS)
def test_a_disk_that_is_full_is_3(patient: Patient, arguments: list[str]) -> None:
    del patient
    with FULL.open("w") as full:
        done = subprocess.run([*DOCTOR, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3
    assert re.fullmatch(r"sagemaker-endpoint: .* cannot be written \(.*No space left.*\).*\n", done.stderr)


@pytest.mark.skipif(not FULL.exists(), reason="no disk is full here")
def test_an_error_that_cannot_be_told_keeps_its_exit_code() -> None:
    command = [*DOCTOR, "doctor", "--endpoint-name", "sentiment", "--region", "eu-west-1", "--profile", "nobody"]
    with FULL.open("w") as full:
        assert subprocess.run(command, stdout=full, stderr=full, check=False).returncode == 3


# What it takes and refuses.


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["doctor"], "one of the arguments --endpoint-name --from-terraform is required"),
        (["doctor", "--endpoint-name", "a", "--from-terraform", "."], "not allowed with argument --endpoint-name"),
        (["runbook", "--endpoint-name", "a", "--from-terraform", "."], "not allowed with argument --endpoint-name"),
        (["doctor", "--from-terraform", "no/such"], "argument --from-terraform: 'no/such' is not a folder"),
        (["doctor", "--from-terraform", "long" * 999], "argument --from-terraform: 'long"),
        (["doctor", "--from-terraform", ".", "--region", "eu-west-1"], "--region goes with --endpoint-name"),
        (
            ["runbook", "--from-terraform", ".", "--security-group-id", "sg-01234567"],
            "--security-group-id goes with --endpoint-name",
        ),
        (["doctor", "--endpoint-name", "a_b"], "argument --endpoint-name: 'a_b' is not 1 to 63 letters and digits"),
        (["doctor", "--endpoint-name", "a", "--region", "Ireland"], "'Ireland' is not a region such as eu-west-1"),
        (["doctor", "--endpoint-name", "a", "--security-group-id", "sg"], "'sg' is not the id of a security group"),
        (["doctor", "--endpoint-name", "a", "--since", "90x"], "argument --since: '90x' is not a length of time: use"),
        (["doctor", "--endpoint-name", "a", "--at", "noon"], "'noon' is not a time such as 2026-05-04T02:51, in UTC"),
        (["doctor", "--endpoint-name", "a", "--at", "2999-01-01"], "'2999-01-01' is still to come"),
        (["doctor", "--endpoint-name", "a", "--at", "2026-05-04", "--watch"], "--at and --watch exclude each other"),
        (["doctor", "--endpoint-name", "a", "--since", "0m"], "'0m' is not a length of time"),
        (["doctor", "--endpoint-name", "a", "--since", "31d"], "from 1m to 30d"),
        (["doctor", "--endpoint-name", "a", "--section", "iam"], "argument --section: invalid choice: 'iam'"),
        (["doctor", "--endpoint-name", "a", "--timeout", "5m"], "--timeout goes with --watch"),
        (["runbook", "--endpoint-name", "a", "--json"], "unrecognized arguments: --json"),
        ([], "the following arguments are required: doctor|runbook"),
    ],
)
def test_what_makes_no_sense_is_2_and_says_what_does(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    told = refusal(capsys, *arguments)
    first, pointer = told.splitlines()
    assert words in first
    assert first.startswith("sagemaker-endpoint")
    assert re.fullmatch(r"See sagemaker-endpoint( doctor| runbook)? --help\.", pointer)


def test_without_any_region_it_says_where_one_may_come_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    told = refusal(capsys, "doctor", "--endpoint-name", "a")
    assert "no region is known: give --region, or set AWS_REGION" in told


def test_a_region_may_come_from_the_profile(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config").write_text("[profile there]\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    # A profile takes its own credentials, so these are the profile's too.
    credentials = f"[there]\naws_access_key_id={os.environ['AWS_ACCESS_KEY_ID']}\naws_secret_access_key=x\n"
    (tmp_path / "credentials").write_text(credentials)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    main(["doctor", "--endpoint-name", f"no-{patient.name}", "--profile", "there", "--section", "endpoint"])
    assert capsys.readouterr().out.startswith(f"no-{patient.name} in eu-west-1, ")


def test_only_the_sections_that_are_named_are_examined(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    patient.aws.reset_calls()
    assert main(["doctor", "--endpoint-name", patient.name, "--section", "endpoint"]) == 0
    report = capsys.readouterr().out
    assert [each.title for each in SECTIONS if f"\n{each.title}: " in report] == ["Endpoint"]
    assert {call.service for call in patient.aws.calls()} <= {
        "application-autoscaling",
        "cloudwatch",
        "sagemaker",
        "sts",
    }


def test_a_section_has_the_same_key_in_the_runbook() -> None:
    assert [section.key for section in commands.SECTIONS] == [section.key for section in SECTIONS]


def test_findings_name_sections_by_the_titles_of_the_report() -> None:
    titles = "|".join(section.title for section in SECTIONS)
    for file in Path(sections.__file__).parent.rglob("*.py"):
        text = re.sub(r'"\s*\n\s*f?"', "", file.read_text(encoding="utf-8"))  # a sentence over several lines
        named = re.findall(r"\b[Ss]ections? ([A-Z].{0,20})", text)
        assert all(re.match(rf"({titles})\b", each) for each in named), (file.name, named)
        assert not re.search("under (IAM|CloudWatch) ", text), file.name


@pytest.mark.parametrize(
    ("profile", "located"),
    [
        (None, "aws --region eu-west-1 iam get-role --role-name x"),
        ("my team", "aws --region eu-west-1 --profile 'my team' iam get-role --role-name x"),
    ],
)
def test_a_command_goes_to_the_examined_region_from_any_shell(profile: str | None, located: str) -> None:
    command = commands.filled(commands.GET_ROLE, role="x")
    assert commands.located(command, region="eu-west-1", profile=profile) == located


# What it loads.


@pytest.mark.parametrize("arguments", [["--help"], ["doctor", "--help"], ["runbook", "--endpoint-name", "sentiment"]])
def test_help_and_runbook_load_neither_boto3_nor_rich(arguments: list[str]) -> None:
    program = (
        "import sys\nfrom sagemaker_endpoint_doctor.command_line.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit as end:\n    assert not end.code\n"
        "sys.exit(bool({'boto3', 'botocore', 'rich', 'cdktf', 'sagemaker_endpoint'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", ["boto3", "rich"])
def test_without_the_extra_it_says_how_to_install_it(module: str) -> None:
    program = (
        f"import sys\nsys.modules[{module!r}] = None\nfrom sagemaker_endpoint_doctor.command_line.cli import main\n"
        "sys.exit(main(['doctor', '--endpoint-name', 'sentiment', '--region', 'eu-west-1']))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        f'sagemaker-endpoint: {module} is not installed: pip install "cdktf-sagemaker-endpoint[doctor]" brings it.\n'
    )


def test_it_runs_as_a_module() -> None:
    done = subprocess.run([*DOCTOR, "--help"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("usage: sagemaker-endpoint ")
