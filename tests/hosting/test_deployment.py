"""How an endpoint is updated, on which alarms that is taken back, and that its deployment configuration never goes."""

from dataclasses import replace
from typing import Any

from sagemaker_endpoint import (
    Alarms,
    AllAtOnce,
    Canary,
    CapacitySize,
    InputError,
    InstanceProductionVariant,
    Linear,
    Model,
    Rolling,
    ServerlessProductionVariant,
)
from sagemaker_endpoint.access.statements import document
from sagemaker_endpoint.engine.account import Account
from sagemaker_endpoint.engine.bindings import CloudwatchMetricAlarm, SagemakerEndpoint
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.hosting.deployment_config import Deployment
from sagemaker_endpoint.hosting.rollback import Rollback

import pytest
from cdktf import TerraformStack

from tests.console import evaluate
from tests.examples import MODEL, VARIANT, endpoint, problems, stack, synthesize, variable
from tests.synthesized import Block, Synthesized, named

TEN_PERCENT = CapacitySize.percent(10)
CANARY = Canary(canary_size=TEN_PERCENT, wait_interval_in_seconds=300)
LINEAR = Linear(linear_step_size=CapacitySize.percent(50), wait_interval_in_seconds=120)
ROLLING = Rolling(maximum_batch_size=CapacitySize.percent(25), wait_interval_in_seconds=60)
SERVERLESS = ServerlessProductionVariant(model=MODEL, memory_size_in_mb=2048, max_concurrency=5)
AT_ONCE = {
    "traffic_routing_configuration": {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 0},
    "termination_wait_in_seconds": 0,
}
BUT = "deployment must not be given, but for AllAtOnce() without waits and rollback_alarms, with"
FALLS_BACK = "SageMaker would update it all at once, and look at no alarms"


def serverless(deployment: Deployment | None) -> dict[str, Any]:
    return {"network": None, "production_variants": [SERVERLESS], "deployment": deployment}


def on(instance_type: str = "ml.m5.xlarge", count: float = 2, **changes: Any) -> InstanceProductionVariant:
    return replace(VARIANT, instance_type=instance_type, initial_instance_count=count, **changes)


def configured(made: Synthesized) -> Block:
    block = made.one("aws_sagemaker_endpoint")["deployment_config"]
    assert isinstance(block, dict)
    return block


def alarms(made: Synthesized) -> list[str]:
    return [each["alarm_name"] for each in configured(made)["auto_rollback_configuration"]["alarms"]]


def seen(made: Synthesized) -> list[str]:
    """Give the names of the alarms that the role may look at."""
    resources = made.statements("Runtime")["SeeRollbackAlarms"]["resources"]
    assert made.statements("Runtime")["SeeRollbackAlarms"]["actions"] == ["cloudwatch:DescribeAlarms"]
    return [each.partition(":alarm:")[2] for each in resources]


def guard(made: Synthesized) -> str:
    return f"${{{made.address('aws_cloudwatch_metric_alarm', 'RollbackAlarm')}.alarm_name}}"


# What is written.


@pytest.mark.parametrize("deployment", [None, AllAtOnce(), AllAtOnce(roll_back_on_own_alarms=False)])
def test_an_endpoint_is_updated_all_at_once_with_an_alarm_that_never_rings(deployment: Deployment | None) -> None:
    made = synthesize(deployment=deployment)
    assert configured(made) == {
        "auto_rollback_configuration": {"alarms": [{"alarm_name": guard(made)}]},
        "blue_green_update_policy": AT_ONCE,
    }
    alarm = made.one("aws_cloudwatch_metric_alarm")
    assert alarm["alarm_name"] == "sentiment-rollback"
    # 5XX errors are 0 or 1 each, so their average is never above 1; and none at all is no alarm.
    assert (alarm["metric_name"], alarm["statistic"]) == ("Invocation5XXErrors", "Average")
    assert (alarm["comparison_operator"], alarm["threshold"]) == ("GreaterThanThreshold", 1)
    assert alarm["treat_missing_data"] == "notBreaching"
    assert alarm["lifecycle"] == {"create_before_destroy": True}
    assert seen(made) == [guard(made)]


def test_only_where_no_deployment_is_stated_the_live_one_is_left_as_it_is() -> None:
    assert set(synthesize().one("aws_sagemaker_endpoint")["lifecycle"]["ignore_changes"]) == {"deployment_config"}
    for deployment in (AllAtOnce(), CANARY, LINEAR, ROLLING):
        assert "ignore_changes" not in synthesize(deployment=deployment).one("aws_sagemaker_endpoint")["lifecycle"]


