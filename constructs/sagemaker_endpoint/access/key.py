"""The KMS key that encrypts the endpoint's logs and its instances' storage volumes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sagemaker_endpoint.engine.account import Account
from sagemaker_endpoint.engine.bindings import (
    Construct,
    KmsAlias,
    KmsKey,
    TerraformElement,
)
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.engine.lifecycle import set_lifecycle
from sagemaker_endpoint.engine.preconditions import preconditions
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import AnyOf, Group, IsOneOf, Matches, Not

from .statements import Condition, Statement, document

KEY_ARN = limits.Text(
    min_length=20, max_length=2048, pattern=r"arn:aws[a-z-]*:kms:([a-z0-9-]+):[0-9]{12}:key/[0-9a-zA-Z-]+"
)


_KEY_ID = "Key"


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptionKey(checks.Inputs):
    """The customer managed key: one of the endpoint's own, or yours.

    https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html

    Attributes:
        deletion_window_in_days: How long a destroyed key can still be saved, 7 to 30 days. Default 30, the
            longest: what the key encrypted is lost with it.
        kms_key_arn: The ARN of an existing key to use instead. Its policy must let CloudWatch Logs use it for the
            endpoint's log group, and the account's IAM policies govern it; see
            https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
        retain_own_key: Whether a key of its own, that the endpoint had before `kms_key_arn`, stays in the account:
            what was logged until then can be read with that key alone. Default True: Terraform forgets the key and
            leaves it as it is, yours to delete once those logs have expired. It does so by a ``removed`` block, which
            needs Terraform 1.7. With False the key, if there was one, is scheduled for deletion.
            https://developer.hashicorp.com/terraform/language/resources/syntax#removing-resources
    """

    deletion_window_in_days: float | None = None
    kms_key_arn: str | None = None
    retain_own_key: bool = True

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.number(
            f"{at}.deletion_window_in_days",
            self.deletion_window_in_days,
            limits.KMS_DELETION_WINDOW_IN_DAYS,
            optional=True,
        )
        yield from checks.known_flag(f"{at}.retain_own_key", self.retain_own_key)
        if self.retain_own_key is False and self.kms_key_arn is None:
            yield f"{at}.retain_own_key must not be False without kms_key_arn, which takes that key's place"
        if self.kms_key_arn is not None:
            yield from key_arn_problems(f"{at}.kms_key_arn", self.kms_key_arn)
            if self.deletion_window_in_days is not None:
                yield f"{at}.deletion_window_in_days must not be given with kms_key_arn: an existing key stays as it is"


def key_arn_problems(at: str, value: object, *, optional: bool = False) -> Iterator[checks.Finding]:
    """Yield what is wrong with the ARN of a key, which AWS may take in other forms but the provider does not."""
    return checks.text(
        at,
        value,
        KEY_ARN,
        example="arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        optional=optional,
        hint=lambda value: _way_to_arn(value) or checks.looks_like(value),
    )


def chosen_key(stated: str | None, own: str) -> str:
    """Give the key that encrypts: the one that is stated, or else the endpoint's own."""
    return own if stated is None else stated


def use_statement(sid: str, actions: Sequence[str], kms_key_arns: Sequence[str]) -> Statement:
    """Let the role use keys; each key's own policy leaves that to IAM.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam
    """
    return Statement(sid=sid, actions=actions, resources=kms_key_arns)


def _in_region(kms_key_arn: str, region: str) -> Iterator[checks.Finding]:
    """Yield a key of another region than the endpoint's, which Terraform alone knows: keys are regional.

    https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html
    """
    pattern = KEY_ARN.pattern or ""
    own = IsOneOf(region, [Group(kms_key_arn, pattern, 0)])
    sentence = f"key.kms_key_arn must lie in the region of the endpoint, {region}"
    yield from checks.rule(sentence, AnyOf([Not(Matches(kms_key_arn, pattern)), own]), kms_key_arn)


def _way_to_arn(value: str) -> str:
    """Say how to come from a key's id or alias to its ARN."""
    kind = checks.looks_like(value)
    is_key = kind.endswith(("a key's alias", "the ARN of a key's alias", "a key's id"))
    return f"{kind}: `aws kms describe-key --key-id {value}` tells the key's ARN" if is_key else ""


