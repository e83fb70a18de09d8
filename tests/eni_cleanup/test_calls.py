"""How the aws command is called: with whose credentials, in which format it answers, and for how long at most."""

import re
import signal
from pathlib import Path

import pytest

from .fake_cli import ATTACHED, AVAILABLE, CREDENTIALS, ORPHAN, FakeCli, is_running, refusal, rows

ROLE = {"ENI_CLEANUP_ROLE_ARN": "arn:aws:iam::123456789012:role/operator"}
LEFT_OVER = {"AWS_SECURITY_TOKEN": "legacy", "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z"}
HANGS = "exec sleep 300"
HANGS_FOR_GOOD = "trap '' TERM; while :; do sleep 1; done"
SOON = {"GRACE": "1", "PATIENCE": "1"}


@pytest.fixture
def cli(tmp_path: Path) -> FakeCli:
    return FakeCli(folder=tmp_path)


# Credentials


def test_what_is_left_of_the_operators_credentials_does_not_spoil_the_roles(cli: FakeCli) -> None:
    noted = "${AWS_ACCESS_KEY_ID-none} ${AWS_SECURITY_TOKEN-none} ${AWS_CREDENTIAL_EXPIRATION-none}"
    cli.answers(noted=noted, assume_role=r"printf 'ROLES\tsecret\ttoken\tend\n'")
    outcome = cli.run("release", ROLE | LEFT_OVER | {"AWS_ACCESS_KEY_ID": "OWN"})
    assert outcome.code == 0, outcome.log
    assert cli.journal == ["OWN legacy 2020-01-01T00:00:00Z", *["ROLES none none"] * 3]


def test_without_a_role_the_operators_credentials_are_used_as_they_are(cli: FakeCli) -> None:
    cli.answers(noted="$AWS_SECURITY_TOKEN $AWS_CREDENTIAL_EXPIRATION")
    assert cli.run("release", LEFT_OVER).code == 0
    assert set(cli.journal) == {"legacy 2020-01-01T00:00:00Z"}


def test_a_role_is_assumed_again_before_its_hour_is_over(cli: FakeCli) -> None:
    cli.answers(
        noted="${AWS_ACCESS_KEY_ID-own}",
        assume_role=r"printf 'A%s\tsecret\ttoken\tend\n' $(grep -c own $JOURNAL)",
        describe_network_interfaces=f"[ $(grep -c own $JOURNAL) -gt 2 ] || {{ {rows(AVAILABLE)}; exit; }}; echo end",
        delete_network_interface=refusal("InvalidParameterValue", "It is in use."),
    )
    outcome = cli.run("release", ROLE, edits={"RENEW_AFTER": "1"})
    assert outcome.code == 0, outcome.log
    assert [line for line in cli.journal if line == "own"] == ["own"] * 3  # with the operator's own credentials
    assert cli.journal[-1] == "A3"


def test_a_role_is_not_assumed_again_while_its_credentials_last(cli: FakeCli) -> None:
    cli.answers(noted="${AWS_ACCESS_KEY_ID-own}", assume_role=CREDENTIALS)
    assert cli.run("release", ROLE | {"ENI_CLEANUP_SETTLE": "4"}).code == 0
    assert cli.journal.count("own") == 1
    assert len(cli.journal) == 7


def test_a_role_is_assumed_again_while_a_look_is_repeated(cli: FakeCli) -> None:
    cli.answers(
        noted="${AWS_ACCESS_KEY_ID-own}",
        assume_role=r"printf 'A%s\tsecret\ttoken\tend\n' $(grep -c own $JOURNAL)",
        describe_network_interfaces="[ $(grep -c own $JOURNAL) -gt 1 ] || { "
        + refusal("RequestLimitExceeded", "Later.")
        + "; }; echo end",
    )
    outcome = cli.run("release", ROLE, edits={"RENEW_AFTER": "0"})
    assert outcome.code == 0, outcome.log
    assert cli.journal[-1] == "A2"


def test_a_role_is_assumed_again_while_marks_are_repeated(cli: FakeCli) -> None:
    cli.answers(
        noted="${AWS_ACCESS_KEY_ID-own}",
        assume_role=r"printf 'A%s\tsecret\ttoken\tend\n' $(grep -c own $JOURNAL)",
        describe_network_interfaces=rows(ATTACHED),
        modify_network_interface_attribute="[ $AWS_ACCESS_KEY_ID != A1 ] || { "
        + refusal("RequestLimitExceeded", "Later.")
        + "; }",
    )
    outcome = cli.run("mark", ROLE, edits={"RENEW_AFTER": "1"})
    assert outcome.code == 0
    assert "marked now: 1" in outcome.log
    assert cli.journal[-1] == "A2"


