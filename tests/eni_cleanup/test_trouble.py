"""What can go wrong between the script and AWS: nothing passes for a free group."""

import os
import signal
from pathlib import Path

import pytest

from tests.embedded_aws.fault import BROKEN, DENIED, EXPIRED, GARBAGE, THROTTLED, UNAVAILABLE, Failure

from .scene import DELETE, DETACH, LOOK, Scene, edited

pytestmark = pytest.mark.end_to_end


def test_a_denied_look_is_not_an_empty_group(scene: Scene) -> None:
    keys = scene.user("sagemaker:DescribeEndpoint")
    with scene.aws.enforce_iam():
        outcome = scene.run("release", keys)
    assert outcome.code == 3
    assert "(UnauthorizedOperation) when calling the DescribeNetworkInterfaces operation" in outcome.log
    assert "is not known to be free" in outcome.log
    assert scene.actions() == ["GetCallerIdentity", "DescribeEndpoint", "DescribeSecurityGroups", LOOK]


def test_a_denied_delete_ends_it_with_awss_words(scene: Scene) -> None:
    (orphan,) = scene.deleted_endpoint()
    keys = scene.user("sagemaker:DescribeEndpoint", "ec2:DescribeNetworkInterfaces")
    with scene.aws.enforce_iam():
        outcome = scene.run("release", keys)
    assert outcome.code == 3
    assert "(UnauthorizedOperation) when calling the DeleteNetworkInterface operation" in outcome.log
    assert "mend that and destroy again" in outcome.log
    assert scene.ids() == [orphan]
    assert scene.changes_made() == [DELETE]


def test_a_denied_detach_is_a_warning_and_the_wait_goes_on(scene: Scene) -> None:
    scene.aws.behave("detachable")
    (stuck,) = scene.deleted_endpoint()
    with scene.aws.fault(f"ec2:{DETACH}", DENIED):
        outcome = scene.run_out_of_time("release", {"ENI_CLEANUP_DETACH_AFTER": "0"}, after=LOOK, times=4)
    assert outcome.code == 4
    assert outcome.log.count(f"WARNING: {stuck} could not be detached: An error occurred (UnauthorizedOperation)") == 1
    assert f"  {stuck}: in-use" in outcome.log
    assert scene.changes_made() == [DETACH]


@pytest.mark.parametrize("failure", [THROTTLED, BROKEN], ids=["throttled", "broken"])
def test_a_look_that_fails_for_a_while_is_repeated_until_it_is_answered(scene: Scene, failure: Failure) -> None:
    scene.deleted_endpoint()
    with scene.aws.fault(f"ec2:{LOOK}", failure, caller="aws-cli", times=2):
        outcome = scene.run("release")
    assert outcome.code == 0
    assert outcome.log.count(f"AWS is asked again until it answers: An error occurred ({failure.code})") == 1
    assert outcome.log.count("AWS answers again") == 1
    assert scene.ids() == []
    assert [call.error for call in scene.calls() if call.action == LOOK] == [failure.code, failure.code, None, None]


@pytest.mark.parametrize("failure", [UNAVAILABLE, GARBAGE], ids=["html", "garbage"])
def test_an_answer_that_is_none_of_awss_is_not_an_empty_group(scene: Scene, failure: Failure) -> None:
    orphans = scene.deleted_endpoint()
    with scene.aws.fault(f"ec2:{LOOK}", failure, caller="aws-cli"):
        outcome = scene.run("release", {"ENI_CLEANUP_TIMEOUT": "3"})
    assert outcome.code == 3
    assert "AWS did not answer before time was up after 3s" in outcome.log
    assert "is free" not in outcome.log
    assert scene.ids() == orphans


@pytest.mark.parametrize("body", ["{}", '{"EndpointStatus": null}'])
def test_an_answer_without_the_endpoints_status_does_not_make_it_alive(scene: Scene, tmp_path: Path, body: str) -> None:
    scene.deleted_endpoint()
    script = edited(tmp_path, {"QUIET": "2"})
    with scene.aws.fault("sagemaker:DescribeEndpoint", Failure(status=200, body=body), caller="aws-cli"):
        outcome = scene.run("release", script=script)
    assert outcome.code == 0
    assert "WARNING: whether the endpoint" in outcome.log
    assert "is free after" in outcome.log
    assert scene.ids() == []


def test_throttled_deletes_follow_when_aws_has_time(scene: Scene) -> None:
    scene.deleted_endpoint(count=4)
    with scene.aws.fault(f"ec2:{DELETE}", THROTTLED, skip=1, times=2):
        outcome = scene.run("release")
    assert outcome.code == 0
    assert outcome.log.count("AWS is busy, the rest follows: An error occurred (RequestLimitExceeded)") == 1
    assert "deleted: 4" in outcome.log
    assert scene.ids() == []


def test_looks_throttled_for_ever_end_it_with_its_time(scene: Scene) -> None:
    orphans = scene.deleted_endpoint()
    with scene.aws.fault(f"ec2:{LOOK}", THROTTLED, caller="aws-cli"):
        outcome = scene.run("release", {"ENI_CLEANUP_TIMEOUT": "5"})
    assert outcome.code == 3
    assert "ERROR: AWS did not answer before time was up after 5s: An error occurred (RequestLimit" in outcome.log
    assert "is not known to be free" in outcome.log
    assert scene.ids() == orphans


