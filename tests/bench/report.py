"""The result as a page and as a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from . import contenders
from .measure import Result, Run

_INTRODUCTION = """\
# How long synthesis takes

`make bench` measured this in one run, the programs in turns; the times are medians, beside them the fastest and the
slowest run. Processor time is what the processors were busy with it; memory is the peak of the largest process. Other
machines take other times: the ratios are what counts.

![How long the synthesis of one endpoint takes](benchmark.svg)
"""
_FROM_EMPTY = """\
Those are runs of programs that ran before. Here jsii's cache is empty at first: the first run unpacks the packages and
writes an index of their types, which all later ones use.
"""
_EXPLANATION = """\
## What is left

Nearly all of a plain program's time goes into classes it does not use: the bindings import 2,200 modules, and Node
loads as many. The [quick loading](../constructs/sagemaker_endpoint/engine/fastload.py) leaves those out and nothing
else, so what is written is the same, byte for byte.

What one endpoint takes beyond an empty app is jsii's own: it computes the digest of the provider's 37 MB archive and
reads the index of its types. A further endpoint is 33 resources and data sources in a dozen constructs; each is a
round trip to Node, which is asked for its attributes as well, and each argument is checked against its type.
Node's compile cache was tried and gains nothing: jsii writes its program to a new folder at each start.

On cdktn, whose empty app is quicker than CDKTF's, the same work is a larger part: an app that has the two providers and
nothing else takes 1.4 times the processor time of an empty one, with an endpoint 2.3 times. Of the 0.7 s that the
endpoint adds to 0.6 s, 0.25 s is the archives and classes of the providers, 0.3 s the making and writing of its
resources, and 0.1 s the import of the library, half of that its 75 dataclasses.
"""


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a ratio was to be, and what it is."""

    what: str
    wanted: str
    found: str
    met: bool


def targets(results: Mapping[str, Result]) -> list[Target]:
    """Judge the results."""
    one, plain, empty = (results[name] for name in (contenders.ENDPOINT, contenders.PLAIN, contenders.EMPTY))
    many = results[contenders.MANY[1000]]
    further = (many.seconds - one.seconds) / 999 * 1000
    found = [
        _at_least("quicker than the same resources with CDKTF alone", 10, plain.seconds / one.seconds),
        _at_least("smaller than that", 3, plain.megabytes / one.megabytes),
        _at_most("the time of an empty CDKTF app", 1.5, one.seconds / empty.seconds, "x"),
        _at_most("for each further endpoint", 25, further, " ms"),
    ]
    if contenders.ON_CDKTN in results:
        one, many, empty = (
            results[name] for name in (contenders.ON_CDKTN, contenders.MANY_ON_CDKTN, contenders.EMPTY_ON_CDKTN)
        )
        ratio, further = one.processor_seconds / empty.processor_seconds, (many.seconds - one.seconds) / 99 * 1000
        found.append(_at_most("on cdktn, the processor time of an empty cdktn app", 1.5, ratio, "x"))
        found.append(_at_most("on cdktn, for each further endpoint", 25, further, " ms"))
    if contenders.CDK in results:
        ratio = results[contenders.CDK].seconds / one.seconds
        found.append(_at_least("quicker than the same endpoint with the AWS CDK", 3, ratio))
    return found


def _at_least(what: str, wanted: float, found: float) -> Target:
    return Target(what=what, wanted=f"at least {wanted:g}x", found=f"{found:.1f}x", met=found >= wanted)


def _at_most(what: str, wanted: float, found: float, unit: str) -> Target:
    return Target(what=what, wanted=f"at most {wanted:g}{unit}", found=f"{found:.1f}{unit}", met=found <= wanted)


def page(results: Mapping[str, Result], *, first: Mapping[str, Sequence[Run]], machine: str, versions: str) -> str:
    """Write docs/benchmark.md."""
    base = results[contenders.ENDPOINT]
    rows = [
        f"| {name} | {result.seconds:.2f} s | {result.fastest:.2f} to {result.slowest:.2f} s | "
        f"{result.seconds / base.seconds:.1f}x | {result.processor_seconds:.2f} s | {result.megabytes:.0f} MB | "
        f"{len(result.runs)} |"
        for name, result in results.items()
    ]
    return "\n".join(
        [
            _INTRODUCTION,
            "| program | time | fastest to slowest | to one endpoint | processor time | peak memory | runs |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            _FROM_EMPTY,
            "| program | first run | second | third |",
            "|---|---|---|---|",
            *(f"| {name} | {' | '.join(map(_cost, runs))} |" for name, runs in first.items()),
            "",
            _judged(results),
            _EXPLANATION,
            "## Where",
            "",
            f"{machine}.",
            "",
            f"{versions}.",
            "",
        ]
    )


def _cost(run: Run) -> str:
    return f"{run.seconds:.2f} s, {run.processor_seconds:.2f} s of processor time, {run.megabytes:.0f} MB"


def _judged(results: Mapping[str, Result]) -> str:
    rows = [
        f"| {target.what} | {target.wanted} | {target.found} | {'yes' if target.met else 'no'} |"
        for target in targets(results)
    ]
    return "\n".join(["| this library | wanted | found | met |", "|---|---|---|---|", *rows, ""])


_LABEL, _BAR, _ROW = 300, 400, 30


def picture(results: Mapping[str, Result]) -> str:
    """Draw docs/benchmark.svg: a bar for each way to one endpoint."""
    names = [contenders.PLAIN, contenders.CDK, contenders.ENDPOINT, contenders.EMPTY]
    shown = {name: results[name] for name in names if name in results}
    longest = max(result.seconds for result in shown.values())
    rows = [
        _row(number, name, result, _BAR * result.seconds / longest)
        for number, (name, result) in enumerate(shown.items())
    ]
    width, height = _LABEL + _BAR + 170, _ROW * len(rows) + 20
    title = "Seconds and peak memory to synthesize one endpoint"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">',
            '<g font-family="sans-serif" font-size="14" fill="#24292f">',
            f"<title>{title}</title>",
            f'<rect width="{width}" height="{height}" rx="6" fill="#ffffff"/>',
            *rows,
            "</g></svg>",
            "",
        ]
    )


def _row(number: int, name: str, result: Result, length: float) -> str:
    top = 10 + _ROW * number
    color = "#0969da" if name == contenders.ENDPOINT else "#8c959f"
    label = "this library" if name == contenders.ENDPOINT else name.removeprefix("the ")
    return (
        f'<text x="{_LABEL - 10}" y="{top + 20}" text-anchor="end">{escape(label)}</text>'
        f'<rect x="{_LABEL}" y="{top + 4}" width="{length:.1f}" height="{_ROW - 8}" rx="2" fill="{color}"/>'
        f'<text x="{_LABEL + length + 8:.1f}" y="{top + 20}">'
        f"{result.seconds:.1f} s, {result.megabytes:.0f} MB</text>"
    )
