"""Synthesis and Terraform accept and refuse the same, whatever the value: the real Terraform says so."""

import dataclasses
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sagemaker_endpoint import (
    Alarm,
    AlarmChange,
    Alarms,
    AllAtOnce,
    AsyncInferenceConfig,
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
    InstanceProductionVariant,
    InterfaceCleanup,
    Linear,
    Metric,
    MetricMath,
    Model,
    PrivateNetwork,
    Rolling,
    S3DataSource,
    ScheduledAction,
    ServerlessProductionVariant,
    StepAdjustment,
    StepScaling,
    TargetTracking,
)
from sagemaker_endpoint.engine.preconditions import preconditions, written
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import (
    AreDistinct,
    Condition,
    HasBytes,
    HasCharacters,
    HasMembers,
    IsAtLeast,
    IsMultiple,
    IsNetwork,
    IsOneOf,
    IsWithin,
)

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.console import evaluate
from tests.examples import GROUPS, IMAGE, MODEL, NETWORK, SUBNETS, VARIANT

ROLE = "arn:aws:iam::111122223333:role/team/operator"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
POLICY = "arn:aws:iam::111122223333:policy/tables"
PACKAGED = Model(model_package_name="arn:aws:sagemaker:eu-west-1:111122223333:model-package/sentiment/3")
RULE = EgressRule(description="HTTPS", from_port=443, cidr_ipv4="10.0.0.0/16")
ASYNC = AsyncInferenceConfig(s3_output_path="s3://answers")
CAPTURE = DataCaptureConfig(destination_s3_uri="s3://captured", initial_sampling_percentage=1)
PLAN = "arn:aws:sagemaker:eu-west-1:111122223333:training-plan/sentiment"
RESERVED = CapacityReservationConfig(ml_reservation_arn=PLAN)
DUMP = CoreDumpConfig(destination_s3_uri="s3://dumps")
SERVERLESS = ServerlessProductionVariant(model=MODEL, memory_size_in_mb=1024, max_concurrency=1)
MANY = Model(image=IMAGE, mode="MultiModel", model_data_url="s3://models/")
PATHS = ["s3://answers", "s3://answers/", "s3://answers/a b/ü/"]
TOPIC = "arn:aws:sns:eu-west-1:111122223333:answers"
ALARM = Alarm(name="Slow", metric="OverheadLatency", threshold=1)
METRIC = Metric(namespace="Shop", metric_name="Waiting")
WAITING = CustomMetric(namespace="Shop", metric_name="Waiting")
MATH = MetricMath(expression="waiting", metrics={"waiting": WAITING})
STEPS = StepScaling(
    name="out",
    metric="MemoryUtilization",
    threshold=80,
    step_adjustments=[StepAdjustment(scaling_adjustment=1, metric_interval_lower_bound=0)],
)
SCHEDULED = ScheduledAction(name="morning", schedule="rate(1 day)", min_capacity=1)
# Few rounds of many values: each round is a process of Terraform's.
FEW = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
)

