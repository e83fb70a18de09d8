"""Rules over inputs: what is known is checked here, what only Terraform will know is left to it in the same words.

A rule is a function that yields a finding for each thing it asks: one sentence for each problem (the input by its
path, what is allowed, its value), or a `Deferred` where the value is not known yet. `require` gathers the sentences of
all inputs and raises them together, and gives back what is deferred, for `preconditions` to hand to Terraform.
"""

from __future__ import annotations

import difflib
import ipaddress
import math
import re
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from inspect import signature
from typing import ParamSpec, Protocol, TypeAlias, TypeVar, cast

from .conditions import (
    IPV4,
    NETWORKS,
    AnyOf,
    AreDistinct,
    Condition,
    Every,
    Group,
    HasBytes,
    HasCharacters,
    HasMembers,
    IsAtLeast,
    IsBoolean,
    IsMultiple,
    IsNetwork,
    IsNone,
    IsOneOf,
    IsWithin,
    Keys,
    Matches,
    Not,
    Values,
)
from .limits import ENDPOINT_NAME, TAG_COUNT, TAG_KEY, TAG_VALUE, Number, Text

# How CDKTF marks the floats that stand for number tokens: their first two bytes.
_NUMBER_TOKEN = b"\xfd\xff"
NUMBER_IN_TEXT = re.compile(r"-8[.]1095622\d*e[+]298")  # as Python writes one, in f"{...}" for example
# A doubled dollar sign is Terraform's way to write one that starts no interpolation.
_INTERPOLATION = re.compile(r"(?<!\$)\$\{")
_NEVER_ENDS = re.compile(r"(?<!\$)\$\{[^}]*$")
_DIRECTIVE = re.compile(r"(?<!%)%\{")
# A name and password before a host, a signature of AWS's behind a URL.
_CREDENTIALS = re.compile(
    r"^(?:[a-z0-9+.-]+://)?[^/@]*:[^@]*@|[?&][\w-]*(?:sig|signature|token|secret|password|credential|key|keyid)=",
    re.IGNORECASE,
)
_LONGEST_SHOWN = 300  # characters of a pattern: nobody reads more
_LONGEST_NUMBER = 4096  # bits
_SURROGATE = re.compile(r"[\ud800-\udfff]")  # half a character, which no file can hold
_MEMBERS = re.compile(r"^each (?:key |value )?of ")  # how a sentence about a member starts
_FEW = 4  # classes of inputs, for a name that says what it is of
_EACH = "${each}"  # stands for each member of what Terraform alone knows
MEMBER_TOKENS = ("#{TfToken[", "&{TfToken[")  # a whole list, a whole map
# What people give where something else is wanted, by what it looks like.
_KINDS = {
    r"alias/.+": "a key's alias",
    r"arn:[^:]+:kms:[^:]*:[^:]*:alias/.+": "the ARN of a key's alias",
    r"arn:[^:]+:kms:[^:]*:[^:]*:key/.+": "a key's ARN",
    r"(mrk-)?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}": "a key's id",
    r"arn:[^:]+:iam:[^:]*:[^:]*:role/.+": "a role's ARN",
    r"arn:[^:]+:iam:[^:]*:[^:]*:instance-profile/.+": "an instance profile's ARN",
    r"arn:[^:]+:iam:[^:]*:[^:]*:user/.+": "a user's ARN",
    r"arn:[^:]+:iam:[^:]*:[^:]*:policy/.+": "a policy's ARN",
    r"arn:[^:]+:sts:[^:]*:[^:]*:assumed-role/.+": "the ARN of a session of a role",
    r"arn:.+": "the ARN of something else",
    r"(vpc|subnet|sg|pl|eni|rtb|igw)-[0-9a-f]+": "the id of something else",
    r"[\w+=,.@-]+": "a name",
}

_P = ParamSpec("_P")
_I = TypeVar("_I")


@dataclass(frozen=True, slots=True)
class Deferred:
    """What must hold of an input once Terraform knows it, unless it is none: the sentence, and the value to show."""

    sentence: str
    condition: Condition
    got: object = None
    none: IsNone | None = None


Finding: TypeAlias = str | Deferred


class Part(Protocol):
    """An input that is a class of the library's own and knows its rules."""

    def problems(self, at: str) -> Iterator[Finding]:
        """Yield what is wrong or not known yet, each sentence starting with the path `at`."""


