"""The metrics of an endpoint: those that SageMaker publishes, by name, and what its containers may write."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sagemaker_endpoint.access.statements import Condition, Statement
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import AnyOf, IsMultiple, IsOneOf, IsWithin

# What publishes a metric: an endpoint's kind, or what there is besides.
REAL_TIME: Final = "real-time"
SERVERLESS: Final = "serverless"
ASYNCHRONOUS: Final = "asynchronous"
GPU: Final = "GPU"
MULTI_MODEL: Final = "multi-model"
COMPONENTS: Final = "inference-component"

_REQUESTS: Final = "AWS/SageMaker"
_HOSTS: Final = "/aws/sagemaker/Endpoints"
_COPIES: Final = "/aws/sagemaker/InferenceComponents"

_ENDPOINT: Final = ("EndpointName",)
_VARIANT: Final = ("EndpointName", "VariantName")
_CONTAINER: Final = ("EndpointName", "VariantName", "ContainerName")
_COMPONENT: Final = ("InferenceComponentName",)
# What is asked for by which argument.
_ARGUMENTS: Final = {"ContainerName": "container_name", "InferenceComponentName": "inference_component_name"}

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
_STATISTIC = limits.Text(
    min_length=1,
    max_length=None,
    pattern=(
        r"Average|Sum|Minimum|Maximum|SampleCount|IQM|(?:p|tm|wm|tc|ts)(?:[0-9]{1,2}(?:[.][0-9]{1,10})?|100)"
        r"|(?:PR|TM|WM|TC|TS)\([0-9.%:]+\)"
    ),
)
_SIMPLE = ("Average", "Sum", "Minimum", "Maximum", "SampleCount")
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
_PERIOD = limits.Number(minimum=10, maximum=86400)
_SHORT_PERIODS = (10, 20, 30)
_MINUTE = 60
_NAMESPACE = limits.Text(min_length=1, max_length=255, pattern="[^:].*")
_NAME = limits.Text(min_length=1, max_length=255, pattern=None)
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
_UNIT = limits.Text(
    min_length=1,
    max_length=None,
    pattern=(
        "None|Percent|(?:Micros|Millis|S)econds|Count(?:/Second)?"
        "|(?:Bits|Bytes|(?:Kilo|Mega|Giga|Tera)(?:bits|bytes))(?:/Second)?"
    ),
)
_DIMENSION_COUNT = limits.Number(minimum=0, maximum=30)
_DIMENSION_VALUE = limits.Text(min_length=1, max_length=1024, pattern=None)


@dataclass(frozen=True, slots=True)
class Published:
    """One line of AWS's list: a metric's name and place, its unit, the statistic that says most, and who publishes."""

    name: str
    namespace: str
    unit: str
    dimensions: tuple[str, ...]
    statistic: str
    kinds: tuple[str, ...]


def _lines(
    namespace: str, dimensions: tuple[str, ...], unit: str, statistic: str, kinds: Sequence[str], *names: str
) -> list[Published]:
    return [Published(name, namespace, unit, dimensions, statistic, tuple(kinds)) for name in names]


_INSTANCES = (REAL_TIME, ASYNCHRONOUS)
_AT_ONCE = (REAL_TIME, SERVERLESS)
_ALL = (REAL_TIME, SERVERLESS, ASYNCHRONOUS)

PUBLISHED: Final = (
    # https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
    # https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
    # https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-monitoring.html
    *_lines(_REQUESTS, _VARIANT, "None", "Sum", _AT_ONCE, "Invocations"),
    *_lines(_REQUESTS, _VARIANT, "None", "Average", _ALL, "Invocation4XXErrors", "Invocation5XXErrors"),
    *_lines(_REQUESTS, _VARIANT, "None", "Average", (REAL_TIME,), "InvocationModelErrors", "MidStreamErrors"),
    *_lines(_REQUESTS, _VARIANT, "None", "Sum", (REAL_TIME,), "InvocationsPerInstance"),
    *_lines(_REQUESTS, _VARIANT, "None", "Maximum", (REAL_TIME,), "ConcurrentRequestsPerModel"),
    *_lines(_REQUESTS, _VARIANT, "Microseconds", "Average", _ALL, "ModelLatency"),
    *_lines(_REQUESTS, _VARIANT, "Microseconds", "Average", _AT_ONCE, "OverheadLatency"),
    *_lines(
        _REQUESTS,
        _VARIANT,
        "Microseconds",
        "Average",
        (REAL_TIME,),
        "FirstChunkLatency",
        "FirstChunkModelLatency",
        "FirstChunkOverheadLatency",
    ),
    *_lines(_REQUESTS, _VARIANT, "Microseconds", "Average", (SERVERLESS,), "ModelSetupTime"),
    *_lines(_HOSTS, _VARIANT, "Percent", "Average", _INSTANCES, "CPUUtilization", "DiskUtilization"),
    *_lines(_HOSTS, _VARIANT, "Percent", "Average", _ALL, "MemoryUtilization"),
    *_lines(_HOSTS, _VARIANT, "Percent", "Average", (GPU,), "GPUUtilization", "GPUMemoryUtilization"),
    # https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-monitoring.html
    *_lines(
        _REQUESTS,
        _VARIANT,
        "None",
        "Maximum",
        (SERVERLESS,),
        "ServerlessConcurrentExecutionsUtilization",
        "ServerlessProvisionedConcurrencyUtilization",
        "ServerlessProvisionedConcurrencyExecutions",
    ),
    *_lines(
        _REQUESTS,
        _VARIANT,
        "None",
        "Sum",
        (SERVERLESS,),
        "ServerlessProvisionedConcurrencyInvocations",
        "ServerlessProvisionedConcurrencySpilloverInvocations",
    ),
    # https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
    # https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
    *_lines(
        _REQUESTS,
        _ENDPOINT,
        "Count",
        "Average",
        (ASYNCHRONOUS,),
        "ApproximateBacklogSize",
        "ApproximateBacklogSizePerInstance",
        "HasBacklogWithoutCapacity",
    ),
    *_lines(_REQUESTS, _ENDPOINT, "Seconds", "Maximum", (ASYNCHRONOUS,), "ApproximateAgeOfOldestRequest"),
    *_lines(
        _REQUESTS,
        _VARIANT,
        "Count",
        "Sum",
        (ASYNCHRONOUS,),
        "RequestDownloadFailures",
        "ResponseUploadFailures",
        "NotificationFailures",
        "ExpiredRequests",
        "InvocationFailures",
        "InvocationsProcesssed",  # as AWS spells it
    ),
    *_lines(
        _REQUESTS,
        _VARIANT,
        "Microseconds",
        "Average",
        (ASYNCHRONOUS,),
        "RequestDownloadLatency",
        "ResponseUploadLatency",
    ),
    *_lines(_REQUESTS, _VARIANT, "Milliseconds", "Average", (ASYNCHRONOUS,), "TimeInBacklog", "TotalProcessingTime"),
    # https://docs.aws.amazon.com/sagemaker/latest/dg/multi-model-endpoint-cloudwatch-metrics.html
    *_lines(
        _REQUESTS,
        _VARIANT,
        "Microseconds",
        "Average",
        (MULTI_MODEL,),
        "ModelLoadingWaitTime",
        "ModelDownloadingTime",
        "ModelLoadingTime",
        "ModelUnloadingTime",
    ),
    *_lines(_REQUESTS, _VARIANT, "None", "Average", (MULTI_MODEL,), "ModelCacheHit"),
    *_lines(_HOSTS, _VARIANT, "None", "Average", (MULTI_MODEL,), "LoadedModelCount"),
    # https://docs.aws.amazon.com/sagemaker/latest/dg/multi-container-metrics.html
    # https://docs.aws.amazon.com/sagemaker/latest/dg/inference-pipeline-logs-metrics.html
    *_lines(_REQUESTS, _CONTAINER, "None", "Sum", (REAL_TIME,), "Invocations"),
    *_lines(_REQUESTS, _CONTAINER, "None", "Average", (REAL_TIME,), "Invocation4XXErrors", "Invocation5XXErrors"),
    *_lines(_REQUESTS, _CONTAINER, "Microseconds", "Average", (REAL_TIME,), "ContainerLatency", "OverheadLatency"),
    *_lines(_HOSTS, _CONTAINER, "Percent", "Average", (REAL_TIME,), "CPUUtilization", "MemoryUtilization"),
    *_lines(_HOSTS, _CONTAINER, "Percent", "Average", (GPU,), "GPUUtilization", "GPUMemoryUtilization"),
    # https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html, of inference components
    *_lines(
        _HOSTS,
        _VARIANT,
        "Percent",
        "Average",
        (COMPONENTS,),
        "CPUUtilizationNormalized",
        "GPUUtilizationNormalized",
        "GPUMemoryUtilizationNormalized",
        "CPUReservation",
        "GPUReservation",
        "MemoryReservation",
    ),
    *_lines(
        _REQUESTS,
        _COMPONENT,
        "None",
        "Sum",
        (COMPONENTS,),
        "Invocations",
        "InvocationsPerCopy",
        "NoCapacityInvocationFailures",
    ),
    *_lines(
        _REQUESTS,
        _COMPONENT,
        "None",
        "Average",
        (COMPONENTS,),
        "Invocation4XXErrors",
        "Invocation5XXErrors",
        "InvocationModelErrors",
    ),
    *_lines(_REQUESTS, _COMPONENT, "None", "Maximum", (COMPONENTS,), "ConcurrentRequestsPerCopy"),
    *_lines(_REQUESTS, _COMPONENT, "Microseconds", "Average", (COMPONENTS,), "ModelLatency", "OverheadLatency"),
    *_lines(
        _COPIES,
        _COMPONENT,
        "Percent",
        "Average",
        (COMPONENTS,),
        "CPUUtilizationNormalized",
        "GPUUtilizationNormalized",
        "GPUMemoryUtilizationNormalized",
        "MemoryUtilizationNormalized",
    ),
)
"""The metrics of hosting, each once for each set of dimensions that it is published with."""


def statements() -> list[Statement]:
    """Let the role write metrics in SageMaker's namespaces; PutMetricData knows no resource.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
    """
    namespaces = ["AWS/SageMaker", "/aws/sagemaker/*"]
    return [
        Statement(
            sid="PutMetrics",
            actions=["cloudwatch:PutMetricData"],
            resources=["*"],
            conditions=[Condition(test="StringLike", variable="cloudwatch:namespace", values=namespaces)],
        )
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric(checks.Inputs):
    """A metric in CloudWatch, and how it is read: for an `Alarm`, an alarm of your own, a graph.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html

    Attributes:
        namespace: The namespace, such as ``AWS/SageMaker``.
        metric_name: The name in it.
        dimensions: The values by the names of its dimensions, all of them. Default none.
        unit: The unit as AWS documents it, such as ``Microseconds``. It only informs: an alarm that states one sees no
            values that were published with another. Default ``None``.
        statistic: What is made of the values of a period: ``Average``, ``Sum``, ``Minimum``, ``Maximum``,
            ``SampleCount``, a percentile such as ``p99``, or another of CloudWatch's. Default ``Average``.
            https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
        period: The period in seconds: 10, 20, 30, or a multiple of 60 up to 86,400. Default 60: SageMaker
            publishes once a minute, but for concurrent requests. An alarm on less costs more.
    """

    namespace: str
    metric_name: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    unit: str = "None"
    statistic: str = "Average"
    period: float = 60

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.text(f"{at}.namespace", self.namespace, _NAMESPACE, example="AWS/SageMaker")
        yield from checks.text(f"{at}.metric_name", self.metric_name, _NAME, example="ModelLatency")
        if isinstance(self.dimensions, Mapping):
            yield from checks.mapping(
                f"{at}.dimensions",
                self.dimensions,
                _DIMENSION_COUNT,
                what="dimensions",
                key=(_NAME, "EndpointName"),
                value=(_DIMENSION_VALUE, "sentiment"),
            )
        else:
            yield f"{at}.dimensions must be a mapping of names to values, {checks.given(self.dimensions, 'string_map')}"
        yield from checks.text(f"{at}.unit", self.unit, _UNIT, example="Microseconds")
        yield from statistic_problems(f"{at}.statistic", self.statistic)
        yield from period_problems(f"{at}.period", self.period)

    def alarm_arguments(self) -> dict[str, object]:
        """Give the arguments by which a `CloudwatchMetricAlarm(…, **arguments)` watches it: all but the unit."""
        return {
            "namespace": self.namespace,
            "metric_name": self.metric_name,
            "dimensions": dict(self.dimensions),
            "period": self.period,
            ("statistic" if self.statistic in _SIMPLE else "extended_statistic"): self.statistic,
        }


def is_percentile(statistic: str) -> bool:
    """Tell whether a statistic is a percentile, which few samples say little of."""
    return re.fullmatch(r"p[0-9.]+", statistic) is not None


def statistic_problems(at: str, statistic: object) -> Iterator[checks.Finding]:
    """Yield what is wrong with a statistic; it decides which argument is written, so Terraform alone cannot know it."""
    if isinstance(statistic, str) and checks.deferred(statistic):
        yield f"{at} must be known at synthesis, got {statistic!r}"
    else:
        yield from checks.text(at, statistic, _STATISTIC, example="p99")


def period_problems(at: str, period: object, *, optional: bool = False) -> Iterator[checks.Finding]:
    """Yield what is wrong with a period."""
    if period is None and optional:
        return
    sentence = f"{at} must be 10, 20, 30 or a multiple of 60, in seconds and at most 86400"
    if isinstance(period, float) and checks.deferred(period):
        yield from checks.rule(sentence, IsWithin(period, _PERIOD, whole=True), period)
        among = AnyOf([IsOneOf(period, _SHORT_PERIODS), IsMultiple(period, _MINUTE)])
        yield from checks.rule(sentence, among, period)
        return
    whole = isinstance(period, int) and not isinstance(period, bool)
    if not whole or not (period in _SHORT_PERIODS or (period % _MINUTE == 0 and 0 < period <= (_PERIOD.maximum or 0))):  # type: ignore[operator] # an int here
        yield f"{sentence}, {checks.given(period, 'number')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredVariant:
    """What of a variant decides which metrics there are: what it publishes, and how many GPUs an instance has.

    `kinds` and `gpus` are None where that is not known; a `shadow` answers nobody.
    """

    name: str
    kinds: frozenset[str] | None = None
    gpus: int | None = None
    shadow: bool = False

    def publishes(self, line: Published) -> bool:
        """Tell whether SageMaker publishes a metric for it, as far as that is known."""
        return self.kinds is None or not self.kinds.isdisjoint(line.kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredEndpoint:
    """An endpoint's name and its variants, shadows last."""

    endpoint_name: str
    variants: Sequence[MeasuredVariant]

    @property
    def production(self) -> list[MeasuredVariant]:
        """Those that answer."""
        return [each for each in self.variants if not each.shadow]

    def lines(self, dimensions: tuple[str, ...] | None = None) -> list[Published]:
        """Give what is published for any variant, with these dimensions or any."""
        return [
            line
            for line in PUBLISHED
            if dimensions in (None, line.dimensions) and any(each.publishes(line) for each in self.variants)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which metric is wanted, by its name and what tells it from others of that name, and how to read it."""

    name: str
    variant: str | None = None
    container_name: str | None = None
    endpoint_config_name: str | None = None
    inference_component_name: str | None = None
    statistic: str | None = None
    period: float = 60

    @property
    def _level(self) -> str:
        if self.inference_component_name is not None:
            return "inference component"
        return "endpoint" if self.container_name is None else "container"

    def line(self, endpoint: MeasuredEndpoint) -> Published | None:
        """Find it among what the endpoint publishes."""
        levels = {
            "inference component": (_COMPONENT,),
            "container": (_CONTAINER,),
            "endpoint": (_ENDPOINT, _VARIANT),
        }[self._level]
        found = (line for line in endpoint.lines() if line.dimensions in levels and line.name == self.name)
        return next(found, None)

    def problems(self, endpoint: MeasuredEndpoint, *, at: str = "", name: str = "name") -> Iterator[checks.Finding]:
        """Yield what is wrong, each sentence starting with the path `at` and the argument; `name` is the metric's."""
        line = self.line(endpoint)
        if line is None:
            yield from self._unknown(endpoint, f"{at}{name}")
        else:
            yield from self._variant_problems(endpoint, line, f"{at}variant")
        if self.statistic is not None:
            yield from statistic_problems(f"{at}statistic", self.statistic)
        yield from period_problems(f"{at}period", self.period)
        for argument in ("container_name", "endpoint_config_name", "inference_component_name"):
            value = getattr(self, argument)
            if value is not None:
                yield from checks.text(f"{at}{argument}", value, _DIMENSION_VALUE, example="first")

    def _unknown(self, endpoint: MeasuredEndpoint, at: str) -> Iterator[str]:
        whose = "the endpoint" if self._level == "endpoint" else f"the endpoint for one {self._level}"
        sentence = f"{at} must be a metric that SageMaker publishes of {whose}, got {self.name!r}"
        others = [line for line in PUBLISHED if line.name == self.name]
        its = [line for line in endpoint.lines() if line.name == self.name]
        if its:
            needed = [name for line in its for each, name in _ARGUMENTS.items() if each in line.dimensions]
            asked = f"with {' or '.join(dict.fromkeys(needed))}" if needed else "for a variant"
            yield f"{sentence}, which there is {asked} alone"
        elif others:
            kinds = dict.fromkeys(kind for line in others for kind in line.kinds)
            yield f"{sentence}, which there is of {' and '.join(kinds)} endpoints"
        else:
            known = list(dict.fromkeys(line.name for line in endpoint.lines()))
            yield f"{sentence}; the nearest: {', '.join(nearest(str(self.name), known))}"

    def _variant_problems(self, endpoint: MeasuredEndpoint, line: Published, at: str) -> Iterator[checks.Finding]:
        if "VariantName" not in line.dimensions:
            if self.variant is not None:
                whole = "inference component" if line.dimensions == _COMPONENT else "endpoint"
                yield f"{at} must not be given for {line.name}, which is of the whole {whole}, got {self.variant!r}"
            return
        names = [each.name for each in endpoint.variants]
        if self.variant is None:
            if len(endpoint.production) != 1:
                yield f"{at} must be given, as the endpoint has several: {', '.join(names)}"
            return
        if not isinstance(self.variant, str):
            yield f"{at} must be a string such as {names[0]!r}, {checks.given(self.variant, 'string')}"
        elif not any(map(checks.deferred, [self.variant, *names])) and self.variant not in names:
            near = f"; the nearest: {nearest(self.variant, names)[0]}" if len(names) > 1 else ""
            known = ", ".join(names)
            yield f"{at} must be the name of one of the endpoint's variants ({known}), got {self.variant!r}{near}"

    def metric(self, endpoint: MeasuredEndpoint) -> Metric:
        """Give the metric, of which there are no problems."""
        line = self.line(endpoint)
        if line is None:
            raise KeyError(self.name)
        variant = endpoint.production[0].name if self.variant is None and endpoint.production else self.variant
        values = {
            "EndpointName": endpoint.endpoint_name,
            "VariantName": variant or "",
            "ContainerName": self.container_name or "",
            "InferenceComponentName": self.inference_component_name or "",
        }
        dimensions = {each: values[each] for each in line.dimensions}
        if self.endpoint_config_name is not None:
            dimensions["EndpointConfigName"] = self.endpoint_config_name
        return Metric(
            namespace=line.namespace,
            metric_name=line.name,
            dimensions=dimensions,
            unit=line.unit,
            statistic=line.statistic if self.statistic is None else self.statistic,
            period=self.period,
        )


def nearest(name: str, known: Sequence[str]) -> list[str]:
    """Give the names that are spelled most like another, at most three."""
    return difflib.get_close_matches(name, known, n=3, cutoff=0.0)


def variant_names_problems(at: str, names: Sequence[str]) -> Iterator[checks.Finding]:
    """Yield what is wrong with the names of an endpoint's variants, how many of which must be known."""
    count = limits.Number(minimum=1, maximum=limits.PRODUCTION_VARIANT_COUNT.maximum)
    if checks.deferred(names):
        yield f"{at} must be a list of names, each of which may be a token, got one token"
    else:
        yield from checks.texts(at, names, count, limits.VARIANT_NAME, example="AllTraffic")


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointMetrics(checks.Inputs):
    """The metrics of an endpoint that this library does not make, by name; a `SageMakerEndpoint` has its own `metric`.

    https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html

    Attributes:
        endpoint_name: The endpoint's name.
        variant_names: The names of its variants. Default ``AllTraffic``.
    """

    endpoint_name: str
    variant_names: Sequence[str] = ("AllTraffic",)

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.text(f"{at}.endpoint_name", self.endpoint_name, limits.ENDPOINT_NAME, example="sentiment")
        yield from variant_names_problems(f"{at}.variant_names", self.variant_names)

    def metric(
        self,
        name: str,
        *,
        variant: str | None = None,
        statistic: str | None = None,
        period: float = 60,
        container_name: str | None = None,
        endpoint_config_name: str | None = None,
        inference_component_name: str | None = None,
    ) -> Metric:
        """Give a metric by its name, with the namespace, the dimensions and the unit that AWS publishes it with.

        Args:
            name: The metric, as AWS spells it.
            variant: Whose it is. Default: the only variant's; a metric of the whole endpoint takes none.
            statistic: As `Metric.statistic`. Default: what says most of it.
            period: As `Metric.period`.
            container_name: For one container of a pipeline or of several with direct invocation.
            endpoint_config_name: For what serves that configuration: during a deployment the new fleet apart.
                https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
            inference_component_name: For one inference component.
        """
        checks.require(lambda: "EndpointMetrics", self.problems("EndpointMetrics"))
        endpoint = MeasuredEndpoint(
            endpoint_name=self.endpoint_name, variants=[MeasuredVariant(name=each) for each in self.variant_names]
        )
        wanted = Wanted(
            name=name,
            variant=variant,
            container_name=container_name,
            endpoint_config_name=endpoint_config_name,
            inference_component_name=inference_component_name,
            statistic=statistic,
            period=period,
        )
        checks.require(lambda: f"EndpointMetrics of {self.endpoint_name}", wanted.problems(endpoint))
        return wanted.metric(endpoint)
