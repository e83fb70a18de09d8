"""A queue, topics and answers in S3."""

from pathlib import Path

import pytest

from tests.embedded_aws import EmbeddedAws

from . import lifecycle
from .example import Example
from .furnished import furnish

pytestmark = pytest.mark.end_to_end


def test_the_example_lives_from_apply_to_destroy(aws: EmbeddedAws, tmp_path: Path) -> None:
    example = Example.of(aws, tmp_path, "asynchronous")
    furnish(aws, example.inputs)
    lifecycle.apply(example)
    lifecycle.change(example, "max_concurrent_invocations_per_instance=4", "max_concurrent_invocations_per_instance=8")
    lifecycle.part_with(example)
