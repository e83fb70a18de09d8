"""`make dist`: builds wheel and sdist into dist/, checks them, and writes what they bring beside them.

The wheel is installed with the locked versions of all that it needs into an environment that holds nothing else. There
README's ten lines are synthesized and the commands run; its packages are the bill of materials.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.snippets import TEN_LINES
from tests.toolchain import REPOSITORY
from tests.unreachable import unreachable_aws

DIST = REPOSITORY / "dist"
_TOOLS = REPOSITORY / ".venv" / "dist" / "bin"
_CANNOT_CHECK = 3


def main() -> int:
    """Go through all steps; 0 when each did what it should."""
    shutil.rmtree(DIST, ignore_errors=True)
    try:
        _say("Build wheel and sdist")
        _run([_TOOLS / "python", "-m", "build", "--outdir", DIST, REPOSITORY])
        wheel, sdist = next(DIST.glob("*.whl")), next(DIST.glob("*.tar.gz"))
        _say("Look at them")
        _run([_TOOLS / "twine", "check", "--strict", wheel, sdist])
        _run([_TOOLS / "check-wheel-contents", wheel])
        with tempfile.TemporaryDirectory(prefix="sagemaker-endpoint-dist-") as scratch:
            _say("Install the wheel into a clean environment, with the locked versions: a minute")
            python = _installed(wheel, Path(scratch))
            _say("Synthesize README's ten lines, and run the commands")
            _use(python, Path(scratch, "away"))
            _say("List what it brings")
            _list(python)
    except subprocess.CalledProcessError as error:
        print(f"{' '.join(map(str, error.cmd))}\n{error.stdout}{error.stderr}\nFailed.", file=sys.stderr)
        return 1
    _say("Written: " + ", ".join(f"dist/{path.name}" for path in sorted(DIST.iterdir())))
    return 0


def _installed(wheel: Path, scratch: Path) -> Path:
    """Install the wheel and what it needs; give the environment's Python."""
    lock = json.loads((REPOSITORY / "Pipfile.lock").read_text(encoding="utf-8"))
    locked = {**lock["default"], **lock["develop"]}
    constraints = scratch / "constraints.txt"
    constraints.write_text(
        "".join(f"{name}{package['version']}\n" for name, package in locked.items() if "version" in package),
        encoding="utf-8",
    )
    venv.create(scratch / "environment", symlinks=True)
    python = scratch / "environment" / "bin" / "python"
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-compile"]
    _run([*pip, "--constraint", constraints, f"{wheel}[cdktf,doctor]"])
    return python


def _use(python: Path, away: Path) -> None:
    """Use it as its readers would, far from the repository."""
    away.mkdir()
    (away / "app.py").write_text(TEN_LINES, encoding="utf-8")
    _run([python, "app.py"], directory=away)
    written = json.loads((away / "cdktf.out" / "stacks" / "sentiment" / "cdk.tf.json").read_text(encoding="utf-8"))
    [endpoint] = written["resource"]["aws_sagemaker_endpoint"].values()
    _hold(endpoint["name"] == "sentiment", "The ten lines make another endpoint than README says")

    command = python.with_name("sagemaker-endpoint")
    script = Path(_run([command, "eni-cleanup", "--path"], directory=away).strip())
    _hold(script.is_relative_to(python.parents[1].resolve()), f"The script is not the wheel's: {script}")
    _hold(
        script.read_bytes() == (REPOSITORY / "scripts" / script.name).read_bytes(), "The script is not the repository's"
    )
    named = ["--endpoint-name", "sentiment", "--region", "eu-west-1"]
    _hold("describe-endpoint" in _run([command, "runbook", *named], directory=away), "The runbook has no commands")
    with unreachable_aws() as nowhere:
        _run([command, "doctor", *named], directory=away, environment=nowhere, expected=_CANNOT_CHECK)


def _list(python: Path) -> None:
    """Write the bill of materials and the licences of the environment's packages."""
    bill: list[str | Path] = ["--pyproject", REPOSITORY / "pyproject.toml", "--mc-type", "library", "--output-reproducible"]
    _run([_TOOLS / "cyclonedx-py", "environment", *bill, "--output-file", DIST / "sbom.cdx.json", python])
    licences = [f"--python={python}", "--format=markdown", "--with-urls", f"--output-file={DIST / 'licences.md'}"]
    _run([_TOOLS / "pip-licenses", *licences])


def _hold(condition: bool, otherwise: str) -> None:
    if not condition:
        raise SystemExit(f"{otherwise}.")


def _run(
    command: Sequence[str | Path],
    *,
    directory: Path = REPOSITORY,
    environment: Mapping[str, str] | None = None,
    expected: int = 0,
) -> str:
    """Run a command with nothing of this environment's Python in its own, and give what it prints."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    merged = {**inherited, **(environment or {})}
    done = subprocess.run(command, cwd=directory, env=merged, capture_output=True, text=True, check=False)
    if done.returncode != expected:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
    return done.stdout


def _say(words: str) -> None:
    print(f"==> {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
