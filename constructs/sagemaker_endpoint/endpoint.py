"""The endpoint as a whole, from its parts."""

from collections.abc import Mapping, Sequence

from .access.invoke import InvokePolicy
from .access.key import EncryptionKey, EndpointKey
from .access.role import EndpointRole, ExecutionRole
from .engine import meta_arguments
from .engine.account import Account
from .engine.bindings import Construct, IamRole, IamRolePolicyAttachment, TerraformProvider
from .hosting import asynchronous, data_capture, deployment, model, variant
from .hosting.asynchronous import AsyncInferenceConfig
from .hosting.configuration import EndpointConfiguration
from .hosting.data_capture import DataCaptureConfig
from .hosting.deployment import warn_of_namesake
from .hosting.serverless import ServerlessProductionVariant, is_serverless
from .hosting.variant import InstanceProductionVariant, endpoint_models
from .inputs import EndpointInputs
from .network.interfaces import EndpointInterfaces, InterfaceCleanup
from .network.network import EndpointNetwork, PrivateNetwork
from .operations import metrics
from .operations.logs import EndpointLogs, Logs
from .operations.runbook import Runbook
from .rules import checks


class SageMakerEndpoint(Construct):
    """A SageMaker inference endpoint in private subnets, with all it needs, right on every change and on destroy.

    https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints.html

    Args:
        scope: The stack or construct that the endpoint belongs to.
        id: The construct's id, part of all Terraform addresses below it.
        endpoint_name: The endpoint's name, unique in the account and region: at most 63 letters, digits and
            hyphens. A new name is a new endpoint; with everything else the endpoint stays, and moves to what is new.
        network: The private subnets and what may leave them. Given for instances; a serverless endpoint has none.
        production_variants: One to ten variants with instances, or one that is serverless.
        shadow_production_variants: One variant with instances beside one production variant, that gets a copy of its
            requests, by its weight in relation to that variant's: the same weight is all of them. Its answers are
            dropped. Default none. https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests.html
        async_inference_config: Makes the endpoint asynchronous, with one variant and no data capture. Default: it
            answers at once.
        data_capture_config: Keeps a share of requests and answers in Amazon S3. Default: nothing is kept.
        execution_role: Default: a role of its own that can do what the endpoint needs and nothing else.
        key: Default: a key of its own that rotates.
        logs: Default: kept for 365 days.
        interface_cleanup: Default: network interfaces are marked after each update, which fails where SageMaker rolled
            the update back, and released on destroy, with the credentials of the environment. It concerns a security
            group of the endpoint's own; existing groups are never swept. Not to be given for a serverless endpoint.
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
            these resources (https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle). Default none.

    Attributes:
        endpoint_name: The name, as it is known once the endpoint exists.
        endpoint_arn: The endpoint's ARN.
        endpoint_config_name: The configuration that is live.
        execution_role_arn: The ARN of the role the instances run with.
        invoke_policy_arn: The policy to attach to callers; or use `grant_invoke`.
        security_group_ids: The security groups of the network interfaces; empty if the endpoint is serverless.
        log_group_name: The log group.
        kms_key_arn: The key of logs and volumes, and of what the endpoint writes to Amazon S3.
        success_topic_arn: The topic that an asynchronous endpoint tells of answers, given or made; None without one.
        error_topic_arn: The same for failures.
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
        network: PrivateNetwork | None = None,
        production_variants: Sequence[InstanceProductionVariant] | Sequence[ServerlessProductionVariant],
        shadow_production_variants: Sequence[InstanceProductionVariant] = (),
        async_inference_config: AsyncInferenceConfig | None = None,
        data_capture_config: DataCaptureConfig | None = None,
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
        inputs = EndpointInputs(
            endpoint_name=endpoint_name,
            network=network,
            production_variants=production_variants,
            shadow_production_variants=shadow_production_variants,
            async_inference_config=async_inference_config,
            data_capture_config=data_capture_config,
            execution_role=ExecutionRole() if execution_role is None else execution_role,
            key=EncryptionKey() if key is None else key,
            logs=Logs() if logs is None else logs,
            interface_cleanup=interface_cleanup,
            deletion_protection=deletion_protection,
            tags=tags,
            provider=provider,
            depends_on=depends_on,
        )
        found = checks.require(lambda: self.node.path, inputs.problems(self))
        warn_of_namesake(self, endpoint_name)
        tags = None if tags is None else dict(tags)  # jsii knows no other mapping than a dict
        account = Account(self, "Account")

        self._network = None
        if network is not None:
            self._network = EndpointNetwork(self, "Network", endpoint_name=endpoint_name, network=network, tags=tags)
        serverless = is_serverless(production_variants)
        variants = [*production_variants, *shadow_production_variants]
        encryption = EndpointKey(
            self,
            "Encryption",
            endpoint_name=endpoint_name,
            account=account,
            uses=[EndpointLogs.key_statement(endpoint_name, account)],
            key=inputs.key,
            deletion_protection=deletion_protection,
            tags=tags,
        )
        endpoint_logs = EndpointLogs(
            self,
            "Logs",
            endpoint_name=endpoint_name,
            kms_key_arn=encryption.kms_key_arn,
            logs=inputs.logs,
            deferred=[*checks.about(found, "key.kms_key_arn"), *encryption.deferred],
            deletion_protection=deletion_protection,
            tags=tags,
        )
        topics = asynchronous.notification_topics(
            self,
            async_inference_config,
            endpoint_name=endpoint_name,
            kms_key_arn=encryption.kms_key_arn,
            tags=tags,
        )
        models = [each.model for each in variants]
        least_privilege = inputs.execution_role.least_privilege
        role = EndpointRole(
            self,
            "Access",
            endpoint_name=endpoint_name,
            account=account,
            artifacts=[*model.statements(models, account)],
            runtime=[
                *EndpointLogs.statements(endpoint_name, account, least_privilege=least_privilege),
                *metrics.statements(),
                *variant.statements(variants, encryption.kms_key_arn, account),
                *asynchronous.statements(async_inference_config, account, encryption.kms_key_arn, topics),
                *data_capture.statements(data_capture_config, account, encryption.kms_key_arn),
                *encryption.statements(),
                *(self._network.statements(account, least_privilege=least_privilege) if self._network else []),
                *deployment.statements(endpoint_name, account),
            ],
            execution_role=inputs.execution_role,
            tags=tags,
        )
        made_models = endpoint_models(
            self,
            production_variants,
            shadow_production_variants,
            endpoint_name=endpoint_name,
            execution_role_arn=role.role_arn,
            subnet_ids=self._network.subnet_ids if self._network else [],
            security_group_ids=self._network.security_group_ids if self._network else [],
            region=account.region,
            deferred=checks.about(found, "execution_role.role_arn"),
            depends_on=role.policies,
            tags=tags,
        )
        configuration = EndpointConfiguration(
            self,
            "Configuration",
            endpoint_name=endpoint_name,
            production_variants=production_variants,
            shadow_production_variants=shadow_production_variants,
            model_names=[each.model_name for each in made_models],
            kms_key_arn=encryption.kms_key_arn,
            async_inference_config=async_inference_config,
            topics=topics,
            data_capture_config=data_capture_config,
            deferred=checks.about(
                found,
                *(f"{each}{name}_config" for each in ("", "each of ") for name in ("async_inference", "data_capture")),
            ),
            tags=tags,
        )
        # There before the endpoint and until it is gone: SageMaker deletes it some time after it was told.
        needed = [endpoint_logs.log_group, *role.policies, *topics.made]
        needed += self._network.security_group_rules if self._network else []
        interfaces = None
        cleanup = InterfaceCleanup() if interface_cleanup is None else interface_cleanup
        if self._network and self._network.security_group is not None and cleanup.enabled:
            interfaces = EndpointInterfaces(
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
        endpoint = deployment.deploy(
            self,
            endpoint_name=endpoint_name,
            endpoint_config_name=configuration.endpoint_config_name,
            region=account.region,
            deferred=checks.about(found, "endpoint_name", "tags", "each key of tags", "each value of tags"),
            deletion_protection=deletion_protection,
            serverless=serverless,
            asynchronous=async_inference_config is not None,
            # The release waits for the endpoint's end, and what is needed waits for the release.
            depends_on=[interfaces.release] if interfaces else needed,
            tags=tags,
        )
        self.endpoint_arn = endpoint.arn
        if interfaces:
            interfaces.mark(
                endpoint=endpoint,
                endpoint_arn=self.endpoint_arn,
                endpoint_config_name=configuration.endpoint_config_name,
            )
        self._invoke_policy = InvokePolicy(
            self,
            "Invoke",
            endpoint_name=endpoint_name,
            endpoint_arn=self.endpoint_arn,
            asynchronous=async_inference_config is not None,
            uploads=asynchronous.upload_statements(async_inference_config, account),
            tags=tags,
        )
        self.endpoint_name = endpoint.name
        self.endpoint_config_name = configuration.endpoint_config_name
        self.execution_role_arn = role.role_arn
        self.invoke_policy_arn = self._invoke_policy.policy_arn
        self.security_group_ids = self._network.security_group_ids if self._network else []
        self.log_group_name = endpoint_logs.log_group_name
        self.kms_key_arn = encryption.kms_key_arn
        self.success_topic_arn = topics.success_topic_arn
        self.error_topic_arn = topics.error_topic_arn
        named = [each.runbook_names for each in (encryption, endpoint_logs, role, configuration)]
        named += [self._network.runbook_names] if self._network else []
        self.runbook = Runbook(
            region=account.region,
            endpoint_name=endpoint_name,
            names={place: each for names in named for place, each in names.items()},
            model_data_urls=model.s3_urls(models),
        ).text()
        self._provider = provider
        if provider is not None:
            meta_arguments.set_provider(self, provider)
        if depends_on:
            resources = [*(each.model for each in made_models), endpoint, *([interfaces.release] if interfaces else [])]
            lookups = self._network.lookups if self._network else []
            meta_arguments.set_depends_on([*lookups, *resources], depends_on)

    def grant_invoke(
        self,
        role: IamRole | str,
        *,
        id: str | None = None,  # noqa: A002 - CDKTF's name for it
        upload_input: bool = False,
    ) -> IamRolePolicyAttachment:
        """Let a role invoke the endpoint.

        Args:
            role: The role's construct, or its name.
            id: The attachment's construct id; must be given with a name. Default: made from the role's.
            upload_input: Whether the role may also write payloads below `async_inference_config.s3_input_path`, by a
                second policy. Default False.
        """
        attachment = self._invoke_policy.grant(role, id=id, upload_input=upload_input)
        if self._provider is not None:
            meta_arguments.set_provider(self._invoke_policy, self._provider)
        return attachment
