"""The description of a security group's rule that names another group or a prefix list.

moto answers that of a rule with an address range alone. AWS keeps one for every rule.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
"""

from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule

from .patching import Handler, Resource, wrap


def fill() -> None:
    wrap(SecurityGroupRule, "__init__", _remember)
    SecurityGroupRule.description = property(_description)  # type: ignore[assignment,method-assign] # in one's place


def _description(rule: Resource) -> str | None:
    description: str | None = rule.ip_range.get("Description") or rule.stated_description
    return description


def _remember(moto: Handler, self: Resource, *arguments: Any, **named: Any) -> None:
    moto(self, *arguments, **named)
    stated: list[Any] = [*arguments[6:8], named.get("source_group"), named.get("prefix_list_id")]
    self.stated_description = next((each["Description"] for each in stated if each and "Description" in each), None)
