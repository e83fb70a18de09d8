"""What policy documents say about a request, as far as the documents alone can tell.

An explicit deny wins; what nothing allows is refused; where a statement hangs on a condition whose value nobody here
knows, the answer is that it is not known.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import operator
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

Document = Mapping[str, Any]  # a policy's JSON
_Statement = Mapping[str, Any]
_Fit = frozenset[str] | None
"""None: it does not fit. Otherwise the condition keys that it hangs on; none of them: it fits for certain."""

_Matcher = Callable[[str, str, Mapping[str, str]], _Fit]
_FITS: frozenset[str] = frozenset()
_NO_FLAG = re.RegexFlag(0)


class Verdict(Enum):
    """What becomes of a request."""

    ALLOWED = "allowed"
    SILENT = "allowed by nothing"
    DENIED = "explicitly denied"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy: its name and its document; the ARN of a managed one."""

    name: str
    document: Document
    arn: str | None = None

    def statements(self) -> Iterator[_Statement]:
        """Yield its statements; a single one may stand without a list."""
        yield from _list(self.document.get("Statement", []))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asks for.

    Attributes:
        action: As in ``s3:GetObject``.
        resource: Its ARN, or ``*`` for an action that knows no resource.
        context: The condition keys whose values are known.
    """

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What policies say about a request.

    Attributes:
        verdict: What becomes of it, as far as these policies go.
        policies: The names of those that decide it.
        keys: The condition keys that it hangs on, where the verdict is not known.
    """

    verdict: Verdict
    policies: Sequence[str] = ()
    keys: Sequence[str] = ()


def read(policies: Iterable[Policy], request: Request, *, principals: Collection[str] = ()) -> Reading:
    """Read what policies of one kind say about a request.

    Args:
        policies: All of the role's own, or a boundary, or a resource's policy.
        request: What is asked for.
        principals: The names that a resource's policy may know the caller by: see `role_names`.
    """
    denies: list[tuple[str, frozenset[str]]] = []
    allows: list[tuple[str, frozenset[str]]] = []
    for policy in policies:
        for statement in policy.statements():
            keys = _fit(statement, request, principals)
            if keys is not None:
                (denies if statement["Effect"] == "Deny" else allows).append((policy.name, keys))
    for verdict, matches in ((Verdict.DENIED, denies), (Verdict.ALLOWED, [] if denies else allows)):
        certain = [name for name, keys in matches if not keys]
        if certain:
            return Reading(verdict=verdict, policies=_distinct(certain))
    if not allows:
        return Reading(verdict=Verdict.SILENT)
    unsure = denies or allows
    return Reading(
        verdict=Verdict.UNKNOWN,
        policies=_distinct(name for name, _ in unsure),
        keys=sorted({key for _, keys in unsure for key in keys}),
    )


def role_names(role_arn: str) -> frozenset[str]:
    """Give the names under which a resource's policy admits the role itself."""
    return frozenset({role_arn})


