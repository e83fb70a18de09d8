"""An embedded AWS for each module."""

from collections.abc import Iterator

import pytest

from tests.embedded_aws import EmbeddedAws


@pytest.fixture(scope="module")
def aws() -> Iterator[EmbeddedAws]:
    with EmbeddedAws(wait_seconds=0) as embedded:
        yield embedded
