"""An endpoint with a role and a key that exist already, and security groups that do or do not."""

import json
from pathlib import Path
from typing import Any

from sagemaker_endpoint import (
    EncryptionKey,
    ExecutionRole,
    InstanceProductionVariant,
    InterfaceCleanup,
    Model,
    PrivateNetwork,
    SageMakerEndpoint,
)

from cdktf import App, LocalBackend, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider

STACK = "existing"


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
        network=PrivateNetwork(
            vpc_id=inputs["vpc_id"],
            subnet_ids=inputs["subnet_ids"],
            security_group_ids=inputs["security_group_ids"],
        ),
        production_variants=[
            InstanceProductionVariant(model=Model(image=inputs["image"]), instance_type="ml.m5.xlarge")
        ],
        execution_role=ExecutionRole(role_arn=inputs["role_arn"]),
        key=EncryptionKey(kms_key_arn=inputs["kms_key_arn"]),
        interface_cleanup=InterfaceCleanup(enabled=inputs["release"]),
    )
    TerraformOutput(stack, "security_group_id", value=endpoint.security_group_ids[0], static_id=True)
    app.synth()
