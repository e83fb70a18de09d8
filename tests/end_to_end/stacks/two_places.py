"""Two endpoints in one stack: one where the stack is, the other in another account and region."""

import json
from pathlib import Path
from typing import Any

from sagemaker_endpoint import InstanceProductionVariant, InterfaceCleanup, Model, PrivateNetwork, SageMakerEndpoint

from cdktf import App, LocalBackend, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderAssumeRole
from cdktf_cdktf_provider_null.provider import NullProvider

from tests.demo.stage import image

STACK = "two-places"
TRUST = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}},
}


def main(folder: Path = Path()) -> None:
    """Write cdktf.out/ in a folder, after its inputs.json."""
    inputs: dict[str, Any] = json.loads((folder / "inputs.json").read_text(encoding="utf-8"))
    here, there = inputs["here"], inputs["there"]
    app = App(outdir=str(folder / "cdktf.out"))
    stack = TerraformStack(app, STACK)
    LocalBackend(stack, path=str(folder.resolve() / f"terraform.{STACK}.tfstate"))
    AwsProvider(stack, "aws", region=here["region"])
    NullProvider(stack, "null")
    away = AwsProvider(
        stack,
        "away",
        alias="away",
        region=there["region"],
        assume_role=[AwsProviderAssumeRole(role_arn=there["role_arn"])],
    )
    for id_, place, provider, cleanup in (
        ("Here", here, None, None),
        ("There", there, away, InterfaceCleanup(role_arn=there["role_arn"])),
    ):
        endpoint = SageMakerEndpoint(
            stack,
            id_,
            endpoint_name=inputs["endpoint_name"],
            network=PrivateNetwork(vpc_id=place["vpc_id"], subnet_ids=place["subnet_ids"]),
            production_variants=[
                InstanceProductionVariant(
                    model=Model(image=image(place["region"], inputs["tag"])), instance_type="ml.m5.xlarge"
                )
            ],
            interface_cleanup=cleanup,
            provider=provider,
        )
        caller = IamRole(stack, f"{id_}-Caller", name="caller", assume_role_policy=json.dumps(TRUST), provider=provider)
        endpoint.grant_invoke(caller)
        TerraformOutput(stack, f"arn_{id_.lower()}", value=endpoint.endpoint_arn, static_id=True)
        group = endpoint.security_group_ids[0]
        TerraformOutput(stack, f"security_group_id_{id_.lower()}", value=group, static_id=True)
    app.synth()
