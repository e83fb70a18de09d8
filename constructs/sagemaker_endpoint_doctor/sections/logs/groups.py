"""Finds the errors among a log's lines: folds tracebacks, and puts like errors together."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from .kinds import kind_of
from .levels import is_error
from .lines import Line
from .patterns import KINDS

_TRACEBACK = re.compile(r"(?P<prefix>.*)Traceback \(most recent call last\)")
_CHAINED = re.compile("During handling of the above exception|was the direct cause of the following exception")
_LAST = re.compile(r"[A-Za-z_][\w.]*(: |:?$)")  # as in ValueError: bad shape

# A time at the start of a line: of logging, of gunicorn in brackets, of nginx with slashes.
_TIME = re.compile(r"^\W*\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d([.,]\d+)?( ?[+-]\d\d:?\d\d|Z)?\W*(?=\w|\[)")
# Addresses, identifiers and numbers, by which like errors differ.
_CHANGING = re.compile(
    r"0x[0-9a-fA-F]+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\b(?=[a-fA-F]*\d)[0-9a-fA-F]{8,}\b|\d+([.,:]\d+)*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Errors that are alike.

    Attributes:
        kind: The name of their kind, if it is a known one.
        lines: Their lines.
    """

    kind: str | None
    lines: Sequence[Line]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.lines)

    @property
    def follows(self) -> str:
        """Where their cause is told, if they are of a kind that follows from another; otherwise empty."""
        return KINDS[self.kind].follows if self.kind else ""

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """Order them: causes that are known, those that are not, what follows from others, and then by number."""
        return bool(self.follows), self.kind is None, -self.count

    @property
    def last(self) -> Line:
        """The newest."""
        return max(self.lines, key=lambda line: line.time)

    def count_from(self, time: datetime) -> int:
        """Count those from then on."""
        return sum(line.time >= time for line in self.lines)


def grouped(lines: Iterable[Line]) -> Sequence[Errors]:
    """Put like errors together, in the order of their rank."""
    groups: dict[tuple[str | None, str], list[Line]] = defaultdict(list)
    for line in errors(lines):
        kind = kind_of(line.text)
        groups[kind, "" if kind else normalised(line.text)].append(line)
    found = (Errors(kind=kind, lines=members) for (kind, _), members in groups.items())
    return sorted(found, key=lambda each: each.rank)


def errors(lines: Iterable[Line]) -> Iterator[Line]:
    """Give the errors among lines; each container's own lines are in their order."""
    streams: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        streams[line.stream].append(line)
    for members in streams.values():
        yield from _folded(members)


def normalised(text: str) -> str:
    """Leave out what makes like errors differ."""
    return _CHANGING.sub("#", without_time(text))


def without_time(text: str) -> str:
    """Leave out the time at a line's start."""
    return _TIME.sub("", text)


def _folded(lines: Sequence[Line]) -> list[Line]:
    """Give one container's errors: of each traceback the last line, of a chain of tracebacks that of the last one."""
    found: list[Line] = []
    begun: Line | None = None  # a traceback whose last line has not come yet
    prefix = ""  # what a server puts before each of its lines
    for line in lines:
        header = _TRACEBACK.match(line.text)
        text = _without(prefix, line.text) if begun else line.text
        if header:
            found += [begun] if begun else []
            begun, prefix = line, header["prefix"]
        elif _CHAINED.search(line.text):
            del found[-1:]
        elif begun and _LAST.match(text):
            found.append(replace(line, text=text))
            begun = None
        elif not text[:1].isspace() and _is_error(line.text):
            found.append(line)
    return [*found, begun] if begun else found


def _without(prefix: str, text: str) -> str:
    """Leave out a prefix, whatever the digits in it: they are times and the like."""
    shapes = [re.sub(r"\d", "0", each) for each in (prefix, text[: len(prefix)])]
    return text[len(prefix) :] if shapes[0] == shapes[1] else text


def _is_error(text: str) -> bool:
    return kind_of(text) is not None or is_error(text)
