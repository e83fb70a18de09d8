"""The same endpoint in the AWS CDK, where what CDKTF's providers are is one package."""

# Its packages are in an environment of their own.
from aws_cdk import App, Duration, RemovalPolicy, Stack  # type: ignore[import-not-found] # in an environment of its own
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sagemaker_alpha as sagemaker

NAME = "sentiment-0"


def main() -> None:
    """Write cdk.out/."""
    app = App(outdir="cdk.out")
    stack = Stack(app, "stack0")
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["eu-west-1a", "eu-west-1b"],
        private_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    )
    group = ec2.SecurityGroup(stack, "SecurityGroup", vpc=vpc, allow_all_outbound=True, allow_all_ipv6_outbound=True)
    key = kms.Key(stack, "Key", enable_key_rotation=True, pending_window=Duration.days(30))
    key.add_alias(f"alias/sagemaker-endpoint/{NAME}")
    key.grant_encrypt_decrypt(iam.ServicePrincipal("logs.amazonaws.com"))
    log_group = logs.LogGroup(
        stack,
        "Logs",
        log_group_name=f"/aws/sagemaker/Endpoints/{NAME}",
        retention=logs.RetentionDays.ONE_YEAR,
        encryption_key=key,
        removal_policy=RemovalPolicy.DESTROY,
    )
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    log_group.grant_write(role)
    key.grant_decrypt(role)
    repository = ecr.Repository.from_repository_arn(
        stack, "Repository", "arn:aws:ecr:eu-west-1:111122223333:repository/team/sentiment"
    )
    repository.grant_pull(role)
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "models")
    bucket.grant_read(role, "sentiment/model.tar.gz")
    role.add_to_policy(iam.PolicyStatement(actions=["cloudwatch:PutMetricData"], resources=["*"]))
    role.add_to_policy(
        iam.PolicyStatement(
            actions=["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces"],
            resources=["*"],
        )
    )
    model = sagemaker.Model(
        stack,
        "Model",
        containers=[
            sagemaker.ContainerDefinition(
                image=sagemaker.ContainerImage.from_ecr_repository(repository, "1.4"),
                model_data=sagemaker.ModelData.from_bucket(bucket, "sentiment/model.tar.gz"),
                environment={"LOG_LEVEL": "info"},
            )
        ],
        role=role,
        vpc=vpc,
        security_groups=[group],
    )
    configuration = sagemaker.EndpointConfig(
        stack,
        "Configuration",
        encryption_key=key,
        instance_production_variants=[
            sagemaker.InstanceProductionVariantProps(
                model=model,
                variant_name="AllTraffic",
                instance_type=sagemaker.InstanceType.M5_XLARGE,
                initial_instance_count=2,
            )
        ],
    )
    endpoint = sagemaker.Endpoint(stack, "Endpoint", endpoint_name=NAME, endpoint_config=configuration)
    endpoint.node.add_dependency(log_group)
    iam.ManagedPolicy(
        stack,
        "InvokePolicy",
        statements=[iam.PolicyStatement(actions=["sagemaker:InvokeEndpoint"], resources=[endpoint.endpoint_arn])],
    )
    app.synth()


if __name__ == "__main__":
    main()
