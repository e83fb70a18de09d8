"""The commands of the runbook, run by hand as an operator would."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.embedded_aws import EmbeddedAws
from tests.toolchain import REPOSITORY, clean_environment
from tests.toolchain.command import run
from tests.toolchain.ready_cli import path_with_ready_cli

_PAGE = REPOSITORY / "docs" / "runbook.md"


def variables(aws: EmbeddedAws, directory: Path) -> dict[str, str]:
    """Set the shell variables as the runbook's page does, in the folder in which Terraform runs, and give them."""
    prelude = re.findall(r"^```sh\n(.*?)^```", _PAGE.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)[0]
    names = dict.fromkeys(re.findall(r"(?:^|; |\) |export )(\w+)=", prelude, flags=re.MULTILINE))
    script = "\n".join(["set -euo pipefail", prelude, *(f'echo "{name}=${name}"' for name in names)])
    said = run(["bash", "-c", script], directory=directory, environment=_environment(aws.environment())).text
    return dict(line.split("=", 1) for line in said.splitlines())


def answers(aws: EmbeddedAws, runbook: str, directory: Path) -> dict[str, Any]:
    """Run every command of the runbook with the real AWS CLI; each has to answer. Give all answers as one."""
    region_is_the_runbooks = {name: value for name, value in aws.environment().items() if not name.endswith("REGION")}
    environment = _environment(region_is_the_runbooks)
    lines = [line for line in runbook.splitlines() if line and not line.startswith("#")]
    exports = [line for line in lines if line.startswith("export ")]
    together: dict[str, Any] = {}
    for command in lines[len(exports) :]:
        script = "\n".join([*exports, command])
        answer = run(["bash", "-c", script], directory=directory, environment=environment).text
        if answer.startswith("{"):  # not where a command asks for a part of its answer
            together |= json.loads(answer)
    return together


def _environment(variables: dict[str, str]) -> dict[str, str]:
    return clean_environment({**variables, "PATH": path_with_ready_cli()})
