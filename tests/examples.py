"""A plain endpoint, and ways to change one thing about it."""

import json
from functools import cache
from typing import Any

from sagemaker_endpoint import InputError, InstanceProductionVariant, Model, PrivateNetwork, SageMakerEndpoint

import pytest
from cdktf import TerraformStack, TerraformVariable, Testing

import main
from tests.synthesized import Synthesized

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/sentiment:1.4"
SUBNETS = ["subnet-0000000000000000a", "subnet-0000000000000000b"]
GROUPS = ["sg-0000000000000000a", "sg-0000000000000000b"]
NETWORK = PrivateNetwork(vpc_id="vpc-0123456789abcdef0", subnet_ids=SUBNETS)
MODEL = Model(image=IMAGE, model_data_url="s3://models/sentiment/model.tar.gz", environment={"LOG_LEVEL": "info"})
VARIANT = InstanceProductionVariant(model=MODEL, instance_type="ml.m5.xlarge")
INPUTS: dict[str, Any] = {"endpoint_name": "sentiment", "network": NETWORK, "production_variants": [VARIANT]}


def stack() -> TerraformStack:
    """Make a stack of an app of its own."""
    return TerraformStack(Testing.app(), "stack")


def variable(scope: TerraformStack, type_: str = "string", name: str = "value") -> TerraformVariable:
    """Declare a Terraform variable."""
    return TerraformVariable(scope, name, type=type_)


def endpoint(scope: TerraformStack | None = None, /, **changes: object) -> SageMakerEndpoint:
    """Make the plain endpoint with some inputs changed."""
    inputs = {**INPUTS, **changes}
    return SageMakerEndpoint(stack() if scope is None else scope, "Endpoint", **inputs)


@cache
def _plain() -> str:
    scope = stack()
    endpoint(scope)
    return json.dumps(Synthesized(scope).configuration)


def synthesize(scope: TerraformStack | None = None, /, **changes: object) -> Synthesized:
    """Make the plain endpoint with some inputs changed, and synthesize its stack."""
    if scope is None and not changes:
        return Synthesized(_plain())  # made once for all tests, and a copy for each
    scope = stack() if scope is None else scope
    endpoint(scope, **changes)
    return Synthesized(scope)


def reference_app() -> Synthesized:
    """Synthesize the stack of main.py."""
    return Synthesized(main.EndpointStack(Testing.app(), main.STACK))


def problems(**changes: object) -> tuple[str, ...]:
    """Give what is wrong with the plain endpoint when some inputs are changed."""
    with pytest.raises(InputError) as raised:
        endpoint(**changes)
    return raised.value.problems
