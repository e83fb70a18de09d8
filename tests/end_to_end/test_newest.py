"""main.py on CDKTF with the newest bindings of AWS's provider that CDKTF has, which go by cdktn's name."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.loaded import loaded_by_main
from tests.toolchain import REPOSITORY, clean_environment

pytestmark = pytest.mark.end_to_end

NEWEST = REPOSITORY / ".venv" / "newest"  # made by `make test`
PYTHON = NEWEST / "bin" / "python"
RESERVED = """
from sagemaker_endpoint import (
    CapacityReservationConfig, InputError, InstanceProductionVariant, Model, SageMakerEndpoint
)
from cdktf import TerraformStack, Testing

plan = CapacityReservationConfig(ml_reservation_arn="arn:aws:sagemaker:eu-west-1:111122223333:training-plan/sentiment")
variant = InstanceProductionVariant(
    model=Model(image="111122223333.dkr.ecr.eu-west-1.amazonaws.com/sentiment:1"),
    instance_type="ml.p5.48xlarge",
    capacity_reservation_config=plan,
)
try:
    SageMakerEndpoint(
        TerraformStack(Testing.app(), "stack"), "Endpoint", endpoint_name="sentiment", production_variants=[variant]
    )
except InputError as error:
    print(*error.problems, sep="\\n")
"""


def moved(folder: Path) -> Path:
    """Write main.py with the imports that these bindings take."""
    main = (REPOSITORY / "main.py").read_text(encoding="utf-8")
    (folder / "main.py").write_text(main.replace("cdktf_cdktf_provider_aws", "cdktn_provider_aws"), encoding="utf-8")
    return folder


def written(python: str | Path, main: Path) -> dict[str, Any]:
    """Run a main.py where it lies."""
    subprocess.run([python, "main.py"], cwd=main, env=clean_environment({}), check=True)
    (stack,) = main.glob("cdktf.out/stacks/*/cdk.tf.json")
    found: dict[str, Any] = json.loads(stack.read_text(encoding="utf-8"))
    return found


def test_main_writes_what_it_writes_with_the_locked_bindings(tmp_path: Path) -> None:
    assert NEWEST.is_dir(), "make .venv/newest/.synced"
    (tmp_path / "locked").mkdir()
    (tmp_path / "locked" / "main.py").symlink_to(REPOSITORY / "main.py")
    (tmp_path / "newest").mkdir()
    before = written(sys.executable, tmp_path / "locked")
    after = written(PYTHON, moved(tmp_path / "newest"))
    providers = after["terraform"].pop("required_providers")
    assert providers["aws"] == {"source": "hashicorp/aws", "version": "6.32.1"}
    for each in (before, after):
        each["terraform"].pop("required_providers", None)
        del each["terraform"]["backend"]  # where the state lies
    assert after == before


def test_main_loads_only_what_it_uses(tmp_path: Path) -> None:
    main = loaded_by_main(PYTHON, moved(tmp_path), clean_environment({}))
    assert {"sagemaker_endpoint", "provider", "kms_key"} <= main.in_python
    assert len(main.in_python) < 30
    assert main.in_node <= main.in_python


def test_what_they_do_not_know_is_refused_with_the_release_that_does() -> None:
    done = subprocess.run(
        [PYTHON, "-c", RESERVED], env=clean_environment({}), capture_output=True, text=True, check=True
    )
    assert (
        "production_variants[0].capacity_reservation_config must not be given with the installed cdktn-provider-aws, "
        "whose AWS provider does not know it: install a release of AWS provider 6.54 or later, which cdktn alone has "
        "bindings for"
    ) in done.stdout.splitlines()
