"""Terraform expressions around inputs, whether a value is known at synthesis, a token or raw ``${...}``.

CDKTF's own functions escape raw interpolation, and each is a round trip to Node; a template string is neither. CDKTF
writes a token in such a string as the bare text it stands for: right for a reference to an attribute, a variable or a
local value, which nearly all are. What else there is (a text, a condition, raw ``${...}``, what is known only when the
stack is synthesized) is written when CDKTF resolves it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sagemaker_endpoint.rules.checks import NUMBER_IN_TEXT, deferred

from .bindings import (
    App,
    Construct,
    DefaultTokenResolver,
    IResolvable,
    IResolveContext,
    StringConcat,
    TerraformStack,
    Token,
    Tokenization,
    implements,
)

_TOKEN = re.compile(r"\$\{TfToken\[[^\]]+\]\}")
_BOUNDARY = re.compile(r'\\.|(?<!\$)\$\{|(?<!%)%\{|["{}]', re.DOTALL)
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
_REFERENCE = re.compile(r"[A-Za-z_][\w-]*\.[A-Za-z_]")
# What stays whole wherever it stands: a reference to something, a call of a function.
_WHOLE = re.compile(r"""[A-Za-z_][\w-]*(\.[\w-]+|\[(\d+|\*|"[\w-]+")\])+|\w+\([^()"?]*\)""")


def expression(value: str | Sequence[str]) -> str:
    """Write a value as an expression, to stand inside ``${...}``."""
    if isinstance(value, str):
        value = NUMBER_IN_TEXT.sub(lambda number: Token.as_string(float(number[0])), value)
        parts = [_part(part) for part in _parts(value)]
        return parts[0] if len(parts) == 1 else f'join("", [{", ".join(parts)}])' if parts else '""'
    return _part(Token.as_string(value)) if deferred(value) else f"[{', '.join(map(expression, value))}]"


def _parts(text: str) -> Iterator[str]:
    """Split a template into its literals and interpolations."""
    start = 0
    for match in re.finditer(r"(?<!\$)\$\{", text):
        if match.start() >= start:
            end = _end(text, match.end())
            yield from filter(None, (text[start : match.start()], text[match.start() : end]))
            start = end
    yield from filter(None, [text[start:]])


def _end(text: str, start: int) -> int:
    """Find the end of the interpolation whose inside starts there; braces and quotes may stand in it, nested."""
    inside = ["}"]  # what closes each of the things that are open
    for match in _BOUNDARY.finditer(text, start):
        found, quoted = match[0], inside[-1] == '"'
        if found == inside[-1]:
            inside.pop()
            if not inside:
                return match.end()
        elif found in ("${", "%{") or (found == "{" and not quoted):
            inside.append("}")
        elif found == '"':
            inside.append('"')
    return len(text)


def _part(part: str) -> str:
    if not part.startswith("${"):
        # CDKTF takes any closing brace for the end of the expression, so there must be none.
        return _quoted(part).replace("{", r"\u007b").replace("}", r"\u007d")
    # Inside an expression CDKTF resolves a token to its bare reference by itself.
    tokens = _TOKEN.findall(part)
    if "{" in _TOKEN.sub("", part)[2:] or not all(map(_stays_whole, tokens)):
        return _late(part).token
    return part if tokens == [part] else _inside(part)


def _quoted(text: str) -> str:
    r"""Write a text in quotes as JSON does, but for what Terraform does not read: ``\b``, ``\f``, surrogate pairs."""
    others = {r"\b": r"\u0008", r"\f": r"\u000c"}
    return re.sub(r"\\.", lambda match: others.get(match[0], match[0]), json.dumps(text, ensure_ascii=False))


def _inside(interpolation: str) -> str:
    inside = interpolation[2:-1]
    return inside if _WHOLE.fullmatch(inside) else f"({inside})"


@cache
def _stays_whole(token: str) -> bool:
    """Tell whether a token can be written bare, whatever expression it is a part of."""
    try:
        alone, inside = Tokenization.resolve(
            [token, f"${{{token}}}"],
            scope=_nowhere(),
            resolver=_resolver(),
            preparing=False,
        )
    except RuntimeError:  # it cannot be known yet
        return False
    return alone == inside and isinstance(alone, str) and _WHOLE.fullmatch(alone[2:-1]) is not None


@cache
def _resolver() -> DefaultTokenResolver:
    return DefaultTokenResolver(StringConcat())


@cache
def _nowhere() -> TerraformStack:
    # A token is resolved for a stack; which one matters to references to another stack only, and not to their kind.
    return TerraformStack(App(), "nowhere")


@implements(IResolvable)
class _Late:
    """An expression that is written when CDKTF resolves the value: it depends on what that turns out to be."""

    def __init__(self, value: str) -> None:
        self._value = value
        self.token = Token.as_string(self)

    @property
    def creation_stack(self) -> list[str]:
        return []

    @property
    def type_hint(self) -> None:
        return None

    def resolve(self, context: IResolveContext) -> str:
        context.suppress_braces = False
        resolved = context.resolve(self._value)
        context.suppress_braces = True
        return _literal(resolved)

    def to_json(self) -> str:
        return self.token

    def to_string(self) -> str:
        return self.token


@cache
def _late(value: str) -> _Late:
    # Kept, or nobody in Python would keep it until Node asks for it.
    return _Late(value)


def _literal(value: Any) -> str:  # noqa: ANN401 - anything that a token can stand for
    if isinstance(value, str):
        parts = [_inside(part) if part.startswith("${") else _part(part) for part in _parts(value)]
        return parts[0] if len(parts) == 1 else f'join("", [{", ".join(parts)}])' if parts else '""'
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_literal(key)} = {_literal(each)}' for key, each in value.items())}}}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_literal, value))}]"
    return json.dumps(value)


