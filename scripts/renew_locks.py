"""Renew the locks of the project and of each environment of its own, Python's and npm's; `make lock` runs it.

It takes Python 3.10, the oldest that the project supports: a lock made with a later one lacks the packages
that only the oldest needs. The locks name no index host: whoever installs from them has an index set up.
"""

import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PYTHON = (3, 10)
OF_THEIR_OWN = ("cdktn", "checkov", "dist", "site")
"""The folders of `tests` whose Pipfiles are environments of their own."""
_PRINT_PIPFILE_HASH = "from pipenv.project import Project; print(Project().pipfile.calculate_hash())"


def renew_pipfile_lock(folder: Path, pipenv: Path, *options: str) -> None:
    """Let pipenv solve `folder`'s Pipfile anew, and take this machine's index out of what it writes."""
    environment = {
        **os.environ,
        "VIRTUAL_ENV": str(pipenv.parents[1]),
        "PIPENV_PIPFILE": str(folder / "Pipfile"),
        "PIPENV_VERBOSITY": "-1",
    }
    subprocess.run([pipenv, "lock", *options], check=True, env=environment)  # noqa: S603 - a pipenv of our own
    asked = subprocess.run(  # noqa: S603 - the Makefile's pinned pipenv
        [pipenv.with_name("python"), "-c", _PRINT_PIPFILE_HASH],
        check=True,
        # pipenv mixes the indexes of pip's configuration into the hash: without, it is everyone's
        env={**environment, "PIP_CONFIG_FILE": os.devnull},
        stdout=subprocess.PIPE,
        text=True,
    )
    file = folder / "Pipfile.lock"
    lock = without_index(file.read_text(encoding="utf-8"), pipfile_hash=asked.stdout.strip())
    file.write_text(lock, encoding="utf-8")


def without_index(lock: str, *, pipfile_hash: str) -> str:
    """Give the text of a Pipfile.lock without the places that its packages came from."""
    content = json.loads(lock)
    content["_meta"]["hash"]["sha256"] = pipfile_hash
    content["_meta"]["sources"] = []
    for section in ("default", "develop"):
        for package in content[section].values():
            package.pop("index", None)
    return json.dumps(content, indent=4) + "\n"


def main(pipenv_requirement: str) -> int:
    """Renew all."""
    if sys.version_info[:2] != PYTHON:
        wanted = ".".join(map(str, PYTHON))
        print(
            f"The locks are made with Python {wanted}, the oldest supported; this is {sys.version.split()[0]}.\n"
            f"Say where one is: make lock LOCK_PYTHON=/path/to/python{wanted}",
            file=sys.stderr,
        )
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        venv.create(scratch, with_pip=True)
        pipenv = Path(scratch) / "bin" / "pipenv"
        install: list[Path | str] = [pipenv.with_name("python"), "-m", "pip", "install", "--quiet", pipenv_requirement]
        subprocess.run(install, check=True)  # noqa: S603 - the Makefile's pinned pipenv
        renew_pipfile_lock(REPOSITORY, pipenv, "--dev")
        for name in OF_THEIR_OWN:
            renew_pipfile_lock(REPOSITORY / "tests" / name, pipenv)
    # .npmrc keeps the registry out of these.
    for folder in (REPOSITORY, REPOSITORY / "tests" / "cdktn"):
        subprocess.run(["npm", "install", "--package-lock-only"], check=True, cwd=folder)  # noqa: S607 - the npm on PATH is the one meant
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
