"""Whether the endpoint serves what Terraform made of it, and how it fares.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.errors import UNANSWERED
from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, unknown, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts.deployments import last_manner
from sagemaker_endpoint_doctor.facts.settings import resolved
from sagemaker_endpoint_doctor.text.times import ago, lasting, moment
from sagemaker_endpoint_doctor.text.words import counted, shortened
from sagemaker_endpoint_runbook import commands

from .alarms import alarms
from .asynchronous import asynchronous
from .backlog import backlog
from .capture import capture
from .deployments import deployment
from .failure_reasons import meaning
from .rollback import rollback_alarms, taken_back
from .scaling import activities, blocked, policies, scaling
from .topics import topics
from .traffic import traffic

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_sagemaker.type_defs import (
        DescribeEndpointConfigOutputTypeDef,
        DescribeEndpointOutputTypeDef,
        ProductionVariantSummaryTypeDef,
    )

_STARTING = timedelta(minutes=15)
_PATIENCE = timedelta(minutes=30)
_NOT_YET = "The new configuration does not serve yet; the old one does."
_NO_ANSWER = "No request is answered."
_ADDRESSES = {"interfaces": "Section Network interfaces tells what is wrong with the network."}


def status(subject: Subject) -> Iterator[Finding]:
    """Whether it is in service, since when, and why not."""
    endpoint = subject.endpoint()
    state = endpoint["EndpointStatus"]
    judge = _JUDGES.get(state, _ended)
    yield judge(subject, endpoint)
    if judge in (_creating, _updating):
        _deployed_configuration(subject, endpoint)  # which may be denied: then the time-outs in it are left out above


def _in_service(subject: Subject, endpoint: "DescribeEndpointOutputTypeDef") -> Finding:
    changed = endpoint["LastModifiedTime"]
    return ok(f"InService since {moment(changed)} ({ago(changed, subject.now)}), when it was last changed")


def _creating(subject: Subject, endpoint: "DescribeEndpointOutputTypeDef") -> Finding:
    return _under_way(subject, endpoint, in_time=warning, late=problem, why=_NO_ANSWER)


def _updating(subject: Subject, endpoint: "DescribeEndpointOutputTypeDef") -> Finding:
    return _under_way(subject, endpoint, in_time=lambda seen, **_: ok(seen), late=warning, why=_NOT_YET)


def _under_way(
    subject: Subject,
    endpoint: "DescribeEndpointOutputTypeDef",
    *,
    in_time: Callable[..., Finding],
    late: Callable[..., Finding],
    why: str,
) -> Finding:
    """Judge a deployment by the time that it takes."""
    started = _deployment_start(endpoint)
    limit = _patience(subject, endpoint)
    took = subject.now - started
    seen = f"{endpoint['EndpointStatus']} since {moment(started)} ({ago(started, subject.now)})"
    if took <= limit:
        return in_time(
            f"{seen}; up to {lasting(limit)} are nothing unusual",
            why=why,
            next="Wait until it is InService or Failed.",
            see={"logs": "Meanwhile look at section Logs."},
            command=_show(endpoint),
        )
    return late(
        f"{seen}: it is stuck, since it should take {lasting(limit)} at most",
        why=why,
        next="SageMaker gives up by itself in the end, and says why. Where no container writes anything, the image, "
        "the role or the network keeps it from starting.",
        see={
            "logs": "Section Logs tells what the containers say.",
            "model": "Section Model tells what is wrong with the image or the model.",
            "role": "Section Role tells what the role may not.",
            "interfaces": "Section Network interfaces tells what is wrong with the network.",
        },
        command=_show(endpoint),
    )


def _at_work(_: Subject, endpoint: "DescribeEndpointOutputTypeDef") -> Finding:
    state = endpoint["EndpointStatus"]
    what = "AWS maintains it" if state == "SystemUpdating" else "SageMaker undoes a change of its weights or counts"
    return warning(
        f"{state} since {moment(endpoint['LastModifiedTime'])}: {what}",
        why="It answers, but nothing of it can be changed until this is done.",
        next="Wait until it is InService, then look again.",
        command=_show(endpoint),
    )


def _half_updated(subject: Subject, endpoint: "DescribeEndpointOutputTypeDef") -> Finding:
    found = meaning(endpoint.get("FailureReason", ""))
    return problem(
        f"UpdateRollbackFailed since {moment(endpoint['LastModifiedTime'])}: {_reason(endpoint)}",
        why="An update failed and so did its rollback: old and new instances answer side by side.",
        next=f"{resolved(subject, found.next)} The way out is another update: {subject.deploy}, or run aws sagemaker "
        "update-endpoint with the configuration that is to serve. "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-rolling.html",
        see=found.see,
        command=_show(endpoint),
    )


def _deleting(subject: Subject, endpoint: "DescribeEndpointOutputTypeDef") -> Finding:
    changed = endpoint["LastModifiedTime"]
    return problem(
        f"Deleting since {moment(changed)} ({ago(changed, subject.now)}): somebody deletes the endpoint",
        why="It answers no more requests, and is gone in some minutes.",
        next=f"If nobody meant to: wait until it is gone, then make it anew: {subject.deploy}."
        if subject.now - changed <= _PATIENCE
        else "That takes minutes: after half an hour ask AWS Support, with the endpoint's ARN.",
        command=_show(endpoint),
    )


def _ended(subject: Subject, endpoint: "DescribeEndpointOutputTypeDef") -> Finding:
    """Failed, OutOfService, or a status that AWS has added."""
    found = meaning(endpoint.get("FailureReason", ""))
    return problem(
        f"{endpoint['EndpointStatus']} since {moment(endpoint['LastModifiedTime'])}: {_reason(endpoint)}",
        why=_NO_ANSWER,
        next=f"{resolved(subject, found.next)} Then {subject.deploy}. A failed endpoint can only be deleted and made "
        "anew" + (": if the plan does not replace it, use -replace." if subject.is_of_terraform else "."),
        see=found.see,
        command=_show(endpoint),
    )


_JUDGES: Mapping[str, Callable[[Subject, "DescribeEndpointOutputTypeDef"], Finding]] = {
    "InService": _in_service,
    "Creating": _creating,
    "Updating": _updating,
    "SystemUpdating": _at_work,
    "RollingBack": _at_work,
    "UpdateRollbackFailed": _half_updated,
    "Deleting": _deleting,
}


def configuration(subject: Subject) -> Iterator[Finding]:
    """Whether it serves the configuration that Terraform made: SageMaker rolls a failed update back in silence.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_EndpointMetadata.html: FailureReason is also there
    when "the status is InService but update operation fails".
    """
    endpoint = subject.endpoint()
    live, stated = endpoint["EndpointConfigName"], subject.names.endpoint_config_name
    pending = endpoint.get("PendingDeploymentSummary", {}).get("EndpointConfigName")
    of_terraform = " (Terraform's)" if stated == live else ""
    rolled_back = endpoint["EndpointStatus"] == "InService" and "FailureReason" in endpoint
    if pending and pending != live and stated in (None, live, pending):
        yield ok(f"serves {live} while {pending} is being deployed")
    elif rolled_back:
        rate, found = warning if stated == live else problem, meaning(endpoint["FailureReason"])
        yield rate(
            f"the last change failed and was rolled back; it serves {live}{of_terraform}"
            + (f", not Terraform's {stated}" if stated and stated != live else "")
            + f": {_reason(endpoint)}",
            why="It answers as before the change, and nothing but this says so.",
            next=f"{resolved(subject, found.next)} Then {subject.deploy}.",
            see=found.see,
            command=_show(endpoint),
        )
    elif stated and stated != live:
        yield problem(
            f"serves {live}, not Terraform's {stated}",
            why="What was last applied is not what answers: an update was rolled back, or made past Terraform.",
            next="Mend what blocks it, as told below."
            if any(blocked(subject))
            else f"Look at terraform plan, then {subject.deploy}.",
            command=_show(endpoint),
        )
    else:
        yield ok(f"its configuration is {live}{of_terraform}")


def variants(subject: Subject) -> Iterator[Finding]:
    """Whether each variant has the instances and the share of traffic that it wants, once nothing is under way."""
    endpoint = subject.endpoint()
    if endpoint["EndpointStatus"] != "InService":
        return
    present, shadows = endpoint.get("ProductionVariants", []), endpoint.get("ShadowProductionVariants", [])
    if not present:
        yield unknown("AWS does not tell which variants it has", command=_show(endpoint))
    for variant in [*present, *shadows]:
        name, is_shadow = variant["VariantName"], variant in shadows
        if _lacks_counts(variant):
            yield unknown(f"AWS does not tell how many instances of {name} run", command=_show(endpoint))
            continue
        counts = _shadow_complaints(subject, variant) if is_shadow else _count_complaints(subject, variant)
        complaints = [*counts, *_weight_complaints(subject, variant)]
        kind = ", a shadow variant" if is_shadow else ""
        yield from complaints or [ok(f"{name}{kind}: {_size(variant)}, weight {_weight(variant):g}")]
    if present and not any(map(_weight, present)):
        yield problem(
            f"{counted(len(present), 'variant')}, all with the weight 0",
            why="No variant takes requests, unless a caller names one.",
            next=f"Give one variant a weight (initial_variant_weight) above 0, then {subject.deploy}.",
            command=_show(endpoint),
        )


def images(subject: Subject) -> Iterator[Finding]:
    """Which image each variant runs: SageMaker resolves a tag once, when it deploys.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeployedImage.html
    """
    endpoint = subject.endpoint()
    if endpoint["EndpointStatus"] != "InService":
        return
    for variant in subject.deployed_variants():
        for image in variant.get("DeployedImages", []):
            specified, resolved = image.get("SpecifiedImage", "no image"), image.get("ResolvedImage")
            if not resolved:
                yield warning(
                    f"{variant['VariantName']}: {specified} is not resolved to a digest",
                    why="Nothing tells which image answers.",
                    next="The image must exist at that tag.",
                    see={"model": "Section Model tells what is wrong with it."},
                    command=_show(endpoint),
                )
                continue
            digest = resolved.rpartition("@")[2]
            yield ok(
                f"{variant['VariantName']} runs {specified}"
                + ("" if digest in specified else f", resolved to {digest[:19]}")
                + (f" on {moment(image['ResolutionTime'])}" if "ResolutionTime" in image else "")
            )


def _count_complaints(subject: Subject, variant: "ProductionVariantSummaryTypeDef") -> Iterator[Finding]:
    """Tell of instances that are missing.

    An asynchronous endpoint may want none; where inference components run SageMaker manages their number by itself.
    https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
    https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html
    """
    endpoint = subject.endpoint()
    current, desired = variant.get("CurrentInstanceCount"), variant.get("DesiredInstanceCount")
    if current is None or desired is None:  # a serverless variant has no counts
        return
    if not desired and not current and not subject.is_asynchronous() and not _is_managed(variant):
        yield problem(
            f"no instance of {variant['VariantName']} runs, and none is wanted",
            why=_NO_ANSWER,
            next="Somebody or something scaled it to none. Raise its number of instances, or the minimum of its "
            "scaling, then look again.",
            command=_show(endpoint),
        )
    if current >= desired:
        return
    yield problem(
        f"{current} of {counted(desired, 'instance')} of {variant['VariantName']} run",
        why="The remaining instances take all requests: these slow down or fail." if current else _NO_ANSWER,
        next="AWS may have too few instances of this type free, or the subnets too few addresses. If it stays so, take "
        f"another instance_type or more subnets, then {subject.deploy}.",
        see=_ADDRESSES,
        command=_show(endpoint),
    )


def _shadow_complaints(subject: Subject, variant: "ProductionVariantSummaryTypeDef") -> Iterator[Finding]:
    """Tell of instances that a shadow variant lacks: nobody who calls the endpoint notices.

    https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests.html
    """
    current, desired = variant.get("CurrentInstanceCount", 0), variant.get("DesiredInstanceCount", 0)
    if current and current >= desired:
        return
    yield problem(
        f"{current} of {counted(desired, 'instance')} of the shadow variant {variant['VariantName']} run",
        why="Callers are answered as ever, but what the shadow test is to tell is not measured"
        + (" as it is with all its instances." if current else ": the shadow variant gets no requests."),
        next="AWS may have too few instances of this type free, or the subnets too few addresses. If its scaling took "
        f"them away, raise the minimum. Otherwise {subject.deploy}.",
        see=_ADDRESSES,
        command=_show(subject.endpoint()),
    )


def _is_managed(variant: "ProductionVariantSummaryTypeDef") -> bool:
    return variant.get("ManagedInstanceScaling", {}).get("Status") == "ENABLED"


def _lacks_counts(variant: "ProductionVariantSummaryTypeDef") -> bool:
    """Tell whether it has instances, and AWS does not say how many: a serverless variant has none."""
    is_serverless = "CurrentServerlessConfig" in variant or "DesiredServerlessConfig" in variant
    return not is_serverless and not {"CurrentInstanceCount", "DesiredInstanceCount"} <= variant.keys()


def _weight_complaints(subject: Subject, variant: "ProductionVariantSummaryTypeDef") -> Iterator[Finding]:
    desired = variant.get("DesiredWeight")
    if desired is None or desired == _weight(variant):
        return
    yield warning(
        f"{variant['VariantName']} has the weight {_weight(variant):g}, but wants {desired:g}",
        why="Requests are shared in another way than was asked for.",
        next=f"Wait some minutes and look again; if it stays so, {subject.deploy}.",
        command=_show(subject.endpoint()),
    )


def _weight(variant: "ProductionVariantSummaryTypeDef") -> float:
    return variant.get("CurrentWeight", 1.0)  # one that is not stated is 1


def _size(variant: "ProductionVariantSummaryTypeDef") -> str:
    if "CurrentServerlessConfig" in variant:
        return f"serverless, up to {variant['CurrentServerlessConfig']['MaxConcurrency']} requests at once"
    current, desired = variant.get("CurrentInstanceCount", 0), variant.get("DesiredInstanceCount", 0)
    if not current and not desired:
        return "no instance, and none is wanted now"
    return f"{current} of {counted(desired, 'instance')}"


def _deployment_start(endpoint: "DescribeEndpointOutputTypeDef") -> datetime:
    return endpoint.get("PendingDeploymentSummary", {}).get("StartTime", endpoint["LastModifiedTime"])


def _patience(subject: Subject, endpoint: "DescribeEndpointOutputTypeDef") -> timedelta:
    """Give the time that a deployment may take: half an hour, or more if its own time-outs, where seen, allow more.

    AWS states no time. Instances and image need up to a quarter of an hour; then come the download and the start-up,
    for which https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html has time-outs, and
    what the deployment itself waits for.
    """
    try:
        deployed = _deployed_configuration(subject, endpoint)
        variants = [*deployed["ProductionVariants"], *deployed.get("ShadowProductionVariants", [])]
    except UNANSWERED:
        variants = []
    starts = [
        timedelta(
            seconds=variant.get("ModelDataDownloadTimeoutInSeconds", 0)
            + variant.get("ContainerStartupHealthCheckTimeoutInSeconds", 0)
        )
        for variant in variants
    ]
    manner = last_manner(endpoint)
    return max(_PATIENCE, _STARTING + max(starts, default=timedelta()) + manner.waits, manner.limit)


def _deployed_configuration(
    subject: Subject, endpoint: "DescribeEndpointOutputTypeDef"
) -> "DescribeEndpointConfigOutputTypeDef":
    pending = endpoint.get("PendingDeploymentSummary", {}).get("EndpointConfigName", endpoint["EndpointConfigName"])
    return subject.configuration_named(pending)


def _reason(endpoint: "DescribeEndpointOutputTypeDef") -> str:
    return shortened(endpoint.get("FailureReason", "AWS gives no reason"), 1024)


def _show(endpoint: "DescribeEndpointOutputTypeDef") -> str:
    return commands.filled(commands.DESCRIBE_ENDPOINT, endpoint=endpoint["EndpointName"])


CHECKS = (
    status,
    configuration,
    taken_back,
    blocked,
    deployment,
    rollback_alarms,
    variants,
    images,
    traffic,
    backlog,
    asynchronous,
    topics,
    capture,
    alarms,
    scaling,
    policies,
    activities,
)
