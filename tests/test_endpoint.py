"""The endpoint as a whole: the order of things, updates in place, and all problems told at once."""

import copy
import dataclasses
import pickle
from collections.abc import Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any

import sagemaker_endpoint
from sagemaker_endpoint import (
    Alarm,
    AlarmChange,
    Alarms,
    AllAtOnce,
    AsyncInferenceConfig,
    AutoScaling,
    BacklogPerInstance,
    Canary,
    CapacityReservationConfig,
    CapacitySize,
    Container,
    CoreDumpConfig,
    CustomMetric,
    DataCaptureConfig,
    EgressRule,
    EncryptionKey,
    EndpointMetrics,
    ExecutionRole,
    HuggingFaceModel,
    ImageConfig,
    InputError,
    InstanceProductionVariant,
    InterfaceCleanup,
    Linear,
    Logs,
    Metric,
    MetricMath,
    Model,
    PrivateNetwork,
    Rolling,
    S3DataSource,
    SageMakerEndpoint,
    ScheduledAction,
    ServerlessProductionVariant,
    StepAdjustment,
    StepScaling,
    TargetTracking,
)

import jsii
import pytest
from cdktf import App, TerraformOutput, TerraformStack, Token
from jsii._kernel.types import GetRequest

from tests.examples import GROUPS, INPUTS, MODEL, NETWORK, VARIANT, endpoint, problems, stack, synthesize, variable
from tests.synthesized import Synthesized, named

ENDPOINT = "aws_sagemaker_endpoint"
ATTACHMENT = "aws_iam_role_policy_attachment"
RULE = "aws_vpc_security_group_egress_rule"
BOUNDARY = "arn:aws:iam::111122223333:policy/tables"

# The order of things. Terraform creates what is depended on first, and destroys it last.


def test_the_endpoint_waits_for_what_releases_its_interfaces() -> None:
    made = synthesize()
    assert made.one(ENDPOINT)["depends_on"] == [made.address("null_resource", "Release")]


def test_the_release_stands_between_the_endpoint_and_what_it_needs_until_it_is_gone() -> None:
    made = synthesize(execution_role=ExecutionRole(additional_policy_arns={"tables": BOUNDARY}))
    assert len(made.all(ATTACHMENT)) == 3
    assert set(made.one("null_resource", "Release")["depends_on"]) == {
        made.address("aws_cloudwatch_log_group"),
        *made.all(ATTACHMENT),
        *made.all(RULE),
    }


def test_the_release_outlives_the_endpoint_and_goes_before_its_group() -> None:
    made = synthesize()
    release = made.one("null_resource", "Release")
    assert named(release["triggers"]["security_group_id"]) == made.address("aws_security_group")


def test_the_mark_waits_for_the_endpoint() -> None:
    made = synthesize()
    assert made.one("null_resource", "Mark")["depends_on"] == [made.address(ENDPOINT)]


def test_a_model_waits_for_every_policy_of_its_role() -> None:
    made = synthesize(execution_role=ExecutionRole(additional_policy_arns={"tables": BOUNDARY}))
    assert set(made.one("aws_sagemaker_model")["depends_on"]) == set(made.all(ATTACHMENT))
    assert len(made.all(ATTACHMENT)) == 3


def test_with_existing_groups_there_is_nothing_to_mark_or_release() -> None:
    made = synthesize(network=replace(NETWORK, security_group_ids=GROUPS))
    assert made.all("null_resource") == {}
    assert set(made.one(ENDPOINT)["depends_on"]) == {made.address("aws_cloudwatch_log_group"), *made.all(ATTACHMENT)}


def test_without_a_release_the_endpoint_waits_for_policies_and_rules_itself() -> None:
    made = synthesize(interface_cleanup=InterfaceCleanup(enabled=False))
    assert set(made.one(ENDPOINT)["depends_on"]) == {
        made.address("aws_cloudwatch_log_group"),
        *made.all(ATTACHMENT),
        *made.all(RULE),
    }


# Updates.


