"""Whoever runs Terraform with the permissions of docs/operator, and no others, can do all of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http import HTTPStatus

import pytest

from scripts.make_operator_policies import DOCUMENTS, EXAMPLE, FEATURES, policy
from tests.demo.stage import image, variables
from tests.embedded_aws import EmbeddedAws
from tests.toolchain import CommandError, Project

from .deployment import Deployment, environment
from .interfaces import take_marks_off
from .operator import Operator, actions, called

pytestmark = pytest.mark.end_to_end

_FEATURES = ["endpoint", "instances", "alarms", "scaling"]
# What the documents list and the deployment below does not do.
_SELDOM = {
    "iam:PassRole": "SageMaker asks for it at CreateModel",
    "kms:CreateGrant": "SageMaker asks for it at CreateEndpoint and UpdateEndpoint",
    "ec2:DetachNetworkInterface": "the script does, where SageMaker does not let go",
    "logs:AssociateKmsKey": "for another key, and for a log group that is taken over",
    "ec2:ModifySecurityGroupRules": "for other egress",
    "iam:UpdateAssumeRolePolicy": "for a change of least_privilege",
    "kms:PutKeyPolicy": "for a later version of the library that states another policy",
    "iam:CreatePolicyVersion": "as above: with other inputs the role's policies are others",
    "iam:DeletePolicyVersion": "as above",
    "iam:CreateServiceLinkedRole": "Application Auto Scaling asks for it, once in an account",
    "sagemaker:UpdateEndpointWeightsAndCapacities": "it asks for it where it sets the number of instances",
    "application-autoscaling:DescribeScheduledActions": "for scheduled actions, which main.py has none of",
    "application-autoscaling:PutScheduledAction": "as above",
    "application-autoscaling:DeleteScheduledAction": "as above",
}


def test_the_documents_are_those_that_the_script_writes() -> None:
    written = {name: policy([name], **EXAMPLE) for name in FEATURES}
    assert {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in DOCUMENTS.iterdir()} == written


@pytest.fixture(scope="module")
def operated(aws: EmbeddedAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Deployment, Operator]]:
    directory = tmp_path_factory.mktemp("permissions")
    operator = Operator.of(aws, "operator")
    project = Project(directory=directory, environment={**environment(aws), **operator.credentials})
    inputs = variables(aws.client("ec2"), region=aws.region)
    deployment = Deployment(aws=aws, project=project, stack="sagemaker-endpoint", inputs=inputs)
    deployment.start()
    operator.allow(_FEATURES, str(inputs["endpoint_name"]))
    with operator.at_work():
        yield deployment, operator


def test_the_documents_let_terraform_make_change_and_destroy_it_all(operated: tuple[Deployment, Operator]) -> None:
    deployment, _ = operated
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
    assert called(calls) - {"sts:GetCallerIdentity"} == actions(_FEATURES) - set(_SELDOM)


@pytest.mark.parametrize("action", ["iam:PassRole", "kms:CreateGrant"])
def test_without_what_sagemaker_asks_of_its_caller_the_apply_fails(
    operated: tuple[Deployment, Operator], action: str
) -> None:
    deployment, operator = operated
    name = str(deployment.inputs["endpoint_name"])
    operator.allow(_FEATURES, name, without=[action])
    with pytest.raises(CommandError, match=f"not authorized to perform: {action}"):
        deployment.apply()
    operator.allow(_FEATURES, name)
    deployment.destroy()
    assert deployment.left() == set()
