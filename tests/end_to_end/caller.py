"""A role that somebody gives one policy to, and nothing else."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from tests.embedded_aws import EmbeddedAws

TRUST = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
    },
}


@contextlib.contextmanager
def role_with(aws: EmbeddedAws, policy_arn: str) -> Iterator[Callable[[str], Any]]:
    """Give what makes clients with the role's credentials; the role is gone afterwards."""
    iam = aws.client("iam")
    role = iam.create_role(RoleName="caller", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    iam.attach_role_policy(RoleName="caller", PolicyArn=policy_arn)
    session = aws.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="session")
    try:
        yield partial(aws.client, credentials=session["Credentials"])
    finally:
        iam.detach_role_policy(RoleName="caller", PolicyArn=policy_arn)
        iam.delete_role(RoleName="caller")


def is_denied(act: Callable[..., object], **arguments: object) -> bool:
    """Tell whether AWS refuses the call for want of permission; any other error is raised."""
    try:
        act(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation"):
            return True
        raise
    return False
