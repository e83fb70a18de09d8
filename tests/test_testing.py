"""What users' tests find of an endpoint in the JSON of their stack."""

import json
from dataclasses import replace
from typing import Any

from sagemaker_endpoint import AsyncInferenceConfig, ExecutionRole, SageMakerEndpoint
from sagemaker_endpoint.testing import SynthesizedEndpoint

import cdktf
import pytest

from tests.examples import IMAGE, INPUTS, MODEL, VARIANT, endpoint, stack, variable

POLICY = "arn:aws:iam::111122223333:policy/tables"


def found(**changes: object) -> SynthesizedEndpoint:
    scope = stack()
    endpoint(scope, **changes)
    return SynthesizedEndpoint(cdktf.Testing.synth(scope))


def test_configuration_variants_and_models_are_found() -> None:
    blue = replace(VARIANT, variant_name="blue")
    green = replace(VARIANT, variant_name="green", model=replace(MODEL, environment={"LOG_LEVEL": "debug"}))
    its = found(production_variants=[blue, green])
    assert its.endpoint["name"] == "sentiment"
    assert its.configuration["name_prefix"] == "sentiment-"
    assert its.variants["green"]["instance_type"] == "ml.m5.xlarge"
    assert its.models["blue"]["primary_container"]["image"] == IMAGE
    assert its.models["green"]["primary_container"]["environment"] == {"LOG_LEVEL": "debug"}


def test_of_several_endpoints_the_named_one_is_found() -> None:
    scope = stack()
    for id_, name in (("One", "sentiment"), ("Other", "language")):
        SageMakerEndpoint(scope, id_, **{**INPUTS, "endpoint_name": name})
    text = cdktf.Testing.synth(scope)
    assert SynthesizedEndpoint(text, "language").configuration["name_prefix"] == "language-"
    with pytest.raises(LookupError, match="must have one endpoint; it has language, sentiment"):
        SynthesizedEndpoint(text)
    with pytest.raises(LookupError, match="must have an endpoint 'speech'; it has language, sentiment"):
        SynthesizedEndpoint(text, "speech")
    with pytest.raises(LookupError, match="it has none"):
        SynthesizedEndpoint("{}")


def test_what_the_role_may_do_is_told_in_sentences() -> None:
    told = found().permissions
    assert told == sorted(set(told))
    for sentence in (
        "s3:GetObject on arn:aws:s3:::models/sentiment/model.tar.gz",
        "s3:ListBucket on arn:aws:s3:::models if s3:prefix StringLike sentiment/model.tar.gz",
        "logs:PutLogEvents on arn:aws:logs:<region>:<account>:log-group:/aws/sagemaker/Endpoints/sentiment:*",
        "cloudwatch:PutMetricData on * if cloudwatch:namespace StringLike AWS/SageMaker or /aws/sagemaker/*",
        "ecr:BatchGetImage on arn:aws:ecr:eu-west-1:111122223333:repository/team/sentiment",
    ):
        assert sentence in told
    assert not any("s3:PutObject" in sentence for sentence in told)


def test_what_another_input_allows_is_told_too() -> None:
    told = found(async_inference_config=AsyncInferenceConfig(s3_output_path="s3://answers/sentiment")).permissions
    assert "s3:PutObject on arn:aws:s3:::answers/sentiment/*" in told


def test_policies_and_roles_that_are_not_made_here_are_named() -> None:
    its = found(execution_role=ExecutionRole(additional_policy_arns={"tables": POLICY}))
    assert f"all that {POLICY} allows" in its.permissions
    role = "arn:aws:iam::111122223333:role/sentiment"
    assert found(execution_role=ExecutionRole(role_arn=role)).permissions == [f"all that the role {role} may"]


def test_what_terraform_alone_knows_is_told_as_its_reference() -> None:
    scope = stack()
    url: Any = variable(scope).string_value
    endpoint(scope, production_variants=[replace(VARIANT, model=replace(MODEL, model_data_url=url))])
    told = SynthesizedEndpoint(cdktf.Testing.synth(scope)).permissions
    assert any(sentence.startswith("s3:GetObject on ") and "${" in sentence for sentence in told)
    assert json.dumps(told)
