"""A variant that is scaled: what does not go with it, or with its kind of endpoint."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sagemaker_endpoint.rules import checks, limits, processors
from sagemaker_endpoint.rules.conditions import IsAtLeast, IsNone, IsWithin, Matches, Not

from .auto_scaling import AutoScaling, is_capacity
from .metrics import ASYNCHRONOUS, REAL_TIME, SERVERLESS
from .scaling_metrics import METRICS, of_aws
from .scaling_policies import BacklogPerInstance, ScheduledAction, StepScaling, TargetTracking

# https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-add-console.html
_BURSTABLE: Final = "ml[.]t[0-9].*"
_AT_LEAST_ONE: Final = limits.Number(minimum=1, maximum=None)
PROCESSORS: Final = {"vCPU": processors.VCPUS, "GPU": processors.GPUS}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaledVariant:
    """What scaling needs to know of a variant that is scaled, and of its endpoint.

    `at`: its path; `initial`: how many instances, or how much provisioned concurrency, a new configuration begins with,
    and `initial_name`, the input that says so; `instance_type`: None of a serverless one; `max_concurrency`: of a
    serverless one.
    """

    at: str
    variant_name: str
    auto_scaling: AutoScaling
    initial: float | None
    initial_name: str
    instance_type: str | None = None
    max_concurrency: float | None = None
    asynchronous: bool = False

    @property
    def kind(self) -> str:
        """Give the kind of endpoint by which metrics it publishes."""
        if self.instance_type is None:
            return SERVERLESS
        return ASYNCHRONOUS if self.asynchronous else REAL_TIME


def kind_problems(variant: ScaledVariant) -> Iterator[checks.Finding]:
    """Yield what does not go with the variant or the kind of endpoint, each sentence naming both."""
    scaling = variant.auto_scaling
    if isinstance(variant.instance_type, str):
        yield from checks.rule(
            f"{variant.at}.auto_scaling must not be given with a burstable instance_type: AWS scales every type but "
            "those of ml.t2, such as 'ml.m5.large'",
            Not(Matches(variant.instance_type, _BURSTABLE)),
            variant.instance_type,
        )
    if variant.kind == SERVERLESS:
        yield from checks.rule(
            f"{variant.at}.auto_scaling must not be given without provisioned_concurrency, which it changes",
            Not(IsNone(variant.initial)),
        )
    if not isinstance(scaling, AutoScaling):
        return
    yield from _capacities_problems(variant, f"{variant.at}.auto_scaling", scaling)
    for index, action in enumerate(checks.listed(scaling.scheduled_actions)):
        if isinstance(action, ScheduledAction):
            yield from _capacities_problems(variant, f"{variant.at}.auto_scaling.scheduled_actions[{index}]", action)
    for index, policy in enumerate(checks.listed(scaling.policies)):
        yield from _policy_problems(variant, f"{variant.at}.auto_scaling.policies[{index}]", policy)


def _capacities_problems(
    variant: ScaledVariant, at: str, capacities: AutoScaling | ScheduledAction
) -> Iterator[checks.Finding]:
    least, most = capacities.min_capacity, capacities.max_capacity
    optional = isinstance(capacities, ScheduledAction)
    reasons = {
        REAL_TIME: "must be at least 1 without async_inference_config: AWS scales asynchronous endpoints alone to 0",
        SERVERLESS: "must be at least 1 of a ServerlessProductionVariant, some of whose concurrency is provisioned",
    }
    if variant.kind in reasons and is_capacity(least):
        none = IsNone(least) if optional else None
        yield from checks.rule(
            f"{at}.min_capacity {reasons[variant.kind]}", IsWithin(least, _AT_LEAST_ONE, whole=False), least, none=none
        )
    if variant.kind == SERVERLESS and is_capacity(most) and is_capacity(variant.max_concurrency):
        shown = "" if checks.deferred(variant.max_concurrency) else f" {variant.max_concurrency!r}"
        yield from checks.rule(
            f"{at}.max_capacity must be at most max_concurrency{shown}, of which what is provisioned is a part",
            IsAtLeast(variant.max_concurrency, most),
            most,
            none=IsNone(most) if optional else None,
        )


def _policy_problems(variant: ScaledVariant, at: str, policy: object) -> Iterator[checks.Finding]:
    if isinstance(policy, BacklogPerInstance):
        if variant.kind != ASYNCHRONOUS:
            beside = "a ServerlessProductionVariant" if variant.kind == SERVERLESS else "no async_inference_config"
            yield (
                f"{at} must not be BacklogPerInstance(...) with {beside}: asynchronous endpoints alone have a backlog"
            )
        return
    if not isinstance(policy, TargetTracking | StepScaling):
        return
    known = of_aws(policy.metric)
    if known is None:
        return
    if variant.kind not in known.kinds:
        others = [name for name, each in METRICS.items() if variant.kind in each.kinds]
        beside = {
            ASYNCHRONOUS: "async_inference_config",
            SERVERLESS: "a ServerlessProductionVariant",
            REAL_TIME: "instances and no async_inference_config",
        }[variant.kind]
        yield (
            f"{at}.metric {policy.metric!r} must not be given with {beside}: SageMaker publishes it for "
            f"{' and '.join(known.kinds)} endpoints alone. There are {', '.join(others)}, and CustomMetric(...)"
        )
    elif known.per is not None and policy.processor_count is None and isinstance(variant.instance_type, str):
        yield from _known_processors(variant.instance_type, at, policy.metric, known.per)


def _known_processors(instance_type: str, at: str, metric: object, per: str) -> Iterator[checks.Finding]:
    hosted = instance_type in limits.INSTANCE_TYPES
    if hosted and instance_type not in PROCESSORS[per]:
        yield f"{at}.metric {metric!r} must not be given with instance_type {instance_type!r}, which has no {per}"
        return
    yield from checks.rule(
        f"{at}.processor_count must be given, the number of {per}s of an instance, for an instance_type whose number "
        "this library does not know",
        Matches(instance_type, f"ml[.](?:{'|'.join(each[3:].replace('.', '[.]') for each in PROCESSORS[per])})")
        if checks.deferred(instance_type)
        else IsWithin(PROCESSORS[per].get(instance_type, 0), _AT_LEAST_ONE, whole=True),
        instance_type,
    )
