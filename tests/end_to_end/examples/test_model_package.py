"""A version from the model registry."""

from pathlib import Path

import pytest

from tests.embedded_aws import EmbeddedAws

from . import lifecycle
from .example import Example
from .furnished import furnish, register_packages

pytestmark = pytest.mark.end_to_end


def test_the_example_lives_from_apply_to_destroy(aws: EmbeddedAws, tmp_path: Path) -> None:
    example = Example.of(aws, tmp_path, "model_package")
    furnish(aws, example.inputs)
    register_packages(aws)
    lifecycle.apply(example)
    lifecycle.change(example, "model-package/sentiment/1", "model-package/sentiment/2")
    lifecycle.part_with(example)
