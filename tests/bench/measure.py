"""One run of a program: its time, and the most memory that one of its processes held."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024  # https://man7.org/linux/man-pages/man2/getrusage.2.html


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one run took: by the clock, of the processors, and of memory."""

    seconds: float
    processor_seconds: float
    megabytes: float


def run(command: Sequence[str], directory: Path, environment: Mapping[str, str]) -> Run:
    """Run a command to its end; raise with its own words if it fails."""
    with (directory / "output.txt").open("w+", encoding="utf-8") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=directory, env=environment, stdout=output, stderr=output)
        # Counts the process and what it waited for, such as Node; the largest of them is told.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            output.seek(0)
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{output.read()}")
    return Run(
        seconds=seconds,
        processor_seconds=usage.ru_utime + usage.ru_stime,
        megabytes=usage.ru_maxrss * _MAXRSS_UNIT / 1e6,
    )


@dataclass(frozen=True, kw_only=True)
class Program:
    """A program that is measured.

    Attributes:
        name: Tells it apart in tables.
        command: What is run.
        rounds: In how many rounds it takes part.
        environment: What is set for it beside what all have.
    """

    name: str
    command: Sequence[str]
    rounds: int
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Result:
    """All runs of a program that count."""

    runs: Sequence[Run]

    @property
    def seconds(self) -> float:
        """The median."""
        return median(each.seconds for each in self.runs)

    @property
    def fastest(self) -> float:
        """The run that was disturbed least."""
        return min(each.seconds for each in self.runs)

    @property
    def slowest(self) -> float:
        """The run that was disturbed most."""
        return max(each.seconds for each in self.runs)

    @property
    def processor_seconds(self) -> float:
        """The median of what the processors were busy with it, which other programs disturb less."""
        return median(each.processor_seconds for each in self.runs)

    @property
    def megabytes(self) -> float:
        """The median of the peaks."""
        return median(each.megabytes for each in self.runs)
