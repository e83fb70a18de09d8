"""Role, key, security group and log group that are there already, and alarms on an endpoint of somebody else."""

from sagemaker_endpoint import (
    Alarms,
    EncryptionKey,
    ExecutionRole,
    ExistingEndpoint,
    InstanceProductionVariant,
    Logs,
    Model,
    PrivateNetwork,
    SageMakerEndpoint,
)

from cdktf import App, TerraformOutput, TerraformStack, TerraformVariable
from cdktf_cdktf_provider_aws.data_aws_iam_role import DataAwsIamRole
from cdktf_cdktf_provider_aws.data_aws_kms_alias import DataAwsKmsAlias
from cdktf_cdktf_provider_aws.data_aws_security_group import DataAwsSecurityGroup
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider

app = App()
stack = TerraformStack(app, "existing-resources")
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

security_group = DataAwsSecurityGroup(stack, "SecurityGroup", name="team-endpoints", vpc_id=vpc_id)
key = DataAwsKmsAlias(stack, "Key", name="alias/team")
role = DataAwsIamRole(stack, "Role", name="team-sentiment")
endpoint = SageMakerEndpoint(
    stack,
    "Endpoint",
    endpoint_name="existing-resources",
    network=PrivateNetwork(vpc_id=vpc_id, subnet_ids=private_subnet_ids, security_group_ids=[security_group.id]),
    production_variants=[
        InstanceProductionVariant(
            model=Model(
                image=f"123456789012.dkr.ecr.{region}.amazonaws.com/team/sentiment:1.4",
                model_data_url="s3://team-models/sentiment/model.tar.gz",
            ),
            instance_type="ml.m5.xlarge",
        )
    ],
    execution_role=ExecutionRole(role_arn=role.arn),
    key=EncryptionKey(kms_key_arn=key.target_key_arn),
    logs=Logs(import_existing=True),
)

# The team next door made this one. We call it, and want to know when it is not well.
theirs = ExistingEndpoint(
    stack, "Theirs", endpoint_name="translation", alarms=Alarms(latency_in_milliseconds=800, leave_out=["Disk"])
)
theirs.grant_invoke("team-sentiment", id="Sentiment")

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
