"""The aws command lines to be had: version 1 is among the locked packages, version 2 is not to be had there."""

import functools
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class CommandLine:
    """An `aws`, by the folder that it is in."""

    folder: Path
    version: str

    def __str__(self) -> str:
        return f"aws-cli {self.version}"

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])


@functools.cache
def command_lines() -> dict[int, CommandLine]:
    """Find the locked one, and the first on PATH of every other major version."""
    found: dict[int, CommandLine] = {}
    for each in _all():
        found.setdefault(each.major, each)
    return found


def locked() -> CommandLine:
    return next(iter(command_lines().values()))


def describe() -> str:
    """Say in a line which versions the script is tried with, and which not."""
    found = command_lines()
    missing = "" if 2 in found else "; not with version 2: there is none on PATH"
    return f"scripts/eni_cleanup.sh is tried with {' and '.join(map(str, found.values()))}{missing}"


def _all() -> Iterator[CommandLine]:
    own = Path(sys.executable).parent
    yield CommandLine(folder=own, version=metadata.version("awscli"))
    for folder in dict.fromkeys(map(Path, os.environ["PATH"].split(os.pathsep))):
        command = folder / "aws"
        if folder == own or not os.access(command, os.X_OK):
            continue
        said = subprocess.run([command, "--version"], capture_output=True, text=True, check=False).stdout
        version = re.match(r"aws-cli/(\d+\.\S+) ", said)
        if version:
            yield CommandLine(folder=folder, version=version[1])
