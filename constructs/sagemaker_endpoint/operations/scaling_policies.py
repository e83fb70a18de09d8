"""What makes the number of instances follow the load: policies, and a schedule."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import AnyOf, IsAtLeast, IsNone, IsOneOf, IsWithin, Matches, Not

from .alarm import periods_problems
from .metrics import period_problems
from .scaling_metrics import (
    BACKLOG_PER_INSTANCE,
    METRICS,
    TRACKED,
    WITHOUT_CAPACITY,
    AnyMetric,
    CustomMetric,
    MetricMath,
    metric_problems,
    name_or_metric,
    of_aws,
    shown,
)

# https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html
_POLICY_NAME = limits.Text(min_length=1, max_length=255, pattern="[ -~]+")  # the AWS provider takes 255
_ANY = limits.Number(minimum=-(10**12), maximum=10**12)
_NOT_NEGATIVE = limits.Number(minimum=0, maximum=None)
_CAPACITY = limits.Number(minimum=0, maximum=2147483647)
_POSITIVE = limits.Number(minimum=1, maximum=None)
_ADJUSTMENT = limits.Number(minimum=-2147483647, maximum=2147483647)
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
_COMPARISON = limits.Text(
    min_length=1,
    max_length=None,
    pattern="GreaterThanOrEqualToThreshold|GreaterThanThreshold|LessThanThreshold|LessThanOrEqualToThreshold",
)
_MISSING_DATA = limits.Text(min_length=1, max_length=None, pattern="breaching|notBreaching|ignore|missing")
_CHANGE, _PERCENT, _EXACT = "ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity"
_ADJUSTMENT_TYPE = limits.Text(min_length=1, max_length=None, pattern=f"{_CHANGE}|{_PERCENT}|{_EXACT}")
_AGGREGATION = limits.Text(min_length=1, max_length=None, pattern="Average|Minimum|Maximum")
# https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-limits.html
_STEP_COUNT = limits.Number(minimum=1, maximum=20)
# https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html
_ACTION_NAME = limits.Text(
    min_length=1,
    max_length=256,
    pattern=r"[^\x00-\x20\x7f-\x9f:/|](?:[^\x00-\x1f\x7f-\x9f:/|]*[^\x00-\x20\x7f-\x9f:/|])?",
)
_TIME = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"


def _cron_field(value: str, *others: str) -> str:
    """Give the pattern of a field: values, ranges and steps in a list, and what else there is of it."""
    part = rf"(?:[*]|{value}(?:-{value})?)(?:/[0-9]+)?"
    return f"(?:{'|'.join([rf'{part}(?:,{part})*', *others])})"


# https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html
_MINUTE, _HOUR = _cron_field("[0-5]?[0-9]"), _cron_field("(?:[01]?[0-9]|2[0-3])")
_DAY_OF_MONTH, _DAY_OF_WEEK = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:[1-7]|(?i:SUN|MON|TUE|WED|THU|FRI|SAT))"
_MONTH = _cron_field("(?:0?[1-9]|1[0-2]|(?i:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC))")
_DATE = _cron_field(_DAY_OF_MONTH, "L", "LW", f"L-{_DAY_OF_MONTH}", f"{_DAY_OF_MONTH}W")
_WEEKDAY = _cron_field(_DAY_OF_WEEK, "L", f"{_DAY_OF_WEEK}L", f"{_DAY_OF_WEEK}#[1-5]")
_YEAR = _cron_field("(?:19[7-9][0-9]|2[01][0-9]{2})")
_DAYS = rf"(?:{_DATE} +{_MONTH} +\?|\? +{_MONTH} +{_WEEKDAY})"
_SCHEDULE = limits.Text(
    min_length=1,
    max_length=1600,
    pattern=rf"at\({_TIME}\)|rate\([1-9][0-9]* +(?:minute|hour|day)s?\)"
    rf"|cron\({_MINUTE} +{_HOUR} +{_DAYS} +{_YEAR}\)",
)
_ZONE = limits.Text(min_length=1, max_length=1600, pattern="[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")
_UTC = limits.Text(min_length=1, max_length=None, pattern=f"{_TIME}Z")


def _positive_problems(at: str, value: object, most: int | None = None, *, hint: str = "") -> Iterator[checks.Finding]:
    limit = limits.Number(minimum=0, maximum=most)
    bounds = "above 0" if most is None else f"above 0, at most {most}{hint}"
    sentence = f"{at} must be a number {bounds}"
    found = [*checks.number(at, value, limit, whole=False)]
    if any(isinstance(each, str) for each in found):
        yield f"{sentence}, {checks.given(value, 'number')}"
        return
    yield from checks.rule(sentence, IsWithin(value, limit, whole=False), value)
    yield from checks.rule(sentence, Not(IsOneOf(value, [0])), value)


def _cooldown_problems(at: str, **cooldowns: object) -> Iterator[checks.Finding]:
    for name, seconds in cooldowns.items():
        yield from checks.number(f"{at}.{name}", seconds, _NOT_NEGATIVE, optional=True)


def _processor_problems(at: str, metric: object, count: float | None) -> Iterator[checks.Finding]:
    if count is None:
        return
    known = of_aws(metric)
    if known is None or known.per is None:
        summed = ", ".join(name for name, each in METRICS.items() if each.per)
        yield f"{at}.processor_count must not be given with metric {shown(metric)}: it is for the sums {summed}"
    else:
        yield from checks.number(f"{at}.processor_count", count, _POSITIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTracking(checks.Inputs):
    """Keeps a metric near a target, as a thermostat does: out when it is above, in when it is well below.

    The right policy for nearly every endpoint. Application Auto Scaling makes the alarms for it, two or more that it
    looks after by itself. One for scaling out rings after 3 minutes above the target (sooner for
    ``ConcurrentRequestsPerModel``), one for scaling in after 15 minutes below 90 percent of it. The number of instances
    then changes in proportion: at twice the target it doubles. With the default `safety_factor` a jump to twice the
    load is borne; one to three times overloads it for 7 minutes where an instance takes 4 to start (docs/scaling.md).
    https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking.html
    https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-add-code-define.html

    The metrics by name:

    - ``InvocationsPerInstance``: requests to an instance in a minute.
    - ``ConcurrentRequestsPerModel``: requests in flight and waiting at an instance, counted every 10 s, so that it
      scales out soonest; right where requests take unequally long, as those of language models do.
    - ``CPUUtilization``, ``GPUUtilization``, ``GPUMemoryUtilization``, ``MemoryUtilization``: in percent of what the
      instance has. AWS counts the first three as sums, to 400 with four vCPUs; the target is multiplied here.
    - ``ServerlessProvisionedConcurrencyUtilization``: a ratio, 0 to 1; the one for serverless endpoints.
    - ``ApproximateBacklogSizePerInstance``: of asynchronous endpoints, for which `BacklogPerInstance` is made.

    Attributes:
        metric: One of these, ``CustomMetric(…)`` or ``MetricMath(…)``, which must fall as instances are added. Default
            ``InvocationsPerInstance``.
        target_value: What the metric is to be, above 0; of percentages at most 100. Default none: it, or
            `requests_per_second`, must be given.
        requests_per_second: Instead of `target_value`, for ``InvocationsPerInstance``: the most requests that one
            instance serves in a second, by a load test. Default none.
            https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-loadtest.html
        safety_factor: Which share of `requests_per_second` is the target, above 0, at most 1. Default 0.5, which AWS
            advises to begin with: half is left for the minutes until further instances serve.
        processor_count: How many vCPUs (for ``CPUUtilization``) or GPUs an instance has, at least 1. Default: known of
            each type that SageMaker hosts; needed for a type that is newer than this library.
        scale_out_cooldown: How many seconds after scaling out the next such step may come. Default 300, AWS's own. A
            greater step may come before.
        scale_in_cooldown: The same for scaling in. Default 300, AWS's own.
        disable_scale_in: Whether this policy never takes instances away. Default False.
        name: The policy's name, at most 255 characters, of its own among the variant's policies. Default: the metric's;
            ``computed`` for `MetricMath`.
    """

    metric: AnyMetric = "InvocationsPerInstance"
    target_value: float | None = None
    requests_per_second: float | None = None
    safety_factor: float | None = None
    processor_count: float | None = None
    scale_out_cooldown: float | None = None
    scale_in_cooldown: float | None = None
    disable_scale_in: bool = False
    name: str | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from metric_problems(f"{at}.metric", self.metric, TRACKED, (CustomMetric, MetricMath))
        yield from self._target_problems(at)
        yield from _processor_problems(at, self.metric, self.processor_count)
        yield from _cooldown_problems(
            at, scale_out_cooldown=self.scale_out_cooldown, scale_in_cooldown=self.scale_in_cooldown
        )
        yield from checks.flag(f"{at}.disable_scale_in", self.disable_scale_in)
        yield from checks.text(f"{at}.name", self.name, _POLICY_NAME, example="follow-load", optional=True)

    def _target_problems(self, at: str) -> Iterator[checks.Finding]:
        if self.requests_per_second is None:
            if self.safety_factor is not None:
                yield f"{at}.safety_factor must not be given without requests_per_second, of which it is a share"
            if self.target_value is None:
                yield f"{at} must be given target_value, or requests_per_second for 'InvocationsPerInstance'"
                return
            known = of_aws(self.metric)
            ratio = ", which is a ratio and no percentage" if known is not None and known.most == 1 else ""
            most = None if known is None else known.most
            yield from _positive_problems(f"{at}.target_value", self.target_value, most, hint=ratio)
            return
        if self.target_value is not None:
            yield f"{at}.target_value must not be given with requests_per_second, from which the target follows"
        if self.metric != "InvocationsPerInstance":
            yield (
                f"{at}.requests_per_second must not be given with metric {shown(self.metric)}: it is for "
                "'InvocationsPerInstance'"
            )
        yield from _positive_problems(f"{at}.requests_per_second", self.requests_per_second)
        if self.safety_factor is not None:
            yield from _positive_problems(f"{at}.safety_factor", self.safety_factor, 1)

    @property
    def policy_name(self) -> str:
        """Give the policy's name."""
        return name_or_metric(self.name, self.metric)


