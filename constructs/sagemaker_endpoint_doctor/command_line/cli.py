"""The command line: ``sagemaker-endpoint doctor``, ``runbook``, ``adopt`` and ``eni-cleanup``."""

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NoReturn

from sagemaker_endpoint_doctor.examination.errors import CannotStartError, UsageError
from sagemaker_endpoint_doctor.inputs import terraform
from sagemaker_endpoint_doctor.inputs.request import DEFAULT_SINCE, DEFAULT_TIMEOUT, Request
from sagemaker_endpoint_doctor.report import as_json
from sagemaker_endpoint_doctor.report.exits import MEANINGS, Exit
from sagemaker_endpoint_doctor.text.durations import ALLOWED, duration, written
from sagemaker_endpoint_doctor.text.printable import printable
from sagemaker_endpoint_runbook import commands

from . import eni_cleanup, runbook

PROGRAM = "sagemaker-endpoint"
_EXTRAS = {"boto3", "botocore", "rich"}
_SECTIONS = [section.key for section in commands.SECTIONS]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, by default that of this process, and give its exit code.

    Raises:
        SystemExit: It was --help, or makes no sense.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a narrow encoding is no reason to fail
    try:
        try:
            return _main(arguments)
        finally:
            print(end="", flush=True)  # here, and not when Python ends: what fails then cannot be told
    except BrokenPipeError:  # such as head's: it has read enough
        _abandon()
        return Exit.UNREAD
    except OSError as error:
        with suppress(OSError):
            _say(f"What was found cannot be written ({error}): is the disk full?")
        _abandon()
        return Exit.CANNOT_CHECK


def _main(arguments: Sequence[str] | None) -> int:
    given = vars(_parser().parse_args(arguments))
    if given["command"] == "eni-cleanup":
        return _eni_cleanup()
    commands_ = {"doctor": _doctor, "runbook": _runbook, "adopt": _adopt}
    run: Callable[[Request], Exit] = commands_[given.pop("command")]
    refuse: Callable[[str], NoReturn] = given.pop("refuse")
    request = _request(given, refuse)
    try:
        return run(request)
    except UsageError as error:
        refuse(str(error))
    except CannotStartError as error:
        _say(str(error))
        if request.json:
            region = None if request.from_terraform else _region(request)
            print(as_json.error_document(error, endpoint_name=request.endpoint_name or None, region=region))
        return Exit.CANNOT_CHECK
    except KeyboardInterrupt:
        _say("interrupted")
        return Exit.INTERRUPTED


def _say(words: str) -> None:
    print(f"{PROGRAM}: {printable(words)}", file=sys.stderr)


def _abandon() -> None:
    """Let Python not try again, as it ends, to write what could not be written: it would have its own exit code."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # once more what is left cannot be written, but it is closed then
            stream.close()


def _region(request: Request) -> str | None:
    """Give the region that was stated, as far as it is told without boto3."""
    return request.region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")


def _doctor(request: Request) -> Exit:
    with _extras():
        from .doctor import consult  # noqa: PLC0415 - takes a while to load, and may be missing
    return consult(request)


def _adopt(request: Request) -> Exit:
    with _extras():
        from .adopt import adopt  # noqa: PLC0415 - as above
    adopt(request)
    return Exit.HEALTHY


@contextmanager
def _extras() -> Iterator[None]:
    """Say how to install what an import inside finds missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        missing = str(error.name).partition(".")[0]
        if missing not in _EXTRAS:
            raise
        raise CannotStartError(
            f'{missing} is not installed: pip install "cdktf-sagemaker-endpoint[doctor]" brings it.'
        ) from error


def _eni_cleanup() -> Exit:
    try:
        print(eni_cleanup.path())
    except CannotStartError as error:
        _say(str(error))
        return Exit.CANNOT_CHECK
    return Exit.HEALTHY


def _runbook(request: Request) -> Exit:
    known = {"endpoint": request.endpoint_name, "group": request.security_group_id}
    region = _region(request)
    if request.from_terraform:
        names = terraform.read(request.from_terraform).names
        known = {
            "endpoint": names.endpoint_name,
            "group": names.security_group_id,
            "role_arn": names.execution_role_arn,
        }
        region = names.region
    print(runbook.text({name: value for name, value in known.items() if value}, region=region, profile=request.profile))
    return Exit.HEALTHY


def _request(given: Mapping[str, Any], refuse: Callable[[str], NoReturn]) -> Request:
    """Read the options, and refuse those that do not go together."""
    if given["from_terraform"]:
        for option in ("region", "security_group_id"):
            if given[option]:
                refuse(f"--{option.replace('_', '-')} goes with --endpoint-name: Terraform's outputs tell it")
    if given.get("at") and given.get("watch"):
        refuse("--at and --watch exclude each other: what is waited for is still to come")
    if given.get("timeout") and not given.get("watch"):
        refuse("--timeout goes with --watch")
    options = {name: value for name, value in given.items() if value is not None}
    sections = [each for each in _SECTIONS if each in (given.get("sections") or _SECTIONS)]
    return Request(**{"endpoint_name": "", "from_terraform": None, **options, "sections": sections})


class _Parser(argparse.ArgumentParser):
    """One that says what is wrong, and leaves the usage to --help."""

    def error(self, message: str) -> NoReturn:
        self.exit(Exit.USAGE, f"{self.prog}: {printable(message)}\nSee {self.prog} --help.\n")


def _parser() -> _Parser:
    parser = _Parser(
        prog=PROGRAM, description="Looks after a SageMaker endpoint. It reads, and changes nothing.", allow_abbrev=False
    )
    subcommands = parser.add_subparsers(dest="command", required=True, metavar="doctor|runbook|adopt|eni-cleanup")
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
    return parser


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
        choices=_SECTIONS,
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
