"""A shadow variant stands beside one production variant, with a model, a name and settings of its own."""

from dataclasses import replace
from typing import Any

from sagemaker_endpoint import CoreDumpConfig, InstanceProductionVariant, ServerlessProductionVariant

import pytest
from cdktf import TerraformStack

from tests.console import evaluate
from tests.examples import MODEL, VARIANT, endpoint, problems, stack, synthesize, variable
from tests.synthesized import Block, Synthesized, named

CONFIGURATION = "aws_sagemaker_endpoint_configuration"
AT = "shadow_production_variants"
SHADOW = replace(VARIANT, variant_name="shadow")
OTHER_MODEL = replace(MODEL, image=f"{MODEL.image}1")
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def made(scope: TerraformStack | None = None, /, **changes: Any) -> Synthesized:
    return synthesize(stack() if scope is None else scope, **{AT: [replace(SHADOW, **changes)]})


def block(found: Synthesized) -> Block:
    [shadow] = found.one(CONFIGURATION)[AT]
    assert isinstance(shadow, dict)
    return shadow


def test_no_requests_are_copied_by_default() -> None:
    assert AT not in synthesize().one(CONFIGURATION)
    assert AT not in synthesize(**{AT: []}).one(CONFIGURATION)


def test_a_shadow_variant_has_the_defaults_of_any_other() -> None:
    found = made()
    assert block(found) == {
        "initial_instance_count": 2,
        "initial_variant_weight": 1,
        "instance_type": "ml.m5.xlarge",
        "model_name": f"${{{found.address('aws_sagemaker_model')}.name}}",
        "variant_name": "shadow",
    }


def test_every_setting_of_a_shadow_variant_can_be_set() -> None:
    stated: dict[str, Any] = {
        "instance_type": "ml.p3.2xlarge",
        "variant_name": "candidate",
        "initial_instance_count": 7,
        "initial_variant_weight": 0.25,
        "volume_size_in_gb": 512,
        "model_data_download_timeout_in_seconds": 3600,
        "container_startup_health_check_timeout_in_seconds": 60,
        "inference_ami_version": "al2-ami-sagemaker-inference-gpu-2",
        "enable_ssm_access": True,
    }
    dump = CoreDumpConfig(destination_s3_uri="s3://dumps/shadow", kms_key_arn=KEY)
    found = block(made(**stated, routing_strategy="RANDOM", core_dump_config=dump))
    assert named(found.pop("model_name")).startswith("aws_sagemaker_model.")
    assert found == {
        **stated,
        "routing_config": [{"routing_strategy": "RANDOM"}],
        "core_dump_config": {"destination_s3_uri": "s3://dumps/shadow", "kms_key_id": KEY},
    }


def test_a_model_of_its_own_is_made_and_read_and_one_that_is_shared_is_made_once() -> None:
    found = made(model=replace(OTHER_MODEL, model_data_url="s3://candidates/model.tar.gz"))
    models = found.all("aws_sagemaker_model")
    assert len(models) == 2
    assert named(block(found)["model_name"]) == found.address("aws_sagemaker_model", "shadow")
    [production] = found.one(CONFIGURATION)["production_variants"]
    assert named(production["model_name"]) == found.address("aws_sagemaker_model", "AllTraffic")
    read = found.statements("Artifacts")["ReadModelData"]["resources"]
    assert any(each.endswith(":::candidates/model.tar.gz") for each in read)
    assert len(made().all("aws_sagemaker_model")) == 1


def test_the_role_opens_shells_for_a_shadow_variant_too() -> None:
    assert "OpenShells" in made(enable_ssm_access=True).statements("Runtime")
    assert "OpenShells" not in made().statements("Runtime")


def test_a_shadow_variant_with_nvme_drives_leaves_no_variant_a_volume_key() -> None:
    assert "kms_key_arn" in made().one(CONFIGURATION)
    assert "kms_key_arn" not in made(instance_type="ml.g5.xlarge").one(CONFIGURATION)


def test_the_runbook_names_the_shadow_variant() -> None:
    assert "shadow" in endpoint(**{AT: [SHADOW]}).runbook
    assert "shadow" not in endpoint().runbook


@pytest.mark.parametrize(
    ("field", "type_", "attribute"),
    [
        ("instance_type", "string", "string_value"),
        ("variant_name", "string", "string_value"),
        ("initial_instance_count", "number", "number_value"),
        ("volume_size_in_gb", "number", "number_value"),
    ],
)
def test_a_setting_may_be_a_token(field: str, type_: str, attribute: str) -> None:
    scope = stack()
    found = made(scope, **{field: getattr(variable(scope, type_), attribute)})
    assert block(found)[field] == "${var.value}"
    said = [each["error_message"] for each in found.one(CONFIGURATION)["lifecycle"]["precondition"]]
    assert any(f"{AT}[0].{field}" in each for each in said)


def test_terraform_refuses_a_name_that_it_alone_knows_to_be_the_production_variants() -> None:
    scope = stack()
    found = made(scope, variant_name=variable(scope).string_value)
    [own] = [
        each["condition"]
        for each in found.one(CONFIGURATION)["lifecycle"]["precondition"]
        if "variant_name that production_variants has not" in each["error_message"]
    ]
    assert [evaluate(own, {"value": each}) for each in ("shadow", "AllTraffic")] == [True, False]


# What is wrong, and the nearest that is not.


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        (None, " must be a list of InstanceProductionVariant(...), got None"),
        ("a", " must be a list of InstanceProductionVariant(...), got 'a'"),
        (SHADOW, " must be a list of InstanceProductionVariant(...), got InstanceProductionVariant"),
        ([MODEL], "[0] must be InstanceProductionVariant(...), got Model"),
        (
            [ServerlessProductionVariant(model=MODEL, memory_size_in_mb=1024, max_concurrency=1)],
            "[0] must be InstanceProductionVariant(...), got ServerlessProductionVariant",
        ),
        (
            [SHADOW, replace(SHADOW, variant_name="other")],
            " must have at most 1 variant, since AWS copies requests to one, got 2",
        ),
        ([VARIANT], " must have a variant_name that production_variants has not, got 'AllTraffic' in both"),
        (
            [replace(SHADOW, initial_instance_count=0)],
            "[0].initial_instance_count must be a whole number, 1 to 2147483647, got 0",
        ),
        ([replace(SHADOW, model="a")], "[0].model must be Model(...), got 'a'"),  # type: ignore[arg-type] # on purpose
    ],
)
def test_a_wrong_shadow_variant_is_told(stated: object, sentence: str) -> None:
    assert problems(**{AT: stated}) == (f"{AT}{sentence}",)


@pytest.mark.parametrize(
    "shadow",
    [
        replace(SHADOW, variant_name="alltraffic"),
        replace(SHADOW, initial_variant_weight=0),
        replace(SHADOW, instance_type="ml.c5.large", model=OTHER_MODEL),
    ],
)
def test_the_nearest_shadow_variant_is_allowed(shadow: InstanceProductionVariant) -> None:
    assert len(synthesize(**{AT: [shadow]}).one(CONFIGURATION)[AT]) == 1
