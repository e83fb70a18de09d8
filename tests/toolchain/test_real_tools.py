from pathlib import Path

import pytest

from .command import CommandError
from .project import Project

pytestmark = pytest.mark.end_to_end
MAIN = Path(__file__).with_name("small_app.py")
STACK = "small"
ADDRESS = "null_resource.thing"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(directory=tmp_path, main=MAIN)
    project.synth()
    return project


def test_terraform_takes_a_stack_from_init_to_destroy(project: Project) -> None:
    terraform = project.terraform(STACK, variables={"word": "first"})
    terraform.init()
    assert terraform.validate() == ()
    assert terraform.apply().created() == [ADDRESS]
    assert terraform.plan().is_empty
    assert terraform.show().addresses() == [ADDRESS]
    assert terraform.show()[ADDRESS]["triggers"] == {"word": "first"}
    assert terraform.outputs() == {"id": terraform.show()[ADDRESS]["id"]}
    changed = terraform.with_variables(word="second").plan()
    assert changed.changes == {ADDRESS: ("delete", "create")}
    assert changed.outputs == {"id"}
    assert terraform.destroy().deleted() == [ADDRESS]
    assert terraform.show().addresses() == []


def test_a_refused_variable_is_told_in_terraforms_words(project: Project) -> None:
    terraform = project.terraform(STACK, variables={"word": "far too long"})
    terraform.init()
    with pytest.raises(CommandError, match="That is long"):
        terraform.apply()


def test_what_is_wrong_with_a_stack_is_listed(project: Project) -> None:
    stack = project.stack_directory(STACK)
    (stack / "wrong_override.tf.json").write_text('{"output": {"id": {"value": "${null_resource.other.id}"}}}')
    terraform = project.terraform(STACK)
    terraform.init()
    (found,) = terraform.validate()
    assert (found.severity, found.summary) == ("error", "Reference to undeclared resource")


def test_what_cdktf_fails_at_is_told_in_terraforms_words(project: Project) -> None:
    with pytest.raises(CommandError, match="That is long"):
        project.cdktf(STACK, variables={"word": "far too long"}).deploy()
