"""An app that tags or renames everything: Terraform still finds the subnets, and refuses what would not work."""

from pathlib import Path
from typing import Any

from sagemaker_endpoint import PrivateNetwork

import pytest
from cdktf import App, Aspects, LocalBackend, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider

from tests.embedded_aws import EmbeddedAws
from tests.examples import endpoint
from tests.test_aspects import Aspect, Visit, add_tags
from tests.toolchain import CommandError, Plan, Terraform

from .deployment import environment
from .messages import unwrapped
from .vpc import Vpc

pytestmark = pytest.mark.end_to_end


def plan(aws: EmbeddedAws, directory: Path, network: PrivateNetwork, visit: Visit = add_tags) -> Plan:
    app = App(outdir=str(directory))
    stack = TerraformStack(app, "stack")
    LocalBackend(stack, path=str(directory / "terraform.tfstate"))  # by default all stacks of a name share one
    AwsProvider(stack, "aws", region=aws.region)
    NullProvider(stack, "null")
    endpoint(stack, network=network)
    Aspects.of(stack).add(Aspect(visit))
    app.synth()
    terraform = Terraform(directory=directory / "stacks" / "stack", environment=environment(aws))
    terraform.init()
    return terraform.plan()


def test_untagged_private_subnets_are_found(aws: EmbeddedAws, tmp_path: Path) -> None:
    vpc = Vpc(aws)
    network = PrivateNetwork(vpc_id=vpc.id, subnet_ids=[vpc.subnet("a"), vpc.subnet("b")])
    made = plan(aws, tmp_path, network)
    assert made.changes


def test_a_tagged_public_subnet_is_refused(aws: EmbeddedAws, tmp_path: Path) -> None:
    vpc = Vpc(aws)
    private, public = vpc.subnet("a"), vpc.subnet("b")
    vpc.lead_to_the_internet(vpc.route_table(public))
    aws.client("ec2").create_tags(Resources=[private, public], Tags=[{"Key": "team", "Value": "ml"}])
    with pytest.raises(CommandError) as raised:
        plan(aws, tmp_path, PrivateNetwork(vpc_id=vpc.id, subnet_ids=[private, public]))
    assert f"Subnet {public} of network.subnet_ids is public" in unwrapped(str(raised.value))


def rename(node: Any) -> None:  # noqa: ANN401 - any construct
    if hasattr(node, "name_input") and node.name_input:
        node.name = f"{node.name_input}-dev"


def test_a_renamed_log_group_is_refused(aws: EmbeddedAws, tmp_path: Path) -> None:
    vpc = Vpc(aws)
    network = PrivateNetwork(vpc_id=vpc.id, subnet_ids=[vpc.subnet("a"), vpc.subnet("b")])
    with pytest.raises(CommandError) as raised:
        plan(aws, tmp_path, network, rename)
    name = "/aws/sagemaker/Endpoints/sentiment"
    assert f"It is to be named {name}, not {name}-dev" in unwrapped(str(raised.value))
