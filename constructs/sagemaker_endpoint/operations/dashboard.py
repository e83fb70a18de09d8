"""One page in CloudWatch for an endpoint: traffic, errors, latency, what it runs on, and what bears its cost."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Final, TypeAlias

from sagemaker_endpoint.engine import bindings
from sagemaker_endpoint.engine.bindings import Construct
from sagemaker_endpoint.engine.expressions import expression
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.rules import checks

from .metrics import ASYNCHRONOUS, GPU, MULTI_MODEL, REAL_TIME, SERVERLESS, MeasuredEndpoint, MeasuredVariant, Wanted

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json]"

_WIDTH, _HEIGHT, _COLUMNS = 8, 6, 3
_MINUTE, _HOUR = 60, 3600


class EndpointDashboard(Construct):
    """Makes the dashboard. Dashboards belong to an account, not to a region, so that its name ends in the region's.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html

    Attributes: `dashboard`, `dashboard_name`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        identity: Identity,
        *,
        endpoint: MeasuredEndpoint,
        alarm_arns: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, id)
        region = identity.account.region
        self.dashboard = bindings.CloudwatchDashboard(
            self,
            "Dashboard",
            dashboard_name=f"{identity.endpoint_name}-{region}",
            dashboard_body=written(body(endpoint, region, alarm_arns)),
        )
        self.dashboard_name = self.dashboard.dashboard_name


def body(endpoint: MeasuredEndpoint, region: str, alarm_arns: Sequence[str] = ()) -> dict[str, Json]:
    """Give the dashboard's body, in which names may be tokens.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
    """
    heading = f"## SageMaker endpoint {endpoint.endpoint_name}"
    widgets: list[Json] = [
        {"type": "text", "x": 0, "y": 0, "width": 24, "height": 1, "properties": {"markdown": heading}}
    ]
    top = 1
    if alarm_arns:
        states: Json = {"title": "Alarms", "alarms": [*alarm_arns[:_MOST_ALARMS]]}
        widgets.append({"type": "alarm", "x": 0, "y": top, "width": 24, "height": 3, "properties": states})
        top += 3
    for index, graph in enumerate(_Graphs(endpoint, region).all()):
        row, column = divmod(index, _COLUMNS)
        place = {"x": column * _WIDTH, "y": top + row * _HEIGHT, "width": _WIDTH, "height": _HEIGHT}
        widgets.append({"type": "metric", **place, "properties": graph})
    return {"widgets": widgets}


_MOST_ALARMS: Final = 100  # of an alarm widget


def written(value: Json) -> str:
    """Write JSON whose texts may be known to Terraform alone, which quotes those itself."""
    if isinstance(value, str) and checks.deferred(value):
        return f"${{jsonencode({expression(value)})}}"
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{written(key)}:{written(each)}' for key, each in value.items())}}}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{','.join(map(written, value))}]"
    return json.dumps(value)


