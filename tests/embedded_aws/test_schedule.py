"""Requests are served one at a time, each once what is due has happened."""

import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from .gaps.schedule import Schedule
from .wsgi import Environ, StartResponse


def start(*_: object) -> None:
    pass


def test_one_request_is_served_at_a_time() -> None:
    served = threading.Lock()

    def application(_: Environ, __: StartResponse) -> Iterable[bytes]:
        assert served.acquire(blocking=False), "another request is being served"
        time.sleep(0.01)
        yield b"answer"
        served.release()

    serve = Schedule().before(application)
    with ThreadPoolExecutor(4) as threads:
        answers = [*threads.map(lambda _: [*serve({}, start)], range(8))]
    assert answers == [[b"answer"]] * 8


def test_an_answer_is_closed_and_what_is_due_has_happened_before_it() -> None:
    happened = []

    class Answer(list[bytes]):
        def close(self) -> None:
            happened.append("closed")

    schedule = Schedule()
    schedule.after(0, lambda: happened.append("due"))
    assert schedule.before(lambda _, __: Answer([b"answer"]))({}, start) == [b"answer"]
    assert happened == ["due", "closed"]
