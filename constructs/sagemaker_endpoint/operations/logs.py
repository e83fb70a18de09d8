"""The log group that the endpoint's containers write to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sagemaker_endpoint.access.statements import Condition, Statement
from sagemaker_endpoint.engine.account import Account
from sagemaker_endpoint.engine.bindings import CloudwatchLogGroup, Construct
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.engine.lifecycle import keeps_name, set_lifecycle
from sagemaker_endpoint.engine.preconditions import preconditions
from sagemaker_endpoint.rules import checks, limits

KEEP_FOREVER = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Logs(checks.Inputs):
    """How long the endpoint's logs are kept, and whether their group exists already.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html

    Attributes:
        retention_in_days: Any number of days that CloudWatch Logs offers (1, 3, 5, 7, 14, 30 … 3653), or 0 to keep
            them for ever. Default 365: long enough to compare with last year, and to satisfy most audits.
        import_existing: Take over the log group that exists already, which SageMaker made for an earlier endpoint of
            this name. Its lines stay; from then on it is encrypted, its retention is set, and it goes with the
            endpoint. Default False: such a group is somebody's, and the apply fails with
            ``ResourceAlreadyExistsException``. True fails where there is none. Once it is taken over, either will do.
            Terraform 1.5 needs an `endpoint_name` that is known at synthesis, later versions do not.
            https://developer.hashicorp.com/terraform/language/import
    """

    retention_in_days: float = 365
    import_existing: bool = False

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        allowed = (KEEP_FOREVER, *limits.RETENTION_IN_DAYS)
        yield from checks.one_of(f"{at}.retention_in_days", self.retention_in_days, allowed)
        yield from checks.known_flag(f"{at}.import_existing", self.import_existing)


def log_group_name(endpoint_name: str) -> str:
    """Give the name that SageMaker writes to.

    https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
    """
    return f"/aws/sagemaker/Endpoints/{endpoint_name}"


def log_group_arn(endpoint_name: str, account: Account) -> str:
    """Give the log group's ARN, from its name: what is to be there before the group needs it."""
    return account.arn("logs", f"log-group:{log_group_name(endpoint_name)}")


class EndpointLogs(Construct):
    """Makes the encrypted log group; the endpoint waits for it, or SageMaker would make one without a key.

    `deferred` is what else must hold before it is made.

    Attributes: `log_group`, `log_group_name`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        identity: Identity,
        *,
        kms_key_arn: str,
        logs: Logs,
        deferred: Sequence[checks.Deferred] = (),
    ) -> None:
        super().__init__(scope, id)
        found = checks.require(
            lambda: self.node.path,
            checks.part("logs", logs, Logs),
            checks.endpoint_name(identity.endpoint_name),
        )
        self.log_group_name = log_group_name(identity.endpoint_name)
        self.log_group = CloudwatchLogGroup(
            self,
            "LogGroup",
            name=self.log_group_name,
            retention_in_days=logs.retention_in_days,
            kms_key_id=kms_key_arn,
            tags=identity.tags,
        )
        set_lifecycle(
            self.log_group,
            prevent_destroy=identity.deletion_protection,
            precondition=preconditions([*deferred, *found]),
            postcondition=[keeps_name(self.log_group_name, "SageMaker writes to that log group")],
        )
        if logs.import_existing:
            self.log_group.import_from(self.log_group_name)

    @staticmethod
    def key_statement(identity: Identity) -> Statement:
        """Let CloudWatch Logs use the key for the one log group.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
        """
        account = identity.account
        group = log_group_arn(identity.endpoint_name, account)
        return Statement(
            sid="LogsEncryptThisGroup",
            actions=["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            resources=["*"],  # in a key's policy, that key
            service=f"logs.{account.region}.{account.dns_suffix}",
            conditions=[Condition(test="ArnEquals", variable="kms:EncryptionContext:aws:logs:arn", values=[group])],
        )

    @staticmethod
    def statements(identity: Identity, *, least_privilege: bool) -> list[Statement]:
        """Let the role write to the log group.

        https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
        """
        group = log_group_arn(identity.endpoint_name, identity.account)
        # AWS lists it although the group is there, and an agent may ask for the group before its stream:
        # https://github.com/aws/amazon-cloudwatch-agent/pull/85
        # A group that SageMaker made after a deletion is neither encrypted nor ever emptied before the next apply.
        make_group = [] if least_privilege else ["logs:CreateLogGroup"]
        actions = [*make_group, "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        return [Statement(sid="WriteLogs", actions=actions, resources=[group, f"{group}:*"])]

    @property
    def runbook_names(self) -> dict[str, Sequence[str]]:
        """The name that the runbook's commands have a place for."""
        return {"log_group": [self.log_group_name]}
