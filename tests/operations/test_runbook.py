"""The runbook's commands name the endpoint's own things, whether synthesis or Terraform knows them."""

import shlex
from collections.abc import Mapping
from dataclasses import replace

from sagemaker_endpoint import Alarms, AllAtOnce, AutoScaling, Canary, CapacitySize, ExecutionRole, TargetTracking
from sagemaker_endpoint.operations.recommended import OF_ANSWERS
from sagemaker_endpoint.operations.runbook import Runbook

import pytest
from cdktf import TerraformOutput, TerraformStack

from tests.console import evaluate
from tests.examples import GROUPS, MODEL, NETWORK, SUBNETS, VARIANT, endpoint, stack, variable
from tests.synthesized import Synthesized

SECTIONS = ["Endpoint not responding", "Network interfaces", "CloudWatch logs", "Model", "IAM role", "S3 access"]
KNOWN = Runbook(
    region="eu-west-1",
    endpoint_name="sentiment",
    names={
        "configuration": ["sentiment-0123456789"],
        "variant": ["AllTraffic"],
        "vpc": [NETWORK.vpc_id],
        "subnets": [",".join(SUBNETS)],
        "kms_key": ["arn:aws:kms:eu-west-1:111122223333:key/1234"],
        "group": ["sg-0123456789abcdef0"],
        "log_group": ["/aws/sagemaker/Endpoints/sentiment"],
        "model": ["sentiment-AllTraffic-0123456789"],
        "role": ["sentiment-execution-1"],
    },
    model_data_urls=["s3://models/sentiment/model.tar.gz"],
).text()


def runbook(
    scope: TerraformStack | None = None, variables: Mapping[str, object] | None = None, /, **changes: object
) -> str:
    """Give the runbook as Terraform prints it."""
    scope = stack() if scope is None else scope
    TerraformOutput(scope, "runbook", value=endpoint(scope, **changes).runbook, static_id=True)
    text = evaluate(Synthesized(scope).configuration["output"]["runbook"]["value"], variables)
    assert isinstance(text, str)
    return text


def test_the_runbook_has_the_endpoints_names_in_place() -> None:
    assert runbook() == KNOWN
    for name in (
        "describe-endpoint --endpoint-name sentiment\n",
        "Name=group-id,Values=sg-0123456789abcdef0\n",
        "--log-group-name /aws/sagemaker/Endpoints/sentiment ",
        "--model-name sentiment-AllTraffic-0123456789\n",
        "--role-name sentiment-execution-1\n",
        '--bucket models --key "sentiment/model.tar.gz"\n',
        "export AWS_DEFAULT_REGION=eu-west-1\n",
    ):
        assert name in KNOWN


def test_the_runbook_is_the_same_when_terraform_alone_knows_the_names() -> None:
    scope = stack()
    model = replace(MODEL, model_data_url=variable(scope, "string", "url").string_value)
    deferred = runbook(
        scope,
        {"name": "sentiment", "url": MODEL.model_data_url, "subnets": SUBNETS},
        endpoint_name=variable(scope, "string", "name").string_value,
        network=replace(NETWORK, subnet_ids=variable(scope, "list(string)", "subnets").list_value),
        production_variants=[replace(VARIANT, model=model)],
    )
    assert deferred == KNOWN


def test_logs_and_metrics_are_looked_at_from_an_hour_ago_on() -> None:
    assert " --start-time $(( $(( $(date +%s) - 3600 )) * 1000 )) --filter-pattern '%" in KNOWN
    assert KNOWN.count(" --period 300 --start-time $(( $(( $(date +%s) - 3600 )) - 86400 )) ") == 4


def test_it_has_the_six_sections_in_order() -> None:
    assert [line[2:] for line in runbook().splitlines() if line.startswith("# ")][1:] == SECTIONS


def test_every_line_is_a_command_of_the_aws_cli() -> None:
    for line in runbook().splitlines():
        assert not line or line.startswith(("# ", "export ")) or shlex.split(line)[0] == "aws"


