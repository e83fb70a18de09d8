"""An error in the form that the caller reads."""

import json
import struct
from collections.abc import Mapping
from xml.sax.saxutils import escape

from .wsgi import Environ


def error_body(environ: Environ, code: str, message: str) -> bytes:
    """Write the body of an answer that tells an error, in the protocol of the request."""
    kind = environ.get("CONTENT_TYPE", "")
    if kind.startswith("application/cbor"):
        return _cbor({"__type": code, "message": message})
    if not kind.startswith("application/x-www-form-urlencoded"):
        return json.dumps({"__type": code, "message": message}).encode()
    error = f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
    # EC2 reads Response/Errors/Error, the others ErrorResponse/Error.
    if "/ec2/" in environ.get("HTTP_AUTHORIZATION", ""):
        return f"<Response><Errors>{error}</Errors></Response>".encode()
    return f"<ErrorResponse>{error}</ErrorResponse>".encode()


def _cbor(texts: Mapping[str, str]) -> bytes:
    """Write a small map of texts as CloudWatch's newest protocol does: https://www.rfc-editor.org/rfc/rfc8949.html."""
    encoded = [text.encode() for pair in texts.items() for text in pair]
    return bytes([0xA0 | len(texts)]) + b"".join(struct.pack(">BH", 0x79, len(text)) + text for text in encoded)
