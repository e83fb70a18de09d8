"""An update that SageMaker rolls back, and a creation that fails: the apply fails, and nothing live is lost."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.demo.stage import build_network, image
from tests.embedded_aws import DeploymentFailure, EmbeddedAws
from tests.toolchain import CommandError

from .deployment import ConcreteDeployment
from .messages import unwrapped
from .removals import too_early

pytestmark = pytest.mark.end_to_end

_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "sagemaker.amazonaws.com"},
        },
    }
)
REASON = "The container did not answer the ping health check."
ENDPOINT = "aws_sagemaker_endpoint."


@dataclass(kw_only=True)
class Deployed:
    """A stack whose endpoint serves the image 1.0."""

    aws: EmbeddedAws
    deployment: ConcreteDeployment

    def serve(self, tag: str) -> None:
        """Apply with another image."""
        self.deployment.change(production_variants=[_variant(self.aws, tag)])

    def fail_to_serve(self, tag: str, failure: DeploymentFailure = "rolled back") -> str:
        """Apply with another image, which SageMaker cannot deploy; give what Terraform says."""
        with self.aws.fail_deployments(REASON, failure), pytest.raises(CommandError) as raised:
            self.serve(tag)
        return unwrapped(str(raised.value))

    def live(self) -> dict[str, Any]:
        """Describe the endpoint; its configuration and models have to be there."""
        sagemaker = self.aws.client("sagemaker")
        described: dict[str, Any] = sagemaker.describe_endpoint(EndpointName="sentiment")
        configuration = sagemaker.describe_endpoint_config(EndpointConfigName=described["EndpointConfigName"])
        (variant,) = configuration["ProductionVariants"]
        described["Image"] = sagemaker.describe_model(ModelName=variant["ModelName"])["PrimaryContainer"]["Image"]
        return described

    def counts(self) -> tuple[int, int]:
        """Tell how many configurations and models there are."""
        sagemaker = self.aws.client("sagemaker")
        return len(sagemaker.list_endpoint_configs()["EndpointConfigs"]), len(sagemaker.list_models()["Models"])

    def deletions(self) -> list[str]:
        """List what was deleted since the last change began."""
        return [call.action for call in self.aws.calls() if call.action.startswith("Delete")]


def _variant(aws: EmbeddedAws, tag: str) -> dict[str, object]:
    return {"model": {"image": image(aws.region, tag)}, "instance_type": "ml.m5.xlarge"}


def _deployment(aws: EmbeddedAws, directory: Path, *, mark: bool = False) -> ConcreteDeployment:
    vpc_id, subnet_ids = build_network(aws.client("ec2"))
    deployment = ConcreteDeployment.of(
        aws,
        directory,
        "any_input",
        region=aws.region,
        endpoint_name="sentiment",
        network={"vpc_id": vpc_id, "subnet_ids": subnet_ids},
        production_variants=[_variant(aws, "1.0")],
        interface_cleanup={"mark": mark},
        key={"kms_key_arn": aws.client("kms").create_key()["KeyMetadata"]["Arn"]},  # one of its own takes 12 seconds
    )
    deployment.start()
    return deployment


@pytest.fixture(scope="module")
def deployed(aws: EmbeddedAws, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    deployment = _deployment(aws, tmp_path_factory.mktemp("rolled_back"))
    deployment.apply()
    return Deployed(aws=aws, deployment=deployment)


@pytest.fixture(scope="module")
def unread(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """Deploy with a provider that does not read back what is live: of the two, the mark alone can tell."""
    with EmbeddedAws() as aws, aws.hide_rollbacks("Terraform"):
        deployment = _deployment(aws, tmp_path_factory.mktemp("unread"), mark=True)
        deployment.apply()
        yield Deployed(aws=aws, deployment=deployment)


def _assert_mark_failed(said: str, status: str) -> None:
    assert "exit status 6" in said
    assert f"it is {status}" in said
    assert REASON in said
    assert "Resource postcondition failed" not in said


@pytest.mark.parametrize("tag", ["1.0", "3.0"], ids=["back to the image of before", "on to a good image"])
def test_a_rolled_back_update_fails_the_apply_and_the_next_one_goes_through(deployed: Deployed, tag: str) -> None:
    before, counts = deployed.live(), deployed.counts()
    said = deployed.fail_to_serve("2.0")
    assert "Resource postcondition failed" in said
    assert f"{before['EndpointConfigName']} is live as before, and nothing that it uses was deleted" in said
    why = "aws sagemaker describe-endpoint --region eu-west-1 --endpoint-name sentiment --query FailureReason"
    assert why in said
    assert deployed.deletions() == []
    assert deployed.live()["EndpointConfigName"] == before["EndpointConfigName"]
    assert deployed.live()["FailureReason"] == REASON

    changes = deployed.deployment.terraform.plan().changes
    assert [actions for address, actions in changes.items() if address.startswith(ENDPOINT)] == [("update",)]
    deployed.serve(tag)
    assert deployed.live()["Image"].endswith(f":{tag}")
    assert deployed.counts() == counts
    assert deployed.deployment.terraform.plan().is_empty


def test_the_same_image_goes_through_as_soon_as_sagemaker_can_deploy_it_however_often_it_failed(
    deployed: Deployed,
) -> None:
    before, counts = deployed.live(), deployed.counts()
    deployed.fail_to_serve("4.0")
    with deployed.aws.fail_deployments(REASON), pytest.raises(CommandError, match="postcondition"):
        deployed.deployment.apply()
    assert deployed.live()["Image"] == before["Image"]
    deployed.deployment.apply()
    assert deployed.live()["Image"].endswith(":4.0")
    assert deployed.counts() == counts
    assert deployed.deployment.terraform.plan().is_empty


@pytest.mark.parametrize("failure", ["rolling back", "rollback failed"])
def test_an_update_that_is_not_over_or_failed_for_good_loses_nothing(
    deployed: Deployed, failure: DeploymentFailure
) -> None:
    before, counts = deployed.live(), deployed.counts()
    said = deployed.fail_to_serve("5.0", failure)
    status = {"rolling back": "RollingBack", "rollback failed": "UpdateRollbackFailed"}[failure]
    assert f"unexpected state '{status}'" in said
    assert REASON in said
    assert deployed.deletions() == []
    assert deployed.live()["Image"] == before["Image"]
    assert deployed.live()["EndpointStatus"] == status

    if failure == "rolling back":
        with pytest.raises(CommandError, match="Cannot update in-progress endpoint"):
            deployed.deployment.apply()
        assert deployed.live()["Image"] == before["Image"]
        deployed.aws.advance(3600)  # it comes to its end
    deployed.serve("6.0")
    assert deployed.live()["Image"].endswith(":6.0")
    assert deployed.counts() == counts
    assert deployed.deployment.terraform.plan().is_empty


def test_a_destroy_after_a_rolled_back_update_leaves_nothing(deployed: Deployed) -> None:
    deployed.fail_to_serve("7.0")
    deployed.deployment.destroy()
    assert deployed.deployment.left() == set()


def test_a_failed_creation_fails_the_apply_and_once_the_endpoint_is_deleted_the_next_goes_through(
    aws: EmbeddedAws, tmp_path: Path
) -> None:
    deployment = _deployment(aws, tmp_path)
    with aws.fail_deployments(REASON), pytest.raises(CommandError) as raised:
        deployment.apply()
    assert "Failed" in unwrapped(str(raised.value))
    # Terraform would replace it, which takes two applies (release/test_changes.py), and here it may not.
    with pytest.raises(CommandError, match="Instance cannot be destroyed"):
        deployment.change(deletion_protection=True)
    aws.client("sagemaker").delete_endpoint(EndpointName="sentiment")
    aws.advance(10)
    deployment.apply()
    assert deployment.live().status == "InService"
    assert deployment.terraform.plan().is_empty


def test_where_the_provider_does_not_read_back_what_is_live_a_rolled_back_update_fails_the_apply(
    unread: Deployed,
) -> None:
    before, counts = unread.live(), unread.counts()
    _assert_mark_failed(unread.fail_to_serve("2.0"), "InService")
    assert unread.deletions() == []
    with pytest.raises(CommandError) as again:  # Terraform sees nothing to update, and yet it does not delete
        unread.deployment.apply()
    _assert_mark_failed(unwrapped(str(again.value)), "InService")
    assert unread.deletions() == []
    assert unread.live()["EndpointConfigName"] == before["EndpointConfigName"]

    unread.serve("3.0")
    assert unread.live()["Image"].endswith(":3.0")
    assert unread.counts() == counts
    assert unread.deployment.terraform.plan().is_empty


def test_what_could_not_be_deployed_is_deployed_once_more_by_the_command_that_the_mark_prints(
    unread: Deployed,
) -> None:
    counts, config = unread.counts(), unread.live()["LastDeploymentConfig"]
    said = unread.fail_to_serve("4.0")
    command = re.search(r"aws (sagemaker update-endpoint( --[a-z-]+ \S+){3} --retain-deployment-config)", said)
    assert command
    environment = unread.aws.full_environment()
    subprocess.run(["aws", *command[1].split()], env=environment, check=True)
    unread.aws.advance(10)
    assert unread.live()["LastDeploymentConfig"] == config
    unread.deployment.apply()
    assert unread.live()["Image"].endswith(":4.0")
    assert unread.counts() == counts
    assert unread.deployment.terraform.plan().is_empty


def test_after_an_apply_that_did_not_come_to_the_mark_the_next_one_deletes_nothing_before_it(unread: Deployed) -> None:
    before, counts = unread.live(), unread.counts()
    assert "unexpected state 'UpdateRollbackFailed'" in unread.fail_to_serve("5.0", "rollback failed")
    unread.aws.reset_calls()
    with pytest.raises(CommandError) as raised:
        unread.deployment.apply()
    _assert_mark_failed(unwrapped(str(raised.value)), "UpdateRollbackFailed")
    assert unread.deletions() == []
    assert unread.live()["Image"] == before["Image"]

    unread.serve("1.0")
    assert unread.live()["Image"].endswith(":1.0")
    assert unread.counts() == counts
    assert unread.deployment.terraform.plan().is_empty


def test_a_first_mark_is_waited_for_too(unread: Deployed) -> None:
    before = unread.live()
    unread.deployment.change(interface_cleanup={"mark": False})
    with unread.aws.fail_deployments(REASON), pytest.raises(CommandError) as raised:
        unread.deployment.change(production_variants=[_variant(unread.aws, "6.0")], interface_cleanup={"mark": True})
    _assert_mark_failed(unwrapped(str(raised.value)), "InService")
    assert unread.deletions() == []
    assert unread.live()["Image"] == before["Image"]


def test_a_destroy_after_a_mark_that_failed_leaves_nothing(unread: Deployed) -> None:
    unread.fail_to_serve("7.0")
    unread.deployment.destroy()
    assert unread.deployment.left() == set()


def test_what_a_failed_update_left_out_of_the_program_goes_once_the_endpoint_has_left_it(tmp_path: Path) -> None:
    with EmbeddedAws() as aws:
        deployment = _deployment(aws, tmp_path)
        deployment.apply()
        role = aws.client("iam").create_role(RoleName="existing", AssumeRolePolicyDocument=_TRUST)["Role"]
        inputs: dict[str, Any] = {
            "production_variants": [{**_variant(aws, "1.0"), "variant_name": "renamed"}],
            "execution_role": {"role_arn": role["Arn"]},
        }
        with aws.fail_deployments(REASON), pytest.raises(CommandError, match="postcondition"):
            deployment.change(**inputs)
        aws.reset_calls()
        deployment.apply()
        calls = aws.calls()
        assert {"DeleteModel", "DeleteRole"} <= {call.action for call in calls}
        assert too_early(calls, aws.in_use()) == []
        assert deployment.terraform.plan().is_empty
