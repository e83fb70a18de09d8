"""Whoever runs Terraform, with the permissions of docs/operator and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from scripts.make_operator_policies import DOCUMENTS, EXAMPLE
from tests.embedded_aws import Call, EmbeddedAws

# What moto holds against a resource; all else it holds against "*", and the documents' ARNs would allow nothing.
_HELD_AGAINST_RESOURCES = re.compile(r"sagemaker:.*|iam:PassRole|kms:CreateGrant")

# The tests' own calls, as the account's root user, are boto3's.
_OPERATORS = re.compile("Terraform|aws-cli")


def statements(features: Iterable[str], endpoint_name: str = EXAMPLE["endpoint_name"]) -> list[dict[str, Any]]:
    """Read the statements of some features, with an endpoint's name put in place of that of the documents."""
    found: list[dict[str, Any]] = []
    for feature in features:
        text = (DOCUMENTS / f"{feature}.json").read_text(encoding="utf-8")
        found += json.loads(text.replace(EXAMPLE["endpoint_name"], endpoint_name))["Statement"]
    return found


def actions(features: Iterable[str]) -> set[str]:
    """Name the actions that the documents of some features allow."""
    return {action for statement in statements(features) for action in statement["Action"]}


def called(calls: Iterable[Call]) -> set[str]:
    """Name the actions that Terraform and the script have called."""
    return {f"{call.service}:{call.action}" for call in calls if _OPERATORS.search(call.user_agent)}


@dataclass(frozen=True, kw_only=True)
class Operator:
    """A user of the account."""

    aws: EmbeddedAws
    name: str
    credentials: dict[str, str]

    @staticmethod
    def of(aws: EmbeddedAws, name: str) -> Operator:
        """Make a user, who may do nothing yet; the credentials are variables of the environment."""
        iam = aws.client("iam")
        iam.create_user(UserName=name)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        credentials = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
        return Operator(aws=aws, name=name, credentials=credentials)

    def allow(
        self,
        features: Iterable[str],
        endpoint_name: str,
        *,
        without: Collection[str] = (),
        besides: Collection[str] = (),
    ) -> None:
        """Give the user what the documents of these features allow, but for some actions, and some besides."""
        narrow = [
            {
                **{key: value for key, value in each.items() if key != "Sid"},
                "Action": [action],
                "Resource": each["Resource"] if _HELD_AGAINST_RESOURCES.fullmatch(action) else "*",
            }
            for each in statements(features, endpoint_name)
            for action in each["Action"]
            if action not in without
        ]
        narrow += [{"Effect": "Allow", "Action": [action], "Resource": "*"} for action in besides]
        document = json.dumps({"Version": "2012-10-17", "Statement": narrow})
        self.aws.client("iam").put_user_policy(UserName=self.name, PolicyName="operate", PolicyDocument=document)

    def at_work(self) -> AbstractContextManager[None]:
        """Have the account hold every call against permissions inside."""
        return self.aws.enforce_iam()
