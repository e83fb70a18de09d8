"""What a bucket's policy says to a call for an object.

moto takes a statement whose condition does not fit for a Deny, sees no principal but "*", and holds HeadObject against
an action that does not exist: it takes s3:GetObject.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html

moto does not say here who calls, so it is taken to be the account's root user, over TLS. As in moto, calls for the
bucket itself are not held against its policy.
"""

import json

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from .iam_policy import Decision, Request, decide
from .patching import Handler, wrap

_RESULTS = {
    Decision.ALLOW: PermissionResult.PERMITTED,
    Decision.DENY: PermissionResult.DENIED,
    Decision.SILENT: PermissionResult.NEUTRAL,
}


def fill() -> None:
    wrap(FakeBucket, "get_permission", _get_permission)


def _get_permission(_: Handler, self: FakeBucket, action: str, resource: str) -> PermissionResult:
    if self.policy is None:
        return PermissionResult.NEUTRAL
    request = Request(
        action=action.replace("HeadObject", "GetObject"), resource=resource, context={"aws:SecureTransport": "true"}
    )
    root = f"arn:{self.partition}:iam::{self.account_id}:root"
    return _RESULTS[decide([json.loads(self.policy)], request, principals=[self.account_id, root])]
