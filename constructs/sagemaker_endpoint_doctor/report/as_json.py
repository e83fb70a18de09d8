"""The outcome for machines. The keys are a promise; docs/doctor.md documents them."""

import json
from datetime import datetime, timezone

from sagemaker_endpoint_doctor.examination.errors import CannotStartError
from sagemaker_endpoint_doctor.examination.finding import Finding, Status
from sagemaker_endpoint_doctor.text.printable import printable

from .exits import Exit
from .outcome import Outcome, verdict

SCHEMA_VERSION = 1


def document(outcome: Outcome) -> str:
    """Write the document of an examination."""
    return _written(
        endpoint_name=outcome.names.endpoint_name,
        region=outcome.names.region,
        account_id=outcome.account_id,
        examined_at=_time(outcome.now),
        since=_time(outcome.now - outcome.since),
        exit_code=outcome.exit,
        error=None,
        counts={_key(status): outcome.count(status) for status in Status},
        sections=[
            {
                "key": each.section.key,
                "title": each.section.title,
                "status": _key(verdict(each)),
                "findings": [_finding(finding) for finding in each.findings],
            }
            for each in outcome.examined
        ],
    )


def error_document(error: CannotStartError, *, endpoint_name: str | None, region: str | None) -> str:
    """Write the document of an examination that could not begin: the same keys.

    Args:
        error: Why, and what is known.
        endpoint_name: What the command line says, for when the error does not know.
        region: The same.
    """
    return _written(
        endpoint_name=error.known.get("endpoint_name", endpoint_name),
        region=error.known.get("region", region),
        account_id=error.known.get("account_id"),
        examined_at=_time(datetime.now(timezone.utc)),
        since=None,
        exit_code=Exit.CANNOT_CHECK,
        error=str(error),
        counts={_key(status): 0 for status in Status},
        sections=[],
    )


def _written(**values: object) -> str:
    return json.dumps(_shown({"schema_version": SCHEMA_VERSION, **values}), indent=2)


def _shown(value: object) -> object:
    """Clean every text: whoever reads the document may well print it."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_shown(each) for each in value]
    return {key: _shown(each) for key, each in value.items()} if isinstance(value, dict) else value


def _finding(finding: Finding) -> dict[str, str | None]:
    return {
        "check": finding.check,
        "status": _key(finding.status),
        "seen": finding.seen,
        "why": finding.why or None,
        "next": finding.next or None,
        "command": finding.command or None,
    }


def _key(status: Status) -> str:
    return status.name.lower()


def _time(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(timespec="seconds")
