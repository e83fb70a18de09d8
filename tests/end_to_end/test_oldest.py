"""main.py with the oldest packages that the library allows; their AWS provider is 5.100."""

import importlib.metadata
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.demo.doctor import examine
from tests.demo.stage import furnish, image, variables
from tests.embedded_aws import EmbeddedAws
from tests.loaded import loaded_by_main
from tests.toolchain import REPOSITORY, Project, clean_environment
from tests.unreachable import unreachable_aws

from .deployment import Deployment, environment
from .order import assert_updated_in_place

pytestmark = pytest.mark.end_to_end

OLDEST = REPOSITORY / ".venv" / "oldest"  # made by `make test`
REQUIREMENTS = REPOSITORY / "tests" / "oldest" / "requirements.txt"


def test_the_oldest_environment_holds_the_oldest_that_the_library_allows() -> None:
    required = importlib.metadata.requires("cdktf-sagemaker-endpoint")
    assert required
    pins = dict(re.findall(r"^([\w-]+)==([\w.]+)$", REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE))
    for requirement in required:
        if "extra == 'cdktn'" in requirement:
            continue
        name, least = re.findall(r"^([\w-]+).*>=([\d.]+)", requirement)[0]
        assert f"{pins[name]}.0.0".startswith(f"{least}."), f"{requirement}, but {name} {pins[name]} is taken"


def test_main_loads_only_what_it_uses(tmp_path: Path) -> None:
    main = loaded_by_main(OLDEST / "bin" / "python", tmp_path, clean_environment({}))
    assert {"sagemaker_endpoint", "provider", "kms_key"} <= main.in_python
    assert len(main.in_python) < 30
    assert main.in_node <= main.in_python


def test_the_doctor_says_in_a_sentence_that_aws_is_out_of_reach() -> None:
    with unreachable_aws() as variables:
        done = subprocess.run(
            [OLDEST / "bin" / "sagemaker-endpoint", "doctor", "--endpoint-name", "a", "--region", "eu-west-1"],
            env=clean_environment(variables),
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stdout) == (3, ""), done.stderr
    assert done.stderr.startswith("sagemaker-endpoint: AWS was not reached")


def test_the_stack_comes_changes_and_goes(aws: EmbeddedAws, tmp_path: Path) -> None:
    assert OLDEST.is_dir(), "make .venv/oldest/.synced"
    tools = clean_environment({})  # Node and the AWS CLI are in the project's own environment
    path = os.pathsep.join([str(OLDEST / "bin"), tools["PATH"]])
    project = Project(
        directory=tmp_path,
        environment={**environment(aws), "PATH": path, "JSII_NODE": tools["JSII_NODE"]},
        virtual_environment=OLDEST,
    )
    inputs = variables(aws.client("ec2"), region=aws.region)
    furnish(aws, inputs)
    deployment = Deployment(aws=aws, project=project, stack="sagemaker-endpoint", inputs=inputs)
    deployment.start()
    assert _provider_version(deployment.terraform.directory / "cdk.tf.json", "aws") == "5.100.0"
    assert _provider_version(deployment.terraform.directory / "providers_override.tf.json", "aws") is None

    deployment.apply()
    assert deployment.terraform.plan().is_empty
    assert_updated_in_place(deployment.change(image=image(aws.region, "2.0")))
    assert deployment.terraform.plan().is_empty
    assert "Exit code 0: " in examine(deployment.terraform)
    deployment.destroy()
    assert deployment.left() == set()


def _provider_version(configuration: Path, provider: str) -> str | None:
    """Read which version a file demands; a file that is not there demands none."""
    if not configuration.exists():
        return None
    demanded = json.loads(configuration.read_text(encoding="utf-8"))["terraform"]["required_providers"]
    return demanded[provider]["version"] if provider in demanded else None
