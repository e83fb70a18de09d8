"""Lets the number of instances, or a serverless variant's provisioned concurrency, follow the load."""

import re
from collections.abc import Sequence
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
from sagemaker_endpoint.engine.expressions import expression, told
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.engine.lifecycle import set_lifecycle
from sagemaker_endpoint.engine.preconditions import preconditions
from sagemaker_endpoint.rules import checks
from sagemaker_endpoint.rules.conditions import IsAtLeast

from .auto_scaling import alarm_name
from .scaled_variant import PROCESSORS, ScaledVariant
from .scaling_metrics import COMPUTED, METRICS, AnyMetric, CustomMetric, MetricMath, of_aws
from .scaling_policies import BacklogPerInstance, ScheduledAction, StepScaling, TargetTracking

_NAMESPACE: Final = "sagemaker"
_INSTANCES: Final = "sagemaker:variant:DesiredInstanceCount"
_CONCURRENCY: Final = "sagemaker:variant:DesiredProvisionedConcurrency"
# By AWS's own example: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-loadtest.html
_SAFETY_FACTOR: Final = 0.5


class EndpointScaling(Construct):
    """Registers a variant and makes its policies and scheduled actions; once the endpoint has its configuration.

    Attributes: `target`, the registration; `policies` and `scheduled_actions`, by name; `alarms`, by their
    policy's name.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
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
        measured = bindings.AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStatMetric  # noqa: E501 - AWS's own name
        dimension = bindings.AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricsMetricStatMetricDimensions  # noqa: E501 - AWS's own name
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
        self.alarms[policy.name] = bindings.CloudwatchMetricAlarm(
            self,
            f"Alarm{_id(policy.name, index)}",
            alarm_name=alarm_name(self._identity.endpoint_name, self._variant.variant_name, policy.name),
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
        by_type = PROCESSORS[metric.per]
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
