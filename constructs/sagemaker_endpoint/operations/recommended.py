"""The alarms that are recommended, as data: on which metric, from which value on, and why."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from sagemaker_endpoint.engine.bindings import Token
from sagemaker_endpoint.engine.expressions import expression
from sagemaker_endpoint.rules import checks

from .alarm import Alarm
from .metrics import ASYNCHRONOUS, GPU, MULTI_MODEL, REAL_TIME, SERVERLESS, MeasuredEndpoint, MeasuredVariant

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg"
_METRICS: Final = f"{_GUIDE}/monitoring-cloudwatch.html"
_QUEUE: Final = f"{_GUIDE}/async-inference-monitor.html"
_INSTANCES = frozenset([REAL_TIME, ASYNCHRONOUS])
_ALL = frozenset([REAL_TIME, ASYNCHRONOUS, SERVERLESS])
LATENCY: Final = "Latency"
_GPU_MEMORY: Final = "GPUMemory"
OF_ANSWERS: Final = ("ServerErrors", "ModelErrors", LATENCY)
"""Those that tell whether requests are answered well."""


@dataclass(frozen=True, slots=True)
class _Recommendation:
    """An alarm, the kinds of variant that it is for, and whether it is for those with a multi-model container."""

    alarm: Alarm
    kinds: frozenset[str] = _ALL
    multi_model: bool = True


_OF_VARIANTS: Final = (
    _Recommendation(
        Alarm(
            name="ServerErrors",
            metric="Invocation5XXErrors",
            threshold=0.01,
            datapoints_to_alarm=3,
            alarm_description=f"More than 1 in 100 requests got a 5XX answer. {_METRICS}",
        )
    ),
    _Recommendation(
        Alarm(
            name="ModelErrors",
            metric="InvocationModelErrors",
            threshold=0.05,
            datapoints_to_alarm=3,
            alarm_description=f"More than 5 in 100 requests got no 2XX answer of the container in time. {_METRICS}",
        ),
        frozenset([REAL_TIME]),
    ),
    _Recommendation(
        Alarm(
            name=LATENCY,
            metric="ModelLatency",
            statistic="p99",
            threshold=0,  # as the inputs say
            datapoints_to_alarm=3,
            alarm_description=f"More than 1 in 100 requests took longer in the container than allowed. {_METRICS}",
        )
    ),
    _Recommendation(
        Alarm(
            name="NoInstances",
            metric="MemoryUtilization",
            statistic="SampleCount",
            threshold=1,
            comparison_operator="LessThanThreshold",
            treat_missing_data="missing",
            alarm_on_insufficient_data=True,
            alarm_description=f"No instance reports any more: INSUFFICIENT_DATA after OK says so. {_METRICS}",
        ),
        frozenset([REAL_TIME]),
    ),
    _Recommendation(
        Alarm(
            name="Memory",
            metric="MemoryUtilization",
            statistic="Maximum",
            threshold=90,
            datapoints_to_alarm=3,
            alarm_description=f"More than 90 % of the memory is in use: what asks for more is killed. {_METRICS}",
        ),
        multi_model=False,
    ),
    _Recommendation(
        Alarm(
            name="Disk",
            metric="DiskUtilization",
            statistic="Maximum",
            threshold=75,
            datapoints_to_alarm=3,
            alarm_description="More than 75 % of the disk is in use: data capture stops there. "
            f"{_GUIDE}/model-monitor-data-capture-endpoint.html",
        ),
        _INSTANCES,
        multi_model=False,
    ),
    _Recommendation(
        Alarm(
            name=_GPU_MEMORY,
            metric="GPUMemoryUtilization",
            statistic="Maximum",
            threshold=95,  # times the number of GPUs
            datapoints_to_alarm=3,
            alarm_description=f"More than 95 % of the GPUs' memory is in use; each GPU counts for 100. {_METRICS}",
        ),
        frozenset([GPU]),
        multi_model=False,
    ),
    _Recommendation(
        Alarm(
            name="ModelCacheHits",
            metric="ModelCacheHit",
            threshold=0.8,
            comparison_operator="LessThanThreshold",
            period=300,
            evaluation_periods=6,
            alarm_description="More than 1 in 5 requests wait for their model: memory is too small for those in use. "
            f"{_GUIDE}/multi-model-endpoint-cloudwatch-metrics.html",
        ),
        frozenset([MULTI_MODEL]),
    ),
    _Recommendation(
        Alarm(
            name="Concurrency",
            metric="ServerlessConcurrentExecutionsUtilization",
            statistic="Maximum",
            threshold=0.8,
            datapoints_to_alarm=3,
            alarm_description="More than 80 % of max_concurrency is in use: above 100 % requests are refused. "
            f"{_GUIDE}/serverless-endpoints-monitoring.html",
        ),
        frozenset([SERVERLESS]),
    ),
    *(
        _Recommendation(
            Alarm(
                name=name,
                metric=metric,
                threshold=0,
                period=300,
                evaluation_periods=1,
                alarm_description=f"{what}. {_QUEUE}",
            ),
            frozenset([ASYNCHRONOUS]),
        )
        for name, metric, what in (
            ("FailedRequests", "InvocationFailures", "Requests failed, for whose answer no caller waits"),
            ("FailedNotifications", "NotificationFailures", "A topic could not be told of an answer or a failure"),
            ("ExpiredRequests", "ExpiredRequests", "Requests waited too long in the queue and are lost"),
        )
    ),
)
_OF_ENDPOINTS: Final = (
    _Recommendation(
        Alarm(
            name="BacklogAge",
            metric="ApproximateAgeOfOldestRequest",
            threshold=3600,
            datapoints_to_alarm=3,
            alarm_description="A request has waited for more than an hour; after six it is lost. "
            f"{_GUIDE}/async-inference-troubleshooting.html",
        ),
        frozenset([ASYNCHRONOUS]),
    ),
)


def of_variant(variant: MeasuredVariant, latency_in_milliseconds: float | None) -> Iterator[Alarm]:
    """Yield the alarms that are recommended for a variant, with the thresholds that are its own."""
    kinds = variant.kinds or frozenset()
    for each in _OF_VARIANTS:
        alarm = each.alarm
        if each.kinds.isdisjoint(kinds) or (MULTI_MODEL in kinds and not each.multi_model):
            continue
        if alarm.name == LATENCY:
            if latency_in_milliseconds is not None:
                yield replace(alarm, threshold=_microseconds(latency_in_milliseconds))
        elif alarm.name == _GPU_MEMORY:
            if variant.gpus:
                yield replace(alarm, threshold=alarm.threshold * variant.gpus)
        else:
            yield alarm


def of_endpoint(endpoint: MeasuredEndpoint) -> Iterator[Alarm]:
    """Yield those that there is one of, however many variants there are."""
    kinds = {kind for each in endpoint.production for kind in each.kinds or ()}
    yield from (each.alarm for each in _OF_ENDPOINTS if not each.kinds.isdisjoint(kinds))


def _microseconds(milliseconds: float) -> float:
    if checks.deferred(milliseconds):
        return Token.as_number(f"${{{expression(Token.as_string(milliseconds))} * 1000}}")
    return milliseconds * 1000
