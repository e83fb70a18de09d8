"""What may happen to a stack before it is destroyed."""

from typing import Any

import pytest

from tests.embedded_aws import EmbeddedAws

from .conftest import Deploy, Prepare
from .deployed import ENDPOINT, by_the_script, left_of

pytestmark = pytest.mark.end_to_end


NEW_TRIGGERS = ("account_id", "execution_role_id", "execution_role_shared")


def test_a_state_of_an_older_version_is_applied_and_nothing_is_touched(deploy: Deploy, aws: EmbeddedAws) -> None:
    deployed = deploy("unmarked")
    deployed.forget_triggers(*NEW_TRIGGERS)
    aws.reset_calls()
    said = deployed.terraform.apply().text
    assert "is alive (InService): its network interfaces are in use and left alone" in said
    assert [call.action for call in aws.calls() if call.is_write] == []
    assert deployed.terraform.plan().is_empty
    deployed.destroy()
    assert deployed.left() == set()


def test_a_state_of_an_older_version_is_destroyed_without_another_apply(deploy: Deploy, aws: EmbeddedAws) -> None:
    aws.behave("orphan", release_seconds=3)
    deployed = deploy("forceful")
    deployed.forget_triggers(*NEW_TRIGGERS)
    assert by_the_script(deployed.destroy()) == ["DeleteNetworkInterface"] * 2
    assert deployed.left() == set()


def test_what_the_script_says_is_shown_though_its_external_id_is_secret(deploy: Deploy) -> None:
    deployed = deploy("secretive", external_id="never-to-be-shown")
    said = deployed.terraform.destroy().text
    assert "is free after" in said
    assert "never-to-be-shown" not in said
    assert deployed.left() == set()


def test_instances_of_another_number_and_type(deploy: Deploy, aws: EmbeddedAws) -> None:
    deployed = deploy("marked")
    changes: list[dict[str, Any]] = [{"instance_count": 3}, {"instance_type": "ml.c5.large"}]
    terraform = deployed.terraform
    for change in changes:
        terraform = terraform.with_variables(**change)
        aws.reset_calls()
        terraform.apply()
        assert by_the_script([call for call in aws.calls() if call.is_write]) == ["ModifyNetworkInterfaceAttribute"] * 3
        marks = [each["Attachment"]["DeleteOnTermination"] for each in deployed.interfaces()]
        assert marks == [True] * 3  # the new instances' and no others
        assert terraform.plan().is_empty
    terraform.destroy()
    assert deployed.left() == set()


def test_instances_that_came_after_the_last_apply_and_were_never_marked(deploy: Deploy) -> None:
    deployed = deploy("unmarked")
    terraform = deployed.terraform.with_variables(instance_count=4)
    terraform.apply()
    # Those of the replaced instances were left behind, beside those of the new ones.
    assert sorted(deployed.statuses()) == ["available"] * 2 + ["in-use"] * 4
    calls = deployed.destroy()
    assert by_the_script(calls) == ["DeleteNetworkInterface"] * 6
    assert deployed.left() == set()


def test_the_endpoint_destroyed_by_itself_and_the_rest_later(deploy: Deploy) -> None:
    deployed = deploy("unmarked")
    assert by_the_script(deployed.destroy(f"-target={ENDPOINT}")) == []
    assert ENDPOINT not in deployed.terraform.show().resources
    deployed.destroy()
    assert deployed.left() == set()


def test_the_endpoint_applied_by_itself(prepare: Prepare, aws: EmbeddedAws) -> None:
    terraform = prepare("marked")
    terraform.apply(f"-target={ENDPOINT}")
    terraform.destroy()
    assert left_of(terraform, aws) == set()
