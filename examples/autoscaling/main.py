"""Auto scaling: instances follow the load by requests per second, and there are more before the working day begins."""

from sagemaker_endpoint import (
    AutoScaling,
    InstanceProductionVariant,
    Model,
    PrivateNetwork,
    SageMakerEndpoint,
    ScheduledAction,
    TargetTracking,
)

from cdktf import App, TerraformOutput, TerraformStack, TerraformVariable
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider

app = App()
stack = TerraformStack(app, "autoscaling")
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
    endpoint_name="autoscaling",
    network=PrivateNetwork(vpc_id=vpc_id, subnet_ids=private_subnet_ids),
    production_variants=[
        InstanceProductionVariant(
            model=Model(
                image=f"123456789012.dkr.ecr.{region}.amazonaws.com/team/sentiment:2.0",
                model_data_url="s3://team-models/sentiment/model.tar.gz",
            ),
            instance_type="ml.c5.xlarge",
            initial_instance_count=4,  # what each update begins with: enough for the day
            auto_scaling=AutoScaling(
                min_capacity=2,
                max_capacity=12,
                policies=[TargetTracking(requests_per_second=40)],  # what one instance served in a load test
                scheduled_actions=[
                    ScheduledAction(
                        name="morning", schedule="cron(30 7 ? * MON-FRI *)", timezone="Europe/Berlin", min_capacity=4
                    ),
                    ScheduledAction(
                        name="evening", schedule="cron(0 19 ? * MON-FRI *)", timezone="Europe/Berlin", min_capacity=2
                    ),
                ],
            ),
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
