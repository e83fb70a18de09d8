"""The endpoint's own section."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from sagemaker_endpoint_doctor.aws.errors import CannotCheckError
from sagemaker_endpoint_doctor.examination.finding import Finding, Status
from sagemaker_endpoint_doctor.examination.names import Names
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.sections.endpoint.alarms import alarms
from sagemaker_endpoint_doctor.sections.endpoint.failure_reasons import REASONS, Reason, meaning
from sagemaker_endpoint_doctor.sections.endpoint.traffic import traffic

import pytest
from botocore.stub import Stubber

from tests.doctor.patient import Patient
from tests.doctor.sections.conftest import Answer, Tell
from tests.embedded_aws.fault import DENIED

_DAY = timedelta(days=1)
_REASON = "The primary container for production variant AllTraffic did not pass the ping health check."


@pytest.fixture
def patient(another: Patient) -> Patient:
    """Take one of many with the same models: it is the endpoint alone that is looked at here."""
    return another


def test_an_endpoint_that_is_well_is_told_of_in_a_few_lines(patient: Patient) -> None:
    findings = patient.findings("endpoint")
    assert {each.status for each in findings} == {Status.OK}
    seen = {each.check: each.seen for each in findings}
    assert len(seen) == len(findings) == 8
    assert seen["endpoint.status"].startswith("InService since 20")
    assert seen["endpoint.configuration"] == f"its configuration is {patient.configuration}"
    assert seen["endpoint.variants"] == "AllTraffic: 2 of 2 instances, weight 1"
    assert f"AllTraffic runs {patient.image}, resolved to sha256:" in seen["endpoint.images"]
    assert seen["endpoint.deployment"].endswith("blue/green, all at once, with no alarm to roll it back")
    assert seen["endpoint.traffic"] == "AllTraffic: no request in the last hour"
    assert seen["endpoint.alarms"] == "no alarm on it is in ALARM"
    assert seen["endpoint.scaling"] == "no variant scales by itself: the number of instances is fixed"


def test_an_endpoint_that_could_not_be_created_is_failed_and_says_why(patient: Patient) -> None:
    failed = f"{patient.name}-failed"
    with patient.aws.fail_deployments(_REASON):
        patient.aws.client("sagemaker").create_endpoint(EndpointName=failed, EndpointConfigName=patient.configuration)
    patient.aws.advance(60)
    names = Names(endpoint_name=failed, region=patient.aws.region)
    (finding,) = patient.complaints("endpoint", patient.subject(names=names))
    assert (finding.check, finding.status) == ("endpoint.status", Status.PROBLEM)
    assert finding.seen.startswith("Failed since 20")
    assert finding.seen.endswith(_REASON)
    assert "GET /ping" in finding.next
    assert finding.next.endswith("Then deploy again. A failed endpoint can only be deleted and made anew.")
    of_terraform = replace(names, endpoint_config_name=patient.configuration)
    (finding,) = patient.complaints("endpoint", patient.subject(names=of_terraform))
    assert "Then run terraform apply." in finding.next
    assert finding.next.endswith("use -replace.")
    assert finding.command == f"aws sagemaker describe-endpoint --endpoint-name {failed}"


def test_an_update_that_was_rolled_back_in_silence_is_told(patient: Patient) -> None:
    new = _fail_an_update(patient)
    names = Names(endpoint_name=patient.name, region=patient.aws.region, endpoint_config_name=new)
    (finding,) = patient.complaints("endpoint", patient.subject(names=names))
    assert (finding.check, finding.status) == ("endpoint.configuration", Status.PROBLEM)
    assert finding.seen == (
        "the last change failed and was rolled back; it serves "
        f"{patient.configuration}, not Terraform's {new}: {_REASON}"
    )


def test_a_roll_back_is_told_where_nobody_knows_what_terraform_made(patient: Patient) -> None:
    _fail_an_update(patient)
    (finding,) = patient.complaints("endpoint")
    assert (finding.check, finding.status) == ("endpoint.configuration", Status.PROBLEM)
    assert _REASON in finding.seen


def test_a_change_that_was_rolled_back_is_a_warning_where_terraforms_configuration_serves(patient: Patient) -> None:
    _fail_an_update(patient)
    names = Names(endpoint_name=patient.name, region=patient.aws.region, endpoint_config_name=patient.configuration)
    (finding,) = patient.complaints("endpoint", patient.subject(names=names))
    assert (finding.check, finding.status) == ("endpoint.configuration", Status.WARNING)
    assert f"{patient.configuration} (Terraform's)" in finding.seen


def test_another_configuration_than_terraforms_is_told_even_without_a_reason(patient: Patient) -> None:
    names = Names(endpoint_name=patient.name, region=patient.aws.region, endpoint_config_name="terraforms-own")
    (finding,) = patient.complaints("endpoint", patient.subject(names=names))
    assert (finding.check, finding.status) == ("endpoint.configuration", Status.PROBLEM)
    assert finding.seen == f"serves {patient.configuration}, not Terraform's terraforms-own"


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        ("OutOfService", Status.PROBLEM, "OutOfService since"),
        ("Deleting", Status.PROBLEM, "somebody deletes the endpoint"),
        ("UpdateRollbackFailed", Status.PROBLEM, "UpdateRollbackFailed since"),
        ("SystemUpdating", Status.WARNING, "AWS maintains it"),
        ("RollingBack", Status.WARNING, "undoes a change"),
        ("Frozen", Status.PROBLEM, "Frozen since"),
    ],
)
def test_each_status_but_in_service_is_told(
    patient: Patient, tell: Tell, state: str, status: Status, words: str
) -> None:
    (finding,) = patient.complaints("endpoint", tell(EndpointStatus=state))
    assert (finding.check, finding.status) == ("endpoint.status", status)
    assert words in finding.seen


@pytest.mark.parametrize(
    ("state", "minutes", "status"),
    [
        ("Creating", 29, Status.WARNING),
        ("Creating", 31, Status.PROBLEM),
        ("Updating", 29, Status.OK),
        ("Updating", 31, Status.WARNING),
    ],
)
def test_a_deployment_is_stuck_after_half_an_hour(
    patient: Patient, tell: Tell, state: str, minutes: int, status: Status
) -> None:
    started = datetime.now(timezone.utc)
    subject = tell(EndpointStatus=state, LastModifiedTime=started, now=started + timedelta(minutes=minutes))
    (finding,) = [each for each in patient.findings("endpoint", subject) if each.check == "endpoint.status"]
    assert finding.status is status
    assert f"{minutes} minutes ago" in finding.seen
    assert ("stuck" in finding.seen) == (minutes > 30)
    assert [each for each in patient.complaints("endpoint", subject) if each != finding] == []


@pytest.mark.parametrize(("minutes", "status"), [(76, Status.OK), (78, Status.WARNING)])
def test_a_deployment_may_take_the_time_outs_of_the_configuration_that_is_deployed(
    patient: Patient, tell: Tell, minutes: int, status: Status
) -> None:
    slow = f"{patient.name}-slow"
    _configure(patient, slow, ModelDataDownloadTimeoutInSeconds=3600, ContainerStartupHealthCheckTimeoutInSeconds=120)
    started = datetime.now(timezone.utc)
    pending = {"EndpointConfigName": slow, "StartTime": started}
    later = started + timedelta(minutes=minutes)
    subject = tell(EndpointStatus="Updating", PendingDeploymentSummary=pending, now=later)
    seen = {each.check: each for each in patient.findings("endpoint", subject)}
    assert seen["endpoint.status"].status is status
    assert "77 minutes" in seen["endpoint.status"].seen
    assert seen["endpoint.configuration"].seen == f"serves {patient.configuration} while {slow} is being deployed"


@pytest.mark.parametrize(("state", "others"), [("Creating", 1), ("Updating", 0)])
def test_a_deployment_is_judged_without_its_configuration_where_that_may_not_be_seen(
    patient: Patient, tell: Tell, state: str, others: int
) -> None:
    started = datetime.now(timezone.utc)
    subject = tell(EndpointStatus=state, LastModifiedTime=started, now=started + timedelta(minutes=29))
    with patient.aws.fault("sagemaker:DescribeEndpointConfig", DENIED):
        findings = [each for each in patient.findings("endpoint", subject) if each.check == "endpoint.status"]
    judged, missing = findings
    assert judged.seen.startswith(f"{state} since 20")
    assert "up to 30 minutes are nothing unusual" in judged.seen
    assert (missing.status, missing.seen) == (Status.UNKNOWN, "needs sagemaker:DescribeEndpointConfig")
    assert [each.status for each in findings].count(Status.WARNING) == others


def test_a_deployment_is_judged_although_its_configuration_is_gone(patient: Patient, tell: Tell) -> None:
    pending = {"EndpointConfigName": "deleted", "StartTime": datetime.now(timezone.utc)}
    subject = tell(EndpointStatus="Updating", PendingDeploymentSummary=pending)
    judged, missing = (each for each in patient.findings("endpoint", subject) if each.check == "endpoint.status")
    assert judged.seen.startswith("Updating since 20")
    assert missing.seen == "the configuration deleted, which the endpoint names, is gone"


def test_a_deployment_may_take_the_time_out_of_its_own(patient: Patient, tell: Tell) -> None:
    started = datetime.now(timezone.utc)
    policy = {
        "TrafficRoutingConfiguration": {"Type": "CANARY", "WaitIntervalInSeconds": 600},
        "MaximumExecutionTimeoutInSeconds": 7200,
    }
    subject = tell(
        EndpointStatus="Updating",
        LastModifiedTime=started,
        LastDeploymentConfig={"BlueGreenUpdatePolicy": policy},
        now=started + timedelta(minutes=119),
    )
    assert not patient.complaints("endpoint", subject)


def test_the_last_deployment_is_told_with_its_manner_and_its_guards(patient: Patient) -> None:
    begun = datetime.now(timezone.utc)
    _ring(patient, "many-5xx", _metric("another"))
    patient.aws.client("cloudwatch").set_alarm_state(AlarmName="many-5xx", StateValue="OK", StateReason="quiet")
    patient.aws.client("sagemaker").update_endpoint(
        EndpointName=patient.name,
        EndpointConfigName=patient.configuration,
        DeploymentConfig={
            "BlueGreenUpdatePolicy": {
                "TrafficRoutingConfiguration": {
                    "Type": "LINEAR",
                    "LinearStepSize": {"Type": "CAPACITY_PERCENT", "Value": 50},
                    "WaitIntervalInSeconds": 60,
                },
            },
            "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "many-5xx"}]},
        },
    )
    patient.aws.advance(600)
    subject = patient.subject(now=begun)
    (finding,) = [each for each in patient.findings("endpoint", subject) if each.check == "endpoint.deployment"]
    assert finding.seen.startswith("last deployed on 20")
    assert finding.seen.endswith("(less than a minute ago): blue/green, linear, taken back by many-5xx")


def test_missing_instances_are_counted(patient: Patient, tell: Tell) -> None:
    subject = tell(variant={"CurrentInstanceCount": 2, "DesiredInstanceCount": 4})
    (finding,) = patient.complaints("endpoint", subject)
    assert (finding.check, finding.status) == ("endpoint.variants", Status.PROBLEM)
    assert finding.seen == "2 of 4 instances of AllTraffic run"


def test_a_weight_that_is_not_the_desired_one_is_told(patient: Patient, tell: Tell) -> None:
    (finding,) = patient.complaints("endpoint", tell(variant={"CurrentWeight": 0.5}))
    assert (finding.check, finding.status) == ("endpoint.variants", Status.WARNING)
    assert finding.seen == "AllTraffic has the weight 0.5, but wants 1"


def test_variants_that_all_have_the_weight_0_take_no_requests(patient: Patient, tell: Tell) -> None:
    subject = tell(variant={"CurrentWeight": 0.0, "DesiredWeight": 0.0})
    (finding,) = patient.complaints("endpoint", subject)
    assert (finding.check, finding.status) == ("endpoint.variants", Status.PROBLEM)
    assert finding.seen == "1 variant, all with the weight 0"


def test_an_image_that_is_not_resolved_is_told(patient: Patient, tell: Tell) -> None:
    subject = tell(variant={"DeployedImages": [{"SpecifiedImage": patient.image}]})
    (finding,) = patient.complaints("endpoint", subject)
    assert (finding.check, finding.status) == ("endpoint.images", Status.WARNING)
    assert patient.image in finding.seen


def test_a_serverless_variant_has_no_instances_to_count(patient: Patient) -> None:
    sagemaker, serverless = patient.aws.client("sagemaker"), f"{patient.name}-serverless"
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": patient.model,
        "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5},
    }
    sagemaker.create_endpoint_config(EndpointConfigName=serverless, ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=serverless, EndpointConfigName=serverless)
    patient.aws.advance(60)
    subject = patient.subject(names=Names(endpoint_name=serverless, region=patient.aws.region))
    findings = patient.findings("endpoint", subject)
    assert {each.status for each in findings} == {Status.OK}
    assert "AllTraffic: serverless, up to 5 requests at once, weight 1" in [each.seen for each in findings]
    assert not [each for each in findings if each.check == "endpoint.scaling"]


def test_instances_that_sagemaker_itself_manages_are_not_called_fixed(patient: Patient, tell: Tell) -> None:
    managed = {"Status": "ENABLED", "MinInstanceCount": 1, "MaxInstanceCount": 4}
    findings = patient.findings("endpoint", tell(variant={"ManagedInstanceScaling": managed}))
    assert not [each for each in findings if each.check == "endpoint.scaling"]


def test_requests_that_go_as_the_day_before_are_well(patient: Patient) -> None:
    _served(patient, requests=240, latency=40)
    _served(patient, requests=250, latency=38, ago=_DAY)
    assert _traffic(patient).seen == (
        "AllTraffic: 240 requests in the last hour, none failed, 40 ms on average; the day before 250, 38 ms on average"
    )
    assert not patient.complaints("endpoint")


def test_a_span_over_hours_is_added_up(patient: Patient) -> None:
    for hours in (1, 2):
        _served(patient, requests=100, latency=40 * hours, ago=timedelta(hours=hours))
    subject = patient.subject(since=timedelta(hours=3))
    assert _traffic(patient, subject).seen.startswith(
        "AllTraffic: 200 requests in the last 3 hours, none failed, 60 ms on average"
    )


@pytest.mark.parametrize(("failed", "status"), [(12, Status.PROBLEM), (1, Status.WARNING)])
def test_requests_that_fail_with_5xx_are_told_against_the_day_before(
    patient: Patient, failed: int, status: Status
) -> None:
    _served(patient, requests=240, server_errors=failed)
    _served(patient, requests=250, ago=_DAY)
    (finding,) = patient.complaints("endpoint")
    assert (finding.check, finding.status) == ("endpoint.traffic", status)
    share = {12: "5.0%", 1: "0.4%"}[failed]
    assert finding.seen == (
        f"{failed} of 240 requests to AllTraffic failed with 5XX in the last hour ({share}), the day before 0 of 250"
    )
    assert "--metric-name Invocation5XXErrors" in finding.command
    assert f"Name=EndpointName,Value={patient.name} Name=VariantName,Value=AllTraffic" in finding.command


def test_more_4xx_than_the_day_before_are_told(patient: Patient) -> None:
    _served(patient, requests=200, client_errors=20)
    _served(patient, requests=200, client_errors=4, ago=_DAY)
    (finding,) = patient.complaints("endpoint")
    assert (finding.check, finding.status) == ("endpoint.traffic", Status.WARNING)
    assert finding.seen == (
        "20 of 200 requests to AllTraffic failed with 4XX in the last hour (10.0%), the day before 4 of 200"
    )


def test_as_many_4xx_as_ever_are_the_callers_affair(patient: Patient) -> None:
    _served(patient, requests=200, client_errors=20)
    _served(patient, requests=200, client_errors=18, ago=_DAY)
    assert not patient.complaints("endpoint")
    assert ", 20 errors 4XX, " in _traffic(patient).seen


def test_a_latency_twice_that_of_the_day_before_is_told(patient: Patient) -> None:
    _served(patient, requests=100, latency=90)
    _served(patient, requests=100, latency=40, ago=_DAY)
    (finding,) = patient.complaints("endpoint")
    assert (finding.check, finding.status) == ("endpoint.traffic", Status.WARNING)
    assert finding.seen == "AllTraffic takes 90 ms on average in the last hour, the day before 40 ms"


def test_the_latency_of_a_few_requests_says_nothing(patient: Patient) -> None:
    _served(patient, requests=10, latency=900)
    _served(patient, requests=100, latency=40, ago=_DAY)
    assert not patient.complaints("endpoint")


def test_requests_that_stay_away_are_told(patient: Patient) -> None:
    _served(patient, requests=100, ago=_DAY)
    (finding,) = patient.complaints("endpoint")
    assert (finding.check, finding.status) == ("endpoint.traffic", Status.WARNING)
    assert finding.seen == "AllTraffic: no request in the last hour, the day before 100"


def test_the_requests_of_another_endpoint_do_not_count(patient: Patient) -> None:
    _served(patient, requests=100, server_errors=100, endpoint="another")
    assert not patient.complaints("endpoint")


@pytest.mark.parametrize("status", ["Forbidden", "InternalError", "PartialData", None])
def test_metrics_that_cloudwatch_does_not_give_are_not_taken_for_none(patient: Patient, status: str | None) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataResult.html."""
    subject = patient.subject()
    ids = [f"{name}_0" for name in ("requests", "client_errors", "server_errors", "microseconds", "answers", "slowest")]
    whole = [{"Id": each, "Label": each, "StatusCode": "Complete", "Values": []} for each in ids]
    answered = [*whole[:-1], whole[-1] | {"StatusCode": status}] if status else whole[:-1]
    with Stubber(subject.aws.cloudwatch) as stub:
        stub.add_response("get_metric_data", {"MetricDataResults": answered})
        stub.add_response("get_metric_data", {"MetricDataResults": answered})
        words = f"CloudWatch does not give all of ModelLatency: {status or 'no answer'}"
        with pytest.raises(CannotCheckError, match=words):
            list(traffic(subject))


