"""Asynchronous endpoints: those that scale to no instance are well, what waits for nobody is not."""

from datetime import timedelta

from sagemaker_endpoint_doctor.examination.finding import Finding, Status

import pytest

from tests.doctor.kinds import asynchronous, publish, replace_endpoint, scale
from tests.doctor.patient import Patient


@pytest.fixture
def queued(patient: Patient) -> Patient:
    replace_endpoint(patient, **asynchronous(patient))
    return patient


def finding(patient: Patient, check: str) -> Finding:
    section = check.partition(".")[0]
    (found,) = (each for each in patient.findings(section) if each.check == check)
    return found


def test_one_that_has_scaled_to_no_instance_is_well(queued: Patient) -> None:
    scale(queued, 0)
    variants = finding(queued, "endpoint.variants")
    assert (variants.status, variants.seen) == (
        Status.OK,
        "AllTraffic: no instance, and none is wanted now, weight 1",
    )
    assert queued.complaints("endpoint") == []
    assert queued.complaints("interfaces") == []
    assert finding(queued, "interfaces.count").seen.startswith("1 network interface for 0 instances")


def test_another_endpoint_without_an_instance_answers_nobody(patient: Patient) -> None:
    scale(patient, 0)
    (found,) = patient.complaints("endpoint")
    assert (found.check, found.status) == ("endpoint.variants", Status.PROBLEM)
    assert found.seen == "no instance of AllTraffic runs, and none is wanted"


def test_an_instance_that_is_wanted_and_does_not_run_is_a_problem(queued: Patient) -> None:
    def change(parsed: dict[str, list[dict[str, int]]], **_: object) -> None:
        parsed["ProductionVariants"][0].update(CurrentInstanceCount=0, DesiredInstanceCount=1)

    events = queued.subject().aws.sagemaker.meta.events
    events.register("after-call.sagemaker.DescribeEndpoint", change)
    try:
        (found,) = queued.complaints("endpoint")
    finally:
        events.unregister("after-call.sagemaker.DescribeEndpoint", change)
    assert (found.check, found.status, found.seen) == (
        "endpoint.variants",
        Status.PROBLEM,
        "0 of 1 instance of AllTraffic run",
    )


def test_an_empty_queue_is_well(queued: Patient) -> None:
    assert finding(queued, "endpoint.backlog").seen == "no request waits in the queue"


def test_other_endpoints_have_no_queue(patient: Patient) -> None:
    assert "endpoint.backlog" not in {each.check for each in patient.findings("endpoint")}


def test_requests_that_have_just_come_to_no_instance_are_well(queued: Patient) -> None:
    scale(queued, 0)
    publish(queued, ApproximateBacklogSize=3, ApproximateAgeOfOldestRequest=300)
    found = finding(queued, "endpoint.backlog")
    assert (found.status, found.seen) == (
        Status.OK,
        "3 requests in the queue, the oldest for 5 minutes; the first instance is still to come",
    )


def test_requests_that_wait_for_long_while_no_instance_runs_are_a_problem(queued: Patient) -> None:
    scale(queued, 0)
    publish(queued, ApproximateBacklogSize=3, ApproximateAgeOfOldestRequest=7200)
    found = finding(queued, "endpoint.backlog")
    assert (found.status, found.seen) == (
        Status.PROBLEM,
        "3 requests in the queue, the oldest for 2 hours, and no instance runs",
    )
    assert "HasBacklogWithoutCapacity" in found.next
    assert "--metric-name ApproximateBacklogSize" in found.command
    assert f"Name=EndpointName,Value={queued.name}" in found.command


def test_requests_that_wait_for_long_while_instances_run_are_a_warning(queued: Patient) -> None:
    publish(queued, ApproximateBacklogSize=1, ApproximateAgeOfOldestRequest=7200)
    found = finding(queued, "endpoint.backlog")
    assert (found.status, found.seen) == (Status.WARNING, "1 request in the queue, the oldest for 2 hours")


def test_what_waited_yesterday_waits_no_more(queued: Patient) -> None:
    publish(queued, ApproximateBacklogSize=3, ApproximateAgeOfOldestRequest=7200)
    later = queued.subject().now + timedelta(hours=2)
    found = queued.findings("endpoint", queued.subject(now=later))
    assert "no request waits in the queue" in [each.seen for each in found]


@pytest.mark.parametrize(
    ("metric", "words"),
    [
        ("RequestDownloadFailures", "could not be loaded from S3"),
        ("ResponseUploadFailures", "were answered, but the answer could not be written to S3"),
        ("NotificationFailures", "were answered, but nobody could be told"),
        ("ExpiredRequests", "waited in the queue for longer than they may"),
        ("InvocationFailures", "failed in the container"),
    ],
)
def test_requests_that_fail_where_no_caller_waits_are_told_with_how(queued: Patient, metric: str, words: str) -> None:
    publish(queued, variant="AllTraffic", **{metric: 3})
    found = finding(queued, "endpoint.asynchronous")
    assert (found.status, found.seen) == (
        Status.PROBLEM,
        f"3 requests to AllTraffic {words} in the last hour",
    )
    assert f"--metric-name {metric} " in found.command


def test_where_none_fails_that_is_told(queued: Patient) -> None:
    assert finding(queued, "endpoint.asynchronous").seen == "no asynchronous request failed in the last hour"


def test_quiet_logs_of_one_without_an_instance_are_well(queued: Patient) -> None:
    later = queued.subject().now + timedelta(days=3)
    (found,) = queued.complaints("logs", queued.subject(now=later))
    assert found.check == "logs.last_event"
    scale(queued, 0)
    assert queued.complaints("logs", queued.subject(now=later)) == []
