"""Endpoints that state every input of models, configurations and endpoints between them, each at least once.

A new input is a line here, in an endpoint that may have it; its value is not its default.
"""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from sagemaker_endpoint import EncryptionKey, ExecutionRole, InstanceProductionVariant, Model, PrivateNetwork

Inputs: TypeAlias = dict[str, Any]
"""An endpoint's keywords."""

_IMAGE: Final = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/sentiment:1.4"
_NETWORK: Final = PrivateNetwork(
    vpc_id="vpc-0123456789abcdef0",
    subnet_ids=["subnet-0000000000000000a", "subnet-0000000000000000b"],
    security_group_ids=["sg-0000000000000000a"],
)
_VARIANT: Final = InstanceProductionVariant(
    variant_name="blue",
    model=Model(image=_IMAGE, model_data_url="s3://models/sentiment/model.tar.gz", environment={"LOG_LEVEL": "info"}),
    instance_type="ml.p3.2xlarge",
    initial_instance_count=3,
    initial_variant_weight=5,
    volume_size_in_gb=30,
    model_data_download_timeout_in_seconds=601,
    container_startup_health_check_timeout_in_seconds=602,
    routing_strategy="LEAST_OUTSTANDING_REQUESTS",
    inference_ami_version="al2-ami-sagemaker-inference-gpu-2",
    enable_ssm_access=True,
    local_nvme_storage=False,
)
_INSTANCES: Final[Inputs] = {
    "endpoint_name": "sentiment",
    "network": _NETWORK,
    "production_variants": [_VARIANT],
    "execution_role": ExecutionRole(role_arn="arn:aws:iam::111122223333:role/sentiment"),
    "key": EncryptionKey(kms_key_arn="arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef"),
    "tags": {"team": "language"},
}


def _serving(model: Model) -> Inputs:
    """Return an endpoint that serves a model, with few other inputs."""
    variant = InstanceProductionVariant(model=model, instance_type="ml.m5.xlarge")
    return {"endpoint_name": "sentiment", "network": _NETWORK, "production_variants": [variant]}


PROGRAMS: Final[Sequence[Inputs]] = (
    _INSTANCES,
    _serving(Model(image=_IMAGE, enable_network_isolation=True)),
)
