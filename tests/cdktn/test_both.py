"""Both engines in one environment: which one the library uses, and what it says of the other's constructs."""

import os
import subprocess
import sys

from sagemaker_endpoint.engine.bindings import SWITCH

import pytest

from . import beside_cdktf

pytestmark = pytest.mark.end_to_end

PROGRAM = """
from sagemaker_endpoint import (
    ExistingEndpoint, InputError, InstanceProductionVariant, Model, PrivateNetwork, SageMakerEndpoint, prebuilt_image
)
import {engine} as ours_engine
import {other} as their_engine
from constructs import Construct
from {bindings}.iam_role import IamRole
from {bindings}.provider import AwsProvider

theirs = their_engine.TerraformStack(their_engine.Testing.app(), "theirs")
ours = ours_engine.TerraformStack(ours_engine.Testing.app(), "ours")
role = IamRole(theirs, "Role", assume_role_policy="{{}}")

def endpoint(scope, id_, **inputs):
    return SageMakerEndpoint(
        scope, id_, endpoint_name="sentiment",
        network=PrivateNetwork(vpc_id="vpc-01234567", subnet_ids=["subnet-01234567", "subnet-01234568"]),
        production_variants=[InstanceProductionVariant(
            model=Model(image="111122223333.dkr.ecr.eu-west-1.amazonaws.com/sentiment:1"), instance_type="ml.m5.large"
        )],
        **inputs,
    )

made = endpoint(ours, "Endpoint")
for attempt in (
    lambda: endpoint(theirs, "Endpoint"),
    lambda: endpoint(Construct(theirs, "Team"), "Endpoint"),
    lambda: ExistingEndpoint(theirs, "Existing", endpoint_name="sentiment"),
    lambda: prebuilt_image(theirs, "xgboost", "1"),
    lambda: endpoint(ours, "Second", provider=AwsProvider(theirs, "aws", region="eu-west-1")),
    lambda: endpoint(ours, "Third", depends_on=[role]),
    lambda: made.grant_invoke(role),
):
    try:
        attempt()
    except InputError as error:
        print(*error.problems)
"""
AT = ["scope", "scope", "scope", "scope", "provider", "depends_on[0]", "role"]


@pytest.mark.parametrize(
    ("setting", "engine", "bindings", "other"),
    [
        pytest.param(None, "cdktf", "cdktn_provider_aws", "cdktn", id="CDKTF, by default"),
        pytest.param("cdktf", "cdktf", "cdktn_provider_aws", "cdktn", id="CDKTF, which is asked for"),
        pytest.param("cdktn", "cdktn", "cdktf_cdktf_provider_aws", "cdktf", id="cdktn, which is asked for"),
    ],
)
def test_constructs_of_the_other_engine_are_refused_with_the_setting(
    setting: str | None, engine: str, bindings: str, other: str
) -> None:
    environment = beside_cdktf(os.environ)
    # Here CDKTF's names mean CDKTF's modules.
    environment["PYTHONPATH"] = environment["PYTHONPATH"].partition(os.pathsep)[2]
    del environment[SWITCH]
    if setting:
        environment[SWITCH] = setting
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(engine=engine, other=other, bindings=bindings)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"{at} must be of {engine}, which sagemaker_endpoint uses here, but is of {other}: set {SWITCH}={other} before "
        f"sagemaker_endpoint is imported, or import all from {engine}"
        for at in AT
    ]
