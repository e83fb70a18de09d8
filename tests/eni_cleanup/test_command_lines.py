"""The two versions of the AWS CLI: they differ in exit codes, variables and words; the script does not."""

from dataclasses import replace

import pytest

from tests.embedded_aws import EmbeddedAws
from tests.embedded_aws.fault import DENIED, THROTTLED
from tests.toolchain.ready_cli import ready_cli

from .command_line import CommandLine, command_lines, describe, locked
from .scene import ACCOUNT, DELETE, LOOK, Scene, policy, scene_of

pytestmark = pytest.mark.end_to_end

VERSIONS = list(command_lines().values())


@pytest.fixture(params=VERSIONS, ids=[f"version {each.major}" for each in VERSIONS])
def started(request: pytest.FixtureRequest) -> CommandLine:
    found = request.param
    assert isinstance(found, CommandLine)
    return found


@pytest.fixture
def command_line(started: CommandLine) -> CommandLine:
    """Give the locked one as it is kept ready: it says and does the same, and a start takes most of a second."""
    return replace(started, folder=ready_cli()) if started == locked() else started


@pytest.fixture
def scene_of_starts(aws: EmbeddedAws, started: CommandLine, request: pytest.FixtureRequest) -> Scene:
    """Set a scene in which every call starts the command."""
    return scene_of(aws, request.node.name, path=started.folder)


def test_which_versions_are_tried_is_said() -> None:
    assert ("not with version 2" in describe()) == (2 not in command_lines())
    assert "aws-cli 1." in describe()


def test_the_calls_are_made_by_the_version_that_is_meant(scene_of_starts: Scene, started: CommandLine) -> None:
    scene_of_starts.run("release")
    assert {call.user_agent.split()[0] for call in scene_of_starts.calls()} == {f"aws-cli/{started.version}"}


def test_marked_detached_and_deleted(scene_of_starts: Scene) -> None:
    scene = scene_of_starts
    scene.aws.behave("detachable")
    (stuck,) = scene.endpoint()
    assert f"{stuck}: marked, " in scene.run("mark").log
    scene.stage.delete_endpoint(scene.endpoint_name)
    outcome = scene.run("release", {"ENI_CLEANUP_DETACH_AFTER": "0"})
    assert outcome.code == 0, outcome.log
    assert scene.ids() == []


def test_a_living_endpoint_is_not_touched(scene: Scene) -> None:
    scene.endpoint()
    outcome = scene.run("release")
    assert outcome.code == 0
    assert "is alive (InService)" in outcome.log
    assert [call.action for call in scene.calls()] == ["GetCallerIdentity", "DescribeEndpoint"]


def test_a_role_is_assumed(scene: Scene) -> None:
    name = scene.stage.name
    scene.deleted_endpoint()
    iam = scene.aws.client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(["sts:AssumeRole"], Principal={"AWS": "*"}))
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy(["ec2:*", "sagemaker:*"], Resource="*"))
    role = {"ENI_CLEANUP_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/{name}", "ENI_CLEANUP_EXTERNAL_ID": "team-7"}
    with scene.aws.enforce_iam():
        outcome = scene.run("release", scene.user("sts:AssumeRole") | role)
    assert outcome.code == 0, outcome.log
    assert scene.ids() == []


def test_throttling_is_waited_for(scene: Scene) -> None:
    scene.deleted_endpoint()
    with scene.aws.fault(f"ec2:{LOOK}", THROTTLED, caller="aws-cli", times=1):
        outcome = scene.run("release")
    assert outcome.code == 0
    assert scene.ids() == []


def test_a_denied_delete_ends_it(scene: Scene) -> None:
    scene.deleted_endpoint()
    with scene.aws.fault(f"ec2:{DELETE}", DENIED):
        outcome = scene.run("release")
    assert outcome.code == 3
    assert "ERROR: An error occurred (UnauthorizedOperation) when calling" in outcome.log


def test_an_interface_that_is_gone_is_no_failure(scene: Scene) -> None:
    (orphan,) = scene.deleted_endpoint()
    with scene.running("release") as run:
        with scene.aws.fault(f"ec2:{DELETE}", None, caller="aws-cli"):
            run.until(f"{orphan} found")
            scene.stage.ec2.delete_network_interface(NetworkInterfaceId=orphan)
        assert run.end().code == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "Unable to locate credentials"),
        ({"ENI_CLEANUP_PROFILE": "nobody's"}, "The config profile (nobody's) could not be found"),
        (
            {"ENI_CLEANUP_ENDPOINT_URL": "http://127.0.0.1:1", "ENI_CLEANUP_TIMEOUT": "4"},
            "time was up after 4s: Could not connect to the endpoint URL",
        ),
    ],
    ids=["no credentials", "no such profile", "dead url"],
)
def test_what_ends_it_before_aws_is_reached(scene_of_starts: Scene, changes: dict[str, str], words: str) -> None:
    outcome = scene_of_starts.run("release", changes)
    assert outcome.code == 3
    assert words in outcome.log


def test_an_answer_that_never_comes_ends_it_with_its_time(scene: Scene) -> None:
    with scene.aws.fault(f"ec2:{LOOK}", None, caller="aws-cli"):
        outcome = scene.run("release", {"ENI_CLEANUP_TIMEOUT": "4"})
    scene.until_called(LOOK, 1)  # it is answered now, which nobody waits for: it must not count as the next test's
    assert outcome.code == 3
    assert "Read timeout on endpoint URL" in outcome.log
