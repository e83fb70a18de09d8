"""Several containers in a model: how they are called, and what they must be to one another; AWS's own images."""

from dataclasses import replace
from typing import Any

from sagemaker_endpoint import Container, InputError, Model, prebuilt_image

import pytest

from tests.console import evaluate
from tests.examples import IMAGE, VARIANT, endpoint, problems, stack, synthesize, variable
from tests.hosting.test_container import AT, allowed, stated
from tests.synthesized import Synthesized

ONE, OTHER = Container(image=IMAGE), Container(image=f"{IMAGE}1", model_data_url="s3://models/a.tar.gz")


def named(*hostnames: str | None) -> list[Container]:
    return [Container(image=IMAGE, container_hostname=each) for each in hostnames]


def test_several_containers_are_called_one_after_another() -> None:
    made = synthesize(**stated(containers=[ONE, OTHER]))
    model = made.one("aws_sagemaker_model")
    assert "primary_container" not in model
    assert "inference_execution_config" not in model
    assert model["container"] == [
        {"image": IMAGE},
        {"image": f"{IMAGE}1", "model_data_url": "s3://models/a.tar.gz"},
    ]
    assert allowed(made)["ReadModelData"] == [["arn:aws:s3:::models/a.tar.gz"]]


def test_several_containers_may_be_called_by_their_names() -> None:
    made = synthesize(**stated(containers=named("a", "b"), inference_execution_mode="Direct"))
    model = made.one("aws_sagemaker_model")
    assert model["inference_execution_config"] == {"mode": "Direct"}
    assert [each["container_hostname"] for each in model["container"]] == ["a", "b"]


def on(instance_type: str, mode: str | None = "Direct", **changes: Any) -> dict[str, Any]:
    model = Model(containers=named("a", "b"), inference_execution_mode=mode)
    variant: Any = replace(VARIANT, model=model, instance_type=instance_type, **changes)
    return {"production_variants": [variant]}


def test_containers_on_gpus_are_called_one_after_another_alone() -> None:
    path = AT.removesuffix(".model")
    sentence = (
        f"{path}.instance_type must have no GPU with the model's inference_execution_mode 'Direct': SageMaker calls "
        "containers by name on no instances that have some, got 'ml.g5.xlarge'"
    )
    assert problems(**on("ml.g5.xlarge")) == (sentence,)
    for mode in ("Serial", None):
        endpoint(**on("ml.g5.xlarge", mode))
    endpoint(**on("ml.c7g.large"))
    endpoint(**on("ml.g99.xlarge", local_nvme_storage=True))  # newer than the list


def test_terraform_refuses_a_type_with_gpus_where_containers_are_called_by_name() -> None:
    scope = stack()
    mode, type_ = variable(scope, name="mode").string_value, variable(scope, name="type").string_value
    made = synthesize(scope, **on(type_, mode)).one("aws_sagemaker_endpoint_configuration")
    asked = [
        each["condition"]
        for each in made["lifecycle"]["precondition"]
        if "inference_execution_mode 'Direct'" in each["error_message"]
    ]
    for known, right in (
        ({"mode": "Direct", "type": "ml.g5.xlarge"}, False),
        ({"mode": "Serial", "type": "ml.g5.xlarge"}, True),
        ({"mode": "Direct", "type": "ml.m5.xlarge"}, True),
    ):
        assert evaluate(asked, known) == [right]


def test_how_they_are_called_and_their_names_may_be_tokens() -> None:
    scope = stack()
    mode, name = variable(scope, name="mode").string_value, variable(scope, name="host").string_value
    made = synthesize(scope, **stated(containers=named(name, "b"), inference_execution_mode=mode))
    model = made.one("aws_sagemaker_model")
    assert model["inference_execution_config"] == {"mode": "${var.mode}"}
    said = [each["error_message"] for each in model["lifecycle"]["precondition"]]
    assert any("container_hostname of their own" in each for each in said)
    scope = stack()
    mode = variable(scope, name="mode").string_value
    unnamed = synthesize(scope, **stated(containers=[ONE, OTHER], inference_execution_mode=mode))
    said = [each["error_message"] for each in unnamed.one("aws_sagemaker_model")["lifecycle"]["precondition"]]
    assert any("must each have a container_hostname with inference_execution_mode 'Direct'" in each for each in said)


