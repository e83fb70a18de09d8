"""What a container is stated to be reaches SageMaker, and the role may do what that takes, and no more."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sagemaker_endpoint import Container, HuggingFaceModel, ImageConfig, Model, S3DataSource
from sagemaker_endpoint.engine.bindings import AWS_BINDINGS

import pytest
from cdktf import Token

from tests.console import evaluate
from tests.examples import IMAGE, MODEL, VARIANT, endpoint, problems, stack, synthesize, variable
from tests.synthesized import Block, Synthesized

AT = "production_variants[0].model"
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:registry-credentials"
PACKAGE = "arn:aws:sagemaker:eu-west-1:111122223333:model-package/sentiment/3"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:hugging-face-AbCdEf"  # noqa: S105 - an ARN
IN_VPC = "registry.example.com:5000/team/sentiment:1.4"
WEIGHTS = S3DataSource(s3_uri="s3://weights/llama/")


def stated(**inputs: Any) -> dict[str, object]:
    """Give the endpoint's inputs with a model of nothing but these."""
    return {"production_variants": [replace(VARIANT, model=Model(**inputs))]}


def container(made: Synthesized) -> Block:
    block: Block = made.one("aws_sagemaker_model")["primary_container"]
    return block


def allowed(made: Synthesized) -> dict[str, object]:
    """Give what the role may fetch: resources, and prefixes to list, by the statements' ids."""
    found: dict[str, object] = {}
    for sid, statement in made.statements("Artifacts").items():
        listed = [each["values"] for each in statement.get("condition", [])]
        found[sid] = evaluate([statement["resources"], *listed])
    return found


def allowed_later(made: Synthesized, variables: dict[str, object]) -> list[object]:
    """Give the actions, resources and prefixes of what Terraform alone knows, for each of its values."""
    document = made.one("data.aws_iam_policy_document", "Artifacts")
    found: list[object] = []
    for block in document.get("dynamic", {}).get("statement", []):
        values = evaluate(block["for_each"], variables)
        assert isinstance(values, list)
        content = block["content"]
        for value in values:
            parts = [content["resources"], *([content["condition"]["values"]] if "condition" in content else [])]
            asked = [[each.replace("statement.value", f'"{value}"') for each in part] for part in parts]
            found.append([*content["actions"], *evaluate(asked)])
    return found


PULL = {"PullImages": [["arn:aws:ecr:eu-west-1:111122223333:repository/team/sentiment"]], "LogInToRegistry": [["*"]]}


# Data that is not one archive.


def test_data_below_a_prefix_is_read_and_listed_there_alone() -> None:
    made = synthesize(**stated(image=IMAGE, model_data_source=WEIGHTS))
    assert container(made) == {
        "image": IMAGE,
        "model_data_source": {
            "s3_data_source": [
                {"compression_type": "None", "s3_data_type": "S3Prefix", "s3_uri": "s3://weights/llama/"}
            ]
        },
    }
    assert allowed(made) == {
        **PULL,
        "ReadModelData": [["arn:aws:s3:::weights/llama/*"]],
        "ListModelData0": [["arn:aws:s3:::weights"], ["llama/*"]],
    }


@pytest.mark.parametrize("compression", ["None", "Gzip"])
def test_data_may_be_one_object_compressed_or_not(compression: str) -> None:
    uri = "https://weights.s3.eu-west-1.amazonaws.com/llama/model.bin"
    source = S3DataSource(s3_uri=uri, s3_data_type="S3Object", compression_type=compression)
    made = synthesize(**stated(image=IMAGE, model_data_source=source))
    [block] = container(made)["model_data_source"]["s3_data_source"]
    assert block == {"compression_type": compression, "s3_data_type": "S3Object", "s3_uri": uri}
    assert allowed(made)["ReadModelData"] == [["arn:aws:s3:::weights/llama/model.bin"]]


