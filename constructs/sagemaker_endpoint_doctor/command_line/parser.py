"""What the command line takes: its commands, and the options of each."""

import argparse
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final, NoReturn

from sagemaker_endpoint_doctor.inputs.request import DEFAULT_SINCE, DEFAULT_TIMEOUT
from sagemaker_endpoint_doctor.report.exits import MEANINGS, Exit
from sagemaker_endpoint_doctor.text.durations import ALLOWED, duration, written
from sagemaker_endpoint_doctor.text.printable import printable
from sagemaker_endpoint_runbook import commands

PROGRAM: Final = "sagemaker-endpoint"
SECTIONS: Final = [section.key for section in commands.SECTIONS]


class _Parser(argparse.ArgumentParser):
    """One that says what is wrong, and leaves the usage to --help."""

    def error(self, message: str) -> NoReturn:
        self.exit(Exit.USAGE, f"{self.prog}: {printable(message)}\nSee {self.prog} --help.\n")


def parser() -> argparse.ArgumentParser:
    """Make the parser; `command` is which, and `refuse` ends the run for what does not go together."""
    made = _Parser(
        prog=PROGRAM, description="Looks after a SageMaker endpoint. It reads, and changes nothing.", allow_abbrev=False
    )
    subcommands = made.add_subparsers(dest="command", required=True, metavar="doctor|runbook|adopt|eni-cleanup")
    doctor = subcommands.add_parser(
        "doctor",
        help="examine an endpoint and all it rests on, and say what is wrong",
        description="Examines an endpoint and all it rests on, and says what is wrong and what to do. It only reads.",
        epilog="exit codes: " + "; ".join(f"{code:d} {meaning}" for code, meaning in MEANINGS.items()),
        allow_abbrev=False,
    )
    _add_names(doctor)
    _add_examination(doctor)
    runbook_ = subcommands.add_parser(
        "runbook",
        help="print the commands of the runbook, without running any",
        description="Prints the commands of the runbook for copy and paste. It runs none of them.",
        allow_abbrev=False,
    )
    _add_names(runbook_)
    script = subcommands.add_parser(
        "eni-cleanup",
        help="say where the script is that cleans up network interfaces",
        description="Prints where eni_cleanup.sh is, for a run by hand as the runbook says. It does not run it.",
        allow_abbrev=False,
    )
    script.add_argument("--path", action="store_true", required=True, help="print the path of the script")
    adopt = subcommands.add_parser(
        "adopt",
        help="print a program that takes over an endpoint that is there already",
        description="Prints a program that takes over a live endpoint, and what its first apply does. It only reads.",
        allow_abbrev=False,
    )
    adopt.add_argument("--endpoint-name", required=True, **_ENDPOINT_NAME)
    _add_place(adopt)
    adopt.set_defaults(from_terraform=None, security_group_id=None)
    for subparser in (doctor, runbook_, adopt):
        subparser.set_defaults(refuse=subparser.error)
    return made


def _add_names(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--endpoint-name", **_ENDPOINT_NAME)
    which.add_argument(
        "--from-terraform",
        type=_folder,
        metavar="DIR",
        help="take the names from Terraform's outputs; DIR is where Terraform runs, for main.py "
        "cdktf.out/stacks/sagemaker-endpoint",
    )
    _add_place(parser)
    parser.add_argument(
        "--security-group-id",
        type=_text(r"sg-[0-9a-f]{8,17}", "the id of a security group, such as sg-0123456789abcdef0"),
        metavar="ID",
        help="the endpoint's own security group, to find its network interfaces when the endpoint is gone",
    )


def _add_place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--region",
        type=_text(r"[a-z]{2,}(-[a-z]+)+-[0-9]+", "a region such as eu-west-1"),
        help="the endpoint's region (default: AWS_REGION, AWS_DEFAULT_REGION, or that of the profile)",
    )
    parser.add_argument("--profile", metavar="NAME", help="the profile of your AWS configuration to use")


def _add_examination(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--section",
        action="append",
        choices=SECTIONS,
        dest="sections",
        help="examine this section only; may be given several times (default: all)",
    )
    parser.add_argument(
        "--since",
        type=_duration,
        default=DEFAULT_SINCE,
        metavar="LENGTH",
        help=f"how far back to look in logs and metrics: {ALLOWED} (default: {written(DEFAULT_SINCE)})",
    )
    parser.add_argument(
        "--at",
        type=_moment,
        metavar="TIME",
        help="look back from an earlier moment, such as 2026-05-04T02:51 in UTC (default: now; around a failed "
        "deployment, it looks by itself)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of the report")
    parser.add_argument("--watch", action="store_true", help="first wait until no deployment runs any more")
    parser.add_argument(
        "--timeout",
        type=_duration,
        metavar="LENGTH",
        help=f"how long to watch: {ALLOWED} (default: {written(DEFAULT_TIMEOUT)})",
    )


def _text(pattern: str, allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not re.fullmatch(pattern, text, flags=re.ASCII):
            raise argparse.ArgumentTypeError(f"{text!r} is not {allowed}")
        return text

    return read


_ENDPOINT_NAME: Mapping[str, Any] = {
    "type": _text(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", "1 to 63 letters and digits, hyphens between them"),
    "metavar": "NAME",
    "help": "the endpoint's name",
}


def _folder(text: str) -> Path:
    try:
        is_folder = Path(text).is_dir()
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{text!r} cannot be looked at: {error.strerror}") from error
    if not is_folder:
        raise argparse.ArgumentTypeError(f"{text!r} is not a folder")
    return Path(text)


def _moment(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(re.sub("[zZ]$", "+00:00", text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2026-05-04T02:51, in UTC") from error
    time = time.replace(tzinfo=time.tzinfo or timezone.utc)
    if time > datetime.now(timezone.utc):
        raise argparse.ArgumentTypeError(f"{text!r} is still to come")
    return time


def _duration(text: str) -> timedelta:
    try:
        return duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
