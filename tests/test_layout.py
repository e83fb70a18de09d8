"""The house rules that no tool checks: what imports what, what is public, and what is documented."""

import ast
import dataclasses
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import FunctionType

import sagemaker_endpoint
from sagemaker_endpoint.engine import bindings

import pytest

from tests.import_graph import imports

REPOSITORY = Path(__file__).resolve().parents[1]
SOURCE_ROOT = REPOSITORY / "constructs"
LIBRARY = SOURCE_ROOT / "sagemaker_endpoint"
MODULES = {
    ".".join(path.relative_to(LIBRARY).with_suffix("").parts): ast.parse(path.read_text())
    for path in LIBRARY.rglob("*.py")
}
ENGINE = ("cdktf", "cdktn", "constructs", "jsii")
FOLDERS = ("hosting", "network", "operations", "access", "engine", "rules")
"""From the façade, endpoint.py and what is beside it, down: each may import from those behind it, but for `APART`."""
APART = {"hosting": {"network"}, "network": {"operations"}}


def imported(module: str) -> set[str]:
    """Give what a module imports, by full names."""
    return imports((LIBRARY / module.replace(".", "/")).with_suffix(".py"), SOURCE_ROOT)


def folder(module: str) -> str:
    return module.partition(".")[0] if "." in module else ""


def imported_folders(module: str) -> set[str]:
    """Give the library's folders that a module imports from, other than its own."""
    parts = [name.split(".") for name in imported(module) if name.startswith("sagemaker_endpoint.")]
    return {part[1] for part in parts if part[1] in FOLDERS} - {folder(module)}


# The folder `constructs/`.


def test_the_source_root_is_no_package() -> None:
    """As a package it would hide the PyPI package `constructs`, which cdktf imports, and a wheel would overwrite it."""
    assert not (SOURCE_ROOT / "__init__.py").exists()
    assert [path.name for path in SOURCE_ROOT.iterdir() if path.suffix == ".py"] == []


def test_constructs_is_still_the_package_from_pypi_in_the_repositorys_root() -> None:
    program = "import constructs; print(constructs.Construct.__jsii_type__, constructs.__file__)"
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    type_, _, file = done.stdout.strip().partition(" ")
    assert type_ == "constructs.Construct"
    assert SOURCE_ROOT not in Path(file).parents


def test_the_package_is_typed() -> None:
    assert (SOURCE_ROOT / "sagemaker_endpoint" / "py.typed").is_file()


# What imports what.


def test_every_folder_says_what_it_is_about() -> None:
    assert {folder(module) for module in MODULES} == {"", *FOLDERS}
    for each in FOLDERS:
        assert ast.get_docstring(MODULES[f"{each}.__init__"]), each
    assert {module for module in MODULES if not folder(module)} == {
        "__init__",
        "endpoint",
        "existing",
        "inputs",
        "parts",
        "resources",
        "testing",
    }


def test_the_page_on_the_architecture_names_the_folders_with_their_purposes() -> None:
    page = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    for each in FOLDERS:
        assert f"| `{each}/` | {ast.get_docstring(MODULES[f'{each}.__init__'])} |" in page


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_go_downwards_alone(module: str) -> None:
    if not folder(module):
        return  # the façade joins all
    below = set(FOLDERS[FOLDERS.index(folder(module)) + 1 :]) - APART.get(folder(module), set())
    assert imported_folders(module) <= below
    facade = ("sagemaker_endpoint.endpoint", "sagemaker_endpoint.inputs")
    assert {name for name in imported(module) if name.startswith(facade)} == set()


def test_bindings_is_the_only_door_to_the_engine_and_the_providers() -> None:
    for module in set(MODULES) - {"engine.bindings"}:
        outside = {name for name in imported(module) if not name.startswith("sagemaker_endpoint.")}
        assert {name for name in outside if name.startswith(ENGINE)} == set(), module
        commands = {"sagemaker_endpoint_runbook"} if module == "operations.runbook" else set()
        assert {name.partition(".")[0] for name in outside} - commands <= sys.stdlib_module_names, module


def test_the_commands_that_library_and_doctor_share_need_neither_of_them_nor_anything_else() -> None:
    package = SOURCE_ROOT / "sagemaker_endpoint_runbook"
    needed = {name.partition(".")[0] for path in package.rglob("*.py") for name in imports(path, SOURCE_ROOT)}
    assert needed - {package.name} <= sys.stdlib_module_names
    assert (package / "py.typed").is_file()


