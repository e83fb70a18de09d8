"""Two variants of different models behind one endpoint, from values that are known when it is synthesized."""

import json
from pathlib import Path
from typing import Any

from sagemaker_endpoint import InstanceProductionVariant, Model, PrivateNetwork, SageMakerEndpoint

from cdktf import App, LocalBackend, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider

STACK = "two-variants"


def main(folder: Path = Path()) -> None:
    """Write cdktf.out/ in a folder, after its inputs.json."""
    inputs: dict[str, Any] = json.loads((folder / "inputs.json").read_text(encoding="utf-8"))
    app = App(outdir=str(folder / "cdktf.out"))
    stack = TerraformStack(app, STACK)
    LocalBackend(stack, path=str(folder.resolve() / f"terraform.{STACK}.tfstate"))
    AwsProvider(stack, "aws", region=inputs["region"])
    NullProvider(stack, "null")
    endpoint = SageMakerEndpoint(
        stack,
        "Endpoint",
        endpoint_name=inputs["endpoint_name"],
        network=PrivateNetwork(vpc_id=inputs["vpc_id"], subnet_ids=inputs["subnet_ids"]),
        production_variants=[
            InstanceProductionVariant(
                variant_name="proven",
                model=Model(image=inputs["image"], model_data_url=inputs["model_data_url"]),
                instance_type="ml.m5.xlarge",
                initial_variant_weight=0.9,
            ),
            InstanceProductionVariant(
                variant_name="new",
                model=Model(image=inputs["new_image"], environment=inputs["new_environment"]),
                instance_type=inputs["new_instance_type"],
                initial_instance_count=1,
                initial_variant_weight=inputs["new_weight"],
            ),
        ],
        tags={"team": "language"},
    )
    caller = IamRole(stack, "Caller", name_prefix="caller-", assume_role_policy=json.dumps(inputs["trust"]))
    endpoint.grant_invoke(caller)
    TerraformOutput(stack, "caller", value=caller.name, static_id=True)
    TerraformOutput(stack, "security_group_id", value=endpoint.security_group_ids[0], static_id=True)
    TerraformOutput(stack, "execution_role_arn", value=endpoint.execution_role_arn, static_id=True)
    TerraformOutput(stack, "invoke_policy_arn", value=endpoint.invoke_policy_arn, static_id=True)
    app.synth()
