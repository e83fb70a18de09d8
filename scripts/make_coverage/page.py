"""The page: what is known of every setting, counted and listed."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from . import inputs, reasons
from .aws import HOSTING, SCALING, Request, settings
from .error import CoverageError
from .provider import Argument, arguments_of, provider_version, require_settings
from .reasons import Reason

PAGE: Final = Path(__file__).parents[2] / "docs" / "coverage.md"


@dataclass(frozen=True, slots=True)
class Row:
    """One setting of AWS's."""

    request: Request
    setting: str
    arguments: Sequence[Argument]
    by: str
    reason: Reason | None

    @property
    def is_deployment(self) -> bool:
        """Whether it is about how an endpoint goes over to another configuration."""
        return self.setting.startswith("DeploymentConfig.")


@cache
def rows() -> Sequence[Row]:
    """Return every setting of every request, with what is known of it."""
    found, used, met = [], set(), set()
    for request in (*HOSTING, *SCALING):
        for setting in settings(request):
            its = arguments_of(request, setting)
            met.update(its)
            by = next((words for each in its if (words := _by(inputs.given().get(each)))), "")
            reason = None if by else _reason(request, setting, has=bool(its))
            used.add(reason)
            found.append(Row(request, setting, its, by, reason))
    every = (*reasons.WHY_NOT, *reasons.OF_NEWER_PROVIDERS)
    if unneeded := [reason.sentence for reason in every if reason not in used]:
        raise CoverageError(f"can be stated now, so take them out of reasons.py: {unneeded}")
    require_settings(met)
    return found


def _by(given_by: inputs.Given | None) -> str:
    """Say by what an argument is given."""
    if given_by is None:
        return ""
    if given_by.as_stated:
        return ", ".join(f"`{name}`" for name in given_by.as_stated)
    names = ", ".join(f"`{name}`" for name in given_by.from_these)
    return f"made from {names}" if names else "set by the library"


def _reason(request: Request, setting: str, *, has: bool) -> Reason | None:
    """Return why no input gives what the provider has, or what is said of what it does not have."""
    for each in reasons.WHY_NOT if has else reasons.OF_NEWER_PROVIDERS:
        if re.fullmatch(each.operations, request.operation) and re.fullmatch(each.settings, setting):
            return each
    if not has:
        return None
    raise CoverageError(
        f"the provider has {request.operation}.{setting}, and no input gives it: "
        "state one in PROGRAMS, or say in WHY_NOT why not"
    )


@dataclass(frozen=True, slots=True)
class Count:
    """How many settings there are, in each of these ways."""

    aws: int
    provider: int
    stated: int
    refused: int

    @staticmethod
    def of(some: Sequence[Row]) -> "Count":
        """Count them."""
        return Count(
            aws=len(some),
            provider=sum(bool(row.arguments) for row in some),
            stated=sum(bool(row.by) for row in some),
            refused=sum(row.reason is not None and row.reason.refused_by_aws for row in some),
        )

    @property
    def share(self) -> float:
        """The share that can be stated of what the provider has and AWS takes."""
        return self.stated / (self.provider - self.refused)


def counts() -> Mapping[str, Count]:
    """Count the settings of models, configurations and endpoints, those of deployments and those of scaling."""
    hosting = [row for row in rows() if row.request in HOSTING]
    return {
        "models, configurations, endpoints": Count.of([row for row in hosting if not row.is_deployment]),
        "deployments": Count.of([row for row in hosting if row.is_deployment]),
        "scaling": Count.of([row for row in rows() if row.request in SCALING]),
    }


_LACKING: Final = "the provider has none"
HEADER: Final = """\
# What can be stated

Every setting of AWS's requests for models, endpoint configurations, endpoints and their scaling, the argument that AWS
provider {provider} has for it, and the input that gives it. [Inputs and attributes](inputs.md) say how the
inputs go together, the docstrings what each means.

Written by `make coverage` from botocore {botocore}, cdktf-cdktf-provider-aws {bindings}, and what the library writes
when each input is changed. A setting that the library lacks can be given to a resource by CDKTF's `add_override`.

| requests for | settings | the provider has | AWS refuses of these | can be stated | of those that AWS takes |
|---|---|---|---|---|---|
{counts}

Why the others cannot be stated:

| why | settings |
|---|---|
{reasons}
"""


def generate() -> str:
    """Return the text of the page."""
    header = HEADER.format(
        provider=provider_version(),
        botocore=version("botocore"),
        bindings=version("cdktf-cdktf-provider-aws"),
        counts="\n".join(
            f"| {what} | {each.aws} | {each.provider} | {each.refused} | {each.stated} | {each.share:.0%} |"
            for what, each in counts().items()
        ),
        reasons="\n".join(f"| {why} | {count} |" for why, count in Counter(filter(None, map(_why, rows()))).items()),
    )
    return "\n".join([header, *map(_section, (*HOSTING, *SCALING))])


def _why(row: Row) -> str:
    """Say why a setting cannot be stated, and where that is written."""
    if row.reason is None:
        return "" if row.arguments else _LACKING
    return f"[{row.reason.sentence}]({row.reason.page})" if row.reason.page else row.reason.sentence


def _section(request: Request) -> str:
    head = f"## {request.operation}\n\n| setting | argument of `{request.resource}` | input |\n|---|---|---|\n"
    return head + "".join(f"| {_line(row)} |\n" for row in rows() if row.request == request)


def _line(row: Row) -> str:
    names = " or ".join(f"`{'.'.join(each[1:])}`" for each in row.arguments)
    return " | ".join([row.setting, names, row.by or (row.reason.sentence if row.reason else _LACKING)])
