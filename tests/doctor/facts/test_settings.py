"""Advice that names a setting knows what the setting still can give."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

from sagemaker_endpoint_doctor.examination.subject import NoSuchEndpointError, Subject
from sagemaker_endpoint_doctor.facts.settings import LONGER_DOWNLOAD, LONGER_START, MORE_DISK, MORE_MEMORY, resolved

import pytest

_ON_A_VOLUME: Mapping[str, Any] = {"InstanceType": "ml.m5.xlarge"}
_ON_DRIVES: Mapping[str, Any] = {"InstanceType": "ml.g5.xlarge"}
_START = "ContainerStartupHealthCheckTimeoutInSeconds"


def serverless(memory: int) -> Mapping[str, Any]:
    return {"ServerlessConfig": {"MemorySizeInMB": memory}}


def of(*variants: Mapping[str, Any]) -> Subject:
    """Give what an advice asks of a subject: its variants."""
    return cast("Subject", SimpleNamespace(variants=lambda: variants))


@pytest.mark.parametrize(
    ("place", "variant", "advice"),
    [
        (MORE_DISK, _ON_A_VOLUME, "raise volume_size_in_gb (now 30, at most 512)"),
        (MORE_DISK, {**_ON_A_VOLUME, "VolumeSizeInGB": 512}, "volume_size_in_gb is at its most"),
        (MORE_DISK, _ON_DRIVES, "the drives of ml.g5.xlarge are of a fixed size"),
        (MORE_DISK, serverless(2048), "a serverless variant has 5 GB of disk"),
        (MORE_MEMORY, _ON_DRIVES, "take an instance_type with more memory"),
        (MORE_MEMORY, serverless(2048), "raise memory_size_in_mb (now 2048, at most 6144)"),
        (MORE_MEMORY, serverless(6144), "host it on instances"),
        (LONGER_START, _ON_A_VOLUME, "raise container_startup_health_check_timeout_in_seconds (at most 3600)"),
        (LONGER_START, {**_ON_A_VOLUME, _START: 600}, "(now 600, at most 3600)"),
        (
            LONGER_START,
            {**_ON_A_VOLUME, _START: 3600},
            "make it load faster: container_startup_health_check",
        ),
        (LONGER_START, serverless(2048), "a serverless variant has no container_startup_health_check_timeout_in"),
        (LONGER_DOWNLOAD, {**_ON_A_VOLUME, "ModelDataDownloadTimeoutInSeconds": 60}, "(now 60, at most 3600)"),
        (LONGER_DOWNLOAD, _ON_A_VOLUME, "give it unpacked"),
    ],
)
def test_no_advice_asks_for_what_the_variant_cannot_have(place: str, variant: Mapping[str, Any], advice: str) -> None:
    assert advice in resolved(of(variant), f"Do this, or {place}.")


def test_where_the_variants_are_not_known_an_advice_states_its_conditions() -> None:
    def none() -> None:
        raise NoSuchEndpointError("there is no endpoint")

    told = resolved(cast("Subject", SimpleNamespace(variants=none)), f"{MORE_DISK}; {LONGER_START}.")
    assert told == (
        "raise volume_size_in_gb where the instance type takes one, otherwise take a type with a larger disk; raise "
        "container_startup_health_check_timeout_in_seconds (at most 3600)."
    )