def test_the_data_of_a_whole_bucket_may_be_stated() -> None:
    made = synthesize(**stated(image=IMAGE, model_data_source=S3DataSource(s3_uri="s3://weights/")))
    assert allowed(made)["ReadModelData"] == [["arn:aws:s3:::weights/*"]]
    assert allowed(made)["ListModelData0"] == [["arn:aws:s3:::weights"], ["*"]]


def test_a_licence_is_accepted_in_so_many_words_alone() -> None:
    made = synthesize(**stated(image=IMAGE, model_data_source=replace(WEIGHTS, accept_eula=True)))
    [block] = container(made)["model_data_source"]["s3_data_source"]
    assert block["model_access_config"] == {"accept_eula": True}
    others: list[Any] = [False, "true", "${var.value}", Token.as_any("${var.value}")]
    for other in others:
        [sentence] = problems(**stated(image=IMAGE, model_data_source=replace(WEIGHTS, accept_eula=other)))
        assert sentence.startswith(f"{AT}.model_data_source.accept_eula must be True, known at synthesis, or left out")


def test_further_sources_are_named_by_their_channels() -> None:
    sources = MappingProxyType(
        {
            "adapters": replace(WEIGHTS, s3_uri="s3://adapters/a/", accept_eula=True),
            "draft.1": S3DataSource(s3_uri="s3://drafts/d.bin", s3_data_type="S3Object"),
        }
    )
    made = synthesize(**stated(image=IMAGE, model_data_source=WEIGHTS, additional_model_data_sources=sources))
    assert container(made)["additional_model_data_source"] == [
        {
            "channel_name": "adapters",
            "s3_data_source": [
                {
                    "compression_type": "None",
                    "model_access_config": {"accept_eula": True},
                    "s3_data_type": "S3Prefix",
                    "s3_uri": "s3://adapters/a/",
                }
            ],
        },
        {
            "channel_name": "draft.1",
            "s3_data_source": [{"compression_type": "None", "s3_data_type": "S3Object", "s3_uri": "s3://drafts/d.bin"}],
        },
    ]
    assert allowed(made)["ReadModelData"] == [
        [f"arn:aws:s3:::{each}" for each in ("drafts/d.bin", "weights/llama/*", "adapters/a/*")]
    ]


def test_as_many_further_sources_as_aws_takes_are_accepted_and_no_more() -> None:
    six = {f"c{index}": WEIGHTS for index in range(6)}
    assert problems(**stated(image=IMAGE, additional_model_data_sources=six)) == (
        f"{AT}.additional_model_data_sources must have at most 5 sources, got 6",
    )
    five = {name: six[name] for name in list(six)[:5]}
    made = synthesize(**stated(image=IMAGE, additional_model_data_sources=five))
    assert len(container(made)["additional_model_data_source"]) == 5


def test_places_that_terraform_alone_knows_are_read_there() -> None:
    scope = stack()
    prefix, url = variable(scope, name="prefix").string_value, variable(scope, name="url").string_value
    source = S3DataSource(s3_uri=prefix, compression_type=variable(scope, name="compression").string_value)
    model = Model(image=IMAGE, model_data_source=source, additional_model_data_sources={"a": S3DataSource(s3_uri=url)})
    made = synthesize(scope, production_variants=[replace(VARIANT, model=model)])
    [block] = container(made)["model_data_source"]["s3_data_source"]
    assert block == {"compression_type": "${var.compression}", "s3_data_type": "S3Prefix", "s3_uri": "${var.prefix}"}
    given: dict[str, object] = {
        "prefix": "s3://weights/llama/",
        "url": "https://s3.eu-west-1.amazonaws.com/adapters/a/",
        "compression": "None",
    }
    assert allowed_later(made, given) == [
        ["s3:GetObject", ["arn:aws:s3:::weights/llama/*"]],
        ["s3:GetObject", ["arn:aws:s3:::adapters/a/*"]],
        ["s3:ListBucket", ["arn:aws:s3:::weights"], ["llama/*"]],
        ["s3:ListBucket", ["arn:aws:s3:::adapters"], ["a/*"]],
    ]
    assert allowed_later(made, {**given, "prefix": "s3://*/", "url": "s3://weights/llama"}) == []


