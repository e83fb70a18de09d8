"""What all resources of an endpoint have in common."""

from dataclasses import dataclass

from .account import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The endpoint's name, the account and region that it is in, its tags, and whether Terraform may destroy it.

    `deletion_protection` is of what cannot be had again: the endpoint, its log group and its key.
    """

    endpoint_name: str
    account: Account
    tags: dict[str, str] | None  # jsii knows no other mapping
    deletion_protection: bool
