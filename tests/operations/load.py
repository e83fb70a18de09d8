"""Load against a scaling policy, minute by minute: a small model of what AWS documents, and docs/scaling.svg of it.

It is about target tracking on ``InvocationsPerInstance``. CloudWatch has a value for each minute, the requests of that
minute to each instance. Application Auto Scaling's alarm for scaling out rings after three values above the target, the
one for scaling in after fifteen below 90 percent of it (so are the alarms that it makes; no page says so). The number
of instances then changes in proportion: what is added serves once it has started, what is taken away is gone at once.
In the cooldown after scaling out a greater number can still be set; a smaller one waits for both cooldowns.
https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
https://docs.aws.amazon.com/autoscaling/application/userguide/create-target-tracking-policy-cli.html

`make scaling` draws the picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.synthesized import Synthesized
from tests.toolchain import REPOSITORY

PICTURE = REPOSITORY / "docs" / "scaling.svg"
HOUR = 60
SERVED = 20.0
"""How many requests an instance serves in a second, by the load test."""
STARTS_IN = 4
"""How many minutes an instance takes from being asked for until it serves."""

_TO_SCALE_OUT, _TO_SCALE_IN = 3, 15
_WELL_BELOW = 0.9
_COOLDOWN = 300


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What the library wrote for Application Auto Scaling."""

    least: int
    most: int
    target: float
    scale_out_cooldown: float = _COOLDOWN
    scale_in_cooldown: float = _COOLDOWN

    @staticmethod
    def of(made: Synthesized) -> Policy:
        """Read it from a stack with one variant and one policy."""
        target = made.one("aws_appautoscaling_target")
        [policy] = made.all("aws_appautoscaling_policy").values()
        block: Mapping[str, Any] = policy["target_tracking_scaling_policy_configuration"]
        return Policy(
            least=target["min_capacity"],
            most=target["max_capacity"],
            target=block["target_value"],
            **{name: block[name] for name in ("scale_out_cooldown", "scale_in_cooldown") if name in block},
        )


@dataclass(frozen=True, kw_only=True)
class Minute:
    """What was asked for in a minute, in requests per second, and how many instances served."""

    asked: float
    instances: int

    @property
    def bears(self) -> float:
        """Give how many requests per second the instances serve at most."""
        return self.instances * SERVED

    @property
    def is_overloaded(self) -> bool:
        """Whether more was asked for."""
        return self.asked > self.bears


@dataclass(kw_only=True)
class _Scaling:
    """The state of Application Auto Scaling: what it has asked for, and what it has seen."""

    policy: Policy
    desired: int
    high: int = 0
    low: int = 0
    out_until: float = -1
    in_until: float = -1

    def see(self, value: float) -> None:
        target = self.policy.target
        self.high = self.high + 1 if value > target else 0
        self.low = self.low + 1 if value < _WELL_BELOW * target else 0

    def act(self, minute: int, value: float, instances: int) -> None:
        wanted = max(self.policy.least, min(self.policy.most, math.ceil(instances * value / self.policy.target)))
        if self.high >= _TO_SCALE_OUT and wanted > self.desired:
            # In the cooldown as well: what the step before brings is counted already.
            self.desired, self.out_until = wanted, minute + self.policy.scale_out_cooldown / HOUR
        elif self.low >= _TO_SCALE_IN and wanted < self.desired and minute >= max(self.in_until, self.out_until):
            self.desired, self.in_until = wanted, minute + self.policy.scale_in_cooldown / HOUR


def simulate(
    policy: Policy,
    load: Callable[[int], float],
    *,
    instances: int,
    minutes: int = HOUR,
    updates: Mapping[int, int] | None = None,
) -> list[Minute]:
    """Let a load, in requests per second at each minute, meet a policy.

    `updates`: at which minutes a new configuration is live, and with how many instances it begins.
    """
    scaling = _Scaling(policy=policy, desired=instances)
    coming: dict[int, int] = {}
    lived = []
    for minute in range(minutes):
        if updates and minute in updates:
            instances = scaling.desired = updates[minute]
            coming.clear()
        instances = coming.pop(minute, instances)
        asked = load(minute)
        lived.append(Minute(asked=asked, instances=instances))
        value = asked * 60 / instances
        before = scaling.desired
        scaling.see(value)
        scaling.act(minute, value, instances)
        if scaling.desired > before:
            coming[minute + 1 + STARTS_IN] = scaling.desired
        elif scaling.desired < before:
            coming = {}
            instances = scaling.desired
    return lived


