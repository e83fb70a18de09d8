"""What the package says of itself: version, licence, and where it is at home."""

import re
import subprocess
import sys
from pathlib import Path

import sagemaker_endpoint

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
PROJECT = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")


def test_the_version_is_that_of_the_project() -> None:
    assert f'\nversion = "{sagemaker_endpoint.__version__}"\n' in PROJECT


def test_the_version_is_read_only_when_it_is_asked_for() -> None:
    program = (
        "import importlib.metadata as metadata, sagemaker_endpoint; metadata.version = lambda name: f'read of {name}'; "
        "print(sagemaker_endpoint.__version__)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "read of cdktf-sagemaker-endpoint\n"


def test_a_name_that_the_library_does_not_have_is_refused_as_everywhere() -> None:
    with pytest.raises(AttributeError, match="module 'sagemaker_endpoint' has no attribute 'Endpoint'"):
        _ = sagemaker_endpoint.Endpoint  # type: ignore[attr-defined] # mypy refuses it too: this line proves it


def test_the_licence_is_named_by_metadata_and_file_alike() -> None:
    (licence,) = re.findall(r'^license = "(.*)"$', PROJECT, flags=re.MULTILINE)
    text = (REPOSITORY / "LICENSE").read_text(encoding="utf-8")
    assert f"SPDX identifier: {licence}" in text
    assert "\nCopyright " in (REPOSITORY / "NOTICE").read_text(encoding="utf-8")


def test_readmes_links_elsewhere_lead_to_the_projects_repository() -> None:
    (repository,) = re.findall(r'^Repository = "https://github\.com/(.*)"$', PROJECT, flags=re.MULTILINE)
    named = re.findall(r"https://(?:raw\.githubusercontent|github)\.com/([\w-]+/[\w-]+)", PROJECT)
    assert set(named) == {repository}
