"""In which order things happened in the account."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from tests.embedded_aws import Call


def assert_in_order(calls: Sequence[Call], *stages: str | set[str]) -> None:
    """Check that every call of a stage, which is an action or several, came before any of the next; none is missing."""
    done = [call.action for call in calls if call.status < 400]
    for first, second in itertools.pairwise(stages):
        earlier, later = _places(done, first), _places(done, second)
        assert max(earlier) < min(later), f"{first} was to come before {second}: {done}"


def assert_updated_in_place(calls: Sequence[Call]) -> None:
    """Check that the endpoint moved to a new configuration, and a new model if there is one, and was never away."""
    done = {call.action for call in calls}
    assert {"CreateEndpoint", "DeleteEndpoint"}.isdisjoint(done)
    models = {"CreateModel", "DeleteModel"} if "CreateModel" in done else set()
    new, old = ({f"{verb}EndpointConfig"} | {each for each in models if verb in each} for verb in ("Create", "Delete"))
    assert_in_order(calls, new, "UpdateEndpoint", old)


def _places(done: Sequence[str], stage: str | set[str]) -> list[int]:
    actions = {stage} if isinstance(stage, str) else stage
    missing = actions.difference(done)
    assert not missing, f"{missing} never happened: {done}"
    return [place for place, action in enumerate(done) if action in actions]
