"""The process of `ready_cli`: as long as its standard input is open it makes calls, each in a fork of its own."""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
import threading
from typing import IO

from .ready_cli_caller import Caller, can_be_numbered
from .ready_cli_driver import ReadyDriver

_DATA_PATH = os.environ["AWS_DATA_PATH"]  # awscli sets it when it is imported


def main(address: str, *, written: bool) -> None:
    """Listen, at `address` or at a port; a line on standard output says which, once it is ready."""
    driver = ReadyDriver()
    gc.disable()  # a collection writes to what it looks at, which each fork would then have to copy
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    numbered = not written and can_be_numbered()
    listening = socket.create_server(("127.0.0.1", 0)) if numbered else _server_at(address)
    with listening:
        print(listening.getsockname()[1] if numbered else "", flush=True)
        while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
            connection, _ = listening.accept()
            if os.fork() == 0:
                caller = Caller.numbered(connection) if numbered else Caller.written(connection)
                os._exit(_call(connection, caller, driver))
            connection.close()


def _server_at(address: str) -> socket.socket:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen(100)
    return listening


def _call(connection: socket.socket, caller: Caller, driver: ReadyDriver) -> int:
    for number, file in enumerate(caller.files):
        os.dup2(file, number)
        os.close(file)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(caller.directory)
    os.environb.clear()
    for text in caller.environment:
        name, _, value = text.partition(b"=")
        os.environb[name] = value
    os.environ.setdefault("AWS_DATA_PATH", _DATA_PATH)
    sys.argv = ["aws", *map(os.fsdecode, caller.arguments)]
    sys.stdin, sys.stdout, sys.stderr = _opened(0, "r"), _opened(1, "w"), _opened(2, "w")
    threading.Thread(target=_end_with_caller, args=[connection], daemon=True).start()
    try:
        code = driver.for_call().main()
    except SystemExit as done:
        code = done.code or 0
    sys.stdout.flush()
    sys.stderr.flush()
    connection.sendall(b"%d\n" % code)
    return 0


def _opened(number: int, mode: str) -> IO[str]:
    return open(number, mode, encoding="utf-8", errors="surrogateescape", closefd=False)


def _end_with_caller(connection: socket.socket) -> None:
    connection.recv(1)  # the caller sends nothing more: it has gone
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], written="written" in sys.argv[2:])
