"""Draws docs/doctor.svg: main.py's stack applied, then broken, and what the doctor says; `make picture` runs it."""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tests.embedded_aws import EmbeddedAws
from tests.toolchain import REPOSITORY, Project

from .doctor import PROBLEMS, examine
from .progress import say
from .stage import ENDPOINT, furnish, variables

PICTURE = REPOSITORY / "docs" / "doctor.svg"
_WIDTH = 120
_COMMAND = "sagemaker-endpoint doctor --from-terraform cdktf.out/stacks/sagemaker-endpoint"


def main() -> None:
    """Apply, break, examine, draw."""
    with tempfile.TemporaryDirectory() as scratch, EmbeddedAws() as aws:
        say("==> Applying main.py's stack to the embedded AWS: half a minute")
        report = _report(aws, Path(scratch))
    PICTURE.write_text(draw(report), encoding="utf-8")
    say(f"Written: {PICTURE.relative_to(REPOSITORY)}")


def draw(report: str) -> str:
    """Draw a terminal with the report on it, with no font that a reader would have to load."""
    console = Console(width=_WIDTH, record=True, file=io.StringIO())
    console.print(Text(f"$ {_COMMAND}", "bold"))
    console.print(Text.from_ansi(report))
    drawn = console.export_svg(title=ENDPOINT, unique_id="doctor")
    return re.sub(r"@font-face {.*?}\n", "", drawn, flags=re.DOTALL)


def _report(aws: EmbeddedAws, directory: Path) -> str:
    """Have the doctor look at an endpoint whose image somebody has removed."""
    values = variables(aws.client("ec2"), region=aws.region)
    furnish(aws, values)
    project = Project(directory=directory, environment=aws.full_environment({}))
    project.synth()
    terraform = project.terraform(variables=values)
    terraform.init()
    terraform.apply()
    aws.client("ecr").batch_delete_image(repositoryName=ENDPOINT, imageIds=[{"imageTag": "1.0"}])
    terminal = {"FORCE_COLOR": "1", "COLUMNS": str(_WIDTH), "TERM": "xterm-256color"}
    return examine(terraform, expected=PROBLEMS, variables=terminal)


if __name__ == "__main__":
    main()