# Each text input: an object of its class that states it, and values that are right. Of a name that several classes
# have, the others with their class before it.
TEXTS: dict[str, tuple[Any, list[str]]] = {
    "image": (MODEL, [IMAGE, "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/a_b/c:latest"]),
    "model_data_url": (
        MODEL,
        [
            "s3://models/a/model.tar.gz",
            "https://models.s3.eu-west-1.amazonaws.com/model.tar.gz",
            "https://s3.amazonaws.com/models/m.tar.gz",
        ],
    ),
    "container_hostname": (MODEL, ["tokenizer", "a--b"]),
    "model_package_name": (
        PACKAGED,
        ["arn:aws:sagemaker:eu-west-1:111122223333:model-package/sentiment/3"],
    ),
    "inference_specification_name": (PACKAGED, ["on-gpu"]),
    "model_cache_setting": (MANY, ["Enabled"]),
    "inference_execution_mode": (
        Model(containers=[Container(image=IMAGE, container_hostname=each) for each in ("a", "b")]),
        ["Serial", "Direct"],
    ),
    "s3_uri": (S3DataSource(s3_uri="s3://models/"), ["s3://models/", "https://s3.amazonaws.com/models/a/"]),
    "compression_type": (S3DataSource(s3_uri="s3://models/a", s3_data_type="S3Object"), ["None", "Gzip"]),
    "repository_credentials_provider_arn": (
        ImageConfig(repository_access_mode="Vpc"),
        ["arn:aws:lambda:eu-west-1:111122223333:function:credentials:1"],
    ),
    "model_id": (HuggingFaceModel(model_id="gpt2"), ["gpt2", "a/b", "/opt/ml/model"]),
    "task": (HuggingFaceModel(model_id="gpt2"), ["text-classification", "translation_en_to_de"]),
    "revision": (HuggingFaceModel(model_id="gpt2"), ["main", "refs/pr/1"]),
    "token_secret_arn": (
        HuggingFaceModel(model_id="gpt2"),
        ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:hugging-face-AbCdEf"],
    ),
    "instance_type": (VARIANT, ["ml.m5.xlarge", "ml.p6-b200.48xlarge"]),
    "variant_name": (VARIANT, ["AllTraffic", "a--b"]),
    "routing_strategy": (VARIANT, ["RANDOM", "LEAST_OUTSTANDING_REQUESTS"]),
    "inference_ami_version": (
        replace(VARIANT, instance_type="ml.g5.xlarge"),
        ["al2-ami-sagemaker-inference-gpu-2", "al2023-ami-sagemaker-inference-gpu-4-1"],
    ),
    "vpc_id": (NETWORK, [NETWORK.vpc_id]),
    "description": (RULE, ["HTTPS to the VPC"]),
    "cidr_ipv4": (RULE, ["10.0.0.0/16", "0.0.0.0/0"]),
    "cidr_ipv6": (replace(RULE, cidr_ipv4=None), ["2001:db8::/56", "::/0"]),
    "prefix_list_id": (replace(RULE, cidr_ipv4=None), ["pl-01234567"]),
    "referenced_security_group_id": (replace(RULE, cidr_ipv4=None), [GROUPS[0], f"111122223333/{GROUPS[0]}"]),
    "permissions_boundary_arn": (ExecutionRole(), [POLICY]),
    "role_arn": (ExecutionRole(), [ROLE]),
    "kms_key_arn": (EncryptionKey(), [KEY]),
    "s3_output_path": (ASYNC, PATHS),
    "s3_failure_path": (ASYNC, PATHS),
    "s3_input_path": (ASYNC, PATHS),
    "s3_input_kms_key_arn": (replace(ASYNC, s3_input_path="s3://payloads"), [KEY]),
    "success_topic": (ASYNC, [TOPIC]),
    "error_topic": (ASYNC, [TOPIC]),
    "destination_s3_uri": (CAPTURE, PATHS),
    "CoreDumpConfig.destination_s3_uri": (DUMP, PATHS),
    "CoreDumpConfig.kms_key_arn": (DUMP, [KEY]),
    "ml_reservation_arn": (RESERVED, [PLAN, "arn:aws-cn:sagemaker:cn-north-1:111122223333:ml-reservation/a/b"]),
    "capacity_reservation_preference": (RESERVED, ["capacity-reservations-only"]),
    "ServerlessProductionVariant.variant_name": (SERVERLESS, ["AllTraffic", "a--b"]),
    # https://docs.aws.amazon.com/sagemaker/latest/dg/multi-model-support.html
    "MultiModel.instance_type": (replace(VARIANT, model=MANY), ["ml.m5.xlarge", "ml.g5.xlarge", "ml.p3.2xlarge"]),
    "comparison_operator": (ALARM, ["GreaterThanThreshold", "LessThanOrEqualToThreshold"]),
    "variant": (ALARM, ["AllTraffic", "a--b"]),
    "treat_missing_data": (ALARM, ["notBreaching", "breaching", "ignore", "missing"]),
    "AlarmChange.treat_missing_data": (AlarmChange(), ["notBreaching", "missing"]),
    "alarm_description": (ALARM, ["Requests are slow."]),
    "namespace": (METRIC, ["AWS/SageMaker", "/aws/sagemaker/Endpoints"]),
    "metric_name": (METRIC, ["Waiting", "a b"]),
    "unit": (METRIC, ["None", "Count/Second", "Kilobytes"]),
    "endpoint_name": (EndpointMetrics(endpoint_name="sentiment"), ["sentiment", "a--b"]),
    "type": (CapacitySize.percent(10), ["CAPACITY_PERCENT", "INSTANCE_COUNT"]),
    "CustomMetric.namespace": (WAITING, ["AWS/SageMaker", "a:b"]),
    "CustomMetric.metric_name": (WAITING, ["Waiting", "a b"]),
    "CustomMetric.statistic": (WAITING, ["Average", "Minimum", "Maximum", "SampleCount", "Sum"]),
    "CustomMetric.unit": (WAITING, ["None", "Count/Second"]),
    "expression": (MATH, ["waiting / workers", "RATE(a)"]),
    "label": (MATH, ["waiting per worker"]),
    "TargetTracking.name": (TargetTracking(target_value=1), ["follow-load", "a b/c:d"]),
    "BacklogPerInstance.name": (BacklogPerInstance(target_value=1), ["backlog", "a b/c:d"]),
    "StepScaling.name": (STEPS, ["out", "a b/c:d"]),
    "StepScaling.comparison_operator": (STEPS, ["GreaterThanThreshold", "LessThanOrEqualToThreshold"]),
    "adjustment_type": (STEPS, ["ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity"]),
    "metric_aggregation_type": (STEPS, ["Average", "Minimum", "Maximum"]),
    "StepScaling.treat_missing_data": (STEPS, ["notBreaching", "missing"]),
    "ScheduledAction.name": (SCHEDULED, ["morning", "für früh, 7 Uhr"]),
    "schedule": (
        SCHEDULED,
        [
            "at(2026-12-24T18:00:00)",
            "rate(12 hours)",
            "cron(0 7 ? * MON-FRI *)",
            "cron(0/15 8-18 1,15 JAN-MAR ? 2026-2030)",
        ],
    ),
    "timezone": (SCHEDULED, ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+1"]),
    "start_time": (SCHEDULED, ["2026-12-01T00:00:00Z"]),
    "end_time": (SCHEDULED, ["2026-12-31T23:59:59Z"]),
    "external_id": (InterfaceCleanup(role_arn=ROLE), ["team-42"]),
    "profile": (InterfaceCleanup(), ["prod", "größe"]),
    "endpoint_url": (InterfaceCleanup(), ["http://localhost:4566"]),
}
# Said of several inputs together, or tried with the numbers below.
ELSEWHERE = {"mode", "s3_data_type", "repository_access_mode", "model_package_images", "model_package_artifacts"}
ELSEWHERE |= {"additional_model_data_sources"}
ELSEWHERE |= {"ip_protocol", "environment", "subnet_ids", "security_group_ids", "egress", "additional_policy_arns"}
# Lists, tried in tests/hosting.
ELSEWHERE |= {"include_inference_response_in", "capture_options", "csv_content_types", "json_content_types"}
# Known at synthesis, and lists: tried in tests/operations.
ELSEWHERE |= {"name", "metric", "statistic", "alarm_actions", "ok_actions", "leave_out", "changed", "dimensions"}
ELSEWHERE |= {"variant_names", "metrics"}
ELSEWHERE |= {"rollback_alarms"}


def changed(text: str) -> st.SearchStrategy[str]:
    """Give texts that differ from a right one in a place or two."""
    places = st.integers(0, len(text))
    inserted = st.text(max_size=3) | st.sampled_from([*"/.:-*?\"'`\\\n %@#", "//", "..", " "])
    return st.builds(lambda a, b, new: text[: min(a, b)] + new + text[max(a, b) :], places, places, inserted)


def is_plain(text: str) -> bool:
    """Leave out what is no text to Terraform, which also composes characters, and what synthesis takes for its own."""
    return not checks.deferred(text) and "%{" not in text and unicodedata.normalize("NFC", text) == text


def texts(right: Sequence[str]) -> st.SearchStrategy[str]:
    anything = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
    long = st.builds(lambda text, times: text * times, st.sampled_from(right), st.integers(2, 70))
    near = st.sampled_from(right).flatmap(changed)
    return st.one_of(st.sampled_from(right), near, near, anything, long).filter(is_plain)


def test_every_text_input_is_tried() -> None:
    kinds = (
        Alarm,
        AlarmChange,
        Alarms,
        AllAtOnce,
        AsyncInferenceConfig,
        BacklogPerInstance,
        Canary,
        CapacityReservationConfig,
        CapacitySize,
        Container,
        CoreDumpConfig,
        CustomMetric,
        MetricMath,
        DataCaptureConfig,
        EgressRule,
        EncryptionKey,
        EndpointMetrics,
        ExecutionRole,
        HuggingFaceModel,
        ImageConfig,
        InstanceProductionVariant,
        InterfaceCleanup,
        Linear,
        Metric,
        Model,
        PrivateNetwork,
        Rolling,
        S3DataSource,
        ScheduledAction,
        ServerlessProductionVariant,
        StepScaling,
        TargetTracking,
    )
    named = {each.name for kind in kinds for each in dataclasses.fields(kind) if "str" in str(each.type)}
    assert named == {each.rpartition(".")[2] for each in TEXTS} | ELSEWHERE


def later(stated: checks.Part) -> list[str]:
    """Give the conditions of what is deferred."""
    found = [each for each in stated.problems("at") if isinstance(each, checks.Deferred)]
    return [each.condition for each in preconditions(found)]


@pytest.mark.parametrize("name", TEXTS)
@FEW
@given(data=st.data())
def test_terraform_accepts_a_text_where_synthesis_does_and_no_other(name: str, data: st.DataObject) -> None:
    stated, right = TEXTS[name]
    name = name.rpartition(".")[2]
    values = [*right, "", *data.draw(st.lists(texts(right), min_size=30, max_size=30))]
    here = [not [*replace(stated, **{name: value}).problems("at")] for value in values]
    asked = [later(replace(stated, **{name: f"${{var.v{index}}}"})) for index, _ in enumerate(values)]
    there = evaluate(asked, {f"v{index}": value for index, value in enumerate(values)})
    assert isinstance(there, list)
    # An empty text is none to the clean-up's script.
    blank = isinstance(stated, InterfaceCleanup)
    told = zip(values, here, there, strict=True)
    differ = [value for value, known, asked_ in told if known != all(asked_) and not (blank and not value)]
    assert differ == []
    assert all(here[: len(right)])


EDGES = [0, 1, 59, 60, 3600, 3601, 512, 513, 65535, 65536, 2**31 - 1, 2**31, 2**53, -1, 1.5, 0.1, 1e300, -1e300]
NUMBERS = st.one_of(
    st.integers(-5, 5000),
    st.sampled_from(EDGES),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 3)),
)
LIMITS = [each for each in vars(limits).values() if isinstance(each, limits.Number)]
TEXT = st.text(max_size=9).filter(is_plain)