@pytest.mark.parametrize(("server_errors", "status"), [(0, Status.WARNING), (50, Status.PROBLEM)])
def test_answers_that_take_as_long_as_sagemaker_waits_are_told(
    patient: Patient, server_errors: int, status: Status
) -> None:
    _served(patient, requests=50, server_errors=server_errors, latency=60_000)
    (finding,) = [each for each in patient.complaints("endpoint") if "limit" in each.seen]
    assert (finding.check, finding.status) == ("endpoint.traffic", status)
    assert finding.seen == "AllTraffic took 60 s for an answer in the last hour, which is SageMaker's limit"
    assert "asynchronously" in finding.next
    assert "--metric-name ModelLatency --statistics Maximum" in finding.command


@pytest.mark.parametrize("latency", [45_000, 180_000], ids=["shorter", "a stream"])
def test_answers_that_take_another_time_are_not_at_the_limit(patient: Patient, latency: int) -> None:
    _served(patient, requests=50, latency=latency)
    assert patient.complaints("endpoint") == []


def test_a_shadow_variant_whose_requests_all_fail_is_told(patient: Patient) -> None:
    shadow = {"VariantName": "Candidate", "CurrentInstanceCount": 1, "DesiredInstanceCount": 1, "CurrentWeight": 1.0}
    _served(patient, requests=50)
    _served(patient, requests=50, server_errors=50, variant="Candidate")
    with altered(patient, lambda answer: answer.update(ShadowProductionVariants=[{**shadow, "DesiredWeight": 1.0}])):
        (finding,) = patient.complaints("endpoint")
    assert (finding.check, finding.status) == ("endpoint.traffic", Status.PROBLEM)
    assert finding.seen.startswith("50 of 50 requests to Candidate failed with 5XX in the last hour (100.0%)")
    assert finding.why.startswith("Callers are answered as ever")