def test_a_role_that_may_no_longer_be_assumed_ends_it_with_awss_words(cli: FakeCli) -> None:
    cli.answers(
        noted="${AWS_ACCESS_KEY_ID-own}",
        assume_role=r"[ $(grep -c own $JOURNAL) -gt 1 ] || { printf 'A\tsecret\ttoken\tend\n'; exit; }; "
        + refusal("AccessDenied", "No more."),
        describe_network_interfaces=rows(ATTACHED),
    )
    outcome = cli.run("release", ROLE, edits={"RENEW_AFTER": "1"})
    assert outcome.code == 3
    assert "ERROR: An error occurred (AccessDenied) when calling the operation: No more." in outcome.log


# Pipes


@pytest.mark.parametrize("pipe", ["0.out", ""])
def test_credentials_are_not_asked_for_where_they_would_reach_a_disk(cli: FakeCli, pipe: str) -> None:
    cli.answers(noted="$*", assume_role=CREDENTIALS)
    cli.tool("mkfifo", f'case $1 in *{pipe}) echo "mkfifo: not here" >&2; exit 1 ;; esac; exec "$REAL" "$@"')
    outcome = cli.run("release", ROLE)
    assert outcome.code == 3
    assert "ERROR: no named pipe can be made: mkfifo: not here" in outcome.log
    assert not (cli.folder / "journal").exists()


# Words


@pytest.mark.parametrize("external_id", ["-team", "--debug"])
def test_an_external_id_that_begins_with_a_hyphen_is_no_option(cli: FakeCli, external_id: str) -> None:
    cli.answers(noted="$*", assume_role=CREDENTIALS)
    assert cli.run("release", ROLE | {"ENI_CLEANUP_EXTERNAL_ID": external_id}).code == 0
    assert f" --external-id={external_id} " in cli.journal[0]


@pytest.mark.parametrize("option", ["errexit", "noclobber", "keyword"])
@pytest.mark.parametrize("mode", ["mark", "release"])
def test_options_of_an_outer_shell_change_nothing(cli: FakeCli, mode: str, option: str) -> None:
    row = {"mark": ATTACHED, "release": AVAILABLE}[mode]
    cli.answers(
        assume_role=CREDENTIALS,
        describe_network_interfaces=f"[ -e $JOURNAL.deleted ] || {{ {rows(row)}; exit; }}; echo end",
        modify_network_interface_attribute="exit 0",
        delete_network_interface="echo >$JOURNAL.deleted",
    )
    outcome = cli.run(mode, ROLE | {"SHELLOPTS": option})
    assert outcome.code == 0
    assert {"mark": "marked now: 1", "release": "deleted: 1"}[mode] in outcome.log, outcome.log


# Answers


def test_an_interface_that_is_gone_before_it_is_marked_is_no_warning(cli: FakeCli) -> None:
    cli.answers(
        noted="$*",
        describe_network_interfaces=rows(ATTACHED),
        modify_network_interface_attribute=refusal("InvalidNetworkInterfaceID.NotFound", "It does not exist."),
    )
    outcome = cli.run("mark")
    assert outcome.code == 0
    assert f"{ORPHAN}: gone before it was marked" in outcome.log
    assert "WARNING" not in outcome.log
    assert sum("modify-network" in line for line in cli.journal) == 1


def test_an_interface_is_detached_a_while_after_the_endpoints_end_was_seen(cli: FakeCli) -> None:
    asked = "$(grep -c describe-endpoint $JOURNAL)"
    cli.answers(
        noted="$*",
        describe_endpoint=f"[ {asked} -gt 4 ] || {{ printf 'Deleting\\tend\\n'; exit; }}; "
        + refusal("ValidationException", "Could not find it"),
        describe_network_interfaces=f"grep -q detach $JOURNAL || {{ {rows(ATTACHED)}; exit; }}; echo end",
    )
    outcome = cli.run("release", {"ENI_CLEANUP_DETACH_AFTER": "3"})
    assert outcome.code == 0, outcome.log
    ended, detached = re.findall(r"\[ *(\d+)s\] (?:the endpoint sentiment is gone|\S+ detached)", outcome.log)
    assert int(ended) >= 4
    assert int(detached) >= int(ended) + 3


# Formats


@pytest.mark.parametrize("configured", [{}, {"AWS_CLI_ERROR_FORMAT": "json"}])
def test_errors_are_asked_for_in_the_format_that_is_understood(cli: FakeCli, configured: dict[str, str]) -> None:
    said = '{"Code": "ValidationException", "Message": "Could not find it"}'
    in_json = f"[ \"$AWS_CLI_ERROR_FORMAT\" = legacy ] || {{ echo '{said}' >&2; exit 254; }}"
    cli.answers(describe_endpoint=f"{in_json}; {refusal('ValidationException', 'Could not find it')}")
    outcome = cli.run("release", configured)
    assert outcome.code == 0
    assert "the endpoint sentiment is gone" in outcome.log


# Time


