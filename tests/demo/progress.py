"""What the demo says while it runs."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator

_SIGN_OF_LIFE = re.compile(r"^(?!data\.)\S+(?: \(deposed object \w+\))?: (?:Still |\w+ complete after )")
_ID = re.compile(r" \[id=[^],]*\]|id=[^],]*, ")


class Progress:
    """Announces steps, and remembers how long each took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Announce a step, and time it."""
        say(f"\n==> {title}")
        start = time.monotonic()
        yield
        self.seconds[title] = time.monotonic() - start

    def table(self) -> str:
        """Give the steps and their seconds."""
        return "\n".join(f"  {seconds:6.1f} s  {title}" for title, seconds in self.seconds.items())


def say(text: str) -> None:
    """Print at once, through a pipe too."""
    print(text, flush=True)


def show_terraform(line: str) -> None:
    """Pass on those of Terraform's lines that show how far it is, without the long ids."""
    if _SIGN_OF_LIFE.match(line):
        say(f"    {_ID.sub('', line)}")
