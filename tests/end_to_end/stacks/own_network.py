"""An endpoint and its network in one stack: no id of the network is known when Terraform plans."""

import json
from pathlib import Path
from typing import Any

from sagemaker_endpoint import InstanceProductionVariant, Model, PrivateNetwork, SageMakerEndpoint

from cdktf import App, LocalBackend, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.subnet import Subnet
from cdktf_cdktf_provider_aws.vpc import Vpc
from cdktf_cdktf_provider_null.provider import NullProvider

STACK = "own-network"


def main(folder: Path = Path()) -> None:
    """Write cdktf.out/ in a folder, after its inputs.json."""
    inputs: dict[str, Any] = json.loads((folder / "inputs.json").read_text(encoding="utf-8"))
    app = App(outdir=str(folder / "cdktf.out"))
    stack = TerraformStack(app, STACK)
    LocalBackend(stack, path=str(folder.resolve() / f"terraform.{STACK}.tfstate"))
    AwsProvider(stack, "aws", region=inputs["region"])
    NullProvider(stack, "null")
    vpc = Vpc(stack, "Vpc", cidr_block="10.0.0.0/16")
    subnets = [
        Subnet(
            stack,
            f"Subnet-{zone}",
            vpc_id=vpc.id,
            cidr_block=f"10.0.{number}.0/24",
            availability_zone=f"{inputs['region']}{zone}",
        )
        for number, zone in enumerate("ab")
    ]
    endpoint = SageMakerEndpoint(
        stack,
        "Endpoint",
        endpoint_name=inputs["endpoint_name"],
        network=PrivateNetwork(vpc_id=vpc.id, subnet_ids=[subnet.id for subnet in subnets]),
        production_variants=[
            InstanceProductionVariant(model=Model(image=inputs["image"]), instance_type="ml.m5.xlarge")
        ],
    )
    TerraformOutput(stack, "security_group_id", value=endpoint.security_group_ids[0], static_id=True)
    TerraformOutput(stack, "subnet_ids", value=[subnet.id for subnet in subnets], static_id=True)
    app.synth()
