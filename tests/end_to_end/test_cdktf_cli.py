"""main.py by the real cdktf command line."""

from pathlib import Path

import pytest

from tests.demo.stage import variables
from tests.embedded_aws import EmbeddedAws
from tests.toolchain import Project

from .deployment import Deployment, environment

pytestmark = pytest.mark.end_to_end

STACK = "sagemaker-endpoint"


def test_cdktf_synthesizes_deploys_and_destroys(aws: EmbeddedAws, tmp_path: Path) -> None:
    project = Project(directory=tmp_path, environment=environment(aws))
    inputs = variables(aws.client("ec2"), region=aws.region)
    deployment = Deployment(aws=aws, project=project, stack=STACK, inputs=inputs)
    deployment.start()
    configuration = deployment.terraform.directory / "cdk.tf.json"
    configuration.unlink()

    cdktf = project.cdktf(STACK, variables=inputs)
    cdktf.synth()
    assert configuration.exists()

    deployed = cdktf.deploy()
    count = len(cdktf.terraform.show().addresses())
    assert f"Apply complete! Resources: {count} added, 0 changed, 0 destroyed." in deployed
    assert deployment.live().status == "InService"
    assert "No changes. Your infrastructure matches the configuration." in cdktf.deploy()

    assert f"Destroy complete! Resources: {count} destroyed." in cdktf.destroy()
    assert deployment.left() == set()
