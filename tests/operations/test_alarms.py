"""Alarms: which are recommended for whom, and what becomes of them by the inputs."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sagemaker_endpoint import Alarm, AlarmChange, Alarms, AsyncInferenceConfig, Metric, ServerlessProductionVariant

import pytest
from cdktf import TerraformStack, Token

from tests.console import evaluate
from tests.examples import MODEL, VARIANT, endpoint, problems, stack, synthesize, variable
from tests.hosting.test_variant import MANY
from tests.synthesized import Block, Synthesized

KIND = "aws_cloudwatch_metric_alarm"


def made_of(made: Synthesized) -> dict[str, Block]:
    """Give the alarms by their addresses, without the one that never rings."""
    return {address: block for address, block in made.all(KIND).items() if "_RollbackAlarm_" not in address}


TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"
GPUS = replace(VARIANT, instance_type="ml.g5.12xlarge")
BLUE_AND_GREEN = [replace(VARIANT, variant_name="blue"), replace(VARIANT, variant_name="green")]
SERVERLESS: dict[str, Any] = {
    "network": None,
    "production_variants": [ServerlessProductionVariant(model=MODEL, memory_size_in_mb=2048, max_concurrency=5)],
}
ASYNC: dict[str, Any] = {"async_inference_config": AsyncInferenceConfig(s3_output_path="s3://answers/sentiment")}
INSTANCES = {"ServerErrors", "ModelErrors", "NoInstances", "Memory", "Disk"}


def names(made: Synthesized) -> set[str]:
    """Give the names of the alarms without the endpoint's."""
    return {block["alarm_name"].removeprefix("sentiment/") for block in made_of(made).values()}


def of_all_traffic(made: Synthesized) -> set[str]:
    """Give the names of the alarms without the endpoint's and the variant's."""
    return {name.removeprefix("AllTraffic/") for name in names(made)}


def one(name: str, /, alarms: Alarms | None = None, **inputs: object) -> Block:
    """Give the only alarm that ends in a name."""
    made = synthesize(alarms=Alarms() if alarms is None else alarms, **inputs)
    (found,) = [each for each in made_of(made).values() if each["alarm_name"].rpartition("/")[2] == name]
    return found


# Which there are.


def test_by_default_there_are_none() -> None:
    assert made_of(synthesize()) == {}
    assert endpoint().alarms == {}


@pytest.mark.parametrize(
    ("inputs", "wanted"),
    [
        ({}, INSTANCES),
        ({"production_variants": [GPUS]}, INSTANCES | {"GPUMemory"}),
        (
            {"production_variants": [replace(VARIANT, model=MANY)]},
            {"ServerErrors", "ModelErrors", "NoInstances", "ModelCacheHits"},
        ),
        ({"production_variants": [replace(GPUS, instance_type="ml.z9.xlarge", local_nvme_storage=True)]}, INSTANCES),
        (SERVERLESS, {"ServerErrors", "Memory", "Concurrency"}),
        (
            ASYNC,
            {
                "ServerErrors",
                "Memory",
                "Disk",
                "FailedRequests",
                "FailedNotifications",
                "ExpiredRequests",
                "BacklogAge",
            },
        ),
    ],
)
def test_each_kind_of_endpoint_has_its_own(inputs: dict[str, Any], wanted: set[str]) -> None:
    assert of_all_traffic(synthesize(alarms=Alarms(), **inputs)) == wanted


def test_every_variant_that_answers_has_its_own_and_a_shadow_none() -> None:
    made = synthesize(alarms=Alarms(), production_variants=BLUE_AND_GREEN)
    assert names(made) == {f"{variant}/{name}" for variant in ("blue", "green") for name in INSTANCES}
    shadow = replace(VARIANT, variant_name="candidate")
    assert of_all_traffic(synthesize(alarms=Alarms(), shadow_production_variants=[shadow])) == INSTANCES


def test_the_queue_has_one_alarm_for_the_endpoint() -> None:
    assert one("BacklogAge", **ASYNC)["dimensions"] == {"EndpointName": "sentiment"}


