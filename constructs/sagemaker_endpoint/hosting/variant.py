"""Which instances serve which model, and how the traffic is shared."""

import difflib
import re
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from sagemaker_endpoint.access.role import EndpointRole
from sagemaker_endpoint.access.statements import Statement
from sagemaker_endpoint.engine.account import Account
from sagemaker_endpoint.engine.bindings import Construct, Token, unknown_to_bindings
from sagemaker_endpoint.engine.expressions import expression
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.operations.auto_scaling import AutoScaling
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import AnyOf, AreDistinct, IsNone, IsOneOf, IsWithin, Matches, Not

from . import core_dump, marketplace
from .capacity_reservation import (
    HAS_CAPACITY_RESERVATION_CONFIG,
    CapacityReservationConfig,
    training_plans_problems,
)
from .container import MULTI_MODEL
from .core_dump import CoreDumpConfig
from .model import EndpointModel, Model
from .serverless import ServerlessProductionVariant, is_serverless

_ON_NVME = rf"ml[.](?:{'|'.join(sorted(limits.NVME_INSTANCE_FAMILIES))})[.].*"
_INSTANCE_TYPE = limits.Text(min_length=1, max_length=None, pattern=r"ml\.[a-z0-9-]+\.[a-z0-9-]+")
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sagemaker_endpoint_configuration#routing_strategy-1
_ROUTING_STRATEGY = limits.Text(min_length=1, max_length=None, pattern="LEAST_OUTSTANDING_REQUESTS|RANDOM")
_AMI = limits.Text(min_length=1, max_length=None, pattern="|".join(limits.INFERENCE_AMI_VERSIONS))
# https://aws.amazon.com/sagemaker/ai/pricing/: the families with accelerators of NVIDIA and of AWS
_ON_GPU = "ml[.](?:g|gr|p)[0-9].*"
_ON_NEURON = "ml[.](?:inf2|trn).*"
# https://docs.aws.amazon.com/sagemaker/latest/dg/multi-model-support.html#multi-model-support-gpu
_FOR_MANY_MODELS = "ml[.](?:p2[.]xlarge|p3[.]2xlarge|(?:g4dn|g5)[.](?:|2|4|8|16)xlarge)"
_SINGLE_PRECISION = limits.Number(minimum=0, maximum=3 * 10**38)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceProductionVariant(checks.Inputs):
    """Instances of one type that serve one model.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html

    Attributes:
        model: What the instances run.
        instance_type: The type, such as ``"ml.m5.xlarge"`` or, with names to complete, ``InstanceType.ML_M5_XLARGE``.
            A ``MultiModel`` container takes any type without GPUs, and of those with one ``ml.p2.xlarge``,
            ``ml.p3.2xlarge``, and ``ml.g4dn`` and ``ml.g5`` of ``xlarge`` to ``8xlarge`` and ``16xlarge``.
            https://docs.aws.amazon.com/sagemaker/latest/dg/multi-model-support.html Containers that are called
            directly (``Direct``) take any without GPUs.
            https://docs.aws.amazon.com/sagemaker/latest/dg/model-deploy-feature-matrix.html
        initial_instance_count: How many instances, at least 1. Default 2: SageMaker spreads them over the zones, so
            that the loss of one does not take the endpoint down.
        variant_name: Tells the endpoint's variants apart and becomes part of Terraform addresses: at most 63
            letters, digits and hyphens. Default ``AllTraffic``; several variants each need their own.
        initial_variant_weight: The share of traffic, in relation to the sum of all weights; 0 takes none.
            Default 1. SageMaker keeps it in single precision, to which it is rounded here.
        volume_size_in_gb: The storage volume of each instance, 1 to 512 GB. Default: SageMaker's choice for the
            type. Types with local NVMe drives take none.
        model_data_download_timeout_in_seconds: How long an instance may take to download the model's data,
            60 to 3,600 s. Default: SageMaker's own.
        container_startup_health_check_timeout_in_seconds: How long a container may take until it answers pings,
            60 to 3,600 s. Default: SageMaker's own.
        routing_strategy: How the endpoint chooses among the variant's instances: ``LEAST_OUTSTANDING_REQUESTS`` or
            ``RANDOM``. Default: SageMaker's own, which is random. The former suits requests that take unequally long.
            https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantRoutingConfig.html
        inference_ami_version: The AMI of the instances, by which they have another version of NVIDIA's driver and
            CUDA, or of Neuron, such as ``al2-ami-sagemaker-inference-gpu-3-1``. Default: SageMaker's choice. An AMI
            for GPUs goes with the types that have some, one for Neuron with ``ml.inf2`` and ``ml.trn``. AWS provider
            5.100 does not know those whose names begin with ``al2023-``.
        enable_ssm_access: Whether AWS Systems Manager may open a shell in the containers, for which the role gets the
            permissions. Default False. AWS allows it to accounts that asked for it, and not with network isolation;
            such an instance is patched and replaced a day later.
            https://docs.aws.amazon.com/sagemaker/latest/dg/ssm-access.html
        core_dump_config: Where a container's memory is written when it crashes. Default: nowhere.
        capacity_reservation_config: The reserved capacity that the instances come out of. Default: none, as all that
            the bindings of AWS provider 6.53 and before know.
        auto_scaling: Lets the number of instances follow the load; `initial_instance_count` is then what each new
            configuration begins with. Default: it stays what it is.
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
    routing_strategy: str | None = None
    inference_ami_version: str | None = None
    enable_ssm_access: bool = False
    core_dump_config: CoreDumpConfig | None = None
    capacity_reservation_config: CapacityReservationConfig | None = None
    auto_scaling: AutoScaling | None = None
    local_nvme_storage: bool | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.part(f"{at}.model", self.model, Model)
        yield from self._instance_type_problems(f"{at}.instance_type")
        yield from self._multi_model_problems(f"{at}.instance_type")
        yield from self._direct_problems(f"{at}.instance_type")
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
            yield from checks.number(f"{at}.{name}", getattr(self, name), limit, optional=True)
        if self.routing_strategy is not None:  # the provider's block takes no null
            yield from checks.text(
                f"{at}.routing_strategy",
                self.routing_strategy,
                _ROUTING_STRATEGY,
                example="LEAST_OUTSTANDING_REQUESTS",
                hint=_unavailable,
            )
        yield from self._ami_problems(f"{at}.inference_ami_version")
        yield from checks.known_flag(f"{at}.enable_ssm_access", self.enable_ssm_access)
        if self.enable_ssm_access is True and isinstance(self.model, Model):
            isolated = self.model.enable_network_isolation
            yield from checks.rule(
                f"{at}.enable_ssm_access must not be True with the model's enable_network_isolation: AWS opens no "
                "shell in a container that is cut off from the network",
                Not(IsOneOf(isolated, [True])),
            )
        if self.core_dump_config is not None:
            yield from checks.part(f"{at}.core_dump_config", self.core_dump_config, CoreDumpConfig)
        if self.capacity_reservation_config is not None:
            yield from self._reservation_problems(f"{at}.capacity_reservation_config")
        if self.auto_scaling is not None:
            yield from checks.part(f"{at}.auto_scaling", self.auto_scaling, AutoScaling)
        if self.local_nvme_storage is not None:
            yield from checks.known_flag(f"{at}.local_nvme_storage", self.local_nvme_storage)
        if self.volume_size_in_gb is not None:
            yield from self._volume_problems(f"{at}.volume_size_in_gb")

    def _reservation_problems(self, at: str) -> Iterator[checks.Finding]:
        yield from checks.part(at, self.capacity_reservation_config, CapacityReservationConfig)
        if not HAS_CAPACITY_RESERVATION_CONFIG:
            yield unknown_to_bindings(at, "6.54 or later, which cdktn alone has bindings for")

    def _volume_problems(self, at: str) -> Iterator[checks.Finding]:
        sentence = (
            f"{at} must not be given for {self.instance_type!r}, whose data lies on local NVMe drives of a fixed size"
        )
        if self.has_local_nvme_storage is True:
            yield f"{sentence}, got {self.volume_size_in_gb!r}"
        elif self.local_nvme_storage is None and isinstance(self.instance_type, str):
            on_ebs = AnyOf([IsNone(self.volume_size_in_gb), Not(Matches(self.instance_type, _ON_NVME))])
            sentence = f"{at} must not be given for a type whose data lies on local NVMe drives of a fixed size"
            yield from checks.rule(sentence, on_ebs, self.instance_type)

    def _weight_problems(self, at: str) -> Iterator[checks.Finding]:
        weight = self.initial_variant_weight
        found = [*checks.number(at, weight, limits.INITIAL_VARIANT_WEIGHT, whole=False)]
        sentence = f"{at} must be 0 or a number of single precision, 1e-45 to 3e38"
        if isinstance(weight, float) and checks.deferred(weight):
            yield from checks.rule(sentence, IsWithin(weight, _SINGLE_PRECISION, whole=False), weight)
            return
        yield from found
        if not found and kept_weight(weight) is None:
            yield f"{sentence}, got {checks.brief(weight)}"

    def _ami_problems(self, at: str) -> Iterator[checks.Finding]:
        ami = self.inference_ami_version
        found = [*checks.text(at, ami, _AMI, example="al2-ami-sagemaker-inference-gpu-3-1", optional=True)]
        yield from found
        are_texts = isinstance(ami, str) and isinstance(self.instance_type, str)
        if not are_texts or any(isinstance(each, str) for each in found):
            return
        other = "" if checks.deferred(self.instance_type) else f", not {self.instance_type!r}"
        for what, names, types in (("GPUs", ".*-gpu-.*", _ON_GPU), ("Neuron", ".*-neuron-.*", _ON_NEURON)):
            yield from checks.rule(
                f"{at} for {what} must be given with an instance_type that has them{other}",
                AnyOf([IsNone(ami), Not(Matches(ami, names)), Matches(self.instance_type, types)]),
                ami,
            )

    def _instance_type_problems(self, at: str) -> Iterator[checks.Finding]:
        found = [*checks.text(at, self.instance_type, _INSTANCE_TYPE, example="ml.m5.xlarge", hint=_nearest)]
        if self.local_nvme_storage is not None or any(isinstance(each, str) for each in found):
            yield from found
            return
        yield from checks.rule(
            f"{at} must be a type that SageMaker hosts endpoints on, or local_nvme_storage (True or False) be stated "
            "for one that is newer than this library",
            Matches(self.instance_type, _hosted()),
            self.instance_type,
            hint=lambda: _nearest(self.instance_type),
        )

    def _multi_model_problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield a type whose GPUs take no ``MultiModel`` container; one newer than the list is taken as given."""
        instance_type = self.instance_type
        if not isinstance(self.model, Model) or not self._is_known(instance_type):
            return
        for path, container in self.model.named_containers(""):
            if container.mode == MULTI_MODEL:
                mode = f"{path}.mode".removeprefix(".")
                yield from checks.rule(
                    f"{at} must have no GPU, or be ml.p2.xlarge, ml.p3.2xlarge, or ml.g4dn or ml.g5 with a single "
                    f"GPU, with the model's {mode} 'MultiModel': AWS hosts many models on no others",
                    AnyOf([Not(Matches(instance_type, _on_gpus())), Matches(instance_type, _FOR_MANY_MODELS)]),
                    instance_type,
                )

    def _direct_problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield a type with GPUs, on which containers cannot be called by name.

        https://docs.aws.amazon.com/sagemaker/latest/dg/model-deploy-feature-matrix.html
        """
        mode = self.model.inference_execution_mode if isinstance(self.model, Model) else None
        if isinstance(mode, str) and self._is_known(self.instance_type):
            yield from checks.rule(
                f"{at} must have no GPU with the model's inference_execution_mode 'Direct': SageMaker calls containers "
                "by name on no instances that have some",
                AnyOf([Not(IsOneOf(mode, ["Direct"])), Not(Matches(self.instance_type, _on_gpus()))]),
                self.instance_type,
            )

    @staticmethod
    def _is_known(instance_type: object) -> bool:
        return isinstance(instance_type, str) and (
            checks.deferred(instance_type) or instance_type in limits.INSTANCE_TYPES
        )

    @property
    def has_local_nvme_storage(self) -> bool:
        """Whether the type is known at synthesis to have local NVMe storage."""
        if self.local_nvme_storage is not None:
            return self.local_nvme_storage
        return any(str(self.instance_type).startswith(f"ml.{family}.") for family in limits.NVME_INSTANCE_FAMILIES)


def _nearest(instance_type: str) -> str:
    """Name the types that are spelled most like another; the prefix ``ml.`` is easily forgotten."""
    if checks.deferred(instance_type):
        return ""
    full = instance_type if instance_type.startswith("ml.") else f"ml.{instance_type}"
    return f"; the nearest are {', '.join(difflib.get_close_matches(full, limits.INSTANCE_TYPES, n=3, cutoff=0.0))}"


@cache
def _hosted() -> str:
    """Write the types that SageMaker hosts as a pattern, families of the same sizes together."""
    families: dict[str, list[str]] = {}
    for instance_type in limits.INSTANCE_TYPES:
        _, family, size = instance_type.split(".")
        families.setdefault(family, []).append(size)
    alike: dict[str, list[str]] = {}
    for family, sizes in families.items():
        alike.setdefault("|".join(sizes), []).append(family)
    patterns = [f"(?:{'|'.join(same)})[.](?:{sizes})" for sizes, same in alike.items()]
    return f"ml[.](?:{'|'.join(patterns)})"


@cache
def _on_gpus() -> str:
    """Write the types with NVIDIA's accelerators as a pattern, of the families that are known."""
    families = dict.fromkeys(each.split(".")[1] for each in limits.INSTANCE_TYPES if re.fullmatch(_ON_GPU, each))
    return f"ml[.](?:{'|'.join(families)})[.].*"


