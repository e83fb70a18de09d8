"""Alarms on an endpoint: a recommended set for each kind, changed, added to and left out by name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sagemaker_endpoint.engine import bindings
from sagemaker_endpoint.engine.bindings import Construct
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.engine.lifecycle import set_lifecycle
from sagemaker_endpoint.engine.preconditions import preconditions
from sagemaker_endpoint.rules import checks, limits

from . import recommended
from .alarm import Alarm, AlarmChange, evaluation_problems
from .metrics import MeasuredEndpoint, Metric, is_percentile, nearest

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
_ACTION = limits.Text(min_length=1, max_length=1024, pattern="arn:.+")
_ACTION_COUNT = limits.Number(minimum=0, maximum=5)
# A request to an asynchronous endpoint may take an hour:
# https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
_LATENCY = limits.Number(minimum=1, maximum=3_600_000)
_EXAMPLE: Final = "arn:aws:sns:eu-west-1:111122223333:alarms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms(checks.Inputs):
    """The alarms that are recommended for the kind of endpoint, and what they do.

    AWS has no such list for SageMaker, so the thresholds are this library's, each with its reason:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
    One of each is made for each production variant, unless it says otherwise:

    - ``ServerErrors``, of all kinds: more than 1 % of a minute's requests got a 5XX answer, in 3 of 5 minutes. A rate
      needs no guess of the traffic. https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
    - ``ModelErrors``, of real-time endpoints: more than 5 % got no 2XX answer of the container, in 3 of 5 minutes. This
      counts those that it breaks off, spells wrong or does not give in time, and 4XX. The same page.
    - ``Latency``, of all kinds, with `latency_in_milliseconds` alone: the 99th percentile of ``ModelLatency`` is above
      it, in 3 of 5 minutes. Requests too few to tell change nothing. The same page.
    - ``NoInstances``, of real-time endpoints: no instance has reported its memory for 5 minutes, after some had. That
      is ``INSUFFICIENT_DATA``, in which an alarm begins: so `alarm_actions` are done as it comes back to that, and
      nobody is woken while an endpoint is made. Asynchronous endpoints may have no instance on purpose. The same page.
    - ``Memory``, of all kinds: above 90 % on any instance, in 3 of 5 minutes. What asks for more is killed. Not with a
      ``MultiModel`` container, which fills memory and disk on purpose. The same page.
    - ``Disk``, of instances: above 75 % on any, in 3 of 5 minutes. AWS says that data capture stops there.
      https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html Not with ``MultiModel``.
    - ``GPUMemory``, of types that are known to have GPUs: above 95 % of what an instance has, in 3 of 5 minutes.
      Servers of large models reserve 90 % when they start. The page first named. Not with ``MultiModel``.
    - ``ModelCacheHits``, with ``MultiModel``: fewer than 80 % of the requests found their model loaded, for half an
      hour: the memory is too small for the models in use.
      https://docs.aws.amazon.com/sagemaker/latest/dg/multi-model-endpoint-cloudwatch-metrics.html
    - ``Concurrency``, of serverless endpoints: above 80 % of `max_concurrency`, in 3 of 5 minutes. Above 100 % requests
      are refused. https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-monitoring.html
    - ``FailedRequests``, ``FailedNotifications``, ``ExpiredRequests``, of asynchronous endpoints: any in 5 minutes. No
      caller waits who would notice. https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
    - ``BacklogAge``, one for an asynchronous endpoint: the oldest request has waited for an hour, in 3 of 5 minutes. It
      is lost after six. https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-troubleshooting.html

    CPU and GPU utilization have none: it is good to use what is paid for, and too much of it shows as latency. Nor have
    shadow variants, whose answers nobody gets. An alarm costs about 0.10 USD a month
    (https://aws.amazon.com/cloudwatch/pricing/). It is named ``<endpoint>/<variant>/<name>``, or ``<endpoint>/<name>``
    if it is of the whole endpoint.

    A topic that is encrypted needs a key of your own, whose policy lets the service ``cloudwatch.amazonaws.com`` do
    ``kms:Decrypt`` and ``kms:GenerateDataKey*``: CloudWatch cannot publish where it is ``alias/aws/sns``.
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services

    Attributes:
        alarm_actions: ARNs of what is told when an alarm rings, such as Amazon SNS topics: at most 5. Default none: the
            states can be seen, and nobody is told.
            https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        ok_actions: The same for when it is over, and for when an alarm has first looked: at most 5. Default none.
        latency_in_milliseconds: How long 99 of 100 requests may take in the container, 1 to 3,600,000 ms; makes the
            alarm ``Latency``. Default none.
        leave_out: Recommended alarms not to make, by name: ``"Disk"`` for all variants, ``"Disk-blue"`` for one.
        changed: What is otherwise about recommended alarms, by the same names; that of one variant wins.
        additional: Further alarms.
    """

    alarm_actions: Sequence[str] = ()
    ok_actions: Sequence[str] = ()
    latency_in_milliseconds: float | None = None
    leave_out: Sequence[str] = ()
    changed: Mapping[str, AlarmChange] = field(default_factory=dict)
    additional: Sequence[Alarm] = ()

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        for name in ("alarm_actions", "ok_actions"):
            yield from checks.texts(f"{at}.{name}", getattr(self, name), _ACTION_COUNT, _ACTION, example=_EXAMPLE)
        if self.latency_in_milliseconds is not None:
            yield from checks.number(
                f"{at}.latency_in_milliseconds", self.latency_in_milliseconds, _LATENCY, whole=False
            )
        if isinstance(self.leave_out, str) or not isinstance(self.leave_out, Sequence):
            yield f"{at}.leave_out must be a list of names of alarms, got {self.leave_out!r}"
        else:
            for index, name in enumerate(self.leave_out):
                if not isinstance(name, str) or checks.deferred(name):
                    yield f"{at}.leave_out[{index}] must be the name of an alarm, known at synthesis, got {name!r}"
        if not isinstance(self.changed, Mapping):
            got = checks.brief(self.changed)
            yield f"{at}.changed must be a mapping of alarms' names to AlarmChange(...), got {got}"
        else:
            yield from checks.names(f"{at}.changed", self.changed)
            for key, change in checks.named(self.changed):
                yield from checks.part(f"{at}.changed[{key!r}]", change, AlarmChange)
        if isinstance(self.additional, str) or not isinstance(self.additional, Sequence):
            yield f"{at}.additional must be a list of Alarm(...), got {checks.brief(self.additional)}"
        else:
            for index, alarm in enumerate(self.additional):
                yield from checks.part(f"{at}.additional[{index}]", alarm, Alarm)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stated:
    """An alarm to make: its id, the metric that is watched, and its variant's name if it has one."""

    id: str
    alarm: Alarm
    metric: Metric
    variant: str | None = None


def _ids(name: str, endpoint: MeasuredEndpoint, variant: str | None = None) -> list[tuple[str, str]]:
    """Give the id and the variant of an alarm for each production variant, or for one; an id holds no token."""
    ids = {
        each.name: f"{name}{index}" if checks.deferred(each.name) else f"{name}-{each.name}"
        for index, each in enumerate(endpoint.variants)
    }
    if variant is not None:
        return [(ids.get(variant, name), variant)]
    return [(ids[each.name], each.name) for each in endpoint.production]


def _recommendations(alarms: Alarms, endpoint: MeasuredEndpoint) -> dict[str, tuple[Alarm, str | None]]:
    """Give what is recommended, by id: the alarm and its variant."""
    found: dict[str, tuple[Alarm, str | None]] = {}
    for index, variant in enumerate(endpoint.production):
        for alarm in recommended.of_variant(variant, alarms.latency_in_milliseconds):
            id_, name = _ids(alarm.name, endpoint)[index]
            found[id_] = alarm, name
    return found | {alarm.name: (alarm, None) for alarm in recommended.of_endpoint(endpoint)}


def problems(at: str, alarms: Alarms, endpoint: MeasuredEndpoint) -> Iterator[checks.Finding]:
    """Yield what is wrong with names, beside the endpoint that the alarms are on."""
    known = _recommendations(alarms, endpoint)
    names = list(dict.fromkeys([*(alarm.name for alarm, _ in known.values()), *known]))
    places = {f"leave_out[{index}]": name for index, name in enumerate(alarms.leave_out)}
    places |= {f"changed[{name!r}]": name for name in alarms.changed}
    for place, name in places.items():
        if name not in names:
            yield _unknown(f"{at}.{place}", name, names, alarms)
    yield from _changed_problems(at, alarms, known)
    left = {name for name in names if name not in alarms.leave_out}
    seen: set[str] = set()
    for index, alarm in enumerate(alarms.additional):
        path = f"{at}.additional[{index}]"
        if alarm.name in left or alarm.name in seen:
            other = "of those recommended: change it by changed, or leave it out" if alarm.name in left else "of these"
            yield f"{path}.name must be one that no other alarm has, got {alarm.name!r}, which is one {other}"
        seen.add(alarm.name)
        if not isinstance(alarm.metric, Metric):
            # Where no variant is stated there is one for each, so that any will do here.
            variant = endpoint.production[0].name if endpoint.production and _is_of_variants(alarm, endpoint) else None
            found = alarm.wanted(alarm.variant or variant).problems(endpoint, at=f"{path}.", name="metric")
            yield from (each for each in found if isinstance(each, str))  # what is deferred the alarm itself has told


def _changed_problems(
    at: str, alarms: Alarms, known: Mapping[str, tuple[Alarm, str | None]]
) -> Iterator[checks.Finding]:
    """Yield what is wrong with the alarms that changes make of those recommended."""
    for key in alarms.changed:
        path = f"{at}.changed[{key!r}]"
        its = {id_: alarm for id_, (alarm, _) in known.items() if key in (alarm.name, id_)}
        if its and all({alarm.name, id_} & set(alarms.leave_out) for id_, alarm in its.items()):
            yield f"{path} must not be given with the same alarm in leave_out, by which there is none to change"
        found = [
            each for id_, alarm in its.items() for each in evaluation_problems(path, _as_changed(alarms, id_, alarm))
        ]
        yield from dict.fromkeys(each for each in found if isinstance(each, str))
        yield from (each for each in found if not isinstance(each, str))


def _unknown(at: str, name: object, names: Sequence[str], alarms: Alarms) -> str:
    sentence = f"{at} must be the name of an alarm that is recommended for this endpoint, got {name!r}"
    is_latency = isinstance(name, str) and name.partition("-")[0] == recommended.LATENCY
    if is_latency and alarms.latency_in_milliseconds is None:
        return f"{sentence}, which there is with latency_in_milliseconds alone"
    return f"{sentence}; the nearest: {', '.join(nearest(str(name), names))}"


def _as_changed(alarms: Alarms, id_: str, alarm: Alarm) -> Alarm:
    """Apply the changes to all variants' first, then those to this one's."""
    for key in dict.fromkeys((alarm.name, id_)):
        if key in alarms.changed:
            alarm = alarms.changed[key].applied(alarm)
    return alarm


def _is_of_variants(alarm: Alarm, endpoint: MeasuredEndpoint) -> bool:
    line = alarm.wanted().line(endpoint)
    return line is not None and "VariantName" in line.dimensions


def _stated(alarms: Alarms, endpoint: MeasuredEndpoint) -> Iterator[_Stated]:
    """Yield the alarms to make."""
    for id_, (alarm, variant) in _recommendations(alarms, endpoint).items():
        if not {alarm.name, id_} & set(alarms.leave_out):
            changed = _as_changed(alarms, id_, alarm)
            yield _Stated(id=id_, alarm=changed, metric=changed.wanted(variant).metric(endpoint), variant=variant)
    for alarm in alarms.additional:
        if isinstance(alarm.metric, Metric):
            yield _Stated(id=alarm.name, alarm=alarm, metric=alarm.metric)
        elif not _is_of_variants(alarm, endpoint):
            yield _Stated(id=alarm.name, alarm=alarm, metric=alarm.wanted().metric(endpoint))
        else:
            for id_, variant in _ids(alarm.name, endpoint, alarm.variant):
                metric = alarm.wanted(variant).metric(endpoint)
                yield _Stated(id=id_, alarm=alarm, metric=metric, variant=variant)


class EndpointAlarms(Construct):
    """Makes the alarms, named after the endpoint, which they are there before: its deployments may roll back on them.

    `deferred` is what must hold of the inputs before they are made.

    Attributes: `made`, the alarms by name, such as ``ServerErrors-blue``; `of_answers`, those of them that tell whether
    requests are answered well, for a deployment to be rolled back on: a full disk would stop the update that mends it.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        identity: Identity,
        *,
        alarms: Alarms,
        endpoint: MeasuredEndpoint,
        deferred: Sequence[checks.Deferred] = (),
    ) -> None:
        super().__init__(scope, id)
        self.made: dict[str, bindings.CloudwatchMetricAlarm] = {}
        self.of_answers: list[bindings.CloudwatchMetricAlarm] = []
        for stated in _stated(alarms, endpoint):
            # What is asked once, of the first, is asked before the others are looked at by the provider.
            first = [*self.made.values()][:1] if deferred else []
            alarm = self.made[stated.id] = self._make(identity, alarms, stated, depends_on=first)
            # A renamed variant has an alarm of another name, and the endpoint is told of that one first.
            set_lifecycle(
                alarm,
                create_before_destroy=True,
                precondition=preconditions(() if first else deferred),
            )
            if stated.alarm.name in recommended.OF_ANSWERS:
                self.of_answers.append(alarm)

    def _make(
        self,
        identity: Identity,
        alarms: Alarms,
        stated: _Stated,
        *,
        depends_on: Sequence[bindings.CloudwatchMetricAlarm],
    ) -> bindings.CloudwatchMetricAlarm:
        alarm, metric = stated.alarm, stated.metric
        # A slash is in no name of an endpoint, a variant or an alarm here, so that no two alarms have one name.
        parts = [identity.endpoint_name, stated.variant, alarm.name]
        simple = metric.alarm_arguments()
        return bindings.CloudwatchMetricAlarm(
            self,
            stated.id,
            alarm_name="/".join(each for each in parts if each is not None),
            alarm_description=alarm.alarm_description or f"{metric.metric_name} of {identity.endpoint_name}",
            namespace=metric.namespace,
            metric_name=metric.metric_name,
            dimensions=dict(metric.dimensions),
            statistic=metric.statistic if "statistic" in simple else None,
            extended_statistic=None if "statistic" in simple else metric.statistic,
            # A percentile of few samples is no better than their maximum.
            evaluate_low_sample_count_percentiles="ignore" if is_percentile(metric.statistic) else None,
            period=metric.period,
            evaluation_periods=alarm.evaluation_periods,
            datapoints_to_alarm=alarm.datapoints_to_alarm,
            threshold=alarm.threshold,
            comparison_operator=alarm.comparison_operator,
            treat_missing_data=alarm.treat_missing_data,
            alarm_actions=_actions(alarms.alarm_actions),
            ok_actions=_actions(alarms.ok_actions),
            insufficient_data_actions=_actions(alarms.alarm_actions) if alarm.alarm_on_insufficient_data else None,
            tags=identity.tags,
            depends_on=depends_on or None,
        )


def _actions(arns: Sequence[str]) -> list[str] | None:
    return list(arns) or None
