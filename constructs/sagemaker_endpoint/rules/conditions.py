"""What can be asked of inputs, as data. `checks` answers where the values are known, `preconditions` has Terraform ask.

A value is a literal or deferred, a member by member mixture of both, or one of the views below of a deferred whole.
Patterns match all of a text, and mean the same to Python's re and Terraform's RE2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .limits import Number

IPV4 = 4
# How networks of each IP version are written, but for their numbers' ranges; elsewhere zeros may lead.
NETWORKS = {
    IPV4: r"(?:(?:0|[1-9][0-9]*)[.]){3}(?:0|[1-9][0-9]*)/(?:0|[1-9][0-9]*)",
    6: r"[0-9a-fA-F:]+/(?:0|[1-9][0-9]*)",
}


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a deferred mapping."""

    mapping: object


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a deferred mapping."""

    mapping: object


@dataclass(frozen=True, slots=True)
class Group:
    """What one group of a pattern that a text matches stands for; an empty text where it does not."""

    text: object
    pattern: str
    index: int


@dataclass(frozen=True, slots=True)
class IsNone:
    """An input that is not given: None, Terraform's null, and a blank text where that means the same."""

    value: object
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Matches:
    """A text that a pattern matches."""

    value: object
    pattern: str


@dataclass(frozen=True, slots=True)
class HasCharacters:
    """A text of so many characters, which are Unicode's code points."""

    value: object
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class HasBytes:
    """Texts of at most so many bytes together, in UTF-8."""

    values: Sequence[object]
    most: int


@dataclass(frozen=True, slots=True)
class HasMembers:
    """A list or mapping of so many members."""

    value: object
    limit: Number


@dataclass(frozen=True, slots=True)
class AreDistinct:
    """Texts, no two of them the same; nor but for upper and lower case, where that is ignored."""

    values: object
    ignoring_case: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """A deferred list, or a view of a mapping, each member of which meets a condition."""

    values: object
    condition: Callable[[str], Condition]


@dataclass(frozen=True, slots=True)
class IsWithin:
    """A number in a range."""

    value: object
    limit: Number
    whole: bool


@dataclass(frozen=True, slots=True)
class IsAtLeast:
    """A number that is no less than another."""

    value: object
    other: object


@dataclass(frozen=True, slots=True)
class IsOneOf:
    """A text or number that is one of a few."""

    value: object
    options: Sequence[object]


@dataclass(frozen=True, slots=True)
class IsMultiple:
    """A number that is a whole multiple of another."""

    value: object
    of: int


@dataclass(frozen=True, slots=True)
class IsBoolean:
    """A boolean."""

    value: object


@dataclass(frozen=True, slots=True)
class IsNetwork:
    """An IP network in CIDR notation, whose address has no bit set behind its prefix."""

    value: object
    version: int


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one."""

    conditions: Sequence[Condition]


Condition = (
    IsNone
    | Matches
    | HasCharacters
    | HasBytes
    | HasMembers
    | AreDistinct
    | Every
    | IsWithin
    | IsAtLeast
    | IsOneOf
    | IsMultiple
    | IsBoolean
    | IsNetwork
    | Not
    | AnyOf
)
