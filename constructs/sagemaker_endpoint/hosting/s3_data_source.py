"""A model's data as one object in S3, or as all objects below a prefix."""

from collections.abc import Iterator
from dataclasses import dataclass

from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import IsOneOf

from . import s3_uri

OBJECT, PREFIX = "S3Object", "S3Prefix"
_OF_OBJECT = limits.Text(min_length=1, max_length=limits.S3_MODEL_URI.max_length, pattern=s3_uri.OBJECT)
_OF_PREFIX = limits.Text(min_length=1, max_length=limits.S3_MODEL_URI.max_length, pattern=s3_uri.PREFIX)
_COMPRESSION = limits.Text(min_length=1, max_length=None, pattern="None|Gzip")


@dataclass(frozen=True, slots=True, kw_only=True)
class S3DataSource(checks.Inputs):
    """Where model data lies that is not one archive: uncompressed, or one object of any name.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html

    Attributes:
        s3_uri: ``s3://bucket/prefix/``, which ends in a slash, or the object's ``s3://bucket/key``; or its HTTPS URL
            in Amazon S3, with no ``%`` in it. At most 1,024 characters, in the endpoint's own region. Below a prefix
            there must be no empty objects for folders, as the S3 console makes them, and no name that is both a file
            and a folder.
        s3_data_type: ``S3Prefix``, all objects whose keys begin with it, or ``S3Object``. It must be known at
            synthesis. Default ``S3Prefix``.
        compression_type: ``None``, a text, or ``Gzip`` for a gzip-compressed tar archive, which goes with
            ``S3Object`` alone. Default ``None``.
        accept_eula: True accepts the licence of data that asks for it, which you have read. Default: none is
            accepted, and SageMaker refuses such data.
            https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelAccessConfig.html
    """

    s3_uri: str
    s3_data_type: str = PREFIX
    compression_type: str = "None"
    accept_eula: bool | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        is_object = self.s3_data_type == OBJECT
        limit, example = (
            (_OF_OBJECT, "s3://models/llama/model.bin") if is_object else (_OF_PREFIX, "s3://models/llama/")
        )
        yield from checks.text(
            f"{at}.s3_uri",
            self.s3_uri,
            limit,
            example=example,
            hint=lambda uri: "" if is_object or uri.endswith("/") else ": a prefix ends in a slash",
        )
        yield from checks.known_choice(f"{at}.s3_data_type", self.s3_data_type, (PREFIX, OBJECT))
        found = [*checks.text(f"{at}.compression_type", self.compression_type, _COMPRESSION, example="Gzip")]
        yield from found
        if self.s3_data_type == PREFIX and not any(isinstance(each, str) for each in found):
            yield from checks.rule(
                f"{at}.compression_type must be 'None' with s3_data_type 'S3Prefix': SageMaker unpacks one archive, "
                "which is an S3Object",
                IsOneOf(self.compression_type, ["None"]),
                self.compression_type,
            )
        if self.accept_eula is not None and self.accept_eula is not True:
            yield (
                f"{at}.accept_eula must be True, known at synthesis, or left out, got {self.accept_eula!r}: a licence "
                "is accepted in so many words"
            )

    def place(self) -> str:
        """Give what is read, for the role's policy."""
        if self.s3_data_type == OBJECT:
            return s3_uri.place(self.s3_uri, s3_uri.OBJECT)
        return s3_uri.place(self.s3_uri, s3_uri.PREFIX, prefix=True)
