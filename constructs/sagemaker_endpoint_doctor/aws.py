"""The way to AWS: one client for each service, each call with a time-out, and none that writes."""

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
import botocore.exceptions
from botocore.config import Config
from botocore.parsers import ResponseParserError

from .reads import READS, permission
from .words import shortened

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_application_autoscaling import ApplicationAutoScalingClient
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_ecr import ECRClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sts import STSClient

TIMEOUT_IN_SECONDS = 10
CONFIG = Config(
    connect_timeout=5,
    read_timeout=TIMEOUT_IN_SECONDS,
    retries={"mode": "standard", "total_max_attempts": 3},
)
UNREADABLE = (ResponseParserError, KeyError, IndexError)
"""What an answer that is no AWS's, or lacks what AWS documents as always there, comes to."""
_DENIED = {
    "403",  # what a HEAD request is answered with, which has no body
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "UnauthorizedOperation",
}
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
"""The codes of credentials that have expired."""
UNKNOWN = {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "AuthFailure"}
"""The codes of credentials that AWS does not know. What it says besides repeats the request, session token and all."""


class WritingCallError(Exception):
    """Something asked for a call that is not among `READS`."""


class CannotCheckError(Exception):
    """A check cannot be made; the message says what it needs, as a sentence's end: ``needs ec2:DescribeSubnets``."""


class Aws:
    """AWS, as far as the doctor may go: a client for each service, made at its first use. Threads may share it."""

    application_autoscaling: "ApplicationAutoScalingClient"
    cloudwatch: "CloudWatchClient"
    ec2: "EC2Client"
    iam: "IAMClient"
    kms: "KMSClient"
    logs: "CloudWatchLogsClient"
    sagemaker: "SageMakerClient"
    sts: "STSClient"

    def __init__(self, *, region: str, profile: str | None = None) -> None:
        self.region = region
        self._session = boto3.Session(region_name=region, profile_name=profile)
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()  # a session makes one client at a time

    def __getattr__(self, name: str) -> object:
        service = name.replace("_", "-")
        if service not in READS:
            raise AttributeError(name)
        return self._client(service, self.region)

    def ecr(self, region: str) -> "ECRClient":
        """Give the client for the registries of a region: an image may lie in another than the endpoint's."""
        client: ECRClient = self._client("ecr", region)
        return client

    def s3(self, region: str | None = None) -> "S3Client":
        """Give the client for the buckets of a region, by default the endpoint's."""
        client: S3Client = self._client("s3", region or self.region)
        return client

    def _client(self, service: str, region: str) -> Any:  # noqa: ANN401 boto3 makes its classes at run time
        with self._lock:
            if (service, region) not in self._clients:
                make: Callable[..., Any] = self._session.client
                client = make(service, region_name=region, config=CONFIG)
                client.meta.events.register("provide-client-params", partial(_refuse_writes, service))
                self._clients[service, region] = client
            return self._clients[service, region]


def _refuse_writes(service: str, model: Any, **_: object) -> None:  # noqa: ANN401 botocore's OperationModel
    if model.name not in READS[service]:
        raise WritingCallError(f"{service}:{model.name} is not among the calls that the doctor makes")


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


def _answered(error: botocore.exceptions.ClientError) -> str:
    if is_denied(error):
        return f"needs {permission(error.operation_name)}"
    if error_code(error) in EXPIRED:
        return "the AWS credentials have expired: renew them"
    if error_code(error) in UNKNOWN:
        return f"AWS does not know these credentials ({error_code(error)})"
    return f"AWS answered {error_code(error)}: {error.response.get('Error', {}).get('Message', '')}"
