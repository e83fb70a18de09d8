"""What programs write, on either engine."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.example_programs import EXAMPLES, names
from tests.toolchain import REPOSITORY, clean_environment

from . import environment, moved, python

PROGRAMS = {"main": REPOSITORY / "main.py", **{name: EXAMPLES / name / "main.py" for name in names()}}
_RUN_ALL = """
import pathlib, runpy, sys
for name in sys.argv[1:]:
    runpy.run_path(f"{name}/main.py", run_name="__main__")
    pathlib.Path("cdktf.out").rename(f"{name}/cdktf.out")  # Node stays in one folder
"""


def written(folder: Path, *, on_cdktn: bool) -> dict[str, Path]:
    """Run all programs, and give the folder of each one's stacks."""
    for name, program in PROGRAMS.items():
        source = program.read_text(encoding="utf-8")
        (folder / name).mkdir(parents=True)
        for beside in program.parent.glob("*.yaml"):
            shutil.copy(beside, folder / name)
        (folder / name / "main.py").write_text(moved(source) if on_cdktn else source, encoding="utf-8")
    done = subprocess.run(
        [python() if on_cdktn else sys.executable, "-c", _RUN_ALL, *PROGRAMS],
        cwd=folder,
        env=clean_environment(environment() if on_cdktn else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {name: folder / name / "cdktf.out" / "stacks" for name in PROGRAMS}


def configurations(stacks: Path) -> dict[str, dict[str, Any]]:
    """Read the JSON of each stack."""
    return {each.parent.name: json.loads(each.read_text(encoding="utf-8")) for each in stacks.glob("*/cdk.tf.json")}