ProductionVariant = InstanceProductionVariant | ServerlessProductionVariant


def instance_variants(variants: Sequence[ProductionVariant]) -> list[InstanceProductionVariant]:
    """Give those that have instances."""
    return [each for each in variants if isinstance(each, InstanceProductionVariant)]


def statements(variants: Sequence[ProductionVariant], kms_key_arn: str, account: Account) -> Iterator[Statement]:
    """Yield what the role needs for core dumps, and for a shell in the containers; its actions know no resource.

    https://docs.aws.amazon.com/sagemaker/latest/dg/ssm-access.html
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsessionmanagermessagegatewayservice.html
    """
    its = instance_variants(variants)
    dumps = [each.core_dump_config for each in its if each.core_dump_config is not None]
    yield from core_dump.statements(dumps, kms_key_arn, account)
    if any(variant.enable_ssm_access for variant in its):
        channels = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"]
        yield Statement(sid="OpenShells", actions=[f"ssmmessages:{each}" for each in channels], resources=["*"])


def _unavailable(strategy: str) -> str:
    """Say of a strategy that AWS knows that no AWS provider does."""
    return ", which no version of the AWS provider can state yet" if strategy in limits.ROUTING_STRATEGIES else ""


def variants_problems(at: str, variants: Sequence[ProductionVariant]) -> Iterator[checks.Finding]:
    """Yield what is wrong with each variant and with all of them together."""
    limit = limits.PRODUCTION_VARIANT_COUNT
    if isinstance(variants, str | bytes) or not isinstance(variants, Sequence):
        yield f"{at} must be a list of InstanceProductionVariant(...), got {checks.brief(variants)}"
        return
    if not limit.minimum <= len(variants) <= (limit.maximum or 0):
        yield f"{at} must have {limit.minimum} to {limit.maximum} variants, got {len(variants)}"
    for index, variant in enumerate(variants):
        kind = ServerlessProductionVariant if is_serverless([variant]) else InstanceProductionVariant
        yield from checks.part(f"{at}[{index}]", variant, kind)
    if is_serverless(variants) and len(variants) > 1:
        # https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
        yield (
            f"{at} must have a ServerlessProductionVariant alone, got {len(variants)} variants: AWS serves a "
            "serverless endpoint by one variant, with no instances beside it"
        )
        return
    stated = instance_variants(variants)
    names_stated = [variant.variant_name for variant in stated if isinstance(variant.variant_name, str)]
    own = f"{at} must each have a variant_name of their own"
    repeated = {name: times for name, times in Counter(names_stated).items() if times > 1 and not checks.deferred(name)}
    for name, times in repeated.items():
        yield f"{own}, got {name!r} {times} times"
    if not repeated and len(names_stated) > 1:
        yield from checks.rule(own, AreDistinct(names_stated), names_stated)
    yield from training_plans_problems(at, [variant.capacity_reservation_config for variant in stated])
    weights = [variant.initial_variant_weight for variant in stated]
    if weights:
        some = AnyOf([Not(IsOneOf(weight, [0])) for weight in weights])
        sentence = f"{at} must have an initial_variant_weight above 0 for at least one variant, got 0 for all"
        yield from checks.rule(sentence, some)


