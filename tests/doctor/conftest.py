"""One embedded AWS for each file of tests, and the environment that leads there."""

import os
from collections.abc import Iterator

import pytest

from tests.embedded_aws import EmbeddedAws

from .patient import Patient, admit


@pytest.fixture(scope="module")
def aws() -> Iterator[EmbeddedAws]:
    with EmbeddedAws() as aws, pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in aws.full_environment().items():
            patch.setenv(name, value)
        yield aws


@pytest.fixture
def patient(aws: EmbeddedAws) -> Patient:
    return admit(aws)
