"""A part of the traffic tries a change, and an alarm takes it back."""

from pathlib import Path

import pytest

from tests.embedded_aws import EmbeddedAws
from tests.end_to_end.messages import unwrapped
from tests.toolchain import CommandError

from . import lifecycle
from .example import Example
from .furnished import furnish

pytestmark = pytest.mark.end_to_end


ERRORS = "canary/AllTraffic/ServerErrors"


def _ring(aws: EmbeddedAws, state: str) -> None:
    aws.client("cloudwatch").set_alarm_state(AlarmName=ERRORS, StateValue=state, StateReason="a test")


def test_the_example_lives_from_apply_to_destroy(aws: EmbeddedAws, tmp_path: Path) -> None:
    aws.behave("vanish")  # the interfaces of what was taken back would be told by the doctor, rightly
    example = Example.of(aws, tmp_path, "canary")
    furnish(aws, example.inputs)
    lifecycle.apply(example)
    lifecycle.change(example, "team/sentiment:1.4", "team/sentiment:1.5")
    live = example.configuration()["EndpointConfigName"]
    _ring(aws, "ALARM")
    with pytest.raises(CommandError) as raised:
        example.edit("team/sentiment:1.5", "team/sentiment:2.0")
    assert f"--alarm-names '{ERRORS}'" in unwrapped(str(raised.value))
    assert example.configuration()["EndpointConfigName"] == live
    _ring(aws, "OK")
    lifecycle.change(example, "team/sentiment:2.0", "team/sentiment:2.1")
    lifecycle.part_with(example)