def test_a_shadow_variant_that_gets_no_request_while_the_other_does_is_told(patient: Patient) -> None:
    shadow = {"VariantName": "Candidate", "CurrentInstanceCount": 1, "DesiredInstanceCount": 1, "CurrentWeight": 0.0}
    _served(patient, requests=50)
    with altered(patient, lambda answer: answer.update(ShadowProductionVariants=[{**shadow, "DesiredWeight": 0.0}])):
        (finding,) = patient.complaints("endpoint")
    assert (finding.check, finding.status) == ("endpoint.traffic", Status.WARNING)
    assert finding.seen == ("Candidate, a shadow variant: no request in the last hour, the production variant got 50")
    assert "initial_variant_weight" in finding.next


@contextmanager
def altered(patient: Patient, alter: Callable[[Answer], object]) -> Iterator[None]:
    """Alter AWS's answer about the endpoint."""

    def change(parsed: Answer, **_: object) -> None:
        alter(parsed)

    events = patient.subject().aws.sagemaker.meta.events
    events.register("after-call.sagemaker.DescribeEndpoint", change)
    try:
        yield
    finally:
        events.unregister("after-call.sagemaker.DescribeEndpoint", change)


@pytest.mark.parametrize(
    ("lacking", "checks"),
    [
        ("CurrentInstanceCount", ["endpoint.variants", "interfaces.count"]),
        ("DesiredInstanceCount", ["endpoint.variants"]),
    ],
)
def test_instances_that_aws_does_not_count_are_not_taken_for_enough(
    patient: Patient, lacking: str, checks: list[str]
) -> None:
    with altered(patient, lambda answer: answer["ProductionVariants"][0].pop(lacking)):
        found = [each for section in ("endpoint", "interfaces") for each in patient.findings(section)]
    told = {each.check: (each.status, each.seen) for each in found if each.check in checks}
    assert told == dict.fromkeys(checks, (Status.UNKNOWN, "AWS does not tell how many instances of AllTraffic run"))


