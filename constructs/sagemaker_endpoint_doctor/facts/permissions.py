"""Whether a role may do something: simulated by IAM where that is allowed, otherwise evaluated here."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.errors import CannotCheckError, error_code, is_denied
from sagemaker_endpoint_doctor.aws.reads import permission
from sagemaker_endpoint_doctor.examination.subject import Subject

from botocore.exceptions import ClientError

from . import bucket_policies, resource_policies, roles
from .policies import Policy, Reading, Request, Verdict, account_names, read, role_names

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_iam.type_defs import (
        ContextEntryTypeDef,
        EvaluationResultTypeDef,
        PermissionsBoundaryDecisionDetailTypeDef,
    )

EVALUATED_HERE = (
    "evaluated here from the policies, for want of iam:SimulatePrincipalPolicy: "
    "service control policies and what the policies' unusual conditions hang on are left out"
)
NOTHING_ALLOWS = "none of its policies allows it"
_BOUNDARY_LACKS = "its permissions boundary does not allow it"
_BOUNDARY_DENIES = "its permissions boundary denies it"
_AT_ONCE = 4  # calls side by side: IAM has one small limit of calls a second for the whole account
_BOUNDED: "PermissionsBoundaryDecisionDetailTypeDef" = {"AllowedByPermissionsBoundary": True}
_ALLOW_ALL = Policy(name="*", document={"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Whether a role may do something.

    Attributes:
        request: What was asked.
        verdict: Whether it may.
        cause: Why not, or what it hangs on, in a few words; empty where it may.
        simulated: Whether IAM said so; otherwise see `EVALUATED_HERE`.
        is_own: Whether it is a policy of the role's own that denies it.
        is_warned: Whether it may, unless a bucket's policy denies it on a condition that nobody here knows.
    """

    request: Request
    verdict: Verdict
    cause: str = ""
    simulated: bool
    is_own: bool = False
    is_warned: bool = False

    @property
    def is_refusal(self) -> bool:
        """Whether it is certain that the role may not."""
        return self.verdict in (Verdict.DENIED, Verdict.SILENT)


def ask(subject: Subject, role_arn: str, requests: Sequence[Request]) -> list[Answer]:
    """Tell of each request, in their order, whether the role may make it.

    The policies of buckets, keys and repositories are taken into account as far as they can be read.

    Raises:
        NoSuchRoleError: There is no such role.
        CannotCheckError: Neither the simulation is allowed, nor reading the role's policies.
    """
    known = _known_of_every_call(subject)
    requests = [replace(each, context=known | dict(each.context)) for each in requests]
    try:
        answers = _simulated(subject, role_arn, requests)
    except ClientError as error:
        if error_code(error) == "NoSuchEntity":
            raise roles.NoSuchRoleError(f"there is no role {roles.name_of(role_arn)}") from error
        if not is_denied(error):
            raise
        answers = _evaluated(subject, role_arn, requests)
    return [_with_resource_policy(subject, role_arn, each) for each in answers]


def _known_of_every_call(subject: Subject) -> dict[str, str]:
    return {"aws:RequestedRegion": subject.names.region, "aws:SecureTransport": "true"}


def _simulated(subject: Subject, role_arn: str, requests: Sequence[Request]) -> list[Answer]:
    """Let IAM simulate, each resource and context in a call of its own: it holds each action against all resources.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
    """
    groups: dict[tuple[str, frozenset[tuple[str, str]]], list[int]] = {}
    for index, request in enumerate(requests):
        groups.setdefault((request.resource, frozenset(request.context.items())), []).append(index)

    def simulate(group: Sequence[int]) -> list[tuple[int, Answer]]:
        first = requests[group[0]]
        pages = subject.aws.iam.get_paginator("simulate_principal_policy").paginate(
            PolicySourceArn=role_arn,
            ActionNames=[requests[index].action for index in group],
            ResourceArns=[first.resource],
            ContextEntries=[_entry(key, value) for key, value in first.context.items()],
        )
        results = {each["EvalActionName"].lower(): each for page in pages for each in page["EvaluationResults"]}
        by_index = {index: results[requests[index].action.lower()] for index in group}
        return [(index, _from_result(subject, role_arn, requests[index], each)) for index, each in by_index.items()]

    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        answers = dict(answer for group in pool.map(simulate, groups.values()) for answer in group)
    return [answers[index] for index in range(len(requests))]


