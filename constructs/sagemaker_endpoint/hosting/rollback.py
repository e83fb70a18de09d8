"""The alarms on which SageMaker takes an update back, and what the endpoint is told of them.

The AWS provider replaces an endpoint, live as it is, when `auto_rollback_configuration` comes or goes. So each endpoint
with instances has one from its creation on, if need be on an alarm that never rings; an endpoint of an earlier version,
that has none, is left as it is until a deployment is stated (docs/moves.md).
"""

from collections.abc import Iterator, Sequence

from sagemaker_endpoint.access.statements import Statement, arns
from sagemaker_endpoint.engine.bindings import (
    Annotations,
    CloudwatchMetricAlarm,
    Construct,
    Postcondition,
    SagemakerEndpoint,
    SagemakerEndpointDeploymentConfig,
    SagemakerEndpointDeploymentConfigAutoRollbackConfiguration,
    SagemakerEndpointDeploymentConfigAutoRollbackConfigurationAlarms,
)
from sagemaker_endpoint.engine.expressions import expression, told, unless_sensitive
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.engine.lifecycle import set_lifecycle
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import HasMembers

from . import update_policy
from .deployment_config import (
    PROVIDER_WAIT_IN_SECONDS,
    AllAtOnce,
    Deployment,
    marketplace_problems,
)
from .model import Model


