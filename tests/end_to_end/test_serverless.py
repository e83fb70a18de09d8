"""An endpoint's kind changes as AWS allows it, and otherwise only where somebody asks for a new endpoint.

Each test goes on where the one before it ended.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.demo.stage import build_network, image
from tests.embedded_aws import EmbeddedAws
from tests.toolchain import CommandError

from .deployment import ConcreteDeployment
from .messages import unwrapped
from .order import assert_in_order, assert_updated_in_place
from .removals import too_early

pytestmark = pytest.mark.end_to_end

SERVERLESS: dict[str, Any] = {"memory_size_in_mb": 2048, "max_concurrency": 5}
REASON = "No capacity."
NETWORK_GOES = {"RevokeSecurityGroupEgress", "DeleteSecurityGroup"}


def deployed(aws: EmbeddedAws, directory: Path, **inputs: object) -> ConcreteDeployment:
    vpc_id, subnet_ids = build_network(aws.client("ec2"))
    deployment = ConcreteDeployment.of(
        aws,
        directory,
        "kinds",
        region=aws.region,
        endpoint_name="sentiment",
        image=image(aws.region, "1.0"),
        vpc_id=vpc_id,
        subnet_ids=subnet_ids,
        kms_key_arn=aws.client("kms").create_key()["KeyMetadata"]["Arn"],  # one of its own takes 12 seconds
        **{"serverless": None, "answers": None, "mark": True, "noted": True} | inputs,
    )
    deployment.start()
    return deployment


@pytest.fixture(scope="module")
def deployment(aws: EmbeddedAws, tmp_path_factory: pytest.TempPathFactory) -> ConcreteDeployment:
    """Deploy instances, by the library of before the state kept the kind."""
    deployment = deployed(aws, tmp_path_factory.mktemp("kinds"), noted=False)
    deployment.apply()
    return deployment


def refused(deployment: ConcreteDeployment, **inputs: object) -> str:
    """Have an apply refused before anything changes; give what Terraform says, with the inputs left as asked for."""
    with pytest.raises(CommandError) as raised:
        deployment.change(**inputs)
    assert [call for call in deployment.aws.calls() if call.is_write] == []
    return unwrapped(str(raised.value))


def address_to_replace(said: str) -> str:
    found = re.search(r"terraform apply -replace='(\S+)'", said)
    assert found
    return found[1]


def served(deployment: ConcreteDeployment) -> dict[str, Any]:
    """Describe the live configuration's variant."""
    sagemaker = deployment.aws.client("sagemaker")
    endpoint = sagemaker.describe_endpoint(EndpointName=deployment.inputs["endpoint_name"])
    assert endpoint["EndpointStatus"] == "InService"
    (variant,) = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])[
        "ProductionVariants"
    ]
    return dict(variant)


def network_left(deployment: ConcreteDeployment) -> list[str]:
    """List what SageMaker and the stack have in the VPC."""
    ec2 = deployment.aws.client("ec2")
    only = [{"Name": "vpc-id", "Values": [deployment.inputs["vpc_id"]]}]
    groups = ec2.describe_security_groups(Filters=only)["SecurityGroups"]
    interfaces = ec2.describe_network_interfaces(Filters=only)["NetworkInterfaces"]
    return [
        *(each["GroupName"] for each in groups if each["GroupName"] != "default"),
        *(each["NetworkInterfaceId"] for each in interfaces if each["RequesterManaged"]),
    ]


def test_an_upgrade_notes_the_kind_and_changes_nothing_in_the_account(deployment: ConcreteDeployment) -> None:
    assert deployment.change(noted=True) == []
    assert deployment.terraform.plan().is_empty


def test_an_endpoint_with_instances_becomes_asynchronous_in_place_and_never_real_time_again(
    deployment: ConcreteDeployment,
) -> None:
    said = refused(deployment, serverless=SERVERLESS)
    assert "The endpoint sentiment has instances, and AWS makes no serverless endpoint of one that has" in said
    assert_updated_in_place(deployment.change(serverless=None, answers="s3://answers/a"))
    said = refused(deployment, answers=None)
    assert "sentiment is asynchronous, and AWS takes async_inference_config from no endpoint" in said
    assert address_to_replace(said).startswith("aws_sagemaker_endpoint.")


