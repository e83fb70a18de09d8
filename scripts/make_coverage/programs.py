"""Endpoints that state every input of models, configurations and endpoints between them, each at least once.

A new input is a line here, in an endpoint that may have it; its value is not its default.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from sagemaker_endpoint import (
    AllAtOnce,
    AsyncInferenceConfig,
    AutoScaling,
    Canary,
    CapacitySize,
    Container,
    CoreDumpConfig,
    CustomMetric,
    DataCaptureConfig,
    EncryptionKey,
    ExecutionRole,
    HuggingFaceModel,
    ImageConfig,
    InstanceProductionVariant,
    InstanceType,
    Linear,
    MetricMath,
    Model,
    PrivateNetwork,
    Rolling,
    S3DataSource,
    ScheduledAction,
    ServerlessProductionVariant,
    StepAdjustment,
    StepScaling,
    TargetTracking,
)

Inputs: TypeAlias = dict[str, Any]
"""An endpoint's keywords."""

_IMAGE: Final = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/sentiment:1.4"
_PACKAGE: Final = "arn:aws:sagemaker:eu-west-1:111122223333:model-package/sentiment/3"
_KEYS: Final = [f"arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-45678900000{n}" for n in range(4)]
_NETWORK: Final = PrivateNetwork(
    vpc_id="vpc-0123456789abcdef0",
    subnet_ids=["subnet-0000000000000000a", "subnet-0000000000000000b"],
    security_group_ids=["sg-0000000000000000a"],
)
# One text that is right for a prefix and for an object, and for one archive and for many.
_ANY_URI: Final = "${var.models}"
_OBJECT: Final = S3DataSource(s3_uri=_ANY_URI, s3_data_type="S3Object", compression_type="Gzip", accept_eula=True)
_REGISTRY: Final = ImageConfig(
    repository_access_mode="Vpc",
    repository_credentials_provider_arn="arn:aws:lambda:eu-west-1:111122223333:function:registry-credentials",
)
_VARIANT: Final = InstanceProductionVariant(
    variant_name="blue",
    model=Model(image=_IMAGE, model_data_url="s3://models/sentiment/model.tar.gz", environment={"LOG_LEVEL": "info"}),
    instance_type=InstanceType.ML_P3_2XLARGE,
    initial_instance_count=3,
    initial_variant_weight=5,
    volume_size_in_gb=30,
    model_data_download_timeout_in_seconds=601,
    container_startup_health_check_timeout_in_seconds=602,
    routing_strategy="LEAST_OUTSTANDING_REQUESTS",
    inference_ami_version="al2-ami-sagemaker-inference-gpu-2",
    enable_ssm_access=True,
    local_nvme_storage=False,
    core_dump_config=CoreDumpConfig(destination_s3_uri="s3://dumps/sentiment", kms_key_arn=_KEYS[1]),
)
_WATCHED: Final[Inputs] = {
    "maximum_execution_timeout_in_seconds": 603,
    "rollback_alarms": ["errors"],
    "roll_back_on_own_alarms": False,
}
_CAPTURE: Final = DataCaptureConfig(
    destination_s3_uri="s3://captured/sentiment",
    initial_sampling_percentage=20,
    capture_options=["InputAndOutput"],
    csv_content_types=["text/csv"],
    json_content_types=["application/json"],
    kms_key_arn=_KEYS[2],
    enable_capture=False,
)
_ASYNC: Final = AsyncInferenceConfig(
    s3_output_path="s3://answers/sentiment",
    s3_failure_path="s3://failures/sentiment",
    s3_input_path="s3://requests/sentiment",
    s3_input_kms_key_arn=_KEYS[3],
    success_topic="arn:aws:sns:eu-west-1:111122223333:answers",
    error_topic="arn:aws:sns:eu-west-1:111122223333:failures",
    include_inference_response_in=["ERROR_NOTIFICATION_TOPIC"],
    max_concurrent_invocations_per_instance=7,
    kms_key_arn=_KEYS[2],
)


def _serving(model: Model) -> Inputs:
    """Return an endpoint that serves a model, with few other inputs."""
    variant = InstanceProductionVariant(model=model, instance_type="ml.m5.xlarge")
    return {"endpoint_name": "sentiment", "network": _NETWORK, "production_variants": [variant]}


