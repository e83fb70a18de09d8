"""What moto lacks, filled in: one file to a gap, each with the AWS page that it follows."""

from dataclasses import dataclass

from tests.embedded_aws.settings import Settings

from . import (
    alarm_history,
    blackhole_route,
    bucket_owner,
    bucket_policy,
    dependency_violation,
    ec2_filters,
    endpoint_kinds,
    iam_enforcement,
    interface_in_use,
    invoke_endpoint,
    key_rotation_period,
    layer_download,
    log_filter_pattern,
    log_group_key,
    other_registries,
    rule_description,
    sagemaker_describe,
    sagemaker_resources,
    scalable_targets,
    scaling_activities,
    simulate_principal_policy,
    variant_instance_types,
    variant_without_model,
)
from .deployment_guardrails import DeploymentGuardrails
from .endpoint_interfaces import EndpointInterfaces
from .endpoint_lifecycle import EndpointLifecycle
from .schedule import Schedule


@dataclass(frozen=True, kw_only=True)
class Gaps:
    """The filled gaps that can be steered."""

    schedule: Schedule
    interfaces: EndpointInterfaces
    lifecycle: EndpointLifecycle


def fill_all(settings: Settings) -> Gaps:
    """Fill every gap in this process, but for those of `preload.py`. What is filled later sees a request earlier."""
    schedule = Schedule()
    interfaces = EndpointInterfaces(schedule=schedule, behaviour=settings.interfaces)
    sagemaker_describe.fill()
    guardrails = DeploymentGuardrails(schedule=schedule, wait_seconds=settings.wait_seconds)
    guardrails.fill()
    lifecycle = EndpointLifecycle(
        schedule=schedule, seconds=settings.transition_seconds, interfaces=interfaces, guardrails=guardrails
    )
    lifecycle.fill()
    endpoint_kinds.fill()
    variant_instance_types.fill()
    variant_without_model.fill()
    sagemaker_resources.fill()
    scalable_targets.fill()
    interface_in_use.fill()
    dependency_violation.fill()
    ec2_filters.fill()
    key_rotation_period.fill()
    layer_download.fill()
    other_registries.fill()
    rule_description.fill()
    log_filter_pattern.fill()
    log_group_key.fill()
    invoke_endpoint.fill()
    simulate_principal_policy.fill()
    blackhole_route.fill()
    bucket_owner.fill()
    bucket_policy.fill()
    iam_enforcement.fill()
    alarm_history.fill()
    scaling_activities.fill()
    return Gaps(schedule=schedule, interfaces=interfaces, lifecycle=lifecycle)
