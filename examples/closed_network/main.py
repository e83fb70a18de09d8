"""A VPC without a way to the internet: VPC endpoints for all that the instances need, and egress to these alone."""

from sagemaker_endpoint import EgressRule, InstanceProductionVariant, Model, PrivateNetwork, SageMakerEndpoint

from cdktf import App, TerraformOutput, TerraformStack, TerraformVariable
from cdktf_cdktf_provider_aws.data_aws_route_tables import DataAwsRouteTables
from cdktf_cdktf_provider_aws.data_aws_vpc import DataAwsVpc
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from cdktf_cdktf_provider_null.provider import NullProvider

app = App()
stack = TerraformStack(app, "closed-network")
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

# Who may come to the VPC endpoints: the endpoint's instances, which have no addresses before they are there.
doors = SecurityGroup(
    stack, "Doors", name="closed-network-doors", description="VPC endpoints of AWS services", vpc_id=vpc_id
)
vpc = DataAwsVpc(stack, "Vpc", id=vpc_id)
VpcSecurityGroupIngressRule(
    stack,
    "Https",
    security_group_id=doors.id,
    description="HTTPS from within the VPC",
    ip_protocol="tcp",
    from_port=443,
    to_port=443,
    cidr_ipv4=vpc.cidr_block,
)
route_tables = DataAwsRouteTables(stack, "RouteTables", vpc_id=vpc_id)
s3 = VpcEndpoint(
    stack,
    "S3",
    vpc_id=vpc_id,
    service_name=f"com.amazonaws.{region}.s3",
    vpc_endpoint_type="Gateway",
    route_table_ids=route_tables.ids,
)
interfaces = [
    VpcEndpoint(
        stack,
        f"Door-{service.replace('.', '-')}",
        vpc_id=vpc_id,
        service_name=f"com.amazonaws.{region}.{service}",
        vpc_endpoint_type="Interface",
        subnet_ids=private_subnet_ids,
        security_group_ids=[doors.id],
        private_dns_enabled=True,
    )
    for service in ("ecr.api", "ecr.dkr", "logs", "monitoring", "sts")
]

endpoint = SageMakerEndpoint(
    stack,
    "Endpoint",
    endpoint_name="closed-network",
    network=PrivateNetwork(
        vpc_id=vpc_id,
        subnet_ids=private_subnet_ids,
        egress={
            "doors": EgressRule(
                description="HTTPS to VPC endpoints", from_port=443, referenced_security_group_id=doors.id
            ),
            "s3": EgressRule(description="HTTPS to Amazon S3", from_port=443, prefix_list_id=s3.prefix_list_id),
        },
    ),
    production_variants=[
        InstanceProductionVariant(
            model=Model(
                image=f"123456789012.dkr.ecr.{region}.amazonaws.com/team/sentiment:1.4",
                model_data_url="s3://team-models/sentiment/model.tar.gz",
            ),
            instance_type="ml.m5.xlarge",
        )
    ],
    depends_on=[s3, *interfaces],
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
