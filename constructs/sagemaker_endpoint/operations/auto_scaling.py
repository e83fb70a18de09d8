"""How far a variant may be scaled, by what and when, as its users state it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sagemaker_endpoint.engine.expressions import truncated
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import AnyOf, AreDistinct, IsAtLeast, IsNone

from .scaling_policies import (
    BacklogPerInstance,
    ScalingPolicy,
    ScheduledAction,
    StepScaling,
    TargetTracking,
    capacity_problems,
)

# https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-limits.html
_POLICY_COUNT: Final = 50
_ACTION_COUNT: Final = 200
_ALARM_NAME_LENGTH: Final = 255
# What is left of a policy's name in its alarm's behind the longest names of an endpoint and a variant.
_OF_SCALING: Final = "scaling"
_KEPT_LENGTH: Final = _ALARM_NAME_LENGTH - 2 * (limits.VARIANT_NAME.max_length or 0) - len(f"//{_OF_SCALING}/")


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoScaling(checks.Inputs):
    """Lets Application Auto Scaling change the number of a variant's instances, or its provisioned concurrency.

    What it changes is no change to Terraform, whose plan stays empty. But a new endpoint configuration, such as of a
    new image, begins again with `initial_instance_count`: SageMaker could keep the number that scaling had reached,
    and no version of the AWS provider asks it to. So state one that bears the load at the time of updates. A warning
    tells of one outside `min_capacity` and `max_capacity`, which is put right as soon as the update is done.

    AWS refuses to change the instance type of a variant that is registered for scaling, to rename it or to remove it:
    Terraform then takes the registration away first, and puts it back with all policies and scheduled actions once the
    endpoint is updated. Burstable types, ``ml.t2``, cannot be scaled. AWS makes the service-linked role
    ``AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`` in the account, once.
    https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html
    https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html
    https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-autoscale.html

    Attributes:
        min_capacity: The least number of instances, at least 1; at least 0 of an asynchronous endpoint, which then
            needs a `BacklogPerInstance` to wake it. Of a serverless variant, the least provisioned concurrency, at
            least 1. If what is there is less, it is raised at once.
        max_capacity: The greatest, at least `min_capacity`; at most the account's quota for the instance type, and of a
            serverless variant at most its `max_concurrency`. If what is there is more, it is lowered at once.
        policies: What makes it follow the load, up to 50: `TargetTracking`, `BacklogPerInstance`, `StepScaling`. Of
            several the one that asks for the most wins. Default none: only what is scheduled changes it.
        scheduled_actions: Other least and greatest capacities at given times, up to 200. Default none.
    """

    min_capacity: float
    max_capacity: float
    policies: Sequence[ScalingPolicy] = ()
    scheduled_actions: Sequence[ScheduledAction] = ()

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from capacity_problems(at, self.min_capacity, self.max_capacity)
        yield from self._policies_problems(f"{at}.policies")
        yield from self._actions_problems(f"{at}.scheduled_actions")

    def _policies_problems(self, at: str) -> Iterator[checks.Finding]:
        kinds = (TargetTracking, BacklogPerInstance, StepScaling)
        named = " or ".join(f"{kind.__name__}(...)" for kind in kinds)
        policies = self.policies
        if isinstance(policies, str | bytes) or not isinstance(policies, Sequence):
            yield f"{at} must be a list of {named}, got {checks.brief(policies)}"
            return
        for index, policy in enumerate(policies):
            if isinstance(policy, kinds):
                yield from policy.problems(f"{at}[{index}]")
            else:
                yield f"{at}[{index}] must be {named}, got {checks.brief(policy)}"
        known = [each for each in policies if isinstance(each, kinds)]
        rendered = [each for policy in known for each in self.rendered(policy)]
        if len(rendered) > _POLICY_COUNT:
            yield f"{at} must have at most {_POLICY_COUNT} policies, got {len(rendered)}"
        names = [each.name if isinstance(each, StepScaling) else each.policy_name for each in rendered]
        yield from _own_names(f"{at} must each have a name of their own", names)
        of_steps = [each.name for each in rendered if isinstance(each, StepScaling) and isinstance(each.name, str)]
        long = [each for each in of_steps if checks.deferred(each) or len(each) > _KEPT_LENGTH]
        yield from _own_names(
            f"{at} with steps must each have a name whose first {_KEPT_LENGTH} characters are its own: the names of "
            "their alarms are cut",
            [truncated(each, _KEPT_LENGTH) for each in long],
        )

    def _actions_problems(self, at: str) -> Iterator[checks.Finding]:
        actions = self.scheduled_actions
        if isinstance(actions, str | bytes) or not isinstance(actions, Sequence):
            yield f"{at} must be a list of ScheduledAction(...), got {checks.brief(actions)}"
            return
        for index, action in enumerate(actions):
            yield from checks.part(f"{at}[{index}]", action, ScheduledAction)
        if len(actions) > _ACTION_COUNT:
            yield f"{at} must have at most {_ACTION_COUNT} scheduled actions, got {len(actions)}"
        stated = [each for each in actions if isinstance(each, ScheduledAction)]
        yield from _own_names(f"{at} must each have a name of their own", [each.name for each in stated])
        least, most = ([getattr(each, name) for each in [self, *stated]] for name in ("min_capacity", "max_capacity"))
        for index, action in enumerate(actions):
            if isinstance(action, ScheduledAction) and action.max_capacity is None:
                yield from _alone_problems(f"{at}[{index}].min_capacity", action.min_capacity, "max_capacity", most)
            elif isinstance(action, ScheduledAction) and action.min_capacity is None:
                yield from _alone_problems(f"{at}[{index}].max_capacity", action.max_capacity, "min_capacity", least)

    def rendered(self, policy: ScalingPolicy) -> list[TargetTracking | StepScaling]:
        """Give AWS's policies of one of these: two where one of them wakes the endpoint from zero."""
        if not isinstance(policy, BacklogPerInstance):
            return [policy]
        actions = [each for each in checks.listed(self.scheduled_actions) if isinstance(each, ScheduledAction)]
        least = [self.min_capacity, *(each.min_capacity for each in actions)]
        wakes = any(each is not None and (checks.deferred(each) or each == 0) for each in least)
        return [policy.tracking, *([policy.waking] if wakes else [])]


