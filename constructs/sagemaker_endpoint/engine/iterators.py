"""Values of an iterator, which mean something only in a resource that has a ``for_each``: an endpoint has none."""

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from sagemaker_endpoint.rules.checks import MEMBER_TOKENS, deferred

from .bindings import Construct, DefaultTokenResolver, StringConcat, Tokenization

_EACH = re.compile(r"\$\{.*\beach\.(key|value)\b")


def problems(scope: Construct, inputs: Mapping[str, object]) -> Iterator[str]:
    """Yield a sentence for each input that is a value of an iterator."""
    tokens = {at: value for name, input_ in inputs.items() for at, value in _deferred(name, input_)}
    if not tokens:
        return
    try:
        resolved = Tokenization.resolve(
            [*tokens.values()], scope=scope, resolver=DefaultTokenResolver(StringConcat()), preparing=False
        )
    except RuntimeError:  # one cannot be known yet
        return
    for at, value in zip(tokens, resolved, strict=True):
        if _EACH.search(json.dumps(value)):
            yield (
                f"{at} must not be the value of a TerraformIterator, got {json.dumps(value)}: an endpoint is made "
                "once. Make one for each value in a Python loop, or give the value itself, such as Fn.lookup(map, key)"
            )


def _deferred(at: str, value: object) -> Iterator[tuple[str, object]]:
    """Give each value that Terraform alone knows, with its path."""
    if isinstance(value, str) and value.startswith(MEMBER_TOKENS):
        return  # of a token that others are mixed with, which is told elsewhere and cannot be resolved
    if deferred(value):
        yield at, value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _deferred(f"{at}.{field.name}", getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, each in cast("Mapping[object, object]", value).items():
            yield from _deferred(f"{at}[{key!r}]", each)
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for index, each in enumerate(value):
            yield from _deferred(f"{at}[{index}]", each)
