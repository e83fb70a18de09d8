"""What AWS's errors mean, and why a check cannot be made."""

from sagemaker_endpoint_doctor.text.words import shortened

import botocore.exceptions
from botocore.parsers import ResponseParserError

from .reads import permission

UNREADABLE = (ResponseParserError, KeyError, IndexError)
"""What an answer that is no AWS's, or lacks what AWS documents as always there, comes to."""
_DENIED = {
    "403",  # what a HEAD request is answered with, which has no body
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "UnauthorizedOperation",
}
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
_THROTTLED = {
    "LimitExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
}
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
"""The codes of credentials that have expired."""
UNKNOWN = {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "AuthFailure"}
"""The codes of credentials that AWS does not know. What it says besides repeats the request, session token and all."""


class WritingCallError(Exception):
    """Something asked for a call that is not among `READS`."""


class CannotCheckError(Exception):
    """A check cannot be made; the message says what it needs, as a sentence's end: ``needs ec2:DescribeSubnets``."""


UNANSWERED = (
    botocore.exceptions.BotoCoreError,
    botocore.exceptions.ClientError,
    ResponseParserError,
    CannotCheckError,
)
"""What a question to AWS comes to that gets no answer; whoever can do without it catches these."""


def error_code(error: botocore.exceptions.ClientError) -> str:
    """Give the code of an error that AWS answered with."""
    return str(error.response.get("Error", {}).get("Code", ""))


def is_denied(error: botocore.exceptions.ClientError) -> bool:
    """Tell whether AWS refused for want of a permission."""
    return error_code(error) in _DENIED


def explained(error: Exception) -> str:
    """Say why a check could not be made, in a few words that fit behind "could not check:".

    What neither AWS nor the way to it brings is a defect of the check: it costs that check and no other.

    Raises:
        WritingCallError: The error itself, if it is one.
    """
    match error:
        case WritingCallError():
            raise error
        case CannotCheckError():
            words = str(error)
        case botocore.exceptions.ClientError():
            words = _answered(error)
        case botocore.exceptions.NoCredentialsError() | botocore.exceptions.PartialCredentialsError():
            words = f"needs AWS credentials ({error})"
        case botocore.exceptions.ReadTimeoutError() | botocore.exceptions.ConnectTimeoutError():
            words = f"no answer in time: {error}"
        case botocore.exceptions.BotoCoreError():
            words = str(error)
        case ResponseParserError():
            words = f"what answers is not AWS, or was cut off: {shortened(str(error))}"
        case KeyError() | IndexError():
            lack = f"{type(error).__name__}: {error}"
            words = f"AWS's answer lacks what is always there, or the check itself is broken, please report it: {lack}"
        case _:
            words = f"the check itself is broken, please report it: {type(error).__name__}: {error}"
    return words


def remedy(error: Exception) -> str:
    """Say what to do where a check could not be made; empty where what it needs says that."""
    if isinstance(error, botocore.exceptions.ClientError) and error_code(error) in _THROTTLED:
        return "Look again in some minutes: the account asks AWS more often than AWS answers."
    if isinstance(error, botocore.exceptions.ReadTimeoutError | botocore.exceptions.ConnectTimeoutError):
        return "Look again in some minutes. If it stays so, see what stands between here and AWS, such as a proxy."
    return ""


def _answered(error: botocore.exceptions.ClientError) -> str:
    if is_denied(error):
        return f"needs {permission(error.operation_name)}"
    if error_code(error) in EXPIRED:
        return "the AWS credentials have expired: renew them"
    if error_code(error) in UNKNOWN:
        return f"AWS does not know these credentials ({error_code(error)})"
    return f"AWS answered {error_code(error)}: {error.response.get('Error', {}).get('Message', '')}"
