"""Parts that are there already, and an endpoint of somebody else."""

from pathlib import Path

import pytest

from tests.demo.inventory import take_inventory
from tests.embedded_aws import EmbeddedAws

from . import lifecycle
from .example import Example
from .furnished import furnish, make_existing

pytestmark = pytest.mark.end_to_end


def test_the_example_lives_from_apply_to_destroy(aws: EmbeddedAws, tmp_path: Path) -> None:
    aws.behave("vanish")  # nothing is released in a group of somebody else
    example = Example.of(aws, tmp_path, "existing_resources")
    furnish(aws, example.inputs)
    make_existing(aws, str(example.inputs["vpc_id"]))
    there = take_inventory(aws.client)
    lifecycle.apply(example)
    lifecycle.change(example, "team/sentiment:1.4", "team/sentiment:1.5")
    lifecycle.part_with(example)
    group = "log group /aws/sagemaker/Endpoints/existing-resources"  # taken over, so that it goes with the endpoint
    assert there - take_inventory(aws.client) == {group}