@pytest.mark.parametrize("token", [False, True])
def test_existing_groups_are_looked_at_together(token: bool) -> None:
    scope = stack()
    groups = variable(scope, "list(string)").list_value if token else GROUPS
    network = replace(NETWORK, security_group_ids=groups)
    assert f"Values={','.join(GROUPS)}\n" in runbook(scope, {"value": GROUPS}, network=network)


def test_a_role_with_a_path_is_named_without_it() -> None:
    role = ExecutionRole(role_arn="arn:aws:iam::111122223333:role/teams/ml/sentiment")
    assert "aws iam get-role --role-name sentiment\n" in runbook(execution_role=role)


@pytest.mark.parametrize("url", [None, "${var.value}"])
def test_without_model_data_there_is_nothing_to_look_at_in_s3(url: str | None) -> None:
    text = runbook(
        None, {"value": None}, production_variants=[replace(VARIANT, model=replace(MODEL, model_data_url=url))]
    )
    assert text.rstrip().endswith("# S3 access")


def test_each_model_and_each_archive_is_looked_at_once() -> None:
    other = replace(MODEL, image=f"{MODEL.image}1")
    variants = [
        replace(VARIANT, model=model, variant_name=name) for model, name in ((MODEL, "a"), (MODEL, "b"), (other, "c"))
    ]
    scope = stack()
    text = endpoint(scope, production_variants=variants).runbook
    lines = [line for line in text.splitlines() if "describe-model" in line and "--query" not in line]
    assert len(lines) == len(set(lines)) == 2
    assert text.count("head-object") == 1


OF_FEATURES = ("describe-alarm-history", "describe-scaling-policies", "describe-scaling-activities", "--alarm-names")


def test_an_endpoint_that_neither_scales_nor_is_taken_back_has_no_commands_for_that() -> None:
    for words in OF_FEATURES:
        assert words not in runbook()
        assert words not in runbook(deployment=AllAtOnce())


@pytest.mark.parametrize("token", [False, True])
def test_each_alarm_that_takes_updates_back_is_looked_at(token: bool) -> None:
    scope = stack()
    given = variable(scope, "string").string_value if token else "orders too low"
    canary = Canary(
        canary_size=CapacitySize.percent(50), wait_interval_in_seconds=300, rollback_alarms=[given, "other"]
    )
    text = runbook(scope, {"value": "orders too low"}, deployment=canary)
    for name in ("orders too low", "other"):
        assert f'describe-alarms --alarm-names "{name}" ' in text
        assert f'describe-alarm-history --alarm-name "{name}" ' in text


def test_a_list_of_alarms_that_terraform_alone_knows_is_left_to_the_doctor() -> None:
    scope = stack()
    alarms = variable(scope, "list(string)").list_value
    text = runbook(scope, {"value": ["a"]}, deployment=AllAtOnce(rollback_alarms=alarms))
    assert "describe-alarm-history" not in text


def test_the_endpoints_own_alarms_are_looked_at_where_they_take_updates_back() -> None:
    scope = stack()
    made = endpoint(
        scope, alarms=Alarms(latency_in_milliseconds=200), deployment=AllAtOnce(wait_interval_in_seconds=300)
    )
    assert made.runbook.count("describe-alarm-history") == len(OF_ANSWERS)
    other = endpoint(stack(), alarms=Alarms(), deployment=AllAtOnce(roll_back_on_own_alarms=False))
    assert "describe-alarm-history" not in other.runbook


def test_the_scaling_of_each_variant_that_scales_is_looked_at() -> None:
    auto_scaling = AutoScaling(
        min_capacity=1, max_capacity=4, policies=[TargetTracking(metric="CPUUtilization", target_value=60)]
    )
    variants = [
        replace(VARIANT, variant_name="blue", auto_scaling=auto_scaling),
        replace(VARIANT, variant_name="green"),
    ]
    text = runbook(production_variants=variants)
    for command in ("describe-scaling-policies", "describe-scheduled-actions", "describe-scaling-activities"):
        lines = [line for line in text.splitlines() if command in line]
        assert len(lines) == 1
        assert "--resource-id endpoint/sentiment/variant/blue" in lines[0]
