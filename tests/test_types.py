"""A program has all its types without a setting of its own; mypy reads the same ones by `make lint`."""

import sys
from pathlib import Path

import pytest

from tests.example_programs import EXAMPLES, names
from tests.pyright import diagnostics
from tests.toolchain import REPOSITORY

pytestmark = pytest.mark.end_to_end

# What the engine makes, and inputs that are wrong: a line each.
WRONG = """
from sagemaker_endpoint import ExistingEndpoint, SageMakerEndpoint
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.iam_role import IamRole

stack = TerraformStack(App(), "Stack")
endpoint = SageMakerEndpoint(stack, "Endpoint", endpoint_name="sentiment", production_variants=[], subnets=["a"])
reveal_type(endpoint.grant_invoke(IamRole(stack, "Caller", assume_role_policy="{}")).policy_arn)
reveal_type(endpoint.resources.models)
SageMakerEndpoint(stack, "Another", endpoint_name="another")
ExistingEndpoint(stack, "Theirs", endpoint_name=7)
"""
SAID = [
    ("error", 'No parameter named "subnets"'),
    ("information", '"str"'),
    ("information", '"Mapping[str, SagemakerModel]"'),
    ("error", 'Argument missing for parameter "production_variants"'),
    ("error", 'parameter "endpoint_name" of type "str"'),
]


def test_pyright_accepts_main_and_the_examples_in_strict_mode_and_nothing_wrong(tmp_path: Path) -> None:
    for name, program in [("main", REPOSITORY / "main.py"), *((name, EXAMPLES / name / "main.py") for name in names())]:
        (tmp_path / f"{name}.py").write_text(program.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    found = diagnostics(tmp_path, python=sys.executable, settings={"typeCheckingMode": "strict"})
    assert [each for each in found if each[0] != "wrong.py"] == []
    assert [severity for _, severity, _ in found] == [severity for severity, _ in SAID], found
    for (_, _, message), (_, part) in zip(found, SAID, strict=True):
        assert part in message
