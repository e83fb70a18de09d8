import pytest

from tests.embedded_aws import EmbeddedAws, InterfacesAfterDelete

from .stage import HOUR, Api, Stage, refused, variant


def test_every_instance_has_an_interface_and_they_spread_over_the_subnets(stage: Stage) -> None:
    subnets = [stage.subnet_id(1), stage.subnet_id(2)]
    stage.endpoint(stage.name, subnet_ids=subnets, count=3)
    interfaces = stage.interfaces()
    assert sorted(each["SubnetId"] for each in interfaces) == sorted([*subnets, subnets[0]])
    for interface in interfaces:
        assert interface["Status"] == "in-use"
        assert interface["RequesterManaged"] is True
        assert [group["GroupId"] for group in interface["Groups"]] == [stage.group_id]
        assert interface["Attachment"]["AttachmentId"].startswith("eni-attach-")
        assert interface["Attachment"]["DeleteOnTermination"] is False
        assert "InstanceId" not in interface["Attachment"]


def test_an_update_brings_new_interfaces_and_lets_the_old_go(stage: Stage) -> None:
    stage.aws.behave("vanish", release_seconds=HOUR)
    stage.endpoint(stage.name, subnet_ids=[stage.subnet_id(1)])
    (old,) = stage.interfaces()
    stage.configuration("new-" + stage.name, variant(stage.name))
    stage.sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName="new-" + stage.name)
    assert len(stage.interfaces()) == 2
    stage.aws.advance(HOUR)
    assert stage.status(stage.name) == "InService"
    assert len(stage.interfaces()) == 2
    stage.aws.advance(HOUR)
    (new,) = stage.interfaces()
    assert new["NetworkInterfaceId"] != old["NetworkInterfaceId"]


def test_interfaces_stay_behind_as_available(stage: Stage) -> None:
    stage.endpoint(stage.name, subnet_ids=[stage.subnet_id(1)])
    stage.delete_endpoint(stage.name)
    (orphan,) = stage.interfaces()
    assert orphan["Status"] == "available"
    assert "Attachment" not in orphan
    stage.ec2.delete_network_interface(NetworkInterfaceId=orphan["NetworkInterfaceId"])
    assert stage.interfaces() == []


def test_interfaces_marked_for_deletion_go_with_the_endpoint(stage: Stage) -> None:
    stage.endpoint(stage.name, subnet_ids=[stage.subnet_id(1)], count=2)
    marked, unmarked = stage.interfaces()
    _mark(stage, marked)
    assert [each["Attachment"]["DeleteOnTermination"] for each in stage.interfaces()] == [True, False]
    stage.delete_endpoint(stage.name)
    (left,) = stage.interfaces()
    assert left["NetworkInterfaceId"] == unmarked["NetworkInterfaceId"]


def test_a_mark_must_name_the_attachment(stage: Stage) -> None:
    stage.endpoint(stage.name, subnet_ids=[stage.subnet_id(1)])
    (interface,) = stage.interfaces()
    with refused("InvalidAttachmentID.NotFound"):
        stage.ec2.modify_network_interface_attribute(
            NetworkInterfaceId=interface["NetworkInterfaceId"],
            Attachment={"AttachmentId": "eni-attach-00000000000000000", "DeleteOnTermination": True},
        )


def test_an_interface_in_use_can_be_neither_deleted_nor_detached(stage: Stage) -> None:
    stage.endpoint(stage.name, subnet_ids=[stage.subnet_id(1)])
    (interface,) = stage.interfaces()
    with refused("InvalidParameterValue", "is currently in use"):
        stage.ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    with refused("AuthFailure"):
        stage.ec2.detach_network_interface(AttachmentId=interface["Attachment"]["AttachmentId"], Force=True)
    assert len(stage.interfaces()) == 1


def test_a_detachable_interface_is_in_use_until_it_is_detached(stage: Stage) -> None:
    stage.aws.behave("detachable")
    stage.endpoint(stage.name, subnet_ids=[stage.subnet_id(1)])
    stage.delete_endpoint(stage.name)
    (held,) = stage.interfaces()
    assert held["Status"] == "in-use"
    stage.ec2.detach_network_interface(AttachmentId=held["Attachment"]["AttachmentId"], Force=True)
    (free,) = stage.interfaces()
    assert free["Status"] == "available"
    assert "Attachment" not in free


