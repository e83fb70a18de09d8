"""What an instance runs: a container image, the model's data and the environment."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from . import checks, limits, names
from .bindings import (
    Construct,
    DataResource,
    IResolvable,
    SagemakerModel,
    SagemakerModelPrimaryContainer,
    SagemakerModelVpcConfig,
    TerraformResource,
)
from .expressions import expression, truncated
from .lifecycle import set_lifecycle

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html, -fips for the FIPS endpoints; the
# repository's name may be nested, and a tag or a digest follows.
_REPOSITORY = r"([0-9]{12})[.]dkr[.]ecr(?:-fips)?[.]([a-z0-9-]+)[.][a-z0-9.-]+/([a-z0-9][a-z0-9._/-]*)"
_IMAGE = limits.Text(
    min_length=1,
    max_length=limits.IMAGE.max_length,
    pattern=_REPOSITORY + r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|@sha256:[0-9a-f]{64})",
)
_IMAGE_EXAMPLE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/sentiment:1.4"
# SageMaker takes one gzip-compressed tar archive:
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
_MODEL_DATA_URL = limits.Text(
    min_length=1,
    max_length=limits.MODEL_DATA_URL.max_length,
    # A key with * or ? would be a pattern in the role's policy, and the rest would end its quotes in the runbook.
    pattern=r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[^*?\"$`\\]*[^/*?\"$`\\]\.tar\.gz",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A container and what it serves. Several variants may share one.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html

    Attributes:
        image: The image's URI in Amazon ECR with its tag or digest; the repository may be nested and belong to
            another account. A digest is exact, while a moved tag reaches the endpoint only with a new deployment.
        model_data_url: The model's archive, ``s3://bucket/…/model.tar.gz``. Default none: the image holds it all.
        environment: The container's environment: at most 100 variables, keys and values of at most 1,024
            characters each, 32 KiB in all. It is readable in the console: no secrets. Default empty.
        enable_network_isolation: Cut the container off from the network. Default False, since containers are
            meant to reach AWS services through the private subnets.
    """

    image: str
    model_data_url: str | None = None
    environment: Mapping[str, str] | None = None
    enable_network_isolation: bool | IResolvable = False

    def problems(self, at: str) -> Iterator[str]:
        """Yield what is wrong, each sentence starting with the path `at`."""
        yield from checks.text(f"{at}.image", self.image, _IMAGE, example=_IMAGE_EXAMPLE)
        if self.model_data_url is not None:
            yield from checks.text(
                f"{at}.model_data_url",
                self.model_data_url,
                _MODEL_DATA_URL,
                example="s3://models/sentiment/model.tar.gz",
            )
        if self.environment is not None:
            yield from _environment_problems(f"{at}.environment", self.environment)
        yield from checks.flag(f"{at}.enable_network_isolation", self.enable_network_isolation)

    def repository_arn(self, partition: str) -> str:
        """Give the ARN of the image's repository, here or in Terraform."""
        if not checks.deferred(self.image):
            account_id, region, repository = re.match(_REPOSITORY, self.image).groups()  # type: ignore[union-attr] # checked
            return f"arn:{partition}:ecr:{region}:{account_id}:repository/{repository}"
        parts = f"regex({expression(f'^{_REPOSITORY}')}, {expression(self.image)})"
        return f"arn:{partition}:ecr:${{{parts}[1]}}:${{{parts}[0]}}:repository/${{{parts}[2]}}"


def _environment_problems(at: str, environment: Mapping[str, str]) -> Iterator[str]:
    if not isinstance(environment, Mapping):
        yield f"{at} must be a mapping of names to values, {checks.given(environment, 'string_map')}"
        return
    if checks.deferred(environment):
        return
    yield from checks.mixed(at, environment)
    if len(environment) > (limits.ENVIRONMENT_COUNT.maximum or 0):
        yield f"{at} must have at most {limits.ENVIRONMENT_COUNT.maximum} variables, got {len(environment)}"
    for key, value in environment.items():
        yield from checks.text(f"{at} key", key, limits.ENVIRONMENT_KEY, example="LOG_LEVEL")
        yield from checks.text(f"{at}[{key!r}]", value, limits.ENVIRONMENT_VALUE, example="info")
    known = [part for pair in environment.items() for part in pair if isinstance(part, str)]
    size = sum(len(part.encode(errors="surrogatepass")) for part in known if not checks.deferred(part))
    if size > (limits.ENVIRONMENT_BYTES.maximum or 0):
        yield f"{at} must hold at most {limits.ENVIRONMENT_BYTES.maximum} bytes in all, got {size}"


class EndpointModel(Construct):
    """Makes the SageMaker model. Nothing of a model can be changed, so each change makes a new one, then drops the old.

    Its name starts with `name`, which the reader knows, and ends in characters of chance: whatever makes Terraform
    replace the model, an override, ``-replace`` or the way back to an image whose model still stands, the new one has
    a name of its own. A model that stays keeps its name.

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
        depends_on: Sequence[TerraformResource] = (),
        tags: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id)
        checks.require(lambda: self.node.path, checks.part("model", model, Model))
        # The provider would change subnets and groups in place, which SageMaker cannot: nothing would happen.
        placement = DataResource(
            self,
            "Placement",
            input={
                # AWS keeps these two as sets: another order is no other model.
                "subnet_ids": f"${{sort({expression(subnet_ids)})}}",
                "security_group_ids": f"${{sort({expression(security_group_ids)})}}",
            },
        )
        self.model = SagemakerModel(
            self,
            "Model",
            # Terraform leaves `uuid` to be used like this: with `ignore_changes`, it counts only for a new model.
            # https://developer.hashicorp.com/terraform/language/functions/uuid
            name=f'{truncated(name, names.MODEL)}-${{substr(replace(uuid(), "-", ""), 0, {names.MODEL_SUFFIX})}}',
            execution_role_arn=execution_role_arn,
            primary_container=SagemakerModelPrimaryContainer(
                image=model.image,
                model_data_url=model.model_data_url,
                # jsii knows no other mapping than a dict.
                environment=None if model.environment is None else dict(model.environment),
            ),
            # checkov CKV_AWS_370 at Model: by default containers can reach AWS services, as they are meant to.
            enable_network_isolation=model.enable_network_isolation,
            vpc_config=SagemakerModelVpcConfig(subnets=subnet_ids, security_group_ids=security_group_ids),
            tags=tags,
            # Its first act is to pull the image and the data with the role: the role must be able to.
            depends_on=depends_on,
        )
        set_lifecycle(
            self.model,
            create_before_destroy=True,
            ignore_changes=["name"],
            # By name: what CDKTF writes for a construct here is no reference to Terraform's JSON.
            replace_triggered_by=[f"terraform_data.{placement.friendly_unique_id}"],
        )
        self.model_name = self.model.name
