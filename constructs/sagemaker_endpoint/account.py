"""Where the stack is applied: partition, region and account, known to Terraform alone."""

from .bindings import Construct, DataAwsCallerIdentity, DataAwsPartition, DataAwsRegion


class Account(Construct):
    """Looks up where the provider works, so that ARNs are right in every partition, aws-cn and aws-us-gov too.

    Attributes: `partition` (``aws``), `dns_suffix` (``amazonaws.com``), `region` (``eu-west-1``) and
    `account_id` (12 digits), each a token.
    """

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002 - CDKTF's name for it
        super().__init__(scope, id)
        partition = DataAwsPartition(self, "Partition")
        self.partition = partition.partition
        self.dns_suffix = partition.dns_suffix
        # The attribute `name` is deprecated in AWS provider 6, its successor `region` unknown to 5; `id` is in both.
        self.region = DataAwsRegion(self, "Region").id
        self.account_id = DataAwsCallerIdentity(self, "CallerIdentity").account_id

    def arn(self, service: str, resource: str) -> str:
        """Give the ARN of a resource of this account in this region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"
