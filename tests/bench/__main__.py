"""Measures all, in turns, and writes docs/benchmark.md and docs/benchmark.svg."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.toolchain import REPOSITORY, clean_environment

from . import report
from .contenders import FROM_EMPTY, contenders
from .machine import machine, versions
from .measure import Program, Result, Run, run

_DOCS = REPOSITORY / "docs"


def main() -> None:
    """Measure; one line as each run ends."""
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        # jsii unpacks its packages once; here, into a folder of its own.
        environment = clean_environment({"JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(directory / "jsii")})
        programs = contenders(directory)
        first = {each.name: _from_empty(each, directory) for each in programs if each.name in FROM_EMPTY}
        runs: dict[str, list[Run]] = {program.name: [] for program in programs}
        for number in range(1 + max(program.rounds for program in programs)):
            for program in programs:
                if number <= program.rounds:
                    runs[program.name].append(_run(program, directory, environment, number))
    # The first run of each warms the caches of the machine and of jsii.
    results = {name: Result(runs=each[1:]) for name, each in runs.items()}
    page = report.page(results, first=first, machine=machine(), versions=versions(environment))
    (_DOCS / "benchmark.md").write_text(page, encoding="utf-8")
    (_DOCS / "benchmark.svg").write_text(report.picture(results), encoding="utf-8")
    print(f"\n{page}\nWritten: docs/benchmark.md, docs/benchmark.svg")


def _from_empty(program: Program, directory: Path) -> list[Run]:
    """Run a program three times, the first with nothing in jsii's cache yet."""
    cache = tempfile.mkdtemp(dir=directory)
    environment = clean_environment({"JSII_RUNTIME_PACKAGE_CACHE_ROOT": cache})
    return [_run(program, directory, environment, number) for number in (1, 2, 3)]


def _run(program: Program, directory: Path, environment: Mapping[str, str], number: int) -> Run:
    done = run(program.command, directory, {**environment, **program.environment})
    print(f"{number}  {done.seconds:7.2f} s {done.megabytes:6.0f} MB  {program.name}", flush=True)
    return done


if __name__ == "__main__":
    main()
