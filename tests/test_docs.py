"""What the documents say is what the code does."""

import ast
import html
import io
import json
import re
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path

import sagemaker_endpoint  # noqa: F401 - starts Node, here and not in the folder of the first snippet
from sagemaker_endpoint_doctor.examination.finding import problem
from sagemaker_endpoint_doctor.examination.names import Names
from sagemaker_endpoint_doctor.examination.runner import Examined
from sagemaker_endpoint_doctor.report.as_text import show
from sagemaker_endpoint_doctor.report.outcome import Outcome
from sagemaker_endpoint_doctor.sections import SECTIONS as DOCTORS_SECTIONS
from sagemaker_endpoint_runbook.commands import SECTIONS, with_variables

import pytest
from rich.console import Console

from scripts.make_diagrams import architecture, example, overview
from scripts.make_diagrams.__main__ import ARCHITECTURE, OVERVIEW, of_example
from tests.example_programs import names, synthesized
from tests.snippets import ALONE, CONTINUES, GUIDES, OF_GUIDES, TEN_LINES, program

REPOSITORY = Path(__file__).resolve().parents[1]
RUNBOOK = (REPOSITORY / "docs" / "runbook.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(
    str(path.relative_to(REPOSITORY))
    for folder in ("*.md", "docs/*.md", "examples/*.md", "examples/*/*.md")
    for path in REPOSITORY.glob(folder)
)
_EXAMPLES = sorted((REPOSITORY / "examples").glob("*/main.py"))


@pytest.mark.parametrize("snippet", [TEN_LINES, *OF_GUIDES.values()], ids=["README", *OF_GUIDES])
def test_each_snippet_of_readme_and_guides_runs(snippet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(program(snippet), "snippet", "exec"), names)  # noqa: S102 - the project's own words
    for name, value in names.items():
        if name.startswith("test_") and callable(value):
            value()


def test_the_ten_lines_are_ten() -> None:
    lines = [line for line in TEN_LINES.splitlines() if line and not line.startswith("from ")]
    assert len(lines) == 10
    assert max(map(len, TEN_LINES.splitlines())) <= 120


def test_each_guide_has_the_snippet_it_promises() -> None:
    assert {name.rsplit("-", 1)[0] for name in OF_GUIDES} == set(GUIDES)
    for name, snippet in OF_GUIDES.items():
        assert snippet.startswith(CONTINUES) != name.startswith(ALONE), name


def test_the_overview_is_drawn_as_it_would_be_today() -> None:
    assert OVERVIEW.read_text(encoding="utf-8") == overview.drawn(), "make diagrams draws it anew"


def test_the_picture_of_the_architecture_is_that_of_the_imports_of_today() -> None:
    assert ARCHITECTURE.read_text(encoding="utf-8") == architecture.drawn(), "make diagrams draws it anew"


@pytest.mark.parametrize("name", names())
def test_the_diagram_of_an_example_is_of_what_it_synthesizes_today(name: str) -> None:
    drawn = example.drawn(synthesized(name).configuration)
    assert of_example(name).read_text(encoding="utf-8") == drawn, "make diagrams draws it anew"


