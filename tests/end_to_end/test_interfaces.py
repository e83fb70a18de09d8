"""A destroy where SageMaker leaves its network interfaces behind: with the release, and without."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.embedded_aws import EmbeddedAws

from .deployment import ConcreteDeployment
from .existing import existing
from .interfaces import interfaces, take_marks_off
from .order import assert_in_order

pytestmark = pytest.mark.end_to_end


def deploy(aws: EmbeddedAws, directory: Path, *, release: bool) -> tuple[ConcreteDeployment, str]:
    """Apply a stack with a security group of its own; give the group, too. Its interfaces are not marked."""
    inputs = existing(aws, "released" if release else "kept")
    deployment = ConcreteDeployment.of(aws, directory, "existing", **{**inputs, "release": release})
    deployment.start()
    deployment.apply()
    group: str = deployment.terraform.outputs()["security_group_id"]
    take_marks_off(aws, group)
    return deployment, group


def test_interfaces_that_sagemaker_leaves_behind_are_deleted_before_their_group(
    aws: EmbeddedAws, tmp_path: Path
) -> None:
    deployment, _ = deploy(aws, tmp_path, release=True)
    aws.reset_calls()
    said = deployment.terraform.destroy().text
    endpoint_gone = re.search(r"^aws_sagemaker_endpoint\.\S+: Destruction complete", said, re.MULTILINE)
    release_begun = re.search(r"^null_resource\.\S+_Release_\S+: Destroying", said, re.MULTILINE)
    assert endpoint_gone
    assert release_begun
    assert endpoint_gone.start() < release_begun.start()
    calls = aws.calls()
    assert [call.action for call in calls].count("DeleteNetworkInterface") == 2
    assert_in_order(calls, "DeleteEndpoint", "DeleteNetworkInterface", "DeleteSecurityGroup")
    assert deployment.left() == set()


class GroupIsHeldError(Exception):
    """Terraform has been trying to delete the group for ten seconds; it would go on for an hour."""


def stop_when_held(line: str) -> None:
    if line.startswith("aws_security_group.") and "Still destroying" in line:
        raise GroupIsHeldError(line)


def test_without_the_release_they_hold_their_group(aws: EmbeddedAws, tmp_path: Path) -> None:
    deployment, group = deploy(aws, tmp_path, release=False)
    aws.reset_calls()
    with pytest.raises(GroupIsHeldError):
        replace(deployment.terraform, report=stop_when_held).destroy()
    answers = [call.error for call in aws.calls() if call.action == "DeleteSecurityGroup"]
    assert set(answers) == {"DependencyViolation"}
    assert [each["Status"] for each in interfaces(aws, group)] == ["available"] * 2
