"""Keeps every API call, in the order of the answers."""

import json
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict

from werkzeug.datastructures import Headers
from werkzeug.test import run_wsgi_app

from .call import Call, takes_away
from .operation import Operation
from .wsgi import Application, Environ, StartResponse


class Journal:
    """A WSGI layer around the server."""

    def __init__(self, application: Application, *, in_use: Callable[[], list[str]]) -> None:
        self._application = application
        self._in_use = in_use
        self._calls: list[Call] = []
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        operation = Operation.of(environ)
        if operation is None:
            return self._application(environ, start_response)
        in_use = self._in_use() if takes_away(operation.action) else []
        chunks, status, headers = run_wsgi_app(self._application, environ, buffered=True)
        answer = b"".join(chunks)
        code = int(status.split()[0])
        call = Call(
            service=operation.service,
            action=operation.action,
            parameters=operation.parameters,
            status=code,
            error=_error(headers, answer) if code >= 400 else None,
            user_agent=environ.get("HTTP_USER_AGENT", ""),
            in_use=in_use,
        )
        with self._lock:
            self._calls.append(call)
        start_response(status, headers.to_wsgi_list())
        return [answer]

    def to_json(self) -> str:
        with self._lock:
            return json.dumps([asdict(call) for call in self._calls])

    def forget(self) -> None:
        with self._lock:
            self._calls.clear()


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
