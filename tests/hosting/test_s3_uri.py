"""What is written to a place in S3 is allowed there, whether synthesis or Terraform alone knows the place."""

import re
from typing import Any

from sagemaker_endpoint.access.statements import document
from sagemaker_endpoint.engine.account import Account
from sagemaker_endpoint.hosting.s3_uri import DESTINATION, objects_arn, write_statements

import pytest

from tests.console import evaluate
from tests.examples import stack
from tests.synthesized import Synthesized

OBJECTS = {
    "s3://predictions": "arn:aws:s3:::predictions/*",
    "s3://predictions/": "arn:aws:s3:::predictions/*",
    "s3://predictions/a/b": "arn:aws:s3:::predictions/a/b/*",
    "s3://predictions/a/b/": "arn:aws:s3:::predictions/a/b/*",
}


@pytest.mark.parametrize("uri", OBJECTS)
def test_the_objects_below_a_prefix_are_named_whether_it_ends_in_a_slash_or_not(uri: str) -> None:
    assert re.fullmatch(DESTINATION.pattern or "", uri)
    assert objects_arn(uri, "aws") == OBJECTS[uri]


def test_the_objects_below_a_prefix_that_terraform_alone_knows_are_named_alike() -> None:
    asked = [objects_arn(f"${{var.v{index}}}", "aws") for index, _ in enumerate(OBJECTS)]
    assert evaluate(asked, {f"v{index}": uri for index, uri in enumerate(OBJECTS)}) == [*OBJECTS.values()]


@pytest.mark.parametrize(
    "uri",
    [
        "predictions/a",
        "https://predictions.s3.amazonaws.com/a",
        "s3://Predictions/a",
        "s3://*/a",
        "s3://predictions/*",
        "s3://predictions/a?",
        's3://predictions/"',
        "s3://predictions/$(id)",
        "s3://predictions/a\n",
    ],
)
def test_what_would_mean_something_else_in_a_policy_or_a_command_is_no_destination(uri: str) -> None:
    assert not re.fullmatch(DESTINATION.pattern or "", uri)


def written(*uris: str) -> dict[str, Any]:
    scope = stack()
    document(scope, "Policy", [*write_statements("WriteOutput", uris, Account(scope, "Account"))])
    return Synthesized(scope).one("data.aws_iam_policy_document", "Policy")


def test_what_is_written_is_allowed_below_each_prefix_alone_and_once() -> None:
    [statement] = written("s3://a-bucket/x", "s3://b-bucket/", "s3://a-bucket/x/")["statement"]
    assert statement["sid"] == "WriteOutput"
    assert statement["actions"] == ["s3:PutObject"]
    assert evaluate(statement["resources"]) == ["arn:aws:s3:::a-bucket/x/*", "arn:aws:s3:::b-bucket/*"]


def test_nothing_is_allowed_without_a_prefix() -> None:
    assert written()["statement"] == []


def test_prefixes_that_terraform_alone_knows_are_allowed_there_unless_they_are_null_or_refused() -> None:
    block = written("s3://a-bucket", "${var.given}", "${var.none}", "${var.wrong}")
    [dynamic] = block["dynamic"]["statement"]
    assert dynamic["content"]["actions"] == ["s3:PutObject"]
    values = {"given": "s3://b-bucket/y", "none": None, "wrong": "s3://*/y"}
    assert evaluate(dynamic["for_each"], values) == ["s3://b-bucket/y"]
    [resource] = dynamic["content"]["resources"]
    each = resource.replace("statement.value", '"s3://b-bucket/y"')
    assert evaluate(each) == "arn:aws:s3:::b-bucket/y/*"
