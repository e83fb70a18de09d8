"""What a scaling policy looks at: a metric of SageMaker's, one of the user's own, or one computed from others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sagemaker_endpoint.rules import checks, limits

from .metrics import ASYNCHRONOUS, REAL_TIME, SERVERLESS


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingMetric:
    """A metric of SageMaker's: how CloudWatch has it, and which kinds of endpoints publish it.

    `predefined`: its name to Application Auto Scaling, if it has one; `per`: whether it is a sum over the instance's
    ``vCPU`` or ``GPU``; `most`: the greatest that a target may be; `tracks`: whether it falls as instances are added;
    `of_variant`: whether it is of a variant or of the whole endpoint.
    """

    namespace: str = "AWS/SageMaker"
    statistic: str = "Average"
    unit: str | None = None
    predefined: str | None = None
    per: str | None = None
    most: int | None = None
    tracks: bool = True
    of_variant: bool = True
    kinds: tuple[str, ...] = (REAL_TIME, ASYNCHRONOUS)


def _of_instance(per: str | None = None) -> ScalingMetric:
    return ScalingMetric(namespace="/aws/sagemaker/Endpoints", unit="Percent", per=per, most=100)


def _of_queue(*, tracks: bool) -> ScalingMetric:
    return ScalingMetric(of_variant=False, kinds=(ASYNCHRONOUS,), tracks=tracks)


# https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
# https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
# https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-monitoring.html
METRICS: Final = {
    "InvocationsPerInstance": ScalingMetric(
        statistic="Sum", predefined="SageMakerVariantInvocationsPerInstance", kinds=(REAL_TIME,)
    ),
    "ConcurrentRequestsPerModel": ScalingMetric(
        statistic="Maximum", predefined="SageMakerVariantConcurrentRequestsPerModelHighResolution", kinds=(REAL_TIME,)
    ),
    "CPUUtilization": _of_instance("vCPU"),
    "GPUUtilization": _of_instance("GPU"),
    "GPUMemoryUtilization": _of_instance("GPU"),
    "MemoryUtilization": _of_instance(),
    "ServerlessProvisionedConcurrencyUtilization": ScalingMetric(
        statistic="Maximum", predefined="SageMakerVariantProvisionedConcurrencyUtilization", most=1, kinds=(SERVERLESS,)
    ),
    "ApproximateBacklogSizePerInstance": _of_queue(tracks=True),
    "ApproximateBacklogSize": _of_queue(tracks=False),
    "ApproximateAgeOfOldestRequest": _of_queue(tracks=False),
    "HasBacklogWithoutCapacity": _of_queue(tracks=False),
}
BACKLOG_PER_INSTANCE: Final = "ApproximateBacklogSizePerInstance"
WITHOUT_CAPACITY: Final = "HasBacklogWithoutCapacity"
TRACKED: Final = [name for name, metric in METRICS.items() if metric.tracks]

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
_METRIC_NAME = limits.Text(min_length=1, max_length=255, pattern=None)
_NAMESPACE = limits.Text(min_length=1, max_length=255, pattern="[^:](?s:.*)")
_DIMENSION_COUNT = limits.Number(minimum=0, maximum=30)
_DIMENSION_NAME = limits.Text(min_length=1, max_length=255, pattern="[^:](?s:.*)")
_DIMENSION_VALUE = limits.Text(min_length=1, max_length=1024, pattern=None)
_STATISTIC = limits.Text(min_length=1, max_length=None, pattern="Average|Minimum|Maximum|SampleCount|Sum")
_UNIT = limits.Text(min_length=1, max_length=64, pattern=None)
# https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingMetricDataQuery.html
# The AWS provider takes no longer expressions and labels.
_EXPRESSION = limits.Text(min_length=1, max_length=2047, pattern=None)
_ID = limits.Text(min_length=1, max_length=255, pattern="[a-z][a-zA-Z0-9_]*")
_METRIC_COUNT = limits.Number(minimum=1, maximum=None)
COMPUTED: Final = "computed"
"""The id of what an expression gives, beside those of the metrics that it is computed from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomMetric(checks.Inputs):
    """A metric in CloudWatch, of the endpoint's or of yours.

    https://docs.aws.amazon.com/autoscaling/application/APIReference/API_CustomizedMetricSpecification.html

    Attributes:
        metric_name: Its name, at most 255 characters.
        namespace: Where it is, such as ``/aws/sagemaker/Endpoints``, at most 255 characters.
        dimensions: Its dimensions, at most 30, all of them: CloudWatch finds no metric by some. Default: the variant's,
            ``EndpointName`` and ``VariantName``.
        statistic: ``Average``, ``Minimum``, ``Maximum``, ``SampleCount`` or ``Sum``. Default ``Average``.
        unit: The unit that it is published with, such as ``Percent``. Default: any.
    """

    metric_name: str
    namespace: str
    dimensions: Mapping[str, str] | None = None
    statistic: str = "Average"
    unit: str | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.text(f"{at}.metric_name", self.metric_name, _METRIC_NAME, example="QueueLength")
        yield from checks.text(f"{at}.namespace", self.namespace, _NAMESPACE, example="MyTeam/Serving")
        if self.dimensions is not None:
            # The provider has a block for each.
            if not isinstance(self.dimensions, Mapping) or checks.deferred(self.dimensions):
                yield (
                    f"{at}.dimensions must be a mapping whose names are known at synthesis (its values need not be), "
                    f"got {self.dimensions!r}"
                )
            else:
                yield from checks.mapping(
                    f"{at}.dimensions",
                    self.dimensions,
                    _DIMENSION_COUNT,
                    what="dimensions",
                    key=(_DIMENSION_NAME, "EndpointName"),
                    value=(_DIMENSION_VALUE, "sentiment"),
                )
        yield from checks.text(f"{at}.statistic", self.statistic, _STATISTIC, example="Average")
        yield from checks.text(f"{at}.unit", self.unit, _UNIT, example="Percent", optional=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricMath(checks.Inputs):
    """A metric that is computed from others, such as what waits for each of the variant's workers.

    https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking-metric-math.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html

    Attributes:
        expression: How, by the ids of `metrics`, such as ``waiting / workers``; at most 2,047 characters. It must fall
            as instances are added.
        metrics: What from: a ``CustomMetric(…)`` by its id, which begins with a lower-case letter, holds letters,
            digits and underscores, and is not ``computed``.
        label: What CloudWatch calls the result, at most 2,047 characters. Default: none.
    """

    expression: str
    metrics: Mapping[str, CustomMetric]
    label: str | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.text(f"{at}.expression", self.expression, _EXPRESSION, example="waiting / workers")
        yield from checks.text(f"{at}.label", self.label, _EXPRESSION, example="waiting per worker", optional=True)
        if not isinstance(self.metrics, Mapping) or checks.deferred(self.metrics) or not self.metrics:
            yield (
                f"{at}.metrics must be a mapping of one or more CustomMetric(...) by ids that are known at synthesis, "
                f"got {self.metrics!r}"
            )
            return
        for name, metric in self.metrics.items():
            yield from checks.text(f"{at}.metrics id", name, _ID, example="waiting")
            if name == COMPUTED:
                yield f"{at}.metrics must not have the id {COMPUTED!r}, which is that of the expression"
            if isinstance(metric, CustomMetric):
                yield from metric.problems(f"{at}.metrics[{name!r}]")
            else:
                yield f"{at}.metrics[{name!r}] must be CustomMetric(...), got {metric!r}"


AnyMetric = str | CustomMetric | MetricMath


def metric_problems(
    at: str, metric: object, names: Sequence[str], kinds: tuple[type[CustomMetric] | type[MetricMath], ...]
) -> Iterator[checks.Finding]:
    """Yield what is wrong with a metric that must be of one of these names or kinds."""
    if isinstance(metric, kinds):
        yield from metric.problems(at)
    elif not isinstance(metric, str) or metric not in names:
        own = ", ".join(f"{kind.__name__}(...)" for kind in kinds)
        yield f"{at} must be {own} or one of {', '.join(names)}, known at synthesis, got {metric!r}"


def of_aws(metric: object) -> ScalingMetric | None:
    """Give what is known of a metric; None for one of the user's own, and for what is none."""
    return METRICS.get(metric) if isinstance(metric, str) else None


def shown(metric: object) -> str:
    """Give a metric as an error tells it."""
    return repr(metric) if isinstance(metric, str) else f"{type(metric).__name__}(...)"


def name_or_metric(name: str | None, metric: AnyMetric) -> str:
    """Give a policy's name: its own, or by what it looks at."""
    if name is not None:
        return name
    if isinstance(metric, MetricMath):
        return COMPUTED
    return metric.metric_name if isinstance(metric, CustomMetric) else metric
