"""Whether the subnets lie in two availability zones, as AWS asks even for a single instance.

https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html
"""

from collections.abc import Iterator

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts.subnets import existing_subnets
from sagemaker_endpoint_doctor.text.words import counted, listed
from sagemaker_endpoint_runbook import commands


def zones(subject: Subject) -> Iterator[Finding]:
    """Count the zones of the subnets that exist; `addresses` tells of the others."""
    subnets = existing_subnets(subject)
    found = sorted({each["AvailabilityZone"] for each in subnets.values()})
    if len(found) > 1:
        yield ok(f"the subnets lie in {counted(len(found), 'availability zone')}")
    elif found:
        yield warning(
            f"{listed(subnets)} {'lies' if len(subnets) == 1 else 'lie'} in one availability zone, {found[0]}",
            why="AWS asks for two subnets in two zones, even for a single instance: "
            "https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html. What ends that zone ends the endpoint.",
            next=f"Add a private subnet in another zone, then {subject.deploy}.",
            command=commands.filled(commands.DESCRIBE_SUBNETS, subnets=",".join(subject.subnet_ids())),
        )
