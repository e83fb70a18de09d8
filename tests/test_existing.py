"""An endpoint that something else makes has the grants, metrics and alarms of one that is made here."""

import json
from typing import Any

from sagemaker_endpoint import Alarms, ExistingEndpoint, InputError

import pytest
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.provider import AwsProvider

from tests.console import evaluate
from tests.examples import endpoint, stack, variable
from tests.synthesized import Synthesized, named

POLICY = "aws_iam_policy"
ALARM = "aws_cloudwatch_metric_alarm"


def existing(scope: TerraformStack | None = None, /, **changes: object) -> ExistingEndpoint:
    inputs: dict[str, Any] = {"endpoint_name": "Sentiment", **changes}
    return ExistingEndpoint(stack() if scope is None else scope, "Theirs", **inputs)


def problems(**changes: object) -> tuple[str, ...]:
    with pytest.raises(InputError) as raised:
        existing(**changes)
    return raised.value.problems


def test_a_role_is_let_invoke_it_and_nothing_else() -> None:
    scope = stack()
    caller = IamRole(scope, "Caller", assume_role_policy="{}")
    existing(scope).grant_invoke(caller)
    made = Synthesized(scope)
    attachment = made.one("aws_iam_role_policy_attachment")
    assert named(attachment["role"]) == made.address("aws_iam_role")
    assert named(attachment["policy_arn"]) == made.address(POLICY)
    statement = json.loads(str(evaluate(made.one(POLICY)["policy"])))["Statement"]
    assert statement["Action"] == ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"]
    assert statement["Resource"] == "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/sentiment"


def test_an_asynchronous_one_is_invoked_as_such() -> None:
    scope = stack()
    existing(scope, kind="asynchronous").grant_invoke("caller", id="Caller")
    statement = json.loads(str(evaluate(Synthesized(scope).one(POLICY)["policy"])))["Statement"]
    assert statement["Action"] == ["sagemaker:InvokeEndpointAsync"]


def test_there_is_one_policy_however_often_it_is_asked_for_and_none_before() -> None:
    scope = stack()
    its = existing(scope, tags={"team": "ml"})
    assert Synthesized(scope).all(POLICY) == {}
    its.grant_invoke("web", id="Web")
    its.grant_invoke("batch", id="Batch")
    assert its.invoke_policy_arn == its.invoke_policy_arn
    assert Synthesized(scope).one(POLICY)["tags"] == {"team": "ml"}


def test_its_metrics_are_those_of_an_endpoint_made_here() -> None:
    theirs, ours = existing(endpoint_name="sentiment"), endpoint()
    assert theirs.metric("ModelLatency") == ours.metric("ModelLatency")
    assert existing(variant_names=["a", "b"]).metric("Invocations", variant="b").dimensions["VariantName"] == "b"


@pytest.mark.parametrize(
    ("kind", "some"),
    [("real-time", "NoInstances"), ("asynchronous", "BacklogAge"), ("serverless", "Concurrency")],
)
def test_its_alarms_are_those_recommended_for_its_kind(kind: str, some: str) -> None:
    scope = stack()
    made = existing(scope, kind=kind, alarms=Alarms()).alarms
    names = {each["alarm_name"] for each in Synthesized(scope).all(ALARM).values()}
    assert len(made) == len(names) > 1
    assert any(some in name for name in made)
    others = {"NoInstances", "BacklogAge", "Concurrency"} - {some}
    assert not any(other in name for other in others for name in made)


def test_all_of_it_uses_the_provider() -> None:
    scope = stack()
    its = existing(scope, provider=AwsProvider(scope, "away", alias="away", region="us-east-1"), alarms=Alarms())
    its.grant_invoke("web", id="Web")
    made = Synthesized(scope)
    blocks = [made.all(kind) for kind in ("data.aws_region", POLICY, "aws_iam_role_policy_attachment", ALARM)]
    assert all(blocks)
    assert {block.get("provider") for each in blocks for block in each.values()} == {"aws.away"}


def test_what_terraform_alone_knows_is_held_to_the_rules_when_it_plans() -> None:
    scope = stack()
    its = existing(scope, endpoint_name=variable(scope).string_value)
    its.grant_invoke("web", id="Web")
    conditions = Synthesized(scope).one(POLICY)["lifecycle"]["precondition"]
    assert {each["error_message"].partition(" must ")[0] for each in conditions} == {"endpoint_name"}


def test_all_that_is_wrong_is_told_at_once() -> None:
    told = problems(
        endpoint_name="arn:aws:sagemaker:eu-west-1:111122223333:endpoint/sentiment",
        variant_names=[],
        kind="batch",
        tags={"aws:team": "ml"},
        provider="aws.away",
        alarms="all",
    )
    assert [sentence.split(" ")[0] for sentence in told] == [
        "endpoint_name",
        "variant_names",
        "kind",
        "tags",
        "provider",
        "alarms",
    ]
    assert problems(alarms=Alarms(leave_out=["Disks"]))[0].startswith(
        "alarms.leave_out[0] must be the name of an alarm"
    )
