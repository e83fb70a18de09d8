"""Whether the VPC endpoints for S3 let the models' data through."""

import json
from collections.abc import Iterator

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, unknown
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts import bucket_policies
from sagemaker_endpoint_doctor.facts.model_data import ModelData
from sagemaker_endpoint_doctor.facts.policies import Policy, Request, Verdict, account_names
from sagemaker_endpoint_doctor.facts.routed_subnets import routed_subnets, vpc_endpoints
from sagemaker_endpoint_doctor.facts.way_out import S3
from sagemaker_endpoint_doctor.text.words import listed
from sagemaker_endpoint_runbook import commands

from .buckets import data, roles_of


def endpoint_policies(subject: Subject) -> Iterator[Finding]:
    """Tell whether the policies of the VPC endpoints that the data comes through allow it.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    ways = [way for routed in routed_subnets(subject) for way in routed.ways if way.service == S3]
    used = {each for way in ways for each in way.vpc_endpoint_ids}
    for endpoint in vpc_endpoints(subject):
        if endpoint["VpcEndpointId"] not in used or not endpoint.get("PolicyDocument"):
            continue
        policy = Policy(name=endpoint["VpcEndpointId"], document=json.loads(endpoint["PolicyDocument"]))
        places = [(place, role) for place in data(subject) for role in roles_of(subject, place)]
        complaints = [each for place, role in places for each in _complaints(subject, policy, place, role)]
        yield from complaints
        if places and not complaints:
            yield ok(
                f"the policy of {policy.name} lets {listed(dict.fromkeys(str(each) for each, _ in places))} through"
            )


def _complaints(subject: Subject, policy: Policy, place: ModelData, role_arn: str) -> Iterator[Finding]:
    resource = f"arn:{role_arn.split(':')[1]}:s3:::{place.bucket}/{place.key}"
    request = Request(action="s3:GetObject", resource=resource)
    reading = bucket_policies.read(subject, [policy], request, role_arn, principals=account_names(role_arn))
    show = commands.filled(commands.DESCRIBE_VPC_ENDPOINTS, vpc=_vpc(subject, policy.name))
    if reading.verdict is Verdict.UNKNOWN:
        yield unknown(
            f"whether the policy of {policy.name} lets {place} through hangs on {listed(reading.keys)}",
            next="Read the policy: s3:GetObject must be allowed on the data.",
            command=show,
        )
    elif reading.verdict is not Verdict.ALLOWED:
        yield problem(
            f"the policy of {policy.name} does not let {place} through: s3:GetObject is {reading.verdict.value}",
            why="SageMaker loads the model's data through this VPC endpoint, so an instance cannot start.",
            next=f"Allow s3:GetObject and s3:ListBucket on {place.bucket} in its policy.",
            command=show,
        )


def _vpc(subject: Subject, endpoint_id: str) -> str:
    return next(each["VpcId"] for each in vpc_endpoints(subject) if each["VpcEndpointId"] == endpoint_id)
