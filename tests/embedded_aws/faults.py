"""Lets calls fail on demand, at the door: the gaps behind it know nothing of it."""

import itertools
import threading
from collections.abc import Iterable
from http import HTTPStatus

from .error_body import error_body
from .fault import Failure, Fault
from .operation import Operation
from .wsgi import Application, Environ, StartResponse


class Faults:
    """A WSGI layer around the server."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._standing: dict[str, _Standing] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def add(self, fault: str) -> str:
        """Let a fault stand, written as JSON; give the number to lift it by."""
        with self._lock:
            number = str(next(self._numbers))
            self._standing[number] = _Standing(Fault.from_json(fault))
        return number

    def lift(self, number: str) -> None:
        """End a fault; who waits is served."""
        with self._lock:
            standing = self._standing.pop(number)
        standing.lifted.set()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        operation = Operation.of(environ)
        standing = operation and self._met(operation, environ.get("HTTP_USER_AGENT", ""))
        if not standing:
            return self._application(environ, start_response)
        if standing.fault.failure:
            return _answer(standing.fault.failure, environ, start_response)
        standing.lifted.wait()
        return self._application(environ, start_response)

    def _met(self, operation: Operation, caller: str) -> "_Standing | None":
        with self._lock:
            return next((each for each in self._standing.values() if each.meets(operation, caller)), None)


class _Standing:
    """A fault, and how many calls it has let pass and met."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.lifted = threading.Event()
        self._passed = self._met = 0

    def meets(self, operation: Operation, caller: str) -> bool:
        fault = self.fault
        if (operation.service, operation.action) != (fault.service, fault.action) or fault.caller not in caller:
            return False
        if self._passed < fault.skip:
            self._passed += 1
            return False
        if fault.times is not None and self._met >= fault.times:
            return False
        self._met += 1
        return True


def _answer(failure: Failure, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    start_response(f"{failure.status} {HTTPStatus(failure.status).phrase}", [])
    if failure.body is None:
        return [error_body(environ, failure.code, failure.message)]
    return [failure.body.encode()]
