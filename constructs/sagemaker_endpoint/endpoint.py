"""The endpoint as its users state it: the inputs and what they get."""

from collections.abc import Mapping, Sequence

from .access.key import EncryptionKey
from .access.role import ExecutionRole
from .engine import meta_arguments
from .engine.bindings import Construct, IamRole, IamRolePolicyAttachment, TerraformProvider, engine_problems
from .engine.signature import InitSignature
from .hosting.asynchronous import AsyncInferenceConfig
from .hosting.data_capture import DataCaptureConfig
from .hosting.deployment_config import Deployment
from .hosting.serverless import ServerlessProductionVariant
from .hosting.variant import InstanceProductionVariant
from .inputs import EndpointInputs
from .network.interfaces import InterfaceCleanup
from .network.network import PrivateNetwork
from .operations.alarms import Alarms
from .operations.logs import Logs
from .operations.metrics import Metric, Wanted
from .parts import assemble
from .resources import EndpointResources
from .rules import checks


class SageMakerEndpoint(Construct):
    """A SageMaker inference endpoint in private subnets, with all it needs, right on every change and on destroy.

    https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints.html

    Args:
        scope: The stack or construct that the endpoint belongs to.
        id: The construct's id, part of all Terraform addresses below it.
        endpoint_name: The endpoint's name, unique in the account and region: at most 63 letters, digits and hyphens. A
            new name is a new endpoint; with everything else the endpoint stays, and moves to what is new.
        network: The private subnets and what may leave them. Given for instances; a serverless endpoint has none.
        production_variants: One to ten variants with instances, or one that is serverless.
        shadow_production_variants: One variant with instances beside one production variant, that gets a copy of its
            requests, by its weight beside that variant's: the same weight is all. Its answers go nowhere. Default none.
            https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests.html
        async_inference_config: Makes the endpoint asynchronous, with one variant and no data capture. Default: none.
        data_capture_config: Keeps a share of requests and answers in Amazon S3. Default: nothing is kept.
        deployment: How a change reaches the live endpoint, `AllAtOnce(...)`, `Canary(...)`, `Linear(...)` or
            `Rolling(...)`, and on which alarms SageMaker takes it back. Default: a new endpoint is updated all at
            once, and one that is there as it was before; a deployment holds until another is stated. Its cost, and
            what an endpoint of an earlier version needs first: `DeploymentConfig`.
        execution_role: Default: a role of its own that can do what the endpoint needs and nothing else.
        key: Default: a key of its own that rotates.
        logs: Default: kept for 365 days.
        alarms: ``Alarms()`` makes those recommended for this kind. Default none: each costs, and tells nobody alone.
        dashboard: Whether CloudWatch has a page of it: traffic, errors, latency, instances. Default False: it costs.
        interface_cleanup: Default: network interfaces are marked after each update, which fails where SageMaker rolled
            the update back, and released on destroy, with the environment's credentials. Existing security groups are
            never swept. Not to be given for a serverless endpoint.
        deletion_protection: Whether Terraform refuses every plan that would destroy the endpoint, its log group or
            a key of its own. Default False, so that a destroy needs no second step; True is right for production. It
            does not hold where the construct itself goes or has another id: docs/moves.md.
            https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
        tags: Tags for every resource that takes them. Default none.
        provider: The AWS provider of every resource and data source inside, those that `grant_invoke` makes too:
            for another region or account. Default: the stack's provider without an alias.
        depends_on: What must be there first and go last: resources, modules, or constructs that hold them, such as
            routes to a NAT gateway, VPC endpoints, or the policies of an existing role. The look-ups of the subnets,
            the models, the endpoint and the release of its interfaces wait for them; a later change of them replaces
            nothing here. Like models, they are replaced before they are destroyed. Default none.

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
        alarms: The alarms made, by name, such as ``ServerErrors-AllTraffic``; empty without `alarms`.
        dashboard_name: The dashboard's name; None without one.
        runbook: The commands to run when something is wrong, with the names in place.
        resources: The Terraform resources inside, for what no input states: docs/overrides.md.

    Raises:
        InputError: Inputs break a rule; its `problems` lists all of them.
    """

    __signature__ = InitSignature()

    @checks.nearest_names
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        endpoint_name: str,
        network: PrivateNetwork | None = None,
        production_variants: Sequence[InstanceProductionVariant] | Sequence[ServerlessProductionVariant],
        shadow_production_variants: Sequence[InstanceProductionVariant] = (),
        async_inference_config: AsyncInferenceConfig | None = None,
        data_capture_config: DataCaptureConfig | None = None,
        deployment: Deployment | None = None,
        execution_role: ExecutionRole | None = None,
        key: EncryptionKey | None = None,
        logs: Logs | None = None,
        alarms: Alarms | None = None,
        dashboard: bool = False,
        interface_cleanup: InterfaceCleanup | None = None,
        deletion_protection: bool = False,
        tags: Mapping[str, str] | None = None,
        provider: TerraformProvider | None = None,
        depends_on: Sequence[Construct] = (),
    ) -> None:
        checks.require(lambda: id, engine_problems("scope", scope))
        super().__init__(scope, id)
        inputs = EndpointInputs(
            endpoint_name=endpoint_name,
            network=network,
            production_variants=production_variants,
            shadow_production_variants=shadow_production_variants,
            async_inference_config=async_inference_config,
            data_capture_config=data_capture_config,
            deployment=deployment,
            execution_role=ExecutionRole() if execution_role is None else execution_role,
            key=EncryptionKey() if key is None else key,
            logs=Logs() if logs is None else logs,
            alarms=alarms,
            dashboard=dashboard,
            interface_cleanup=interface_cleanup,
            deletion_protection=deletion_protection,
            tags=tags,
            provider=provider,
            depends_on=depends_on,
        )
        found = checks.require(lambda: self.node.path, inputs.problems(self))
        parts = assemble(self, inputs, found)
        self.endpoint_name = parts.endpoint.name
        self.endpoint_arn = parts.endpoint.arn
        self.endpoint_config_name = parts.configuration.endpoint_config_name
        self.execution_role_arn = parts.role.role_arn
        self.invoke_policy_arn = parts.invoke_policy.policy_arn
        self.security_group_ids = parts.network.security_group_ids
        self.log_group_name = parts.logs.log_group_name
        self.kms_key_arn = parts.encryption.kms_key_arn
        self.success_topic_arn = parts.topics.success_topic_arn
        self.error_topic_arn = parts.topics.error_topic_arn
        self.alarms = {} if parts.alarms is None else dict(parts.alarms.made)
        self.dashboard_name = None if parts.dashboard is None else parts.dashboard.dashboard_name
        self.runbook = parts.runbook
        self.resources = EndpointResources(parts)
        self._measured = inputs.measured
        self._invoke_policy = parts.invoke_policy
        self._provider = provider

    def metric(
        self,
        name: str,
        *,
        variant: str | None = None,
        statistic: str | None = None,
        period: float = 60,
        container_name: str | None = None,
        endpoint_config_name: str | None = None,
    ) -> Metric:
        """Give a metric that SageMaker publishes of the endpoint, for an alarm or a graph of your own.

        What is stated of it is that of `EndpointMetrics.metric`.
        https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
        """
        wanted = Wanted(
            name=name,
            variant=variant,
            statistic=statistic,
            period=period,
            container_name=container_name,
            endpoint_config_name=endpoint_config_name,
        )
        checks.require(lambda: self.node.path, wanted.problems(self._measured))
        return wanted.metric(self._measured)

    def grant_invoke(
        self,
        role: IamRole | str,
        *,
        id: str | None = None,
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
