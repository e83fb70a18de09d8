"""The page on what can be stated: current, and no claim of it is written by hand."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace

import sagemaker_endpoint
from sagemaker_endpoint import EgressRule, InstanceProductionVariant, PrivateNetwork

import pytest

from scripts.make_coverage import inputs, page, provider, reasons
from scripts.make_coverage.aws import HOSTING, SCALING, Request, settings
from scripts.make_coverage.error import CoverageError
from scripts.make_coverage.programs import PROGRAMS
from scripts.make_coverage.provider import arguments_of
from tests.examples import VARIANT

MODEL, CONFIGURATION, ENDPOINT, _ = HOSTING


@pytest.fixture
def anew() -> Iterator[None]:
    """Have what a test changes be read, and the same as before when it is over."""
    page.rows.cache_clear()
    yield
    page.rows.cache_clear()


def given(request: Request, setting: str) -> list[tuple[list[str], list[str]]]:
    """Give the inputs that stand in a setting's arguments, and those that have to do with them."""
    every = [inputs.given().get(each) for each in arguments_of(request, setting)]
    return [([*each.as_stated], [*each.from_these]) for each in every if each]


def test_the_committed_page_is_what_botocore_the_bindings_and_the_library_say() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.generate(), (
        "docs/coverage.md is out of step: run `make coverage`"
    )


def test_at_least_95_percent_of_what_the_provider_has_and_aws_takes_can_be_stated() -> None:
    assert page.counts()["models, configurations, endpoints"].share >= 0.95


@pytest.mark.parametrize(
    ("request_", "setting", "argument"),
    [
        (MODEL, "ModelName", "name"),
        (MODEL, "Tags[].Key", "tags"),
        (MODEL, "PrimaryContainer.Environment{}", "primary_container.environment"),
        (
            MODEL,
            "Containers[].AdditionalModelDataSources[].S3DataSource.S3Uri",
            "container.additional_model_data_source.s3_data_source.s3_uri",
        ),
        (CONFIGURATION, "KmsKeyId", "kms_key_arn"),
        (CONFIGURATION, "ProductionVariants[].VolumeSizeInGB", "production_variants.volume_size_in_gb"),
        (CONFIGURATION, "ProductionVariants[].EnableSSMAccess", "production_variants.enable_ssm_access"),
        (ENDPOINT, "EndpointConfigName", "endpoint_config_name"),
        (SCALING[0], "RoleARN", "role_arn"),
        (
            SCALING[1],
            "StepScalingPolicyConfiguration.StepAdjustments[].MetricIntervalLowerBound",
            "step_scaling_policy_configuration.step_adjustment.metric_interval_lower_bound",
        ),
    ],
)
def test_a_setting_is_known_by_terraforms_name(request_: Request, setting: str, argument: str) -> None:
    assert setting in settings(request_)
    assert arguments_of(request_, setting) == [(request_.resource, *argument.split("."))]


@pytest.mark.parametrize(
    "setting",
    ["ProductionVariants[].InstancePools[].Priority", "VpcConfig.Subnets[]", "MetricsConfig.EnableEnhancedMetrics"],
)
def test_a_setting_that_the_provider_lacks_has_no_argument(setting: str) -> None:
    assert setting in settings(CONFIGURATION)
    assert arguments_of(CONFIGURATION, setting) == []


# The bindings for CDKTF, from which the page is made, have no such block; tests/hosting has it.
OF_NEWER_PROVIDERS = {
    "InstanceProductionVariant.capacity_reservation_config",
    "CapacityReservationConfig.ml_reservation_arn",
    "CapacityReservationConfig.capacity_reservation_preference",
}


def stated(of: object) -> set[str]:
    """Name every input that is not its default, as `Model.image`."""
    if not is_dataclass(of):
        parts = of.values() if isinstance(of, Mapping) else of if isinstance(of, list | tuple) else []
        return {name for part in parts for name in stated(part)}
    values = {each: getattr(of, each.name) for each in fields(of)}
    own = {f"{type(of).__name__}.{each.name}" for each, value in values.items() if value != each.default}
    return own | stated([*values.values()])


