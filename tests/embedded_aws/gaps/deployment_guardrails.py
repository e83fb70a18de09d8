"""An update with a deployment policy moves the traffic in steps, and an alarm takes it back.

The new fleet is there first (Creating), then takes traffic and bakes, step by step: the canary and the rest, n linear
steps, or one batch after another. When the last has baked, the old fleet stays for the termination wait and goes.
https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-canary.html
https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-linear.html
https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-rolling.html
PendingDeploymentSummary tells of it, by the status of each variant:
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantStatus.html

"If any alarms are tripped during a deployment, SageMaker rolls back the deployment":
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AutoRollbackConfig.html
The endpoint is in service with what it had before. FailureReason is documented for failed endpoints alone, and stays
empty here. Not documented, and so taken for the worst: an alarm that rings already when the update begins takes it
back, and an alarm that does not exist is refused. What becomes of LastDeploymentConfig is not documented either: it
stays that of the last update that succeeded.

A new configuration "must have the same variant name"; whatever else is excluded, is refused where it stands in the way
of a rolling deployment, and falls back to an update all at once on Inf1:
https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html
AWS's words for its refusals are not documented.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moto.cloudwatch.models import Alarm, cloudwatch_backends
from moto.sagemaker.exceptions import AWSValidationException
from moto.sagemaker.models import SageMakerModelBackend

from .patching import Handler, Resource, wrap
from .schedule import Schedule

Block = dict[str, Any]  # as in the API's JSON
_HALF = 50


@dataclass(frozen=True, kw_only=True)
class Shift:
    """How the traffic moves: after which percentages is waited, for how long, and which alarms are watched."""

    shares: tuple[int, ...] = ()
    wait_seconds: float = 0
    termination_wait_seconds: float = 0
    alarms: tuple[str, ...] = ()


@dataclass(eq=False, kw_only=True)
class _Watch:
    alarm_arns: tuple[str, ...]
    tripped: Callable[[], None] = field(repr=False)


class DeploymentGuardrails:
    """Carries updates through their steps; each wait takes `wait_seconds` if that is given, not what was asked for."""

    def __init__(self, *, schedule: Schedule, wait_seconds: float | None) -> None:
        self._schedule = schedule
        self._wait_seconds = wait_seconds
        self._watches: list[_Watch] = []

    def fill(self) -> None:
        wrap(Alarm, "update_state", self._update_state)

    def check(self, backend: SageMakerModelBackend, deployment: Block | None) -> None:
        """Refuse a deployment configuration that names an alarm which is not there."""
        alarms = cloudwatch_backends[backend.account_id][backend.region_name].alarms
        for name in _alarms(deployment or {}):
            if name not in alarms:
                raise AWSValidationException(f'Could not find alarm "{name}".')

    def shift(self, deployment: Block | None, live: Resource | None, wanted: Resource) -> Shift:
        """Say how the traffic moves from one endpoint configuration to another, or refuse that it does so."""
        if not deployment or _falls_back(wanted):
            return Shift()
        alarms = _alarms(deployment)
        rolling, blue_green = deployment.get("RollingUpdatePolicy"), deployment.get("BlueGreenUpdatePolicy")
        if (rolling is None) == (blue_green is None):
            raise AWSValidationException("Specify exactly one of BlueGreenUpdatePolicy and RollingUpdatePolicy.")
        if rolling is not None:
            _refuse_rolling(wanted)
            _refuse_other_names(live, wanted)
            shares = _steps(rolling["MaximumBatchSize"], wanted)
            return Shift(shares=shares, wait_seconds=self._wait(rolling["WaitIntervalInSeconds"]), alarms=alarms)
        assert blue_green is not None
        routing = blue_green["TrafficRoutingConfiguration"]
        shares = (100,)
        if routing["Type"] != "ALL_AT_ONCE":
            _refuse_other_names(live, wanted)
        if routing["Type"] == "CANARY":
            shares = (_steps(routing["CanarySize"], wanted)[0], 100)
        elif routing["Type"] == "LINEAR":
            shares = _steps(routing["LinearStepSize"], wanted)
        return Shift(
            shares=shares,
            wait_seconds=self._wait(routing["WaitIntervalInSeconds"]),
            termination_wait_seconds=self._wait(blue_green.get("TerminationWaitInSeconds", 0)),
            alarms=alarms,
        )

    def carry_out(
        self,
        backend: SageMakerModelBackend,
        shift: Shift,
        *,
        tell: Callable[[str, str], None],
        succeed: Callable[[], None],
        give_up: Callable[[], None],
    ) -> None:
        """Move the traffic, now that the new fleet is there: `tell` gets each status, with a message."""
        stored = cloudwatch_backends[backend.account_id][backend.region_name].alarms
        alarms = [stored[name] for name in shift.alarms if name in stored]
        if any(each.state_value == "ALARM" for each in alarms):
            give_up()
            return

        def tripped() -> None:
            if watch in self._watches:
                self._watches.remove(watch)
                give_up()

        watch = _Watch(alarm_arns=tuple(each.alarm_arn for each in alarms), tripped=tripped)
        self._watches.append(watch)

        def step(number: int) -> None:
            if watch not in self._watches:
                return
            if number < len(shift.shares):
                tell("Baking", f"{shift.shares[number]} percent of the traffic is on the new fleet.")
                self._schedule.after(shift.wait_seconds, lambda: step(number + 1))
            else:
                tell("Deleting", "The old fleet is kept for the termination wait.")
                self._schedule.after(shift.termination_wait_seconds, end)

        def end() -> None:
            if watch in self._watches:
                self._watches.remove(watch)
                succeed()

        step(0)

    def _wait(self, asked: float) -> float:
        return asked if self._wait_seconds is None else min(asked, self._wait_seconds)

    def _update_state(self, moto: Handler, alarm: Alarm, reason: str, reason_data: str, state_value: str) -> None:
        moto(alarm, reason, reason_data, state_value)
        if state_value == "ALARM":
            for watch in self._watches:
                if alarm.alarm_arn in watch.alarm_arns:
                    self._schedule.after(0, watch.tripped)


def _alarms(deployment: Block) -> tuple[str, ...]:
    rollback = deployment.get("AutoRollbackConfiguration") or {}
    return tuple(each["AlarmName"] for each in rollback.get("Alarms", []))


def _steps(size: Block, wanted: Resource) -> tuple[int, ...]:
    """Give the percentages reached, step by step; refuse a step of more than half."""
    value = size["Value"]
    counts = [each.get("InitialInstanceCount", 0) for each in wanted.production_variants]
    percent = value if size["Type"] == "CAPACITY_PERCENT" else max(100 * value / max(each, 1) for each in counts)
    if percent > _HALF:
        raise AWSValidationException("The size of a step must not be more than 50 percent of a variant's capacity.")
    return tuple(min(100, math.ceil(percent * number)) for number in range(1, math.ceil(100 / percent) + 1))


def _falls_back(wanted: Resource) -> bool:
    return any(each.get("InstanceType", "").startswith("ml.inf1.") for each in wanted.production_variants)


def _refuse_rolling(wanted: Resource) -> None:
    variants = [*wanted.production_variants, *wanted.request.get("ShadowProductionVariants", [])]
    if len(variants) > 1 or any("ServerlessConfig" in each for each in variants):
        raise AWSValidationException("A rolling deployment is for one variant with instances.")


def _refuse_other_names(live: Resource | None, wanted: Resource) -> None:
    if live is None:
        return
    old, new = ({each["VariantName"] for each in one.production_variants} for one in (live, wanted))
    if old != new:
        raise AWSValidationException("The new endpoint configuration must have the same variant names as the old.")