class Rollback:
    """What the endpoint is told of deployments; it makes the alarm that never rings where there is no other.

    `own_alarms` are the endpoint's own; `guard` is the alarm made here, if there is one. Nothing of all this is for a
    serverless endpoint, which SageMaker updates all at once:
    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
    """

    def __init__(
        self,
        scope: Construct,
        identity: Identity,
        deployment: Deployment | None,
        *,
        own_alarms: Sequence[CloudwatchMetricAlarm] = (),
        serverless: bool,
    ) -> None:
        self._path = lambda: scope.node.path
        self._identity = identity
        self._stated = deployment
        self._deployment: Deployment = AllAtOnce() if deployment is None else deployment
        self._serverless = serverless
        self._given: Sequence[str] = self._deployment.rollback_alarms
        # Where no deployment is stated the live one stays, which may name the endpoint's own alarms or not.
        uses_own = deployment is not None and deployment.roll_back_on_own_alarms
        self._own = [*own_alarms] if uses_own else []
        self._seen = [*own_alarms] if deployment is None else [*self._own]
        self.guard: CloudwatchMetricAlarm | None = None
        self._deferred: list[checks.Deferred] = []
        if serverless:
            return
        self._deferred = checks.require(self._path, self._count_problems())
        if not self._own and len(self._given) == 0:
            self.guard = _guard(scope, identity)
            self._seen.append(self.guard)
        timeout = self._deployment.maximum_execution_timeout_in_seconds
        if timeout is not None and not checks.deferred(timeout) and timeout > PROVIDER_WAIT_IN_SECONDS:
            Annotations.of(scope).add_warning(
                f"deployment.maximum_execution_timeout_in_seconds is {timeout}: the AWS provider waits 60 minutes for "
                "an update, and then fails the apply, though the deployment goes on"
            )

    @property
    def is_stated(self) -> bool:
        """Whether a deployment is stated, rather than the one that the endpoint has."""
        return self._stated is not None

    @property
    def ignore_changes(self) -> list[str]:
        """What Terraform leaves as it is: all of it, where none is stated or the endpoint is to be serverless.

        One with instances that is to be serverless would be replaced without it, and *Kind* could not refuse that.
        """
        return ["deployment_config"] if self._stated is None or self._serverless else []

    @property
    def runbook_names(self) -> dict[str, Sequence[str]]:
        """The alarms that can ring, as far as they are known here; none where one never does."""
        own = [each.alarm_name for each in self._own]
        names = [*own, *([] if checks.deferred(self._given) else self._given)]
        return {"alarm": names} if names and not self._serverless else {}

    def statements(self) -> list[Statement]:
        """Let the role, by which SageMaker does it, look at the alarms.

        https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
        """
        if self._serverless:
            return []
        start = self._identity.account.arn("cloudwatch", "alarm:")
        its = arns({start: self._given}, *(f"{start}{each.alarm_name}" for each in self._seen))
        return [Statement(sid="SeeRollbackAlarms", actions=["cloudwatch:DescribeAlarms"], resources=its)]

    def deferred(self, models: Sequence[Model]) -> list[checks.Deferred]:
        """Give what must hold of the models and of the number of alarms, where Terraform alone knows it."""
        found = marketplace_problems("deployment", self._stated, models, self._identity.account.account_id)
        return [*self._deferred, *checks.require(self._path, found)]

    def deployment_config(self) -> SagemakerEndpointDeploymentConfig | None:
        """Write the block."""
        if self._serverless:
            return None
        return update_policy.deployment_config(self._deployment, self._auto_rollback())

    def complete(self, endpoint: SagemakerEndpoint) -> None:
        """Write what the bindings have no words for: a block for each alarm of a list that Terraform alone knows."""
        if not self._serverless and checks.deferred(self._given):
            given = expression(self._given)
            # Terraform repeats no block for what is sensitive; a name that CloudWatch shows to everybody is not.
            alarms = {
                "for_each": f"${{toset(try(nonsensitive({given}), {given}))}}",
                "content": {"alarm_name": "${alarms.value}"},
            }
            endpoint.add_override("deployment_config.auto_rollback_configuration.dynamic.alarms", [alarms])

    def postconditions(self) -> list[Postcondition]:
        """Have a plan refuse to leave an endpoint with alarms that are not stated any more.

        They may go with this apply, and the role has lost sight of them: the next update would fail.
        """
        if self._stated is not None or self._serverless:
            return []
        allowed = expression([each.alarm_name for each in self._seen])
        named = (
            "flatten([for each in self.deployment_config : [for rollback in each.auto_rollback_configuration : "
            "[for alarm in rollback.alarms : alarm.alarm_name]]])"
        )
        others = f"setsubtract({named}, {allowed})"
        told_others = unless_sensitive(f'join(", ", {others})')
        return [
            Postcondition(
                condition=f"${{length({others}) == 0}}",
                error_message=(
                    f"The endpoint {told(self._identity.endpoint_name)} takes its updates back on alarms that a "
                    f"deployment named and none does now: ${{{told_others}}}. State deployment=AllAtOnce() to end "
                    "that, or the deployment of before."
                ),
            )
        ]

    @property
    def way_to_look(self) -> str:
        """Tell how to find out which alarm rings; nothing if none ever does."""
        if self._serverless or (not self._own and len(self._given) == 0):
            return ""
        region = self._identity.account.region
        own = [each.alarm_name for each in self._own]
        if checks.deferred(self._given):
            all_ = f"concat({expression(own)}, [for each in {expression(self._given)} : each])"
            joined = f"""join("' '", {all_})"""
            names = f"'${{{unless_sensitive(joined)}}}'"
        else:
            names = " ".join(map(_quoted, [*own, *self._given]))
        return (
            "An alarm may have rung: aws cloudwatch describe-alarms "
            f"--region {region} --alarm-names {names} --query 'MetricAlarms[].[AlarmName,StateValue,StateReason]' "
            "--output text. While one rings, expect each update to be taken back; to deploy the repair all the same, "
            "state deployment=AllAtOnce(roll_back_on_own_alarms=False) for one apply. "
        )

    def _auto_rollback(self) -> SagemakerEndpointDeploymentConfigAutoRollbackConfiguration:
        alarm = SagemakerEndpointDeploymentConfigAutoRollbackConfigurationAlarms
        guard = [] if self.guard is None else [self.guard]
        names = [each.alarm_name for each in [*self._own, *guard]]
        names += [] if checks.deferred(self._given) else [*self._given]
        return SagemakerEndpointDeploymentConfigAutoRollbackConfiguration(
            alarms=[alarm(alarm_name=name) for name in names] or None
        )

    def _count_problems(self) -> Iterator[checks.Finding]:
        """Yield that SageMaker cannot watch so many alarms, or that there may be none."""
        own, given, most = len(self._own), self._given, limits.ROLLBACK_ALARM_COUNT.maximum or 0
        if own == 0:
            if checks.deferred(given):
                sentence = "deployment.rollback_alarms must name an alarm where none of the endpoint's own is watched"
                yield from checks.rule(sentence, HasMembers(given, limits.ROLLBACK_ALARM_COUNT), given)
            return
        sentence = (
            f"deployment must name at most {most} alarms, the endpoint's own {own} on errors and latency among them: "
            "take some out of rollback_alarms or, by leave_out, of alarms, or give roll_back_on_own_alarms=False"
        )
        if own <= most and checks.deferred(given):
            yield from checks.rule(sentence, HasMembers(given, limits.Number(minimum=0, maximum=most - own)), given)
        elif own + len(given) > most:
            yield f"{sentence}, got {own + len(given)}"


def _quoted(name: str) -> str:
    """Write a name for the shell."""
    return f"'{told(name)}'" if checks.deferred(name) else "'{}'".format(name.replace("'", r"'\''"))


def _guard(scope: Construct, identity: Identity) -> CloudwatchMetricAlarm:
    """Make the alarm that never rings: 5XX errors are counted as 0 or 1, and an average of these is not above 1.

    https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
    """
    made = CloudwatchMetricAlarm(
        scope,
        "RollbackAlarm",
        alarm_name=f"{identity.endpoint_name}-rollback",
        alarm_description=(
            f"Never rings. The SageMaker endpoint {identity.endpoint_name} names it in its deployment configuration, "
            "which Terraform could not add alarms to later without replacing the endpoint."
        ),
        namespace="AWS/SageMaker",
        metric_name="Invocation5XXErrors",
        dimensions={"EndpointName": identity.endpoint_name},
        statistic="Average",
        period=300,
        evaluation_periods=1,
        comparison_operator="GreaterThanThreshold",
        threshold=1,
        treat_missing_data="notBreaching",
        tags=identity.tags,
    )
    # It goes once the endpoint has been told of others.
    set_lifecycle(made, create_before_destroy=True)
    return made