def test_alarms_are_found_by_name() -> None:
    made = endpoint(alarms=Alarms(), **ASYNC)
    assert {"ServerErrors-AllTraffic", "BacklogAge"} <= set(made.alarms)


# What they are.


def test_errors_are_a_rate() -> None:
    assert one("ServerErrors") == {
        "alarm_description": "More than 1 in 100 requests got a 5XX answer. "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html",
        "alarm_name": "sentiment/AllTraffic/ServerErrors",
        "comparison_operator": "GreaterThanThreshold",
        "datapoints_to_alarm": 3,
        "dimensions": {"EndpointName": "sentiment", "VariantName": "AllTraffic"},
        "evaluation_periods": 5,
        "lifecycle": {"create_before_destroy": True},
        "metric_name": "Invocation5XXErrors",
        "namespace": "AWS/SageMaker",
        "period": 60,
        "statistic": "Average",
        "threshold": 0.01,
        "treat_missing_data": "notBreaching",
    }


MULTI: dict[str, Any] = {"production_variants": [replace(VARIANT, model=MANY)]}


@pytest.mark.parametrize(
    ("name", "watched", "inputs"),
    [
        ("ModelErrors", ("InvocationModelErrors", "Average", "GreaterThanThreshold", 0.05), {}),
        ("Memory", ("MemoryUtilization", "Maximum", "GreaterThanThreshold", 90), {}),
        ("Disk", ("DiskUtilization", "Maximum", "GreaterThanThreshold", 75), {}),
        (
            "GPUMemory",
            ("GPUMemoryUtilization", "Maximum", "GreaterThanThreshold", 380),
            {"production_variants": [GPUS]},
        ),
        ("ModelCacheHits", ("ModelCacheHit", "Average", "LessThanThreshold", 0.8), MULTI),
        (
            "Concurrency",
            ("ServerlessConcurrentExecutionsUtilization", "Maximum", "GreaterThanThreshold", 0.8),
            SERVERLESS,
        ),
        ("FailedRequests", ("InvocationFailures", "Sum", "GreaterThanThreshold", 0), ASYNC),
        ("FailedNotifications", ("NotificationFailures", "Sum", "GreaterThanThreshold", 0), ASYNC),
        ("ExpiredRequests", ("ExpiredRequests", "Sum", "GreaterThanThreshold", 0), ASYNC),
        ("BacklogAge", ("ApproximateAgeOfOldestRequest", "Maximum", "GreaterThanThreshold", 3600), ASYNC),
    ],
)
def test_an_alarm_watches_its_metric(name: str, watched: tuple[str, str, str, float], inputs: dict[str, Any]) -> None:
    found = one(name, **inputs)
    fields = ("metric_name", "statistic", "comparison_operator", "threshold")
    assert tuple(found[each] for each in fields) == watched
    assert "https://docs.aws.amazon.com/sagemaker/" in found["alarm_description"]


def test_latency_has_an_alarm_where_a_limit_is_stated() -> None:
    found = one("Latency", Alarms(latency_in_milliseconds=250))
    assert (found["threshold"], found["extended_statistic"]) == (250_000, "p99")
    assert "statistic" not in found
    assert found["evaluate_low_sample_count_percentiles"] == "ignore"


def test_a_limit_of_latency_may_be_a_token() -> None:
    scope = stack()
    alarms = Alarms(latency_in_milliseconds=variable(scope, "number").number_value)
    found = one_of(synthesize(scope, alarms=alarms), "Latency")
    assert evaluate(found["threshold"], {"value": 250}) == 250_000


def one_of(made: Synthesized, name: str) -> Block:
    return made.one(KIND, f"Alarms_{name}-")


def test_missing_instances_are_told_as_data_stops_to_come_and_not_while_an_endpoint_is_made() -> None:
    found = one("NoInstances", Alarms(alarm_actions=[TOPIC]))
    assert found["treat_missing_data"] == "missing"
    assert found["insufficient_data_actions"] == [TOPIC]
    assert "insufficient_data_actions" not in one("Memory", Alarms(alarm_actions=[TOPIC]))


# Actions, tags, tokens.


