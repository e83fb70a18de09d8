"""Where the stack is applied: partition, region and account, known to Terraform alone."""

from .bindings import Construct
from .data_source import data_source


class Account(Construct):
    """Looks up where the provider works, so that ARNs are right in every partition, aws-cn and aws-us-gov too.

    Attributes: `partition` (``aws``), `dns_suffix` (``amazonaws.com``), `region` (``eu-west-1``) and
    `account_id` (12 digits), each a token.
    """

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        partition = data_source(self, "Partition", "aws_partition")
        self.partition = partition.get_string_attribute("partition")
        self.dns_suffix = partition.get_string_attribute("dns_suffix")
        # The attribute `name` is deprecated in AWS provider 6, its successor `region` unknown to 5; `id` is in both.
        self.region = data_source(self, "Region", "aws_region").get_string_attribute("id")
        identity = data_source(self, "CallerIdentity", "aws_caller_identity")
        self.account_id = identity.get_string_attribute("account_id")

    def arn(self, service: str, resource: str) -> str:
        """Give the ARN of a resource of this account in this region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"