@pytest.mark.parametrize("name", names())
def test_each_example_says_what_it_is_for_what_it_costs_what_to_change_and_how_it_goes(name: str) -> None:
    page = (REPOSITORY / "examples" / name / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", page, flags=re.MULTILINE) == ["Cost", "What to change", "Clean-up"]
    assert "](overview.svg)" in page
    types = {variant["instance_type"] for variant in _variants(name) if "instance_type" in variant}
    assert all(f"`{each}`" in page for each in types), "the cost is that of the instances it states"


def _variants(name: str) -> list[dict[str, object]]:
    [written] = synthesized(name).all("aws_sagemaker_endpoint_configuration").values()
    return [*written["production_variants"], *written.get("shadow_production_variants", [])]


def test_the_runbook_page_has_every_section_and_command_of_the_doctor() -> None:
    assert re.findall(r"^## (.*)$", RUNBOOK, flags=re.MULTILINE) == [section.title for section in SECTIONS]
    for section in SECTIONS:
        text = RUNBOOK.partition(f"## {section.title}\n")[2].partition("\n## ")[0]
        blocks = re.findall(r"^```sh\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
        written = {line for block in blocks for line in re.sub(r"\s*\\\n\s*", " ", block).splitlines()}
        assert {with_variables(command) for command in section.commands} <= written


def test_the_picture_of_the_doctor_is_of_todays_report() -> None:
    file = io.StringIO()
    found = [Examined(section=section, findings=[]) for section in DOCTORS_SECTIONS]
    bad = problem("it broke", why="It matters.", next="Mend it.", command="aws sts get-caller-identity")
    found[0] = Examined(section=DOCTORS_SECTIONS[0], findings=[bad])
    names = Names(endpoint_name="sentiment", region="eu-west-1")
    now = datetime.now(timezone.utc)
    outcome = Outcome(
        names=names, account_id="123456789012", now=now, since=timedelta(hours=1), examined=found, failed=False
    )
    show(Console(file=file, width=120), outcome)
    *_, last = file.getvalue().splitlines()
    drawn = _drawn(REPOSITORY / "docs" / "doctor.svg")
    titles = [line.partition(":")[0] for line in drawn if re.fullmatch("[A-Z][^:]*: (ok|warning|problem)", line)]
    assert titles == [section.title for section in DOCTORS_SECTIONS], "make picture draws it anew"
    assert re.sub(r"\d+", "N", drawn[-1]) == re.sub(r"\d+", "N", last), "make picture draws it anew"


def _drawn(picture: Path) -> list[str]:
    """Give the lines of a terminal that Rich has drawn: each is made of pieces, one for each style."""
    pieces = re.findall(r'-line-(\d+)\)">(.*?)</text>', picture.read_text(encoding="utf-8"))
    lines: dict[int, str] = defaultdict(str)
    for number, piece in pieces:
        lines[int(number)] += html.unescape(piece).replace("\N{NO-BREAK SPACE}", " ")
    return [lines[number] for number in sorted(lines)]


def _headings(document: Path) -> set[str]:
    """Give the anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_link_inside_the_documents_leads_somewhere(name: str) -> None:
    document = REPOSITORY / name
    links = re.findall(r"\]\(([^)]+)\)", document.read_text(encoding="utf-8"))
    within = [link for link in links if not link.startswith("https://")]
    assert within
    for link in within:
        file, _, heading = link.partition("#")
        target = document.parent / file if file else document
        assert target.is_file(), link
        assert not heading or heading in _headings(target), link


def _complaints() -> list[list[str]]:
    """Give the cells of the table of complaints, a row each."""
    page = (REPOSITORY / "docs" / "complaints.md").read_text(encoding="utf-8")
    return [row.split(" | ") for row in re.findall(r"^\| (\d.*) \|$", page, flags=re.MULTILINE)]


def test_each_of_fourteen_complaints_is_public_and_answered() -> None:
    assert [number for number, *_ in _complaints()] == [str(number) for number in range(1, 15)]
    for _, complaint, here, _ in _complaints():
        assert re.search(r"\]\(https://github\.com/[\w.-]+/[\w.-]+/(issues|pull)/\d+\)", complaint)
        assert here.endswith(".")


@pytest.mark.parametrize("row", _complaints(), ids=lambda row: row[0])
def test_each_test_that_a_complaint_names_is_there(row: list[str]) -> None:
    named = re.findall(r"\[(\w+)\]\(\.\./(tests/[\w/]+\.py)\)", row[-1])
    assert len(named) == row[-1].count("](") > 0
    for name, file in named:
        tree = ast.parse((REPOSITORY / file).read_text(encoding="utf-8"))
        assert name in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}, file
    assert any("end_to_end" in file for _, file in named)


@pytest.mark.parametrize("name", ["docs/doctor.md", "docs/permissions.md", "docs/runbook.md"])
def test_each_policy_of_the_documents_is_one(name: str) -> None:
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    blocks = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)]
    policies = [block for block in blocks if "Statement" in block]
    assert policies
    for statement in (each for policy in policies for each in policy["Statement"]):
        assert set(statement) - {"Sid", "Condition"} == {"Effect", "Action", "Resource"}
        assert statement["Effect"] == "Allow"
        assert all(":" in action and "*" not in action for action in statement["Action"])
        assert len(set(statement["Action"])) == len(statement["Action"])


def test_the_page_of_the_examples_tells_of_each_what_it_says_of_itself() -> None:
    page = (REPOSITORY / "examples" / "README.md").read_text(encoding="utf-8")
    rows = dict(
        re.findall(
            r"^\| \[(\w+)\]\(\1/README\.md\) \| \[main\.py\]\(\1/main\.py\) \| (.*) \|$", page, flags=re.MULTILINE
        )
    )
    programs = {path.parent.name: ast.parse(path.read_text(encoding="utf-8")) for path in _EXAMPLES}
    assert rows == {name: (ast.get_docstring(program) or "").removesuffix(".") for name, program in programs.items()}


def test_the_changelog_tells_what_is_not_released_and_then_the_versions_down_from_todays() -> None:
    headings = re.findall(r"^## (.*)$", (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    project = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    (version,) = re.findall(r'^version = "(.*)"$', project, flags=re.MULTILINE)
    assert re.fullmatch(rf"\[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d", headings[1])


def test_the_table_of_variables_names_those_of_the_stack() -> None:
    page = (REPOSITORY / "docs" / "deploy.md").read_text(encoding="utf-8")
    section = page.partition("## Variables")[2].partition("## Outputs")[0]
    example = (REPOSITORY / "terraform.tfvars.example").read_text(encoding="utf-8")
    named = re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)
    assert sorted(named) == sorted(re.findall(r"^#? ?(\w+) += ", example, flags=re.MULTILINE))
