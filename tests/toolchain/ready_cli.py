"""The AWS CLI kept ready: three quarters of a short call's time go into starting it.

A process imports the AWS CLI and the descriptions of the services once. The `aws` that is put on PATH hands its
arguments, its environment and its open files to that process, which forks for each call.
"""

from __future__ import annotations

import atexit
import functools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .environment import clean_environment

_CLIENT = Path(__file__).with_name("ready_cli_client.py")


class ReadyCli:
    """A folder with an `aws` in it, the locked one, ready until `end` or the end of the process that made this."""

    def __init__(self) -> None:
        self._scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self._scratch.name)
        address = self.folder / "address"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.toolchain.ready_cli_server", address],
            cwd=_CLIENT.parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # an interrupt is for those who call it
        )
        assert self._process.stdout
        if not self._process.stdout.readline():
            raise RuntimeError(f"The AWS CLI ended with exit code {self._process.wait()}; see its error above.")
        command = self.folder / "aws"
        # A blank in the path of the interpreter would end the first line there.
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{_CLIENT}" "{address}" "$@"\n')
        command.chmod(0o755)

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> None:
        self._process.communicate()  # closes its standard input, which ends it
        self._scratch.cleanup()


def path_with_ready_cli() -> str:
    """Give the PATH of a clean environment with `ready_cli` first on it."""
    return os.pathsep.join([str(ready_cli()), clean_environment({})["PATH"]])


@functools.cache
def ready_cli() -> Path:
    """Give the folder of the `aws` that this process keeps ready."""
    cli = ReadyCli()
    atexit.register(cli.end)
    return cli.folder
