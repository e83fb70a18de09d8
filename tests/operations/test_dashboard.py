"""The dashboard: what is on it for which endpoint, and that its body is JSON whatever the names turn out to be."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sagemaker_endpoint import Alarms, AsyncInferenceConfig, ServerlessProductionVariant
from sagemaker_endpoint.operations.metrics import PUBLISHED

import pytest

from tests.console import ACCOUNT, evaluate
from tests.examples import MODEL, VARIANT, endpoint, problems, stack, synthesize, variable
from tests.hosting.test_variant import MANY
from tests.synthesized import Block, Synthesized, named

KIND = "aws_cloudwatch_dashboard"
SERVERLESS: dict[str, Any] = {
    "network": None,
    "production_variants": [ServerlessProductionVariant(model=MODEL, memory_size_in_mb=2048, max_concurrency=5)],
}
ASYNC: dict[str, Any] = {"async_inference_config": AsyncInferenceConfig(s3_output_path="s3://answers/sentiment")}
GPUS: dict[str, Any] = {"production_variants": [replace(VARIANT, instance_type="ml.g5.xlarge")]}
MANY_MODELS: dict[str, Any] = {"production_variants": [replace(VARIANT, model=MANY)]}
KINDS: list[dict[str, Any]] = [{}, SERVERLESS, ASYNC, GPUS, MANY_MODELS]


def body(made: Synthesized, variables: Mapping[str, object] | None = None) -> Block:
    """Give the body as Terraform will send it."""
    alarm = {"aws_cloudwatch_metric_alarm.arn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:one"}
    text = evaluate(made.one(KIND)["dashboard_body"], variables, known=alarm)
    assert isinstance(text, str)
    found: Block = json.loads(text)
    return found


def graphs(made: Synthesized) -> dict[str, Block]:
    """Give the properties of each graph by its title, with what Terraform alone knows left as it is."""
    text = re.sub(r"\$\{jsonencode\(([^()]*)\)\}", r'"\1"', made.one(KIND)["dashboard_body"])
    widgets = json.loads(text)["widgets"]
    return {each["properties"]["title"]: each["properties"] for each in widgets if each["type"] == "metric"}


def metrics_of(graph: Block) -> list[list[Any]]:
    """Give the metrics of a graph: namespace, name, and the rest."""
    return [each for each in graph["metrics"] if isinstance(each[0], str)]


def test_by_default_there_is_none() -> None:
    assert synthesize().all(KIND) == {}
    assert endpoint().dashboard_name is None


def test_its_name_tells_the_region_since_an_account_has_each_name_once() -> None:
    made = synthesize(dashboard=True)
    assert evaluate(made.one(KIND)["dashboard_name"]) == "sentiment-eu-west-1"
    name = endpoint(dashboard=True).dashboard_name
    assert name is not None
    assert name.startswith("${")


@pytest.mark.parametrize("inputs", KINDS)
def test_its_body_is_json_of_widgets_that_stand_beside_one_another(inputs: dict[str, Any]) -> None:
    widgets = body(synthesize(dashboard=True, alarms=Alarms(), **inputs))["widgets"]
    taken = [(x, y) for each in widgets for x in range(each["x"], each["x"] + each["width"]) for y in lines(each)]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) == 23


def lines(widget: Block) -> range:
    return range(widget["y"], widget["y"] + widget["height"])


@pytest.mark.parametrize("inputs", KINDS)
def test_every_metric_on_it_is_one_that_the_endpoint_publishes(inputs: dict[str, Any]) -> None:
    scope = stack()
    its = endpoint(scope, dashboard=True, **inputs)
    published = {(line.namespace, line.name) for line in PUBLISHED}
    found = [each for graph in graphs(Synthesized(scope)).values() for each in metrics_of(graph)]
    assert len(found) > 5
    for namespace, name, *rest in found:
        assert (namespace, name) in published
        assert dict(zip(rest[:-1:2], rest[1:-1:2], strict=True)) == its.metric(name).dimensions


@pytest.mark.parametrize("inputs", KINDS)
def test_every_expression_names_metrics_of_its_graph(inputs: dict[str, Any]) -> None:
    for graph in graphs(synthesize(dashboard=True, **inputs)).values():
        ids = {each[-1]["id"] for each in metrics_of(graph) if "id" in each[-1]}
        for each in graph["metrics"]:
            if not isinstance(each[0], str) and "SEARCH" not in each[0]["expression"]:
                assert set(re.findall(r"m\d+", each[0]["expression"])) <= ids


COMMON = {"Requests a minute", "Errors a minute", "Latency", "Memory and disk, the fullest instance"}
DEPLOYMENTS = {
    "Deployments: requests by configuration",
    "Deployments: rate of 5XX by configuration",
    "Deployments: latency p90 by configuration",
}
REAL_TIME = (
    COMMON
    | DEPLOYMENTS
    | {
        "First chunk of a stream, p90",
        "Requests at a time",
        "Requests a minute and instance",
        "Instances",
        "CPU, each vCPU counts for 100",
        "Cost: instance hours an hour",
    }
)


@pytest.mark.parametrize(
    ("inputs", "titles"),
    [
        ({}, REAL_TIME),
        (GPUS, REAL_TIME | {"GPUs, each counts for 100"}),
        (MANY_MODELS, REAL_TIME | {"Requests that find their model", "Models loaded", "Loading of models"}),
        (
            SERVERLESS,
            COMMON
            | {
                "Concurrency in use",
                "Requests and provisioned concurrency",
                "Cold starts",
                "Cost: seconds of computing an hour",
            },
        ),
        (
            ASYNC,
            COMMON
            | DEPLOYMENTS
            | {
                "Backlog",
                "Age of the backlog",
                "Lost requests",
                "Time of a request",
                "Instances",
                "CPU, each vCPU counts for 100",
                "Cost: instance hours an hour",
            },
        ),
    ],
)
def test_each_kind_of_endpoint_has_its_graphs(inputs: dict[str, Any], titles: set[str]) -> None:
    assert set(graphs(synthesize(dashboard=True, **inputs))) == titles


def test_latency_is_shown_in_percentiles() -> None:
    graph = graphs(synthesize(dashboard=True))["Latency"]
    assert [(each[1], each[-1]["stat"]) for each in graph["metrics"]] == [
        ("ModelLatency", "p50"),
        ("ModelLatency", "p90"),
        ("ModelLatency", "p99"),
        ("OverheadLatency", "Average"),
    ]


def test_a_deployment_is_seen_as_requests_go_from_one_configuration_to_the_next() -> None:
    graph = graphs(synthesize(dashboard=True))["Deployments: requests by configuration"]
    ((search,),) = graph["metrics"]
    assert search["expression"] == (
        "SEARCH('{AWS/SageMaker,EndpointName,VariantName,EndpointConfigName} "
        'EndpointName="sentiment" MetricName="Invocations"\', \'Sum\', 60)'
    )
    queued = graphs(synthesize(dashboard=True, **ASYNC))["Deployments: requests by configuration"]
    assert "MetricName=\"ModelLatency\"', 'SampleCount', 60)" in queued["metrics"][0][0]["expression"]


def test_instances_are_counted_by_their_reports_and_their_hours_are_the_cost() -> None:
    made = graphs(synthesize(dashboard=True))
    assert made["Instances"]["metrics"][0][-1] == {"stat": "SampleCount", "label": "reporting"}
    hidden, shown = made["Cost: instance hours an hour"]["metrics"]
    assert (hidden[-1]["visible"], hidden[-1]["period"]) == (False, 3600)
    assert shown[0]["expression"] == f"{hidden[-1]['id']} / 60"


def test_every_variant_is_on_it_and_a_shadow_too() -> None:
    shadow = replace(VARIANT, variant_name="candidate")
    graph = graphs(synthesize(dashboard=True, shadow_production_variants=[shadow]))["Requests a minute"]
    assert [each[-1]["label"] for each in graph["metrics"]] == ["AllTraffic", "candidate"]


def test_ten_variants_and_a_shadow_fit_on_a_dashboard() -> None:
    variants = [replace(GPUS["production_variants"][0], variant_name=f"v{index}") for index in range(10)]
    made = graphs(synthesize(dashboard=True, production_variants=variants))
    assert sum(len(metrics_of(each)) for each in made.values()) <= 500
    assert len(made) <= 500


def test_the_states_of_the_alarms_are_on_it_if_there_are_any() -> None:
    made = synthesize(dashboard=True, alarms=Alarms())
    (states,) = [each for each in body(made)["widgets"] if each["type"] == "alarm"]
    assert len(states["properties"]["alarms"]) == 5
    arns = re.findall(r"aws_cloudwatch_metric_alarm[.][\w-]+[.]arn", made.one(KIND)["dashboard_body"])
    assert {named(f"${{{each}}}") for each in arns} == {
        each for each in made.all("aws_cloudwatch_metric_alarm") if "_RollbackAlarm_" not in each
    }
    assert "alarm" not in {each["type"] for each in body(synthesize(dashboard=True))["widgets"]}


@pytest.mark.parametrize("raw", [False, True])
def test_names_may_be_known_to_terraform_alone_whatever_stands_in_them(raw: bool) -> None:
    scope = stack()
    names = variable(scope, "map(string)")
    name = '${var.value["a"]}' if raw else variable(scope, name="name").string_value
    variants = [replace(VARIANT, variant_name=name), replace(VARIANT, variant_name="green")]
    made = synthesize(scope, dashboard=True, endpoint_name=f"x-{name}", production_variants=variants)
    assert names.type == "map(string)"
    found = body(made, {"value": {"a": "blue"}, "name": "blue"})
    requests = next(
        each["properties"] for each in found["widgets"] if each["properties"].get("title") == "Requests a minute"
    )
    assert [each[2:6] for each in requests["metrics"]] == [
        ["EndpointName", "x-blue", "VariantName", "blue"],
        ["EndpointName", "x-blue", "VariantName", "green"],
    ]
    assert 'EndpointName=\\"x-blue\\"' in json.dumps(found)


def test_the_region_is_where_the_endpoint_is() -> None:
    found = body(synthesize(dashboard=True))
    regions = {each["properties"]["region"] for each in found["widgets"] if each["type"] == "metric"}
    assert regions == {ACCOUNT["aws_region.id"]}


@pytest.mark.parametrize("wrong", ["yes", None, 1])
def test_what_is_no_boolean_is_told(wrong: object) -> None:
    assert problems(dashboard=wrong) == (f"dashboard must be True or False, known at synthesis, got {wrong!r}",)
