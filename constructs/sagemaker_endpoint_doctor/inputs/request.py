"""What the command line asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sagemaker_endpoint_doctor.examination.names import Names

DEFAULT_SINCE = timedelta(hours=1)
DEFAULT_TIMEOUT = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The command line, read.

    Attributes:
        endpoint_name: The endpoint's name; empty if Terraform's outputs hold it.
        from_terraform: The folder in which Terraform runs, if its outputs hold the names.
        region: The region; None leaves it to the environment or the profile.
        profile: The profile of the AWS configuration; None leaves it to the environment.
        security_group_id: The endpoint's own group.
        sections: The keys of the sections to examine, in their order.
        since: How far back to look in logs and metrics.
        at: The moment to look back from; None is now.
        json: Whether to print for machines.
        watch: Whether to wait for the end of a deployment first.
        timeout: How long to wait for that.
    """

    endpoint_name: str
    from_terraform: Path | None
    region: str | None = None
    profile: str | None = None
    security_group_id: str | None = None
    sections: Sequence[str] = ()
    since: timedelta = DEFAULT_SINCE
    at: datetime | None = None
    json: bool = False
    watch: bool = False
    timeout: timedelta = DEFAULT_TIMEOUT

    def names(self, region: str) -> Names:
        """Give the names that the command line states."""
        return Names(endpoint_name=self.endpoint_name, region=region, security_group_id=self.security_group_id)
