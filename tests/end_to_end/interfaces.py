"""The network interfaces that an endpoint has in its security group."""

from __future__ import annotations

from typing import Any

from tests.embedded_aws import Elsewhere, EmbeddedAws

Interface = dict[str, Any]  # as EC2 describes it


def interfaces(aws: EmbeddedAws | Elsewhere, security_group_id: str) -> list[Interface]:
    """List them."""
    only = [{"Name": "group-id", "Values": [security_group_id]}]
    return list(aws.client("ec2").describe_network_interfaces(Filters=only)["NetworkInterfaces"])


def marks(aws: EmbeddedAws | Elsewhere, security_group_id: str) -> list[bool]:
    """Tell of each whether it is attached and will be deleted along with what it is attached to."""
    return [
        "Attachment" in each and each["Attachment"]["DeleteOnTermination"]
        for each in interfaces(aws, security_group_id)
    ]


def take_marks_off(aws: EmbeddedAws, security_group_id: str) -> None:
    """Have SageMaker leave its interfaces behind, as it does where it heeds no mark."""
    for each in interfaces(aws, security_group_id):
        aws.client("ec2").modify_network_interface_attribute(
            NetworkInterfaceId=each["NetworkInterfaceId"],
            Attachment={"AttachmentId": each["Attachment"]["AttachmentId"], "DeleteOnTermination": False},
        )