def test_every_alarm_has_the_actions_and_tags() -> None:
    alarms = Alarms(alarm_actions=[TOPIC], ok_actions=[f"{TOPIC}-ok"])
    made = made_of(synthesize(alarms=alarms, tags={"team": "ml"})).values()
    for each in made:
        assert each["alarm_actions"] == [TOPIC]
        assert each["ok_actions"] == [f"{TOPIC}-ok"]
        assert each["tags"] == {"team": "ml"}


def test_without_actions_none_are_written() -> None:
    for each in made_of(synthesize(alarms=Alarms())).values():
        assert {"alarm_actions", "ok_actions", "insufficient_data_actions", "tags"}.isdisjoint(each)


def test_the_actions_may_be_one_token_that_may_turn_out_empty() -> None:
    scope = stack()
    topics = variable(scope, "list(string)").list_value
    made = made_of(synthesize(scope, alarms=Alarms(alarm_actions=topics, ok_actions=topics)))
    assert {each["alarm_actions"] for each in made.values()} == {"${var.value}"}
    asked = [each["lifecycle"]["precondition"] for each in made.values() if "precondition" in each["lifecycle"]]
    assert len(asked) == 1
    # Terraform looks at no alarm before it has asked.
    [first] = [address for address, each in made.items() if "precondition" in each["lifecycle"]]
    assert {address: each.get("depends_on") for address, each in made.items()} == {
        address: None if address == first else [first] for address in made
    }
    answers = {
        value: [evaluate(each["condition"], {"value": list(value)}) for each in asked[0]]
        for value in ((), (TOPIC,), ("alarms",), (TOPIC,) * 2, tuple(f"{TOPIC}{index}" for index in range(6)))
    }
    assert [value for value, conditions in answers.items() if all(conditions)] == [(), (TOPIC,)]


@pytest.mark.parametrize(
    "stated",
    [
        lambda threshold: {"changed": {"Memory": AlarmChange(threshold=threshold)}},
        lambda threshold: {"additional": [Alarm(name="Slow", metric="ModelLatency", threshold=threshold)]},
    ],
)
def test_a_threshold_that_terraform_alone_knows_must_be_there(stated: Callable[[float], dict[str, Any]]) -> None:
    scope = stack()
    made = made_of(synthesize(scope, alarms=Alarms(**stated(variable(scope, "number").number_value))))
    (asked,) = [each["lifecycle"]["precondition"] for each in made.values() if "precondition" in each["lifecycle"]]
    (condition,) = [each["condition"] for each in asked if "threshold must be a number" in each["error_message"]]
    assert [evaluate(condition, {"value": value}) for value in (-0.5, None)] == [True, False]


def test_names_may_be_tokens() -> None:
    scope = stack()
    name, blue = variable(scope).string_value, variable(scope, name="blue").string_value
    variants = [replace(VARIANT, variant_name=blue), BLUE_AND_GREEN[1]]
    made = endpoint(scope, alarms=Alarms(), endpoint_name=name, production_variants=variants)
    assert {"Disk0", "Disk-green"} <= set(made.alarms)
    found = Synthesized(scope).one(KIND, "Disk0")
    assert found["alarm_name"] == "${var.value}/${var.blue}/Disk"
    assert found["dimensions"] == {"EndpointName": "${var.value}", "VariantName": "${var.blue}"}


def test_the_longest_names_are_as_long_as_an_alarms_may_be() -> None:
    made = synthesize(
        endpoint_name="e" * 63,
        production_variants=[replace(VARIANT, variant_name="v" * 63)],
        alarms=Alarms(additional=[Alarm(name="a" * 63, metric="Invocations", threshold=1)]),
    )
    lengths = [len(each["alarm_name"]) for each in made_of(made).values()]
    assert max(lengths) == 191


def test_the_endpoint_waits_for_no_alarm_and_no_alarm_for_the_endpoint() -> None:
    made = synthesize(alarms=Alarms())
    assert "aws_sagemaker_endpoint." not in str(made_of(made))


# Left out, changed, added.


