"""What SageMaker does not host together is refused in one sentence, and every other two of the same are allowed."""

import itertools
from dataclasses import replace
from typing import Any

from sagemaker_endpoint import (
    AsyncInferenceConfig,
    Container,
    DataCaptureConfig,
    ImageConfig,
    Model,
    S3DataSource,
    ServerlessProductionVariant,
)
from sagemaker_endpoint.hosting import exclusions

import pytest

from tests.examples import IMAGE, VARIANT, endpoint, problems

ASYNCHRONOUS, CAPTURE, SHADOW = "async_inference_config", "data_capture_config", "shadow_production_variants"
SEVERAL, SERVERLESS = "several production_variants", "a ServerlessProductionVariant"
CONTAINERS, MULTI_MODEL = "containers", "mode"
DATA_SOURCE, FURTHER_SOURCES, REGISTRY = "model_data_source", "additional_model_data_sources", "image_config"
EVERY = (
    ASYNCHRONOUS,
    CAPTURE,
    SHADOW,
    SEVERAL,
    SERVERLESS,
    CONTAINERS,
    MULTI_MODEL,
    DATA_SOURCE,
    FURTHER_SOURCES,
    REGISTRY,
)
SOURCE = S3DataSource(s3_uri="s3://models/weights/")
OF_A_CONTAINER: dict[str, dict[str, Any]] = {
    MULTI_MODEL: {"mode": "MultiModel", "model_data_url": "s3://models/"},
    DATA_SOURCE: {"model_data_source": SOURCE},
    FURTHER_SOURCES: {"additional_model_data_sources": {"adapters": SOURCE}},
    REGISTRY: {
        "image": "registry.example.com/sentiment:1",
        "image_config": ImageConfig(repository_access_mode="Vpc"),
    },
}


def stated(*given: str) -> dict[str, Any]:
    """Give an endpoint of one variant and one container, but for what is given."""
    container: dict[str, Any] = {"image": IMAGE}
    for each in given:
        container |= OF_A_CONTAINER.get(each, {})
    first = Container(**container)
    model = Model(containers=[first, Container(image=IMAGE)]) if CONTAINERS in given else Model(**container)
    variant: Any = replace(VARIANT, model=model)
    variants = [variant]
    inputs: dict[str, Any] = {}
    if SERVERLESS in given:
        variants = [ServerlessProductionVariant(model=model, memory_size_in_mb=2048, max_concurrency=1)]
        inputs["network"] = None
    if SEVERAL in given:
        variants.append(replace(variant, variant_name="other"))
    if SHADOW in given:
        inputs[SHADOW] = [replace(variant, variant_name="shadow")]
    if ASYNCHRONOUS in given:
        inputs[ASYNCHRONOUS] = AsyncInferenceConfig(s3_output_path="s3://answers")
    if CAPTURE in given:
        inputs[CAPTURE] = DataCaptureConfig(destination_s3_uri="s3://captured", initial_sampling_percentage=1)
    return {**inputs, "production_variants": variants}


