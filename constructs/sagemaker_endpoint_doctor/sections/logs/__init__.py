"""The endpoint's log group, and the errors in it.

https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import wraps
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.errors import error_code, is_denied
from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, unknown, warning
from sagemaker_endpoint_doctor.examination.section import Check
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts import keys
from sagemaker_endpoint_doctor.facts.idle import why_idle
from sagemaker_endpoint_doctor.text.times import ago, moment, seconds, since_epoch, span
from sagemaker_endpoint_doctor.text.words import counted, shortened
from sagemaker_endpoint_runbook import commands

from botocore.exceptions import ClientError

from . import lines
from .groups import Errors, grouped, without_time
from .patterns import KINDS
from .pipelines import pipelines

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_logs.type_defs import LogGroupTypeDef

_QUIET = timedelta(days=1)
_LATELY = timedelta(minutes=15)
_AGAIN = 3  # times lately, and an error keeps coming
_SERVING = {"InService", "Updating", "SystemUpdating", "RollingBack"}
_ALWAYS, _NEVER = datetime.min.replace(tzinfo=timezone.utc), datetime.max.replace(tzinfo=timezone.utc)
_NO_GROUP = "ResourceNotFoundException"  # which the first check reports
_SHOWN = 5  # groups of errors of no known kind


def group(subject: Subject) -> Iterator[Finding]:
    """Whether the log group exists."""
    if _group(subject):
        yield ok(f"log group {subject.log_group_name} exists")
        return
    subject.endpoint()  # where there is none either, it is the name that is wrong
    yield problem(
        f"there is no log group {subject.log_group_name}",
        why="Nobody can see what the containers do; SageMaker may make a group of this name, without your key.",
        next="Somebody deleted it: run terraform apply, which makes it anew.",
        command=commands.filled(commands.DESCRIBE_LOG_GROUPS, log_group=subject.log_group_name),
    )


def key(subject: Subject) -> Iterator[Finding]:
    """Whether it is encrypted with a key, and whether that key can be used.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    found = _group(subject)
    if not found:
        return
    if "kmsKeyId" not in found:
        yield warning(
            f"{subject.log_group_name} is not encrypted with a key of yours",
            why="CloudWatch encrypts it with its own: nobody can forbid its use or see it in CloudTrail.",
            next="Somebody took the key away or made the group anew: run terraform apply.",
            command=commands.filled(commands.DESCRIBE_LOG_GROUPS, log_group=subject.log_group_name),
        )
        return
    yield _judged_key(subject, found["kmsKeyId"])


def retention(subject: Subject) -> Iterator[Finding]:
    """Whether its lines are deleted some day."""
    found = _group(subject)
    if not found:
        return
    if "retentionInDays" in found:
        yield ok(f"lines are kept for {counted(found['retentionInDays'], 'day')}")
        return
    yield warning(
        f"{subject.log_group_name} keeps its lines for ever",
        why="It grows without end, and so does its price; what requests left in it is never deleted.",
        next="State Logs(retention_in_days=...), then run terraform apply; if for ever is meant, all is well.",
        command=commands.filled(commands.DESCRIBE_LOG_GROUPS, log_group=subject.log_group_name),
    )


def last_event(subject: Subject) -> Iterator[Finding]:
    """Whether something is written to it.

    AWS updates a stream's times late: "typically [...] in less than an hour from ingestion".
    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogStream.html
    """
    try:
        streams = subject.aws.logs.describe_log_streams(
            logGroupName=subject.log_group_name, orderBy="LastEventTime", descending=True, limit=1
        )["logStreams"]
    except ClientError as error:
        if error_code(error) == _NO_GROUP:
            return
        raise
    written = [each for each in streams if "lastEventTimestamp" in each]
    show = commands.filled(commands.DESCRIBE_LOG_STREAMS, log_group=subject.log_group_name)
    time = since_epoch(written[0]["lastEventTimestamp"]) if written else _ALWAYS
    idle = why_idle(subject, _QUIET) if subject.now - time > _QUIET else ""
    if idle:
        yield ok((f"last line {ago(time, subject.now)}" if written else "no line was ever written") + f"; {idle}")
        return
    if not written:
        yield warning(
            f"no container has ever written to {subject.log_group_name}",
            why="Either no container has started, or what it says gets lost.",
            next="Sections Endpoint and Model tell whether containers start, section Role whether they may write, and "
            "the key, above, must be enabled.",
            command=show,
        )
        return
    stream = written[0]["logStreamName"]
    if subject.now - time <= _QUIET:
        yield ok(f"last line {ago(time, subject.now)}, in {stream}")
        return
    yield warning(
        f"the last line is of {moment(time)} ({ago(time, subject.now)}), in {stream}",
        why="A container that serves usually writes something: what it says may get lost, or nobody calls it.",
        next="Section Endpoint tells whether requests come. If they do, see section Role: it must be allowed to write; "
        "and the key, above, must be enabled.",
        command=show,
    )


