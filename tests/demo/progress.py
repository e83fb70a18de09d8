"""What the demo says while it runs."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Iterator

_SIGN_OF_LIFE = re.compile(r"^(?!data\.)\S+(?: \(deposed object \w+\))?: (?:Still |\w+ complete after )")
_ID = re.compile(r" \[id=[^],]*\]|id=[^],]*, ")
_said = threading.Event()
"""Something was, since this was cleared."""


class Progress:
    """Announces steps, says that one goes on which is silent for `silence` seconds, and keeps how long each took."""

    def __init__(self, *, silence: float = 3) -> None:
        self.seconds: dict[str, float] = {}
        self._silence = silence

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Announce a step, and time it."""
        say(f"\n==> {title}")
        start = time.monotonic()
        with self._signs_of_life(start):
            yield
        self.seconds[title] = time.monotonic() - start

    def table(self) -> str:
        """Give the steps and their seconds."""
        return "\n".join(f"  {seconds:6.1f} s  {title}" for title, seconds in self.seconds.items())

    @contextlib.contextmanager
    def _signs_of_life(self, start: float) -> Iterator[None]:
        over = threading.Event()

        def tell() -> None:
            while not over.is_set():
                if not _said.wait(self._silence):
                    say(f"    {time.monotonic() - start:.0f} s so far")
                _said.clear()

        teller = threading.Thread(target=tell, daemon=True)
        teller.start()
        try:
            yield
        finally:
            over.set()
            _said.set()
            teller.join()


def say(text: str) -> None:
    """Print at once, through a pipe too."""
    print(text, flush=True)
    _said.set()


def show_terraform(line: str) -> None:
    """Pass on those of Terraform's lines that show how far it is, without the long ids."""
    if _SIGN_OF_LIFE.match(line):
        say(f"    {_ID.sub('', line)}")
