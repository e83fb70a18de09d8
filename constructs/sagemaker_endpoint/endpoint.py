"""The endpoint as a whole, from its rooms."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from weakref import WeakKeyDictionary

from .access.access import EndpointRole, ExecutionRole, InvokePolicy, Permissions
from .access.key import EncryptionKey, EndpointKey
from .engine import iterators, meta_arguments, names
from .engine.account import Account
from .engine.bindings import (
    Annotations,
    Construct,
    IamRole,
    IamRolePolicyAttachment,
    Postcondition,
    SagemakerEndpoint,
    TerraformProvider,
    TerraformResource,
    TerraformStack,
)
from .engine.expressions import expression, told
from .engine.lifecycle import keeps_name, set_lifecycle
from .engine.preconditions import preconditions
from .hosting.model import EndpointModel, Model
from .hosting.variant import EndpointConfiguration, InstanceProductionVariant, variants_problems
from .network.interfaces import EndpointInterfaces, InterfaceCleanup
from .network.network import EndpointNetwork, PrivateNetwork
from .operations.logs import EndpointLogs, Logs, log_group_name
from .operations.runbook import Runbook
from .rules import checks

# The endpoints of each stack by the names that are known.
_NAMES: WeakKeyDictionary[TerraformStack, dict[str, Construct]] = WeakKeyDictionary()


class SageMakerEndpoint(Construct):
    """A SageMaker inference endpoint in private subnets, with all it needs, right on every change and on destroy.

    https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints.html

    Args:
        scope: The stack or construct that the endpoint belongs to.
        id: The construct's id, part of all Terraform addresses below it.
        endpoint_name: The endpoint's name, unique in the account and region: at most 63 letters, digits and
            hyphens. A new name is a new endpoint; with everything else the endpoint stays, and moves to what is new.
        network: The private subnets and what may leave them.
        production_variants: One to ten variants.
        execution_role: Default: a role of its own that can do what the endpoint needs and nothing else.
        key: Default: a key of its own that rotates.
        logs: Default: kept for 365 days.
        interface_cleanup: Default: network interfaces are marked after each update, which fails where SageMaker rolled
            the update back, and released on destroy, with the credentials of the environment. It concerns a security
            group of the endpoint's own; existing groups are never swept.
        deletion_protection: Whether Terraform refuses every plan that would destroy the endpoint, its log group or
            a key of its own: a destroy, another `endpoint_name`, a replacement. Default False, so that a destroy
            needs no second step; True is right for production. Terraform looks for it in the configuration, so it
            does not hold where the construct itself goes or has another id: see docs/moves.md.
            https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
        tags: Tags for every resource that takes them. Default none.
        provider: The AWS provider of every resource and data source inside, those that `grant_invoke` makes too:
            for another region or account than the stack's. Default: the stack's provider without an alias.
        depends_on: What must be there first and go last: resources, modules, or constructs, by which the resources
            in them are meant. Such as the routes to a NAT gateway, VPC endpoints, or the policies of an existing role.
            The look-ups of the subnets, the models, the endpoint and the release of its interfaces wait for them; a
            later change of them replaces nothing here. As the models are replaced before they are destroyed, so are
            these things (https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle). Default none.

    Attributes:
        endpoint_name: The name, as it is known once the endpoint exists.
        endpoint_arn: The endpoint's ARN.
        endpoint_config_name: The configuration that is live.
        execution_role_arn: The ARN of the role the instances run with.
        invoke_policy_arn: The policy to attach to callers; or use `grant_invoke`.
        security_group_ids: The security groups of the network interfaces.
        log_group_name: The log group.
        kms_key_arn: The key of logs and volumes.
        runbook: The commands to run when something is wrong, with the names in place.

    Raises:
        InputError: Inputs break a rule; its `problems` lists all of them.
    """

    @checks.nearest_names
    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDKTF's name for it
        *,
        endpoint_name: str,
        network: PrivateNetwork,
        production_variants: Sequence[InstanceProductionVariant],
        execution_role: ExecutionRole | None = None,
        key: EncryptionKey | None = None,
        logs: Logs | None = None,
        interface_cleanup: InterfaceCleanup | None = None,
        deletion_protection: bool = False,
        tags: Mapping[str, str] | None = None,
        provider: TerraformProvider | None = None,
        depends_on: Sequence[Construct] = (),
    ) -> None:
        super().__init__(scope, id)
        execution_role = ExecutionRole() if execution_role is None else execution_role
        key = EncryptionKey() if key is None else key
        logs = Logs() if logs is None else logs
        interface_cleanup = InterfaceCleanup() if interface_cleanup is None else interface_cleanup
        found = checks.require(
            lambda: self.node.path,
            names.problems(endpoint_name),
            checks.part("network", network, PrivateNetwork),
            variants_problems("production_variants", production_variants),
            checks.part("execution_role", execution_role, ExecutionRole),
            checks.part("key", key, EncryptionKey),
            checks.part("logs", logs, Logs),
            checks.part("interface_cleanup", interface_cleanup, InterfaceCleanup),
            _useless_cleanup_problems(network, interface_cleanup),
            checks.known_flag("deletion_protection", deletion_protection),
            () if tags is None else checks.tags("tags", tags),
            iterators.problems(
                self,
                {
                    "endpoint_name": endpoint_name,
                    "network": network,
                    "production_variants": production_variants,
                    "execution_role": execution_role,
                    "key": key,
                    "logs": logs,
                    "interface_cleanup": interface_cleanup,
                    "tags": tags,
                },
            ),
            () if provider is None else meta_arguments.provider_problems("provider", provider),
            () if depends_on == () else meta_arguments.depends_on_problems("depends_on", self, depends_on),
        )
        self._warn_of_namesake(endpoint_name)
        tags = None if tags is None else dict(tags)  # jsii knows no other mapping than a dict
        account = Account(self, "Account")
        log_group_arn = account.arn("logs", f"log-group:{log_group_name(endpoint_name)}")

        self._network = EndpointNetwork(self, "Network", endpoint_name=endpoint_name, network=network, tags=tags)
        encryption = EndpointKey(
            self,
            "Encryption",
            endpoint_name=endpoint_name,
            account=account,
            log_group_arn=log_group_arn,
            key=key,
            deletion_protection=deletion_protection,
            tags=tags,
        )
        endpoint_logs = EndpointLogs(
            self,
            "Logs",
            endpoint_name=endpoint_name,
            kms_key_arn=encryption.kms_key_arn,
            logs=logs,
            deferred=_about(found, "key.kms_key_arn"),
            deletion_protection=deletion_protection,
            tags=tags,
        )
        model_data_urls = _distinct(
            url for variant in production_variants if (url := variant.model.s3_url()) is not None
        )
        role = EndpointRole(
            self,
            "Access",
            endpoint_name=endpoint_name,
            account=account,
            permissions=Permissions(
                log_group_arn=log_group_arn,
                kms_key_arn=encryption.kms_key_arn,
                vpc_id=network.vpc_id,
                subnet_ids=self._network.subnet_ids,
                security_group_ids=self._network.security_group_ids,
                repository_arns=_distinct(
                    variant.model.repository_arn(account.partition) for variant in production_variants
                ),
                model_data_urls=model_data_urls,
            ),
            execution_role=execution_role,
            tags=tags,
        )
        self._models: list[TerraformResource] = []
        role_found = _about(found, "execution_role.role_arn")
        model_names = self._model_names(
            endpoint_name, production_variants, region=account.region, role=role, deferred=role_found, tags=tags
        )
        configuration = EndpointConfiguration(
            self,
            "Configuration",
            endpoint_name=endpoint_name,
            production_variants=production_variants,
            model_names=model_names,
            kms_key_arn=encryption.kms_key_arn,
            tags=tags,
        )
        # There before the endpoint and until it is gone: SageMaker deletes it some time after it was told.
        needed = [endpoint_logs.log_group, *role.policies, *self._network.security_group_rules]
        interfaces = self._interfaces(
            endpoint_name, account, role, cleanup=interface_cleanup, needed=needed, provider=provider
        )
        endpoint = SagemakerEndpoint(
            self,
            "Endpoint",
            name=endpoint_name,
            endpoint_config_name=configuration.endpoint_config_name,
            tags=tags,
            # The release waits for the endpoint's end, and what is needed waits for the release.
            depends_on=[interfaces.release] if interfaces else needed,
        )
        set_lifecycle(
            endpoint,
            prevent_destroy=deletion_protection,
            precondition=preconditions(
                _about(found, "endpoint_name", "tags", "each key of tags", "each value of tags")
            ),
            postcondition=[
                keeps_name(endpoint_name, "its log group, key and role are made for that name"),
                _is_live(endpoint_name, configuration.endpoint_config_name, account.region),
            ],
        )
        self.endpoint_arn = endpoint.arn
        if interfaces:
            interfaces.mark(
                endpoint=endpoint,
                endpoint_arn=self.endpoint_arn,
                endpoint_config_name=configuration.endpoint_config_name,
            )
        self._invoke_policy = InvokePolicy(
            self, "Invoke", endpoint_name=endpoint_name, endpoint_arn=self.endpoint_arn, tags=tags
        )
        self.endpoint_name = endpoint.name
        self.endpoint_config_name = configuration.endpoint_config_name
        self.execution_role_arn = role.role_arn
        self.invoke_policy_arn = self._invoke_policy.policy_arn
        self.security_group_ids = self._network.security_group_ids
        self.log_group_name = endpoint_logs.log_group_name
        self.kms_key_arn = encryption.kms_key_arn
        self.runbook = Runbook(
            region=account.region,
            endpoint_name=endpoint_name,
            endpoint_config_name=configuration.endpoint_config_name,
            variant_names=[variant.variant_name for variant in production_variants],
            vpc_id=network.vpc_id,
            subnet_ids=self._network.subnet_ids,
            security_group_ids=self._network.security_group_ids,
            log_group_name=endpoint_logs.log_group_name,
            kms_key_arn=encryption.kms_key_arn,
            model_names=model_names,
            execution_role_arn=role.role_arn,
            model_data_urls=model_data_urls,
        ).text()
        self._provider = provider
        if provider is not None:
            meta_arguments.set_provider(self, provider)
        if depends_on:
            resources = [*self._models, endpoint, *([interfaces.release] if interfaces else [])]
            meta_arguments.set_depends_on([*self._network.lookups, *resources], depends_on)

    def grant_invoke(self, role: IamRole | str, *, id: str | None = None) -> IamRolePolicyAttachment:  # noqa: A002 - CDKTF's
        """Let a role invoke the endpoint.

        Args:
            role: The role's construct, or its name.
            id: The attachment's construct id; must be given with a name. Default: made from the role's.
        """
        attachment = self._invoke_policy.grant(role, id=id)
        if self._provider is not None:
            attachment.provider = self._provider
        return attachment

    def _warn_of_namesake(self, endpoint_name: str) -> None:
        if checks.deferred(endpoint_name):
            return
        stack = TerraformStack.of(self)
        for other, names_made in [*_NAMES.items()]:
            namesake = names_made.get(endpoint_name)
            if namesake is None or (other is not stack and other.node.root is not stack.node.root):
                continue
            Annotations.of(self).add_warning(
                f"endpoint_name {endpoint_name!r} is that of {namesake.node.path} too, and AWS knows one of a name in "
                "an account and region: name them apart, unless their providers work in different ones"
            )
            break
        _NAMES.setdefault(stack, {}).setdefault(endpoint_name, self)

    def _model_names(
        self,
        endpoint_name: str,
        variants: Sequence[InstanceProductionVariant],
        *,
        region: str,
        role: EndpointRole,
        deferred: Sequence[checks.Deferred],
        tags: Mapping[str, str] | None,
    ) -> list[str]:
        """Make each model once, in the name of the first variant that uses it, and give every variant's."""
        made: list[tuple[Model, str]] = []
        model_names = []
        for index, variant in enumerate(variants):
            name = next((name for model, name in made if model == variant.model), None)
            if name is None:
                known = not checks.deferred(variant.variant_name)
                made_model = EndpointModel(
                    self,
                    f"Model-{variant.variant_name}" if known else f"Model{index}",
                    name=f"{endpoint_name}-{variant.variant_name}",
                    model=variant.model,
                    execution_role_arn=role.role_arn,
                    subnet_ids=self._network.subnet_ids,
                    security_group_ids=self._network.security_group_ids,
                    region=region,
                    at=f"production_variants[{index}].model",
                    deferred=deferred,
                    depends_on=role.policies,
                    tags=tags,
                )
                name = made_model.model_name
                self._models.append(made_model.model)
                made.append((variant.model, name))
            model_names.append(name)
        return model_names

    def _interfaces(
        self,
        endpoint_name: str,
        account: Account,
        role: EndpointRole,
        *,
        cleanup: InterfaceCleanup,
        needed: Sequence[TerraformResource],
        provider: TerraformProvider | None,
    ) -> EndpointInterfaces | None:
        """Look after the interfaces in a group of the endpoint's own; existing groups are never swept."""
        if self._network.security_group is None or not cleanup.enabled:
            return None
        return EndpointInterfaces(
            self,
            "Interfaces",
            endpoint_name=endpoint_name,
            region=account.region,
            security_group_id=self._network.security_group_ids[0],
            account_id=account.account_id,
            execution_role_id=role.unique_id(),
            execution_role_is_shared=role.is_shared,
            cleanup=cleanup,
            depends_on=needed,
            provider=provider,
        )


