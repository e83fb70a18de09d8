"""The `aws` of `ready_cli`: it imports next to nothing, and dies as it is told to."""

import os
import signal
import socket
import sys


def main(address: str, arguments: list[str]) -> int:
    """Have a call made with what this process was given, and give its exit code."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    environment = [name + b"=" + value for name, value in os.environb.items()]
    here = os.getcwdb()  # noqa: PTH109 - pathlib takes long to import
    texts = [here, str(len(arguments)).encode(), *map(os.fsencode, arguments), *environment]
    request = b"\0".join(texts)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        socket.send_fds(connection, [len(request).to_bytes(8, "big")], [0, 1, 2])
        connection.sendall(request)
        code = connection.recv(8)  # it stays open: when this process is killed, the call ends too
    return int(code or 70)  # as sysexits.h has it: EX_SOFTWARE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
