"""Containers as the AWS provider wants them: a model's only one in one kind of blocks, several in another like it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sagemaker_endpoint.engine.bindings import (
    SagemakerModelContainer,
    SagemakerModelContainerImageConfig,
    SagemakerModelContainerImageConfigRepositoryAuthConfig,
    SagemakerModelContainerModelDataSource,
    SagemakerModelContainerModelDataSourceS3DataSource,
    SagemakerModelContainerModelDataSourceS3DataSourceModelAccessConfig,
    SagemakerModelContainerMultiModelConfig,
    SagemakerModelPrimaryContainer,
    SagemakerModelPrimaryContainerImageConfig,
    SagemakerModelPrimaryContainerImageConfigRepositoryAuthConfig,
    SagemakerModelPrimaryContainerModelDataSource,
    SagemakerModelPrimaryContainerModelDataSourceS3DataSource,
    SagemakerModelPrimaryContainerModelDataSourceS3DataSourceModelAccessConfig,
    SagemakerModelPrimaryContainerMultiModelConfig,
    sagemaker_model,
)

from .container import HAS_ADDITIONAL_MODEL_DATA_SOURCES, Container
from .image import ImageConfig
from .s3_data_source import S3DataSource

_Block = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """The classes of a data source's blocks, from the outermost to the innermost."""

    source: _Block
    s3: _Block
    access: _Block


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """The classes of a container's blocks."""

    container: _Block
    data: _Source
    additional: _Source | None
    multi_model: _Block
    image_config: _Block
    auth: _Block


def _additional(container: type) -> _Source | None:
    """Find the blocks of further sources, which the bindings of AWS provider 5 do not have."""
    source = f"{container.__name__}AdditionalModelDataSource"
    if not HAS_ADDITIONAL_MODEL_DATA_SOURCES:
        return None
    names = (source, f"{source}S3DataSource", f"{source}S3DataSourceModelAccessConfig")
    outer, inner, access = (getattr(sagemaker_model, name) for name in names)
    return _Source(source=outer, s3=inner, access=access)


_PRIMARY = _Kind(
    container=SagemakerModelPrimaryContainer,
    data=_Source(
        source=SagemakerModelPrimaryContainerModelDataSource,
        s3=SagemakerModelPrimaryContainerModelDataSourceS3DataSource,
        access=SagemakerModelPrimaryContainerModelDataSourceS3DataSourceModelAccessConfig,
    ),
    additional=_additional(SagemakerModelPrimaryContainer),
    multi_model=SagemakerModelPrimaryContainerMultiModelConfig,
    image_config=SagemakerModelPrimaryContainerImageConfig,
    auth=SagemakerModelPrimaryContainerImageConfigRepositoryAuthConfig,
)
_ONE_OF_SEVERAL = _Kind(
    container=SagemakerModelContainer,
    data=_Source(
        source=SagemakerModelContainerModelDataSource,
        s3=SagemakerModelContainerModelDataSourceS3DataSource,
        access=SagemakerModelContainerModelDataSourceS3DataSourceModelAccessConfig,
    ),
    additional=_additional(SagemakerModelContainer),
    multi_model=SagemakerModelContainerMultiModelConfig,
    image_config=SagemakerModelContainerImageConfig,
    auth=SagemakerModelContainerImageConfigRepositoryAuthConfig,
)


def primary_container(container: Container) -> SagemakerModelPrimaryContainer:
    """Write a model's only container."""
    made: SagemakerModelPrimaryContainer = _container(_PRIMARY, container)
    return made


def containers(several: Sequence[Container]) -> list[SagemakerModelContainer]:
    """Write a model's several containers."""
    return [_container(_ONE_OF_SEVERAL, each) for each in several]


def _further_sources(kind: _Source | None, sources: Mapping[str, S3DataSource]) -> dict[str, list[Any]]:
    """Write further sources as an argument, which only bindings that know it are given."""
    if kind is None or not sources:
        return {}
    written = [kind.source(channel_name=name, s3_data_source=_s3(kind, each)) for name, each in sources.items()]
    return {"additional_model_data_source": written}


def _container(kind: _Kind, container: Container) -> Any:  # noqa: ANN401 - of either kind
    source, cache, image_config = container.model_data_source, container.model_cache_setting, container.image_config
    return kind.container(
        image=container.image,
        model_data_url=container.model_data_url,
        environment=container.variables(),
        container_hostname=container.container_hostname,
        model_data_source=None if source is None else kind.data.source(s3_data_source=_s3(kind.data, source)),
        **_further_sources(kind.additional, container.additional_model_data_sources or {}),
        mode=container.mode,
        multi_model_config=None if cache is None else kind.multi_model(model_cache_setting=cache),
        model_package_name=container.model_package_name,
        inference_specification_name=container.inference_specification_name,
        image_config=None if image_config is None else _image_config(kind, image_config),
    )


def _s3(kind: _Source, source: S3DataSource) -> list[Any]:
    accepted = kind.access(accept_eula=True) if source.accept_eula else None
    return [
        kind.s3(
            s3_uri=source.s3_uri,
            s3_data_type=source.s3_data_type,
            compression_type=source.compression_type,
            model_access_config=accepted,
        )
    ]


def _image_config(kind: _Kind, config: ImageConfig) -> Any:  # noqa: ANN401 - of either kind
    arn = config.repository_credentials_provider_arn
    return kind.image_config(
        repository_access_mode=config.repository_access_mode,
        repository_auth_config=None if arn is None else kind.auth(repository_credentials_provider_arn=arn),
    )
