"""A model of the Hugging Face Hub, in the container that AWS makes for it."""

from sagemaker_endpoint import (
    HuggingFaceModel,
    InstanceProductionVariant,
    Model,
    PrivateNetwork,
    SageMakerEndpoint,
    prebuilt_image,
)

from cdktf import App, TerraformOutput, TerraformStack, TerraformVariable
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider

app = App()
stack = TerraformStack(app, "hugging-face")
region = TerraformVariable(stack, "region", type="string", description="The AWS region to deploy to.").string_value
vpc_id = TerraformVariable(stack, "vpc_id", type="string", description="The VPC of the private subnets.").string_value
private_subnet_ids = TerraformVariable(
    stack,
    "private_subnet_ids",
    type="list(string)",
    description="Private subnets of that VPC, in two availability zones or more.",
).list_value
AwsProvider(stack, "aws", region=region)
NullProvider(stack, "null")

endpoint = SageMakerEndpoint(
    stack,
    "Endpoint",
    endpoint_name="hugging-face",
    network=PrivateNetwork(vpc_id=vpc_id, subnet_ids=private_subnet_ids),
    production_variants=[
        InstanceProductionVariant(
            model=Model(
                image=prebuilt_image(
                    stack, "huggingface-pytorch-inference", "2.6.0-transformers4.51.3-cpu-py312-ubuntu22.04"
                ),
                hugging_face=HuggingFaceModel(
                    model_id="distilbert/distilbert-base-uncased-finetuned-sst-2-english",
                    task="text-classification",
                    revision="714eb0fa89d2f80546fda750413ed43d93601a13",
                ),
            ),
            instance_type="ml.m5.xlarge",
        )
    ],
)

outputs = {
    "endpoint_name": endpoint.endpoint_name,
    "endpoint_arn": endpoint.endpoint_arn,
    "endpoint_config_name": endpoint.endpoint_config_name,
    "invoke_policy_arn": endpoint.invoke_policy_arn,
    "execution_role_arn": endpoint.execution_role_arn,
    "security_group_id": endpoint.security_group_ids[0],
    "log_group_name": endpoint.log_group_name,
    "kms_key_arn": endpoint.kms_key_arn,
    "runbook": endpoint.runbook,
}
for name, value in outputs.items():
    TerraformOutput(stack, name, value=value, sensitive=True if name == "runbook" else None)
app.synth()