# Many models in one container.


def test_a_container_of_many_models_reads_their_folder() -> None:
    made = synthesize(
        **stated(image=IMAGE, mode="MultiModel", model_data_url="s3://models/all/", model_cache_setting="Disabled")
    )
    assert container(made) == {
        "image": IMAGE,
        "mode": "MultiModel",
        "model_data_url": "s3://models/all/",
        "multi_model_config": {"model_cache_setting": "Disabled"},
    }
    assert allowed(made) == {
        **PULL,
        "ReadModelData": [["arn:aws:s3:::models/all/*"]],
        "ListModelData0": [["arn:aws:s3:::models"], ["all/*"]],
    }


def test_the_folder_and_the_cache_may_be_tokens() -> None:
    scope = stack()
    folder, cache = variable(scope, name="folder").string_value, variable(scope, name="cache").string_value
    made = synthesize(scope, **stated(image=IMAGE, mode="MultiModel", model_data_url=folder, model_cache_setting=cache))
    assert container(made)["model_data_url"] == "${var.folder}"
    assert container(made)["multi_model_config"] == {"model_cache_setting": "${var.cache}"}
    assert allowed_later(made, {"folder": "s3://models/all/", "cache": "Enabled"}) == [
        ["s3:GetObject", ["arn:aws:s3:::models/all/*"]],
        ["s3:ListBucket", ["arn:aws:s3:::models"], ["all/*"]],
    ]


def test_a_container_may_be_said_to_serve_one_model() -> None:
    made = synthesize(**stated(image=IMAGE, mode="SingleModel", model_data_url=MODEL.model_data_url))
    assert container(made)["mode"] == "SingleModel"
    assert allowed(made)["ReadModelData"] == [["arn:aws:s3:::models/sentiment/model.tar.gz"]]


# Model packages.


def test_a_package_stands_for_image_and_data_and_the_role_may_look_at_that_one_version() -> None:
    made = synthesize(**stated(model_package_name=PACKAGE, environment={"LOG_LEVEL": "info"}))
    assert container(made) == {"environment": {"LOG_LEVEL": "info"}, "model_package_name": PACKAGE}
    assert allowed(made) == {"DescribeModelPackages": [[PACKAGE]]}


def test_what_a_package_names_may_be_fetched_where_it_is_stated() -> None:
    made = synthesize(
        **stated(
            model_package_name=PACKAGE,
            inference_specification_name="on-gpu",
            model_package_images=[IMAGE],
            model_package_artifacts=["s3://registry/3/model.tar.gz", "s3://registry/weights/"],
        )
    )
    assert container(made) == {"inference_specification_name": "on-gpu", "model_package_name": PACKAGE}
    assert allowed(made) == {
        **PULL,
        "ReadModelData": [["arn:aws:s3:::registry/3/model.tar.gz", "arn:aws:s3:::registry/weights/*"]],
        "ListModelData0": [["arn:aws:s3:::registry"], ["3/model.tar.gz", "weights/*"]],
        "DescribeModelPackages": [[PACKAGE]],
    }


def test_a_package_and_what_it_names_may_be_tokens() -> None:
    scope = stack()
    package, place, name = (variable(scope, name=each).string_value for each in ("package", "place", "name"))
    made = synthesize(
        scope,
        **stated(model_package_name=package, model_package_artifacts=[place], inference_specification_name=name),
    )
    assert container(made) == {
        "inference_specification_name": "${var.name}",
        "model_package_name": "${var.package}",
    }
    given: dict[str, object] = {"package": PACKAGE, "place": "s3://registry/a/", "name": "on-gpu"}
    assert allowed_later(made, given) == [
        ["s3:GetObject", ["arn:aws:s3:::registry/a/*"]],
        ["s3:ListBucket", ["arn:aws:s3:::registry"], ["a/*"]],
        ["sagemaker:DescribeModelPackage", [PACKAGE]],
    ]
    assert allowed_later(made, {**given, "package": "arn:aws:sagemaker:*", "place": "s3://*/"}) == []


