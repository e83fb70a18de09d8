"""What the containers of an endpoint write to CloudWatch Logs.

moto runs no containers. On AWS each instance writes to a stream of its own, named by its variant, in the log group
named by the endpoint.
https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html

SageMaker makes the group where there is none; here that is left out, since the library makes it first.
"""

import secrets

from moto.core.utils import unix_time_millis
from moto.logs.models import logs_backends
from moto.sagemaker.models import SageMakerModelBackend

from .patching import Resource


def start(backend: SageMakerModelBackend, endpoint: Resource) -> None:
    """Let a container on each instance say that it serves."""
    logs = logs_backends[backend.account_id][backend.region_name]
    group = f"/aws/sagemaker/Endpoints/{endpoint.endpoint_name}"
    if group not in logs.groups:
        return
    for variant in endpoint.production_variants:
        for _ in range(variant.get("CurrentInstanceCount", 0)):
            stream = f"{variant['VariantName']}/i-{secrets.token_hex(8)}1"
            logs.create_log_stream(group, stream)
            event = {"timestamp": int(unix_time_millis()), "message": "The server listens on port 8080"}
            logs.put_log_events(group, stream, [event])
