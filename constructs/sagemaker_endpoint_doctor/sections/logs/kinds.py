"""Tells of which known kind of error a line of a container's log is."""

import re

from .levels import is_calm, without_settings
from .patterns import PATTERNS, Pattern

# "To avoid CUDA out of memory", "if the download failed": what may happen and has not.
_SUPPOSED = re.compile(
    r"\b(if|in case|avoid(s|ing)?|prevent(s|ing)?|may(?!/)|might|could(?! not|n't))\b[^.!?;]*$", re.IGNORECASE
)


def kind_of(text: str) -> str | None:
    """Name the kind of error that a line is of, if it is a known one, and an error: advice has the same words."""
    calm = is_calm(text)
    said = without_settings(text)
    return next((each.kind for each in PATTERNS if (each.at_any_level or not calm) and _has_happened(each, said)), None)


def _has_happened(pattern: Pattern, text: str) -> bool:
    return any(not _SUPPOSED.search(text[: found.start()]) for found in pattern.compiled.finditer(text))