class RetainedKey(TerraformElement):
    """Has Terraform forget the key that had this construct's id, if there was one, and leave it in the account."""

    def to_terraform(self) -> Any:  # noqa: ANN401 - CDKTF's type for it
        """Give the ``removed`` block; CDKTF has no construct for it.

        The key gets another address first. Where resources in the state depend on the forgotten one, Terraform has it
        forgotten before they are changed, which with `create_before_destroy` is a cycle.
        """
        own = f"aws_kms_key.{self.friendly_unique_id}"
        retained = f"{own}_retained"
        return {
            "moved": [{"from": own, "to": retained}],
            "removed": [{"from": retained, "lifecycle": {"destroy": False}}],
        }


class EndpointKey(Construct):
    """Makes the key with its policy and alias, or passes an existing one on.

    `uses` is what services do with it: statements of the key's policy.

    Attributes: `kms_key_arn`; `key` and `alias`, of its own, None with an existing one; `deferred`, what else must hold
    of that before it is used.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        identity: Identity,
        *,
        uses: Sequence[Statement],
        key: EncryptionKey,
    ) -> None:
        super().__init__(scope, id)
        found = checks.require(
            lambda: self.node.path,
            checks.part("key", key, EncryptionKey),
            checks.endpoint_name(identity.endpoint_name),
        )
        self.deferred: list[checks.Deferred] = []
        self.key: KmsKey | None = None
        self.alias: KmsAlias | None = None
        if key.kms_key_arn is not None:
            self.kms_key_arn = key.kms_key_arn
            self.deferred = checks.require(lambda: self.node.path, _in_region(key.kms_key_arn, identity.account.region))
            if key.retain_own_key:
                RetainedKey(self, _KEY_ID)
            return
        self.key = KmsKey(
            self,
            _KEY_ID,
            description=f"Logs and storage volumes of the SageMaker endpoint {identity.endpoint_name}",
            enable_key_rotation=True,
            deletion_window_in_days=30 if key.deletion_window_in_days is None else key.deletion_window_in_days,
            policy=self._policy(identity.account, uses),
            tags=identity.tags,
        )
        # The log group and the configuration go over to another key before this one goes.
        set_lifecycle(
            self.key,
            create_before_destroy=True,
            prevent_destroy=identity.deletion_protection,
            precondition=preconditions(found),
        )
        alias = f"alias/sagemaker-endpoint/{identity.endpoint_name}"
        self.alias = KmsAlias(self, "Alias", name=alias, target_key_id=self.key.key_id)
        self.kms_key_arn = self.key.arn

    @property
    def runbook_names(self) -> dict[str, Sequence[str]]:
        """The name that the runbook's commands have a place for."""
        return {"kms_key": [self.kms_key_arn]}

    def statements(self) -> list[Statement]:
        """Let the role use the key for the storage volumes, to which SageMaker hands it by a grant.

        https://docs.aws.amazon.com/kms/latest/developerguide/services-ebs.html
        """
        for_aws = Condition(test="Bool", variable="kms:GrantIsForAWSResource", values=["true"])
        return [
            Statement(sid="DescribeKey", actions=["kms:DescribeKey"], resources=[self.kms_key_arn]),
            Statement(
                sid="EncryptVolumes",
                actions=["kms:CreateGrant"],
                resources=[self.kms_key_arn],
                conditions=[for_aws],
            ),
        ]

    def _policy(self, account: Account, uses: Sequence[Statement]) -> str:
        """Let the account's IAM policies govern the key, and services use it as the endpoint's parts state."""
        governing = Statement(
            sid="AccountGovernsThroughIam",
            actions=["kms:*"],
            # In a key policy "*" is this key, no other:
            # https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
            # checkov CKV_AWS_109 CKV_AWS_111 CKV_AWS_356 at Encryption_Policy: as if it were every key.
            resources=["*"],
            account=f"arn:{account.partition}:iam::{account.account_id}:root",
        )
        return document(self, "Policy", [governing, *uses]).json
