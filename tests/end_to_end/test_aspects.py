"""An app that tags everything: Terraform still finds the subnets, and still refuses a public one."""

from pathlib import Path

from sagemaker_endpoint import PrivateNetwork

import pytest
from cdktf import App, Aspects, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider

from tests.embedded_aws import EmbeddedAws
from tests.examples import endpoint
from tests.test_aspects import Aspect, add_tags
from tests.toolchain import CommandError, Plan, Terraform

from .deployment import environment
from .messages import unwrapped
from .vpc import Vpc

pytestmark = pytest.mark.end_to_end


def plan(aws: EmbeddedAws, directory: Path, network: PrivateNetwork) -> Plan:
    app = App(outdir=str(directory))
    stack = TerraformStack(app, "stack")
    AwsProvider(stack, "aws", region=aws.region)
    NullProvider(stack, "null")
    endpoint(stack, network=network)
    Aspects.of(app).add(Aspect(add_tags))
    app.synth()
    terraform = Terraform(directory=directory / "stacks" / "stack", environment=environment(aws))
    terraform.init()
    return terraform.plan()


def test_untagged_private_subnets_are_found(aws: EmbeddedAws, tmp_path: Path) -> None:
    vpc = Vpc(aws)
    network = PrivateNetwork(vpc_id=vpc.id, subnet_ids=[vpc.subnet("a"), vpc.subnet("b")])
    assert plan(aws, tmp_path, network).changes


def test_a_tagged_public_subnet_is_refused(aws: EmbeddedAws, tmp_path: Path) -> None:
    vpc = Vpc(aws)
    private, public = vpc.subnet("a"), vpc.subnet("b")
    vpc.lead_to_the_internet(vpc.route_table(public))
    aws.client("ec2").create_tags(Resources=[private, public], Tags=[{"Key": "team", "Value": "ml"}])
    with pytest.raises(CommandError) as raised:
        plan(aws, tmp_path, PrivateNetwork(vpc_id=vpc.id, subnet_ids=[private, public]))
    assert f"Subnet {public} of network.subnet_ids is public" in unwrapped(str(raised.value))
