"""The automatic scaling of the endpoint's variants.

https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_runbook import commands

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_application_autoscaling.type_defs import ScalableTargetTypeDef
    from mypy_boto3_sagemaker.type_defs import ProductionVariantSummaryTypeDef

_INSTANCES = "sagemaker:variant:DesiredInstanceCount"


def scaling(subject: Subject) -> Iterator[Finding]:
    """Whether each variant can still grow."""
    endpoint = subject.endpoint()
    variants = {
        f"endpoint/{endpoint['EndpointName']}/variant/{variant['VariantName']}": variant
        for variant in subject.deployed_variants()
    }
    if not variants:
        return
    targets = list(_targets(subject, list(variants)))
    for target in targets:
        yield _judged(target, variants[target["ResourceId"]])
    if not targets and any(map(_is_fixed, variants.values())):
        yield ok("no variant scales by itself: the number of instances is fixed")


def _is_fixed(variant: "ProductionVariantSummaryTypeDef") -> bool:
    """Tell whether nothing but Application Auto Scaling changes the number of its instances.

    A serverless variant has none, and where inference components run SageMaker may manage it by itself.
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantSummary.html
    """
    is_managed = variant.get("ManagedInstanceScaling", {}).get("Status") == "ENABLED"
    return not is_managed and "CurrentServerlessConfig" not in variant and "DesiredServerlessConfig" not in variant


def _targets(subject: Subject, resource_ids: list[str]) -> "Iterator[ScalableTargetTypeDef]":
    pages = subject.aws.application_autoscaling.get_paginator("describe_scalable_targets")
    for page in pages.paginate(ServiceNamespace="sagemaker", ResourceIds=resource_ids):
        yield from page["ScalableTargets"]


def _judged(target: "ScalableTargetTypeDef", variant: "ProductionVariantSummaryTypeDef") -> Finding:
    name, unit = variant["VariantName"], "instances"
    wanted = variant.get("DesiredInstanceCount", 0)
    if target["ScalableDimension"] != _INSTANCES:
        unit = "concurrent requests (provisioned)"
        wanted = variant.get("DesiredServerlessConfig", {}).get("ProvisionedConcurrency", 0)
    show = commands.filled(
        commands.DESCRIBE_SCALABLE_TARGETS, endpoint=target["ResourceId"].split("/")[1], variant=name
    )
    if wanted >= target["MaxCapacity"]:
        return warning(
            f"{name} is scaled to {wanted} {unit}, its maximum is {target['MaxCapacity']}",
            why="It cannot grow any more: with more requests it becomes slow, then fails.",
            next="If requests are slow or fail, raise the scalable target's maximum; mind the account's quota for the "
            "instance type.",
            command=show,
        )
    if target.get("SuspendedState", {}).get("DynamicScalingOutSuspended"):
        return warning(
            f"{name} may scale to {target['MaxCapacity']} {unit}, but scaling out is suspended at {wanted}",
            why="It does not grow with the number of requests.",
            next="Find out who suspended it and why; register the scalable target anew without the suspension.",
            command=show,
        )
    return ok(f"{name} scales from {target['MinCapacity']} to {target['MaxCapacity']} {unit}, {wanted} now")
