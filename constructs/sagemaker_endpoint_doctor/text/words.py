"""How findings put numbers and lists into words."""

from collections.abc import Iterable


def counted(number: int, noun: str) -> str:
    """Say how many: ``1 instance``, ``2 instances``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun}es" if noun.endswith("s") else f"{number} {noun}s"


def listed(words: Iterable[str]) -> str:
    """Join words as a sentence does: ``a, b and c``."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def shortened(text: str, length: int = 160) -> str:
    """Cut what others wrote, and put it on one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
