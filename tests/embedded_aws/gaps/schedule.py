"""What AWS does some time after it has answered."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any


class Schedule:
    """Actions that fall due later, run in order just before the next request is served.

    No timers and no threads: between two requests nobody can see whether something has happened yet.
    """

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._number = itertools.count()
        self._lock = threading.RLock()

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        with self._lock:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._number), action))

    def run_due(self) -> None:
        with self._lock:
            while self._due and self._due[0][0] <= time.monotonic():
                heapq.heappop(self._due)[2]()

    def before(self, application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        """Wrap a WSGI application."""

        def serve(environ: Any, start_response: Any) -> Iterable[bytes]:
            self.run_due()
            return application(environ, start_response)

        return serve