def test_an_endpoint_in_service_without_variants_is_not_taken_for_well(patient: Patient) -> None:
    with altered(patient, lambda answer: answer.pop("ProductionVariants")):
        complaints = patient.complaints("endpoint")
    assert (Status.UNKNOWN, "AWS does not tell which variants it has") in [
        (each.status, each.seen) for each in complaints
    ]


def test_an_alarm_on_the_endpoint_that_rings_is_told(patient: Patient) -> None:
    _ring(patient, f"{patient.name}-5xx", _metric(patient.name))
    (finding,) = patient.complaints("endpoint")
    assert (finding.check, finding.status) == ("endpoint.alarms", Status.PROBLEM)
    assert finding.seen.startswith(f"alarm {patient.name}-5xx is in ALARM since 20")
    assert finding.seen.endswith(": Threshold crossed")


def test_an_alarm_that_computes_with_the_endpoints_metrics_is_told(patient: Patient) -> None:
    computed = {
        "Metrics": [
            {"Id": "failed", "MetricStat": {"Metric": _metric(patient.name), "Period": 60, "Stat": "Sum"}},
            {"Id": "share", "Expression": "failed / 100", "ReturnData": True},
        ]
    }
    _ring(patient, f"{patient.name}-share", computed)
    (finding,) = patient.complaints("endpoint")
    assert f"{patient.name}-share" in finding.seen


