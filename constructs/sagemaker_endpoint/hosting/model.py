"""What an instance runs: a container image, the model's data and the environment."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sagemaker_endpoint.access.statements import Condition, Statement
from sagemaker_endpoint.engine.account import Account
from sagemaker_endpoint.engine.bindings import (
    Annotations,
    Construct,
    IResolvable,
    SagemakerModel,
    SagemakerModelPrimaryContainer,
    SagemakerModelVpcConfig,
    TerraformResource,
)
from sagemaker_endpoint.engine.expressions import expression, truncated
from sagemaker_endpoint.engine.lifecycle import set_lifecycle
from sagemaker_endpoint.engine.preconditions import preconditions, written
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import (
    AnyOf,
    Every,
    Group,
    HasBytes,
    IsNone,
    IsOneOf,
    Keys,
    Matches,
    Not,
    Values,
)

_CHANCE = 10  # characters
_LONGEST_START = (limits.MODEL_NAME.max_length or 0) - _CHANCE - 1
_SUFFIX = f"(?:{'|'.join(limits.DNS_SUFFIXES)})".replace(".", "[.]")
_REGION = limits.REGION.pattern
_NAME = (limits.REPOSITORY_NAME.pattern or "").replace("(", "(?:")
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html, -fips for the FIPS endpoints; the
# repository's name may be nested, and a tag or a digest follows.
_REPOSITORY = rf"([0-9]{{12}})[.]dkr[.]ecr(?:-fips)?[.]({_REGION})[.]{_SUFFIX}/({_NAME})"
_IMAGE = limits.Text(
    min_length=1,
    max_length=limits.IMAGE.max_length,
    pattern=rf"{_REPOSITORY}(?::[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}}|@sha256:[0-9a-f]{{64}})",
)
_IMAGE_EXAMPLE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/sentiment:1.4"
# SageMaker takes one gzip-compressed tar archive, named by S3 or by HTTPS with the bucket in the path or in the host:
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html, the old global host and its dash too
_S3_HOST = rf"s3(?:-fips)?(?:[.]dualstack)?(?:[.-]({_REGION}))?[.]{_SUFFIX}"
_BUCKET = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
# A key with * or ? would be a pattern in the role's policy, % is decoded in a URL, the rest ends quotes in the runbook.
_KEY = r"[^*?\"$`\\\x00-\x1f\x7f]*[^/*?\"$`\\\x00-\x1f\x7f]\.tar\.gz"
_KEY_IN_URL = _KEY.replace("[^", "[^%")
_MODEL_DATA_URL = limits.Text(
    min_length=1,
    max_length=limits.MODEL_DATA_URL.max_length,
    pattern=rf"s3://{_BUCKET}/{_KEY}|https://(?:{_S3_HOST}/{_BUCKET}|{_BUCKET}[.]{_S3_HOST})/{_KEY_IN_URL}",
)
_REGIONAL_URL = rf"https://(?:{_BUCKET}[.])?s3(?:-fips)?(?:[.]dualstack)?[.-]({_REGION})[.]{_SUFFIX}/.*"
_MODEL_DATA_EXAMPLE = "s3://models/sentiment/model.tar.gz"
# Names that say that what they hold is secret; not those of a tokenizer's own tokens.
_SECRET = re.compile(
    r"(?i)(?!.*(?:PAD|EOS|BOS|UNK|SEP|CLS|MASK|STOP)_TOKEN$)"
    r".*(?:TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|(?:API|ACCESS|SECRET|PRIVATE|ENCRYPTION)_?KEY)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(checks.Inputs):
    """A container and what it serves. Several variants may share one.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html

    Attributes:
        image: The image's URI in Amazon ECR, in the endpoint's own region, with its tag or digest; the repository may
            be nested and belong to another account. A digest is exact, while a moved tag reaches the endpoint only
            with a new deployment.
        model_data_url: The model's archive: ``s3://bucket/…/model.tar.gz``, or its HTTPS URL in Amazon S3, with no
            ``%`` in it, in the endpoint's own region. Default none: the image holds it all.
        environment: The container's environment: at most 100 variables, keys and values of at most 1,024 bytes each
            in UTF-8, 32 KiB in all. It is readable in the console: no secrets. Default empty.
        enable_network_isolation: Cut the container off from the network. Default False, since containers are
            meant to reach AWS services through the private subnets.
    """

    image: str
    model_data_url: str | None = None
    environment: Mapping[str, str] | None = field(default=None, repr=False)  # values may be secret all the same
    enable_network_isolation: bool | IResolvable = False

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.text(f"{at}.image", self.image, _IMAGE, example=_IMAGE_EXAMPLE, hint=_registry)
        yield from checks.text(
            f"{at}.model_data_url", self.model_data_url, _MODEL_DATA_URL, example=_MODEL_DATA_EXAMPLE, optional=True
        )
        if self.environment is not None:
            yield from _environment_problems(f"{at}.environment", self.environment)
        yield from checks.flag(f"{at}.enable_network_isolation", self.enable_network_isolation)

    def repository_arn(self, partition: str) -> str:
        """Give the ARN of the image's repository, here or in Terraform."""
        if not checks.deferred(self.image):
            account_id, region, repository = re.match(_REPOSITORY, self.image).groups()  # type: ignore[union-attr] # checked
            return f"arn:{partition}:ecr:{region}:{account_id}:repository/{repository}"
        # Of an image that the model's precondition refuses, it names a repository that there is not.
        parts = f'try(regex({expression(f"^{_REPOSITORY}")}, {expression(self.image)}), ["none", "none", "none"])'
        return f"arn:{partition}:ecr:${{{parts}[1]}}:${{{parts}[0]}}:repository/${{{parts}[2]}}"

    def s3_url(self) -> str | None:
        """Give the archive's place as ``s3://bucket/key``, here or in Terraform, where one that is refused is blank."""
        url = self.model_data_url
        in_path, in_host = f"https://{_S3_HOST}/", f"https://({_BUCKET})[.]{_S3_HOST}/"
        if url is None:
            return None
        if not checks.deferred(url):
            return re.sub(f"^{in_host}", r"s3://\1/", re.sub(f"^{in_path}", "s3://", url))
        known = f'replace({expression(url)}, {expression(f"/^{in_path}/")}, "s3://")'
        known = f'replace({known}, {expression(f"/^{in_host}/")}, "s3://$1/")'
        accepted = written(Matches(url, _MODEL_DATA_URL.pattern or ""))
        return f'${{{accepted} ? {known} : ""}}'

    def in_region(self, at: str, region: str) -> Iterator[checks.Finding]:
        """Yield what lies in another region than the endpoint, which Terraform alone knows.

        https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
        """
        here = f"must lie in the region of the endpoint, {region}"
        for name, text, pattern, index in (
            ("image", self.image, _IMAGE.pattern or "", 1),
            ("model_data_url", self.model_data_url, _REGIONAL_URL, 0),
        ):
            if text is not None:
                own = IsOneOf(region, [Group(text, pattern, index)])
                yield from checks.rule(f"{at}.{name} {here}", AnyOf([Not(Matches(text, pattern)), own]), text)

    def secrets(self) -> list[str]:
        """Name the variables of the environment whose names say that they are secret, but for ARNs of secrets."""
        return [
            str(name)
            for name, value in checks.named(self.environment)
            if _SECRET.fullmatch(str(name)) and value and not str(value).startswith("arn:")
        ]


