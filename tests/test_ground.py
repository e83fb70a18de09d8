import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.renew_locks import OF_THEIR_OWN
from tests.toolchain import REPOSITORY

PIPFILES = [REPOSITORY, *(REPOSITORY / "tests" / name for name in OF_THEIR_OWN)]


def make(*arguments: str, directory: Path = REPOSITORY, path: str = os.environ["PATH"]) -> tuple[int, str]:
    """Run make as from a shell, not as from a make that runs the tests."""
    inherited = ("MAKE", "MFLAGS", "PYTHON", "LOCK_PYTHON")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(inherited)}
    program = shutil.which("make")
    assert program
    done = subprocess.run(
        [program, "--no-print-directory", *arguments],
        cwd=directory,
        env={**environment, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.fixture
def bare_machine(tmp_path: Path) -> Path:
    """Give a folder with the Makefile, and in `bin` the only programs that PATH is to lead to."""
    (tmp_path / "bin").mkdir()
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    for name in ("sh", "sed", "awk", "cat", "rm"):
        program = shutil.which(name)
        assert program
        (tmp_path / "bin" / name).symlink_to(program)
    return tmp_path


def put_program(machine: Path, name: str, script: str) -> None:
    program = machine / "bin" / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


# The Makefile.


def test_make_alone_lists_every_target_with_a_line() -> None:
    makefile = (REPOSITORY / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE)) - {"terraform", "npm"}
    code, said = make()
    assert code == 0
    assert {"demo", "synth", "test", "check", "lint", "lock", "clean"} <= targets
    assert set(re.findall(r"^ *make (\w+) +\S", said, re.MULTILINE)) == targets


def test_make_says_that_terraform_is_missing(bare_machine: Path) -> None:
    code, said = make("demo", directory=bare_machine, path=str(bare_machine / "bin"))
    assert code != 0
    assert "Terraform is missing: install 1.5 or later" in said


@pytest.mark.parametrize(("version", "good"), [("1.4.6", False), ("0.15.5", False), ("1.5.0", True), ("2.0.0", True)])
def test_make_wants_terraform_1_5(bare_machine: Path, version: str, good: bool) -> None:
    put_program(bare_machine, "terraform", f"echo Terraform v{version}; echo on linux_amd64")
    code, said = make("terraform", directory=bare_machine, path=str(bare_machine / "bin"))
    assert (code == 0) is good, said
    assert (f"Terraform is '{version}': install 1.5 or later" in said) is not good


def test_make_says_that_npm_is_missing(bare_machine: Path) -> None:
    put_program(bare_machine, "terraform", "echo Terraform v1.11.4")
    code, said = make("test", directory=bare_machine, path=str(bare_machine / "bin"))
    assert code != 0
    assert "npm is missing" in said


def test_make_says_that_python_is_too_old(bare_machine: Path) -> None:
    put_program(bare_machine, "python3", '[ "$1" = --version ] && echo Python 3.9.18 || exit 1')
    code, said = make("synth", directory=bare_machine, path=str(bare_machine / "bin"))
    assert code != 0
    assert "Python 3.10 or later is missing (Python 3.9.18)" in said


def test_make_says_that_it_cannot_work_in_a_path_with_a_blank(bare_machine: Path) -> None:
    folder = bare_machine / "my projects"
    folder.mkdir()
    shutil.copy(REPOSITORY / "Makefile", folder)
    code, said = make("check", directory=folder)
    assert code != 0
    assert "holds a blank" in said
    assert not (folder / ".venv").exists()


def test_make_lock_says_which_python_it_wants(bare_machine: Path) -> None:
    put_program(bare_machine, "npm", "")
    code, said = make("lock", directory=bare_machine, path=str(bare_machine / "bin"))
    assert code != 0
    assert "make lock wants Python 3.10" in said


def test_make_clean_keeps_a_state_that_still_describes_resources(bare_machine: Path) -> None:
    state = bare_machine / "cdktf.out" / "stacks" / "sagemaker-endpoint" / "terraform.tfstate"
    state.parent.mkdir(parents=True)
    state.write_text("{}")
    code, said = make("clean", directory=bare_machine)
    assert code != 0
    assert str(state.relative_to(bare_machine)) in said
    assert state.exists()


def test_pre_commit_runs_what_make_lint_runs() -> None:
    _, said = make("--dry-run", "lint")
    linted = {tuple(shlex.split(line)[:2]) for line in said.splitlines() if line.startswith(".venv/bin/")}
    configured = re.findall(r"^ +entry: (.+)$", (REPOSITORY / ".pre-commit-config.yaml").read_text(), re.MULTILINE)
    hooks = {tuple(shlex.split(entry)) for entry in configured}
    assert {command[0] for command in linted} == {command[0] for command in hooks}
    assert {command for command in linted if command[0].endswith("ruff")} == {
        command[:2] for command in hooks if command[0].endswith("ruff")
    }


# The locks.


@pytest.mark.parametrize("folder", PIPFILES, ids=lambda folder: folder.name)
def test_a_pipfile_pins_every_package_and_names_no_index(folder: Path) -> None:
    text = (folder / "Pipfile").read_text()
    packages = re.findall(r'^([\w-]+) = (?!\{path = "\.")(.+)$', text, re.MULTILINE)
    assert packages
    assert [name for name, wanted in packages if not re.search(r'"==[\w.]+"', wanted)] == []
    assert "[[source]]" not in text.replace("no [[source]] table", "")


@pytest.mark.parametrize("folder", PIPFILES, ids=lambda folder: folder.name)
def test_a_pipfile_lock_names_no_index_host(folder: Path) -> None:
    text = (folder / "Pipfile.lock").read_text()
    assert json.loads(text)["_meta"]["sources"] == []
    assert not re.search(r'https?://|"index"', text)


@pytest.mark.parametrize("folder", PIPFILES, ids=lambda folder: folder.name)
def test_a_pipfile_lock_is_in_step_with_its_pipfile(folder: Path) -> None:
    # pipenv mixes the indexes of pip's configuration into the hash; the one in the lock is without
    settings = {"PIPENV_PIPFILE": str(folder / "Pipfile"), "VIRTUAL_ENV": sys.prefix, "PIP_CONFIG_FILE": os.devnull}
    environment = {**os.environ, **settings}
    command = [sys.executable, "-m", "pipenv", "verify"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_package_json_pins_every_package() -> None:
    wanted = json.loads((REPOSITORY / "package.json").read_text())
    assert wanted["private"] is True
    assert wanted["devDependencies"]["cdktf-cli"] == "0.21.0"
    versions = [*wanted["devDependencies"].values(), *wanted["optionalDependencies"].values()]
    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


@pytest.mark.parametrize("folder", [REPOSITORY, REPOSITORY / "tests" / "cdktn"], ids=lambda folder: folder.name)
def test_package_lock_names_no_index_host_and_has_hashes(folder: Path) -> None:
    locked = json.loads((folder / "package-lock.json").read_text())
    wanted = json.loads((folder / "package.json").read_text())
    packages = {name: package for name, package in locked["packages"].items() if name}
    assert len(packages) > 100
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, p in packages.items() if "integrity" not in p and not p.get("inBundle")] == []
    for kind in ("devDependencies", "optionalDependencies"):
        assert locked["packages"][""].get(kind) == wanted.get(kind)


# cdktf.json.


def test_cdktf_is_told_to_send_nothing_and_generate_nothing() -> None:
    settings = json.loads((REPOSITORY / "cdktf.json").read_text())
    assert settings["language"] == "python"
    assert settings["sendCrashReports"] == "false"
    assert settings["terraformProviders"] == []
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", settings["projectId"])


@pytest.mark.parametrize("active", [True, False])
def test_cdktf_runs_the_app_in_the_active_environment_or_else_in_dot_venv(tmp_path: Path, active: bool) -> None:
    environment = tmp_path / ("active" if active else ".venv")
    (environment / "bin").mkdir(parents=True)
    python = environment / "bin" / "python3"
    python.write_text('#!/bin/sh\necho "$0 $*"\n')
    python.chmod(0o755)
    app = json.loads((REPOSITORY / "cdktf.json").read_text())["app"]
    variables = {"PATH": "/usr/bin:/bin"} | ({"VIRTUAL_ENV": str(environment)} if active else {})
    done = subprocess.run(["sh", "-c", app], cwd=tmp_path, env=variables, capture_output=True, text=True, check=True)
    assert done.stdout == f"{python} main.py\n"
