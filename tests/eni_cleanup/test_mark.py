"""`mark`: every interface of the living endpoint is to go with its instance, and no apply fails for it."""

from pathlib import Path

import pytest

from tests.embedded_aws.fault import BROKEN, DENIED, THROTTLED, Failure

from .scene import IDENTITY, LOOK, Scene

pytestmark = pytest.mark.end_to_end

MARK = "ModifyNetworkInterfaceAttribute"


def marks(scene: Scene) -> list[bool]:
    return [interface["Attachment"]["DeleteOnTermination"] for interface in scene.stage.interfaces()]


def test_mark_sets_delete_on_termination_on_all_interfaces_and_reports_each(scene: Scene) -> None:
    ids = scene.endpoint(count=3, subnets=2)
    outcome = scene.run("mark")
    assert outcome.code == 0
    assert marks(scene) == [True] * 3
    for each in ids:
        assert outcome.log.count(f"{each}: marked, ") == 1
    assert "marked now: 3" in outcome.log
    assert "WARNING" not in outcome.log
    assert scene.actions() == [IDENTITY, LOOK, MARK]
    assert scene.changes_made() == [MARK] * 3


def test_marking_again_changes_nothing(scene: Scene) -> None:
    (marked,) = scene.endpoint()
    scene.run("mark")
    scene.aws.reset_calls()
    outcome = scene.run("mark")
    assert outcome.code == 0
    assert f"{marked}: marked already" in outcome.log
    assert scene.actions() == [IDENTITY, LOOK]


def test_what_is_marked_goes_with_the_endpoint(scene: Scene) -> None:
    scene.endpoint(count=2)
    scene.run("mark")
    scene.stage.delete_endpoint(scene.endpoint_name)
    assert scene.ids() == []


def test_a_refused_mark_is_a_warning_in_awss_words(scene: Scene) -> None:
    scene.endpoint(count=2)
    keys = scene.user("ec2:DescribeNetworkInterfaces")
    with scene.aws.enforce_iam():
        outcome = scene.run("mark", keys)
    assert outcome.code == 0
    assert "WARNING: not every network interface" in outcome.log
    assert "UnauthorizedOperation" in outcome.log
    assert marks(scene) == [False, False]


def test_a_denied_look_is_a_warning_in_awss_words(scene: Scene) -> None:
    scene.endpoint()
    with scene.aws.fault(f"ec2:{LOOK}", DENIED, caller="aws-cli"):
        outcome = scene.run("mark")
    assert outcome.code == 0
    assert "WARNING: not every network interface" in outcome.log
    assert "(UnauthorizedOperation) when calling the DescribeNetworkInterfaces operation" in outcome.log
    assert marks(scene) == [False]


def test_one_interface_that_cannot_be_marked_keeps_no_other_from_it(scene: Scene) -> None:
    scene.endpoint(count=3)
    refusal = Failure(status=400, code="OperationNotPermitted", message="Not this one.")
    with scene.aws.fault(f"ec2:{MARK}", refusal, times=1):
        outcome = scene.run("mark")
    assert outcome.code == 0
    assert sorted(marks(scene)) == [False, True, True]
    assert outcome.log.count("could not be marked: An error occurred (OperationNotPermitted)") == 1
    assert "marked now: 2" in outcome.log
    assert scene.changes_made() == [MARK] * 3


def test_an_ela_attachment_is_a_warning_and_not_tried(scene: Scene) -> None:
    scene.aws.behave("ela-attach")
    (kept,) = scene.endpoint()
    outcome = scene.run("mark")
    assert outcome.code == 0
    assert (
        f"WARNING: {kept} could not be marked: AWS lets nobody else manage its attachment, ela-attach-" in outcome.log
    )
    assert scene.changes_made() == []


def test_marking_is_tried_again_when_aws_is_busy(scene: Scene) -> None:
    scene.endpoint(count=2)
    with (
        scene.aws.fault(f"ec2:{MARK}", THROTTLED, times=1),
        scene.aws.fault(f"ec2:{LOOK}", BROKEN, caller="aws-cli", times=1),
    ):
        outcome = scene.run("mark")
    assert outcome.code == 0
    assert marks(scene) == [True, True]
    assert "WARNING" not in outcome.log


def test_marking_ends_with_its_time_and_says_so(scene: Scene) -> None:
    scene.endpoint()
    with scene.aws.fault(f"ec2:{MARK}", THROTTLED):
        outcome = scene.run_out_of_time("mark", after=MARK, times=3)
    assert outcome.code == 0
    assert "could be marked: time is up; An error occurred (RequestLimitExceeded)" in outcome.log
    assert marks(scene) == [False]


def test_interfaces_of_others_are_not_marked(scene: Scene) -> None:
    scene.stage.ec2.run_instances(
        ImageId="ami-12345678",
        MinCount=1,
        MaxCount=1,
        SubnetId=scene.stage.subnet_id(2),
        SecurityGroupIds=[scene.stage.group_id],
    )
    outcome = scene.run("mark")
    assert outcome.code == 0
    assert "not the endpoint's" in outcome.log
    assert scene.changes_made() == []


def test_mark_warns_when_there_is_no_cli(scene: Scene, tmp_path: Path) -> None:
    outcome = scene.run("mark", {"PATH": str(tmp_path)})
    assert outcome.code == 0
    assert "WARNING" in outcome.log
    assert "no aws command on PATH" in outcome.log
