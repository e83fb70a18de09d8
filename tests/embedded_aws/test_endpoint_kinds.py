"""Which kinds of endpoints AWS updates to one another."""

from collections.abc import Mapping

import pytest

from .stage import HOUR, Stage, refused, variant

ANSWERS = {"AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": "s3://bucket/answers"}}}


def serverless(model: str, *, memory: int = 1024) -> dict[str, object]:
    config = {"MemorySizeInMB": memory, "MaxConcurrency": 1}
    return {"ModelName": model, "VariantName": "only", "ServerlessConfig": config}


def create(stage: Stage, made: Mapping[str, object], **settings: object) -> None:
    stage.model(stage.name)
    stage.configuration(stage.name, made, **settings)
    stage.sagemaker.create_endpoint(EndpointName=stage.name, EndpointConfigName=stage.name)
    stage.aws.advance(HOUR)


def update(stage: Stage, made: Mapping[str, object], **settings: object) -> None:
    new = "new-" + stage.name
    stage.configuration(new, made, **settings)
    stage.sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName=new)
    stage.aws.advance(HOUR)
    assert stage.sagemaker.describe_endpoint(EndpointName=stage.name)["EndpointConfigName"] == new


def test_an_endpoint_with_instances_does_not_become_serverless(stage: Stage) -> None:
    create(stage, variant(stage.name))
    with refused("ValidationException", "serverless"):
        update(stage, serverless(stage.name))
    assert stage.sagemaker.describe_endpoint(EndpointName=stage.name)["EndpointConfigName"] == stage.name


def test_a_serverless_endpoint_gets_instances(stage: Stage) -> None:
    create(stage, serverless(stage.name))
    update(stage, variant(stage.name))


def test_a_serverless_endpoint_gets_other_memory(stage: Stage) -> None:
    create(stage, serverless(stage.name))
    update(stage, serverless(stage.name, memory=2048))


def test_an_asynchronous_endpoint_does_not_become_real_time(stage: Stage) -> None:
    create(stage, variant(stage.name), **ANSWERS)
    with refused("ValidationException", "The AsyncInferenceConfig parameter cannot be removed from this endpoint"):
        update(stage, variant(stage.name))


@pytest.mark.parametrize("before", [{}, ANSWERS])
def test_an_endpoint_becomes_or_stays_asynchronous(stage: Stage, before: Mapping[str, object]) -> None:
    create(stage, variant(stage.name), **before)
    update(stage, variant(stage.name), **ANSWERS)


@pytest.mark.parametrize("settings", [{}, ANSWERS])
def test_an_endpoint_whose_model_has_no_vpc_has_no_interfaces(stage: Stage, settings: Mapping[str, object]) -> None:
    before = stage.ec2.describe_network_interfaces()["NetworkInterfaces"]
    create(stage, variant(stage.name) if settings else serverless(stage.name), **settings)
    assert stage.status(stage.name) == "InService"
    assert stage.ec2.describe_network_interfaces()["NetworkInterfaces"] == before
