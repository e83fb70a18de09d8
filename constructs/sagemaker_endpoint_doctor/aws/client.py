"""The AWS clients: one for each service, each call with a time-out, and none that writes."""

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from .errors import WritingCallError
from .reads import READS

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

    @property
    def functions(self) -> Any:  # noqa: ANN401 - of Lambda, whose name Python keeps for itself; it has no types here
        """Give the client for the account's functions."""
        return self._client("lambda", self.region)

    def s3(self, region: str | None = None) -> "S3Client":
        """Give the client for the buckets of a region, by default the endpoint's."""
        client: S3Client = self._client("s3", region or self.region)
        return client

    def sns(self, region: str) -> Any:  # noqa: ANN401 - it has no types here
        """Give the client for the topics of a region."""
        return self._client("sns", region)

    def _client(self, service: str, region: str) -> Any:  # noqa: ANN401 - boto3 makes its classes at run time
        with self._lock:
            if (service, region) not in self._clients:
                make: Callable[..., Any] = self._session.client
                client = make(service, region_name=region, config=CONFIG)
                client.meta.events.register("provide-client-params", partial(_refuse_writes, service))
                self._clients[service, region] = client
            return self._clients[service, region]


def _refuse_writes(service: str, model: Any, **_: object) -> None:  # noqa: ANN401 - botocore's OperationModel
    if model.name not in READS[service]:
        raise WritingCallError(f"{service}:{model.name} is not among the calls that the doctor makes")
