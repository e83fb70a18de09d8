"""How one embedded AWS behaves."""

import json
from dataclasses import asdict, dataclass
from typing import Literal, get_args

InterfacesAfterDelete = Literal["orphan", "vanish"]
"""What becomes of an endpoint's network interfaces once it is deleted. Both are seen on AWS."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the server process is told at its start.

    `interfaces_after_delete`: `orphan` leaves the interfaces behind as `available`, `vanish` removes them.
    `transition_seconds`: how long an endpoint stays Creating, Updating or Deleting.
    """

    region: str = "eu-west-1"
    port: int = 0
    interfaces_after_delete: InterfacesAfterDelete = "orphan"
    transition_seconds: float = 0.05

    def __post_init__(self) -> None:
        allowed = get_args(InterfacesAfterDelete)
        if self.interfaces_after_delete not in allowed:
            raise ValueError(
                f"interfaces_after_delete is {self.interfaces_after_delete!r}: use one of {', '.join(allowed)}"
            )
        if self.transition_seconds < 0:
            raise ValueError(f"transition_seconds is {self.transition_seconds}: use 0 or more")

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Settings":
        return cls(**json.loads(text))
