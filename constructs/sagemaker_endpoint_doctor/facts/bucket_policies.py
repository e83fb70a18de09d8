"""What a bucket's policy says to SageMaker, which comes with the execution role and through the models' VPC."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from sagemaker_endpoint_doctor.examination.subject import Subject

from . import policies
from .policies import Policy, Reading, Request
from .routed_subnets import routed_subnets
from .way_out import S3

_OF_THE_NETWORK = {"aws:sourcevpc", "aws:sourcevpce"}
# The role is no service, and AWS's own services speak the newest TLS.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
_KNOWN = {"aws:PrincipalIsAWSService": "false", "aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}


def read(
    subject: Subject, found: Iterable[Policy], request: Request, role_arn: str, *, principals: Collection[str]
) -> Reading:
    """Read it, with the way through the VPC only where it speaks of that: it takes permissions to see."""
    caller = {"aws:PrincipalArn": role_arn, "aws:PrincipalAccount": role_arn.split(":")[4]}
    known = {"aws:RequestedRegion": subject.names.region, **_KNOWN, **caller, **request.context}
    found = list(found)
    reading = policies.read(found, replace(request, context=known), principals=principals)
    if _OF_THE_NETWORK.isdisjoint(key.lower() for key in reading.keys):
        return reading
    known |= _network_context(subject, role_arn)
    return policies.read(found, replace(request, context=known), principals=principals)


def _network_context(subject: Subject, role_arn: str) -> dict[str, str]:
    """Give what S3 sees of the VPC, where all subnets reach it through the same VPC endpoint.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html
    """
    if not all(model.get("VpcConfig") for model in subject.models_of(role_arn).values()):
        return {}
    ways = [(routed.vpc_id, way) for routed in routed_subnets(subject) for way in routed.ways if way.service == S3]
    seen = {(vpc_id, *way.vpc_endpoint_ids) for vpc_id, way in ways}
    if len(seen) != 1:
        return {}
    vpc_id, *endpoint_ids = seen.pop()
    return {"aws:SourceVpc": vpc_id, "aws:SourceVpce": endpoint_ids[0]} if len(endpoint_ids) == 1 else {}