def _registry(image: str) -> str:
    """Say where an image lies that is not in a private repository of Amazon ECR."""
    host, _, rest = image.partition("/")
    if re.match(_REPOSITORY, image) or not image.isprintable() or not image:
        return ""
    if "://" in image:
        return ", which is a URL: an image's URI begins with its registry"
    is_host = bool(rest) and (re.search("[.:]", host) or host == "localhost")
    registry = "Docker Hub" if not is_host or host.endswith("docker.io") else f"the registry {host}"
    return f", which lies in {registry}: push it to a private repository of Amazon ECR"


def _environment_problems(at: str, environment: Mapping[str, str]) -> Iterator[checks.Finding]:
    if not isinstance(environment, Mapping):
        yield f"{at} must be a mapping of names to values, {checks.given(environment, 'string_map', secret=True)}"
        return
    key, value = limits.ENVIRONMENT_KEY, limits.ENVIRONMENT_VALUE
    yield from checks.mapping(
        at,
        environment,
        limits.ENVIRONMENT_COUNT,
        what="variables",
        # Their lengths are in bytes, below.
        key=(replace(key, max_length=None), "LOG_LEVEL"),
        value=(replace(value, max_length=None), "info"),
        secret=True,
    )
    most = key.max_length or 0
    if checks.deferred(environment):
        for what, parts in (("key", Keys(environment)), ("value", Values(environment))):
            short = Every(parts, lambda each: HasBytes([each], most))
            yield from checks.rule(
                f"each {what} of {at} must have at most {most} bytes", short, parts, none=IsNone(environment)
            )
    for name, stated in checks.named(environment):
        if isinstance(name, str) and isinstance(stated, str):
            yield from checks.rule(f"{at} key must have at most {most} bytes", HasBytes([name], most), name)
            yield from checks.rule(f"{at}[{name!r}] must have at most {most} bytes", HasBytes([stated], most))
    yield from _size_problems(at, environment)


