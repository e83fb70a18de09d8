"""One synthesis, one `init` of each stack and one embedded AWS for all; each test has a copy, and names of its own."""

from __future__ import annotations

import functools
import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.demo.inventory import take_inventory
from tests.demo.stage import build_network, image
from tests.embedded_aws import EmbeddedAws
from tests.toolchain import Project, Terraform
from tests.toolchain.ready_cli import path_with_ready_cli

from .deployed import Deployed

_STACKS = Path(__file__).with_name("stacks.py")
_numbers = itertools.count(1)

Prepare = Callable[..., Terraform]
Deploy = Callable[..., Deployed]


@pytest.fixture(scope="session")
def aws() -> Iterator[EmbeddedAws]:
    with EmbeddedAws(transition_seconds=2) as embedded:  # an endpoint is Deleting for some time
        yield embedded


@pytest.fixture(scope="session")
def network(aws: EmbeddedAws) -> dict[str, object]:
    vpc_id, subnet_ids = build_network(aws.client("ec2"))
    return {"vpc_id": vpc_id, "subnet_ids": subnet_ids}


@pytest.fixture(scope="session")
def project(aws: EmbeddedAws, tmp_path_factory: pytest.TempPathFactory) -> Project:
    environment = {**aws.environment(), "PATH": path_with_ready_cli()}
    project = Project(directory=tmp_path_factory.mktemp("stacks"), main=_STACKS, environment=environment)
    project.synth()
    return project


@pytest.fixture(scope="session")
def initialized(project: Project) -> Callable[[str], Path]:
    """Initialize a stack's folder, once for all tests."""

    @functools.cache
    def folder(stack: str) -> Path:
        terraform = project.terraform(stack)
        terraform.init()
        return terraform.directory

    return folder


@pytest.fixture
def prepare(
    aws: EmbeddedAws,
    network: dict[str, object],
    project: Project,
    initialized: Callable[[str], Path],
    tmp_path: Path,
) -> Prepare:
    """Make a stack ready for `apply`."""

    def prepared(stack: str, **variables: object) -> Terraform:
        plain = {
            "region": aws.region,
            "endpoint_name": f"endpoint-{next(_numbers):03}",
            "kms_key_arn": aws.client("kms").create_key()["KeyMetadata"]["Arn"],
            "image": image(aws.region, "1.0"),
            "instance_type": "ml.m5.large",
            "instance_count": 2,
        }
        terraform = project.terraform(stack, variables={**plain, **network, **variables})
        directory = tmp_path / "a stack's folder"
        shutil.copytree(initialized(stack), directory, symlinks=True)  # a provider is a link to where it is kept
        return replace(terraform, directory=directory)

    return prepared


@pytest.fixture
def deploy(aws: EmbeddedAws, prepare: Prepare) -> Deploy:
    """Apply a stack."""

    def deployed(stack: str, **variables: object) -> Deployed:
        terraform = prepare(stack, **variables)
        before = take_inventory(aws.client)
        terraform.apply()
        outputs = terraform.outputs()
        group = str(outputs.get("group", outputs.get("group-a")))
        return Deployed(aws=aws, terraform=terraform, group=group, before=before)

    return deployed


@pytest.fixture(autouse=True)
def _orphans(aws: EmbeddedAws) -> None:
    aws.behave("orphan")