def test_an_alarm_is_left_out_of_all_variants_or_of_one() -> None:
    alarms = Alarms(leave_out=["Memory", "Disk-blue"])
    found = names(synthesize(alarms=alarms, production_variants=BLUE_AND_GREEN))
    assert {name for name in found if name.endswith(("/Memory", "/Disk"))} == {"green/Disk"}


def test_an_alarm_is_changed_for_all_variants_and_for_one() -> None:
    changed = {
        "Disk": AlarmChange(threshold=60, statistic="p50", treat_missing_data="ignore"),
        "Disk-blue": AlarmChange(threshold=50, period=300, evaluation_periods=2, datapoints_to_alarm=1),
    }
    made = synthesize(alarms=Alarms(changed=changed), production_variants=BLUE_AND_GREEN)
    blue, green = made.one(KIND, "Disk-blue"), made.one(KIND, "Disk-green")
    assert (blue["threshold"], blue["period"], blue["evaluation_periods"], blue["datapoints_to_alarm"]) == (
        50,
        300,
        2,
        1,
    )
    assert (green["threshold"], green["period"], green["evaluation_periods"]) == (60, 60, 5)
    assert {each["extended_statistic"] for each in (blue, green)} == {"p50"}
    assert {each["treat_missing_data"] for each in (blue, green)} == {"ignore"}


def test_fewer_periods_than_the_points_wanted_are_all_of_them() -> None:
    found = one("Disk", Alarms(changed={"Disk": AlarmChange(evaluation_periods=2)}))
    assert found["evaluation_periods"] == 2
    assert "datapoints_to_alarm" not in found
    assert one("Disk", Alarms(changed={"Disk": AlarmChange(evaluation_periods=4)}))["datapoints_to_alarm"] == 3


def test_missing_data_that_counts_for_something_is_no_reason_to_act_on_itself() -> None:
    changed = {"NoInstances": AlarmChange(treat_missing_data="breaching")}
    found = one("NoInstances", Alarms(alarm_actions=[TOPIC], changed=changed))
    assert "insufficient_data_actions" not in found


def test_a_change_may_be_tokens() -> None:
    scope = stack()
    number = variable(scope, "number").number_value
    change = AlarmChange(threshold=number, evaluation_periods=number, datapoints_to_alarm=number, period=number)
    found = one_of(synthesize(scope, alarms=Alarms(changed={"Disk": change})), "Disk")
    for each in ("threshold", "evaluation_periods", "datapoints_to_alarm", "period"):
        assert found[each] == "${var.value}"


def test_an_alarm_is_added_for_each_variant_for_one_or_on_any_metric() -> None:
    queue = Metric(namespace="Shop", metric_name="Waiting", dimensions={"Queue": "orders"}, statistic="p90", period=300)
    added = [
        Alarm(name="Idle", metric="Invocations", threshold=1, comparison_operator="LessThanThreshold", period=3600),
        Alarm(name="Slow", metric="OverheadLatency", statistic="p90", threshold=20_000, variant="green"),
        Alarm(name="Orders", metric=queue, threshold=5, alarm_description="Orders wait."),
    ]
    made = synthesize(alarms=Alarms(additional=added), production_variants=BLUE_AND_GREEN)
    own = {f"{variant}/{name}" for variant in ("blue", "green") for name in INSTANCES}
    assert names(made) - own == {"blue/Idle", "green/Idle", "green/Slow", "Orders"}
    orders = made.one(KIND, "Orders")
    assert (orders["namespace"], orders["dimensions"]) == ("Shop", {"Queue": "orders"})
    assert (orders["extended_statistic"], orders["period"]) == ("p90", 300)
    assert orders["alarm_description"] == "Orders wait."
    assert made.one(KIND, "Slow-green")["alarm_description"] == "OverheadLatency of sentiment"
    assert made.one(KIND, "Idle-blue")["comparison_operator"] == "LessThanThreshold"


def test_an_alarm_can_be_put_in_the_place_of_one_that_is_left_out_at_its_address() -> None:
    alarms = Alarms(
        leave_out=["Disk"],
        additional=[Alarm(name="Disk", metric="DiskUtilization", threshold=50, variant="AllTraffic")],
    )
    before, after = synthesize(alarms=Alarms()), synthesize(alarms=alarms)
    assert set(made_of(before)) == set(made_of(after))
    assert one_of(after, "Disk")["threshold"] == 50


