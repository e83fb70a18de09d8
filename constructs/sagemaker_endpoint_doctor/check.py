"""What a section is made of."""

from collections.abc import Callable, Iterator

from .finding import Finding
from .subject import Subject

Check = Callable[[Subject], Iterator[Finding]]
"""A function that looks at one thing and yields what it finds.

Its name becomes the end of the findings' key. What AWS does not answer in it, it lets through: the examination makes
one finding of that, which says what it needs.
"""
