"""The CloudWatch alarms that watch the endpoint."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.text.times import ago, moment
from sagemaker_endpoint_doctor.text.words import counted, shortened
from sagemaker_endpoint_runbook import commands

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_cloudwatch.type_defs import DimensionTypeDef, MetricAlarmTypeDef

_OF_TARGET_TRACKING = "TargetTracking-"
_SCALING_POLICY = ":scalingPolicy:"  # in its ARN


def alarms(subject: Subject) -> Iterator[Finding]:
    """Whether one of them is in ALARM.

    Those by which it scales are in ALARM whenever instances are added or, for hours, taken away.
    """
    name = subject.endpoint()["EndpointName"]
    ringing = [alarm for alarm in _ringing(subject) if _watches(alarm, name)]
    of_scaling = [alarm for alarm in ringing if _scales(alarm)]
    others = [alarm for alarm in ringing if alarm not in of_scaling]
    for alarm in others:
        since = alarm["StateUpdatedTimestamp"]
        yield problem(
            f"alarm {alarm['AlarmName']} is in ALARM since {moment(since)} ({ago(since, subject.now)}): "
            f"{shortened(alarm['StateReason'])}",
            why="Somebody found this important enough to be told of it.",
            next="Look at what the alarm watches; the other findings may tell its cause.",
            command=commands.DESCRIBE_ALARMS,
        )
    if not others:
        scaled = f", but for {counted(len(of_scaling), 'alarm')} by which it scales" if of_scaling else ""
        yield ok(f"no alarm on it is in ALARM{scaled}")


def _ringing(subject: Subject) -> "Iterator[MetricAlarmTypeDef]":
    pages = subject.aws.cloudwatch.get_paginator("describe_alarms")
    for page in pages.paginate(StateValue="ALARM", AlarmTypes=["MetricAlarm"]):
        yield from page["MetricAlarms"]


def _scales(alarm: "MetricAlarmTypeDef") -> bool:
    """Tell whether it is target tracking's own, or does nothing but to scale, as those of step scaling.

    https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
    https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-step-scaling-policies.html
    """
    actions = alarm.get("AlarmActions", [])
    scales_alone = bool(actions) and all(_SCALING_POLICY in action for action in actions)
    return scales_alone or alarm["AlarmName"].startswith(_OF_TARGET_TRACKING)


def _watches(alarm: "MetricAlarmTypeDef", endpoint_name: str) -> bool:
    """Tell whether an alarm's metric, or one of those that it computes with, is the endpoint's."""
    queries = alarm.get("Metrics", [])
    metrics = [query["MetricStat"]["Metric"] for query in queries if "MetricStat" in query]
    dimensions = [alarm.get("Dimensions", []), *(metric.get("Dimensions", []) for metric in metrics)]
    asked = any(f"'{endpoint_name}'" in query.get("Expression", "") for query in queries)  # SELECT … WHERE …
    return asked or any(_names(each, endpoint_name) for each in dimensions)


def _names(dimensions: "Iterable[DimensionTypeDef]", endpoint_name: str) -> bool:
    return any(each["Name"] == "EndpointName" and each["Value"] == endpoint_name for each in dimensions)
