"""Waits for the end of a deployment, and tells what changes meanwhile."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sagemaker_endpoint_doctor.examination.errors import CannotStartError
from sagemaker_endpoint_doctor.examination.subject import NoSuchEndpointError

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotReachedError

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_sagemaker.type_defs import DescribeEndpointOutputTypeDef

INTERVAL_IN_SECONDS = 10
GONE_IN_SECONDS = 120  # Terraform replaces an endpoint by deleting it and then making it anew
_GONE = "gone; waiting for it to be made anew"
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html: all others stay as they are.
_DEPLOYING = {"Creating", "Updating", "RollingBack"}
_PASSING = {*_DEPLOYING, "SystemUpdating", "Deleting"}  # AWS's maintenance deploys nothing that could be rolled back


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How it ended.

    Attributes:
        status: The endpoint's status.
        rolled_back: A deployment was seen, and what it changed was undone.
    """

    status: str
    rolled_back: bool

    @property
    def failed(self) -> bool:
        """Tell whether the endpoint does not serve, or not what was deployed."""
        return self.rolled_back or self.status != "InService"


def watch(
    look: Callable[[], "DescribeEndpointOutputTypeDef"],
    *,
    timeout: timedelta,
    tell: Callable[[str], None],
    pause: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Ended:
    """Look every ten seconds until no deployment runs any more, and tell how it ended.

    Args:
        look: Asks AWS for the endpoint.
        timeout: How long to wait.
        tell: Is told of each change.
        pause: Lets seconds pass.
        clock: Counts them.

    Raises:
        CannotStartError: Time is up.
        NoSuchEndpointError: There is no endpoint, or it is gone and was not made anew.
    """
    end = clock() + timeout.total_seconds()
    passed: set[str] = set()
    deployed: str | None = None
    gone_since: float | None = None
    told = ""
    while True:
        try:
            endpoint, line = _seen(look)
        except NoSuchEndpointError:
            gone_since = clock() if gone_since is None else gone_since
            if not passed or clock() >= min(end, gone_since + GONE_IN_SECONDS):
                raise
            endpoint, line = None, _GONE
            passed, deployed = {"Deleting"}, None  # what became of it says nothing of the next
        if line != told:
            tell(line)
            told = line
        if endpoint:
            if endpoint["EndpointStatus"] not in _PASSING:
                rolled_back = _is_rolled_back(endpoint, passed, deployed)
                return Ended(status=endpoint["EndpointStatus"], rolled_back=rolled_back)
            passed.add(endpoint["EndpointStatus"])
            deployed = endpoint.get("PendingDeploymentSummary", {}).get("EndpointConfigName", deployed)
            gone_since = None
        if clock() >= end:
            minutes = f"{timeout.total_seconds() / 60:g} minutes"
            raise CannotStartError(
                f"The deployment has not ended after {minutes}: {line}. Watch on with a longer --timeout, or look at "
                "it as it is without --watch."
            )
        pause(INTERVAL_IN_SECONDS)


def _is_rolled_back(endpoint: "DescribeEndpointOutputTypeDef", passed: set[str], deployed: str | None) -> bool:
    """Tell whether what was deployed meanwhile was undone.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_EndpointMetadata.html: FailureReason is also there
    when "the status is InService but update operation fails". Where an alarm took it back, no page says that it is.
    """
    another = deployed is not None and endpoint.get("EndpointConfigName", deployed) != deployed
    failed = another or "FailureReason" in endpoint
    return "RollingBack" in passed or (failed and not passed.isdisjoint(_DEPLOYING))


def _seen(look: Callable[[], "DescribeEndpointOutputTypeDef"]) -> "tuple[DescribeEndpointOutputTypeDef | None, str]":
    """Give the endpoint and the line to tell; no endpoint if AWS did not answer this time."""
    try:
        endpoint = look()
    except (HTTPClientError, NotReachedError) as error:
        return None, f"AWS did not answer, trying again: {error}"
    except ClientError as error:
        if not _is_passing(error):
            raise
        return None, f"AWS did not answer, trying again: {error}"
    return endpoint, ", ".join(_described(endpoint))


def _is_passing(error: ClientError) -> bool:
    """Tell whether AWS may well answer the next time: it is overloaded, or out of order."""
    metadata: Mapping[str, Any] = error.response.get("ResponseMetadata", {})
    return "Throttl" in str(error) or int(metadata.get("HTTPStatusCode", 0)) >= 500  # noqa: PLR2004 - HTTP's server errors


def _described(endpoint: "DescribeEndpointOutputTypeDef") -> Iterator[str]:
    yield endpoint["EndpointStatus"]
    pending = endpoint.get("PendingDeploymentSummary", {})
    yield from _counts("", endpoint.get("ProductionVariants", []))
    yield from _counts("", endpoint.get("ShadowProductionVariants", []))
    yield from _counts("next ", pending.get("ProductionVariants", []))
    yield from _counts("next ", pending.get("ShadowProductionVariants", []))


def _counts(prefix: str, variants: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Give each variant's instances; a serverless one has none to count."""
    for variant in variants:
        if "DesiredInstanceCount" in variant:
            current, desired = variant.get("CurrentInstanceCount", 0), variant["DesiredInstanceCount"]
            statuses = "".join(f" ({each['Status']})" for each in variant.get("VariantStatus", []))
            yield f"{prefix}{variant['VariantName']} {current} of {desired} instances{statuses}"
