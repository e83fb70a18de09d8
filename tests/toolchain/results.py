"""What Terraform's commands answer, parsed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_APPLIED = re.compile(
    r"(?:Apply|Destroy) complete! Resources:(?: \d+ imported,)?(?: (\d+) added,)?(?: (\d+) changed,)? (\d+) destroyed"
)


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """One finding of `terraform validate`; `severity` is `error` or `warning`."""

    severity: str
    summary: str
    detail: str

    @staticmethod
    def all_in(text: str) -> tuple[Diagnostic, ...]:
        """Parse the output of `terraform validate -json`."""
        return tuple(
            Diagnostic(severity=d["severity"], summary=d["summary"], detail=d.get("detail", ""))
            for d in json.loads(text)["diagnostics"]
        )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an apply would do.

    `changes`: address to actions, as `("update",)` or `("create", "delete")`; what stays is not in it.
    `outputs`: names of outputs that would change. `text`: the plan as Terraform prints it, warnings included.
    """

    is_empty: bool
    changes: Mapping[str, tuple[str, ...]]
    outputs: frozenset[str]
    text: str

    @staticmethod
    def parse(*, shown: str, text: str, is_empty: bool) -> Plan:
        """Parse `terraform show -json` of a plan file, and what `terraform plan` printed."""
        plan = json.loads(shown)
        actions = {r["address"]: tuple(r["change"]["actions"]) for r in plan.get("resource_changes", [])}
        outputs = plan.get("output_changes", {})
        return Plan(
            is_empty=is_empty,
            changes={address: done for address, done in actions.items() if done not in (("no-op",), ("read",))},
            outputs=frozenset(name for name, change in outputs.items() if change["actions"] != ["no-op"]),
            text=text,
        )


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What an apply or a destroy did; `text` is all it printed."""

    added: int
    changed: int
    destroyed: int
    text: str

    @staticmethod
    def parse(text: str) -> Applied:
        """Parse the text that `terraform apply` or `terraform destroy` ends with."""
        found = _APPLIED.search(text)
        if not found:
            raise ValueError(f"Terraform ended well, but its summary is missing:\n{text}")
        added, changed, destroyed = (int(count or 0) for count in found.groups())
        return Applied(added=added, changed=changed, destroyed=destroyed, text=text)

    def created(self) -> list[str]:
        """List addresses in the order in which their creation was complete."""
        return self._completed("Creation")

    def deleted(self) -> list[str]:
        """List addresses in the order in which their destruction was complete, deposed objects too."""
        return self._completed("Destruction")

    def _completed(self, what: str) -> list[str]:
        return re.findall(rf"^(\S+)(?: \(deposed object \w+\))?: {what} complete", self.text, re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class State:
    """What Terraform has recorded: each resource's attributes (whatever its provider defines) by address.

    Data sources are in it, their addresses starting with `data.`.
    """

    resources: Mapping[str, Mapping[str, Any]]

    @staticmethod
    def parse(text: str) -> State:
        """Parse the output of `terraform show -json`."""
        root = json.loads(text).get("values", {}).get("root_module", {})
        return State(resources={r["address"]: r["values"] for r in root.get("resources", [])})

    def __getitem__(self, address: str) -> Mapping[str, Any]:
        if address not in self.resources:
            raise KeyError(f"{address} is not in the state, which holds {', '.join(sorted(self.resources))}")
        return self.resources[address]

    def addresses(self) -> list[str]:
        """List the managed resources, sorted."""
        return sorted(address for address in self.resources if not address.startswith("data."))
