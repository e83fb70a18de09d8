"""Which of AWS's operations a request asks for."""

import io
import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from moto.core.request import Request
from moto.core.routing import get_service_router
from werkzeug.exceptions import NotFound

from .wsgi import Environ, body_of

_SCOPE = re.compile(r"Credential=[^/]+/\d+/[^/]+/(?P<service>[^/]+)/")
ACTION_PREFIXES = {"monitoring": "cloudwatch"}  # of services that sign by another name
_RPC_PATH = re.compile(r"^/service/[^/]+/operation/(?P<action>\w+)$")
_RUNTIME_PATH = re.compile(r"^/endpoints/[^/]+/(async-)?invocations")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """The action of a service, and the request's parameters, flat: `Filter.1.Name`."""

    service: str
    action: str
    parameters: dict[str, str]

    @classmethod
    def of(cls, environ: Environ) -> "Operation | None":
        """Read it from a request; None for moto's own pages, which are not AWS's."""
        scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        if not scope:
            return None
        service = ACTION_PREFIXES.get(scope["service"], scope["service"])
        if _RUNTIME_PATH.match(environ["PATH_INFO"]):
            service = "sagemaker-runtime"  # it signs as sagemaker
        action, parameters = _action(service, environ, body_of(environ))
        return cls(service=service, action=action, parameters=parameters)


def _action(service: str, environ: Environ, body: bytes) -> tuple[str, dict[str, str]]:
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return target.rpartition(".")[2], _flat(json.loads(body or b"{}"))
    rpc = _RPC_PATH.match(environ["PATH_INFO"])
    if rpc:
        return rpc["action"], {}  # its parameters are CBOR, which nobody has needed to see yet
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        parameters = dict(parse_qsl(body.decode(), keep_blank_values=True))
        action = parameters.pop("Action", "")
        parameters.pop("Version", None)
        return action, parameters
    try:
        operation, uri = get_service_router(service).match(Request({**environ, "wsgi.input": io.BytesIO(body)}))
    except (NotFound, NotImplementedError):
        return f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}", {}
    return operation.name, _flat(uri)


def _flat(value: object, prefix: str = "") -> dict[str, str]:
    """Write a request's JSON as dotted names, lists counted from 1, the way EC2 writes its requests."""
    if isinstance(value, list):
        value = {str(number): item for number, item in enumerate(value, 1)}
    if not isinstance(value, dict):
        return {prefix: value if isinstance(value, str) else json.dumps(value)}
    flat: dict[str, str] = {}
    for key, item in value.items():
        flat |= _flat(item, f"{prefix}.{key}" if prefix else key)
    return flat
