"""An endpoint that waits for something of its stack: nothing of it is replaced when that is changed later."""

from pathlib import Path

from sagemaker_endpoint import InterfaceCleanup, PrivateNetwork

import pytest
from cdktf import App, LocalBackend, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_null.provider import NullProvider

from tests.demo.stage import furnish, variables
from tests.embedded_aws import EmbeddedAws
from tests.examples import MODEL, VARIANT, endpoint
from tests.toolchain import Terraform

from .deployment import environment

pytestmark = pytest.mark.end_to_end


def test_a_change_of_what_it_waits_for_changes_nothing_else(aws: EmbeddedAws, tmp_path: Path) -> None:
    values = variables(aws.client("ec2"), region=aws.region)
    furnish(aws, values)
    terraform = Terraform(directory=tmp_path / "stacks" / "stack", environment=environment(aws))

    def synthesize(team: str) -> None:
        app = App(outdir=str(tmp_path))
        stack = TerraformStack(app, "stack")
        LocalBackend(stack, path=str(tmp_path / "terraform.tfstate"))  # by default all stacks of a name share one
        AwsProvider(stack, "aws", region=aws.region)
        NullProvider(stack, "null")
        vpc_id = str(values["vpc_id"])
        table = RouteTable(stack, "Table", vpc_id=vpc_id, tags={"team": team})
        endpoint(
            stack,
            network=PrivateNetwork(vpc_id=vpc_id, subnet_ids=values["private_subnet_ids"]),  # type: ignore[arg-type] # the mapping holds a list there
            production_variants=[
                type(VARIANT)(model=type(MODEL)(image=str(values["image"])), instance_type="ml.m5.xlarge")
            ],
            interface_cleanup=InterfaceCleanup(mark=False),
            depends_on=[table],
        )
        app.synth()

    synthesize("one")
    terraform.init()
    terraform.apply()
    assert terraform.plan().is_empty
    synthesize("two")
    assert [*terraform.plan().changes] == ["aws_route_table.Table"]
    assert terraform.apply_plan().changed == 1
    assert terraform.plan().is_empty
    terraform.destroy()
