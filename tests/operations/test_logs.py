"""The log group: SageMaker's name for it, encrypted, and kept as long as stated."""

from unittest.mock import ANY

from sagemaker_endpoint import Logs
from sagemaker_endpoint.rules.limits import RETENTION_IN_DAYS

import pytest

from tests.examples import endpoint, problems, stack, synthesize, variable
from tests.synthesized import Synthesized


def test_logs_are_encrypted_and_kept_for_a_year() -> None:
    made = synthesize()
    assert made.one("aws_cloudwatch_log_group") == {
        "kms_key_id": f"${{{made.address('aws_kms_key')}.arn}}",
        "name": "/aws/sagemaker/Endpoints/sentiment",
        "retention_in_days": 365,
        "lifecycle": {"postcondition": [{"condition": ANY, "error_message": ANY}]},
    }


def test_a_group_that_an_aspect_has_renamed_is_refused() -> None:
    [renamed] = synthesize().one("aws_cloudwatch_log_group")["lifecycle"]["postcondition"]
    assert renamed["condition"] == '${self.name == "/aws/sagemaker/Endpoints/sentiment"}'


@pytest.mark.parametrize("days", [0, 1, 3653])
def test_the_retention_can_be_set(days: int) -> None:
    made = synthesize(logs=Logs(retention_in_days=days))
    assert made.one("aws_cloudwatch_log_group")["retention_in_days"] == days


def test_the_retention_may_be_a_token() -> None:
    scope = stack()
    made = synthesize(scope, logs=Logs(retention_in_days=variable(scope, "number").number_value))
    assert made.one("aws_cloudwatch_log_group")["retention_in_days"] == "${var.value}"


@pytest.mark.parametrize("raw", [False, True])
def test_the_endpoints_name_may_be_a_token(raw: bool) -> None:
    scope = stack()
    token = variable(scope).string_value
    made = endpoint(scope, endpoint_name="${var.value}" if raw else token)
    group = Synthesized(scope).one("aws_cloudwatch_log_group")
    assert group["name"] == "/aws/sagemaker/Endpoints/${var.value}"
    assert made.log_group_name.startswith("/aws/sagemaker/Endpoints/${")


@pytest.mark.parametrize("days", [2, -1, 366, 3654, "365", None, True, False, 364.5])
def test_a_retention_that_cloudwatch_does_not_offer_is_told(days: float) -> None:
    allowed = ", ".join(map(str, (0, *RETENTION_IN_DAYS)))
    assert problems(logs=Logs(retention_in_days=days)) == (
        f"logs.retention_in_days must be one of {allowed}, got {days!r}",
    )


def test_a_retention_in_a_text_is_told_with_the_way_out() -> None:
    (problem,) = problems(logs=Logs(retention_in_days="${var.value}"))  # type: ignore[arg-type] # what is told
    assert "give Token.as_number(...)" in problem


def test_a_group_that_exists_can_be_taken_over() -> None:
    made = synthesize(logs=Logs(import_existing=True))
    address = made.address("aws_cloudwatch_log_group")
    assert made.configuration["import"] == [{"to": address, "id": "/aws/sagemaker/Endpoints/sentiment"}]
    assert made.one("aws_cloudwatch_log_group") == synthesize().one("aws_cloudwatch_log_group")


def test_by_default_no_group_is_taken_over() -> None:
    assert "import" not in synthesize().configuration
