"""An error in the form that the caller reads."""

import json
from xml.sax.saxutils import escape

from .wsgi import Environ


def error_body(environ: Environ, code: str, message: str) -> str:
    """Write the body of an answer that tells an error, in the protocol of the request."""
    if not environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return json.dumps({"__type": code, "message": message})
    error = f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
    # EC2 reads Response/Errors/Error, the others ErrorResponse/Error.
    if "/ec2/" in environ.get("HTTP_AUTHORIZATION", ""):
        return f"<Response><Errors>{error}</Errors></Response>"
    return f"<ErrorResponse>{error}</ErrorResponse>"