def test_a_package_from_the_marketplace_has_no_version() -> None:
    package = "arn:aws:sagemaker:eu-west-1:985815980388:model-package/summarizer-0a1b2c3d"
    made = synthesize(**stated(model_package_name=package, enable_network_isolation=True))
    assert container(made)["model_package_name"] == package


# Private registries.


def test_an_image_may_lie_in_a_registry_in_the_vpc() -> None:
    config = ImageConfig(repository_access_mode="Vpc")
    made = synthesize(**stated(image=IN_VPC, image_config=config))
    assert container(made) == {"image": IN_VPC, "image_config": {"repository_access_mode": "Vpc"}}
    assert made.one("data.aws_iam_policy_document", "Artifacts")["statement"] == []


def test_the_role_may_invoke_the_function_that_knows_the_password_and_no_other() -> None:
    config = ImageConfig(repository_access_mode="Vpc", repository_credentials_provider_arn=FUNCTION)
    made = synthesize(**stated(image=IN_VPC, image_config=config))
    assert container(made)["image_config"] == {
        "repository_access_mode": "Vpc",
        "repository_auth_config": {"repository_credentials_provider_arn": FUNCTION},
    }
    assert allowed(made) == {"AskForRegistryCredentials": [[FUNCTION]]}
    scope = stack()
    token = variable(scope).string_value
    made = synthesize(
        scope,
        **stated(image=IN_VPC, image_config=replace(config, repository_credentials_provider_arn=token)),
    )
    assert allowed_later(made, {"value": FUNCTION}) == [["lambda:InvokeFunction", [FUNCTION]]]
    assert allowed_later(made, {"value": "arn:aws:lambda:*"}) == []


def test_amazon_ecr_may_be_named_as_the_way_to_an_image() -> None:
    made = synthesize(**stated(image=IMAGE, image_config=ImageConfig()))
    assert container(made)["image_config"] == {"repository_access_mode": "Platform"}
    assert allowed(made) == PULL


# Models of the Hugging Face Hub.


def test_a_model_of_the_hub_is_named_by_the_variables_that_its_containers_know() -> None:
    model = HuggingFaceModel(model_id="distilbert/distilbert-base-uncased", task="text-classification", revision="1a2b")
    made = synthesize(**stated(image=IMAGE, hugging_face=model, environment={"LOG_LEVEL": "info"}))
    assert container(made)["environment"] == {
        "LOG_LEVEL": "info",
        "HF_MODEL_ID": "distilbert/distilbert-base-uncased",
        "HF_TASK": "text-classification",
        "HF_MODEL_REVISION": "1a2b",
    }
    assert allowed(made) == PULL
    alone = synthesize(**stated(image=IMAGE, hugging_face=HuggingFaceModel(model_id="gpt2")))
    assert container(alone)["environment"] == {"HF_MODEL_ID": "gpt2"}


def test_a_token_stands_nowhere_and_the_role_may_read_its_secret_alone() -> None:
    model = HuggingFaceModel(model_id="meta-llama/Llama-3.1-8B", token_secret_arn=SECRET)
    made = synthesize(**stated(image=IMAGE, hugging_face=model))
    assert container(made)["environment"] == {
        "HF_MODEL_ID": "meta-llama/Llama-3.1-8B",
        "HF_TOKEN_SECRET_ARN": SECRET,
    }
    assert allowed(made) == {**PULL, "ReadHuggingFaceToken": [[SECRET]]}


def test_a_token_in_place_of_its_secrets_arn_is_refused_and_not_repeated() -> None:
    model = HuggingFaceModel(model_id="gpt2", token_secret_arn="hf_abcdefghijklmnop")  # noqa: S106 - what must not be
    [sentence] = problems(**stated(image=IMAGE, hugging_face=model))
    assert sentence.startswith(f"{AT}.hugging_face.token_secret_arn must look like 'arn:aws:secretsmanager:")
    assert "hf_" not in sentence


