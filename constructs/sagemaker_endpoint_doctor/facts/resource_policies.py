"""The policies that resources themselves carry: buckets, keys, repositories, topics."""

import json
from collections.abc import Callable, Mapping

from sagemaker_endpoint_doctor.aws.errors import error_code
from sagemaker_endpoint_doctor.examination.subject import Subject

from botocore.exceptions import ClientError

from .policies import Policy

_NONE = {"NoSuchBucketPolicy", "RepositoryPolicyNotFoundException"}


def carrier(arn: str) -> str | None:
    """Give the ARN of the bucket, key, repository or topic whose policy governs a resource; None for others."""
    if not arn.startswith("arn:") or _service(arn) not in _READERS:
        return None
    return arn.partition("/")[0] if _service(arn) == "s3" else arn


def find(subject: Subject, carrier_arn: str) -> Policy | None:
    """Give the policy of a bucket, a key, a repository or a topic, if it has one."""

    def ask() -> Policy | None:
        try:
            name, document = _READERS[_service(carrier_arn)](subject, carrier_arn)
        except ClientError as error:
            if error_code(error) in _NONE:
                return None
            raise
        return Policy(name=name, document=json.loads(document))

    return subject.once(f"policy of {carrier_arn}", ask)


def _of_bucket(subject: Subject, arn: str) -> tuple[str, str]:
    bucket = arn.rpartition(":")[2]
    return f"the bucket policy of {bucket}", subject.aws.s3().get_bucket_policy(Bucket=bucket)["Policy"]


def _of_key(subject: Subject, arn: str) -> tuple[str, str]:
    answer = subject.aws.kms.get_key_policy(KeyId=arn, PolicyName="default")
    return f"the key policy of {arn.rpartition('/')[2]}", answer["Policy"]


def _of_repository(subject: Subject, arn: str) -> tuple[str, str]:
    _, _, _, region, account_id, repository = arn.split(":", 5)
    name = repository.removeprefix("repository/")
    answer = subject.aws.ecr(region).get_repository_policy(registryId=account_id, repositoryName=name)
    return f"the repository policy of {name}", answer["policyText"]


def _of_topic(subject: Subject, arn: str) -> tuple[str, str]:
    attributes = subject.aws.sns(arn.split(":")[3]).get_topic_attributes(TopicArn=arn)["Attributes"]
    return f"the policy of the topic {arn.rpartition(':')[2]}", attributes.get("Policy", '{"Statement": []}')


def _service(arn: str) -> str:
    return arn.split(":")[2]


_READERS: Mapping[str, Callable[[Subject, str], tuple[str, str]]] = {
    "s3": _of_bucket,
    "kms": _of_key,
    "ecr": _of_repository,
    "sns": _of_topic,
}
