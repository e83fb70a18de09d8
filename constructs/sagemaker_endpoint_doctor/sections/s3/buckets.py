"""The buckets that hold the models' data."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.errors import error_code, is_denied
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts.model_data import ModelData, of_container

from botocore.exceptions import ClientError

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef
    from mypy_boto3_sagemaker.type_defs import ContainerDefinitionOutputTypeDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A bucket that exists.

    Attributes:
        name: Its name.
        region: Its region; None where AWS does not tell.
        is_shown: Whether the caller may look into it.
    """

    name: str
    region: str | None
    is_shown: bool

    def __str__(self) -> str:
        return self.name


def data(subject: Subject) -> list[ModelData]:
    """Give the data of all models, each place once."""
    return _of([each for name in subject.models() for each in subject.containers(name)])


def roles_of(subject: Subject, place: ModelData) -> list[str]:
    """Give the roles that load it: those of the models that state it.

    For data of a model package there is none: AWS does not say whether it is the role that reads it.
    """
    return [arn for arn in subject.role_arns() if place in _stated(subject, arn)]


def _stated(subject: Subject, role_arn: str) -> list[ModelData]:
    return _of([each for name in subject.models_of(role_arn) for each in subject.stated_containers(name)])


def _of(containers: "Iterable[ContainerDefinitionOutputTypeDef]") -> list[ModelData]:
    return list(dict.fromkeys(place for each in containers for place in of_container(each)))


def buckets(subject: Subject) -> Iterator[Bucket]:
    """Give the buckets that exist of those that the data lies in."""
    for name in dict.fromkeys(place.bucket for place in data(subject)):
        found = bucket(subject, name)
        if found:
            yield found


def bucket(subject: Subject, name: str) -> Bucket | None:
    """Look a bucket up; None if there is none.

    HeadBucket tells the region even of a bucket that the caller may not see:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
    """

    def ask() -> Bucket | None:
        try:
            answer = subject.aws.s3().head_bucket(Bucket=name)
        except ClientError as error:
            if error_code(error) == "404":
                return None
            if is_denied(error):
                headers = error.response["ResponseMetadata"]["HTTPHeaders"]
                return Bucket(name=name, region=headers.get("x-amz-bucket-region"), is_shown=False)
            raise
        region = answer.get("BucketRegion") or answer["ResponseMetadata"]["HTTPHeaders"].get("x-amz-bucket-region")
        return Bucket(name=name, region=region, is_shown=True)

    return subject.once(f"bucket {name}", ask)


def client(subject: Subject, found: Bucket) -> "S3Client":
    """Give the client of a bucket's own region."""
    return subject.aws.s3(found.region)


def is_own(subject: Subject, found: Bucket) -> bool:
    """Tell whether a bucket is the account's: AWS denies to look at it as that account's if it is another's.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
    """

    def ask() -> bool:
        try:
            client(subject, found).head_bucket(Bucket=found.name, ExpectedBucketOwner=subject.account_id())
        except ClientError as error:
            if is_denied(error) and found.is_shown:
                return False
            raise
        return True

    return subject.once(f"owner of bucket {found.name}", ask)


def first_object(subject: Subject, found: Bucket, place: ModelData) -> "HeadObjectOutputTypeDef | None":
    """Give what HeadObject says of the data, or of the first of its objects; None if there is none."""

    def ask() -> "HeadObjectOutputTypeDef | None":
        s3 = client(subject, found)
        keys = [place.key]
        if place.is_prefix:
            listing = s3.list_objects_v2(Bucket=place.bucket, Prefix=place.key, MaxKeys=1)
            keys = [each["Key"] for each in listing.get("Contents", [])]
        try:
            return s3.head_object(Bucket=place.bucket, Key=keys[0]) if keys else None
        except ClientError as error:
            if error_code(error) == "404":
                return None
            raise

    return subject.once(f"first object of {place}", ask)
