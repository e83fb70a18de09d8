"""The resources of one endpoint, written with CDKTF alone: `endpoints.py 1 1` gives the same ones."""

import json
from pathlib import Path

from cdktf import (
    App,
    AssetType,
    DataResource,
    LocalExecProvisioner,
    Postcondition,
    TerraformAsset,
    TerraformResource,
    TerraformResourceLifecycle,
    TerraformStack,
)
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from cdktf_cdktf_provider_aws.data_aws_caller_identity import DataAwsCallerIdentity
from cdktf_cdktf_provider_aws.data_aws_iam_policy_document import (
    DataAwsIamPolicyDocument,
    DataAwsIamPolicyDocumentStatement,
    DataAwsIamPolicyDocumentStatementCondition,
    DataAwsIamPolicyDocumentStatementPrincipals,
)
from cdktf_cdktf_provider_aws.data_aws_partition import DataAwsPartition
from cdktf_cdktf_provider_aws.data_aws_region import DataAwsRegion
from cdktf_cdktf_provider_aws.data_aws_route_tables import DataAwsRouteTables, DataAwsRouteTablesFilter
from cdktf_cdktf_provider_aws.data_aws_subnet import DataAwsSubnet
from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.sagemaker_endpoint import (
    SagemakerEndpoint,
    SagemakerEndpointDeploymentConfig,
    SagemakerEndpointDeploymentConfigAutoRollbackConfiguration,
    SagemakerEndpointDeploymentConfigAutoRollbackConfigurationAlarms,
    SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicy,
    SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfiguration,
)
from cdktf_cdktf_provider_aws.sagemaker_endpoint_configuration import (
    SagemakerEndpointConfiguration,
    SagemakerEndpointConfigurationProductionVariants,
)
from cdktf_cdktf_provider_aws.sagemaker_model import (
    SagemakerModel,
    SagemakerModelPrimaryContainer,
    SagemakerModelVpcConfig,
)
from cdktf_cdktf_provider_aws.security_group import SecurityGroup, SecurityGroupTimeouts
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_null.provider import NullProvider
from cdktf_cdktf_provider_null.resource import Resource
from constructs import Construct

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "eni_cleanup.sh"
NAME = "sentiment-0"
VPC = "vpc-0123456789abcdef0"
SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]


def _named(name: str) -> TerraformResourceLifecycle:
    return TerraformResourceLifecycle(
        postcondition=[Postcondition(condition=f'${{self.name == "{name}"}}', error_message="It has another name.")]
    )


def _deployment_config(alarm_name: str) -> SagemakerEndpointDeploymentConfig:
    traffic = SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfiguration(
        type="ALL_AT_ONCE", wait_interval_in_seconds=0
    )
    alarm = SagemakerEndpointDeploymentConfigAutoRollbackConfigurationAlarms(alarm_name=alarm_name)
    return SagemakerEndpointDeploymentConfig(
        blue_green_update_policy=SagemakerEndpointDeploymentConfigBlueGreenUpdatePolicy(
            traffic_routing_configuration=traffic, termination_wait_in_seconds=0
        ),
        auto_rollback_configuration=SagemakerEndpointDeploymentConfigAutoRollbackConfiguration(alarms=[alarm]),
    )


