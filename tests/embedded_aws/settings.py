"""How one embedded AWS behaves."""

import json
from dataclasses import dataclass, field
from typing import Literal, get_args

InterfacesAfterDelete = Literal["orphan", "vanish", "detachable", "stuck", "ela-attach"]
"""What becomes of an endpoint's network interfaces once it is deleted. All are seen on AWS.

`orphan`: released, they stay behind as available. `vanish`: released, they are gone. The others are never
released. `detachable`: in use until their attachment is detached, which succeeds. `stuck`: in use, and AWS
refuses to detach them. `ela-attach`: in use by an attachment that AWS lets nobody manage.
"""

DeploymentFailure = Literal["rolled back", "rolling back", "rollback failed"]
"""What becomes of an update that SageMaker cannot deploy.

`rolled back`: the endpoint is in service with what it had before. `rolling back`: the same, but only after an hour of
RollingBack. `rollback failed`: it is UpdateRollbackFailed, and serves with old and new instances.
"""


@dataclass(frozen=True, kw_only=True)
class InterfaceBehaviour:
    """What an interface does when its endpoint, or its instance, is gone; decided when it is made.

    `release_seconds`: how long SageMaker takes to release it.
    """

    after_delete: InterfacesAfterDelete = "orphan"
    release_seconds: float = 0

    def __post_init__(self) -> None:
        allowed = get_args(InterfacesAfterDelete)
        if self.after_delete not in allowed:
            raise ValueError(f"interfaces_after_delete is {self.after_delete!r}: use one of {', '.join(allowed)}")
        if self.release_seconds < 0:
            raise ValueError(f"release_seconds is {self.release_seconds}: use 0 or more")

    @classmethod
    def from_json(cls, text: str) -> "InterfaceBehaviour":
        return cls(**json.loads(text))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the server process is told at its start.

    `port`: where it listens; 0 is any, rather `preferred_port` than another.
    `interfaces`: how network interfaces behave, until the server is told otherwise.
    `transition_seconds`: how long an endpoint stays Creating, Updating or Deleting.
    `wait_seconds`: how long each wait of a deployment takes at most, whatever it asks for; None is as it asks.
    """

    region: str = "eu-west-1"
    port: int = 0
    preferred_port: int = 0
    interfaces: InterfaceBehaviour = field(default_factory=InterfaceBehaviour)
    transition_seconds: float = 0.05
    wait_seconds: float | None = None

    def __post_init__(self) -> None:
        if self.transition_seconds < 0:
            raise ValueError(f"transition_seconds is {self.transition_seconds}: use 0 or more")
