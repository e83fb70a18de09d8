"""How findings put times and durations into words."""

from datetime import datetime, timedelta, timezone

from .words import counted

_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def moment(time: datetime) -> str:
    """Say when: ``2026-05-04 12:03 UTC``."""
    return f"{time.astimezone(timezone.utc):%Y-%m-%d %H:%M} UTC"


def day(time: datetime) -> str:
    """Say on which day, in UTC: ``2026-05-04``."""
    return f"{time.astimezone(timezone.utc):%Y-%m-%d}"


def since_epoch(milliseconds: int) -> datetime:
    """Read a time as CloudWatch Logs gives it."""
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc)


def seconds(time: datetime) -> str:
    """Say when as commands are told it: in seconds since 1970, as ``date +%s`` counts them."""
    return str(int(time.timestamp()))


def lasting(duration: timedelta) -> str:
    """Say how long, in the greatest unit that fits twice: ``3 days``, ``77 minutes``."""
    for noun, unit in _UNITS:
        if duration >= 2 * unit:
            return counted(duration // unit, noun)
    return "1 minute" if duration >= timedelta(minutes=1) else "less than a minute"


def ago(time: datetime, now: datetime) -> str:
    """Say how long ago something was; the clocks may differ a little."""
    return f"{lasting(max(now - time, timedelta()))} ago"


def span(duration: timedelta) -> str:
    """Say which time is meant: ``the last hour``, ``the last 90 minutes``."""
    for noun, unit in _UNITS:
        if duration >= unit and not duration % unit:
            return f"the last {noun}" if duration == unit else f"the last {counted(duration // unit, noun)}"
    return f"the last {duration.total_seconds():g} seconds"
