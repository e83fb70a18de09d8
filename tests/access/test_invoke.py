"""The invoke policy lets its holder invoke the endpoint and nothing else."""

import json
from typing import Any

from sagemaker_endpoint import InputError

import pytest
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.data_aws_iam_role import DataAwsIamRole
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_user import IamUser
from constructs import Construct

from tests.console import evaluate
from tests.examples import endpoint, stack, synthesize, variable
from tests.synthesized import Synthesized, named

ROLE = "arn:aws:iam::111122223333:role/sentiment"


def test_the_invoke_policy_invokes_this_endpoint_and_nothing_else() -> None:
    made = synthesize()
    policy = made.one("aws_iam_policy", "Invoke")
    written: Any = evaluate(policy.pop("policy"))
    assert policy == {"description": "Invoke the SageMaker endpoint sentiment", "name_prefix": "sentiment-invoke-"}
    assert json.loads(written) == {
        "Version": "2012-10-17",
        "Statement": {
            "Sid": "InvokeEndpoint",
            "Effect": "Allow",
            "Action": [
                "sagemaker:InvokeEndpoint",
                "sagemaker:InvokeEndpointWithResponseStream",
            ],
            "Resource": "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/sentiment",
        },
    }
    assert (
        f"${{{made.address('aws_sagemaker_endpoint')}.arn}}" in synthesize().one("aws_iam_policy", "Invoke")["policy"]
    )


def test_a_role_is_let_invoke_by_its_construct() -> None:
    scope = stack()
    caller = IamRole(scope, "Caller", assume_role_policy="{}")
    endpoint(scope).grant_invoke(caller)
    made = Synthesized(scope)
    attachment = made.one("aws_iam_role_policy_attachment", "Invoke_Caller")
    assert named(attachment["role"]) == made.address("aws_iam_role", "Caller")
    assert named(attachment["policy_arn"]) == made.address("aws_iam_policy", "Invoke")


def test_a_role_is_let_invoke_by_its_name() -> None:
    scope = stack()
    made = endpoint(scope)
    made.grant_invoke("caller", id="Caller")
    made.grant_invoke(variable(scope).string_value, id="Other")
    found = Synthesized(scope)
    assert found.one("aws_iam_role_policy_attachment", "Invoke_Caller")["role"] == "caller"
    assert found.one("aws_iam_role_policy_attachment", "Invoke_Other")["role"] == "${var.value}"


def test_a_roles_name_needs_an_id_to_tell_attachments_apart() -> None:
    with pytest.raises(ValueError, match=r"id must be given with a role's name.*got role 'caller'"):
        endpoint().grant_invoke("caller")


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        (
            "arn:aws:iam::111122223333:role/web",
            (
                "role must look like 'web' (pattern [0-9A-Za-z_+=,.@-]+), got 'arn:aws:iam::111122223333:role/web', "
                "which is a role's ARN: give its name, 'web'"
            ),
        ),
        ("", "role must have 1 to 64 characters, got 0: ''"),
        (None, "role must be a role's construct or its name, got None"),
    ],
)
def test_what_is_no_role_is_let_invoke_nothing(role: Any, sentence: str) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(InputError) as raised:
        endpoint().grant_invoke(role, id="Caller")
    assert raised.value.problems == (sentence,)


def test_the_arn_of_a_role_is_not_taken_for_its_name_though_terraform_alone_knows_it() -> None:
    scope = stack()
    web = IamRole(scope, "Web", name="web", assume_role_policy="{}")
    with pytest.raises(InputError) as raised:
        endpoint(scope).grant_invoke(web.arn, id="Web")
    assert raised.value.problems == (
        (
            "role must be a role's construct or its name, got ${aws_iam_role.Web.arn}, its ARN: give the construct or "
            "its name"
        ),
    )
    scope = stack()
    endpoint(scope).grant_invoke(IamRole(scope, "Web", name="web", assume_role_policy="{}").name, id="Web")


def test_only_a_role_and_its_name_are_taken_for_a_role() -> None:
    scope = stack()
    web = IamRole(scope, "Web", assume_role_policy="{}")
    made = endpoint(scope)
    for wrong in (web.unique_id, IamUser(scope, "User", name="web"), scope):
        with pytest.raises(InputError, match="role must be a role's construct or its name, got "):
            made.grant_invoke(wrong, id="Wrong")  # type: ignore[arg-type] # wrong on purpose
    made.grant_invoke(web)
    made.grant_invoke(DataAwsIamRole(scope, "Other", name="other"))  # type: ignore[arg-type] # it has what is needed


def test_a_role_may_be_let_invoke_more_than_once() -> None:
    scope = stack()
    web = IamRole(scope, "Web", assume_role_policy="{}")
    made = endpoint(scope)
    assert made.grant_invoke(web) is made.grant_invoke(web) is made.grant_invoke(web)
    named = [each for each in Synthesized(scope).all("aws_iam_role_policy_attachment") if "Invoke_" in each]
    assert len(named) == 1


def test_a_roles_name_that_terraform_alone_knows_is_checked_there() -> None:
    scope = stack()
    endpoint(scope).grant_invoke(variable(scope).string_value, id="Web")
    [looks, *_] = Synthesized(scope).one("aws_iam_role_policy_attachment", "Invoke_Web")["lifecycle"]["precondition"]
    asked = [looks["condition"].replace("var.value", f"var.v{each}") for each in (0, 1)]
    assert evaluate(asked, {"v0": "web", "v1": ROLE}) == [True, False]


def test_roles_of_two_stacks_may_have_one_name() -> None:
    scope = stack()
    others = [TerraformStack(App.of(scope), name) for name in ("a", "b")]
    made = endpoint(scope)
    for other in others:
        made.grant_invoke(IamRole(other, "Role", assume_role_policy="{}"))
    attachments = Synthesized(scope).all("aws_iam_role_policy_attachment")
    granted = [address.partition("Invoke_")[2].rpartition("_")[0] for address in attachments if "Invoke_" in address]
    assert granted == ["Role", "b-Role"]


def test_roles_of_stacks_of_one_name_may_have_one_name() -> None:
    scope = stack()
    made = endpoint(scope)
    for name in "abc":
        other = TerraformStack(Construct(App.of(scope), name), "prod")
        made.grant_invoke(IamRole(other, "Role", assume_role_policy="{}"))
    attachments = Synthesized(scope).all("aws_iam_role_policy_attachment")
    granted = [address.partition("Invoke_")[2].rpartition("_")[0] for address in attachments if "Invoke_" in address]
    assert sorted(granted) == ["Role", "c-prod-Role", "prod-Role"]
