"""The doctor, asked as a user would."""

from __future__ import annotations

from collections.abc import Mapping

from tests.toolchain import Terraform
from tests.toolchain.command import run
from tests.toolchain.running_provider import running_provider

HEALTHY, PROBLEMS = 0, 1


def examine(terraform: Terraform, *, expected: int = HEALTHY, variables: Mapping[str, str] | None = None) -> str:
    """Examine the endpoint of an applied stack, and give the report; another exit code is an error."""
    command = ["sagemaker-endpoint", "doctor", "--from-terraform", str(terraform.directory)]
    # Terraform has no provider to read for its outputs where one runs.
    running = running_provider(terraform.directory, terraform.full_environment())
    environment = {**terraform.environment, **running, **(variables or {})}
    done = run(command, directory=terraform.directory, environment=environment, accept=[expected])
    return done.text