def test_an_added_alarm_can_be_on_the_whole_endpoint() -> None:
    added = Alarm(name="Backlog", metric="ApproximateBacklogSize", threshold=100)
    found = one("Backlog", Alarms(additional=[added]), **ASYNC)
    assert found["alarm_name"] == "sentiment/Backlog"
    assert found["dimensions"] == {"EndpointName": "sentiment"}


def test_an_added_alarm_can_act_as_data_stops_to_come() -> None:
    added = Alarm(
        name="Silent",
        metric="Invocations",
        threshold=0,
        comparison_operator="LessThanThreshold",
        treat_missing_data="missing",
        alarm_on_insufficient_data=True,
    )
    found = one("Silent", Alarms(alarm_actions=[TOPIC], additional=[added]))
    assert found["insufficient_data_actions"] == [TOPIC]


# What is told.


def test_an_alarm_that_there_is_not_is_told_with_the_nearest() -> None:
    alarms = Alarms(leave_out=["disk"], changed={"ServerError": AlarmChange(threshold=1)})
    first, second = problems(alarms=alarms)
    sentence = "must be the name of an alarm that is recommended for this endpoint, got"
    assert first.startswith(f"alarms.leave_out[0] {sentence} 'disk'; the nearest: Disk, ")
    assert second.startswith(f"alarms.changed['ServerError'] {sentence} 'ServerError'; the nearest: ServerErrors, ")


def test_latency_without_a_limit_is_told() -> None:
    (problem,) = problems(alarms=Alarms(changed={"Latency": AlarmChange(period=300)}))
    assert problem.endswith("got 'Latency', which there is with latency_in_milliseconds alone")
    synthesize(alarms=Alarms(latency_in_milliseconds=1, changed={"Latency": AlarmChange(period=300)}))


def test_an_alarm_of_another_kind_of_endpoint_is_told() -> None:
    (problem,) = problems(alarms=Alarms(leave_out=["BacklogAge"]))
    assert "must be the name of an alarm that is recommended for this endpoint, got 'BacklogAge'" in problem
    synthesize(alarms=Alarms(leave_out=["BacklogAge"]), **ASYNC)


def test_a_change_of_what_is_left_out_is_told() -> None:
    change = AlarmChange(threshold=1)
    assert problems(alarms=Alarms(leave_out=["Disk"], changed={"Disk": change})) == (
        "alarms.changed['Disk'] must not be given with the same alarm in leave_out, by which there is none to change",
    )
    # Of the other variant there is one.
    synthesize(alarms=Alarms(leave_out=["Disk-blue"], changed={"Disk": change}), production_variants=BLUE_AND_GREEN)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({}, " must change something, such as AlarmChange(threshold=0.05); leave the alarm out by leave_out"),
        ({"threshold": "1"}, ".threshold must be a number, got '1'"),
        ({"threshold": float("nan")}, ".threshold must be a number, got nan"),
        ({"period": 45}, ".period must be 10, 20, 30 or a multiple of 60, in seconds and at most 86400, got 45"),
        ({"evaluation_periods": 0}, ".evaluation_periods must be a whole number, at least 1, got 0"),
        (
            {"datapoints_to_alarm": 6},
            ".datapoints_to_alarm must be at most evaluation_periods 5, of which it is a part, got 6",
        ),
        (
            {"period": 3540, "evaluation_periods": 25},
            ".evaluation_periods must be at most 24 of 3540 s, which are one day together, got 25",
        ),
        (
            {"period": 3600, "evaluation_periods": 169},
            ".evaluation_periods must be at most 168 of 3600 s, which are seven days together, got 169",
        ),
    ],
)
def test_a_wrong_change_is_told(change: dict[str, Any], sentence: str) -> None:
    assert problems(alarms=Alarms(changed={"Disk": AlarmChange(**change)})) == (f"alarms.changed['Disk']{sentence}",)