def _entry(key: str, value: str) -> "ContextEntryTypeDef":
    return {
        "ContextKeyName": key,
        "ContextKeyValues": [value],
        "ContextKeyType": "boolean" if value in ("true", "false") else "string",
    }


def _from_result(subject: Subject, role_arn: str, request: Request, result: "EvaluationResultTypeDef") -> Answer:
    """Read what IAM says, at the top or, of a resource that was named, in the resource's own part."""
    parts = [result, *result.get("ResourceSpecificResults", [])]
    if result["EvalDecision"] == "allowed":
        return Answer(request=request, verdict=Verdict.ALLOWED, simulated=True)
    verdict = Verdict.DENIED if result["EvalDecision"] == "explicitDeny" else Verdict.SILENT
    is_own = False
    bounds = [part.get("PermissionsBoundaryDecisionDetail", _BOUNDED) for part in parts]
    if not result.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations", True):
        cause = "a service control policy of the organization does not allow it"
    elif not all(each["AllowedByPermissionsBoundary"] for each in bounds):
        cause = _BOUNDARY_DENIES if verdict is Verdict.DENIED else _BOUNDARY_LACKS
    elif verdict is Verdict.DENIED:
        matched = [each for part in parts for each in part.get("MatchedStatements", [])]
        cause, is_own = _denied_by(each.get("SourcePolicyId", "") for each in matched), True
    else:
        cause = NOTHING_ALLOWS
    answer = Answer(request=request, verdict=verdict, cause=cause, simulated=True, is_own=is_own)
    missing = [key for part in parts for key in part.get("MissingContextValues", [])]
    return _doubted(subject, role_arn, answer, missing) if missing else answer


def _doubted(subject: Subject, role_arn: str, answer: Answer, missing: Iterable[str]) -> Answer:
    """Doubt a refusal for which IAM lacked condition keys, unless the policies show that it does not hang on them."""
    try:
        (own,) = _evaluated(subject, role_arn, [answer.request])
    except CannotCheckError:
        return replace(answer, verdict=Verdict.UNKNOWN, cause=_hangs_on(missing))
    return replace(own, simulated=True) if own.verdict is Verdict.UNKNOWN else answer


def _evaluated(subject: Subject, role_arn: str, requests: Sequence[Request]) -> list[Answer]:
    try:
        own, boundary = roles.policies(subject, role_arn), roles.boundary(subject, role_arn)
    except ClientError as error:
        if is_denied(error):
            needed = permission(error.operation_name)
            raise CannotCheckError(f"needs iam:SimulatePrincipalPolicy, or else {needed}") from error
        raise
    return [_evaluate(role_arn, each, own, boundary) for each in requests]