@dataclass(frozen=True, slots=True, kw_only=True)
class BacklogPerInstance(checks.Inputs):
    """Scales an asynchronous endpoint by the requests that wait, and wakes it from zero.

    Two policies of AWS's in one: target tracking on ``ApproximateBacklogSizePerInstance``, and, where the least
    capacity is or may be 0, one that adds the first instance as soon as a request waits without any. Without the
    second an endpoint at zero wakes only once the backlog has passed the target. It has an alarm of its own on
    ``HasBacklogWithoutCapacity``, which costs 0.10 USD a month; it rings after 2 minutes.
    https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html

    Attributes:
        target_value: How many requests are to wait for each instance, above 0. AWS's example is 5. The time a request
            waits is about this many times the time that one takes.
        scale_out_cooldown: How many seconds after scaling out the next such step may come. Default 300, AWS's own.
        scale_in_cooldown: The same for scaling in. Default 300, AWS's own.
        disable_scale_in: Whether this policy never takes instances away. Default False.
        waking_cooldown: How many seconds after the first instance was added the waking policy may act again. Default
            300, as in AWS's example.
        name: The name of the first policy, at most 247 characters; the other's is the same with ``FromZero`` behind it.
            Default ``BacklogPerInstance``.
    """

    target_value: float
    scale_out_cooldown: float | None = None
    scale_in_cooldown: float | None = None
    disable_scale_in: bool = False
    waking_cooldown: float = 300
    name: str = "BacklogPerInstance"

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from _positive_problems(f"{at}.target_value", self.target_value)
        yield from _cooldown_problems(
            at, scale_out_cooldown=self.scale_out_cooldown, scale_in_cooldown=self.scale_in_cooldown
        )
        yield from checks.number(f"{at}.waking_cooldown", self.waking_cooldown, _NOT_NEGATIVE)
        yield from checks.flag(f"{at}.disable_scale_in", self.disable_scale_in)
        yield from checks.text(f"{at}.name", self.name, _BACKLOG_NAME, example="backlog")

    @property
    def policy_name(self) -> str:
        """Give the name of the policy that tracks the backlog."""
        return self.name

    @property
    def tracking(self) -> TargetTracking:
        """Give the first policy."""
        return TargetTracking(
            metric=BACKLOG_PER_INSTANCE,
            target_value=self.target_value,
            scale_out_cooldown=self.scale_out_cooldown,
            scale_in_cooldown=self.scale_in_cooldown,
            disable_scale_in=self.disable_scale_in,
            name=self.name,
        )

    @property
    def waking(self) -> "StepScaling":
        """Give the second, by AWS's own example."""
        return StepScaling(
            name=f"{self.name}{_FROM_ZERO}",
            metric=WITHOUT_CAPACITY,
            threshold=1,
            step_adjustments=[StepAdjustment(scaling_adjustment=1, metric_interval_lower_bound=0)],
            cooldown=self.waking_cooldown,
            evaluation_periods=2,
            datapoints_to_alarm=2,
        )