class PlainStack(TerraformStack):
    """One endpoint."""

    def __init__(self, scope: Construct, id: str) -> None:
        """Make it."""
        super().__init__(scope, id)
        AwsProvider(self, "aws", region="eu-west-1")
        NullProvider(self, "null")
        self.partition = DataAwsPartition(self, "Partition")
        self.region = DataAwsRegion(self, "Region")
        self.identity = DataAwsCallerIdentity(self, "CallerIdentity")
        self._subnets()
        self.log_group_arn = self._arn("logs", f"log-group:/aws/sagemaker/Endpoints/{NAME}")
        self.group, rules = self._security_group()
        self.key = self._key()
        logs = CloudwatchLogGroup(
            self,
            "Logs",
            name=f"/aws/sagemaker/Endpoints/{NAME}",
            retention_in_days=365,
            kms_key_id=self.key.arn,
            lifecycle=_named(f"/aws/sagemaker/Endpoints/{NAME}"),
        )
        role, attachments = self._role()
        placement = DataResource(
            self, "Placement", input={"subnet_ids": sorted(SUBNETS), "security_group_ids": [self.group.id]}
        )
        model = SagemakerModel(
            self,
            "Model",
            name=f"{NAME}-AllTraffic",
            execution_role_arn=role.arn,
            primary_container=SagemakerModelPrimaryContainer(
                image="111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/sentiment:1.4",
                model_data_url="s3://models/sentiment/model.tar.gz",
                environment={"LOG_LEVEL": "info"},
            ),
            enable_network_isolation=False,
            vpc_config=SagemakerModelVpcConfig(subnets=SUBNETS, security_group_ids=[self.group.id]),
            depends_on=attachments,
            lifecycle=TerraformResourceLifecycle(
                create_before_destroy=True, ignore_changes=["name"], replace_triggered_by=[placement.fqn]
            ),
        )
        configuration = SagemakerEndpointConfiguration(
            self,
            "Configuration",
            name_prefix=f"{NAME}-",
            kms_key_arn=self.key.arn,
            production_variants=[
                SagemakerEndpointConfigurationProductionVariants(
                    model_name=model.name,
                    variant_name="AllTraffic",
                    instance_type="ml.m5.xlarge",
                    initial_instance_count=2,
                    initial_variant_weight=1,
                )
            ],
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        asset = TerraformAsset(self, "Script", path=str(SCRIPT), type=AssetType.FILE)
        triggers = {"security_group_id": self.group.id, "endpoint_name": NAME, "region": self.region.id}
        release = Resource(
            self,
            "Release",
            triggers=triggers,
            provisioners=[_script(asset, "release", when="destroy")],
            depends_on=[logs, *attachments, *rules],
        )
        endpoint = SagemakerEndpoint(
            self,
            "Endpoint",
            name=NAME,
            endpoint_config_name=configuration.name,
            deployment_config=_deployment_config(self._alarm().alarm_name),
            depends_on=[release],
            lifecycle=_named(NAME),
        )
        Resource(
            self,
            "Mark",
            triggers={**triggers, "endpoint_arn": endpoint.arn, "endpoint_config_name": configuration.name},
            provisioners=[_script(asset, "mark")],
            depends_on=[endpoint],
        )
        for note, kind, kept in (("Kind", "instances", False), ("Inference", "real-time", True)):
            noted = TerraformResource(self, note, terraform_resource_type="terraform_data")
            noted.add_override("input", kind)
            noted.add_override("triggers_replace", endpoint.arn)
            if kept:
                noted.add_override("lifecycle", {"ignore_changes": ["input"]})
        live = TerraformResource(self, "Live", terraform_resource_type="terraform_data")
        live.add_override("input", endpoint.endpoint_config_name)
        IamPolicy(
            self,
            "InvokePolicy",
            name_prefix=f"{NAME}-invoke-",
            description=f"Invoke the SageMaker endpoint {NAME}",
            policy=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": {
                        "Sid": "InvokeEndpoint",
                        "Effect": "Allow",
                        "Action": [
                            "sagemaker:InvokeEndpoint",
                            "sagemaker:InvokeEndpointWithResponseStream",
                        ],
                        "Resource": endpoint.arn,
                    },
                }
            ),
        )

    def _alarm(self) -> CloudwatchMetricAlarm:
        return CloudwatchMetricAlarm(
            self,
            "RollbackAlarm",
            alarm_name=f"{NAME}-rollback",
            alarm_description="Never rings.",
            namespace="AWS/SageMaker",
            metric_name="Invocation5XXErrors",
            dimensions={"EndpointName": NAME},
            statistic="Average",
            period=300,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=1,
            treat_missing_data="notBreaching",
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:{self.partition.partition}:{service}:{self.region.id}:{self.identity.account_id}:{resource}"

    def _subnets(self) -> None:
        subnet_id = f"${{element({json.dumps(SUBNETS)}, count.index)}}"
        subnet = DataAwsSubnet(
            self,
            "Subnet",
            count=len(SUBNETS),
            id=subnet_id,
            lifecycle=TerraformResourceLifecycle(
                postcondition=[
                    Postcondition(
                        condition=f'${{self.vpc_id == "{VPC}"}}', error_message="The subnet lies in another VPC."
                    )
                ]
            ),
        )
        public = DataAwsRouteTables(
            self,
            "Public",
            vpc_id=VPC,
            filter=[DataAwsRouteTablesFilter(name="route.gateway-id", values=["igw-*"])],
        )
        main = DataAwsRouteTables(
            self,
            "Main",
            vpc_id=VPC,
            filter=[DataAwsRouteTablesFilter(name="association.main", values=["true"])],
            lifecycle=TerraformResourceLifecycle(
                postcondition=[
                    Postcondition(
                        condition=f"${{length(distinct({subnet.fqn}[*].availability_zone)) > 1}}",
                        error_message="All subnets lie in one availability zone.",
                    )
                ]
            ),
        )
        DataAwsRouteTables(
            self,
            "Own",
            count=len(SUBNETS),
            vpc_id=VPC,
            filter=[DataAwsRouteTablesFilter(name="association.subnet-id", values=[subnet_id])],
            lifecycle=TerraformResourceLifecycle(
                postcondition=[
                    Postcondition(
                        condition=f"${{length(setintersection({public.fqn}.ids, "
                        f"length(self.ids) > 0 ? self.ids : {main.fqn}.ids)) == 0}}",
                        error_message="The subnet is public.",
                    )
                ]
            ),
        )

    def _security_group(self) -> tuple[SecurityGroup, list[TerraformResource]]:
        group = SecurityGroup(
            self,
            "SecurityGroup",
            name_prefix=f"{NAME}-endpoint-",
            description="Network interfaces of a SageMaker endpoint: no ingress",
            vpc_id=VPC,
            timeouts=SecurityGroupTimeouts(delete="60m"),
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        return group, [
            VpcSecurityGroupEgressRule(
                self,
                "Egress-ipv4",
                security_group_id=group.id,
                description="All IPv4 traffic",
                ip_protocol="-1",
                cidr_ipv4="0.0.0.0/0",
                lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            ),
            VpcSecurityGroupEgressRule(
                self,
                "Egress-ipv6",
                security_group_id=group.id,
                description="All IPv6 traffic",
                ip_protocol="-1",
                cidr_ipv6="::/0",
                lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            ),
        ]

    def _key(self) -> KmsKey:
        root = f"arn:{self.partition.partition}:iam::{self.identity.account_id}:root"
        logs = f"logs.{self.region.id}.{self.partition.dns_suffix}"
        policy = self._document(
            "KeyPolicy",
            _statement("AccountGovernsThroughIam", ["kms:*"], ["*"], principals=_principals("AWS", root)),
            _statement(
                "LogsEncryptThisGroup",
                ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
                ["*"],
                ("ArnEquals", "kms:EncryptionContext:aws:logs:arn", self.log_group_arn),
                principals=_principals("Service", logs),
            ),
        )
        key = KmsKey(
            self,
            "Key",
            description=f"Logs and storage volumes of the SageMaker endpoint {NAME}",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=policy,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        KmsAlias(self, "Alias", name=f"alias/sagemaker-endpoint/{NAME}", target_key_id=key.key_id)
        return key

    def _role(self) -> tuple[IamRole, list[TerraformResource]]:
        role = IamRole(
            self,
            "Role",
            name_prefix=f"{NAME}-execution-",
            description=f"Runs the SageMaker endpoint {NAME}",
            assume_role_policy=self._document(
                "Trust",
                DataAwsIamPolicyDocumentStatement(
                    actions=["sts:AssumeRole"],
                    principals=_principals("Service", "sagemaker.amazonaws.com"),
                    condition=_conditions("StringEquals", "aws:SourceAccount", self.identity.account_id),
                ),
            ),
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        attachments: list[TerraformResource] = []
        for name, document in {"Artifacts": self._artifacts(), "Runtime": self._runtime()}.items():
            policy = IamPolicy(
                self,
                f"{name}Policy",
                name_prefix=f"{NAME}-{name.lower()}-",
                description=f"{name} of the SageMaker endpoint {NAME}",
                policy=document,
                lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            )
            attachments.append(IamRolePolicyAttachment(self, name, role=role.name, policy_arn=policy.arn))
        return role, attachments

    def _artifacts(self) -> str:
        partition = self.partition.partition
        return self._document(
            "Artifacts-document",
            _statement(
                "PullImages",
                ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
                [f"arn:{partition}:ecr:eu-west-1:111122223333:repository/team/sentiment"],
            ),
            _statement("LogInToRegistry", ["ecr:GetAuthorizationToken"], ["*"]),
            _statement("ReadModelData", ["s3:GetObject"], [f"arn:{partition}:s3:::models/sentiment/model.tar.gz"]),
            _statement(
                "ListModelData0",
                ["s3:ListBucket"],
                [f"arn:{partition}:s3:::models"],
                ("StringLike", "s3:prefix", "sentiment/model.tar.gz"),
            ),
        )

    def _runtime(self) -> str:
        interfaces = self._arn("ec2", "network-interface/*")
        anyone = f"arn:{self.partition.partition}:ec2:{self.region.id}:*"
        return self._document(
            "Runtime-document",
            _statement(
                "WriteLogs",
                ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                [self.log_group_arn, f"{self.log_group_arn}:*"],
            ),
            _statement(
                "PutMetrics",
                ["cloudwatch:PutMetricData"],
                ["*"],
                ("StringLike", "cloudwatch:namespace", "AWS/SageMaker", "/aws/sagemaker/*"),
            ),
            _statement("DescribeKey", ["kms:DescribeKey"], [self.key.arn]),
            _statement(
                "EncryptVolumes", ["kms:CreateGrant"], [self.key.arn], ("Bool", "kms:GrantIsForAWSResource", "true")
            ),
            _statement(
                "CreateInterfaces",
                ["ec2:CreateNetworkInterface"],
                [
                    interfaces,
                    *(f"{anyone}:subnet/{subnet}" for subnet in SUBNETS),
                    f"{anyone}:security-group/{self.group.id}",
                ],
            ),
            _statement(
                "ManageInterfaces",
                ["ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"],
                [interfaces],
                ("ArnLike", "ec2:Vpc", f"{anyone}:vpc/{VPC}"),
            ),
            _statement("DeletePermissions", ["ec2:DeleteNetworkInterfacePermission"], [interfaces]),
            _statement(
                "DescribeNetwork",
                [
                    "ec2:DescribeDhcpOptions",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSecurityGroups",
                    "ec2:DescribeSubnets",
                    "ec2:DescribeVpcs",
                ],
                ["*"],
            ),
            _statement(
                "DescribeItself",
                ["sagemaker:DescribeEndpoint", "sagemaker:DescribeEndpointConfig", "sagemaker:DescribeModel"],
                [
                    self._arn("sagemaker", f"endpoint/{NAME}"),
                    self._arn("sagemaker", f"endpoint-config/{NAME}-*"),
                    self._arn("sagemaker", f"model/{NAME}-*"),
                ],
            ),
        )

    def _document(self, id: str, *statements: DataAwsIamPolicyDocumentStatement) -> str:
        return DataAwsIamPolicyDocument(self, id, statement=[*statements]).json


def _statement(
    sid: str,
    actions: list[str],
    resources: list[str],
    condition: tuple[str, ...] | None = None,
    *,
    principals: list[DataAwsIamPolicyDocumentStatementPrincipals] | None = None,
) -> DataAwsIamPolicyDocumentStatement:
    return DataAwsIamPolicyDocumentStatement(
        sid=sid,
        actions=actions,
        resources=resources,
        condition=None if condition is None else _conditions(*condition),
        principals=principals,
    )


def _conditions(test: str, variable: str, *values: str) -> list[DataAwsIamPolicyDocumentStatementCondition]:
    return [DataAwsIamPolicyDocumentStatementCondition(test=test, variable=variable, values=[*values])]


def _principals(type: str, identifier: str) -> list[DataAwsIamPolicyDocumentStatementPrincipals]:  # noqa: A002 - IAM's
    return [DataAwsIamPolicyDocumentStatementPrincipals(type=type, identifiers=[identifier])]


def _script(asset: TerraformAsset, mode: str, *, when: str | None = None) -> LocalExecProvisioner:
    names = ("security_group_id", "endpoint_name", "region")
    return LocalExecProvisioner(
        type="local-exec",
        when=when,
        interpreter=["bash", f"${{path.module}}/{asset.path}"],
        command=mode,
        environment={f"ENI_CLEANUP_{name.upper()}": f"${{self.triggers.{name}}}" for name in names},
    )


def main() -> None:
    """Write cdktf.out/."""
    app = App()
    PlainStack(app, "stack0")
    app.synth()


if __name__ == "__main__":
    main()
