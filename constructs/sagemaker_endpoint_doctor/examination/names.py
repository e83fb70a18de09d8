"""What an examination begins with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names to begin with.

    Attributes:
        endpoint_name: The endpoint's.
        region: Its region.
        account_id: Its account; None where nobody knows.
        endpoint_config_name: The configuration that Terraform made; None where nobody knows.
        security_group_id: The group of the endpoint's own; None where nobody knows: then those of its models.
        execution_role_arn: The role's; None where nobody knows: then those of its models.
    """

    endpoint_name: str
    region: str
    account_id: str | None = None
    endpoint_config_name: str | None = None
    security_group_id: str | None = None
    execution_role_arn: str | None = None
