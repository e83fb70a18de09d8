"""The outcome for people."""

import textwrap
from collections.abc import Mapping
from datetime import timezone

from sagemaker_endpoint_doctor.examination.finding import Finding, Status
from sagemaker_endpoint_doctor.text.durations import written
from sagemaker_endpoint_doctor.text.printable import printable

from rich.console import Console
from rich.text import Text

from .outcome import Outcome, verdict

_STYLES: Mapping[Status, str] = {
    Status.OK: "green",
    Status.WARNING: "yellow",
    Status.PROBLEM: "bold red",
    Status.UNKNOWN: "magenta",
}
_NOUNS = {Status.WARNING, Status.PROBLEM}
_LABEL_WIDTH = max(len(status.value) for status in Status) + 2
_MARGIN = "  "
_NARROWEST = 40


def show(console: Console, outcome: Outcome) -> None:
    """Print the report; what comes from AWS is neither markup nor obeyed by the terminal."""
    names = outcome.names
    _print(console, (names.endpoint_name, "bold"), f" in {names.region}, account {outcome.account_id}")
    moment = outcome.now.astimezone(timezone.utc)
    _print(console, f"{moment:%Y-%m-%d %H:%M:%S} UTC, looking back {written(outcome.since)}")
    if cause := outcome.likely_cause:
        _print(console)
        _paragraph(console, "likely cause", cause.seen, _STYLES[Status.PROBLEM])
        _paragraph(console, "next", cause.next, "dim")
    said: set[str] = set()
    for examined in outcome.examined:
        status = verdict(examined)
        _print(console)
        _print(console, (examined.section.title, "bold"), ": ", (status.value, _STYLES[status]))
        for finding in examined.findings:
            _show(console, finding, said)
    _print(console)
    counts = ", ".join(_counted(outcome.count(status), status) for status in Status)
    _print(console, f"{counts}. Exit code {outcome.exit:d}: {outcome.meaning}.")


def _counted(number: int, status: Status) -> str:
    return f"{number} {status.value}{'s' if status in _NOUNS and number != 1 else ''}"


def _show(console: Console, finding: Finding, said: set[str]) -> None:
    if finding.status is Status.UNKNOWN:
        if finding.seen in said:  # no endpoint, or no permission, is the same for all who need it
            _paragraph(console, finding.status.value, "the same as above", _STYLES[finding.status])
            return
        said.add(finding.seen)
    _paragraph(console, finding.status.value, finding.seen, _STYLES[finding.status])
    if finding.status is Status.OK:
        return
    for label, words in (("why", finding.why), ("next", finding.next)):
        if words:
            _paragraph(console, f"{_MARGIN}{label}", words, "dim")
    if finding.command:
        _print(console, f"{_MARGIN}{_MARGIN}$ ", (finding.command, "cyan"))


def _paragraph(console: Console, label: str, words: str, style: str) -> None:
    """Print a label and words beside it: within a terminal's width, in one line elsewhere."""
    words = printable(words)
    width = max(console.width - len(_MARGIN) - _LABEL_WIDTH, _NARROWEST)
    lines = [words]
    if console.is_terminal:  # names stay whole, so that they can be copied
        lines = textwrap.wrap(words, width, break_long_words=False, break_on_hyphens=False) or [""]
    for line in lines:
        _print(console, _MARGIN, (label, style), " " * (_LABEL_WIDTH - len(label)), line)
        label = ""


def _print(console: Console, *parts: str | tuple[str, str]) -> None:
    """Print a line, of words and of words with a style, that the renderer does not break."""
    styled = [(part, "") if isinstance(part, str) else part for part in parts]
    line = Text.assemble(*((printable(words), style) for words, style in styled))
    console.print(line, soft_wrap=True, highlight=False)