class _Graphs:
    """The graphs of an endpoint, each for what it publishes: of what there is none of, there is no graph."""

    def __init__(self, endpoint: MeasuredEndpoint, region: str) -> None:
        self._endpoint, self._region = endpoint, region
        self._ids = count()

    def all(self) -> Iterator[Json]:
        """Yield the properties of each graph, in the order of the page."""
        yield from self._requests()
        yield from self._deployments()
        yield from self._backlog()
        yield from self._concurrency()
        yield from self._hosts()
        yield from self._models()
        yield from self._cost()

    def _requests(self) -> Iterator[Json]:
        per_variant = {"Invocations": "", "InvocationsProcesssed": " processed"}
        yield from self._graph("Requests a minute", per_variant, "Sum", unit="requests")
        errors = {
            "Invocation4XXErrors": " 4XX",
            "Invocation5XXErrors": " 5XX",
            "InvocationModelErrors": " not 2XX",
            "MidStreamErrors": " broken off",
        }
        yield from self._graph("Errors a minute", errors, "Sum", unit="requests")
        lines = [
            line
            for statistic in ("p50", "p90", "p99")
            for line in self._lines({"ModelLatency": f" {statistic}"}, statistic)
        ]
        lines += self._lines({"OverheadLatency": " overhead"}, "Average")
        yield self._properties("Latency", lines, unit="µs")

    def _deployments(self) -> Iterator[Json]:
        """Yield what each configuration does: SageMaker names it beside the variant from its first request on.

        So a deployment is seen as the requests go over from one line to the next. SEARCH finds those of two weeks.
        https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
        """
        if any(SERVERLESS in (each.kinds or ()) for each in self._endpoint.variants):
            return  # updated all at once, with no fleets
        requests = ("ModelLatency", "SampleCount") if self._has(ASYNCHRONOUS) else ("Invocations", "Sum")
        graphs = {
            "Deployments: requests by configuration": (*requests, "requests"),
            "Deployments: rate of 5XX by configuration": ("Invocation5XXErrors", "Average", "of 1"),
            "Deployments: latency p90 by configuration": ("ModelLatency", "p90", "µs"),
        }
        for title, (metric, statistic, unit) in graphs.items():
            search = (
                "SEARCH('{AWS/SageMaker,EndpointName,VariantName,EndpointConfigName} "
                f'EndpointName="{self._endpoint.endpoint_name}" MetricName="{metric}"\', \'{statistic}\', {_MINUTE})'
            )
            yield self._properties(title, [[{"expression": search, "id": f"e{next(self._ids)}"}]], unit=unit)

    def _backlog(self) -> Iterator[Json]:
        if not self._has(ASYNCHRONOUS):
            return
        sizes = {
            "ApproximateBacklogSize": "requests",
            "ApproximateBacklogSizePerInstance": "per instance",
            "HasBacklogWithoutCapacity": "without an instance",
        }
        lines = [self._line(None, name, label) for name, label in sizes.items()]
        yield self._properties("Backlog", lines, unit="requests")
        age = self._line(None, "ApproximateAgeOfOldestRequest", "oldest request")
        yield self._properties("Age of the backlog", [age], unit="s")
        lost = {
            "InvocationFailures": " failed",
            "ExpiredRequests": " expired",
            "RequestDownloadFailures": " not downloaded",
            "ResponseUploadFailures": " not uploaded",
            "NotificationFailures": " not notified",
        }
        yield from self._graph("Lost requests", lost, "Sum", unit="requests")
        times = {"TimeInBacklog": " in the backlog", "TotalProcessingTime": " in all"}
        yield from self._graph("Time of a request", times, "Average", unit="ms")

    def _concurrency(self) -> Iterator[Json]:
        shares = {
            "ServerlessConcurrentExecutionsUtilization": " of max_concurrency",
            "ServerlessProvisionedConcurrencyUtilization": " of provisioned_concurrency",
        }
        yield from self._graph("Concurrency in use", shares, "Maximum", unit="of 1")
        spilled = {
            "ServerlessProvisionedConcurrencyInvocations": " on provisioned",
            "ServerlessProvisionedConcurrencySpilloverInvocations": " beyond provisioned",
        }
        yield from self._graph("Requests and provisioned concurrency", spilled, "Sum", unit="requests")
        yield from self._graph("Cold starts", {"ModelSetupTime": ""}, "Maximum", unit="µs")
        yield from self._graph("Requests at a time", {"ConcurrentRequestsPerModel": ""}, "Maximum", unit="requests")
        chunks = {"FirstChunkLatency": " all in all", "FirstChunkModelLatency": " in the container"}
        yield from self._graph("First chunk of a stream, p90", chunks, "p90", unit="µs")

    def _hosts(self) -> Iterator[Json]:
        yield from self._graph("Requests a minute and instance", {"InvocationsPerInstance": ""}, "Sum", unit="requests")
        if not self._has(SERVERLESS):
            yield self._properties("Instances", [*self._reporting()], unit="instances")
        yield from self._graph("CPU, each vCPU counts for 100", {"CPUUtilization": ""}, "Average", unit="%")
        used = {"MemoryUtilization": " memory", "DiskUtilization": " disk"}
        yield from self._graph("Memory and disk, the fullest instance", used, "Maximum", unit="%")
        gpus = {"GPUUtilization": " in use", "GPUMemoryUtilization": " memory"}
        if self._has(GPU):
            yield from self._graph("GPUs, each counts for 100", gpus, "Average", unit="%")

    def _models(self) -> Iterator[Json]:
        if not self._has(MULTI_MODEL):
            return
        yield from self._graph("Requests that find their model", {"ModelCacheHit": ""}, "Average", unit="of 1")
        yield from self._graph("Models loaded", {"LoadedModelCount": ""}, "Sum", unit="models")
        waits = {"ModelLoadingWaitTime": " wait", "ModelDownloadingTime": " download", "ModelLoadingTime": " load"}
        yield from self._graph("Loading of models", waits, "Average", unit="µs")

    def _cost(self) -> Iterator[Json]:
        """Yield what is paid for: instances by the hour, or seconds in a serverless container.

        https://aws.amazon.com/sagemaker/ai/pricing/
        """
        if self._has(SERVERLESS):
            made = [*self._computed("ModelLatency", "Sum", "{} / 1000000", " seconds", period=_HOUR)]
            yield self._properties("Cost: seconds of computing an hour", made, unit="s", period=_HOUR)
        else:
            made = [*self._computed("MemoryUtilization", "SampleCount", "{} / 60", " instance hours", period=_HOUR)]
            yield self._properties("Cost: instance hours an hour", made, unit="hours", period=_HOUR)

    def _reporting(self) -> Iterator[Json]:
        """Yield how many instances there are: each reports its memory once a minute."""
        yield from self._lines({"MemoryUtilization": " reporting"}, "SampleCount")
        if self._has(REAL_TIME):
            # A request counts as one by the instances that there are:
            # https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
            for variant in self._of_requests():
                whole, part = f"m{next(self._ids)}", f"m{next(self._ids)}"
                yield self._line(variant, "Invocations", "", statistic="Sum", id=whole, visible=False)
                yield self._line(variant, "InvocationsPerInstance", "", statistic="Sum", id=part, visible=False)
                label = self._label(variant, " answering")
                yield [{"expression": f"{whole} / {part}", "label": label, "id": f"e{next(self._ids)}"}]

    def _of_requests(self) -> list[MeasuredVariant]:
        return [each for each in self._endpoint.variants if REAL_TIME in (each.kinds or ())]

    def _computed(self, metric: str, statistic: str, formula: str, label: str, *, period: int) -> Iterator[Json]:
        for variant in self._endpoint.variants:
            id_ = f"m{next(self._ids)}"
            yield self._line(variant, metric, "", statistic=statistic, id=id_, visible=False, period=period)
            made = {
                "expression": formula.format(id_),
                "label": self._label(variant, label),
                "id": f"e{next(self._ids)}",
            }
            yield [made | {"period": period}]

    def _has(self, kind: str) -> bool:
        return any(kind in (each.kinds or ()) for each in self._endpoint.variants)

    def _graph(self, title: str, labels: Mapping[str, str], statistic: str, *, unit: str) -> Iterator[Json]:
        lines = self._lines(labels, statistic)
        if lines:
            yield self._properties(title, lines, unit=unit)

    def _lines(self, labels: Mapping[str, str], statistic: str) -> list[Json]:
        """Give a line for each variant and metric of those that it publishes; the label ends as stated."""
        return [
            self._line(variant, name, self._label(variant, label), statistic=statistic)
            for variant in self._endpoint.variants
            for name, label in labels.items()
            if self._publishes(variant, name)
        ]

    def _label(self, variant: MeasuredVariant, label: str) -> str:
        """Give the name of a line, without the variant's if that is the only one."""
        alone = len(self._endpoint.variants) == 1 and label
        return label.lstrip() if alone else f"{variant.name}{label}"

    def _publishes(self, variant: MeasuredVariant, name: str) -> bool:
        its = MeasuredEndpoint(endpoint_name=self._endpoint.endpoint_name, variants=[variant])
        return Wanted(name=name).line(its) is not None

    def _line(
        self, variant: MeasuredVariant | None, name: str, label: str, *, statistic: str | None = None, **more: Json
    ) -> Json:
        metric = Wanted(name=name, variant=None if variant is None else variant.name).metric(self._endpoint)
        dimensions = [text for pair in metric.dimensions.items() for text in pair]
        labelled = {"label": label} if label else {}
        read = {"stat": metric.statistic if statistic is None else statistic, **labelled, **more}
        return [metric.namespace, metric.metric_name, *dimensions, read]

    def _properties(self, title: str, lines: Sequence[Json], *, unit: str, period: int = _MINUTE) -> Json:
        return {
            "title": title,
            "region": self._region,
            "view": "timeSeries",
            "period": period,
            "metrics": lines,
            "yAxis": {"left": {"min": 0, "label": unit, "showUnits": False}},
        }
