"""Lengths of time on the command line."""

import re
from datetime import timedelta

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_LONGEST = timedelta(days=30)
ALLOWED = "minutes, hours or days such as 30m, 2h or 7d, from 1m to 30d"


def duration(text: str) -> timedelta:
    """Read a length of time.

    Raises:
        ValueError: It is none that is allowed; the message names it.
    """
    found = re.fullmatch(r"([0-9]{1,6})([mhd])", text, flags=re.ASCII)
    length = int(found[1]) * _UNITS[found[2]] if found else timedelta()
    if not timedelta() < length <= _LONGEST:
        raise ValueError(f"{text!r} is not a length of time: use {ALLOWED}")
    return length


def written(length: timedelta) -> str:
    """Write a length of time the way it is read, in the largest unit that fits."""
    for unit, one in reversed(_UNITS.items()):
        if not length % one:
            return f"{length // one}{unit}"
    return f"{length.total_seconds():g}s"
