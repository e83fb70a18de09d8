"""A clock that is set, answers that are cut off, a kill, and characters that steer a terminal."""

import random
import re
import time
from pathlib import Path

import pytest

from .fake_cli import ATTACHED, AVAILABLE, ORPHAN, FakeCli, refusal, rows

CLOCKS = {"uptime": "/proc/uptime", "ticks": "/nowhere"}


@pytest.fixture
def cli(tmp_path: Path) -> FakeCli:
    return FakeCli(folder=tmp_path)


# Time


def wall_clock_jumps(folder: Path, seconds: int) -> dict[str, str]:
    """Have bash's idea of the wall clock jump at each wait."""
    startup = folder / "startup.sh"
    startup.write_text(
        f'wait() {{ local code=0; builtin wait "$@" || code=$?; SECONDS=$((SECONDS + {seconds})); return $code; }}\n'
    )
    return {"BASH_ENV": str(startup)}


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("seconds", [600, -3600], ids=["forward", "back"])
def test_a_wall_clock_that_is_set_neither_forces_a_detach_nor_keeps_it_from_ending(
    cli: FakeCli, seconds: int, clock: str
) -> None:
    cli.answers(noted="$*", describe_network_interfaces=rows(ATTACHED))
    told = {"ENI_CLEANUP_TIMEOUT": "6", "ENI_CLEANUP_DETACH_AFTER": "100"}
    began = time.monotonic()
    outcome = cli.run("release", told | wall_clock_jumps(cli.folder, seconds), edits={"UPTIME": CLOCKS[clock]})
    assert outcome.code == 4, outcome.log
    assert time.monotonic() - began >= 5
    assert not any("detach" in line for line in cli.journal)
    assert "time is up after 6s" in outcome.log


def test_ticks_do_not_outlive_the_script(cli: FakeCli) -> None:
    cli.answers(describe_network_interfaces="echo looks >>$JOURNAL; echo end")
    with cli.running("release", {"ENI_CLEANUP_SETTLE": "2"}, edits={"UPTIME": "/nowhere"}) as run:
        assert run.end().code == 0
        assert not run.leaves_a_process()
    assert cli.scratch() == []


# Answers


@pytest.mark.parametrize(
    "answer",
    [
        f"printf '{AVAILABLE[:-2]}'",
        f"printf '{AVAILABLE}'",
        f"printf '{AVAILABLE}en'",
        f"printf '{AVAILABLE}end'",
        "exit 0",
    ],
    ids=["in a row", "after a row", "in the last word", "before the last line end", "before all"],
)
def test_an_answer_that_is_cut_off_is_asked_for_again(cli: FakeCli, answer: str) -> None:
    cli.answers(noted="$*", describe_network_interfaces=answer)
    outcome = cli.run("release", {"ENI_CLEANUP_TIMEOUT": "3"})
    assert outcome.code == 3
    assert "the answer to ec2 describe-network-interfaces was cut off" in outcome.log
    assert "is free" not in outcome.log
    assert not any("delete-network" in line for line in cli.journal)


def test_a_status_that_is_cut_off_is_asked_for_again(cli: FakeCli) -> None:
    cli.answers(describe_endpoint="printf 'Delet'")
    outcome = cli.run("release", {"ENI_CLEANUP_TIMEOUT": "3"})
    assert outcome.code == 3
    assert "alive" not in outcome.log


def test_credentials_that_are_cut_off_are_not_used(cli: FakeCli) -> None:
    cli.answers(noted="${AWS_ACCESS_KEY_ID-own}", assume_role=r"printf 'A\tsecret\ttok'")
    outcome = cli.run("release", {"ENI_CLEANUP_ROLE_ARN": "arn:aws:iam::123456789012:role/operator"})
    assert outcome.code == 3
    assert cli.journal == ["own"]


# Ends


MOMENTS = random.Random(9)  # noqa: S311 - any will do


