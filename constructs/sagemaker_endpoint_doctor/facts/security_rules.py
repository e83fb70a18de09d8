"""What the rules of security groups let through to one TCP port. IPv4 only: AWS's private addresses are that.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_ec2.type_defs import IpPermissionOutputTypeDef

EVERYWHERE = IPv4Network("0.0.0.0/0")
PrefixLists = Callable[[str], Iterable[IPv4Network]]
"""Gives what a prefix list holds, by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """The other end of a connection: its security groups, and the networks that it may have its address in."""

    group_ids: Sequence[str] = ()
    networks: Sequence[IPv4Network] = ()


@dataclass(frozen=True, slots=True)
class SecurityRules:
    """The rules of one direction, of all groups together: what one of them lets through, is let through."""

    permissions: Sequence["IpPermissionOutputTypeDef"]
    prefix_lists: PrefixLists

    def for_port(self, port: int) -> "SecurityRules":
        """Keep the rules that cover a TCP port."""
        return SecurityRules([each for each in self.permissions if _covers(each, port)], self.prefix_lists)

    def are_open(self) -> bool:
        """Tell whether the rules name every address."""
        return any(network == EVERYWHERE for each in self.permissions for network in _ranges(each))

    def admit(self, peer: Peer) -> bool:
        """Tell whether a peer may be at the other end, whichever of its addresses it has."""
        groups = {pair.get("GroupId") for each in self.permissions for pair in each.get("UserIdGroupPairs", [])}
        if self.are_open() or not groups.isdisjoint(peer.group_ids):
            return True
        named = [network for each in self.permissions for network in self._networks(each)]
        return bool(peer.networks) and all(any(network.subnet_of(each) for each in named) for network in peer.networks)

    def _networks(self, permission: "IpPermissionOutputTypeDef") -> Iterable[IPv4Network]:
        yield from _ranges(permission)
        for each in permission.get("PrefixListIds", []):
            yield from self.prefix_lists(each["PrefixListId"])


def _covers(permission: "IpPermissionOutputTypeDef", port: int) -> bool:
    if permission["IpProtocol"] == "-1":
        return True
    return permission["IpProtocol"] == "tcp" and permission["FromPort"] <= port <= permission["ToPort"]


def _ranges(permission: "IpPermissionOutputTypeDef") -> Iterable[IPv4Network]:
    return [IPv4Network(each["CidrIp"]) for each in permission.get("IpRanges", [])]