class Inputs:
    """A class of inputs: a name that none of them has is told with who has it, and the nearest."""

    __slots__ = ()

    def __new__(cls: type[_I], *_: object, **stated: object) -> _I:  # noqa: PYI019 - Self is not in Python 3.10
        """Look at the names alone; what is given is checked by `problems`."""
        _known_names(cls.__name__, stated, [each.name for each in fields(cls)])  # type: ignore[arg-type] # all are dataclasses
        return object.__new__(cls)


def nearest_names(init: Callable[_P, None]) -> Callable[_P, None]:
    """Have an ``__init__`` tell a keyword argument that it does not know together with the nearest that it does."""
    known = [*signature(init).parameters][1:]  # without self

    @wraps(init)
    def checked(*args: _P.args, **stated: _P.kwargs) -> None:
        _known_names(init.__qualname__.partition(".")[0], stated, known)
        init(*args, **stated)

    return checked


def _known_names(what: str, stated: Iterable[str], known: Sequence[str]) -> None:
    for name in stated:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or sorted(known)
            takers = _takers(name)
            elsewhere = f", which {' or '.join(takers)} takes" if 0 < len(takers) <= _FEW else ""
            nearest = ", ".join(near)
            raise TypeError(f"{what}() got an unexpected keyword argument {name!r}{elsewhere}; the nearest: {nearest}")


def _takers(name: str) -> list[str]:
    """Name the classes that have an input of that name, but for those that others are made of."""
    kinds: list[type] = [*_below(Inputs)]
    bases = {base.__name__ for kind in kinds for base in kind.__mro__[1:]}
    takers = {kind.__name__ for kind in kinds if is_dataclass(kind) and name in [each.name for each in fields(kind)]}
    return sorted(takers - bases)


def _below(kind: type) -> Iterator[type]:
    each: type
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


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

    def __reduce__(self) -> tuple[type[InputError], tuple[str, tuple[str, ...]]]:
        """Let it be copied, and pass between processes."""
        return type(self), (self.where, self.problems)


def require(where: Callable[[], str], *findings: Iterable[Finding]) -> list[Deferred]:
    """Raise an `InputError` for the construct at the path that `where` gives if there is any problem.

    Gives back what is deferred. The path is asked of Node, so only when it is needed.
    """
    found = [finding for each in findings for finding in each]
    problems = [finding for finding in found if isinstance(finding, str)]
    if problems:
        raise InputError(where(), problems)
    return [finding for finding in found if isinstance(finding, Deferred)]


def part(name: str, value: object, kind: type[Part]) -> Iterator[Finding]:
    """Check that an input is of its class, and then all that it holds."""
    if isinstance(value, kind):
        yield from value.problems(name)
    else:
        yield f"{name} must be {kind.__name__}(...), got {brief(value)}"


def deferred(value: object) -> bool:
    """Tell whether Terraform will know the value but synthesis does not: a CDKTF token or raw ``${...}``.

    A list or map counts as deferred only if it is one token as a whole; its members are asked one by one.
    """
    if isinstance(value, str):
        is_token = "#{TfToken[" in value or "&{TfToken[" in value or NUMBER_IN_TEXT.search(value) is not None
        return is_token or _INTERPOLATION.search(value) is not None
    if isinstance(value, float):
        return struct.pack(">d", value)[:2] == _NUMBER_TOKEN
    if isinstance(value, Mapping | Sequence):
        return len(value) == 1 and _is_of_token(value)
    return _resolvable(value)


def mixed(name: str, value: Mapping[str, object] | Sequence[object]) -> Iterator[str]:
    """Check that nothing was added to a token that stands for a whole list or mapping."""
    if len(value) > 1 and _is_of_token(value):
        join = "string_map(Fn.merge" if isinstance(value, Mapping) else "list(Fn.concat"
        yield f"{name} must not mix a token with other members: give Token.as_{join}([...])) instead"


def _is_of_token(members: Iterable[object]) -> bool:
    return any(isinstance(each, str) and each.startswith(MEMBER_TOKENS) for each in members)


def _resolvable(value: object) -> bool:
    """Tell whether this is CDKTF's IResolvable, the only kind of token there is for booleans."""
    return hasattr(value, "creation_stack")


