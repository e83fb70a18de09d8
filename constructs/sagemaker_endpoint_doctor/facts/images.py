"""The images that containers run, as Amazon ECR has them."""

import json
import re
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.client import TIMEOUT_IN_SECONDS
from sagemaker_endpoint_doctor.aws.errors import CannotCheckError, error_code, is_denied
from sagemaker_endpoint_doctor.examination.subject import Subject

from botocore.exceptions import ClientError

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_ecr.type_defs import ImageDetailTypeDef, ImageIdentifierTypeDef, ImageTypeDef
    from mypy_boto3_sagemaker.type_defs import ContainerDefinitionOutputTypeDef

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html, with -fips for the FIPS endpoints
_IMAGE = re.compile(
    r"(?P<account_id>[0-9]{12})[.]dkr[.]ecr(?:-fips)?[.](?P<region>[a-z0-9-]+)[.][a-z0-9.-]+/"
    r"(?P<repository>[a-z0-9][a-z0-9._/-]*)(?::(?P<tag>[\w.-]+))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
# Without its type ECR answers an older manifest in a list's place:
# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
_MANIFESTS = [
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
]
_GONE = {"ImageNotFoundException", "RepositoryNotFoundException"}
_CONFIGURATION_BYTES = 1 << 20  # some kilobytes, as a rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image in a registry of Amazon ECR."""

    account_id: str
    region: str
    repository: str
    tag: str
    digest: str | None

    def __str__(self) -> str:
        return f"{self.repository}@{self.digest}" if self.digest else f"{self.repository}:{self.tag}"

    @property
    def id(self) -> "ImageIdentifierTypeDef":
        """What ECR's calls know it by; a digest is exact, whatever the tag."""
        return {"imageDigest": self.digest} if self.digest else {"imageTag": self.tag}

    def repository_arn(self, partition: str) -> str:
        """Give the ARN of its repository."""
        return f"arn:{partition}:ecr:{self.region}:{self.account_id}:repository/{self.repository}"

    def names(self) -> dict[str, str]:
        """Give what the commands call it."""
        ((kind, value),) = self.id.items()
        return {"registry": self.account_id, "repository": self.repository, "image_id": f"{kind}={value}"}


def parse(uri: str) -> Image | None:
    """Read an image's URI; None for one that is not in Amazon ECR."""
    parts = _IMAGE.fullmatch(uri)
    if parts is None:
        return None
    return Image(
        account_id=parts["account_id"],
        region=parts["region"],
        repository=parts["repository"],
        tag=parts["tag"] or "latest",
        digest=parts["digest"],
    )


def of_container(container: "ContainerDefinitionOutputTypeDef") -> Image | None:
    """Give a container's image; None for one that is not in Amazon ECR, or is not pulled from there."""
    return None if is_private(container) else parse(container.get("Image", ""))


def is_private(container: "ContainerDefinitionOutputTypeDef") -> bool:
    """Tell whether its image is pulled through the VPC, from a registry of the customer's own.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ImageConfig.html
    """
    return container.get("ImageConfig", {}).get("RepositoryAccessMode") == "Vpc"


def credentials_providers(containers: "Iterable[ContainerDefinitionOutputTypeDef]") -> list[str]:
    """Give the ARNs of the functions that give the credentials for private registries, each once."""
    settings = [each.get("ImageConfig", {}).get("RepositoryAuthConfig", {}) for each in containers]
    arns = [each["RepositoryCredentialsProviderArn"] for each in settings if "RepositoryCredentialsProviderArn" in each]
    return list(dict.fromkeys(arns))


def describe(subject: Subject, image: Image) -> "ImageDetailTypeDef":
    """Give an image, as DescribeImages does."""

    def ask() -> "ImageDetailTypeDef":
        answer = subject.aws.ecr(image.region).describe_images(
            registryId=image.account_id, repositoryName=image.repository, imageIds=[image.id]
        )
        return answer["imageDetails"][0]

    return subject.once(f"details of {image!r}", ask)


def is_readable(subject: Subject, image: Image) -> bool:
    """Tell whether its registry lets the caller see it: then the account may, and so may a role whose policies do."""
    return any(_is_answered(partial(ask, subject, image)) for ask in (describe, _found))


def _is_answered(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except ClientError as error:
        if is_denied(error):
            return False
        if not is_gone(error):
            raise
    return True


def architectures(subject: Subject, image: Image) -> set[str]:
    """Give the processor architectures that an image is built for; none where there is no such image.

    Raises:
        CannotCheckError: The image does not tell, or its configuration cannot be loaded.
    """
    try:
        found = _found(subject, image)
    except ClientError as error:
        if error_code(error) in _GONE:
            return set()
        raise
    if not found:
        return set()
    manifest = json.loads(found[0]["imageManifest"])
    if "manifests" in manifest:  # those of attestations are for "unknown"
        platforms = [each.get("platform", {}).get("architecture", "unknown") for each in manifest["manifests"]]
    else:
        platforms = [_configuration(subject, image, manifest["config"]["digest"]).get("architecture", "unknown")]
    known = set(platforms) - {"unknown"}
    if not known:
        raise CannotCheckError(f"the image {image} does not say which architecture it is built for")
    return known


def _found(subject: Subject, image: Image) -> "list[ImageTypeDef]":
    """Give an image with its manifest, as BatchGetImage does; none where there is none."""

    def ask() -> "list[ImageTypeDef]":
        return subject.aws.ecr(image.region).batch_get_image(
            registryId=image.account_id,
            repositoryName=image.repository,
            imageIds=[image.id],
            acceptedMediaTypes=_MANIFESTS,
        )["images"]

    return subject.once(f"manifest of {image!r}", ask)


def _configuration(subject: Subject, image: Image, digest: str) -> dict[str, str]:
    """Load the configuration of an image for one platform, the only place that names its architecture.

    https://github.com/opencontainers/image-spec/blob/main/config.md
    """
    url = subject.aws.ecr(image.region).get_download_url_for_layer(
        registryId=image.account_id, repositoryName=image.repository, layerDigest=digest
    )["downloadUrl"]
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_IN_SECONDS) as answer:  # noqa: S310 - the URL is AWS's
            return dict(json.loads(answer.read(_CONFIGURATION_BYTES)))
    except (OSError, ValueError) as error:  # the URL opens the image to whoever has it: it is not shown
        raise CannotCheckError(f"the configuration of the image {image} could not be loaded from S3") from error


def is_gone(error: ClientError) -> bool:
    """Tell whether ECR has no such image, or no such repository."""
    return error_code(error) in _GONE


@contextmanager
def registry_of(subject: Subject, image: Image) -> Iterator[None]:
    """Say that an image is another account's, where that is why ECR refuses inside.

    Raises:
        CannotCheckError: It is.
    """
    try:
        yield
    except ClientError as error:
        if is_denied(error) and image.account_id != subject.account_id():
            raise CannotCheckError(
                f"the image {image} is account {image.account_id}'s: needs ecr:DescribeImages, ecr:BatchGetImage and "
                "ecr:GetDownloadUrlForLayer there"
            ) from error
        raise
