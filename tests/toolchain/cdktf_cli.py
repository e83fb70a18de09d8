"""The real cdktf CLI, and cdktn's, which takes the same."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .command import run
from .environment import REPOSITORY
from .running_provider import running_provider

if TYPE_CHECKING:
    from .terraform import Terraform


@dataclass(frozen=True, kw_only=True)
class CdktfCli:
    """Runs cdktf in `directory`, a `Project`'s, on the stack and with the variables of `terraform`.

    cdktf synthesizes anew before it deploys or destroys. That rewrites cdk.tf.json and leaves the files
    beside it, so the providers laid there hold for the Terraform that cdktf starts.
    """

    directory: Path
    terraform: Terraform
    program: Path = REPOSITORY / "node_modules" / ".bin" / "cdktf"

    def synth(self) -> str:
        """Run `cdktf synth` and give what it printed."""
        return self._run("synth")

    def deploy(self) -> str:
        """Run `cdktf deploy --auto-approve` and give what it printed."""
        return self._change("deploy")

    def destroy(self) -> str:
        """Run `cdktf destroy --auto-approve` and give what it printed."""
        return self._change("destroy")

    def _change(self, command: str) -> str:
        self.terraform.init()
        stack = self.terraform.directory.name
        # The provider lock is for other platforms, and asks the registry even where there are mirrors.
        options = ["--auto-approve", "--skip-provider-lock", f"--var-file={self.terraform.variables_file()}"]
        environment = self.terraform.full_environment()
        return self._run(command, stack, *options, **running_provider(self.terraform.directory, environment))

    def _run(self, command: str, *options: str, **variables: str) -> str:
        environment = self.terraform.full_environment() | variables
        environment["PATH"] = f"{self.program.parent}{os.pathsep}{environment['PATH']}"
        environment["FORCE_COLOR"] = "0"
        line = [self.program.name, command, *options]
        return run(line, directory=self.directory, environment=environment, one_stream=True).text
