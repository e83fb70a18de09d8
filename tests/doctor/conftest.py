"""One embedded AWS for all files of tests, and the environment that leads there."""

import os
from collections.abc import Iterator

from sagemaker_endpoint_doctor.aws import client as way

import pytest
from botocore.config import Config

from tests.embedded_aws import EmbeddedAws

from .patient import Patient, admit

TRANSITION = 60
"""Seconds that a status stays: on the embedded AWS only a test lets them pass."""


@pytest.fixture(scope="session")
def shared_aws() -> Iterator[EmbeddedAws]:
    with EmbeddedAws(transition_seconds=TRANSITION) as aws:
        yield aws


@pytest.fixture(scope="module")
def aws(shared_aws: EmbeddedAws) -> Iterator[EmbeddedAws]:
    slow = way.CONFIG.merge(Config(read_timeout=120))  # the embedded AWS runs on a busy machine
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(way, "CONFIG", slow)
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in shared_aws.full_environment().items():
            patch.setenv(name, value)
        yield shared_aws


@pytest.fixture
def patient(aws: EmbeddedAws) -> Patient:
    return admit(aws)
