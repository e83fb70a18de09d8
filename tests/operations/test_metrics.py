"""Metrics by name: with what AWS publishes them, for whom, and what is told of a name that there is not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sagemaker_endpoint import (
    AsyncInferenceConfig,
    EndpointMetrics,
    InputError,
    Metric,
    Model,
    SageMakerEndpoint,
    ServerlessProductionVariant,
)
from sagemaker_endpoint.operations.metrics import PUBLISHED

import pytest
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm

from tests.examples import IMAGE, MODEL, VARIANT, endpoint, stack, variable
from tests.synthesized import Synthesized

ASYNC = AsyncInferenceConfig(s3_output_path="s3://answers/sentiment")
SERVERLESS: dict[str, Any] = {
    "network": None,
    "production_variants": [ServerlessProductionVariant(model=MODEL, memory_size_in_mb=2048, max_concurrency=5)],
}
MANY = Model(image=IMAGE, mode="MultiModel", model_data_url="s3://models/")
BLUE_AND_GREEN = [replace(VARIANT, variant_name="blue"), replace(VARIANT, variant_name="green")]
OTHER = EndpointMetrics(endpoint_name="old", variant_names=["a", "b"])


def told(ask: Callable[[], object]) -> tuple[str, ...]:
    """Give what is wrong with a metric that is asked for."""
    with pytest.raises(InputError) as raised:
        ask()
    return raised.value.problems


# The list.


def test_no_metric_stands_twice_in_the_list_with_the_same_dimensions() -> None:
    keys = [(line.name, line.dimensions) for line in PUBLISHED]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("name", "namespace", "unit", "statistic"),
    [
        ("Invocations", "AWS/SageMaker", "None", "Sum"),
        ("Invocation5XXErrors", "AWS/SageMaker", "None", "Average"),
        ("ModelLatency", "AWS/SageMaker", "Microseconds", "Average"),
        ("ConcurrentRequestsPerModel", "AWS/SageMaker", "None", "Maximum"),
        ("CPUUtilization", "/aws/sagemaker/Endpoints", "Percent", "Average"),
        ("DiskUtilization", "/aws/sagemaker/Endpoints", "Percent", "Average"),
    ],
)
def test_a_metric_of_a_variant_has_its_namespace_unit_and_statistic(
    name: str, namespace: str, unit: str, statistic: str
) -> None:
    assert endpoint().metric(name) == Metric(
        namespace=namespace,
        metric_name=name,
        dimensions={"EndpointName": "sentiment", "VariantName": "AllTraffic"},
        unit=unit,
        statistic=statistic,
        period=60,
    )


def test_a_metric_of_the_queue_is_of_the_whole_endpoint() -> None:
    made = endpoint(async_inference_config=ASYNC).metric("ApproximateAgeOfOldestRequest")
    assert made.dimensions == {"EndpointName": "sentiment"}
    assert (made.unit, made.statistic) == ("Seconds", "Maximum")


def test_statistic_and_period_can_be_stated() -> None:
    made = endpoint().metric("ModelLatency", statistic="p99", period=300)
    assert (made.statistic, made.period) == ("p99", 300)


def test_a_configuration_and_a_container_are_further_dimensions() -> None:
    one = {"EndpointName": "sentiment", "VariantName": "AllTraffic"}
    made = endpoint()
    fleet = made.metric("Invocation5XXErrors", endpoint_config_name=made.endpoint_config_name)
    assert fleet.dimensions == one | {"EndpointConfigName": made.endpoint_config_name}
    container = made.metric("ContainerLatency", container_name="first")
    assert container.dimensions == one | {"ContainerName": "first"}
    assert made.metric("CPUUtilization", container_name="first").namespace == "/aws/sagemaker/Endpoints"


# Variants.


def test_the_only_variant_that_answers_is_meant_unless_another_is_stated() -> None:
    shadow = replace(VARIANT, variant_name="candidate")
    made = endpoint(shadow_production_variants=[shadow])
    assert made.metric("Invocations").dimensions["VariantName"] == "AllTraffic"
    assert made.metric("Invocations", variant="candidate").dimensions["VariantName"] == "candidate"


def test_of_several_variants_one_is_stated() -> None:
    made = endpoint(production_variants=BLUE_AND_GREEN)
    assert made.metric("Invocations", variant="green").dimensions["VariantName"] == "green"
    assert told(lambda: made.metric("Invocations")) == (
        "variant must be given, as the endpoint has several: blue, green",
    )
    assert told(lambda: made.metric("Invocations", variant="geren")) == (
        "variant must be the name of one of the endpoint's variants (blue, green), got 'geren'; the nearest: green",
    )


def test_a_variants_name_may_be_a_token() -> None:
    scope = stack()
    name = variable(scope).string_value
    made = endpoint(scope, production_variants=[replace(VARIANT, variant_name=name), BLUE_AND_GREEN[0]])
    assert made.metric("Invocations", variant=name).dimensions["VariantName"] == name
    assert made.metric("Invocations", variant="blue").dimensions["VariantName"] == "blue"


def test_the_endpoints_name_may_be_a_token() -> None:
    scope = stack()
    name = variable(scope).string_value
    assert endpoint(scope, endpoint_name=name).metric("Invocations").dimensions["EndpointName"] == name


def test_a_metric_of_the_whole_endpoint_takes_no_variant() -> None:
    made = endpoint(async_inference_config=ASYNC)
    assert told(lambda: made.metric("ApproximateBacklogSize", variant="AllTraffic")) == (
        "variant must not be given for ApproximateBacklogSize, which is of the whole endpoint, got 'AllTraffic'",
    )


# Names.


def test_a_name_that_there_is_not_is_told_with_the_nearest() -> None:
    (problem,) = told(lambda: endpoint().metric("ModelLatencies"))
    start = "name must be a metric that SageMaker publishes of the endpoint, got 'ModelLatencies'; the nearest: "
    assert problem.startswith(f"{start}ModelLatency, ")


@pytest.mark.parametrize(
    ("inputs", "name", "kinds"),
    [
        ({}, "ApproximateBacklogSize", "asynchronous"),
        ({}, "ServerlessConcurrentExecutionsUtilization", "serverless"),
        ({}, "ModelCacheHit", "multi-model"),
        ({}, "GPUUtilization", "GPU"),
        ({}, "InvocationsPerCopy", "inference-component"),
        ({"async_inference_config": ASYNC}, "Invocations", "real-time and serverless and inference-component"),
        (SERVERLESS, "CPUUtilization", "real-time and asynchronous"),
    ],
)
def test_a_metric_of_another_kind_of_endpoint_is_told_as_one(inputs: dict[str, Any], name: str, kinds: str) -> None:
    (problem,) = told(lambda: endpoint(**inputs).metric(name))
    assert problem.startswith(f"name must be a metric that SageMaker publishes of the endpoint, got {name!r}")
    assert problem.endswith(" endpoints")
    assert all(kind in problem for kind in kinds.split(" and "))


@pytest.mark.parametrize(
    ("inputs", "name"),
    [
        ({"async_inference_config": ASYNC}, "MemoryUtilization"),
        (SERVERLESS, "MemoryUtilization"),
        (SERVERLESS, "ModelSetupTime"),
        ({"production_variants": [replace(VARIANT, instance_type="ml.g5.xlarge")]}, "GPUMemoryUtilization"),
        (
            {"production_variants": [replace(VARIANT, instance_type="ml.z9.xlarge", local_nvme_storage=False)]},
            "GPUMemoryUtilization",
        ),
        ({"production_variants": [replace(VARIANT, model=MANY)]}, "ModelCacheHit"),
    ],
)
def test_what_a_kind_of_endpoint_publishes_is_given(inputs: dict[str, Any], name: str) -> None:
    assert endpoint(**inputs).metric(name).metric_name == name


def test_what_there_is_of_containers_alone_is_told_so() -> None:
    (problem,) = told(lambda: endpoint().metric("ContainerLatency"))
    assert problem.endswith("got 'ContainerLatency', which there is with container_name alone")
    (problem,) = told(lambda: endpoint().metric("ModelLatency", container_name="first"))
    assert problem.endswith("got 'ModelLatency', which there is for a variant alone")


@pytest.mark.parametrize("statistic", ["Average", "SampleCount", "p99", "p99.9", "p100", "tm90", "IQM", "TM(10%:90%)"])
def test_every_statistic_of_cloudwatch_is_taken(statistic: str) -> None:
    assert endpoint().metric("ModelLatency", statistic=statistic).statistic == statistic


@pytest.mark.parametrize("statistic", ["average", "p101", "99", "Max", ""])
def test_another_statistic_is_told(statistic: str) -> None:
    (problem,) = told(lambda: endpoint().metric("ModelLatency", statistic=statistic))
    assert problem.startswith("statistic must ")


def test_a_statistic_is_known_at_synthesis() -> None:
    (problem,) = told(lambda: endpoint().metric("ModelLatency", statistic="${var.value}"))
    assert problem == "statistic must be known at synthesis, got '${var.value}'"


@pytest.mark.parametrize("period", [10, 20, 30, 60, 420, 86400])
def test_every_period_of_cloudwatch_is_taken(period: int) -> None:
    assert endpoint().metric("ModelLatency", period=period).period == period


@pytest.mark.parametrize("period", [0, 15, 61, 86460, -60, "60", True, 60.5])
def test_another_period_is_told(period: float) -> None:
    assert told(lambda: endpoint().metric("ModelLatency", period=period)) == (
        f"period must be 10, 20, 30 or a multiple of 60, in seconds and at most 86400, got {period!r}",
    )


# Endpoints that are not the library's.


def test_metrics_of_another_endpoint_need_its_names_alone() -> None:
    made = OTHER.metric("GPUUtilization", variant="b")
    assert made.dimensions == {"EndpointName": "old", "VariantName": "b"}
    assert OTHER.metric("ApproximateBacklogSize").dimensions == {"EndpointName": "old"}
    alone = EndpointMetrics(endpoint_name="old")
    assert alone.metric("Invocations").dimensions == {"EndpointName": "old", "VariantName": "AllTraffic"}


def test_metrics_of_inference_components_have_their_own_dimension() -> None:
    made = OTHER.metric("Invocations", inference_component_name="adapter")
    assert (made.dimensions, made.statistic) == ({"InferenceComponentName": "adapter"}, "Sum")
    copies = OTHER.metric("MemoryUtilizationNormalized", inference_component_name="adapter")
    assert copies.namespace == "/aws/sagemaker/InferenceComponents"


def test_names_of_another_endpoint_may_be_tokens() -> None:
    scope = stack()
    name = variable(scope).string_value
    made = EndpointMetrics(endpoint_name=name, variant_names=[name]).metric("Invocations")
    assert made.dimensions == {"EndpointName": name, "VariantName": name}


def test_wrong_names_of_another_endpoint_are_told() -> None:
    wrong = EndpointMetrics(endpoint_name="no_underscore", variant_names="AllTraffic")
    first, second = told(lambda: wrong.metric("Invocations"))
    assert first.startswith("EndpointMetrics.endpoint_name must look like 'sentiment'")
    assert second.startswith("EndpointMetrics.variant_names must be a list")


# In an alarm of one's own.


def alarm_on(scope: TerraformStack, metric: Metric) -> dict[str, Any]:
    arguments: dict[str, Any] = metric.alarm_arguments()
    CloudwatchMetricAlarm(
        scope,
        "Mine",
        alarm_name="mine",
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        threshold=1,
        **arguments,
    )
    return Synthesized(scope).one("aws_cloudwatch_metric_alarm", "Mine")


def test_an_alarm_of_ones_own_takes_a_metric_of_the_endpoint() -> None:
    scope = stack()
    made: SageMakerEndpoint = endpoint(scope)
    assert alarm_on(scope, made.metric("ModelLatency", statistic="p99")) == {
        "alarm_name": "mine",
        "comparison_operator": "GreaterThanThreshold",
        "dimensions": {"EndpointName": "sentiment", "VariantName": "AllTraffic"},
        "evaluation_periods": 1,
        "extended_statistic": "p99",
        "metric_name": "ModelLatency",
        "namespace": "AWS/SageMaker",
        "period": 60,
        "threshold": 1,
    }


def test_an_alarm_of_ones_own_takes_a_simple_statistic() -> None:
    scope = stack()
    found = alarm_on(scope, OTHER.metric("Invocations", variant="a"))
    assert found["statistic"] == "Sum"
    assert "extended_statistic" not in found


@pytest.mark.parametrize(("unit", "right"), [("None", True), ("Gigabytes/Second", True), ("Hours", False)])
def test_a_metric_of_ones_own_has_a_unit_of_cloudwatchs(unit: str, right: bool) -> None:
    found = [*Metric(namespace="Shop", metric_name="Waiting", unit=unit).problems("metric")]
    assert (found == []) is right