def test_a_token_in_the_environment_beside_a_model_of_the_hub_is_warned_of_with_the_input_for_it() -> None:
    hub = HuggingFaceModel(model_id="gpt2")
    variants = stated(image=IMAGE, hugging_face=hub, environment={"HF_TOKEN": f"hf_{'x' * 30}"})
    made = endpoint(**variants).node.find_child("Model-AllTraffic")
    [said] = [each.data for each in made.node.metadata]
    assert said.endswith("which reads it with the role (hugging_face.token_secret_arn)")


def test_a_model_of_the_hub_may_be_named_by_tokens() -> None:
    scope = stack()
    names = ("id", "task", "revision", "secret")
    model_id, task, revision, secret = (variable(scope, name=each).string_value for each in names)
    model = HuggingFaceModel(model_id=model_id, task=task, revision=revision, token_secret_arn=secret)
    made = synthesize(scope, **stated(image=IMAGE, hugging_face=model))
    assert container(made)["environment"] == {
        "HF_MODEL_ID": "${var.id}",
        "HF_TASK": "${var.task}",
        "HF_MODEL_REVISION": "${var.revision}",
        "HF_TOKEN_SECRET_ARN": "${var.secret}",
    }
    assert allowed_later(made, {"secret": SECRET}) == [["secretsmanager:GetSecretValue", [SECRET]]]
    assert allowed_later(made, {"secret": "arn:aws:secretsmanager:*"}) == []


@pytest.mark.parametrize("given", [{"LOG_LEVEL": "info"}, None])
def test_the_environment_beside_a_model_of_the_hub_may_be_a_token(given: dict[str, str] | None) -> None:
    scope = stack()
    whole = Token.as_string_map(variable(scope, "map(string)").value)
    made = synthesize(scope, **stated(image=IMAGE, environment=whole, hugging_face=HuggingFaceModel(model_id="gpt2")))
    found = evaluate(container(made)["environment"], {"value": given})
    assert found == {**(given or {}), "HF_MODEL_ID": "gpt2"}


def test_what_a_model_of_the_hub_sets_must_not_be_stated_twice() -> None:
    assert problems(
        **stated(image=IMAGE, environment={"HF_TASK": "a"}, hugging_face=HuggingFaceModel(model_id="a", task="b"))
    ) == (f"{AT}.environment['HF_TASK'] must not be given with hugging_face, which sets it",)
    beside = {"HF_TASK": "a", "HF_HUB_OFFLINE": "0"}
    made = synthesize(**stated(image=IMAGE, environment=beside, hugging_face=HuggingFaceModel(model_id="a")))
    assert container(made)["environment"] == {**beside, "HF_MODEL_ID": "a"}


def test_a_container_without_a_network_cannot_fetch_from_the_hub_but_serve_what_lies_in_it() -> None:
    [sentence] = problems(
        **stated(image=IMAGE, hugging_face=HuggingFaceModel(model_id="gpt2"), enable_network_isolation=True)
    )
    assert sentence.startswith(
        f"{AT}.enable_network_isolation must not be True with {AT}.hugging_face: a container that is cut off"
    )
    local = HuggingFaceModel(model_id="/opt/ml/model")
    made = synthesize(
        **stated(image=IMAGE, model_data_source=WEIGHTS, hugging_face=local, enable_network_isolation=True)
    )
    assert container(made)["environment"] == {"HF_MODEL_ID": "/opt/ml/model"}


