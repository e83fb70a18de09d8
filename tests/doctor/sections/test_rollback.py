"""What the doctor says of the alarms that take updates back: of those that did, and of those that would."""

from datetime import datetime, timedelta, timezone
from typing import Any

from sagemaker_endpoint_doctor.examination.finding import Finding, Status
from sagemaker_endpoint_doctor.examination.names import Names
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts.alarms import rang
from sagemaker_endpoint_doctor.sections.endpoint.failure_reasons import has_other_cause
from sagemaker_endpoint_doctor.sections.endpoint.rollback import rollback_alarms

import pytest
from botocore.stub import Stubber

from tests.doctor.patient import Patient
from tests.doctor.sections.conftest import Tell
from tests.embedded_aws.fault import DENIED

ALL_AT_ONCE = {"TrafficRoutingConfiguration": {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}}


@pytest.fixture
def patient(another: Patient) -> Patient:
    return another


def watch(patient: Patient, name: str, **settings: object) -> str:
    """Make an alarm that says nothing of the endpoint, and is quiet."""
    watched = {"Namespace": "shop", "MetricName": "orders", "Statistic": "Sum", "Period": 60}
    patient.aws.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="LessThanThreshold",
        **{**watched, **settings},
    )
    turn(patient, name, "OK")
    return name


def turn(patient: Patient, name: str, state: str) -> None:
    patient.aws.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue=state, StateReason="too few")


def guarded(*names: str) -> dict[str, Any]:
    """Say that the live deployment names these alarms."""
    rollback = {"Alarms": [{"AlarmName": each} for each in names]}
    return {"LastDeploymentConfig": {"BlueGreenUpdatePolicy": ALL_AT_ONCE, "AutoRollbackConfiguration": rollback}}


def names(patient: Patient, configuration: str = "terraforms-own") -> Names:
    return Names(endpoint_name=patient.name, region=patient.aws.region, endpoint_config_name=configuration)


def of(patient: Patient, check: str, subject: Subject) -> list[Finding]:
    return [each for each in patient.findings("endpoint", subject) if each.check == f"endpoint.{check}"]


# Whether the next update can stay.


def test_alarms_that_are_there_and_quiet_are_well(patient: Patient, tell: Tell) -> None:
    subject = tell(**guarded(watch(patient, f"{patient.name}-a"), watch(patient, f"{patient.name}-b")))
    (finding,) = of(patient, "rollback_alarms", subject)
    assert (finding.status, finding.seen) == (
        Status.OK,
        f"no alarm that takes updates back rings: {patient.name}-a and {patient.name}-b",
    )


def test_without_any_cloudwatch_is_asked_once_for_those_that_ring(patient: Patient) -> None:
    patient.aws.reset_calls()
    found = patient.findings("endpoint")
    assert not [each for each in found if each.check in ("endpoint.rollback_alarms", "endpoint.taken_back")]
    asked = [call.action for call in patient.aws.calls() if call.service in ("cloudwatch", "monitoring")]
    assert asked.count("DescribeAlarms") == 1
    assert "DescribeAlarmHistory" not in asked


def test_one_that_rings_would_take_the_next_update_back(patient: Patient, tell: Tell) -> None:
    alarm = watch(patient, f"{patient.name} of shop")
    turn(patient, alarm, "ALARM")
    (finding,) = patient.complaints("endpoint", tell(**guarded(alarm)))
    assert (finding.check, finding.status) == ("endpoint.rollback_alarms", Status.PROBLEM)
    assert finding.seen.startswith(f"alarm {alarm} is in ALARM since 20")
    assert finding.seen.endswith("(less than a minute ago), and takes updates back: too few")
    assert "the next update is likely to be taken back too" in finding.why
    assert "deployment=AllAtOnce(roll_back_on_own_alarms=False)" in finding.next
    assert finding.command.startswith(f"aws cloudwatch describe-alarms --alarm-names '{alarm}' --alarm-types ")


def test_one_that_does_not_exist_any_more_is_told(patient: Patient, tell: Tell) -> None:
    there, gone = watch(patient, f"{patient.name}-there"), f"{patient.name}-gone"
    (finding,) = patient.complaints("endpoint", tell(**guarded(there, gone)))
    assert (finding.check, finding.status) == ("endpoint.rollback_alarms", Status.WARNING)
    assert finding.seen == f"alarm {gone}, which is to take updates back, does not exist"


