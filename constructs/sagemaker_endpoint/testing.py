"""Helpers for tests of stacks that have an endpoint: what `Testing.synth` gives, read by the endpoint's name.

https://developer.hashicorp.com/terraform/cdktf/test/unit-tests
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Block = Mapping[str, Any]
"""A block of Terraform's JSON syntax."""

_REFERENCE = re.compile(r"\$\{((?:data\.)?\w+)\.([\w-]+)\.\w+\}")
_OF_ACCOUNT = {
    r"\$\{data\.aws_partition\.[\w-]+\.partition\}": "aws",
    r"\$\{data\.aws_region\.[\w-]+\.id\}": "<region>",
    r"\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}": "<account>",
}


@dataclass(frozen=True, slots=True)
class SynthesizedEndpoint:
    """An endpoint in the JSON that a stack synthesizes to.

    What Terraform alone knows stands in it as Terraform's own reference.
    https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints.html

    Attributes:
        synthesized: What ``Testing.synth(stack)`` gives.
        endpoint_name: The endpoint's name, as it is stated. Default: the stack's only endpoint.

    Raises:
        LookupError: The stack has no such endpoint, or several where none is named.
    """

    synthesized: str
    endpoint_name: str | None = None
    _stack: Block = field(init=False, repr=False, compare=False)
    _endpoint: Block = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Find the endpoint."""
        stack: Block = json.loads(self.synthesized)
        endpoints = [*stack.get("resource", {}).get("aws_sagemaker_endpoint", {}).values()]
        found = [each for each in endpoints if self.endpoint_name in (None, each["name"])]
        if len(found) != 1:
            names = ", ".join(sorted(each["name"] for each in endpoints)) or "none"
            wanted = "one endpoint" if self.endpoint_name is None else f"an endpoint {self.endpoint_name!r}"
            raise LookupError(f"the stack must have {wanted}; it has {names}")
        object.__setattr__(self, "_stack", stack)
        object.__setattr__(self, "_endpoint", found[0])

    @property
    def endpoint(self) -> Block:
        """The ``aws_sagemaker_endpoint``."""
        return self._endpoint

    @property
    def configuration(self) -> Block:
        """The ``aws_sagemaker_endpoint_configuration`` that it serves."""
        return self._named(self.endpoint["endpoint_config_name"])

    @property
    def variants(self) -> Mapping[str, Block]:
        """The ``production_variants`` of the configuration by name."""
        return {each["variant_name"]: each for each in self.configuration["production_variants"]}

    @property
    def models(self) -> Mapping[str, Block]:
        """The ``aws_sagemaker_model`` of each production variant by the variant's name."""
        return {name: self._named(each["model_name"]) for name, each in self.variants.items()}

    @property
    def permissions(self) -> list[str]:
        """What the execution role may do, a sentence for each action and resource, in alphabetical order.

        Such as ``s3:GetObject on arn:aws:s3:::models/sentiment/model.tar.gz``, and with a condition ``… if
        s3:prefix StringLike sentiment/``. The partition is written as ``aws``; region and account, which Terraform
        alone knows, as ``<region>`` and ``<account>``. Of policies that are not made in the stack the sentence is
        ``all that <ARN> allows``; of an existing role ``all that the role <ARN> may``.
        """
        return sorted({sentence for model in self.models.values() for sentence in self._of_role(model)})

    def _of_role(self, model: Block) -> Iterator[str]:
        role = _REFERENCE.fullmatch(model["execution_role_arn"])
        if role is None or role[1] != "aws_iam_role":
            yield f"all that the role {_readable(model['execution_role_arn'])} may"
            return
        for attachment in self._all("aws_iam_role_policy_attachment"):
            if attachment["role"] == f"${{aws_iam_role.{role[2]}.name}}":
                yield from self._of_policy(attachment["policy_arn"])

    def _of_policy(self, arn: str) -> Iterator[str]:
        policy = _REFERENCE.fullmatch(arn)
        if policy is None or policy[1] != "aws_iam_policy":
            yield f"all that {_readable(arn)} allows"
            return
        document = self._named(self._named(arn)["policy"])
        dynamic = [each["content"] for each in document.get("dynamic", {}).get("statement", [])]
        for statement in [*document.get("statement", []), *dynamic]:
            yield from _sentences(statement)

    def _all(self, kind: str) -> list[Block]:
        return [*self._stack["resource"].get(kind, {}).values()]

    def _named(self, reference: str) -> Block:
        """Give what a reference to one attribute names."""
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise LookupError(f"{reference!r} names nothing that is made in this stack")
        kind, id_ = match.groups()
        section = "data" if kind.startswith("data.") else "resource"
        found: Block = self._stack[section][kind.removeprefix("data.")][id_]
        return found


def _sentences(statement: Block) -> Iterator[str]:
    conditions = statement.get("condition", [])
    conditions = [conditions] if isinstance(conditions, Mapping) else conditions
    under = [f"{each['variable']} {each['test']} {_listed(each['values'])}" for each in conditions]
    end = f" if {' and '.join(under)}" if under else ""
    resources = statement["resources"]
    for action in statement["actions"]:
        for resource in [resources] if isinstance(resources, str) else resources:
            yield f"{action} on {_readable(resource)}{end}"


def _listed(values: object) -> str:
    return " or ".join(map(_readable, values)) if isinstance(values, list) else _readable(str(values))


def _readable(text: str) -> str:
    """Write what is of the account in words."""
    for pattern, word in _OF_ACCOUNT.items():
        text = re.sub(pattern, word, text)
    return text
