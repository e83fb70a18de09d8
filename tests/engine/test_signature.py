"""`help()` and `inspect` tell what a public construct is called with, and what it has."""

import inspect
import pydoc
import re

import sagemaker_endpoint
from sagemaker_endpoint import SageMakerEndpoint
from sagemaker_endpoint.engine.bindings import Construct

import pytest

PUBLIC = [getattr(sagemaker_endpoint, name) for name in sagemaker_endpoint.__all__]
CONSTRUCTS = [each for each in PUBLIC if isinstance(each, type) and issubclass(each, Construct)]


def bound(construct: type) -> inspect.Signature:
    """Give the signature of a construct's own ``__init__``, as it is called."""
    own = inspect.signature(vars(construct)["__init__"])
    return own.replace(parameters=[*own.parameters.values()][1:])


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_a_constructs_signature_is_that_of_its_init(construct: type) -> None:
    assert inspect.signature(construct) == bound(construct)
    assert {"scope", "id", "endpoint_name"} <= {*inspect.signature(construct).parameters}


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_help_shows_signature_inputs_and_attributes(construct: type) -> None:
    shown = pydoc.plain(pydoc.render_doc(construct))
    assert "*args" not in shown
    called = shown[shown.index(f" {construct.__name__}(") : shown.index("Args:")]
    head, _, attributes = shown.partition("\n |  Attributes:\n")
    for name in inspect.signature(construct).parameters:
        assert re.search(rf"\b{name}: ", called), name
        assert f"\n |      {name}: " in head, name
    assert "\n |      endpoint_arn: " in attributes


def test_a_class_that_derives_from_one_shows_its_own() -> None:
    class Sentiment(SageMakerEndpoint):
        def __init__(self, scope: Construct, *, team: str) -> None: ...

    class Unchanged(SageMakerEndpoint): ...

    assert [*inspect.signature(Sentiment).parameters] == ["scope", "team"]
    assert inspect.signature(Unchanged) == bound(SageMakerEndpoint)