def errors(subject: Subject) -> Iterator[Finding]:
    """Which errors were written of late, and how often."""
    try:
        reading = lines.read(subject)
    except ClientError as error:
        if error_code(error) == _NO_GROUP:
            return
        raise
    found = grouped(reading.lines)
    grave_from = _grave_from(subject)
    known = [each for each in found if each.kind]
    others = [each for each in found if not each.kind]
    for each in [*known, *others[:_SHOWN]]:
        yield _judged_errors(subject, each, grave_from=grave_from)
    if len(others) > _SHOWN:
        rest = others[_SHOWN:]
        yield warning(
            f"{counted(len(rest), 'error')} of other kinds besides, {sum(each.count for each in rest)} times in all",
            why="They are rarer than those above, but may be the cause.",
            next="Read the log itself.",
            command=_show_errors(subject),
        )
    if not reading.complete:
        yield unknown(
            f"of {span(subject.since)} only the newest part was read: "
            f"{counted(len(reading.lines), 'line')} that may speak of errors",
            next="Look back over a shorter time with --since, or read the log itself.",
            command=_show_errors(subject),
        )
    elif not found:
        yield ok(f"no errors in {span(subject.since)}")


def _group(subject: Subject) -> "LogGroupTypeDef | None":
    name = subject.log_group_name
    pages = subject.aws.logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
    groups = (each for page in pages for each in page["logGroups"])
    return next((each for each in groups if each["logGroupName"] == name), None)


def _judged_key(subject: Subject, key_id: str) -> Finding:
    found = keys.describe(subject, key_id)
    if keys.is_usable(found):
        return ok(f"encrypted with {key_id}, which is enabled")
    return problem(
        f"key {key_id} {'is ' + keys.state(found) if found else 'does not exist any more'}",
        why="CloudWatch Logs can neither write lines nor show the old ones; once the key is deleted, these are lost.",
        next="In KMS, cancel its deletion if it is to be deleted, and enable it. If it is gone already, terraform "
        "apply makes another one for the lines to come.",
        command=commands.filled(commands.DESCRIBE_KEY, kms_key=key_id),
    )


def _grave_from(subject: Subject) -> datetime:
    """Give the time from which on one error of a known cause is a problem: before it, the endpoint served all the same.

    It serves while it is updated too, and its old errors say nothing of a deployment that has begun since. Scaling
    alone makes it Updating, without any deployment.
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
    """
    try:
        endpoint = subject.endpoint() if subject.exists() else None
    except ClientError as error:
        if not is_denied(error):
            raise
        endpoint = None
    if not endpoint or endpoint["EndpointStatus"] not in _SERVING:
        return _ALWAYS
    return endpoint.get("PendingDeploymentSummary", {}).get("StartTime", _NEVER)


def _judged_errors(subject: Subject, alike: Errors, *, grave_from: datetime) -> Finding:
    times = "once" if alike.count == 1 else f"{alike.count} times"
    where = f"{times} in {span(subject.since)}, last at {moment(alike.last.time)} in {alike.last.stream}"
    line = shortened(without_time(alike.last.text))
    if alike.kind:
        is_grave = alike.last.time >= grave_from or alike.count_from(subject.now - _LATELY) >= _AGAIN
        return (problem if is_grave else warning)(
            f"{alike.kind}, {where}: {line}",
            why=KINDS[alike.kind].why,
            next=KINDS[alike.kind].next,
            command=_show_errors(subject),
        )
    return warning(
        f"an error, {where}: {line}",
        why="The container says that something went wrong: at its start it cannot serve, later requests fail.",
        next="Look at the lines around it. If it began with a deployment, go back to what ran before and run "
        "terraform apply.",
        command=_show_errors(subject),
    )


def _show_errors(subject: Subject) -> str:
    start = seconds(subject.now - subject.since)
    return commands.filled(commands.FILTER_LOG_EVENTS, log_group=subject.log_group_name, start=start)


def _where_there(check: Check) -> Check:
    """Let a check be silent where there is no log group: `group` says it."""

    @wraps(check)
    def silent(subject: Subject) -> Iterator[Finding]:
        try:
            yield from check(subject)
        except ClientError as error:
            if error_code(error) != _NO_GROUP:
                raise

    return silent


CHECKS = (group, key, retention, last_event, _where_there(pipelines), errors)