def test_it_becomes_serverless_where_it_is_replaced_and_nothing_of_the_network_is_left(
    deployment: ConcreteDeployment,
) -> None:
    said = refused(deployment, answers=None, serverless=SERVERLESS)
    assert network_left(deployment)
    calls = deployment.replace(address_to_replace(said))
    assert_in_order(calls, "DeleteEndpoint", "CreateEndpoint")
    assert_in_order(calls, "DeleteEndpoint", NETWORK_GOES)
    assert too_early(calls, deployment.aws.in_use()) == []
    assert served(deployment)["ServerlessConfig"] == {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
    assert network_left(deployment) == []
    assert deployment.terraform.plan().is_empty


def test_other_memory_and_concurrency_come_in_place(deployment: ConcreteDeployment) -> None:
    changed = {"memory_size_in_mb": 3072, "max_concurrency": 10, "provisioned_concurrency": 1}
    assert_updated_in_place(deployment.change(serverless=changed))
    assert served(deployment)["ServerlessConfig"] == {
        "MemorySizeInMB": 3072,
        "MaxConcurrency": 10,
        "ProvisionedConcurrency": 1,
    }


def test_where_the_update_to_instances_is_rolled_back_it_is_still_serverless(deployment: ConcreteDeployment) -> None:
    before = dict(deployment.inputs)
    deployment.aws.behave("vanish")  # the release goes unrun with its block: SageMaker alone frees the group
    with deployment.aws.fail_deployments(REASON), pytest.raises(CommandError, match="postcondition"):
        deployment.change(serverless=None)
    deployment.change(**before)
    deployment.aws.behave("orphan")
    assert served(deployment)["ServerlessConfig"]["MemorySizeInMB"] == 3072
    assert network_left(deployment) == []
    assert deployment.terraform.plan().is_empty


def test_it_gets_instances_in_place_in_a_network_that_is_made_before_and_there_is_no_way_back(
    deployment: ConcreteDeployment,
) -> None:
    calls = deployment.change(serverless=None)
    assert_updated_in_place(calls)
    assert_in_order(calls, {"CreateSecurityGroup", "AuthorizeSecurityGroupEgress"}, "UpdateEndpoint")
    assert served(deployment)["InitialInstanceCount"] == 2
    assert deployment.terraform.plan().is_empty
    assert "has instances" in refused(deployment, serverless=SERVERLESS)


def test_another_name_comes_with_another_kind(deployment: ConcreteDeployment) -> None:
    calls = deployment.change(endpoint_name="classifier", serverless=SERVERLESS)
    # The release goes unrun with its block, so nothing but the groups waits for the old endpoint's end.
    assert_in_order(calls, "DeleteEndpoint", NETWORK_GOES)
    assert_in_order(calls, "DeleteEndpoint", "DeleteLogGroup")
    assert served(deployment)["ServerlessConfig"]["MemorySizeInMB"] == 2048
    assert network_left(deployment) == []
    assert deployment.terraform.plan().is_empty


def test_a_destroy_leaves_nothing(deployment: ConcreteDeployment) -> None:
    deployment.destroy()
    assert deployment.left() == set()


@pytest.fixture(scope="module")
def unmarked(aws: EmbeddedAws, tmp_path_factory: pytest.TempPathFactory) -> ConcreteDeployment:
    """Make a serverless endpoint, in vain at first."""
    deployment = deployed(aws, tmp_path_factory.mktemp("unmarked"), serverless=SERVERLESS, mark=False)
    with aws.fail_deployments(REASON), pytest.raises(CommandError, match=REASON):
        deployment.apply()
    return deployment


def test_a_serverless_endpoint_that_could_not_be_created_is_replaced_as_one_with_instances_by_two_applies_at_most(
    unmarked: ConcreteDeployment,
) -> None:
    try:
        unmarked.apply()
    except CommandError as error:
        # The provider does not wait for the end of a failed endpoint; the runbook names this cause of the message.
        assert "Cannot create already existing endpoint" in unwrapped(str(error))  # noqa: PT017 - it may come or not
        unmarked.aws.advance(10)
        unmarked.apply()
    assert served(unmarked)["ServerlessConfig"]["MemorySizeInMB"] == 2048
    assert unmarked.terraform.plan().is_empty


def test_interfaces_that_are_not_marked_go_with_the_release_when_that_is_destroyed_first(
    unmarked: ConcreteDeployment,
) -> None:
    unmarked.change(serverless=None)
    (release,) = (each for each in unmarked.terraform.show().addresses() if "Release" in each)
    unmarked.terraform.destroy(f"-target={release}")
    unmarked.change(serverless=SERVERLESS)
    assert served(unmarked)["ServerlessConfig"]["MemorySizeInMB"] == 2048
    assert network_left(unmarked) == []
    unmarked.destroy()
    assert unmarked.left() == set()
