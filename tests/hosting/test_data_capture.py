"""Data capture keeps what is stated, encrypted, and the role may write there and nowhere else."""

from dataclasses import fields
from typing import Any

from sagemaker_endpoint import DataCaptureConfig, EncryptionKey, InputError

import pytest
from cdktf import TerraformStack

from tests import console
from tests.examples import endpoint, problems, stack, synthesize, variable
from tests.synthesized import Block, Synthesized

AT = "data_capture_config"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
REQUIRED: dict[str, Any] = {"destination_s3_uri": "s3://captured/sentiment", "initial_sampling_percentage": 20}


def evaluate(asked: object, values: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - what it is in Terraform
    return console.evaluate(asked, values)


def made(scope: TerraformStack | None = None, /, **stated: object) -> Synthesized:
    inputs: dict[str, Any] = {**REQUIRED, **stated}
    return synthesize(scope, data_capture_config=DataCaptureConfig(**inputs))


def block(scope: TerraformStack | None = None, /, **stated: object) -> Block:
    found: Block = made(scope, **stated).one("aws_sagemaker_endpoint_configuration")[AT]
    return found


def wrong(**stated: object) -> tuple[str, ...]:
    inputs: dict[str, Any] = {**REQUIRED, **stated}
    return problems(data_capture_config=DataCaptureConfig(**inputs))


def test_nothing_is_captured_by_default() -> None:
    found = synthesize()
    assert AT not in found.one("aws_sagemaker_endpoint_configuration")
    assert not {"WriteCapturedData", "EncryptCapturedData"} & found.statements("Runtime").keys()


def test_requests_and_answers_are_kept_with_the_endpoints_key() -> None:
    assert block() == {
        **REQUIRED,
        "capture_options": [{"capture_mode": "Input"}, {"capture_mode": "Output"}],
        "enable_capture": True,
        "kms_key_id": f"${{{synthesize().address('aws_kms_key')}.arn}}",
    }


def test_everything_can_be_stated() -> None:
    stated: dict[str, Any] = {
        "destination_s3_uri": "s3://captured",
        "initial_sampling_percentage": 0,
        "capture_options": ["InputAndOutput"],
        "csv_content_types": ["text/csv"],
        "json_content_types": ["application/json", "application/jsonlines"],
        "kms_key_arn": KEY,
        "enable_capture": False,
    }
    assert {each.name for each in fields(DataCaptureConfig)} == {*stated}
    assert block(**stated) == {
        "destination_s3_uri": "s3://captured",
        "initial_sampling_percentage": 0,
        "capture_options": [{"capture_mode": "InputAndOutput"}],
        "capture_content_type_header": {
            "csv_content_types": ["text/csv"],
            "json_content_types": ["application/json", "application/jsonlines"],
        },
        "kms_key_id": KEY,
        "enable_capture": False,
    }


def test_a_content_type_of_one_kind_is_enough() -> None:
    assert block(csv_content_types=["text/csv"])["capture_content_type_header"] == {"csv_content_types": ["text/csv"]}


@pytest.mark.parametrize(
    ("name", "type_", "value"),
    [
        ("destination_s3_uri", "string", "string_value"),
        ("initial_sampling_percentage", "number", "number_value"),
        ("kms_key_arn", "string", "string_value"),
        ("enable_capture", "bool", "boolean_value"),
    ],
)
def test_an_input_may_be_a_token(name: str, type_: str, value: str) -> None:
    scope = stack()
    found = block(scope, **{name: getattr(variable(scope, type_), value)})
    assert found["kms_key_id" if name == "kms_key_arn" else name] == "${var.value}"


@pytest.mark.parametrize("name", ["csv_content_types", "json_content_types"])
def test_content_types_may_be_a_token(name: str) -> None:
    scope = stack()
    found = made(scope, **{name: variable(scope, "list(string)").list_value})
    configuration = found.one("aws_sagemaker_endpoint_configuration")
    assert configuration[AT]["capture_content_type_header"] == {name: "${var.value}"}
    asked = [each["condition"] for each in configuration["lifecycle"]["precondition"]]
    answers = {answer: evaluate(asked, {"value": value}) for answer, value in ANSWERS.items()}
    assert all(answers["right"])
    assert not all(answers["none"])
    assert not all(answers["wrong"])


ANSWERS = {"right": ["text/csv", "application/x.y-z"], "none": [], "wrong": ["text/csv", "csv"]}


def test_capture_options_that_terraform_alone_knows_become_blocks_there() -> None:
    scope = stack()
    found = made(scope, capture_options=variable(scope, "list(string)").list_value)
    configuration = found.one("aws_sagemaker_endpoint_configuration")
    assert "capture_options" not in configuration[AT]
    assert configuration[AT]["dynamic"] == {
        "capture_options": [{"for_each": "${var.value}", "content": {"capture_mode": "${capture_options.value}"}}]
    }
    asked = [each["condition"] for each in configuration["lifecycle"]["precondition"]]
    assert all(evaluate(asked, {"value": ["Input", "Output"]}))
    assert not all(evaluate(asked, {"value": ["Input", "output"]}))
    assert not all(evaluate(asked, {"value": []}))


def test_an_option_may_be_a_token() -> None:
    scope = stack()
    found = block(scope, capture_options=["Input", variable(scope).string_value])
    assert found["capture_options"] == [{"capture_mode": "Input"}, {"capture_mode": "${var.value}"}]


# What the role may do.


def test_the_role_writes_below_the_destination_with_the_key_and_nowhere_else() -> None:
    found = made(kms_key_arn=KEY).statements("Runtime")
    write, encrypt = found["WriteCapturedData"], found["EncryptCapturedData"]
    assert write["actions"] == ["s3:PutObject"]
    assert evaluate(write["resources"]) == ["arn:aws:s3:::captured/sentiment/*"]
    assert encrypt == {
        "sid": "EncryptCapturedData",
        "actions": ["kms:Decrypt", "kms:GenerateDataKey"],
        "resources": [KEY],
    }


def test_the_role_uses_the_endpoints_key_where_no_other_is_stated() -> None:
    found = made()
    own = f"${{{found.address('aws_kms_key')}.arn}}"
    assert found.statements("Runtime")["EncryptCapturedData"]["resources"] == [own]
    yours = synthesize(
        data_capture_config=DataCaptureConfig(**REQUIRED), key=EncryptionKey(kms_key_arn=KEY, retain_own_key=False)
    )
    assert yours.statements("Runtime")["EncryptCapturedData"]["resources"] == [KEY]


def test_the_role_writes_nothing_while_capture_is_off_but_where_terraform_alone_knows() -> None:
    assert made(enable_capture=False).statements("Runtime").keys() == synthesize().statements("Runtime").keys()
    scope = stack()
    token = variable(scope, "bool").boolean_value
    assert "WriteCapturedData" in made(scope, enable_capture=token).statements("Runtime")


def test_the_role_writes_below_a_destination_that_terraform_alone_knows() -> None:
    scope = stack()
    document = made(scope, destination_s3_uri=variable(scope).string_value).one(
        "data.aws_iam_policy_document", "Runtime"
    )
    [dynamic] = document["dynamic"]["statement"]
    assert evaluate(dynamic["for_each"], {"value": "s3://captured/a/"}) == ["s3://captured/a/"]
    [resource] = dynamic["content"]["resources"]
    assert evaluate(resource.replace("statement.value", '"s3://captured/a/"')) == "arn:aws:s3:::captured/a/*"


# What is wrong.


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ({"initial_sampling_percentage": 101}, "initial_sampling_percentage must be a whole number, 0 to 100, got 101"),
        ({"initial_sampling_percentage": 0.5}, "initial_sampling_percentage must be a whole number, 0 to 100, got 0.5"),
        ({"capture_options": []}, "capture_options must have 1 to 2 members, got 0"),
        (
            {"capture_options": ["Inputs"]},
            "capture_options[0] must look like 'Input' (pattern Input|Output|InputAndOutput), got 'Inputs'",
        ),
        ({"capture_options": ["Input", "Input"]}, "capture_options must not name a member twice, got 'Input' 2 times"),
        ({"capture_options": "Input"}, "capture_options must be a list, got 'Input'"),
        (
            {"csv_content_types": [f"text/a{n}" for n in range(11)]},
            "csv_content_types must have 1 to 10 members, got 11",
        ),
        ({"json_content_types": "text/json"}, "json_content_types must be a list, got 'text/json'"),
        ({"enable_capture": "false"}, "enable_capture must be True or False, got 'false'"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(stated: dict[str, Any], sentence: str) -> None:
    assert wrong(**stated) == (f"{AT}.{sentence}",)


@pytest.mark.parametrize(
    ("name", "value", "start"),
    [
        ("destination_s3_uri", "https://captured.s3.amazonaws.com/a", "must look like 's3://predictions/sentiment'"),
        ("destination_s3_uri", f"s3://captured/{'a' * 500}", "must have 1 to 512 characters, got 514"),
        ("destination_s3_uri", None, "must be a string such as 's3://predictions/sentiment', got None"),
        ("kms_key_arn", "alias/captured", "must look like 'arn:aws:kms:"),
        ("csv_content_types", ["csv"], "[0] must look like 'text/csv'"),
        ("json_content_types", ["json"], "[0] must look like 'application/json'"),
    ],
)
def test_a_wrong_text_is_named_with_an_example(name: str, value: object, start: str) -> None:
    [problem] = wrong(**{name: value})
    assert problem.removeprefix(f"{AT}.{name}").lstrip().startswith(start)


def test_a_token_that_terraform_finds_wrong_is_refused_there() -> None:
    scope = stack()
    configuration = made(scope, initial_sampling_percentage=variable(scope, "number").number_value).one(
        "aws_sagemaker_endpoint_configuration"
    )
    [asked] = [each["condition"] for each in configuration["lifecycle"]["precondition"]]
    assert [evaluate(asked, {"value": each}) for each in (0, 100, 101, 1.5)] == [True, True, False, False]


def test_another_class_in_its_place_is_refused() -> None:
    with pytest.raises(InputError, match=r"data_capture_config must be DataCaptureConfig\(\.\.\.\), got dict"):
        endpoint(data_capture_config=REQUIRED)
