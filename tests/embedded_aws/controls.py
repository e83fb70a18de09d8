"""The embedded AWS's own paths, beside AWS's: how its parent looks into it and steers it."""

from collections.abc import Callable, Iterable, Mapping

from .wsgi import Application, Environ, StartResponse, body_of

Control = Callable[[str], str | None]
"""Is handed the request's body, and gives the answer's."""


class Controls:
    """A WSGI layer around the server; each control has a method and a path, as in `GET /embedded-aws/calls`."""

    def __init__(self, application: Application, controls: Mapping[str, Control]) -> None:
        self._application = application
        self._controls = controls

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        control = self._controls.get(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        if control is None:
            return self._application(environ, start_response)
        answer = control(body_of(environ).decode())
        start_response("200 OK", [("Content-Type", "application/json")])
        return [(answer or "").encode()]
