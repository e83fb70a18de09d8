"""The endpoint configuration, which puts variants and models together."""

from collections.abc import Mapping, Sequence

from sagemaker_endpoint.engine.bindings import (
    Annotations,
    Construct,
    SagemakerEndpointConfiguration,
    SagemakerEndpointConfigurationProductionVariants,
    SagemakerEndpointConfigurationProductionVariantsRoutingConfig,
)
from sagemaker_endpoint.engine.expressions import expression
from sagemaker_endpoint.engine.lifecycle import set_lifecycle
from sagemaker_endpoint.engine.names import name_prefix
from sagemaker_endpoint.engine.preconditions import preconditions
from sagemaker_endpoint.rules import checks, limits

from . import asynchronous, data_capture
from .asynchronous import AsyncInferenceConfig
from .data_capture import DataCaptureConfig
from .notifications import Topics
from .variant import InstanceProductionVariant, kept_weight, variants_problems


class EndpointConfiguration(Construct):
    """Makes the endpoint configuration. A change makes a new one, and the endpoint moves to it before the old goes.

    `deferred` is what must hold of the other inputs before it is made.

    Attributes: `endpoint_config_name`; `runbook_names`, the names that the runbook's commands have places for.
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
        async_inference_config: AsyncInferenceConfig | None = None,
        topics: Topics | None = None,
        data_capture_config: DataCaptureConfig | None = None,
        deferred: Sequence[checks.Deferred] = (),
        tags: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id)
        found = checks.require(lambda: self.node.path, variants_problems("production_variants", production_variants))
        made = SagemakerEndpointConfiguration(
            self,
            "Configuration",
            name_prefix=name_prefix(endpoint_name, "-", limits.ENDPOINT_CONFIG_NAME),
            kms_key_arn=self._volume_key(production_variants, kms_key_arn),
            production_variants=[
                _render(variant, model_name)
                for variant, model_name in zip(production_variants, model_names, strict=True)
            ],
            async_inference_config=None
            if async_inference_config is None
            else asynchronous.render(async_inference_config, kms_key_arn, topics or Topics()),
            data_capture_config=None
            if data_capture_config is None
            else data_capture.render(data_capture_config, kms_key_arn),
            tags=tags,
        )
        data_capture.complete(made, data_capture_config)
        # What is deferred about a model stands where the model is made.
        its = [each for each in found if "].model." not in each.sentence]
        set_lifecycle(made, create_before_destroy=True, precondition=preconditions([*its, *deferred]))
        self.endpoint_config_name = made.name
        self.runbook_names: dict[str, Sequence[str]] = {
            "configuration": [self.endpoint_config_name],
            "variant": [variant.variant_name for variant in production_variants],
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


def _render(variant: InstanceProductionVariant, model_name: str) -> SagemakerEndpointConfigurationProductionVariants:
    strategy = variant.routing_strategy
    routing = SagemakerEndpointConfigurationProductionVariantsRoutingConfig
    return SagemakerEndpointConfigurationProductionVariants(
        model_name=model_name,
        variant_name=variant.variant_name,
        instance_type=variant.instance_type,
        initial_instance_count=variant.initial_instance_count,
        initial_variant_weight=kept_weight(variant.initial_variant_weight),
        volume_size_in_gb=variant.volume_size_in_gb,
        model_data_download_timeout_in_seconds=variant.model_data_download_timeout_in_seconds,
        container_startup_health_check_timeout_in_seconds=variant.container_startup_health_check_timeout_in_seconds,
        routing_config=None if strategy is None else [routing(routing_strategy=strategy)],
        inference_ami_version=variant.inference_ami_version,
        enable_ssm_access=variant.enable_ssm_access or None,
    )
