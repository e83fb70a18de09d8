"""Whoever runs Terraform with the permissions of docs/permissions.md, and no others, can do all of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest

from tests.demo.stage import image, variables
from tests.embedded_aws import EmbeddedAws
from tests.toolchain import REPOSITORY, Project

from .deployment import Deployment, environment
from .interfaces import take_marks_off

pytestmark = pytest.mark.end_to_end

_PAGE = (REPOSITORY / "docs" / "permissions.md").read_text(encoding="utf-8")
_OPERATOR = "operator"
# What moto holds against a resource; all else it holds against "*", and the page's ARNs would allow nothing.
_HELD_AGAINST_RESOURCES = re.compile(r"sagemaker:.*|iam:PassRole|kms:CreateGrant")
# The tests' own calls, as the account's root user, are boto3's.
_OPERATORS = re.compile("Terraform|aws-cli")
# What the page lists and the deployment below does not do.
_SELDOM = {
    "iam:PassRole": "SageMaker asks for it at CreateModel",
    "kms:CreateGrant": "SageMaker asks for it at CreateEndpoint and UpdateEndpoint",
    "ec2:DetachNetworkInterface": "the script does, where SageMaker does not let go",
    "iam:UpdateAssumeRolePolicy": "for a change of least_privilege",
    "kms:PutKeyPolicy": "for a later version of the library that states another policy",
    "iam:CreatePolicyVersion": "as above: with other inputs the role's policies are others",
    "iam:DeletePolicyVersion": "as above",
    "sns:CreateTopic": "for topics that are made, which main.py has none of",
    "sns:DeleteTopic": "as above",
    "sns:GetTopicAttributes": "as above",
    "sns:ListTagsForResource": "as above",
    "sns:SetTopicAttributes": "as above",
    "sns:TagResource": "as above",
    "sns:UntagResource": "as above",
}


def statements() -> list[dict[str, Any]]:
    """Give the statements of the page's policy for whoever runs Terraform."""
    section = _PAGE.partition("## Whoever runs Terraform\n")[2].partition("\n## ")[0]
    policy = json.loads(re.findall(r"```json\n(.*?)```", section, flags=re.DOTALL)[0])
    found: list[dict[str, Any]] = policy["Statement"]
    return found


def actions() -> set[str]:
    return {action for statement in statements() for action in statement["Action"]}


def policy(*, without: str = "") -> str:
    """Write the page's policy for the embedded AWS."""
    narrow = [
        {
            **{key: value for key, value in each.items() if key != "Sid"},
            "Action": [action],
            "Resource": each["Resource"] if _HELD_AGAINST_RESOURCES.fullmatch(action) else "*",
        }
        for each in statements()
        for action in each["Action"]
        if action != without
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": narrow})


@pytest.fixture(scope="module")
def deployment(aws: EmbeddedAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    iam = aws.client("iam")
    iam.create_user(UserName=_OPERATOR)
    iam.put_user_policy(UserName=_OPERATOR, PolicyName="operate", PolicyDocument=policy())
    key = iam.create_access_key(UserName=_OPERATOR)["AccessKey"]
    credentials = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    directory = tmp_path_factory.mktemp("permissions")
    project = Project(directory=directory, environment={**environment(aws), **credentials})
    inputs = variables(aws.client("ec2"), region=aws.region)
    deployment = Deployment(aws=aws, project=project, stack="sagemaker-endpoint", inputs=inputs)
    deployment.start()
    with aws.enforce_iam():
        yield deployment


def test_the_pages_policy_lets_terraform_make_change_and_destroy_it_all(deployment: Deployment) -> None:
    aws = deployment.aws
    aws.reset_calls()
    deployment.apply()
    calls = aws.calls()
    deployment.change(image=image(aws.region, "2.0"), model_data_url="s3://models/other.tar.gz")
    calls += aws.calls()
    deployment.change(tags={"owner": "language"}, log_retention_in_days=30)
    calls += aws.calls()
    take_marks_off(aws, deployment.terraform.outputs()["security_group_id"])
    deployment.destroy()
    calls += aws.calls()
    assert [str(each) for each in calls if each.status == HTTPStatus.FORBIDDEN] == []
    assert deployment.left() == set()
    made = {f"{each.service}:{each.action}" for each in calls if _OPERATORS.search(each.user_agent)}
    assert made - {"sts:GetCallerIdentity"} == actions() - set(_SELDOM)


@pytest.mark.parametrize("action", ["iam:PassRole", "kms:CreateGrant"])
def test_without_what_sagemaker_asks_of_its_caller_the_apply_fails(deployment: Deployment, action: str) -> None:
    iam = deployment.aws.client("iam")
    iam.put_user_policy(UserName=_OPERATOR, PolicyName="operate", PolicyDocument=policy(without=action))
    with pytest.raises(Exception, match=f"not authorized to perform: {action}"):
        deployment.apply()
    iam.put_user_policy(UserName=_OPERATOR, PolicyName="operate", PolicyDocument=policy())
    deployment.destroy()
    assert deployment.left() == set()