def test_constructs_make_no_providers_backends_or_outputs_and_read_no_environment() -> None:
    for module in set(MODULES) - {"engine.bindings", "engine.fastload"}:
        names = {node.id for node in ast.walk(MODULES[module]) if isinstance(node, ast.Name)}
        names.discard("TerraformProvider")  # the type of an input
        assert {name for name in names if re.search(r"Provider$|Backend$|TerraformOutput|TerraformVariable", name)} == (
            set()
        ), module
        assert {"os", "subprocess", "socket", "urllib", "boto3"}.isdisjoint(imported(module)), module


# What is public.


def test_the_public_names_are_sorted_and_all_there() -> None:
    assert sagemaker_endpoint.__all__ == sorted(sagemaker_endpoint.__all__)
    kinds = (type, FunctionType)
    public = {name for name, value in vars(sagemaker_endpoint).items() if isinstance(value, kinds)}
    assert public - {"__getattr__"} == set(sagemaker_endpoint.__all__)


def test_the_bindings_are_sorted_and_each_is_used() -> None:
    assert bindings.__all__ == sorted(bindings.__all__)
    used = {
        alias.name
        for tree in MODULES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2] == "bindings"
        for alias in node.names
    }
    # What is imported only where it is needed.
    used |= {
        node.attr
        for tree in MODULES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "bindings"
    }
    assert set(bindings.__all__) == used


CLASSES = [
    value
    for module in sorted(set(MODULES) - {"engine.bindings", "engine.fastload", "rules.limits"})
    if not module.endswith("__init__")
    for value in vars(importlib.import_module(f"sagemaker_endpoint.{module}")).values()
    if inspect.isclass(value)
    and value.__module__ == f"sagemaker_endpoint.{module}"
    and not value.__name__.startswith("_")
]
INPUTS = [
    value
    for value in map(sagemaker_endpoint.__dict__.get, sagemaker_endpoint.__all__)
    if dataclasses.is_dataclass(value)
]


def documented(kind: type, section: str) -> list[str]:
    """Give the names that a section of a docstring describes, in order."""
    _, _, text = (inspect.getdoc(kind) or "").partition(f"{section}:\n")
    return re.findall(r"^    (\w+): \S", text.partition("\n\n")[0], flags=re.MULTILINE)


def attributes(kind: type) -> set[str]:
    """Give the public attributes that a class sets on itself."""
    tree = ast.parse(inspect.getsource(kind))
    targets = {
        target
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    }
    found = {
        target.attr
        for target in targets
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"
    }
    return {name for name in found if not name.startswith("_")}


@pytest.mark.parametrize("kind", INPUTS)
def test_every_field_of_an_input_is_documented_in_order(kind: type) -> None:
    assert dataclasses.is_dataclass(kind)
    # What it has from another class of inputs is documented there, and it names that class.
    of = [each for each in reversed(kind.__mro__) if dataclasses.is_dataclass(each)]
    assert all(f"`{each.__name__}`" in (inspect.getdoc(kind) or "") for each in of[:-1])
    assert [name for each in of for name in documented(each, "Attributes")] == [
        field.name for field in dataclasses.fields(kind)
    ]


@pytest.mark.parametrize("kind", INPUTS)
def test_an_input_is_frozen_and_takes_keywords_alone(kind: type) -> None:
    assert dataclasses.is_dataclass(kind)
    parameters = kind.__dataclass_params__  # type: ignore[attr-defined] # of every dataclass, though typeshed has it not
    assert parameters.frozen
    assert all(field.kw_only for field in dataclasses.fields(kind))


@pytest.mark.parametrize("kind", INPUTS)
def test_an_input_cites_the_documentation_of_aws(kind: type) -> None:
    assert "https://docs.aws.amazon.com/" in (inspect.getdoc(kind) or "")


@pytest.mark.parametrize("kind", [sagemaker_endpoint.SageMakerEndpoint, sagemaker_endpoint.ExistingEndpoint])
def test_every_parameter_and_attribute_of_the_endpoint_is_documented(kind: type) -> None:
    parameters = [*inspect.signature(inspect.getattr_static(kind, "__init__")).parameters][1:]
    assert documented(kind, "Args") == parameters
    assert set(documented(kind, "Attributes")) == attributes(kind)
    assert documented(kind, "Raises") == ["InputError"]


@pytest.mark.parametrize("kind", CLASSES)
def test_every_attribute_of_a_class_is_named_in_its_docstring(kind: type) -> None:
    text = inspect.getdoc(kind) or ""
    assert [name for name in attributes(kind) if not re.search(rf"\b{name}\b", text)] == []


@pytest.mark.parametrize("kind", CLASSES)
def test_every_public_method_has_a_docstring(kind: type) -> None:
    methods = [value for name, value in vars(kind).items() if inspect.isfunction(value) and not name.startswith("_")]
    assert [method.__name__ for method in methods if not method.__doc__] == []
