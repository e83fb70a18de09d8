"""What may happen to a stack before it is destroyed."""

from typing import Any

import pytest

from tests.demo.inventory import take_inventory
from tests.demo.stage import build_network
from tests.embedded_aws import EmbeddedAws
from tests.embedded_aws.fault import DENIED
from tests.end_to_end.interfaces import interfaces, take_marks_off
from tests.end_to_end.order import assert_in_order
from tests.toolchain import CommandError, Terraform

from .conftest import Deploy, Prepare
from .deployed import ENDPOINT, by_the_script

pytestmark = pytest.mark.end_to_end
CONFIGURATION = "aws_sagemaker_endpoint_configuration.Endpoint_Configuration_2BA65784"
GROUP = "aws_security_group.Endpoint_Network_SecurityGroup_7AE2A2AA"


def left_of(terraform: Terraform, aws: EmbeddedAws) -> set[str]:
    """Ask the account for what bears the endpoint's name; a group with an interface in it would be there."""
    return {each for each in take_inventory(aws.client) if str(terraform.variables["endpoint_name"]) in each}


def endpoints(aws: EmbeddedAws) -> set[str]:
    return {each["EndpointName"] for each in aws.client("sagemaker").list_endpoints()["Endpoints"]}


@pytest.fixture
def tainted(prepare: Prepare, aws: EmbeddedAws) -> Terraform:
    """Apply a stack in vain: Terraform may not see what became of the endpoint."""
    terraform = prepare("unmarked")
    with (
        aws.fault("sagemaker:DescribeEndpoint", DENIED, caller="Terraform"),
        pytest.raises(CommandError, match="UnauthorizedOperation"),
    ):
        terraform.apply()
    assert terraform.variables["endpoint_name"] in endpoints(aws)
    assert terraform.plan().changes[ENDPOINT] == ("delete", "create")
    aws.advance(10)
    return terraform


def test_an_apply_that_left_the_endpoint_tainted_is_destroyed(tainted: Terraform, aws: EmbeddedAws) -> None:
    tainted.destroy()
    assert left_of(tainted, aws) == set()


def test_a_tainted_endpoint_is_replaced_and_both_ones_interfaces_go(tainted: Terraform, aws: EmbeddedAws) -> None:
    # The provider deletes an endpoint and makes it anew at once; SageMaker takes its time to let the name go.
    with pytest.raises(CommandError, match="Cannot create already existing endpoint"):
        tainted.apply()
    aws.advance(10)
    tainted.apply()
    assert tainted.plan().is_empty
    group = str(tainted.outputs()["group"])
    assert sorted(each["Status"] for each in interfaces(aws, group)) == ["available"] * 2 + ["in-use"] * 2
    tainted.destroy()
    assert left_of(tainted, aws) == set()


def test_an_endpoint_that_the_state_lacks_can_be_imported(prepare: Prepare, aws: EmbeddedAws) -> None:
    terraform = prepare("unmarked")
    name = str(terraform.variables["endpoint_name"])
    terraform.apply(f"-target={CONFIGURATION}")
    theirs = terraform.show()[CONFIGURATION]["name"]
    aws.client("sagemaker").create_endpoint(EndpointName=name, EndpointConfigName=theirs)
    aws.advance(10)
    with pytest.raises(CommandError, match="Cannot create already existing endpoint"):
        terraform.apply()
    terraform.take_over(ENDPOINT, name)
    aws.reset_calls()
    terraform.apply()
    assert {"CreateEndpoint", "DeleteEndpoint"}.isdisjoint(call.action for call in aws.calls())
    assert terraform.plan().is_empty
    terraform.destroy()
    assert left_of(terraform, aws) == set()


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


NEW_TRIGGERS = ("account_id", "execution_role_id", "execution_role_shared")


def test_a_state_of_an_older_version_is_applied_and_nothing_is_touched(deploy: Deploy, aws: EmbeddedAws) -> None:
    deployed = deploy("unmarked")
    deployed.forget_triggers(*NEW_TRIGGERS)
    aws.reset_calls()
    said = deployed.terraform.apply().text
    assert "is alive (InService): its network interfaces are in use and left alone" in said
    assert [call.action for call in aws.calls() if call.is_write] == []
    assert deployed.terraform.plan().is_empty
    deployed.destroy()
    assert deployed.left() == set()


def test_a_state_of_an_older_version_is_destroyed_without_another_apply(deploy: Deploy, aws: EmbeddedAws) -> None:
    aws.behave("orphan", release_seconds=3)
    deployed = deploy("forceful")
    deployed.forget_triggers(*NEW_TRIGGERS)
    assert by_the_script(deployed.destroy()) == ["DeleteNetworkInterface"] * 2
    assert deployed.left() == set()


def test_what_the_script_says_is_shown_though_its_external_id_is_secret(deploy: Deploy) -> None:
    deployed = deploy("secretive", external_id="never-to-be-shown")
    said = deployed.terraform.destroy().text
    assert "is free after" in said
    assert "never-to-be-shown" not in said
    assert deployed.left() == set()


def test_instances_of_another_number_and_type(deploy: Deploy, aws: EmbeddedAws) -> None:
    deployed = deploy("marked")
    changes: list[dict[str, Any]] = [{"instance_count": 3}, {"instance_type": "ml.c5.large"}]
    terraform = deployed.terraform
    for change in changes:
        terraform = terraform.with_variables(**change)
        aws.reset_calls()
        terraform.apply()
        assert by_the_script([call for call in aws.calls() if call.is_write]) == ["ModifyNetworkInterfaceAttribute"] * 3
        marks = [each["Attachment"]["DeleteOnTermination"] for each in deployed.interfaces()]
        assert marks == [True] * 3  # the new instances' and no others
        assert terraform.plan().is_empty
    terraform.destroy()
    assert deployed.left() == set()


def test_instances_that_came_after_the_last_apply_and_were_never_marked(deploy: Deploy) -> None:
    deployed = deploy("unmarked")
    terraform = deployed.terraform.with_variables(instance_count=4)
    terraform.apply()
    # Those of the replaced instances were left behind, beside those of the new ones.
    assert sorted(deployed.statuses()) == ["available"] * 2 + ["in-use"] * 4
    calls = deployed.destroy()
    assert by_the_script(calls) == ["DeleteNetworkInterface"] * 6
    assert deployed.left() == set()


def test_the_endpoint_destroyed_by_itself_and_the_rest_later(deploy: Deploy) -> None:
    deployed = deploy("unmarked")
    assert by_the_script(deployed.destroy(f"-target={ENDPOINT}")) == []
    assert ENDPOINT not in deployed.terraform.show().resources
    deployed.destroy()
    assert deployed.left() == set()


def test_the_endpoint_applied_by_itself(prepare: Prepare, aws: EmbeddedAws) -> None:
    terraform = prepare("marked")
    terraform.apply(f"-target={ENDPOINT}")
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
