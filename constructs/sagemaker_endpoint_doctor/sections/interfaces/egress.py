"""Whether the endpoint's security groups let HTTPS out to where AWS's services are reached."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts import security_groups
from sagemaker_endpoint_doctor.facts.routed_subnets import routed_subnets
from sagemaker_endpoint_doctor.facts.security_rules import EVERYWHERE, Peer
from sagemaker_endpoint_doctor.facts.way_out import WayOut
from sagemaker_endpoint_doctor.text.words import listed
from sagemaker_endpoint_runbook import commands

from .routes import suffers, vpc_endpoint_name


def egress(subject: Subject) -> Iterator[Finding]:
    """TCP 443 out of the endpoint's groups."""
    if not subject.subnet_ids():
        return
    ids = subject.interface_group_ids()
    gone = [each for each in ids if each not in security_groups.existing_groups(subject, ids)]
    if gone:
        yield _finding(subject, f"{listed(gone)}: the endpoint is to use it, and it does not exist", grave=True)
        return
    rules = security_groups.egress(subject, ids)
    if not rules.permissions:
        yield _finding(subject, f"nothing may leave {listed(ids)} on TCP 443", grave=True)
        return
    if rules.are_open():
        yield ok(f"TCP 443 may leave {listed(ids)}, to everywhere")
        return
    ways = {way.service: way for routed in routed_subnets(subject) for way in routed.ways if way.exists}
    shut = [way for way in ways.values() if not rules.admit(_peer(subject, way))]
    if shut:
        # Where a default route leads, the rules may name AWS's addresses one by one: that cannot be told from here.
        grave = suffers(subject, [way for way in shut if not way.default])
        names = listed(f"{vpc_endpoint_name(subject, way.service)} through {way.means}" for way in shut)
        yield _finding(subject, f"TCP 443 may not leave {listed(ids)} to {names}", grave=grave)
    else:
        yield ok(f"TCP 443 may leave {listed(ids)} to where AWS is reached")


def _peer(subject: Subject, way: WayOut) -> Peer:
    """Say what stands at the other end of a way."""
    if way.prefix_list_id:
        return Peer(networks=list(security_groups.prefix_list(subject, way.prefix_list_id)))
    if way.interfaces:
        groups = [group["GroupId"] for each in way.interfaces for group in each.get("Groups", [])]
        return Peer(group_ids=groups, networks=_addresses(subject, way))
    return Peer(networks=[EVERYWHERE])


def networks(subject: Subject, way: WayOut) -> Sequence[IPv4Network]:
    """Give the networks at the other end of a way."""
    return _peer(subject, way).networks


def _addresses(subject: Subject, way: WayOut) -> list[IPv4Network]:
    ids = [each for endpoint in way.interfaces for each in endpoint.get("NetworkInterfaceIds", [])]

    def ask() -> list[IPv4Network]:
        pages = subject.aws.ec2.get_paginator("describe_network_interfaces").paginate(
            Filters=[{"Name": "network-interface-id", "Values": ids}]
        )
        return [IPv4Network(each["PrivateIpAddress"]) for page in pages for each in page["NetworkInterfaces"]]

    return subject.once(f"addresses of {' '.join(ids)}", ask) if ids else []


def _finding(subject: Subject, seen: str, *, grave: bool) -> Finding:
    return (problem if grave else warning)(
        seen,
        why="AWS's services are called over TCP 443: what the groups do not let out gets no answer until it times out.",
        next="Allow TCP 443 in the network's egress: to the prefix list of S3, to the security groups of the VPC "
        f"endpoints, or to 0.0.0.0/0 where a default route is the way. Then {subject.deploy}.",
        command=commands.filled(commands.DESCRIBE_SECURITY_GROUPS, group=",".join(subject.interface_group_ids())),
    )
