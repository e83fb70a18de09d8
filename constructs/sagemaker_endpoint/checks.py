"""Rules over inputs: what is not known yet is left to Terraform, and all problems are told at once.

A rule is a function that yields one sentence for each problem it finds: the input by its path, its value,
and what is allowed. `require` gathers the sentences of all inputs and raises them together.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from .limits import TAG_COUNT, TAG_KEY, TAG_VALUE, Number, Text

# CDKTF encodes number tokens as floats near -8e298.
_NUMBER_TOKENS = -1e250
# A doubled dollar sign is Terraform's way to write one that starts no interpolation.
_INTERPOLATION = re.compile(r"(?<!\$)\$\{")
_NEVER_ENDS = re.compile(r"(?<!\$)\$\{[^}]*$")
_DIRECTIVE = re.compile(r"(?<!%)%\{")
_MEMBER_TOKENS = ("#{TfToken[", "&{TfToken[")  # a whole list, a whole map


class Part(Protocol):
    """An input that is a class of the library's own and knows its rules."""

    def problems(self, at: str) -> Iterator[str]:
        """Yield what is wrong, each sentence starting with the path `at`."""


class InputError(ValueError):
    """Inputs break AWS's rules or contradict each other.

    `problems` holds one sentence for each, `where` the path of the construct that was being made.
    """

    def __init__(self, where: str, problems: Sequence[str]) -> None:
        """Name the construct that was being made and list what is wrong."""
        self.where = where
        self.problems = tuple(problems)
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        super().__init__("\n  - ".join([f"{where}: {count} with the inputs", *problems]))

    def __reduce__(self) -> tuple[type["InputError"], tuple[str, tuple[str, ...]]]:
        """Let it be copied, and pass between processes."""
        return type(self), (self.where, self.problems)


def require(where: Callable[[], str], *problems: Iterable[str]) -> None:
    """Raise an `InputError` for the construct at the path that `where` gives if there is any problem.

    The path is asked of Node, so only when it is needed.
    """
    found = [problem for each in problems for problem in each]
    if found:
        raise InputError(where(), found)


def part(name: str, value: object, kind: type[Part]) -> Iterator[str]:
    """Check that an input is of its class, and then all that it holds."""
    if isinstance(value, kind):
        yield from value.problems(name)
    else:
        yield f"{name} must be {kind.__name__}(...), got {value!r}"


def deferred(value: object) -> bool:
    """Tell whether Terraform will know the value but synthesis does not: a CDKTF token or raw ``${...}``.

    A list or map counts as deferred only if it is one token as a whole; its members are asked one by one.
    """
    if isinstance(value, str):
        return _INTERPOLATION.search(value) is not None or "#{TfToken[" in value or "&{TfToken[" in value
    if isinstance(value, float):
        return -math.inf < value < _NUMBER_TOKENS
    if isinstance(value, Mapping | Sequence):
        return len(value) == 1 and _is_of_token(value)
    return _resolvable(value)


def mixed(name: str, value: Mapping[str, object] | Sequence[object]) -> Iterator[str]:
    """Check that nothing was added to a token that stands for a whole list or mapping."""
    if len(value) > 1 and _is_of_token(value):
        join = "string_map(Fn.merge" if isinstance(value, Mapping) else "list(Fn.concat"
        yield f"{name} must not mix a token with other members: give Token.as_{join}([...])) instead"


def _is_of_token(members: Iterable[object]) -> bool:
    return any(isinstance(each, str) and each.startswith(_MEMBER_TOKENS) for each in members)


def _resolvable(value: object) -> bool:
    """Tell whether this is CDKTF's IResolvable, the only kind of token there is for booleans."""
    return hasattr(value, "creation_stack")


def given(value: object, kind: str) -> str:
    """Tell what came instead; for a token that says nothing of its type, as a variable's `value`, the way out."""
    text = isinstance(value, str) and deferred(value)
    if not text and not _resolvable(value) and not _opaque(value):
        return f"got {value!r}"
    function, variable = {"boolean": "any"}.get(kind, kind), f", or a variable's {kind}_value"
    return (
        f"got {repr(value) if text else 'a token'}, whose type is not known: give Token.as_{function}(...) of it"
        f"{'' if kind == 'string_map' else variable}"
    )


def _opaque(value: object) -> bool:
    """Tell whether this is a token of any type, such as what a function of CDKTF gives: an object of no known class."""
    return str(getattr(getattr(value, "__jsii_ref__", None), "ref", "")).startswith("Object@")


