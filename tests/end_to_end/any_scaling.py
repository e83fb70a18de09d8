"""Scaling at random, of every kind of endpoint."""

from dataclasses import replace
from typing import Any

from sagemaker_endpoint import (
    AutoScaling,
    BacklogPerInstance,
    CustomMetric,
    InstanceProductionVariant,
    MetricMath,
    ScheduledAction,
    ServerlessProductionVariant,
    StepAdjustment,
    StepScaling,
    TargetTracking,
)

from hypothesis import strategies as st

_SECONDS = st.none() | st.sampled_from([0, 60, 3600])
_WAITING = CustomMetric(metric_name="Waiting", namespace="Serving", statistic="Sum", unit="Count")
_STEPS = [
    StepAdjustment(scaling_adjustment=10, metric_interval_lower_bound=0, metric_interval_upper_bound=2.5),
    StepAdjustment(scaling_adjustment=100, metric_interval_lower_bound=2.5),
]
_SCHEDULES = [
    "at(2040-12-24T18:00:00)",
    "rate(12 hours)",
    "cron(0 7 ? * MON-FRI *)",
    "cron(0/15 8-18 1,15 JAN-MAR ? 2030-2040)",
]


@st.composite
def scaled(
    draw: st.DrawFn, variant: InstanceProductionVariant | ServerlessProductionVariant, *, asynchronous: bool
) -> Any:  # noqa: ANN401 - a variant of the same kind
    """Give a variant that may be scaled, by policies of each kind that there is for it."""
    if isinstance(variant, ServerlessProductionVariant):
        if variant.provisioned_concurrency is None or draw(st.booleans()):
            return variant
        metric = "ServerlessProvisionedConcurrencyUtilization"
        of_kind: list[Any] = [TargetTracking(metric=metric, target_value=draw(st.sampled_from([0.01, 1])))]
        most = variant.max_concurrency
    else:
        if variant.instance_type.startswith("ml.t2.") or draw(st.booleans()):
            return variant
        of_kind, most = draw(_of_instances(asynchronous=asynchronous)), 2**31 - 1
    steps = StepScaling(
        name="a b/c",
        metric=_WAITING,
        threshold=draw(st.sampled_from([0, -1.5, 1e9])),
        step_adjustments=_STEPS,
        comparison_operator=draw(st.sampled_from(["GreaterThanThreshold", "GreaterThanOrEqualToThreshold"])),
        adjustment_type="PercentChangeInCapacity",
        min_adjustment_magnitude=draw(st.none() | st.just(2)),
        cooldown=draw(_SECONDS),
        metric_aggregation_type=draw(st.none() | st.sampled_from(["Average", "Minimum", "Maximum"])),
        period=draw(st.sampled_from([10, 60, 120])),
        evaluation_periods=draw(st.sampled_from([4, 720])),
        datapoints_to_alarm=draw(st.none() | st.sampled_from([1, 4])),
        treat_missing_data=draw(st.sampled_from(["breaching", "notBreaching", "ignore", "missing"])),
    )
    action = ScheduledAction(
        name="für früh, 7 Uhr",
        schedule=draw(st.sampled_from(_SCHEDULES)),
        min_capacity=draw(st.none() | st.just(1)),
        max_capacity=most,
        timezone=draw(st.none() | st.sampled_from(["UTC", "Europe/Berlin"])),
        start_time=draw(st.none() | st.just("2040-01-01T00:00:00Z")),
        end_time=draw(st.none() | st.just("2041-01-01T00:00:00Z")),
    )
    scaling = AutoScaling(min_capacity=1, max_capacity=most, policies=[*of_kind, steps], scheduled_actions=[action])
    return replace(variant, auto_scaling=scaling)


@st.composite
def _of_instances(draw: st.DrawFn, *, asynchronous: bool) -> list[Any]:
    every: dict[str, Any] = {
        "scale_out_cooldown": draw(_SECONDS),
        "scale_in_cooldown": draw(_SECONDS),
        "disable_scale_in": draw(st.booleans()),
    }
    of_kind = (
        BacklogPerInstance(target_value=draw(st.sampled_from([0.5, 5])), waking_cooldown=60, **every)
        if asynchronous
        else TargetTracking(
            requests_per_second=draw(st.sampled_from([0.1, 20])),
            safety_factor=draw(st.none() | st.sampled_from([0.3, 1])),
            name=draw(st.none() | st.just("follow")),
            **every,
        )
    )
    math = MetricMath(
        expression="waiting / n_2",
        metrics={"waiting": _WAITING, "n_2": replace(_WAITING, dimensions={"Queue": "ü"})},
        label="waiting, per worker",
    )
    processors = draw(st.none() | st.sampled_from([1, 96]))
    return [
        of_kind,
        TargetTracking(metric=math, target_value=0.5),
        TargetTracking(metric="CPUUtilization", target_value=62.5, processor_count=processors),
    ]