def test_deletes_throttled_for_ever_end_it_with_its_time_and_name_what_is_left(scene: Scene) -> None:
    orphans = scene.deleted_endpoint(count=2)
    with scene.aws.fault(f"ec2:{DELETE}", THROTTLED):
        outcome = scene.run_out_of_time("release", after=DELETE, times=6)
    assert outcome.code == 4
    for each in orphans:
        assert f"  {each}: available" in outcome.log
    assert outcome.log.count("AWS is busy") == 1
    assert scene.ids() == orphans


def test_an_answer_that_never_comes_ends_it_with_its_time(scene: Scene) -> None:
    with scene.aws.fault(f"ec2:{LOOK}", None, caller="aws-cli"):
        outcome = scene.run("release", {"ENI_CLEANUP_TIMEOUT": "4"})
    scene.until_called(LOOK, 1)  # it is answered now, which nobody waits for: it must not count as the next test's
    assert outcome.code == 3
    assert "ERROR: AWS did not answer before time was up after 4s: Read timeout on endpoint URL" in outcome.log


def test_credentials_that_expire_midway_end_it_with_awss_words(scene: Scene) -> None:
    scene.aws.behave("stuck")
    (left,) = scene.deleted_endpoint()
    with scene.aws.fault(f"ec2:{LOOK}", EXPIRED, caller="aws-cli", skip=2):
        outcome = scene.run("release")
    assert outcome.code == 3
    assert "ERROR: An error occurred (RequestExpired)" in outcome.log
    assert "deleted so far: 0; mend that and destroy again" in outcome.log
    assert scene.ids() == [left]


def test_no_credentials_are_reported_in_awss_words(scene: Scene) -> None:
    outcome = scene.run("release", {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""})
    assert outcome.code == 3
    assert "ERROR: Unable to locate credentials" in outcome.log
    assert scene.calls() == []


def test_a_profile_that_does_not_exist_is_reported_in_awss_words(scene: Scene) -> None:
    outcome = scene.run("release", {"ENI_CLEANUP_PROFILE": "no such profile"})
    assert outcome.code == 3
    assert "The config profile (no such profile) could not be found" in outcome.log
    assert scene.calls() == []


def test_an_empty_profile_in_the_environment_does_no_harm(scene: Scene) -> None:
    variables = scene.variables | {"AWS_PROFILE": "", "ENI_CLEANUP_PROFILE": "", "ENI_CLEANUP_ROLE_ARN": ""}
    outcome = Scene(stage=scene.stage, variables=variables).run("release")
    assert outcome.code == 0, outcome.log


def test_a_dead_url_is_tried_until_time_is_up(scene: Scene) -> None:
    dead = {"ENI_CLEANUP_ENDPOINT_URL": "http://127.0.0.1:1", "ENI_CLEANUP_TIMEOUT": "6"}
    outcome = scene.run("release", dead)
    assert outcome.code == 3
    assert outcome.log.count("AWS is asked again until it answers: Could not connect to the endpoint URL") == 1
    assert "ERROR: AWS did not answer before time was up after 6s: Could not connect" in outcome.log


def test_no_cli_on_the_path_is_said(scene: Scene, tmp_path: Path) -> None:
    outcome = scene.run("release", {"PATH": str(tmp_path)})
    assert outcome.code == 3
    assert "ERROR: there is no aws command on PATH" in outcome.log


def test_a_role_that_may_not_be_assumed_is_reported_in_awss_words(scene: Scene) -> None:
    keys = scene.user("ec2:*", "sagemaker:*")
    role = {"ENI_CLEANUP_ROLE_ARN": "arn:aws:iam::123456789012:role/no-such-role"}
    with scene.aws.enforce_iam():
        outcome = scene.run("release", keys | role)
    assert outcome.code == 3
    assert "ERROR: An error occurred (AccessDenied) when calling the AssumeRole operation" in outcome.log
    assert [call.action for call in scene.calls()] == ["AssumeRole"]


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_while_it_waits_ends_it_and_all_its_processes(
    scene: Scene, tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    scene.aws.behave("stuck")
    (left,) = scene.deleted_endpoint()
    long = {"ENI_CLEANUP_INTERVAL": "300", "ENI_CLEANUP_TIMEOUT": "600", "TMPDIR": str(tmp_path)}
    with scene.running("release", long) as run:
        run.until("waiting for")
        run.process.send_signal(sent)
        outcome = run.end()
        with pytest.raises(ProcessLookupError):
            os.killpg(run.process.pid, 0)
    assert outcome.code == code
    assert f"interrupted by {sent.name}; run it again to go on from here" in outcome.log
    assert list(tmp_path.iterdir()) == []
    assert scene.ids() == [left]


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_while_aws_is_answering_ends_the_calls_too(
    scene: Scene, tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    orphans = scene.deleted_endpoint(count=3)
    with (
        scene.aws.fault(f"ec2:{DELETE}", None, skip=1),  # the second is held
        scene.running("release", {"TMPDIR": str(tmp_path), "ENI_CLEANUP_PARALLEL": "1"}) as run,
    ):
        run.until(": deleted")
        run.process.send_signal(sent)
        outcome = run.end()
        with pytest.raises(ProcessLookupError):
            os.killpg(run.process.pid, 0)
    assert outcome.code == code
    assert list(tmp_path.iterdir()) == []
    assert set(scene.ids()) < set(orphans)
    assert scene.run("release").code == 0
    assert scene.ids() == []