def account_names(role_arn: str) -> frozenset[str]:
    """Give those as well under which it admits, or denies, the role's whole account.

    Of its own account a resource's policy admits nobody in this way: it leaves that to the policies of the role.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    partition, account = role_arn.split(":")[1], role_arn.split(":")[4]
    return role_names(role_arn) | {account, f"arn:{partition}:iam::{account}:root"}


def _fit(statement: _Statement, request: Request, principals: Collection[str]) -> _Fit:
    context = {key.lower(): value for key, value in request.context.items()}
    return _all(
        [
            _element(statement, "Action", request.action, {}, re.IGNORECASE),
            _element(statement, "Resource", request.resource, context),
            _principal(statement, principals),
            *(
                _condition(test, key, _list(expected), context)
                for test, tests in statement.get("Condition", {}).items()
                for key, expected in tests.items()
            ),
        ]
    )


def _element(
    statement: _Statement, name: str, value: str, context: Mapping[str, str], flags: re.RegexFlag = _NO_FLAG
) -> _Fit:
    """Match Action or NotAction, Resource or NotResource; a trust policy has no resource."""
    if f"Not{name}" in statement:
        return _not(_any(_like(each, value, context, flags) for each in _list(statement[f"Not{name}"])))
    if name not in statement:
        return _FITS
    return _any(_like(each, value, context, flags) for each in _list(statement[name]))


def _principal(statement: _Statement, principals: Collection[str]) -> _Fit:
    if "NotPrincipal" in statement:
        return _not(_named(statement["NotPrincipal"], principals))
    return _named(statement["Principal"], principals) if "Principal" in statement else _FITS


def _named(principal: object, principals: Collection[str]) -> _Fit:
    named = (
        _list(principal) if not isinstance(principal, Mapping) else [n for v in principal.values() for n in _list(v)]
    )
    return _FITS if "*" in named or not set(principals).isdisjoint(named) else None


def _condition(test: str, key: str, expected: Sequence[object], context: Mapping[str, str]) -> _Fit:
    test = test.rpartition(":")[2].removesuffix("IfExists")  # ForAnyValue: of one value is that value
    if key.lower() not in context:
        return frozenset({key})
    actual = context[key.lower()]
    if test == "Null":
        return _FITS if "false" in map(_text, expected) else None
    if test not in _OPERATORS:
        return frozenset({key})
    matcher, negated = _OPERATORS[test]
    found = _any(matcher(_text(each), actual, context) for each in expected)
    return _not(found) if negated else found


def _like(pattern: str, value: str, context: Mapping[str, str], flags: re.RegexFlag = _NO_FLAG) -> _Fit:
    """Match * and ?, and policy variables; one that is not known may stand for anything.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    missing: set[str] = set()

    def part(match: re.Match[str]) -> str:
        if match["variable"] is None:
            return ".*" if match[0] == "*" else "."
        name = match["variable"].partition(",")[0].strip()
        if name.lower() in context or name in ("*", "?", "$"):
            return re.escape(context.get(name.lower(), name))
        missing.add(name)
        return ".*"

    regular, end = "", 0
    for match in re.finditer(r"\$\{(?P<variable>[^}]*)\}|\*|\?", pattern):
        regular += re.escape(pattern[end : match.start()]) + part(match)
        end = match.end()
    matched = re.fullmatch(regular + re.escape(pattern[end:]), value, re.DOTALL | flags)
    return frozenset(missing) if matched else None


def _equal(expected: str, actual: str, context: Mapping[str, str]) -> _Fit:
    literal = re.sub(r"(?<!\{)[*?]", lambda wild: f"${{{wild[0]}}}", expected)
    return _like(literal, actual, context)


def _equal_in_any_case(expected: str, actual: str, context: Mapping[str, str]) -> _Fit:
    return _equal(expected.lower(), actual.lower(), context)


def _numeric(holds: Callable[[Decimal, Decimal], bool]) -> _Matcher:
    """Match numbers: the actual one on the left, as the operator's name reads. What is no number is not known."""

    def match(expected: str, actual: str, _: Mapping[str, str]) -> _Fit:
        try:
            return _FITS if holds(Decimal(actual), Decimal(expected)) else None
        except InvalidOperation:
            return frozenset({expected})

    return match


# What is not here is not known. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_OPERATORS: Mapping[str, tuple[_Matcher, bool]] = {
    "StringEquals": (_equal, False),
    "StringNotEquals": (_equal, True),
    "StringEqualsIgnoreCase": (_equal_in_any_case, False),
    "StringNotEqualsIgnoreCase": (_equal_in_any_case, True),
    "StringLike": (_like, False),
    "StringNotLike": (_like, True),
    "ArnEquals": (_like, False),
    "ArnNotEquals": (_like, True),
    "ArnLike": (_like, False),
    "ArnNotLike": (_like, True),
    "Bool": (_equal_in_any_case, False),
    "NumericEquals": (_numeric(operator.eq), False),
    "NumericNotEquals": (_numeric(operator.eq), True),
    "NumericLessThan": (_numeric(operator.lt), False),
    "NumericLessThanEquals": (_numeric(operator.le), False),
    "NumericGreaterThan": (_numeric(operator.gt), False),
    "NumericGreaterThanEquals": (_numeric(operator.ge), False),
}


def _all(fits: Iterable[_Fit]) -> _Fit:
    keys = _FITS
    for fit in fits:
        if fit is None:
            return None
        keys |= fit
    return keys


def _any(fits: Iterable[_Fit]) -> _Fit:
    found = [fit for fit in fits if fit is not None]
    return min(found, key=len) if found else None


def _not(fit: _Fit) -> _Fit:
    if fit is None:
        return _FITS
    return fit or None


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