def test_what_can_only_be_replaced_is_created_before_the_old_is_destroyed() -> None:
    made = synthesize()
    replaced = {
        kind
        for kind, blocks in made.configuration["resource"].items()
        for block in blocks.values()
        if block.get("lifecycle", {}).get("create_before_destroy")
    }
    assert replaced == {
        "aws_cloudwatch_metric_alarm",
        "aws_iam_policy",
        "aws_iam_role",
        "aws_kms_key",
        "aws_sagemaker_endpoint_configuration",
        "aws_sagemaker_model",
        "aws_security_group",
        "aws_vpc_security_group_egress_rule",
    }


def test_what_is_created_before_the_old_is_destroyed_has_no_fixed_name() -> None:
    made = synthesize()
    for kind, blocks in made.configuration["resource"].items():
        for block in blocks.values():
            if block.get("lifecycle", {}).get("create_before_destroy"):
                assert "name" not in block or "uuid()" in block["name"], kind


def test_the_endpoint_keeps_its_name_and_moves_to_a_new_configuration() -> None:
    made = synthesize()
    block = made.one(ENDPOINT)
    assert set(block) == {"depends_on", "deployment_config", "endpoint_config_name", "lifecycle", "name"}
    assert block["name"] == "sentiment"
    assert named(block["endpoint_config_name"]) == made.address("aws_sagemaker_endpoint_configuration")


def test_an_apply_whose_configuration_is_not_live_or_whose_endpoint_is_renamed_fails() -> None:
    made = synthesize()
    [renamed, postcondition, _] = made.one(ENDPOINT)["lifecycle"]["postcondition"]
    assert renamed["condition"] == '${self.name == "sentiment"}'
    configuration = f"{made.address('aws_sagemaker_endpoint_configuration')}.name"
    assert postcondition["condition"] == f"${{self.endpoint_config_name == {configuration}}}"


PROTECTED = (ENDPOINT, "aws_cloudwatch_log_group", "aws_kms_key")


@pytest.mark.parametrize("protected", [True, False])
def test_endpoint_log_group_and_key_can_be_protected_from_deletion(protected: bool) -> None:
    made = synthesize(deletion_protection=protected)
    for kind in PROTECTED:
        assert made.one(kind).get("lifecycle", {}).get("prevent_destroy", False) is protected, kind
    protections = [
        kind
        for kind, blocks in made.configuration["resource"].items()
        for block in blocks.values()
        if "prevent_destroy" in block.get("lifecycle", {})
    ]
    assert sorted(protections) == (sorted(PROTECTED) if protected else [])


@pytest.mark.parametrize("wrong", ["true", 1, None, "${var.value}"])
def test_a_protection_that_is_not_known_at_synthesis_is_told(wrong: object) -> None:
    sentence = f"deletion_protection must be True or False, known at synthesis, got {wrong!r}"
    assert problems(deletion_protection=wrong) == (sentence,)


@pytest.mark.parametrize("raw", [False, True])
def test_the_endpoints_name_may_be_a_token(raw: bool) -> None:
    scope = stack()
    token = variable(scope).string_value
    assert synthesize(scope, endpoint_name="${var.value}" if raw else token).one(ENDPOINT)["name"] == "${var.value}"


# Tags.

TAGGED = {
    "aws_cloudwatch_metric_alarm",
    "aws_cloudwatch_log_group",
    "aws_iam_policy",
    "aws_iam_role",
    "aws_kms_key",
    "aws_sagemaker_endpoint",
    "aws_sagemaker_endpoint_configuration",
    "aws_sagemaker_model",
    "aws_security_group",
    "aws_vpc_security_group_egress_rule",
}
UNTAGGED = {"aws_iam_role_policy_attachment", "aws_kms_alias", "null_resource", "terraform_data"}
"""Kinds that take no tags."""


def tags(made: Synthesized) -> dict[str, list[object]]:
    resources = made.configuration["resource"]
    return {kind: [block.get("tags") for block in blocks.values()] for kind, blocks in resources.items()}


@pytest.mark.parametrize("mapping", [dict, MappingProxyType])
def test_tags_stand_on_every_resource_that_takes_them(mapping: Any) -> None:  # noqa: ANN401 - two classes
    found = tags(synthesize(tags=mapping({"team": "ml"})))
    assert set(found) == TAGGED | UNTAGGED
    for kind, each in found.items():
        assert set(map(str, each)) == ({"{'team': 'ml'}"} if kind in TAGGED else {"None"}), kind


def test_there_are_no_tags_by_default() -> None:
    assert {str(each) for found in tags(synthesize()).values() for each in found} == {"None"}


