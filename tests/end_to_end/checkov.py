"""checkov's findings, and those that the library's code owns up to.

checkov reads no comments in Terraform's JSON. So a line that it takes exception to says so where a reader of the
code sees it: `# checkov CKV_AWS_1 CKV_AWS_2 at Part_Of_An_Id: the reason.`
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from tests.toolchain import REPOSITORY, clean_environment
from tests.toolchain.command import run

_CHECKOV = REPOSITORY / ".venv" / "checkov"  # made by `make test`
_OPTIONS = [
    "--framework",
    "terraform_json",
    "--compact",
    "--quiet",
    "--skip-download",
    "--soft-fail",
    "--output",
    "json",
]
_REMARK = re.compile(r"# checkov ((?:CKV\w+ )+)at ([\w-]+): \w")


Failure = tuple[str, str]
"""A check's id and the id of the resource that it failed for."""


def failures(stack: Path) -> set[Failure]:
    """Run checkov over a synthesized stack."""
    command = [str(_CHECKOV / "bin" / "checkov"), "--directory", str(stack), *_OPTIONS]
    environment = clean_environment({}, virtual_environment=_CHECKOV)
    found = json.loads(run(command, directory=stack, environment=environment).text)
    assert found["summary"]["passed"] > len(found["results"]["failed_checks"])
    return {(each["check_id"], each["resource"]) for each in found["results"]["failed_checks"]}


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A finding that is meant to be: the check, and a part of the resource's id."""

    check: str
    part: str

    @staticmethod
    def all() -> list[Remark]:
        """Read the remarks in the library's code."""
        texts = [file.read_text(encoding="utf-8") for file in (REPOSITORY / "constructs").rglob("*.py")]
        found = [remark for text in texts for remark in _REMARK.findall(text)]
        return [Remark(check=check, part=part) for checks, part in found for check in checks.split()]

    def is_about(self, failure: Failure) -> bool:
        """Tell whether the failure is the one that it owns up to."""
        check, resource = failure
        return check == self.check and f"_{self.part}_" in resource
