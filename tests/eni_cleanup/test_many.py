"""Hundreds of interfaces: deleted side by side, waited for together."""

import pytest

from tests.embedded_aws.fault import THROTTLED

from .scene import DELETE, ENDPOINT, GROUP, IDENTITY, LOOK, Scene

pytestmark = pytest.mark.end_to_end
COUNT = 100


def test_a_hundred_interfaces_are_waited_for_together_and_deleted_side_by_side(scene: Scene) -> None:
    scene.aws.behave("orphan", release_seconds=3600)
    ids = scene.deleted_endpoint(count=COUNT, subnets=2)
    assert len(ids) == COUNT
    with scene.running("release") as run:
        run.until(f"waiting for AWS to let go of {COUNT}")
        scene.until_called(LOOK, 3)
        waited = [call.action for call in scene.calls()]
        scene.let_an_hour_pass()
        with scene.aws.fault(f"ec2:{DELETE}", THROTTLED, skip=COUNT // 2, times=8):
            outcome = run.end()
    assert outcome.code == 0
    assert waited == [IDENTITY, ENDPOINT, GROUP, *[LOOK] * (len(waited) - 3)]  # one call a round, however many wait
    assert f"network interfaces deleted: {COUNT}" in outcome.log
    for each in ids:
        assert outcome.log.count(f"{each} found: in-use, ") == 1
        assert outcome.log.count(f"{each}: deleted") == 1
    assert outcome.log.count("AWS is busy, the rest follows") == 1
    assert scene.ids() == []
    assert COUNT < len(scene.changes_made()) <= COUNT + 8
