"""A new model has a new name, whatever it is new for; what is stated reaches the container."""

import re
from collections import UserDict
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from unittest.mock import ANY

from sagemaker_endpoint import InstanceProductionVariant, Model, SageMakerEndpoint
from sagemaker_endpoint.rules import limits

import pytest
from cdktf import Token
from constructs import Construct

from tests.console import evaluate
from tests.examples import IMAGE, INPUTS, MODEL, SUBNETS, VARIANT, problems, stack, synthesize, variable
from tests.synthesized import Block, Synthesized


def with_model(**changes: Any) -> dict[str, object]:
    return {"production_variants": [replace(VARIANT, model=replace(MODEL, **changes))]}


def container(made: Synthesized) -> Block:
    block: Block = made.one("aws_sagemaker_model")["primary_container"]
    return block


# What reaches the container.


def test_a_model_runs_the_image_with_its_data_and_environment_in_the_vpc() -> None:
    made = synthesize()
    model = made.one("aws_sagemaker_model")
    assert model.pop("name").startswith("sentiment-AllTraffic-${")
    assert model == {
        "depends_on": sorted(made.all("aws_iam_role_policy_attachment")),
        "enable_network_isolation": False,
        "execution_role_arn": f"${{{made.address('aws_iam_role')}.arn}}",
        "lifecycle": {
            "create_before_destroy": True,
            "ignore_changes": ["name"],
            "precondition": [{"condition": ANY, "error_message": ANY}],
            "replace_triggered_by": [made.address("terraform_data", "Placement")],
        },
        "primary_container": {
            "environment": {"LOG_LEVEL": "info"},
            "image": IMAGE,
            "model_data_url": "s3://models/sentiment/model.tar.gz",
        },
        "vpc_config": {
            "security_group_ids": [f"${{{made.address('aws_security_group')}.id}}"],
            "subnets": SUBNETS,
        },
    }


def test_data_and_environment_may_be_left_out() -> None:
    assert container(synthesize(**with_model(model_data_url=None, environment=None))) == {"image": IMAGE}


def test_the_container_can_be_cut_off_from_the_network() -> None:
    scope = stack()
    token = variable(scope, "bool").boolean_value
    known = synthesize(**with_model(enable_network_isolation=True))
    assert known.one("aws_sagemaker_model")["enable_network_isolation"] is True
    deferred = synthesize(scope, **with_model(enable_network_isolation=token))
    assert deferred.one("aws_sagemaker_model")["enable_network_isolation"] == "${var.value}"


@pytest.mark.parametrize("field", ["image", "model_data_url"])
@pytest.mark.parametrize("raw", [False, True])
def test_a_string_may_be_a_token(field: str, raw: bool) -> None:
    scope = stack()
    token = variable(scope).string_value
    made = synthesize(scope, **with_model(**{field: "${var.value}" if raw else token}))
    assert container(made)[field] == "${var.value}"


def test_the_environment_may_be_a_token_or_hold_some() -> None:
    scope = stack()
    whole = variable(scope, "map(string)")
    made = synthesize(scope, **with_model(environment=Token.as_string_map(whole.value)))
    assert container(made)["environment"] == "${var.value}"
    scope = stack()
    token = variable(scope).string_value
    stated = {"A": "a", "B": token, "C": f"x{token}", "D": "${var.value}", token: "e"}
    assert container(synthesize(scope, **with_model(environment=stated)))["environment"] == {
        "A": "a",
        "B": "${var.value}",
        "C": "x${var.value}",
        "D": "${var.value}",
        "${var.value}": "e",
    }


@pytest.mark.parametrize("mapping", [dict, MappingProxyType, UserDict])
def test_the_environment_may_be_any_mapping(mapping: Any) -> None:  # noqa: ANN401 - three classes of one protocol
    made = synthesize(**with_model(environment=mapping({"A": "b"})))
    assert container(made)["environment"] == {"A": "b"}


# The name. What makes it another is tried in end_to_end/test_model.py.


