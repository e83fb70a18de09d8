"""Write what whoever runs Terraform must be allowed: a policy for each feature, in docs/operator.

`make policies` does that for an example's names. For your own:

    .venv/bin/python scripts/make_operator_policies.py --region eu-west-1 --account-id 123456789012 \
        --endpoint-name sentiment endpoint instances

prints one policy for the features named. AWS's lists of actions, resources and condition keys:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from botocore.session import get_session

DOCUMENTS: Final = Path(__file__).parents[1] / "docs" / "operator"
EXAMPLE: Final = {"region": "eu-west-1", "account_id": "123456789012", "endpoint_name": "sentiment"}
EVERYTHING: Final = ("*",)
_ALARMS: Final = "arn:{partition}:cloudwatch:{region}:{account_id}:alarm"
_SCALING: Final = "sagemaker.application-autoscaling.amazonaws.com"
_SCALING_ROLE: Final = "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
_KMS_KEYS: Final = "arn:{partition}:kms:{region}:{account_id}:key/*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Some actions on some resources; what stands under ``*`` describes settings, or makes what has no name yet."""

    sid: str
    actions: Sequence[str]
    resources: Sequence[str] = EVERYTHING
    condition: Mapping[str, Any] = field(default_factory=dict)

    def document(self, names: Mapping[str, str]) -> dict[str, Any]:
        """Write it for these names."""
        found = [each.format_map(names) for each in self.resources]
        written: dict[str, Any] = {"Sid": self.sid, "Effect": "Allow", "Action": sorted(self.actions)}
        written["Resource"] = found[0] if len(found) == 1 else found
        return {**written, "Condition": self.condition} if self.condition else written


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """What a plan has resources and data sources of these types for, and what whoever applies it must be allowed."""

    types: frozenset[str]
    statements: Sequence[Statement]


def _prefixed(service: str, *actions: str) -> list[str]:
    return [f"{service}:{action}" for action in actions]


