"""Look-ups in the Terraform configuration that a stack synthesizes to, parsed once."""

import json
import re
from typing import Any

from cdktf import TerraformStack, Testing

Block = dict[str, Any]
"""A block of Terraform's JSON syntax."""

_REFERENCE = re.compile(r"\$\{((?:data\.)?[a-z0-9_]+\.[\w-]+)\.[a-z_]+\}")


class Synthesized:
    """A stack's configuration. A kind is a resource's type, or ``data.`` and a data source's."""

    def __init__(self, source: TerraformStack | str) -> None:
        self.configuration: Block = json.loads(source if isinstance(source, str) else Testing.synth(source))

    def all(self, kind: str) -> dict[str, Block]:
        """Give all blocks of a kind by their addresses."""
        section, type_ = ("data", kind.removeprefix("data.")) if kind.startswith("data.") else ("resource", kind)
        blocks: Block = self.configuration.get(section, {}).get(type_, {})
        return {f"{kind}.{id_}": block for id_, block in blocks.items()}

    def one(self, kind: str, part: str = "") -> Block:
        """Give the only block of a kind with this part in its id."""
        return self.all(kind)[self.address(kind, part)]

    def address(self, kind: str, part: str = "") -> str:
        """Give the address of the only block of a kind with this part in its id."""
        found = [address for address in self.all(kind) if part in address.removeprefix(f"{kind}.")]
        assert len(found) == 1, f"{kind} with {part!r} in its id: {found}"
        return found[0]

    def addresses(self) -> list[str]:
        """Give every address: resources, data sources and checks."""
        named = {"resource": "", "data": "data."}
        return sorted(
            [
                f"{prefix}{type_}.{id_}"
                for section, prefix in named.items()
                for type_, blocks in self.configuration.get(section, {}).items()
                for id_ in blocks
            ]
            + [f"check.{id_}" for id_ in self.configuration.get("check", {})]
        )

    def locals(self) -> Block:
        """Give the local values."""
        values: Block = self.configuration.get("locals", {})
        return values

    def statements(self, part: str) -> dict[str, Block]:
        """Give the statements of a policy document by their ids."""
        document = self.one("data.aws_iam_policy_document", part)
        return {statement.get("sid", ""): statement for statement in document["statement"]}


def named(reference: str) -> str:
    """Give the address that a reference such as ``${aws_iam_role.Id.arn}`` names."""
    match = _REFERENCE.fullmatch(reference)
    assert match, f"not a reference to one attribute: {reference}"
    return match[1]