def text(name: str, value: object, limit: Text, *, example: str, secret: bool = False) -> Iterator[str]:
    """Check a string's length and pattern; a secret one is not repeated."""
    if secret and isinstance(value, str):
        for problem in text(name, value, limit, example=example):
            yield problem.replace(f"got {value!r}", "which is not shown").replace(f": {value!r}", "")
        return
    if not isinstance(value, str):
        yield f"{name} must be a string such as {example!r}, {given(value, 'string')}"
        return
    if _NEVER_ENDS.search(value):
        yield f"{name} holds '${{', which begins a Terraform expression that never ends: write '$${{', got {value!r}"
        return
    if deferred(value):
        return
    if _DIRECTIVE.search(value):
        yield f"{name} holds '%{{', which begins a Terraform directive: write '%%{{', got {value!r}"
        return
    least = limit.min_length
    if limit.pattern is not None and not re.fullmatch(limit.pattern, ""):
        least = max(1, least)
    if len(value) < least or (limit.max_length is not None and len(value) > limit.max_length):
        bounds = f"at least {least}" if limit.max_length is None else f"{least} to {limit.max_length}"
        yield f"{name} must have {bounds} characters, got {len(value)}: {value!r}"
    elif limit.pattern is not None and not re.fullmatch(limit.pattern, value):
        yield f"{name} must look like {example!r} (pattern {limit.pattern}), got {value!r}"


def number(name: str, value: object, limit: Number, *, whole: bool = True) -> Iterator[str]:
    """Check a number's range, and that it is whole unless told otherwise."""
    if isinstance(value, float) and deferred(value):
        return
    kind = "a whole number" if whole else "a number"
    bounds = f"at least {limit.minimum}" if limit.maximum is None else f"{limit.minimum} to {limit.maximum}"
    fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    if not fits or not _within(value, limit):
        yield f"{name} must be {kind}, {bounds}, {given(value, 'number')}"


def _within(value: object, limit: Number) -> bool:
    if not isinstance(value, int | float) or (isinstance(value, float) and not math.isfinite(value)):
        return False
    return limit.minimum <= value and (limit.maximum is None or value <= limit.maximum)


def flag(name: str, value: object) -> Iterator[str]:
    """Check a boolean; the string ``"false"`` is not one."""
    if not isinstance(value, bool) and not _resolvable(value):
        yield f"{name} must be True or False, {given(value, 'boolean')}"


def known_flag(name: str, value: object) -> Iterator[str]:
    """Check a boolean that decides what is synthesized, which cannot wait for Terraform."""
    if not isinstance(value, bool):
        yield f"{name} must be True or False, known at synthesis, got {value!r}"


def members(name: str, values: object, limit: Number) -> Iterator[str]:
    """Check that a list is one, how many members it has, and that none stands in it twice."""
    if isinstance(values, str | bytes) or not isinstance(values, Sequence):
        yield f"{name} must be a list, {given(values, 'list')}"
        return
    if deferred(values):
        return
    yield from mixed(name, values)
    if not _within(len(values), limit):
        yield f"{name} must have {limit.minimum} to {limit.maximum} members, got {len(values)}"
    for value, times in Counter(map(repr, values)).items():
        if times > 1:
            yield f"{name} must not name a member twice, got {value} {times} times"


def names(name: str, values: object) -> Iterator[str]:
    """Check that a mapping is one whose keys can be construct ids: known at synthesis, letters, digits, ``-_``."""
    if not isinstance(values, Mapping) or deferred(values):
        yield f"{name} must be a mapping whose names are known at synthesis (its values need not be), got {values!r}"
        return
    for key in values:
        if not isinstance(key, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", key):
            yield f"{name} must have names of letters, digits, - and _, got {key!r}"


def named(values: object) -> Iterable[tuple[object, object]]:
    """Give the members of a mapping that `names` accepts as one; none of anything else."""
    return values.items() if isinstance(values, Mapping) and not deferred(values) else ()


def tags(name: str, values: object) -> Iterator[str]:
    """Check tags against the rules that all AWS services share.

    https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
    """
    if not isinstance(values, Mapping):
        yield f"{name} must be a mapping of tag keys to values, {given(values, 'string_map')}"
        return
    if deferred(values):
        return
    yield from mixed(name, values)
    if not _within(len(values), TAG_COUNT):
        yield f"{name} must have at most {TAG_COUNT.maximum} tags, got {len(values)}"
    for key, value in values.items():
        yield from text(f"{name} key", key, TAG_KEY, example="team")
        if isinstance(key, str) and key.lower().startswith("aws:"):
            yield f"{name} key must not start with 'aws:', which AWS keeps for itself, got {key!r}"
        yield from text(f"{name}[{key!r}]", value, TAG_VALUE, example="ml-platform")


def one_of(name: str, value: object, allowed: Sequence[int]) -> Iterator[str]:
    """Check that a number is one of a few."""
    if isinstance(value, float) and deferred(value):
        return
    if isinstance(value, bool) or value not in allowed:
        yield f"{name} must be one of {', '.join(map(str, allowed))}, {given(value, 'number')}"
