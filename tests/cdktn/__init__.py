"""The library on cdktn: in an environment that has nothing else, and beside CDKTF in this one."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from sagemaker_endpoint.engine.bindings import SWITCH

from tests.toolchain import REPOSITORY, clean_environment

CDKTN = REPOSITORY / ".venv" / "cdktn"  # made by `make test`
CLI = REPOSITORY / "tests" / "cdktn" / "node_modules" / ".bin" / "cdktn"  # this as well


def environment(base: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Lay over `base` what is set for programs in `CDKTN`; Node, the CLI's too, is the project's own."""
    tools = clean_environment(base)
    path = [str(CDKTN / "bin"), str(Path(tools["JSII_NODE"]).parent), tools["PATH"]]
    return {**base, "PATH": os.pathsep.join(path), "JSII_NODE": tools["JSII_NODE"]}


def beside_cdktf(base: Mapping[str, str]) -> dict[str, str]:
    """Give the environment for this Python in which cdktn is installed as well as CDKTF, and is the one that is meant.

    Programs that are written for CDKTF run on cdktn there.
    """
    (packages,) = CDKTN.glob("lib/python*/site-packages")
    moved = REPOSITORY / "tests" / "cdktn" / "moved"
    path = [str(moved), str(packages), *filter(None, [base.get("PYTHONPATH")])]
    return {**base, SWITCH: "cdktn", "PYTHONPATH": os.pathsep.join(path)}


def moved(program: str) -> str:
    """Move a program from CDKTF to cdktn as the README says it."""
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    substitutions = re.findall(r"-e 's/([^/]+)/([^/]+)/'", readme)
    assert substitutions
    for old, new in substitutions:
        program = program.replace(old, new)
    return program


def python() -> str:
    """Name the Python of `CDKTN`."""
    assert CDKTN.is_dir(), f"make {CDKTN.relative_to(REPOSITORY)}/.synced"
    return str(CDKTN / "bin" / Path(sys.executable).name)
