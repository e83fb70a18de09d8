"""Connections that stay open, as AWS's do.

werkzeug closes each after its answer, so that every request costs both sides a connection, and the server a thread.
"""

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.test import run_wsgi_app

from .wsgi import body_of

_WITHOUT_BODY = (204, 304)


class RequestHandler(MotoRequestHandler):
    """Serves one connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer is sent in one piece, and at once
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        self.wfile.flush()  # the "100 Continue" that a client may wait for
        self.environ = self.make_environ()
        body_of(self.environ)  # what the application leaves unread would be taken for the next request
        chunks, status, headers = run_wsgi_app(self.server.app, self.environ, buffered=True)
        body = b"".join(chunks)
        code, _, phrase = status.partition(" ")
        self.send_response(int(code), phrase)
        for name, value in headers:
            self.send_header(name, value)
        has_body = self.command != "HEAD" and int(code) not in _WITHOUT_BODY
        if has_body and "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if has_body:
            self.wfile.write(body)
        self.wfile.flush()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing: the journal keeps the calls."""