def named(made: Synthesized, variables: Mapping[str, object] | None = None) -> str:
    """Give the model's name as Terraform computes it."""
    return str(evaluate(made.one("aws_sagemaker_model")["name"], variables))


def test_a_name_can_be_read_and_is_never_given_twice() -> None:
    made = synthesize()
    names = {named(made), named(made)}
    assert len(names) == 2
    assert all(re.fullmatch("sentiment-AllTraffic-[0-9a-f]{10}", name) for name in names)


def test_a_name_of_tokens_fits_as_well() -> None:
    scope = stack()
    made = synthesize(scope, endpoint_name=variable(scope).string_value)
    name = named(made, {"value": "s" * 63})
    assert re.fullmatch("s{52}-[0-9a-f]{10}", name)
    assert len(name) == limits.MODEL_NAME.max_length


def test_a_name_does_not_depend_on_where_the_construct_stands() -> None:
    scope = stack()
    SageMakerEndpoint(Construct(scope, "Elsewhere"), "Another", **INPUTS)
    name = "aws_sagemaker_model"
    assert Synthesized(scope).one(name)["name"] == synthesize().one(name)["name"]


def test_a_model_is_made_once_for_the_variants_that_share_it() -> None:
    other = replace(MODEL, environment=MappingProxyType({"LOG_LEVEL": "info"}))
    variants = [
        InstanceProductionVariant(model=model, instance_type="ml.m5.large", variant_name=variant)
        for model, variant in ((MODEL, "a"), (other, "b"), (replace(MODEL, image=f"{IMAGE}1"), "c"))
    ]
    made = synthesize(production_variants=variants)
    names = [each["model_name"] for each in made.one("aws_sagemaker_endpoint_configuration")["production_variants"]]
    assert names[0] == names[1] != names[2]
    assert len(made.all("aws_sagemaker_model")) == 2


# What is refused.

AT = "production_variants[0].model"
HUB = "Docker Hub"
MISSPELLED = ", which Amazon ECR spells differently: 12 digits, .dkr.ecr., a region, and a name in lower case"
AN_ARN = ", which is an ARN: an image's URI begins with its registry"
CHARACTER = 'holds a character that is not taken as it is everywhere: * ? " $ ` \\, or % in an HTTPS URL'


@pytest.mark.parametrize(
    ("image", "registry"),
    [
        ("sentiment:1.4", HUB),
        ("team/sentiment:1.4", HUB),
        ("docker.io/team/sentiment:1.4", HUB),
        ("ghcr.io/org/x:1", "the registry ghcr.io"),
        ("public.ecr.aws/team/sentiment:1", "the registry public.ecr.aws"),
        ("localhost:5000/a:1", "the registry localhost:5000"),
        ("x.evil.example/a:1", "the registry x.evil.example"),
        (
            "111122223333.dkr.ecr.eu-west-1.evil.example/a:1",
            "the registry 111122223333.dkr.ecr.eu-west-1.evil.example",
        ),
    ],
)
def test_an_image_of_another_registry_is_told_with_the_way_out(image: str, registry: str) -> None:
    [sentence] = problems(**with_model(image=image))
    assert sentence == (
        f"{AT}.image must look like {IMAGE!r}, got {image!r}, which lies in {registry}: push it to a private "
        "repository of Amazon ECR"
    )


