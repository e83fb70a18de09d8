"""Alarms and a dashboard with real Terraform: applied, changed, left out, moved with a variant, destroyed."""

import json
from typing import Any

import pytest

from tests.demo.stage import build_network, image
from tests.embedded_aws import EmbeddedAws

from .deployment import ConcreteDeployment
from .order import assert_in_order, assert_updated_in_place

pytestmark = pytest.mark.end_to_end

OF_INSTANCES = {"ServerErrors", "ModelErrors", "Latency", "NoInstances", "Memory", "Disk"}
GUARD = "sentiment-rollback"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def topic(aws: EmbeddedAws) -> str:
    return str(aws.client("sns").create_topic(Name="alarms")["TopicArn"])


@pytest.fixture(scope="module")
def deployment(aws: EmbeddedAws, topic: str, tmp_path_factory: pytest.TempPathFactory) -> ConcreteDeployment:
    vpc_id, subnet_ids = build_network(aws.client("ec2"))
    made = ConcreteDeployment.of(
        aws,
        tmp_path_factory.mktemp("alarms"),
        "any_input",
        region=aws.region,
        endpoint_name="sentiment",
        network={"vpc_id": vpc_id, "subnet_ids": subnet_ids},
        production_variants=[variant(aws, "blue")],
        alarms=alarms(topic),
        dashboard=True,
        tags={"team": "ml"},
    )
    made.start()
    made.apply()
    return made


def variant(aws: EmbeddedAws, name: str) -> Json:
    return {"model": {"image": image(aws.region, "1.0")}, "instance_type": "ml.m5.xlarge", "variant_name": name}


def alarms(topic: str, **changes: object) -> Json:
    queue = {"namespace": "Shop", "metric_name": "Waiting", "dimensions": {"Queue": "orders"}, "statistic": "p90"}
    stated: Json = {
        "alarm_actions": [topic],
        "ok_actions": [topic],
        "latency_in_milliseconds": 250,
        "additional": [{"name": "Orders", "metric": queue, "threshold": 5}],
    }
    return stated | changes


def alarms_there(aws: EmbeddedAws) -> dict[str, Json]:
    """Give the alarms by name, without that of the deployments, which never rings."""
    found = aws.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return {each["AlarmName"].removeprefix("sentiment/"): each for each in found if each["AlarmName"] != GUARD}


def names(variant_name: str) -> set[str]:
    return {f"{variant_name}/{name}" for name in OF_INSTANCES} | {"Orders"}


def graphs(aws: EmbeddedAws) -> dict[str, Json]:
    """Give what AWS keeps of the dashboard: the properties of each widget by its title."""
    cloudwatch = aws.client("cloudwatch")
    (entry,) = cloudwatch.list_dashboards()["DashboardEntries"]
    assert entry["DashboardName"] == f"sentiment-{aws.region}"
    body = json.loads(cloudwatch.get_dashboard(DashboardName=entry["DashboardName"])["DashboardBody"])
    return {each["properties"].get("title", each["type"]): each["properties"] for each in body["widgets"]}


def test_alarms_and_dashboard_are_there_and_the_next_plan_is_empty(
    aws: EmbeddedAws, topic: str, deployment: ConcreteDeployment
) -> None:
    there = alarms_there(aws)
    assert set(there) == names("blue")
    assert all(each["AlarmActions"] == each["OKActions"] == [topic] for each in there.values())
    latency = there["blue/Latency"]
    assert (latency["ExtendedStatistic"], latency["Threshold"]) == ("p99", 250_000)
    assert {each["Name"]: each["Value"] for each in latency["Dimensions"]} == {
        "EndpointName": "sentiment",
        "VariantName": "blue",
    }
    assert there["blue/NoInstances"]["InsufficientDataActions"] == [topic]
    assert there["Orders"]["Dimensions"] == [{"Name": "Queue", "Value": "orders"}]
    tags = aws.client("cloudwatch").list_tags_for_resource(ResourceARN=latency["AlarmArn"])["Tags"]
    assert tags == [{"Key": "team", "Value": "ml"}]
    assert deployment.terraform.plan().is_empty


def test_the_dashboard_that_aws_keeps_shows_the_alarms_and_where_the_endpoint_is(
    aws: EmbeddedAws, deployment: ConcreteDeployment
) -> None:
    shown = graphs(aws)
    assert set(shown["Alarms"]["alarms"]) == {each["AlarmArn"] for each in alarms_there(aws).values()}
    requests = shown["Requests a minute"]
    assert requests["region"] == deployment.inputs["region"]
    assert requests["metrics"][0][:6] == [
        "AWS/SageMaker",
        "Invocations",
        "EndpointName",
        "sentiment",
        "VariantName",
        "blue",
    ]


def test_an_alarm_is_changed_in_place_and_one_left_out_alone(
    aws: EmbeddedAws, topic: str, deployment: ConcreteDeployment
) -> None:
    changed = {"ServerErrors": {"threshold": 0.05, "period": 300}}
    calls = deployment.change(alarms=alarms(topic, ok_actions=[], changed=changed, leave_out=["Disk"]))
    done = {call.action for call in calls}
    assert done <= {"PutMetricAlarm", "DeleteAlarms", "PutDashboard"}
    there = alarms_there(aws)
    assert set(there) == names("blue") - {"blue/Disk"}
    errors = there["blue/ServerErrors"]
    assert (errors["Threshold"], errors["Period"], errors["OKActions"]) == (0.05, 300, [])
    assert len(graphs(aws)["Alarms"]["alarms"]) == len(there)
    assert deployment.terraform.plan().is_empty


def test_a_renamed_variant_has_its_alarms_before_it_serves_and_the_old_ones_go_after(
    aws: EmbeddedAws, topic: str, deployment: ConcreteDeployment
) -> None:
    calls = deployment.change(production_variants=[variant(aws, "green")], alarms=alarms(topic))
    assert_updated_in_place(calls)
    assert_in_order(calls, "PutMetricAlarm", "DeleteAlarms")
    assert set(alarms_there(aws)) == names("green")
    assert graphs(aws)["Latency"]["metrics"][0][5] == "green"
    assert deployment.terraform.plan().is_empty


def test_alarms_and_dashboard_go_without_the_endpoint(
    aws: EmbeddedAws, topic: str, deployment: ConcreteDeployment
) -> None:
    calls = deployment.change(alarms=None, dashboard=False)
    done = {call.action for call in calls}
    assert {"DeleteAlarms", "DeleteDashboards"} <= done
    assert "UpdateEndpoint" not in done
    assert alarms_there(aws) == {}
    deployment.change(alarms=alarms(topic), dashboard=True)
    assert set(alarms_there(aws)) == names("green")


def test_nothing_is_left(aws: EmbeddedAws, deployment: ConcreteDeployment) -> None:
    deployment.destroy()
    assert deployment.left() == set()
    assert alarms_there(aws) == {}