def _evaluate(role_arn: str, request: Request, own: Sequence[Policy], boundary: Policy | None) -> Answer:
    """Allow what both the policies and the boundary allow.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    made = _made_by(role_arn, request)
    by_own = read(own, made)
    by_boundary = read([boundary], made) if boundary else Reading(verdict=Verdict.ALLOWED)
    for verdict, own_cause, boundary_cause in (
        (Verdict.DENIED, _denied_by(by_own.policies), _BOUNDARY_DENIES),
        (Verdict.SILENT, NOTHING_ALLOWS, _BOUNDARY_LACKS),
        (Verdict.UNKNOWN, _hangs_on(by_own.keys), _hangs_on(by_boundary.keys)),
    ):
        for reading, cause in ((by_own, own_cause), (by_boundary, boundary_cause)):
            if reading.verdict is verdict:
                is_own = verdict is Verdict.DENIED and reading is by_own
                return Answer(request=request, verdict=verdict, cause=cause, simulated=False, is_own=is_own)
    return Answer(request=request, verdict=Verdict.ALLOWED, simulated=False)


def _with_resource_policy(subject: Subject, role_arn: str, answer: Answer) -> Answer:
    """Add what the policy of a bucket, a key or a repository says.

    In its own account it may allow by itself, if it names the role; with another account, or a key, both must allow.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
    https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
    """
    arn = answer.request.resource
    carrier = resource_policies.carrier(arn)
    is_open = answer.verdict is Verdict.SILENT and answer.cause == NOTHING_ALLOWS
    if carrier is None or not (is_open or answer.verdict is Verdict.ALLOWED):
        return answer
    if is_open and _is_topic(arn):  # whose policy as it is made names everybody, and lets in who is allowed elsewhere
        return answer
    is_foreign = arn.split(":")[4] not in ("", role_arn.split(":")[4])
    try:
        policy = resource_policies.find(subject, carrier)
    except ClientError as error:
        return _without_resource_policy(answer, error, is_open=is_open, is_foreign=is_foreign)
    found = [policy] if policy else []
    if is_open:
        reading = _read_resource_policy(subject, role_arn, answer.request, [] if is_foreign else found, role_names)
        if reading.verdict in (Verdict.SILENT, Verdict.DENIED):
            return answer
    else:
        both_must = is_foreign or _is_key(arn)
        found = found if both_must else [_ALLOW_ALL, *found]
        reading = _read_resource_policy(subject, role_arn, answer.request, found, account_names)
    is_warned = _is_bucket(arn) and not is_open and reading.verdict is Verdict.UNKNOWN
    return replace(answer, verdict=reading.verdict, cause=_resource_cause(reading, policy), is_warned=is_warned)


def _without_resource_policy(answer: Answer, error: ClientError, *, is_open: bool, is_foreign: bool) -> Answer:
    """Answer where the resource's policy may not be read.

    A key's decides together with those of the role, and IAM's simulation takes no resource's policy for a role.
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
    """
    arn = answer.request.resource
    if not is_denied(error) or (is_foreign and is_open) or not (is_open or _is_key(arn)):
        return answer
    if is_foreign:
        cause = f"the key is account {arn.split(':')[4]}'s, which alone can read its policy"
    else:
        own = f"{answer.cause}, and " if is_open else "its own policies allow it, and "
        cause = f"{own}whether the resource's own does takes {permission(error.operation_name)} to see"
    return replace(answer, verdict=Verdict.UNKNOWN, cause=cause)


def _read_resource_policy(
    subject: Subject,
    role_arn: str,
    request: Request,
    found: Sequence[Policy],
    names: Callable[[str], frozenset[str]],
) -> Reading:
    made, principals = _made_by(role_arn, request), names(role_arn)
    if not _is_bucket(request.resource):
        return read(found, made, principals=principals)
    try:
        return bucket_policies.read(subject, found, made, role_arn, principals=principals)
    except ClientError as error:
        if not is_denied(error):
            raise
        return read(found, made, principals=principals)  # which hangs on the network that may not be seen


def _is_topic(arn: str) -> bool:
    return arn.split(":")[2] == "sns"


def _is_key(arn: str) -> bool:
    return arn.split(":")[2] == "kms"


def _is_bucket(arn: str) -> bool:
    return arn.split(":")[2] == "s3"


def _made_by(role_arn: str, request: Request) -> Request:
    caller = {"aws:PrincipalArn": role_arn, "aws:PrincipalAccount": role_arn.split(":")[4]}
    return replace(request, context=caller | dict(request.context))


def _resource_cause(reading: Reading, policy: Policy | None) -> str:
    name = policy.name if policy else "no policy of the resource"
    return {
        Verdict.ALLOWED: "",
        Verdict.SILENT: f"{name} does not allow it" if policy else f"{name} allows it",
        Verdict.DENIED: f"{name} denies it",
        Verdict.UNKNOWN: f"{name}: {_hangs_on(reading.keys)}",
    }[reading.verdict]


def _denied_by(names: Iterable[str]) -> str:
    return f"{' and '.join(dict.fromkeys(filter(None, names))) or 'a policy'} denies it"


def _hangs_on(keys: Iterable[str]) -> str:
    return f"it hangs on {', '.join(dict.fromkeys(keys))}"
