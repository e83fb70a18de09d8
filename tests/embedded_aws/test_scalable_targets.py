"""A variant is registered for scaling, which stands in the way of some updates and takes its policies with it."""

from typing import Any

import pytest

from .stage import HOUR, Stage, refused, variant

INSTANCES = "sagemaker:variant:DesiredInstanceCount"
CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
TRACK = {
    "TargetValue": 70.0,
    "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
}


def scaling(stage: Stage) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    return stage.aws.client("application-autoscaling")


def target(stage: Stage, dimension: str = INSTANCES, name: str = "only") -> dict[str, str]:
    return {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{stage.name}/variant/{name}",
        "ScalableDimension": dimension,
    }


def register(stage: Stage, dimension: str = INSTANCES, *, least: int = 1, most: int = 4, **settings: object) -> str:
    made = scaling(stage).register_scalable_target(
        **target(stage, dimension), MinCapacity=least, MaxCapacity=most, **settings
    )
    return str(made["ScalableTargetARN"])


def scale(stage: Stage) -> None:
    its = target(stage)
    scaling(stage).put_scaling_policy(
        **its, PolicyName="follow", PolicyType="TargetTrackingScaling", TargetTrackingScalingPolicyConfiguration=TRACK
    )
    scaling(stage).put_scheduled_action(
        **its, ScheduledActionName="morning", Schedule="rate(1 day)", ScalableTargetAction={"MinCapacity": 2}
    )


def left(stage: Stage) -> list[str]:
    """Name what is registered, and what belongs to it."""
    client = scaling(stage)
    only = {"ServiceNamespace": "sagemaker", "ResourceId": target(stage)["ResourceId"]}
    targets = client.describe_scalable_targets(ServiceNamespace="sagemaker", ResourceIds=[only["ResourceId"]])
    return [
        *(each["ResourceId"] for each in targets["ScalableTargets"]),
        *(each["PolicyName"] for each in client.describe_scaling_policies(**only)["ScalingPolicies"]),
        *(each["ScheduledActionName"] for each in client.describe_scheduled_actions(**only)["ScheduledActions"]),
    ]


def served(stage: Stage) -> Any:  # noqa: ANN401 - boto3's answers
    (found,) = stage.sagemaker.describe_endpoint(EndpointName=stage.name)["ProductionVariants"]
    return found


def update(stage: Stage, *variants: dict[str, object]) -> None:
    stage.configuration("new-" + stage.name, *variants)
    stage.sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName="new-" + stage.name)
    stage.aws.advance(HOUR)


@pytest.mark.parametrize(("before", "least", "most", "after"), [(1, 3, 4, 3), (3, 1, 2, 2), (2, 1, 4, 2)])
def test_registering_brings_the_count_between_the_least_and_the_greatest(
    stage: Stage, before: int, least: int, most: int, after: int
) -> None:
    stage.endpoint(stage.name, count=before)
    register(stage, least=least, most=most)
    assert served(stage)["CurrentInstanceCount"] == after


def test_a_variant_that_is_not_there_or_is_burstable_is_not_registered(stage: Stage) -> None:
    with refused("ValidationException", "does not exist"):
        register(stage)
    stage.model(stage.name)
    stage.configuration(stage.name, variant(stage.name, InstanceType="ml.t2.medium"))
    stage.sagemaker.create_endpoint(EndpointName=stage.name, EndpointConfigName=stage.name)
    stage.aws.advance(HOUR)
    with refused("ValidationException", "ml.t2.medium"):
        register(stage)


@pytest.mark.parametrize(("provisioned", "least", "after"), [(2, 3, 3), (2, 1, 2)])
def test_provisioned_concurrency_is_registered(stage: Stage, provisioned: int, least: int, after: int) -> None:
    stage.model(stage.name)
    config = {"MemorySizeInMB": 1024, "MaxConcurrency": 5, "ProvisionedConcurrency": provisioned}
    stage.configuration(stage.name, {"ModelName": stage.name, "VariantName": "only", "ServerlessConfig": config})
    stage.sagemaker.create_endpoint(EndpointName=stage.name, EndpointConfigName=stage.name)
    stage.aws.advance(HOUR)
    with refused("ValidationException", "nothing to scale"):
        register(stage)
    register(stage, CONCURRENCY, least=least)
    assert served(stage)["CurrentServerlessConfig"]["ProvisionedConcurrency"] == after
    configured = stage.sagemaker.describe_endpoint_config(EndpointConfigName=stage.name)["ProductionVariants"]
    assert configured[0]["ServerlessConfig"] == config


def test_a_policy_needs_a_registration_and_goes_with_it(stage: Stage) -> None:
    stage.endpoint(stage.name)
    with refused("ObjectNotFoundException", "No scalable target registered"):
        scale(stage)
    register(stage)
    scale(stage)
    assert left(stage) == [target(stage)["ResourceId"], "follow", "morning"]
    scaling(stage).deregister_scalable_target(**target(stage))
    assert left(stage) == []


def test_a_deleted_endpoint_is_registered_no_more(stage: Stage) -> None:
    stage.endpoint(stage.name)
    register(stage)
    scale(stage)
    stage.delete_endpoint(stage.name)
    assert left(stage) == []


@pytest.mark.parametrize("name", ["only", "other"])
def test_a_registered_variant_keeps_its_type_and_stays(stage: Stage, name: str) -> None:
    stage.endpoint(stage.name)
    register(stage)
    new = variant(stage.name, InstanceType="ml.m5.xlarge") if name == "only" else variant(stage.name, VariantName=name)
    with refused("ValidationException", 'The variant(s) "only" must be deregistered as scalable targets'):
        update(stage, new)
    scaling(stage).deregister_scalable_target(**target(stage))
    stage.sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName="new-" + stage.name)
    stage.aws.advance(HOUR)
    assert served(stage)["VariantName"] == name


def test_another_model_or_count_is_no_hindrance(stage: Stage) -> None:
    stage.endpoint(stage.name)
    register(stage)
    stage.model("other-" + stage.name)
    update(stage, variant("other-" + stage.name, InitialInstanceCount=3))
    assert served(stage)["CurrentInstanceCount"] == 3


def test_a_registration_has_tags(stage: Stage) -> None:
    stage.endpoint(stage.name)
    arn = register(stage, Tags={"team": "ml", "kept": "yes"})
    client = scaling(stage)
    client.tag_resource(ResourceARN=arn, Tags={"team": "other"})
    client.untag_resource(ResourceARN=arn, TagKeys=["kept", "none"])
    assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"team": "other"}
    with refused("ResourceNotFoundException"):
        client.list_tags_for_resource(ResourceARN=arn + "x")


def test_other_services_are_registered_as_before(stage: Stage) -> None:
    made = scaling(stage).register_scalable_target(
        ServiceNamespace="dynamodb",
        ResourceId="table/any",
        ScalableDimension="dynamodb:table:ReadCapacityUnits",
        MinCapacity=1,
        MaxCapacity=2,
    )
    assert made["ScalableTargetARN"]
