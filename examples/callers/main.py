"""Who may call: a Lambda function of this account, and a service of another account by a role that it assumes."""

import json

from sagemaker_endpoint import InstanceProductionVariant, Model, PrivateNetwork, SageMakerEndpoint

from cdktf import App, TerraformOutput, TerraformStack, TerraformVariable
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider

app = App()
stack = TerraformStack(app, "callers")
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
    endpoint_name="callers",
    network=PrivateNetwork(vpc_id=vpc_id, subnet_ids=private_subnet_ids),
    production_variants=[
        InstanceProductionVariant(
            model=Model(
                image=f"123456789012.dkr.ecr.{region}.amazonaws.com/team/sentiment:1.4",
                model_data_url="s3://team-models/sentiment/model.tar.gz",
            ),
            instance_type="ml.m5.xlarge",
        )
    ],
)


def trust(principal: dict[str, str], **condition: dict[str, dict[str, str]]) -> str:
    """Write who may assume a role."""
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **condition}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


# For the function's `role`; it calls `boto3.client("sagemaker-runtime").invoke_endpoint(EndpointName="callers", …)`.
function = IamRole(
    stack, "Function", name="callers-function", assume_role_policy=trust({"Service": "lambda.amazonaws.com"})
)
endpoint.grant_invoke(function)

# Another account calls by a role of the endpoint's account: the endpoint's own policy is for inference routers alone.
partner = IamRole(
    stack,
    "Partner",
    name="callers-partner",
    # That account's own policies say who in it may assume the role; the external id is agreed upon with it.
    assume_role_policy=trust(
        {"AWS": "arn:aws:iam::210987654321:root"}, Condition={"StringEquals": {"sts:ExternalId": "partner-42"}}
    ),
)
endpoint.grant_invoke(partner)

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
