"""CloudWatch's alarms that have to do with the endpoint: which of them ring, and which take its updates back.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AutoRollbackConfig.html
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sagemaker_endpoint_doctor.examination.subject import Subject

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_cloudwatch.type_defs import (
        AlarmHistoryItemTypeDef,
        CompositeAlarmTypeDef,
        DimensionTypeDef,
        MetricAlarmTypeDef,
    )

_RINGS: Final = "ALARM"
_OF_TARGET_TRACKING = "TargetTracking-"
_SCALING_POLICY = ":scalingPolicy:"  # in its ARN


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackAlarm:
    """An alarm, of a metric or composed of others, that takes the endpoint's updates back."""

    name: str
    rings: bool
    since: datetime
    reason: str


def rollback_names(subject: Subject) -> list[str]:
    """Give the names of the alarms that take updates back, by the endpoint's last deployment."""
    last = subject.endpoint().get("LastDeploymentConfig", {})
    return [each["AlarmName"] for each in last.get("AutoRollbackConfiguration", {}).get("Alarms", [])]


def of_rollback(subject: Subject) -> dict[str, RollbackAlarm]:
    """Give the alarms of these names that exist; AWS is not asked where there are none."""
    names = rollback_names(subject)
    return subject.once("alarms of rollback", lambda: _named(subject, names)) if names else {}


def _named(subject: Subject, names: list[str]) -> dict[str, RollbackAlarm]:
    found: dict[str, RollbackAlarm] = {}
    pages = subject.aws.cloudwatch.get_paginator("describe_alarms")
    for page in pages.paginate(AlarmNames=names, AlarmTypes=["MetricAlarm", "CompositeAlarm"]):
        alarms: list[MetricAlarmTypeDef | CompositeAlarmTypeDef] = [
            *page.get("MetricAlarms", []),
            *page.get("CompositeAlarms", []),
        ]
        for alarm in alarms:
            found[alarm["AlarmName"]] = RollbackAlarm(
                name=alarm["AlarmName"],
                rings=alarm["StateValue"] == _RINGS,
                since=since(alarm),
                reason=alarm["StateReason"],
            )
    return found


def since(alarm: "MetricAlarmTypeDef | CompositeAlarmTypeDef") -> datetime:
    """Give the time from which on an alarm has its state; without it, when the reason last changed."""
    return alarm.get("StateTransitionedTimestamp") or alarm["StateUpdatedTimestamp"]


def rang(subject: Subject, name: str, start: datetime, end: datetime) -> datetime | None:
    """Give the last time between two that an alarm began to ring, by its history, which CloudWatch keeps for 30 days.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html
    """
    pages = subject.aws.cloudwatch.get_paginator("describe_alarm_history").paginate(
        AlarmName=name,
        AlarmTypes=["MetricAlarm", "CompositeAlarm"],
        HistoryItemType="StateUpdate",
        StartDate=start,
        EndDate=end,
        ScanBy="TimestampDescending",
    )
    times = (item["Timestamp"] for page in pages for item in page["AlarmHistoryItems"] if _begins_to_ring(item))
    return next(times, None)


def _begins_to_ring(item: "AlarmHistoryItemTypeDef") -> bool:
    try:
        return bool(json.loads(item["HistoryData"])["newState"]["stateValue"] == _RINGS)
    except (KeyError, TypeError, ValueError):
        return item.get("HistorySummary", "").endswith(f"to {_RINGS}")


def ringing(subject: Subject) -> "list[MetricAlarmTypeDef]":
    """Give the alarms of metrics in ALARM that are on the endpoint, those by which it scales among them."""
    name = subject.endpoint()["EndpointName"]
    pages = subject.aws.cloudwatch.get_paginator("describe_alarms")
    of_account = (
        each for page in pages.paginate(StateValue=_RINGS, AlarmTypes=["MetricAlarm"]) for each in page["MetricAlarms"]
    )
    return [each for each in of_account if _watches(each, name) or _is_named_after(each, name)]


def of_action(subject: Subject, arn: str) -> "Iterator[MetricAlarmTypeDef]":
    """Give the alarms that do something when they ring, such as to start a scaling policy."""
    pages = subject.aws.cloudwatch.get_paginator("describe_alarms")
    for page in pages.paginate(ActionPrefix=arn, AlarmTypes=["MetricAlarm"]):
        yield from page["MetricAlarms"]


def scales(alarm: "MetricAlarmTypeDef") -> bool:
    """Tell whether it is target tracking's own, or does nothing but to scale, as those of step scaling.

    https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
    https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-step-scaling-policies.html
    """
    actions = alarm.get("AlarmActions", [])
    scales_alone = bool(actions) and all(_SCALING_POLICY in action for action in actions)
    return scales_alone or alarm["AlarmName"].startswith(_OF_TARGET_TRACKING)


def metrics(alarm: "MetricAlarmTypeDef") -> set[str]:
    """Give the names of the metrics that an alarm looks at."""
    queries = [each["MetricStat"]["Metric"] for each in alarm.get("Metrics", []) if "MetricStat" in each]
    return {each["MetricName"] for each in [alarm, *queries] if "MetricName" in each}


def _watches(alarm: "MetricAlarmTypeDef", endpoint_name: str) -> bool:
    """Tell whether an alarm's metric, or one of those that it computes with, is the endpoint's."""
    asked = any(f"'{endpoint_name}'" in query.get("Expression", "") for query in alarm.get("Metrics", []))
    return asked or endpoint_name in _endpoints(alarm)  # SELECT … WHERE …


def _is_named_after(alarm: "MetricAlarmTypeDef", endpoint_name: str) -> bool:
    """Tell whether its name begins with the endpoint's, as a word of its own, and it is on no other endpoint."""
    return bool(re.match(rf"{re.escape(endpoint_name)}(?![0-9A-Za-z])", alarm["AlarmName"])) and not _endpoints(alarm)


def _endpoints(alarm: "MetricAlarmTypeDef") -> set[str]:
    queries = [each["MetricStat"]["Metric"] for each in alarm.get("Metrics", []) if "MetricStat" in each]
    dimensions = [alarm.get("Dimensions", []), *(each.get("Dimensions", []) for each in queries)]
    return {name for each in dimensions for name in _endpoint_of(each)}


def _endpoint_of(dimensions: "Iterable[DimensionTypeDef]") -> Iterator[str]:
    return (each["Value"] for each in dimensions if each["Name"] == "EndpointName")
