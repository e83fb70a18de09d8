"""The AWS CLI kept ready: three quarters of a short call's time go into starting it.

A process imports the AWS CLI and the descriptions of the services once. The `aws` that is put on PATH hands its
arguments, its environment and its open files to that process, which forks for each call.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .environment import clean_environment

_CLIENT = Path(__file__).with_name("ready_cli_client.py")

# It says which process it is, and is told an exit code. A shell starts in a tenth of the time that Python takes.
# -p: neither a BASH_ENV nor a SHELLOPTS of who calls it is heeded. 4 to 6: while `echo` runs, 1 is not what it was.
_NUMBERED = """\
#!{bash} -p
exec 4<&0 5>&1 6>&2 3<>/dev/tcp/127.0.0.1/{port} && echo $$ >&3 && read -r -u 3 code
exit "${{code:-70}}"
"""


class ReadyCli:
    """A folder with an `aws` in it, the locked one, ready until `end` or the end of the process that made this.

    `written`: as on a system that does not tell of a process by its number.
    """

    def __init__(self, *, written: bool = False) -> None:
        self._scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self._scratch.name)
        address = self.folder / "address"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.toolchain.ready_cli_server", address, *["written"] * written],
            cwd=_CLIENT.parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # an interrupt is for those who call it
        )
        assert self._process.stdout
        line = self._process.stdout.readline().decode()
        if not line:
            raise RuntimeError(f"The AWS CLI ended with exit code {self._process.wait()}; see its error above.")
        command = self.folder / "aws"
        port = line.strip()
        command.write_text(_NUMBERED.format(bash=shutil.which("bash"), port=port) if port else _written(address))
        command.chmod(0o755)

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> None:
        self._process.communicate()  # closes its standard input, which ends it
        self._scratch.cleanup()


def _written(address: Path) -> str:
    """Give the script for where a process cannot be asked: Python writes all of it."""
    # A blank in the path of the interpreter would end the first line there.
    return f'#!/bin/sh\nexec "{sys.executable}" -I -S "{_CLIENT}" "{address}" "$@"\n'


def path_with_ready_cli() -> str:
    """Give the PATH of a clean environment with `ready_cli` first on it."""
    return os.pathsep.join([str(ready_cli()), clean_environment({})["PATH"]])


@functools.cache
def ready_cli() -> Path:
    """Give the folder of the `aws` that this process keeps ready."""
    cli = ReadyCli()
    atexit.register(cli.end)
    return cli.folder
