"""What the examples have in common, and where they are named."""

import pytest

from tests.example_programs import EXAMPLES, names, synthesized
from tests.examples import reference_app
from tests.toolchain import REPOSITORY

WITHOUT_VPC = {"serverless"}
OF_SEVERAL_STACKS = {"environments"}
"""What differs between their stacks stands in a file."""
ONES = [name for name in names() if name not in OF_SEVERAL_STACKS]


@pytest.mark.parametrize("name", ONES)
def test_each_asks_for_what_differs_between_accounts_and_for_nothing_else(name: str) -> None:
    declared = synthesized(name).configuration["variable"]
    of_vpc = set() if name in WITHOUT_VPC else {"vpc_id", "private_subnet_ids"}
    assert set(declared) == {"region"} | of_vpc
    ours = reference_app().configuration["variable"]
    for variable, block in declared.items():
        assert block["type"] == ours[variable]["type"]
        assert "default" not in block
        assert block["description"].endswith(".")


@pytest.mark.parametrize("name", ONES)
def test_each_has_the_outputs_of_the_reference_app(name: str) -> None:
    outputs = synthesized(name).configuration["output"]
    ours = set(reference_app().configuration["output"])
    assert set(outputs) == ours - ({"security_group_id"} if name in WITHOUT_VPC else set())
    assert outputs["runbook"]["sensitive"] is True


@pytest.mark.parametrize("name", ONES)
def test_each_is_a_stack_of_its_own_name_with_a_provider_and_no_backend(name: str) -> None:
    configuration = synthesized(name).configuration
    stack = name.replace("_", "-")
    assert configuration["provider"]["aws"] == [{"region": "${var.region}"}]
    assert set(configuration["terraform"]) == {"required_providers"}
    [endpoint] = configuration["resource"]["aws_sagemaker_endpoint"].values()
    assert endpoint["name"] == stack
    program = (EXAMPLES / name / "main.py").read_text(encoding="utf-8")
    assert f'TerraformStack(app, "{stack}")' in program


def test_each_is_deployed_by_a_test_and_named_by_the_pages() -> None:
    tested = (REPOSITORY / "tests" / "end_to_end" / "examples").glob("test_*.py")
    assert set(names()) <= {file.stem.removeprefix("test_") for file in tested}
    for page, link in ((REPOSITORY / "README.md", "examples/{}/main.py"), (EXAMPLES / "README.md", "{}/main.py")):
        text = page.read_text(encoding="utf-8")
        assert [name for name in names() if f"({link.format(name)})" not in text] == []
