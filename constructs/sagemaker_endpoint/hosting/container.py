"""A container of a model: its image or model package, its data, and its environment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sagemaker_endpoint.access.statements import Statement
from sagemaker_endpoint.engine.account import Account
from sagemaker_endpoint.engine.bindings import Token, sagemaker_model, unknown_to_bindings
from sagemaker_endpoint.engine.expressions import expression
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import AnyOf, Group, IsOneOf, Matches, Not

from . import environment, s3_uri
from .hugging_face import SECRET_ARN, HuggingFaceModel
from .image import (
    FUNCTION_ARN,
    IMAGE,
    IMAGE_EXAMPLE,
    IMAGE_IN_VPC,
    IMAGE_IN_VPC_EXAMPLE,
    VPC,
    ImageConfig,
    registry,
    repository_arn,
)
from .s3_data_source import OBJECT, S3DataSource

# The bindings of AWS provider 5 have no such block.
HAS_ADDITIONAL_MODEL_DATA_SOURCES = hasattr(sagemaker_model, "SagemakerModelContainerAdditionalModelDataSource")
SINGLE_MODEL, MULTI_MODEL = "SingleModel", "MultiModel"
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
_ARCHIVE = limits.Text(min_length=1, max_length=limits.MODEL_DATA_URL.max_length, pattern=s3_uri.ARCHIVE)
_ARCHIVE_EXAMPLE = "s3://models/sentiment/model.tar.gz"
_FOLDER = limits.Text(min_length=1, max_length=limits.MODEL_DATA_URL.max_length, pattern=s3_uri.PREFIX)
_FOLDER_EXAMPLE = "s3://models/sentiment/"
_ARTIFACT = limits.Text(
    min_length=1, max_length=limits.S3_MODEL_URI.max_length, pattern=f"{s3_uri.OBJECT}|{s3_uri.PREFIX}"
)
_CACHE_SETTING = limits.Text(min_length=1, max_length=None, pattern="Enabled|Disabled")
# A version of a group in the registry; what is bought in AWS Marketplace has no versions:
# https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-models.html
_MODEL_PACKAGE = limits.Text(
    min_length=1,
    max_length=limits.MODEL_PACKAGE_NAME.max_length,
    pattern=r"arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:[0-9]{12}:model-package/"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:/[0-9]{1,9})?",
)
_MODEL_PACKAGE_EXAMPLE = "arn:aws:sagemaker:eu-west-1:111122223333:model-package/sentiment/3"
# Inputs that say the same, and why.
_EXCLUSIONS = (
    ("image", "model_package_name", "the package names its image"),
    ("image_config", "model_package_name", "the package names its image"),
    ("model_data_url", "model_package_name", "the package names its data"),
    ("model_data_source", "model_package_name", "the package names its data"),
    ("model_data_source", "model_data_url", "both say where the data lies"),
)
# Inputs that mean something only beside another.
_DEPENDENT = (
    ("inference_specification_name", "model_package_name", "it chooses among the specifications of a package"),
    ("model_package_images", "model_package_name", "they are the images that a package names"),
    ("model_package_artifacts", "model_package_name", "they are the data that a package names"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Container(checks.Inputs):
    """A container: an image, what it serves, and its environment.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html

    Attributes:
        image: The image's URI in Amazon ECR, in the endpoint's own region, with its tag or digest; the repository may
            be nested and belong to another account. A digest is exact, while a moved tag reaches the endpoint only
            with a new deployment. `prebuilt_image` gives AWS's own; with `image_config` it lies in another registry.
            Either `image` or `model_package_name` must be given.
        model_data_url: The model's archive: ``s3://bucket/…/model.tar.gz``, or its HTTPS URL in Amazon S3, with no
            ``%`` in it, in the endpoint's own region. Where `mode` is ``MultiModel``, the folder of the archives,
            which ends in a slash: ``s3://bucket/models/``. Default none: the image holds it all.
        environment: The container's environment: at most 100 variables, keys and values of at most 1,024 bytes each
            in UTF-8, 32 KiB in all containers of a model together. It is readable in the console: no secrets.
            Default empty.
        container_hostname: The container's name among several, by which it is called (``TargetContainerHostname``)
            where they are called directly: at most 63 letters, digits and hyphens. A single container's is ignored.
            Default: by its position.
        model_data_source: Data that is not one archive, in place of `model_data_url`, such as the uncompressed files
            of a large language model. Not with ``MultiModel``, nor on a serverless variant. Default none.
            https://docs.aws.amazon.com/sagemaker/latest/dg/large-model-inference-uncompressed.html
        additional_model_data_sources: At most five further sources, such as adapters, by the name of the channel that
            the container finds them under: 1 to 64 letters, digits and ``._-``. AWS provider 5.100 does not know
            them: there Terraform refuses the block ``additional_model_data_source``; 6.25 does. Default none.
            https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AdditionalModelDataSource.html
        mode: ``MultiModel`` serves many models of one framework, which are loaded when they are called
            (``TargetModel``), or ``SingleModel``. It must be known at synthesis. Default: SageMaker's, ``SingleModel``.
            https://docs.aws.amazon.com/sagemaker/latest/dg/multi-model-endpoints.html
        model_cache_setting: Whether a ``MultiModel`` container keeps models in memory, ``Enabled`` or ``Disabled``.
            Default: SageMaker's, ``Enabled``.
            https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MultiModelConfig.html
        model_package_name: The ARN of a model package, in place of image and data: a version in the model registry,
            ``arn:aws:sagemaker:…:model-package/sentiment/3``, or one from AWS Marketplace, which has no version and
            needs `enable_network_isolation`. It may be another account's, whose policies must let this one use the
            package, its image, its data and their key. Default none.
            https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-deploy.html
        inference_specification_name: Which of the package's additional inference specifications to use. Default: its
            main one.
        model_package_images: The images in Amazon ECR that the package names, which the role may then pull. Default
            none, which is enough for AWS Marketplace.
        model_package_artifacts: Where in S3 the data lies that the package names, which the role may then read:
            objects, or prefixes that end in a slash. Default none, which is enough for AWS Marketplace.
        image_config: Where the image is pulled from, if that is not Amazon ECR. Default none.
        hugging_face: A model of the Hugging Face Hub, for an image of Hugging Face's: it adds variables to
            `environment`. Default none.
    """

    image: str | None = None
    model_data_url: str | None = None
    environment: Mapping[str, str] | None = field(default=None, repr=False)  # values may be secret all the same
    container_hostname: str | None = None
    model_data_source: S3DataSource | None = None
    additional_model_data_sources: Mapping[str, S3DataSource] | None = None
    mode: str | None = None
    model_cache_setting: str | None = None
    model_package_name: str | None = None
    inference_specification_name: str | None = None
    model_package_images: Sequence[str] = ()
    model_package_artifacts: Sequence[str] = ()
    image_config: ImageConfig | None = None
    hugging_face: HuggingFaceModel | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from self._image_problems(f"{at}.image")
        yield from self._model_data_url_problems(f"{at}.model_data_url")
        if self.environment is not None:
            yield from environment.problems(f"{at}.environment", self.whole_environment())
        for name, value, limit, example in (
            ("container_hostname", self.container_hostname, limits.CONTAINER_HOSTNAME, "tokenizer"),
            ("model_package_name", self.model_package_name, _MODEL_PACKAGE, _MODEL_PACKAGE_EXAMPLE),
            (
                "inference_specification_name",
                self.inference_specification_name,
                limits.INFERENCE_SPECIFICATION_NAME,
                "on-gpu",
            ),
        ):
            yield from checks.text(f"{at}.{name}", value, limit, example=example, optional=True, hint=_not_a_package)
        yield from self._data_source_problems(at)
        yield from self._mode_problems(at)
        yield from self._package_problems(at)
        if self.image_config is not None:
            yield from checks.part(f"{at}.image_config", self.image_config, ImageConfig)
        yield from self._hugging_face_problems(at)
        for name, other, why in _EXCLUSIONS:
            if _is_given(getattr(self, name)) and _is_given(getattr(self, other)):
                yield f"{at}.{name} must not be given with {other}: {why}"
        for name, other, why in _DEPENDENT:
            if _is_given(getattr(self, name)) and not _is_given(getattr(self, other)):
                yield f"{at}.{name} must not be given without {other}: {why}"

    def _image_problems(self, at: str) -> Iterator[checks.Finding]:
        if self.image is None:
            if self.model_package_name is None:
                yield f"{at} must be a string such as {IMAGE_EXAMPLE!r}, or model_package_name be given, got None"
        elif self.lies_in_vpc:
            hint = ", which is a URL: an image's URI begins with its registry"
            yield from checks.text(
                at,
                self.image,
                IMAGE_IN_VPC,
                example=IMAGE_IN_VPC_EXAMPLE,
                hint=lambda image: hint if "://" in image else "",
            )
        else:
            yield from checks.text(at, self.image, IMAGE, example=IMAGE_EXAMPLE, hint=registry)

    @property
    def lies_in_vpc(self) -> bool:
        """Whether the image is pulled from a registry that is reached through the VPC."""
        return isinstance(self.image_config, ImageConfig) and self.image_config.repository_access_mode == VPC

    def _model_data_url_problems(self, at: str) -> Iterator[checks.Finding]:
        if self.mode != MULTI_MODEL:
            yield from checks.text(
                at, self.model_data_url, _ARCHIVE, example=_ARCHIVE_EXAMPLE, optional=True, hint=s3_uri.no_archive
            )
        elif self.model_data_url is None and self.model_package_name is None:
            yield f"{at} must be given with mode 'MultiModel', such as {_FOLDER_EXAMPLE!r}: the folder of the models"
        elif self.model_data_url is not None:
            yield from checks.text(
                at,
                self.model_data_url,
                _FOLDER,
                example=_FOLDER_EXAMPLE,
                hint=lambda url: "" if url.endswith("/") else ": with mode 'MultiModel' it is a folder of archives",
            )

    def _data_source_problems(self, at: str) -> Iterator[checks.Finding]:
        if self.model_data_source is not None:
            yield from checks.part(f"{at}.model_data_source", self.model_data_source, S3DataSource)
        sources = self.additional_model_data_sources
        if sources is None:
            return
        name = f"{at}.additional_model_data_sources"
        if not isinstance(sources, Mapping) or checks.deferred(sources):
            yield f"{name} must be a mapping of channel names to S3DataSource(...), got {checks.brief(sources)}"
            return
        if not HAS_ADDITIONAL_MODEL_DATA_SOURCES:
            yield unknown_to_bindings(name, "6.25 or later")
        most = limits.ADDITIONAL_MODEL_DATA_SOURCE_COUNT.maximum or 0
        if len(sources) > most:
            yield f"{name} must have at most {most} sources, got {len(sources)}"
        for channel, source in sources.items():
            yield from checks.text(f"{name} key", channel, limits.ADDITIONAL_MODEL_CHANNEL_NAME, example="adapters")
            yield from checks.part(f"{name}[{channel!r}]", source, S3DataSource)

    def _mode_problems(self, at: str) -> Iterator[checks.Finding]:
        if self.mode is not None:
            yield from checks.known_choice(f"{at}.mode", self.mode, (SINGLE_MODEL, MULTI_MODEL))
        if self.mode == MULTI_MODEL and self.model_data_source is not None:
            yield f"{at}.model_data_source must not be given with mode 'MultiModel', whose models are archives"
        if self.mode == MULTI_MODEL and self.model_package_name is not None:
            yield f"{at}.mode must not be 'MultiModel' with model_package_name: a package names the data of one model"
        if self.model_cache_setting is None:
            return
        yield from checks.text(
            f"{at}.model_cache_setting", self.model_cache_setting, _CACHE_SETTING, example="Disabled", optional=True
        )
        if self.mode != MULTI_MODEL:
            yield f"{at}.model_cache_setting must not be given without mode 'MultiModel': one model stays in memory"

    def _package_problems(self, at: str) -> Iterator[checks.Finding]:
        for name, values, limit, example in (
            ("model_package_images", self.model_package_images, IMAGE, IMAGE_EXAMPLE),
            ("model_package_artifacts", self.model_package_artifacts, _ARTIFACT, _ARCHIVE_EXAMPLE),
        ):
            if isinstance(values, str) or not isinstance(values, Sequence) or checks.deferred(values):
                yield f"{at}.{name} must be a list known at synthesis (its members need not be), got {values!r}"
                continue
            yield from checks.mixed(f"{at}.{name}", values)
            for index, value in enumerate(values):
                yield from checks.text(f"{at}.{name}[{index}]", value, limit, example=example)

    def _hugging_face_problems(self, at: str) -> Iterator[checks.Finding]:
        if self.hugging_face is None:
            return
        yield from checks.part(f"{at}.hugging_face", self.hugging_face, HuggingFaceModel)
        if isinstance(self.hugging_face, HuggingFaceModel):
            for name in self.hugging_face.environment():
                if name in dict(checks.named(self.environment)):
                    yield f"{at}.environment[{name!r}] must not be given with hugging_face, which sets it"

    def whole_environment(self) -> Mapping[str, str]:
        """Give the environment with what other inputs add to it, as far as it can be checked as one."""
        stated = {} if self.environment is None else self.environment
        is_mapping = isinstance(stated, Mapping)
        if not isinstance(self.hugging_face, HuggingFaceModel) or not is_mapping or checks.deferred(stated):
            return stated
        added = {name: text for name, text in self.hugging_face.environment().items() if isinstance(text, str)}
        return {**stated, **added}

    def variables(self) -> dict[str, str] | None:
        """Give the environment as SageMaker gets it."""
        stated = self.environment
        if self.hugging_face is None:
            # jsii knows no other mapping than a dict.
            return None if stated is None else dict(stated)
        added = self.hugging_face.environment()
        if stated is None or not checks.deferred(stated):
            return {**(stated or {}), **added}
        merged = f"merge({expression(Token.as_string(stated))}, zipmap({expression([*added])}, "
        return dict(Token.as_string_map(f"${{{merged}{expression([*added.values()])}))}}"))

    def in_region(self, at: str, region: str) -> Iterator[checks.Finding]:
        """Yield what lies in another region than the endpoint, which Terraform alone knows.

        https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
        """
        here = f"must lie in the region of the endpoint, {region}"
        sources = {"model_data_source": self.model_data_source}
        sources |= {f"additional_model_data_sources[{name!r}]": each for name, each in self._additional()}
        for name, text, pattern, index in (
            ("image", None if self.lies_in_vpc else self.image, IMAGE.pattern or "", 1),
            ("model_data_url", self.model_data_url, s3_uri.REGIONAL_URL, 0),
            *((f"{name}.s3_uri", each.s3_uri, s3_uri.REGIONAL_URL, 0) for name, each in sources.items() if each),
        ):
            # What is known to be named by S3, as `s3://`, says nothing of its region.
            if text is not None and not (name.endswith(".s3_uri") and text.startswith("s3://")):
                own = IsOneOf(region, [Group(text, pattern, index)])
                yield from checks.rule(f"{at}.{name} {here}", AnyOf([Not(Matches(text, pattern)), own]), text)

    def _additional(self) -> Sequence[tuple[str, S3DataSource]]:
        return [*(self.additional_model_data_sources or {}).items()]

    def repository_arns(self, partition: str) -> Iterator[str]:
        """Give the ARNs of the repositories in Amazon ECR that SageMaker pulls from, here or in Terraform."""
        if self.image is not None and not self.lies_in_vpc:
            yield repository_arn(self.image, partition)
        for image in self.model_package_images:
            yield repository_arn(image, partition)

    def archives(self) -> Iterator[str]:
        """Give each single object that is read, as ``s3://bucket/key``, here or in Terraform."""
        if self.model_data_url is not None and self.mode != MULTI_MODEL:
            yield s3_uri.place(self.model_data_url, s3_uri.ARCHIVE)
        for source in self._sources():
            if source.s3_data_type == OBJECT:
                yield source.place()

    def places(self) -> Iterator[str]:
        """Give all that is read in S3, here or in Terraform, a prefix as ``s3://bucket/prefix/*``."""
        yield from self.archives()
        if self.model_data_url is not None and self.mode == MULTI_MODEL:
            yield s3_uri.place(self.model_data_url, s3_uri.PREFIX, prefix=True)
        for source in self._sources():
            if source.s3_data_type != OBJECT:
                yield source.place()
        for artifact in self.model_package_artifacts:
            yield s3_uri.place(artifact, _ARTIFACT.pattern or "", prefix=True)

    def _sources(self) -> Iterator[S3DataSource]:
        if self.model_data_source is not None:
            yield self.model_data_source
        yield from (source for _, source in self._additional())

    @property
    def fetches_from_hub(self) -> bool:
        """Whether the container fetches a model from the Hugging Face Hub, as far as synthesis knows."""
        return isinstance(self.hugging_face, HuggingFaceModel) and self.hugging_face.is_fetched

    def secrets(self) -> list[str]:
        """Name the variables of the environment that seem secret by name or value, but for ARNs of secrets."""
        return environment.secrets(self.environment)


