"""What Application Auto Scaling knows of the endpoint's variants.

https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.errors import is_denied
from sagemaker_endpoint_doctor.examination.subject import Subject

from botocore.exceptions import ClientError

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_application_autoscaling.type_defs import (
        ScalableTargetTypeDef,
        ScalingActivityTypeDef,
        ScalingPolicyTypeDef,
        ScheduledActionTypeDef,
    )

_LATEST = 10


def targets(subject: Subject) -> "dict[str, list[ScalableTargetTypeDef]]":
    """Give the endpoint's scalable targets by the names of their variants, those of variants that are gone too.

    These can be found by no name: so all targets of the account's endpoints are asked for, which is one call for 50.
    """
    return subject.once("scalable targets", lambda: _targets(subject))


def _targets(subject: Subject) -> "dict[str, list[ScalableTargetTypeDef]]":
    start = f"endpoint/{subject.endpoint()['EndpointName']}/variant/"
    pages = subject.aws.application_autoscaling.get_paginator("describe_scalable_targets")
    found: dict[str, list[ScalableTargetTypeDef]] = {}
    for page in pages.paginate(ServiceNamespace="sagemaker"):
        for target in page["ScalableTargets"]:
            if target["ResourceId"].startswith(start):
                found.setdefault(target["ResourceId"].removeprefix(start), []).append(target)
    return found


def policies(subject: Subject, target: "ScalableTargetTypeDef") -> "list[ScalingPolicyTypeDef]":
    """Give the policies of a target."""
    pages = subject.aws.application_autoscaling.get_paginator("describe_scaling_policies")
    return subject.once(
        f"scaling policies {target['ScalableDimension']} {target['ResourceId']}",
        lambda: [
            each
            for page in pages.paginate(
                ServiceNamespace="sagemaker",
                ResourceId=target["ResourceId"],
                ScalableDimension=target["ScalableDimension"],
            )
            for each in page["ScalingPolicies"]
        ],
    )


def seen_policies(subject: Subject, target: "ScalableTargetTypeDef") -> "list[ScalingPolicyTypeDef]":
    """Give the policies of a target, or none where they may not be seen: another check says so."""
    try:
        return policies(subject, target)
    except ClientError as error:
        if is_denied(error):
            return []
        raise


def scheduled_actions(subject: Subject, target: "ScalableTargetTypeDef") -> "Iterator[ScheduledActionTypeDef]":
    """Give what changes the least and the greatest number of a target at given times."""
    pages = subject.aws.application_autoscaling.get_paginator("describe_scheduled_actions")
    for page in pages.paginate(
        ServiceNamespace="sagemaker", ResourceId=target["ResourceId"], ScalableDimension=target["ScalableDimension"]
    ):
        yield from page["ScheduledActions"]


def last_activity(subject: Subject, target: "ScalableTargetTypeDef") -> "ScalingActivityTypeDef | None":
    """Give the last time that a target's capacity was changed, or was to be; the newest come first.

    https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalingActivities.html
    """
    answer = subject.aws.application_autoscaling.describe_scaling_activities(
        ServiceNamespace="sagemaker",
        ResourceId=target["ResourceId"],
        ScalableDimension=target["ScalableDimension"],
        MaxResults=_LATEST,
    )
    return max(answer["ScalingActivities"], key=lambda each: each["StartTime"], default=None)


def metric(policy: "ScalingPolicyTypeDef") -> str:
    """Give the metric by which a policy of target tracking scales, or "" for one that alarms start."""
    tracked = policy.get("TargetTrackingScalingPolicyConfiguration")
    if not tracked:
        return ""
    predefined = tracked.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
    own = tracked.get("CustomizedMetricSpecification", {})
    return predefined or own.get("MetricName") or "computed from several metrics"


def in_words(policy: "ScalingPolicyTypeDef") -> str:
    """Name a policy and what it goes by: ``busy (CPUUtilization at 70)``."""
    tracked = policy.get("TargetTrackingScalingPolicyConfiguration")
    if not tracked:
        return f"{policy['PolicyName']} (in steps, when an alarm rings)"
    return f"{policy['PolicyName']} ({metric(policy)} at {tracked['TargetValue']:g})"