def _alone_problems(at: str, capacity: object, other: str, others: Sequence[object]) -> Iterator[checks.Finding]:
    """Yield one that is set alone, where it goes with no `other` that there can be by then.

    https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-policy-overview.html
    """
    if not is_capacity(capacity):
        return
    pairs = [(each, capacity) if other == "max_capacity" else (capacity, each) for each in others if is_capacity(each)]
    yield from checks.rule(
        f"{at} must be at {'most' if other == 'max_capacity' else 'least'} the {other} of auto_scaling or of another "
        f"scheduled action, as AWS sets none without: give {other} with it",
        AnyOf([IsAtLeast(greater, smaller) for greater, smaller in pairs]),
        capacity,
        none=IsNone(capacity),
    )


def _own_names(sentence: str, names: Sequence[object]) -> Iterator[checks.Finding]:
    texts = [name for name in names if isinstance(name, str)]
    known = Counter(name for name in texts if not checks.deferred(name))
    repeated = {name: times for name, times in known.items() if times > 1}
    for name, times in repeated.items():
        yield f"{sentence}, got {name!r} {times} times"
    if not repeated and len(texts) > 1:
        yield from checks.rule(sentence, AreDistinct(texts), texts)


def is_capacity(value: object) -> bool:
    """Tell whether another rule has nothing against it as a number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and (checks.deferred(value) or value >= 0)


def alarm_name(endpoint_name: str, variant_name: str, policy_name: str) -> str:
    """Name the alarm of a policy with steps.

    A slash is in no name of an endpoint, a variant or another alarm: no two alarms of an account have one name.
    """
    return truncated(f"{endpoint_name}/{variant_name}/{_OF_SCALING}/{policy_name}", _ALARM_NAME_LENGTH)