def test_tags_may_be_a_token_or_hold_some() -> None:
    scope = stack()
    whole = Token.as_string_map(variable(scope, "map(string)").value)
    found = tags(synthesize(scope, tags=whole))
    assert {str(each) for kind in TAGGED for each in found[kind]} == {"${var.value}"}
    scope = stack()
    found = tags(synthesize(scope, tags={"a": variable(scope).string_value, "b": "${var.value}"}))
    assert {str(each) for kind in TAGGED for each in found[kind]} == {"{'a': '${var.value}', 'b': '${var.value}'}"}


# What the construct tells.


def test_the_construct_tells_what_it_made() -> None:
    scope = stack()
    made = endpoint(scope)
    told = {
        "endpoint_name": made.endpoint_name,
        "endpoint_arn": made.endpoint_arn,
        "endpoint_config_name": made.endpoint_config_name,
        "execution_role_arn": made.execution_role_arn,
        "invoke_policy_arn": made.invoke_policy_arn,
        "security_group_id": made.security_group_ids[0],
        "kms_key_arn": made.kms_key_arn,
    }
    for name, value in told.items():
        TerraformOutput(scope, name, value=value, static_id=True)
    found = Synthesized(scope)
    outputs = {name: output["value"] for name, output in found.configuration["output"].items()}
    assert outputs == {
        "endpoint_name": f"${{{found.address(ENDPOINT)}.name}}",
        "endpoint_arn": f"${{{found.address(ENDPOINT)}.arn}}",
        "endpoint_config_name": f"${{{found.address('aws_sagemaker_endpoint_configuration')}.name}}",
        "execution_role_arn": f"${{{found.address('aws_iam_role')}.arn}}",
        "invoke_policy_arn": f"${{{found.address('aws_iam_policy', 'Invoke')}.arn}}",
        "security_group_id": f"${{{found.address('aws_security_group')}.id}}",
        "kms_key_arn": f"${{{found.address('aws_kms_key')}.arn}}",
    }
    assert made.log_group_name == "/aws/sagemaker/Endpoints/sentiment"


def test_two_endpoints_stand_side_by_side_in_a_stack() -> None:
    scope = stack()
    for name in ("Sentiment", "Topics"):
        SageMakerEndpoint(scope, name, **{**INPUTS, "endpoint_name": name.lower()})
    made = Synthesized(scope)
    assert sorted(block["name"] for block in made.all(ENDPOINT).values()) == ["sentiment", "topics"]


def test_two_endpoints_of_one_name_in_an_app_are_warned_of() -> None:
    app = App()
    first, second = TerraformStack(app, "one"), TerraformStack(app, "two")
    SageMakerEndpoint(first, "A", **INPUTS)
    for scope, id_, name in ((first, "B", "sentiment"), (second, "C", "sentiment"), (second, "G", "Sentiment")):
        [warning] = SageMakerEndpoint(scope, id_, **{**INPUTS, "endpoint_name": name}).node.metadata
        assert warning.data == (
            f"endpoint_name {name!r} is that of one/A too, and AWS knows one of a name in an account and region: "
            "name them apart, unless their providers work in different ones"
        )
    others = [
        SageMakerEndpoint(first, "D", **{**INPUTS, "endpoint_name": "other"}),
        SageMakerEndpoint(stack(), "A", **INPUTS),
        SageMakerEndpoint(first, "E", **{**INPUTS, "endpoint_name": "${var.name}"}),
        SageMakerEndpoint(first, "F", **{**INPUTS, "endpoint_name": "${var.name}"}),
    ]
    assert [each.node.metadata for each in others] == [[]] * 4


def test_endpoints_of_other_apps_are_not_asked_for_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    get = jsii.kernel.provider.get

    def counted(request: GetRequest) -> object:
        asked.append(request)
        return get(request)

    monkeypatch.setattr(jsii.kernel.provider, "get", counted)
    counts = []
    for _ in range(3):
        asked.clear()
        endpoint(stack())
        counts.append(len(asked))
    assert len(set(counts)) == 1


def test_addresses_depend_on_nothing_but_construct_ids() -> None:
    assert synthesize().addresses() == synthesize(endpoint_name="other", tags={"a": "b"}).addresses()


# What is refused.