@pytest.mark.parametrize(
    "change", [{"period": 3540, "evaluation_periods": 24}, {"period": 3600, "evaluation_periods": 168}]
)
def test_as_many_periods_as_cloudwatch_looks_at_are_taken(change: dict[str, Any]) -> None:
    found = one("Disk", Alarms(changed={"Disk": AlarmChange(**change)}))
    assert {name: found[name] for name in change} == change


@pytest.mark.parametrize(
    ("change", "right", "wrong"),
    [
        ({"period": 3540, "evaluation_periods": "token"}, [1, 24], [0, 25]),
        ({"period": 3600, "evaluation_periods": "token"}, [1, 168], [169]),
        ({"period": "token", "evaluation_periods": 24}, [60, 3540, 3600, 25200], [3599 * 2 * 60, 25260]),
        ({"period": "token", "evaluation_periods": 100}, [60, 840, 3600, 6000], [900, 3540, 6060]),
    ],
)
def test_how_far_it_looks_back_is_asked_when_terraform_plans_where_one_of_both_is_known(
    change: dict[str, Any], right: list[int], wrong: list[int]
) -> None:
    scope = stack()
    token = variable(scope, "number").number_value
    stated: dict[str, Any] = {name: token if value == "token" else value for name, value in change.items()}
    made = made_of(synthesize(scope, alarms=Alarms(changed={"Disk": AlarmChange(**stated)})))
    (asked,) = [each["lifecycle"]["precondition"] for each in made.values() if "precondition" in each["lifecycle"]]
    conditions = [each["condition"] for each in asked]
    answers = {value: evaluate(conditions, {"value": value}) for value in [*right, *wrong]}
    assert [value for value, each in answers.items() if each == [True] * len(asked)] == right


def test_wrong_missing_data_and_statistics_are_told() -> None:
    change = AlarmChange(treat_missing_data="none", statistic="Mean")
    first, second = problems(alarms=Alarms(changed={"Disk": change}))
    assert first.startswith("alarms.changed['Disk'].statistic must look like 'p99'")
    assert second.startswith("alarms.changed['Disk'].treat_missing_data must look like 'notBreaching'")


def alarms_of(**stated: Any) -> Alarms:
    return Alarms(**stated)


def test_what_is_no_list_mapping_or_part_is_told() -> None:
    assert problems(alarms=alarms_of(leave_out="Disk", changed=[], additional={"a": 1})) == (
        "alarms.leave_out must be a list of names of alarms, got 'Disk'",
        "alarms.changed must be a mapping of alarms' names to AlarmChange(...), got list",
        "alarms.additional must be a list of Alarm(...), got dict",
    )
    assert problems(alarms=alarms_of(leave_out=[["Disk"]], changed={"Disk": 5}, additional=[5])) == (
        "alarms.leave_out[0] must be the name of an alarm, known at synthesis, got ['Disk']",
        "alarms.changed['Disk'] must be AlarmChange(...), got 5",
        "alarms.additional[0] must be Alarm(...), got 5",
    )
    assert problems(alarms=True) == ("alarms must be Alarms(...), got True",)


@pytest.mark.parametrize("name", ["alarm_actions", "ok_actions"])
def test_wrong_actions_are_told(name: str) -> None:
    (problem,) = problems(alarms=alarms_of(**{name: ["alarms"]}))
    assert problem.startswith(f"alarms.{name}[0] must look like 'arn:aws:sns:eu-west-1:111122223333:alarms'")
    (problem,) = problems(alarms=alarms_of(**{name: [f"{TOPIC}{index}" for index in range(6)]}))
    assert problem == f"alarms.{name} must have 0 to 5 members, got 6"


@pytest.mark.parametrize("limit", [0, -1, 3_600_001, "250", True])
def test_a_wrong_limit_of_latency_is_told(limit: Any) -> None:  # noqa: ANN401 - what is told
    assert problems(alarms=Alarms(latency_in_milliseconds=limit)) == (
        f"alarms.latency_in_milliseconds must be a number, 1 to 3600000, got {limit!r}",
    )


