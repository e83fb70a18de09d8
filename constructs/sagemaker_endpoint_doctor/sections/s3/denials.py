"""The statements of a bucket's policy that deny an execution role its model's data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts import bucket_policies
from sagemaker_endpoint_doctor.facts.model_data import ModelData
from sagemaker_endpoint_doctor.facts.policies import Policy, Request, Verdict, account_names

_ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


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
        alone = [Policy(name="", document={"Statement": [_ALLOW, statement]})]
        for request in _requests(place, role_arn) if statement["Effect"] == "Deny" else ():
            reading = bucket_policies.read(subject, alone, request, role_arn, principals=account_names(role_arn))
            if reading.verdict is not Verdict.ALLOWED:
                yield Denial(
                    sid=statement.get("Sid") or f"statement {number}",
                    action=request.action,
                    conditions=_in_words(statement),
                    keys=reading.keys,
                )
                break


def _requests(place: ModelData, role_arn: str) -> list[Request]:
    """Give what SageMaker asks of S3 with the role."""
    bucket = f"arn:{role_arn.split(':')[1]}:s3:::{place.bucket}"
    return [
        Request(action="s3:GetObject", resource=f"{bucket}/{place.key}"),
        Request(action="s3:ListBucket", resource=bucket, context={"s3:prefix": place.key}),
    ]


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
