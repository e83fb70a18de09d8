"""`mark` fails an apply whose configuration is not live, and no other."""

import subprocess
from collections.abc import Mapping

import pytest

from tests.embedded_aws.fault import THROTTLED, Failure
from tests.embedded_aws.settings import DeploymentFailure
from tests.embedded_aws.stage import variant

from .scene import BASH, ENDPOINT, SCRIPT, Outcome, Scene

pytestmark = pytest.mark.end_to_end

REASON = "The container did not answer\tthe ping\nhealth check.\x9b31m"
SHOWN = r"The container did not answer\tthe ping\nhealth check."
MARK = "ModifyNetworkInterfaceAttribute"
DESCRIBE = f"sagemaker:{ENDPOINT}"


def wanted(scene: Scene) -> str:
    return f"{scene.endpoint_name[:55]}-wanted"


def update(scene: Scene) -> None:
    """Begin to deploy another configuration."""
    scene.stage.configuration(wanted(scene), variant(scene.endpoint_name))
    scene.stage.sagemaker.update_endpoint(EndpointName=scene.endpoint_name, EndpointConfigName=wanted(scene))
    scene.aws.reset_calls()


def fail_to_update(scene: Scene, failure: DeploymentFailure = "rolled back") -> None:
    with scene.aws.fail_deployments(REASON, failure):
        update(scene)
    scene.let_an_hour_pass()


def mark(scene: Scene, changes: Mapping[str, str] | None = None) -> Outcome:
    return scene.run("mark", {"ENI_CLEANUP_ENDPOINT_CONFIG_NAME": wanted(scene), **(changes or {})})


def test_a_configuration_that_is_live_lets_the_mark_go_on(scene: Scene) -> None:
    scene.endpoint()
    update(scene)
    scene.let_an_hour_pass()
    outcome = mark(scene)
    assert outcome.code == 0
    assert "WARNING" not in outcome.log
    assert "marked now: 1" in outcome.log


def test_a_rolled_back_update_fails_with_the_reason_what_is_live_and_the_next_step(scene: Scene) -> None:
    scene.endpoint()
    fail_to_update(scene)
    outcome = mark(scene)
    name = scene.endpoint_name
    assert outcome.code == 6
    assert f"{name} does not serve {wanted(scene)}: it is InService, and {name} is live" in outcome.log
    assert f"AWS's reason: {SHOWN}" in outcome.log
    assert scene.changes_made() == []
    command = next(line for line in outcome.log.splitlines() if "update-endpoint" in line).partition("aws ")[2]
    subprocess.run(["aws", *command.split()], env=scene.aws.full_environment(), check=True)
    scene.let_an_hour_pass()
    assert mark(scene).code == 0


def test_an_update_whose_rollback_failed_fails(scene: Scene) -> None:
    scene.endpoint()
    fail_to_update(scene, "rollback failed")
    outcome = mark(scene)
    assert outcome.code == 6
    assert "it is UpdateRollbackFailed" in outcome.log
    assert SHOWN in outcome.log


def test_a_new_endpoint_that_failed_fails_and_is_to_be_deleted(scene: Scene) -> None:
    with scene.aws.fail_deployments(REASON):
        scene.endpoint()
    scene.aws.reset_calls()
    outcome = mark(scene, {"ENI_CLEANUP_ENDPOINT_CONFIG_NAME": scene.endpoint_name})
    assert outcome.code == 6
    assert "it is Failed" in outcome.log
    assert f"delete-endpoint --region eu-west-1 --endpoint-name {scene.endpoint_name}" in outcome.log


