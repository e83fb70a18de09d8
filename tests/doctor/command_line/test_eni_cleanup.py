"""Where the script is that cleans up network interfaces."""

from pathlib import Path

from sagemaker_endpoint_doctor.command_line import eni_cleanup
from sagemaker_endpoint_doctor.command_line.cli import main

import pytest

from tests.toolchain import REPOSITORY


def test_the_path_of_the_script_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eni-cleanup", "--path"]) == 0
    assert capsys.readouterr().out == f"{REPOSITORY / 'scripts' / 'eni_cleanup.sh'}\n"


def test_without_path_it_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["eni-cleanup"])
    assert refused.value.code == 2
    assert "the following arguments are required: --path" in capsys.readouterr().err


def test_a_script_that_is_gone_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = tmp_path / "packages" / "sagemaker_endpoint_doctor" / "command_line" / "eni_cleanup.py"
    monkeypatch.setattr(eni_cleanup, "__file__", str(module))
    assert main(["eni-cleanup", "--path"]) == 3
    assert f"neither in {tmp_path / 'packages' / 'sagemaker_endpoint'} nor in" in capsys.readouterr().err
