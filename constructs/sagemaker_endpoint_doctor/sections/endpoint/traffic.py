"""How requests fare: errors and latency, against the same time of the day before.

The metrics: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts import metrics
from sagemaker_endpoint_doctor.facts.metrics import MAXIMUM, SAMPLE_COUNT, SUM
from sagemaker_endpoint_doctor.text.times import seconds, span
from sagemaker_endpoint_doctor.text.words import counted
from sagemaker_endpoint_runbook import commands

_DAY = timedelta(days=1)
_MANY = 0.01  # of all requests
_WORSE = 2  # times as much as the day before
_MOST_PERIODS = 1440  # that GetMetricStatistics answers with
_FEW = 20  # requests, of which no share and no average says much
# "A customer's model containers must respond to requests within 60 seconds"; what takes longer is a stream.
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
_LIMIT = (timedelta(seconds=59), timedelta(seconds=61))
_METRICS = {
    "requests": ("Invocations", SUM),
    "client_errors": ("Invocation4XXErrors", SUM),
    "server_errors": ("Invocation5XXErrors", SUM),
    "microseconds": ("ModelLatency", SUM),
    "answers": ("ModelLatency", SAMPLE_COUNT),
    "slowest": ("ModelLatency", MAXIMUM),
}
_UNMEASURED = "Callers are answered as ever, but what the shadow test is to tell is not measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """The requests to a variant in some span of time."""

    requests: int
    client_errors: int
    server_errors: int
    microseconds: float
    answers: int
    slowest: int

    @property
    def milliseconds(self) -> float | None:
        """The mean time that the model took to answer; None if it answered nothing."""
        return self.microseconds / self.answers / 1000 if self.answers else None

    @property
    def served(self) -> int:
        """How many there were: an asynchronous endpoint counts its answers only.

        https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
        """
        return max(self.requests, self.answers)

    def share(self, errors: int) -> float:
        """Give the errors' part of all requests."""
        return errors / (self.served or errors or 1)


def traffic(subject: Subject) -> Iterator[Finding]:
    """Whether requests fail, take longer than the day before, or as long as SageMaker lets them.

    A shadow variant has metrics of its own: https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests.html
    """
    endpoint = subject.endpoint()
    shadows = [variant["VariantName"] for variant in endpoint.get("ShadowProductionVariants", [])]
    names = [*(variant["VariantName"] for variant in endpoint.get("ProductionVariants", [])), *shadows]
    if not names:
        return
    today, before = _traffic(subject, names, subject.now), _traffic(subject, names, subject.now - _DAY)
    served = sum(today[name].served for name in names if name not in shadows)
    for name in names:
        missed = served if name in shadows else None
        compared = _Compared(subject, name, today[name], before[name], shadowed=missed)
        yield from [*compared.complaints()] or [compared.praise()]


