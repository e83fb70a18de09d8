"""What a careful team turns on: scaling, alarms that tell somebody and take a change back, the least privilege."""

from sagemaker_endpoint import (
    Alarms,
    AutoScaling,
    Canary,
    CapacitySize,
    EgressRule,
    ExecutionRole,
    InstanceProductionVariant,
    Model,
    PrivateNetwork,
    SageMakerEndpoint,
    TargetTracking,
)

from cdktf import App, TerraformOutput, TerraformStack, TerraformVariable
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider

app = App()
stack = TerraformStack(app, "production")
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
    endpoint_name="production",
    network=PrivateNetwork(
        vpc_id=vpc_id,
        subnet_ids=private_subnet_ids,
        # Of AWS's services, by NAT gateway or VPC endpoints; nothing else.
        egress={"https": EgressRule(description="HTTPS to AWS services", from_port=443, cidr_ipv4="0.0.0.0/0")},
    ),
    production_variants=[
        InstanceProductionVariant(
            model=Model(
                image=f"123456789012.dkr.ecr.{region}.amazonaws.com/team/sentiment:1.4",
                model_data_url="s3://team-models/sentiment/model.tar.gz",
            ),
            instance_type="ml.m5.xlarge",
            initial_instance_count=3,  # one in each zone, and what each update begins with
            auto_scaling=AutoScaling(
                min_capacity=3,
                max_capacity=12,
                policies=[TargetTracking(requests_per_second=40)],  # what one instance served in a load test
            ),
        )
    ],
    execution_role=ExecutionRole(least_privilege=True),
    alarms=Alarms(
        alarm_actions=[f"arn:aws:sns:{region}:123456789012:on-call"],
        ok_actions=[f"arn:aws:sns:{region}:123456789012:on-call"],
        latency_in_milliseconds=500,
    ),
    dashboard=True,
    deployment=Canary(canary_size=CapacitySize.percent(10), wait_interval_in_seconds=600),
    deletion_protection=True,
    tags={"team": "language", "environment": "production"},
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
