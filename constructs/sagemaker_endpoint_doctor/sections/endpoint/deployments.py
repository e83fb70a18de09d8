"""The last deployment of the endpoint, or the one under way.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PendingDeploymentSummary.html
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.examination.finding import Finding, ok
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts.alarms import rollback_names
from sagemaker_endpoint_doctor.facts.deployments import Manner, last_manner
from sagemaker_endpoint_doctor.text.times import ago, lasting, moment
from sagemaker_endpoint_doctor.text.words import shortened

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_sagemaker.type_defs import DescribeEndpointOutputTypeDef, PendingProductionVariantSummaryTypeDef

# https://github.com/hashicorp/terraform-provider-aws/issues/39040
_TERRAFORM_WAITS = timedelta(minutes=60)


def deployment(subject: Subject) -> Iterator[Finding]:
    """When and how it was last deployed; of one under way, how far it is."""
    endpoint = subject.endpoint()
    guards = rollback_names(subject)
    guarded = f"taken back by {', '.join(guards)}" if guards else "with no alarm to roll it back"
    manner = last_manner(endpoint)
    if endpoint["EndpointStatus"] == "InService":
        deployed = _last_deployment(endpoint)
        when = f"on {moment(deployed)} ({ago(deployed, subject.now)})" if deployed else "at a time AWS does not tell"
        yield ok(f"last deployed {when}: {manner.words}, {guarded}")
    elif "PendingDeploymentSummary" in endpoint:
        yield from _under_way(subject, endpoint, manner, guarded)


def _under_way(
    subject: Subject, endpoint: "DescribeEndpointOutputTypeDef", manner: Manner, guarded: str
) -> Iterator[Finding]:
    pending = endpoint["PendingDeploymentSummary"]
    for variant in [*pending.get("ProductionVariants", []), *pending.get("ShadowProductionVariants", [])]:
        yield from _of_variant(subject, variant, manner)
    if endpoint["EndpointStatus"] != "Updating":  # a new endpoint takes its requests when all of it is there
        return
    waits = f"; all its waits take {lasting(manner.waits)}" if manner.waits else ""
    longer = ", longer than Terraform's provider waits" if max(manner.waits, manner.limit) > _TERRAFORM_WAITS else ""
    last = "LastDeploymentConfig" in endpoint
    told = f"{manner.words}, {guarded}{waits}{longer}" if last else "how, AWS does not tell"
    yield ok(f"{pending['EndpointConfigName']} is being deployed: {told}")


def _of_variant(
    subject: Subject, variant: "PendingProductionVariantSummaryTypeDef", manner: Manner
) -> Iterator[Finding]:
    statuses = variant.get("VariantStatus", [])
    if not statuses:
        return
    status = statuses[-1]
    began = status.get("StartTime")
    since = f" since {moment(began)}" if began else ""
    message = f": {shortened(status['StatusMessage'])}" if status.get("StatusMessage") else ""
    left = began + manner.wait - subject.now if began else timedelta()
    bakes = status["Status"] == "Baking" and left > timedelta()
    yield ok(f"{variant['VariantName']} is {status['Status']}{since}{message}" + (f", {lasting(left)} left" * bakes))


def _last_deployment(endpoint: "DescribeEndpointOutputTypeDef") -> datetime | None:
    """Give the time at which images were last resolved: LastModifiedTime also changes as instances come and go."""
    times = [
        image["ResolutionTime"]
        for variant in endpoint.get("ProductionVariants", [])
        for image in variant.get("DeployedImages", [])
        if "ResolutionTime" in image
    ]
    return max(times, default=None)
