"""Keeps every API call, in the order of the answers."""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl

from moto.core.request import Request
from moto.core.routing import NotFound, get_service_router

from .call import Call

Environ = dict[str, Any]  # WSGI's own loose type
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

PATH = "/embedded-aws/calls"
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
        if not environ.get("HTTP_AUTHORIZATION"):
            return self._application(environ, start_response)  # moto's own pages: not AWS
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        answered: list[tuple[str, dict[str, str]]] = []

        def note(status: str, headers: list[tuple[str, str]], *rest: object) -> Any:
            answered.append((status, {key.lower(): value for key, value in headers}))
            return start_response(status, headers, *rest)

        answer = b"".join(self._application(environ, note))
        status, headers = answered[-1]
        call = _call(environ, body, int(status.split()[0]), headers, answer)
        with self._lock:
            self._calls.append(call)
        return [answer]

    def _own(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        with self._lock:
            calls = [asdict(call) for call in self._calls]
            if environ["REQUEST_METHOD"] == "DELETE":
                self._calls.clear()
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(calls).encode()]


def _call(environ: Environ, body: bytes, status: int, headers: dict[str, str], answer: bytes) -> Call:
    service = environ["HTTP_AUTHORIZATION"].partition("Credential=")[2].split("/")[3]
    if _RUNTIME_PATH.match(environ["PATH_INFO"]):
        service = "sagemaker-runtime"  # it signs as sagemaker
    action, parameters = _request(service, environ, body)
    return Call(
        service=service,
        action=action,
        parameters=parameters,
        status=status,
        error=_error(headers, answer) if status >= 400 else None,  # noqa: PLR2004 HTTP's own limit
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


def _flat(value: Any, prefix: str = "") -> dict[str, str]:
    """A request's JSON as dotted names, lists counted from 1, the way EC2's own requests are written."""
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = {str(number): item for number, item in enumerate(value, 1)}.items()
    else:
        return {prefix: value if isinstance(value, str) else json.dumps(value)}
    flat: dict[str, str] = {}
    for key, item in items:
        flat |= _flat(item, f"{prefix}.{key}" if prefix else key)
    return flat


_CODE_IN_XML = re.compile(rb"<Code>([^<]+)</Code>")


def _error(headers: dict[str, str], answer: bytes) -> str:
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
