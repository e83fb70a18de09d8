"""Names that fit AWS's lengths, whether the endpoint's name is known at synthesis or not."""

from sagemaker_endpoint.rules.limits import Text

from .expressions import truncated

_APPENDED = 26  # the characters of a time and a counter that Terraform appends to a `name_prefix`


def name_prefix(name: str, suffix: str, limit: Text, *, digest: str = "") -> str:
    """Give a `name_prefix` that ends in `suffix` and can be told by eye, of a length that leaves the limit kept.

    `digest`, 8 characters that Terraform makes, comes last, with a hyphen behind it.
    """
    longest = (limit.max_length or 0) - _APPENDED - len(suffix) - (9 if digest else 0)
    return f"{truncated(name, longest)}{suffix}{f'{digest}-' if digest else ''}"