AT, BESIDE = "production_variants[0].model", "shadow_production_variants[0].model"
MANY = f"{AT}.mode 'MultiModel' must not be given with"
REAL_TIME = "SageMaker hosts that on real-time endpoints alone"
ONE_MODEL = "SageMaker does that for endpoints of one model in one container alone"
REFUSED = {
    (ASYNCHRONOUS, CAPTURE): (
        "async_inference_config must not be given with data_capture_config: SageMaker captures no data of asynchronous "
        "endpoints, whose payloads and answers lie in Amazon S3 anyway"
    ),
    (ASYNCHRONOUS, SEVERAL): (
        "async_inference_config must not be given with several production_variants, got 2: an asynchronous endpoint "
        "has one"
    ),
    (ASYNCHRONOUS, SHADOW): (
        "async_inference_config must not be given with shadow_production_variants: a shadow variant gets a copy of "
        "requests that are answered at once"
    ),
    (ASYNCHRONOUS, SERVERLESS): (
        "async_inference_config must not be given with a ServerlessProductionVariant: an asynchronous endpoint has "
        "instances"
    ),
    (MULTI_MODEL, ASYNCHRONOUS): f"{MANY} async_inference_config: {REAL_TIME}",
    (CONTAINERS, ASYNCHRONOUS): f"{AT}.containers must not be given with async_inference_config: {REAL_TIME}",
    (CAPTURE, SERVERLESS): (
        "data_capture_config must not be given with a ServerlessProductionVariant: SageMaker captures no data of "
        "serverless endpoints"
    ),
    (CAPTURE, MULTI_MODEL): f"data_capture_config must not be given with {AT}.mode 'MultiModel': {ONE_MODEL}",
    (CAPTURE, CONTAINERS): f"data_capture_config must not be given with {AT}.containers: {ONE_MODEL}",
    (SHADOW, SERVERLESS): (
        "shadow_production_variants must not be given with a ServerlessProductionVariant: AWS copies the requests of "
        "instances alone"
    ),
    (SHADOW, SEVERAL): (
        "shadow_production_variants must not be given with several production_variants, got 2: AWS copies the "
        "requests of exactly one"
    ),
    (SHADOW, MULTI_MODEL): f"shadow_production_variants must not be given with {BESIDE}.mode 'MultiModel': {ONE_MODEL}",
    (SHADOW, CONTAINERS): f"shadow_production_variants must not be given with {BESIDE}.containers: {ONE_MODEL}",
    (MULTI_MODEL, SERVERLESS): f"{MANY} a ServerlessProductionVariant: a serverless endpoint holds one model",
    (CONTAINERS, SERVERLESS): (
        f"{AT}.containers must not be given with a ServerlessProductionVariant: a serverless endpoint runs one "
        "container"
    ),
    (DATA_SOURCE, SERVERLESS): (
        f"{AT}.model_data_source must not be given with a ServerlessProductionVariant: a serverless endpoint takes an "
        "archive, model_data_url"
    ),
    (FURTHER_SOURCES, SERVERLESS): (
        f"{AT}.additional_model_data_sources must not be given with a ServerlessProductionVariant: a serverless "
        "endpoint takes one archive, model_data_url"
    ),
    (REGISTRY, SERVERLESS): (
        f"{AT}.image_config of mode 'Vpc' must not be given with a ServerlessProductionVariant: a serverless endpoint "
        "reaches no registry in a VPC"
    ),
}
# Refused by a part of its own: tests of serverless variants and of containers have these.
OF_ONE_PART = [{SEVERAL, SERVERLESS}, {MULTI_MODEL, DATA_SOURCE}]
ALLOWED = [
    pair
    for pair in itertools.combinations(EVERY, 2)
    if not {pair, pair[::-1]} & REFUSED.keys() and {*pair} not in OF_ONE_PART
]


def test_every_pair_of_the_table_is_tried() -> None:
    assert {(one, other) for one, other, _ in exclusions._PAIRS} == REFUSED.keys()  # noqa: SLF001 - its tests


@pytest.mark.parametrize("pair", REFUSED, ids=" and ".join)
def test_two_that_exclude_one_another_are_refused_in_one_sentence(pair: tuple[str, str]) -> None:
    assert problems(**stated(*pair)) == (REFUSED[pair],)


@pytest.mark.parametrize("given", EVERY)
def test_each_is_allowed_without_the_other(given: str) -> None:
    assert endpoint(**stated(given)).endpoint_name


@pytest.mark.parametrize("pair", ALLOWED, ids=" and ".join)
def test_every_two_that_the_table_has_not_are_allowed_together(pair: tuple[str, str]) -> None:
    assert endpoint(**stated(*pair)).endpoint_name


@pytest.mark.parametrize(
    ("given", "model"),
    [
        (ASYNCHRONOUS, Model(image=IMAGE, mode="SingleModel", model_data_url="s3://models/a.tar.gz")),
        (CAPTURE, Model(image=IMAGE, mode="SingleModel", model_data_url="s3://models/a.tar.gz")),
        (SHADOW, Model(image=IMAGE, mode="SingleModel", model_data_url="s3://models/a.tar.gz")),
        (SERVERLESS, Model(image=IMAGE, mode="SingleModel", model_data_url="s3://models/a.tar.gz")),
        (SERVERLESS, Model(image=IMAGE, image_config=ImageConfig(repository_access_mode="Platform"))),
        (SERVERLESS, Model(image=IMAGE, additional_model_data_sources={})),
    ],
)
def test_the_nearest_model_is_allowed(given: str, model: Model) -> None:
    inputs = stated(given)
    for name in ("production_variants", SHADOW):
        inputs[name] = [replace(each, model=model) for each in inputs.get(name, [])]
    assert endpoint(**inputs).endpoint_name


def test_all_that_is_refused_is_told_at_once() -> None:
    found = problems(**stated(ASYNCHRONOUS, CAPTURE, SHADOW, SEVERAL))
    pairs = [pair for pair in REFUSED if {*pair} <= {ASYNCHRONOUS, CAPTURE, SHADOW, SEVERAL}]
    assert sorted(found) == sorted(REFUSED[pair] for pair in pairs)
    assert len(found) > 3


def test_a_model_of_the_shadow_variant_alone_counts_too() -> None:
    inputs = stated(SHADOW)
    inputs[SHADOW] = [
        replace(each, model=stated(MULTI_MODEL)["production_variants"][0].model) for each in inputs[SHADOW]
    ]
    assert problems(**inputs) == (REFUSED[SHADOW, MULTI_MODEL],)
