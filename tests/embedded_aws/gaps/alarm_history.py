"""DescribeAlarmHistory: moto keeps the states that an alarm has had, and does not tell.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html
"""

import itertools
import json
from datetime import datetime

from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from .patching import add


def fill() -> None:
    add(CloudWatchResponse, "describe_alarm_history", _describe_alarm_history)


def _describe_alarm_history(self: CloudWatchResponse) -> ActionResult:
    name = self._get_param("AlarmName")
    alarm = self.cloudwatch_backend.alarms.get(name)
    states = [(value, time) for _, _, _, value, time in alarm.history] if alarm else []
    states += [(alarm.state_value, alarm.state_updated_timestamp)] if alarm else []
    start = _time(self._get_param("StartDate") or "0001-01-01")
    end = _time(self._get_param("EndDate") or "9999-12-31")
    items = [
        {
            "AlarmName": name,
            "Timestamp": time,
            "HistoryItemType": "StateUpdate",
            "HistorySummary": f"Alarm updated from {old} to {new}",
            "HistoryData": json.dumps({"oldState": {"stateValue": old}, "newState": {"stateValue": new}}),
        }
        for (old, _), (new, time) in itertools.pairwise(states)
        if old != new and start <= time.replace(tzinfo=None) <= end
    ]
    return ActionResult({"AlarmHistoryItems": items[::-1]})


def _time(value: datetime | str) -> datetime:
    time = datetime.fromisoformat(value) if isinstance(value, str) else value
    return time.replace(tzinfo=None)
