"""What the doctor says of Application Auto Scaling: what can grow, what cannot, and what stands in the way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

from sagemaker_endpoint_doctor.examination.finding import Finding, Status
from sagemaker_endpoint_doctor.examination.names import Names
from sagemaker_endpoint_doctor.sections.endpoint.scaling import scaling

import pytest
from botocore.stub import Stubber

from tests.doctor.kinds import asynchronous, replace_endpoint
from tests.doctor.kinds import scale as run
from tests.doctor.patient import Patient, admit
from tests.doctor.sections.conftest import Answer, Tell
from tests.embedded_aws import EmbeddedAws
from tests.embedded_aws.fault import DENIED

INSTANCES = "sagemaker:variant:DesiredInstanceCount"
BACKLOG = "ApproximateBacklogSizePerInstance"
WAKES = "HasBacklogWithoutCapacity"


@pytest.fixture
def patient(another: Patient) -> Patient:
    return another


@pytest.fixture
def queued(aws: EmbeddedAws) -> Patient:
    patient = admit(aws)
    replace_endpoint(patient, **asynchronous(patient))
    return patient


def scalable(patient: Patient, **more: object) -> dict[str, Any]:
    resource = f"endpoint/{patient.name}/variant/AllTraffic"
    return {"ServiceNamespace": "sagemaker", "ResourceId": resource, "ScalableDimension": INSTANCES, **more}


def register(patient: Patient, *, least: int = 1, most: int = 4, **settings: object) -> None:
    target = scalable(patient, MinCapacity=least, MaxCapacity=most, **settings)
    patient.aws.client("application-autoscaling").register_scalable_target(**target)


def follow(patient: Patient, name: str = "busy", metric: str | None = None, value: float = 70) -> None:
    """Put a policy of target tracking, by invocations or by a metric of one's own."""
    predefined = {"PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}}
    own = {
        "CustomizedMetricSpecification": {"MetricName": metric, "Namespace": "AWS/SageMaker", "Statistic": "Average"}
    }
    tracked = {"TargetValue": value, **(own if metric else predefined)}
    policy = scalable(patient, PolicyName=name, PolicyType="TargetTrackingScaling")
    patient.aws.client("application-autoscaling").put_scaling_policy(
        **policy, TargetTrackingScalingPolicyConfiguration=tracked
    )


def wake(patient: Patient, metric: str = WAKES, **settings: object) -> None:
    """Put a policy of steps, and the alarm that starts it."""
    steps = {
        "AdjustmentType": "ChangeInCapacity",
        "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
    }
    policy = scalable(patient, PolicyName="wake", PolicyType="StepScaling")
    arn = patient.aws.client("application-autoscaling").put_scaling_policy(
        **policy, StepScalingPolicyConfiguration=steps
    )["PolicyARN"]
    patient.aws.client("cloudwatch").put_metric_alarm(
        AlarmName=f"{patient.name}-{metric}",
        Namespace="AWS/SageMaker",
        MetricName=metric,
        Dimensions=[{"Name": "EndpointName", "Value": patient.name}],
        Statistic="Average",
        Period=60,
        EvaluationPeriods=2,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[arn],
        **settings,
    )


def schedule(patient: Patient) -> None:
    action = scalable(patient, ScheduledActionName="morning", Schedule="cron(0 8 * * ? *)")
    patient.aws.client("application-autoscaling").put_scheduled_action(
        **action, ScalableTargetAction={"MinCapacity": 1}
    )


@contextmanager
def told(patient: Patient, operation: str, alter: Callable[[Answer], object]) -> Iterator[None]:
    """Alter an answer of Application Auto Scaling's."""

    def change(parsed: Answer, **_: object) -> None:
        alter(parsed)

    events, event = patient.subject().aws.application_autoscaling.meta.events, "after-call.application-autoscaling"
    events.register(f"{event}.{operation}", change)
    try:
        yield
    finally:
        events.unregister(f"{event}.{operation}", change)


def findings(patient: Patient, check: str) -> list[tuple[Status, str]]:
    return [(each.status, each.seen) for each in patient.findings("endpoint") if each.check == f"endpoint.{check}"]


def only(patient: Patient) -> Finding:
    (finding,) = patient.complaints("endpoint")
    return finding


# A plain endpoint.


def test_of_an_endpoint_that_does_not_scale_nothing_but_its_targets_is_asked(patient: Patient) -> None:
    patient.aws.reset_calls()
    patient.findings("endpoint")
    asked = [call.action for call in patient.aws.calls() if call.service == "application-autoscaling"]
    assert asked == ["DescribeScalableTargets"]


# How far it may grow.


def test_a_variant_that_can_grow_is_well(patient: Patient) -> None:
    register(patient)
    follow(patient)
    assert findings(patient, "scaling") == [(Status.OK, "AllTraffic scales from 1 to 4 instances, 2 now")]
    assert findings(patient, "policies") == [
        (Status.OK, "AllTraffic is scaled by busy (SageMakerVariantInvocationsPerInstance at 70)")
    ]
    assert not patient.complaints("endpoint")


def test_a_variant_scaled_to_its_maximum_is_told_with_what_scaled_it(patient: Patient) -> None:
    register(patient, most=2)
    follow(patient, value=70.5)
    finding = only(patient)
    assert (finding.check, finding.status) == ("endpoint.scaling", Status.WARNING)
    assert finding.seen == (
        "AllTraffic is scaled to 2 instances, its maximum is 2, "
        "by busy (SageMakerVariantInvocationsPerInstance at 70.5)"
    )
    assert finding.command.endswith(f"--resource-ids endpoint/{patient.name}/variant/AllTraffic")


def test_a_variant_that_is_held_at_a_number_on_purpose_is_well(patient: Patient) -> None:
    register(patient, least=2, most=2)
    follow(patient)
    assert findings(patient, "scaling") == [
        (Status.OK, "AllTraffic is held at 2 instances: the minimum and the maximum of its scaling are the same")
    ]
    assert not patient.complaints("endpoint")


def test_a_maximum_is_told_where_the_policies_may_not_be_seen(patient: Patient) -> None:
    register(patient, most=2)
    follow(patient)
    with patient.aws.fault("application-autoscaling:DescribeScalingPolicies", DENIED):
        complaints = patient.complaints("endpoint")
    assert [(each.status, each.seen) for each in complaints] == [
        (Status.WARNING, "AllTraffic is scaled to 2 instances, its maximum is 2"),
        (Status.UNKNOWN, "needs application-autoscaling:DescribeScalingPolicies"),
    ]


def test_provisioned_concurrency_at_its_maximum_is_told(patient: Patient, tell: Tell) -> None:
    subject = tell(variant={"DesiredServerlessConfig": {"MaxConcurrency": 5, "ProvisionedConcurrency": 3}})
    target = {
        **scalable(patient, MinCapacity=1, MaxCapacity=3),
        "ScalableDimension": "sagemaker:variant:DesiredProvisionedConcurrency",
        "RoleARN": "arn:aws:iam::123456789012:role/scaling",
        "CreationTime": datetime.now(timezone.utc),
    }
    with Stubber(subject.aws.application_autoscaling) as stub:
        stub.add_response("describe_scalable_targets", {"ScalableTargets": [target]})
        stub.add_response("describe_scaling_policies", {"ScalingPolicies": []})
        (finding,) = scaling(subject)
    assert finding.status is Status.WARNING
    assert finding.seen == "AllTraffic is scaled to 3 concurrent requests (provisioned), its maximum is 3"


# Suspended.


@pytest.mark.parametrize(
    ("suspended", "words"),
    [
        (["DynamicScalingOutSuspended"], "scaling out is suspended"),
        (["DynamicScalingInSuspended"], "scaling in is suspended"),
        (["ScheduledScalingSuspended"], "scheduled scaling is suspended"),
        (
            ["DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended"],
            "scaling out, scaling in and scheduled scaling are suspended",
        ),
    ],
)
def test_scaling_that_is_suspended_is_told_with_the_command_that_takes_it_up_again(
    patient: Patient, suspended: list[str], words: str
) -> None:
    register(patient, SuspendedState=dict.fromkeys(suspended, True))
    follow(patient)
    finding = only(patient)
    assert (finding.check, finding.status) == ("endpoint.scaling", Status.WARNING)
    assert finding.seen == f"AllTraffic may scale from 1 to 4 instances, but {words}, at 2"
    assert (
        f"aws --region eu-west-1 application-autoscaling register-scalable-target --service-namespace sagemaker "
        f"--resource-id endpoint/{patient.name}/variant/AllTraffic --scalable-dimension {INSTANCES} --suspended-state "
        "DynamicScalingInSuspended=false,"
    ) in finding.next


# What scales it.


def test_a_target_without_a_policy_is_told(patient: Patient) -> None:
    register(patient)
    finding = only(patient)
    assert (finding.check, finding.status) == ("endpoint.policies", Status.WARNING)
    assert finding.seen == ("AllTraffic is registered for scaling, but no policy and no scheduled action scales it")
    assert f"--resource-id endpoint/{patient.name}/variant/AllTraffic" in finding.command


def test_a_target_that_is_scaled_on_schedule_alone_is_well(patient: Patient) -> None:
    register(patient)
    schedule(patient)
    assert findings(patient, "policies") == [(Status.OK, "AllTraffic is scaled by 1 scheduled action alone")]


def test_a_target_of_a_variant_that_is_gone_is_told(patient: Patient) -> None:
    register(patient)
    follow(patient)

    def rename(answer: Answer) -> None:
        for target in answer["ScalableTargets"]:
            target["ResourceId"] = target["ResourceId"].replace("AllTraffic", "blue")

    with told(patient, "DescribeScalableTargets", rename):
        finding = only(patient)
    assert (finding.check, finding.status) == ("endpoint.scaling", Status.WARNING)
    assert finding.seen == "a scalable target is registered for blue, and the endpoint has no such variant"
    assert f"deregister-scalable-target --service-namespace sagemaker --resource-id endpoint/{patient.name}/" in (
        finding.next
    )


def test_targets_of_another_endpoint_whose_name_begins_alike_are_not_its_own(patient: Patient) -> None:
    def rename(answer: Answer) -> None:
        for target in answer["ScalableTargets"]:
            target["ResourceId"] = target["ResourceId"].replace(patient.name, f"{patient.name}-2")

    register(patient)
    with told(patient, "DescribeScalableTargets", rename):
        assert not patient.complaints("endpoint")


# From no instance.


def test_an_asynchronous_one_that_may_go_to_zero_and_is_woken_is_well(queued: Patient) -> None:
    register(queued, least=0)
    follow(queued, "backlog", BACKLOG, 5)
    wake(queued)
    assert findings(queued, "policies") == [
        (Status.OK, f"AllTraffic is scaled by backlog ({BACKLOG} at 5) and wake (in steps, when an alarm rings)")
    ]
    assert not queued.complaints("endpoint")


def test_one_that_nothing_wakes_is_a_problem(queued: Patient) -> None:
    register(queued, least=0)
    run(queued, 0)
    finding = only(queued)
    assert (finding.check, finding.status) == ("endpoint.policies", Status.PROBLEM)
    assert finding.seen == (
        f"AllTraffic has no instance, and no alarm on {WAKES} starts a policy of its scaling, nor is there another"
    )
    assert "BacklogPerInstance" in finding.next


def test_one_that_the_backlog_for_each_instance_alone_scales_is_told(queued: Patient) -> None:
    register(queued, least=0)
    follow(queued, "backlog", BACKLOG, 5)
    finding = only(queued)
    assert (finding.check, finding.status) == ("endpoint.policies", Status.WARNING)
    assert finding.seen.endswith(f"starts a policy of its scaling, only backlog ({BACKLOG} at 5)")


@pytest.mark.parametrize("settings", [{"metric": "Invocations"}, {"ActionsEnabled": False}])
def test_a_policy_of_steps_wakes_it_by_its_alarm_alone(queued: Patient, settings: dict[str, Any]) -> None:
    register(queued, least=0)
    wake(queued, **settings)
    assert only(queued).seen.endswith("only wake (in steps, when an alarm rings)")


def test_one_that_a_schedule_alone_brings_back_is_told(queued: Patient) -> None:
    register(queued, least=0)
    schedule(queued)
    finding = only(queued)
    assert (finding.status, finding.seen.rpartition(", ")[2]) == (Status.WARNING, "only 1 scheduled action")


# What failed, and what stands in the way.


@pytest.mark.parametrize("status", ["Failed", "Unfulfilled"])
def test_a_scaling_that_failed_is_told(patient: Patient, status: str) -> None:
    register(patient)
    follow(patient)
    began = datetime.now(timezone.utc) - timedelta(minutes=5)
    old = {"StartTime": began - timedelta(hours=1), "StatusCode": "Successful", "Description": "Setting to 3."}
    new = {"StartTime": began, "StatusCode": status, "StatusMessage": "ResourceLimitExceeded", "Description": "To 4."}
    with told(patient, "DescribeScalingActivities", lambda answer: answer.update(ScalingActivities=[old, new])):
        finding = only(patient)
    assert (finding.check, finding.status) == ("endpoint.activities", Status.PROBLEM)
    assert finding.seen.startswith("the last scaling of AllTraffic failed at 20")
    assert finding.seen.endswith("(5 minutes ago): ResourceLimitExceeded")
    assert "describe-scaling-activities" in finding.command


def test_a_scaling_that_failed_once_and_then_succeeded_is_well(patient: Patient) -> None:
    register(patient)
    follow(patient)
    now = datetime.now(timezone.utc)
    old = {"StartTime": now - timedelta(hours=1), "StatusCode": "Failed", "Description": "Setting to 3."}
    new = {"StartTime": now, "StatusCode": "Successful", "Description": "Setting to 3."}
    with told(patient, "DescribeScalingActivities", lambda answer: answer.update(ScalingActivities=[new, old])):
        assert not patient.complaints("endpoint")


def wanted(patient: Patient, *, name: str = "AllTraffic", instance_type: str = "ml.m5.2xlarge") -> Names:
    """Make a configuration that the endpoint does not serve, and say that Terraform made it."""
    configuration = f"{patient.name}-wanted"
    variant = {"VariantName": name, "ModelName": patient.model, "InstanceType": instance_type}
    patient.aws.client("sagemaker").create_endpoint_config(
        EndpointConfigName=configuration, ProductionVariants=[{**variant, "InitialInstanceCount": 2}]
    )
    return Names(endpoint_name=patient.name, region=patient.aws.region, endpoint_config_name=configuration)


@pytest.mark.parametrize(
    ("variant", "change"),
    [
        ({"instance_type": "ml.m5.2xlarge"}, "changes the instance type of AllTraffic to ml.m5.2xlarge"),
        ({"name": "blue"}, "has no AllTraffic"),
    ],
)
def test_a_target_that_blocks_the_update_is_told(patient: Patient, variant: dict[str, str], change: str) -> None:
    register(patient)
    names = wanted(patient, **variant)
    (finding,) = (
        each
        for each in patient.complaints("endpoint", patient.subject(names=names))
        if each.check == "endpoint.blocked"
    )
    assert (finding.status, finding.seen) == (
        Status.PROBLEM,
        f"update blocked: Terraform's {patient.name}-wanted {change}, which is registered for scaling",
    )
    assert "deregister-scalable-target" in finding.next
    assert "describe-scalable-targets" in finding.command
    advice = {each.check: each.next for each in patient.complaints("endpoint", patient.subject(names=names))}
    assert advice["endpoint.configuration"] == "Mend what blocks it, as told below."


def test_a_target_does_not_block_an_update_of_the_same_type(patient: Patient) -> None:
    register(patient)
    names = wanted(patient, instance_type="ml.m5.xlarge")
    checks = [each.check for each in patient.findings("endpoint", patient.subject(names=names))]
    assert "endpoint.configuration" in checks
    assert "endpoint.blocked" not in checks


@pytest.mark.parametrize(
    "operation", ["DescribeScalingPolicies", "DescribeScheduledActions", "DescribeScalingActivities"]
)
def test_a_call_that_is_denied_says_which_permission_it_needs(patient: Patient, operation: str) -> None:
    register(patient)
    action = f"application-autoscaling:{operation}"
    with patient.aws.fault(action, DENIED):
        unknown = [each.seen for each in patient.findings("endpoint") if each.status is Status.UNKNOWN]
    assert unknown == [f"needs {action}"]
