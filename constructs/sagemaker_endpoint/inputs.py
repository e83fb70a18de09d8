"""All inputs of an endpoint: each is checked by its own class, and what they must be to one another here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from .access.key import EncryptionKey
from .access.role import ExecutionRole
from .engine import iterators, meta_arguments, names
from .engine.bindings import Construct, TerraformProvider
from .hosting import asynchronous, exclusions, scaled
from .hosting.asynchronous import AsyncInferenceConfig
from .hosting.container import MULTI_MODEL
from .hosting.data_capture import DataCaptureConfig
from .hosting.deployment_config import Deployment, deployment_problems
from .hosting.serverless import ServerlessProductionVariant, is_serverless
from .hosting.shadow import shadow_problems
from .hosting.variant import InstanceProductionVariant, variants_problems
from .network.interfaces import InterfaceCleanup, useless_cleanup_problems
from .network.network import PrivateNetwork
from .operations import alarms, metrics
from .operations.alarms import Alarms
from .operations.logs import Logs
from .operations.metrics import MeasuredEndpoint, MeasuredVariant
from .rules import checks, limits, processors


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointInputs:
    """What a `SageMakerEndpoint` is given, by the same names, with the defaults in place."""

    endpoint_name: str
    network: PrivateNetwork | None
    production_variants: Sequence[InstanceProductionVariant] | Sequence[ServerlessProductionVariant]
    shadow_production_variants: Sequence[InstanceProductionVariant]
    async_inference_config: AsyncInferenceConfig | None
    data_capture_config: DataCaptureConfig | None
    deployment: Deployment | None
    execution_role: ExecutionRole
    key: EncryptionKey
    logs: Logs
    alarms: Alarms | None
    dashboard: bool
    interface_cleanup: InterfaceCleanup | None
    deletion_protection: bool
    tags: Mapping[str, str] | None
    provider: TerraformProvider | None
    depends_on: Sequence[Construct]

    def problems(self, endpoint: Construct) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the input's name."""
        yield from names.id_problems(endpoint)
        yield from checks.endpoint_name(self.endpoint_name)
        yield from self._network_problems()
        yield from variants_problems("production_variants", self.production_variants)
        yield from shadow_problems(
            "shadow_production_variants", self.shadow_production_variants, self.production_variants
        )
        if self.async_inference_config is not None:
            yield from checks.part("async_inference_config", self.async_inference_config, AsyncInferenceConfig)
            yield from asynchronous.instance_type_problems(self.production_variants)
        if self.data_capture_config is not None:
            yield from checks.part("data_capture_config", self.data_capture_config, DataCaptureConfig)
        yield from exclusions.problems(
            self.production_variants,
            self.shadow_production_variants,
            self.async_inference_config,
            self.data_capture_config,
        )
        if self.deployment is not None:
            yield from deployment_problems(
                "deployment", self.deployment, self.production_variants, self.shadow_production_variants
            )
        yield from scaled.problems(
            self.production_variants,
            self.shadow_production_variants,
            asynchronous=self.async_inference_config is not None,
        )
        yield from checks.part("execution_role", self.execution_role, ExecutionRole)
        yield from checks.part("key", self.key, EncryptionKey)
        yield from checks.part("logs", self.logs, Logs)
        if self.alarms is not None:
            yield from self._alarms_problems(self.alarms)
        yield from checks.known_flag("dashboard", self.dashboard)
        if self.interface_cleanup is not None:
            yield from self._cleanup_problems(self.interface_cleanup)
        yield from checks.known_flag("deletion_protection", self.deletion_protection)
        if self.tags is not None:
            yield from checks.tags("tags", self.tags)
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        yield from iterators.problems(endpoint, {n: v for n, v in values.items() if n not in _META_ARGUMENTS})
        if self.provider is not None:
            yield from meta_arguments.provider_problems("provider", self.provider)
        if self.depends_on != ():
            yield from meta_arguments.depends_on_problems("depends_on", endpoint, self.depends_on)

    def _network_problems(self) -> Iterator[checks.Finding]:
        """Yield what is wrong with the network, which instances stand in and serverless endpoints do not.

        https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
        """
        if is_serverless(self.production_variants):
            if self.network is not None:
                yield f"network {_SERVERLESS}: AWS puts a serverless endpoint into no VPC"
        elif self.network is None:
            yield "network must be PrivateNetwork(...), in which the instances of production_variants stand, got None"
        else:
            yield from checks.part("network", self.network, PrivateNetwork)

    @property
    def measured(self) -> MeasuredEndpoint:
        """What decides which metrics there are, of the variants that are ones."""
        kind = metrics.REAL_TIME if self.async_inference_config is None else metrics.ASYNCHRONOUS
        stated = [(each, False) for each in self.production_variants]
        stated += [(each, True) for each in self.shadow_production_variants]
        variants = [_measured(each, kind, shadow=shadow) for each, shadow in stated]
        return MeasuredEndpoint(endpoint_name=self.endpoint_name, variants=variants)

    def _alarms_problems(self, stated: Alarms) -> Iterator[checks.Finding]:
        """Yield what is wrong with the alarms; their names depend on variants, which must be right for that."""
        found = [*checks.part("alarms", stated, Alarms)]
        yield from found
        wrong = [
            *variants_problems("production_variants", self.production_variants),
            *shadow_problems("shadow_production_variants", self.shadow_production_variants, self.production_variants),
            *found,
        ]
        if not any(isinstance(each, str) for each in wrong):
            yield from alarms.problems("alarms", stated, self.measured)

    def _cleanup_problems(self, cleanup: InterfaceCleanup) -> Iterator[checks.Finding]:
        if is_serverless(self.production_variants):
            yield f"interface_cleanup {_SERVERLESS}: a serverless endpoint has no network interfaces"
            return
        yield from checks.part("interface_cleanup", cleanup, InterfaceCleanup)
        if self.network is not None:
            yield from useless_cleanup_problems(self.network, cleanup)


def _measured(
    variant: InstanceProductionVariant | ServerlessProductionVariant, kind: str, *, shadow: bool
) -> MeasuredVariant:
    if isinstance(variant, ServerlessProductionVariant):
        return MeasuredVariant(name=variant.variant_name, kinds=frozenset([metrics.SERVERLESS]), gpus=0)
    known = variant.instance_type in limits.INSTANCE_TYPES
    gpus = processors.GPUS.get(variant.instance_type, 0 if known else None)
    kinds = {kind} | ({metrics.GPU} if gpus != 0 else set())
    if any(container.mode == MULTI_MODEL for _, container in variant.model.named_containers("")):
        kinds.add(metrics.MULTI_MODEL)
    return MeasuredVariant(name=variant.variant_name, kinds=frozenset(kinds), gpus=gpus, shadow=shadow)


_SERVERLESS = "must not be given with a ServerlessProductionVariant in production_variants"
_META_ARGUMENTS = {"provider", "depends_on"}