@dataclass(frozen=True, slots=True)
class _Compared:
    subject: Subject
    variant: str
    today: Traffic
    before: Traffic
    shadowed: int | None  # requests to the variants that a shadow variant gets copies of

    @property
    def is_shadow(self) -> bool:
        return self.shadowed is not None

    def complaints(self) -> Iterator[Finding]:
        yield from self._server_errors()
        yield from self._client_errors()
        yield from self._limit()
        yield from self._latency()
        yield from self._silence()

    def praise(self) -> Finding:
        now, before = self.today, self.before
        if not now.served:
            return ok(f"{self.variant}: no request in {self._span()}")
        errors = f", {counted(now.client_errors, 'error')} 4XX" if now.client_errors else ", none failed"
        return ok(
            f"{self.variant}: {counted(now.served, 'request')} in {self._span()}{errors}, "
            f"{_taking(now)}; the day before {before.served}, {_taking(before)}"
        )

    def _server_errors(self) -> Iterator[Finding]:
        errors = self.today.server_errors
        if not errors:
            return
        rate = problem if self.today.share(errors) >= _MANY else warning
        yield rate(
            self._failed(errors, self.before.server_errors, "5XX"),
            why=f"{_UNMEASURED}: the shadow variant's container answers with errors, too late or not at all."
            if self.is_shadow
            else "The container answers with errors, too late or not at all: callers get ModelError or a 5XX.",
            next=f"If it began with a deployment, go back to what ran before and {self.subject.deploy}. If not, "
            "compare the requests that fail with those that are answered.",
            see={"logs": "Section Logs tells what goes wrong in the containers."},
            command=self._command(commands.GET_SERVER_ERRORS),
        )

    def _client_errors(self) -> Iterator[Finding]:
        errors, share = self.today.client_errors, self.today.share(self.today.client_errors)
        if share < _MANY or share < _WORSE * self.before.share(self.before.client_errors):
            return  # some callers always send what the model cannot read
        yield warning(
            self._failed(errors, self.before.client_errors, "4XX"),
            why=f"{_UNMEASURED}: the shadow variant refuses what the other takes."
            if self.is_shadow
            else "Callers send what the model refuses, or more than it takes.",
            next="Ask the callers what they changed: content type, size or form of the requests.",
            see={"logs": "Section Logs may show what the container refuses."},
            command=self._command(commands.GET_CLIENT_ERRORS),
        )

    def _limit(self) -> Iterator[Finding]:
        least, most = _LIMIT
        if self.subject.is_asynchronous() or not least <= timedelta(microseconds=self.today.slowest) <= most:
            return
        yield (problem if self.today.server_errors else warning)(
            f"{self.variant} took {self.today.slowest / 1_000_000:.0f} s for an answer in {self._span()}, which is "
            "SageMaker's limit",
            why="SageMaker ends a call after 60 seconds, and its caller gets ModelError, whatever the model goes on to "
            "do. No setting raises that.",
            next="Make answers quicker (smaller requests, fewer at once, a larger instance_type), or call it "
            "asynchronously, which grants up to an hour. "
            "https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html",
            command=self._command(commands.GET_SLOWEST),
        )

    def _latency(self) -> Iterator[Finding]:
        now, before = self.today.milliseconds, self.before.milliseconds
        if min(self.today.answers, self.before.answers) < _FEW or not now or not before or now < _WORSE * before:
            return
        yield warning(
            f"{self.variant} takes {now:,.0f} ms on average in {self._span()}, the day before {before:,.0f} ms",
            # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
            # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
            why="Answers come later, and requests wait in the queue meanwhile: for six hours, not longer."
            if self.subject.is_asynchronous()
            else "Callers wait longer, and SageMaker waits for an answer for 60 seconds only.",
            next="Are there more requests, or larger ones, than the day before? Then more instances help. If it began "
            "with a deployment, compare the models.",
            see={"logs": "Section Logs may show time-outs of the workers."},
            command=self._command(commands.GET_LATENCY),
        )

    def _silence(self) -> Iterator[Finding]:
        if self.today.served:
            return
        if (self.shadowed or 0) >= _FEW:
            yield warning(
                f"{self.variant}, a shadow variant: no request in {self._span()}, the production variant got "
                f"{self.shadowed}",
                why=f"{_UNMEASURED}.",
                next="Its weight says which share of the requests it gets, beside the production variant's: with 0 it "
                f"gets none. Raise its initial_variant_weight and {self.subject.deploy}. "
                "https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests.html",
                command=self._command(commands.GET_REQUESTS),
            )
            return
        if self.before.served < _FEW:
            return
        yield warning(
            f"{self.variant}: no request in {self._span()}, the day before {self.before.served}",
            why="Callers may no longer reach the endpoint: a refused request is not counted here.",
            next="Ask a caller which error it gets: AccessDenied (attach the invoke policy to its role again), an "
            "endpoint that is not found (name, region), or no connection (its network).",
            command=self._command(commands.GET_REQUESTS),
        )

    def _failed(self, errors: int, errors_before: int, kind: str) -> str:
        now, before = self.today, self.before
        return (
            f"{errors} of {counted(now.served, 'request')} to {self.variant} failed with {kind} in {self._span()} "
            f"({now.share(errors):.1%}), the day before {errors_before} of {before.served}"
        )

    def _span(self) -> str:
        return span(self.subject.since)

    def _command(self, command: str) -> str:
        subject = self.subject
        return commands.filled(
            command,
            endpoint=subject.endpoint()["EndpointName"],
            variant=self.variant,
            start=seconds(subject.now - subject.since),
            period="300" if subject.since + _DAY <= _MOST_PERIODS * timedelta(seconds=300) else "3600",
        )


def _taking(traffic: Traffic) -> str:
    return "no latency measured" if traffic.milliseconds is None else f"{traffic.milliseconds:,.0f} ms on average"


def _traffic(subject: Subject, variants: Sequence[str], end: datetime) -> Mapping[str, Traffic]:
    found = metrics.of_variants(subject, variants, _METRICS, end)
    return {variant: Traffic(**{name: round(value) for name, value in of.items()}) for variant, of in found.items()}