# What is refused, and what beside it is not.


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        (
            {"image": IMAGE, "model_package_name": PACKAGE},
            ".image must not be given with model_package_name: the package names its image",
        ),
        (
            {"model_package_name": PACKAGE, "model_data_url": "s3://models/a.tar.gz"},
            ".model_data_url must not be given with model_package_name: the package names its data",
        ),
        (
            {"model_package_name": PACKAGE, "model_data_source": WEIGHTS},
            ".model_data_source must not be given with model_package_name: the package names its data",
        ),
        (
            {"model_package_name": PACKAGE, "image_config": ImageConfig()},
            ".image_config must not be given with model_package_name: the package names its image",
        ),
        (
            {"image": IMAGE, "model_data_url": "s3://models/a.tar.gz", "model_data_source": WEIGHTS},
            ".model_data_source must not be given with model_data_url: both say where the data lies",
        ),
        (
            {"image": IMAGE, "inference_specification_name": "a"},
            (
                ".inference_specification_name must not be given without model_package_name: it chooses among the "
                "specifications of a package"
            ),
        ),
        (
            {"image": IMAGE, "model_package_images": [IMAGE]},
            (
                ".model_package_images must not be given without model_package_name: they are the images that a "
                "package names"
            ),
        ),
        (
            {"image": IMAGE, "model_package_artifacts": ["s3://models/a"]},
            (
                ".model_package_artifacts must not be given without model_package_name: they are the data that a "
                "package names"
            ),
        ),
        (
            {"model_package_name": PACKAGE, "model_package_images": IMAGE},
            f".model_package_images must be a list known at synthesis (its members need not be), got {IMAGE!r}",
        ),
        (
            {"image": IMAGE, "mode": "MultiModel"},
            (
                ".model_data_url must be given with mode 'MultiModel', such as 's3://models/sentiment/': the folder of "
                "the models"
            ),
        ),
        (
            {"model_package_name": PACKAGE, "mode": "MultiModel"},
            ".mode must not be 'MultiModel' with model_package_name: a package names the data of one model",
        ),
        (
            {"image": IMAGE, "model_cache_setting": "Enabled"},
            ".model_cache_setting must not be given without mode 'MultiModel': one model stays in memory",
        ),
        (
            {"image": IMAGE, "mode": "Multi"},
            ".mode must be 'SingleModel' or 'MultiModel', known at synthesis, got 'Multi'",
        ),
        (
            {"image": IMAGE, "mode": "${var.value}"},
            ".mode must be 'SingleModel' or 'MultiModel', known at synthesis, got '${var.value}'",
        ),
        (
            {"image": IMAGE, "image_config": ImageConfig(repository_credentials_provider_arn=FUNCTION)},
            (
                ".image_config.repository_credentials_provider_arn must not be given with repository_access_mode "
                "'Platform': Amazon ECR knows the role, and asks for no password"
            ),
        ),
        (
            {"image": IMAGE, "image_config": ImageConfig(repository_access_mode="VPC")},
            ".image_config.repository_access_mode must be 'Platform' or 'Vpc', known at synthesis, got 'VPC'",
        ),
        ({"image": IMAGE, "image_config": "Vpc"}, ".image_config must be ImageConfig(...), got 'Vpc'"),
        ({"image": IMAGE, "model_data_source": "s3://a"}, ".model_data_source must be S3DataSource(...), got 's3://a'"),
        (
            {"image": IMAGE, "additional_model_data_sources": [WEIGHTS]},
            ".additional_model_data_sources must be a mapping of channel names to S3DataSource(...), got list",
        ),
        (
            {"image": IMAGE, "additional_model_data_sources": {"a b": WEIGHTS}},
            r".additional_model_data_sources key must look like 'adapters' (pattern [A-Za-z0-9\.\-_]+), got 'a b'",
        ),
        (
            {"image": IMAGE, "additional_model_data_sources": {"a": "s3://a/"}},
            ".additional_model_data_sources['a'] must be S3DataSource(...), got 's3://a/'",
        ),
        ({"image": IMAGE, "hugging_face": "gpt2"}, ".hugging_face must be HuggingFaceModel(...), got 'gpt2'"),
        (
            {"image": IMAGE, "model_data_source": replace(WEIGHTS, compression_type="Gzip")},
            (
                ".model_data_source.compression_type must be 'None' with s3_data_type 'S3Prefix': SageMaker unpacks "
                "one archive, which is an S3Object, got 'Gzip'"
            ),
        ),
        (
            {"image": IMAGE, "model_data_source": replace(WEIGHTS, s3_data_type="Prefix")},
            ".model_data_source.s3_data_type must be 'S3Prefix' or 'S3Object', known at synthesis, got 'Prefix'",
        ),
    ],
)
def test_a_wrong_container_is_told(inputs: dict[str, Any], sentence: str) -> None:
    assert problems(**stated(**inputs)) == (f"{AT}{sentence}",)


