"""Whether the network ACLs of the endpoint's subnets let HTTPS out, and its answers in."""

from collections.abc import Iterator

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts import network_acls as facts
from sagemaker_endpoint_doctor.facts.routed_subnets import RoutedSubnets, routed_subnets
from sagemaker_endpoint_doctor.facts.way_out import WayOut
from sagemaker_endpoint_doctor.text.words import listed
from sagemaker_endpoint_runbook import commands

from .egress import networks
from .routes import suffers, vpc_endpoint_name


def network_acls(subject: Subject) -> Iterator[Finding]:
    """TCP 443 out of each subnet to where AWS is reached, and answers back: ACLs know no connections.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
    """
    acls = facts.by_subnet(subject)
    found = [
        each
        for routed in routed_subnets(subject)
        for subnet in routed.subnets
        if subnet["SubnetId"] in acls
        for each in _complaints(subject, routed, subnet["SubnetId"])
    ]
    yield from found
    if acls and not found:
        yield ok(f"the network ACLs of {listed(acls)} let TCP 443 out, and answers in")


def _complaints(subject: Subject, routed: RoutedSubnets, subnet_id: str) -> Iterator[Finding]:
    acl = facts.by_subnet(subject)[subnet_id]
    ways = [way for way in routed.ways if way.exists and not _stays(way, subnet_id)]
    for egress, ports, what, rule in (
        (True, facts.HTTPS, "TCP 443 out", "allow TCP 443 out"),
        (False, facts.ANSWERS, "answers in", "allow TCP from 1024 to 65535 in: an ACL does not know which are answers"),
    ):
        shut = [way for way in ways if _is_shut(subject, way, subnet_id, egress=egress, ports=ports)]
        if shut:
            names = listed(vpc_endpoint_name(subject, way.service) for way in shut)
            yield (problem if suffers(subject, shut) else warning)(
                f"the network ACL {acl['NetworkAclId']} of {subnet_id} lets no {what}: to {names}",
                why="What it does not let through gets no answer until it times out, whatever security groups allow.",
                next=f"In the ACL, before the rules that deny it, {rule}.",
                command=commands.filled(commands.DESCRIBE_NETWORK_ACLS, subnets=subnet_id),
            )


def _is_shut(subject: Subject, way: WayOut, subnet_id: str, *, egress: bool, ports: range) -> bool:
    acl, places = facts.by_subnet(subject)[subnet_id], networks(subject, way)
    return bool(places) and all(facts.shuts(acl, egress=egress, ports=ports, network=each) for each in places)


def _stays(way: WayOut, subnet_id: str) -> bool:
    """Tell whether a way begins in the subnet itself, whose ACL is not asked then."""
    return any(subnet_id in each.get("SubnetIds", []) for each in way.interfaces)