def test_an_alarm_that_asks_for_the_endpoint_by_name_is_told(patient: Patient) -> None:
    query = "SELECT SUM(Invocation5XXErrors) FROM \"AWS/SageMaker\" WHERE EndpointName = '{}'"
    metric = {"Id": "q", "Expression": query.format(patient.name), "Period": 60}
    _ring(patient, f"{patient.name}-asked", {"Metrics": [metric]})
    (finding,) = patient.complaints("endpoint")
    assert f"{patient.name}-asked" in finding.seen


def test_alarms_on_others_and_those_by_which_it_scales_are_no_complaint(patient: Patient) -> None:
    _ring(patient, f"{patient.name}-of-another", _metric("another"))
    scaling = f"TargetTracking-endpoint/{patient.name}/variant/AllTraffic-AlarmLow-1234"
    _ring(patient, scaling, _metric(patient.name))
    (finding,) = [each for each in patient.findings("endpoint") if each.check == "endpoint.alarms"]
    assert finding.status is Status.OK
    assert finding.seen == "no alarm on it is in ALARM, but for 1 alarm by which it scales"


def test_an_alarm_that_does_nothing_but_scale_is_no_complaint(patient: Patient) -> None:
    """Step scaling's alarms are the user's own, by whatever name."""
    policy = "arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:1234:resource/sagemaker/endpoint/x:policyName/up"
    _ring(patient, f"{patient.name}-busy", {**_metric(patient.name), "AlarmActions": [policy]})
    (finding,) = [each for each in patient.findings("endpoint") if each.check == "endpoint.alarms"]
    assert (finding.status, "1 alarm by which it scales" in finding.seen) == (Status.OK, True)
    topic = "arn:aws:sns:eu-west-1:123456789012:on-call"
    _ring(patient, f"{patient.name}-busy", {**_metric(patient.name), "AlarmActions": [policy, topic]})
    assert [each.check for each in patient.complaints("endpoint")] == ["endpoint.alarms"]


