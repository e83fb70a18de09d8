"""A section of an examination, and the checks that it is made of."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from .finding import Finding
from .subject import Subject

Check = Callable[[Subject], Iterator[Finding]]
"""A function that looks at one aspect of the endpoint and yields what it finds.

Its name becomes the end of the findings' key. What AWS does not answer in it, it lets through: the examination makes
one finding of that, which says what it needs.
"""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of an examination.

    Attributes:
        key: Its name on the command line and for machines.
        title: Its title in the report.
        checks: Its checks.
        depth: How far below the others it lies: what an endpoint rests on is deeper than what is seen of it, and its
            problems are the likelier causes.
    """

    key: str
    title: str
    checks: Sequence[Check]
    depth: int = 0
