"""The programs of `examples`, synthesized without a file."""

import runpy
from functools import cache
from unittest import mock

import sagemaker_endpoint  # noqa: F401 - before cdktf, whose bindings it loads quickly

from cdktf import App, Testing

from tests.synthesized import Synthesized
from tests.toolchain import REPOSITORY

EXAMPLES = REPOSITORY / "examples"


def names() -> list[str]:
    """List the examples."""
    return sorted(file.parent.name for file in EXAMPLES.glob("*/main.py"))


@cache
def text_of(name: str) -> str:
    """Run an example up to its last line, which writes the stack, and give the stack's JSON in its place."""
    with mock.patch.object(App, "synth"):
        program = runpy.run_path(str(EXAMPLES / name / "main.py"))
    return Testing.synth(program["stack"])  # the last, if there are several


def synthesized(name: str) -> Synthesized:
    """Give an example's stack."""
    return Synthesized(text_of(name))
