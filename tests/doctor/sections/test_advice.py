"""What findings advise, over the whole source: where they send their readers, and whose tools they name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import sagemaker_endpoint_doctor
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.sections import SECTIONS

import pytest

from tests.doctor.patient import Patient, admit
from tests.embedded_aws import EmbeddedAws

PACKAGE = Path(sagemaker_endpoint_doctor.__path__[0])
MODULES = [path for folder in ("facts", "sections") for path in (PACKAGE / folder).rglob("*.py")]
_NAMED = re.compile(rf"[Ss]ections? ({'|'.join(section.title for section in SECTIONS)})")


def texts(node: ast.AST, *, pointing: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield the texts in a module that are no docstrings, and whether they stand where pointers do."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value, pointing
        yield from texts(child, pointing=pointing or isinstance(child, ast.Dict))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: "/".join(path.parts[-2:]))
def test_no_finding_names_a_section_but_by_a_pointer_that_the_examination_resolves(path: Path) -> None:
    found = list(texts(ast.parse(path.read_text(encoding="utf-8"))))
    assert [words for words, pointing in found if _NAMED.search(words) and not pointing] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: "/".join(path.parts[-2:]))
def test_no_finding_tells_to_run_terraform_by_hand(path: Path) -> None:
    found = texts(ast.parse(path.read_text(encoding="utf-8")))
    assert [words for words, _ in found if re.search("terraform (apply|destroy)", words)] == []


def test_every_pointer_leads_to_a_section_and_names_it() -> None:
    titles = {section.key: section.title for section in SECTIONS}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for key, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
                words = value.value if isinstance(value, ast.Constant) else None
                if isinstance(words, str) and _NAMED.search(words):
                    assert isinstance(key, ast.Constant)
                    assert f"ection {titles[str(key.value)]}" in words, path


@pytest.fixture(scope="module")
def patient(aws: EmbeddedAws) -> Patient:
    return admit(aws)


def deployed(patient: Patient, name: str, *, configuration: str, **tags: str) -> Subject:
    """Deploy an endpoint with a configuration of some name."""
    sagemaker = patient.aws.client("sagemaker")
    variants = sagemaker.describe_endpoint_config(EndpointConfigName=patient.configuration)["ProductionVariants"]
    sagemaker.create_endpoint_config(EndpointConfigName=configuration, ProductionVariants=variants)
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=configuration, Tags=listed)
    patient.aws.advance(60)
    return Subject(
        names=patient.names.__class__(endpoint_name=name, region=patient.aws.region),
        aws=patient.subject().aws,
        now=patient.subject().now,
        since=patient.subject().since,
    )


@pytest.mark.parametrize(
    ("configuration", "tags", "advice"),
    [
        ("fraud-20260504025100123400000001", {}, "run terraform apply"),
        ("by-tag", {"ManagedBy": "Terraform"}, "run terraform apply"),
        ("of-a-notebook-2026-05-04-02-51-00", {"team": "fraud"}, "deploy again"),
    ],
)
def test_terraform_is_to_be_run_only_where_a_name_or_a_tag_says_that_it_is_terraforms(
    patient: Patient, configuration: str, tags: dict[str, str], advice: str
) -> None:
    name = f"fraud-{len(configuration)}"
    assert deployed(patient, name, configuration=configuration, **tags).deploy == advice
