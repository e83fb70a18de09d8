"""The statements of a bucket's policy that deny an execution role its model's data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sagemaker_endpoint_doctor.facts import policies
from sagemaker_endpoint_doctor.facts.model_data import ModelData
from sagemaker_endpoint_doctor.facts.policies import Policy, Request, Verdict
from sagemaker_endpoint_doctor.facts.routed_subnets import routed_subnets
from sagemaker_endpoint_doctor.facts.way_out import S3
from sagemaker_endpoint_doctor.subject import Subject

_ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
_OF_THE_NETWORK = {"aws:sourcevpc", "aws:sourcevpce"}
_HARMLESS = {"s3:tlsversion"}  # AWS's own services speak the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """A statement that denies something to the role.

    Attributes:
        sid: Its Sid, or its number.
        action: What it denies, such as ``s3:GetObject``.
        conditions: Its conditions and whom it excepts, in words; empty if there are none.
        keys: The condition keys that it hangs on and that nobody here knows; empty if it denies for certain.
    """

    sid: str
    action: str
    conditions: str
    keys: Sequence[str]


def denials(subject: Subject, policy: Policy, place: ModelData, role_arn: str) -> Iterator[Denial]:
    """Yield the statements of a bucket's policy that deny, or may deny, a role its data, each once."""
    for number, statement in enumerate(policy.statements(), start=1):
        for request in _requests(subject, place, role_arn) if statement["Effect"] == "Deny" else ():
            reading = _read(subject, statement, request, role_arn)
            if reading.verdict is Verdict.DENIED or _lowered(reading.keys) - _HARMLESS:
                yield Denial(
                    sid=statement.get("Sid") or f"statement {number}",
                    action=request.action,
                    conditions=_in_words(statement),
                    keys=reading.keys,
                )
                break


def _requests(subject: Subject, place: ModelData, role_arn: str) -> list[Request]:
    """Give what SageMaker asks of S3 with the role: always over TLS, and as the role, which is no service."""
    partition, account_id = role_arn.split(":")[1], role_arn.split(":")[4]
    bucket = f"arn:{partition}:s3:::{place.bucket}"
    context = {
        "aws:PrincipalArn": role_arn,
        "aws:PrincipalAccount": account_id,
        "aws:PrincipalIsAWSService": "false",
        "aws:RequestedRegion": subject.names.region,
        "aws:SecureTransport": "true",
    }
    return [
        Request(action="s3:GetObject", resource=f"{bucket}/{place.key}", context=context),
        Request(action="s3:ListBucket", resource=bucket, context=context | {"s3:prefix": place.key}),
    ]


def _read(subject: Subject, statement: Mapping[str, Any], request: Request, role_arn: str) -> policies.Reading:
    """Read one statement, with the way through the VPC only where it speaks of that: it takes permissions to see."""
    names = policies.account_names(role_arn)
    alone = [Policy(name="", document={"Statement": [_ALLOW, statement]})]
    reading = policies.read(alone, request, principals=names)
    if _OF_THE_NETWORK.isdisjoint(_lowered(reading.keys)):
        return reading
    context = {**request.context, **_network_context(subject)}
    return policies.read(alone, replace(request, context=context), principals=names)


def _network_context(subject: Subject) -> dict[str, str]:
    """Give what S3 sees of the VPC, where all subnets reach it through the same VPC endpoint.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html
    """
    ways = [(routed.vpc_id, way) for routed in routed_subnets(subject) for way in routed.ways if way.service == S3]
    seen = {(vpc_id, *way.vpc_endpoint_ids) for vpc_id, way in ways}
    if len(seen) != 1:
        return {}
    vpc_id, *endpoint_ids = seen.pop()
    return {"aws:SourceVpc": vpc_id, "aws:SourceVpce": endpoint_ids[0]} if len(endpoint_ids) == 1 else {}


def _lowered(keys: Iterable[str]) -> set[str]:
    """Give condition keys as they are compared: their case does not matter."""
    return {key.lower() for key in keys}


def _in_words(statement: Mapping[str, Any]) -> str:
    """Say on what conditions a statement denies: ``StringNotEquals aws:SourceVpce vpce-1``."""
    words = [
        f"{operator} {key} {_values(values)}"
        for operator, tests in statement.get("Condition", {}).items()
        for key, values in tests.items()
    ]
    if "NotPrincipal" in statement:
        excepted = statement["NotPrincipal"]
        named = [excepted] if isinstance(excepted, str) else list(excepted.values())
        words.insert(0, f"NotPrincipal {', '.join(_values(each) for each in named)}")
    return ", ".join(words)


def _values(values: object) -> str:
    return ", ".join(map(str, values)) if isinstance(values, list) else str(values)