ADDED = Alarm(name="Slow", metric="OverheadLatency", threshold=1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "slow-requests"}, ".name must look like 'SlowRequests'"),
        ({"name": "${var.value}"}, ".name must be known at synthesis, got '${var.value}'"),
        ({"name": "Disk"}, ".name must be one that no other alarm has, got 'Disk', which is one of those recommended"),
        ({"metric": "OverheadLatncy"}, ".metric must be a metric that SageMaker publishes of the endpoint, got "),
        ({"metric": 5}, ".metric must be a metric's name or Metric(...), got 5"),
        ({"variant": "bleu"}, ".variant must be the name of one of the endpoint's variants (AllTraffic), got 'bleu'"),
        ({"threshold": None}, ".threshold must be a number, got None"),
        ({"comparison_operator": ">"}, ".comparison_operator must look like 'GreaterThanThreshold'"),
        ({"statistic": "Mean"}, ".statistic must look like 'p99'"),
        ({"period": 7}, ".period must be 10, 20, 30 or a multiple of 60"),
        ({"evaluation_periods": 1.5}, ".evaluation_periods must be a whole number, at least 1, got 1.5"),
        ({"datapoints_to_alarm": 6}, ".datapoints_to_alarm must be at most evaluation_periods 5"),
        ({"treat_missing_data": "none"}, ".treat_missing_data must look like 'notBreaching'"),
        ({"alarm_on_insufficient_data": True}, ".treat_missing_data must be 'missing' with alarm_on_insufficient_data"),
        ({"alarm_on_insufficient_data": 1}, ".alarm_on_insufficient_data must be True or False"),
        ({"alarm_description": "a" * 1025}, ".alarm_description must have 0 to 1024 characters"),
        (
            {"metric": Metric(namespace="Shop", metric_name="Waiting"), "period": 60},
            ".period must not be given with a Metric, which states it itself, got 60",
        ),
        (
            {"metric": Metric(namespace=":Shop", metric_name="Waiting")},
            ".metric.namespace must look like 'AWS/SageMaker'",
        ),
        (
            {"metric": Metric(namespace="Shop", metric_name="Waiting", dimensions={"Queue": ""})},
            ".metric.dimensions['Queue'] must have 1 to 1024 characters",
        ),
    ],
)
def test_a_wrong_alarm_is_told(changes: dict[str, Any], sentence: str) -> None:
    (problem,) = problems(alarms=Alarms(additional=[replace(ADDED, **changes)]))
    assert problem.startswith(f"alarms.additional[0]{sentence}")


def test_two_alarms_of_one_name_are_told() -> None:
    (problem,) = problems(alarms=Alarms(additional=[ADDED, ADDED]))
    assert problem == "alarms.additional[1].name must be one that no other alarm has, got 'Slow', which is one of these"


def test_what_is_deferred_of_an_added_alarm_is_asked_when_terraform_plans() -> None:
    scope = stack()
    number = variable(scope, "number").number_value
    alarm = replace(ADDED, evaluation_periods=number, treat_missing_data="${var.text}")
    made = made_of(synthesize(scope, alarms=Alarms(additional=[alarm])))
    (asked,) = [each["lifecycle"]["precondition"] for each in made.values() if "precondition" in each["lifecycle"]]

    def answers(value: float, text: str) -> set[object]:
        return {evaluate(each["condition"], {"value": value, "text": text}) for each in asked}

    assert answers(2, "ignore") == {True}
    assert answers(0, "ignore") == answers(2, "none") == {True, False}


def test_wrong_variants_are_told_alone() -> None:
    first, *others = problems(
        alarms=Alarms(leave_out=["Disk"]), production_variants=[replace(VARIANT, variant_name="_")]
    )
    assert "variant_name" in first
    assert others == []


def test_a_list_of_tokens_can_be_joined() -> None:
    scope: TerraformStack = stack()
    topics = Token.as_list("${concat(var.value, [])}")
    variable(scope, "list(string)")
    found = one_of(synthesize(scope, alarms=Alarms(alarm_actions=topics)), "Disk")
    assert found["alarm_actions"] == "${concat(var.value, [])}"
