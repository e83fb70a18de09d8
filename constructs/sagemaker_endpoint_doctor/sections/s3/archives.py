"""Data that S3 keeps in an archive, and gives to nobody before it is restored.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.examination.finding import Finding, problem, unknown, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts.model_data import MOST_OBJECTS, ModelData
from sagemaker_endpoint_doctor.text.words import counted

from .buckets import Bucket, client

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

# Not GLACIER_IR, whose objects are read as any: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
_CLASSES = {"GLACIER", "DEEP_ARCHIVE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Archived:
    """An object that is archived.

    Attributes:
        key: Its key.
        tier: Its storage class or, in S3 Intelligent-Tiering, its archive tier.
        is_restoring: Whether S3 is about to restore it.
    """

    key: str
    tier: str
    is_restoring: bool


def archived(
    subject: Subject, found: Bucket, place: ModelData, first: "HeadObjectOutputTypeDef", command: str
) -> Iterator[Finding]:
    """Tell of data that is archived; `first` is what HeadObject says of it, or of the first of its objects."""
    objects, is_all = _of_listing(subject, found, place) if place.is_prefix else ([], True)
    objects = objects or _of_object(place, first)
    if not objects:
        if not is_all:
            yield unknown(f"{place}: whether any but its first {MOST_OBJECTS:,} objects is archived", command=command)
        return
    example = objects[0]
    seen = f"{place} is archived ({example.tier})"
    if place.is_prefix:
        seen = f"{place}: {counted(len(objects), 'object')} archived, such as {example.key} ({example.tier})"
    wait = "S3 restores it: wait until the command shows that it is done. "
    restore = "Restore it with S3's RestoreObject, in the console Initiate restore: that takes minutes to two days. "
    yield (problem if place.is_loaded_at_start else warning)(
        seen + (", and being restored" if example.is_restoring else ""),
        why="S3 gives it to nobody before it is restored: an instance that starts cannot load it, so the endpoint "
        "cannot be updated, scaled or healed."
        if place.is_loaded_at_start
        else "S3 gives it to nobody before it is restored: requests for a model that is not loaded yet fail.",
        next=(wait if example.is_restoring else restore)
        + "Then copy it onto itself in the class STANDARD, since what is restored lasts some days only, and keep the "
        "bucket's lifecycle rules from it. If you have the data elsewhere, putting it there anew is faster.",
        command=command,
    )


def _of_object(place: ModelData, first: "HeadObjectOutputTypeDef") -> Sequence[_Archived]:
    """Read it from HeadObject, which alone tells of S3 Intelligent-Tiering's archives.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    """
    storage_class, restore = first.get("StorageClass", ""), first.get("Restore", "")
    tier = first.get("ArchiveStatus") or (storage_class if storage_class in _CLASSES else "")
    if not tier or 'ongoing-request="false"' in restore:
        return []
    return [_Archived(key=place.key, tier=tier, is_restoring='ongoing-request="true"' in restore)]


def _of_listing(subject: Subject, found: Bucket, place: ModelData) -> tuple[Sequence[_Archived], bool]:
    """Look through the first objects, and tell whether these are all.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreStatus.html
    """
    pages = (
        client(subject, found)
        .get_paginator("list_objects_v2")
        .paginate(
            Bucket=place.bucket,
            Prefix=place.key,
            OptionalObjectAttributes=["RestoreStatus"],
            PaginationConfig={"MaxItems": MOST_OBJECTS},
        )
    )
    archived = [
        _Archived(key=each["Key"], tier=each["StorageClass"], is_restoring=restore.get("IsRestoreInProgress", False))
        for page in pages
        for each in page.get("Contents", [])
        if each.get("StorageClass") in _CLASSES
        and "RestoreExpiryDate" not in (restore := each.get("RestoreStatus", {}))
    ]
    return archived, pages.resume_token is None