_WAITING: Final = CustomMetric(
    metric_name="Waiting", namespace="Serving", dimensions={"Queue": "sentiment"}, statistic="Maximum", unit="Count"
)
_SCALED: Final = InstanceProductionVariant(
    model=Model(image=_IMAGE),
    instance_type="ml.m5.xlarge",
    variant_name="scaled",
    auto_scaling=AutoScaling(
        min_capacity=1,
        max_capacity=9,
        policies=[
            TargetTracking(
                name="follow", target_value=70, scale_out_cooldown=61, scale_in_cooldown=62, disable_scale_in=True
            ),
            TargetTracking(name="own", metric=_WAITING, target_value=71),
            TargetTracking(
                name="computed",
                metric=MetricMath(expression="waiting / 2", metrics={"waiting": _WAITING}, label="half"),
                target_value=72,
            ),
            TargetTracking(name="rate", requests_per_second=20, safety_factor=0.6),
            StepScaling(
                name="steps",
                metric=_WAITING,
                threshold=10,
                step_adjustments=[
                    StepAdjustment(scaling_adjustment=50, metric_interval_lower_bound=0, metric_interval_upper_bound=5),
                    StepAdjustment(scaling_adjustment=100, metric_interval_lower_bound=5),
                ],
                adjustment_type="PercentChangeInCapacity",
                min_adjustment_magnitude=3,
                cooldown=63,
                metric_aggregation_type="Maximum",
            ),
        ],
        scheduled_actions=[
            ScheduledAction(
                name="morning",
                schedule="cron(0 7 ? * MON-FRI *)",
                timezone="Europe/Berlin",
                min_capacity=4,
                max_capacity=8,
                start_time="2030-01-01T00:00:00Z",
                end_time="2031-01-01T00:00:00Z",
            )
        ],
    ),
)
_PLAIN: Final = _serving(Model(image=_IMAGE))
PROGRAMS: Final[Sequence[Inputs]] = (
    {
        "endpoint_name": "sentiment",
        "network": _NETWORK,
        "production_variants": [_VARIANT],
        # Of a model of its own: one that is shared would be made twice where it is changed in one place.
        "shadow_production_variants": [replace(_VARIANT, variant_name="shadow", model=Model(image=_IMAGE))],
        "data_capture_config": _CAPTURE,
        "execution_role": ExecutionRole(role_arn="arn:aws:iam::111122223333:role/sentiment"),
        "key": EncryptionKey(kms_key_arn=_KEYS[0]),
        "tags": {"team": "language"},
    },
    {
        **_PLAIN,
        "deployment": AllAtOnce(wait_interval_in_seconds=60, termination_wait_in_seconds=61, **_WATCHED),
    },
    {
        **_PLAIN,
        "deployment": Canary(
            canary_size=CapacitySize.instances(1),
            wait_interval_in_seconds=60,
            termination_wait_in_seconds=61,
            **_WATCHED,
        ),
    },
    {
        **_PLAIN,
        "deployment": Linear(
            linear_step_size=CapacitySize.instances(1),
            wait_interval_in_seconds=60,
            termination_wait_in_seconds=61,
            **_WATCHED,
        ),
    },
    {
        **_PLAIN,
        "deployment": Rolling(
            maximum_batch_size=CapacitySize.instances(1),
            wait_interval_in_seconds=60,
            rollback_maximum_batch_size=CapacitySize.percent(50),
            **_WATCHED,
        ),
    },
    {**_PLAIN, "async_inference_config": _ASYNC},
    {**_PLAIN, "production_variants": [_SCALED], "tags": {"team": "language"}},
    {
        **_PLAIN,
        "async_inference_config": AsyncInferenceConfig(
            s3_output_path="s3://answers/sentiment", create_success_topic=True, create_error_topic=True
        ),
    },
    {
        "endpoint_name": "sentiment",
        "production_variants": [
            ServerlessProductionVariant(
                variant_name="blue",
                model=Model(image=_IMAGE),
                memory_size_in_mb=2048,
                max_concurrency=8,
                provisioned_concurrency=4,
                auto_scaling=AutoScaling(min_capacity=1, max_capacity=8),
            )
        ],
    },
    _serving(
        Model(
            image=_IMAGE,
            image_config=_REGISTRY,
            container_hostname="first",
            model_data_source=_OBJECT,
            additional_model_data_sources={"adapters": _OBJECT},
            enable_network_isolation=True,
        )
    ),
    _serving(
        Model(
            image=_IMAGE,
            mode="MultiModel",
            model_data_url=_ANY_URI,
            model_cache_setting="Disabled",
            hugging_face=HuggingFaceModel(
                model_id="/opt/ml/model",
                task="text-classification",
                revision="main",
                token_secret_arn="arn:aws:secretsmanager:eu-west-1:111122223333:secret:hub-AbCdEf",  # noqa: S106 - an ARN
            ),
        )
    ),
    _serving(
        Model(
            model_package_name=_PACKAGE,
            inference_specification_name="on-gpu",
            model_package_images=[_IMAGE],
            model_package_artifacts=["s3://models/package/"],
        )
    ),
    _serving(
        Model(
            inference_execution_mode="Direct",
            containers=[
                Container(
                    container_hostname="first",
                    image=_IMAGE,
                    image_config=_REGISTRY,
                    model_data_source=_OBJECT,
                    additional_model_data_sources={"adapters": _OBJECT},
                    environment={"LOG_LEVEL": "info"},
                ),
                Container(
                    container_hostname="second",
                    image=_IMAGE,
                    hugging_face=HuggingFaceModel(model_id="/opt/ml/model"),
                    mode="MultiModel",
                    model_data_url=_ANY_URI,
                    model_cache_setting="Disabled",
                ),
                Container(
                    container_hostname="third",
                    model_package_name=_PACKAGE,
                    inference_specification_name="on-gpu",
                    model_package_images=[_IMAGE],
                    model_package_artifacts=["s3://models/package/"],
                ),
            ],
        )
    ),
)
