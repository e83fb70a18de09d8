"""What an examination yields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import partial


class Status(Enum):
    """How serious a finding is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    UNKNOWN = "could not check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check saw, and how serious that is.

    Attributes:
        status: How serious it is.
        seen: What was seen, one sentence with the names and numbers in it.
        why: Why it matters. For a warning or a problem.
        next: What to do next. For everything but what is well.
        command: The aws command that shows it, one of `sagemaker_endpoint_runbook`, filled in.
        region: The region that the command goes to; None for the endpoint's.
        see: Sentences that point to other sections, by their keys. The examination adds to `next` those of the sections
            that found something, and nobody is sent where there is nothing to see.
        is_cause: Whether others may follow from it: from lost logs and metrics none does.
        check: What was looked at, as a stable key for machines: ``endpoint.status``. The examination sets it.
    """

    status: Status
    seen: str
    why: str = ""
    next: str = ""
    command: str = ""
    region: str | None = None
    see: Mapping[str, str] = field(default_factory=dict)
    is_cause: bool = True
    check: str = ""


def ok(seen: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(status=Status.OK, seen=seen)


def _complaint(
    status: Status,
    seen: str,
    *,
    why: str,
    next: str,  # noqa: A002 - the field's name
    command: str,
    see: Mapping[str, str] | None = None,
) -> Finding:
    return Finding(status=status, seen=seen, why=why, next=next, command=command, see=see or {})


warning = partial(_complaint, Status.WARNING)
"""Says that something may become a problem, or is one in some cases only."""

problem = partial(_complaint, Status.PROBLEM)
"""Says that something is wrong."""


def unknown(
    seen: str,
    *,
    next: str = "",  # noqa: A002 - the field's name
    command: str = "",
    see: Mapping[str, str] | None = None,
) -> Finding:
    """Say that something could not be looked at, and what it needs."""
    return Finding(status=Status.UNKNOWN, seen=seen, next=next, command=command, see=see or {})
