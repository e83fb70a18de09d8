"""Updates that move the traffic in steps, and alarms that take them back."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.embedded_aws import EmbeddedAws

from .stage import HOUR, Stage, refused, variant

AT_ONCE = {"TrafficRoutingConfiguration": {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}}


def percent(value: int) -> dict[str, object]:
    return {"Type": "CAPACITY_PERCENT", "Value": value}


def canary(*, wait: int = 300, size: Mapping[str, object] | None = None, **policy: object) -> dict[str, object]:
    routing = {"Type": "CANARY", "WaitIntervalInSeconds": wait, "CanarySize": size or percent(10)}
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing, **policy}}


def linear(*, wait: int = 300, size: Mapping[str, object] | None = None) -> dict[str, object]:
    routing = {"Type": "LINEAR", "WaitIntervalInSeconds": wait, "LinearStepSize": size or percent(40)}
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing}}


def rolling(*, wait: int = 300, size: Mapping[str, object] | None = None) -> dict[str, object]:
    return {"RollingUpdatePolicy": {"MaximumBatchSize": size or percent(50), "WaitIntervalInSeconds": wait}}


def rolled_back_on(*alarms: str) -> dict[str, object]:
    return {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": each} for each in alarms]}}


def alarm(stage: Stage, name: str) -> str:
    stage.aws.client("cloudwatch").put_metric_alarm(
        AlarmName=name, ComparisonOperator="GreaterThanThreshold", EvaluationPeriods=1, MetricName="m", Namespace="n"
    )
    return name


def ring(stage: Stage, name: str) -> None:
    stage.aws.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="too many")


def live(stage: Stage, *variants: dict[str, object]) -> str:
    """Make an endpoint in service, and give the name of a configuration that it is to move to."""
    stage.endpoint(stage.name, count=4)
    new = f"new-{stage.name}"
    stage.configuration(new, *(variants or [variant(stage.name, InitialInstanceCount=4)]))
    return new


def update(stage: Stage, new: str, deployment: Mapping[str, object]) -> None:
    stage.sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName=new, DeploymentConfig=deployment)


def described(stage: Stage) -> dict[str, Any]:
    return dict(stage.sagemaker.describe_endpoint(EndpointName=stage.name))


def told(stage: Stage) -> str:
    """Give the status of the pending variant, and how much of the traffic it has."""
    ((status,),) = (
        each["VariantStatus"] for each in described(stage)["PendingDeploymentSummary"]["ProductionVariants"]
    )
    return f"{status['Status']} {status['StatusMessage'].partition(' ')[0]}"


@pytest.mark.parametrize(
    ("deployment", "shares"),
    [
        (canary(), [10, 100]),
        (canary(size={"Type": "INSTANCE_COUNT", "Value": 1}), [25, 100]),
        (linear(), [40, 80, 100]),
        (rolling(), [50, 100]),
        (rolling(size={"Type": "INSTANCE_COUNT", "Value": 1}), [25, 50, 75, 100]),
    ],
)
def test_the_traffic_moves_in_steps_and_after_each_the_alarms_are_watched(
    stage: Stage, deployment: Mapping[str, object], shares: Sequence[int]
) -> None:
    new = live(stage)
    update(stage, new, deployment)
    assert told(stage) == "Creating The"
    stage.aws.advance(HOUR)
    for share in shares:
        assert told(stage) == f"Baking {share}"
        assert (described(stage)["EndpointStatus"], described(stage)["EndpointConfigName"]) == ("Updating", stage.name)
        stage.aws.advance(300)
    after = described(stage)
    assert (after["EndpointStatus"], after["EndpointConfigName"]) == ("InService", new)
    assert after["LastDeploymentConfig"] == deployment
    assert "PendingDeploymentSummary" not in after


def test_the_old_instances_stay_for_the_termination_wait(stage: Stage) -> None:
    new = live(stage)
    update(stage, new, canary(wait=0, TerminationWaitInSeconds=600))
    stage.aws.advance(HOUR)
    assert told(stage).startswith("Deleting")
    stage.aws.advance(600)
    assert described(stage)["EndpointConfigName"] == new


def test_an_alarm_that_rings_while_it_is_watched_takes_the_update_back(stage: Stage) -> None:
    new = live(stage)
    watched, other = alarm(stage, f"{stage.name}-watched"), alarm(stage, f"{stage.name}-other")
    update(stage, new, {**canary(), **rolled_back_on(watched)})
    stage.aws.advance(HOUR)
    ring(stage, other)
    assert told(stage) == "Baking 10"
    ring(stage, watched)
    after = described(stage)
    assert (after["EndpointStatus"], after["EndpointConfigName"]) == ("InService", stage.name)
    assert "FailureReason" not in after
    assert "LastDeploymentConfig" not in after
    stage.aws.advance(HOUR)  # what was to come comes no more
    assert described(stage)["EndpointConfigName"] == stage.name


def test_an_alarm_that_rings_already_takes_the_update_back_and_without_it_the_update_goes_through(
    stage: Stage,
) -> None:
    new = live(stage)
    ring(stage, alarm(stage, stage.name))
    update(stage, new, {**canary(), **rolled_back_on(stage.name)})
    stage.aws.advance(HOUR)
    assert (described(stage)["EndpointStatus"], described(stage)["EndpointConfigName"]) == ("InService", stage.name)
    update(stage, new, {"BlueGreenUpdatePolicy": AT_ONCE, **rolled_back_on(alarm(stage, f"{stage.name}-quiet"))})
    stage.aws.advance(HOUR)
    assert described(stage)["EndpointConfigName"] == new


def test_an_alarm_that_rings_after_the_update_takes_nothing_back(stage: Stage) -> None:
    new = live(stage)
    alarm(stage, stage.name)
    update(stage, new, {**canary(), **rolled_back_on(stage.name)})
    stage.aws.advance(HOUR)
    stage.aws.advance(600)
    ring(stage, stage.name)
    assert described(stage)["EndpointConfigName"] == new


def test_an_alarm_that_does_not_exist_is_refused_at_creation_and_at_an_update(stage: Stage) -> None:
    new = live(stage)
    with refused("ValidationException", "Could not find alarm"):
        update(stage, new, {**canary(), **rolled_back_on("none")})
    with refused("ValidationException", "Could not find alarm"):
        stage.sagemaker.create_endpoint(
            EndpointName=new, EndpointConfigName=new, DeploymentConfig={**canary(), **rolled_back_on("none")}
        )


def test_a_new_endpoint_keeps_its_deployment_and_an_update_may_use_it_again(stage: Stage) -> None:
    new = live(stage)
    name = f"other-{stage.name}"
    stage.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=stage.name, DeploymentConfig=canary())
    stage.aws.advance(HOUR)
    assert stage.status(name) == "InService"
    stage.sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=new, RetainDeploymentConfig=True)
    stage.aws.advance(HOUR)
    assert stage.status(name) == "Updating"
    stage.aws.advance(600)
    after = stage.sagemaker.describe_endpoint(EndpointName=name)
    assert (after["EndpointStatus"], after["LastDeploymentConfig"]) == ("InService", canary())


def test_inf1_falls_back_to_an_update_all_at_once(stage: Stage) -> None:
    new = live(stage, variant(stage.name, InstanceType="ml.inf1.xlarge"))
    update(stage, new, canary())
    stage.aws.advance(HOUR)
    assert (described(stage)["EndpointStatus"], described(stage)["EndpointConfigName"]) == ("InService", new)


@pytest.mark.parametrize("deployment", [canary(), linear(), rolling()])
def test_another_variant_name_is_refused_unless_all_moves_at_once(
    stage: Stage, deployment: Mapping[str, object]
) -> None:
    new = live(stage, variant(stage.name, VariantName="another"))
    with refused("ValidationException", "same variant names"):
        update(stage, new, deployment)
    update(stage, new, {"BlueGreenUpdatePolicy": AT_ONCE})


def test_a_rolling_deployment_of_several_variants_is_refused(stage: Stage) -> None:
    new = live(stage, variant(stage.name), variant(stage.name, VariantName="another"))
    with refused("ValidationException", "one variant with instances"):
        update(stage, new, rolling())


@pytest.mark.parametrize("deployment", [canary(size=percent(51)), rolling(size={"Type": "INSTANCE_COUNT", "Value": 3})])
def test_a_step_of_more_than_half_is_refused(stage: Stage, deployment: Mapping[str, object]) -> None:
    new = live(stage)
    with refused("ValidationException", "50 percent"):
        update(stage, new, deployment)


def test_one_policy_is_asked_for_and_not_two(stage: Stage) -> None:
    new = live(stage)
    with refused("ValidationException", "exactly one"):
        update(stage, new, {**canary(), **rolling()})


def test_waits_can_be_cut_short() -> None:
    with EmbeddedAws(transition_seconds=0, wait_seconds=0) as aws:
        stage = Stage(aws=aws, name="short")
        new = live(stage)
        update(stage, new, linear())
        assert described(stage)["EndpointConfigName"] == new


def test_the_alarms_of_a_live_deployment_are_in_use(stage: Stage) -> None:
    new = live(stage)
    alarm(stage, stage.name)
    alarm(stage, f"{stage.name}-unused")
    update(stage, new, {"BlueGreenUpdatePolicy": AT_ONCE, **rolled_back_on(stage.name)})
    stage.aws.advance(HOUR)
    assert stage.name in stage.aws.in_use()
    assert f"{stage.name}-unused" not in stage.aws.in_use()
    stage.aws.client("cloudwatch").delete_alarms(AlarmNames=[f"{stage.name}-unused"])
    (call,) = [each for each in stage.aws.calls() if each.action == "DeleteAlarms"]
    assert f"{stage.name}-unused" in call.parameters.values()
