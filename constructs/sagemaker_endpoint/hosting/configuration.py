"""The endpoint configuration, which puts variants and models together."""

from collections.abc import Sequence
from typing import Any

from sagemaker_endpoint.engine.bindings import (
    Annotations,
    Construct,
    SagemakerEndpointConfiguration,
    SagemakerEndpointConfigurationProductionVariants,
    SagemakerEndpointConfigurationProductionVariantsCoreDumpConfig,
    SagemakerEndpointConfigurationProductionVariantsRoutingConfig,
    SagemakerEndpointConfigurationProductionVariantsServerlessConfig,
    SagemakerEndpointConfigurationShadowProductionVariants,
    SagemakerEndpointConfigurationShadowProductionVariantsCoreDumpConfig,
    SagemakerEndpointConfigurationShadowProductionVariantsRoutingConfig,
    sagemaker_endpoint_configuration,
)
from sagemaker_endpoint.engine.expressions import expression
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.engine.lifecycle import set_lifecycle
from sagemaker_endpoint.engine.names import name_prefix
from sagemaker_endpoint.engine.preconditions import preconditions
from sagemaker_endpoint.rules import checks, limits

from . import asynchronous, data_capture
from .asynchronous import AsyncInferenceConfig
from .core_dump import CoreDumpConfig
from .data_capture import DataCaptureConfig
from .notifications import Topics
from .serverless import ServerlessProductionVariant
from .shadow import shadow_problems
from .variant import (
    InstanceProductionVariant,
    ProductionVariant,
    instance_variants,
    kept_weight,
    variants_problems,
)


