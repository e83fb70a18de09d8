import json

import pytest

from .results import Applied, Plan, State

_APPLY = """\
aws_iam_role.Role: Creation complete after 0s [id=role]
aws_sagemaker_endpoint.Endpoint: Creation complete after 1s [id=sentiment]
aws_sagemaker_model.Model (deposed object 0c42d2e0): Destroying... [id=old]
aws_sagemaker_model.Model: Destruction complete after 0s

Apply complete! Resources: 2 added, 1 changed, 1 destroyed.
"""


def test_an_apply_tells_its_counts_and_its_order() -> None:
    applied = Applied.parse(_APPLY)
    assert (applied.added, applied.changed, applied.destroyed) == (2, 1, 1)
    assert applied.created() == ["aws_iam_role.Role", "aws_sagemaker_endpoint.Endpoint"]
    assert applied.deleted() == ["aws_sagemaker_model.Model"]


def test_a_destroy_tells_its_count() -> None:
    assert Applied.parse("Destroy complete! Resources: 17 destroyed.\n").destroyed == 17


def test_an_apply_without_a_summary_is_an_error() -> None:
    with pytest.raises(ValueError, match="summary is missing"):
        Applied.parse("Apply cancelled.\n")


def test_a_plan_holds_what_would_change_and_nothing_else() -> None:
    changes = {"a.same": ["no-op"], "data.a.read": ["read"], "a.replaced": ["create", "delete"], "a.new": ["create"]}
    shown = json.dumps(
        {
            "resource_changes": [
                {"address": address, "change": {"actions": actions}} for address, actions in changes.items()
            ],
            "output_changes": {"id": {"actions": ["update"]}, "name": {"actions": ["no-op"]}},
        }
    )
    plan = Plan.parse(shown=shown, text="", is_empty=False)
    assert plan.changes == {"a.replaced": ("create", "delete"), "a.new": ("create",)}
    assert plan.outputs == {"id"}


def test_an_empty_state_has_no_resources_and_says_so() -> None:
    state = State.parse("{}")
    assert state.addresses() == []
    with pytest.raises(KeyError, match=r"a\.b is not in the state"):
        state["a.b"]


def test_a_state_gives_attributes_by_address() -> None:
    resources = [{"address": "data.a.b", "values": {}}, {"address": "a.b", "values": {"id": "1"}}]
    state = State.parse(json.dumps({"values": {"root_module": {"resources": resources}}}))
    assert state.addresses() == ["a.b"]
    assert state["a.b"]["id"] == "1"