def test_all_problems_of_all_inputs_are_told_at_once() -> None:
    with pytest.raises(InputError) as raised:
        endpoint(
            endpoint_name="a b",
            network=PrivateNetwork(vpc_id="a", subnet_ids=[]),
            production_variants=[
                replace(VARIANT, model=replace(MODEL, image="a"), initial_instance_count=0),
                replace(VARIANT, instance_type="ml.m5"),
            ],
            execution_role=ExecutionRole(role_arn="a"),
            key=EncryptionKey(deletion_window_in_days=1),
            logs=Logs(retention_in_days=2),
            interface_cleanup=InterfaceCleanup(timeout_in_seconds=0),
            tags={"aws:a": "b"},
        )
    told = [problem.partition(" must ")[0] for problem in raised.value.problems]
    assert told == [
        "endpoint_name",
        "network.vpc_id",
        "network.subnet_ids",
        "production_variants[0].model.image",
        "production_variants[0].initial_instance_count",
        "production_variants[1].instance_type",
        "production_variants",
        "execution_role.role_arn",
        "key.deletion_window_in_days",
        "logs.retention_in_days",
        "interface_cleanup.timeout_in_seconds",
        "tags key",
    ]
    assert str(raised.value).startswith("stack/Endpoint: 12 problems with the inputs\n  - endpoint_name must look like")


@pytest.mark.parametrize("name", ["", "a_b", "-a", "a-", "a" * 64, "a\n", None, 5, ["a"]])
def test_a_wrong_name_is_told(name: object) -> None:
    [sentence] = problems(endpoint_name=name)
    assert sentence.startswith("endpoint_name must ")
    assert sentence.endswith(repr(name))


@pytest.mark.parametrize("name", ["a", "A-1", "a--b", "a" * 63])
def test_a_right_name_is_accepted(name: str) -> None:
    assert synthesize(endpoint_name=name).one(ENDPOINT)["name"] == name


def test_a_variable_in_place_of_its_value_is_told() -> None:
    [sentence] = problems(endpoint_name=variable(stack()))
    assert sentence.startswith("endpoint_name must be a string such as 'sentiment', got <cdkt")


STEP = StepAdjustment(scaling_adjustment=1, metric_interval_lower_bound=0)
VALID: dict[type, Any] = {
    AllAtOnce: AllAtOnce(),
    Alarm: Alarm(name="Slow", metric="OverheadLatency", threshold=1),
    AlarmChange: AlarmChange(threshold=1),
    Alarms: Alarms(),
    AsyncInferenceConfig: AsyncInferenceConfig(s3_output_path="s3://answers", s3_input_path="s3://payloads"),
    Canary: Canary(canary_size=CapacitySize.percent(10), wait_interval_in_seconds=60),
    CapacitySize: CapacitySize.percent(10),
    AutoScaling: AutoScaling(min_capacity=1, max_capacity=4),
    BacklogPerInstance: BacklogPerInstance(target_value=5),
    Container: Container(image=MODEL.image),
    CapacityReservationConfig: CapacityReservationConfig(
        ml_reservation_arn="arn:aws:sagemaker:eu-west-1:111122223333:training-plan/sentiment"
    ),
    CoreDumpConfig: CoreDumpConfig(destination_s3_uri="s3://dumps"),
    MetricMath: MetricMath(expression="a", metrics={"a": CustomMetric(metric_name="A", namespace="B")}),
    CustomMetric: CustomMetric(metric_name="Waiting", namespace="Serving", dimensions={"Queue": "a"}),
    DataCaptureConfig: DataCaptureConfig(destination_s3_uri="s3://captured", initial_sampling_percentage=1),
    EgressRule: EgressRule(description="HTTPS", from_port=443, cidr_ipv4="10.0.0.0/16"),
    EncryptionKey: EncryptionKey(),
    EndpointMetrics: EndpointMetrics(endpoint_name="sentiment"),
    ExecutionRole: ExecutionRole(),
    HuggingFaceModel: HuggingFaceModel(model_id="gpt2"),
    ImageConfig: ImageConfig(repository_access_mode="Vpc"),
    InstanceProductionVariant: VARIANT,
    InterfaceCleanup: InterfaceCleanup(role_arn="arn:aws:iam::111122223333:role/operator"),
    Linear: Linear(linear_step_size=CapacitySize.percent(10), wait_interval_in_seconds=60),
    Logs: Logs(),
    Metric: Metric(namespace="Shop", metric_name="Waiting"),
    Model: MODEL,
    PrivateNetwork: NETWORK,
    Rolling: Rolling(maximum_batch_size=CapacitySize.percent(10), wait_interval_in_seconds=60),
    S3DataSource: S3DataSource(s3_uri="s3://models/"),
    ScheduledAction: ScheduledAction(
        name="morning", schedule="cron(0 7 ? * MON-FRI *)", min_capacity=1, max_capacity=4
    ),
    ServerlessProductionVariant: ServerlessProductionVariant(model=MODEL, memory_size_in_mb=1024, max_concurrency=1),
    StepAdjustment: STEP,
    StepScaling: StepScaling(name="out", metric="CPUUtilization", threshold=80, step_adjustments=[STEP]),
    TargetTracking: TargetTracking(metric="CPUUtilization", target_value=50),
}
WRONG_TYPES = [object(), b"a", {"a"}, iter("a"), 1j, float("nan"), float("inf"), float("-inf"), [None], {None: None}]


