"""checkov over every example."""

from pathlib import Path

import pytest

from tests.end_to_end.checkov import Remark, failures
from tests.example_programs import names, text_of

pytestmark = pytest.mark.end_to_end


def test_checkov_finds_what_the_code_owns_up_to_and_nothing_else(tmp_path: Path) -> None:
    for name in names():
        folder = tmp_path / name
        folder.mkdir()
        (folder / "cdk.tf.json").write_text(text_of(name), encoding="utf-8")
    failed, remarks = failures(tmp_path), Remark.all()
    assert [failure for failure in sorted(failed) if not any(remark.is_about(failure) for remark in remarks)] == []
    assert [remark for remark in remarks if not any(map(remark.is_about, failed))] == []
