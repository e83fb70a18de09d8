"""One alarm, and what may be otherwise about one that is recommended."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import AnyOf, IsAtLeast, IsNone, IsOneOf, IsWithin, Not

from .metrics import Metric, Wanted, period_problems, statistic_problems

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
_COUNT = limits.Number(minimum=1, maximum=None)
_DESCRIPTION = limits.Text(min_length=0, max_length=1024, pattern=None)
_COMPARISON = limits.Text(
    min_length=1,
    max_length=None,
    pattern="GreaterThanOrEqualToThreshold|GreaterThanThreshold|LessThanThreshold|LessThanOrEqualToThreshold",
)
_MISSING = limits.Text(min_length=1, max_length=None, pattern="breaching|notBreaching|ignore|missing")
_ALARM = limits.Text(min_length=1, max_length=63, pattern="[A-Za-z0-9_]+")
_MINUTE: Final = 60
_HOUR, _DAY, _WEEK = 3600, 86400, 604800


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm(checks.Inputs):
    """One alarm on a metric of the endpoint, or on any other.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html

    Attributes:
        name: Tells the endpoint's alarms apart, and becomes part of the alarm's name and of Terraform addresses: at
            most 63 letters, digits and underscores.
        metric: The name of a metric that SageMaker publishes of this endpoint, such as ``"ModelLatency"``, or a
            `Metric`.
        threshold: What the statistic is compared with, in the metric's unit: ``ModelLatency`` is in microseconds,
            ``CPUUtilization`` in percent of one vCPU.
        comparison_operator: ``GreaterThanThreshold``, ``GreaterThanOrEqualToThreshold``, ``LessThanThreshold`` or
            ``LessThanOrEqualToThreshold``. Default the first.
        variant: The variant that is watched. Default: each production variant by an alarm of its own. Not to be given
            for a metric of the whole endpoint, nor with a `Metric`.
        statistic: As `Metric.statistic`. Default: what says most of the metric; not to be given with a `Metric`.
        period: As `Metric.period`. Default 60 s; not to be given with a `Metric`.
        evaluation_periods: Over how many periods it looks, at least 1. Default 5. All of them may be at most one day
            together, or seven days where the period is an hour or more.
        datapoints_to_alarm: In how many of them the threshold must be passed, at least 1. Default: in all.
        treat_missing_data: What a period without data counts for: ``notBreaching``, ``breaching``, ``ignore`` or
            ``missing``. Default ``notBreaching``, as SageMaker publishes nothing of requests where there are none.
        alarm_on_insufficient_data: Whether `Alarms.alarm_actions` are done when data stops to come, too, with
            ``treat_missing_data="missing"``. Default False.
        alarm_description: What it is about, for those whom it wakes: at most 1,024 characters. Default: which metric.
    """

    name: str
    metric: str | Metric
    threshold: float
    comparison_operator: str = "GreaterThanThreshold"
    variant: str | None = None
    statistic: str | None = None
    period: float | None = None
    evaluation_periods: float = 5
    datapoints_to_alarm: float | None = None
    treat_missing_data: str = "notBreaching"
    alarm_on_insufficient_data: bool = False
    alarm_description: str | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        if isinstance(self.name, str) and checks.deferred(self.name):
            yield f"{at}.name must be known at synthesis, got {self.name!r}"
        else:
            yield from checks.text(f"{at}.name", self.name, _ALARM, example="SlowRequests")
        if isinstance(self.metric, Metric):
            yield from self.metric.problems(f"{at}.metric")
            for name in ("variant", "statistic", "period"):
                value = getattr(self, name)
                if value is not None:
                    yield f"{at}.{name} must not be given with a Metric, which states it itself, got {value!r}"
        elif not isinstance(self.metric, str):
            yield f"{at}.metric must be a metric's name or Metric(...), got {checks.brief(self.metric)}"
        yield from self._reading_problems(at)
        yield from _threshold_problems(f"{at}.threshold", self.threshold)
        yield from checks.text(
            f"{at}.comparison_operator", self.comparison_operator, _COMPARISON, example="GreaterThanThreshold"
        )
        yield from evaluation_problems(at, self)
        yield from checks.text(f"{at}.treat_missing_data", self.treat_missing_data, _MISSING, example="notBreaching")
        yield from checks.known_flag(f"{at}.alarm_on_insufficient_data", self.alarm_on_insufficient_data)
        if self.alarm_on_insufficient_data is True:
            yield from checks.rule(
                f"{at}.treat_missing_data must be 'missing' with alarm_on_insufficient_data, as data that counts for "
                "something is never insufficient",
                IsOneOf(self.treat_missing_data, ["missing"]),
                self.treat_missing_data,
            )
        if self.alarm_description is not None:
            yield from checks.text(
                f"{at}.alarm_description", self.alarm_description, _DESCRIPTION, example="Requests are slow."
            )

    def _reading_problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong with whose the metric is and how it is read."""
        if self.variant is not None:
            yield from checks.text(f"{at}.variant", self.variant, limits.VARIANT_NAME, example="AllTraffic")
        if self.statistic is not None:
            yield from statistic_problems(f"{at}.statistic", self.statistic)
        yield from period_problems(f"{at}.period", self.period, optional=True)

    def wanted(self, variant: str | None = None) -> Wanted:
        """Give which metric of the endpoint's is meant, of the alarm's own variant or another."""
        return Wanted(
            name=str(self.metric),
            variant=self.variant if variant is None else variant,
            statistic=self.statistic,
            period=_MINUTE if self.period is None else self.period,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmChange(checks.Inputs):
    """What is to be otherwise about a recommended alarm; what is not given stays.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html

    Attributes:
        threshold: As `Alarm.threshold`. Default: as recommended, as are all.
        statistic: As `Metric.statistic`.
        period: As `Metric.period`.
        evaluation_periods: As `Alarm.evaluation_periods`.
        datapoints_to_alarm: As `Alarm.datapoints_to_alarm`.
        treat_missing_data: As `Alarm.treat_missing_data`.
    """

    threshold: float | None = None
    statistic: str | None = None
    period: float | None = None
    evaluation_periods: float | None = None
    datapoints_to_alarm: float | None = None
    treat_missing_data: str | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        if self == AlarmChange():
            yield f"{at} must change something, such as AlarmChange(threshold=0.05); leave the alarm out by leave_out"
        if self.threshold is not None:
            yield from _threshold_problems(f"{at}.threshold", self.threshold)
        if self.statistic is not None:
            yield from statistic_problems(f"{at}.statistic", self.statistic)
        yield from period_problems(f"{at}.period", self.period, optional=True)
        for name in ("evaluation_periods", "datapoints_to_alarm"):
            if getattr(self, name) is not None:
                yield from checks.number(f"{at}.{name}", getattr(self, name), _COUNT)
        if self.treat_missing_data is not None:
            yield from checks.text(
                f"{at}.treat_missing_data", self.treat_missing_data, _MISSING, example="notBreaching"
            )

    def applied(self, alarm: Alarm) -> Alarm:
        """Give the alarm as changed. Fewer periods than the data points that it wanted: all of them then."""
        changes = {each: getattr(self, each) for each in self.__slots__ if getattr(self, each) is not None}
        changed = replace(alarm, **changes)
        if self.treat_missing_data is not None:
            its = alarm.alarm_on_insufficient_data and self.treat_missing_data == "missing"
            changed = replace(changed, alarm_on_insufficient_data=its)
        periods, points = changed.evaluation_periods, changed.datapoints_to_alarm
        fewer = self.datapoints_to_alarm is None and points is not None and self.evaluation_periods is not None
        if fewer and (checks.deferred(periods) or periods < (points or 0)):
            return replace(changed, datapoints_to_alarm=None)
        return changed


def _threshold_problems(at: str, threshold: object) -> Iterator[checks.Finding]:
    number = isinstance(threshold, int | float) and not isinstance(threshold, bool)
    if not number or threshold != threshold or threshold in (float("inf"), float("-inf")):  # noqa: PLR0124 - only NaN is not itself
        yield f"{at} must be a number, {checks.given(threshold, 'number')}"
    elif checks.deferred(threshold):
        yield from checks.rule(f"{at} must be a number", Not(IsNone(threshold)), threshold)


def evaluation_problems(at: str, alarm: Alarm) -> Iterator[checks.Finding]:
    """Yield what is wrong with over how many periods an alarm looks."""
    period = alarm.metric.period if isinstance(alarm.metric, Metric) else alarm.period
    yield from periods_problems(
        at, _MINUTE if period is None else period, alarm.evaluation_periods, alarm.datapoints_to_alarm
    )


def periods_problems(at: str, period: float, periods: float, points: float | None) -> Iterator[checks.Finding]:
    """Yield what is wrong with how many periods of so many seconds are looked at, and how many of them count."""
    found = [*checks.number(f"{at}.evaluation_periods", periods, _COUNT)]
    if points is not None:
        found += checks.number(f"{at}.datapoints_to_alarm", points, _COUNT)
    yield from found
    if any(isinstance(each, str) for each in found):
        return
    if points is not None:
        most = "" if checks.deferred(periods) else f" {periods!r}"
        yield from checks.rule(
            f"{at}.datapoints_to_alarm must be at most evaluation_periods{most}, of which it is a part",
            AnyOf([IsNone(points), IsAtLeast(periods, points)]),
            points,
        )
    yield from _span_problems(at, period, periods)


def _span_problems(at: str, period: float, periods: float) -> Iterator[checks.Finding]:
    """Yield that CloudWatch does not look back so far; where Terraform alone knows both, AWS is asked."""
    if isinstance(period, int) and period > 0:
        most, span = (_DAY, "one day") if period < _HOUR else (_WEEK, "seven days")
        yield from checks.rule(
            f"{at}.evaluation_periods must be at most {most // period} of {period} s, which are {span} together",
            IsWithin(periods, limits.Number(minimum=1, maximum=most // period), whole=True),
            periods,
        )
    elif isinstance(periods, int):
        short = limits.Number(minimum=1, maximum=min(_HOUR - 1, _DAY // periods))
        long = limits.Number(minimum=_HOUR, maximum=_WEEK // periods)
        yield from checks.rule(
            f"{at}.period must be at most one day divided by evaluation_periods {periods}, or seven days if it is an "
            "hour or more",
            AnyOf([IsWithin(period, short, whole=True), IsWithin(period, long, whole=True)]),
            period,
        )
