"""A destroy with each kind of behaviour that interfaces may show, and the same without the clean-up."""

import pytest

from tests.embedded_aws import EmbeddedAws, InterfacesAfterDelete
from tests.end_to_end.order import assert_in_order

from .conftest import Deploy
from .deployed import by_the_script

pytestmark = pytest.mark.end_to_end
DELETE, DETACH = "DeleteNetworkInterface", "DetachNetworkInterface"


@pytest.mark.parametrize(
    ("stack", "after_delete", "release_seconds", "changes"),
    [
        ("unmarked", "vanish", 4, []),
        ("forceful", "detachable", 0, [DETACH] * 2 + [DELETE] * 2),
    ],
    ids=["gone late", "in use until detached"],
)
def test_a_destroy_leaves_nothing(
    deploy: Deploy,
    aws: EmbeddedAws,
    *,
    stack: str,
    after_delete: InterfacesAfterDelete,
    release_seconds: float,
    changes: list[str],
) -> None:
    aws.behave(after_delete, release_seconds=release_seconds)
    deployed = deploy(stack)
    assert deployed.statuses() == ["in-use"] * 2
    calls = deployed.destroy()
    assert by_the_script(calls) == changes
    assert deployed.left() == set()


def test_interfaces_left_behind_late_are_deleted_before_anything_that_sagemaker_needs_goes(
    deploy: Deploy, aws: EmbeddedAws
) -> None:
    aws.behave("orphan", release_seconds=4)
    deployed = deploy("unmarked")
    assert by_the_script(deployed.destroy()) == [DELETE] * 2
    calls = [call for call in aws.calls() if call.is_write or "aws-cli" in call.user_agent]
    last_look = max(number for number, call in enumerate(calls) if "aws-cli" in call.user_agent)
    before, after = calls[: last_look + 1], calls[last_look + 1 :]
    assert_in_order(before, "DeleteEndpoint", "DeleteNetworkInterface")
    for held_back in ("DetachRolePolicy", "RevokeSecurityGroupEgress", "DeleteSecurityGroup", "DeleteRole"):
        assert held_back not in [call.action for call in before]
        assert held_back in [call.action for call in after]
    assert deployed.left() == set()


def test_marked_interfaces_go_with_the_endpoint_and_the_script_has_nothing_to_delete(deploy: Deploy) -> None:
    deployed = deploy("marked")
    assert [each["Attachment"]["DeleteOnTermination"] for each in deployed.interfaces()] == [True, True]
    assert deployed.terraform.plan().is_empty
    assert by_the_script(deployed.destroy()) == []
    assert deployed.left() == set()


@pytest.mark.parametrize("after_delete", ["stuck", "ela-attach"])
def test_what_only_aws_can_release_is_named_and_the_group_and_the_role_stay(
    deploy: Deploy, aws: EmbeddedAws, after_delete: InterfacesAfterDelete
) -> None:
    aws.behave(after_delete)
    deployed = deploy("hasty")
    said = deployed.fail_to_destroy()
    assert "exit status 4" in said
    assert "run the destroy again: it goes on from here; if AWS keeps one for hours, ask AWS Support" in said
    for interface in deployed.interfaces():
        assert f"{interface['NetworkInterfaceId']}: in-use, type interface, requester" in said
    kinds = {name.rpartition(" ")[0] for name in deployed.left()}
    assert {"network interface", "security group", "role", "policy"} <= kinds
    assert {"endpoint", "model", "endpoint configuration"}.isdisjoint(kinds)


def test_an_interface_of_somebody_else_is_described_and_once_it_is_gone_the_destroy_goes_on(
    deploy: Deploy, aws: EmbeddedAws
) -> None:
    deployed = deploy("unmarked")
    ec2 = aws.client("ec2")
    subnet_id, vpc_id = (deployed.interfaces()[0][name] for name in ("SubnetId", "VpcId"))
    elsewhere = ec2.create_security_group(GroupName="elsewhere", Description="t", VpcId=vpc_id)["GroupId"]
    (instance,) = ec2.run_instances(
        ImageId="ami-12345678", MinCount=1, MaxCount=1, SubnetId=subnet_id, SecurityGroupIds=[deployed.group]
    )["Instances"]
    said = deployed.fail_to_destroy()
    assert "exit status 5" in said
    assert f"instance {instance['InstanceId']}" in said
    assert "take them out of the group" in said
    (foreign,) = deployed.interfaces()
    ec2.modify_network_interface_attribute(NetworkInterfaceId=foreign["NetworkInterfaceId"], Groups=[elsewhere])
    ec2.modify_instance_attribute(InstanceId=instance["InstanceId"], Groups=[elsewhere])  # on AWS the one does both
    deployed.destroy()
    assert deployed.left() == {"security group elsewhere", f"network interface {foreign['NetworkInterfaceId']}"}


def test_without_the_clean_up_the_same_destroy_fails(deploy: Deploy) -> None:
    deployed = deploy("without")
    said = deployed.fail_to_destroy()
    assert "DependencyViolation" in said
    assert deployed.statuses() == ["available"] * 2
