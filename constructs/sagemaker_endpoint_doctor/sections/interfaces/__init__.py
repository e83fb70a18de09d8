"""The endpoint's network interfaces, and the network that they stand in.

What SageMaker needs of it: https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.errors import is_denied
from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, unknown, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts import gone, instances, security_groups
from sagemaker_endpoint_doctor.text.words import counted, listed
from sagemaker_endpoint_runbook import commands

from botocore.exceptions import ClientError

from .addresses import addresses
from .dns import dns
from .egress import egress
from .network_acls import network_acls
from .owner import Owner, RoleIds, owner, requesting_principal, role_ids
from .routes import routes
from .zones import zones

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_ec2.type_defs import NetworkInterfaceTypeDef

_MANAGEABLE = re.compile("eni-attach-[0-9a-f]{8,17}")  # as in eni_cleanup.sh
# The library's word for the groups that it makes, as in eni_cleanup.sh
GROUP_DESCRIPTION = "Network interfaces of a SageMaker endpoint: no ingress"


def count(subject: Subject) -> Iterator[Finding]:
    """As many interfaces as instances: SageMaker makes one for each, or more."""
    if not subject.subnet_ids():
        # https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
        yield ok(
            "a serverless endpoint stands in no VPC of yours: it has no network interfaces to look at"
            if all("ServerlessConfig" in each for each in subject.variants())
            else "the models run outside your VPC, so there is no network of yours to look at"
        )
        return
    needed = instances.running(subject)
    held = [each for each in _its_own(subject) if not _is_available(each)]
    seen = f"{counted(len(held), 'network interface')} for {counted(needed, 'instance')}"
    if len(held) >= needed:
        yield ok(f"{seen}, in {counted(len({each['SubnetId'] for each in held}), 'subnet')}")
        return
    status = subject.endpoint()["EndpointStatus"]
    yield (problem if status == "InService" else warning)(
        f"{seen} in {_groups(subject)}; the endpoint is {status}",
        why="An instance without one reaches neither S3 nor anything else through your VPC.",
        next="The subnets need free addresses, and the role must be allowed to create network interfaces. While the "
        "endpoint is being changed, look again when it is done.",
        see={"role": "Section Role tells what the role may not."},
        command=_command(subject),
    )


def marks(subject: Subject) -> Iterator[Finding]:
    """DeleteOnTermination, which ``eni_cleanup.sh mark`` sets."""
    if not subject.exists():
        return
    its_own, ids = _its_own(subject), role_ids(subject)
    markable = [each for each in its_own if _is_manageable(each)]
    unmarked = [each for each in markable if not each["Attachment"].get("DeleteOnTermination")]
    proven = [each for each in unmarked if owner(each, ids) is Owner.OURS]
    unsure = [each for each in unmarked if owner(each, ids) is Owner.UNSURE]
    if proven:
        yield warning(
            f"{len(proven)} of {counted(len(markable), 'network interface')} not marked to be deleted along with "
            f"their instances: {listed(each['NetworkInterfaceId'] for each in proven)}",
            why="When the endpoint goes they may stay behind, and AWS deletes no security group that one stands in.",
            next="Run eni_cleanup.sh mark, as the runbook shows: instances that were added since the last "
            "deployment are not marked. Without it, a destroy takes longer.",
            command=_command(subject),
        )
    if unsure:
        yield unknown(
            f"{counted(len(unsure), 'network interface')} not marked to be deleted along with their instances, and "
            f"perhaps not the endpoint's: {listed(each['NetworkInterfaceId'] for each in unsure)}" + _lack(ids),
            command=_command(subject),
        )
    if unmarked and not proven and not unsure:
        yield ok(
            "eni_cleanup.sh marks no network interface that a role asked for which other endpoints may use too, as "
            "they may an existing one"
        )
    elif markable and not unmarked:
        yield ok("each network interface is marked to be deleted along with its instance")


def attachments(subject: Subject) -> Iterator[Finding]:
    """Attachments that AWS lets nobody but itself manage."""
    if not subject.exists():
        return
    locked = [each for each in _its_own(subject) if _is_locked(each)]
    if locked:
        yield ok(
            "AWS alone manages the attachment of "
            + listed(f"{each['NetworkInterfaceId']} ({each['Attachment']['AttachmentId']})" for each in locked)
            + "; a destroy waits until AWS lets go"
        )


def orphans(subject: Subject) -> Iterator[Finding]:
    """Interfaces that nothing uses: attached to nothing, or left when the endpoint went."""
    missing = _missing_groups(subject)
    if missing:
        place = f"{subject.names.region} of account {subject.account_id()}"
        yield unknown(
            f"there is no security group {listed(missing)} in {place}, so what is left in it cannot be seen",
            next="After a destroy that is well. Otherwise look with the region and the account of the "
            "endpoint, or correct the id.",
        )
    if len(missing) == len(subject.security_group_ids()):
        return
    alive = subject.exists()
    kept = _kept(subject)
    left = [each for each in _its_own(subject) if each not in kept and (_is_available(each) or not alive)]
    rows = listed(f"{each['NetworkInterfaceId']} ({_state(each)})" for each in left) if left else ""
    if not left:
        there = listed(each for each in subject.security_group_ids() if each not in missing)
        yield ok(f"no orphaned network interface in {there}")
    elif alive:
        yield warning(
            f"{counted(len(left), 'network interface')} attached to nothing in {_groups(subject)}: {rows}",
            why="Each holds an address of its subnet, and SageMaker may have left it behind for good.",
            next="Look again in some minutes. A destroy by Terraform deletes what still is available then; so "
            "does aws ec2 delete-network-interface.",
            command=_command(subject),
        )
    else:
        yield problem(
            f"{counted(len(left), 'network interface')} left in {_groups(subject)} without an endpoint: {rows}",
            why="AWS deletes no security group that one stands in: a destroy waits, or ends with DependencyViolation.",
            next="Run the destroy again, or eni_cleanup.sh release as the runbook shows: it waits for those in "
            "use and deletes the others. What an ela-attach holds, AWS alone lets go: after hours, ask AWS Support.",
            command=_command(subject),
        )


def _missing_groups(subject: Subject) -> list[str]:
    """Give the groups that are not there; one that an interface stands in is."""
    present = {group.get("GroupId", "") for each in _interfaces(subject) for group in each.get("Groups", [])}
    unseen = [each for each in subject.security_group_ids() if each not in present]
    return [each for each in unseen if each not in security_groups.existing_groups(subject, unseen)]


def foreign(subject: Subject) -> Iterator[Finding]:
    """Interfaces of somebody else's in the endpoint's group."""
    others = _kept(subject)
    if others:
        yield warning(
            f"{counted(len(others), 'network interface')} in {_groups(subject)} not, or perhaps not, the endpoint's: "
            + listed(_described(each) for each in others)
            + (
                _lack(role_ids(subject))
                if any(owner(each, role_ids(subject)) is Owner.UNSURE for each in others)
                else ""
            ),
            why="A destroy does not touch them, and cannot delete the group while they stand in it.",
            next="Take them out of the group, or delete them if they are yours. If you gave the endpoint a group that "
            "others share, leave them.",
            command=_command(subject),
        )


CHECKS = (count, marks, attachments, orphans, foreign, zones, addresses, routes, dns, egress, network_acls, gone.models)


def _interfaces(subject: Subject) -> "list[NetworkInterfaceTypeDef]":
    def ask() -> "list[NetworkInterfaceTypeDef]":
        groups = subject.security_group_ids()
        if not groups:
            return []
        pages = subject.aws.ec2.get_paginator("describe_network_interfaces").paginate(
            Filters=[{"Name": "group-id", "Values": groups}]
        )
        return [each for page in pages for each in page["NetworkInterfaces"]]

    return subject.once("network interfaces", ask)


def _is_available(interface: "NetworkInterfaceTypeDef") -> bool:
    return interface["Status"] == "available"


def _is_manageable(interface: "NetworkInterfaceTypeDef") -> bool:
    return bool(_MANAGEABLE.fullmatch(_attachment_id(interface)))


def _is_locked(interface: "NetworkInterfaceTypeDef") -> bool:
    return _attachment_id(interface) != "" and not _is_manageable(interface)


def _its_own(subject: Subject) -> "list[NetworkInterfaceTypeDef]":
    """Give those that are, or may be, the endpoint's."""
    ids = role_ids(subject)
    return [each for each in _interfaces(subject) if not owner(each, ids).is_another]