def within(limit: limits.Number, *, whole: bool) -> Callable[[Any], Condition]:
    return lambda value: IsWithin(value, limit, whole)


def addresses(version: int, network: str, prefix: int) -> st.SearchStrategy[str]:
    return st.ip_addresses(v=version, network=network).map(lambda address: f"{address}/{prefix}")  # type: ignore[arg-type] # Hypothesis takes 4 and 6 alone


CONDITIONS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], Condition]]] = {
    **{
        f"{limit.minimum} to {limit.maximum}, whole: {whole}": (NUMBERS, within(limit, whole=whole))
        for limit in dict.fromkeys(LIMITS)
        for whole in (True, False)
    },
    "days": (NUMBERS, lambda value: IsOneOf(value, (0, *limits.RETENTION_IN_DAYS))),
    "minutes": (NUMBERS, lambda value: IsMultiple(value, 60)),
    "ports": (NUMBERS, lambda value: IsAtLeast(value, 443)),
    "characters": (TEXT, lambda value: HasCharacters(value, 2, 5)),
    "bytes": (TEXT, lambda value: HasBytes([value, "é"], 9)),
    "IPv6": (addresses(6, "2001:db8::/100", 120), lambda value: IsNetwork(value, 6)),
    "IPv4": (addresses(4, "10.0.0.0/22", 26), lambda value: IsNetwork(value, 4)),
}


