"""A folder of weights."""

from pathlib import Path

import pytest

from tests.embedded_aws import EmbeddedAws

from . import lifecycle
from .example import Example
from .furnished import furnish

pytestmark = pytest.mark.end_to_end


def test_the_example_lives_from_apply_to_destroy(aws: EmbeddedAws, tmp_path: Path) -> None:
    example = Example.of(aws, tmp_path, "large_language_model")
    furnish(aws, example.inputs)
    lifecycle.apply(example)
    lifecycle.change(example, '"s3://team-models/llama/"', '"s3://team-models/llama-2/"')
    lifecycle.part_with(example)
