"""Where the endpoint writes: the places in S3, and the topics of SNS that it tells.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sagemaker_endpoint_doctor.aws.errors import error_code
from sagemaker_endpoint_doctor.examination.subject import Subject

from botocore.exceptions import ClientError

from . import s3_urls

ANSWERS, CAPTURE, CORE_DUMPS = "asynchronous answers", "captured requests and answers", "core dumps"
FAILURES = "asynchronous failures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A place in S3 that the endpoint writes to.

    Attributes:
        what: What it writes there, as a sentence names it.
        path: The bucket and the prefix, which ends in a slash.
        key_id: The key that it encrypts that with; None where it leaves that to the bucket.
    """

    what: str
    path: str
    key_id: str | None

    @property
    def bucket(self) -> str:
        """The bucket's name."""
        return self.path.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic that is told of asynchronous answers.

    Attributes:
        arn: Its ARN.
        key_id: The key that it encrypts messages with, if it does.
    """

    arn: str
    key_id: str | None


def destinations(subject: Subject) -> Iterator[Destination]:
    """Give the places that the endpoint as a whole writes to."""
    configuration = subject.configuration()
    output = configuration.get("AsyncInferenceConfig", {}).get("OutputConfig", {})
    for what, url in ((ANSWERS, output.get("S3OutputPath")), (FAILURES, output.get("S3FailurePath"))):
        if url:
            yield _destination(what, url, output.get("KmsKeyId"))
    capture = configuration.get("DataCaptureConfig")
    if capture and capture.get("EnableCapture"):
        # https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
        url = f"{capture['DestinationS3Uri'].rstrip('/')}/{subject.names.endpoint_name}"
        yield _destination(CAPTURE, url, capture.get("KmsKeyId"))


def core_dumps(subject: Subject, model_names: Collection[str]) -> Iterator[Destination]:
    """Give the places that the core dumps of these models' variants are written to.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantCoreDumpConfig.html
    """
    for variant in subject.variants():
        stated = variant.get("CoreDumpConfig")
        if stated and variant.get("ModelName") in model_names:
            yield _destination(CORE_DUMPS, stated["DestinationS3Uri"], stated.get("KmsKeyId"))


def all_of(subject: Subject) -> list[Destination]:
    """Give all places that the endpoint or one of its variants writes to, each once."""
    return list(dict.fromkeys([*destinations(subject), *core_dumps(subject, subject.models())]))


def topic_arns(subject: Subject) -> list[str]:
    """Give the topics that are told of asynchronous answers and errors, each once."""
    output = subject.configuration().get("AsyncInferenceConfig", {}).get("OutputConfig", {})
    told = output.get("NotificationConfig", {})
    return list(dict.fromkeys(arn for arn in (told.get("SuccessTopic"), told.get("ErrorTopic")) if arn))


def topic(subject: Subject, arn: str) -> Topic | None:
    """Look a topic up, as GetTopicAttributes does; None if there is none."""

    def ask() -> Topic | None:
        try:
            attributes = subject.aws.sns(arn.split(":")[3]).get_topic_attributes(TopicArn=arn)["Attributes"]
        except ClientError as error:
            if error_code(error) in ("NotFound", "NotFoundException"):
                return None
            raise
        return Topic(arn=arn, key_id=attributes.get("KmsMasterKeyId") or None)

    return subject.once(f"topic {arn}", ask)


def _destination(what: str, url: str, key_id: str | None) -> Destination:
    place = s3_urls.parse(f"{url.rstrip('/')}/")  # a bucket alone is a place, too
    path = f"{place.bucket}/{place.key}" if place else f"{url.rstrip('/')}/"
    return Destination(what=what, path=path, key_id=key_id or None)
