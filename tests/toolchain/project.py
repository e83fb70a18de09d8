"""A CDKTF app in a scratch directory."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .cdktf_cli import CdktfCli
from .command import Report, quiet, run
from .environment import REPOSITORY, clean_environment
from .terraform import Terraform

STACK = "sagemaker-endpoint"


@dataclass(frozen=True, kw_only=True)
class Project:
    """`main` synthesized in `directory`, with this project's cdktf.json; the state stays there as well.

    `environment` is handed to every command, laid over a clean one. `virtual_environment` is one with other
    packages than the locked ones, if they are what a test is about.
    """

    directory: Path
    main: Path = REPOSITORY / "main.py"
    environment: Mapping[str, str] = field(default_factory=dict)
    virtual_environment: Path = field(default_factory=lambda: Path(sys.prefix))
    report: Report = quiet

    def synth(self) -> None:
        """Run the app, as `make synth` does."""
        self._lay_out()
        run(
            ["python", "main.py"],
            directory=self.directory,
            environment=self._environment(),
        )

    def stack_directory(self, stack: str = STACK) -> Path:
        """Name the folder in which Terraform runs."""
        return self.directory / "cdktf.out" / "stacks" / stack

    def terraform(self, stack: str = STACK, *, variables: Mapping[str, object] | None = None) -> Terraform:
        """Give Terraform for a stack that `synth` has written."""
        return Terraform(
            directory=self.stack_directory(stack),
            environment=self._environment(),
            variables=variables or {},
            report=self.report,
        )

    def cdktf(self, stack: str = STACK, *, variables: Mapping[str, object] | None = None) -> CdktfCli:
        """Give the cdktf CLI for a stack that `synth` has written."""
        return CdktfCli(directory=self.directory, terraform=self.terraform(stack, variables=variables))

    def _environment(self) -> dict[str, str]:
        return clean_environment(self.environment, virtual_environment=self.virtual_environment)

    def _lay_out(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / "cdktf.json", self.directory)
        link = self.directory / "main.py"
        link.unlink(missing_ok=True)
        link.symlink_to(self.main.resolve())
