"""Keeps every API call, in the order of the answers."""

import io
import json
import re
import threading
from collections.abc import Iterable
from dataclasses import asdict
from urllib.parse import parse_qsl

from moto.core.request import Request
from moto.core.routing import get_service_router
from werkzeug.datastructures import Headers
from werkzeug.exceptions import NotFound
from werkzeug.test import run_wsgi_app

from .call import Call
from .wsgi import Application, Environ, StartResponse, body_of

PATH = "/embedded-aws/calls"
_SCOPE = re.compile(r"Credential=[^/]+/\d+/[^/]+/(?P<service>[^/]+)/")
_RUNTIME_PATH = re.compile(r"^/endpoints/[^/]+/(async-)?invocations")


class Journal:
    """A WSGI layer around the server. GET on its own path answers the calls, DELETE forgets them."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._calls: list[Call] = []
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == PATH:
            return self._own(environ, start_response)
        scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        if not scope:
            return self._application(environ, start_response)  # moto's own pages: not AWS
        body = body_of(environ)
        chunks, status, headers = run_wsgi_app(self._application, environ, buffered=True)
        answer = b"".join(chunks)
        call = _call(scope["service"], environ, body, status=int(status.split()[0]), headers=headers, answer=answer)
        with self._lock:
            self._calls.append(call)
        start_response(status, headers.to_wsgi_list())
        return [answer]

    def _own(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        with self._lock:
            calls = [asdict(call) for call in self._calls]
            if environ["REQUEST_METHOD"] == "DELETE":
                self._calls.clear()
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(calls).encode()]


def _call(service: str, environ: Environ, body: bytes, *, status: int, headers: Headers, answer: bytes) -> Call:
    if _RUNTIME_PATH.match(environ["PATH_INFO"]):
        service = "sagemaker-runtime"  # it signs as sagemaker
    action, parameters = _request(service, environ, body)
    return Call(
        service=service,
        action=action,
        parameters=parameters,
        status=status,
        error=_error(headers, answer) if status >= 400 else None,
        user_agent=environ.get("HTTP_USER_AGENT", ""),
    )


def _request(service: str, environ: Environ, body: bytes) -> tuple[str, dict[str, str]]:
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return target.rpartition(".")[2], _flat(json.loads(body or b"{}"))
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


_CODE_IN_XML = re.compile(rb"<Code>([^<]+)</Code>")


def _error(headers: Headers, answer: bytes) -> str:
    from_header = headers.get("x-amzn-errortype", "").partition(":")[0]
    if from_header:
        return from_header
    in_xml = _CODE_IN_XML.search(answer)
    if in_xml:
        return in_xml[1].decode()
    try:
        code = json.loads(answer)["__type"]
    except (ValueError, KeyError, TypeError):
        return "Unknown"
    return str(code).rpartition("#")[2]
