"""Where a container's image lies: in Amazon ECR, among AWS's own there, or in a private registry in the VPC."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sagemaker_endpoint.engine.bindings import Construct, TerraformProvider, engine_problems
from sagemaker_endpoint.engine.data_source import data_source
from sagemaker_endpoint.engine.expressions import expression
from sagemaker_endpoint.engine.meta_arguments import provider_problems
from sagemaker_endpoint.rules import checks, limits

_SUFFIX = f"(?:{'|'.join(limits.DNS_SUFFIXES)})".replace(".", "[.]")
_NAME = (limits.REPOSITORY_NAME.pattern or "").replace("(", "(?:")
_TAG = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_VERSION = rf"(?::{_TAG}|@sha256:[0-9a-f]{{64}})"
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html, -fips for the FIPS endpoints; the
# repository's name may be nested, and a tag or a digest follows.
_REPOSITORY = rf"([0-9]{{12}})[.]dkr[.]ecr(?:-fips)?[.]({limits.REGION.pattern})[.]{_SUFFIX}/({_NAME})"
IMAGE = limits.Text(min_length=1, max_length=limits.IMAGE.max_length, pattern=_REPOSITORY + _VERSION)
IMAGE_EXAMPLE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/sentiment:1.4"
IMAGE_IN_VPC = limits.Text(
    min_length=1,
    max_length=limits.IMAGE.max_length,
    pattern=rf"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{{1,5}})?/{_NAME}{_VERSION}",
)
IMAGE_IN_VPC_EXAMPLE = "registry.example.com/team/sentiment:1.4"
_IMAGE_TAG = limits.Text(min_length=1, max_length=128, pattern=_TAG)
PLATFORM, VPC = "Platform", "Vpc"
FUNCTION_ARN = limits.Text(
    min_length=1,
    max_length=limits.REPOSITORY_CREDENTIALS_PROVIDER_ARN.max_length,
    pattern=r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+(?::(?:[$]LATEST|[A-Za-z0-9_-]+))?",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageConfig(checks.Inputs):
    """Where SageMaker pulls an image from.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ImageConfig.html

    Attributes:
        repository_access_mode: ``Platform``, which is Amazon ECR, or ``Vpc``: a private Docker registry that the
            endpoint's subnets reach, with a certificate of a public authority, which the endpoint's security groups
            may connect to. It must be known at synthesis. Default ``Platform``.
            https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-containers-inference-private.html
        repository_credentials_provider_arn: The Lambda function that gives the name and password for a registry that
            asks for them; with ``Vpc`` alone. The role may invoke it, and SageMaker calls it through the VPC.
            Default none.
    """

    repository_access_mode: str = PLATFORM
    repository_credentials_provider_arn: str | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.known_choice(f"{at}.repository_access_mode", self.repository_access_mode, (PLATFORM, VPC))
        if self.repository_credentials_provider_arn is None:
            return
        yield from checks.text(
            f"{at}.repository_credentials_provider_arn",
            self.repository_credentials_provider_arn,
            FUNCTION_ARN,
            example="arn:aws:lambda:eu-west-1:111122223333:function:registry-credentials",
            hint=checks.looks_like,
        )
        if self.repository_access_mode == PLATFORM:
            yield (
                f"{at}.repository_credentials_provider_arn must not be given with repository_access_mode 'Platform': "
                "Amazon ECR knows the role, and asks for no password"
            )


def repository_arn(image: str, partition: str) -> str:
    """Give the ARN of the repository of an image in Amazon ECR, here or in Terraform."""
    if not checks.deferred(image):
        account_id, region, repository = re.match(_REPOSITORY, image).groups()  # type: ignore[union-attr] # the image is right
        return f"arn:{partition}:ecr:{region}:{account_id}:repository/{repository}"
    # Of an image that the model's precondition refuses, it names a repository that there is not.
    parts = f'try(regex({expression(f"^{_REPOSITORY}")}, {expression(image)}), ["none", "none", "none"])'
    return f"arn:{partition}:ecr:${{{parts}[1]}}:${{{parts}[0]}}:repository/${{{parts}[2]}}"


def registry(image: str) -> str:
    """Say where an image lies that is not in a private repository of Amazon ECR, or how its URI is misspelled."""
    host, _, rest = image.partition("/")
    if not image.isprintable() or not image:
        return ""
    if re.match(_REPOSITORY, image):
        return "" if re.search("[:@]", rest) else ", which has neither a tag nor a digest"
    if "://" in image or image.startswith("arn:"):
        what = "a URL" if "://" in image else "an ARN"
        return f", which is {what}: an image's URI begins with its registry"
    if re.match(rf" *[0-9]+[.]dkr[.-]ecr[^/]*[.](?:{_SUFFIX}|on[.]aws)/", image):
        return ", which Amazon ECR spells differently: 12 digits, .dkr.ecr., a region, and a name in lower case"
    is_host = bool(rest) and (re.search("[.:]", host) or host == "localhost")
    name = "Docker Hub" if not is_host or host.endswith("docker.io") else f"the registry {host}"
    return f", which lies in {name}: push it to a private repository of Amazon ECR"


def prebuilt_image(
    scope: Construct,
    repository_name: str,
    image_tag: str,
    *,
    id: str = "PrebuiltImage",
    provider: TerraformProvider | None = None,
) -> str:
    """Give the URI of an image of AWS's own, in the region of the provider, to state as a model's ``image``.

    Terraform looks up the account that holds it there.
    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/sagemaker_prebuilt_ecr_image

    Args:
        scope: The stack or construct that the look-up belongs to.
        repository_name: The repository, such as ``huggingface-pytorch-inference``; those that the AWS provider knows.
            https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html
        image_tag: The image's tag. https://github.com/aws/deep-learning-containers/blob/master/available_images.md
        id: The look-up's construct id; each in a scope needs its own.
        provider: The AWS provider: the endpoint's, if it has one. Default: the stack's.

    Raises:
        InputError: A name or tag breaks a rule.
    """
    found = [
        *engine_problems("scope", scope),
        *checks.text(
            "repository_name", repository_name, limits.REPOSITORY_NAME, example="huggingface-pytorch-inference"
        ),
        *checks.text("image_tag", image_tag, _IMAGE_TAG, example="2.6.0-transformers4.49.0-cpu-py312-ubuntu22.04"),
        *(() if provider is None else provider_problems("provider", provider)),
    ]
    # What Terraform alone knows is held to the rules as the model's image.
    checks.require(lambda: f"{scope.node.path}/{id}", found)
    made = data_source(
        scope,
        id,
        "aws_sagemaker_prebuilt_ecr_image",
        {"repository_name": repository_name, "image_tag": image_tag},
    )
    if provider is not None:
        made.provider = provider
    return made.get_string_attribute("registry_path")
