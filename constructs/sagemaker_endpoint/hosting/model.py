"""What an instance runs: one container, or several that are called one after another or each by its name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from sagemaker_endpoint.access.statements import Statement
from sagemaker_endpoint.engine.account import Account
from sagemaker_endpoint.engine.bindings import (
    Annotations,
    Construct,
    IResolvable,
    SagemakerModel,
    SagemakerModelInferenceExecutionConfig,
    SagemakerModelVpcConfig,
    TerraformResource,
)
from sagemaker_endpoint.engine.expressions import expression, truncated
from sagemaker_endpoint.engine.lifecycle import set_lifecycle
from sagemaker_endpoint.engine.preconditions import preconditions
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import AreDistinct, IsOneOf, Not

from . import container, environment, render, s3_uri
from .container import MULTI_MODEL, Container

_CHANCE = 10  # characters
_LONGEST_START = (limits.MODEL_NAME.max_length or 0) - _CHANCE - 1
_SEVERAL = limits.Number(minimum=2, maximum=limits.CONTAINER_COUNT.maximum)
_EXECUTION_MODE = limits.Text(min_length=1, max_length=None, pattern="Serial|Direct")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Container):
    """A container and what it serves, or several of them. Several variants may share one.

    A model of one container has all the inputs of `Container`; one of several has `containers` instead.
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html

    Attributes:
        enable_network_isolation: Cut the containers off from the network. Default False, since containers are
            meant to reach AWS services through the private subnets. A model package from AWS Marketplace asks for it.
        containers: 2 to 15 containers, in place of an image or a model package. At most one of them may be
            ``MultiModel``. Their images must listen on the port that SageMaker names in ``SAGEMAKER_BIND_TO_PORT``, and
            say so by a label. Default none.
            https://docs.aws.amazon.com/sagemaker/latest/dg/inference-pipelines.html
        inference_execution_mode: How several containers are called: ``Serial``, where each gets what the one before
            it answers, or ``Direct``, where a call names one of them (``TargetContainerHostname``), for which each
            needs a `container_hostname`. Default: SageMaker's, ``Serial``.
            https://docs.aws.amazon.com/sagemaker/latest/dg/multi-container-endpoints.html
    """

    enable_network_isolation: bool | IResolvable = False
    containers: Sequence[Container] | None = None
    inference_execution_mode: str | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        if self.containers is None:
            yield from Container.problems(self, at)
        else:
            yield from self._containers_problems(f"{at}.containers", self.containers)
            for each in fields(Container):
                if getattr(self, each.name) not in (None, (), []):
                    yield f"{at}.{each.name} must not be given with containers, each of which has its own"
        if self.inference_execution_mode is not None:  # the provider's block takes no null
            yield from checks.text(
                f"{at}.inference_execution_mode", self.inference_execution_mode, _EXECUTION_MODE, example="Direct"
            )
            if self.containers is None:
                yield f"{at}.inference_execution_mode must not be given without containers: one is called as it is"
        yield from checks.flag(f"{at}.enable_network_isolation", self.enable_network_isolation)
        yield from self._isolation_problems(at)

    def _containers_problems(self, at: str, containers: Sequence[Container]) -> Iterator[checks.Finding]:
        if isinstance(containers, str | bytes) or not isinstance(containers, Sequence):
            yield f"{at} must be a list of Container(...), got {checks.brief(containers)}"
            return
        if not _SEVERAL.minimum <= len(containers) <= (_SEVERAL.maximum or 0):
            alone = ": one alone is stated by the model's own inputs" if len(containers) == 1 else ""
            yield f"{at} must have {_SEVERAL.minimum} to {_SEVERAL.maximum} containers, got {len(containers)}{alone}"
        for index, each in enumerate(containers):
            if isinstance(each, Model):
                yield f"{at}[{index}] must be Container(...), got Model: a model holds no models"
            else:
                yield from checks.part(f"{at}[{index}]", each, Container)
        stated = [each for each in containers if isinstance(each, Container)]
        yield from self._hostname_problems(at, [each.container_hostname for each in stated])
        several = [index for index, each in enumerate(containers) if getattr(each, "mode", None) == MULTI_MODEL]
        if len(several) > 1:
            named = " and ".join(f"containers[{index}]" for index in several)
            yield f"{at} must have at most one container of mode 'MultiModel', got {named}"
        environments = [whole for each in stated if isinstance(whole := each.whole_environment(), Mapping)]
        if len(environments) > 1:
            yield from environment.size_problems(at, environments)

    def _hostname_problems(self, at: str, hostnames: Sequence[str | None]) -> Iterator[checks.Finding]:
        given = [each for each in hostnames if isinstance(each, str)]
        missing = [f"containers[{index}]" for index, each in enumerate(hostnames) if each is None]
        if missing and given:
            yield f"{at} must each have a container_hostname, or none of them, got none for {' and '.join(missing)}"
        elif missing and isinstance(self.inference_execution_mode, str):
            yield from checks.rule(
                f"{at} must each have a container_hostname with inference_execution_mode 'Direct', where a call names "
                "one of them",
                Not(IsOneOf(self.inference_execution_mode, ["Direct"])),
                self.inference_execution_mode,
            )
        if len(given) > 1:
            yield from checks.rule(f"{at} must each have a container_hostname of their own", AreDistinct(given), given)

    def _isolation_problems(self, at: str) -> Iterator[checks.Finding]:
        fetched = [name for name, each in self.named_containers(at) if each.fetches_from_hub]
        if fetched:
            yield from checks.rule(
                f"{at}.enable_network_isolation must not be True with {fetched[0]}.hugging_face: a container that is "
                "cut off from the network cannot fetch a model from the Hub. State its data in S3 and the model_id "
                "'/opt/ml/model'",
                Not(IsOneOf(self.enable_network_isolation, [True])),
            )

    def named_containers(self, at: str) -> list[tuple[str, Container]]:
        """Give the model's containers with their paths."""
        if self.containers is None:
            return [(at, self)]
        several = self.containers if isinstance(self.containers, Sequence) else ()
        return [(f"{at}.containers[{i}]", each) for i, each in enumerate(several) if isinstance(each, Container)]


def _containers(models: Iterable[Model]) -> list[Container]:
    return [each for model in models for _, each in model.named_containers("")]


def statements(models: Sequence[Model], account: Account) -> Iterator[Statement]:
    """Yield what the role needs to fetch models."""
    return container.statements(_containers(models), account)


def s3_urls(models: Iterable[Model]) -> list[str]:
    """Give the objects that the models' data are, each once; not the prefixes."""
    return s3_uri.distinct(url for each in _containers(models) for url in each.archives())


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
        id: str,
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
            *([] if region is None else [each.in_region(path, region) for path, each in model.named_containers(at)]),
        )
        for path, each in model.named_containers(at):
            self._warn_of_secrets(path, each)
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
            primary_container=render.primary_container(model) if model.containers is None else None,
            container=None if model.containers is None else render.containers(model.containers),
            inference_execution_config=None
            if model.inference_execution_mode is None
            else SagemakerModelInferenceExecutionConfig(mode=model.inference_execution_mode),
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

    def _warn_of_secrets(self, at: str, container: Container) -> None:
        hub = container.hugging_face is not None
        by = "hugging_face.token_secret_arn" if hub else "execution_role.additional_policy_arns"
        for name in container.secrets():
            Annotations.of(self).add_warning(
                f"{at}.environment[{name!r}] seems to be a secret, and an environment can be read in the console and "
                "in Terraform's state: keep it in AWS Secrets Manager, and give its ARN to the container, which reads "
                f"it with the role ({by})"
            )
