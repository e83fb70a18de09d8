"""Runs the checks, all sections side by side."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from queue import SimpleQueue
from threading import Thread

from sagemaker_endpoint_doctor.aws.errors import explained, remedy
from sagemaker_endpoint_doctor.text.words import shortened
from sagemaker_endpoint_runbook import commands

from .elsewhere import elsewhere
from .finding import Finding, Status, unknown
from .section import Check, Section
from .subject import NoSuchEndpointError, Subject

_FOUND = {Status.WARNING, Status.PROBLEM}
_LONGEST = 1500  # characters of a finding's sentence: AWS, Terraform and containers write more


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A section and what was found."""

    section: Section
    findings: Sequence[Finding]


def examine(
    subject: Subject, sections: Sequence[Section], *, done: Callable[[Examined], None] = lambda _: None
) -> list[Examined]:
    """Examine the sections side by side, and give their findings in their order.

    Args:
        subject: What to examine.
        sections: Which of it.
        done: Is told of each section as it ends.
    """
    ended: SimpleQueue[Examined | Exception] = SimpleQueue()
    for section in sections:
        # Daemons: who is interrupted does not wait for AWS.
        Thread(target=lambda section=section: ended.put(_examined(subject, section)), daemon=True).start()
    by_key: dict[str, Examined] = {}
    for _ in sections:
        examined = ended.get()
        if isinstance(examined, Exception):
            raise examined
        done(examined)
        by_key[examined.section.key] = examined
    return [_pointing(by_key[section.key], _telling(by_key, section.key)) for section in sections]


def _telling(by_key: Mapping[str, Examined], reader: str) -> set[str]:
    """Give the sections that found something and do not, for that, send the reader back to where they come from."""
    return {
        key
        for key, each in by_key.items()
        if key != reader and any(found.status in _FOUND and reader not in found.see for found in each.findings)
    }


def _pointing(examined: Examined, telling: AbstractSet[str]) -> Examined:
    """Let findings point to other sections, but to those only that found something."""
    findings = [
        replace(each, next=" ".join(filter(None, [each.next, *(each.see[key] for key in each.see if key in telling)])))
        for each in examined.findings
    ]
    return replace(examined, findings=findings)


def _examined(subject: Subject, section: Section) -> Examined | Exception:
    try:
        return Examined(section=section, findings=_findings(subject, section))
    except Exception as error:  # raised again where the sections are awaited
        return error


def _findings(subject: Subject, section: Section) -> list[Finding]:
    """Make a section's checks; what several of them lack is said once."""
    findings: dict[tuple[Status, str], Finding] = {}
    for check in section.checks:
        for finding in _found(subject, check):
            key = f"{section.key}.{check.__name__}"
            findings.setdefault((finding.status, finding.seen), replace(_bounded(finding), check=key))
    nothing = replace(unknown("nothing was found that could be checked"), check=f"{section.key}.nothing")
    return list(findings.values()) or [nothing]


def _bounded(finding: Finding) -> Finding:
    """Cut what is too long to be read, whoever wrote it; commands stay whole, so that they can be run."""
    return replace(
        finding,
        seen=shortened(finding.seen, _LONGEST),
        why=shortened(finding.why, _LONGEST),
        next=shortened(finding.next, _LONGEST),
    )


def _found(subject: Subject, check: Check) -> Iterator[Finding]:
    try:
        yield from check(subject)
    except NoSuchEndpointError as error:
        yield unknown(str(error), next=elsewhere(subject), command=commands.LIST_ENDPOINTS)
    except Exception as error:
        yield unknown(explained(error), next=remedy(error))
