"""Every stack of the repository, synthesized with and without the quick loading: byte for byte the same."""

import os
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from sagemaker_endpoint.engine import fastload

import pytest

from tests.snippets import CONTINUES, OF_GUIDES, TEN_LINES
from tests.toolchain import REPOSITORY

TEST_STACKS = REPOSITORY / "tests" / "end_to_end" / "stacks"
PLACE = {
    "region": "eu-west-1",
    "role_arn": "arn:aws:iam::111122223333:role/operator",
    "vpc_id": "vpc-0123456789abcdef0",
    "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
}
INPUTS = {
    "variants": {"blue": ["ml.m5.xlarge", {"least": 1, "most": 2}]},
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
    "serverless": None,
    "answers": None,
    "mark": True,
    "noted": True,
    "here": PLACE,
    "there": PLACE,
    "tag": "1.4",
}
ANY_INPUT = {
    "region": INPUTS["region"],
    "endpoint_name": "sentiment",
    "network": {
        "vpc_id": INPUTS["vpc_id"],
        "subnet_ids": INPUTS["subnet_ids"],
        "egress": {"https": {"description": "HTTPS", "from_port": 443, "cidr_ipv4": "10.0.0.0/16"}},
    },
    "production_variants": [{"model": {"image": INPUTS["image"]}, "instance_type": "ml.m5.large"}],
    "depends_on": ["Routes"],
    "provider": "other",
}
FURTHER = [snippet for snippet in OF_GUIDES.values() if snippet.startswith(CONTINUES)]
APPS = {
    "main": "import main; main.main()",
    **{
        file.stem: f"from tests.end_to_end.stacks import {file.stem}; {file.stem}.main()"
        for file in sorted(TEST_STACKS.glob("[a-z]*.py"))
    },
    "any_input": f"given({ANY_INPUT!r})\nfrom tests.end_to_end.stacks import any_input; any_input.main()",
    "release": "from tests.end_to_end.release import stacks; stacks.main()",
    "bench plain": "from tests.bench.programs import plain; plain.main()",
    "bench endpoints": "from tests.bench.programs import endpoints; endpoints.main(4, 2)",
    "bench empty": "from tests.bench.programs import empty",
    "ten lines": "\n".join([TEN_LINES, *FURTHER, "app.synth()"]),
    "test": OF_GUIDES["testing-1"].replace("Testing.synth(stack)", "kept(Testing.synth(stack))")
    + "\ntest_the_endpoint_runs_on_two_instances()",
}
PROGRAM = """
import json
from pathlib import Path

def given(inputs):
    Path("inputs.json").write_text(json.dumps(inputs), encoding="utf-8")

def kept(text):
    Path("cdktf.out").mkdir()
    Path("cdktf.out", "cdk.tf.json").write_text(text, encoding="utf-8")
    return text

Path("written").mkdir()
for name, app in APPS.items():
    given(INPUTS)
    exec(app, {"given": given, "kept": kept})
    Path("cdktf.out").rename(Path("written", name))
"""


def synthesize(directory: Path, apps: Collection[str], switch: str, first: str = "") -> dict[str, bytes]:
    """Run the apps in one process, and give all that they wrote."""
    chosen = {name: APPS[name] for name in apps}
    program = f"{first}\nAPPS, INPUTS = {chosen!r}, {INPUTS!r}\n{PROGRAM}"
    source_path = os.pathsep.join(map(str, (REPOSITORY, REPOSITORY / "constructs")))
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=directory,
        env={
            **os.environ,
            "PYTHONPATH": source_path,
            # The stack trace of a warning names the folder that jsii made for that run.
            "CDKTF_CONTEXT_JSON": '{"@cdktf/disable_stack_trace_in_metadata": true}',
            fastload.SWITCH: switch,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # The order of imports is told only where quick loading is wanted, and could have been.
    assert ("ImportOrderWarning" in done.stderr) == (bool(first) and switch == "1")
    output = directory / "written"
    files = {str(file.relative_to(output)): file.read_bytes() for file in output.rglob("*") if file.is_file()}
    shutil.rmtree(output)
    return files


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the one folder that all run in, since its path is written down as that of the state."""
    return tmp_path_factory.mktemp("apps")


@pytest.fixture(scope="module")
def fast(directory: Path) -> dict[str, bytes]:
    return synthesize(directory, APPS, "1")


@pytest.mark.end_to_end
def test_every_app_has_written_its_stacks(fast: dict[str, bytes]) -> None:
    assert {Path(name).parts[0] for name in fast if name.endswith("cdk.tf.json")} == APPS.keys()


@pytest.mark.end_to_end
def test_the_output_is_the_same_with_the_switch_turned_off_and_all_bindings(
    fast: dict[str, bytes], directory: Path
) -> None:
    assert synthesize(directory, APPS, "0", first="import cdktf") == fast


@pytest.mark.end_to_end
@pytest.mark.parametrize(
    "first",
    [
        pytest.param("import cdktf", id="cdktf imported before, so that Node runs already"),
        pytest.param("import cdktf_cdktf_provider_null", id="bindings imported before"),
    ],
)
def test_the_output_is_the_same_where_a_half_of_it_comes_too_late(
    first: str, fast: dict[str, bytes], directory: Path
) -> None:
    same = {name: content for name, content in fast.items() if Path(name).parts[0] == "main"}
    assert synthesize(directory, ["main"], "1", first) == same
