"""Names that fit AWS's lengths, whether the endpoint's name is known at synthesis or not; and Terraform's own names."""

import re
from collections.abc import Iterator

from sagemaker_endpoint.rules.limits import Text

from .bindings import Construct, TerraformStack
from .expressions import truncated

_APPENDED = 26  # the characters of a time and a counter that Terraform appends to a `name_prefix`


def name_prefix(name: str, suffix: str, limit: Text, *, digest: str = "") -> str:
    """Give a `name_prefix` that ends in `suffix` and can be told by eye, of a length that leaves the limit kept.

    `digest`, 8 characters that Terraform makes, comes last, with a hyphen behind it.
    """
    longest = (limit.max_length or 0) - _APPENDED - len(suffix) - (9 if digest else 0)
    return f"{truncated(name, longest)}{suffix}{f'{digest}-' if digest else ''}"


def id_problems(construct: Construct) -> Iterator[str]:
    """Yield what is wrong with the ids of a construct and those around it, of which CDKTF makes names of resources.

    https://developer.hashicorp.com/terraform/language/syntax/configuration#identifiers
    """
    in_stack = str(construct.node.path).removeprefix(f"{TerraformStack.of(construct).node.path}/")
    outermost = in_stack.partition("/")[0]
    if re.match(r"[^A-Za-z0-9_-]*[0-9-]", outermost, re.ASCII):
        yield f"id must begin with a letter, as Terraform's names of resources do, got {outermost!r}"
