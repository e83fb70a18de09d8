"""What the caller is told when moto cannot answer.

moto would answer 500 for an action that it lacks, which every SDK repeats, Terraform's for many minutes.
501 is repeated by none, and names the gap to fill.
"""

import traceback
from collections.abc import Iterable

from .error_body import error_body
from .wsgi import Application, Environ, StartResponse


def telling(application: Application) -> Application:
    """Wrap a WSGI application, so that an exception in it becomes an answer in the form the caller reads."""

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return application(environ, start_response)
        except Exception as error:
            traceback.print_exc()
            start_response("501 Not Implemented", [])
            body = error_body(environ, "NotImplemented", f"The embedded AWS cannot answer this: {error!r}")
            return [body]

    return serve