@pytest.mark.parametrize("failure", [None, "rolled back", "rolling back"])
def test_an_update_under_way_is_waited_for(scene: Scene, failure: DeploymentFailure | None) -> None:
    scene.endpoint()
    if failure == "rolling back":
        fail_to_update(scene, failure)
    elif failure:
        with scene.aws.fail_deployments(REASON, failure):
            update(scene)
    else:
        update(scene)
    with scene.running("mark", {"ENI_CLEANUP_ENDPOINT_CONFIG_NAME": wanted(scene)}) as run:
        run.until("which is waited for")
        scene.let_an_hour_pass()
        outcome = run.end()
    assert outcome.code == (6 if failure else 0)
    assert outcome.log.count("which is waited for") == 1


def test_what_is_not_live_when_time_is_up_fails(scene: Scene) -> None:
    scene.endpoint()
    update(scene)
    outcome = mark(scene, {"ENI_CLEANUP_TIMEOUT": "3"})
    assert outcome.code == 6
    assert "it is Updating" in outcome.log
    assert "AWS's reason: none is given" in outcome.log


def test_an_update_of_weights_that_goes_on_when_time_is_up_is_a_warning(scene: Scene) -> None:
    scene.endpoint()
    scene.stage.sagemaker.update_endpoint(EndpointName=scene.endpoint_name, EndpointConfigName=scene.endpoint_name)
    outcome = mark(scene, {"ENI_CLEANUP_ENDPOINT_CONFIG_NAME": scene.endpoint_name, "ENI_CLEANUP_TIMEOUT": "3"})
    assert outcome.code == 0
    assert "WARNING: time is up after 3s" in outcome.log
    assert "is still Updating" in outcome.log


def test_without_permission_it_cannot_tell_warns_and_marks(scene: Scene) -> None:
    scene.endpoint()
    fail_to_update(scene)
    denied = Failure(status=400, code="AccessDeniedException", message="Not you.")
    with scene.aws.fault(DESCRIBE, denied, caller="aws-cli"):
        outcome = mark(scene)
    assert outcome.code == 0
    assert f"serves {wanted(scene)} cannot be told: An error occurred (AccessDeniedException)" in outcome.log
    assert "marked now: 1" in outcome.log


def test_while_aws_is_busy_it_asks_again_and_where_that_does_not_pass_it_warns(scene: Scene) -> None:
    scene.endpoint()
    fail_to_update(scene)
    with scene.aws.fault(DESCRIBE, THROTTLED, caller="aws-cli", times=1):
        assert mark(scene).code == 6
    with scene.aws.fault(DESCRIBE, THROTTLED, caller="aws-cli"):
        outcome = mark(scene, {"ENI_CLEANUP_TIMEOUT": "5"})
    assert outcome.code == 0
    assert "cannot be told: AWS did not answer before time was up" in outcome.log


def test_an_answer_without_a_name_or_an_endpoint_that_is_not_there_tells_nothing(scene: Scene) -> None:
    outcome = mark(scene)
    assert outcome.code == 0
    assert "cannot be told: An error occurred (ValidationException)" in outcome.log
    scene.endpoint()
    with scene.aws.fault(DESCRIBE, Failure(status=200, body="{}"), caller="aws-cli"):
        outcome = mark(scene)
    assert outcome.code == 0
    assert "cannot be told: AWS's answer does not say" in outcome.log


def test_with_credentials_of_another_account_nothing_is_compared(scene: Scene) -> None:
    scene.endpoint()
    fail_to_update(scene)
    outcome = mark(scene, {"ENI_CLEANUP_ACCOUNT_ID": "999999999999"})
    assert outcome.code == 0
    assert ENDPOINT not in scene.actions()


def test_release_does_not_ask_which_configuration_is_live(scene: Scene) -> None:
    scene.deleted_endpoint()
    outcome = scene.run("release", {"ENI_CLEANUP_ENDPOINT_CONFIG_NAME": "any"})
    assert outcome.code == 0


def test_the_help_tells_the_exit_code() -> None:
    said = subprocess.run([BASH, SCRIPT, "--help"], capture_output=True, text=True, check=True).stdout
    assert "\n  6    After mark: SageMaker could not deploy" in said
