"""Reads the lines of a log group that speak of errors: the newest first, and not without end.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.text.times import since_epoch
from sagemaker_endpoint_runbook.commands import LOG_PATTERN

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_logs.type_defs import FilteredLogEventTypeDef

MOST_PAGES = 20
MOST_LINES = 1_000
_COLOUR = re.compile(r"(\x1b|#033|\\033|\\x1b|ESC)\[[\d;]*m")  # as terminals, syslog and people write it
_PARTS = (16, 4, 1)  # of the whole span; few calls where little is written, and the newest where much is


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a log."""

    time: datetime
    stream: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read: lines in the order of their times, and whether these are all."""

    lines: Sequence[Line]
    complete: bool


def read(subject: Subject, until: datetime) -> Reading:
    """Read back from a moment until the span ends, or enough is read."""
    windows: dict[datetime, list[Line]] = {}
    pages = _pages(subject, until)
    for start, events in islice(pages, MOST_PAGES):
        windows.setdefault(start, []).extend(chain.from_iterable(map(_lines, events)))
        if sum(map(len, windows.values())) >= MOST_LINES:
            break
    complete = next(pages, None) is None
    return Reading(lines=[line for start in sorted(windows) for line in windows[start]], complete=complete)


def _pages(subject: Subject, until: datetime) -> "Iterator[tuple[datetime, list[FilteredLogEventTypeDef]]]":
    paginator = subject.aws.logs.get_paginator("filter_log_events")
    for start, end in _windows(until, subject.since):
        for page in paginator.paginate(
            logGroupName=subject.log_group_name,
            filterPattern=LOG_PATTERN,
            startTime=_epoch(start),
            endTime=_epoch(end) - 1,  # both ends are part of what is found
            PaginationConfig={"PageSize": MOST_LINES},
        ):
            yield start, page["events"]


def _windows(until: datetime, since: timedelta) -> Iterator[tuple[datetime, datetime]]:
    end = until + timedelta(milliseconds=1)
    for part in _PARTS:
        start = until - since / part
        yield start, end
        end = start


def _lines(event: "FilteredLogEventTypeDef") -> Iterator[Line]:
    for text in _COLOUR.sub("", event["message"]).splitlines():
        yield Line(time=since_epoch(event["timestamp"]), stream=event["logStreamName"], text=text.rstrip())


def _epoch(time: datetime) -> int:
    return int(time.timestamp() * 1000)
