"""What the variants' settings can still give: advice that names a setting is checked against them before it is printed.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.errors import UNANSWERED
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.text.words import listed

from . import instance_types

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_sagemaker.type_defs import ProductionVariantOutputTypeDef

    Variants = Sequence[ProductionVariantOutputTypeDef]

MORE_DISK, MORE_MEMORY = "{more disk}", "{more memory}"
LONGER_START, LONGER_DOWNLOAD = "{a longer start}", "{a longer download}"
"""Places in an advice, for what `resolved` puts there."""

# What an instance without local drives has where the configuration states nothing, and how long it may load.
# https://docs.aws.amazon.com/sagemaker/latest/dg/large-model-inference-hosting.html
DEFAULT_VOLUME_IN_GB, _MOST_VOLUME_IN_GB = 30, 512
DEFAULT_TIMEOUT_IN_SECONDS = _MOST_SECONDS = 3600
_MOST_MEMORY_IN_MB = 6144


def resolved(subject: Subject, advice: str) -> str:
    """Put into an advice what is possible for the variants that there are; where AWS tells of none, the conditions."""
    try:
        variants = subject.variants()
    except UNANSWERED:
        variants = []
    for place, say in _PLACES.items():
        if place in advice:
            advice = advice.replace(place, say(variants))
    return advice


def _more_disk(variants: "Variants") -> str:
    types = _types(variants)
    if variants and not types:
        return "host it on instances: a serverless variant has 5 GB of disk, whatever its memory"
    fixed = [each for each in types if instance_types.has_local_storage(each)]
    if not types:
        return "raise volume_size_in_gb where the instance type takes one, otherwise take a type with a larger disk"
    if len(fixed) == len(types):
        return f"take an instance_type with a larger disk: the drives of {listed(fixed)} are of a fixed size"
    sizes = [each.get("VolumeSizeInGB", DEFAULT_VOLUME_IN_GB) for each in _with_volumes(variants)]
    if min(sizes) >= _MOST_VOLUME_IN_GB:
        return "take an instance_type with a larger disk of its own: volume_size_in_gb is at its most"
    return f"raise volume_size_in_gb (now {min(sizes)}, at most {_MOST_VOLUME_IN_GB})"


def _more_memory(variants: "Variants") -> str:
    sizes = [each["ServerlessConfig"]["MemorySizeInMB"] for each in variants if "ServerlessConfig" in each]
    if not sizes or _types(variants):
        return "take an instance_type with more memory"
    if min(sizes) >= _MOST_MEMORY_IN_MB:
        return f"host it on instances: a serverless variant has {_MOST_MEMORY_IN_MB} MB at most"
    return f"raise memory_size_in_mb (now {min(sizes)}, at most {_MOST_MEMORY_IN_MB})"


def _longer_start(variants: "Variants") -> str:
    return _longer(
        [each.get("ContainerStartupHealthCheckTimeoutInSeconds") for each in variants if "InstanceType" in each],
        "container_startup_health_check_timeout_in_seconds",
        "make it load faster",
        is_serverless=bool(variants) and not _types(variants),
    )


def _longer_download(variants: "Variants") -> str:
    return _longer(
        [
            each.get("ModelDataDownloadTimeoutInSeconds", DEFAULT_TIMEOUT_IN_SECONDS)
            for each in variants
            if "InstanceType" in each
        ],
        "model_data_download_timeout_in_seconds",
        "give it unpacked (model_data_source), which loads faster",
        is_serverless=bool(variants) and not _types(variants),
    )


def _longer(granted: Sequence[int | None], setting: str, otherwise: str, *, is_serverless: bool) -> str:
    if is_serverless:
        return f"{otherwise}, or host it on instances: a serverless variant has no {setting}"
    stated = [each for each in granted if each is not None]
    if stated and len(stated) == len(granted) and min(stated) >= _MOST_SECONDS:
        return f"{otherwise}: {setting} is {_MOST_SECONDS}, the most"
    now = f"now {min(stated)}, " if stated and len(stated) == len(granted) else ""
    return f"raise {setting} ({now}at most {_MOST_SECONDS})"


def _types(variants: "Variants") -> list[str]:
    return list(dict.fromkeys(each["InstanceType"] for each in variants if "InstanceType" in each))


def _with_volumes(variants: "Variants") -> "Variants":
    return [
        each
        for each in variants
        if "InstanceType" in each and not instance_types.has_local_storage(each["InstanceType"])
    ]


_PLACES: Mapping[str, Callable[["Variants"], str]] = {
    MORE_DISK: _more_disk,
    MORE_MEMORY: _more_memory,
    LONGER_START: _longer_start,
    LONGER_DOWNLOAD: _longer_download,
}
