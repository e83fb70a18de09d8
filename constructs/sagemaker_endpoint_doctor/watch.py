"""Waits for the end of a deployment, and tells what changes meanwhile."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotReachedError

from .errors import CannotStartError

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_sagemaker.type_defs import DescribeEndpointOutputTypeDef

INTERVAL_IN_SECONDS = 10
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html: all others stay as they are.
_PASSING = {"Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"}


def watch(
    look: Callable[[], "DescribeEndpointOutputTypeDef"],
    *,
    timeout: timedelta,
    tell: Callable[[str], None],
    pause: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> str:
    """Look every ten seconds until no deployment runs any more, and give the endpoint's status then.

    Args:
        look: Asks AWS for the endpoint.
        timeout: How long to wait.
        tell: Is told of each change.
        pause: Lets seconds pass.
        clock: Counts them.

    Raises:
        CannotStartError: Time is up.
    """
    end = clock() + timeout.total_seconds()
    told = ""
    while True:
        status, line = _seen(look)
        if line != told:
            tell(line)
            told = line
        if status and status not in _PASSING:
            return status
        if clock() >= end:
            minutes = f"{timeout.total_seconds() / 60:g} minutes"
            raise CannotStartError(
                f"The deployment has not ended after {minutes}: {line}. Watch on with a longer --timeout, or look at "
                "it as it is without --watch."
            )
        pause(INTERVAL_IN_SECONDS)


def _seen(look: Callable[[], "DescribeEndpointOutputTypeDef"]) -> tuple[str, str]:
    """Give the status and the line to tell; no status if AWS did not answer this time."""
    try:
        endpoint = look()
    except (HTTPClientError, NotReachedError) as error:
        return "", f"AWS did not answer, trying again: {error}"
    except ClientError as error:
        if not _is_passing(error):
            raise
        return "", f"AWS did not answer, trying again: {error}"
    return endpoint["EndpointStatus"], ", ".join(_described(endpoint))


def _is_passing(error: ClientError) -> bool:
    """Tell whether AWS may well answer the next time: it is overloaded, or out of order."""
    metadata: Mapping[str, Any] = error.response.get("ResponseMetadata", {})
    return "Throttl" in str(error) or int(metadata.get("HTTPStatusCode", 0)) >= 500  # noqa: PLR2004 HTTP's server errors


def _described(endpoint: "DescribeEndpointOutputTypeDef") -> Iterator[str]:
    yield endpoint["EndpointStatus"]
    yield from _counts("", endpoint.get("ProductionVariants", []))
    yield from _counts("next ", endpoint.get("PendingDeploymentSummary", {}).get("ProductionVariants", []))


def _counts(prefix: str, variants: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Give each variant's instances; a serverless one has none to count."""
    for variant in variants:
        if "DesiredInstanceCount" in variant:
            current, desired = variant.get("CurrentInstanceCount", 0), variant["DesiredInstanceCount"]
            statuses = "".join(f" ({each['Status']})" for each in variant.get("VariantStatus", []))
            yield f"{prefix}{variant['VariantName']} {current} of {desired} instances{statuses}"
