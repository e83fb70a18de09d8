"""Which instances serve which model, and how the traffic is shared: the endpoint configuration."""

import difflib
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from . import checks, limits, names
from .bindings import (
    Annotations,
    Construct,
    SagemakerEndpointConfiguration,
    SagemakerEndpointConfigurationProductionVariants,
)
from .expressions import expression
from .lifecycle import set_lifecycle
from .model import Model

_INSTANCE_TYPE = limits.Text(min_length=1, max_length=None, pattern=r"ml\.[a-z0-9-]+\.[a-z0-9-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceProductionVariant:
    """Instances of one type that serve one model.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html

    Attributes:
        model: What the instances run.
        instance_type: The type, such as ``ml.m5.xlarge``.
        initial_instance_count: How many instances, at least 1. Default 2: SageMaker spreads them over the zones, so
            that the loss of one does not take the endpoint down.
        variant_name: Tells the endpoint's variants apart and becomes part of Terraform addresses: at most 63
            letters, digits and hyphens. Default ``AllTraffic``; several variants each need their own.
        initial_variant_weight: The share of traffic, in relation to the sum of all weights; 0 takes none.
            Default 1. SageMaker keeps it in single precision, to which it is rounded here; where Terraform alone knows
            it, a fraction such as 0.3 would differ from what is kept in each plan: give whole numbers there.
        volume_size_in_gb: The storage volume of each instance, 1 to 512 GB. Default: SageMaker's choice for the
            type. Types with local NVMe drives take none.
        model_data_download_timeout_in_seconds: How long an instance may take to download the model's data,
            60 to 3,600 s. Default: SageMaker's own.
        container_startup_health_check_timeout_in_seconds: How long a container may take until it answers pings,
            60 to 3,600 s. Default: SageMaker's own.
        local_nvme_storage: Whether the type keeps data on local NVMe drives, which their hosts encrypt and which
            refuse the key. Default: known from AWS's list. State it for a type that is newer than the list, and it
            is taken as given.
    """

    model: Model
    instance_type: str
    initial_instance_count: float = 2
    variant_name: str = "AllTraffic"
    initial_variant_weight: float = 1
    volume_size_in_gb: float | None = None
    model_data_download_timeout_in_seconds: float | None = None
    container_startup_health_check_timeout_in_seconds: float | None = None
    local_nvme_storage: bool | None = None

    def problems(self, at: str) -> Iterator[str]:
        """Yield what is wrong, each sentence starting with the path `at`."""
        yield from checks.part(f"{at}.model", self.model, Model)
        yield from self._instance_type_problems(f"{at}.instance_type")
        yield from checks.number(
            f"{at}.initial_instance_count", self.initial_instance_count, limits.INITIAL_INSTANCE_COUNT
        )
        yield from checks.text(f"{at}.variant_name", self.variant_name, limits.VARIANT_NAME, example="blue")
        yield from self._weight_problems(f"{at}.initial_variant_weight")
        optional = {
            "volume_size_in_gb": limits.VOLUME_SIZE_IN_GB,
            "model_data_download_timeout_in_seconds": limits.MODEL_DATA_DOWNLOAD_TIMEOUT_IN_SECONDS,
            "container_startup_health_check_timeout_in_seconds": (
                limits.CONTAINER_STARTUP_HEALTH_CHECK_TIMEOUT_IN_SECONDS
            ),
        }
        for name, limit in optional.items():
            if getattr(self, name) is not None:
                yield from checks.number(f"{at}.{name}", getattr(self, name), limit)
        if self.local_nvme_storage is not None:
            yield from checks.known_flag(f"{at}.local_nvme_storage", self.local_nvme_storage)
        if self.volume_size_in_gb is not None and self.has_local_nvme_storage is True:
            yield (
                f"{at}.volume_size_in_gb must not be given for {self.instance_type!r}, whose data lies on local NVMe "
                f"drives of a fixed size, got {self.volume_size_in_gb!r}"
            )

    def _weight_problems(self, at: str) -> Iterator[str]:
        weight = self.initial_variant_weight
        found = [*checks.number(at, weight, limits.INITIAL_VARIANT_WEIGHT, whole=False)]
        yield from found
        if not found and _kept_weight(weight) is None:
            yield f"{at} must be 0 or a number of single precision, 1e-45 to 3e38, got {weight!r}"

    def _instance_type_problems(self, at: str) -> Iterator[str]:
        found = [*checks.text(at, self.instance_type, _INSTANCE_TYPE, example="ml.m5.xlarge")]
        yield from found
        known = checks.deferred(self.instance_type) or self.instance_type in limits.INSTANCE_TYPES
        if not found and not known and self.local_nvme_storage is None:
            near = difflib.get_close_matches(self.instance_type, limits.INSTANCE_TYPES, n=3, cutoff=0.0)
            yield (
                f"{at} must be a type that SageMaker hosts endpoints on, got {self.instance_type!r}; the nearest are "
                f"{', '.join(near)}. If it is newer than this library's list, state local_nvme_storage (True or "
                "False) beside it and it is taken as given"
            )

    @property
    def has_local_nvme_storage(self) -> bool:
        """Whether the type is known at synthesis to have local NVMe storage."""
        if self.local_nvme_storage is not None:
            return self.local_nvme_storage
        return any(str(self.instance_type).startswith(f"ml.{family}.") for family in limits.NVME_INSTANCE_FAMILIES)


def variants_problems(at: str, variants: Sequence[InstanceProductionVariant]) -> Iterator[str]:
    """Yield what is wrong with each variant and with all of them together."""
    limit = limits.PRODUCTION_VARIANT_COUNT
    if isinstance(variants, str | bytes) or not isinstance(variants, Sequence):
        yield f"{at} must be a list of InstanceProductionVariant(...), got {variants!r}"
        return
    if not limit.minimum <= len(variants) <= (limit.maximum or 0):
        yield f"{at} must have {limit.minimum} to {limit.maximum} variants, got {len(variants)}"
    for index, variant in enumerate(variants):
        yield from checks.part(f"{at}[{index}]", variant, InstanceProductionVariant)
    stated = [variant for variant in variants if isinstance(variant, InstanceProductionVariant)]
    names_stated = [variant.variant_name for variant in stated if isinstance(variant.variant_name, str)]
    for name, times in Counter(names_stated).items():
        if times > 1 and not checks.deferred(name):
            yield f"{at} must each have a variant_name of their own, got {name!r} {times} times"
    weights = [variant.initial_variant_weight for variant in stated]
    if weights and all(weight == 0 for weight in weights):
        yield f"{at} must have an initial_variant_weight above 0 for at least one variant, got 0 for all"


class EndpointConfiguration(Construct):
    """Makes the endpoint configuration. A change makes a new one, and the endpoint moves to it before the old goes.

    Attributes: `endpoint_config_name`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDKTF's name for it
        *,
        endpoint_name: str,
        production_variants: Sequence[InstanceProductionVariant],
        model_names: Sequence[str],
        kms_key_arn: str,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id)
        checks.require(lambda: self.node.path, variants_problems("production_variants", production_variants))
        made = SagemakerEndpointConfiguration(
            self,
            "Configuration",
            name_prefix=names.prefix(endpoint_name, "-", names.ENDPOINT_CONFIGURATION),
            kms_key_arn=self._volume_key(production_variants, kms_key_arn),
            production_variants=[
                _render(variant, model_name)
                for variant, model_name in zip(production_variants, model_names, strict=True)
            ],
            tags=tags,
        )
        set_lifecycle(made, create_before_destroy=True)
        self.endpoint_config_name = made.name

    def _volume_key(self, variants: Sequence[InstanceProductionVariant], kms_key_arn: str) -> str | None:
        """Give the key for the storage volumes, unless an instance type refuses one.

        One such type anywhere in a configuration makes AWS refuse the key for all of it:
        https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html#sagemaker-CreateEndpointConfig-request-KmsKeyId
        """
        local = [variant for variant in variants if variant.has_local_nvme_storage]
        if local:
            if len(local) < len(variants):
                Annotations.of(self).add_warning(
                    f"{local[0].instance_type} has local NVMe storage, so AWS refuses a key for this configuration: "
                    "the volumes of its other variants are encrypted with SageMaker's key instead of the endpoint's"
                )
            return None
        unknown = [
            variant.instance_type
            for variant in variants
            if variant.local_nvme_storage is None and checks.deferred(variant.instance_type)
        ]
        if not unknown:
            return kms_key_arn
        families = expression(sorted(limits.NVME_INSTANCE_FAMILIES))
        has_local = f'[for type in {expression(unknown)} : contains({families}, split(".", type)[1])]'
        return f"${{anytrue({has_local}) ? null : {expression(kms_key_arn)}}}"


def _render(variant: InstanceProductionVariant, model_name: str) -> SagemakerEndpointConfigurationProductionVariants:
    return SagemakerEndpointConfigurationProductionVariants(
        model_name=model_name,
        variant_name=variant.variant_name,
        instance_type=variant.instance_type,
        initial_instance_count=variant.initial_instance_count,
        initial_variant_weight=_kept_weight(variant.initial_variant_weight),
        volume_size_in_gb=variant.volume_size_in_gb,
        model_data_download_timeout_in_seconds=variant.model_data_download_timeout_in_seconds,
        container_startup_health_check_timeout_in_seconds=variant.container_startup_health_check_timeout_in_seconds,
    )


def _kept_weight(weight: float) -> float | None:
    """Give the weight as SageMaker keeps it, a Float, lest each plan want to change it; None if it cannot keep it.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
    """
    if isinstance(weight, float) and checks.deferred(weight):
        return weight
    try:
        kept: float = struct.unpack("<f", struct.pack("<f", float(weight)))[0]
    except OverflowError:
        return None
    if weight and not kept:
        return None
    return weight if kept == weight else kept
