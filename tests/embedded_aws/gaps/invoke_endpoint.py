"""Invoking an endpoint: it has to exist, and its answer tells which variant and image gave it.

moto answers a fixed text for whatever name, and has no InvokeEndpointWithResponseStream.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointWithResponseStream.html
"""

import json
import struct
import zlib
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.sagemaker.models import sagemaker_backends
from moto.sagemakerruntime import urls
from moto.sagemakerruntime.responses import SageMakerRuntimeResponse

from .patching import Answer, Handler, add, wrap

_STREAM_PATH = "invocations-response-stream"


def fill() -> None:
    wrap(SageMakerRuntimeResponse, "invoke_endpoint", _invoke)
    wrap(SageMakerRuntimeResponse, "invoke_endpoint_async", _invoke_async)
    add(SageMakerRuntimeResponse, "invoke_endpoint_with_response_stream", _invoke_with_stream)
    urls.url_paths[f"{{0}}/endpoints/(?P<name>[^/]+)/{_STREAM_PATH}$"] = urls.response.dispatch
    wrap(DomainDispatcherApplication, "infer_service_region_host", _infer_host)


def _invoke(_: Handler, self: SageMakerRuntimeResponse) -> tuple[int, dict[str, str], str]:
    variant = _variant(self)
    headers = {"Content-Type": "application/json", "x-Amzn-Invoked-Production-Variant": variant["VariantName"]}
    return 200, headers, _answer(variant)


def _invoke_async(moto: Handler, self: SageMakerRuntimeResponse) -> Answer:
    _variant(self)
    return moto(self)


def _invoke_with_stream(self: SageMakerRuntimeResponse) -> tuple[int, dict[str, str], bytes]:
    variant = _variant(self)
    headers = {
        "Content-Type": "application/vnd.amazon.eventstream",
        "x-Amzn-Invoked-Production-Variant": variant["VariantName"],
        "X-Amzn-SageMaker-Content-Type": "application/json",
    }
    return 200, headers, _payload_part(_answer(variant).encode())


def _variant(self: SageMakerRuntimeResponse) -> dict[str, Any]:
    """Choose the heaviest variant of the endpoint, or the one that TargetVariant names."""
    name = self.path.split("/")[2]
    endpoint = sagemaker_backends[self.current_account][self.region].endpoints.get(name)
    if endpoint is None or endpoint.endpoint_status in ("Creating", "Deleting"):
        raise JsonRESTError("ValidationError", f"Endpoint {name} of account {self.current_account} not found.")
    target = self.headers.get("X-Amzn-SageMaker-Target-Variant")
    variants = [each for each in endpoint.production_variants if target in (None, each["VariantName"])]
    if not variants:
        raise JsonRESTError("ValidationError", f"Variant {target} not found for Request")
    return max(variants, key=lambda each: float(each["CurrentWeight"]))


def _answer(variant: dict[str, Any]) -> str:
    images = [image["SpecifiedImage"] for image in variant["DeployedImages"]]
    return json.dumps({"variant": variant["VariantName"], "images": images})


def _payload_part(payload: bytes) -> bytes:
    """One event of https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html#streaming-event-stream."""
    headers = b"".join(
        struct.pack("!B", len(name)) + name + struct.pack("!BH", 7, len(value)) + value
        for name, value in (
            (b":event-type", b"PayloadPart"),
            (b":content-type", b"application/octet-stream"),
            (b":message-type", b"event"),
        )
    )
    prelude = struct.pack("!II", len(headers) + len(payload) + 16, len(headers))
    message = prelude + struct.pack("!I", zlib.crc32(prelude)) + headers + payload
    return message + struct.pack("!I", zlib.crc32(message))


def _infer_host(moto: Handler, self: DomainDispatcherApplication, environ: dict[str, Any], path: str) -> Answer:
    host = moto(self, environ, path)
    if host and environ.get("PATH_INFO", "").endswith(_STREAM_PATH):
        return host.replace("api.sagemaker", "runtime.sagemaker")
    return host