@pytest.mark.parametrize(("since", "period"), [(timedelta(hours=1), 300), (timedelta(days=5), 3600)])
def test_the_command_of_a_metric_looks_as_far_back_as_the_doctor_did(
    patient: Patient, since: timedelta, period: int
) -> None:
    now = datetime.now(timezone.utc)
    _served(patient, requests=100, server_errors=50, ago=timedelta(minutes=20))
    complaints = patient.complaints("endpoint", patient.subject(now=now, since=since))
    (finding,) = [each for each in complaints if "5XX" in each.seen]
    start = int((now - since).timestamp())
    assert f" --period {period} --start-time $(( {start} - 86400 )) --end-time $(date +%s) " in finding.command
    assert (since + timedelta(days=1)).total_seconds() / period <= 1440  # what AWS gives at most


def test_alarms_are_read_to_their_last_page(patient: Patient) -> None:
    subject = patient.subject()
    subject.endpoint()
    alarm = {
        "AlarmName": "on-page-two",
        "StateReason": "Threshold crossed",
        "StateUpdatedTimestamp": datetime.now(timezone.utc),
        "Dimensions": [{"Name": "EndpointName", "Value": patient.name}],
    }
    asked = {"StateValue": "ALARM", "AlarmTypes": ["MetricAlarm"]}
    with Stubber(subject.aws.cloudwatch) as stub:
        stub.add_response("describe_alarms", {"MetricAlarms": [], "NextToken": "two"}, asked)
        stub.add_response("describe_alarms", {"MetricAlarms": [alarm]}, {**asked, "NextToken": "two"})
        (finding,) = alarms(subject)
        stub.assert_no_pending_responses()
    assert "on-page-two" in finding.seen


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.example[:40])
def test_each_reason_is_recognized_by_its_example_and_told_what_to_do_about(reason: Reason) -> None:
    assert meaning(reason.example) is reason
    assert reason.source.startswith("https://")
    assert "ection" not in reason.next  # which is told only where there is something to see


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (_REASON, "GET /ping"),
        ("Failed to download model data for container from URL: s3://b/k. Check the role.", "s3:GetObject"),
        ("Unable to download the image", "ecr:BatchGetImage"),
        ("The requested instance type is not supported in the availability zones of your subnets.", "zones that have"),
        ("The role may not perform kms:CreateGrant on the volume key.", "kms:GenerateDataKey"),
        ("Unable to decrypt the model artifact with the KMS key.", "s3:GetObject"),
        ("Model data download timed out after 3600 seconds.", "not loaded in time"),
        ("The training plan has ended.", "capacity_reservation_config"),
        ("", "names nothing"),
        ("The moon is full.", "Mend what the reason names."),
    ],
)
def test_what_a_reason_implies_is_told_at_the_finding(reason: str, words: str) -> None:
    assert words in meaning(reason).next


