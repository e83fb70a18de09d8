"""A model of the Hugging Face Hub in AWS's container."""

from pathlib import Path

import pytest

from tests.embedded_aws import EmbeddedAws

from . import lifecycle
from .example import Example
from .furnished import furnish

pytestmark = pytest.mark.end_to_end


def test_the_example_lives_from_apply_to_destroy(aws: EmbeddedAws, tmp_path: Path) -> None:
    example = Example.of(aws, tmp_path, "hugging_face")
    furnish(aws, example.inputs)
    lifecycle.apply(example)
    lifecycle.change(example, "714eb0fa89d2f80546fda750413ed43d93601a13", "main")
    lifecycle.part_with(example)