@pytest.mark.parametrize("count", [2, 15])
def test_as_many_containers_as_aws_takes_are_accepted(count: int) -> None:
    made = synthesize(**stated(containers=[ONE] * count))
    assert len(made.one("aws_sagemaker_model")["container"]) == count


MANY = Container(image=IMAGE, mode="MultiModel", model_data_url="s3://models/")


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        (
            {"containers": [ONE]},
            ".containers must have 2 to 15 containers, got 1: one alone is stated by the model's own inputs",
        ),
        (
            {"containers": [ONE] * 16},
            ".containers must have 2 to 15 containers, got 16",
        ),
        ({"containers": ONE}, ".containers must be a list of Container(...), got Container"),
        (
            {"containers": [ONE, Model(image=IMAGE)]},
            ".containers[1] must be Container(...), got Model: a model holds no models",
        ),
        (
            {"containers": [ONE, OTHER], "image": IMAGE},
            ".image must not be given with containers, each of which has its own",
        ),
        (
            {"containers": named("a", None)},
            ".containers must each have a container_hostname, or none of them, got none for containers[1]",
        ),
        (
            {"containers": named("a", "a")},
            ".containers must each have a container_hostname of their own, got ['a', 'a']",
        ),
        (
            {"containers": [ONE, OTHER], "inference_execution_mode": "Direct"},
            (
                ".containers must each have a container_hostname with inference_execution_mode 'Direct', where a call "
                "names one of them, got 'Direct'"
            ),
        ),
        (
            {"containers": [MANY, MANY]},
            (".containers must have at most one container of mode 'MultiModel', got containers[0] and containers[1]"),
        ),
        (
            {"image": IMAGE, "inference_execution_mode": "Serial"},
            ".inference_execution_mode must not be given without containers: one is called as it is",
        ),
        (
            {"containers": [ONE, OTHER], "inference_execution_mode": "SERIAL"},
            ".inference_execution_mode must look like 'Direct' (pattern Serial|Direct), got 'SERIAL'",
        ),
        (
            {"containers": [Container(image=IMAGE, environment={f"A{n:02}": "b" * 1021 for n in range(20)})] * 2},
            ".containers must hold at most 32768 bytes in their environments together, got 40960",
        ),
    ],
)
def test_wrong_containers_are_told(inputs: dict[str, Any], sentence: str) -> None:
    assert problems(**stated(**inputs)) == (f"{AT}{sentence}",)


def test_one_of_several_containers_may_serve_many_models() -> None:
    made = synthesize(**stated(containers=[MANY, ONE], inference_execution_mode="Serial"))
    assert [each.get("mode") for each in made.one("aws_sagemaker_model")["container"]] == ["MultiModel", None]


def test_an_image_of_awss_own_is_looked_up_where_the_provider_works() -> None:
    scope = stack()
    image = prebuilt_image(scope, "huggingface-pytorch-inference", "2.6.0-cpu-py312")
    made = synthesize(scope, **stated(image=image))
    lookup = made.one("data.aws_sagemaker_prebuilt_ecr_image")
    assert lookup == {"image_tag": "2.6.0-cpu-py312", "repository_name": "huggingface-pytorch-inference"}
    address = made.address("data.aws_sagemaker_prebuilt_ecr_image")
    assert made.one("aws_sagemaker_model")["primary_container"]["image"] == f"${{{address}.registry_path}}"
    [resource] = made.statements("Artifacts")["PullImages"]["resources"]
    assert f"{address}.registry_path" in resource


def test_wrong_names_of_awss_own_images_are_told() -> None:
    with pytest.raises(InputError) as raised:
        prebuilt_image(stack(), "Hugging Face", "a b")
    assert [each.partition(" ")[0] for each in raised.value.problems] == ["repository_name", "image_tag"]
    scope = stack()
    prebuilt_image(scope, "blazingtext", "1", id="Text")
    assert "Text" in Synthesized(scope).address("data.aws_sagemaker_prebuilt_ecr_image")
