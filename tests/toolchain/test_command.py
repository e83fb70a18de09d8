import signal
import threading
import time
from pathlib import Path

import pytest

from .command import CommandError, run

_ENVIRONMENT = {"PATH": "/usr/bin:/bin"}


def test_output_is_reported_as_it_comes_and_given_back_whole(tmp_path: Path) -> None:
    lines: list[str] = []
    output = run(
        ["sh", "-c", "echo one; echo two; exit 2"],
        directory=tmp_path,
        environment=_ENVIRONMENT,
        report=lines.append,
        accept=(0, 2),
    )
    assert (lines, output.text, output.code) == (["one", "two"], "one\ntwo\n", 2)


def test_a_failure_is_told_in_the_commands_own_words(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"(?s)ended with exit code 3.*the reason") as caught:
        run(["sh", "-c", "echo chatter; echo the reason >&2; exit 3"], directory=tmp_path, environment=_ENVIRONMENT)
    assert str(caught.value).endswith("It said:\n\nthe reason")
    assert caught.value.text == "chatter\n"


def test_a_command_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="was ended after 0 seconds"):
        run(["sh", "-c", "sleep 600 & sleep 600"], directory=tmp_path, environment=_ENVIRONMENT, timeout=0.3)


def test_an_interrupt_ends_the_command_before_it_goes_on(tmp_path: Path) -> None:
    script = "trap 'echo ended > trace; exit' INT; echo ready; while :; do sleep 0.05; done"

    def interrupt(line: str) -> None:
        assert line == "ready"
        signal.raise_signal(signal.SIGINT)

    assert threading.current_thread() is threading.main_thread(), "signals reach the main thread"
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run(["sh", "-c", script], directory=tmp_path, environment=_ENVIRONMENT, report=interrupt)
    assert (tmp_path / "trace").read_text() == "ended\n", f"after {time.monotonic() - start:.1f} s"
