"""The report: readable on a terminal and in a pipe, and safe to paste from."""

import io
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, unknown, warning
from sagemaker_endpoint_doctor.examination.names import Names
from sagemaker_endpoint_doctor.examination.runner import Examined
from sagemaker_endpoint_doctor.report.as_text import show
from sagemaker_endpoint_doctor.report.outcome import Outcome
from sagemaker_endpoint_doctor.sections import SECTIONS

import pytest
from rich.console import Console

COMMAND = "aws --region eu-west-1 logs describe-log-groups --log-group-name-prefix /aws/sagemaker/Endpoints/sentiment"
DISABLED = problem(
    "key 1234 of the log group /aws/sagemaker/Endpoints/sentiment is disabled, as somebody wanted it",
    why="Nothing can be logged.",
    next="Enable it.",
    command=COMMAND,
)
FULL = warning("the subnet is almost full", why="It matters.", next="Do something.", command="aws ec2 x")
UNSEEN = unknown("needs ec2:DescribeSubnets", next="Ask for it.")


def outcome(*findings: Finding, failed: bool = False) -> Outcome:
    """Let the first section have found something, and the second nothing."""
    return Outcome(
        names=Names(endpoint_name="sentiment", region="eu-west-1"),
        account_id="111122223333",
        now=datetime(2025, 11, 23, 3, 0, tzinfo=timezone(timedelta(hours=1))),
        since=timedelta(hours=2),
        examined=[Examined(section=SECTIONS[0], findings=findings), Examined(section=SECTIONS[1], findings=[])],
        failed=failed,
    )


def shown(shown: Outcome, *, width: int = 80, terminal: bool = False) -> str:
    """Give what is printed."""
    file = io.StringIO()
    show(Console(file=file, width=width, force_terminal=terminal), shown)
    return file.getvalue()


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def test_the_whole_of_it_in_a_pipe() -> None:
    assert shown(outcome(ok("in service"), FULL, DISABLED, UNSEEN), width=20) == (
        "sentiment in eu-west-1, account 111122223333\n"
        "2025-11-23 02:00:00 UTC, looking back 2h\n"
        "\n"
        f"  likely cause     {DISABLED.seen}\n"
        "  next             Enable it.\n"
        "\n"
        "Endpoint: problem\n"
        "  ok               in service\n"
        "  warning          the subnet is almost full\n"
        "    why            It matters.\n"
        "    next           Do something.\n"
        "    $ aws ec2 x\n"
        f"  problem          {DISABLED.seen}\n"
        "    why            Nothing can be logged.\n"
        "    next           Enable it.\n"
        f"    $ {COMMAND}\n"
        "  could not check  needs ec2:DescribeSubnets\n"
        "    next           Ask for it.\n"
        "\n"
        "Network interfaces: could not check\n"
        "\n"
        "1 ok, 1 warning, 1 problem, 1 could not check. Exit code 1: there are problems.\n"
    )


def test_what_the_endpoint_rests_on_is_the_likely_cause_of_what_is_seen_of_it() -> None:
    status, image = (replace(DISABLED, seen=seen) for seen in ("the endpoint failed", "the image is gone"))
    sections = {each.key: each for each in SECTIONS}
    found = replace(
        outcome(),
        examined=[
            Examined(section=sections["endpoint"], findings=[status]),
            Examined(section=sections["model"], findings=[FULL, image]),
        ],
    )
    assert "likely cause     the image is gone\n" in shown(found)
    assert "likely cause" not in shown(outcome(FULL, UNSEEN))


def test_lost_logs_lead_only_where_nothing_else_is_wrong() -> None:
    status, logs = (replace(DISABLED, seen=seen) for seen in ("the endpoint failed", "logs are lost"))
    logs = replace(logs, is_cause=False)
    sections = {each.key: each for each in SECTIONS}
    alone = replace(outcome(), examined=[Examined(section=sections["role"], findings=[logs])])
    assert "likely cause     logs are lost\n" in shown(alone)
    both = replace(alone, examined=[Examined(section=sections["endpoint"], findings=[status]), *alone.examined])
    assert "likely cause     the endpoint failed\n" in shown(both)


def test_a_terminal_has_colours_and_a_width_that_words_keep_to() -> None:
    printed = shown(outcome(DISABLED), width=60, terminal=True)
    assert "\x1b[1;31mproblem" in printed
    plain = re.sub(r"\x1b\[[0-9;]*m", "", printed)
    seen = plain.partition("Endpoint: problem\n")[2].partition("    why")[0].splitlines()
    assert len(seen) > 1
    assert max(map(len, seen)) <= 60
    assert " ".join(line[19:] for line in seen) == DISABLED.seen
    assert {line[:19].strip() for line in seen[1:]} == {""}


def test_a_command_is_never_broken() -> None:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown(outcome(DISABLED), width=40, terminal=True))
    assert f"    $ {COMMAND}\n" in plain


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    printed = shown(outcome(ok("well"), FULL, DISABLED, UNSEEN), terminal=True)
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", printed)


@pytest.mark.parametrize("terminal", [True, False])
def test_text_from_aws_is_neither_markup_nor_obeyed(terminal: bool) -> None:
    evil = "[red]log[/red] :smile: \x1b[2J\x07\x9b\u202e\r\n"
    finding = problem(evil, why=evil, next=evil, command=f"aws {evil}")
    printed = re.sub(r"\x1b\[[0-9;]*m", "", shown(outcome(finding), terminal=terminal, width=200))
    assert not {"\x1b", "\x07", "\x9b", "\u202e", "\r"} & set(printed)
    assert printed.count(r"[red]log[/red] :smile: \x1b[2J\x07\x9b\u202e\r") == 6


@pytest.mark.parametrize(
    ("findings", "failed", "code"),
    [
        ([ok("well"), FULL], False, 0),
        ([UNSEEN, FULL], False, 3),
        ([UNSEEN, DISABLED], False, 1),
        ([ok("well")], True, 1),
    ],
)
def test_the_exit_code_is_that_of_the_worst(findings: list[Finding], failed: bool, code: int) -> None:
    assert outcome(*findings, failed=failed).exit == code


def test_a_deployment_that_failed_is_said_where_no_problem_is_left() -> None:
    assert shown(outcome(FULL, failed=True)).endswith("Exit code 1: the deployment that was watched failed.\n")
    assert shown(outcome(DISABLED, failed=True)).endswith("Exit code 1: there are problems.\n")


def test_what_every_section_lacks_is_said_in_full_once() -> None:
    both = outcome(UNSEEN)
    twice = Outcome(
        names=both.names,
        account_id=both.account_id,
        now=both.now,
        since=both.since,
        examined=[Examined(section=section, findings=[UNSEEN]) for section in SECTIONS[:2]],
    )
    printed = shown(twice)
    assert printed.count("needs ec2:DescribeSubnets") == 1
    assert "Network interfaces: could not check\n  could not check  the same as above\n" in printed
    assert "2 could not check. Exit code 3" in printed


def test_it_can_be_recorded_as_a_picture() -> None:
    console = Console(record=True, file=io.StringIO(), force_terminal=True, width=120)
    show(console, outcome(DISABLED))
    assert "<svg" in console.export_svg(title="doctor")