_FROM_ZERO = "FromZero"
_BACKLOG_NAME = limits.Text(min_length=1, max_length=255 - len(_FROM_ZERO), pattern=_POLICY_NAME.pattern)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAdjustment(checks.Inputs):
    """By how much to scale where the metric is so far from the threshold.

    https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepAdjustment.html

    Attributes:
        scaling_adjustment: How many instances, or percent, more; fewer if it is negative; with ``ExactCapacity`` how
            many there are then, at least 0. A whole number.
        metric_interval_lower_bound: From where on it holds: the metric's value less the threshold; of percentages, in
            percent. Default: from minus infinity.
        metric_interval_upper_bound: Up to where. Default: to infinity. One of the two is given.
    """

    scaling_adjustment: float
    metric_interval_lower_bound: float | None = None
    metric_interval_upper_bound: float | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.number(f"{at}.scaling_adjustment", self.scaling_adjustment, _ADJUSTMENT)
        lower, upper = self.metric_interval_lower_bound, self.metric_interval_upper_bound
        bounds = {"metric_interval_lower_bound": lower, "metric_interval_upper_bound": upper}
        found = [
            each
            for name, bound in bounds.items()
            if bound is not None
            for each in checks.number(f"{at}.{name}", bound, _ANY, whole=False)
        ]
        yield from found
        if lower is None and upper is None:
            yield f"{at} must be given metric_interval_lower_bound or metric_interval_upper_bound"
        elif lower is not None and upper is not None and not any(isinstance(each, str) for each in found):
            # The least that is greater: that it is at least as great, and not the other way round.
            yield from checks.rule(
                f"{at}.metric_interval_upper_bound must be above metric_interval_lower_bound",
                Not(IsAtLeast(lower, upper)),
                upper,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepScaling(checks.Inputs):
    """Scales by steps of your own when an alarm rings, which is made with it and costs 0.10 USD a month.

    `TargetTracking` needs no steps and is to be preferred; this is for what that cannot do.
    https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html

    Attributes:
        name: The policy's name, at most 255 characters, of its own among the variant's policies, and by its first 119
            among those with steps. Its alarm is named ``<endpoint>/<variant>/scaling/<name>``, cut to 255.
        metric: What the alarm watches: one of those that `TargetTracking` takes, ``ApproximateBacklogSize``,
            ``ApproximateAgeOfOldestRequest`` (seconds), ``HasBacklogWithoutCapacity`` (0 or 1), or ``CustomMetric(…)``.
        threshold: What the metric is compared with, in percent where the metric is one of what the instance has.
        step_adjustments: One to 20 steps, whose intervals follow one upon another without a gap. One that begins
            below the threshold needs another before it without a lower bound, one that ends above it another behind
            it without an upper one.
        comparison_operator: ``GreaterThanOrEqualToThreshold``, ``GreaterThanThreshold``, ``LessThanThreshold`` or
            ``LessThanOrEqualToThreshold``. Default the first.
        adjustment_type: ``ChangeInCapacity``, ``PercentChangeInCapacity`` or ``ExactCapacity``. Default the first.
        min_adjustment_magnitude: With ``PercentChangeInCapacity``, the least number of instances to add or take away,
            at least 1. Default none.
        cooldown: How many seconds after a step the next may come. Default 300, AWS's own.
        metric_aggregation_type: How the values that made the alarm ring are put together: ``Average``, ``Minimum`` or
            ``Maximum``. Default ``Average``, AWS's own.
        period: Of how many seconds each value is: 10, 20, 30, or 60 times a whole number, to 86,400. Default 60.
        evaluation_periods: Of how many values together the alarm decides, at least 1, as of `Alarm`. Default 3.
        datapoints_to_alarm: How many of them must be beyond the threshold, at most all. Default: all.
        treat_missing_data: What no value counts as: ``breaching``, ``notBreaching``, ``ignore`` or ``missing``. Default
            ``missing``, as in AWS's examples.
        processor_count: As of `TargetTracking`.
    """

    name: str
    metric: str | CustomMetric
    threshold: float
    step_adjustments: Sequence[StepAdjustment]
    comparison_operator: str = "GreaterThanOrEqualToThreshold"
    adjustment_type: str = _CHANGE
    min_adjustment_magnitude: float | None = None
    cooldown: float | None = None
    metric_aggregation_type: str | None = None
    period: float = 60
    evaluation_periods: float = 3
    datapoints_to_alarm: float | None = None
    treat_missing_data: str = "missing"
    processor_count: float | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.text(f"{at}.name", self.name, _POLICY_NAME, example="out-by-two")
        yield from metric_problems(f"{at}.metric", self.metric, [*METRICS], (CustomMetric,))
        yield from checks.number(f"{at}.threshold", self.threshold, _ANY, whole=False)
        yield from self._steps_problems(f"{at}.step_adjustments")
        yield from self._alarm_problems(at)
        yield from checks.text(
            f"{at}.adjustment_type", self.adjustment_type, _ADJUSTMENT_TYPE, example="ChangeInCapacity"
        )
        if self.min_adjustment_magnitude is not None:
            yield from checks.number(f"{at}.min_adjustment_magnitude", self.min_adjustment_magnitude, _POSITIVE)
            yield from checks.rule(
                f"{at}.min_adjustment_magnitude must not be given without adjustment_type {_PERCENT!r}, whose least "
                "step it is",
                Matches(self.adjustment_type, _PERCENT),
            )
        yield from _cooldown_problems(at, cooldown=self.cooldown)
        yield from checks.text(
            f"{at}.metric_aggregation_type",
            self.metric_aggregation_type,
            _AGGREGATION,
            example="Average",
            optional=True,
        )
        yield from _processor_problems(at, self.metric, self.processor_count)

    @property
    def rings_above(self) -> bool:
        """Whether the alarm rings when the metric is great, as far as that is known."""
        return not str(self.comparison_operator).startswith("Less")

    @property
    def acts(self) -> bool:
        """Whether any step is for values beyond the threshold, as far as that is known."""
        sign = 1 if self.rings_above else -1
        bounds = [
            step.metric_interval_upper_bound if self.rings_above else step.metric_interval_lower_bound
            for step in self.step_adjustments
        ]
        return checks.deferred(self.comparison_operator) or any(
            bound is None or checks.deferred(bound) or bound * sign > 0 for bound in bounds
        )

    def _alarm_problems(self, at: str) -> Iterator[checks.Finding]:
        yield from checks.text(
            f"{at}.comparison_operator", self.comparison_operator, _COMPARISON, example="GreaterThanThreshold"
        )
        yield from checks.text(
            f"{at}.treat_missing_data", self.treat_missing_data, _MISSING_DATA, example="notBreaching"
        )
        yield from period_problems(f"{at}.period", self.period)
        yield from periods_problems(at, self.period, self.evaluation_periods, self.datapoints_to_alarm)

    def _steps_problems(self, at: str) -> Iterator[checks.Finding]:
        steps = self.step_adjustments
        if isinstance(steps, str | bytes) or not isinstance(steps, Sequence):
            yield f"{at} must be a list of StepAdjustment(...), got {checks.brief(steps)}"
            return
        if not _STEP_COUNT.minimum <= len(steps) <= (_STEP_COUNT.maximum or 0):
            yield f"{at} must have {_STEP_COUNT.minimum} to {_STEP_COUNT.maximum} steps, got {len(steps)}"
        found = [
            each for index, step in enumerate(steps) for each in checks.part(f"{at}[{index}]", step, StepAdjustment)
        ]
        yield from found
        if not steps or any(isinstance(each, str) for each in found):
            return
        exact = Matches(self.adjustment_type, _EXACT) if isinstance(self.adjustment_type, str) else Not(AnyOf([]))
        for index, step in enumerate(steps):
            yield from checks.rule(
                f"{at}[{index}].scaling_adjustment must be at least 0 with adjustment_type {_EXACT!r}",
                AnyOf([Not(exact), IsWithin(step.scaling_adjustment, _CAPACITY, whole=True)]),
                step.scaling_adjustment,
            )
        yield from _interval_problems(at, steps)


def _interval_problems(at: str, steps: Sequence[StepAdjustment]) -> Iterator[checks.Finding]:
    """Yield where intervals do not follow one upon another, or end too soon.

    https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepAdjustment.html
    """
    without = [
        [step for step in steps if step.metric_interval_lower_bound is None],
        [step for step in steps if step.metric_interval_upper_bound is None],
    ]
    for name, those in zip(("lower", "upper"), without, strict=True):
        if len(those) > 1:
            yield f"{at} must have at most one step without metric_interval_{name}_bound, got {len(those)}"
            return
    ordered = _ordered(steps)
    for one, other in pairwise(ordered):
        upper, lower = one.metric_interval_upper_bound, other.metric_interval_lower_bound
        sentence = f"{at} must follow one upon another, each from where the one before it ends"
        if upper is None or lower is None:
            yield f"{sentence}: give the one without metric_interval_lower_bound first, that without an upper one last"
            return
        for condition in (IsAtLeast(upper, lower), IsAtLeast(lower, upper)):
            found = [*checks.rule(f"{sentence}, not at {_told(upper)} and {_told(lower)}", condition)]
            yield from found
            if any(isinstance(each, str) for each in found):
                return
    first, last = ordered[0].metric_interval_lower_bound, ordered[-1].metric_interval_upper_bound
    if first is not None:
        yield from checks.rule(
            f"{at} must have a step without metric_interval_lower_bound, since one begins below the threshold",
            IsAtLeast(first, 0),
            first,
        )
    if last is not None:
        yield from checks.rule(
            f"{at} must have a step without metric_interval_upper_bound, since one ends above the threshold",
            IsAtLeast(0, last),
            last,
        )


def _ordered(steps: Sequence[StepAdjustment]) -> list[StepAdjustment]:
    """Give the steps by where they begin; as they are stated where Terraform alone knows that."""
    bounds = [step.metric_interval_lower_bound for step in steps]
    if any(map(checks.deferred, bounds)):
        return [*steps]
    return sorted(
        steps,
        key=lambda step: (
            float("-inf") if step.metric_interval_lower_bound is None else step.metric_interval_lower_bound
        ),
    )


def _told(bound: float) -> str:
    return "what Terraform knows" if checks.deferred(bound) else f"{bound:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledAction(checks.Inputs):
    """Sets the least and the greatest capacity at given times. The policies go on working between the two.

    It sets them once each time and nothing sets them back: for working days state two, one for the morning and one for
    the evening. A capacity outside is changed at once, whatever the policies' cooldowns. While SageMaker deploys an
    update, nothing scales.
    https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scheduled-scaling.html
    https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html

    Attributes:
        name: Its name, of its own among the variant's: at most 256 characters without ``:``, ``/``, ``|`` and control
            characters, no space at either end.
        schedule: ``at(2026-12-24T18:00:00)``, ``rate(12 hours)``, or ``cron(0 7 ? * MON-FRI *)``: minutes, hours, day
            of the month, month, day of the week, year; one of the two days is ``?``.
        min_capacity: The least from then on, as `AutoScaling` has it. Default: as it is. One of the two is given;
            alone, at most the greatest of `AutoScaling` or of another action.
        max_capacity: The greatest from then on. Default: as it is; alone, at least such a least.
        timezone: The time zone of ``at`` and ``cron`` by its IANA name, such as ``Europe/Berlin``; it knows of summer
            time. Default ``UTC``.
        start_time: From when on it holds, in UTC, such as ``2026-12-01T00:00:00Z``. Default: at once.
        end_time: Until when. Default: for ever.
    """

    name: str
    schedule: str
    min_capacity: float | None = None
    max_capacity: float | None = None
    timezone: str | None = None
    start_time: str | None = None
    end_time: str | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.text(f"{at}.name", self.name, _ACTION_NAME, example="morning")
        yield from checks.text(
            f"{at}.schedule", self.schedule, _SCHEDULE, example="cron(0 7 ? * MON-FRI *)", hint=_schedule_hint
        )
        given = [each for each in (self.min_capacity, self.max_capacity) if each is not None]
        yield from checks.rule(
            f"{at} must be given min_capacity or max_capacity, which it sets",
            AnyOf([Not(IsNone(each)) for each in given]),
        )
        yield from capacity_problems(at, self.min_capacity, self.max_capacity, optional=True)
        yield from checks.text(f"{at}.timezone", self.timezone, _ZONE, example="Europe/Berlin", optional=True)
        times = {"start_time": self.start_time, "end_time": self.end_time}
        found = [
            each
            for name, time in times.items()
            for each in checks.text(f"{at}.{name}", time, _UTC, example="2026-12-01T00:00:00Z", optional=True)
        ]
        yield from found
        for name, time in {"schedule": self.schedule, **times}.items():
            yield from _day_problems(f"{at}.{name}", time)
        known = all(isinstance(each, str) and not checks.deferred(each) for each in times.values())
        if known and not found and str(self.end_time) <= str(self.start_time):
            yield f"{at}.end_time must be after start_time {self.start_time!r}, got {self.end_time!r}"


def _day_problems(at: str, time: object) -> Iterator[str]:
    """Yield a time on a day that there is not; one that Terraform alone knows AWS is asked about."""
    written = re.fullmatch(rf"(?:at\()?({_TIME})(?:Z|\))", time) if isinstance(time, str) else None
    if written is not None:
        try:
            datetime.fromisoformat(written[1])
        except ValueError:
            yield f"{at} must be on a day that there is, got {time!r}"


def _schedule_hint(schedule: str) -> str:
    """Say of a usual mistake what it is."""
    fields = re.fullmatch(r"cron\((.*)\)", schedule)
    if fields is None:
        return ""
    count = len(fields[1].split())
    if count != _CRON_FIELDS:
        return f", which has {count} fields: there are 6, the last is the year"
    if fields[1].count("?") != 1:
        return ": one of day of the month and day of the week is '?'"
    return ""


_CRON_FIELDS = 6


def capacity_problems(
    at: str, least: float | None, most: float | None, *, optional: bool = False
) -> Iterator[checks.Finding]:
    """Yield what is wrong with a least and a greatest capacity."""
    found = [
        *checks.number(f"{at}.min_capacity", least, _CAPACITY, optional=optional),
        *checks.number(f"{at}.max_capacity", most, _CAPACITY, optional=optional),
    ]
    yield from found
    if least is None or most is None or any(isinstance(each, str) for each in found):
        return
    ordered = AnyOf([IsAtLeast(most, least), *([IsNone(least), IsNone(most)] if optional else [])])
    shown = "" if checks.deferred(least) else f" {least!r}"
    yield from checks.rule(f"{at}.max_capacity must be at least min_capacity{shown}", ordered, most)


ScalingPolicy = TargetTracking | StepScaling | BacklogPerInstance
