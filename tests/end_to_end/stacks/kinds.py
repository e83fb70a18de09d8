"""An endpoint that is serverless, asynchronous or real-time, as its inputs ask for."""

import json
from pathlib import Path
from typing import Any

from sagemaker_endpoint import (
    AsyncInferenceConfig,
    EncryptionKey,
    InstanceProductionVariant,
    InterfaceCleanup,
    Model,
    PrivateNetwork,
    SageMakerEndpoint,
    ServerlessProductionVariant,
)

from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider

STACK = "kinds"


def main() -> None:
    """Write cdktf.out/."""
    inputs: dict[str, Any] = json.loads(Path("inputs.json").read_text(encoding="utf-8"))
    app = App()
    stack = TerraformStack(app, STACK)
    AwsProvider(stack, "aws", region=inputs["region"])
    NullProvider(stack, "null")
    endpoint = SageMakerEndpoint(
        stack,
        "Endpoint",
        endpoint_name=inputs["endpoint_name"],
        key=EncryptionKey(kms_key_arn=inputs["kms_key_arn"]),
        **_kind(inputs),
    )
    if inputs["noted"] is False:  # as it was before the state kept the kind
        for name in ("Kind", "Inference"):
            assert endpoint.node.try_remove_child(name)
    app.synth()


def _kind(inputs: dict[str, Any]) -> dict[str, Any]:
    model = Model(image=inputs["image"])
    if inputs["serverless"] is not None:
        return {"production_variants": [ServerlessProductionVariant(model=model, **inputs["serverless"])]}
    made: dict[str, Any] = {
        "network": PrivateNetwork(vpc_id=inputs["vpc_id"], subnet_ids=inputs["subnet_ids"]),
        "production_variants": [InstanceProductionVariant(model=model, instance_type="ml.m5.xlarge")],
        "interface_cleanup": InterfaceCleanup(mark=inputs["mark"]),
    }
    if inputs["answers"] is not None:
        made["async_inference_config"] = AsyncInferenceConfig(s3_output_path=inputs["answers"])
    return made


if __name__ == "__main__":
    main()
