"""Running a command line: its output as it comes, its own words when it fails, no process left behind."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Report = Callable[[str], None]
"""Is handed each line of a command's standard output as it comes."""

_GRACE_SECONDS = 60  # Terraform ends what it has begun, and writes its state, which a busy machine takes its time for


def quiet(line: str) -> None:
    """Say nothing: the `Report` of those who do not watch."""


@dataclass(frozen=True, kw_only=True)
class Output:
    """What a command that ended well gave back."""

    code: int
    text: str


class CommandError(Exception):
    """A command failed; the text is what it said itself."""

    def __init__(self, command: Sequence[str], *, directory: Path, outcome: str, text: str, error: str) -> None:
        self.text = text
        self.error = error
        words = error.strip() or text.strip() or "(it said nothing)"
        super().__init__(f"{shlex.join(command)}\n  in {directory} {outcome}. It said:\n\n{words}")


def run(
    command: Sequence[str],
    *,
    directory: Path,
    environment: Mapping[str, str],
    report: Report = quiet,
    accept: Sequence[int] = (0,),
    one_stream: bool = False,
    timeout: float = 600,
) -> Output:
    """Run `command` to its end and give its standard output; raise `CommandError` for any other exit code.

    `one_stream` is for commands that tell their errors on standard output, among the rest.
    It gets a process group of its own. An interrupt here, or `timeout` seconds, end the whole group.
    """
    lines: list[str] = []
    late = threading.Event()
    with (
        tempfile.TemporaryFile(mode="w+", encoding="utf-8", errors="replace") as error,
        subprocess.Popen(
            command,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if one_stream else error,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        ) as process,
    ):
        assert process.stdout
        watch = threading.Timer(timeout, _end_late, [process, late])
        watch.daemon = True
        watch.start()
        try:
            for line in process.stdout:
                lines.append(line)
                report(line.rstrip("\n"))
            code = process.wait()
        except BaseException:
            _end(process)
            raise
        finally:
            watch.cancel()
        error.seek(0)
        said = error.read()
    text = "".join(lines)
    if late.is_set():
        outcome = f"was ended after {timeout:.0f} seconds"
    elif code not in accept:
        outcome = f"ended with exit code {code}"
    else:
        return Output(code=code, text=text)
    raise CommandError(command, directory=directory, outcome=outcome, text=text, error=said)


def _end_late(process: subprocess.Popen[str], late: threading.Event) -> None:
    late.set()
    _signal(process, signal.SIGKILL)


def _end(process: subprocess.Popen[str]) -> None:
    """Ask the group to stop, as Ctrl-C would, and make it after a grace period."""
    _signal(process, signal.SIGINT)
    try:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_SECONDS)
    finally:  # at once, at a second interrupt
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: subprocess.Popen[str], number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS answers EPERM for a group that ended
        os.killpg(process.pid, number)
