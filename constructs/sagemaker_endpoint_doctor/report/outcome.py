"""What an examination comes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.examination.finding import Status
from sagemaker_endpoint_doctor.examination.names import Names

from .exits import MEANINGS, Exit

if TYPE_CHECKING:  # needs boto3, whose absence is told as an outcome too
    from sagemaker_endpoint_doctor.examination.finding import Finding
    from sagemaker_endpoint_doctor.examination.runner import Examined

_BY_SERIOUSNESS = (Status.OK, Status.WARNING, Status.UNKNOWN, Status.PROBLEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An examination that has ended.

    Attributes:
        names: What was examined.
        account_id: The account of whoever asked.
        now: When.
        since: How far back it looked.
        examined: The sections and what was found.
        failed: The deployment that was watched failed.
    """

    names: Names
    account_id: str
    now: datetime
    since: timedelta
    examined: Sequence[Examined]
    failed: bool = False

    def count(self, status: Status) -> int:
        """Count the findings of a status."""
        return sum(finding.status is status for each in self.examined for finding in each.findings)

    @property
    def likely_cause(self) -> Finding | None:
        """Give the problem from which others most likely follow; None where there is none."""
        ordered = sorted(self.examined, key=lambda each: each.section.depth, reverse=True)
        problems = [found for each in ordered for found in each.findings if found.status is Status.PROBLEM]
        return next(iter(sorted(problems, key=lambda each: not each.is_cause)), None)

    @property
    def exit(self) -> Exit:
        """Say it with an exit code. What was not looked at is not called healthy."""
        if self.failed or self.count(Status.PROBLEM):
            return Exit.PROBLEMS
        return Exit.CANNOT_CHECK if self.count(Status.UNKNOWN) else Exit.HEALTHY

    @property
    def meaning(self) -> str:
        """Say it in words."""
        if self.failed and not self.count(Status.PROBLEM):
            return "the deployment that was watched failed"
        return MEANINGS[self.exit]


def verdict(examined: Examined) -> Status:
    """Give a section's most serious status."""
    return worst(finding.status for finding in examined.findings)


def worst(statuses: Iterable[Status]) -> Status:
    """Give the most serious of some statuses; where there is none, nothing was checked."""
    return max(statuses, key=_BY_SERIOUSNESS.index, default=Status.UNKNOWN)
