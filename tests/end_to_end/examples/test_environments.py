"""Each environment in an account of its own, from one file."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.embedded_aws import EmbeddedAws
from tests.end_to_end.deployment import environment
from tests.end_to_end.vpc import Vpc
from tests.example_programs import EXAMPLES
from tests.toolchain import CommandError, Project

from .furnished import furnish

pytestmark = pytest.mark.end_to_end

FOLDER = EXAMPLES / "environments"
SETTINGS = yaml.safe_load((FOLDER / "environments.yaml").read_text(encoding="utf-8"))
APPLIED = {"dev": 1, "prod": 2}
"""The instances of the two that differ most; staging is planned the same."""


def test_the_example_lives_from_apply_to_destroy(aws: EmbeddedAws, tmp_path: Path) -> None:
    furnish(aws, {})
    main = tmp_path / "example.py"
    shutil.copy(FOLDER / "main.py", main)
    text = (FOLDER / "environments.yaml").read_text(encoding="utf-8")
    accounts = {}
    for name, section in SETTINGS.items():
        accounts[name] = aws.elsewhere(region=section["region"], role_arn=section["role_arn"])
        vpc = Vpc(accounts[name])
        text = text.replace(section["vpc_id"], vpc.id)
        for zone, subnet in zip("ab", section["private_subnet_ids"], strict=True):
            text = text.replace(subnet, vpc.subnet(zone))
    (tmp_path / "environments.yaml").write_text(text, encoding="utf-8")
    project = Project(directory=tmp_path, main=main, environment=environment(aws))
    project.synth()
    for name, count in APPLIED.items():
        terraform = project.terraform(f"environments-{name}")
        terraform.init()
        assert terraform.validate() == ()
        terraform.apply()
        assert terraform.plan().is_empty
        account = re.findall(r"\d{12}", SETTINGS[name]["role_arn"])[0]
        assert f":{account}:endpoint/environments-{name}" in str(terraform.outputs()["endpoint_arn"])
        sagemaker = accounts[name].client("sagemaker")
        [variant] = sagemaker.describe_endpoint(EndpointName=f"environments-{name}")["ProductionVariants"]
        assert variant["CurrentInstanceCount"] == count
    project.terraform("environments-dev").destroy()
    with pytest.raises(CommandError, match="Instance cannot be destroyed"):
        project.terraform("environments-prod").destroy()
