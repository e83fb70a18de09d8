"""What is printed: nothing in it is obeyed by a terminal, and no secret is in it."""

import ast
import contextlib
import io
import itertools
import json
import os
import re
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import sagemaker_endpoint_doctor
import sagemaker_endpoint_runbook
from sagemaker_endpoint_doctor.command_line import cli, doctor, runbook
from sagemaker_endpoint_doctor.examination.errors import CannotStartError
from sagemaker_endpoint_doctor.examination.finding import problem
from sagemaker_endpoint_doctor.examination.names import Names
from sagemaker_endpoint_doctor.examination.runner import Examined
from sagemaker_endpoint_doctor.report import as_json
from sagemaker_endpoint_doctor.report.as_text import show
from sagemaker_endpoint_doctor.report.outcome import Outcome
from sagemaker_endpoint_doctor.sections import SECTIONS
from sagemaker_endpoint_doctor.text.printable import printable
from sagemaker_endpoint_runbook.commands import DESCRIBE_MODEL, filled, located, quoted

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tests.doctor.patient import Patient
from tests.embedded_aws.fault import Failure

# The two planes of control characters, DEL, the overrides of the direction of writing, and half a character.
EVIL = "\x1b[2J\x07\x00\t\r\x7f\x80\x9b31m\u202a\u202e\u2066\u2069\u2028\ud800"
TEXTS = st.text(st.characters() | st.sampled_from(EVIL), max_size=40)
STYLES = re.compile(r"\x1b\[[0-9;]*m")


def is_harmless(printed: str) -> bool:
    return printed.replace("\n", "").isprintable()


@given(TEXTS)
def test_whatever_is_printed_can_be(text: str) -> None:
    assert printable(text).isprintable()
    assert printable(printable(text)) == printable(text)


@given(TEXTS)
def test_words_that_are_printable_stay_as_they_are(text: str) -> None:
    words = "".join(filter(str.isprintable, text)).replace("@", "")
    assert printable(words) == words


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://user:hunter2@127.0.0.1:1/", "http://***@127.0.0.1:1/"),
        ("https://user:hun/t@er2@proxy:8080", "https://***@proxy:8080"),
        ("postgres://token@db/state and more", "postgres://***@db/state and more"),
        ("s3://models/team@1.4/model.tar.gz", "s3://models/team@1.4/model.tar.gz"),
        ("https://bucket.s3.eu-west-1.amazonaws.com/model@1.tar.gz",) * 2,
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/a@sha256:01",) * 2,
        ("Invalid header value b'it\\'s secret\\n' told", "Invalid header value *** told"),
        ('Invalid header value b"it\'s secret\\n"', "Invalid header value ***"),
    ],
)
def test_a_password_is_left_out_and_nothing_else(url: str, shown: str) -> None:
    assert printable(url) == shown


@given(TEXTS, TEXTS)
def test_the_report_and_the_document_obey_nothing(text: str, name: str) -> None:
    finding = problem(
        text, why=text, next=text, command=located(filled(DESCRIBE_MODEL, model=text), region=text, profile=text)
    )
    outcome = Outcome(
        names=Names(endpoint_name=name, region=text),
        account_id=text,
        now=datetime.now(timezone.utc),
        since=timedelta(hours=1),
        examined=[Examined(section=SECTIONS[0], findings=[finding])],
    )
    for terminal in (False, True):
        file = io.StringIO()
        show(Console(file=file, force_terminal=terminal, color_system="truecolor"), outcome)
        assert is_harmless(STYLES.sub("", file.getvalue()))
    error = CannotStartError(text, account_id=text)
    for document in (as_json.document(outcome), as_json.error_document(error, endpoint_name=name, region=text)):
        assert is_harmless(document)
        assert all(map(is_harmless, texts_in(json.loads(document))))


