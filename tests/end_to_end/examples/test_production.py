"""What a careful team turns on."""

from pathlib import Path

import pytest

from tests.embedded_aws import EmbeddedAws
from tests.toolchain import CommandError

from . import lifecycle
from .example import Example
from .furnished import furnish

pytestmark = pytest.mark.end_to_end


def test_the_example_lives_from_apply_to_destroy(aws: EmbeddedAws, tmp_path: Path) -> None:
    example = Example.of(aws, tmp_path, "production")
    furnish(aws, example.inputs)
    lifecycle.apply(example)
    lifecycle.change(example, "team/sentiment:1.4", "team/sentiment:1.5")
    with pytest.raises(CommandError, match="Instance cannot be destroyed"):
        lifecycle.part_with(example)
    assert example.edit("deletion_protection=True", "deletion_protection=False") == []
    lifecycle.part_with(example)
