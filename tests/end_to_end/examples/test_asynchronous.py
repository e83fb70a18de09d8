"""A queue, topics and answers in S3, and no instances while nothing waits."""

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
    of_waking = {each for each in example.left() if "FromZero" in each}
    assert {each.split()[0] for each in of_waking} == {"alarm", "scaling"}
    lifecycle.change(example, "max_concurrent_invocations_per_instance=4", "max_concurrent_invocations_per_instance=8")
    lifecycle.change(example, "ml.g5.xlarge", "ml.g5.2xlarge")
    assert example.terraform.plan().is_empty
    lifecycle.part_with(example)
