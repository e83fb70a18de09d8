"""The Terraform resources inside an endpoint: all of them can be had, and what is overridden lands in the JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sagemaker_endpoint import (
    Alarms,
    AllAtOnce,
    AsyncInferenceConfig,
    AutoScaling,
    EncryptionKey,
    EndpointResources,
    ExecutionRole,
    SageMakerEndpoint,
    ScheduledAction,
    StepAdjustment,
    StepScaling,
    TargetTracking,
)

import pytest
from cdktf import TerraformResource
from cdktf_cdktf_provider_aws.iam_role import IamRole

from tests.examples import GROUPS, NETWORK, VARIANT, endpoint, stack
from tests.synthesized import Synthesized

STEP = StepScaling(
    name="out",
    metric="CPUUtilization",
    threshold=70,
    step_adjustments=[StepAdjustment(scaling_adjustment=1, metric_interval_lower_bound=0)],
)
SCALED = replace(
    VARIANT,
    auto_scaling=AutoScaling(
        min_capacity=1,
        max_capacity=4,
        policies=[TargetTracking(requests_per_second=40), STEP],
        scheduled_actions=[ScheduledAction(name="morning", schedule="cron(0 7 * * ? *)", min_capacity=2)],
    ),
)
ASYNCHRONOUS = AsyncInferenceConfig(
    s3_output_path="s3://answers/", s3_input_path="s3://payloads/", create_success_topic=True, create_error_topic=True
)
FORMS: Mapping[str, dict[str, Any]] = {
    "plain": {},
    "with alarms, a dashboard and scaling": {
        "alarms": Alarms(latency_in_milliseconds=500),
        "dashboard": True,
        "deployment": AllAtOnce(),
        "production_variants": [SCALED],
    },
    "asynchronous": {"async_inference_config": ASYNCHRONOUS},
    "of existing parts": {
        "network": replace(NETWORK, security_group_ids=GROUPS),
        "execution_role": ExecutionRole(role_arn="arn:aws:iam::111122223333:role/sentiment"),
        "key": EncryptionKey(kms_key_arn="arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
    },
}
LEFT_OUT = {"aws_iam_role_policy_attachment", "aws_sns_topic_policy", "terraform_data"}
PARTS = [name for name, value in vars(EndpointResources).items() if isinstance(value, property)]


def leaves(value: object) -> Iterator[TerraformResource]:
    if isinstance(value, Mapping):
        for each in value.values():
            yield from leaves(each)
    elif value is not None:
        assert isinstance(value, TerraformResource)
        yield value


def address(resource: TerraformResource) -> str:
    return f"{resource.terraform_resource_type}.{resource.friendly_unique_id}"


def made(form: str) -> tuple[SageMakerEndpoint, Synthesized]:
    scope = stack()
    its = endpoint(scope, **FORMS[form])
    if form == "asynchronous":
        caller = IamRole(scope, "Caller", assume_role_policy="{}")
        its.grant_invoke(caller, upload_input=True)
    return its, Synthesized(scope)


@pytest.mark.parametrize("form", FORMS)
def test_every_resource_can_be_had_but_for_those_that_say_nothing_of_their_own(form: str) -> None:
    its, found = made(form)
    given = {address(each) for part in PARTS for each in leaves(getattr(its.resources, part))}
    assert given == {
        f"{kind}.{id_}"
        for kind, blocks in found.configuration["resource"].items()
        for id_ in blocks
        if kind not in LEFT_OUT and id_ != "Caller"
    }


def test_none_is_given_twice() -> None:
    for form in FORMS:
        its, _ = made(form)
        given = [address(each) for part in PARTS for each in leaves(getattr(its.resources, part))]
        assert sorted(given) == sorted(set(given)), form


@pytest.mark.parametrize("form", FORMS)
def test_an_override_lands_in_the_json_of_that_resource_and_of_no_other(form: str) -> None:
    scope = stack()
    resources = endpoint(scope, **FORMS[form]).resources
    overridden: dict[str, str] = {}
    for part in PARTS:
        for each in leaves(getattr(resources, part)):
            overridden[address(each)] = f"{part} {len(overridden)}"
            each.add_override("overridden", overridden[address(each)])
    blocks = Synthesized(scope).configuration["resource"]
    found = {f"{kind}.{id_}": block for kind, of_kind in blocks.items() for id_, block in of_kind.items()}
    assert {name: block["overridden"] for name, block in found.items() if "overridden" in block} == overridden


def test_variants_with_the_same_model_share_its_resource() -> None:
    blue, green = replace(VARIANT, variant_name="blue"), replace(VARIANT, variant_name="green")
    models = endpoint(production_variants=[blue, green]).resources.models
    assert list(models) == ["blue", "green"]
    assert models["blue"] is models["green"]
    other = replace(green, model=replace(green.model, environment={}))
    models = endpoint(production_variants=[blue, other]).resources.models
    assert address(models["blue"]) != address(models["green"])


def test_the_resources_of_scaling_are_found_by_the_names_of_variant_and_policy() -> None:
    its, found = made("with alarms, a dashboard and scaling")
    resources = its.resources
    assert [*resources.scalable_targets] == ["AllTraffic"]
    policies = resources.scaling_policies["AllTraffic"]
    names = [found.one("aws_appautoscaling_policy", each.friendly_unique_id)["name"] for each in policies.values()]
    assert [*policies] == names
    assert [*resources.scaling_alarms["AllTraffic"]] == ["out"]
    assert [*resources.scheduled_actions["AllTraffic"]] == ["morning"]
    assert resources.alarms.keys() == its.alarms.keys()