FEATURES: Final[Mapping[str, Feature]] = {
    "endpoint": Feature(
        types=frozenset({"aws_sagemaker_endpoint"}),
        statements=[
            Statement(sid="LookForKeysAndLogGroups", actions=["kms:ListAliases", "logs:DescribeLogGroups"]),
            Statement(
                sid="Endpoint",
                actions=_prefixed(
                    "sagemaker",
                    "AddTags",
                    "CreateEndpoint",
                    "CreateEndpointConfig",
                    "CreateModel",
                    "DeleteEndpoint",
                    "DeleteEndpointConfig",
                    "DeleteModel",
                    "DeleteTags",
                    "DescribeEndpoint",
                    "DescribeEndpointConfig",
                    "DescribeModel",
                    "ListTags",
                    "UpdateEndpoint",
                ),
                resources=[
                    "arn:{partition}:sagemaker:{region}:{account_id}:endpoint/{endpoint_name}",
                    "arn:{partition}:sagemaker:{region}:{account_id}:endpoint-config/{endpoint_name}-*",
                    "arn:{partition}:sagemaker:{region}:{account_id}:model/{endpoint_name}-*",
                ],
            ),
            Statement(
                sid="Role",
                actions=_prefixed(
                    "iam",
                    "AttachRolePolicy",
                    "CreatePolicy",
                    "CreatePolicyVersion",
                    "CreateRole",
                    "DeletePolicy",
                    "DeletePolicyVersion",
                    "DeleteRole",
                    "DetachRolePolicy",
                    "GetPolicy",
                    "GetPolicyVersion",
                    "GetRole",
                    "ListAttachedRolePolicies",
                    "ListInstanceProfilesForRole",
                    "ListPolicyVersions",
                    "ListRolePolicies",
                    "TagPolicy",
                    "TagRole",
                    "UntagPolicy",
                    "UntagRole",
                    "UpdateAssumeRolePolicy",
                ),
                resources=[
                    "arn:{partition}:iam::{account_id}:policy/{endpoint_name}-*",
                    "arn:{partition}:iam::{account_id}:role/{endpoint_name}-execution-*",
                ],
            ),
            # SageMaker asks for it at CreateModel:
            # https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
            Statement(
                sid="PassRole",
                actions=["iam:PassRole"],
                resources=["arn:{partition}:iam::{account_id}:role/{endpoint_name}-execution-*"],
                condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
            ),
            # SageMaker asks whoever calls CreateEndpoint and UpdateEndpoint for it, for the volumes' key:
            # https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html
            Statement(
                sid="EncryptVolumes",
                actions=["kms:CreateGrant"],
                resources=[_KMS_KEYS],
                condition={"StringLike": {"kms:ViaService": "sagemaker.*.amazonaws.com"}},
            ),
            Statement(sid="CreateKey", actions=["kms:CreateKey"]),
            Statement(
                sid="Key",
                actions=_prefixed(
                    "kms",
                    "CreateAlias",
                    "DeleteAlias",
                    "DescribeKey",
                    "EnableKeyRotation",
                    "GetKeyPolicy",
                    "GetKeyRotationStatus",
                    "ListResourceTags",
                    "PutKeyPolicy",
                    "ScheduleKeyDeletion",
                    "TagResource",
                    "UntagResource",
                ),
                resources=[
                    "arn:{partition}:kms:{region}:{account_id}:alias/sagemaker-endpoint/{endpoint_name}",
                    _KMS_KEYS,
                ],
            ),
            Statement(
                sid="Logs",
                actions=_prefixed(
                    "logs",
                    "AssociateKmsKey",
                    "CreateLogGroup",
                    "DeleteLogGroup",
                    "ListTagsForResource",
                    "PutRetentionPolicy",
                    "TagResource",
                    "UntagResource",
                ),
                resources=[
                    "arn:{partition}:logs:{region}:{account_id}:log-group:/aws/sagemaker/Endpoints/{endpoint_name}",
                    "arn:{partition}:logs:{region}:{account_id}:log-group:/aws/sagemaker/Endpoints/{endpoint_name}:*",
                ],
            ),
        ],
    ),
    "instances": Feature(
        types=frozenset({"aws_security_group", "aws_subnet", "null_resource"}),
        statements=[
            Statement(
                sid="LookAtTheNetwork",
                actions=_prefixed(
                    "ec2",
                    "DescribeNetworkInterfaces",
                    "DescribeRouteTables",
                    "DescribeSecurityGroupRules",
                    "DescribeSecurityGroups",
                    "DescribeSubnets",
                ),
            ),
            Statement(
                sid="SecurityGroupAndInterfaces",
                actions=_prefixed(
                    "ec2",
                    "AuthorizeSecurityGroupEgress",
                    "CreateSecurityGroup",
                    "CreateTags",
                    "DeleteNetworkInterface",
                    "DeleteSecurityGroup",
                    "DeleteTags",
                    "DetachNetworkInterface",
                    "ModifyNetworkInterfaceAttribute",
                    "ModifySecurityGroupRules",
                    "RevokeSecurityGroupEgress",
                ),
            ),
        ],
    ),
    "alarms": Feature(
        types=frozenset({"aws_cloudwatch_metric_alarm"}),
        statements=[
            Statement(
                sid="Alarms",
                actions=_prefixed(
                    "cloudwatch",
                    "DeleteAlarms",
                    "DescribeAlarms",
                    "ListTagsForResource",
                    "PutMetricAlarm",
                    "TagResource",
                    "UntagResource",
                ),
                resources=[f"{_ALARMS}:{{endpoint_name}}-rollback", f"{_ALARMS}:{{endpoint_name}}/*"],
            ),
        ],
    ),
    "dashboard": Feature(
        types=frozenset({"aws_cloudwatch_dashboard"}),
        statements=[
            Statement(
                sid="Dashboard",
                actions=_prefixed("cloudwatch", "DeleteDashboards", "GetDashboard", "PutDashboard"),
                resources=["arn:{partition}:cloudwatch::{account_id}:dashboard/{endpoint_name}-{region}"],
            ),
        ],
    ),
    # https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_applicationautoscaling.html
    "scaling": Feature(
        types=frozenset({"aws_appautoscaling_target"}),
        statements=[
            Statement(
                sid="LookAtScaling",
                actions=_prefixed(
                    "application-autoscaling",
                    "DescribeScalableTargets",
                    "DescribeScalingPolicies",
                    "DescribeScheduledActions",
                ),
            ),
            Statement(
                sid="Scaling",
                actions=_prefixed(
                    "application-autoscaling",
                    "DeleteScalingPolicy",
                    "DeleteScheduledAction",
                    "DeregisterScalableTarget",
                    "ListTagsForResource",
                    "PutScalingPolicy",
                    "PutScheduledAction",
                    "RegisterScalableTarget",
                    "TagResource",
                    "UntagResource",
                ),
                resources=["arn:{partition}:application-autoscaling:{region}:{account_id}:scalable-target/*"],
            ),
            Statement(
                sid="SetTheNumberOfInstances",
                actions=["sagemaker:UpdateEndpointWeightsAndCapacities"],
                resources=["arn:{partition}:sagemaker:{region}:{account_id}:endpoint/{endpoint_name}"],
            ),
            Statement(
                sid="AlarmsOfTargetTracking",
                actions=_prefixed("cloudwatch", "DeleteAlarms", "DescribeAlarms", "PutMetricAlarm"),
                resources=[f"{_ALARMS}:TargetTracking-endpoint/{{endpoint_name}}/variant/*"],
            ),
            Statement(
                sid="RoleOfScaling",
                actions=["iam:CreateServiceLinkedRole"],
                resources=[f"arn:{{partition}}:iam::{{account_id}}:role/aws-service-role/{_SCALING}/{_SCALING_ROLE}"],
                condition={"StringEquals": {"iam:AWSServiceName": _SCALING}},
            ),
        ],
    ),
    "topics": Feature(
        types=frozenset({"aws_sns_topic"}),
        statements=[
            Statement(
                sid="Topics",
                actions=_prefixed(
                    "sns",
                    "CreateTopic",
                    "DeleteTopic",
                    "GetTopicAttributes",
                    "ListTagsForResource",
                    "SetTopicAttributes",
                    "TagResource",
                    "UntagResource",
                ),
                resources=["arn:{partition}:sns:{region}:{account_id}:{endpoint_name}-*"],
            ),
        ],
    ),
}


