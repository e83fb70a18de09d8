"""Terraform expressions around inputs, whether a value is known at synthesis, a token or raw ``${...}``.

CDKTF's own functions escape raw interpolation, and each is a round trip to Node; a template string is neither.
"""

import json
import re
from collections.abc import Sequence

from .bindings import Token
from .checks import deferred

# An interpolation, with braces of its own up to three deep.
_INTERPOLATION = re.compile(r"((?<!\$)\$\{(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*\})")


def expression(value: str | Sequence[str]) -> str:
    """Write a value as an expression, to stand inside ``${...}``."""
    if isinstance(value, str):
        parts = [_part(part) for part in _INTERPOLATION.split(value) if part]
        return parts[0] if len(parts) == 1 else f'join("", [{", ".join(parts)}])'
    return Token.as_string(value) if deferred(value) else f"[{', '.join(map(expression, value))}]"


def _part(part: str) -> str:
    if not part.startswith("${"):
        # CDKTF takes any closing brace for the end of the expression, so there must be none.
        return json.dumps(part).replace("{", r"\u007b").replace("}", r"\u007d")
    # Inside an expression CDKTF resolves a token to its bare reference by itself.
    return part if part.startswith("${TfToken[") else f"({part[2:-1]})"


def truncated(value: str, length: int) -> str:
    """Cut a string to `length` characters, here or in Terraform."""
    return f"${{substr({expression(value)}, 0, {length})}}" if deferred(value) else value[:length]


def lowered(value: str) -> str:
    """Write a string in lower case, here or in Terraform."""
    return f"${{lower({expression(value)})}}" if deferred(value) else value.lower()
