"""Who calls `ready_cli`: the process writes all of it itself, or its number, by which Linux tells the rest."""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

_PIDFD_GETFD = 438  # the number of the system call on every processor; Python has no name for it
_FILES = (4, 5, 6)  # the numbers by which a script keeps its standard input, output and error


@dataclass(frozen=True, kw_only=True)
class Caller:
    """What a process has a call made with; `files` are its standard input, output and error, opened here."""

    directory: bytes
    arguments: list[bytes]
    environment: list[bytes]
    files: list[int]

    @classmethod
    def written(cls, connection: socket.socket) -> Caller:
        """Read what `ready_cli_client` writes."""
        header, files, _, _ = socket.recv_fds(connection, 8, 3)
        with connection.makefile("rb") as request:
            directory, count, *texts = request.read(int.from_bytes(header, "big")).split(b"\0")
        arguments, environment = texts[: int(count)], texts[int(count) :]
        return cls(directory=directory, arguments=arguments, environment=environment, files=files)

    @classmethod
    def numbered(cls, connection: socket.socket) -> Caller:
        """Read the number of a process that runs a script: its arguments follow its shell, an option and a path."""
        with connection.makefile("rb") as request:
            process = int(request.readline())
        about = Path("/proc", str(process))
        _, _, _, *arguments = _texts(about / "cmdline")
        files = [_opened_by(process, number) for number in _FILES]
        return cls(
            directory=bytes(about / "cwd"), arguments=arguments, environment=_texts(about / "environ"), files=files
        )


def can_be_numbered() -> bool:
    """Tell whether the files of a process that is none of ours can be had: not elsewhere, nor where Yama forbids it."""
    with contextlib.suppress(OSError):
        os.close(_opened_by(os.getppid(), 0))
        return True
    return False


def _texts(file: Path) -> list[bytes]:
    return file.read_bytes().split(b"\0")[:-1]  # each ends with a zero


def _opened_by(process: int, number: int) -> int:
    """Open what another process has open: the very same, with its position."""
    if sys.platform != "linux":
        raise OSError
    library = ctypes.CDLL(None, use_errno=True)
    handle = os.pidfd_open(process)
    try:
        file = int(library.syscall(_PIDFD_GETFD, handle, number, 0))
    finally:
        os.close(handle)
    if file < 0:
        raise OSError(ctypes.get_errno(), "pidfd_getfd")
    return file
