"""What moto lacks, filled in: one file to a gap, each with the AWS page that it follows."""

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


def fill_all(settings: Settings) -> Schedule:
    """Fill every gap in this process. What is filled later sees a request earlier."""
    schedule = Schedule()
    sagemaker_describe.fill()
    EndpointLifecycle(
        schedule=schedule,
        seconds=settings.transition_seconds,
        interfaces=EndpointInterfaces(settings.interfaces_after_delete),
    ).fill()
    variant_instance_types.fill()
    sagemaker_resources.fill()
    interface_in_use.fill()
    dependency_violation.fill()
    ec2_filters.fill()
    key_rotation_period.fill()
    invoke_endpoint.fill()
    iam_enforcement.fill()
    return schedule