@pytest.mark.parametrize(
    ("deployment", "policy"),
    [
        (
            AllAtOnce(wait_interval_in_seconds=300, termination_wait_in_seconds=60),
            {
                "traffic_routing_configuration": {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": 300},
                "termination_wait_in_seconds": 60,
            },
        ),
        (
            replace(CANARY, termination_wait_in_seconds=120, maximum_execution_timeout_in_seconds=1800),
            {
                "traffic_routing_configuration": {
                    "type": "CANARY",
                    "wait_interval_in_seconds": 300,
                    "canary_size": {"type": "CAPACITY_PERCENT", "value": 10},
                },
                "termination_wait_in_seconds": 120,
                "maximum_execution_timeout_in_seconds": 1800,
            },
        ),
        (
            replace(LINEAR, linear_step_size=CapacitySize.instances(1)),
            {
                "traffic_routing_configuration": {
                    "type": "LINEAR",
                    "wait_interval_in_seconds": 120,
                    "linear_step_size": {"type": "INSTANCE_COUNT", "value": 1},
                },
                "termination_wait_in_seconds": 0,
            },
        ),
    ],
)
def test_a_blue_green_deployment_says_how_the_requests_move(deployment: Deployment, policy: Block) -> None:
    made = configured(synthesize(deployment=deployment))
    assert made["blue_green_update_policy"] == policy
    assert "rolling_update_policy" not in made


def test_a_rolling_deployment_says_how_many_instances_go_at_a_time() -> None:
    deployment = replace(
        ROLLING, rollback_maximum_batch_size=CapacitySize.percent(100), maximum_execution_timeout_in_seconds=600
    )
    made = configured(synthesize(deployment=deployment))
    assert made["rolling_update_policy"] == {
        "maximum_batch_size": {"type": "CAPACITY_PERCENT", "value": 25},
        "rollback_maximum_batch_size": {"type": "CAPACITY_PERCENT", "value": 100},
        "wait_interval_in_seconds": 60,
        "maximum_execution_timeout_in_seconds": 600,
    }
    assert "blue_green_update_policy" not in made


def test_alarms_that_are_given_take_the_place_of_the_one_that_never_rings() -> None:
    made = synthesize(deployment=replace(CANARY, rollback_alarms=["errors", "latency"]))
    assert alarms(made) == seen(made) == ["errors", "latency"]
    assert made.all("aws_cloudwatch_metric_alarm") == {}


def test_a_list_of_alarms_that_terraform_alone_knows_has_a_block_for_each() -> None:
    scope = stack()
    given = variable(scope, "list(string)").list_value
    made = synthesize(scope, deployment=replace(CANARY, rollback_alarms=given))
    block = configured(made)["auto_rollback_configuration"]
    assert "alarms" not in block
    (dynamic,) = block["dynamic"]["alarms"]
    assert dynamic["content"] == {"alarm_name": "${alarms.value}"}
    assert evaluate(f"${{sort({dynamic['for_each'][2:-1]})}}", {"value": ["b", "a"]}) == ["a", "b"]
    resources = made.statements("Runtime")["SeeRollbackAlarms"]["resources"]
    arn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:"
    assert evaluate(resources, {"value": ["b", "a"]}) == [f"{arn}b", f"{arn}a"]
    assert made.all("aws_cloudwatch_metric_alarm") == {}


def test_the_alarm_that_never_rings_has_the_endpoints_tags_and_provider() -> None:
    assert synthesize(tags={"team": "ml"}).one("aws_cloudwatch_metric_alarm")["tags"] == {"team": "ml"}


def test_a_serverless_endpoint_has_no_deployment_configuration_and_no_alarm() -> None:
    for deployment in (None, AllAtOnce()):
        made = synthesize(**serverless(deployment))
        assert "deployment_config" not in made.one("aws_sagemaker_endpoint")
        # One that had instances has such a configuration: without it the plan would replace it, unrefused.
        assert set(made.one("aws_sagemaker_endpoint")["lifecycle"]["ignore_changes"]) == {"deployment_config"}
        assert made.all("aws_cloudwatch_metric_alarm") == {}
        assert "SeeRollbackAlarms" not in made.statements("Runtime")


# The endpoint's own alarms.


def own(scope: TerraformStack, count: int) -> list[CloudwatchMetricAlarm]:
    return [
        CloudwatchMetricAlarm(
            scope,
            f"Own{number}",
            alarm_name=f"own-{number}",
            comparison_operator="GreaterThanThreshold",
            evaluation_periods=1,
        )
        for number in range(count)
    ]


def written(deployment: Deployment | None, count: int = 2) -> tuple[list[str], list[str]]:
    """Give the alarms in the block, and those that the role sees: by their construct ids, or the names given."""
    scope = stack()
    identity = Identity(
        endpoint_name="sentiment", account=Account(scope, "Account"), tags=None, deletion_protection=False
    )
    rollback = Rollback(scope, identity, deployment, own_alarms=own(scope, count), serverless=False)
    SagemakerEndpoint(
        scope, "Endpoint", endpoint_config_name="sentiment-1", deployment_config=rollback.deployment_config()
    )
    document(scope, "Runtime", rollback.statements())
    made = Synthesized(scope)
    return [*map(_id, alarms(made))], [*map(_id, seen(made))]


def _id(name: str) -> str:
    return named(name).rpartition(".")[2] if name.startswith("$") else name


def test_the_endpoints_own_alarms_take_an_update_back_unless_that_is_turned_off() -> None:
    assert written(AllAtOnce()) == (["Own0", "Own1"], ["Own0", "Own1"])
    both = AllAtOnce(rollback_alarms=["errors"])
    assert sorted(written(both)[0]) == sorted(written(both)[1]) == ["Own0", "Own1", "errors"]
    assert written(replace(both, roll_back_on_own_alarms=False)) == (["errors"], ["errors"])
    assert written(AllAtOnce(roll_back_on_own_alarms=False)) == (["RollbackAlarm"], ["RollbackAlarm"])


def test_without_a_deployment_a_new_endpoint_has_the_alarm_that_never_rings_and_the_role_sees_all() -> None:
    assert written(None) == (["RollbackAlarm"], ["Own0", "Own1", "RollbackAlarm"])


def test_there_are_ten_alarms_at_most_the_endpoints_own_among_them() -> None:
    given = [f"a{number}" for number in range(9)]
    assert len(written(AllAtOnce(rollback_alarms=given), count=1)[0]) == 10
    with pytest.raises(InputError) as raised:
        written(AllAtOnce(rollback_alarms=given))
    assert raised.value.problems == (f"{too_many(2)}, got 11",)


def too_many(own: int) -> str:
    return (
        f"deployment must name at most 10 alarms, the endpoint's own {own} on errors and latency among them: take some "
        "out of rollback_alarms or, by leave_out, of alarms, or give roll_back_on_own_alarms=False"
    )


def test_four_variants_have_more_alarms_of_their_own_than_a_deployment_may_name() -> None:
    stated = {"alarms": Alarms(latency_in_milliseconds=300), "deployment": AllAtOnce()}
    variants = [on(variant_name=name) for name in "abcd"]
    assert problems(production_variants=variants, **stated) == (f"{too_many(12)}, got 12",)
    endpoint(production_variants=variants[:3], **stated)
    endpoint(production_variants=variants, alarms=Alarms(), deployment=AllAtOnce())
    endpoint(production_variants=variants, alarms=Alarms(latency_in_milliseconds=300))
    endpoint(production_variants=variants, **{**stated, "deployment": AllAtOnce(roll_back_on_own_alarms=False)})


def test_alarms_that_terraform_alone_knows_are_counted_with_the_endpoints_own() -> None:
    scope = stack()
    given = variable(scope, "list(string)").list_value
    made = synthesize(scope, alarms=Alarms(), deployment=AllAtOnce(rollback_alarms=given))
    asked = made.one("aws_sagemaker_endpoint")["lifecycle"]["precondition"]
    [condition] = [each["condition"] for each in asked if each["error_message"].startswith(too_many(2))]
    for count, right in ((8, True), (9, False)):
        assert evaluate([condition], {"value": [f"a{number}" for number in range(count)]}) == [right]


@pytest.mark.parametrize(
    ("stated", "allowed"),
    [({"alarms": Alarms()}, True), ({}, False), ({"alarms": Alarms(), "roll_back_on_own_alarms": False}, False)],
)
def test_a_list_that_terraform_alone_knows_may_be_empty_beside_alarms_of_the_endpoints_own(
    stated: dict[str, Any], allowed: bool
) -> None:
    scope = stack()
    inputs = {"rollback_alarms": variable(scope, "list(string)").list_value, **stated}
    alarms = inputs.pop("alarms", None)
    made = synthesize(scope, alarms=alarms, deployment=AllAtOnce(**inputs))
    asked = made.one("aws_sagemaker_endpoint")["lifecycle"]["precondition"]
    conditions = [each["condition"] for each in asked if "rollback_alarms" in each["error_message"]]
    assert all(evaluate(conditions, {"value": ["errors"]}))
    assert all(evaluate(conditions, {"value": []})) is allowed


# What a plan and an apply refuse.


def postconditions(made: Synthesized) -> list[Block]:
    found: list[Block] = made.one("aws_sagemaker_endpoint")["lifecycle"]["postcondition"]
    return found


@pytest.mark.parametrize(
    ("live", "left"),
    [
        ([], True),
        ([{"auto_rollback_configuration": []}], True),
        ([{"auto_rollback_configuration": [{"alarms": [{"alarm_name": "sentiment-rollback"}]}]}], True),
        ([{"auto_rollback_configuration": [{"alarms": [{"alarm_name": "sentiment-errors"}]}]}], False),
    ],
)
def test_alarms_that_no_deployment_names_any_more_are_not_left_in_the_endpoint(live: object, left: bool) -> None:
    asked = postconditions(synthesize())[-1]
    assert "State deployment=AllAtOnce()" in asked["error_message"]
    condition = asked["condition"].replace("self.deployment_config", "local.live")
    known = {"aws_cloudwatch_metric_alarm.alarm_name": "sentiment-rollback"}
    assert evaluate(condition, known=known, local={"live": live}) is left


def test_a_stated_deployment_may_name_any_alarms() -> None:
    assert len(postconditions(synthesize(deployment=AllAtOnce()))) == len(postconditions(synthesize())) - 1


def test_an_update_that_was_taken_back_tells_how_to_see_the_alarms_if_any_can_ring() -> None:
    message = postconditions(synthesize(deployment=replace(CANARY, rollback_alarms=["errors", "p99 of a'b"])))[1]
    assert """--alarm-names 'errors' 'p99 of a'\\''b' --query""" in message["error_message"]
    assert "deployment=AllAtOnce(roll_back_on_own_alarms=False)" in message["error_message"]
    assert "describe-alarms" not in postconditions(synthesize(deployment=CANARY))[1]["error_message"]


def test_the_command_names_alarms_that_terraform_alone_knows() -> None:
    scope = stack()
    given = variable(scope, "list(string)").list_value
    message = postconditions(synthesize(scope, deployment=replace(CANARY, rollback_alarms=given)))[1]["error_message"]
    names = message.partition("--alarm-names ")[2].partition(" --query")[0]
    assert evaluate(names, {"value": ["a", "b c"]}) == "'a' 'b c'"


# Wrong values.


@pytest.mark.parametrize(
    ("deployment", "sentence"),
    [
        (
            "canary",
            "deployment must be AllAtOnce(...), Canary(...), Linear(...) or Rolling(...), got 'canary'",
        ),
        (
            replace(CANARY, wait_interval_in_seconds=3601),
            "deployment.wait_interval_in_seconds must be a whole number, 0 to 3600, got 3601",
        ),
        (
            AllAtOnce(wait_interval_in_seconds=1.5),
            "deployment.wait_interval_in_seconds must be a whole number, 0 to 3600, got 1.5",
        ),
        (
            AllAtOnce(termination_wait_in_seconds=-1),
            "deployment.termination_wait_in_seconds must be a whole number, 0 to 3600, got -1",
        ),
        (
            AllAtOnce(maximum_execution_timeout_in_seconds=599),
            "deployment.maximum_execution_timeout_in_seconds must be a whole number, 600 to 14400, got 599",
        ),
        (
            AllAtOnce(maximum_execution_timeout_in_seconds=14401),
            (
                "deployment.maximum_execution_timeout_in_seconds must be at most 14400, got 14401: AWS takes up to "
                "28800, but no version of the AWS provider does"
            ),
        ),
        (
            AllAtOnce(maximum_execution_timeout_in_seconds=28801),
            "deployment.maximum_execution_timeout_in_seconds must be a whole number, 600 to 14400, got 28801",
        ),
        (
            AllAtOnce(rollback_alarms="errors"),
            "deployment.rollback_alarms must be a list, got 'errors'",
        ),
        (
            AllAtOnce(rollback_alarms=["errors", "errors"]),
            "deployment.rollback_alarms must not name a member twice, got 'errors' 2 times",
        ),
        (
            AllAtOnce(rollback_alarms=[f"a{number}" for number in range(11)]),
            "deployment.rollback_alarms must have 0 to 10 members, got 11",
        ),
        (
            AllAtOnce(rollback_alarms=[" "]),
            r"deployment.rollback_alarms[0] must look like 'sentiment-errors' (pattern .*\S.*), got ' '",
        ),
        (
            AllAtOnce(rollback_alarms=["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors"]),
            (
                "deployment.rollback_alarms[0] must be an alarm's name, which is the end of its ARN, got "
                "'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors'"
            ),
        ),
        (
            AllAtOnce(rollback_alarms=["a" * 256]),
            f"deployment.rollback_alarms[0] must have 1 to 255 characters, got 256: {'a' * 256!r}",
        ),
        (
            AllAtOnce(roll_back_on_own_alarms="no"),  # type: ignore[arg-type] # wrong on purpose
            "deployment.roll_back_on_own_alarms must be True or False, known at synthesis, got 'no'",
        ),
        (
            replace(CANARY, canary_size=10),  # type: ignore[arg-type] # wrong on purpose
            "deployment.canary_size must be CapacitySize(...), got 10",
        ),
        (
            replace(CANARY, canary_size=CapacitySize(type="PERCENT", value=10)),
            (
                "deployment.canary_size.type must look like 'CAPACITY_PERCENT' (pattern "
                "INSTANCE_COUNT|CAPACITY_PERCENT), got 'PERCENT'"
            ),
        ),
        (
            replace(CANARY, canary_size=CapacitySize.percent(0)),
            "deployment.canary_size.value must be a whole number, at least 1, got 0",
        ),
        (
            replace(CANARY, canary_size=CapacitySize.percent(51)),
            "deployment.canary_size.value must be 1 to 50 with the type CAPACITY_PERCENT, got 51",
        ),
        (
            replace(LINEAR, linear_step_size=CapacitySize.percent(9)),
            "deployment.linear_step_size.value must be 10 to 50 with the type CAPACITY_PERCENT, got 9",
        ),
        (
            replace(ROLLING, maximum_batch_size=CapacitySize.percent(4)),
            "deployment.maximum_batch_size.value must be 5 to 50 with the type CAPACITY_PERCENT, got 4",
        ),
        (
            replace(ROLLING, rollback_maximum_batch_size=CapacitySize.percent(101)),
            "deployment.rollback_maximum_batch_size.value must be 1 to 100 with the type CAPACITY_PERCENT, got 101",
        ),
    ],
)
def test_what_is_out_of_range_is_refused(deployment: Deployment, sentence: str) -> None:
    assert sentence in problems(deployment=deployment)


@pytest.mark.parametrize(
    "deployment",
    [
        AllAtOnce(wait_interval_in_seconds=1800, maximum_execution_timeout_in_seconds=14400),
        replace(CANARY, canary_size=CapacitySize.percent(1)),
        replace(CANARY, canary_size=CapacitySize.percent(50)),
        replace(LINEAR, linear_step_size=CapacitySize.percent(10)),
        replace(ROLLING, maximum_batch_size=CapacitySize.percent(5), wait_interval_in_seconds=0),
        replace(ROLLING, maximum_batch_size=CapacitySize.percent(50)),
        replace(ROLLING, rollback_maximum_batch_size=CapacitySize.percent(1)),
        AllAtOnce(rollback_alarms=[f"a{number}" for number in range(10)]),
    ],
)
def test_what_is_in_range_is_accepted(deployment: Deployment) -> None:
    endpoint(deployment=deployment)


@pytest.mark.parametrize(
    ("size", "count", "sentence"),
    [
        (
            {"canary_size": 3},
            4,
            (
                "deployment.canary_size.value must be at most 50 percent of the instances of production_variants[0], 1 "
                "to 2 of 4, with the type INSTANCE_COUNT, got 3"
            ),
        ),
        (
            {"linear_step_size": 1},
            11,
            (
                "deployment.linear_step_size.value must be 10 to 50 percent of the instances of "
                "production_variants[0], 2 to 5 of 11, with the type INSTANCE_COUNT, got 1"
            ),
        ),
        (
            {"maximum_batch_size": 1},
            21,
            (
                "deployment.maximum_batch_size.value must be 5 to 50 percent of the instances of "
                "production_variants[0], 2 to 10 of 21, with the type INSTANCE_COUNT, got 1"
            ),
        ),
        (
            {"canary_size": 1},
            1,
            (
                "deployment.canary_size.type must be CAPACITY_PERCENT: production_variants[0] has one instance, and no "
                "number of instances is at most 50 percent of one, got 'INSTANCE_COUNT'"
            ),
        ),
        ({"canary_size": 2}, 4, None),
        ({"linear_step_size": 1}, 10, None),
        ({"maximum_batch_size": 1}, 20, None),
        ({"maximum_batch_size": 10}, 21, None),
    ],
)
def test_a_number_of_instances_is_held_against_those_of_the_variant(
    size: dict[str, int], count: int, sentence: str | None
) -> None:
    ((name, value),) = size.items()
    plain: dict[str, Deployment] = {"canary_size": CANARY, "linear_step_size": LINEAR, "maximum_batch_size": ROLLING}
    sizes: dict[str, Any] = {name: CapacitySize.instances(value)}
    inputs: dict[str, Any] = {
        "production_variants": [on(count=count)],
        "deployment": replace(plain[name], **sizes),
    }
    if sentence is None:
        endpoint(**inputs)
    else:
        assert problems(**inputs) == (sentence,)


def test_a_number_of_instances_for_the_rollback_is_at_most_all_of_them() -> None:
    def rolling(count: int) -> Deployment:
        return replace(ROLLING, rollback_maximum_batch_size=CapacitySize.instances(count))

    endpoint(deployment=rolling(2))
    (found,) = problems(deployment=rolling(3))
    assert found.startswith("deployment.rollback_maximum_batch_size.value must be at most 100 percent of the instances")


@pytest.mark.parametrize(
    ("deployment", "total"),
    [
        (AllAtOnce(wait_interval_in_seconds=500, termination_wait_in_seconds=100), 600),
        (replace(CANARY, wait_interval_in_seconds=300, termination_wait_in_seconds=100), 700),
        (replace(LINEAR, linear_step_size=CapacitySize.percent(30), wait_interval_in_seconds=150), 600),
        (replace(LINEAR, linear_step_size=CapacitySize.instances(1), wait_interval_in_seconds=300), 600),
        (replace(ROLLING, maximum_batch_size=CapacitySize.percent(20), wait_interval_in_seconds=120), 600),
    ],
)
def test_a_deployment_has_more_time_than_its_waits_come_to(deployment: Deployment, total: int) -> None:
    assert problems(deployment=replace(deployment, maximum_execution_timeout_in_seconds=total)) == (
        (
            f"deployment.maximum_execution_timeout_in_seconds must be more than what the waits come to, {total} s, "
            f"lest the deployment ends before they do, got {total}"
        ),
    )
    endpoint(deployment=replace(deployment, maximum_execution_timeout_in_seconds=total + 1))


def test_a_deployment_that_waits_longer_than_the_provider_is_refused() -> None:
    (found,) = problems(deployment=replace(CANARY, wait_interval_in_seconds=1800))
    assert found == (
        "deployment must wait less than 3600 s in all, after each of its steps and before the old instances go: the "
        "AWS provider waits 60 minutes for an update, and then fails the apply, got 3600"
    )
    endpoint(deployment=replace(CANARY, wait_interval_in_seconds=1799))


def test_a_time_limit_beyond_what_the_provider_waits_is_warned_of() -> None:
    def warnings(timeout: int) -> list[str]:
        made = endpoint(deployment=AllAtOnce(maximum_execution_timeout_in_seconds=timeout))
        return [str(each.data) for each in made.node.metadata if each.type == "@cdktf/warn"]

    (warning,) = warnings(3601)
    assert warning.startswith("deployment.maximum_execution_timeout_in_seconds is 3601: the AWS provider waits 60 min")
    assert warnings(3600) == []


# What SageMaker does not deploy so.


@pytest.mark.parametrize("deployment", [CANARY, LINEAR, AllAtOnce(wait_interval_in_seconds=1), ROLLING])
def test_a_serverless_endpoint_is_updated_all_at_once(deployment: Deployment) -> None:
    sentence = f"{BUT} a ServerlessProductionVariant in production_variants: {FALLS_BACK}"
    assert problems(**serverless(deployment)) == (sentence,)
    endpoint(**serverless(AllAtOnce()))


@pytest.mark.parametrize(
    "deployment",
    [CANARY, LINEAR, ROLLING, AllAtOnce(termination_wait_in_seconds=1), AllAtOnce(rollback_alarms=["errors"])],
)
def test_inf1_is_updated_all_at_once(deployment: Deployment) -> None:
    sentence = f"{BUT} an instance_type of ml.inf1 in production_variants[0]: {FALLS_BACK}, got 'ml.inf1.xlarge'"
    assert problems(production_variants=[on("ml.inf1.xlarge")], deployment=deployment) == (sentence,)
    endpoint(production_variants=[on("ml.inf1.xlarge")], deployment=AllAtOnce())
    endpoint(production_variants=[on("ml.inf2.xlarge")], deployment=deployment)


def test_several_variants_and_a_shadow_are_not_replaced_batch_by_batch() -> None:
    two = [on(variant_name="a"), on(variant_name="b")]
    one = "SageMaker replaces the instances of an endpoint of one variant batch by batch, and of no other"
    assert problems(production_variants=two, deployment=ROLLING) == (
        f"deployment must not be Rolling(...) with several production_variants, got 2: {one}",
    )
    assert problems(shadow_production_variants=[on(variant_name="b")], deployment=ROLLING) == (
        f"deployment must not be Rolling(...) with shadow_production_variants: {one}",
    )
    endpoint(production_variants=two, deployment=CANARY)
    endpoint(shadow_production_variants=[on(variant_name="b")], deployment=LINEAR)
    endpoint(deployment=ROLLING)


@pytest.mark.parametrize(
    ("package", "right"),
    [
        ("arn:aws:sagemaker:eu-west-1:865070037744:model-package/seller", False),
        ("arn:aws:sagemaker:eu-west-1:111122223333:model-package/own", True),
        ("arn:aws:sagemaker:eu-west-1:865070037744:model-package/group/1", True),
    ],
)
def test_a_package_of_aws_marketplace_is_refused_once_the_account_is_known(package: str, right: bool) -> None:
    model = Model(model_package_name=package, enable_network_isolation=True)
    made = synthesize(production_variants=[replace(VARIANT, model=model)], deployment=CANARY)
    asked = made.one("aws_sagemaker_endpoint")["lifecycle"].get("precondition", [])
    assert evaluate([each["condition"] for each in asked], {}) in ([], [right])
    assert all("a model_package_name of AWS Marketplace" in each["error_message"] for each in asked)
    assert right or asked
    plain = synthesize(production_variants=[replace(VARIANT, model=model)], deployment=AllAtOnce())
    assert "precondition" not in plain.one("aws_sagemaker_endpoint")["lifecycle"]


# What Terraform alone knows.


def stated_in_terraform(scope: TerraformStack) -> dict[str, Any]:
    """State all that a canary deployment takes as variables."""
    numbers = ("count", "value", "wait", "termination", "timeout")
    known = {name: variable(scope, "number", f"v_{name}").number_value for name in numbers}
    size = CapacitySize(type=variable(scope, "string", "v_type").string_value, value=known["value"])
    return {
        "production_variants": [on(count=known["count"])],
        "deployment": Canary(
            canary_size=size,
            wait_interval_in_seconds=known["wait"],
            termination_wait_in_seconds=known["termination"],
            maximum_execution_timeout_in_seconds=known["timeout"],
            rollback_alarms=[variable(scope, "string", "v_alarm").string_value],
        ),
    }


GOOD = {
    "v_count": 4,
    "v_value": 2,
    "v_wait": 300,
    "v_termination": 100,
    "v_timeout": 701,
    "v_type": "INSTANCE_COUNT",
    "v_alarm": "errors",
}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, None),
        ({"v_type": "CAPACITY_PERCENT", "v_value": 50, "v_count": 1}, None),
        ({"v_timeout": None}, None),
        (
            {"v_timeout": 700},
            "deployment.maximum_execution_timeout_in_seconds must be more than what the waits come to",
        ),
        ({"v_timeout": 14401}, "deployment.maximum_execution_timeout_in_seconds must be a whole number, 600 to 14400"),
        ({"v_wait": 1750, "v_timeout": None}, "deployment must wait less than 3600 s in all"),
        ({"v_value": 3}, "deployment.canary_size.value must be at most 50 percent of the instances"),
        ({"v_count": 1}, "deployment.canary_size.value must be at most 50 percent of the instances"),
        ({"v_type": "CAPACITY_PERCENT", "v_value": 51}, "deployment.canary_size.value must be 1 to 50 with the type"),
        ({"v_type": "PERCENT"}, "deployment.canary_size.type must look like"),
        ({"v_alarm": " "}, "deployment.rollback_alarms[0] must look like"),
        (
            {"v_alarm": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors"},
            "deployment.rollback_alarms[0] must be an alarm's name, which is the end of its ARN",
        ),
    ],
)
def test_what_terraform_alone_knows_is_held_to_the_same_rules(changes: dict[str, object], sentence: str | None) -> None:
    scope = stack()
    made = synthesize(scope, **stated_in_terraform(scope))
    asked = made.one("aws_sagemaker_endpoint")["lifecycle"]["precondition"]
    answers = evaluate([each["condition"] for each in asked], {**GOOD, **changes})
    assert isinstance(answers, list)
    failed = [each["error_message"] for each, answer in zip(asked, answers, strict=True) if not answer]
    assert len(failed) == (sentence is not None)
    assert all(each.startswith(sentence) for each in failed)