def _is_live(endpoint_name: str, endpoint_config_name: str, region: str) -> Postcondition:
    """Have an apply fail whose configuration is not live: SageMaker rolls a failed update back and is in service.

    Terraform would count that as success and delete what it believes to be replaced. A failed postcondition stops it
    before that: https://developer.hashicorp.com/terraform/language/expressions/custom-conditions
    """
    name = told(endpoint_name)
    return Postcondition(
        condition=f"${{self.endpoint_config_name == {expression(endpoint_config_name)}}}",
        error_message=(
            f"The endpoint {name} does not serve {endpoint_config_name}: SageMaker could not deploy that "
            "configuration and rolled back. ${self.endpoint_config_name} is live as before, and nothing that it uses "
            f"was deleted. The reason: aws sagemaker describe-endpoint --region {region} --endpoint-name "
            f"{name} --query FailureReason --output text. Mend it, or go back to the inputs of before, and "
            "apply again."
        ),
    )


def _useless_cleanup_problems(network: PrivateNetwork, cleanup: InterfaceCleanup) -> Iterator[str]:
    parts = isinstance(network, PrivateNetwork) and isinstance(cleanup, InterfaceCleanup)
    if parts and network.security_group_ids is not None and cleanup.enabled is True:
        for name in cleanup.stated():
            yield (
                f"interface_cleanup.{name} must not be given with network.security_group_ids: interfaces in existing "
                "groups are never touched"
            )


def _about(found: Iterable[checks.Deferred], *inputs: str) -> list[checks.Deferred]:
    """Give what is deferred about these inputs."""
    return [each for each in found if each.sentence.startswith(inputs)]


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
