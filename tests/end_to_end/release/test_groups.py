"""Security groups: replaced, several in a stack, and those that exist already."""

from typing import Any

import pytest

from tests.demo.stage import build_network
from tests.embedded_aws import EmbeddedAws
from tests.end_to_end.interfaces import interfaces, take_marks_off
from tests.end_to_end.order import assert_in_order

from .conftest import Deploy
from .deployed import by_the_script, left_of

pytestmark = pytest.mark.end_to_end
GROUP = "aws_security_group.Endpoint_Network_SecurityGroup_7AE2A2AA"


def test_a_security_group_replaced_under_a_live_endpoint(deploy: Deploy, aws: EmbeddedAws) -> None:
    aws.behave("orphan", release_seconds=3)
    deployed = deploy("marked")
    applied = deployed.terraform.apply(f"-replace={GROUP}")
    assert "is alive (InService): its network interfaces are in use and left alone" in applied.text
    new_group = deployed.terraform.outputs()["group"]
    assert new_group != deployed.group
    assert interfaces(aws, deployed.group) == []
    marks = [each["Attachment"]["DeleteOnTermination"] for each in interfaces(aws, new_group)]
    assert marks == [True, True]
    assert deployed.terraform.plan().is_empty
    deployed.destroy()
    assert deployed.left() == set()


@pytest.mark.parametrize("change", ["replace", "vpc"])
def test_a_replaced_groups_interfaces_are_deleted_when_the_endpoint_has_moved(
    deploy: Deploy, aws: EmbeddedAws, change: str
) -> None:
    aws.behave("orphan", release_seconds=3)
    deployed = deploy("moving")
    take_marks_off(aws, deployed.group)
    old = {each["NetworkInterfaceId"] for each in deployed.interfaces()}
    aws.reset_calls()
    if change == "replace":
        deployed.terraform.apply(f"-replace={GROUP}")
        terraform = deployed.terraform
    else:
        vpc_id, subnet_ids = build_network(aws.client("ec2"))
        terraform = deployed.terraform.with_variables(vpc_id=vpc_id, subnet_ids=subnet_ids)
        terraform.apply()
    deletions = [call for call in aws.calls() if call.action == "DeleteNetworkInterface"]
    assert {call.parameters["NetworkInterfaceId"] for call in deletions} == old
    assert all("aws-cli" in call.user_agent for call in deletions)
    assert_in_order(aws.calls(), "UpdateEndpoint", "DeleteNetworkInterface", "DeleteSecurityGroup")
    assert terraform.plan().is_empty
    terraform.destroy()
    assert left_of(terraform, aws) == set()


def test_two_endpoints_in_one_stack_each_free_a_group_of_their_own(deploy: Deploy) -> None:
    deployed = deploy("two")
    outputs = deployed.terraform.outputs()
    assert outputs["group-a"] != outputs["group-b"]
    calls = deployed.destroy()
    assert by_the_script(calls) == ["DeleteNetworkInterface"] * 4
    assert deployed.left() == set()


def test_an_existing_security_group_is_never_swept(deploy: Deploy, aws: EmbeddedAws, network: dict[str, Any]) -> None:
    made = aws.client("ec2").create_security_group(GroupName="theirs", Description="t", VpcId=network["vpc_id"])
    deployed = deploy("existing", security_group_id=made["GroupId"])
    assert deployed.group == made["GroupId"]
    assert [name for name in deployed.terraform.show().addresses() if name.startswith("null_resource.")] == []
    deployed.destroy()
    aws.advance(10)  # for the endpoint to be gone, since nothing waited for it
    assert [call for call in aws.calls() if "aws-cli" in call.user_agent] == []
    orphans = [each["NetworkInterfaceId"] for each in deployed.interfaces()]
    assert len(orphans) == 2
    assert deployed.left() == {f"network interface {each}" for each in orphans}
