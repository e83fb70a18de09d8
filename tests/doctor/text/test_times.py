"""Times are told in UTC, wherever the doctor runs."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from sagemaker_endpoint_doctor.text.times import ago, day, moment, seconds

import pytest


@pytest.fixture(params=["UTC", "Pacific/Kiritimati", "America/New_York", "Asia/Kathmandu"])
def _zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_zone")
@pytest.mark.parametrize("hour", [0, 5, 6, 7, 23])  # on a day on which New York goes back to winter time
def test_a_time_is_told_in_utc_in_every_zone(hour: int) -> None:
    time_ = datetime(2026, 11, 1, hour, 30, tzinfo=timezone.utc)
    local = time_.astimezone()  # as boto3 gives it
    assert moment(local) == f"2026-11-01 {hour:02}:30 UTC"
    assert day(local) == "2026-11-01"
    assert seconds(local) == seconds(time_)
    assert ago(local, time_ + timedelta(hours=3)) == "3 hours ago"