def escaped(text: str) -> str:
    """Write a text that is no template, whatever stands in it."""
    return re.sub(r"[$%](?=\{)", r"\g<0>\g<0>", text)


def reference(scope: Construct, value: str) -> str:
    """Give a token as it will stand in Terraform's configuration."""
    resolver = DefaultTokenResolver(StringConcat())
    return str(Tokenization.resolve(value, scope=scope, resolver=resolver, preparing=False))


def truncated(value: str, length: int) -> str:
    """Cut a string to `length` characters, here or in Terraform."""
    return f"${{substr({expression(value)}, 0, {length})}}" if deferred(value) else value[:length]


def last_part(arn: str) -> str:
    """Give what stands behind an ARN's last slash, such as a role's name, here or in Terraform."""
    if not deferred(arn):
        return arn.rpartition("/")[2]
    return f'${{element(reverse(split("/", {expression(arn)})), 0)}}'


def lowered(value: str) -> str:
    """Write a string in lower case, here or in Terraform."""
    return f"${{lower({expression(value)})}}" if deferred(value) else value.lower()


def unless_sensitive(text: str, *, quoted: bool = False) -> str:
    """Write an expression of a text for a message: of one that is sensitive, it says that instead.

    Terraform before 1.8 has no `issensitive`; there `try` gives the text as it is, and Terraform withholds the message.
    https://developer.hashicorp.com/terraform/language/functions/issensitive
    """
    told = """format("'%s'", got)""" if quoted else "got"
    open_ = f'nonsensitive(issensitive(got) ? "a sensitive value" : {told})'
    return f'[for got in [try({text}, "none")] : try({open_}, {told})][0]'


def refers(expression_: str) -> bool:
    """Tell whether an expression surely refers to something, which Terraform asks of a condition."""
    unquoted = _QUOTED.sub("", expression_)
    tokens = _TOKEN.findall(unquoted)
    return any(map(_stays_whole, tokens)) or _REFERENCE.search(_TOKEN.sub("", unquoted)) is not None


def told(value: str) -> str:
    """Write a text into a message, here or in Terraform."""
    return f"${{{unless_sensitive(expression(value))}}}" if deferred(value) else value


def joined(separator: str, values: Sequence[str]) -> str:
    """Join texts, here or, where Terraform alone knows the list, there."""
    if not deferred(values):
        return separator.join(values)
    return f'${{join("{separator}", {expression(values)})}}'
