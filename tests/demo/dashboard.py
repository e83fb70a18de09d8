"""Draws docs/dashboard.svg: the dashboard's own body, over three hours that are made up; `make picture` runs it.

In them an endpoint with GPUs is updated by a canary deployment: first a third of its requests go to the new
configuration, then all.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from sagemaker_endpoint.operations.dashboard import body
from sagemaker_endpoint.operations.metrics import GPU, REAL_TIME, MeasuredEndpoint, MeasuredVariant

from tests.toolchain import REPOSITORY

from .progress import say

PICTURE = REPOSITORY / "docs" / "dashboard.svg"
Widget = Mapping[str, Any]
Series = list[float]

_UNIT_X, _UNIT_Y, _GAP = 50, 30, 4
_MINUTES, _HOUR = 180, 60
_CANARY, _ALL, _DONE = 90, 105, 115
_COLORS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b")
_ALARMS = ("ServerErrors", "ModelErrors", "Latency", "NoInstances", "Memory", "Disk", "GPUMemory")


def shown() -> dict[str, Any]:
    """Give the body of an endpoint with a GPU."""
    variant = MeasuredVariant(name="AllTraffic", kinds=frozenset([REAL_TIME, GPU]), gpus=1)
    endpoint = MeasuredEndpoint(endpoint_name="sentiment", variants=[variant])
    start = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:sentiment/AllTraffic/"
    made: dict[str, Any] = body(endpoint, "eu-west-1", [f"{start}{name}" for name in _ALARMS])
    return made


def draw(widgets: Sequence[Widget]) -> str:
    """Draw the widgets where they stand."""
    width = max(each["x"] + each["width"] for each in widgets) * _UNIT_X
    height = max(each["y"] + each["height"] for each in widgets) * _UNIT_Y
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">',
            "<title>The dashboard of an endpoint that is updated by a canary deployment</title>",
            f'<rect width="{width}" height="{height}" fill="#f2f3f3"/>',
            '<g font-family="sans-serif" font-size="11" fill="#16191f">',
            *(line for each in widgets for line in _widget(each)),
            "</g></svg>",
            "",
        ]
    )


def _widget(widget: Widget) -> list[str]:
    left, top = widget["x"] * _UNIT_X + _GAP, widget["y"] * _UNIT_Y + _GAP
    width, height = widget["width"] * _UNIT_X - 2 * _GAP, widget["height"] * _UNIT_Y - 2 * _GAP
    properties = widget["properties"]
    if widget["type"] == "text":
        heading = escape(properties["markdown"].removeprefix("## "))
        return [f'<text x="{left + 4}" y="{top + 16}" font-size="16" font-weight="bold">{heading}</text>']
    lines = [
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="4" fill="#ffffff"/>',
        f'<text x="{left + 8}" y="{top + 16}" font-size="12" font-weight="bold">{escape(properties["title"])}</text>',
    ]
    if widget["type"] == "alarm":
        return lines + [
            line
            for index, arn in enumerate(properties["alarms"])
            for line in _tile(arn.rpartition("/")[2], left + 8 + index * 150, top + 26)
        ]
    return lines + _graph(properties, left + 44, top + 28, width - 56, height - 62)


def _tile(name: str, left: int, top: int) -> list[str]:
    return [
        f'<rect x="{left}" y="{top}" width="142" height="44" rx="3" fill="#e6f2e0" stroke="#1d8102"/>',
        f'<text x="{left + 8}" y="{top + 18}" font-weight="bold">{name}</text>',
        f'<text x="{left + 8}" y="{top + 34}" fill="#1d8102">OK</text>',
    ]


def _graph(properties: Widget, left: int, top: int, width: int, height: int) -> list[str]:
    series = _series(properties)
    most = _round(max(value for values in series.values() for value in values))
    lines = []
    for share in (0, 0.5, 1):
        y = top + height * (1 - share)
        lines.append(f'<line x1="{left}" y1="{y:.0f}" x2="{left + width}" y2="{y:.0f}" stroke="#eaeded"/>')
        lines.append(
            f'<text x="{left - 5}" y="{y + 4:.0f}" text-anchor="end" fill="#545b64">{_short(most * share)}</text>'
        )
    place = left
    for (label, values), color in zip(series.items(), _COLORS, strict=False):
        step = width / (len(values) - 1)
        points = " ".join(
            f"{left + index * step:.0f},{top + height * (1 - value / most):.1f}" for index, value in enumerate(values)
        )
        lines.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="1.5"/>')
        lines.append(f'<rect x="{place}" y="{top + height + 12}" width="8" height="8" fill="{color}"/>')
        lines.append(f'<text x="{place + 12}" y="{top + height + 20}">{escape(label)}</text>')
        place += 22 + 6 * len(label)
    unit = escape(properties["yAxis"]["left"]["label"])
    lines.append(f'<text x="{left + width}" y="{top - 12}" text-anchor="end" fill="#545b64">{unit}</text>')
    return lines


def _round(value: float) -> float:
    """Give the end of an axis that holds a value."""
    if value <= 0:
        return 1
    scale: float = 10 ** math.floor(math.log10(value))
    return next(step * scale for step in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * scale >= value)


def _short(value: float) -> str:
    thousands = 1000
    return f"{value / thousands:g}k" if value >= thousands else f"{value:g}"


# The hours that are made up.


def _series(properties: Widget) -> dict[str, Series]:
    """Give the values by the labels of a graph's lines."""
    found: dict[str, Series] = {}
    known: dict[str, Series] = {}
    for *names, read in properties["metrics"]:
        if not names and "SEARCH" in read["expression"]:
            found |= _by_configuration(read["expression"])
        elif not names:
            found[read["label"]] = _computed(read["expression"], known)
        else:
            values = _values(names[1], read["stat"], read.get("period", properties["period"]) // 60)
            if "id" in read:
                known[read["id"]] = values
            if read.get("visible", True):
                found[read["label"]] = values
    return found


def _computed(expression: str, known: Mapping[str, Series]) -> Series:
    whole, part = re.split(r" / ", expression)
    divisors = known.get(part) or [float(part)] * len(known[whole])
    return [value / divisor if divisor else 0 for value, divisor in zip(known[whole], divisors, strict=True)]


def _by_configuration(search: str) -> dict[str, Series]:
    metric, statistic = re.findall(r'MetricName="(\w+)".*?\'(\w+)\'', search)[0]
    values = _values(metric, statistic, 1)
    shares = [0.0 if minute < _CANARY else 0.33 if minute < _ALL else 1.0 for minute in range(_MINUTES)]
    if metric == "Invocations":
        old = [value * (1 - share) for value, share in zip(values, shares, strict=True)]
        return {"sentiment-old": old, "sentiment-new": [a - b for a, b in zip(values, old, strict=True)]}
    of_new = 0.8 if metric == "ModelLatency" else 0.5
    old = [value if share < 1 else 0 for value, share in zip(values, shares, strict=True)]
    return {
        "sentiment-old": old,
        "sentiment-new": [value * of_new if share else 0 for value, share in zip(values, shares, strict=True)],
    }


def _values(metric: str, statistic: str, minutes: int) -> Series:
    chance = random.Random(f"{metric} {statistic}")  # noqa: S311 - the same picture each time
    of_minutes = [_VALUES[metric, statistic](minute, chance) for minute in range(_MINUTES)]
    every = [of_minutes[start : start + minutes] for start in range(0, _MINUTES, minutes)]
    together = sum if statistic in ("Sum", "SampleCount") else max
    return [together(each) for each in every]


def _traffic(minute: int, chance: random.Random) -> float:
    return 640 + 220 * math.sin(minute / 34) + chance.gauss(0, 18)


def _instances(minute: int) -> int:
    return 4 if _CANARY - 8 <= minute < _DONE else 2


def _around(middle: float, share: float = 0.06) -> Callable[[int, random.Random], float]:
    return lambda minute, chance: middle * (1 + 0.12 * math.sin(minute / 34)) * (1 + chance.gauss(0, share))


def _seldom(least: float) -> Callable[[int, random.Random], float]:
    return lambda _, chance: max(0.0, round(chance.gauss(0, 1) * 2 + least))


_VALUES: dict[tuple[str, str], Callable[[int, random.Random], float]] = {
    ("Invocations", "Sum"): _traffic,
    ("Invocation4XXErrors", "Sum"): _seldom(2),
    ("Invocation5XXErrors", "Sum"): _seldom(-2.5),
    ("Invocation5XXErrors", "Average"): lambda minute, chance: _seldom(-2.5)(minute, chance) / 640,
    ("InvocationModelErrors", "Sum"): _seldom(3),
    ("MidStreamErrors", "Sum"): lambda _, __: 0,
    ("ModelLatency", "p50"): _around(82_000),
    ("ModelLatency", "p90"): _around(143_000),
    ("ModelLatency", "p99"): _around(214_000, 0.1),
    ("OverheadLatency", "Average"): _around(9_000),
    ("FirstChunkLatency", "p90"): _around(38_000),
    ("FirstChunkModelLatency", "p90"): _around(31_000),
    ("ConcurrentRequestsPerModel", "Maximum"): lambda minute, chance: round(_around(7, 0.2)(minute, chance)),
    ("InvocationsPerInstance", "Sum"): lambda minute, chance: _traffic(minute, chance) / _instances(minute),
    ("MemoryUtilization", "SampleCount"): lambda minute, _: _instances(minute),
    ("MemoryUtilization", "Maximum"): _around(46, 0.01),
    ("DiskUtilization", "Maximum"): lambda minute, _: 21 + minute / 40,
    ("CPUUtilization", "Average"): _around(118),
    ("GPUUtilization", "Average"): _around(57),
    ("GPUMemoryUtilization", "Average"): lambda _, __: 71,
}


def main() -> None:
    """Draw it."""
    PICTURE.write_text(draw(shown()["widgets"]), encoding="utf-8")
    say(f"Written: {PICTURE.relative_to(REPOSITORY)}")


if __name__ == "__main__":
    main()
