"""A serverless variant stands in no VPC, and AWS makes none of an endpoint that has instances."""

from dataclasses import replace
from typing import Any

from sagemaker_endpoint import InterfaceCleanup, ServerlessProductionVariant

import pytest
from cdktf import TerraformStack

from tests.console import evaluate
from tests.examples import MODEL, NETWORK, VARIANT, endpoint, problems, stack, synthesize, variable
from tests.synthesized import Block, Synthesized

SERVERLESS = ServerlessProductionVariant(model=MODEL, memory_size_in_mb=2048, max_concurrency=5)
AT = "production_variants[0]"
ONLY = "must not be given with a ServerlessProductionVariant in production_variants"


def inputs(**changes: Any) -> dict[str, Any]:
    """Give a serverless endpoint with one variant, changed."""
    return {"network": None, "production_variants": [replace(SERVERLESS, **changes)]}


def serverless(scope: TerraformStack | None = None, /, **changes: Any) -> Synthesized:
    return synthesize(stack() if scope is None else scope, **inputs(**changes))


def configured(made: Synthesized) -> Block:
    [block] = made.one("aws_sagemaker_endpoint_configuration")["production_variants"]
    assert isinstance(block, dict)
    return block


def test_a_serverless_variant_has_memory_and_nothing_of_instances() -> None:
    made = serverless()
    assert configured(made) == {
        "model_name": f"${{{made.address('aws_sagemaker_model')}.name}}",
        "variant_name": "AllTraffic",
        "serverless_config": {"memory_size_in_mb": 2048, "max_concurrency": 5},
    }


def test_every_setting_can_be_set() -> None:
    made = configured(
        serverless(variant_name="a", memory_size_in_mb=6144, max_concurrency=200, provisioned_concurrency=200)
    )
    assert made["variant_name"] == "a"
    assert made["serverless_config"] == {
        "memory_size_in_mb": 6144,
        "max_concurrency": 200,
        "provisioned_concurrency": 200,
    }


@pytest.mark.parametrize(
    ("field", "right", "wrong"),
    [
        ("memory_size_in_mb", 3072, 3000),
        ("max_concurrency", 200, 201),
        ("provisioned_concurrency", 5, 6),
        ("provisioned_concurrency", None, 0),
    ],
)
def test_terraform_holds_a_number_that_it_alone_knows_to_the_same_rules(
    field: str, right: float | None, wrong: float
) -> None:
    scope = stack()
    made = serverless(scope, **{field: variable(scope, "number").number_value})
    assert configured(made)["serverless_config"][field] == "${var.value}"
    preconditions = made.one("aws_sagemaker_endpoint_configuration")["lifecycle"]["precondition"]
    asked = [each["condition"] for each in preconditions]
    assert all(f"{AT}.{field}" in each["error_message"] for each in preconditions)
    assert evaluate(asked, {"value": right}) == [True] * len(asked)
    assert False in evaluate(asked, {"value": wrong})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"memory_size_in_mb": 512},
            "memory_size_in_mb must be one of 1024, 2048, 3072, 4096, 5120, 6144, got 512",
        ),
        ({"max_concurrency": 0}, "max_concurrency must be a whole number, 1 to 200, got 0"),
        ({"max_concurrency": 201}, "max_concurrency must be a whole number, 1 to 200, got 201"),
        ({"provisioned_concurrency": 0}, "provisioned_concurrency must be a whole number, 1 to 200, got 0"),
        (
            {"provisioned_concurrency": 6},
            "provisioned_concurrency must be at most max_concurrency 5, of which it is a part, got 6",
        ),
        ({"model": None}, "model must be Model(...), got None"),
    ],
)
def test_a_wrong_setting_is_told(changes: dict[str, Any], sentence: str) -> None:
    assert problems(**inputs(**changes)) == (f"{AT}.{sentence}",)


def test_no_serverless_container_is_cut_off_from_the_network() -> None:
    isolated = replace(MODEL, enable_network_isolation=True)
    assert problems(**inputs(model=isolated)) == (
        (
            f"{AT} must not be a ServerlessProductionVariant with the model's enable_network_isolation: AWS cuts no "
            "serverless container off from the network"
        ),
    )
    assert synthesize(production_variants=[replace(VARIANT, model=isolated)]).all("aws_sagemaker_model")


def test_terraform_refuses_isolation_that_it_alone_knows() -> None:
    scope = stack()
    made = serverless(scope, model=replace(MODEL, enable_network_isolation=variable(scope, "bool").boolean_value))
    [asked] = made.one("aws_sagemaker_endpoint_configuration")["lifecycle"]["precondition"]
    assert "enable_network_isolation" in asked["error_message"]
    assert [evaluate(asked["condition"], {"value": each}) for each in (True, False)] == [False, True]


def test_a_serverless_endpoint_takes_no_network_and_no_clean_up() -> None:
    assert problems(production_variants=[SERVERLESS], interface_cleanup=InterfaceCleanup()) == (
        f"network {ONLY}: AWS puts a serverless endpoint into no VPC",
        f"interface_cleanup {ONLY}: a serverless endpoint has no network interfaces",
    )


def test_instances_stand_in_a_network() -> None:
    assert problems(network=None) == (
        "network must be PrivateNetwork(...), in which the instances of production_variants stand, got None",
    )
    assert endpoint(network=NETWORK, interface_cleanup=InterfaceCleanup()).security_group_ids


@pytest.mark.parametrize("other", [VARIANT, SERVERLESS])
def test_a_serverless_variant_is_the_only_one(other: object) -> None:
    assert problems(network=None, production_variants=[SERVERLESS, other]) == (
        (
            "production_variants must have a ServerlessProductionVariant alone, got 2 variants: AWS serves a "
            "serverless endpoint by one variant, with no instances beside it"
        ),
    )


@pytest.mark.parametrize("name", ["instance_type", "initial_instance_count", "volume_size_in_gb", "core_dump_config"])
def test_what_instances_alone_have_is_refused_by_name(name: str) -> None:
    with pytest.raises(TypeError, match=f"argument '{name}', which InstanceProductionVariant takes;"):
        ServerlessProductionVariant(model=MODEL, memory_size_in_mb=1024, max_concurrency=1, **{name: 1})  # type: ignore[arg-type] # on purpose


def test_nothing_of_a_network_is_made() -> None:
    made = serverless()
    assert "vpc_config" not in made.one("aws_sagemaker_model")
    kinds = {address.removeprefix("data.").partition(".")[0] for address in made.addresses()}
    assert not {kind for kind in kinds if "security_group" in kind or "subnet" in kind or "route" in kind}
    assert "null_resource" not in kinds
    actions = [action for each in made.statements("Runtime").values() for action in each["actions"]]
    assert [action for action in actions if action.startswith("ec2:")] == []
    assert "kms:CreateGrant" in actions


def test_the_construct_and_its_runbook_name_no_network() -> None:
    made = endpoint(**inputs())
    assert made.security_group_ids == []
    assert "Network interfaces" not in made.runbook
    assert "ec2" not in made.runbook
    assert "# CloudWatch logs" in made.runbook
    assert "# Network interfaces" in endpoint().runbook