def _not_a_package(value: str) -> str:
    if ":model-package-group/" in value:
        return ", which is a group: name a version of it, …:model-package/NAME/VERSION"
    return checks.looks_like(value) if value.startswith("arn:") else ""


def _is_given(value: object) -> bool:
    return value is not None and value not in ((), [])  # an empty list is none


def statements(containers: Sequence[Container], account: Account) -> Iterator[Statement]:
    """Yield what the role needs to fetch images and data, and nothing else in registries and buckets.

    https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
    """
    repositories = s3_uri.distinct(arn for each in containers for arn in each.repository_arns(account.partition))
    if repositories:
        yield Statement(
            sid="PullImages",
            actions=["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
            resources=repositories,
        )
        # The token is for the account's whole registry: the action knows no resource.
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
        yield Statement(sid="LogInToRegistry", actions=["ecr:GetAuthorizationToken"], resources=["*"])
    places = s3_uri.distinct(place for each in containers for place in each.places())
    yield from s3_uri.read_statements("ModelData", places, account)
    # https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-deploy.html
    packages = [each.model_package_name for each in containers]
    yield from _on_each("DescribeModelPackages", "sagemaker:DescribeModelPackage", packages, _MODEL_PACKAGE)
    # https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-containers-inference-private.html
    functions = [each.image_config.repository_credentials_provider_arn for each in containers if each.image_config]
    yield from _on_each("AskForRegistryCredentials", "lambda:InvokeFunction", functions, FUNCTION_ARN)
    # https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
    secrets = [each.hugging_face.token_secret_arn for each in containers if each.hugging_face]
    yield from _on_each("ReadHuggingFaceToken", "secretsmanager:GetSecretValue", secrets, SECRET_ARN)


def _on_each(sid: str, action: str, arns: Sequence[str | None], limit: limits.Text) -> Iterator[Statement]:
    """Allow an action on each ARN that is given, and, of those that Terraform alone knows, on each that is right."""
    given = s3_uri.distinct(arn for arn in arns if arn is not None)
    known = [arn for arn in given if not checks.deferred(arn)]
    if known:
        yield Statement(sid=sid, actions=[action], resources=known)
    deferred = [s3_uri.accepted(arn, limit.pattern or "") for arn in given if checks.deferred(arn)]
    if deferred:
        yield Statement(for_each=deferred, actions=[action], resources=["${statement.value}"])