def test_data_of_many_models_is_a_folder_of_archives_and_nothing_else() -> None:
    [sentence] = problems(**stated(image=IMAGE, mode="MultiModel", model_data_url="s3://models/a.tar.gz"))
    assert sentence.endswith("got 's3://models/a.tar.gz': with mode 'MultiModel' it is a folder of archives")
    assert problems(
        **stated(image=IMAGE, mode="MultiModel", model_data_source=WEIGHTS, model_data_url="s3://a-b/")
    ) == (
        f"{AT}.model_data_source must not be given with mode 'MultiModel', whose models are archives",
        f"{AT}.model_data_source must not be given with model_data_url: both say where the data lies",
    )


def test_a_prefix_ends_in_a_slash() -> None:
    [sentence] = problems(**stated(image=IMAGE, model_data_source=S3DataSource(s3_uri="s3://weights/llama")))
    assert sentence.startswith(f"{AT}.model_data_source.s3_uri must look like 's3://models/llama/'")
    assert sentence.endswith("got 's3://weights/llama': a prefix ends in a slash")
    whole = S3DataSource(s3_uri="s3://weights/llama", s3_data_type="S3Object")
    assert allowed(synthesize(**stated(image=IMAGE, model_data_source=whole)))["ReadModelData"] == [
        ["arn:aws:s3:::weights/llama"]
    ]


@pytest.mark.parametrize(
    ("name", "value", "end"),
    [
        (
            "model_package_name",
            "arn:aws:sagemaker:eu-west-1:111122223333:model-package-group/sentiment",
            ", which is a group: name a version of it, …:model-package/NAME/VERSION",
        ),
        ("model_package_name", "sentiment/3", "got 'sentiment/3'"),
        ("model_package_name", "arn:aws:iam::111122223333:role/a", ", which is a role's ARN"),
    ],
)
def test_what_is_no_package_is_told(name: str, value: str, end: str) -> None:
    [sentence] = problems(**stated(**{name: value}))
    assert sentence.startswith(f"{AT}.{name} must look like '{PACKAGE}' (pattern ")
    assert sentence.endswith(end)


def test_an_image_in_the_vpc_names_its_registry_and_a_version() -> None:
    config = ImageConfig(repository_access_mode="Vpc")
    for wrong in ("sentiment:1.4", "registry.example.com/sentiment", f"https://{IN_VPC}", "a_b.example/c:1"):
        [sentence] = problems(**stated(image=wrong, image_config=config))
        assert sentence.startswith(f"{AT}.image must look like 'registry.example.com/team/sentiment:1.4' (pattern ")
        assert ("which is a URL" in sentence) == ("://" in wrong)


def test_each_container_of_several_is_held_to_the_same_rules() -> None:
    wrong = Container(image="sentiment:1", model_cache_setting="Disabled")
    found = problems(**stated(containers=[Container(image=IMAGE), wrong]))
    assert [each.partition(" ")[0] for each in found] == [
        f"{AT}.containers[1].image",
        f"{AT}.containers[1].model_cache_setting",
    ]


def test_bindings_that_know_no_further_sources_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sagemaker_endpoint.hosting.container.HAS_ADDITIONAL_MODEL_DATA_SOURCES", False)
    sources = {"adapters": S3DataSource(s3_uri="s3://weights/adapters/")}
    [sentence] = problems(**stated(image=IMAGE, additional_model_data_sources=sources))
    assert sentence.startswith(
        f"{AT}.additional_model_data_sources must not be given with the installed {AWS_BINDINGS}, "
    )
    assert "6.25 or later" in sentence


def test_an_empty_list_of_what_a_package_names_is_none() -> None:
    container = Container(image=IMAGE, model_package_images=[], model_package_artifacts=[])
    assert [each for each in container.problems("container") if isinstance(each, str)] == []
