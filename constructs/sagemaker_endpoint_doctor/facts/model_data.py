"""Where the data of models lies in S3, and how much it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.errors import error_code
from sagemaker_endpoint_doctor.examination.subject import Subject

from botocore.exceptions import ClientError

from . import s3_urls

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_sagemaker.type_defs import ContainerDefinitionOutputTypeDef, S3ModelDataSourceTypeDef

MOST_OBJECTS = 10_000  # that are looked at: ten calls
_NOT_FOUND = {"404", "NoSuchKey", "NoSuchBucket"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelData:
    """An object, or all objects whose keys begin alike.

    Attributes:
        bucket: The bucket's name.
        key: The object's key, or the beginning of the keys.
        is_prefix: Whether it is the beginning of keys.
        is_packed: Whether SageMaker unpacks it: then it takes more room than its size.
        is_loaded_at_start: Whether all of it is; a multi-model container loads each model when it is asked for.
    """

    bucket: str
    key: str
    is_prefix: bool
    is_packed: bool
    is_loaded_at_start: bool

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much there is; `is_all` is false where so many objects were found that the rest was not counted.

    Attributes:
        folders: The keys of the empty objects by which the S3 console shows folders.
    """

    objects: int
    size: int
    is_all: bool = True
    folders: Sequence[str] = ()


def of_container(container: "ContainerDefinitionOutputTypeDef") -> Iterator[ModelData]:
    """Yield the data that a container is given.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
    """
    is_loaded = container.get("Mode") != "MultiModel"
    source = container.get("ModelDataSource", {}).get("S3DataSource")
    if source:
        yield from _of_source(source, is_loaded=is_loaded)
    elif "ModelDataUrl" in container:
        yield from _at(container["ModelDataUrl"], is_prefix=not is_loaded, is_packed=is_loaded, is_loaded=is_loaded)
    for additional in container.get("AdditionalModelDataSources", []):
        yield from _of_source(additional["S3DataSource"], is_loaded=is_loaded)


def _of_source(source: "S3ModelDataSourceTypeDef", *, is_loaded: bool) -> Iterator[ModelData]:
    yield from _at(
        source["S3Uri"],
        is_prefix=source["S3DataType"] == "S3Prefix",
        is_packed=source["CompressionType"] == "Gzip",
        is_loaded=is_loaded,
    )


def _at(url: str, *, is_prefix: bool, is_packed: bool, is_loaded: bool) -> Iterator[ModelData]:
    place = s3_urls.parse(url)
    if place:
        yield ModelData(
            bucket=place.bucket, key=place.key, is_prefix=is_prefix, is_packed=is_packed, is_loaded_at_start=is_loaded
        )


def extent(subject: Subject, data: ModelData) -> Extent | None:
    """Measure it, without reading any of it; None where there is nothing."""
    return subject.once(f"extent of {data}", lambda: _extent(subject, data))


def _extent(subject: Subject, data: ModelData) -> Extent | None:
    s3 = subject.aws.s3()
    try:
        if not data.is_prefix:
            return Extent(objects=1, size=s3.head_object(Bucket=data.bucket, Key=data.key)["ContentLength"])
        pages = s3.get_paginator("list_objects_v2").paginate(
            Bucket=data.bucket, Prefix=data.key, PaginationConfig={"MaxItems": MOST_OBJECTS}
        )
        sizes = {each["Key"]: each["Size"] for page in pages for each in page.get("Contents", [])}
    except ClientError as error:
        if error_code(error) in _NOT_FOUND:
            return None
        raise
    if not sizes:
        return None
    folders = [key for key, size in sizes.items() if key.endswith("/") and not size]
    return Extent(objects=len(sizes), size=sum(sizes.values()), is_all=pages.resume_token is None, folders=folders)
