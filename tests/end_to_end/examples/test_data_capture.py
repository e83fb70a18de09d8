"""A share of requests and answers is kept."""

from pathlib import Path

import pytest

from tests.embedded_aws import EmbeddedAws

from . import lifecycle
from .example import Example
from .furnished import furnish

pytestmark = pytest.mark.end_to_end


def test_the_example_lives_from_apply_to_destroy(aws: EmbeddedAws, tmp_path: Path) -> None:
    example = Example.of(aws, tmp_path, "data_capture")
    furnish(aws, example.inputs)
    lifecycle.apply(example)
    lifecycle.change(example, "initial_sampling_percentage=20", "initial_sampling_percentage=50")
    lifecycle.part_with(example)
