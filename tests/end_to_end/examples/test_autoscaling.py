"""Instances that follow the load and the time of day."""

from pathlib import Path

import pytest

from tests.embedded_aws import EmbeddedAws

from . import lifecycle
from .example import Example
from .furnished import furnish

pytestmark = pytest.mark.end_to_end


def test_the_example_lives_from_apply_to_destroy(aws: EmbeddedAws, tmp_path: Path) -> None:
    example = Example.of(aws, tmp_path, "autoscaling")
    furnish(aws, example.inputs)
    lifecycle.apply(example)
    assert {"scalable target", "scaling policy", "scheduled action"} <= {
        " ".join(each.split()[:2]) for each in example.left()
    }
    lifecycle.change(example, "team/sentiment:2.0", "team/sentiment:2.1")
    lifecycle.change(example, "ml.c5.xlarge", "ml.c5.2xlarge")
    assert example.terraform.plan().is_empty
    lifecycle.part_with(example)