class EndpointConfiguration(Construct):
    """Makes the endpoint configuration. A change makes a new one, and the endpoint moves to it before the old goes.

    `deferred` is what must hold of the other inputs before it is made.

    Attributes: `configuration`, `endpoint_config_name`; `runbook_names`, the names that the runbook's commands have
    places for.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        identity: Identity,
        *,
        production_variants: Sequence[ProductionVariant],
        shadow_production_variants: Sequence[InstanceProductionVariant] = (),
        model_names: Sequence[str],
        kms_key_arn: str,
        async_inference_config: AsyncInferenceConfig | None = None,
        topics: Topics | None = None,
        data_capture_config: DataCaptureConfig | None = None,
        deferred: Sequence[checks.Deferred] = (),
    ) -> None:
        super().__init__(scope, id)
        found = checks.require(
            lambda: self.node.path,
            variants_problems("production_variants", production_variants),
            shadow_problems("shadow_production_variants", shadow_production_variants, production_variants),
        )
        variants = [*production_variants, *shadow_production_variants]
        count = len(production_variants)
        self.configuration = SagemakerEndpointConfiguration(
            self,
            "Configuration",
            name_prefix=name_prefix(identity.endpoint_name, "-", limits.ENDPOINT_CONFIG_NAME),
            # checkov CKV_AWS_98 at Configuration: local NVMe drives encrypt themselves, and AWS refuses a key for them.
            kms_key_arn=self._volume_key(instance_variants(variants), kms_key_arn),
            production_variants=[
                _render(variant, model_name, kms_key_arn)
                for variant, model_name in zip(production_variants, model_names[:count], strict=True)
            ],
            shadow_production_variants=[
                _render_shadow(variant, model_name, kms_key_arn)
                for variant, model_name in zip(shadow_production_variants, model_names[count:], strict=True)
            ]
            or None,
            async_inference_config=None
            if async_inference_config is None
            else asynchronous.render(async_inference_config, kms_key_arn, topics or Topics()),
            data_capture_config=None
            if data_capture_config is None
            else data_capture.render(data_capture_config, kms_key_arn),
            tags=identity.tags,
        )
        data_capture.complete(self.configuration, data_capture_config)
        # What is deferred about a model, or about scaling, stands where that is made.
        its = [each for each in found if not any(part in each.sentence for part in ("].model.", "].auto_scaling"))]
        set_lifecycle(self.configuration, create_before_destroy=True, precondition=preconditions([*its, *deferred]))
        self.endpoint_config_name = self.configuration.name
        self.runbook_names: dict[str, Sequence[str]] = {
            "configuration": [self.endpoint_config_name],
            "variant": [variant.variant_name for variant in variants],
            "model": list(dict.fromkeys(model_names)),
        }

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
        has_local = f'[for type in {expression(unknown)} : contains({families}, try(split(".", type)[1], ""))]'
        return f"${{anytrue({has_local}) ? null : {expression(kms_key_arn)}}}"


def _render(
    variant: ProductionVariant, model_name: str, kms_key_arn: str
) -> SagemakerEndpointConfigurationProductionVariants:
    if isinstance(variant, ServerlessProductionVariant):
        return SagemakerEndpointConfigurationProductionVariants(
            model_name=model_name,
            variant_name=variant.variant_name,
            serverless_config=SagemakerEndpointConfigurationProductionVariantsServerlessConfig(
                memory_size_in_mb=variant.memory_size_in_mb,
                max_concurrency=variant.max_concurrency,
                provisioned_concurrency=variant.provisioned_concurrency,
            ),
        )
    strategy, dump = variant.routing_strategy, variant.core_dump_config
    routing = SagemakerEndpointConfigurationProductionVariantsRoutingConfig
    dumping = SagemakerEndpointConfigurationProductionVariantsCoreDumpConfig
    return SagemakerEndpointConfigurationProductionVariants(
        **_settings(variant),
        **_reservation(variant, SagemakerEndpointConfigurationProductionVariants),
        model_name=model_name,
        routing_config=None if strategy is None else [routing(routing_strategy=strategy)],
        core_dump_config=None if dump is None else dumping(**_dump(dump, kms_key_arn)),
    )


def _render_shadow(
    variant: InstanceProductionVariant, model_name: str, kms_key_arn: str
) -> SagemakerEndpointConfigurationShadowProductionVariants:
    strategy, dump = variant.routing_strategy, variant.core_dump_config
    routing = SagemakerEndpointConfigurationShadowProductionVariantsRoutingConfig
    dumping = SagemakerEndpointConfigurationShadowProductionVariantsCoreDumpConfig
    return SagemakerEndpointConfigurationShadowProductionVariants(
        **_settings(variant),
        **_reservation(variant, SagemakerEndpointConfigurationShadowProductionVariants),
        model_name=model_name,
        routing_config=None if strategy is None else [routing(routing_strategy=strategy)],
        core_dump_config=None if dump is None else dumping(**_dump(dump, kms_key_arn)),
    )


def _settings(variant: InstanceProductionVariant) -> dict[str, Any]:
    """Give the arguments that the provider's production and shadow variants have in common."""
    return {
        "variant_name": variant.variant_name,
        "instance_type": variant.instance_type,
        "initial_instance_count": variant.initial_instance_count,
        "initial_variant_weight": kept_weight(variant.initial_variant_weight),
        "volume_size_in_gb": variant.volume_size_in_gb,
        "model_data_download_timeout_in_seconds": variant.model_data_download_timeout_in_seconds,
        "container_startup_health_check_timeout_in_seconds": variant.container_startup_health_check_timeout_in_seconds,
        "inference_ami_version": variant.inference_ami_version,
        "enable_ssm_access": variant.enable_ssm_access or None,
    }


def _reservation(variant: InstanceProductionVariant, within: type) -> dict[str, Any]:
    """Write a reservation as an argument, which only bindings that know it are given."""
    stated = variant.capacity_reservation_config
    if stated is None:
        return {}
    block = getattr(sagemaker_endpoint_configuration, f"{within.__name__}CapacityReservationConfig")
    arn, preference = stated.ml_reservation_arn, stated.capacity_reservation_preference
    written = block(ml_reservation_arn=arn, capacity_reservation_preference=preference)
    return {"capacity_reservation_config": written}


def _dump(dump: CoreDumpConfig, kms_key_arn: str) -> dict[str, str]:
    return {"destination_s3_uri": dump.destination_s3_uri, "kms_key_id": dump.key(kms_key_arn)}
