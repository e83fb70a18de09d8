"""The state keeps of which kind an endpoint is, and refuses the kinds that AWS updates none to."""

from typing import Any

from sagemaker_endpoint import AllAtOnce, AsyncInferenceConfig, ServerlessProductionVariant

import pytest

from tests.console import evaluate
from tests.examples import MODEL, synthesize
from tests.synthesized import Synthesized

SERVERLESS = ServerlessProductionVariant(model=MODEL, memory_size_in_mb=2048, max_concurrency=5)
REAL_TIME: dict[str, Any] = {}
WITHOUT_INSTANCES: dict[str, Any] = {"network": None, "production_variants": [SERVERLESS]}
NONE: dict[str, object] = {"live": []}
DEPLOYABLE = "instances with a deployment configuration"
ASYNCHRONOUS: dict[str, Any] = {"async_inference_config": AsyncInferenceConfig(s3_output_path="s3://answers")}


def address(made: Synthesized) -> str:
    return made.address("aws_sagemaker_endpoint")


@pytest.mark.parametrize(
    ("inputs", "kind", "inference"),
    [
        (REAL_TIME, "instances", "real-time"),
        (WITHOUT_INSTANCES, "serverless", "real-time"),
        (ASYNCHRONOUS, "instances", "asynchronous"),
    ],
)
def test_the_state_keeps_the_kind_of_this_very_endpoint(inputs: dict[str, Any], kind: str, inference: str) -> None:
    made = synthesize(**inputs)
    arn = f"${{{address(made)}.arn}}"
    for name, value in (("Kind", kind), ("Inference", inference)):
        noted = made.one("terraform_data", name)
        assert noted["triggers_replace"] == arn
        assert evaluate(noted["input"].replace(f"{address(made)}.deployment_config", "local.live"), local=NONE) == value


def test_the_state_keeps_whether_an_endpoint_has_a_deployment_configuration_while_none_is_stated() -> None:
    made = synthesize()
    kind = made.one("terraform_data", "Kind")["input"].replace(f"{address(made)}.deployment_config", "local.live")
    assert evaluate(kind, local={"live": [{}]}) == DEPLOYABLE
    assert evaluate(kind, local=NONE) == "instances"


def test_a_deployment_for_an_endpoint_that_has_no_configuration_is_refused_with_the_ways() -> None:
    made = synthesize(deployment=AllAtOnce())
    noted = made.one("terraform_data", "Kind")
    assert noted["input"] == DEPLOYABLE
    # It is not made anew together with the endpoint, or nothing would be known of it when that is planned.
    assert set(noted["lifecycle"]["ignore_changes"]) == {"input", "triggers_replace"}
    [refusal] = noted["lifecycle"]["postcondition"]
    assert refusal["condition"] == f'${{self.output == "{DEPLOYABLE}"}}'
    assert "The endpoint sentiment has no deployment configuration" in refusal["error_message"]
    assert f"terraform apply -replace='{made.address('terraform_data', 'Kind')}'" in refusal["error_message"]


@pytest.mark.parametrize(("inputs", "name"), [(REAL_TIME, "Kind"), (ASYNCHRONOUS, "Kind"), (ASYNCHRONOUS, "Inference")])
def test_what_an_update_may_lead_to_is_kept_after_it(inputs: dict[str, Any], name: str) -> None:
    assert "lifecycle" not in synthesize(**inputs).one("terraform_data", name)


@pytest.mark.parametrize(
    ("inputs", "name", "kind", "sentence"),
    [
        (
            WITHOUT_INSTANCES,
            "Kind",
            "serverless",
            "has instances, and AWS makes no serverless endpoint of one that has",
        ),
        (
            REAL_TIME,
            "Inference",
            "real-time",
            "is asynchronous, and AWS takes async_inference_config from no endpoint",
        ),
    ],
)
def test_what_no_update_leads_to_is_refused_with_the_ways(
    inputs: dict[str, Any], name: str, kind: str, sentence: str
) -> None:
    made = synthesize(**inputs)
    lifecycle = made.one("terraform_data", name)["lifecycle"]
    assert set(lifecycle["ignore_changes"]) == {"input"}
    [refusal] = lifecycle["postcondition"]
    assert refusal["condition"] == f'${{self.output == "{kind}"}}'
    assert refusal["error_message"] == (
        f"The endpoint sentiment {sentence}: give another endpoint_name too, or have this endpoint deleted and made "
        f"anew, which takes it away for some minutes: terraform apply -replace='{address(made)}'"
    )


def test_the_endpoint_itself_waits_for_no_note() -> None:
    endpoint = synthesize(**WITHOUT_INSTANCES).one("aws_sagemaker_endpoint")
    assert "terraform_data" not in str(endpoint)