def given(value: object, kind: str, *, secret: bool = False) -> str:
    """Tell what came instead; for a token that says nothing of its type, as a variable's `value`, the way out."""
    text, is_number = isinstance(value, str) and deferred(value), isinstance(value, float) and deferred(value)
    if not text and not is_number and not _resolvable(value) and not _opaque(value):
        # A mapping may be that of an environment, with secrets in it.
        return (
            f"got one of type {type(value).__name__}"
            if secret or isinstance(value, Mapping)
            else f"got {_written(value)}"
        )
    function, variable = {"boolean": "any"}.get(kind, kind), f", or a variable's {kind}_value"
    got = "a number's token" if is_number else f"{repr(value) if text else 'a token'}, whose type is not known"
    return f"got {got}: give Token.as_{function}(...) of it{'' if kind == 'string_map' else variable}"


def _opaque(value: object) -> bool:
    """Tell whether this is a token of any type, such as what a function of CDKTF gives: an object of no known class."""
    return str(getattr(getattr(value, "__jsii_ref__", None), "ref", "")).startswith("Object@")


def brief(value: object) -> str:
    """Show a value, but only the kind of what may hold other values, among them secrets."""
    simple = value is None or isinstance(value, str | int | float | type)
    return _written(value) if simple else type(value).__name__


def _written(value: object) -> str:
    """Write a value as Python does, which raises an error for a whole number of thousands of digits."""
    is_long = isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER
    return "one of thousands of digits" if is_long else repr(value)


# What the conditions mean in Python.


def holds(condition: Condition) -> bool | None:
    """Answer a condition; None if that takes a value that only Terraform will know."""
    match condition:
        case AnyOf(conditions):
            answers = [holds(each) for each in conditions]
            return True if True in answers else (None if None in answers else False)
        case Not(other):
            answer = holds(other)
            return None if answer is None else not answer
        case HasBytes(values) if any(map(_unknown, values)):
            known = HasBytes([each for each in values if not _unknown(each)], condition.most)
            return None if _fits(known) else False
        case AreDistinct(values) if (
            isinstance(values, Sequence) and not deferred(values) and any(map(deferred, values))
        ):
            known_values = [each for each in values if not deferred(each)]
            return None if _fits(AreDistinct(known_values, condition.ignoring_case)) else False
        case _:
            return None if any(map(_unknown, _values(condition))) else _fits(condition)


def _values(condition: Condition) -> Sequence[object]:
    match condition:
        case HasBytes(values):
            return values
        case AreDistinct(values) | Every(values):
            return [values]
        case IsAtLeast(value, other):
            return [value, other]
        case AnyOf() | Not():
            return []
        case IsOneOf(value, options):
            return [value, *(each for each in options if isinstance(each, Group))]
        case _:
            return [condition.value]


def _unknown(value: object) -> bool:
    return isinstance(value, Keys | Values) or deferred(value.text if isinstance(value, Group) else value)


def _fits(condition: Condition) -> bool:  # noqa: PLR0911, PLR0912 - an answer for each kind
    match condition:
        case IsNone(value, blank):
            return value is None or (blank and value == "")
        case Matches(value, pattern):
            return re.fullmatch(pattern, _text(value)) is not None
        case HasCharacters(_, least, most):
            return least <= size(condition) and (most is None or size(condition) <= most)
        case HasBytes(_, most):
            return size(condition) <= most
        case HasMembers(_, limit):
            return _within(size(condition), limit)
        case AreDistinct(values, ignoring_case):
            texts_ = list(map(repr, cast("Sequence[object]", values)))
            return len({each.casefold() if ignoring_case else each for each in texts_}) == len(texts_)
        case IsWithin(value, limit, whole):
            kind = int if whole else int | float
            return isinstance(value, kind) and not isinstance(value, bool) and _within(value, limit)
        case IsAtLeast(value, other):
            return cast("float", value) >= cast("float", other)
        case IsOneOf(value, options):
            known = [_text(each) if isinstance(each, Group) else each for each in options]
            is_bool = isinstance(value, bool)  # True is not 1
            return value in [each for each in known if isinstance(each, bool) is is_bool]
        case IsMultiple(value, of):
            return cast("float", value) % of == 0
        case IsBoolean(value):
            return isinstance(value, bool)
        case IsNetwork(value, version):
            return network(_text(value), version) == value
        case _:
            raise TypeError(condition)


