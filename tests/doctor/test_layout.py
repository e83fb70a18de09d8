"""The doctor's folders stand above one another: each says what it is for, and imports from those below it alone."""

import ast
import subprocess
import sys
from pathlib import Path

import sagemaker_endpoint_doctor

import pytest

from tests.import_graph import folder_edges, imports

PACKAGE = Path(sagemaker_endpoint_doctor.__path__[0])
SOURCE_ROOT = PACKAGE.parent
FOLDERS = [".", "command_line", "adoption", "inputs", "report", "sections", "facts", "examination", "aws", "text"]
"""From top to bottom."""


def test_a_folder_imports_from_those_below_it_alone() -> None:
    edges = {(importer.partition("/")[0], imported.partition("/")[0]) for importer, imported in folder_edges(PACKAGE)}
    assert {folder for edge in edges for folder in edge} == set(FOLDERS)
    assert [
        f"{importer} imports from {imported}"
        for importer, imported in sorted(edges)
        if FOLDERS.index(importer) > FOLDERS.index(imported)
    ] == []


def test_no_section_reaches_into_another() -> None:
    sections = PACKAGE / "sections"
    for path in {*sections.rglob("*.py")} - {sections / "__init__.py"}:
        section = path.relative_to(sections).with_suffix("").parts[0]
        names = {name for name in imports(path, SOURCE_ROOT) if name.startswith(f"{PACKAGE.name}.sections.")}
        assert {name.split(".")[2] for name in names} <= {section}, path


@pytest.mark.parametrize("folder", sorted({path.parent for path in PACKAGE.rglob("*.py")}), ids=lambda path: path.name)
def test_a_folder_says_what_it_is_for(folder: Path) -> None:
    says = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert says.partition("\n")[0].endswith(".")


@pytest.mark.parametrize(
    ("module", "extras"), [("command_line.cli", set()), ("examination.runner", {"boto3", "botocore"})]
)
def test_it_needs_neither_the_library_nor_the_engine(module: str, extras: set[str]) -> None:
    program = f"import sys, {PACKAGE.name}.{module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded.isdisjoint({"sagemaker_endpoint", "cdktf", "constructs", "jsii"})
    assert loaded & {"boto3", "botocore", "rich"} == extras


def test_it_is_typed() -> None:
    assert (PACKAGE / "py.typed").is_file()
