"""What an endpoint finds and keeps: a log group that exists, a key that was its own, what must not be destroyed."""

from typing import Any

import pytest

from tests.demo.inventory import keys_pending_deletion
from tests.demo.stage import build_network, image
from tests.embedded_aws import EmbeddedAws
from tests.toolchain import CommandError

from .deployment import ConcreteDeployment
from .messages import unwrapped
from .order import assert_updated_in_place

pytestmark = pytest.mark.end_to_end

LOG_GROUP = "/aws/sagemaker/Endpoints/sentiment"


@pytest.fixture(scope="module")
def deployment(aws: EmbeddedAws, tmp_path_factory: pytest.TempPathFactory) -> ConcreteDeployment:
    """Apply a stack in vain: SageMaker has made the log group for an earlier endpoint."""
    logs = aws.client("logs")
    logs.create_log_group(logGroupName=LOG_GROUP)
    logs.create_log_stream(logGroupName=LOG_GROUP, logStreamName="earlier")
    vpc_id, subnet_ids = build_network(aws.client("ec2"))
    deployment = ConcreteDeployment.of(
        aws,
        tmp_path_factory.mktemp("kept"),
        "any_input",
        region=aws.region,
        endpoint_name="sentiment",
        network={"vpc_id": vpc_id, "subnet_ids": subnet_ids},
        production_variants=[{"model": {"image": image(aws.region, "1.0")}, "instance_type": "ml.m5.xlarge"}],
        interface_cleanup={"mark": False},
    )
    deployment.start()
    with pytest.raises(CommandError, match="ResourceAlreadyExistsException"):
        deployment.apply()
    return deployment


@pytest.fixture
def live(deployment: ConcreteDeployment) -> ConcreteDeployment:
    """Take the group over, unless that is done."""
    if "logs" not in deployment.inputs:
        deployment.change(logs={"import_existing": True})
    return deployment


def log_group(aws: EmbeddedAws) -> dict[str, Any]:
    (found,) = aws.client("logs").describe_log_groups(logGroupNamePrefix=LOG_GROUP)["logGroups"]
    return dict(found)


def refusal(deployment: ConcreteDeployment, *options: str, **inputs: object) -> str:
    """Give what Terraform says to a plan that it refuses, and put the inputs back."""
    before = deployment.inputs
    with pytest.raises(CommandError) as raised:
        deployment.change(**inputs) if inputs else deployment.terraform.plan(*options)
    deployment.inputs = before
    return unwrapped(str(raised.value))


def test_a_log_group_that_exists_is_taken_over_with_its_lines_and_encrypted(
    aws: EmbeddedAws, live: ConcreteDeployment
) -> None:
    found = log_group(aws)
    assert found["kmsKeyId"] == live.live().kms_key_arn
    assert found["retentionInDays"] == 365
    streams = aws.client("logs").describe_log_streams(logGroupName=LOG_GROUP)["logStreams"]
    assert "earlier" in [each["logStreamName"] for each in streams]
    assert live.terraform.plan().is_empty
    assert live.change(logs={}) == []


@pytest.mark.parametrize("hostname", ["first", "second"])
def test_an_override_on_the_model_reaches_the_endpoint_each_time_it_changes(
    aws: EmbeddedAws, live: ConcreteDeployment, hostname: str
) -> None:
    assert_updated_in_place(live.change(model_overrides={"primary_container.container_hostname": hostname}))
    (model,) = aws.client("sagemaker").list_models()["Models"]
    found = aws.client("sagemaker").describe_model(ModelName=model["ModelName"])
    assert found["PrimaryContainer"]["ContainerHostname"] == hostname
    assert live.terraform.plan().is_empty


def test_a_model_can_be_replaced_by_hand(live: ConcreteDeployment) -> None:
    (model,) = [each for each in live.terraform.show().addresses() if each.startswith("aws_sagemaker_model.")]
    live.aws.reset_calls()
    live.terraform.apply(f"-replace={model}")
    assert_updated_in_place([call for call in live.aws.calls() if call.is_write])
    assert live.terraform.plan().is_empty


def test_what_is_protected_is_neither_destroyed_nor_replaced_until_that_is_taken_back(
    live: ConcreteDeployment,
) -> None:
    assert live.change(deletion_protection=True) == []
    for said in (refusal(live, "-destroy"), refusal(live, endpoint_name="topics")):
        assert "Instance cannot be destroyed" in said  # Terraform tells of the first of the three
        assert "lifecycle.prevent_destroy set" in said
    assert live.live().status == "InService"
    assert live.change(deletion_protection=False, endpoint_name="sentiment") == []


def test_a_key_of_its_own_stays_for_the_logs_when_another_takes_its_place(
    aws: EmbeddedAws, live: ConcreteDeployment
) -> None:
    own = str(live.live().kms_key_arn)
    other = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    assert_updated_in_place(live.change(key={"kms_key_arn": other}))
    assert live.live().kms_key_arn == log_group(aws)["kmsKeyId"] == other
    kept = aws.client("kms").describe_key(KeyId=own)["KeyMetadata"]
    assert kept["KeyState"] == "Enabled"
    assert [each for each in live.terraform.show().addresses() if each.startswith("aws_kms_")] == []
    assert live.terraform.plan().is_empty
    live.destroy()
    assert live.left() == {f"KMS key {own.rpartition('/')[2]}", f"KMS key {other.rpartition('/')[2]}"}
    assert keys_pending_deletion(aws.client) == set()
