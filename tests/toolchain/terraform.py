"""The real Terraform in one directory."""

from __future__ import annotations

import contextlib
import fcntl
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .command import Output, Report, quiet, run
from .environment import CACHE, clean_environment
from .installation import keep, lay_out
from .providers import Providers
from .results import Applied, Diagnostic, Plan, State
from .running_provider import running_provider

_CLI_CONFIG = "cli_config.tfrc.json"
_VARIABLES = "variables.tfvars.json"
_PLAN = "plan.tfplan"
_CHANGES = 2  # the exit code of `plan -detailed-exitcode` when there are some


@dataclass(frozen=True, kw_only=True)
class Terraform:
    """Runs Terraform in `directory`, a synthesized stack's.

    `environment` is laid over a clean one (see `clean_environment`); `variables` are the stack's, of any
    JSON type; `report` gets each line that a plan, an apply or a destroy prints.
    """

    directory: Path
    environment: Mapping[str, str]
    variables: Mapping[str, object] = field(default_factory=dict)
    providers: Providers = field(default_factory=Providers.find)
    report: Report = quiet

    def with_variables(self, **changes: object) -> Terraform:
        """Give the same stack with some variables changed."""
        return replace(self, variables={**self.variables, **changes})

    def init(self) -> None:
        """Lay the providers' versions and settings beside the stack, and initialize it."""
        self.prepare()
        if lay_out(self.directory):
            self._run("init")
            return
        with self._one_at_a_time():
            self._run("init", running=False)
        keep(self.directory)

    def prepare(self) -> None:
        """Write the files beside cdk.tf.json that `init` needs, and that survive a new synthesis."""
        self.providers.override(self.directory)
        self._config.write_text(self.providers.cli_config(), encoding="utf-8")

    def validate(self) -> tuple[Diagnostic, ...]:
        """List what Terraform finds wrong with the stack: nothing when it is valid."""
        return Diagnostic.all_in(self._run("validate", "-json", accept=(0, 1)).text)

    def plan(self, *options: str) -> Plan:
        """Find out what an apply would do."""
        done = self._run(
            "plan",
            "-detailed-exitcode",
            f"-out={_PLAN}",
            self._variables(),
            *options,
            accept=(0, _CHANGES),
            report=self.report,
        )
        is_empty = done.code != _CHANGES
        shown = "{}" if is_empty else self._run("show", "-json", _PLAN).text  # it takes as long as the plan
        return Plan.parse(shown=shown, text=done.text, is_empty=is_empty)

    def apply(self, *options: str) -> Applied:
        """Create, change and destroy what the plan says, without asking."""
        return Applied.parse(self._change("apply", options))

    def apply_plan(self) -> Applied:
        """Do what the last plan has found, without planning it again."""
        return Applied.parse(self._run("apply", _PLAN, report=self.report).text)

    def destroy(self, *options: str) -> Applied:
        """Destroy everything in the state, without asking."""
        return Applied.parse(self._change("destroy", options))

    def take_over(self, address: str, id_: str) -> None:
        """Import what exists already into the state."""
        self._run("import", self._variables(), address, id_)

    def forget(self, address: str) -> None:
        """Take a resource out of the state; what there is stays."""
        self._run("state", "rm", address)

    def outputs(self) -> dict[str, Any]:
        """Read the stack's outputs by name, sensitive ones too."""
        return {name: output["value"] for name, output in json.loads(self._run("output", "-json").text).items()}

    def raw_output(self, name: str) -> str:
        """Print one output as whoever asks for it sees it."""
        return self._run("output", "-raw", name).text

    def show(self) -> State:
        """Read the state."""
        return State.parse(self._run("show", "-json").text)

    def variables_file(self) -> Path:
        """Write the variables where `-var-file` finds them."""
        file = self.directory / _VARIABLES
        file.write_text(json.dumps(self.variables, indent=2), encoding="utf-8")
        return file

    def full_environment(self) -> dict[str, str]:
        """Give the environment that Terraform runs in; the cdktf CLI, which runs it in turn, needs the same."""
        own = {"TF_CLI_CONFIG_FILE": str(self._config)}
        return clean_environment(own | self.providers.environment() | dict(self.environment))

    @property
    def _config(self) -> Path:
        return self.directory / _CLI_CONFIG

    def _change(self, command: str, options: Sequence[str]) -> str:
        return self._run(command, "-auto-approve", self._variables(), *options, report=self.report).text

    def _variables(self) -> str:
        return f"-var-file={self.variables_file()}"

    def _run(
        self,
        command: str,
        *options: str,
        accept: Sequence[int] = (0,),
        report: Report = quiet,
        running: bool = True,
    ) -> Output:
        colorless = command == "state" or (command == "output" and "-json" in options)
        color = [] if colorless else ["-no-color"]
        environment = self.full_environment()
        if running:
            environment |= running_provider(self.directory, environment)
        return run(
            ["terraform", command, *color, *options],
            directory=self.directory,
            environment=environment,
            accept=accept,
            report=report,
        )

    @contextlib.contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """Let one Terraform at a time fill the plugin cache; a mirror needs no such care.

        https://developer.hashicorp.com/terraform/cli/config/config-file#provider-plugin-cache
        """
        if self.providers.mirrors:
            yield
            return
        CACHE.mkdir(parents=True, exist_ok=True)
        with (CACHE / "providers.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
