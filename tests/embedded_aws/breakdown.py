"""What the caller is told when moto cannot answer.

moto would answer 500 for an action that it lacks, which every SDK repeats, Terraform's for many minutes.
501 is repeated by none, and names the gap to fill.
"""

import json
import traceback
from collections.abc import Iterable
from xml.sax.saxutils import escape

from .wsgi import Application, Environ, StartResponse


def telling(application: Application) -> Application:
    """Wrap a WSGI application, so that an exception in it becomes an answer in the form the caller reads."""

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return application(environ, start_response)
        except Exception as error:
            traceback.print_exc()
            start_response("501 Not Implemented", [])
            return [_body(environ, f"The embedded AWS cannot answer this: {error!r}").encode()]

    return serve


def _body(environ: Environ, message: str) -> str:
    if not environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return json.dumps({"__type": "NotImplemented", "message": message})
    error = f"<Error><Code>NotImplemented</Code><Message>{escape(message)}</Message></Error>"
    # EC2 reads Response/Errors/Error, the others ErrorResponse/Error.
    if "/ec2/" in environ.get("HTTP_AUTHORIZATION", ""):
        return f"<Response><Errors>{error}</Errors></Response>"
    return f"<ErrorResponse>{error}</ErrorResponse>"
