"""The wheel holds the packages and nothing else, and synthesizes far from the repository."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGES = REPOSITORY / "constructs"
PROGRAM = """
import sagemaker_endpoint
from sagemaker_endpoint import InstanceProductionVariant, Model, PrivateNetwork, SageMakerEndpoint
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider
import constructs

app = App()
stack = TerraformStack(app, "stack")
AwsProvider(stack, "aws", region="eu-west-1")
NullProvider(stack, "null")
SageMakerEndpoint(
    stack, "Endpoint", endpoint_name="sentiment",
    network=PrivateNetwork(vpc_id="vpc-01234567", subnet_ids=["subnet-01234567", "subnet-01234568"]),
    production_variants=[InstanceProductionVariant(
        model=Model(image="111122223333.dkr.ecr.eu-west-1.amazonaws.com/sentiment:1"), instance_type="ml.m5.large")],
)
app.synth()
print(sagemaker_endpoint.__file__, constructs.__file__, sep="\\n")
"""


def run(*command: str | Path, directory: Path = REPOSITORY) -> str:
    """Run a command with nothing of this environment's Python in its own."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as pip does for whoever installs from the repository."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, REPOSITORY)
    [built] = folder.iterdir()
    return built


def test_a_zip_application_synthesizes_and_leaves_nothing_behind(tmp_path: Path) -> None:
    archive, temporary = tmp_path / "app.pyz", tmp_path / "temporary"
    temporary.mkdir()
    with zipfile.ZipFile(archive, "w") as packed:
        for file in PACKAGES.rglob("*.*"):
            packed.write(file, file.relative_to(PACKAGES))
        packed.write(REPOSITORY / "scripts" / "eni_cleanup.sh", "sagemaker_endpoint/eni_cleanup.sh")
        packed.writestr("__main__.py", PROGRAM)
    environment = {**os.environ, "TMPDIR": str(temporary)}
    done = subprocess.run(
        [sys.executable, archive], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{archive}/sagemaker_endpoint/")
    [script] = (tmp_path / "cdktf.out").rglob("eni_cleanup.sh")
    assert script.read_bytes() == (REPOSITORY / "scripts" / "eni_cleanup.sh").read_bytes()
    assert not [*temporary.rglob("eni_cleanup.sh")]


@pytest.mark.end_to_end
def test_the_wheel_holds_the_packages_and_the_script_and_nothing_else(wheel: Path) -> None:
    modules = {path.relative_to(PACKAGES).as_posix() for path in PACKAGES.rglob("*.py")}
    others = {f"sagemaker_endpoint/{name}" for name in ("py.typed", "engine/fastload.js", "eni_cleanup.sh")}
    others |= {f"sagemaker_endpoint_{package}/py.typed" for package in ("doctor", "runbook")}
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        script = archive.read("sagemaker_endpoint/eni_cleanup.sh")
        [metadata] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        described = archive.read(metadata).decode()
    assert names == modules | others
    assert script == (REPOSITORY / "scripts" / "eni_cleanup.sh").read_bytes()
    assert "\nName: cdktf-sagemaker-endpoint\n" in described
    assert "\nLicense-Expression: Apache-2.0\n" in described
    assert str(REPOSITORY) not in described
    links = re.findall(r"\]\(([^)]+)\)", described)
    assert len(links) > 20
    assert [link for link in links if not link.startswith(("https://", "#"))] == [], "they lead nowhere outside"


@pytest.mark.end_to_end
def test_the_installed_wheel_synthesizes_far_from_the_repository(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", home)
    python = home / "bin" / "python"
    # The wheel itself is installed as anyone would. Its dependencies, some 300 MB, are those of this environment: a
    # path file puts its packages behind the new ones. Path files that stand there are not read, and one of them is
    # all that leads to the repository, so what is imported as sagemaker_endpoint can only be the wheel's.
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    [packages] = home.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))

    away = tmp_path / "away"
    away.mkdir()
    library, engine = run(python, "-c", PROGRAM, directory=away).splitlines()
    assert Path(library).parent == packages / "sagemaker_endpoint"
    assert Path(engine).parent == Path(sysconfig.get_path("purelib")) / "constructs"

    stack = away / "cdktf.out" / "stacks" / "stack"
    written = json.loads((stack / "cdk.tf.json").read_text(encoding="utf-8"))
    [release] = [block for name, block in written["resource"]["null_resource"].items() if "Release" in name]
    script = release["provisioner"][0]["local-exec"]["interpreter"][1].removeprefix("${path.module}/")
    assert (stack / script).read_bytes() == (packages / "sagemaker_endpoint" / "eni_cleanup.sh").read_bytes()
    assert str(REPOSITORY) not in json.dumps(written)
