"""An endpoint that something else has made, from now on made here: it keeps its name and answers all the time."""

from sagemaker_endpoint import InstanceProductionVariant, Logs, Model, PrivateNetwork, SageMakerEndpoint

from cdktf import App, TerraformOutput, TerraformStack, TerraformVariable
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider

app = App()
stack = TerraformStack(app, "adopted")
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

# `sagemaker-endpoint adopt --endpoint-name adopted` has written this: the image, the data and the count are what was
# live. It was made in the console, in no VPC and with a wide role; both are left behind.
endpoint = SageMakerEndpoint(
    stack,
    "Endpoint",
    endpoint_name="adopted",
    network=PrivateNetwork(vpc_id=vpc_id, subnet_ids=private_subnet_ids),
    production_variants=[
        InstanceProductionVariant(
            model=Model(
                image=f"123456789012.dkr.ecr.{region}.amazonaws.com/team/sentiment:1.4",
                model_data_url="s3://team-models/sentiment/model.tar.gz",
            ),
            instance_type="ml.m5.xlarge",
            initial_instance_count=1,
        )
    ],
    logs=Logs(import_existing=True),
)
endpoint.resources.endpoint.import_from("adopted")  # goes once it is applied

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
