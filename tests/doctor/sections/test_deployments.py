"""What the doctor says of a deployment that is under way: which, how, how far, and for how long yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from sagemaker_endpoint_doctor.examination.finding import Status
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts.deployments import last_manner

import pytest

from tests.doctor.patient import Patient
from tests.doctor.sections.conftest import Tell

STARTED = datetime(2026, 5, 4, 12, tzinfo=timezone.utc)


@pytest.fixture
def patient(another: Patient) -> Patient:
    return another


def percent(value: int) -> dict[str, object]:
    return {"Type": "CAPACITY_PERCENT", "Value": value}


def instances(value: int) -> dict[str, object]:
    return {"Type": "INSTANCE_COUNT", "Value": value}


def shifted(kind: str, wait: int, *, end: int = 0, limit: int | None = None, **size: object) -> dict[str, Any]:
    routing = {"Type": kind, "WaitIntervalInSeconds": wait, **size}
    most = {} if limit is None else {"MaximumExecutionTimeoutInSeconds": limit}
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": end, **most}}


def rolling(wait: int, size: Mapping[str, object]) -> dict[str, Any]:
    return {"RollingUpdatePolicy": {"MaximumBatchSize": size, "WaitIntervalInSeconds": wait}}


def under_way(
    patient: Patient,
    tell: Tell,
    *,
    minutes: float,
    last: Mapping[str, object] | None = None,
    statuses: Sequence[Mapping[str, object]] = (),
) -> Subject:
    variants = [{"VariantName": "AllTraffic", "VariantStatus": list(statuses)}] if statuses else []
    pending = {"EndpointConfigName": patient.configuration, "StartTime": STARTED, "ProductionVariants": variants}
    told = {"LastDeploymentConfig": last} if last else {}
    now = STARTED + timedelta(minutes=minutes)
    return tell(EndpointStatus="Updating", PendingDeploymentSummary=pending, now=now, **told)


def seen(patient: Patient, subject: Subject) -> list[str]:
    found = [each for each in patient.findings("endpoint", subject) if each.check == "endpoint.deployment"]
    assert {each.status for each in found} <= {Status.OK}
    return [each.seen for each in found]


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (shifted("ALL_AT_ONCE", 0), "blue/green, all at once, with no alarm to roll it back"),
        (
            shifted("CANARY", 600, end=300, CanarySize=percent(10)),
            "blue/green, canary, with no alarm to roll it back; all its waits take 25 minutes",
        ),
        (
            {
                **shifted("LINEAR", 2700, LinearStepSize=percent(30)),
                "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "e"}]},
            },
            "blue/green, linear, taken back by e; all its waits take 3 hours, longer than Terraform's provider waits",
        ),
        (
            shifted("ALL_AT_ONCE", 0, limit=7200),
            "blue/green, all at once, with no alarm to roll it back, longer than Terraform's provider waits",
        ),
        (rolling(300, percent(50)), "rolling, with no alarm to roll it back; all its waits take 10 minutes"),
    ],
)
def test_the_kind_is_told_with_what_it_waits_for(
    patient: Patient, tell: Tell, last: Mapping[str, object], words: str
) -> None:
    subject = under_way(patient, tell, minutes=1, last=last)
    assert seen(patient, subject) == [f"{patient.configuration} is being deployed: {words}"]


def test_the_kind_is_not_guessed_where_aws_does_not_tell(patient: Patient, tell: Tell) -> None:
    subject = under_way(patient, tell, minutes=1)
    assert seen(patient, subject) == [f"{patient.configuration} is being deployed: how, AWS does not tell"]


@pytest.mark.parametrize(
    ("last", "seconds"),
    [
        (shifted("LINEAR", 60, LinearStepSize=percent(40)), 180),
        (shifted("LINEAR", 60, LinearStepSize=instances(1)), 120),
        (rolling(60, instances(1)), 120),
        (rolling(60, percent(5)), 1200),
        (shifted("CANARY", 60, CanarySize=instances(1)), 120),
        ({}, 0),
    ],
)
def test_the_waits_are_those_of_all_steps(tell: Tell, last: Mapping[str, object], seconds: int) -> None:
    endpoint = tell(LastDeploymentConfig=last).endpoint()
    assert last_manner(endpoint).waits == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("minutes", "left"),
    [(12, ", 8 minutes left"), (21, "")],
)
def test_a_variant_that_bakes_is_told_with_the_time_left(patient: Patient, tell: Tell, minutes: int, left: str) -> None:
    began = STARTED + timedelta(minutes=10)
    statuses = [
        {"Status": "Creating", "StartTime": STARTED},
        {"Status": "Baking", "StatusMessage": "10 percent", "StartTime": began},
    ]
    last = shifted("CANARY", 600, CanarySize=percent(10))
    subject = under_way(patient, tell, minutes=minutes, last=last, statuses=statuses)
    first, _ = seen(patient, subject)
    assert first == f"AllTraffic is Baking since 2026-05-04 12:10 UTC: 10 percent{left}"


def test_a_variant_that_is_made_bakes_not_yet(patient: Patient, tell: Tell) -> None:
    last = shifted("CANARY", 600, CanarySize=percent(10))
    subject = under_way(patient, tell, minutes=1, last=last, statuses=[{"Status": "Creating"}])
    assert seen(patient, subject)[0] == "AllTraffic is Creating"


@pytest.mark.parametrize(("minutes", "status"), [(74, Status.OK), (76, Status.WARNING)])
def test_a_deployment_may_take_its_waits_too(patient: Patient, tell: Tell, minutes: int, status: Status) -> None:
    last = shifted("CANARY", 1800, CanarySize=percent(10))
    subject = under_way(patient, tell, minutes=minutes, last=last)
    (finding,) = [each for each in patient.findings("endpoint", subject) if each.check == "endpoint.status"]
    assert finding.status is status


def test_the_way_out_of_a_rollback_that_failed_is_another_update(patient: Patient, tell: Tell) -> None:
    (finding,) = patient.complaints("endpoint", tell(EndpointStatus="UpdateRollbackFailed", FailureReason="quota"))
    assert finding.check == "endpoint.status"
    assert "A quota of the account is used up" in finding.next
    assert "The way out is another update: deploy again" in finding.next
