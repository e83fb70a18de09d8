"""Runs the demo, and ends well however it ends."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import NoReturn

from tests.toolchain import CommandError
from tests.toolchain.installed import TerraformNotFoundError
from tests.toolchain.providers import ProvidersNotFoundError

from .demo import DemoError, run_demo

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Ctrl-C, or another signal to end."""


def main() -> int:
    """Run the demo; 0 when every step did what it should."""
    for number in _SIGNALS:
        signal.signal(number, _interrupt)
    try:
        run_demo()
    except (CommandError, DemoError, ProvidersNotFoundError, TerraformNotFoundError) as error:
        print(f"\nThe demo failed. {error}", file=sys.stderr)
        return 1
    except Interrupted as interrupt:
        print("\nInterrupted: Terraform and the embedded AWS are ended, their files removed.", file=sys.stderr)
        return 128 + int(interrupt.args[0])
    return 0


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - as signal.signal wants it
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)  # once is enough: the clean-up is to finish
    raise Interrupted(number)


if __name__ == "__main__":
    sys.exit(main())
