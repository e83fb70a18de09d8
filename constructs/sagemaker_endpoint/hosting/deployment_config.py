"""How SageMaker moves an endpoint to another configuration, and on which alarms it takes that back."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sagemaker_endpoint.engine.bindings import Token
from sagemaker_endpoint.engine.expressions import expression
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import (
    AnyOf,
    Condition,
    Every,
    IsAtLeast,
    IsNone,
    IsOneOf,
    IsWithin,
    Matches,
    Not,
)

from . import marketplace
from .model import Model
from .serverless import ServerlessProductionVariant
from .variant import InstanceProductionVariant

ALL_AT_ONCE, CANARY, LINEAR = "ALL_AT_ONCE", "CANARY", "LINEAR"
CAPACITY_PERCENT, INSTANCE_COUNT = "CAPACITY_PERCENT", "INSTANCE_COUNT"
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CapacitySize.html
_SIZE_TYPE = limits.Text(min_length=1, max_length=None, pattern=f"{INSTANCE_COUNT}|{CAPACITY_PERCENT}")
_SIZE_VALUE = limits.Number(minimum=1, maximum=None)
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Alarm.html, as RE2 reads it too
_ALARM_NAME = limits.Text(min_length=1, max_length=255, pattern=r".*\S.*")
_ALARM_ARN = "arn:[^:]+:cloudwatch:.*"
# In percent of a variant's instances, by the members of these pages:
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RollingUpdatePolicy.html
_CANARY = limits.Number(minimum=1, maximum=50)
_LINEAR_STEP = limits.Number(minimum=10, maximum=50)
_BATCH = limits.Number(minimum=5, maximum=50)
_ROLLBACK_BATCH = limits.Number(minimum=1, maximum=100)
# What the AWS provider takes, and how long it waits for an endpoint, of any version to 6.69:
# https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/sagemaker/endpoint.go
# https://github.com/hashicorp/terraform-provider-aws/issues/39040
_TIMEOUT = limits.Number(minimum=limits.MAXIMUM_EXECUTION_TIMEOUT_IN_SECONDS.minimum, maximum=14400)
PROVIDER_WAIT_IN_SECONDS = 3600
_FALLS_BACK = "SageMaker would update it all at once, and look at no alarms"
# https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html
_INF1 = "ml[.]inf1[.].*"


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacitySize(checks.Inputs):
    """A part of a variant's instances: `CapacitySize.percent(10)`, or `CapacitySize.instances(2)`.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CapacitySize.html

    Attributes:
        type: ``CAPACITY_PERCENT`` or ``INSTANCE_COUNT``.
        value: How many percent, or how many instances: at least 1. What takes the size has further limits.
    """

    type: str
    value: float

    @staticmethod
    def percent(value: float) -> "CapacitySize":
        """Give a part of each variant's instances."""
        return CapacitySize(type=CAPACITY_PERCENT, value=value)

    @staticmethod
    def instances(value: float) -> "CapacitySize":
        """Give a number of each variant's instances."""
        return CapacitySize(type=INSTANCE_COUNT, value=value)

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.text(f"{at}.type", self.type, _SIZE_TYPE, example=CAPACITY_PERCENT)
        yield from checks.number(f"{at}.value", self.value, _SIZE_VALUE)

    def percent_problems(self, at: str, limit: limits.Number) -> Iterator[checks.Finding]:
        """Yield a percentage out of range, where type and value are what they must be."""
        yield from checks.rule(
            f"{at}.value must be {limit.minimum} to {limit.maximum} with the type {CAPACITY_PERCENT}",
            AnyOf([Not(Matches(self.type, CAPACITY_PERCENT)), IsWithin(self.value, limit, whole=True)]),
            self.value,
        )

    def count_problems(
        self, at: str, limit: limits.Number, variants: Sequence[tuple[str, float]]
    ) -> Iterator[checks.Finding]:
        """Yield a number of instances that is no such part of a variant's, which are given by name and count."""
        by_percent = Not(Matches(self.type, INSTANCE_COUNT))
        percent = f"{limit.minimum} to {limit.maximum}" if limit.minimum > 1 else f"at most {limit.maximum}"
        for name, count in variants:
            most = _part("floor", limit.maximum or 100, count)
            least = _part("ceil", limit.minimum, count) if limit.minimum > 1 else 1
            if most == 0:
                yield from checks.rule(
                    f"{at}.type must be {CAPACITY_PERCENT}: {name} has one instance, and no number of instances is "
                    f"{percent} percent of one",
                    by_percent,
                    self.type,
                )
                continue
            bounds = "" if checks.deferred(most) else f", {least} to {most} of {count}"
            sentence = (
                f"{at}.value must be {percent} percent of the instances of {name}{bounds}, with the type "
                f"{INSTANCE_COUNT}"
            )
            conditions = [IsAtLeast(most, self.value), *([] if least == 1 else [IsAtLeast(self.value, least)])]
            for condition in conditions:
                yield from checks.rule(sentence, AnyOf([by_percent, condition]), self.value)

    def steps(self, counts: Sequence[float]) -> float | str:
        """Give in how many parts of this size the instances are taken: a number, or Terraform's expression for it."""
        if not any(map(checks.deferred, [self.type, self.value, *counts])):
            whole = max(counts, default=1) if self.type == INSTANCE_COUNT else 100
            return math.ceil(whole / self.value)
        most = f"max({', '.join(map(_number, counts)) or '1'})"
        whole_ = f"({expression(self.type)} == {expression(INSTANCE_COUNT)} ? {most} : 100)"
        return f"${{ceil({whole_} / {_number(self.value)})}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentConfig(checks.Inputs):
    """What all kinds of deployment have in common.

    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html

    Each endpoint with instances has an alarm of its own that never rings, named after it with ``-rollback``, unless
    others are stated: without one the AWS provider would have to replace the endpoint to begin or to end rollbacks.
    CloudWatch counts it like any alarm (10 are free, then about 0.10 USD a month). An endpoint of a version before
    deployments has none, and needs one command first: docs/moves.md.

    Attributes:
        maximum_execution_timeout_in_seconds: How long a deployment may take in all, 600 to 14,400 s (AWS takes up to
            28,800, the AWS provider does not), and more than its waits come to. Default: SageMaker's own. Whatever it
            is, the AWS provider waits for 60 minutes, and then fails the apply.
        rollback_alarms: The names of CloudWatch alarms of this account and region. When one rings, SageMaker takes the
            deployment back, and the apply fails. Default none; at most 10, the endpoint's own among them.
        roll_back_on_own_alarms: Whether those of the endpoint's own `alarms` that are on errors and latency do that
            too. Default True. An alarm that rings already is to be expected to take back the repair as well, though no
            page of AWS's says so: to deploy it all the same, apply once with
            ``AllAtOnce(roll_back_on_own_alarms=False)``.
    """

    maximum_execution_timeout_in_seconds: float | None = None
    rollback_alarms: Sequence[str] = ()
    roll_back_on_own_alarms: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AllAtOnce(DeploymentConfig):
    """All requests move to the new instances at once; the old ones stay for as long as is waited.

    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-all-at-once.html

    The time limit and the alarms are those of `DeploymentConfig`.

    Attributes:
        wait_interval_in_seconds: How long the alarms are watched once the requests have moved, 0 to 3,600 s.
            Default 0: nothing is waited for, as where no deployment is stated.
        termination_wait_in_seconds: How long the old instances are kept after that, 0 to 3,600 s. Default 0.
    """

    wait_interval_in_seconds: float = 0
    termination_wait_in_seconds: float = 0

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from _common_problems(at, self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary(DeploymentConfig):
    """A small part of the requests moves to the new instances first, and after a wait all others.

    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-canary.html

    The time limit and the alarms are those of `DeploymentConfig`. A variant must keep its name. To rename, add or
    remove one, apply once with ``AllAtOnce()``.
    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html

    Attributes:
        canary_size: How much moves first: 1 to 50 percent, or as many instances of each variant.
        wait_interval_in_seconds: How long the alarms are watched, 0 to 3,600 s: after the first part has moved, and
            once more after all.
        termination_wait_in_seconds: How long the old instances are kept after that, 0 to 3,600 s. Default 0.
    """

    canary_size: CapacitySize
    wait_interval_in_seconds: float
    termination_wait_in_seconds: float = 0

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from _common_problems(at, self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear(DeploymentConfig):
    """The requests move to the new instances in steps of the same size, with a wait after each.

    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-linear.html

    The time limit and the alarms are those of `DeploymentConfig`. A variant must keep its name, as with `Canary`.

    Attributes:
        linear_step_size: How much moves at a time: 10 to 50 percent, or as many instances of each variant.
        wait_interval_in_seconds: How long the alarms are watched after each step, 0 to 3,600 s.
        termination_wait_in_seconds: How long the old instances are kept after that, 0 to 3,600 s. Default 0.
    """

    linear_step_size: CapacitySize
    wait_interval_in_seconds: float
    termination_wait_in_seconds: float = 0

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from _common_problems(at, self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolling(DeploymentConfig):
    """New instances take the place of old ones batch by batch, so that few more than usual run at a time.

    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-rolling.html

    The time limit and the alarms are those of `DeploymentConfig`. It is for an endpoint of one variant with instances,
    which must keep its name, as with `Canary`.

    Attributes:
        maximum_batch_size: How many at a time: 5 to 50 percent, or as many instances of the variant.
        wait_interval_in_seconds: How long the alarms are watched after each batch, 0 to 3,600 s.
        rollback_maximum_batch_size: How many at a time when the deployment is taken back: up to 100 percent, or as
            many instances. Default: all at once.
    """

    maximum_batch_size: CapacitySize
    wait_interval_in_seconds: float
    rollback_maximum_batch_size: CapacitySize | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from _common_problems(at, self)


Deployment = AllAtOnce | Canary | Linear | Rolling
_KINDS = (AllAtOnce, Canary, Linear, Rolling)


def deployment_problems(
    at: str,
    deployment: Deployment,
    production_variants: object,
    shadow_production_variants: object,
) -> Iterator[checks.Finding]:
    """Yield what is wrong with a deployment, by itself and for these variants."""
    if not isinstance(deployment, _KINDS):
        yield f"{at} must be AllAtOnce(...), Canary(...), Linear(...) or Rolling(...), got {checks.brief(deployment)}"
        return
    found = [*deployment.problems(at)]
    yield from found
    variants, shadows = checks.listed(production_variants), checks.listed(shadow_production_variants)
    yield from _exclusion_problems(at, deployment, variants, shadows)
    if any(isinstance(each, str) for each in found):
        return
    counts = [
        (f"production_variants[{index}]", each.initial_instance_count)
        for index, each in enumerate(variants)
        if isinstance(each, InstanceProductionVariant) and _is_count(each.initial_instance_count)
    ]
    for name, size, limit in _sizes(deployment):
        yield from size.count_problems(f"{at}.{name}", limit, counts)
    yield from _wait_problems(at, deployment, [count for _, count in counts])


def marketplace_problems(
    at: str, deployment: Deployment | None, models: Sequence[Model], account_id: str
) -> Iterator[checks.Finding]:
    """Yield a model package of AWS Marketplace.

    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html
    """
    if deployment is None:
        return
    names = [each.model_package_name for model in models for _, each in model.named_containers("")]
    for name in dict.fromkeys(each for each in names if each is not None):
        yield from checks.rule(
            f"{at} must not be given, but for AllAtOnce() without waits and rollback_alarms, with a model_package_name "
            f"of AWS Marketplace: {_FALLS_BACK}",
            AnyOf([*_asks_for_nothing(deployment), marketplace.is_of_elsewhere(name, account_id)]),
            name,
        )


def _common_problems(at: str, deployment: Deployment) -> Iterator[checks.Finding]:
    for name, size, limit in _sizes(deployment):
        found = [*checks.part(f"{at}.{name}", size, CapacitySize)]
        yield from found
        if not any(isinstance(each, str) for each in found):
            yield from size.percent_problems(f"{at}.{name}", limit)
    wait = deployment.wait_interval_in_seconds
    yield from checks.number(f"{at}.wait_interval_in_seconds", wait, limits.WAIT_INTERVAL_IN_SECONDS)
    if not isinstance(deployment, Rolling):
        termination = deployment.termination_wait_in_seconds
        name = f"{at}.termination_wait_in_seconds"
        yield from checks.number(name, termination, limits.TERMINATION_WAIT_IN_SECONDS)
    yield from _timeout_problems(f"{at}.maximum_execution_timeout_in_seconds", deployment)
    yield from checks.texts(
        f"{at}.rollback_alarms",
        deployment.rollback_alarms,
        limits.Number(minimum=0, maximum=limits.ROLLBACK_ALARM_COUNT.maximum),
        _ALARM_NAME,
        example="sentiment-errors",
    )
    yield from _arn_problems(f"{at}.rollback_alarms", deployment.rollback_alarms)
    yield from checks.known_flag(f"{at}.roll_back_on_own_alarms", deployment.roll_back_on_own_alarms)


def _arn_problems(at: str, alarms: object) -> Iterator[checks.Finding]:
    """Yield each alarm that is given by its ARN, in which there may be any name."""
    sentence = "must be an alarm's name, which is the end of its ARN"
    if checks.deferred(alarms):
        named = Every(alarms, lambda each: Not(Matches(each, _ALARM_ARN)))
        yield from checks.rule(f"each of {at} {sentence}", named, alarms)
    elif isinstance(alarms, Sequence):
        for index, each in enumerate(alarms):
            if isinstance(each, str):
                yield from checks.rule(f"{at}[{index}] {sentence}", Not(Matches(each, _ALARM_ARN)), each)


def _timeout_problems(at: str, deployment: Deployment) -> Iterator[checks.Finding]:
    timeout, limit = deployment.maximum_execution_timeout_in_seconds, limits.MAXIMUM_EXECUTION_TIMEOUT_IN_SECONDS
    found = [*checks.number(at, timeout, _TIMEOUT, optional=True)]
    if found and checks.holds(IsWithin(timeout, limit, whole=True)):
        yield (
            f"{at} must be at most {_TIMEOUT.maximum}, got {timeout!r}: AWS takes up to {limit.maximum}, but no "
            "version of the AWS provider does"
        )
        return
    yield from found


def _exclusion_problems(
    at: str, deployment: Deployment, variants: Sequence[object], shadows: Sequence[object]
) -> Iterator[checks.Finding]:
    """Yield what an endpoint has that SageMaker's deployments do not go with.

    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html
    """
    but = f"{at} must not be given, but for AllAtOnce() without waits and rollback_alarms,"
    nothing = _asks_for_nothing(deployment)
    if any(isinstance(each, ServerlessProductionVariant) for each in variants):
        # "Deployment guardrails only apply to Asynchronous inference and Real-time inference endpoint types":
        # https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
        sentence = f"{but} with a ServerlessProductionVariant in production_variants: {_FALLS_BACK}"
        yield from checks.rule(sentence, AnyOf(nothing))
        return
    for path, each in [
        *((f"production_variants[{index}]", each) for index, each in enumerate(variants)),
        *((f"shadow_production_variants[{index}]", each) for index, each in enumerate(shadows)),
    ]:
        if isinstance(each, InstanceProductionVariant) and isinstance(each.instance_type, str):
            sentence = f"{but} with an instance_type of ml.inf1 in {path}: {_FALLS_BACK}"
            yield from checks.rule(
                sentence, AnyOf([*nothing, Not(Matches(each.instance_type, _INF1))]), each.instance_type
            )
    if isinstance(deployment, Rolling):
        one = "SageMaker replaces the instances of an endpoint of one variant batch by batch, and of no other"
        if len(variants) > 1:
            yield f"{at} must not be Rolling(...) with several production_variants, got {len(variants)}: {one}"
        if shadows:
            yield f"{at} must not be Rolling(...) with shadow_production_variants: {one}"


def _asks_for_nothing(deployment: Deployment) -> list[Condition]:
    """Give when it is an update all at once without waits or given alarms: by any of these, so never by none."""
    if not isinstance(deployment, AllAtOnce) or deployment.rollback_alarms not in ((), []):
        return []
    waits = (deployment.wait_interval_in_seconds, deployment.termination_wait_in_seconds)
    return [Not(AnyOf([Not(IsOneOf(wait, [0])) for wait in waits]))]


def _wait_problems(at: str, deployment: Deployment, counts: Sequence[float]) -> Iterator[checks.Finding]:
    total = total_wait(deployment, counts)
    known = "" if isinstance(total, str) else f", {total} s,"
    timeout = deployment.maximum_execution_timeout_in_seconds
    if timeout is not None:
        yield from checks.rule(
            f"{at}.maximum_execution_timeout_in_seconds must be more than what the waits come to{known or ','} lest "
            "the deployment ends before they do",
            AnyOf([IsNone(timeout), Not(IsAtLeast(total, timeout))]),
            timeout,
        )
    yield from checks.rule(
        f"{at} must wait less than {PROVIDER_WAIT_IN_SECONDS} s in all, after each of its steps and before the old "
        "instances go: the AWS provider waits 60 minutes for an update, and then fails the apply",
        Not(IsAtLeast(total, PROVIDER_WAIT_IN_SECONDS)),
        total,
    )


def total_wait(deployment: Deployment, counts: Sequence[float]) -> float | str:
    """Give the sum of all waits in seconds: a number, or Terraform's expression for it."""
    wait = deployment.wait_interval_in_seconds
    match deployment:
        case AllAtOnce():
            steps: float | str = 1
        case Canary():
            steps = 2  # after the canary, and after the rest
        case Linear():
            steps = deployment.linear_step_size.steps(counts)
        case Rolling():
            steps = deployment.maximum_batch_size.steps(counts)
    termination = 0 if isinstance(deployment, Rolling) else deployment.termination_wait_in_seconds
    if checks.deferred(steps) or checks.deferred(wait):
        waits: float | str = f"${{{_number(steps)} * {_number(wait)}}}"
    else:
        waits = float(steps) * wait
    return _sum([waits, termination])


def _sum(numbers: Sequence[float | str]) -> float | str:
    if any(map(checks.deferred, numbers)):
        return f"${{{' + '.join(map(_number, numbers))}}}"
    return int(sum(float(each) for each in numbers))


def _sizes(deployment: Deployment) -> Iterator[tuple[str, CapacitySize, limits.Number]]:
    match deployment:
        case Canary():
            yield "canary_size", deployment.canary_size, _CANARY
        case Linear():
            yield "linear_step_size", deployment.linear_step_size, _LINEAR_STEP
        case Rolling():
            yield "maximum_batch_size", deployment.maximum_batch_size, _BATCH
            if deployment.rollback_maximum_batch_size is not None:
                yield "rollback_maximum_batch_size", deployment.rollback_maximum_batch_size, _ROLLBACK_BATCH
        case _:
            pass


def _part(rounded: Literal["floor", "ceil"], percent: float, count: float) -> float | str:
    if checks.deferred(count):
        return f"${{{rounded}({percent} * {_number(count)} / 100)}}"
    whole = round(percent * count)
    return whole // 100 if rounded == "floor" else -(-whole // 100)


def _number(value: float | str) -> str:
    return (
        expression(value if isinstance(value, str) else Token.as_string(value))
        if checks.deferred(value)
        else str(value)
    )


def _is_count(value: object) -> bool:
    return checks.deferred(value) or (isinstance(value, int) and not isinstance(value, bool) and value >= 1)
