"""A variant is registered and scaled as stated; what AWS scales nowhere, or by no such metric, is refused by name."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from sagemaker_endpoint import (
    AsyncInferenceConfig,
    AutoScaling,
    BacklogPerInstance,
    CustomMetric,
    MetricMath,
    SageMakerEndpoint,
    ScheduledAction,
    ServerlessProductionVariant,
    StepAdjustment,
    StepScaling,
    TargetTracking,
)
from sagemaker_endpoint.engine import bindings
from sagemaker_endpoint.operations.scaling_metrics import METRICS

import pytest
from cdktf import TerraformStack, TerraformVariable, Token

from tests.console import evaluate
from tests.examples import MODEL, NETWORK, VARIANT, endpoint, problems, stack, synthesize, variable
from tests.synthesized import Block, Synthesized, named

TARGET = "aws_appautoscaling_target"
POLICY = "aws_appautoscaling_policy"
ACTION = "aws_appautoscaling_scheduled_action"
ALARM = "aws_cloudwatch_metric_alarm"
AT = "production_variants[0].auto_scaling"
SERVERLESS = ServerlessProductionVariant(
    model=MODEL, memory_size_in_mb=2048, max_concurrency=20, provisioned_concurrency=5
)
ASYNCHRONOUS = {"async_inference_config": AsyncInferenceConfig(s3_output_path="s3://answers")}
MORNING = ScheduledAction(name="morning", schedule="cron(0 7 ? * MON-FRI *)", min_capacity=2)
STEP = StepAdjustment(scaling_adjustment=1, metric_interval_lower_bound=0)
STEPS = StepScaling(name="out", metric="CPUUtilization", threshold=80, step_adjustments=[STEP])
FOLLOW = TargetTracking(target_value=600)
CPU = TargetTracking(metric="CPUUtilization", target_value=60)


def scaled(*policies: object, variant: dict[str, Any] | None = None, **stated: object) -> dict[str, Any]:
    """Give an endpoint of instances whose variant is scaled, and may be another."""
    inputs: dict[str, Any] = {"min_capacity": 1, "max_capacity": 4, "policies": [*policies], **stated}
    return {"production_variants": [replace(VARIANT, auto_scaling=AutoScaling(**inputs), **(variant or {}))]}


def asynchronous(*policies: object, **stated: Any) -> dict[str, Any]:
    return {**scaled(*policies, **stated), **ASYNCHRONOUS}


def serverless(*policies: object, variant: dict[str, Any] | None = None, **stated: object) -> dict[str, Any]:
    inputs: dict[str, Any] = {"min_capacity": 1, "max_capacity": 10, "policies": [*policies], **stated}
    made = replace(SERVERLESS, auto_scaling=AutoScaling(**inputs), **(variant or {}))
    return {"network": None, "production_variants": [made]}


def tracking(made: Synthesized, part: str = "") -> Block:
    """Give the configuration of the only policy that tracks a target."""
    found = made.one(POLICY, part)
    assert found["policy_type"] == "TargetTrackingScaling"
    block = found["target_tracking_scaling_policy_configuration"]
    assert isinstance(block, dict)
    return block


def stepping(made: Synthesized, part: str = "") -> Block:
    found = made.one(POLICY, part)
    assert found["policy_type"] == "StepScaling"
    block = found["step_scaling_policy_configuration"]
    assert isinstance(block, dict)
    return block


def warnings(**changes: object) -> list[str]:
    made = endpoint(**changes)
    notes = [each for child in made.node.find_all() for each in child.node.metadata]
    return [str(each.data) for each in notes if "warn" in each.type]


def number(scope: TerraformStack, name: str = "value") -> float:
    return variable(scope, "number", name).number_value


def asked(made: Synthesized) -> list[Block]:
    """Give what Terraform asks before it registers."""
    found: list[Block] = made.one(TARGET).get("lifecycle", {}).get("precondition", [])
    return found


# What is registered.


def test_nothing_is_scaled_by_default() -> None:
    made = synthesize()
    assert [each for each in made.addresses() if "Scaling" in each] == []


def test_a_synthesis_without_scaling_imports_none_of_its_bindings() -> None:
    program = (
        "import sys; from tests.examples import *; synthesize(); "
        "print(*[name for name in sys.modules if 'appautoscaling' in name])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_bindings_know_no_other_name_on_demand() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'AppautoscalingPolicies'"):
        _ = bindings.AppautoscalingPolicies  # type: ignore[attr-defined] # on purpose


def test_a_variant_is_registered_once_the_endpoint_is_there() -> None:
    made = synthesize(**scaled(FOLLOW), tags={"team": "ml"})
    its = made.one(TARGET)
    registered = made.address("terraform_data", "Registered")
    assert its == {
        "service_namespace": "sagemaker",
        "resource_id": f"endpoint/${{{made.address('aws_sagemaker_endpoint')}.name}}/variant/AllTraffic",
        "scalable_dimension": "sagemaker:variant:DesiredInstanceCount",
        "min_capacity": 1,
        "max_capacity": 4,
        "tags": {"team": "ml"},
        "lifecycle": {"replace_triggered_by": [registered]},
    }
    assert made.one("terraform_data", "Registered")["input"] == {
        "endpoint_arn": f"${{{made.address('aws_sagemaker_endpoint')}.arn}}",
        "instance_type": "ml.m5.xlarge",
    }


def test_policies_and_scheduled_actions_are_made_anew_with_the_registration_and_belong_to_it() -> None:
    made = synthesize(**scaled(FOLLOW, STEPS, scheduled_actions=[MORNING]))
    target = made.address(TARGET)
    for each in [*made.all(POLICY).values(), *made.all(ACTION).values()]:
        assert each["lifecycle"] == {"replace_triggered_by": [f"{target}.id"]}
        assert {each[name] for name in ("service_namespace", "resource_id", "scalable_dimension")} == {
            f"${{{target}.{name}}}" for name in ("service_namespace", "resource_id", "scalable_dimension")
        }


def test_provisioned_concurrency_is_registered_by_its_own_dimension() -> None:
    follow = TargetTracking(metric="ServerlessProvisionedConcurrencyUtilization", target_value=0.7)
    made = synthesize(**serverless(follow))
    assert made.one(TARGET)["scalable_dimension"] == "sagemaker:variant:DesiredProvisionedConcurrency"
    assert made.one("terraform_data", "Registered")["input"].keys() == {"endpoint_arn"}
    assert tracking(made) == {
        "predefined_metric_specification": {
            "predefined_metric_type": "SageMakerVariantProvisionedConcurrencyUtilization"
        },
        "target_value": 0.7,
    }


def test_each_variant_is_registered_on_its_own_the_shadow_too() -> None:
    scaling = AutoScaling(min_capacity=1, max_capacity=2, policies=[FOLLOW])
    made = synthesize(
        production_variants=[replace(VARIANT, variant_name="blue", auto_scaling=scaling)],
        shadow_production_variants=[replace(VARIANT, variant_name="green", auto_scaling=scaling)],
    )
    names = {each["resource_id"].rpartition("/")[2] for each in made.all(TARGET).values()}
    assert names == {"blue", "green"}
    assert len(made.all(POLICY)) == 2


def test_a_variants_name_may_be_a_token() -> None:
    scope = stack()
    made = synthesize(scope, **scaled(STEPS, variant={"variant_name": variable(scope).string_value}))
    assert made.one(TARGET)["resource_id"].endswith("/variant/${var.value}")
    assert made.one(ALARM, "_Alarm")["alarm_name"] == (
        '${substr(join("", ["sentiment/", var.value, "/scaling/out"]), 0, 255)}'
    )


def test_capacities_may_be_tokens_and_are_held_to_the_rules() -> None:
    scope = stack()
    made = synthesize(scope, **scaled(min_capacity=number(scope, "least"), max_capacity=number(scope, "most")))
    its = made.one(TARGET)
    assert (its["min_capacity"], its["max_capacity"]) == ("${var.least}", "${var.most}")
    conditions = [each["condition"] for each in asked(made)]
    assert evaluate(conditions, {"least": 1, "most": 1}) == [True] * len(conditions)
    for least, most in ((2, 1), (0, 1), (1.5, 2)):
        assert False in evaluate(conditions, {"least": least, "most": most})
    assert not made.one("aws_sagemaker_endpoint_configuration")["lifecycle"].get("precondition")


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"min_capacity": -1}, [f"{AT}.min_capacity must be a whole number, 0 to 2147483647, got -1"]),
        ({"max_capacity": "4"}, [f"{AT}.max_capacity must be a whole number, 0 to 2147483647, got '4'"]),
        ({"min_capacity": 5}, [f"{AT}.max_capacity must be at least min_capacity 5, got 4"]),
        (
            {"min_capacity": 0},
            [
                (
                    f"{AT}.min_capacity must be at least 1 without async_inference_config: AWS scales asynchronous "
                    "endpoints alone to 0, got 0"
                )
            ],
        ),
        (
            {"scheduled_actions": [replace(MORNING, min_capacity=0)]},
            [
                (
                    f"{AT}.scheduled_actions[0].min_capacity must be at least 1 without async_inference_config: AWS "
                    "scales asynchronous endpoints alone to 0, got 0"
                )
            ],
        ),
        (
            {"policies": "follow"},
            [
                (
                    f"{AT}.policies must be a list of TargetTracking(...) or BacklogPerInstance(...) or "
                    "StepScaling(...), got 'follow'"
                )
            ],
        ),
        (
            {"policies": [MORNING]},
            [
                (
                    f"{AT}.policies[0] must be TargetTracking(...) or BacklogPerInstance(...) or StepScaling(...), "
                    "got ScheduledAction"
                )
            ],
        ),
        (
            {"policies": [FOLLOW, FOLLOW]},
            [f"{AT}.policies must each have a name of their own, got 'InvocationsPerInstance' 2 times"],
        ),
        (
            {"scheduled_actions": [MORNING, MORNING]},
            [f"{AT}.scheduled_actions must each have a name of their own, got 'morning' 2 times"],
        ),
        ({"scheduled_actions": [None]}, [f"{AT}.scheduled_actions[0] must be ScheduledAction(...), got None"]),
        ({"scheduled_actions": 7}, [f"{AT}.scheduled_actions must be a list of ScheduledAction(...), got 7"]),
        (
            {"policies": [replace(FOLLOW, name=f"p{index}") for index in range(51)]},
            [f"{AT}.policies must have at most 50 policies, got 51"],
        ),
        (
            {"scheduled_actions": [replace(MORNING, name=f"s{index}") for index in range(201)]},
            [f"{AT}.scheduled_actions must have at most 200 scheduled actions, got 201"],
        ),
    ],
)
def test_a_wrong_setting_is_told(changes: dict[str, Any], sentences: list[str]) -> None:
    assert [*problems(**scaled(**{"policies": [], **changes}))] == sentences


def test_the_nearest_to_what_is_refused_is_allowed() -> None:
    other = replace(FOLLOW, name="other")
    action = replace(MORNING, name="evening", min_capacity=1)
    endpoint(**scaled(FOLLOW, other, min_capacity=4, scheduled_actions=[MORNING, action]))
    endpoint(**asynchronous(min_capacity=0, max_capacity=0))


def test_what_is_no_scaling_is_told() -> None:
    assert problems(production_variants=[replace(VARIANT, auto_scaling=4)]) == (  # type: ignore[arg-type] # on purpose
        f"{AT} must be AutoScaling(...), got 4",
    )


# Which types, and which kinds of endpoints.


def test_burstable_types_are_refused_with_those_that_can() -> None:
    sentence = (
        f"{AT} must not be given with a burstable instance_type: AWS scales every type but those of ml.t2, such as "
        "'ml.m5.large'"
    )
    assert problems(**scaled(variant={"instance_type": "ml.t2.large"})) == (f"{sentence}, got 'ml.t2.large'",)
    scope = stack()
    made = synthesize(scope, **scaled(variant={"instance_type": variable(scope).string_value}))
    [condition] = [each["condition"] for each in asked(made) if each["error_message"].startswith(sentence)]
    assert [evaluate(condition, {"value": each}) for each in ("ml.t2.large", "ml.trn1.2xlarge")] == [False, True]
    assert made.one("terraform_data", "Registered")["input"]["instance_type"] == "${var.value}"


def test_a_burstable_type_that_is_not_scaled_is_allowed() -> None:
    assert endpoint(production_variants=[replace(VARIANT, instance_type="ml.t2.large")])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"variant": {"provisioned_concurrency": None}},
            f"{AT} must not be given without provisioned_concurrency, which it changes",
        ),
        (
            {"min_capacity": 0},
            (
                f"{AT}.min_capacity must be at least 1 of a ServerlessProductionVariant, some of whose concurrency is "
                "provisioned, got 0"
            ),
        ),
        (
            {"max_capacity": 21},
            f"{AT}.max_capacity must be at most max_concurrency 20, of which what is provisioned is a part, got 21",
        ),
        (
            {"scheduled_actions": [replace(MORNING, max_capacity=21)]},
            (
                f"{AT}.scheduled_actions[0].max_capacity must be at most max_concurrency 20, of which what is "
                "provisioned is a part, got 21"
            ),
        ),
    ],
)
def test_what_no_serverless_variant_takes_is_told(changes: dict[str, Any], sentence: str) -> None:
    assert problems(**serverless(**changes)) == (sentence,)


def test_all_of_a_serverless_variants_concurrency_may_be_provisioned() -> None:
    made = synthesize(**serverless(min_capacity=1, max_capacity=20))
    assert made.one(TARGET)["max_capacity"] == 20


def test_terraform_holds_a_scheduled_action_to_setting_one_of_the_two() -> None:
    scope = stack()
    both = replace(MORNING, min_capacity=number(scope, "least"), max_capacity=number(scope, "most"))
    alone = replace(MORNING, name="alone", min_capacity=None, max_capacity=number(scope, "alone"))
    made = synthesize(scope, **scaled(scheduled_actions=[both, alone]))
    conditions = [each["condition"] for each in asked(made) if "which it sets" in each["error_message"]]
    assert evaluate(conditions, {"least": 1, "most": None, "alone": 2}) == [True, True]
    assert evaluate(conditions, {"least": None, "most": None, "alone": None}) == [False, False]


@pytest.mark.parametrize(
    ("stated", "action", "sentence"),
    [
        (
            scaled,
            {"min_capacity": 5},
            (
                "min_capacity must be at most the max_capacity of auto_scaling or of another scheduled action, as AWS "
                "sets none without: give max_capacity with it, got 5"
            ),
        ),
        (
            serverless,
            {"min_capacity": 21},
            (
                "min_capacity must be at most the max_capacity of auto_scaling or of another scheduled action, as AWS "
                "sets none without: give max_capacity with it, got 21"
            ),
        ),
        (
            scaled,
            {"min_capacity": None, "max_capacity": 1},
            (
                "max_capacity must be at least the min_capacity of auto_scaling or of another scheduled action, as AWS "
                "sets none without: give min_capacity with it, got 1"
            ),
        ),
    ],
)
def test_a_capacity_scheduled_alone_must_go_with_another_that_there_can_be_then(
    stated: Callable[..., dict[str, Any]], action: dict[str, Any], sentence: str
) -> None:
    inputs = stated(min_capacity=2, scheduled_actions=[replace(MORNING, **action)])
    assert problems(**inputs) == (f"{AT}.scheduled_actions[0].{sentence}",)


@pytest.mark.parametrize(
    "actions",
    [
        [{"min_capacity": 4}],
        [{"min_capacity": 5, "max_capacity": 5}],
        [{"min_capacity": 5}, {"min_capacity": None, "max_capacity": 5}],
        [{"min_capacity": None, "max_capacity": 2}],
        [{"min_capacity": None, "max_capacity": 1}, {"min_capacity": 1}],
    ],
)
def test_a_capacity_scheduled_alone_goes_with_that_of_auto_scaling_or_of_another_action(
    actions: list[dict[str, Any]],
) -> None:
    stated = [replace(MORNING, name=f"a{index}", **each) for index, each in enumerate(actions)]
    made = synthesize(**scaled(min_capacity=2, scheduled_actions=stated))
    assert len(made.all(ACTION)) == len(actions)


def test_terraform_is_asked_of_a_capacity_scheduled_alone_but_of_none() -> None:
    scope = stack()
    made = synthesize(scope, **scaled(scheduled_actions=[replace(MORNING, min_capacity=number(scope))]))
    (condition,) = [each["condition"] for each in asked(made) if "another scheduled action" in each["error_message"]]
    assert [evaluate(condition, {"value": value}) for value in (4, 5, None)] == [True, False, True]


def test_terraform_holds_a_serverless_variant_to_its_concurrency() -> None:
    scope = stack()
    made = synthesize(scope, **serverless(max_capacity=number(scope)))
    conditions = [each["condition"] for each in asked(made)]
    assert evaluate(conditions, {"value": 20}) == [True] * len(conditions)
    assert False in evaluate(conditions, {"value": 21})


@pytest.mark.parametrize("make", [scaled, asynchronous, serverless])
@pytest.mark.parametrize("name", METRICS)
def test_a_metric_that_the_kind_of_endpoint_does_not_publish_is_refused_with_those_it_does(
    make: Any,  # noqa: ANN401 - a function
    name: str,
) -> None:
    kind = {scaled: "real-time", asynchronous: "asynchronous", serverless: "serverless"}[make]
    variant = {} if make is serverless else {"variant": {"instance_type": "ml.g4dn.xlarge"}}
    inputs = make(replace(STEPS, metric=name, threshold=0.5), **variant)
    if kind in METRICS[name].kinds:
        assert endpoint(**inputs)
        return
    [sentence] = problems(**inputs)
    beside = {
        "real-time": "instances and no async_inference_config",
        "asynchronous": "async_inference_config",
        "serverless": "a ServerlessProductionVariant",
    }[kind]
    assert sentence.startswith(f"{AT}.policies[0].metric {name!r} must not be given with {beside}: ")
    assert sentence.endswith(", and CustomMetric(...)")


def test_a_backlog_is_of_asynchronous_endpoints_alone() -> None:
    backlog = BacklogPerInstance(target_value=5)
    at = f"{AT}.policies[0] must not be BacklogPerInstance(...) with"
    why = "asynchronous endpoints alone have a backlog"
    assert problems(**scaled(backlog)) == (f"{at} no async_inference_config: {why}",)
    assert problems(**serverless(backlog)) == (f"{at} a ServerlessProductionVariant: {why}",)
    assert endpoint(**asynchronous(backlog))


# Tracking a target.


def test_a_target_is_tracked_by_invocations_unless_another_metric_is_stated() -> None:
    made = synthesize(**scaled(FOLLOW))
    assert made.one(POLICY)["name"] == "InvocationsPerInstance"
    assert tracking(made) == {
        "predefined_metric_specification": {"predefined_metric_type": "SageMakerVariantInvocationsPerInstance"},
        "target_value": 600,
    }


def test_every_setting_of_a_policy_can_be_set() -> None:
    made = synthesize(
        **scaled(
            TargetTracking(
                metric="ConcurrentRequestsPerModel",
                target_value=3.5,
                scale_out_cooldown=0,
                scale_in_cooldown=600,
                disable_scale_in=True,
                name="follow load",
            )
        )
    )
    assert made.one(POLICY)["name"] == "follow load"
    assert tracking(made) == {
        "predefined_metric_specification": {
            "predefined_metric_type": "SageMakerVariantConcurrentRequestsPerModelHighResolution"
        },
        "target_value": 3.5,
        "scale_out_cooldown": 0,
        "scale_in_cooldown": 600,
        "disable_scale_in": True,
    }
    apart = {"requests_per_second", "safety_factor", "processor_count"}
    stated = {"metric", "target_value", "scale_out_cooldown", "scale_in_cooldown", "disable_scale_in", "name"}
    assert {each.name for each in fields(TargetTracking)} == stated | apart


@pytest.mark.parametrize(("factor", "target"), [(None, 600), (0.7, 840), (1, 1200)])
def test_requests_per_second_are_a_minutes_with_half_in_reserve(factor: float | None, target: float) -> None:
    made = synthesize(**scaled(TargetTracking(requests_per_second=20, safety_factor=factor)))
    assert tracking(made)["target_value"] == target


def test_terraform_reckons_with_what_it_alone_knows() -> None:
    scope = stack()
    rate, share = number(scope, "rate"), number(scope, "share")
    made = synthesize(scope, **scaled(TargetTracking(requests_per_second=rate, safety_factor=share)))
    assert evaluate(tracking(made)["target_value"], {"rate": 20, "share": 0.25}) == 300
    conditions = [each["condition"] for each in asked(made)]
    assert evaluate(conditions, {"rate": 20, "share": 0.25}) == [True] * len(conditions)
    for rate_, share_ in ((0, 0.5), (20, 0), (20, 1.5)):
        assert False in evaluate(conditions, {"rate": rate_, "share": share_})


@pytest.mark.parametrize(
    ("metric", "instance_type", "target"),
    [
        ("CPUUtilization", "ml.m5.xlarge", 240),
        ("GPUUtilization", "ml.g5.12xlarge", 240),
        ("GPUMemoryUtilization", "ml.p4d.24xlarge", 480),
        ("MemoryUtilization", "ml.m5.24xlarge", 60),
    ],
)
def test_percentages_of_an_instance_are_multiplied_as_cloudwatch_counts(
    metric: str, instance_type: str, target: float
) -> None:
    policy = TargetTracking(metric=metric, target_value=60)
    made = tracking(synthesize(**scaled(policy, variant={"instance_type": instance_type})))
    assert made == {
        "customized_metric_specification": {
            "metric_name": metric,
            "namespace": "/aws/sagemaker/Endpoints",
            "statistic": "Average",
            "unit": "Percent",
            "dimensions": [
                {"name": "EndpointName", "value": "sentiment"},
                {"name": "VariantName", "value": "AllTraffic"},
            ],
        },
        "target_value": target,
    }


def test_terraform_looks_up_the_processors_of_a_type_that_it_alone_knows() -> None:
    scope = stack()
    made = synthesize(scope, **scaled(CPU, variant={"instance_type": variable(scope).string_value}))
    target = tracking(made)["target_value"]
    types = ["ml.c8g.medium", "ml.m5.xlarge", "ml.p6-b200.48xlarge"]
    assert [evaluate(target, {"value": each}) for each in types] == [60, 240, 11520]
    [condition] = [each["condition"] for each in asked(made) if "processor_count" in each["error_message"]]
    assert [evaluate(condition, {"value": each}) for each in ("ml.m5.xlarge", "ml.z9.large")] == [True, False]


def test_a_type_that_is_newer_than_the_library_needs_its_number_of_processors() -> None:
    new = {"instance_type": "ml.z9.large", "local_nvme_storage": False}
    assert problems(**scaled(CPU, variant=new)) == (
        (
            f"{AT}.policies[0].processor_count must be given, the number of vCPUs of an instance, for an instance_type "
            "whose number this library does not know, got 'ml.z9.large'"
        ),
    )
    made = synthesize(**scaled(replace(CPU, processor_count=3), variant=new))
    assert tracking(made)["target_value"] == 180


def test_a_number_of_processors_may_be_a_token() -> None:
    scope = stack()
    made = synthesize(scope, **scaled(replace(CPU, processor_count=number(scope))))
    assert evaluate(tracking(made)["target_value"], {"value": 2}) == 120


@pytest.mark.parametrize("metric", ["GPUUtilization", "GPUMemoryUtilization"])
@pytest.mark.parametrize("instance_type", ["ml.m5.xlarge", "ml.inf2.xlarge"])
def test_a_type_without_gpus_has_none_to_be_scaled_by(metric: str, instance_type: str) -> None:
    policy = TargetTracking(metric=metric, target_value=60)
    assert problems(**scaled(policy, variant={"instance_type": instance_type})) == (
        f"{AT}.policies[0].metric {metric!r} must not be given with instance_type {instance_type!r}, which has no GPU",
    )


@pytest.mark.parametrize("dimensions", [None, {"Queue": "a"}, {}])
def test_any_metric_can_be_tracked(dimensions: dict[str, str] | None) -> None:
    metric = CustomMetric(metric_name="Waiting", namespace="Serving", dimensions=dimensions, statistic="Maximum")
    made = synthesize(**scaled(TargetTracking(metric=metric, target_value=60)))
    assert made.one(POLICY)["name"] == "Waiting"
    its = {"EndpointName": "sentiment", "VariantName": "AllTraffic"} if dimensions is None else dimensions
    found = tracking(made)["customized_metric_specification"]
    assert {each["name"]: each["value"] for each in found.pop("dimensions", [])} == its
    assert found == {"metric_name": "Waiting", "namespace": "Serving", "statistic": "Maximum"}
    assert tracking(made)["target_value"] == 60


WAITING = CustomMetric(metric_name="Waiting", namespace="Serving", statistic="Sum", unit="Count", dimensions={})
WORKERS = CustomMetric(metric_name="Workers", namespace="Serving")
PER_WORKER = MetricMath(expression="waiting / workers", metrics={"waiting": WAITING, "workers": WORKERS})


def test_what_is_computed_from_several_metrics_can_be_tracked() -> None:
    made = synthesize(**scaled(TargetTracking(metric=PER_WORKER, target_value=3)))
    assert made.one(POLICY)["name"] == "computed"
    computed, waiting, workers = tracking(made)["customized_metric_specification"]["metrics"]
    assert computed == {"id": "computed", "expression": "waiting / workers", "return_data": True}
    assert waiting == {
        "id": "waiting",
        "metric_stat": {
            "metric": {"metric_name": "Waiting", "namespace": "Serving", "dimensions": []},
            "stat": "Sum",
            "unit": "Count",
        },
        "return_data": False,
    }
    assert workers["metric_stat"]["metric"]["dimensions"] == [
        {"name": "EndpointName", "value": "sentiment"},
        {"name": "VariantName", "value": "AllTraffic"},
    ]


def test_what_is_computed_may_have_a_label() -> None:
    labelled = replace(PER_WORKER, label="waiting per worker")
    made = synthesize(**scaled(TargetTracking(name="own", metric=labelled, target_value=3)))
    assert made.one(POLICY)["name"] == "own"
    assert tracking(made)["customized_metric_specification"]["metrics"][0]["label"] == "waiting per worker"


@pytest.mark.parametrize(
    ("math", "sentence"),
    [
        (MetricMath(expression="", metrics={"a": WAITING}), ".expression must have 1 to 2047 characters, got 0: ''"),
        (
            MetricMath(expression="a", metrics={}),
            ".metrics must be a mapping of one or more CustomMetric(...) by ids that are known at synthesis, got {}",
        ),
        (
            MetricMath(expression="A", metrics={"A": WAITING}),
            ".metrics id must look like 'waiting' (pattern [a-z][a-zA-Z0-9_]*), got 'A'",
        ),
        (
            MetricMath(expression="computed", metrics={"computed": WAITING}),
            ".metrics must not have the id 'computed', which is that of the expression",
        ),
        (
            MetricMath(expression="a", metrics={"a": "Waiting"}),  # type: ignore[dict-item] # as users do
            ".metrics['a'] must be CustomMetric(...), got 'Waiting'",
        ),
    ],
)
def test_a_wrong_computation_is_told(math: MetricMath, sentence: str) -> None:
    policy = TargetTracking(metric=math, target_value=3)
    assert problems(**scaled(policy)) == (f"{AT}.policies[0].metric{sentence}",)


def test_steps_are_by_a_single_metric() -> None:
    steps = [StepAdjustment(scaling_adjustment=1, metric_interval_lower_bound=0)]
    metric: object = PER_WORKER
    (problem,) = problems(**scaled(StepScaling(name="a", metric=metric, threshold=1, step_adjustments=steps)))  # type: ignore[arg-type] # as users do
    assert problem.startswith(f"{AT}.policies[0].metric must be CustomMetric(...) or one of")


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        (
            TargetTracking(metric="ApproximateBacklogSize", target_value=1),
            (
                ".metric must be CustomMetric(...), MetricMath(...) or one of InvocationsPerInstance, "
                "ConcurrentRequestsPerModel, CPUUtilization, GPUUtilization, GPUMemoryUtilization, MemoryUtilization, "
                "ServerlessProvisionedConcurrencyUtilization, ApproximateBacklogSizePerInstance, known at synthesis, "
                "got 'ApproximateBacklogSize'"
            ),
        ),
        (TargetTracking(), " must be given target_value, or requests_per_second for 'InvocationsPerInstance'"),
        (
            TargetTracking(target_value=1, requests_per_second=1),
            ".target_value must not be given with requests_per_second, from which the target follows",
        ),
        (
            TargetTracking(metric="CPUUtilization", requests_per_second=1),
            (".requests_per_second must not be given with metric 'CPUUtilization': it is for 'InvocationsPerInstance'"),
        ),
        (
            TargetTracking(target_value=1, safety_factor=1),
            ".safety_factor must not be given without requests_per_second, of which it is a share",
        ),
        (
            TargetTracking(requests_per_second=1, safety_factor=0),
            ".safety_factor must be a number above 0, at most 1, got 0",
        ),
        (TargetTracking(target_value=0), ".target_value must be a number above 0, got 0"),
        (TargetTracking(requests_per_second=-1), ".requests_per_second must be a number above 0, got -1"),
        (replace(CPU, target_value=101), ".target_value must be a number above 0, at most 100, got 101"),
        (
            TargetTracking(metric="MemoryUtilization", target_value=50, processor_count=4),
            (
                ".processor_count must not be given with metric 'MemoryUtilization': it is for the sums "
                "CPUUtilization, GPUUtilization, GPUMemoryUtilization"
            ),
        ),
        (replace(CPU, processor_count=0), ".processor_count must be a whole number, at least 1, got 0"),
        (replace(FOLLOW, scale_in_cooldown=-1), ".scale_in_cooldown must be a whole number, at least 0, got -1"),
        (replace(FOLLOW, scale_out_cooldown=0.5), ".scale_out_cooldown must be a whole number, at least 0, got 0.5"),
        (replace(FOLLOW, disable_scale_in="no"), ".disable_scale_in must be True or False, got 'no'"),  # type: ignore[arg-type] # on purpose
        (replace(FOLLOW, name="ä"), ".name must look like 'follow-load' (pattern [ -~]+), got 'ä'"),
        (
            TargetTracking(metric=CustomMetric(metric_name="", namespace=":a"), target_value=1),
            ".metric.metric_name must have 1 to 255 characters, got 0: ''",
        ),
    ],
)
def test_a_wrong_setting_of_a_policy_is_told(policy: TargetTracking, sentence: str) -> None:
    assert problems(**scaled(policy))[0] == f"{AT}.policies[0]{sentence}"


def test_a_utilization_of_provisioned_concurrency_is_no_percentage() -> None:
    policy = TargetTracking(metric="ServerlessProvisionedConcurrencyUtilization", target_value=70)
    assert problems(**serverless(policy)) == (
        (
            f"{AT}.policies[0].target_value must be a number above 0, at most 1, which is a ratio and no percentage, "
            "got 70"
        ),
    )


def test_settings_of_a_policy_may_be_tokens() -> None:
    scope = stack()
    flag = variable(scope, "bool", "flag").boolean_value
    name = variable(scope, "string", "name").string_value
    policy = TargetTracking(
        target_value=number(scope),
        scale_in_cooldown=number(scope, "cooldown"),
        disable_scale_in=flag,  # type: ignore[arg-type] # a token, which CDKTF types as it likes
        name=name,
    )
    made = synthesize(scope, **scaled(policy))
    assert made.one(POLICY)["name"] == "${var.name}"
    found = tracking(made)
    assert (found["target_value"], found["scale_in_cooldown"], found["disable_scale_in"]) == (
        "${var.value}",
        "${var.cooldown}",
        "${var.flag}",
    )
    conditions = [each["condition"] for each in asked(made)]
    right = {"value": 1, "cooldown": 0, "flag": True, "name": "a"}
    assert evaluate(conditions, right) == [True] * len(conditions)
    for wrong in ({"value": 0}, {"cooldown": -1}, {"name": "ä"}):
        assert False in evaluate(conditions, right | wrong)


@pytest.mark.parametrize(("period", "periods"), [(10, 8640), (20, 1), (60, 1440), (3600, 168), (86400, 7)])
def test_an_alarm_of_steps_looks_back_as_far_as_cloudwatch_lets_it(period: int, periods: int) -> None:
    made = synthesize(**scaled(replace(STEPS, period=period, evaluation_periods=periods)))
    alarm = made.one(ALARM, "_Alarm")
    assert (alarm["period"], alarm["evaluation_periods"]) == (period, periods)


# From zero.


def test_a_backlog_is_tracked_and_an_endpoint_at_zero_is_woken() -> None:
    made = synthesize(**asynchronous(BacklogPerInstance(target_value=5), min_capacity=0))
    assert {each["name"] for each in made.all(POLICY).values()} == {"BacklogPerInstance", "BacklogPerInstanceFromZero"}
    assert tracking(made, "Policy-BacklogPerInstance_") == {
        "customized_metric_specification": {
            "metric_name": "ApproximateBacklogSizePerInstance",
            "namespace": "AWS/SageMaker",
            "statistic": "Average",
            "dimensions": [{"name": "EndpointName", "value": "sentiment"}],
        },
        "target_value": 5,
    }
    assert stepping(made, "FromZero") == {
        "adjustment_type": "ChangeInCapacity",
        "cooldown": 300,
        "step_adjustment": [{"metric_interval_lower_bound": "0", "scaling_adjustment": 1}],
    }
    alarm = made.one(ALARM, "_Alarm")
    assert named(alarm.pop("alarm_actions")[0]) == made.address(POLICY, "FromZero")
    assert alarm == {
        "alarm_name": "sentiment/AllTraffic/scaling/BacklogPerInstanceFromZero",
        "alarm_description": "Scales the variant AllTraffic of the endpoint sentiment, and tells nobody.",
        "namespace": "AWS/SageMaker",
        "metric_name": "HasBacklogWithoutCapacity",
        "dimensions": {"EndpointName": "sentiment"},
        "statistic": "Average",
        "comparison_operator": "GreaterThanOrEqualToThreshold",
        "threshold": 1,
        "period": 60,
        "evaluation_periods": 2,
        "datapoints_to_alarm": 2,
        "treat_missing_data": "missing",
    }


def test_the_policy_that_wakes_has_a_name_that_no_other_may_have() -> None:
    own = replace(STEPS, name="BacklogPerInstanceFromZero", metric="ApproximateBacklogSize")
    stated = asynchronous(BacklogPerInstance(target_value=5), own, min_capacity=0)
    sentence = f"{AT}.policies must each have a name of their own, got 'BacklogPerInstanceFromZero' 2 times"
    assert problems(**stated) == (sentence,)
    assert len(synthesize(**asynchronous(BacklogPerInstance(target_value=5), own)).all(POLICY)) == 2


def test_no_two_policies_have_an_alarm_of_the_same_name() -> None:
    one, other = "n" * 119 + "a", "n" * 119 + "b"
    sentence = (
        f"{AT}.policies with steps must each have a name whose first 119 characters are its own: the names of their "
        f"alarms are cut, got {'n' * 119!r} 2 times"
    )
    assert problems(**scaled(replace(STEPS, name=one), replace(STEPS, name=other))) == (sentence,)
    assert len(synthesize(**scaled(replace(STEPS, name=one[1:]), replace(STEPS, name=other[1:]))).all(ALARM)) == 3
    assert len(synthesize(**scaled(replace(FOLLOW, name=one), replace(CPU, name=other))).all(POLICY)) == 2


def test_no_two_endpoints_have_an_alarm_of_the_same_name() -> None:
    scope = stack()
    for id_, endpoint_name, variant_name in (("One", "sentiment", "v2-blue"), ("Other", "sentiment-v2", "blue")):
        inputs = scaled(STEPS, variant={"variant_name": variant_name})
        SageMakerEndpoint(scope, id_, endpoint_name=endpoint_name, network=NETWORK, **inputs)
    names = [each["alarm_name"] for each in Synthesized(scope).all(ALARM).values()]
    assert len({*names}) == len(names) == 4


def test_what_is_never_at_zero_needs_no_waking() -> None:
    assert len(synthesize(**asynchronous(BacklogPerInstance(target_value=5))).all(POLICY)) == 1


def test_what_may_be_at_zero_is_woken() -> None:
    backlog = BacklogPerInstance(target_value=5, waking_cooldown=60, name="queue")
    by_schedule = synthesize(**asynchronous(backlog, scheduled_actions=[replace(MORNING, min_capacity=0)]))
    assert stepping(by_schedule, "queueFromZero")["cooldown"] == 60
    scope = stack()
    assert len(synthesize(scope, **asynchronous(backlog, min_capacity=number(scope))).all(ALARM)) == 2


def test_an_endpoint_that_nothing_wakes_is_warned_of() -> None:
    sentence = (
        f"{AT}.min_capacity 0 has no policy that wakes the endpoint: at zero instances its metrics have no values. "
        "Add BacklogPerInstance(...)"
    )
    assert warnings(**asynchronous(CPU, min_capacity=0)) == [sentence]
    assert warnings(**asynchronous(replace(STEPS, metric="MemoryUtilization"), min_capacity=0)) == [sentence]
    for woken in (
        asynchronous(
            TargetTracking(metric="ApproximateBacklogSizePerInstance", target_value=5),
            min_capacity=0,
        ),
        asynchronous(replace(STEPS, metric="ApproximateBacklogSize", threshold=1), min_capacity=0),
        asynchronous(BacklogPerInstance(target_value=5), min_capacity=0),
        asynchronous(replace(STEPS, metric="HasBacklogWithoutCapacity", threshold=1), min_capacity=0),
        asynchronous(CPU, min_capacity=0, scheduled_actions=[MORNING]),
    ):
        assert warnings(**woken) == []


@pytest.mark.parametrize(
    ("operator", "bounds", "way_out"),
    [
        ("LessThanThreshold", {"metric_interval_lower_bound": 0}, ("below", "upper")),
        ("LessThanOrEqualToThreshold", {"metric_interval_lower_bound": 5.5}, ("below", "upper")),
        ("GreaterThanThreshold", {"metric_interval_upper_bound": 0}, ("above", "lower")),
        ("GreaterThanOrEqualToThreshold", {"metric_interval_upper_bound": -1}, ("above", "lower")),
        ("LessThanThreshold", {"metric_interval_upper_bound": 0}, None),
        ("GreaterThanThreshold", {"metric_interval_lower_bound": 0}, None),
        ("LessThanThreshold", {"metric_interval_lower_bound": "${var.x}"}, None),
    ],
)
def test_steps_that_no_alarm_comes_to_are_warned_of(
    operator: str, bounds: dict[str, Any], way_out: tuple[str, str] | None
) -> None:
    known = {name: Token.as_number(each) if isinstance(each, str) else each for name, each in bounds.items()}
    step = StepAdjustment(scaling_adjustment=-1, **known)
    told = warnings(**scaled(replace(STEPS, comparison_operator=operator, step_adjustments=[step])))
    if way_out is None:
        assert told == []
    else:
        where, bound = way_out
        why = f"its alarm rings {where} the threshold, and no step is for values there"
        end = f"Give one metric_interval_{bound}_bound 0, and not the other"
        assert told == [f"{AT}.policies[0] never scales: {why}. {end}"]


def test_a_wrong_setting_of_a_backlog_is_told() -> None:
    backlog = BacklogPerInstance(target_value=0, waking_cooldown=-1, name="a" * 248)
    assert problems(**asynchronous(backlog)) == (
        f"{AT}.policies[0].target_value must be a number above 0, got 0",
        f"{AT}.policies[0].waking_cooldown must be a whole number, at least 0, got -1",
        f"{AT}.policies[0].name must have 1 to 247 characters, got 248: {'a' * 248!r}",
    )


# The number that a new configuration begins with.


@pytest.mark.parametrize(("least", "most"), [(3, 4), (1, 1)])
def test_an_initial_count_outside_is_warned_of_and_put_right_after_each_update(least: int, most: int) -> None:
    inputs = scaled(FOLLOW, min_capacity=least, max_capacity=most)
    assert warnings(**inputs) == [
        (
            f"production_variants[0].initial_instance_count 2 lies outside min_capacity {least} and max_capacity "
            f"{most} of auto_scaling: each new configuration begins with it, and is put right only after the update."
        )
    ]
    made = synthesize(**inputs)
    assert made.one("terraform_data", "Registered")["input"]["endpoint_config_name"] == (
        f"${{{made.address('aws_sagemaker_endpoint_configuration')}.name}}"
    )


@pytest.mark.parametrize(("least", "most"), [(2, 2), (1, 4)])
def test_an_initial_count_inside_is_not(least: int, most: int) -> None:
    assert warnings(**scaled(FOLLOW, min_capacity=least, max_capacity=most)) == []


def test_terraform_warns_of_one_that_it_alone_knows() -> None:
    scope = stack()
    made = synthesize(scope, **scaled(min_capacity=number(scope, "least"), max_capacity=number(scope, "most")))
    [check] = made.configuration["check"].values()
    [warning] = check["assert"]
    assert "initial_instance_count 2 lies outside" in warning["error_message"]
    kept = made.one("terraform_data", "Registered")["input"]["endpoint_config_name"]
    for least, most, within in ((1, 2, True), (3, 4, False), (1, 1, False)):
        known = {"least": least, "most": most}
        assert evaluate(warning["condition"], known) is within
        assert (evaluate(kept, known) is None) is within


def test_a_serverless_variant_begins_with_what_it_has_provisioned() -> None:
    [warning] = warnings(**serverless(min_capacity=6))
    assert warning.startswith("production_variants[0].provisioned_concurrency 5 lies outside min_capacity 6")
    assert warnings(**serverless(min_capacity=5)) == []


# Steps.


def test_steps_are_taken_when_their_alarm_rings() -> None:
    steps = [
        StepAdjustment(scaling_adjustment=1, metric_interval_lower_bound=0, metric_interval_upper_bound=7.5),
        StepAdjustment(scaling_adjustment=3, metric_interval_lower_bound=7.5),
    ]
    made = synthesize(**scaled(replace(STEPS, step_adjustments=steps)))
    assert stepping(made) == {
        "adjustment_type": "ChangeInCapacity",
        "step_adjustment": [
            {"scaling_adjustment": 1, "metric_interval_lower_bound": "0", "metric_interval_upper_bound": "30"},
            {"scaling_adjustment": 3, "metric_interval_lower_bound": "30"},
        ],
    }
    alarm = made.one(ALARM, "_Alarm")
    assert (alarm["threshold"], alarm["evaluation_periods"], alarm["period"]) == (320, 3, 60)
    assert alarm["dimensions"] == {"EndpointName": "sentiment", "VariantName": "AllTraffic"}


def test_every_setting_of_steps_can_be_set() -> None:
    stated = {
        "comparison_operator": "LessThanThreshold",
        "adjustment_type": "PercentChangeInCapacity",
        "min_adjustment_magnitude": 2,
        "cooldown": 60,
        "metric_aggregation_type": "Maximum",
        "period": 10,
        "evaluation_periods": 5,
        "datapoints_to_alarm": 4,
        "treat_missing_data": "breaching",
    }
    steps = [StepAdjustment(scaling_adjustment=-10, metric_interval_upper_bound=0)]
    metric = CustomMetric(metric_name="Waiting", namespace="Serving", statistic="Sum", unit="Count")
    policy = StepScaling(name="in", metric=metric, threshold=0.25, step_adjustments=steps, **stated)  # type: ignore[arg-type] # of each type
    made = synthesize(**scaled(policy))
    block, alarm = stepping(made), made.one(ALARM, "_Alarm")
    assert block.pop("step_adjustment") == [{"scaling_adjustment": -10, "metric_interval_upper_bound": "0"}]
    of_alarm = {name: alarm[name] for name in stated if name in alarm}
    assert {**block, **of_alarm} == stated
    assert (alarm["statistic"], alarm["unit"], alarm["threshold"]) == ("Sum", "Count", 0.25)
    apart = {"name", "metric", "threshold", "step_adjustments", "processor_count"}
    assert {each.name for each in fields(StepScaling)} == {*stated, *apart}


def test_numbers_of_steps_may_be_tokens() -> None:
    scope = stack()
    names = ["threshold", "adjustment", "lower", "upper", "periods", "period"]
    known = dict(zip(names, [80, 1, 0, 10, 3, 60], strict=True))
    token = {name: number(scope, name) for name in names}
    steps = [
        StepAdjustment(
            scaling_adjustment=token["adjustment"],
            metric_interval_lower_bound=token["lower"],
            metric_interval_upper_bound=token["upper"],
        ),
        StepAdjustment(scaling_adjustment=2, metric_interval_lower_bound=10),
    ]
    policy = replace(
        STEPS,
        metric="MemoryUtilization",
        threshold=token["threshold"],
        step_adjustments=steps,
        evaluation_periods=token["periods"],
        period=token["period"],
        datapoints_to_alarm=2,
    )
    made = synthesize(scope, **scaled(policy))
    assert stepping(made)["step_adjustment"][0] == {
        "scaling_adjustment": "${var.adjustment}",
        "metric_interval_lower_bound": "${var.lower}",
        "metric_interval_upper_bound": "${var.upper}",
    }
    conditions = [each["condition"] for each in asked(made)]
    assert evaluate(conditions, known) == [True] * len(conditions)
    for wrong in ({"upper": 11}, {"lower": -1}, {"lower": 10}, {"periods": 1}, {"adjustment": 0.5}):
        assert False in evaluate(conditions, known | wrong)  # type: ignore[operator] # a list


def step(adjustment: float, lower: float | None, upper: float | None) -> StepAdjustment:
    return StepAdjustment(
        scaling_adjustment=adjustment, metric_interval_lower_bound=lower, metric_interval_upper_bound=upper
    )


GAP = "must follow one upon another, each from where the one before it ends"


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([], " must have 1 to 20 steps, got 0"),
        ([step(1, None, None)], "[0] must be given metric_interval_lower_bound or metric_interval_upper_bound"),
        (
            [step(1, 5, 5), step(2, 5, None)],
            "[0].metric_interval_upper_bound must be above metric_interval_lower_bound, got 5",
        ),
        ([step(1, 0, 10), step(2, 11, None)], f" {GAP}, not at 10 and 11"),
        ([step(1, 0, 10), step(2, 9, None)], f" {GAP}, not at 10 and 9"),
        (
            [step(1, 0, None), step(2, 5, None)],
            " must have at most one step without metric_interval_upper_bound, got 2",
        ),
        (
            [step(1, None, 0), step(2, None, 5)],
            " must have at most one step without metric_interval_lower_bound, got 2",
        ),
        (
            [step(1, -5, None)],
            " must have a step without metric_interval_lower_bound, since one begins below the threshold, got -5",
        ),
        (
            [step(1, 0, 5)],
            " must have a step without metric_interval_upper_bound, since one ends above the threshold, got 5",
        ),
        ([step(0.5, 0, None)], "[0].scaling_adjustment must be a whole number, -2147483647 to 2147483647, got 0.5"),
        ([None], "[0] must be StepAdjustment(...), got None"),
        ("steps", " must be a list of StepAdjustment(...), got 'steps'"),
        ([step(1, index, index + 1) for index in range(21)], " must have 1 to 20 steps, got 21"),
    ],
)
def test_steps_that_aws_refuses_are_told(steps: Any, sentence: str) -> None:  # noqa: ANN401 - any input
    assert problems(**scaled(replace(STEPS, step_adjustments=steps)))[0] == (
        f"{AT}.policies[0].step_adjustments{sentence}"
    )


@pytest.mark.parametrize(
    "steps",
    [
        [step(1, 10, None), step(2, 0, 10)],  # in any order
        [step(-2, None, -10), step(-1, -10, 0)],
        [step(-1, None, 0), step(1, 0, None)],
        [step(1, index, index + 1) for index in range(19)] + [step(9, 19, None)],
    ],
)
def test_steps_that_follow_one_upon_another_are_taken(steps: list[StepAdjustment]) -> None:
    made = synthesize(**scaled(replace(STEPS, step_adjustments=steps)))
    assert len(stepping(made)["step_adjustment"]) == len(steps)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"min_adjustment_magnitude": 1},
            (
                ".min_adjustment_magnitude must not be given without adjustment_type 'PercentChangeInCapacity', whose "
                "least step it is"
            ),
        ),
        (
            {"adjustment_type": "ExactCapacity", "step_adjustments": [step(-1, 0, None)]},
            ".step_adjustments[0].scaling_adjustment must be at least 0 with adjustment_type 'ExactCapacity', got -1",
        ),
        ({"period": 45}, ".period must be 10, 20, 30 or a multiple of 60, in seconds and at most 86400, got 45"),
        (
            {"period": 60, "evaluation_periods": 1441},
            ".evaluation_periods must be at most 1440 of 60 s, which are one day together, got 1441",
        ),
        (
            {"period": 3600, "evaluation_periods": 169},
            ".evaluation_periods must be at most 168 of 3600 s, which are seven days together, got 169",
        ),
        (
            {"datapoints_to_alarm": 4},
            ".datapoints_to_alarm must be at most evaluation_periods 3, of which it is a part, got 4",
        ),
        ({"threshold": None}, ".threshold must be a number, -1000000000000 to 1000000000000, got None"),
        (
            {"treat_missing_data": "ok"},
            (
                ".treat_missing_data must look like 'notBreaching' (pattern breaching|notBreaching|ignore|missing), "
                "got 'ok'"
            ),
        ),
    ],
)
def test_a_wrong_setting_of_steps_is_told(changes: dict[str, Any], sentence: str) -> None:
    assert problems(**scaled(replace(STEPS, **changes))) == (f"{AT}.policies[0]{sentence}",)


def test_the_nearest_settings_of_steps_are_allowed() -> None:
    exact = replace(STEPS, adjustment_type="ExactCapacity", step_adjustments=[step(0, 0, None)])
    percent = replace(STEPS, name="by percent", adjustment_type="PercentChangeInCapacity", min_adjustment_magnitude=1)
    long = replace(STEPS, name="long", period=3600, evaluation_periods=24, datapoints_to_alarm=24)
    made = synthesize(**scaled(exact, percent, long))
    assert len(made.all(ALARM)) == 4


# Schedules.


def test_a_schedule_sets_what_is_stated() -> None:
    action = replace(
        MORNING,
        max_capacity=8,
        timezone="Europe/Berlin",
        start_time="2026-12-01T00:00:00Z",
        end_time="2026-12-24T00:00:00Z",
    )
    made = synthesize(**scaled(scheduled_actions=[MORNING, replace(action, name="winter")]))
    assert made.one(ACTION, "morning")["scalable_target_action"] == {"min_capacity": "2"}
    winter = made.one(ACTION, "winter")
    assert winter["scalable_target_action"] == {"min_capacity": "2", "max_capacity": "8"}
    assert {name: winter[name] for name in ("name", "schedule", "timezone", "start_time", "end_time")} == {
        "name": "winter",
        "schedule": "cron(0 7 ? * MON-FRI *)",
        "timezone": "Europe/Berlin",
        "start_time": "2026-12-01T00:00:00Z",
        "end_time": "2026-12-24T00:00:00Z",
    }


@pytest.mark.parametrize(
    "schedule",
    [
        "at(2026-12-24T18:00:00)",
        "rate(1 minute)",
        "rate(12 hours)",
        "cron(0 7 ? * MON-FRI *)",
        "cron(0/15 8-18 1,15 JAN-MAR ? 2026-2030)",
        "cron(0 0 L * ? *)",
        "cron(0 0 ? * 2#1 *)",
        "cron(59 23 LW 12 ? 1970,2199)",
        "cron(*/5 00-07 15W * ? *)",
        "cron(0 6 ? 1/3 fri-Sun/2,2 *)",
        "cron(0 6 ? * 6L *)",
        "cron(0 6 L-3 * ? *)",
        "at(2028-02-29T23:59:59)",
    ],
)
def test_a_schedule_has_one_of_three_forms(schedule: str) -> None:
    made = synthesize(**scaled(scheduled_actions=[replace(MORNING, schedule=schedule)]))
    assert made.one(ACTION)["schedule"] == schedule


@pytest.mark.parametrize(
    ("schedule", "hint"),
    [
        ("cron(0 7 * * MON-FRI *)", ": one of day of the month and day of the week is '?'"),
        ("cron(0 7 ? * ? *)", ": one of day of the month and day of the week is '?'"),
        ("cron(0 7 ? * MON-FRI)", ", which has 5 fields: there are 6, the last is the year"),
        ("cron(60 7 ? * MON *)", ""),
        ("cron(0 24 ? * MON *)", ""),
        ("cron(0 7 32 * ? *)", ""),
        ("cron(0 7 ? 13 MON *)", ""),
        ("cron(0 7 ? * MONDAY *)", ""),
        ("cron(0 7 ? * 0 *)", ""),
        ("cron(0 7 ? * MON 1969)", ""),
        ("cron(1- 7 ? * MON *)", ""),
        ("0 7 * * 1-5", ""),
        ("at(2026-12-24)", ""),
        ("at(2026-13-24T18:00:00)", ""),
        ("rate(0 minutes)", ""),
        ("rate(5 seconds)", ""),
    ],
)
def test_another_form_is_told(schedule: str, hint: str) -> None:
    [sentence] = problems(**scaled(scheduled_actions=[replace(MORNING, schedule=schedule)]))
    assert sentence.startswith(f"{AT}.scheduled_actions[0].schedule must look like 'cron(0 7 ? * MON-FRI *)'")
    assert sentence.endswith(f"got {schedule!r}{hint}")


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("schedule", "at(2026-02-29T18:00:00)"),
        ("start_time", "2026-04-31T00:00:00Z"),
        ("end_time", "2100-02-29T00:00:00Z"),
    ],
)
def test_a_day_that_there_is_not_is_told(name: str, time: str) -> None:
    sentence = f"{AT}.scheduled_actions[0].{name} must be on a day that there is, got {time!r}"
    stated: dict[str, Any] = {name: time}
    assert problems(**scaled(scheduled_actions=[replace(MORNING, **stated)])) == (sentence,)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"min_capacity": None}, " must be given min_capacity or max_capacity, which it sets"),
        ({"max_capacity": 1}, ".max_capacity must be at least min_capacity 2, got 1"),
        (
            {"timezone": "Berlin time"},
            (
                ".timezone must look like 'Europe/Berlin' (pattern [A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*), got "
                "'Berlin time'"
            ),
        ),
        (
            {"start_time": "2026-12-01T00:00:00Z", "end_time": "2026-12-01T00:00:00Z"},
            ".end_time must be after start_time '2026-12-01T00:00:00Z', got '2026-12-01T00:00:00Z'",
        ),
    ],
)
def test_a_wrong_setting_of_a_schedule_is_told(changes: dict[str, Any], sentence: str) -> None:
    assert problems(**scaled(scheduled_actions=[replace(MORNING, **changes)])) == (
        f"{AT}.scheduled_actions[0]{sentence}",
    )


def test_times_of_a_schedule_are_in_utc() -> None:
    [sentence] = problems(**scaled(scheduled_actions=[replace(MORNING, start_time="2026-12-01T00:00:00+01:00")]))
    assert sentence.startswith(f"{AT}.scheduled_actions[0].start_time must look like '2026-12-01T00:00:00Z'")


@pytest.mark.parametrize("name", ["a:b", "a/b", "a|b", " a", "a\n", ""])
def test_a_name_that_no_scheduled_action_has_is_told(name: str) -> None:
    [sentence] = problems(**scaled(scheduled_actions=[replace(MORNING, name=name)]))
    assert sentence.startswith(f"{AT}.scheduled_actions[0].name must ")
    assert endpoint(**scaled(scheduled_actions=[replace(MORNING, name="für morgens, 7 Uhr")]))


def test_settings_of_a_schedule_may_be_tokens() -> None:
    scope = stack()
    texts = {name: TerraformVariable(scope, name, type="string") for name in ("name", "schedule", "zone", "start")}
    action = ScheduledAction(
        name=texts["name"].string_value,
        schedule=texts["schedule"].string_value,
        timezone=texts["zone"].string_value,
        start_time=texts["start"].string_value,
        min_capacity=number(scope, "least"),
        max_capacity=number(scope, "most"),
    )
    made = synthesize(scope, **scaled(scheduled_actions=[action, MORNING]))
    found = made.one(ACTION, "Schedule0")
    assert found["scalable_target_action"] == {"min_capacity": "${var.least}", "max_capacity": "${var.most}"}
    conditions = [each["condition"] for each in asked(made)]
    right = {
        "name": "noon",
        "schedule": "cron(0 12 * * ? *)",
        "zone": "UTC",
        "start": "2026-12-01T00:00:00Z",
        "least": 1,
        "most": 2,
    }
    assert evaluate(conditions, right) == [True] * len(conditions)
    for wrong in (
        {"name": "morning"},
        {"name": "a/b"},
        {"schedule": "cron(0 12 * * * *)"},
        {"zone": "a b"},
        {"start": "2026-12-01"},
        {"least": 3},
        {"least": 0},
    ):
        assert False in evaluate(conditions, right | wrong), wrong


def test_an_order_of_policies_moves_no_address() -> None:
    one = synthesize(**scaled(FOLLOW, CPU, STEPS))
    other = synthesize(**scaled(STEPS, CPU, FOLLOW))
    assert one.addresses() == other.addresses()


def test_names_that_are_written_alike_are_told_apart_by_address() -> None:
    names = ["a b", "a-b", "a%20b", "a/b"]
    made = synthesize(**scaled(*(replace(FOLLOW, name=name) for name in names)))
    assert {each["name"] for each in made.all(POLICY).values()} == {*names}


def test_a_long_alarm_name_is_cut() -> None:
    made = synthesize(**scaled(replace(STEPS, name="n" * 255)))
    assert len(made.one(ALARM, "_Alarm")["alarm_name"]) == 255


def test_a_token_of_any_type_is_told_how_to_be_given() -> None:
    [sentence] = problems(**scaled(max_capacity=Token.as_string(variable(stack()).string_value)))
    assert sentence.startswith(f"{AT}.max_capacity must be a whole number")
    assert "Token.as_number(...)" in sentence