def test_a_stuck_interface_is_in_use_for_ever_marked_or_not(stage: Stage) -> None:
    stage.aws.behave("stuck")
    stage.endpoint(stage.name, subnet_ids=[stage.subnet_id(1)])
    (stuck,) = stage.interfaces()
    _mark(stage, stuck)
    stage.delete_endpoint(stage.name)
    stage.aws.advance(HOUR)
    assert [each["Status"] for each in stage.interfaces()] == ["in-use"]
    with refused("AuthFailure"):
        stage.ec2.detach_network_interface(AttachmentId=stuck["Attachment"]["AttachmentId"], Force=True)


def test_an_ela_attachment_can_be_neither_marked_nor_detached(stage: Stage) -> None:
    stage.aws.behave("ela-attach")
    stage.endpoint(stage.name, subnet_ids=[stage.subnet_id(1)])
    stage.delete_endpoint(stage.name)
    (kept,) = stage.interfaces()
    assert kept["Attachment"]["AttachmentId"].startswith("ela-attach-")
    with refused("OperationNotPermitted", "'ela-attach'"):
        _mark(stage, kept)
    with refused("OperationNotPermitted", "'ela-attach'"):
        stage.ec2.detach_network_interface(AttachmentId=kept["Attachment"]["AttachmentId"], Force=True)
    assert [each["Status"] for each in stage.interfaces()] == ["in-use"]


@pytest.mark.parametrize(("after_delete", "left"), [("orphan", ["available"]), ("vanish", [])])
def test_interfaces_are_released_some_time_after_the_endpoint_is_gone(
    stage: Stage, after_delete: InterfacesAfterDelete, left: list[str]
) -> None:
    stage.aws.behave(after_delete, release_seconds=HOUR)
    stage.endpoint(stage.name, subnet_ids=[stage.subnet_id(1)])
    stage.delete_endpoint(stage.name)
    assert [each["Status"] for each in stage.interfaces()] == ["in-use"]
    stage.aws.advance(HOUR)
    assert [each["Status"] for each in stage.interfaces()] == left


def test_a_group_or_subnet_with_interfaces_cannot_be_deleted(stage: Stage) -> None:
    subnet_id = stage.subnet_id(1)
    made = stage.ec2.create_network_interface(SubnetId=subnet_id, Groups=[stage.group_id])
    with refused("DependencyViolation", stage.group_id):
        stage.ec2.delete_security_group(GroupId=stage.group_id)
    with refused("DependencyViolation", subnet_id):
        stage.ec2.delete_subnet(SubnetId=subnet_id)
    stage.ec2.delete_network_interface(NetworkInterfaceId=made["NetworkInterface"]["NetworkInterfaceId"])
    stage.ec2.delete_security_group(GroupId=stage.group_id)
    stage.ec2.delete_subnet(SubnetId=subnet_id)


def test_interfaces_can_vanish_with_the_endpoint() -> None:
    with EmbeddedAws(interfaces_after_delete="vanish", transition_seconds=HOUR) as aws:
        stage = Stage(aws=aws, name="vanishing")
        stage.endpoint(stage.name, subnet_ids=[stage.subnet_id(1)])
        assert len(stage.interfaces()) == 1
        stage.delete_endpoint(stage.name)
        assert stage.interfaces() == []


def test_a_model_in_an_unknown_group_cannot_be_served(stage: Stage) -> None:
    stage.model(stage.name, VpcConfig={"SecurityGroupIds": ["sg-00000000"], "Subnets": [stage.subnet_id(1)]})
    stage.configuration(stage.name, variant(stage.name))
    with refused("ValidationException", "sg-00000000"):
        stage.sagemaker.create_endpoint(EndpointName=stage.name, EndpointConfigName=stage.name)
    with refused("ValidationException", "Could not find endpoint"):
        stage.status(stage.name)


def _mark(stage: Stage, interface: Api) -> None:
    stage.ec2.modify_network_interface_attribute(
        NetworkInterfaceId=interface["NetworkInterfaceId"],
        Attachment={"AttachmentId": interface["Attachment"]["AttachmentId"], "DeleteOnTermination": True},
    )
