"""The public types are those of cdktn where a type checker is told so: the same program, read twice."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.pyright import diagnostics
from tests.toolchain import REPOSITORY

from . import moved, python

pytestmark = pytest.mark.end_to_end

# A provider of cdktn's, a role of its own, and what the library makes of them.
USE = """

def use(stack: TerraformStack, endpoint: SageMakerEndpoint) -> None:
    from cdktn_provider_aws.iam_role import IamRole

    role = IamRole(stack, "Caller", assume_role_policy="{}")
    attachment = endpoint.grant_invoke(role)
    reveal_type(attachment.policy_arn)
    endpoint.grant_invoke(7)
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Give main.py as it is after the move, with a use of the endpoint that is right and one that is wrong."""
    written = tmp_path / "main.py"
    written.write_text(moved((REPOSITORY / "main.py").read_text(encoding="utf-8")) + USE, encoding="utf-8")
    return written


def test_mypy_reads_them(program: Path) -> None:
    options = ["--config-file", "tests/cdktn/mypy.ini", "--python-executable", python(), "--no-pretty"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "constructs/sagemaker_endpoint", program],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    note, error, total = done.stdout.splitlines()
    assert note.endswith('note: Revealed type is "str"'), done.stdout
    assert '"grant_invoke" of "SageMakerEndpoint" has incompatible type "int"; expected "IamRole | str"' in error
    assert total.startswith("Found 1 error in 1 file")


def test_pyright_reads_them(program: Path) -> None:
    found = diagnostics(program.parent, python=python(), settings={"defineConstant": {"CDKTN": True}})
    assert [severity for _, severity, _ in found] == ["information", "error"], found
    assert found[0][2] == 'Type of "attachment.policy_arn" is "str"'
    assert 'parameter "role" of type "IamRole | str"' in found[1][2]
