"""What was made in the console is taken over, and lives on."""

from pathlib import Path

import pytest

from tests.account import ACCOUNT
from tests.embedded_aws import EmbeddedAws

from . import lifecycle
from .example import Example
from .furnished import furnish

pytestmark = pytest.mark.end_to_end


def make_by_hand(aws: EmbeddedAws) -> None:
    """Make the endpoint as the console does: with a wide role, in no VPC, and with SageMaker's log group."""
    sagemaker = aws.client("sagemaker")
    container = {
        "Image": f"{ACCOUNT}.dkr.ecr.{aws.region}.amazonaws.com/team/sentiment:1.4",
        "ModelDataUrl": "s3://team-models/sentiment/model.tar.gz",
    }
    role = f"arn:aws:iam::{ACCOUNT}:role/service-role/console"
    sagemaker.create_model(ModelName="by-hand", ExecutionRoleArn=role, PrimaryContainer=container)
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": "by-hand",
        "InstanceType": "ml.m5.xlarge",
        "InitialInstanceCount": 1,
    }
    sagemaker.create_endpoint_config(EndpointConfigName="by-hand", ProductionVariants=[variant])
    aws.client("logs").create_log_group(logGroupName="/aws/sagemaker/Endpoints/adopted")
    sagemaker.create_endpoint(EndpointName="adopted", EndpointConfigName="by-hand")
    aws.advance(60)


def test_the_example_lives_from_apply_to_destroy(aws: EmbeddedAws, tmp_path: Path) -> None:
    example = Example.of(aws, tmp_path, "adopted")
    furnish(aws, example.inputs)
    make_by_hand(aws)
    lifecycle.apply(example)
    assert example.configuration()["EndpointConfigName"] != "by-hand"
    old = aws.client("sagemaker").describe_endpoint_config(EndpointConfigName="by-hand")
    assert old["ProductionVariants"][0]["ModelName"] == "by-hand"
    example.edit('endpoint.resources.endpoint.import_from("adopted")  # goes once it is applied\n', "")
    assert example.terraform.plan().is_empty
    lifecycle.change(example, "team/sentiment:1.4", "team/sentiment:1.5")
    lifecycle.part_with(example)
