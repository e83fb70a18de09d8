"""KMS keys, and whether they can be used."""

from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.errors import error_code
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.text.times import moment

from botocore.exceptions import ClientError

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_kms.type_defs import KeyMetadataTypeDef


def describe(subject: Subject, key_id: str) -> "KeyMetadataTypeDef | None":
    """Give a key by its id, its alias or the ARN of either; None if there is none, or none any more."""

    def ask() -> "KeyMetadataTypeDef | None":
        try:
            return subject.aws.kms.describe_key(KeyId=key_id)["KeyMetadata"]
        except ClientError as error:
            if error_code(error) == "NotFoundException":
                return None
            raise

    return subject.once(f"key {key_id}", ask)


def is_usable(key: "KeyMetadataTypeDef | None") -> bool:
    """Tell whether it encrypts and decrypts.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
    """
    return key is not None and key["KeyState"] == "Enabled"


def state(key: "KeyMetadataTypeDef | None") -> str:
    """Say what state it is in: ``Disabled``, or ``gone``."""
    if key is None:
        return "gone"
    if "DeletionDate" in key:
        return f"{key['KeyState']}: it will be deleted on {moment(key['DeletionDate'])}"
    return key["KeyState"]
