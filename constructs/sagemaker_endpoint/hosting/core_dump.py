"""Where SageMaker writes a container's memory when it crashes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sagemaker_endpoint.access.key import chosen_key, key_arn_problems, use_statement
from sagemaker_endpoint.access.statements import Statement
from sagemaker_endpoint.engine.account import Account
from sagemaker_endpoint.engine.expressions import expression
from sagemaker_endpoint.rules import checks

from .s3_uri import DESTINATION, DESTINATION_EXAMPLE, distinct, write_statements


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreDumpConfig(checks.Inputs):
    """Core dumps of a variant's containers, written to Amazon S3 when one crashes.

    They hold all that was in memory, the requests too. An own execution role gets the permissions.
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantCoreDumpConfig.html

    Attributes:
        destination_s3_uri: Where to, such as ``s3://dumps/sentiment``: at most 512 characters, a bucket in the
            endpoint's own region.
        kms_key_arn: The ARN of the KMS key that encrypts them; its policy must let the execution role use it. Default:
            the endpoint's key.
    """

    destination_s3_uri: str
    kms_key_arn: str | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.text(
            f"{at}.destination_s3_uri", self.destination_s3_uri, DESTINATION, example=DESTINATION_EXAMPLE
        )
        yield from key_arn_problems(f"{at}.kms_key_arn", self.kms_key_arn, optional=True)

    def key(self, own: str) -> str:
        """Give the key that encrypts: the one that is stated, here or in Terraform, or else the endpoint's own."""
        if self.kms_key_arn is None or not checks.deferred(self.kms_key_arn):
            return chosen_key(self.kms_key_arn, own)
        stated = expression(self.kms_key_arn)
        return f"${{{stated} == null ? {expression(own)} : {stated}}}"


def statements(stated: Sequence[CoreDumpConfig], kms_key_arn: str, account: Account) -> Iterator[Statement]:
    """Yield what the role needs to write dumps, which are large and come in parts, encrypted by these keys.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantCoreDumpConfig.html: kms:Encrypt
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html: the other two, for the parts
    """
    yield from write_statements("WriteCoreDumps", [each.destination_s3_uri for each in stated], account)
    if stated:
        keys = distinct(each.key(kms_key_arn) for each in stated)
        yield use_statement("EncryptCoreDumps", ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"], keys)