def test_a_composite_alarm_is_known_too(tell: Tell) -> None:
    subject = tell(**guarded("both"))
    subject.endpoint()
    alarm = {
        "AlarmName": "both",
        "StateValue": "ALARM",
        "StateReason": "one of them",
        "StateTransitionedTimestamp": datetime(2026, 5, 4, 12, tzinfo=timezone.utc),
        "StateUpdatedTimestamp": datetime(2026, 5, 4, 13, tzinfo=timezone.utc),
    }
    with Stubber(subject.aws.cloudwatch) as stub:
        stub.add_response("describe_alarms", {"CompositeAlarms": [alarm]})
        (finding,) = rollback_alarms(subject)
    assert finding.seen.startswith("alarm both is in ALARM since 2026-05-04 12:00 UTC")


def test_one_on_the_endpoint_is_told_of_once(patient: Patient, tell: Tell) -> None:
    on_it = {"Dimensions": [{"Name": "EndpointName", "Value": patient.name}]}
    alarm = watch(patient, f"{patient.name}/ServerErrors", **on_it)
    turn(patient, alarm, "ALARM")
    subject = tell(**guarded(alarm))
    assert [each.check for each in patient.complaints("endpoint", subject)] == ["endpoint.rollback_alarms"]
    assert [each.seen for each in of(patient, "alarms", subject)] == ["no other alarm on it is in ALARM"]


@pytest.mark.parametrize(
    ("name", "of_another", "told"),
    [
        ("{}/orders", False, True),
        ("{}", False, True),
        ("{}2/orders", False, False),
        ("{}-2/orders", True, False),
    ],
)
def test_an_alarm_that_is_named_after_the_endpoint_is_its_own(
    patient: Patient, name: str, of_another: bool, told: bool
) -> None:
    dimensions = {"Dimensions": [{"Name": "EndpointName", "Value": f"{patient.name}-2"}]} if of_another else {}
    turn(patient, watch(patient, name.format(patient.name), **dimensions), "ALARM")
    assert [each.check for each in patient.complaints("endpoint")] == (["endpoint.alarms"] if told else [])


# Which of them took an update back.


def rolled_back(patient: Patient, tell: Tell, *alarms: str, after: timedelta = timedelta(), **told: object) -> Subject:
    """Say that the endpoint was last changed, by the end of an update that was taken back, so long from now on."""
    ended = datetime.now(timezone.utc) + after
    return tell(names=names(patient), LastModifiedTime=ended, **guarded(*alarms), **told)


def test_the_alarm_that_rang_meanwhile_and_rings_on_is_named(patient: Patient, tell: Tell) -> None:
    alarm, quiet = watch(patient, f"{patient.name}-rings"), watch(patient, f"{patient.name}-quiet")
    turn(patient, alarm, "ALARM")
    subject = rolled_back(patient, tell, alarm, quiet, after=timedelta(minutes=3))
    (finding,) = of(patient, "taken_back", subject)
    assert finding.status is Status.WARNING
    assert finding.seen.startswith(f"alarm {alarm} rang at 20")
    assert finding.seen.endswith("UTC: most likely it took the update back; it still rings")
    assert finding.command.startswith(f"aws cloudwatch describe-alarm-history --alarm-name {alarm} ")


def test_the_alarm_that_rang_meanwhile_and_is_quiet_by_now_is_named_by_its_history(
    patient: Patient, tell: Tell
) -> None:
    alarm = watch(patient, f"{patient.name}-rang")
    turn(patient, alarm, "ALARM")
    turn(patient, alarm, "OK")
    (finding,) = of(patient, "taken_back", rolled_back(patient, tell, alarm, after=timedelta(minutes=3)))
    assert "most likely it took the update back; it is quiet since 20" in finding.seen


@pytest.mark.parametrize("after", [timedelta(hours=9), timedelta(hours=-1)])
def test_an_alarm_that_rang_long_before_or_since_is_not_blamed(patient: Patient, tell: Tell, after: timedelta) -> None:
    alarm = watch(patient, f"{patient.name}-else")
    turn(patient, alarm, "ALARM")
    turn(patient, alarm, "OK")
    assert of(patient, "taken_back", rolled_back(patient, tell, alarm, after=after)) == []


