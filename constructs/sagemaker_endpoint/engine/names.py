"""Names that fit AWS's lengths, whether the endpoint's name is known at synthesis or not."""

import re
from collections.abc import Iterator

from sagemaker_endpoint.rules import checks, limits

from .expressions import expression, truncated

# What AWS allows for a name, less the 26 characters that Terraform appends to a `name_prefix`.
ROLE = 38
POLICY = 102
POLICY_DIGEST = 8
DIGESTED_POLICY = POLICY - POLICY_DIGEST - 1
SECURITY_GROUP = 229
ENDPOINT_CONFIGURATION = 37
# What SageMaker allows, less the hyphen and the characters of chance that end the name.
MODEL_SUFFIX = 10
MODEL = 52


def problems(endpoint_name: object) -> Iterator[checks.Finding]:
    """Yield what is wrong with an endpoint's name, from which the others follow."""
    return checks.text("endpoint_name", endpoint_name, limits.ENDPOINT_NAME, example="sentiment")


def security_group_prefix(endpoint_name: str) -> str:
    """Give the `name_prefix` of a group; none may begin as the ids of groups do.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
    """
    plain, suffix = "^(?i:sg-)", "-endpoint-"
    if not checks.deferred(endpoint_name):
        return prefix(re.sub(plain, "endpoint-", endpoint_name), suffix, SECURITY_GROUP)
    replaced = f'replace({expression(endpoint_name)}, {expression(f"/{plain}/")}, "endpoint-")'
    return prefix(f"${{{replaced}}}", suffix, SECURITY_GROUP)


def prefix(endpoint_name: str, suffix: str, longest: int) -> str:
    """Give a `name_prefix` of at most `longest` characters that ends in `suffix` and can be told by eye."""
    return f"{truncated(endpoint_name, longest - len(suffix))}{suffix}"