def _size_problems(at: str, environment: Mapping[str, str]) -> Iterator[checks.Finding]:
    most = limits.ENVIRONMENT_BYTES.maximum or 0
    whole = checks.deferred(environment)
    parts = [Keys(environment), Values(environment)] if whole else _texts(environment)
    none = IsNone(environment) if whole else None
    yield from checks.rule(f"{at} must hold at most {most} bytes in all", HasBytes(parts, most), none=none)


def _texts(environment: Mapping[str, str]) -> list[object]:
    return [part for pair in environment.items() for part in pair if isinstance(part, str)]


def statements(models: Sequence[Model], account: Account) -> Iterator[Statement]:
    """Yield what the role needs to fetch models: their images and their data, nothing else in registries and buckets.

    https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
    """
    yield Statement(
        sid="PullImages",
        actions=["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
        resources=_distinct(model.repository_arn(account.partition) for model in models),
    )
    # The token is for the account's whole registry: the action knows no resource.
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
    yield Statement(sid="LogInToRegistry", actions=["ecr:GetAuthorizationToken"], resources=["*"])
    urls = s3_urls(models)
    yield from _model_data([url.removeprefix("s3://") for url in urls if not checks.deferred(url)], account)
    deferred = [url for url in urls if checks.deferred(url)]
    if deferred:
        yield from _deferred_model_data(deferred, account)


def s3_urls(models: Iterable[Model]) -> list[str]:
    """Give where the models' data lie, each place once."""
    return _distinct(url for model in models if (url := model.s3_url()) is not None)


def _model_data(paths: Sequence[str], account: Account) -> Iterator[Statement]:
    if paths:
        objects = [f"arn:{account.partition}:s3:::{path}" for path in paths]
        yield Statement(sid="ReadModelData", actions=["s3:GetObject"], resources=objects)
    for index, bucket in enumerate(_distinct(path.partition("/")[0] for path in paths)):
        keys = [path.partition("/")[2] for path in paths if path.startswith(f"{bucket}/")]
        yield Statement(
            sid=f"ListModelData{index}",
            actions=["s3:ListBucket"],
            resources=[f"arn:{account.partition}:s3:::{bucket}"],
            conditions=[Condition(test="StringLike", variable="s3:prefix", values=keys)],
        )


def _deferred_model_data(urls: Sequence[str], account: Account) -> Iterator[Statement]:
    """Yield the same for URLs that Terraform alone knows; one that is null there gets no statement."""
    bucket_and_key = 'regex("^s3://([^/]+)/(.*)$", statement.value)'
    yield Statement(
        for_each=urls,
        actions=["s3:GetObject"],
        resources=[f'arn:{account.partition}:s3:::${{trimprefix(statement.value, "s3://")}}'],
    )
    key = f"${{{bucket_and_key}[1]}}"
    yield Statement(
        for_each=urls,
        actions=["s3:ListBucket"],
        resources=[f"arn:{account.partition}:s3:::${{{bucket_and_key}[0]}}"],
        conditions=[Condition(test="StringLike", variable="s3:prefix", values=[key])],
    )


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


class EndpointModel(Construct):
    """Makes the SageMaker model. Nothing of a model can be changed, so each change makes a new one, then drops the old.

    Its name starts with `name`, which the reader knows, and ends in characters of chance: whatever makes Terraform
    replace the model, an override, ``-replace`` or the way back to an image whose model still stands, the new one has
    a name of its own. A model that stays keeps its name.

    `region` is where the endpoint is, for Terraform to compare; `at` is what messages call the model, and `deferred`
    what else must hold before it is made.

    Attributes: `model`, `model_name`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDKTF's name for it
        *,
        name: str,
        model: Model,
        execution_role_arn: str,
        subnet_ids: Sequence[str],
        security_group_ids: Sequence[str],
        region: str | None = None,
        at: str = "model",
        deferred: Sequence[checks.Deferred] = (),
        depends_on: Sequence[TerraformResource] = (),
        tags: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id)
        own = checks.require(
            lambda: self.node.path,
            checks.part(at, model, Model),
            () if region is None else model.in_region(at, region),
        )
        self._warn_of_secrets(at, model)
        in_vpc = bool(subnet_ids)  # a serverless variant stands in none
        # The provider would change subnets and groups in place, which SageMaker cannot: nothing would happen.
        # CDKTF's class for it would start Terraform at synthesis, to ask for its version.
        placement = TerraformResource(self, "Placement", terraform_resource_type="terraform_data")
        placement.add_override(
            "input",
            {
                # AWS keeps these two as sets: another order is no other model.
                "subnet_ids": f"${{sort({expression(subnet_ids)})}}",
                "security_group_ids": f"${{sort({expression(security_group_ids)})}}",
            }
            if in_vpc
            else {"subnet_ids": [], "security_group_ids": []},
        )
        self.model = SagemakerModel(
            self,
            "Model",
            # Terraform leaves `uuid` to be used like this: with `ignore_changes`, it counts only for a new model.
            # https://developer.hashicorp.com/terraform/language/functions/uuid
            name=f'{truncated(name, _LONGEST_START)}-${{substr(replace(uuid(), "-", ""), 0, {_CHANCE})}}',
            execution_role_arn=execution_role_arn,
            primary_container=SagemakerModelPrimaryContainer(
                image=model.image,
                model_data_url=model.model_data_url,
                # jsii knows no other mapping than a dict.
                environment=None if model.environment is None else dict(model.environment),
            ),
            # checkov CKV_AWS_370 at Model: by default containers can reach AWS services, as they are meant to.
            enable_network_isolation=model.enable_network_isolation,
            vpc_config=SagemakerModelVpcConfig(subnets=subnet_ids, security_group_ids=security_group_ids)
            if in_vpc
            else None,
            tags=tags,
            # Its first act is to pull the image and the data with the role: the role must be able to.
            depends_on=depends_on,
        )
        set_lifecycle(
            self.model,
            create_before_destroy=True,
            ignore_changes=["name"],
            precondition=preconditions([*own, *deferred]),
            # By name: what CDKTF writes for a construct here is no reference to Terraform's JSON.
            replace_triggered_by=[f"terraform_data.{placement.friendly_unique_id}"],
        )
        self.model_name = self.model.name

    def _warn_of_secrets(self, at: str, model: Model) -> None:
        for name in model.secrets():
            Annotations.of(self).add_warning(
                f"{at}.environment[{name!r}] seems to be a secret, and an environment can be read in the console and "
                "in Terraform's state: keep it in AWS Secrets Manager, and give its ARN to the container, which reads "
                "it with the role (execution_role.additional_policy_arns)"
            )