@pytest.mark.parametrize("name", CONDITIONS)
@settings(FEW, max_examples=1)
@given(data=st.data())
def test_a_condition_means_the_same_to_python_and_to_terraform(name: str, data: st.DataObject) -> None:
    values_of, condition = CONDITIONS[name]
    values = data.draw(st.lists(values_of, min_size=40, max_size=40))
    here = [checks.holds(condition(value)) for value in values]
    asked = [f"${{{written(condition(f'${{var.v{index}}}'))}}}" for index, _ in enumerate(values)]
    there = evaluate(asked, {f"v{index}": value for index, value in enumerate(values)})
    assert isinstance(there, list)
    # A whole number that is written with a point is one to Terraform.
    points = [isinstance(value, float) and value.is_integer() for value in values]
    assert [v for v, a, b, point in zip(values, here, there, points, strict=True) if a != b and not point] == []


LISTS = st.lists(st.sampled_from([*SUBNETS, "subnet-1", "SUBNET-1", "a", "A"]), max_size=6)
OF_LISTS: list[Callable[[Any], Condition]] = [
    lambda value: HasMembers(value, limits.Number(minimum=2, maximum=4)),
    lambda value: AreDistinct(value, ignoring_case=False),
    lambda value: AreDistinct(value, ignoring_case=True),
]


@FEW
@given(values=st.lists(LISTS, min_size=20, max_size=20))
def test_a_condition_of_a_list_means_the_same_to_python_and_to_terraform(values: list[list[str]]) -> None:
    here = [[checks.holds(condition(value)) for condition in OF_LISTS] for value in values]
    asked = [
        [f"${{{written(condition(f'${{var.v{index}}}'))}}}" for condition in OF_LISTS] for index, _ in enumerate(values)
    ]
    assert evaluate(asked, {f"v{index}": value for index, value in enumerate(values)}) == here
