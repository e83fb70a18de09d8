"""What moto lacks, filled in: one file to a gap, each with the AWS page that it follows."""

from dataclasses import dataclass

from tests.embedded_aws.settings import Settings

from . import (
    dependency_violation,
    ec2_filters,
    iam_enforcement,
    interface_in_use,
    invoke_endpoint,
    key_rotation_period,
    sagemaker_describe,
    sagemaker_resources,
    variant_instance_types,
)
from .endpoint_interfaces import EndpointInterfaces
from .endpoint_lifecycle import EndpointLifecycle
from .schedule import Schedule


@dataclass(frozen=True, kw_only=True)
class Gaps:
    """The filled gaps that can be steered."""

    schedule: Schedule
    interfaces: EndpointInterfaces


def fill_all(settings: Settings) -> Gaps:
    """Fill every gap in this process. What is filled later sees a request earlier."""
    schedule = Schedule()
    interfaces = EndpointInterfaces(schedule=schedule, behaviour=settings.interfaces)
    sagemaker_describe.fill()
    EndpointLifecycle(schedule=schedule, seconds=settings.transition_seconds, interfaces=interfaces).fill()
    variant_instance_types.fill()
    sagemaker_resources.fill()
    interface_in_use.fill()
    dependency_violation.fill()
    ec2_filters.fill()
    key_rotation_period.fill()
    invoke_endpoint.fill()
    iam_enforcement.fill()
    return Gaps(schedule=schedule, interfaces=interfaces)