def size(condition: HasCharacters | HasBytes | HasMembers) -> int:
    """Count what a condition is about: characters, bytes or members."""
    match condition:
        case HasBytes(values):
            return sum(len(str(each).encode(errors="surrogatepass")) for each in values)
        case _:
            return len(cast("Sequence[object]", condition.value))


def _text(value: object) -> str:
    if isinstance(value, Group):
        match = re.fullmatch(value.pattern, str(value.text))
        return (match[value.index + 1] or "") if match else ""
    return str(value)


def _within(value: object, limit: Number) -> bool:
    if not isinstance(value, int | float) or (isinstance(value, float) and not math.isfinite(value)):
        return False
    return limit.minimum <= value and (limit.maximum is None or value <= limit.maximum)


def network(value: str, version: int) -> str | None:
    """Give the IP network of an address with a prefix, spelled as it was if that is it; None if it is none."""
    kind = ipaddress.IPv4Network if version == IPV4 else ipaddress.IPv6Network
    if not re.fullmatch(NETWORKS[version], value):
        return None
    try:
        found = kind(value, strict=False)
    except ValueError:
        return None
    return value if ipaddress.ip_address(value.partition("/")[0]) == found.network_address else str(found)


# The rules.


def rule(
    sentence: str,
    condition: Condition,
    got: object = None,
    *,
    hint: Callable[[], str] = lambda: "",
    none: IsNone | None = None,
) -> Iterator[Finding]:
    """Yield the sentence and the value got if a condition does not hold; all three if that is not known yet.

    `got`: None shows no value; `hint`: gives what to add at synthesis; `none`: when Terraform is not to ask at all.
    """
    answer = holds(condition)
    if answer is None:
        yield Deferred(sentence, condition, got, none)
    elif not answer:
        sizes = [str(size(condition))] if isinstance(condition, HasCharacters | HasBytes | HasMembers) else []
        values = [] if got is None or isinstance(condition, HasMembers) else [repr(got)]
        yield f"{sentence}{', got ' if sizes or values else ''}{': '.join([*sizes, *values])}{hint()}"


def text(
    name: str,
    value: object,
    limit: Text,
    *,
    example: str,
    optional: bool = False,
    blank: bool = False,
    secret: bool = False,
    hint: Callable[[str], str] = lambda _: "",
) -> Iterator[Finding]:
    """Check a string's length and pattern.

    `optional`: it may be None; `blank`: it may be an empty text too, where Terraform alone knows it; `secret`: it is
    never shown, nor is a URL with credentials in it; `hint`: gives what to add about a value that does not match.
    """
    if value is None and optional:
        return
    if not isinstance(value, str):
        yield f"{name} must be a string such as {example!r}, {given(value, 'string', secret=secret)}"
        return
    secret = secret or _CREDENTIALS.search(value) is not None
    shown = None if secret else value
    got = "" if secret else f", got {value!r}"
    if _SURROGATE.search(value):
        yield f"{name} must hold whole characters, not surrogates, which stand in pairs in UTF-16 alone{got}"
    elif _NEVER_ENDS.search(value):
        yield f"{name} holds '${{', which begins a Terraform expression that never ends: write '$${{'{got}"
    elif deferred(value):
        none = IsNone(value, blank) if optional else None
        for sentence, condition in _asked_of_text(name, value, limit, example):
            yield from rule(sentence, condition, shown, none=none)
    elif _DIRECTIVE.search(value):
        yield f"{name} holds '%{{', which begins a Terraform directive: write '%%{{'{got}"
    else:
        for sentence, condition in _asked_of_text(name, value, limit, example):
            about = hint if isinstance(condition, Matches) else _nothing
            if _CREDENTIALS.search(value):
                about = _credentials
            found = [*rule(sentence, condition, shown, hint=lambda: about(value))]  # noqa: B023 - asked at once
            if found:
                yield from found
                return


def _nothing(_: str) -> str:
    return ""


def _credentials(_: str) -> str:
    return ", got one with credentials in it, which is not shown"


