"""The endpoint's log group: whether it is there, its key and retention, and whether something is written to it.

https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.errors import UNANSWERED
from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts import keys
from sagemaker_endpoint_doctor.facts.idle import why_idle
from sagemaker_endpoint_doctor.facts.statuses import SERVING
from sagemaker_endpoint_doctor.text.times import ago, moment, since_epoch
from sagemaker_endpoint_doctor.text.words import counted
from sagemaker_endpoint_runbook import commands

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_logs.type_defs import LogGroupTypeDef

_QUIET = timedelta(days=1)
_EVER = datetime.min.replace(tzinfo=timezone.utc)


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
            next="If it should have one, aws logs associate-kms-key gives it: the key must allow CloudWatch Logs."
            + (f" Where the stack states one, {subject.deploy}." if subject.is_of_terraform else ""),
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
        next="If for ever is meant, all is well. Otherwise give it a retention (retention_in_days), then "
        f"{subject.deploy}.",
        command=commands.filled(commands.DESCRIBE_LOG_GROUPS, log_group=subject.log_group_name),
    )


def last_event(subject: Subject) -> Iterator[Finding]:
    """Whether something is written to it.

    AWS updates a stream's times late: "typically [...] in less than an hour from ingestion".
    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogStream.html
    """
    streams = subject.aws.logs.describe_log_streams(
        logGroupName=subject.log_group_name, orderBy="LastEventTime", descending=True, limit=1
    )["logStreams"]
    written = [each for each in streams if "lastEventTimestamp" in each]
    show = commands.filled(commands.DESCRIBE_LOG_STREAMS, log_group=subject.log_group_name)
    time = since_epoch(written[0]["lastEventTimestamp"]) if written else _EVER
    idle = why_idle(subject, _QUIET) if subject.now - time > _QUIET else ""
    if idle:
        yield ok((f"last line {ago(time, subject.now)}" if written else "no line was ever written") + f"; {idle}")
        return
    if not written:
        yield warning(
            f"no container has ever written to {subject.log_group_name}",
            why="Either no container has started, or what it says gets lost.",
            next="A container must start, its role be allowed logs:CreateLogStream and logs:PutLogEvents, and the key "
            "of the log group be enabled.",
            see={
                "endpoint": "Section Endpoint tells why none starts.",
                "model": "Section Model tells what is wrong with the image or the model.",
                "role": "Section Role tells what the role may not.",
            },
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
        next="If no request comes, all may be well. If one does, the role must be allowed logs:PutLogEvents, and the "
        "key of the log group be enabled.",
        see={
            "endpoint": "Section Endpoint tells how requests fare.",
            "role": "Section Role tells what the role may not.",
        },
        command=show,
    )


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
            next=f"To make it anew as the stack states it, {subject.deploy}.",
            command=show,
        )
    idle = why_idle(subject, _QUIET)
    if idle:
        return ok(f"there is no log group {name} yet; {idle}")
    if _hosts_components(subject):
        return ok(f"there is no log group {name}: inference components write to groups of their own")
    judge = problem if endpoint["EndpointStatus"] in SERVING else warning
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
    except UNANSWERED:
        return False
    return bool(variants) and not any("ModelName" in each for each in variants)


def _judged_key(subject: Subject, key_id: str) -> Finding:
    found = keys.describe(subject, key_id)
    if keys.is_usable(found):
        return ok(f"encrypted with {key_id}, which is enabled")
    return problem(
        f"key {key_id} {'is ' + keys.state(found) if found else 'does not exist any more'}",
        why="CloudWatch Logs can neither write lines nor show the old ones; once the key is deleted, these are lost.",
        next="In KMS, cancel its deletion if it is to be deleted, and enable it. If it is gone already, give the group "
        f"another for the lines to come, then {subject.deploy}.",
        command=commands.filled(commands.DESCRIBE_KEY, kms_key=key_id),
    )
