"""A stack that is applied, and how tests move it on."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.demo.inventory import take_inventory
from tests.embedded_aws import Call, EmbeddedAws
from tests.toolchain import Applied, Project, Terraform
from tests.toolchain.ready_cli import path_with_ready_cli
from tests.toolchain.results import Plan

from .live import Live

# By default it waits as long as AWS takes.
_QUICK = {"ENI_CLEANUP_INTERVAL": "1", "ENI_CLEANUP_SETTLE": "1", "ENI_CLEANUP_DETACH_AFTER": "3"}


def environment(aws: EmbeddedAws) -> dict[str, str]:
    """Give the environment of every command: it leads to the embedded AWS, and Terraform hands it to the script."""
    return {**aws.environment(), **_QUICK, "PATH": path_with_ready_cli()}


@dataclass(kw_only=True)
class Deployment:
    """main.py's stack: its inputs are Terraform variables.

    `start` synthesizes and initializes; `change` and `destroy` give the calls that changed something in the account.
    """

    aws: EmbeddedAws
    project: Project
    stack: str
    inputs: Mapping[str, object]
    before: frozenset[str] = frozenset()

    def start(self) -> None:
        """Take the account's inventory, and make everything ready for `apply`."""
        self.before = take_inventory(self.aws.client)
        self._synthesize()
        self.terraform.init()

    @property
    def terraform(self) -> Terraform:
        """Terraform with the inputs as they are now."""
        return self.project.terraform(self.stack, variables=self.inputs)

    def apply(self, *options: str) -> Applied:
        """Apply the stack as the inputs are now."""
        return self.terraform.apply(*options)

    def change(self, **inputs: object) -> list[Call]:
        """Apply the stack with some inputs changed, unless they are so already."""
        if inputs.items() <= self.inputs.items():
            return []
        self.inputs = {**self.inputs, **inputs}
        self._synthesize()
        return self._writes(self.apply)

    def plan(self, **inputs: object) -> Plan:
        """Plan the stack with some inputs changed, which they stay."""
        self.inputs = {**self.inputs, **inputs}
        self._synthesize()
        return self.terraform.plan()

    def replace(self, address: str) -> list[Call]:
        """Apply the stack as the inputs are now, with a resource made anew that would stay."""
        return self._writes(lambda: self.apply(f"-replace={address}"))

    def destroy(self) -> list[Call]:
        """Destroy the stack."""
        return self._writes(self.terraform.destroy)

    def live(self) -> Live:
        """Ask the account what the endpoint serves."""
        return Live.of(self.aws, str(self.inputs["endpoint_name"]))

    def left(self) -> frozenset[str]:
        """Ask the account what there is that was not there before."""
        return take_inventory(self.aws.client) - self.before

    def _writes(self, act: Callable[[], object]) -> list[Call]:
        self.aws.reset_calls()
        act()
        return [call for call in self.aws.calls() if call.is_write]

    def _synthesize(self) -> None:
        if not self.project.stack_directory(self.stack).exists():
            self.project.synth()


@dataclass(kw_only=True)
class ConcreteDeployment(Deployment):
    """A stack of `stacks`: it reads its inputs from inputs.json when it is synthesized.

    That is done in this process: a tenth of the time goes into it, and the rest into starting Python and Node.
    """

    @staticmethod
    def of(aws: EmbeddedAws, directory: Path, name: str, **inputs: object) -> ConcreteDeployment:
        """Take stacks/<name>.py, whose stack has the same name."""
        project = Project(directory=directory, environment=environment(aws))
        return ConcreteDeployment(aws=aws, project=project, stack=name.replace("_", "-"), inputs=inputs)

    @property
    def terraform(self) -> Terraform:
        return self.project.terraform(self.stack)

    def _synthesize(self) -> None:
        self.project.directory.mkdir(exist_ok=True)
        (self.project.directory / "inputs.json").write_text(json.dumps(self.inputs), encoding="utf-8")
        program = importlib.import_module(f".stacks.{self.stack.replace('-', '_')}", __package__)
        program.main(self.project.directory)