def jump(before: float, after: float, at: int = 10) -> Callable[[int], float]:
    """Give a load that changes at once."""
    return lambda minute: before if minute < at else after


def rise(before: float, after: float, *, start: int = 10, end: int = 40) -> Callable[[int], float]:
    """Give a load that changes evenly between two minutes."""
    return lambda minute: before + (after - before) * min(1.0, max(0.0, (minute - start) / (end - start)))


def overloaded(lived: list[Minute]) -> int:
    """Count the minutes in which more was asked for than the instances serve."""
    return sum(each.is_overloaded for each in lived)


# The picture.

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 760, 300, 50, 40, 46
_FONT = 'font-family="sans-serif" font-size="12"'
_COLORS = {"asked": "#444444", "half": "#1f77b4", "all": "#d62728"}


def picture(half: list[Minute], whole: list[Minute]) -> str:
    """Draw a load, and what the instances bear with a safety factor of 0.5 and of 1."""
    top = max(each.bears for each in [*half, *whole]) * 1.05
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" {_FONT}>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        '<text x="50" y="16">Requests per second in an hour: asked for, and what the instances bear</text>',
    ]
    for index, (name, words) in enumerate(
        {"asked": "asked for", "half": "safety_factor 0.5, the default", "all": "safety_factor 1"}.items()
    ):
        x = _LEFT + index * 230
        lines.append(f'<rect x="{x}" y="26" width="18" height="4" fill="{_COLORS[name]}"/>')
        lines.append(f'<text x="{x + 24}" y="32" fill="{_COLORS[name]}">{words}</text>')
    for value in range(0, int(top) + 1, 40):
        y = _y(value, top)
        lines.append(f'<line x1="{_LEFT}" x2="{_WIDTH - 10}" y1="{y}" y2="{y}" stroke="#dddddd"/>')
        lines.append(f'<text x="{_LEFT - 6}" y="{y + 4:g}" text-anchor="end">{value}</text>')
    below = f'y="{_HEIGHT - 18}" text-anchor="middle"'
    lines += [f'<text x="{_x(minute)}" {below}>{minute} min</text>' for minute in range(0, HOUR, 10)]
    for name, values in (
        ("all", [each.bears for each in whole]),
        ("half", [each.bears for each in half]),
        ("asked", [each.asked for each in half]),
    ):
        lines.append(
            f'<polyline fill="none" stroke="{_COLORS[name]}" stroke-width="2" points="{_steps(values, top)}"/>'
        )
    return "\n".join([*lines, "</svg>", ""])


def _x(minute: float) -> str:
    return f"{_LEFT + minute * (_WIDTH - _LEFT - 10) / HOUR:g}"


def _y(value: float, top: float) -> float:
    return round(_HEIGHT - _BOTTOM - value / top * (_HEIGHT - _BOTTOM - _TOP), 1)


def _steps(values: list[float], top: float) -> str:
    return " ".join(f"{_x(minute + end)},{_y(value, top)}" for minute, value in enumerate(values) for end in (0, 1))


def drawn() -> str:
    """Draw the picture of the page: a load that doubles at once and goes on rising, then falls."""

    def load(minute: int) -> float:
        return jump(30, 60, 8)(minute) + rise(0, 60, start=14, end=30)(minute) - rise(0, 90, start=36, end=40)(minute)

    def lived(factor: float) -> list[Minute]:
        policy = Policy(least=2, most=20, target=SERVED * 60 * factor)
        return simulate(policy, load, instances=math.ceil(30 / SERVED / factor))

    return picture(lived(0.5), lived(1))


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
    print(f"Written: {PICTURE.relative_to(REPOSITORY)}")
