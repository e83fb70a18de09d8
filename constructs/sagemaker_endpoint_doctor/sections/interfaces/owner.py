"""Whose a network interface in the endpoint's security group is, by the same rule as ``eni_cleanup.sh``.

SageMaker asks for it in a session of the execution role, so its RequesterId begins with the role's unique id:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
"""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.errors import CannotCheckError, is_denied
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts import roles

from botocore.exceptions import ClientError

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_ec2.type_defs import NetworkInterfaceTypeDef

_INSTANCES = ("interface", "efa", "efa-only", "branch", "trunk")
_SAGEMAKER = re.compile("[Ss]age[Mm]aker")
_NO_ENDPOINT = re.compile("[Nn]otebook|Studio")  # SageMaker's too, but made for something else
_PRINCIPAL = re.compile("(AROA|AIDA|ASIA|AKIA|AGPA)[A-Z0-9]+")
_SERVICE = re.compile(r"amazon-|.*[.]amazonaws[.]com")
# How AWS's services describe what they make, where the requester is but an account: as in eni_cleanup.sh
_OTHER_SERVICE = re.compile(
    "ELB |RDS|ElastiCache|EFS |AWS Lambda|Lambda|DMS|Amazon EKS|aws-K8S|arn:aws[a-z-]*:ecs|Attached to Glue"
    "|VPC Endpoint|Interface for NAT|Network Interface for Transit|AWS created network"
    "|Amazon OpenSearch|ES |CodeBuild|Redshift|Kafka"
    "|Route 53 Resolver|Created By Amazon Work[Ss]paces|CloudHSM"
)
# The library's word for the role that it makes for an endpoint, which no other endpoint uses
ROLE_DESCRIPTION = "Runs the SageMaker endpoint {}"


class Owner(Enum):
    """Whom an interface belongs to."""

    OURS = "ours"
    SHARED = "shared"  # asked for by a role that other endpoints may use too
    UNSURE = "unsure"
    NEIGHBOUR = "neighbour"  # asked for by another role, such as another endpoint's
    FOREIGN = "foreign"

    @property
    def is_another(self) -> bool:
        """Whether it is certainly not the endpoint's."""
        return self in (Owner.NEIGHBOUR, Owner.FOREIGN)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleIds:
    """The unique ids of the endpoint's execution roles.

    Attributes:
        own: Of the roles that were made for this endpoint.
        shared: Of those that other endpoints may use too.
        unread: The names of the roles whose ids are not known.
        are_all: Whether there is no other execution role than these.
    """

    own: AbstractSet[str]
    shared: AbstractSet[str]
    unread: AbstractSet[str]
    are_all: bool


def role_ids(subject: Subject) -> RoleIds:
    """Ask IAM for the ids; a role that is gone, or may not be read, leaves what it asked for unsure."""
    own: set[str] = set()
    shared: set[str] = set()
    unread: set[str] = set()
    try:
        arns = subject.role_arns()
    except CannotCheckError:  # no endpoint, no models
        arns = []
    except ClientError as error:
        if not is_denied(error):
            raise
        arns = []
    for arn in arns:
        role = _role(subject, arn)
        if not role:
            unread.add(roles.name_of(arn))
        elif role.description == ROLE_DESCRIPTION.format(subject.names.endpoint_name):
            own.add(role.unique_id)
        else:
            shared.add(role.unique_id)
    return RoleIds(own=own, shared=shared, unread=unread, are_all=bool(arns) and not unread)


def _role(subject: Subject, arn: str) -> roles.Role | None:
    try:
        return roles.describe(subject, arn)
    except roles.NoSuchRoleError:
        return None
    except ClientError as error:
        if is_denied(error):
            return None
        raise


def requesting_principal(interface: "NetworkInterfaceTypeDef") -> str:
    """Give the unique id of whoever asked for it, in whatever session."""
    return interface.get("RequesterId", "").partition(":")[0]


def owner(interface: "NetworkInterfaceTypeDef", ids: RoleIds) -> Owner:
    """Tell whose it is: proven by who asked for it, never assumed."""
    attachment = interface.get("Attachment", {})
    description, type_ = interface.get("Description", ""), interface.get("InterfaceType", "")
    # Whatever else it says: a Lambda function's own name stands in its requester and description.
    is_of_another_type = type_ not in _INSTANCES and not _SAGEMAKER.search(type_)
    is_of_instance = attachment.get("InstanceId") and attachment.get("InstanceOwnerId") == interface.get("OwnerId")
    if is_of_another_type or is_of_instance or (_SAGEMAKER.search(description) and _NO_ENDPOINT.search(description)):
        return Owner.FOREIGN
    who, is_managed = requesting_principal(interface), interface.get("RequesterManaged", False)
    if who in ids.own:
        return Owner.OURS
    if who in ids.shared and (is_managed or interface.get("RequesterId", "").endswith(":SageMaker")):
        return Owner.SHARED
    if who in ids.shared or not is_managed:
        return Owner.FOREIGN  # made by hand
    return _managed_by_aws(interface, ids)


def _managed_by_aws(interface: "NetworkInterfaceTypeDef", ids: RoleIds) -> Owner:
    """Tell whose it is that none of the known roles asked for."""
    requester, description = interface.get("RequesterId", ""), interface.get("Description", "")
    who = requesting_principal(interface)
    if _PRINCIPAL.fullmatch(who):
        return Owner.NEIGHBOUR if ids.are_all or not who.startswith("AROA") else Owner.UNSURE
    is_of_service = _SERVICE.match(requester) and not _SAGEMAKER.search(requester)
    is_described_so = _OTHER_SERVICE.match(description) and not _SAGEMAKER.search(description)
    is_foreign = is_of_service or is_described_so or len(interface.get("Groups", [])) > 1
    return Owner.FOREIGN if is_foreign else Owner.UNSURE
