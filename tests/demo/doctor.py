"""The doctor, asked as a user would."""

from __future__ import annotations

from collections.abc import Mapping

from tests.toolchain import Terraform
from tests.toolchain.command import run

HEALTHY, PROBLEMS = 0, 1


def examine(terraform: Terraform, *, expected: int = HEALTHY, variables: Mapping[str, str] | None = None) -> str:
    """Examine the endpoint of an applied stack, and give the report; another exit code is an error."""
    command = ["sagemaker-endpoint", "doctor", "--from-terraform", str(terraform.directory)]
    environment = {**terraform.environment, **(variables or {})}
    done = run(command, directory=terraform.directory, environment=environment, accept=[expected])
    return done.text
