"""What a policy allows, in the words of IAM: each construct states what it needs, and the role gathers.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sagemaker_endpoint.engine.bindings import (
    Construct,
    DataAwsIamPolicyDocument,
    DataAwsIamPolicyDocumentStatement,
    DataAwsIamPolicyDocumentStatementCondition,
    DataAwsIamPolicyDocumentStatementPrincipals,
    Token,
)
from sagemaker_endpoint.engine.expressions import expression
from sagemaker_endpoint.rules import checks


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """When a statement applies: the operator, the key of the request, and the values that it may have."""

    test: str
    variable: str
    values: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a policy, that allows.

    `service` is the principal in the policy of a role or key, `account` the ARN of an account's root there. With
    `for_each`, URLs that Terraform alone knows, it stands once for each that is not blank, as ``statement.value``.
    """

    actions: Sequence[str]
    resources: Sequence[str] = ()
    sid: str | None = None
    conditions: Sequence[Condition] = ()
    service: str | None = None
    account: str | None = None
    for_each: Sequence[str] = ()


def document(scope: Construct, id: str, statements: Sequence[Statement]) -> DataAwsIamPolicyDocument:
    """Make the document of a policy."""
    known = [each for each in statements if not each.for_each]
    made = DataAwsIamPolicyDocument(scope, id, statement=[*map(_block, known)])
    dynamic = [_dynamic(each) for each in statements if each.for_each]
    if dynamic:
        made.add_override("dynamic.statement", dynamic)
    return made


def digest(statements: Sequence[Statement], length: int) -> str:
    """Give characters for Terraform to put in a name: others for statements that allow something else."""
    lists = [texts for each in statements for texts in _texts(each)]
    known = [texts for texts in lists if not _is_deferred(texts)]
    start = hashlib.sha256(repr(known).encode()).hexdigest()[:length]
    parts = dict.fromkeys([expression(start), *(expression(texts) for texts in lists if _is_deferred(texts))])
    return f"${{substr(sha256(jsonencode([{', '.join(parts)}])), 0, {length})}}"


def arns(ids_by_start: Mapping[str, Sequence[str]], *others: str) -> Sequence[str]:
    """Write the ARN of each id behind the others, here or, where ids are deferred as a whole, in Terraform."""
    if not any(map(checks.deferred, ids_by_start.values())):
        return [*others, *(f"{start}{each}" for start, ids in ids_by_start.items() for each in ids)]
    lists = [
        f'[for id in {expression(ids)} : join("", [{expression(start)}, id])]' for start, ids in ids_by_start.items()
    ]
    return Token.as_list(f"${{concat({', '.join([expression(others), *lists])})}}")


def _texts(statement: Statement) -> Iterator[Sequence[str]]:
    yield statement.actions
    if statement.for_each:  # the rest follows from it, and means nothing elsewhere
        yield statement.for_each
        return
    yield statement.resources
    yield from (condition.values for condition in statement.conditions)


def _is_deferred(texts: Sequence[str]) -> bool:
    return checks.deferred(texts) or any(map(checks.deferred, texts))


def _block(statement: Statement) -> DataAwsIamPolicyDocumentStatement:
    principals = {"Service": statement.service, "AWS": statement.account}
    return DataAwsIamPolicyDocumentStatement(
        sid=statement.sid,
        actions=statement.actions,
        resources=statement.resources or None,
        principals=[
            DataAwsIamPolicyDocumentStatementPrincipals(type=type_, identifiers=[principal])
            for type_, principal in principals.items()
            if principal is not None
        ]
        or None,
        condition=[
            DataAwsIamPolicyDocumentStatementCondition(test=each.test, variable=each.variable, values=each.values)
            for each in statement.conditions
        ]
        or None,
    )


def _dynamic(statement: Statement) -> dict[str, object]:
    block: dict[str, object] = {"actions": statement.actions, "resources": statement.resources}
    if statement.conditions:
        (condition,) = statement.conditions
        block["condition"] = {"test": condition.test, "variable": condition.variable, "values": condition.values}
    return {"for_each": f"${{compact({expression(statement.for_each)})}}", "content": block}
