"""What goes while an endpoint still uses it, as the calls that the embedded AWS saw tell."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from tests.embedded_aws import Call
from tests.embedded_aws.call import takes_away

_REMOVED: dict[str, Callable[[dict[str, str]], str]] = {
    "DeleteAlarms": lambda given: next(each for name, each in given.items() if name.startswith("AlarmNames.")),
    "CreatePolicyVersion": lambda given: given["PolicyArn"],  # it takes away what the version before allowed
    "DeleteEndpointConfig": lambda given: given["EndpointConfigName"],
    "DeleteLogGroup": lambda given: given["logGroupName"],
    "DeleteModel": lambda given: given["ModelName"],
    "DeletePolicy": lambda given: given["PolicyArn"],
    "DeleteRole": lambda given: given["RoleName"],
    "DeleteSecurityGroup": lambda given: given["GroupId"],
    "DeleteTopic": lambda given: given["TopicArn"],
    "DetachRolePolicy": lambda given: f"{given['RoleName']} {given['PolicyArn']}",
    "RevokeSecurityGroupEgress": lambda given: given.get("SecurityGroupRuleId.1", given["GroupId"]),
    "ScheduleKeyDeletion": lambda given: given["KeyId"].rpartition("/")[2],
}
"""What an action takes away, named as the embedded AWS names what is in use."""
_HARMLESS = {
    "DeleteAlarms",  # those that a deployment watches are told apart where deployments are tried
    "DeleteAlias",
    "DeleteDashboards",
    "DeleteEndpoint",  # of it the rest is told apart
    "DeleteNetworkInterface",  # an available one; tests/eni_cleanup has the rest
    "DeletePolicyVersion",  # AWS refuses it for the one in force
    "DeleteRolePermissionsBoundary",
    "DeleteScalingPolicy",
    "DeleteScheduledAction",
    "DeleteTags",
    "RemoveTags",
}
_ADDS_TO = {"DetachRolePolicy": "RoleName", "RevokeSecurityGroupEgress": "GroupId"}
"""What is taken from something that may itself stay: by which parameter the two actions name that."""


def too_early(calls: Sequence[Call], in_use_afterwards: Collection[str]) -> list[str]:
    """List the calls that took away what an endpoint used at that time.

    A permission or a rule may be taken from a role or group that stays in use, as inputs may ask for that, but as the
    last thing: once all that is new is there and the endpoint has moved.
    """
    return [str(call) for call in _too_early(calls, in_use_afterwards)]


def _too_early(calls: Sequence[Call], in_use_afterwards: Collection[str]) -> Iterator[Call]:
    done = [call for call in calls if call.status < 400]
    for number, call in enumerate(done):
        if call.action not in _REMOVED:
            known = call.action in _HARMLESS or not takes_away(call.action)
            assert known, f"What does {call.action} take away? Teach this file."
        elif _REMOVED[call.action](call.parameters) in call.in_use:
            stays = call.parameters.get(_ADDS_TO.get(call.action, "")) in in_use_afterwards
            later = {each.action for each in done[number:]}
            new_later = {"UpdateEndpoint", "AttachRolePolicy", "AuthorizeSecurityGroupEgress"} & later
            if not stays or new_later:
                yield call
