"""The generated numbers of vCPUs and GPUs: in step with EC2's answers, and known of every type that is hosted."""

from sagemaker_endpoint.rules import limits
from sagemaker_endpoint.rules.processors import GPUS, VCPUS

import pytest

from scripts import make_processors


def test_the_committed_numbers_are_what_ec2_answers() -> None:
    written = make_processors.PROCESSORS.read_text(encoding="utf-8")
    assert written == make_processors.generate(), "run scripts/make_processors.py"


def test_the_vcpus_of_every_hosted_type_are_known() -> None:
    assert set(VCPUS) == set(limits.INSTANCE_TYPES)
    assert set(GPUS) < set(VCPUS)


@pytest.mark.parametrize(
    ("instance_type", "vcpus", "gpus"),
    [("ml.m5.xlarge", 4, None), ("ml.g5.12xlarge", 48, 4), ("ml.p3.2xlarge", 8, 1), ("ml.inf2.xlarge", 4, None)],
)
def test_the_numbers_are_those_of_the_tables_that_aws_publishes(
    instance_type: str, vcpus: int, gpus: int | None
) -> None:
    assert (VCPUS[instance_type], GPUS.get(instance_type)) == (vcpus, gpus)
