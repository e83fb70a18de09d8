"""Lets the number of instances, or a serverless variant's provisioned concurrency, follow the load."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sagemaker_endpoint.engine import bindings
from sagemaker_endpoint.engine.bindings import (
    Annotations,
    Construct,
    SagemakerEndpoint,
    TerraformResource,
    TerraformStack,
    Token,
)
from sagemaker_endpoint.engine.expressions import expression, told, truncated
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.engine.lifecycle import set_lifecycle
from sagemaker_endpoint.engine.preconditions import preconditions
from sagemaker_endpoint.rules import checks, limits, processors
from sagemaker_endpoint.rules.conditions import AnyOf, AreDistinct, IsAtLeast, IsNone, IsWithin, Matches, Not

from .metrics import ASYNCHRONOUS, REAL_TIME, SERVERLESS
from .scaling_metrics import COMPUTED, METRICS, AnyMetric, CustomMetric, MetricMath, of_aws
from .scaling_policies import (
    BacklogPerInstance,
    ScalingPolicy,
    ScheduledAction,
    StepScaling,
    TargetTracking,
    capacity_problems,
)

_NAMESPACE: Final = "sagemaker"
_INSTANCES: Final = "sagemaker:variant:DesiredInstanceCount"
_CONCURRENCY: Final = "sagemaker:variant:DesiredProvisionedConcurrency"
# https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-limits.html
_POLICY_COUNT: Final = 50
_ACTION_COUNT: Final = 200
_ALARM_NAME_LENGTH: Final = 255
# What is left of a policy's name in its alarm's behind the longest names of an endpoint and a variant.
_OF_SCALING: Final = "scaling"
_KEPT_LENGTH: Final = _ALARM_NAME_LENGTH - 2 * (limits.VARIANT_NAME.max_length or 0) - len(f"//{_OF_SCALING}/")
# https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-add-console.html
_BURSTABLE: Final = "ml[.]t[0-9].*"
_AT_LEAST_ONE: Final = limits.Number(minimum=1, maximum=None)
# By AWS's own example: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-loadtest.html
_SAFETY_FACTOR: Final = 0.5
_PROCESSORS: Final = {"vCPU": processors.VCPUS, "GPU": processors.GPUS}


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
        actions = [each for each in _listed(self.scheduled_actions) if isinstance(each, ScheduledAction)]
        least = [self.min_capacity, *(each.min_capacity for each in actions)]
        wakes = any(each is not None and (checks.deferred(each) or each == 0) for each in least)
        return [policy.tracking, *([policy.waking] if wakes else [])]


def _alone_problems(at: str, capacity: object, other: str, others: Sequence[object]) -> Iterator[checks.Finding]:
    """Yield one that is set alone, where it goes with no `other` that there can be by then.

    https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-policy-overview.html
    """
    if not _is_capacity(capacity):
        return
    pairs = [(each, capacity) if other == "max_capacity" else (capacity, each) for each in others if _is_capacity(each)]
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
    for index, action in enumerate(_listed(scaling.scheduled_actions)):
        if isinstance(action, ScheduledAction):
            yield from _capacities_problems(variant, f"{variant.at}.auto_scaling.scheduled_actions[{index}]", action)
    for index, policy in enumerate(_listed(scaling.policies)):
        yield from _policy_problems(variant, f"{variant.at}.auto_scaling.policies[{index}]", policy)


def _listed(values: object) -> Sequence[object]:
    return values if isinstance(values, Sequence) and not isinstance(values, str | bytes) else ()


def _capacities_problems(
    variant: ScaledVariant, at: str, capacities: AutoScaling | ScheduledAction
) -> Iterator[checks.Finding]:
    least, most = capacities.min_capacity, capacities.max_capacity
    optional = isinstance(capacities, ScheduledAction)
    reasons = {
        REAL_TIME: "must be at least 1 without async_inference_config: AWS scales asynchronous endpoints alone to 0",
        SERVERLESS: "must be at least 1 of a ServerlessProductionVariant, some of whose concurrency is provisioned",
    }
    if variant.kind in reasons and _is_capacity(least):
        none = IsNone(least) if optional else None
        yield from checks.rule(
            f"{at}.min_capacity {reasons[variant.kind]}", IsWithin(least, _AT_LEAST_ONE, whole=False), least, none=none
        )
    if variant.kind == SERVERLESS and _is_capacity(most) and _is_capacity(variant.max_concurrency):
        shown = "" if checks.deferred(variant.max_concurrency) else f" {variant.max_concurrency!r}"
        yield from checks.rule(
            f"{at}.max_capacity must be at most max_concurrency{shown}, of which what is provisioned is a part",
            IsAtLeast(variant.max_concurrency, most),
            most,
            none=IsNone(most) if optional else None,
        )


def _is_capacity(value: object) -> bool:
    """Tell whether another rule has nothing against it as a number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and (checks.deferred(value) or value >= 0)


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
    if hosted and instance_type not in _PROCESSORS[per]:
        yield f"{at}.metric {metric!r} must not be given with instance_type {instance_type!r}, which has no {per}"
        return
    yield from checks.rule(
        f"{at}.processor_count must be given, the number of {per}s of an instance, for an instance_type whose number "
        "this library does not know",
        Matches(instance_type, f"ml[.](?:{'|'.join(each[3:].replace('.', '[.]') for each in _PROCESSORS[per])})")
        if checks.deferred(instance_type)
        else IsWithin(_PROCESSORS[per].get(instance_type, 0), _AT_LEAST_ONE, whole=True),
        instance_type,
    )


