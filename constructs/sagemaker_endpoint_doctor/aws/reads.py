"""Every AWS operation that the doctor may call, with the IAM action that allows it. All of them read.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Mapping

READS: Mapping[str, Mapping[str, str]] = {
    "sts": {"GetCallerIdentity": ""},  # allowed to everybody
    "sagemaker": {
        "DescribeEndpoint": "sagemaker:DescribeEndpoint",
        "DescribeEndpointConfig": "sagemaker:DescribeEndpointConfig",
        "DescribeModel": "sagemaker:DescribeModel",
        "DescribeModelPackage": "sagemaker:DescribeModelPackage",
        "ListEndpoints": "sagemaker:ListEndpoints",
        "ListTags": "sagemaker:ListTags",
    },
    "cloudwatch": {
        "GetMetricData": "cloudwatch:GetMetricData",
        "DescribeAlarmHistory": "cloudwatch:DescribeAlarmHistory",
        "DescribeAlarms": "cloudwatch:DescribeAlarms",
    },
    "application-autoscaling": {
        "DescribeScalableTargets": "application-autoscaling:DescribeScalableTargets",
        "DescribeScalingActivities": "application-autoscaling:DescribeScalingActivities",
        "DescribeScalingPolicies": "application-autoscaling:DescribeScalingPolicies",
        "DescribeScheduledActions": "application-autoscaling:DescribeScheduledActions",
    },
    "ec2": {
        "DescribeNetworkAcls": "ec2:DescribeNetworkAcls",
        "DescribeNetworkInterfaces": "ec2:DescribeNetworkInterfaces",
        "DescribeRouteTables": "ec2:DescribeRouteTables",
        "DescribeSecurityGroups": "ec2:DescribeSecurityGroups",
        "DescribeSubnets": "ec2:DescribeSubnets",
        "DescribeVpcAttribute": "ec2:DescribeVpcAttribute",
        "DescribeVpcEndpoints": "ec2:DescribeVpcEndpoints",
        "GetManagedPrefixListEntries": "ec2:GetManagedPrefixListEntries",
    },
    "logs": {
        "DescribeLogGroups": "logs:DescribeLogGroups",
        "DescribeLogStreams": "logs:DescribeLogStreams",
        "FilterLogEvents": "logs:FilterLogEvents",
    },
    "ecr": {
        "BatchGetImage": "ecr:BatchGetImage",
        "DescribeImages": "ecr:DescribeImages",
        "GetDownloadUrlForLayer": "ecr:GetDownloadUrlForLayer",
        "GetRepositoryPolicy": "ecr:GetRepositoryPolicy",
    },
    "iam": {
        "GetPolicy": "iam:GetPolicy",
        "GetPolicyVersion": "iam:GetPolicyVersion",
        "GetRole": "iam:GetRole",
        "GetRolePolicy": "iam:GetRolePolicy",
        "ListAttachedRolePolicies": "iam:ListAttachedRolePolicies",
        "ListRolePolicies": "iam:ListRolePolicies",
        "SimulatePrincipalPolicy": "iam:SimulatePrincipalPolicy",
    },
    "kms": {
        "DescribeKey": "kms:DescribeKey",
        "GetKeyPolicy": "kms:GetKeyPolicy",
    },
    "lambda": {
        "GetFunctionConfiguration": "lambda:GetFunctionConfiguration",
    },
    "sns": {
        "GetTopicAttributes": "sns:GetTopicAttributes",
    },
    "s3": {
        "GetBucketPolicy": "s3:GetBucketPolicy",
        "GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
        "HeadBucket": "s3:ListBucket",
        "HeadObject": "s3:GetObject",
        "ListObjectsV2": "s3:ListBucket",
    },
}

_PERMISSIONS = {operation: action for operations in READS.values() for operation, action in operations.items()}


def permission(operation: str) -> str:
    """Name the IAM action that an operation of `READS` needs."""
    return _PERMISSIONS[operation]
