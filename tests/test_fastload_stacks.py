"""Every stack of the repository, synthesized with and without the quick loading: byte for byte the same."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from sagemaker_endpoint import fastload

import pytest

from tests.toolchain import REPOSITORY

TEST_STACKS = REPOSITORY / "tests" / "end_to_end" / "stacks"
# Each app adds its stack to the one cdktf.out.
PROGRAM = "\n".join(
    [
        "import main",
        *(f"from tests.end_to_end.stacks import {file.stem}" for file in sorted(TEST_STACKS.glob("[a-z]*.py"))),
        "main.main()",
        *(f"{file.stem}.main()" for file in sorted(TEST_STACKS.glob("[a-z]*.py"))),
        *re.findall(r"```python\n(.*?)```", (REPOSITORY / "README.md").read_text(encoding="utf-8"), re.DOTALL)[:1],
    ]
)
INPUTS = {
    "region": "eu-west-1",
    "endpoint_name": "sentiment",
    "vpc_id": "vpc-0123456789abcdef0",
    "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    "security_group_ids": ["sg-0123456789abcdef0"],
    "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/sentiment:1.4",
    "model_data_url": "s3://models/sentiment/model.tar.gz",
    "new_image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/sentiment:1.5",
    "new_environment": {"LOG_LEVEL": "debug"},
    "new_instance_type": "ml.m5.large",
    "new_weight": 1,
    "release": True,
    "role_arn": "arn:aws:iam::111122223333:role/sentiment",
    "kms_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "trust": {"Version": "2012-10-17", "Statement": []},
}


def synthesize(directory: Path, program: str, switch: str) -> dict[str, bytes]:
    """Run the apps in one process and give all that they wrote."""
    (directory / "inputs.json").write_text(json.dumps(INPUTS), encoding="utf-8")
    source_path = os.pathsep.join(map(str, (REPOSITORY, REPOSITORY / "constructs")))
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": source_path, fastload.SWITCH: switch},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    output = directory / "cdktf.out"
    files = {str(file.relative_to(output)): file.read_bytes() for file in output.rglob("*") if file.is_file()}
    output.rename(directory / f"cdktf.out.{len(list(directory.iterdir()))}")
    return files


@pytest.mark.end_to_end
@pytest.mark.parametrize(
    ("first", "switch"),
    [
        pytest.param("", "0", id="the switch turned off"),
        pytest.param("import cdktf", "1", id="cdktf imported before, so that Node runs already"),
        pytest.param("import cdktf_cdktf_provider_aws", "1", id="all bindings imported before"),
    ],
)
def test_the_output_is_the_same(first: str, switch: str, tmp_path: Path) -> None:
    fast = synthesize(tmp_path, PROGRAM, "1")
    stacks = [name for name in fast if name.endswith("cdk.tf.json")]
    assert len(stacks) == PROGRAM.count("main()") + 1
    assert synthesize(tmp_path, f"{first}\n{PROGRAM}", switch) == fast