class EndpointScaling(Construct):
    """Registers a variant and makes its policies and scheduled actions; once the endpoint has its configuration.

    Attributes: `target`, the registration; `policies` and `scheduled_actions`, by name; `alarms`, by their
    policy's name.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDKTF's name for it
        identity: Identity,
        variant: ScaledVariant,
        *,
        endpoint: SagemakerEndpoint,
        endpoint_config_name: str,
        deferred: Sequence[checks.Deferred] = (),
    ) -> None:
        super().__init__(scope, id)
        scaling = variant.auto_scaling
        self._identity = identity
        self._variant = variant
        self._warn()
        registered = self._registered(endpoint, endpoint_config_name)
        self.target = bindings.AppautoscalingTarget(
            self,
            "Target",
            service_namespace=_NAMESPACE,
            resource_id=f"endpoint/{endpoint.name}/variant/{variant.variant_name}",
            scalable_dimension=_CONCURRENCY if variant.instance_type is None else _INSTANCES,
            min_capacity=scaling.min_capacity,
            max_capacity=scaling.max_capacity,
            tags=identity.tags,
        )
        set_lifecycle(self.target, precondition=preconditions(deferred), replace_triggered_by=[registered])
        self.policies: dict[str, bindings.AppautoscalingPolicy] = {}
        self.alarms: dict[str, bindings.CloudwatchMetricAlarm] = {}
        self.scheduled_actions: dict[str, bindings.AppautoscalingScheduledAction] = {}
        for index, policy in enumerate(each for stated in scaling.policies for each in scaling.rendered(stated)):
            if isinstance(policy, TargetTracking):
                self._follow(policy, index)
            else:
                self._step(policy, index)
        for index, action in enumerate(scaling.scheduled_actions):
            self._schedule(action, index)

    def _registered(self, endpoint: SagemakerEndpoint, endpoint_config_name: str) -> str:
        """Keep what a registration does not outlive, and give the reference to it.

        AWS refuses another instance type while the variant is registered, and forgets the registration with the
        endpoint. Registering anew also brings a number of instances that a new configuration began with, and that lies
        outside the least and the greatest, back between them.
        https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html
        https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-delete-with-scaling.html
        """
        variant = self._variant
        # CDKTF's class for it would start Terraform at synthesis, to ask for its version.
        made = TerraformResource(self, "Registered", terraform_resource_type="terraform_data")
        kept: dict[str, object] = {"endpoint_arn": endpoint.arn}
        if variant.instance_type is not None:
            kept["instance_type"] = variant.instance_type
        within = self._initial_lies_within()
        if within is False:
            kept["endpoint_config_name"] = endpoint_config_name
        elif within is None:
            met = self._initial_lies_within_later()
            kept["endpoint_config_name"] = f"${{{met} ? null : {expression(endpoint_config_name)}}}"
            warning = {"condition": f"${{{met}}}", "error_message": self._outside()}
            TerraformStack.of(self).add_override(f"check.{made.friendly_unique_id}.assert", [warning])
        made.add_override("input", kept)
        return f"terraform_data.{made.friendly_unique_id}"

    def _initial_lies_within(self) -> bool | None:
        """Tell whether a new configuration begins with a number between the least and the greatest; None if unknown."""
        scaling, initial = self._variant.auto_scaling, self._variant.initial
        answers = [
            checks.holds(IsAtLeast(initial, scaling.min_capacity)),
            checks.holds(IsAtLeast(scaling.max_capacity, initial)),
        ]
        return False if False in answers else None if None in answers else True

    def _initial_lies_within_later(self) -> str:
        """Write the same as a condition; a null is refused elsewhere."""
        scaling, initial = self._variant.auto_scaling, _number(self._variant.initial)
        least, most = _number(scaling.min_capacity), _number(scaling.max_capacity)
        return f"try({initial} >= {least} && {initial} <= {most}, true)"

    def _outside(self) -> str:
        variant, scaling = self._variant, self._variant.auto_scaling
        return (
            f"{variant.at}.{variant.initial_name} {_shown(variant.initial)} lies outside min_capacity "
            f"{_shown(scaling.min_capacity)} and max_capacity {_shown(scaling.max_capacity)} of auto_scaling: each new "
            "configuration begins with it, and is put right only after the update."
        )

    def _warn(self) -> None:
        variant, scaling = self._variant, self._variant.auto_scaling
        if self._initial_lies_within() is False:
            Annotations.of(self).add_warning(self._outside())
        wakes = any(
            isinstance(each, BacklogPerInstance) or _has_values_at_zero(each.metric) for each in scaling.policies
        )
        schedules = any(each.min_capacity != 0 for each in scaling.scheduled_actions if each.min_capacity is not None)
        if scaling.min_capacity == 0 and scaling.max_capacity != 0 and not wakes and not schedules:
            Annotations.of(self).add_warning(
                f"{variant.at}.auto_scaling.min_capacity 0 has no policy that wakes the endpoint: at zero instances "
                "its metrics have no values. Add BacklogPerInstance(...)"
            )
        for index, policy in enumerate(scaling.policies):
            if isinstance(policy, StepScaling) and not policy.acts:
                where, bound = ("above", "lower") if policy.rings_above else ("below", "upper")
                Annotations.of(self).add_warning(
                    f"{variant.at}.auto_scaling.policies[{index}] never scales: its alarm rings {where} the threshold, "
                    f"and no step is for values there. Give one metric_interval_{bound}_bound 0, and not the other"
                )

    def _follow(self, policy: TargetTracking, index: int) -> None:
        tracking = bindings.AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration
        predefined = bindings.AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification
        metric = of_aws(policy.metric)
        is_predefined = metric is not None and metric.predefined is not None
        self._put(
            policy.policy_name,
            index,
            policy_type="TargetTrackingScaling",
            target_tracking_scaling_policy_configuration=tracking(
                target_value=self._target_value(policy),
                predefined_metric_specification=predefined(predefined_metric_type=metric.predefined)
                if metric is not None and metric.predefined is not None
                else None,
                customized_metric_specification=None if is_predefined else self._customized(policy.metric),
                scale_out_cooldown=policy.scale_out_cooldown,
                scale_in_cooldown=policy.scale_in_cooldown,
                disable_scale_in=None if policy.disable_scale_in is False else policy.disable_scale_in,
            ),
        )

    def _customized(
        self, metric: AnyMetric
    ) -> "bindings.AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecification":
        specification = (
            bindings.AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecification
        )
        if isinstance(metric, MetricMath):
            return specification(metrics=self._queries(metric))
        dimension = (
            bindings.AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationDimensions
        )
        found = self._specified(metric)
        return specification(
            metric_name=found.metric_name,
            namespace=found.namespace,
            statistic=found.statistic,
            unit=found.unit,
            dimensions=[dimension(name=name, value=value) for name, value in (found.dimensions or {}).items()],
        )

    def _queries(self, math: MetricMath) -> list[Any]:
        query = (
            bindings.AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetrics
        )
        stat = bindings.AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStat  # noqa: E501 - AWS's names
        measured = bindings.AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStatMetric  # noqa: E501 - same
        dimension = bindings.AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStatMetricDimensions  # noqa: E501 - same
        queries = [query(id=COMPUTED, expression=math.expression, label=math.label, return_data=True)]
        for name, metric in math.metrics.items():
            found = self._specified(metric)
            its = measured(
                metric_name=found.metric_name,
                namespace=found.namespace,
                dimensions=[dimension(name=of, value=value) for of, value in (found.dimensions or {}).items()],
            )
            of_metric = stat(metric=its, stat=found.statistic, unit=found.unit)
            queries.append(query(id=name, metric_stat=of_metric, return_data=False))
        return queries

    def _specified(self, metric: str | CustomMetric) -> CustomMetric:
        """Give a metric with all that CloudWatch needs to find it."""
        endpoint_name = self._identity.endpoint_name
        of_variant = {"EndpointName": endpoint_name, "VariantName": self._variant.variant_name}
        if isinstance(metric, CustomMetric):
            return CustomMetric(
                metric_name=metric.metric_name,
                namespace=metric.namespace,
                dimensions=of_variant if metric.dimensions is None else metric.dimensions,
                statistic=metric.statistic,
                unit=metric.unit,
            )
        known = METRICS[metric]
        return CustomMetric(
            metric_name=metric,
            namespace=known.namespace,
            dimensions=of_variant if known.of_variant else {"EndpointName": endpoint_name},
            statistic=known.statistic,
            unit=known.unit,
        )

    def _step(self, policy: StepScaling, index: int) -> None:
        stepping = bindings.AppautoscalingPolicyStepScalingPolicyConfiguration
        adjustment = bindings.AppautoscalingPolicyStepScalingPolicyConfigurationStepAdjustment
        count = self._processors(policy)
        made = self._put(
            policy.name,
            index,
            policy_type="StepScaling",
            step_scaling_policy_configuration=stepping(
                adjustment_type=policy.adjustment_type,
                cooldown=policy.cooldown,
                metric_aggregation_type=policy.metric_aggregation_type,
                min_adjustment_magnitude=policy.min_adjustment_magnitude,
                step_adjustment=[
                    adjustment(
                        scaling_adjustment=step.scaling_adjustment,
                        metric_interval_lower_bound=_as_text(_times(step.metric_interval_lower_bound, count)),
                        metric_interval_upper_bound=_as_text(_times(step.metric_interval_upper_bound, count)),
                    )
                    for step in policy.step_adjustments
                ],
            ),
        )
        found = self._specified(policy.metric)
        # A slash is in no name of an endpoint, a variant or another alarm: no two alarms of an account have one name.
        name = f"{self._identity.endpoint_name}/{self._variant.variant_name}/{_OF_SCALING}/{policy.name}"
        self.alarms[policy.name] = bindings.CloudwatchMetricAlarm(
            self,
            f"Alarm{_id(policy.name, index)}",
            alarm_name=truncated(name, _ALARM_NAME_LENGTH),
            alarm_description=f"Scales the variant {self._variant.variant_name} of the endpoint "
            f"{self._identity.endpoint_name}, and tells nobody.",
            namespace=found.namespace,
            metric_name=found.metric_name,
            dimensions={**(found.dimensions or {})},
            statistic=found.statistic,
            unit=found.unit,
            comparison_operator=policy.comparison_operator,
            threshold=_times(policy.threshold, count),
            period=policy.period,
            evaluation_periods=policy.evaluation_periods,
            datapoints_to_alarm=policy.datapoints_to_alarm,
            treat_missing_data=policy.treat_missing_data,
            alarm_actions=[made.arn],
            tags=self._identity.tags,
        )

    def _put(self, name: str, index: int, **settings: object) -> "bindings.AppautoscalingPolicy":
        made = bindings.AppautoscalingPolicy(
            self,
            f"Policy{_id(name, index)}",
            name=name,
            service_namespace=self.target.service_namespace,
            resource_id=self.target.resource_id,
            scalable_dimension=self.target.scalable_dimension,
            **settings,  # type: ignore[arg-type] # of one of the two kinds
        )
        self._go_with_target(made)
        self.policies[name] = made
        return made

    def _schedule(self, action: ScheduledAction, index: int) -> None:
        made = self.scheduled_actions[action.name] = bindings.AppautoscalingScheduledAction(
            self,
            f"Schedule{_id(action.name, index)}",
            name=action.name,
            service_namespace=self.target.service_namespace,
            resource_id=self.target.resource_id,
            scalable_dimension=self.target.scalable_dimension,
            schedule=action.schedule,
            timezone=action.timezone,
            start_time=action.start_time,
            end_time=action.end_time,
            scalable_target_action=bindings.AppautoscalingScheduledActionScalableTargetAction(
                min_capacity=_as_text(action.min_capacity), max_capacity=_as_text(action.max_capacity)
            ),
        )
        self._go_with_target(made)

    def _go_with_target(self, made: TerraformResource) -> None:
        """Have it made anew with the registration, with which AWS deletes it, but not when that changes in place.

        https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeregisterScalableTarget.html
        """
        target = f"{self.target.terraform_resource_type}.{self.target.friendly_unique_id}"
        set_lifecycle(made, replace_triggered_by=[f"{target}.id"])

    def _target_value(self, policy: TargetTracking) -> float:
        if policy.requests_per_second is None:
            value = policy.target_value
        else:
            # AWS counts a minute's: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-loadtest.html
            share = _SAFETY_FACTOR if policy.safety_factor is None else policy.safety_factor
            value = _times(policy.requests_per_second, 60, share)
        found = _times(value, self._processors(policy))
        if found is None:
            raise TypeError(policy)
        return found

    def _processors(self, policy: TargetTracking | StepScaling) -> float:
        """Give what a percentage of the instance is multiplied with to be what CloudWatch counts.

        https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html#cloudwatch-metrics-jobs
        """
        metric = of_aws(policy.metric)
        if metric is None or metric.per is None:
            return 1
        instance_type = self._variant.instance_type
        if policy.processor_count is not None or instance_type is None:
            return policy.processor_count or 1
        by_type = _PROCESSORS[metric.per]
        if not checks.deferred(instance_type):
            return by_type[instance_type]
        numbers = sorted(set(by_type.values()))
        names = [" ".join(name for name, its in by_type.items() if its == number) for number in numbers]
        lists = f'[for types in {expression(names)} : contains(split(" ", types), {expression(instance_type)})]'
        # Another type is refused by a precondition.
        return Token.as_number(f"${{element({numbers}, try(index({lists}, true), 0))}}")


def _has_values_at_zero(metric: AnyMetric) -> bool:
    """Tell whether a metric is of the queue, or of the user's own, rather than of instances that there are not."""
    known = of_aws(metric)
    return known is None or not known.of_variant


