"""Whoever watches the demo knows that it goes on, and where to go on from it."""

import re
import time

import pytest

from tests.toolchain import REPOSITORY

from .demo import NEXT
from .progress import Progress


def test_a_step_that_says_nothing_for_a_while_tells_how_long_it_lasts(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(silence=0.01)
    with progress.step("Wait"):
        time.sleep(0.2)
    said = capsys.readouterr().out
    assert re.match(r"\n==> Wait\n    \d s so far\n", said)
    assert progress.seconds["Wait"] >= 0.2
    time.sleep(0.1)
    assert capsys.readouterr().out == ""


def test_a_step_that_fails_tells_nothing_afterwards(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyError), Progress(silence=0.01).step("Fail"):
        raise KeyError
    capsys.readouterr()
    time.sleep(0.1)
    assert capsys.readouterr().out == ""


def test_what_the_demo_names_at_its_end_is_there() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    (sections,) = re.findall(r"README\.md: (.*)", NEXT)
    assert all(f"\n## {section}\n" in readme for section in sections.split(", "))
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"make (\w+)", NEXT)
    assert targets
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
    assert all((REPOSITORY / path).is_file() for path in re.findall(r"\S+\.md", NEXT))
