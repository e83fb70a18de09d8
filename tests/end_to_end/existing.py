"""What an account may hold already, for the stack `existing`."""

from __future__ import annotations

import json

from tests.demo.stage import image
from tests.embedded_aws import EmbeddedAws

from .vpc import Vpc

_TRUST = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
    },
}


def existing(aws: EmbeddedAws, endpoint_name: str) -> dict[str, object]:
    """Make a role, a key and a VPC with two subnets; give them as inputs, and no security group."""
    role = aws.client("iam").create_role(RoleName=endpoint_name, AssumeRolePolicyDocument=json.dumps(_TRUST))
    vpc = Vpc(aws)
    return {
        "region": aws.region,
        "endpoint_name": endpoint_name,
        "image": image(aws.region, "1.0"),
        "vpc_id": vpc.id,
        "subnet_ids": [vpc.subnet("a"), vpc.subnet("b")],
        "role_arn": role["Role"]["Arn"],
        "kms_key_arn": aws.client("kms").create_key()["KeyMetadata"]["Arn"],
        "security_group_ids": None,
        "release": True,
    }


def security_group(aws: EmbeddedAws, vpc_id: object) -> str:
    """Make a security group as somebody else would."""
    made = aws.client("ec2").create_security_group(GroupName="theirs", Description="Theirs", VpcId=vpc_id)
    return str(made["GroupId"])
