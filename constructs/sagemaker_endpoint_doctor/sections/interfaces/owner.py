"""Whose a network interface in the endpoint's security group is, by the same rule as ``eni_cleanup.sh``."""

import re
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_ec2.type_defs import NetworkInterfaceTypeDef

_INSTANCES = ("interface", "efa", "efa-only", "branch", "trunk")
_SAGEMAKER = re.compile("[Ss]age[Mm]aker")
_NO_ENDPOINT = re.compile("[Nn]otebook|Studio")  # SageMaker's too, but made for something else


class Owner(Enum):
    """Whom an interface belongs to."""

    OURS = "ours"
    UNSURE = "unsure"
    FOREIGN = "foreign"


def owner(interface: "NetworkInterfaceTypeDef") -> Owner:
    """Tell whose it is. AWS does not document what an endpoint's interface says of itself, so some stay unsure."""
    attachment = interface.get("Attachment", {})
    requester, description = interface.get("RequesterId", ""), interface.get("Description", "")
    type_ = interface.get("InterfaceType", "")
    if type_ not in _INSTANCES and not _SAGEMAKER.search(type_):
        return Owner.FOREIGN  # whatever it says: a Lambda function's own name stands in its requester and description
    if attachment.get("InstanceId") and attachment.get("InstanceOwnerId") == interface.get("OwnerId"):
        return Owner.FOREIGN  # an EC2 instance of the customer's
    if _SAGEMAKER.search(f"{requester} {description}"):
        return Owner.FOREIGN if _NO_ENDPOINT.search(description) else Owner.OURS
    if requester.startswith("amazon-") or (type_ != "interface" and not _SAGEMAKER.search(type_)):
        return Owner.FOREIGN
    if interface.get("RequesterManaged") or len(interface.get("Groups", [])) != 1:
        return Owner.UNSURE
    return Owner.OURS
