"""A destroy that did not come to its end is run again, and goes on from there."""

from dataclasses import replace

import pytest

from tests.embedded_aws import EmbeddedAws
from tests.embedded_aws.stage import HOUR

from .conftest import Deploy

pytestmark = pytest.mark.end_to_end


class ControlCError(Exception):
    """Has the toolchain interrupt Terraform."""


def interrupt_while_waiting(line: str) -> None:
    if "waiting for AWS to let go of 2" in line:
        raise ControlCError


def test_a_destroy_that_timed_out_goes_on_when_run_again(deploy: Deploy, aws: EmbeddedAws) -> None:
    aws.behave("orphan", release_seconds=HOUR)
    deployed = deploy("hasty")
    said = deployed.fail_to_destroy()
    assert "exit status 4" in said
    assert deployed.statuses() == ["in-use"] * 2
    aws.advance(HOUR)
    assert deployed.statuses() == ["available"] * 2
    deployed.allow_seconds(8, 600)  # which a busy machine may need
    deployed.destroy()
    assert deployed.left() == set()


def test_a_destroy_that_was_interrupted_goes_on_when_run_again(deploy: Deploy, aws: EmbeddedAws) -> None:
    aws.behave("orphan", release_seconds=HOUR)
    deployed = deploy("unmarked")
    with pytest.raises(ControlCError):
        replace(deployed.terraform, report=interrupt_while_waiting).destroy()
    assert deployed.statuses() == ["in-use"] * 2
    aws.advance(2 * HOUR)  # the endpoint may have been Deleting still, and its interfaces' hour starts at its end
    assert deployed.statuses() == ["available"] * 2
    deployed.destroy()
    assert deployed.left() == set()