def test_every_input_class_is_tried() -> None:
    public = [getattr(sagemaker_endpoint, name) for name in sagemaker_endpoint.__all__]
    assert {each for each in public if dataclasses.is_dataclass(each)} == set(VALID)


@pytest.mark.parametrize(("kind", "field"), [(kind, field.name) for kind in VALID for field in fields(kind)], ids=str)
def test_a_value_of_a_wrong_type_is_told_by_its_path(kind: Any, field: str) -> None:  # noqa: ANN401 - every class
    assert [*VALID[kind].problems("at")] == []
    for wrong in WRONG_TYPES:
        told = [*replace(VALID[kind], **{field: wrong}).problems("at")]
        assert told, f"{field}={wrong!r}"
        assert any(f"at.{field}" in sentence for sentence in told), told


@pytest.mark.parametrize(
    "name",
    [
        *INPUTS,
        "async_inference_config",
        "data_capture_config",
        "execution_role",
        "key",
        "logs",
        "alarms",
        "interface_cleanup",
        "tags",
    ],
)
@pytest.mark.parametrize("wrong", [5, "a b", True, ["a"], (), object(), b"a", Mapping])
def test_an_input_of_a_wrong_type_is_told(name: str, wrong: object) -> None:
    told = problems(**{name: wrong})
    assert all(sentence.startswith(name) for sentence in told)


@pytest.mark.parametrize("kind", VALID)
def test_an_unknown_field_is_told_with_the_nearest(kind: Any) -> None:  # noqa: ANN401 - every class
    name = fields(kind)[0].name
    with pytest.raises(TypeError, match=rf"{kind.__name__}\(\) got an unexpected keyword argument '{name}s'.*: {name}"):
        kind(**{f"{name}s": 1})
    with pytest.raises(TypeError, match=rf"'{name}s'.*: {name}"):
        replace(VALID[kind], **{f"{name}s": 1})


def test_an_unknown_input_is_told_with_the_nearest() -> None:
    with pytest.raises(
        TypeError, match=r"SageMakerEndpoint\(\) got an unexpected .* 'variants'; .*: production_variants"
    ):
        endpoint(variants=[])
    with pytest.raises(TypeError, match="'instance_type', which InstanceProductionVariant takes; the nearest: "):
        endpoint(instance_type="ml.m5.xlarge")
    with pytest.raises(TypeError, match="'rollback_alarms', which AllAtOnce or Canary or Linear or Rolling takes; "):
        endpoint(rollback_alarms=["errors"])
    with pytest.raises(TypeError, match="'name'; the nearest: endpoint_name"):  # which says nothing of what it is of
        endpoint(name="sentiment")
    with pytest.raises(TypeError, match=r"'subnet'; the nearest: network$"):
        endpoint(subnet="x")
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'production_variants'"):
        SageMakerEndpoint(stack(), "E", endpoint_name="a", network=NETWORK)  # type: ignore[call-arg] # on purpose


@pytest.mark.parametrize("kind", VALID)
def test_inputs_can_be_copied_and_pickled_and_cannot_be_changed(kind: Any) -> None:  # noqa: ANN401 - any input
    inputs = VALID[kind]
    assert copy.deepcopy(inputs) == pickle.loads(pickle.dumps(inputs)) == inputs  # noqa: S301 - what the line itself has pickled
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(inputs, fields(kind)[0].name, None)
    assert not hasattr(inputs, "__dict__")