def _kept(subject: Subject) -> "list[NetworkInterfaceTypeDef]":
    """Give those that ``eni_cleanup.sh release`` leaves alone and reports: others', and what may be another's.

    What is not proven the endpoint's it deletes only in a group that was made for an endpoint, where no other role
    has an interface. Those in use are told once the endpoint is gone: until then most of them will be its own.
    """
    ids, interfaces, alive = role_ids(subject), _interfaces(subject), subject.exists()
    owners = [owner(each, ids) for each in interfaces]
    kept = [each for each, whose in zip(interfaces, owners, strict=True) if whose.is_another]
    unproven = [
        each
        for each, whose in zip(interfaces, owners, strict=True)
        if whose in (Owner.SHARED, Owner.UNSURE) and (_is_available(each) or not alive)
    ]
    if not unproven:
        return kept
    unsure = [each for each, whose in zip(interfaces, owners, strict=True) if whose is Owner.UNSURE]
    askers = {requesting_principal(each) for each in unsure}
    are_several = len([each for each in askers if each.startswith("AROA")]) > 1
    if Owner.NEIGHBOUR in owners or are_several or not _is_group_made(subject):
        kept += unproven
    return kept


def _is_group_made(subject: Subject) -> bool:
    """Tell whether the group was made for an endpoint; where AWS does not tell, it may be any."""
    groups = subject.security_group_ids()
    try:
        found = security_groups.existing_groups(subject, groups)
    except ClientError as error:
        if is_denied(error):
            return False
        raise
    return all(each in found and found[each]["Description"] == GROUP_DESCRIPTION for each in groups)


def _lack(ids: RoleIds) -> str:
    """Say what keeps whose they are from being known."""
    return f"; whose they are, iam:GetRole on {listed(sorted(ids.unread))} tells" if ids.unread else ""


def _attachment_id(interface: "NetworkInterfaceTypeDef") -> str:
    return interface.get("Attachment", {}).get("AttachmentId", "")


def _state(interface: "NetworkInterfaceTypeDef") -> str:
    held = _attachment_id(interface)
    return f"{interface['Status']} by {held}" if held else interface["Status"]


def _described(interface: "NetworkInterfaceTypeDef") -> str:
    """Say what tells whose it is."""
    attachment = interface.get("Attachment", {})
    facts = [
        interface.get("InterfaceType"),
        interface["Status"],
        attachment.get("InstanceId"),
        interface.get("RequesterId"),
        interface.get("Description"),
    ]
    return f"{interface['NetworkInterfaceId']} ({', '.join(str(each) for each in facts if each)})"


def _groups(subject: Subject) -> str:
    return listed(subject.security_group_ids())


def _command(subject: Subject) -> str:
    return commands.filled(commands.DESCRIBE_NETWORK_INTERFACES, group=",".join(subject.security_group_ids()))