def test_the_programs_state_every_input_of_what_is_hosted() -> None:
    public: list[type] = [getattr(sagemaker_endpoint, name) for name in sagemaker_endpoint.__all__]
    hosted = [each for each in public if is_dataclass(each) and ".hosting." in each.__module__]
    assert InstanceProductionVariant in hosted
    every = {f"{kind.__name__}.{each.name}" for kind in hosted for each in fields(kind)}
    assert every - {name for program in PROGRAMS for name in stated(program)} == OF_NEWER_PROVIDERS


def test_each_input_is_changed_by_itself_wherever_it_is() -> None:
    rule = EgressRule(description="HTTPS", from_port=443, cidr_ipv4="10.0.0.0/16")
    network = PrivateNetwork(vpc_id="vpc-01234567", subnet_ids=["subnet-01234567"], egress={"https": rule})
    changes = {each.name: each for each in inputs.changes({"network": network, "production_variants": [VARIANT]})}
    assert {name.partition(".")[0] for name in changes} == {
        "PrivateNetwork",
        "EgressRule",
        "InstanceProductionVariant",
        "Model",
    }
    other = changes["PrivateNetwork.vpc_id"].otherwise[0]
    assert other == {"network": replace(network, vpc_id="${var.other}"), "production_variants": [VARIANT]}
    default = changes["Model.environment"].otherwise[0]
    assert default["production_variants"] == [replace(VARIANT, model=replace(VARIANT.model, environment=None))]
    (other,) = changes["PrivateNetwork.egress"].otherwise
    assert other["network"] == replace(network, egress={"other": rule})
    default, other, *_ = changes["EgressRule.cidr_ipv4"].otherwise
    assert default["network"].egress["https"] == replace(rule, cidr_ipv4=None)
    assert other["network"].egress["https"] == replace(rule, cidr_ipv4="${var.other}")


def test_the_input_whose_value_stands_in_an_argument_gives_it() -> None:
    image = "PrimaryContainer.Image"
    assert given(MODEL, image)[0][0] == ["Model.image"]
    volume = "ProductionVariants[].VolumeSizeInGB"
    assert given(CONFIGURATION, volume)[0][0] == ["InstanceProductionVariant.volume_size_in_gb"]
    assert given(CONFIGURATION, "KmsKeyId")[0][0] == ["EncryptionKey.kms_key_arn"]
    assert given(ENDPOINT, "EndpointName") == [(["SageMakerEndpoint.endpoint_name"], [])]


def test_an_argument_that_is_made_from_inputs_names_them() -> None:
    ((stated, made_from),) = given(MODEL, "ModelName")
    assert stated == []
    assert made_from == [
        "SageMakerEndpoint.endpoint_name",
        "InstanceProductionVariant.variant_name",
        "ServerlessProductionVariant.variant_name",
    ]


def test_what_no_input_changes_the_library_sets() -> None:
    assert given(CONFIGURATION, "ProductionVariants[].ModelName") == [([], [])]
    (row,) = [row for row in page.rows() if row.setting == "ProductionVariants[].ModelName"]
    assert row.by == "set by the library"


@pytest.mark.usefixtures("anew")
def test_an_argument_that_no_input_gives_needs_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    name = ("aws_sagemaker_endpoint", "name")
    fewer = {argument: by for argument, by in inputs.given().items() if argument != name}
    monkeypatch.setattr(inputs, "given", lambda: fewer)
    with pytest.raises(CoverageError, match=r"has CreateEndpoint\.EndpointName, and no input gives it: state"):
        page.rows()


@pytest.mark.usefixtures("anew")
def test_a_reason_that_nothing_needs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    needless = reasons.Reason("CreateModel", "PrimaryContainer.Image", "no images")
    monkeypatch.setattr(reasons, "WHY_NOT", [*reasons.WHY_NOT, needless])
    with pytest.raises(CoverageError, match=r"take them out of reasons\.py: \['no images'\]"):
        page.rows()


@pytest.mark.usefixtures("anew")
def test_an_argument_of_no_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider, "_RENAMED", {})
    with pytest.raises(CoverageError, match=r"no setting of AWS's is known for .*aws_sagemaker_model\.name"):
        page.rows()


def test_every_setting_stands_on_the_page_once_for_each_request() -> None:
    text = page.PAGE.read_text(encoding="utf-8")
    for request in (*HOSTING, *SCALING):
        section = text.partition(f"## {request.operation}\n")[2].partition("\n## ")[0]
        listed = re.findall(r"^\| ([A-Z][\w.\[\]{}]*) \|", section, flags=re.MULTILINE)
        assert listed == settings(request)
