"""The endpoint's log group, and the errors in it.

https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import wraps
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.errors import CannotCheckError, error_code
from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, unknown, warning
from sagemaker_endpoint_doctor.examination.section import Check
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts import keys
from sagemaker_endpoint_doctor.facts.idle import why_idle
from sagemaker_endpoint_doctor.text.times import ago, moment, seconds, since_epoch, span
from sagemaker_endpoint_doctor.text.words import counted, shortened
from sagemaker_endpoint_runbook import commands

from botocore.exceptions import BotoCoreError, ClientError

from . import lines
from .groups import Errors, grouped, without_time
from .patterns import KINDS
from .pipelines import pipelines

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_logs.type_defs import LogGroupTypeDef
    from mypy_boto3_sagemaker.type_defs import DescribeEndpointOutputTypeDef

_QUIET = timedelta(days=1)
_LATELY = timedelta(minutes=15)
_AFTERWARDS = timedelta(minutes=5)  # in which a container that failed may still say so
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
    yield _missing_group(subject)


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
            next="Terraform's state has one: run terraform apply, which gives it the key."
            if subject.is_of_terraform
            else "If it should have one, aws logs associate-kms-key gives it: the key must allow CloudWatch Logs.",
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
    """Which errors were written of late, and where a deployment failed before that, around that time."""
    try:
        yield from _errors_until(subject, subject.now, span(subject.since))
        failed = _failure(subject)
        if failed and failed < subject.now - subject.since:
            when = f"{span(subject.since).removeprefix('the last ')} before the deployment failed at {moment(failed)}"
            yield from _errors_until(subject, failed + _AFTERWARDS, f"the {when}")
    except ClientError as error:
        if error_code(error) != _NO_GROUP:
            raise


def _errors_until(subject: Subject, until: datetime, when: str) -> Iterator[Finding]:
    reading = lines.read(subject, until)
    found = grouped(reading.lines)
    grave_from = _grave_from(subject)
    known = [each for each in found if each.kind]
    others = [each for each in found if not each.kind]
    show = _show_errors(subject, until)
    for each in [*known, *others[:_SHOWN]]:
        is_grave = each.last.time >= grave_from or each.count_from(until - _LATELY) >= _AGAIN
        yield _judged_errors(each, when, show, is_grave=is_grave)
    if len(others) > _SHOWN:
        rest = others[_SHOWN:]
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
    except (BotoCoreError, ClientError, CannotCheckError):
        return None


def _group(subject: Subject) -> "LogGroupTypeDef | None":
    name = subject.log_group_name
    pages = subject.aws.logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
    groups = (each for page in pages for each in page["logGroups"])
    return next((each for each in groups if each["logGroupName"] == name), None)


def _missing_group(subject: Subject) -> Finding:
    """Judge that there is no group: this library makes it first, and SageMaker when a container writes first."""
    endpoint = subject.endpoint()  # where there is none either, it is the name that is wrong
    name, show = subject.log_group_name, commands.filled(commands.DESCRIBE_LOG_GROUPS, log_group=subject.log_group_name)
    if subject.is_of_terraform:
        return problem(
            f"there is no log group {name}",
            why="Nobody can see what the containers do; SageMaker may make a group of this name, without your key.",
            next="Terraform's state has an endpoint with one: run terraform apply, which makes it anew.",
            command=show,
        )
    idle = why_idle(subject, _QUIET)
    if idle:
        return ok(f"there is no log group {name} yet; {idle}")
    if _hosts_components(subject):
        return ok(f"there is no log group {name}: inference components write to groups of their own")
    judge = problem if endpoint["EndpointStatus"] in _SERVING else warning
    return judge(
        f"there is no log group {name}",
        why="SageMaker makes it when a container first writes: none has started, its role may not write, or the group "
        "was deleted.",
        next="If a container runs, its role needs logs:CreateLogGroup, logs:CreateLogStream and logs:PutLogEvents.",
        see={
            "endpoint": "Section Endpoint tells why none starts.",
            "role": "Section Role tells what the role may not.",
        },
        command=show,
    )


def _hosts_components(subject: Subject) -> bool:
    """Tell whether it hosts inference components, whose variants have no model.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceComponent.html
    """
    try:
        variants = subject.variants()
    except (BotoCoreError, ClientError, CannotCheckError):
        return False
    return bool(variants) and not any("ModelName" in each for each in variants)


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
    endpoint = _endpoint(subject)
    if not endpoint or endpoint["EndpointStatus"] not in _SERVING:
        return _ALWAYS
    return endpoint.get("PendingDeploymentSummary", {}).get("StartTime", _NEVER)


def _judged_errors(alike: Errors, when: str, show: str, *, is_grave: bool) -> Finding:
    times = "once" if alike.count == 1 else f"{alike.count} times"
    where = f"{times} in {when}, last at {moment(alike.last.time)} in {alike.last.stream}"
    line = shortened(without_time(alike.last.text))
    if alike.kind:
        return (problem if is_grave else warning)(
            f"{alike.kind}, {where}: {line}",
            why=KINDS[alike.kind].why,
            next=KINDS[alike.kind].next,
            command=show,
        )
    return warning(
        f"an error, {where}: {line}",
        why="The container says that something went wrong: at its start it cannot serve, later requests fail.",
        next="Look at the lines around it. If it began with a deployment, go back to what ran before and run "
        "terraform apply.",
        command=show,
    )


def _show_errors(subject: Subject, until: datetime) -> str:
    return commands.filled(
        commands.FILTER_LOG_EVENTS, log_group=subject.log_group_name, start=seconds(until - subject.since)
    )


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