@pytest.mark.parametrize(
    ("image", "hint"),
    [
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/sentiment", ", which has neither a tag nor a digest"),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/sentiment@sha256:abc", ""),
        ("11112222333.dkr.ecr.eu-west-1.amazonaws.com/sentiment:1", MISSPELLED),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/Sentiment:1", MISSPELLED),
        ("111122223333.dkr-ecr.eu-west-1.on.aws/sentiment:1", MISSPELLED),
        (" 111122223333.dkr.ecr.eu-west-1.amazonaws.com/sentiment:1", MISSPELLED),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/sentiment:1\n", ""),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/a//b:1", ""),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/a/:1", ""),
        ("111122223333.dkr.ecr.-.amazonaws.com/a:1", MISSPELLED),
        ("arn:aws:ecr:eu-west-1:111122223333:repository/sentiment", AN_ARN),
        ("arn:aws:sagemaker:eu-west-1:aws:image/sentiment", AN_ARN),
    ],
)
def test_an_image_that_ecr_spells_differently_is_told(image: str, hint: str) -> None:
    assert problems(**with_model(image=image)) == (f"{AT}.image must look like {IMAGE!r}, got {image!r}{hint}",)


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("models/model.tar.gz", "begins neither with s3:// nor with https://"),
        ("arn:aws:s3:::models/model.tar.gz", "begins neither with s3:// nor with https://"),
        ("s3://models", "does not end in .tar.gz, the one kind of archive that SageMaker takes"),
        ("s3://models/model.tgz", "does not end in .tar.gz, the one kind of archive that SageMaker takes"),
        ("https://example.com/model.tar.gz", "is not of a bucket in Amazon S3"),
        ("s3://*/model.tar.gz", CHARACTER),
        ("https://models.s3.amazonaws.com/a%20b.tar.gz", CHARACTER),
    ],
)
def test_a_url_that_is_none_of_an_archive_is_told_with_the_reason(url: str, hint: str) -> None:
    example = "s3://models/sentiment/model.tar.gz"
    sentence = f"{AT}.model_data_url must look like {example!r}, got {url!r}, which {hint}"
    assert problems(**with_model(model_data_url=url)) == (sentence,)


@pytest.mark.parametrize(
    "host",
    [
        "ecr.eu-west-1.amazonaws.com",
        "ecr-fips.us-gov-west-1.amazonaws.com",
        "ecr.cn-north-1.amazonaws.com.cn",
        "ecr.eusc-de-east-1.amazonaws.eu",
        "ecr.us-iso-east-1.c2s.ic.gov",
        "ecr.us-isob-east-1.sc2s.sgov.gov",
        "ecr.eu-isoe-west-1.cloud.adc-e.uk",
    ],
)
def test_an_image_may_lie_in_any_partition(host: str) -> None:
    image = f"111122223333.dkr.{host}/team/a_b.c-d__e:1"
    assert container(synthesize(**with_model(image=image)))["image"] == image


@pytest.mark.parametrize(
    "url",
    [
        "https://models.s3.amazonaws.com/model",
        "https://models.s3.evil.example/model.tar.gz",
        "https://evil.example/s3.amazonaws.com/model.tar.gz",
        "https://models.s3.eu-west-1.amazonaws.com/a%20b.tar.gz",
        "http://models.s3.eu-west-1.amazonaws.com/model.tar.gz",
        "https://s3.eu-west-1.amazonaws.com/model.tar.gz",
        "s3://models",
        "s3://models/model",
        "s3://models/",
        "s3://Models/a.tar.gz",
        "s3://*/a.tar.gz",
        "s3://models/*.tar.gz",
        "s3://models/$(id).tar.gz",
        's3://models/".tar.gz',
        "s3://models/a\nb.tar.gz",
    ],
)
def test_model_data_that_is_no_archive_in_s3_is_told(url: str) -> None:
    [sentence] = problems(**with_model(model_data_url=url))
    assert sentence.startswith(f"{AT}.model_data_url must look like 's3://models/sentiment/model.tar.gz', got ")
    assert f", got {url!r}" in sentence


HTTPS = {
    "https://models.s3.eu-west-1.amazonaws.com/a/model.tar.gz": "s3://models/a/model.tar.gz",
    "https://my.models.s3.eu-west-1.amazonaws.com/model.tar.gz": "s3://my.models/model.tar.gz",
    "https://s3.eu-west-1.amazonaws.com/models/a/model.tar.gz": "s3://models/a/model.tar.gz",
    "https://models.s3.amazonaws.com/model.tar.gz": "s3://models/model.tar.gz",
    "https://s3.amazonaws.com/models/model.tar.gz": "s3://models/model.tar.gz",
    "https://s3-eu-west-1.amazonaws.com/models/model.tar.gz": "s3://models/model.tar.gz",
    "https://models.s3.dualstack.eu-west-1.amazonaws.com/model.tar.gz": "s3://models/model.tar.gz",
    "https://models.s3.cn-north-1.amazonaws.com.cn/model.tar.gz": "s3://models/model.tar.gz",
    "https://models.s3.eusc-de-east-1.amazonaws.eu/model.tar.gz": "s3://models/model.tar.gz",
    "s3://models/model.tar.gz": "s3://models/model.tar.gz",
}


