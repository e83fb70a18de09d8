"""What counts as taken away too early."""

import pytest

from tests.embedded_aws import Call

from .removals import too_early

ROLE, POLICY, GROUP, RULE = "sentiment-execution", "arn:aws:iam::123456789012:policy/p", "sg-1", "sgr-1"
IN_USE = ["alarm", "configuration", "model", ROLE, POLICY, f"{ROLE} {POLICY}", GROUP, RULE, "1234"]
UPDATE = Call(service="sagemaker", action="UpdateEndpoint", status=200, in_use=IN_USE)


def call(action: str, status: int = 200, in_use: list[str] = IN_USE, **parameters: str) -> Call:
    given = {key.replace("__", "."): value for key, value in parameters.items()}
    return Call(service="any", action=action, status=status, parameters=given, in_use=in_use)


DETACH = call("DetachRolePolicy", RoleName=ROLE, PolicyArn=POLICY)
REVOKE = call("RevokeSecurityGroupEgress", GroupId=GROUP, SecurityGroupRuleId__1=RULE)
TAKEN = [
    call("DeleteAlarms", AlarmNames__member__1="alarm"),
    call("DeleteModel", ModelName="model"),
    call("DeleteEndpointConfig", EndpointConfigName="configuration"),
    call("CreatePolicyVersion", PolicyArn=POLICY),
    call("DeleteSecurityGroup", GroupId=GROUP),
    call("ScheduleKeyDeletion", KeyId="arn:aws:kms:eu-west-1:123456789012:key/1234"),
    DETACH,
    REVOKE,
]


@pytest.mark.parametrize("taken", TAKEN, ids=lambda each: each.action)
def test_what_goes_while_it_is_in_use_is_told(taken: Call) -> None:
    assert too_early([taken, UPDATE], []) == [str(taken)]


@pytest.mark.parametrize("taken", TAKEN, ids=lambda each: each.action)
def test_what_nobody_uses_any_more_may_go(taken: Call) -> None:
    unused = Call(service="any", action=taken.action, status=200, parameters=taken.parameters, in_use=["another"])
    assert too_early([UPDATE, unused], []) == []


@pytest.mark.parametrize("taken", [DETACH, REVOKE], ids=lambda each: each.action)
def test_what_role_or_group_lose_for_good_goes_last(taken: Call) -> None:
    afterwards = [ROLE, GROUP]
    assert too_early([UPDATE, taken], afterwards) == []
    for later in (UPDATE, call("AttachRolePolicy"), call("AuthorizeSecurityGroupEgress")):
        assert too_early([taken, later], afterwards) == [str(taken)]


def test_what_aws_refused_took_nothing_away() -> None:
    assert too_early([call("DeleteModel", status=400, ModelName="model")], []) == []


def test_an_action_that_nobody_knows_of_is_told() -> None:
    with pytest.raises(AssertionError, match="What does DeleteEverything take away"):
        too_early([call("DeleteEverything")], [])
