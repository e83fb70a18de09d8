"""DescribeScalingActivities, which moto lacks: nothing scales here, so there are none.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalingActivities.html
"""

import json

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from .patching import add


def fill() -> None:
    add(ApplicationAutoScalingResponse, "describe_scaling_activities", _describe_scaling_activities)


def _describe_scaling_activities(_: ApplicationAutoScalingResponse) -> str:
    return json.dumps({"ScalingActivities": []})
