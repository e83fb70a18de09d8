"""The door to the engine: which one it is, and that nothing of the other comes through it."""

import ast
import re
from collections.abc import Callable, Collection
from importlib.machinery import ModuleSpec
from pathlib import Path

from sagemaker_endpoint import ExistingEndpoint, InputError, SageMakerEndpoint, prebuilt_image
from sagemaker_endpoint.engine import bindings

import pytest
from constructs import Construct

from tests.examples import INPUTS, stack

CDKTF = {"cdktf", "cdktf_cdktf_provider_aws", "cdktf_cdktf_provider_null"}
CDKTN = {"cdktn", "cdktn_provider_aws", "cdktn_provider_null"}


def choose(installed: Collection[str], wanted: str | None, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str, str]:
    """Choose among installed packages."""
    monkeypatch.setattr(bindings, "find_spec", lambda name: ModuleSpec(name, None) if name in installed else None)
    if wanted is None:
        monkeypatch.delenv(bindings.SWITCH, raising=False)
    else:
        monkeypatch.setenv(bindings.SWITCH, wanted)
    return bindings._choose()  # noqa: SLF001 - it is chosen once, at import


# Which engine it is.


@pytest.mark.parametrize(
    ("installed", "wanted", "engine"),
    [
        pytest.param(CDKTF, None, "cdktf", id="CDKTF alone"),
        pytest.param(CDKTN, None, "cdktn", id="cdktn alone"),
        pytest.param(CDKTF | CDKTN, None, "cdktf", id="both"),
        pytest.param(CDKTF | CDKTN, "", "cdktf", id="both, and the setting is empty"),
        pytest.param(CDKTF | CDKTN, "cdktf", "cdktf", id="both, and CDKTF is asked for"),
        pytest.param(CDKTF | CDKTN, " CDKTN", "cdktn", id="both, and cdktn is asked for"),
        pytest.param({"cdktf"} | CDKTN, None, "cdktn", id="CDKTF without its bindings"),
        pytest.param(CDKTF | {"cdktn"}, None, "cdktf", id="cdktn without its bindings"),
    ],
)
def test_the_engine_is_what_is_installed_or_asked_for(
    installed: set[str], wanted: str | None, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = {"cdktf": "cdktf_cdktf_provider_", "cdktn": "cdktn_provider_"}[engine]
    assert choose(installed, wanted, monkeypatch) == (engine, f"{prefix}aws", f"{prefix}null")


def test_bindings_with_cdktns_name_that_are_made_for_cdktf_are_used_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = {"cdktf", "cdktn_provider_aws", "cdktf_cdktf_provider_null"}
    assert choose(installed, None, monkeypatch) == ("cdktf", "cdktn_provider_aws", "cdktf_cdktf_provider_null")


@pytest.mark.parametrize(
    ("installed", "wanted", "commands"),
    [
        pytest.param(set(), None, ["cdktf", "cdktn"], id="nothing"),
        pytest.param({"cdktf", "cdktn"}, None, ["cdktf", "cdktn"], id="no bindings"),
        pytest.param(CDKTF - {"cdktf_cdktf_provider_null"}, None, ["cdktf", "cdktn"], id="no bindings of null"),
        pytest.param(CDKTF, "cdktn", ["cdktn"], id="not the one that is asked for"),
        pytest.param({"cdktf"} | CDKTN, "cdktf", ["cdktf"], id="bindings of the other"),
    ],
)
def test_an_engine_that_is_not_there_is_told_with_the_commands_that_bring_it(
    installed: set[str], wanted: str | None, commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImportError, match="not installed") as raised:
        choose(installed, wanted, monkeypatch)
    assert re.findall(r'pip install "cdktf-sagemaker-endpoint\[(\w+)\]"', str(raised.value)) == commands


def test_an_engine_that_nobody_knows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImportError, match=r"^SAGEMAKER_ENDPOINT_ENGINE must be cdktf or cdktn, got 'terraform'$"):
        choose(CDKTF, "terraform", monkeypatch)


# What comes through it.


def test_the_types_of_both_engines_have_the_same_names() -> None:
    source = ast.parse(Path(bindings.__file__).read_text(encoding="utf-8"))
    (types,) = [node for node in ast.walk(source) if isinstance(node, ast.If) and ast.unparse(node.test) == "not CDKTN"]
    (other,) = types.orelse
    assert isinstance(other, ast.Try)
    cdktf, cdktn = ("\n".join(map(ast.unparse, half)) for half in (types.body, other.handlers[0].body))
    assert cdktf.replace("cdktf_cdktf_provider_", "cdktn_provider_").replace("from cdktf ", "from cdktn ") == cdktn


def test_every_binding_is_found_when_it_is_asked_for() -> None:
    for name in set(bindings.__all__) - {"AWS_BINDINGS"}:
        found = getattr(bindings, name).__name__.rpartition(".")[2]
        assert found == {"NullResource": "Resource"}.get(name, name)


def test_what_is_no_binding_is_told_in_pythons_words() -> None:
    with pytest.raises(AttributeError, match=r"^module 'sagemaker_endpoint\.engine\.bindings' has no attribute 'Nat'$"):
        _ = bindings.Nat  # type: ignore[attr-defined] # there is none: this line proves it
    assert not hasattr(bindings, "TerraformOutput")  # the engine has it, and nothing here needs it


# Trees.


def test_any_construct_of_the_engines_own_tree_will_do() -> None:
    scope = Construct(Construct(stack(), "Team"), "Platform")
    assert [*bindings.engine_problems("scope", scope)] == []
    assert [*bindings.engine_problems("scope", "no construct")] == []  # which others say


@pytest.mark.parametrize(
    "make",
    [
        lambda scope: SageMakerEndpoint(scope, "Endpoint", **INPUTS),
        lambda scope: ExistingEndpoint(scope, "Endpoint", endpoint_name="sentiment"),
        lambda scope: prebuilt_image(scope, "xgboost", "1"),
    ],
    ids=["SageMakerEndpoint", "ExistingEndpoint", "prebuilt_image"],
)
def test_a_scope_of_the_other_engine_is_refused_before_anything_is_made(
    make: Callable[[Construct], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, other = ("cdktn", "cdktf") if bindings.CDKTN else ("cdktf", "cdktn")
    monkeypatch.setattr(bindings, "ENGINE", other)
    monkeypatch.setattr(bindings, "CDKTN", other == "cdktn")
    scope = stack()
    for each in (scope, Construct(scope, "Platform")):
        with pytest.raises(InputError) as raised:
            make(each)
        [sentence] = raised.value.problems
        assert sentence.startswith(f"scope must be of {other}, which sagemaker_endpoint uses here, but is of {here}: ")
        assert f"set SAGEMAKER_ENDPOINT_ENGINE={here} " in sentence
    assert [child.node.id for child in scope.node.children] == ["Platform"]
