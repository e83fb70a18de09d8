"""Whether the VPC resolves the names that AWS's services are called by."""

from collections.abc import Iterator
from typing import Final, Literal

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts.routed_subnets import routed_subnets
from sagemaker_endpoint_doctor.text.words import listed
from sagemaker_endpoint_runbook import commands

from .routes import suffers, vpc_endpoint_name

_Attribute = Literal["enableDnsSupport", "enableDnsHostnames"]
_SUPPORT: Final = "enableDnsSupport"
_HOSTNAMES: Final = "enableDnsHostnames"


def dns(subject: Subject) -> Iterator[Finding]:
    """Look at the VPC's DNS attributes; private DNS of VPC endpoints needs both.

    https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html#vpc-dns-support
    """
    for vpc_id in sorted({routed.vpc_id for routed in routed_subnets(subject)}):
        if not _is_on(subject, vpc_id, _SUPPORT):
            yield warning(
                f"{vpc_id} resolves no names: enableDnsSupport is off",
                why="The names of S3 and of AWS's other services lead nowhere, so an instance cannot load the model's "
                "data, unless the VPC's DHCP options name DNS servers of yours.",
                next=f"Run aws ec2 modify-vpc-attribute --vpc-id {vpc_id} --enable-dns-support.",
                command=commands.filled(commands.DESCRIBE_DNS_SUPPORT, vpc=vpc_id),
            )
        elif not _is_on(subject, vpc_id, _HOSTNAMES):
            yield from _without_hostnames(subject, vpc_id)
        else:
            yield ok(f"{vpc_id} resolves names, those of VPC endpoints too")


def _without_hostnames(subject: Subject, vpc_id: str) -> Iterator[Finding]:
    routed = [each for each in routed_subnets(subject) if each.vpc_id == vpc_id]
    private = {way.service: way for each in routed for way in each.ways if way.interfaces}
    if not private:
        yield ok(f"{vpc_id} resolves names, and has no private DNS that would need enableDnsHostnames")
        return
    is_cut_off = not any(each.default and each.default.is_way for each in routed)
    names = listed(vpc_endpoint_name(subject, service) for service in private)
    yield (problem if is_cut_off and suffers(subject, [*private.values()]) else warning)(
        f"{vpc_id} does not resolve private DNS, which {names} are reached by: enableDnsHostnames is off",
        why="The services' names lead to their public addresses, past the VPC endpoints"
        + (", and nowhere from these subnets." if is_cut_off else "."),
        next=f"Run aws ec2 modify-vpc-attribute --vpc-id {vpc_id} --enable-dns-hostnames.",
        command=commands.filled(commands.DESCRIBE_DNS_HOSTNAMES, vpc=vpc_id),
    )


def _is_on(subject: Subject, vpc_id: str, attribute: _Attribute) -> bool:
    answer = subject.once(
        f"{attribute} of {vpc_id}",
        lambda: subject.aws.ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=attribute),
    )
    return answer["EnableDnsSupport" if attribute == _SUPPORT else "EnableDnsHostnames"]["Value"]