@pytest.mark.parametrize(
    ("reason", "blamed"),
    [("", True), ("An alarm went off.", True), ("Request failed.", True), ("It did not pass the ping check.", False)],
)
def test_an_alarm_is_not_blamed_for_what_sagemaker_says_is_something_elses_fault(
    patient: Patient, tell: Tell, reason: str, blamed: bool
) -> None:
    assert has_other_cause(reason) is not blamed
    alarm = watch(patient, f"{patient.name}-blamed")
    turn(patient, alarm, "ALARM")
    told = {"FailureReason": reason} if reason else {}
    found = of(patient, "taken_back", rolled_back(patient, tell, alarm, after=timedelta(minutes=3), **told))
    assert bool(found) is blamed


def test_where_no_update_failed_no_alarm_is_blamed(patient: Patient, tell: Tell) -> None:
    alarm = watch(patient, f"{patient.name}-none")
    turn(patient, alarm, "ALARM")
    subject = tell(names=names(patient, patient.configuration), **guarded(alarm))
    assert of(patient, "taken_back", subject) == []


def test_the_history_is_read_to_its_last_page_and_by_its_summary_where_it_has_no_data(patient: Patient) -> None:
    subject = patient.subject()
    time = datetime(2026, 5, 4, 12, tzinfo=timezone.utc)
    quiet = {"Timestamp": time + timedelta(minutes=5), "HistorySummary": "Alarm updated from ALARM to OK"}
    rings = {"Timestamp": time, "HistorySummary": "Alarm updated from OK to ALARM"}
    with Stubber(subject.aws.cloudwatch) as stub:
        stub.add_response("describe_alarm_history", {"AlarmHistoryItems": [quiet], "NextToken": "two"})
        stub.add_response("describe_alarm_history", {"AlarmHistoryItems": [rings]})
        assert rang(subject, "a", time - timedelta(hours=1), time + timedelta(hours=1)) == time


@pytest.mark.parametrize("operation", ["DescribeAlarms", "DescribeAlarmHistory"])
def test_a_call_that_is_denied_says_which_permission_it_needs(patient: Patient, tell: Tell, operation: str) -> None:
    alarm = watch(patient, f"{patient.name}-denied")
    turn(patient, alarm, "ALARM")
    turn(patient, alarm, "OK")
    subject = rolled_back(patient, tell, alarm, after=timedelta(minutes=3))
    with patient.aws.fault(f"cloudwatch:{operation}", DENIED):
        unknown = [each.seen for each in patient.findings("endpoint", subject) if each.status is Status.UNKNOWN]
    assert unknown == [f"needs cloudwatch:{operation}"]


def test_of_an_update_that_an_alarm_took_back_all_is_told(patient: Patient) -> None:
    alarm, new = watch(patient, f"{patient.name}-all"), f"{patient.name}-new"
    sagemaker = patient.aws.client("sagemaker")
    variant = {"VariantName": "AllTraffic", "ModelName": patient.model, "InstanceType": "ml.m5.xlarge"}
    sagemaker.create_endpoint_config(
        EndpointConfigName=new, ProductionVariants=[{**variant, "InitialInstanceCount": 2}]
    )
    size = {"Type": "CAPACITY_PERCENT", "Value": 50}
    canary = {"TrafficRoutingConfiguration": {"Type": "CANARY", "CanarySize": size, "WaitIntervalInSeconds": 300}}
    for configuration, policy in ((patient.configuration, ALL_AT_ONCE), (new, canary)):
        sagemaker.update_endpoint(
            EndpointName=patient.name,
            EndpointConfigName=configuration,
            DeploymentConfig={
                "BlueGreenUpdatePolicy": policy,
                "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": alarm}]},
            },
        )
        patient.aws.advance(60)
    assert not patient.complaints("endpoint")
    turn(patient, alarm, "ALARM")
    complaints = patient.complaints("endpoint", patient.subject(names=names(patient, new)))
    assert {each.check: each.status for each in complaints} == {
        "endpoint.configuration": Status.PROBLEM,
        "endpoint.taken_back": Status.WARNING,
        "endpoint.rollback_alarms": Status.PROBLEM,
    }
    told = {each.check: each.seen for each in complaints}
    assert told["endpoint.configuration"] == f"serves {patient.configuration}, not Terraform's {new}"
    assert told["endpoint.taken_back"].endswith("most likely it took the update back; it still rings")