def _id(name: str, index: int) -> str:
    """Give the end of a construct id, by the name: another order moves nothing."""
    return f"{index}" if checks.deferred(name) else "-" + re.sub(r"[^\w.-]", lambda match: f"%{ord(match[0]):x}", name)


def _number(value: object) -> str:
    return expression(Token.as_string(value)) if checks.deferred(value) else str(value)


def _shown(value: object) -> str:
    return told(Token.as_string(value)) if checks.deferred(value) else str(value)


def _times(value: float | None, *factors: float) -> float | None:
    """Multiply, here or in Terraform."""
    others = [factor for factor in factors if checks.deferred(factor) or factor != 1]
    if value is None or not others:
        return value
    if any(map(checks.deferred, (value, *others))):
        return Token.as_number(f"${{{' * '.join(map(_number, (value, *others)))}}}")
    product = float(value)
    for factor in others:
        product *= factor
    product = round(product, 6)
    return int(product) if product.is_integer() else product


def _as_text(value: float | None) -> str | None:
    """Write a number as the AWS provider reads it back, where it takes a text."""
    if value is None:
        return None
    return Token.as_string(value) if checks.deferred(value) else f"{value:.6f}".rstrip("0").rstrip(".")


def scale(
    scope: Construct,
    identity: Identity,
    variants: Sequence[ScaledVariant],
    *,
    endpoint: SagemakerEndpoint,
    endpoint_config_name: str,
    found: Sequence[checks.Deferred],
) -> list[EndpointScaling]:
    """Make it for each variant that is scaled."""
    return [
        EndpointScaling(
            scope,
            f"Scaling{index}" if checks.deferred(each.variant_name) else f"Scaling-{each.variant_name}",
            identity,
            each,
            endpoint=endpoint,
            endpoint_config_name=endpoint_config_name,
            deferred=checks.about(found, f"{each.at}.auto_scaling"),
        )
        for index, each in enumerate(variants)
    ]
