"""What WSGI's loosely typed parts are called here, and a request's body."""

import io
from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


def body_of(environ: Environ) -> bytes:
    """Read the body, and put it back for the next reader."""
    stream = environ["wsgi.input"]
    chunked = environ.get("wsgi.input_terminated")
    body: bytes = stream.read() if chunked else stream.read(int(environ.get("CONTENT_LENGTH") or 0))
    environ.update({"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})
    return body
