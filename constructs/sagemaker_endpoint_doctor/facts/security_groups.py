"""Security groups, asked of AWS: what they let through on HTTPS."""

from collections.abc import Iterable, Sequence
from functools import partial
from ipaddress import IPv4Network, ip_network
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.examination.subject import Subject

from .security_rules import SecurityRules

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_ec2.type_defs import SecurityGroupTypeDef

_HTTPS = 443


def existing_groups(subject: Subject, group_ids: Sequence[str]) -> "dict[str, SecurityGroupTypeDef]":
    """Give those that exist, by their ids."""

    def ask() -> "dict[str, SecurityGroupTypeDef]":
        if not group_ids:
            return {}
        pages = subject.aws.ec2.get_paginator("describe_security_groups").paginate(
            Filters=[{"Name": "group-id", "Values": group_ids}]
        )
        return {each["GroupId"]: each for page in pages for each in page["SecurityGroups"]}

    return subject.once(f"security groups {' '.join(group_ids)}", ask)


def ingress(subject: Subject, group_ids: Sequence[str]) -> SecurityRules:
    """Give what the groups together let in."""
    groups = existing_groups(subject, group_ids).values()
    permissions = [each for group in groups for each in group.get("IpPermissions", [])]
    return SecurityRules(permissions, partial(prefix_list, subject)).for_port(_HTTPS)


def egress(subject: Subject, group_ids: Sequence[str]) -> SecurityRules:
    """Give what the groups together let out."""
    groups = existing_groups(subject, group_ids).values()
    permissions = [each for group in groups for each in group.get("IpPermissionsEgress", [])]
    return SecurityRules(permissions, partial(prefix_list, subject)).for_port(_HTTPS)


def prefix_list(subject: Subject, prefix_list_id: str) -> Iterable[IPv4Network]:
    """Give the IPv4 networks of a prefix list, the customer's or AWS's own."""

    def ask() -> list[IPv4Network]:
        pages = subject.aws.ec2.get_paginator("get_managed_prefix_list_entries").paginate(PrefixListId=prefix_list_id)
        networks = [ip_network(each["Cidr"]) for page in pages for each in page["Entries"]]
        return [each for each in networks if isinstance(each, IPv4Network)]

    return subject.once(f"prefix list {prefix_list_id}", ask)
