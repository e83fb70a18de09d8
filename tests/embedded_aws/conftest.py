"""One embedded AWS for all of its own tests; each test makes what it needs under names of its own."""

import itertools
from collections.abc import Iterator

import pytest

from tests.embedded_aws import EmbeddedAws

from .stage import Stage

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def shared_aws() -> Iterator[EmbeddedAws]:
    with EmbeddedAws(transition_seconds=3600) as aws:  # time passes only where a test lets it
        yield aws


@pytest.fixture
def stage(shared_aws: EmbeddedAws) -> Stage:
    shared_aws.behave("orphan")
    return Stage(aws=shared_aws, name=f"test-{next(_numbers)}")
