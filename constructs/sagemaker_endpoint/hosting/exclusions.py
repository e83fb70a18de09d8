"""What SageMaker does not host together.

https://docs.aws.amazon.com/sagemaker/latest/dg/model-deploy-feature-matrix.html
"""

from collections.abc import Iterator

from sagemaker_endpoint.rules import checks

from .asynchronous import AsyncInferenceConfig
from .container import MULTI_MODEL, Container
from .data_capture import DataCaptureConfig
from .model import Model
from .serverless import ServerlessProductionVariant

_ASYNCHRONOUS = "async_inference_config"
_CAPTURE = "data_capture_config"
_SHADOW = "shadow_production_variants"
_SEVERAL = "several production_variants"
_SERVERLESS = "a ServerlessProductionVariant"
_CONTAINERS = "containers"
_MULTI_MODEL = "mode"
_DATA_SOURCE = "model_data_source"
_FURTHER_SOURCES = "additional_model_data_sources"
_REGISTRY = "image_config"

_REAL_TIME = "SageMaker hosts that on real-time endpoints alone"
_ONE_MODEL = "SageMaker does that for endpoints of one model in one container alone"
_PAIRS = (
    (
        _ASYNCHRONOUS,
        _CAPTURE,
        "SageMaker captures no data of asynchronous endpoints, whose payloads and answers lie in Amazon S3 anyway",
    ),
    (_ASYNCHRONOUS, _SEVERAL, "an asynchronous endpoint has one"),
    (_ASYNCHRONOUS, _SHADOW, "a shadow variant gets a copy of requests that are answered at once"),
    (_ASYNCHRONOUS, _SERVERLESS, "an asynchronous endpoint has instances"),
    (_MULTI_MODEL, _ASYNCHRONOUS, _REAL_TIME),
    (_CONTAINERS, _ASYNCHRONOUS, _REAL_TIME),
    (_CAPTURE, _SERVERLESS, "SageMaker captures no data of serverless endpoints"),
    (_CAPTURE, _MULTI_MODEL, _ONE_MODEL),
    (_CAPTURE, _CONTAINERS, _ONE_MODEL),
    (_SHADOW, _SERVERLESS, "AWS copies the requests of instances alone"),
    (_SHADOW, _SEVERAL, "AWS copies the requests of exactly one"),
    (_SHADOW, _MULTI_MODEL, _ONE_MODEL),
    (_SHADOW, _CONTAINERS, _ONE_MODEL),
    (_MULTI_MODEL, _SERVERLESS, "a serverless endpoint holds one model"),
    (_CONTAINERS, _SERVERLESS, "a serverless endpoint runs one container"),
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
    (_DATA_SOURCE, _SERVERLESS, "a serverless endpoint takes an archive, model_data_url"),
    (_FURTHER_SOURCES, _SERVERLESS, "a serverless endpoint takes one archive, model_data_url"),
    # https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
    (_REGISTRY, _SERVERLESS, "a serverless endpoint reaches no registry in a VPC"),
)


def problems(
    production_variants: object,
    shadow_production_variants: object,
    async_inference_config: AsyncInferenceConfig | None,
    data_capture_config: DataCaptureConfig | None,
) -> Iterator[checks.Finding]:
    """Yield each pair of inputs that SageMaker refuses, and why."""
    given = dict(_containers_given(production_variants, shadow_production_variants))
    if async_inference_config is not None:
        given[_ASYNCHRONOUS] = _ASYNCHRONOUS
    if data_capture_config is not None:
        given[_CAPTURE] = _CAPTURE
    if shadow_production_variants:
        given[_SHADOW] = _SHADOW
    variants = checks.listed(production_variants)
    if len(variants) > 1:
        given[_SEVERAL] = f"{_SEVERAL}, got {len(variants)}"
    if any(isinstance(each, ServerlessProductionVariant) for each in variants):
        given[_SERVERLESS] = _SERVERLESS
    for one, other, why in _PAIRS:
        if one in given and other in given:
            yield f"{given[one]} must not be given with {given[other]}: {why}"


def _containers_given(*lists: object) -> Iterator[tuple[str, str]]:
    """Name what is given of models by the input that gives it, with its path."""
    for name, variants in zip(("production_variants", "shadow_production_variants"), lists, strict=True):
        for index, variant in enumerate(checks.listed(variants)):
            model = getattr(variant, "model", None)
            if isinstance(model, Model):
                yield from _model_given(f"{name}[{index}].model", model)


def _model_given(at: str, model: Model) -> Iterator[tuple[str, str]]:
    if model.containers is not None:
        yield _CONTAINERS, f"{at}.containers"
    for path, container in model.named_containers(at):
        yield from _container_given(path, container)


def _container_given(at: str, container: Container) -> Iterator[tuple[str, str]]:
    if container.mode == MULTI_MODEL:
        yield _MULTI_MODEL, f"{at}.mode 'MultiModel'"
    for name in (_DATA_SOURCE, _FURTHER_SOURCES):
        if getattr(container, name):
            yield name, f"{at}.{name}"
    if container.lies_in_vpc:
        yield _REGISTRY, f"{at}.image_config of mode 'Vpc'"
