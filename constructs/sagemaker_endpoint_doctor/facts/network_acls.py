"""The network ACLs of the endpoint's subnets, and what they let through. IPv4 only.

https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
"""

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.examination.subject import Subject

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_ec2.type_defs import NetworkAclEntryTypeDef, NetworkAclTypeDef

HTTPS = range(443, 444)
# The ports that answers come back to: Linux's, which other systems and NAT gateways only widen.
# https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
ANSWERS = range(32768, 61000)
_EVERY, _TCP = "-1", "6"


def by_subnet(subject: Subject) -> "dict[str, NetworkAclTypeDef]":
    """Give the network ACL of each of the endpoint's subnets that AWS shows one of."""

    def ask() -> "dict[str, NetworkAclTypeDef]":
        ids = subject.subnet_ids()
        if not ids:
            return {}
        pages = subject.aws.ec2.get_paginator("describe_network_acls").paginate(
            Filters=[{"Name": "association.subnet-id", "Values": ids}]
        )
        acls = [acl for page in pages for acl in page["NetworkAcls"]]
        found = {association["SubnetId"]: acl for acl in acls for association in acl["Associations"]}
        return {each: found[each] for each in ids if each in found}

    return subject.once("network ACLs", ask)


def shuts(acl: "NetworkAclTypeDef", *, egress: bool, ports: range, network: IPv4Network) -> bool:
    """Tell whether an ACL lets nothing through: from the first rule on that names all of it, or for want of one.

    A rule that allows a part of it may be the one that matters.
    """
    for entry in sorted(acl["Entries"], key=lambda each: each["RuleNumber"]):
        if entry["Egress"] is not egress or "CidrBlock" not in entry or not _meets(entry, ports):
            continue
        named = IPv4Network(entry["CidrBlock"])
        if entry["RuleAction"] == "allow" and named.overlaps(network):
            return False
        if entry["RuleAction"] == "deny" and network.subnet_of(named) and _covers(entry, ports):
            return True
    return True


def _meets(entry: "NetworkAclEntryTypeDef", ports: range) -> bool:
    named = _ports(entry)
    return entry["Protocol"] in (_EVERY, _TCP) and named[0] <= ports[-1] and ports[0] <= named[-1]


def _covers(entry: "NetworkAclEntryTypeDef", ports: range) -> bool:
    named = _ports(entry)
    return named[0] <= ports[0] and ports[-1] <= named[-1]


def _ports(entry: "NetworkAclEntryTypeDef") -> range:
    stated = entry.get("PortRange")
    return range(stated["From"], stated["To"] + 1) if stated and entry["Protocol"] == _TCP else range(65536)
