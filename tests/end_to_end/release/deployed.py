"""A stack that is applied, and what becomes of it."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from tests.demo.inventory import take_inventory
from tests.embedded_aws import Call, EmbeddedAws
from tests.end_to_end.interfaces import Interface, interfaces
from tests.end_to_end.messages import unwrapped
from tests.toolchain import CommandError, Terraform

ENDPOINT = "aws_sagemaker_endpoint.Endpoint_8024A810"
CONFIGURATION = "aws_sagemaker_endpoint_configuration.Endpoint_Configuration_2BA65784"


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """`group`: its security group, or that of its first endpoint. `before`: what the account held."""

    aws: EmbeddedAws
    terraform: Terraform
    group: str
    before: frozenset[str]

    def interfaces(self) -> list[Interface]:
        """List the interfaces in the group."""
        return interfaces(self.aws, self.group)

    def statuses(self) -> list[str]:
        return [each["Status"] for each in self.interfaces()]

    def left(self) -> frozenset[str]:
        """Ask the account what there is that was not there before."""
        return take_inventory(self.aws.client) - self.before

    def forget_triggers(self, *names: str) -> None:
        """Have the state be one of a version of the library that knew fewer of them."""
        path = self.terraform.directory / "terraform.tfstate"
        state = json.loads(path.read_text(encoding="utf-8"))
        for resource in state["resources"]:
            for instance in resource["instances"] if resource["type"] == "null_resource" else ():
                for name in names:
                    del instance["attributes"]["triggers"][name]
        path.write_text(json.dumps({**state, "serial": state["serial"] + 1}), encoding="utf-8")

    def allow_seconds(self, before: int, now: int) -> None:
        """Have the clean-up wait for longer, as `timeout_in_seconds` and another synthesis would."""
        path = self.terraform.directory / "cdk.tf.json"
        stated, wanted = (f'"ENI_CLEANUP_TIMEOUT": "{seconds}"' for seconds in (before, now))
        text = path.read_text(encoding="utf-8")
        assert stated in text
        path.write_text(text.replace(stated, wanted), encoding="utf-8")

    def destroy(self, *options: str) -> list[Call]:
        """Destroy it; give the calls that changed something."""
        self.aws.reset_calls()
        self.terraform.destroy(*options)
        return [call for call in self.aws.calls() if call.is_write]

    def fail_to_destroy(self) -> str:
        """Destroy it, expect that to fail, and give what was said, in one line."""
        with pytest.raises(CommandError) as raised:
            self.terraform.destroy()
        return unwrapped(raised.value.text + raised.value.error)


def by_the_script(calls: list[Call]) -> list[str]:
    """Give the actions that the AWS CLI called."""
    return [call.action for call in calls if "aws-cli" in call.user_agent]


def left_of(terraform: Terraform, aws: EmbeddedAws) -> set[str]:
    """Ask the account for what bears the endpoint's name; a group with an interface in it would be there."""
    return {each for each in take_inventory(aws.client) if str(terraform.variables["endpoint_name"]) in each}