def needed(types: Iterable[str]) -> list[str]:
    """Name the features that a plan with resources and data sources of these types has."""
    there = set(types)
    return [name for name, feature in FEATURES.items() if feature.types & there]


def policy(features: Iterable[str], *, region: str, account_id: str, endpoint_name: str) -> dict[str, Any]:
    """Write one policy for these features of one endpoint."""
    names = {
        "partition": get_session().get_partition_for_region(region),
        "region": region,
        "account_id": account_id,
        "endpoint_name": endpoint_name,
    }
    statements = [each.document(names) for feature in features for each in FEATURES[feature].statements]
    return {"Version": "2012-10-17", "Statement": statements}


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"


def main() -> None:
    """Print a policy for the features named, or write docs/operator."""
    parser = argparse.ArgumentParser(description="Print what whoever runs Terraform must be allowed.")
    parser.add_argument("features", nargs="*", metavar="feature", help=f"any of: {', '.join(FEATURES)}")
    for name, value in EXAMPLE.items():
        parser.add_argument(f"--{name.replace('_', '-')}", default=value, help=f"default: {value}")
    stated = vars(parser.parse_args())
    features: list[str] = stated.pop("features")
    unknown = [each for each in features if each not in FEATURES]
    if unknown:
        parser.error(f"there is no feature {', '.join(unknown)}; there are: {', '.join(FEATURES)}")
    if features:
        print(_text(policy(features, **stated)), end="")
        return
    DOCUMENTS.mkdir(exist_ok=True)
    for name in FEATURES:
        path = DOCUMENTS / f"{name}.json"
        path.write_text(_text(policy([name], **EXAMPLE)), encoding="utf-8")
        print(f"Written: {path.relative_to(DOCUMENTS.parents[1])}")


if __name__ == "__main__":
    main()
