"""The endpoint's network interfaces, and the network that they stand in.

What SageMaker needs of it: https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor import commands
from sagemaker_endpoint_doctor.facts import gone, instances, security_groups
from sagemaker_endpoint_doctor.finding import Finding, ok, problem, unknown, warning
from sagemaker_endpoint_doctor.subject import Subject
from sagemaker_endpoint_doctor.words import counted, listed

from .addresses import addresses
from .egress import egress
from .owner import Owner, owner
from .routes import routes

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_ec2.type_defs import NetworkInterfaceTypeDef

_MANAGEABLE = re.compile("eni-attach-[0-9a-f]{8,17}")  # as in eni_cleanup.sh


def count(subject: Subject) -> Iterator[Finding]:
    """As many interfaces as instances: SageMaker makes one for each, or more."""
    if not subject.subnet_ids():
        yield ok("the models run outside your VPC, so there is no network of yours to look at")
        return
    needed = instances.running(subject)
    held = [each for each in _interfaces(subject) if owner(each) is not Owner.FOREIGN and not _is_available(each)]
    seen = f"{counted(len(held), 'network interface')} for {counted(needed, 'instance')}"
    if len(held) >= needed:
        yield ok(f"{seen}, in {counted(len({each['SubnetId'] for each in held}), 'subnet')}")
        return
    status = subject.endpoint()["EndpointStatus"]
    yield (problem if status == "InService" else warning)(
        f"{seen} in {_groups(subject)}; the endpoint is {status}",
        why="An instance without one reaches neither S3 nor anything else through your VPC.",
        next="See below whether the subnets have free addresses, and in section Role whether the role may create "
        "network interfaces. While the endpoint is being changed, look again when it is done.",
        command=_command(subject),
    )


def marks(subject: Subject) -> Iterator[Finding]:
    """DeleteOnTermination, which ``eni_cleanup.sh mark`` sets."""
    if not subject.exists():
        return
    markable = [each for each in _interfaces(subject) if owner(each) is not Owner.FOREIGN and _is_manageable(each)]
    unmarked = [each for each in markable if not each["Attachment"].get("DeleteOnTermination")]
    if unmarked:
        yield warning(
            f"{len(unmarked)} of {counted(len(markable), 'network interface')} not marked to be deleted along with "
            f"their instances: {listed(each['NetworkInterfaceId'] for each in unmarked)}",
            why="When the endpoint goes they may stay behind, and AWS deletes no security group that one stands in.",
            next="Run scripts/eni_cleanup.sh mark, as the runbook shows: instances that were added since the last "
            "terraform apply are not marked. Without it, terraform destroy takes longer.",
            command=_command(subject),
        )
    elif markable:
        yield ok("each network interface is marked to be deleted along with its instance")


def attachments(subject: Subject) -> Iterator[Finding]:
    """Attachments that AWS lets nobody but itself manage."""
    if not subject.exists():
        return
    locked = [each for each in _interfaces(subject) if owner(each) is not Owner.FOREIGN and _is_locked(each)]
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
            next="After a terraform destroy that is well. Otherwise look with the region and the account of the "
            "endpoint, or correct the id.",
        )
    if len(missing) == len(subject.security_group_ids()):
        return
    alive = subject.exists()
    left = [each for each in _interfaces(subject) if _is_orphan(each, alive=alive)]
    rows = listed(f"{each['NetworkInterfaceId']} ({_state(each)})" for each in left) if left else ""
    if not left:
        there = listed(each for each in subject.security_group_ids() if each not in missing)
        yield ok(f"no orphaned network interface in {there}")
    elif alive:
        yield warning(
            f"{counted(len(left), 'network interface')} attached to nothing in {_groups(subject)}: {rows}",
            why="Each holds an address of its subnet, and SageMaker may have left it behind for good.",
            next="Look again in some minutes. terraform destroy deletes what still is available then; so does "
            "aws ec2 delete-network-interface.",
            command=_command(subject),
        )
    else:
        yield problem(
            f"{counted(len(left), 'network interface')} left in {_groups(subject)} without an endpoint: {rows}",
            why="AWS deletes no security group that one stands in: terraform destroy waits, or ends with "
            "DependencyViolation.",
            next="Run terraform destroy, or scripts/eni_cleanup.sh release as the runbook shows: it waits for those in "
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
    others = [each for each in _interfaces(subject) if _is_kept(each)]
    if others:
        yield warning(
            f"{counted(len(others), 'network interface')} in {_groups(subject)} not, or perhaps not, the endpoint's: "
            + listed(_described(each) for each in others),
            why="terraform destroy does not touch them, and cannot delete the group while they stand in it.",
            next="Take them out of the group, or delete them if they are yours. If you gave the endpoint a group that "
            "others share, leave them.",
            command=_command(subject),
        )


CHECKS = (count, marks, attachments, orphans, foreign, addresses, routes, egress, gone.models)


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


def _is_kept(interface: "NetworkInterfaceTypeDef") -> bool:
    """Tell whether ``eni_cleanup.sh release`` would leave it alone and report it."""
    whose = owner(interface)
    return whose is Owner.FOREIGN or (whose is Owner.UNSURE and _is_available(interface))


def _is_orphan(interface: "NetworkInterfaceTypeDef", *, alive: bool) -> bool:
    return not _is_kept(interface) and (_is_available(interface) or not alive)


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
