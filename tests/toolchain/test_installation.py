import json
from pathlib import Path

import pytest

from .command import run
from .installation import keep, lay_out
from .terraform import Terraform

pytestmark = pytest.mark.end_to_end
AWS = {"aws": {"source": "aws", "version": "6.25.0"}}


def stack(directory: Path, required: object = AWS) -> Path:
    directory.mkdir()
    content = {"terraform": {"required_providers": required}, "provider": {"aws": [{"region": "eu-west-1"}]}}
    (directory / "cdk.tf.json").write_text(json.dumps(content), encoding="utf-8")
    return directory


def test_the_second_stack_has_what_the_first_was_given_and_terraform_takes_it_as_it_is(tmp_path: Path) -> None:
    first, second = (Terraform(directory=stack(tmp_path / name), environment={}) for name in ("first", "second"))
    first.init()
    second.init()
    locks = [(each.directory / ".terraform.lock.hcl").read_text(encoding="utf-8") for each in (first, second)]
    assert locks[0] == locks[1]
    # It hashes what is laid out, where no provider runs for it.
    run(["terraform", "validate"], directory=second.directory, environment=second.full_environment())


def test_nothing_is_laid_out_for_other_requirements_or_where_something_is_installed(tmp_path: Path) -> None:
    first = Terraform(directory=stack(tmp_path / "first"), environment={})
    first.init()
    keep(first.directory)
    assert not lay_out(first.directory)
    assert not lay_out(stack(tmp_path / "other", {"aws": {"source": "aws", "version": "5.99.0"}}))
    assert not lay_out(stack(tmp_path / "more", {**AWS, "null": {"source": "null", "version": "0.0.1"}}))