@pytest.mark.parametrize("after", [MOMENTS.uniform(0, 1.5) for _ in range(8)])
def test_nothing_outlives_a_script_that_is_killed_at_any_moment_of_its_calls(cli: FakeCli, after: float) -> None:
    cli.answers(describe_network_interfaces="exec sleep 300")
    with cli.running("release", edits={"PATIENCE": "1"}) as run:
        while not [file for folder in cli.scratch() for file in folder.glob("*.pid")]:
            time.sleep(0.01)
        time.sleep(after)
        run.process.kill()
        run.process.wait()
        assert not run.leaves_a_process()
    assert cli.scratch() == []


def test_what_bash_says_of_its_jobs_is_not_in_the_log(cli: FakeCli) -> None:
    eight = [AVAILABLE.replace(ORPHAN, f"{ORPHAN[:-1]}{number}") for number in range(8)]
    hangs = "trap '' TERM; while :; do sleep 1; done"
    cli.answers(describe_network_interfaces=rows(*eight), delete_network_interface=hangs)
    # With no patience it goes on before those that it killed have ended, and bash tells of them later.
    outcome = cli.run("release", {"ENI_CLEANUP_TIMEOUT": "3"}, edits={"GRACE": "1", "PATIENCE": "0"})
    assert outcome.code == 4
    assert [line for line in outcome.log.splitlines() if not line.startswith("eni_cleanup: [")] == []


# Words


STEERING = "\x1b[31m\x07\x7f\u009b31m\x9b31m"
STEERS = re.compile(r"[^ -~\n]")


@pytest.mark.parametrize("mode", ["mark", "release"])
@pytest.mark.parametrize("name", ["REGION", "ENDPOINT_NAME", "ROLE_ARN", "PROFILE", "TIMEOUT", "NO_SUCH"])
def test_nothing_of_the_environment_steers_the_terminal(cli: FakeCli, name: str, mode: str) -> None:
    cli.answers()
    outcome = cli.run(mode, {f"ENI_CLEANUP_{name}": f"a{STEERING}z"})
    assert f"ENI_CLEANUP_{name}" in outcome.log
    assert not STEERS.search(outcome.log)


@pytest.mark.parametrize("where", ["error", "row", "status"])
def test_nothing_that_aws_says_steers_the_terminal(cli: FakeCli, where: str) -> None:
    steering = r"\033[31m\302\23331m\23331m"
    said = {
        "error": {"describe_network_interfaces": f"printf 'An error occurred (X): {steering}\\n' >&2; exit 254"},
        "row": {"describe_network_interfaces": rows(AVAILABLE.replace("subnet-1", steering).replace("true", "false"))},
        "status": {"describe_endpoint": f"printf 'x{steering}\\tend\\n'"},
    }
    cli.answers(**said[where])
    outcome = cli.run("release", {"ENI_CLEANUP_TIMEOUT": "3"})
    assert "31m" in outcome.log
    assert not STEERS.search(outcome.log)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EXTERNAL_ID", "hush hush"),
        ("EXTERNAL_ID", "hush-hush"),
        ("EXTERNAL_ID", "https://hush"),
        ("ENDPOINT_URL", "https://user:hush@127.0.0.1"),
        ("PASSWORD", "hush"),
    ],
)
@pytest.mark.parametrize("mode", ["mark", "release"])
def test_what_may_be_secret_is_not_repeated(cli: FakeCli, mode: str, name: str, value: str) -> None:
    cli.answers()
    outcome = cli.run(mode, {f"ENI_CLEANUP_{name}": value})
    assert f"ENI_CLEANUP_{name}, whose value is not shown: " in outcome.log
    assert "hush" not in outcome.log


def test_an_error_of_bash_is_told_as_one(cli: FakeCli) -> None:
    cli.answers(describe_endpoint=refusal("ValidationException", "Could not find it"))
    outcome = cli.run("release", edits={"END": '"$no_such_variable"'})
    assert outcome.code not in {0, 2, 3, 4, 5}
    assert "no_such_variable: unbound variable" in outcome.log
