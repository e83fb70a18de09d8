"""What docs/moves.md says of moves, tried: the plan adds, changes and destroys nothing."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.demo.stage import build_network
from tests.embedded_aws import EmbeddedAws
from tests.toolchain import REPOSITORY, CommandError, Project, Terraform

from .deployment import environment

pytestmark = pytest.mark.end_to_end

PAGE = (REPOSITORY / "docs" / "moves.md").read_text(encoding="utf-8")
(SNIPPET,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
PROVIDERS = """
AwsProvider(stack, "aws", region="eu-west-1")
NullProvider(stack, "null")
"""
STACK = 'stack = TerraformStack(app, "sentiment")\n'
BEFORE = f"""
app = App()
{STACK}{PROVIDERS}
sentiment(stack, "Sentiment")
app.synth()
"""
IDS = ["vpc-0123456789abcdef0", "subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]


@dataclass(frozen=True, kw_only=True)
class Programs:
    """One project, whose program changes; its state stays."""

    aws: EmbeddedAws
    directory: Path
    ids: list[str]

    def run(self, program: str, stack: str = "sentiment") -> Terraform:
        """Synthesize a program and initialize its stack."""
        for example, real in zip(IDS, self.ids, strict=True):
            program = program.replace(example, real)
        main = self.directory / "program.py"
        main.write_text(program, encoding="utf-8")
        project = Project(directory=self.directory / "app", main=main, environment=environment(self.aws))
        project.synth()
        terraform = project.terraform(stack)
        terraform.init()
        return terraform


@pytest.fixture(scope="module")
def programs(aws: EmbeddedAws, tmp_path_factory: pytest.TempPathFactory) -> Programs:
    vpc_id, subnet_ids = build_network(aws.client("ec2"))
    programs = Programs(aws=aws, directory=tmp_path_factory.mktemp("moves"), ids=[vpc_id, *subnet_ids])
    programs.run(SNIPPET.partition("app = App()")[0] + BEFORE).apply()
    return programs


def test_an_endpoint_with_another_id_in_another_scope_stays_as_it_is(programs: Programs) -> None:
    terraform = programs.run(SNIPPET)
    plan = terraform.plan()
    assert plan.changes == {}
    assert plan.text.count(" has moved to ") == 22
    assert "0 to add, 0 to change, 0 to destroy" in plan.text
    programs.aws.reset_calls()
    terraform.apply()
    assert [call for call in programs.aws.calls() if call.is_write] == []
    assert terraform.plan().is_empty


def test_an_endpoint_in_a_stack_of_another_name_stays_as_it_is(programs: Programs) -> None:
    app = programs.directory / "app"
    shutil.move(app / "terraform.sentiment.tfstate", app / "terraform.language.tfstate")
    renamed = STACK.replace('"sentiment"', '"language"')
    plan = programs.run(SNIPPET.replace(STACK, renamed), "language").plan()
    assert plan.is_empty


def test_a_whole_endpoint_cannot_leave_from_its_old_side(programs: Programs, tmp_path: Path) -> None:
    by_id = 'old.move_to_id(f"{new.terraform_resource_type}.{new.friendly_unique_id}")'
    program = re.sub(r"new\.move_from_id\(.*\)", by_id, SNIPPET)
    program = program.replace('TerraformStack(App(), "before")', "stack")
    elsewhere = Programs(aws=programs.aws, directory=tmp_path, ids=programs.ids)
    with pytest.raises(CommandError, match="Reference to undeclared resource"):
        elsewhere.run(program).plan()


ROLES = f"""
import sagemaker_endpoint
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider
app = App()
{STACK}{PROVIDERS}
trust = '{{"Version": "2012-10-17", "Statement": []}}'
one, other = (IamRole(stack, name, name_prefix="role-", assume_role_policy=trust) for name in ("One", "Other"))
"""
MOVED = """
new_one, new_other = (
    IamRole(stack, f"New{name}", name_prefix="role-", assume_role_policy=trust) for name in ("One", "Other")
)
one.move_to_id(f"aws_iam_role.{new_one.friendly_unique_id}")
new_other.add_move_target("other")
other.move_to("other")
"""


def test_a_single_resource_can_be_moved_from_its_old_side(aws: EmbeddedAws, programs: Programs, tmp_path: Path) -> None:
    elsewhere = Programs(aws=aws, directory=tmp_path, ids=programs.ids)
    elsewhere.run(ROLES + "app.synth()").apply()
    plan = elsewhere.run(ROLES + MOVED + "app.synth()").plan()
    assert plan.changes == {}
    assert plan.text.count(" has moved to ") == 2