@pytest.mark.parametrize(("minutes", "words"), [(5, "wait until it is gone"), (45, "ask AWS Support")])
def test_a_deletion_is_told_with_its_age(patient: Patient, tell: Tell, minutes: int, words: str) -> None:
    started = datetime.now(timezone.utc)
    subject = tell(EndpointStatus="Deleting", LastModifiedTime=started, now=started + timedelta(minutes=minutes))
    (finding,) = (each for each in patient.complaints("endpoint", subject) if each.check == "endpoint.status")
    assert f"({minutes} minutes ago)" in finding.seen
    assert words in finding.next


def test_an_endpoint_that_does_not_exist_is_said_once(patient: Patient) -> None:
    subject = patient.subject(names=Names(endpoint_name="missing", region=patient.aws.region))
    (finding,) = patient.findings("endpoint", subject)
    assert finding.status is Status.UNKNOWN
    assert "there is no endpoint 'missing' in eu-west-1" in finding.seen


@pytest.mark.parametrize(
    ("operation", "others"),
    [
        ("sagemaker:DescribeEndpoint", 0),
        ("cloudwatch:GetMetricData", 7),
        ("cloudwatch:DescribeAlarms", 7),
        ("application-autoscaling:DescribeScalableTargets", 7),
    ],
)
def test_a_call_that_is_denied_says_which_permission_it_needs(patient: Patient, operation: str, others: int) -> None:
    with patient.aws.fault(operation, DENIED):
        findings = patient.findings("endpoint")
    assert [each.seen for each in findings if each.status is Status.UNKNOWN] == [f"needs {operation}"]
    assert [each.status for each in findings].count(Status.OK) == others


