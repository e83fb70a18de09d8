"""One API call, as the journal keeps it."""

from dataclasses import dataclass, field

_IDENTIFYING = ("Name", "Id", "Ids", "Arn", "Arns")
_TAKES_AWAY = ("Delete", "Detach", "Revoke", "Disassociate", "Disable", "Schedule", "Remove", "Terminate")


@dataclass(frozen=True, kw_only=True)
class Call:
    """An API call that has been answered.

    `parameters` are those of the request, flat: `Attachment.DeleteOnTermination`, `Filter.1.Name`.
    `in_use` is what the account's endpoints used when a call came that takes something away; see `in_use.py`.
    """

    service: str
    action: str
    status: int
    error: str | None = None
    user_agent: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    in_use: list[str] = field(default_factory=list)

    @property
    def resources(self) -> tuple[str, ...]:
        """The names, ids and ARNs at the top level of the request."""
        return tuple(value for key, value in self.parameters.items() if _identifies(key))

    @property
    def is_write(self) -> bool:
        """Whether the action changes anything, going by AWS's own naming of its actions."""
        return is_write(self.action)

    def __str__(self) -> str:
        answer = self.error or self.status
        return f"{self.service}:{self.action}({', '.join(self.resources)}) -> {answer}"


def is_write(action: str) -> bool:
    """Tell whether an action changes anything, going by AWS's own naming of its actions."""
    return not action.startswith(("Describe", "Get", "List", "Head", "Lookup"))


def takes_away(action: str) -> bool:
    """Tell whether an action takes away what there was; a new version of a policy does so for the one before."""
    return action.startswith(_TAKES_AWAY) or action == "CreatePolicyVersion"


def _identifies(key: str) -> bool:
    name, _, rest = key.partition(".")
    return (not rest or rest.isdigit()) and name.endswith(_IDENTIFYING)
