"""What is measured: the library, what it stands beside, and many endpoints."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

from sagemaker_endpoint.engine.fastload import SWITCH

from tests.cdktn import CDKTN, moved, python
from tests.toolchain import REPOSITORY

from .measure import Program

_PROGRAMS = Path(__file__).with_name("programs")
_CDK = REPOSITORY / ".venv" / "aws-cdk"
_CDKTF = REPOSITORY / "node_modules" / ".bin" / "cdktf"
# How often each is run: less often what takes longer.
_QUICK, _SLOW, _SLOWEST = 7, 3, 2
_OFF = {SWITCH: "0"}

# What is measured, as the report names it.
MAIN = "`main.py`"
MAIN_OFF = "`main.py`, quick loading turned off"
ENDPOINT = "one endpoint"
EVERYTHING = "one endpoint with everything on"
PLAIN = "the same resources with CDKTF alone"
CDK = "the same endpoint with the AWS CDK"
EMPTY = "an empty CDKTF app, no provider"
MANY = {10: "10 endpoints", 100: "100 endpoints", 1000: "1,000 endpoints"}
STACKS = "1,000 endpoints in 100 stacks"
ON_CDKTN = "one endpoint on cdktn"
OFF_ON_CDKTN = "one endpoint on cdktn, quick loading turned off"
EMPTY_ON_CDKTN = "an empty cdktn app, no provider"
MANY_ON_CDKTN = "100 endpoints on cdktn"
CLI = "`cdktf synth` of `main.py`"
CLI_OFF = "`cdktf synth` of `main.py`, quick loading turned off"

# What is measured from an empty cache too.
FROM_EMPTY = (ENDPOINT, EMPTY)


def contenders(directory: Path) -> list[Program]:
    """Give all that can be measured here; say what cannot."""
    main = [sys.executable, str(REPOSITORY / "main.py")]
    programs = [
        Program(name=MAIN, command=main, rounds=_QUICK),
        Program(name=MAIN_OFF, command=main, rounds=_SLOW, environment=_OFF),
        Program(name=ENDPOINT, command=_program("endpoints", "1", "1"), rounds=_QUICK),
        Program(name=EVERYTHING, command=_program("everything"), rounds=_QUICK),
        Program(name=PLAIN, command=_program("plain"), rounds=_SLOW),
        Program(name=EMPTY, command=_program("empty"), rounds=_QUICK),
        Program(name=MANY[10], command=_program("endpoints", "10", "1"), rounds=_QUICK),
        Program(name=MANY[100], command=_program("endpoints", "100", "1"), rounds=_SLOW),
        Program(name=MANY[1000], command=_program("endpoints", "1000", "1"), rounds=_SLOWEST),
        Program(name=STACKS, command=_program("endpoints", "1000", "100"), rounds=_SLOWEST),
    ]
    programs += _on_cdktn(directory)
    cdk = _aws_cdk()
    if cdk is None:
        print("The AWS CDK cannot be installed here: left out.")
    else:
        programs.append(Program(name=CDK, command=_program("cloudformation", python=str(cdk)), rounds=_QUICK))
    if _CDKTF.exists():
        shutil.copy(REPOSITORY / "cdktf.json", directory)
        shutil.copy(REPOSITORY / "main.py", directory)
        programs.append(Program(name=CLI, command=[str(_CDKTF), "synth"], rounds=_SLOW))
        programs.append(Program(name=CLI_OFF, command=[str(_CDKTF), "synth"], rounds=_SLOW, environment=_OFF))
    else:
        print("The cdktf CLI is not installed: left out.")
    return programs


def _program(name: str, *arguments: str, python: str = sys.executable) -> list[str]:
    return [python, str(_PROGRAMS / f"{name}.py"), *arguments]


def _on_cdktn(directory: Path) -> list[Program]:
    """Give the same programs after the move to cdktn."""
    if not CDKTN.is_dir():
        print("cdktn is not installed: left out.")
        return []

    def program(name: str, *arguments: str) -> list[str]:
        source = (_PROGRAMS / f"{name}.py").read_text(encoding="utf-8")
        written = directory / f"{name}_on_cdktn.py"
        written.write_text(moved(source), encoding="utf-8")
        return [python(), str(written), *arguments]

    one = program("endpoints", "1", "1")
    return [
        Program(name=ON_CDKTN, command=one, rounds=_QUICK),
        Program(name=OFF_ON_CDKTN, command=one, rounds=_SLOW, environment=_OFF),
        Program(name=EMPTY_ON_CDKTN, command=program("empty"), rounds=_QUICK),
        Program(name=MANY_ON_CDKTN, command=program("endpoints", "100", "1"), rounds=_SLOW),
    ]


def _aws_cdk() -> Path | None:
    """Install the AWS CDK, away from the other packages, and give its Python."""
    python = _CDK / "bin" / "python"
    if not python.exists():
        venv.create(_CDK, with_pip=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--requirement", str(_PROGRAMS / "cloudformation.txt")]
    return python if subprocess.run(pip, check=False).returncode == 0 else None
