"""An AWS that cannot be reached."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unreachable_aws() -> Iterator[dict[str, str]]:
    """Give the environment variables that lead there, credentials among them: a port is taken, and nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{taken.getsockname()[1]}",
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
        }
