"""A caller whose answer got lost asks again; it is given the answer that there was.

On a busy machine a connection breaks now and then after the server has done its work. The SDKs then repeat the call,
under the same invocation id, and a Create would find its own resource there already.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable

from werkzeug.datastructures import Headers
from werkzeug.test import run_wsgi_app

from .wsgi import Application, Environ, StartResponse

_KEPT = 256
_ERROR = 400


class LostAnswers:
    """A WSGI layer around the server. Errors are not kept: a call that failed is to be tried anew."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._answers: OrderedDict[str, tuple[str, Headers, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        invocation = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
        if not invocation:
            return self._application(environ, start_response)
        with self._lock:
            kept = self._answers.get(invocation)
        status, headers, answer = kept or self._ask(invocation, environ)
        start_response(status, headers.to_wsgi_list())
        return [answer]

    def _ask(self, invocation: str, environ: Environ) -> tuple[str, Headers, bytes]:
        chunks, status, headers = run_wsgi_app(self._application, environ, buffered=True)
        answered = status, headers, b"".join(chunks)
        if int(status.split()[0]) < _ERROR:
            with self._lock:
                self._answers[invocation] = answered
                if len(self._answers) > _KEPT:
                    self._answers.popitem(last=False)
        return answered
