"""What the containers of an endpoint write to CloudWatch Logs.

moto runs no containers. On AWS each instance writes to a stream of its own, named by its variant, in the log group
named by the endpoint; in an inference pipeline each container does, named by its hostname or else its number.
https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html

SageMaker makes the group where there is none; here that is left out, since the library makes it first.
"""

import secrets
from typing import Any

from moto.core.utils import unix_time_millis
from moto.logs.models import logs_backends
from moto.sagemaker.models import SageMakerModelBackend

from .patching import Resource
from .sagemaker_resources import CONFIGURATION, MODEL


def start(backend: SageMakerModelBackend, endpoint: Resource) -> None:
    """Let a container on each instance say that it serves."""
    logs = logs_backends[backend.account_id][backend.region_name]
    group = f"/aws/sagemaker/Endpoints/{endpoint.endpoint_name}"
    if group not in logs.groups:
        return
    for variant in endpoint.production_variants:
        for _ in range(variant.get("CurrentInstanceCount", 0)):
            instance = f"{variant['VariantName']}/i-{secrets.token_hex(8)}1"
            for stream in [f"{instance}/{each}" for each in _pipeline(backend, endpoint, variant)] or [instance]:
                logs.create_log_stream(group, stream)
                event = {"timestamp": int(unix_time_millis()), "message": "The server listens on port 8080"}
                logs.put_log_events(group, stream, [event])


def _pipeline(backend: SageMakerModelBackend, endpoint: Resource, variant: dict[str, Any]) -> list[str]:
    """Name the containers of the pipeline that a variant runs, if it runs one."""
    configuration = CONFIGURATION.stored(backend).get(endpoint.endpoint_config_name)
    stated = configuration.production_variants if configuration else []
    models = [
        each["ModelName"] for each in stated if each["VariantName"] == variant["VariantName"] if "ModelName" in each
    ]
    requests = [MODEL.stored(backend)[each].request for each in models if each in MODEL.stored(backend)]
    return [
        each.get("ContainerHostname") or f"container-{number}"
        for request in requests
        if len(request.get("Containers", [])) > 1
        for number, each in enumerate(request["Containers"], start=1)
    ]
