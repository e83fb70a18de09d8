"""main.py on cdktn against the embedded AWS: moved from CDKTF with its state, and by the real command line."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.demo.stage import furnish, image, variables
from tests.embedded_aws import EmbeddedAws
from tests.end_to_end.deployment import Deployment
from tests.end_to_end.deployment import environment as environment_of
from tests.end_to_end.order import assert_updated_in_place
from tests.toolchain import REPOSITORY, Project

from . import CDKTN, CLI, environment, moved

pytestmark = pytest.mark.end_to_end

STACK = "sagemaker-endpoint"


@pytest.fixture(scope="module")
def aws() -> Iterator[EmbeddedAws]:
    with EmbeddedAws(wait_seconds=0) as embedded:
        yield embedded


def on_cdktn(aws: EmbeddedAws, directory: Path, program: Path) -> Project:
    """Give main.py as it is after the move, which is written to `program`."""
    program.write_text(moved((REPOSITORY / "main.py").read_text(encoding="utf-8")), encoding="utf-8")
    return Project(
        directory=directory, main=program, environment=environment(environment_of(aws)), virtual_environment=CDKTN
    )


def test_a_stack_moves_from_cdktf_without_a_change_and_lives_on(aws: EmbeddedAws, tmp_path: Path) -> None:
    project = Project(directory=tmp_path / "project", environment=environment_of(aws))
    inputs = variables(aws.client("ec2"), region=aws.region)
    furnish(aws, inputs)
    deployment = Deployment(aws=aws, project=project, stack=STACK, inputs=inputs)
    deployment.start()
    deployment.apply()

    deployment.project = on_cdktn(aws, project.directory, tmp_path / "main.py")
    deployment.project.synth()
    configuration = (deployment.terraform.directory / "cdk.tf.json").read_text(encoding="utf-8")
    assert '"hashicorp/aws"' in configuration  # cdktn's way to say it
    deployment.terraform.init()
    assert deployment.terraform.plan().is_empty

    assert_updated_in_place(deployment.change(image=image(aws.region, "2.0")))
    assert deployment.terraform.plan().is_empty
    deployment.destroy()
    assert deployment.left() == set()


def test_the_cdktn_command_line_synthesizes_deploys_and_destroys(aws: EmbeddedAws, tmp_path: Path) -> None:
    assert CLI.exists(), "make tests/cdktn/node_modules/.ready"
    project = on_cdktn(aws, tmp_path / "project", tmp_path / "main.py")
    inputs = variables(aws.client("ec2"), region=aws.region)
    deployment = Deployment(aws=aws, project=project, stack=STACK, inputs=inputs)
    deployment.start()
    configuration = deployment.terraform.directory / "cdk.tf.json"
    synthesized = configuration.read_bytes()
    configuration.unlink()

    cdktn = replace(project.cdktf(STACK, variables=inputs), program=CLI)
    cdktn.synth()
    assert configuration.read_bytes() == synthesized

    deployed = cdktn.deploy()
    count = len(cdktn.terraform.show().addresses())
    assert f"Apply complete! Resources: {count} added, 0 changed, 0 destroyed." in deployed
    assert "No changes. Your infrastructure matches the configuration." in cdktn.deploy()
    assert deployment.live().status == "InService"

    assert f"Destroy complete! Resources: {count} destroyed." in cdktn.destroy()
    assert deployment.left() == set()