def _asked_of_text(name: str, value: str, limit: Text, example: str) -> Iterator[tuple[str, Condition]]:
    """Give what a text must be; the length comes first if it is empty or too long, else the pattern says more."""
    least = limit.min_length
    if limit.pattern is not None and not re.fullmatch(limit.pattern, ""):
        least = max(1, least)
    bounds = f"at least {least}" if limit.max_length is None else f"{least} to {limit.max_length}"
    length = f"{name} must have {bounds} characters", HasCharacters(value, least, limit.max_length)
    is_bounded = limit.max_length is not None or least > (limit.pattern is not None)
    # An ARN in the place of an id or a name is not too long, but something else.
    length_first = not value or (len(value) > (limit.max_length or math.inf) and not value.startswith("arn:"))
    if length_first and not deferred(value):
        yield length
    if limit.pattern is not None:
        shown = f" (pattern {limit.pattern})" if len(limit.pattern) <= _LONGEST_SHOWN else ""
        yield f"{name} must look like {example!r}{shown}", Matches(value, limit.pattern)
    if is_bounded and deferred(value) and limit.pattern is not None and not re.fullmatch(limit.pattern, ""):
        # Terraform asks both, and of what is too short the pattern says more.
        yield length[0], HasCharacters(value, 0, limit.max_length)
    elif is_bounded:
        yield length


def looks_like(value: str) -> str:
    """Say what a value is that was given where the ARN, or the name, of something is wanted."""
    kind = next((kind for pattern, kind in _KINDS.items() if re.fullmatch(pattern, value)), None)
    return "" if kind is None else f", which is {kind}"


def number(name: str, value: object, limit: Number, *, whole: bool = True, optional: bool = False) -> Iterator[Finding]:
    """Check a number's range, and that it is whole unless told otherwise."""
    if value is None and optional:
        return
    kind = "a whole number" if whole else "a number"
    bounds = f"at least {limit.minimum}" if limit.maximum is None else f"{limit.minimum} to {limit.maximum}"
    sentence = f"{name} must be {kind}, {bounds}"
    if isinstance(value, float) and deferred(value):
        yield from rule(sentence, IsWithin(value, limit, whole), value, none=IsNone(value) if optional else None)
    elif not _fits(IsWithin(value, limit, whole)):
        yield f"{sentence}, {given(value, 'number')}"


def flag(name: str, value: object) -> Iterator[Finding]:
    """Check a boolean; the string ``"false"`` is not one."""
    sentence = f"{name} must be True or False"
    if _resolvable(value):
        yield from rule(sentence, IsBoolean(value), value, none=IsNone(value))
    elif not isinstance(value, bool):
        yield f"{sentence}, {given(value, 'boolean')}"


def known_flag(name: str, value: object) -> Iterator[Finding]:
    """Check a boolean that decides what is synthesized, which cannot wait for Terraform."""
    if not isinstance(value, bool):
        got = "a token" if _resolvable(value) else repr(value)
        yield f"{name} must be True or False, known at synthesis, got {got}"


def known_choice(name: str, value: object, allowed: Sequence[str]) -> Iterator[Finding]:
    """Check a text that decides what is synthesized, which is one of a few and cannot wait for Terraform."""
    if not isinstance(value, str) or value not in allowed:
        yield f"{name} must be {' or '.join(map(repr, allowed))}, known at synthesis, got {value!r}"


def members(name: str, values: object, limit: Number) -> Iterator[Finding]:
    """Check that a list is one, how many members it has, and that none stands in it twice."""
    if isinstance(values, str | bytes) or not isinstance(values, Sequence):
        yield f"{name} must be a list, {given(values, 'list')}"
        return
    yield from mixed(name, values)
    yield from rule(f"{name} must have {limit.minimum} to {limit.maximum} members", HasMembers(values, limit), values)
    twice = f"{name} must not name a member twice"
    if deferred(values):
        yield from rule(twice, AreDistinct(values), values)
        return
    repeated = [(value, times) for value, times in Counter(map(repr, values)).items() if times > 1]
    for value, times in repeated:
        yield f"{twice}, got {value} {times} times"
    if not repeated and not _is_of_token(values):
        yield from rule(twice, AreDistinct(values), values)


def texts(name: str, values: object, limit: Number, member: Text, *, example: str) -> Iterator[Finding]:
    """Check a list of strings and each member."""
    yield from members(name, values, limit)
    if isinstance(values, str | bytes) or not isinstance(values, Sequence):
        return
    if deferred(values):
        yield from _every(f"each of {name}", values, member, example=example)
        return
    for index, value in enumerate(values):
        yield from text(f"{name}[{index}]", value, member, example=example)