def kept_weight(weight: float) -> float | None:
    """Give the weight as SageMaker keeps it, a Float, lest each plan want to change it; None if it cannot keep it.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
    """
    if isinstance(weight, float) and checks.deferred(weight):
        known = expression(Token.as_string(weight))
        # 24 significant bits; there is no logarithm of 0.
        scale = f"pow(2, 23 - floor(log({known}, 2)))"
        return Token.as_number(f"${{try(floor({known} * {scale} + 0.5) / {scale}, {known})}}")
    try:
        kept: float = struct.unpack("<f", struct.pack("<f", float(weight)))[0]
    except OverflowError:
        return None
    if weight and not kept:
        return None
    return weight if kept == weight else kept


def endpoint_models(
    scope: Construct,
    identity: Identity,
    variants: Sequence[ProductionVariant],
    shadows: Sequence[InstanceProductionVariant] = (),
    *,
    role: EndpointRole,
    subnet_ids: Sequence[str],
    security_group_ids: Sequence[str],
    deferred: Sequence[checks.Deferred],
) -> list[EndpointModel]:
    """Make each model once, in the name of the first variant that uses it, and give every variant's, shadows last."""
    made: list[tuple[Model, EndpointModel]] = []
    paths = [f"production_variants[{index}]" for index, _ in enumerate(variants)]
    paths += [f"shadow_production_variants[{index}]" for index, _ in enumerate(shadows)]
    for index, (variant, path) in enumerate(zip([*variants, *shadows], paths, strict=True)):
        same = next((each for model, each in made if model == variant.model), None)
        known = not checks.deferred(variant.variant_name)
        of_package = marketplace.problems(
            f"{path}.model", variant.model, identity.account.account_id, serverless=is_serverless([variant])
        )
        its = same or EndpointModel(
            scope,
            f"Model-{variant.variant_name}" if known else f"Model{index}",
            name=f"{identity.endpoint_name}-{variant.variant_name}",
            model=variant.model,
            execution_role_arn=role.role_arn,
            subnet_ids=subnet_ids,
            security_group_ids=security_group_ids,
            region=identity.account.region,
            at=f"{path}.model",
            deferred=[*deferred, *checks.require(lambda: scope.node.path, of_package)],
            depends_on=role.policies,
            tags=identity.tags,
        )
        made.append((variant.model, its))
    return [its for _, its in made]