def texts_in(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from itertools.chain.from_iterable(map(texts_in, value.values()))
    elif isinstance(value, list):
        yield from itertools.chain.from_iterable(map(texts_in, value))


@given(TEXTS.filter(bool))
def test_the_command_line_and_the_runbook_obey_nothing(text: str) -> None:
    told = io.StringIO()
    with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):
        for arguments in (["doctor", text], ["doctor", "--endpoint-name", text], ["runbook", "--from-terraform", text]):
            with contextlib.suppress(SystemExit):
                cli.main(arguments)
        cli.main(["runbook", "--endpoint-name", "sentiment", "--profile", text])
    told.write(runbook.text({"endpoint": text, "role_arn": text}, region=text, profile=text))
    assert is_harmless(told.getvalue())


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")), min_size=20))
def test_what_is_quoted_is_what_a_shell_reads(values: list[str]) -> None:
    command = ["bash", "-c", f"printf '%s\\0' {' '.join(map(quoted, values))}"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout.decode().split("\0")[:-1] == values


def test_nothing_is_printed_in_another_way() -> None:
    """Each of these cleans what it prints, as the tests above show."""
    printing = {
        f"{path.stem}.{function.name}"
        for package in (sagemaker_endpoint_doctor, sagemaker_endpoint_runbook)
        for path in Path(package.__path__[0]).rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and re.search(r"(^|\.)(print|write|log|exit)$", ast.unparse(call.func))
    }
    assert printing == {
        "cli.main",  # flushes
        "cli._main",  # the documents for machines
        "cli._say",
        "cli._runbook",
        "cli._eni_cleanup",  # the path of the script that lies beside it
        "adopt.adopt",
        "parser.error",
        "doctor.consult",
        "doctor._tell",
        "as_text._print",
    }


# From where it comes.


def test_what_aws_says_meanwhile_is_told_and_not_obeyed(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    failure = Failure(status=500, code="InternalFailure", message=f"evil {EVIL[:-1]}")
    arguments = ["doctor", "--endpoint-name", patient.name, "--watch", "--timeout", "1m"]
    clock = itertools.count(step=60)
    with (
        patient.aws.fault("sagemaker:DescribeEndpoint", failure),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(doctor.consult, "__kwdefaults__", {"pause": lambda _: None, "clock": lambda: float(next(clock))})
        assert cli.main(arguments) == 3
    told = capsys.readouterr().err
    assert told.count("AWS did not answer") >= 2, "while it watches, and why it ends"
    assert "evil" in told
    assert is_harmless(told)


@pytest.mark.parametrize(
    "variables",
    [
        {"AWS_PROFILE": EVIL[:2] + "\x9b"},
        {"AWS_REGION": "eu\x1b\x9b"},
        {"AWS_STS_REGIONAL_ENDPOINTS": "x\x1b\x9b"},
        {"AWS_ENDPOINT_URL": "http://user:hunter2@127.0.0.1:1"},
        {"AWS_ENDPOINT_URL": "http://user:hunter2/x@127.0.0.1:1"},
        {"AWS_ENDPOINT_URL": "user:hunter2@127.0.0.1"},
        {"AWS_ACCESS_KEY_ID": "hunter2\n"},
        {"AWS_SESSION_TOKEN": "hunter2\n"},
        {"HTTP_PROXY": "http://user:hunter2@127.0.0.1:1", "NO_PROXY": "", "no_proxy": ""},
    ],
)
@pytest.mark.parametrize("json", [[], ["--json"]])
def test_what_the_environment_holds_is_neither_obeyed_nor_betrayed(
    patient: Patient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variables: dict[str, str],
    json: list[str],
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cli.main(["doctor", "--endpoint-name", patient.name, "--section", "endpoint", *json]) == 3
    captured = capsys.readouterr()
    assert captured.err.startswith("sagemaker-endpoint: ")
    assert is_harmless(captured.out + captured.err)
    assert "hunter2" not in captured.out + captured.err


def test_what_aws_says_of_a_signature_repeats_the_request_and_is_left_out(
    patient: Patient, capsys: pytest.CaptureFixture[str]
) -> None:
    failure = Failure(status=403, code="SignatureDoesNotMatch", message="should have been x-amz-security-token:hunter2")
    with patient.aws.fault("sagemaker:DescribeEndpoint", failure):
        assert cli.main(["doctor", "--endpoint-name", patient.name, "--section", "endpoint"]) == 3
    told = capsys.readouterr().out
    assert "AWS does not know these credentials (SignatureDoesNotMatch)" in told
    assert "hunter2" not in told


def test_what_terraform_says_is_told_and_not_obeyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terraform = tmp_path / "terraform"
    terraform.write_text("#!/bin/sh\nprintf 'no \\033[2J \\302\\233 postgres://user:hunter2@db\\n' >&2\nexit 1\n")
    terraform.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert cli.main(["doctor", "--from-terraform", str(tmp_path)]) == 3
    told = capsys.readouterr().err
    assert r"no \x1b[2J \x9b postgres://***@db" in told
    assert is_harmless(told)
