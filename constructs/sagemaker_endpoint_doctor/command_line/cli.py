"""The command line: ``sagemaker-endpoint doctor``, ``runbook``, ``adopt`` and ``eni-cleanup``."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

from sagemaker_endpoint_doctor.examination.errors import CannotStartError, UsageError
from sagemaker_endpoint_doctor.inputs import terraform
from sagemaker_endpoint_doctor.inputs.request import Request
from sagemaker_endpoint_doctor.report import as_json
from sagemaker_endpoint_doctor.report.exits import Exit
from sagemaker_endpoint_doctor.text.printable import printable

from . import eni_cleanup, runbook
from .parser import PROGRAM, SECTIONS, parser

_EXTRAS = {"boto3", "botocore", "rich"}


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
    given = vars(parser().parse_args(arguments))
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
        from .adopt import adopt  # noqa: PLC0415 - takes a while to load, and may be missing
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
    sections = [each for each in SECTIONS if each in (given.get("sections") or SECTIONS)]
    return Request(**{"endpoint_name": "", "from_terraform": None, **options, "sections": sections})