def _fail_an_update(patient: Patient) -> str:
    """Deploy another configuration, which SageMaker rolls back."""
    new = f"{patient.name}-new"
    _configure(patient, new)
    with patient.aws.fail_deployments(_REASON):
        patient.aws.client("sagemaker").update_endpoint(EndpointName=patient.name, EndpointConfigName=new)
    patient.aws.advance(60)
    return new


def _configure(patient: Patient, name: str, **settings: object) -> None:
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": patient.model,
        "InstanceType": "ml.m5.xlarge",
        "InitialInstanceCount": 2,
        **settings,
    }
    patient.aws.client("sagemaker").create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])


def _served(
    patient: Patient,
    *,
    requests: int,
    client_errors: int = 0,
    server_errors: int = 0,
    latency: float = 40,
    ago: timedelta = timedelta(),
    endpoint: str | None = None,
    variant: str = "AllTraffic",
) -> None:
    """Publish the metrics of requests that took so many milliseconds, some minutes ago and more.

    As statistics: a value for each request, and moto needs ten seconds for days of five minutes each.
    """
    time = datetime.now(timezone.utc) - ago - timedelta(minutes=5)

    def metric(name: str, total: float, *, least: float, most: float) -> dict[str, object]:
        return {
            "MetricName": name,
            "Dimensions": _metric(endpoint or patient.name, variant)["Dimensions"],
            "Timestamp": time,
            "StatisticValues": {"SampleCount": requests, "Sum": total, "Minimum": least, "Maximum": most},
        }

    microseconds = latency * 1000
    patient.aws.client("cloudwatch").put_metric_data(
        Namespace="AWS/SageMaker",
        MetricData=[
            metric("Invocations", requests, least=1, most=1),
            metric("ModelLatency", requests * microseconds, least=microseconds, most=microseconds),
            metric("Invocation4XXErrors", client_errors, least=0, most=1),
            metric("Invocation5XXErrors", server_errors, least=0, most=1),
        ],
    )


def _traffic(patient: Patient, subject: Subject | None = None) -> Finding:
    (finding,) = [each for each in patient.findings("endpoint", subject) if each.check == "endpoint.traffic"]
    return finding


def _metric(endpoint: str, variant: str = "AllTraffic") -> dict[str, Any]:
    return {
        "Namespace": "AWS/SageMaker",
        "MetricName": "Invocation5XXErrors",
        "Dimensions": [
            {"Name": "EndpointName", "Value": endpoint},
            {"Name": "VariantName", "Value": variant},
        ],
    }


def _ring(patient: Patient, name: str, watched: dict[str, Any]) -> None:
    cloudwatch = patient.aws.client("cloudwatch")
    of_one = {} if "Metrics" in watched else {"Statistic": "Sum", "Period": 60}
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        **of_one,
        **watched,
    )
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="Threshold crossed")