def _every(
    name: str, values: object, limit: Text, *, example: str, secret: bool = False, none: IsNone | None = None
) -> Iterator[Finding]:
    """Have Terraform check each member of what it alone knows."""
    for index, (sentence, _) in enumerate(_asked_of_text(name, _EACH, limit, example)):

        def condition(each: str, index: int = index) -> Condition:
            return [*_asked_of_text(name, each, limit, example)][index][1]

        yield from rule(sentence, Every(values, condition), None if secret else values, none=none)


def names(name: str, values: object) -> Iterator[Finding]:
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


def listed(values: object) -> Sequence[object]:
    """Give the members of what is a list, and none of what is not."""
    return values if isinstance(values, Sequence) and not isinstance(values, str | bytes) else ()


def mapping(
    name: str,
    values: object,
    limit: Number,
    *,
    what: str,
    key: tuple[Text, str],
    value: tuple[Text, str],
    secret: bool = False,
) -> Iterator[Finding]:
    """Check a mapping of strings: how many there are, and each key and value by its limit and an example of it.

    Where Terraform alone knows it, it may be null.
    """
    if not isinstance(values, Mapping):
        return
    none = IsNone(values)
    yield from mixed(name, values)
    yield from rule(f"{name} must have at most {limit.maximum} {what}", HasMembers(values, limit), values, none=none)
    if deferred(values):
        yield from _every(f"each key of {name}", Keys(values), key[0], example=key[1], none=none)
        yield from _every(f"each value of {name}", Values(values), value[0], example=value[1], secret=secret, none=none)
        return
    for each, stated in values.items():
        # NAME=value in one text is as Docker takes it, and the value may be secret.
        assigned = secret and isinstance(each, str) and "=" in each and not deferred(each)
        shown = f"{each.partition('=')[0]}=..." if assigned else each
        yield from text(f"{name} key", shown, key[0], example=key[1])
        yield from text(f"{name}[{shown!r}]", stated, value[0], example=value[1], secret=secret)


def endpoint_name(value: object) -> Iterator[Finding]:
    """Yield what is wrong with an endpoint's name, from which other names follow."""
    return text("endpoint_name", value, ENDPOINT_NAME, example="sentiment")


def about(found: Iterable[Deferred], *inputs: str) -> list[Deferred]:
    """Give what is deferred about these inputs, and about each member of theirs."""
    return [each for each in found if _MEMBERS.sub("", each.sentence).startswith(inputs)]


def tags(name: str, values: object) -> Iterator[Finding]:
    """Check tags against the rules that all AWS services share.

    https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
    """
    if not isinstance(values, Mapping):
        yield f"{name} must be a mapping of tag keys to values, {given(values, 'string_map')}"
        return
    yield from mapping(name, values, TAG_COUNT, what="tags", key=(TAG_KEY, "team"), value=(TAG_VALUE, "ml-platform"))
    reserved, of_aws = "must not start with 'aws:', which AWS keeps for itself", r"(?is:aws:.*)"
    if deferred(values):
        free = Every(Keys(values), lambda each: Not(Matches(each, of_aws)))
        yield from rule(f"each key of {name} {reserved}", free, Keys(values), none=IsNone(values))
    for key in () if deferred(values) else values:
        if isinstance(key, str):
            yield from rule(f"{name} key {reserved}", Not(Matches(key, of_aws)), key)
    yield from _alike(name, values)


def _alike(name: str, values: Mapping[str, object]) -> Iterator[Finding]:
    """Check that no two keys differ by case alone: IAM takes them for the same, and refuses them on a role or policy.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
    """
    keys: object = Keys(values) if deferred(values) else [key for key in values if isinstance(key, str)]
    sentence = f"{name} must not have keys that differ by upper and lower case alone, which IAM takes for the same"
    alike = Counter(key.casefold() for key in keys if not deferred(key)) if isinstance(keys, list) else {}
    shown = [key for key in values if isinstance(key, str) and alike[key.casefold()] > 1] if alike else keys
    none = IsNone(values) if isinstance(keys, Keys) else None
    yield from rule(sentence, AreDistinct(keys, ignoring_case=True), shown or keys, none=none)


def one_of(name: str, value: object, allowed: Sequence[int]) -> Iterator[Finding]:
    """Check that a number is one of a few."""
    sentence = f"{name} must be one of {', '.join(map(str, allowed))}"
    if isinstance(value, float) and deferred(value):
        yield from rule(sentence, IsOneOf(value, allowed), value)
    elif not _fits(IsOneOf(value, allowed)):
        yield f"{sentence}, {given(value, 'number')}"
