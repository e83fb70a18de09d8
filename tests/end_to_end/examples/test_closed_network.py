"""The VPC endpoints are made with the endpoint, and nothing else can be reached."""

from pathlib import Path

import pytest

from tests.embedded_aws import EmbeddedAws

from . import lifecycle
from .example import Example
from .furnished import furnish

pytestmark = pytest.mark.end_to_end


def test_the_example_lives_from_apply_to_destroy(aws: EmbeddedAws, tmp_path: Path) -> None:
    example = Example.of(aws, tmp_path, "closed_network")
    furnish(aws, {})
    lifecycle.apply(example)
    lifecycle.change(example, "team/sentiment:1.4", "team/sentiment:1.5")
    lifecycle.part_with(example)
