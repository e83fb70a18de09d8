"""Aspects of the app change resources, as they are meant to, and neither break nor disarm a check."""

from collections.abc import Callable, Iterator
from typing import Any

from sagemaker_endpoint import InterfaceCleanup

import jsii
import pytest
from cdktf import Aspects, IAspect, Postcondition, TerraformElement, TerraformResource, TerraformResourceLifecycle
from constructs import IConstruct

from tests.examples import stack, synthesize, variable
from tests.synthesized import Block, Synthesized

Visit = Callable[[Any], object]


@jsii.implements(IAspect)
class Aspect:
    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    def visit(self, node: IConstruct) -> None:
        self._visit(node)


def changed(visit: Visit) -> tuple[Synthesized, Synthesized]:
    """Synthesize an endpoint with and without an Aspect."""
    made = []
    for aspects in ([], [Aspect(visit)]):
        scope = stack()
        cleanup = InterfaceCleanup(profile=variable(scope).string_value)
        for aspect in aspects:
            Aspects.of(scope).add(aspect)
        made.append(synthesize(scope, interface_cleanup=cleanup))
    before, after = made
    return before, after


def add_tags(node: Any) -> None:  # noqa: ANN401 - any construct
    # https://developer.hashicorp.com/terraform/cdktf/concepts/aspects
    if hasattr(node, "tags") and hasattr(node, "tags_input"):
        node.tags = {**(node.tags_input or {}), "team": "ml"}


def set_tags(node: Any) -> None:  # noqa: ANN401 - any construct
    if hasattr(node, "tags"):
        node.tags = {"team": "ml"}


def override_tags(node: Any) -> None:  # noqa: ANN401 - any construct
    if hasattr(node, "tags_input"):
        node.add_override("tags", {"team": "ml"})


def tag_resources(node: Any) -> None:  # noqa: ANN401 - any construct
    if TerraformResource.is_terraform_resource(node) and hasattr(node, "tags_input"):
        node.tags = {"team": "ml"}


@pytest.mark.parametrize("visit", [add_tags, set_tags, override_tags, tag_resources])
def test_tags_reach_every_resource_that_takes_them_and_no_data_source(visit: Visit) -> None:
    before, after = changed(visit)
    assert after.configuration["data"] == before.configuration["data"]
    tagged = [kind for kind, _, block in resources(after) if block.get("tags") == {"team": "ml"}]
    assert {"aws_iam_role", "aws_security_group", "aws_sagemaker_model", "aws_sagemaker_endpoint"} <= {*tagged}


def set_input(name: str, value: str) -> Visit:
    def visit(node: Any) -> None:  # noqa: ANN401 - any construct
        if hasattr(node, f"{name}_input"):
            setattr(node, name, value)

    return visit


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("path", "/team/"),
        ("permissions_boundary", "arn:aws:iam::111122223333:policy/boundary"),
        ("name", "renamed"),
        ("region", "eu-central-1"),
    ],
)
def test_no_other_input_reaches_a_data_source(name: str, value: str) -> None:
    before, after = changed(set_input(name, value))
    assert after.configuration["data"] == before.configuration["data"]


def set_lifecycle(**lifecycle: Any) -> Visit:
    def visit(node: Any) -> None:  # noqa: ANN401 - any construct
        if hasattr(node, "lifecycle"):
            node.lifecycle = TerraformResourceLifecycle(**lifecycle)

    return visit


def override_lifecycle(path: str, value: object) -> Visit:
    def visit(node: object) -> None:
        if isinstance(node, TerraformElement):
            node.add_override(path, value)

    return visit


MINE = {"condition": "${true}", "error_message": "Mine."}


def resources(made: Synthesized) -> Iterator[tuple[str, str, Block]]:
    for section in ("resource", "data"):
        for kind, blocks in made.configuration[section].items():
            for id_, block in blocks.items():
                yield kind, id_, block


def holds(lifecycle: Block, wanted: Block) -> bool:
    return all(
        all(each in lifecycle.get(name, []) for each in value)
        if isinstance(value, list)
        else lifecycle.get(name) == value
        for name, value in wanted.items()
    )


@pytest.mark.parametrize(
    "visit",
    [
        pytest.param(set_lifecycle(ignore_changes=["tags"]), id="ignore_changes"),
        pytest.param(set_lifecycle(prevent_destroy=True), id="prevent_destroy"),
        pytest.param(set_lifecycle(create_before_destroy=False), id="create_before_destroy"),
        pytest.param(
            set_lifecycle(postcondition=[Postcondition(condition="${true}", error_message="Mine.")]),
            id="another postcondition",
        ),
        pytest.param(override_lifecycle("lifecycle.ignore_changes", ["tags"]), id="an override"),
        pytest.param(override_lifecycle("lifecycle.precondition", [MINE]), id="an override of the preconditions"),
        pytest.param(override_lifecycle("lifecycle.postcondition", [MINE]), id="an override of the postconditions"),
        pytest.param(override_lifecycle("lifecycle.replace_triggered_by", ["terraform_data.mine"]), id="of triggers"),
        pytest.param(override_lifecycle("lifecycle", {"prevent_destroy": True}), id="an override of all of it"),
        pytest.param(override_lifecycle("lifecycle", {"ignore_changes": ["tags"]}), id="and with a list of ours"),
    ],
)
def test_a_lifecycle_is_added_to_and_never_replaced(visit: Visit) -> None:
    before, after = changed(visit)
    others = {(kind, id_): block for kind, id_, block in resources(after)}
    wanted = [(kind, id_, block["lifecycle"]) for kind, id_, block in resources(before) if "lifecycle" in block]
    assert len(wanted) > 6
    for kind, id_, lifecycle in wanted:
        assert holds(others[kind, id_]["lifecycle"], lifecycle), (kind, id_)
    (subnet,) = after.all("data.aws_subnet").values()
    assert len(subnet["lifecycle"]["postcondition"]) >= 1


def test_what_an_aspect_adds_to_a_lifecycle_is_there_once_beside_ours() -> None:
    mine = {"ignore_changes": ["name", "tags"], "prevent_destroy": True}
    _, after = changed(override_lifecycle("lifecycle", mine))
    lifecycle = after.one("aws_sagemaker_model")["lifecycle"]
    assert sorted(lifecycle["ignore_changes"]) == ["name", "tags"]
    assert lifecycle["prevent_destroy"] is True
