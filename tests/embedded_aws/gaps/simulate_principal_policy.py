"""The simulation of a role's policies and of its permissions boundary.

moto has none. AWS gives one result for each action, with the decision on each resource below it; it takes no
resource's policy into account; of condition keys it names those that the policies want and nobody has given.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html

Left out: users and groups, service control policies, and the positions of statements.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse

from .iam_policy import Decision, Document, Request, decide
from .patching import Resource, add

_SEVERITY = ("explicitDeny", "implicitDeny", "allowed")
_DECISIONS = {Decision.ALLOW: "allowed", Decision.DENY: "explicitDeny", Decision.SILENT: "implicitDeny"}


@dataclass(frozen=True, kw_only=True)
class _Source:
    """A policy of the role."""

    id: str
    type: str
    document: Document


def fill() -> None:
    add(IamResponse, "simulate_principal_policy", _simulate)


def _simulate(self: IamResponse) -> ActionResult:
    role = self.backend.get_role_by_arn(self._get_param("PolicySourceArn"))
    sources = list(_sources(self.backend, role))
    boundary = _boundary(self.backend, role)
    entries = self._get_param("ContextEntries", [])
    context = {entry["ContextKeyName"]: entry["ContextKeyValues"][0] for entry in entries}
    results = []
    for action in self._get_param("ActionNames"):
        specific = [
            _result(Request(action=action, resource=resource, context=context), sources, boundary)
            for resource in self._get_param("ResourceArns", ["*"])
        ]
        decision = min((each["EvalResourceDecision"] for each in specific), key=_SEVERITY.index)
        top = {"EvalActionName": action, "EvalResourceName": "*", "EvalDecision": decision}
        bounds = {key: value for key, value in specific[0].items() if key == "PermissionsBoundaryDecisionDetail"}
        if [each["EvalResourceName"] for each in specific] == ["*"]:
            shared = {key: specific[0][key] for key in ("MatchedStatements", "MissingContextValues")}
            results.append({**top, **shared, **bounds})
        else:
            results.append({**top, "ResourceSpecificResults": specific})
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def _result(request: Request, sources: list[_Source], boundary: Document | None) -> dict[str, Any]:
    own = decide([each.document for each in sources], request)
    bound = Decision.ALLOW if boundary is None else decide([boundary], request)
    decision = next((each for each in (Decision.DENY, Decision.SILENT) if each in (own, bound)), Decision.ALLOW)
    matched = [each for each in sources if decision is not Decision.SILENT and decide([each.document], request) is own]
    documents = [each.document for each in sources] + ([boundary] if boundary else [])
    detail = {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": bound is Decision.ALLOW}}
    return {
        "EvalResourceName": request.resource,
        "EvalResourceDecision": _DECISIONS[decision],
        "MatchedStatements": [{"SourcePolicyId": each.id, "SourcePolicyType": each.type} for each in matched],
        "MissingContextValues": sorted({key for each in documents for key in _keys(each)} - set(request.context)),
        **(detail if boundary else {}),
    }


def _sources(backend: IAMBackend, role: Resource) -> Iterator[_Source]:
    for policy in role.managed_policies.values():
        kind = "aws-managed" if ":aws:policy/" in policy.arn else "user-managed"
        yield _Source(id=policy.name, type=kind, document=_managed(backend, policy.arn))
    for name, document in role.policies.items():
        yield _Source(id=f"role_{role.name}_{name}", type="role", document=json.loads(document))


def _boundary(backend: IAMBackend, role: Resource) -> Document | None:
    return _managed(backend, role.permissions_boundary_arn) if role.permissions_boundary_arn else None


def _managed(backend: IAMBackend, arn: str) -> Document:
    policy = backend.get_policy(arn)
    version = backend.get_policy_version(arn, policy.default_version_id)
    document: Document = json.loads(version.document)
    return document


def _keys(document: Document) -> Iterator[str]:
    statements = document["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        for tests in statement.get("Condition", {}).values():
            yield from tests
