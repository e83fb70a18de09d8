"""An endpoint that is there already and is not made here, with the same methods."""

from collections.abc import Iterator, Mapping, Sequence

from .access.invoke import InvokePolicy
from .engine import meta_arguments
from .engine.account import Account
from .engine.bindings import Construct, IamRole, IamRolePolicyAttachment, TerraformProvider, engine_problems
from .engine.expressions import lowered
from .engine.identity import Identity
from .engine.lifecycle import keep_lifecycles, set_lifecycle
from .engine.preconditions import preconditions
from .engine.signature import InitSignature
from .operations import metrics
from .operations.alarms import Alarms, EndpointAlarms
from .operations.alarms import problems as alarm_problems
from .operations.metrics import EndpointMetrics, MeasuredEndpoint, MeasuredVariant, Metric
from .rules import checks

_KINDS = {
    metrics.REAL_TIME: frozenset([metrics.REAL_TIME, metrics.GPU]),
    metrics.ASYNCHRONOUS: frozenset([metrics.ASYNCHRONOUS, metrics.GPU]),
    metrics.SERVERLESS: frozenset([metrics.SERVERLESS]),
}


class ExistingEndpoint(Construct):
    """A SageMaker endpoint that something else makes: grants to invoke it, its metrics and alarms.

    Terraform does not look it up, as the AWS provider has no data source for endpoints. To have it made by a
    `SageMakerEndpoint` from now on is another matter: docs/adopt.md.
    https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints.html

    Args:
        scope: The stack or construct that it belongs to.
        id: The construct's id, part of all Terraform addresses below it.
        endpoint_name: The endpoint's name, in capitals and small letters as the console shows it: metrics are of that
            name, while ARNs have it in small letters.
        variant_names: The names of its variants. Default ``AllTraffic``.
        kind: How it answers: ``real-time``, ``asynchronous`` or ``serverless``. By that follow the actions that
            callers need, and the alarms. Default ``real-time``.
        alarms: ``Alarms()`` makes the alarms that are recommended for this kind of endpoint; those on memory of GPUs
            are left out, as the instance types are not known. Default none.
        tags: Tags for every resource that takes them. Default none.
        provider: The AWS provider of every resource inside, in whose account and region the endpoint is. Default: the
            stack's provider without an alias.

    Attributes:
        endpoint_name: The name.
        endpoint_arn: The endpoint's ARN.
        alarms: The alarms made, by name, such as ``ServerErrors-AllTraffic``; empty without `alarms`.

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
        variant_names: Sequence[str] = ("AllTraffic",),
        kind: str = metrics.REAL_TIME,
        alarms: Alarms | None = None,
        tags: Mapping[str, str] | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        checks.require(lambda: id, engine_problems("scope", scope))
        super().__init__(scope, id)
        found = checks.require(
            lambda: self.node.path,
            checks.endpoint_name(endpoint_name),
            metrics.variant_names_problems("variant_names", variant_names),
            _kind_problems(kind),
            () if tags is None else checks.tags("tags", tags),
            () if provider is None else meta_arguments.provider_problems("provider", provider),
            () if alarms is None else checks.part("alarms", alarms, Alarms),
        )
        self._metrics = EndpointMetrics(endpoint_name=endpoint_name, variant_names=variant_names)
        variants = [MeasuredVariant(name=each, kinds=_KINDS[kind]) for each in variant_names]
        measured = MeasuredEndpoint(endpoint_name=endpoint_name, variants=variants)
        if alarms is not None:
            found += checks.require(lambda: self.node.path, alarm_problems("alarms", alarms, measured))
        self._identity = Identity(
            endpoint_name=endpoint_name,
            account=Account(self, "Account"),
            tags=None if tags is None else dict(tags),
            deletion_protection=False,
        )
        self._kind, self._provider, self._found = kind, provider, found
        self._invoke_policy: InvokePolicy | None = None
        self.endpoint_name = endpoint_name
        self.endpoint_arn = self._identity.account.arn("sagemaker", f"endpoint/{lowered(endpoint_name)}")
        self.alarms = (
            {}
            if alarms is None
            else EndpointAlarms(self, "Alarms", self._identity, alarms=alarms, endpoint=measured, deferred=found).made
        )
        keep_lifecycles(self)
        self._use_provider()

    @property
    def invoke_policy_arn(self) -> str:
        """The policy to attach to callers, which is made when it is first asked for; or use `grant_invoke`."""
        return self._policy().policy_arn

    def grant_invoke(
        self,
        role: IamRole | str,
        *,
        id: str | None = None,
    ) -> IamRolePolicyAttachment:
        """Let a role invoke the endpoint.

        Args:
            role: The role's construct, or its name.
            id: The attachment's construct id; must be given with a name. Default: made from the role's.
        """
        attachment = self._policy().grant(role, id=id)
        self._use_provider()
        return attachment

    def metric(
        self,
        name: str,
        *,
        variant: str | None = None,
        statistic: str | None = None,
        period: float = 60,
        container_name: str | None = None,
        endpoint_config_name: str | None = None,
        inference_component_name: str | None = None,
    ) -> Metric:
        """Give a metric that SageMaker publishes of the endpoint, as `EndpointMetrics.metric`.

        https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
        """
        return self._metrics.metric(
            name,
            variant=variant,
            statistic=statistic,
            period=period,
            container_name=container_name,
            endpoint_config_name=endpoint_config_name,
            inference_component_name=inference_component_name,
        )

    def _policy(self) -> InvokePolicy:
        if self._invoke_policy is None:
            self._invoke_policy = InvokePolicy(
                self,
                "Invoke",
                self._identity,
                endpoint_arn=self.endpoint_arn,
                asynchronous=self._kind == metrics.ASYNCHRONOUS,
            )
            set_lifecycle(self._invoke_policy.policy, precondition=preconditions(self._found))
            keep_lifecycles(self._invoke_policy)
            self._use_provider()
        return self._invoke_policy

    def _use_provider(self) -> None:
        if self._provider is not None:
            meta_arguments.set_provider(self, self._provider)


def _kind_problems(kind: object) -> Iterator[str]:
    if not isinstance(kind, str) or kind not in _KINDS:
        yield f"kind must be {' or '.join(map(repr, _KINDS))}, known at synthesis, got {kind!r}"
