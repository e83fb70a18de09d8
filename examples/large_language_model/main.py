"""A large language model: a folder of weights, an hour to start, each request to the least busy instance."""

from sagemaker_endpoint import (
    InstanceProductionVariant,
    Model,
    PrivateNetwork,
    S3DataSource,
    SageMakerEndpoint,
    prebuilt_image,
)

from cdktf import App, TerraformOutput, TerraformStack, TerraformVariable
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider

app = App()
stack = TerraformStack(app, "large-language-model")
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
    endpoint_name="large-language-model",
    network=PrivateNetwork(vpc_id=vpc_id, subnet_ids=private_subnet_ids),
    production_variants=[
        InstanceProductionVariant(
            model=Model(
                image=prebuilt_image(stack, "djl-inference", "0.29.0-lmi11.0.0-cu124"),
                model_data_source=S3DataSource(
                    s3_uri="s3://team-models/llama/", s3_data_type="S3Prefix", compression_type="None", accept_eula=True
                ),
                environment={"OPTION_MODEL_ID": "/opt/ml/model", "OPTION_TENSOR_PARALLEL_DEGREE": "4"},
            ),
            instance_type="ml.g5.12xlarge",
            model_data_download_timeout_in_seconds=3600,
            container_startup_health_check_timeout_in_seconds=3600,
            routing_strategy="LEAST_OUTSTANDING_REQUESTS",
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
