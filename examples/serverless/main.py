"""A serverless endpoint: no instances and no VPC, AWS runs the container while it is called."""

from sagemaker_endpoint import Model, SageMakerEndpoint, ServerlessProductionVariant

from cdktf import App, TerraformOutput, TerraformStack, TerraformVariable
from cdktf_cdktf_provider_aws.provider import AwsProvider

app = App()
stack = TerraformStack(app, "serverless")
region = TerraformVariable(stack, "region", type="string", description="The AWS region to deploy to.").string_value
AwsProvider(stack, "aws", region=region)

endpoint = SageMakerEndpoint(
    stack,
    "Endpoint",
    endpoint_name="serverless",
    production_variants=[
        ServerlessProductionVariant(
            model=Model(
                image=f"123456789012.dkr.ecr.{region}.amazonaws.com/team/sentiment:1.4",
                model_data_url="s3://team-models/sentiment/model.tar.gz",
            ),
            memory_size_in_mb=2048,
            max_concurrency=10,
        )
    ],
)

outputs = {
    "endpoint_name": endpoint.endpoint_name,
    "endpoint_arn": endpoint.endpoint_arn,
    "endpoint_config_name": endpoint.endpoint_config_name,
    "invoke_policy_arn": endpoint.invoke_policy_arn,
    "execution_role_arn": endpoint.execution_role_arn,
    "log_group_name": endpoint.log_group_name,
    "kms_key_arn": endpoint.kms_key_arn,
    "runbook": endpoint.runbook,
}
for name, value in outputs.items():
    TerraformOutput(stack, name, value=value, sensitive=True if name == "runbook" else None)
app.synth()
