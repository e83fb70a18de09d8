"""How an update of the endpoint goes, and how long that may take.

"If no update policy is specified, SageMaker uses a blue/green deployment strategy with all at once traffic shifting by
default."
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BlueGreenUpdatePolicy.html
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RollingUpdatePolicy.html
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_sagemaker.type_defs import CapacitySizeTypeDef, DescribeEndpointOutputTypeDef

_IN_HALVES: "CapacitySizeTypeDef" = {"Type": "CAPACITY_PERCENT", "Value": 50}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How an update goes.

    Attributes:
        words: The kind of deployment, in words.
        wait: How long each step bakes, with the alarms watched.
        waits: How long all that is waited for takes together.
        limit: The time-out of its own; none if nothing is stated.
    """

    words: str
    wait: timedelta
    waits: timedelta
    limit: timedelta


def last_manner(endpoint: "DescribeEndpointOutputTypeDef") -> Manner:
    """Give how the last update went; of one under way, AWS does not say whether this is its own already."""
    last = endpoint.get("LastDeploymentConfig", {})
    count = max((each.get("CurrentInstanceCount", 0) for each in endpoint.get("ProductionVariants", [])), default=0)
    rolling = last.get("RollingUpdatePolicy")
    if rolling:
        return _manner("rolling", rolling, rolling, _steps(rolling.get("MaximumBatchSize", _IN_HALVES), count))
    policy = last.get("BlueGreenUpdatePolicy", {})
    routing = policy.get("TrafficRoutingConfiguration", {})
    kind = routing.get("Type", "ALL_AT_ONCE")
    steps = {"CANARY": 2, "LINEAR": _steps(routing.get("LinearStepSize", _IN_HALVES), count)}.get(kind, 1)
    return _manner(f"blue/green, {kind.lower().replace('_', ' ')}", policy, routing, steps)


def _manner(words: str, policy: Mapping[str, object], routing: Mapping[str, object], steps: int) -> Manner:
    wait, end, limit = (
        _seconds(policy=settings, name=name)
        for settings, name in (
            (routing, "WaitIntervalInSeconds"),
            (policy, "TerminationWaitInSeconds"),
            (policy, "MaximumExecutionTimeoutInSeconds"),
        )
    )
    return Manner(words=words, wait=wait, waits=steps * wait + end, limit=limit)


def _seconds(*, policy: Mapping[str, object], name: str) -> timedelta:
    value = policy.get(name)
    return timedelta(seconds=value if isinstance(value, int) else 0)


def _steps(size: "CapacitySizeTypeDef", count: int) -> int:
    """Give in how many parts of a size the instances are taken."""
    whole = count if size["Type"] == "INSTANCE_COUNT" else 100
    return max(1, math.ceil(whole / max(1, size["Value"])))
