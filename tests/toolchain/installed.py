"""The Terraform on PATH."""

from __future__ import annotations

import functools
import json
import shutil
from dataclasses import dataclass

from .command import run
from .environment import REPOSITORY, clean_environment

OLDEST = (1, 5)


class TerraformNotFoundError(Exception):
    """There is no terraform, or one too old."""


@dataclass(frozen=True, kw_only=True)
class InstalledTerraform:
    """Its version (`1.11.4`) and the platform whose providers it runs (`linux_amd64`)."""

    version: str
    platform: str

    @staticmethod
    @functools.cache
    def find() -> InstalledTerraform:
        """Ask the `terraform` on PATH; raise TerraformNotFoundError when there is none, or one too old."""
        oldest = ".".join(map(str, OLDEST))
        if not shutil.which("terraform"):
            raise TerraformNotFoundError(f"There is no terraform on PATH: install Terraform {oldest} or later.")
        answer = run(["terraform", "version", "-json"], directory=REPOSITORY, environment=clean_environment({}))
        said: dict[str, str] = json.loads(answer.text)
        found = InstalledTerraform(version=said["terraform_version"], platform=said["platform"])
        if tuple(map(int, found.version.split(".")[:2])) < OLDEST:
            raise TerraformNotFoundError(f"Terraform is {found.version}: install {oldest} or later.")
        return found
