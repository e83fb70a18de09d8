"""What AWS does some time after it has answered."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterable

from tests.embedded_aws.wsgi import Application, Environ, StartResponse


class Schedule:
    """Actions that fall due later, run in order just before the next request is served.

    No timers and no threads: between two requests nobody can see whether something has happened yet.
    """

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._number = itertools.count()
        self._advanced = 0.0
        self._running: float | None = None
        self._lock = threading.RLock()

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Let an action fall due; what another one starts counts from the time that that one was due."""
        with self._lock:
            start = self._now() if self._running is None else self._running
            heapq.heappush(self._due, (start + seconds, next(self._number), action))

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        with self._lock:
            self._advanced += seconds

    def run_due(self) -> None:
        with self._lock:
            while self._due and self._due[0][0] <= self._now():
                self._running, _, action = heapq.heappop(self._due)
                try:
                    action()
                finally:
                    self._running = None

    def before(self, application: Application) -> Application:
        """Wrap a WSGI application, so that what is due has happened when it sees a request.

        One is served at a time: moto's own dictionaries may not change while another thread goes through them.
        """

        def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            with self._lock:
                self.run_due()
                answer = application(environ, start_response)
                try:
                    return [*answer]
                finally:
                    getattr(answer, "close", lambda: None)()

        return serve

    def _now(self) -> float:
        return time.monotonic() + self._advanced
