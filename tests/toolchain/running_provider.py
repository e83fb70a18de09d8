"""The providers kept running from one Terraform command to the next: starting them is half the work of each.

https://developer.hashicorp.com/terraform/plugin/debugging#debugger-based-debugging
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from .environment import REPOSITORY
from .mirror import REGISTRY

VARIABLE = "TF_REATTACH_PROVIDERS"


class RunningProvider:
    """The AWS provider, started in `environment`, which tells it AWS's address and the credentials, and others.

    They end with the process that started them, however that ends: its standard input is then at its end.
    """

    def __init__(self, executables: Sequence[Path], environment: Mapping[str, str]) -> None:
        self.started_as = _essence(executables, environment)
        self._directory = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.toolchain.provider_proxy", self._directory.name, *map(str, executables)],
            cwd=REPOSITORY,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # an interrupt is for Terraform alone
        )
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def serve(self, stack: Path) -> None:
        """Give Terraform the schemas of the types in that folder from now on."""
        assert self.process.stdin
        assert self.process.stdout
        print(stack, file=self.process.stdin, flush=True)
        self.process.stdout.readline()

    def end(self) -> None:
        self.process.communicate()
        self._directory.cleanup()


_last: list[RunningProvider] = []  # one at most: each takes a gibibyte


def running_provider(stack: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Give the variable with which Terraform uses a running provider in the initialized folder `stack`.

    It is the last one if that fits, else one that is started in its place. None where the stack configures the AWS
    provider in two ways, since one process holds one configuration.
    """
    aws, null = (
        next(stack.glob(f".terraform/providers/{REGISTRY}/hashicorp/{name}/*/*/terraform-provider-{name}*"), None)
        for name in ("aws", "null")
    )
    if aws is None or len(_configurations(stack)) != 1:
        return {}
    executables = [file.resolve() for file in (aws, null) if file]
    if not (_last and _last[0].is_alive and _last[0].started_as == _essence(executables, environment)):
        end_running_provider()
        _last.append(RunningProvider(executables, environment))
    _last[0].serve(stack)
    return {VARIABLE: _last[0].address}


@atexit.register
def end_running_provider() -> None:
    """End the provider that runs, if one does."""
    while _last:
        _last.pop().end()


def _essence(executables: Sequence[Path], environment: Mapping[str, str]) -> dict[str, str]:
    steering = {name: value for name, value in environment.items() if name.startswith("AWS_") or name == "HOME"}
    return {"executables": " ".join(map(str, executables)), **steering}


def _configurations(stack: Path) -> set[str]:
    """Give the different ones: two that differ in their alias alone are the same to a provider."""
    configured = json.loads((stack / "cdk.tf.json").read_text(encoding="utf-8")).get("provider", {}).get("aws", [])
    all_of_them = configured if isinstance(configured, list) else [configured]
    return {json.dumps({**each, "alias": ""}, sort_keys=True) for each in all_of_them}