@pytest.mark.parametrize("hangs", [HANGS, HANGS_FOR_GOOD])
def test_a_look_that_hangs_is_ended_when_time_is_up(cli: FakeCli, hangs: str) -> None:
    cli.answers(noted="$$", describe_network_interfaces=hangs)
    outcome = cli.run("release", {"ENI_CLEANUP_TIMEOUT": "1"}, edits=SOON)
    assert outcome.code == 3
    assert "AWS did not answer before time was up after 1s: the aws command hung and was ended" in outcome.log
    assert all(line.startswith("eni_cleanup: [") for line in outcome.log.splitlines())
    assert not any(map(is_running, cli.journal))


def test_deletions_that_hang_are_ended_when_time_is_up_and_what_is_left_is_named(cli: FakeCli) -> None:
    cli.answers(
        noted="$$",
        describe_network_interfaces=rows(AVAILABLE, AVAILABLE.replace(ORPHAN, ORPHAN.replace("0", "1"))),
        delete_network_interface=HANGS,
    )
    outcome = cli.run("release", {"ENI_CLEANUP_TIMEOUT": "2"}, edits=SOON)
    assert outcome.code == 4
    assert f"  {ORPHAN}: available" in outcome.log
    assert "AWS is busy, the rest follows: the aws command hung and was ended" in outcome.log
    assert not any(map(is_running, cli.journal))


def test_a_mark_that_hangs_is_ended_with_a_warning(cli: FakeCli) -> None:
    cli.answers(noted="$$", describe_network_interfaces=HANGS)
    outcome = cli.run("mark", {"ENI_CLEANUP_TIMEOUT": "1"}, edits=SOON)
    assert outcome.code == 0
    assert "WARNING: not every network interface of sentiment could be marked: AWS did not answer" in outcome.log
    assert not any(map(is_running, cli.journal))


def test_an_aws_command_that_asks_finds_nobody_there(cli: FakeCli) -> None:
    cli.answers(describe_network_interfaces="read -r code && exit 1; echo end")
    assert cli.run("release").code == 0


@pytest.mark.parametrize("hangs", [HANGS, HANGS_FOR_GOOD])
def test_deletions_that_hang_side_by_side_are_ended_all_at_once(cli: FakeCli, hangs: str) -> None:
    eight = [AVAILABLE.replace(ORPHAN, f"{ORPHAN[:-1]}{number}") for number in range(8)]
    cli.answers(noted="$$", describe_network_interfaces=rows(*eight), delete_network_interface=hangs)
    outcome = cli.run("release", {"ENI_CLEANUP_TIMEOUT": "3"}, edits=SOON)
    assert outcome.code == 4, outcome.log
    assert outcome.log.count(": available, type") == 16  # found, and named at the end
    assert all(line.startswith("eni_cleanup: [") for line in outcome.log.splitlines())
    assert not any(map(is_running, cli.journal))
    (seconds,) = re.findall(r"\[ *(\d+)s\] run the destroy again", outcome.log)
    assert int(seconds) < 3 + 8  # a second for each, or two, would be more


def test_a_deletion_that_succeeds_beside_a_hanging_one_is_not_forgotten(cli: FakeCli) -> None:
    other = ORPHAN.replace("0", "1")
    cli.answers(
        describe_network_interfaces=rows(AVAILABLE, AVAILABLE.replace(ORPHAN, other)),
        delete_network_interface=f"case $* in *{ORPHAN}*) {HANGS} ;; esac",
    )
    outcome = cli.run("release", {"ENI_CLEANUP_TIMEOUT": "3"}, edits=SOON)
    assert outcome.code == 4
    assert f"{other}: deleted" in outcome.log
    assert f"{ORPHAN}: deleted" not in outcome.log


# Signals


@pytest.mark.parametrize("hangs", [HANGS, HANGS_FOR_GOOD])
def test_a_call_and_its_guard_do_not_outlive_a_script_that_is_killed(cli: FakeCli, hangs: str) -> None:
    cli.answers(describe_network_interfaces=f"echo hangs >>$JOURNAL; {hangs}")
    with cli.running("release") as run:
        cli.until_noted("hangs")
        run.process.kill()
        run.process.wait()
        assert not run.leaves_a_process()


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_though_the_call_ignores_it_and_a_second_one_comes(
    cli: FakeCli, sent: signal.Signals, code: int
) -> None:
    cli.answers(describe_network_interfaces=f"trap '' TERM; echo hangs >>$JOURNAL; {HANGS_FOR_GOOD}")
    with cli.running("release", edits={"PATIENCE": "2"}) as run:
        cli.until_noted("hangs")
        run.process.send_signal(sent)
        run.until("interrupted by")
        run.process.send_signal(signal.SIGTERM)
        outcome = run.end()
        assert not run.leaves_a_process()
    assert outcome.code == code
    assert f"interrupted by {sent.name}; run it again" in outcome.log
    assert cli.scratch() == []
