"""What the examples are about and do not make: networks, images, model data, buckets, a package, a function."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import cast

from tests.account import ACCOUNT, block_public_access, open_doors, publish, push
from tests.embedded_aws import EmbeddedAws

_IMAGES = {
    "team/sentiment": ("1.4", "1.5", "2.0", "2.1"),
    "team/tokenizer": ("3.1",),
    "team/labels": ("1.0",),
    "team/many-models": ("1.0", "1.1"),
    "team/transcription": ("2.0",),
}
_IMAGES_OF_AWS = {
    "huggingface-pytorch-inference": "2.6.0-transformers4.51.3-cpu-py312-ubuntu22.04",
    "djl-inference": "0.29.0-lmi11.0.0-cu124",
}
_OBJECTS = {
    "team-models": (
        "sentiment/model.tar.gz",
        "sentiment-2/model.tar.gz",
        "transcription/model.tar.gz",
        "by-customer/acme.tar.gz",
        "llama/model-00001.safetensors",
        "llama-2/model-00001.safetensors",
    ),
    "team-captures": (),
    "team-recordings": (),
}
PACKAGES = ("sentiment", 2)
FUNCTION = "registry-credentials"


def furnish(aws: EmbeddedAws, inputs: Mapping[str, object]) -> None:
    """Put all of it into a new account."""
    ecr, s3 = aws.client("ecr"), aws.client("s3")
    for repository, tags in _IMAGES.items():
        ecr.create_repository(repositoryName=repository)
        for tag in tags:
            push(aws, repository, tag=tag)
    for repository, tag in _IMAGES_OF_AWS.items():
        publish(aws, repository, tag=tag)
    for bucket, keys in _OBJECTS.items():
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": aws.region})
        block_public_access(s3, bucket)
        for key in keys:
            s3.put_object(Bucket=bucket, Key=key, Body=b"weights")
    if "vpc_id" in inputs:
        _open_doors(aws, str(inputs["vpc_id"]), cast("list[str]", inputs["private_subnet_ids"]))


def register_packages(aws: EmbeddedAws) -> None:
    """Make two approved versions of a package group."""
    sagemaker = aws.client("sagemaker")
    group, versions = PACKAGES
    sagemaker.create_model_package_group(ModelPackageGroupName=group, ModelPackageGroupDescription=group)
    for _ in range(versions):
        container = {
            "Image": f"{ACCOUNT}.dkr.ecr.{aws.region}.amazonaws.com/team/sentiment:1.4",
            "ModelDataUrl": "s3://team-models/sentiment/model.tar.gz",
        }
        sagemaker.create_model_package(
            ModelPackageGroupName=group,
            InferenceSpecification={
                "Containers": [container],
                "SupportedContentTypes": ["application/json"],
                "SupportedResponseMIMETypes": ["application/json"],
            },
            ModelApprovalStatus="Approved",
        )


def make_existing(aws: EmbeddedAws, vpc_id: str) -> None:
    """Make a role, a key, a security group and a log group for an endpoint, as a team may have them."""
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
    may = {
        "s3:GetObject": "arn:aws:s3:::team-models/sentiment/*",
        "s3:ListBucket": "arn:aws:s3:::team-models",
        "ecr:GetAuthorizationToken": "*",
        "ecr:Batch*": f"arn:aws:ecr:{aws.region}:{ACCOUNT}:repository/team/sentiment",
        "ecr:GetDownloadUrlForLayer": f"arn:aws:ecr:{aws.region}:{ACCOUNT}:repository/team/sentiment",
        "logs:*": "*",
        "cloudwatch:PutMetricData": "*",
        "cloudwatch:DescribeAlarms": f"arn:aws:cloudwatch:{aws.region}:{ACCOUNT}:alarm:existing-resources-rollback",
        "ec2:*": "*",
        "kms:CreateGrant": "*",
        "kms:DescribeKey": "*",
    }
    allowed = [{"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in may.items()]
    iam, kms = aws.client("iam"), aws.client("kms")
    iam.create_role(RoleName="team-sentiment", AssumeRolePolicyDocument=_document(trust))
    iam.put_role_policy(RoleName="team-sentiment", PolicyName="serve", PolicyDocument=_document(*allowed))
    root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    logs = {"Service": f"logs.{aws.region}.amazonaws.com"}
    key = kms.create_key(
        Policy=_document(
            {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"},
            {
                "Effect": "Allow",
                "Principal": logs,
                "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
                "Resource": "*",
            },
        )
    )["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key)
    kms.create_alias(AliasName="alias/team", TargetKeyId=key)
    aws.client("ec2").create_security_group(GroupName="team-endpoints", Description="Endpoints", VpcId=vpc_id)
    aws.client("logs").create_log_group(logGroupName="/aws/sagemaker/Endpoints/existing-resources")


def _document(*statements: Mapping[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def make_function(aws: EmbeddedAws) -> None:
    """Make the Lambda function that knows a registry's credentials."""
    trust = {"Service": "lambda.amazonaws.com"}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": trust}
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    role = aws.client("iam").create_role(RoleName=FUNCTION, AssumeRolePolicyDocument=policy)["Role"]["Arn"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.py", "def handler(event, context): return {}")
    aws.client("lambda").create_function(
        FunctionName=FUNCTION,
        Runtime="python3.13",
        Role=role,
        Handler="index.handler",
        Code={"ZipFile": archive.getvalue()},
    )


def _open_doors(aws: EmbeddedAws, vpc_id: str, subnet_ids: list[str]) -> None:
    ec2 = aws.client("ec2")
    main = [{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "association.main", "Values": ["true"]}]
    (table,) = ec2.describe_route_tables(Filters=main)["RouteTables"]
    (vpc,) = ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"]
    peers = {"IpRanges": [{"CidrIp": vpc["CidrBlock"]}]}
    open_doors(aws, vpc_id=vpc_id, subnet_ids=subnet_ids, route_table_id=table["RouteTableId"], peers=peers)
