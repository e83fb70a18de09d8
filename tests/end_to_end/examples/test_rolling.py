"""Instances are replaced a few at a time."""

from pathlib import Path

import pytest

from tests.embedded_aws import EmbeddedAws

from . import lifecycle
from .example import Example
from .furnished import furnish

pytestmark = pytest.mark.end_to_end


def test_the_example_lives_from_apply_to_destroy(aws: EmbeddedAws, tmp_path: Path) -> None:
    example = Example.of(aws, tmp_path, "rolling")
    furnish(aws, example.inputs)
    lifecycle.apply(example)
    lifecycle.change(example, "team/sentiment:1.4", "team/sentiment:1.5")
    live = aws.client("sagemaker").describe_endpoint(EndpointName="rolling")
    assert live["LastDeploymentConfig"]["RollingUpdatePolicy"]["MaximumBatchSize"]["Value"] == 2
    lifecycle.part_with(example)
