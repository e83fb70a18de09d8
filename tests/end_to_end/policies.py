"""What a role may do, as its policies in the account say."""

from __future__ import annotations

from typing import Any

from tests.embedded_aws import EmbeddedAws


def attached_policies(aws: EmbeddedAws, role: str) -> list[str]:
    """List the ARNs of the policies attached to a role, which is given by its name or ARN."""
    name = role.rpartition("/")[2]
    attached = aws.client("iam").list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    return [policy["PolicyArn"] for policy in attached]


def s3_access(aws: EmbeddedAws, role: str) -> dict[str, list[str]]:
    """Give the resources of each action on S3 that the role's policies allow; a prefix stands behind its bucket."""
    access: dict[str, list[str]] = {}
    for statement in (each for arn in attached_policies(aws, role) for each in _statements(aws, arn)):
        prefixes = statement.get("Condition", {}).get("StringLike", {}).get("s3:prefix", "")
        for action in _list(statement["Action"]):
            if action.startswith("s3:"):
                found = [
                    " ".join(filter(None, [resource, *_list(prefixes)])) for resource in _list(statement["Resource"])
                ]
                access.setdefault(action, []).extend(found)
    return access


def _statements(aws: EmbeddedAws, policy_arn: str) -> list[dict[str, Any]]:
    iam = aws.client("iam")
    version = iam.get_policy(PolicyArn=policy_arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=policy_arn, VersionId=version)["PolicyVersion"]["Document"]
    return _list(document["Statement"])


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - IAM writes one of anything without its list
    return value if isinstance(value, list) else [value]
