"""The errors in the endpoint's log group."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.errors import UNANSWERED
from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, unknown, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts.settings import resolved
from sagemaker_endpoint_doctor.facts.statuses import SERVING
from sagemaker_endpoint_doctor.text.times import moment, seconds, span
from sagemaker_endpoint_doctor.text.words import counted, shortened
from sagemaker_endpoint_runbook import commands

from . import lines
from .groups import Errors, grouped, without_time
from .patterns import KINDS

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_sagemaker.type_defs import DescribeEndpointOutputTypeDef

_LATELY = timedelta(minutes=15)
_AFTERWARDS = timedelta(minutes=5)  # in which a container that failed may still say so
_AGAIN = 3  # times lately, and an error keeps coming
_ALWAYS, _NEVER = datetime.min.replace(tzinfo=timezone.utc), datetime.max.replace(tzinfo=timezone.utc)
_SHOWN = 5  # groups of errors of no known kind


def errors(subject: Subject) -> Iterator[Finding]:
    """Which errors were written of late, and where a deployment failed before that, around that time."""
    yield from _errors_until(subject, subject.now, span(subject.since))
    failed = _failure(subject)
    if failed and failed < subject.now - subject.since:
        when = f"{span(subject.since).removeprefix('the last ')} before the deployment failed at {moment(failed)}"
        yield from _errors_until(subject, failed + _AFTERWARDS, f"the {when}")


def _errors_until(subject: Subject, until: datetime, when: str) -> Iterator[Finding]:
    reading = lines.read(subject, until)
    found = grouped(reading.lines)
    grave_from = _grave_from(subject)
    rest = [each for each in found if not each.kind][_SHOWN:]
    show = _show_errors(subject, until)
    has_cause = any(not each.follows for each in found)
    for each in found:
        if each not in rest:
            is_grave = each.last.time >= grave_from or each.count_from(until - _LATELY) >= _AGAIN
            yield _judged_errors(subject, each, when, show, is_grave=is_grave, has_cause=has_cause)
    if rest:
        yield warning(
            f"{counted(len(rest), 'error')} of other kinds besides, {sum(each.count for each in rest)} times in all",
            why="They are rarer than those above, but may be the cause.",
            next="Read the log itself.",
            command=show,
        )
    if not reading.complete:
        yield unknown(
            f"of {when} only the newest part was read: {counted(len(reading.lines), 'line')} that may speak of errors",
            next="Look back over a shorter time with --since, or read the log itself.",
            command=show,
        )
    elif not found:
        yield ok(f"no errors in {when}")


def _failure(subject: Subject) -> datetime | None:
    """Give the time at which the last deployment failed, if it did.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
    """
    endpoint = _endpoint(subject)
    return endpoint["LastModifiedTime"] if endpoint and "FailureReason" in endpoint else None


def _endpoint(subject: Subject) -> "DescribeEndpointOutputTypeDef | None":
    """Give the endpoint; None where there is none, or AWS does not tell of it: its logs can be read all the same."""
    try:
        return subject.endpoint()
    except UNANSWERED:
        return None


def _grave_from(subject: Subject) -> datetime:
    """Give the time from which on one error of a known cause is a problem: before it, the endpoint served all the same.

    It serves while it is updated too, and its old errors say nothing of a deployment that has begun since. Scaling
    alone makes it Updating, without any deployment.
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
    """
    endpoint = _endpoint(subject)
    if not endpoint or endpoint["EndpointStatus"] not in SERVING:
        return _ALWAYS
    return endpoint.get("PendingDeploymentSummary", {}).get("StartTime", _NEVER)


def _judged_errors(
    subject: Subject, alike: Errors, when: str, show: str, *, is_grave: bool, has_cause: bool
) -> Finding:
    times = "once" if alike.count == 1 else f"{alike.count} times"
    where = f"{times} in {when}, last at {moment(alike.last.time)} in {alike.last.stream}"
    line = shortened(without_time(alike.last.text))
    if alike.kind:
        return (problem if is_grave else warning)(
            f"{alike.kind}, {where}: {line}",
            why=KINDS[alike.kind].why,
            next=(alike.follows if has_cause else "") or resolved(subject, KINDS[alike.kind].next),
            command=show,
        )
    return warning(
        f"an error, {where}: {line}",
        why="The container says that something went wrong: at its start it cannot serve, later requests fail.",
        next="Look at the lines around it. If it began with a deployment, go back to what ran before: "
        f"{subject.deploy}.",
        command=show,
    )


def _show_errors(subject: Subject, until: datetime) -> str:
    return commands.filled(
        commands.FILTER_LOG_EVENTS, log_group=subject.log_group_name, start=seconds(until - subject.since)
    )
