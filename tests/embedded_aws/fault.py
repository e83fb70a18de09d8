"""What can go wrong on the way to AWS."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Failure:
    """An answer instead of AWS's own: an error's code and message, or a `body` that is no error of AWS's."""

    status: int
    code: str = ""
    message: str = ""
    body: str | None = None


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
THROTTLED = Failure(status=503, code="RequestLimitExceeded", message="Request limit exceeded.")
DENIED = Failure(status=403, code="UnauthorizedOperation", message="You are not authorized to perform this operation.")
EXPIRED = Failure(status=400, code="RequestExpired", message="Request has expired.")
BROKEN = Failure(status=500, code="InternalError", message="An internal error has occurred.")
UNAVAILABLE = Failure(status=503, body="<html><body>Service Unavailable</body></html>")
GARBAGE = Failure(status=200, body="no answer of AWS's")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Calls that fail, or with no `failure` wait until the fault is lifted and are served then.

    `service`, `action`: which calls.
    `caller`: only those with this in their user agent, such as `aws-cli`.
    `skip`: how many of these go well before; `times`: how many then do not, None for all.
    """

    service: str
    action: str
    failure: Failure | None
    caller: str = ""
    skip: int = 0
    times: int | None = None

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Fault":
        values = json.loads(text)
        failure = values.pop("failure")
        return cls(**values, failure=failure and Failure(**failure))
