"""What policy documents say about a request.

moto reads an action and a resource as patterns with unescaped dots, and takes an Allow whose principal or
condition does not fit for a Deny. IAM: a statement that does not fit says nothing; an explicit Deny wins;
what nothing allows is refused.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from .ec2_filters import like

Document = dict[str, Any]  # a policy's JSON
Statement = dict[str, Any]


class Decision(Enum):
    ALLOW = "allow"
    DENY = "deny"
    SILENT = "silent"


@dataclass(frozen=True, kw_only=True)
class Request:
    """What somebody asks for. `context` holds the condition keys that are known."""

    action: str
    resource: str
    context: dict[str, str] = field(default_factory=dict)


def decide(documents: Iterable[Document], request: Request, *, principals: Iterable[str] = ()) -> Decision:
    """`principals`: the names that a statement's Principal may know the caller by."""
    names = set(principals)
    effects = {
        statement["Effect"]
        for document in documents
        for statement in _list(document["Statement"])
        if _fits(statement, request, names)
    }
    if "Deny" in effects:
        return Decision.DENY
    return Decision.ALLOW if "Allow" in effects else Decision.SILENT


def _fits(statement: Statement, request: Request, principals: set[str]) -> bool:
    return (
        _element(statement, "Action", request.action.lower(), str.lower)
        and _element(statement, "Resource", request.resource, str)
        and _principal(statement, principals)
        and all(
            _condition(operator, key, _list(expected), request.context.get(key))
            for operator, tests in statement.get("Condition", {}).items()
            for key, expected in tests.items()
        )
    )


def _element(statement: Statement, name: str, value: str, form: Callable[[str], str]) -> bool:
    """Match Action or NotAction, Resource or NotResource; a trust policy has no resource."""
    if f"Not{name}" in statement:
        return not any(like(form(pattern), value) for pattern in _list(statement[f"Not{name}"]))
    if name not in statement:
        return True
    return any(like(form(pattern), value) for pattern in _list(statement[name]))


def _principal(statement: Statement, principals: set[str]) -> bool:
    if "Principal" not in statement:
        return True
    principal = statement["Principal"]
    named = _list(principal if isinstance(principal, str) else principal.get("AWS", []))
    return "*" in named or not principals.isdisjoint(named)


def _condition(operator: str, key: str, expected: list[str], actual: str | None) -> bool:
    if operator.endswith("IfExists"):
        if actual is None:
            return True
        operator = operator.removesuffix("IfExists")
    if operator not in _OPERATORS:
        raise NotImplementedError(
            f"The condition operator {operator} (on {key}) is not known here; add it to _OPERATORS in {__name__}."
        )
    return _OPERATORS[operator](expected, actual)


def _is_like(expected: list[str], actual: str | None) -> bool:
    return actual is not None and any(like(each, actual) for each in expected)


def _is_equal_in_any_case(expected: list[str], actual: str | None) -> bool:
    return actual is not None and actual.lower() in map(str.lower, expected)


def _is_equal(expected: list[str], actual: str | None) -> bool:
    return actual is not None and actual in expected


_OPERATORS: dict[str, Callable[[list[str], str | None], bool]] = {
    "StringEquals": _is_equal,
    "StringNotEquals": lambda expected, actual: not _is_equal(expected, actual),
    "StringEqualsIgnoreCase": _is_equal_in_any_case,
    "StringLike": _is_like,
    "StringNotLike": lambda expected, actual: not _is_like(expected, actual),
    "ArnEquals": _is_like,
    "ArnLike": _is_like,
    "Bool": _is_equal,
}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