SECRET = "s3cret-value"  # noqa: S105 - made up
LEAKS: list[dict[str, object]] = [
    {"production_variants": [replace(VARIANT, model=replace(MODEL, environment=[SECRET]))]},  # type: ignore[arg-type] # wrong on purpose
    {"production_variants": [replace(VARIANT, model=replace(MODEL, environment={"A": [SECRET]}))]},  # type: ignore[dict-item] # wrong on purpose
    {"production_variants": [replace(VARIANT, model=replace(MODEL, environment={"A": SECRET * 100}))]},
    {"production_variants": [replace(VARIANT, model=replace(MODEL, environment={"A": f"${{{SECRET}"}))]},
    {"production_variants": [replace(VARIANT, model={"environment": {"A": SECRET}})]},  # type: ignore[arg-type] # wrong on purpose
    {"production_variants": [{"model": {"environment": {"A": SECRET}}}]},
    {"production_variants": {"environment": SECRET}},
    {"production_variants": [replace(MODEL, environment={"A": SECRET})]},
    {"production_variants": replace(VARIANT, model=replace(MODEL, environment={"A": SECRET}))},
    {"network": replace(MODEL, environment={"A": SECRET})},
    {"interface_cleanup": {"external_id": SECRET}},
    {"interface_cleanup": InterfaceCleanup(external_id=f"{SECRET} two words", role_arn=BOUNDARY)},
    {"interface_cleanup": InterfaceCleanup(external_id=f"file://{SECRET}", role_arn=BOUNDARY)},
    {"interface_cleanup": InterfaceCleanup(external_id=[SECRET], role_arn=BOUNDARY)},  # type: ignore[arg-type] # wrong on purpose
    {"interface_cleanup": InterfaceCleanup(external_id=SECRET)},
    {"interface_cleanup": InterfaceCleanup(endpoint_url=f"http://user:{SECRET}@localhost")},
]


@pytest.mark.parametrize("changes", LEAKS, ids=str)
def test_what_may_be_secret_is_never_echoed(changes: dict[str, object]) -> None:
    told = problems(**changes)
    assert told
    assert SECRET not in str(told)


def test_a_secret_in_an_environment_is_warned_of_by_its_name() -> None:
    names = ["HF_TOKEN", "AWS_SECRET_ACCESS_KEY", "DB_PASSWORD", "OPENAI_API_KEY", "password"]
    names += ["DB_PASS", "GIT_PAT", "KEY_PASSPHRASE", "SIGNING_KEY"]
    fine = {"MAX_TOKENS": "1", "EOS_TOKEN": "</s>", "LOG_LEVEL": "info", "TOKENIZERS_PARALLELISM": "1", "X_TOKEN": ""}
    of_arn = {"DB_SECRET": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"}
    model = replace(MODEL, environment=dict.fromkeys(names, SECRET) | fine | of_arn)
    made = endpoint(production_variants=[replace(VARIANT, model=model)]).node.find_child("Model-AllTraffic")
    said = [each.data for each in made.node.metadata]
    assert [each.partition(" seems")[0] for each in said] == [
        f"production_variants[0].model.environment[{name!r}]" for name in names
    ]
    assert all("AWS Secrets Manager" in each and SECRET not in each for each in said)


def test_a_secret_in_an_environment_is_warned_of_by_its_value() -> None:
    secret = {"DATABASE_URL": f"postgres://app:{SECRET}@db/app", "HUB": f"hf_{'x' * 30}", "GIT": f"ghp_{'x' * 30}"}
    fine = {"MODEL_URL": "https://models.example/a@b", "HUB_MODEL": "hf_distilbert", "AT": "a:b@c", "PWD": "/opt"}
    model = replace(MODEL, environment=secret | fine)
    made = endpoint(production_variants=[replace(VARIANT, model=model)]).node.find_child("Model-AllTraffic")
    said = [each.data for each in made.node.metadata]
    assert [each.partition(" seems")[0] for each in said] == [
        f"production_variants[0].model.environment[{name!r}]" for name in secret
    ]
    assert SECRET not in str(said)