def test_no_alarm_of_a_list_that_terraform_alone_knows_is_an_arn() -> None:
    scope = stack()
    made = synthesize(scope, deployment=AllAtOnce(rollback_alarms=variable(scope, "list(string)").list_value))
    asked = made.one("aws_sagemaker_endpoint")["lifecycle"]["precondition"]
    [condition] = [each["condition"] for each in asked if "the end of its ARN" in each["error_message"]]
    for alarms, right in ((["a", "arn"], True), (["a", "arn:aws-cn:cloudwatch:cn-north-1:1:alarm:b"], False)):
        assert evaluate([condition], {"value": alarms}) == [right]


@pytest.mark.parametrize(
    ("make", "value", "wait", "timeout", "right"),
    [
        (lambda size, wait, timeout: (Linear, size, wait, timeout), 30, 150, 600, False),
        (lambda size, wait, timeout: (Linear, size, wait, timeout), 30, 150, 601, True),
        (lambda size, wait, timeout: (Rolling, size, wait, timeout), 5, 30, 600, False),
        (lambda size, wait, timeout: (Rolling, size, wait, timeout), 5, 29, 600, True),
    ],
)
def test_the_steps_of_a_size_that_terraform_alone_knows_are_counted_there(
    make: Any,  # noqa: ANN401 - a function
    value: int,
    wait: int,
    timeout: int,
    right: bool,
) -> None:
    scope = stack()
    kind, size, seconds, limit = make(CapacitySize.percent(variable(scope, "number").number_value), wait, timeout)
    name = "linear_step_size" if kind is Linear else "maximum_batch_size"
    given = {name: size, "wait_interval_in_seconds": seconds, "maximum_execution_timeout_in_seconds": limit}
    made = synthesize(scope, deployment=kind(**given))
    asked = made.one("aws_sagemaker_endpoint")["lifecycle"]["precondition"]
    assert evaluate([each["condition"] for each in asked], {"value": value}) == [
        right or "what the waits come to" not in each["error_message"] for each in asked
    ]


def test_an_instance_type_that_terraform_alone_knows_is_asked_for_inf1_there() -> None:
    scope = stack()
    variant = on(variable(scope).string_value)
    made = synthesize(scope, production_variants=[variant], deployment=CANARY)
    asked = made.one("aws_sagemaker_endpoint")["lifecycle"]["precondition"]
    (condition,) = [each["condition"] for each in asked if "ml.inf1" in each["error_message"]]
    assert evaluate([condition], {"value": "ml.inf1.xlarge"}) == [False]
    assert evaluate([condition], {"value": "ml.inf2.xlarge"}) == [True]


def test_waits_that_terraform_alone_knows_to_be_none_go_with_a_serverless_endpoint() -> None:
    scope = stack()
    deployment = AllAtOnce(wait_interval_in_seconds=variable(scope, "number").number_value)
    made = synthesize(scope, **serverless(deployment))
    asked = made.one("aws_sagemaker_endpoint")["lifecycle"]["precondition"]
    (condition,) = [each["condition"] for each in asked if "Serverless" in each["error_message"]]
    assert evaluate([condition], {"value": 0}) == [True]
    assert evaluate([condition], {"value": 60}) == [False]