@pytest.mark.parametrize("url", HTTPS)
def test_model_data_may_be_named_by_https_and_permissions_name_its_bucket(url: str) -> None:
    made = synthesize(**with_model(model_data_url=url))
    assert container(made)["model_data_url"] == url
    [resource] = made.statements("Artifacts")["ReadModelData"]["resources"]
    assert resource.endswith(f":s3:::{HTTPS[url].removeprefix('s3://')}")


def test_model_data_that_terraform_alone_knows_is_named_in_the_same_way_and_none_that_is_refused() -> None:
    refused = ["s3://*/x.tar.gz", "s3://models", "https://evil.example/a.tar.gz", ""]
    given = [*HTTPS, *refused]
    stated = [Model(image=IMAGE, model_data_url=f"${{var.v{index}}}") for index, _ in enumerate(given)]
    written = [place for each in stated for place in each.places()]
    variables = {f"v{index}": url for index, url in enumerate(given)}
    assert evaluate(written, variables) == [*HTTPS.values(), *[""] * len(refused)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"image": ""}, ".image must have 1 to 255 characters, got 0: ''"),
        ({"image": None}, f".image must be a string such as {IMAGE!r}, or model_package_name be given, got None"),
        (
            {"model_data_url": 5},
            ".model_data_url must be a string such as 's3://models/sentiment/model.tar.gz', got 5",
        ),
        ({"environment": ["A=b"]}, ".environment must be a mapping of names to values, got one of type list"),
        ({"environment": {"A": 5}}, ".environment['A'] must be a string such as 'info', got one of type int"),
        ({"environment": {"A": True}}, ".environment['A'] must be a string such as 'info', got one of type bool"),
        (
            {"environment": {"LOG-LEVEL": "a"}},
            ".environment key must look like 'LOG_LEVEL' (pattern [a-zA-Z_][a-zA-Z0-9_]*), got 'LOG-LEVEL'",
        ),
        (
            {"environment": {f"A{each}": "" for each in range(101)}},
            ".environment must have at most 100 variables, got 101",
        ),
        (
            {"environment": {f"A{each:02}": "é" * 500 for each in range(33)}},
            ".environment must hold at most 32768 bytes in all, got 33099",
        ),
        ({"enable_network_isolation": "false"}, ".enable_network_isolation must be True or False, got 'false'"),
        ({"enable_network_isolation": None}, ".enable_network_isolation must be True or False, got None"),
    ],
)
def test_a_wrong_model_is_told(changes: dict[str, Any], sentence: str) -> None:
    assert problems(**with_model(**changes)) == (f"{AT}{sentence}",)


def test_an_environment_value_that_is_too_long_is_told() -> None:
    assert problems(**with_model(environment={"A": "b" * 1025, "B": "日" * 400, "C": "日" * 341})) == (
        f"{AT}.environment['A'] must have at most 1024 bytes, got 1025",
        f"{AT}.environment['B'] must have at most 1024 bytes, got 1200",
    )


def test_an_environment_as_large_as_aws_allows_is_accepted() -> None:
    environment = {f"A{each:02}": "b" * 1021 for each in range(32)}
    assert container(synthesize(**with_model(environment=environment)))["environment"] == environment


def test_an_image_that_is_a_url_is_told_so() -> None:
    [sentence] = problems(production_variants=[replace(VARIANT, model=replace(MODEL, image=f"https://{IMAGE}"))])
    assert sentence.endswith("which is a URL: an image's URI begins with its registry")
