"""Endpoints for tests that look at the endpoint alone, and AWS's answers about them, altered."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sagemaker_endpoint_doctor.examination.names import Names
from sagemaker_endpoint_doctor.examination.subject import Subject

import pytest

from tests.doctor.patient import Patient, admit
from tests.embedded_aws import EmbeddedAws

Answer = dict[str, Any]  # as boto3 gives it
Tell = Callable[..., Subject]
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def first(aws: EmbeddedAws) -> Patient:
    return admit(aws)


@pytest.fixture
def another(first: Patient) -> Patient:
    """Make another endpoint with the same models: it is quickly made."""
    name = f"{first.name}-{next(_NUMBERS)}"
    first.aws.client("sagemaker").create_endpoint(EndpointName=name, EndpointConfigName=first.configuration)
    first.aws.advance(60)
    return replace(first, name=name)


@pytest.fixture
def tell(patient: Patient) -> Iterator[Tell]:
    """Let AWS's true answer about the endpoint, or its first variant, differ in what the embedded AWS cannot do."""
    changes: list[tuple[Answer, Answer]] = []

    def change(parsed: Answer, **_: object) -> None:
        for of_endpoint, of_variant in changes:
            parsed.update(of_endpoint)
            parsed["ProductionVariants"][0].update(of_variant)

    def told(
        *, now: datetime | None = None, names: Names | None = None, variant: Answer | None = None, **endpoint: object
    ) -> Subject:
        changes.append((endpoint, variant or {}))
        return patient.subject(now=now, names=names)

    events = patient.subject().aws.sagemaker.meta.events
    events.register("after-call.sagemaker.DescribeEndpoint", change)
    yield told
    events.unregister("after-call.sagemaker.DescribeEndpoint", change)
