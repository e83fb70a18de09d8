"""Names that fit AWS's lengths, whether the endpoint's name is known at synthesis or not."""

from .expressions import truncated

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


def prefix(endpoint_name: str, suffix: str, longest: int) -> str:
    """Give a `name_prefix` of at most `longest` characters that ends in `suffix` and can be told by eye."""
    return f"{truncated(endpoint_name, longest - len(suffix))}{suffix}"
