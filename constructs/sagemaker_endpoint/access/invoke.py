"""Who may call the endpoint: the policy to invoke it."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import cast

from sagemaker_endpoint.engine.bindings import (
    Construct,
    IamPolicy,
    IamRole,
    IamRolePolicyAttachment,
    TerraformStack,
)
from sagemaker_endpoint.engine.expressions import reference
from sagemaker_endpoint.engine.lifecycle import set_lifecycle
from sagemaker_endpoint.engine.names import name_prefix
from sagemaker_endpoint.engine.preconditions import preconditions
from sagemaker_endpoint.rules import checks, limits

_NO_NAMES = {".arn}": "ARN", ".unique_id}": "unique id"}  # how other attributes of a role end, and what they are


class InvokePolicy(Construct):
    """Makes the policy that lets its holder invoke the endpoint, in each of the three ways, and nothing else.

    https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-test-endpoints.html

    Attributes: `policy_arn`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDKTF's name for it
        *,
        endpoint_name: str,
        endpoint_arn: str,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id)
        self._granted: dict[str, IamRolePolicyAttachment] = {}  # by the path of the role's construct
        # Not a data source: Terraform would read it anew, and plan a change, at every update of the endpoint.
        document = {
            "Version": "2012-10-17",
            "Statement": {
                "Sid": "InvokeEndpoint",
                "Effect": "Allow",
                "Action": [
                    "sagemaker:InvokeEndpoint",
                    "sagemaker:InvokeEndpointAsync",
                    "sagemaker:InvokeEndpointWithResponseStream",
                ],
                "Resource": endpoint_arn,
            },
        }
        self.policy_arn = IamPolicy(
            self,
            "Policy",
            name_prefix=name_prefix(endpoint_name, "-invoke-", limits.POLICY_NAME),
            description=f"Invoke the SageMaker endpoint {endpoint_name}",
            policy=json.dumps(document),
            tags=tags,
        ).arn

    def grant(self, role: IamRole | str, *, id: str | None = None) -> IamRolePolicyAttachment:  # noqa: A002 - CDKTF's
        """Attach the policy to a role: a construct, or a role's name together with an `id` for the attachment."""
        found = checks.require(lambda: self.node.path, self._grant_problems(role, id))
        if id is None and not isinstance(role, str) and role.node.path in self._granted:
            return self._granted[role.node.path]
        name = role if isinstance(role, str) else role.name
        attachment = IamRolePolicyAttachment(
            self, id or self._attachment_id(cast("IamRole", role)), role=name, policy_arn=self.policy_arn
        )
        set_lifecycle(attachment, precondition=preconditions(found))
        if id is None:
            self._granted[cast("IamRole", role).node.path] = attachment
        return attachment

    def _attachment_id(self, role: IamRole) -> str:
        """Name an attachment as its role, and as its stack, or all its scopes, where another role has that name."""
        own = role.friendly_unique_id
        names = (own, f"{TerraformStack.of(role).node.id}-{own}", role.node.path.replace("/", "-"))
        return next((each for each in names if self.node.try_find_child(each) is None), own)

    def _grant_problems(self, role: object, id: str | None) -> Iterator[checks.Finding]:  # noqa: A002 - CDKTF's
        written = reference(self, role) if isinstance(role, str) and checks.deferred(role) else ""
        other = next((kind for end, kind in _NO_NAMES.items() if written.endswith(end)), None)
        if other is not None:
            yield (
                f"role must be a role's construct or its name, got {written}, its {other}: give the construct or its "
                "name"
            )
            return
        yield from _role_problems(role, id)


def _role_problems(role: object, id: str | None) -> Iterator[checks.Finding]:  # noqa: A002 - CDKTF's name for it
    if isinstance(role, str):
        yield from checks.text("role", role, limits.ROLE_NAME, example="web", hint=_name_of_role)
        if id is None:
            yield f"id must be given with a role's name, to tell attachments apart, got role {role!r}"
    elif getattr(role, "terraform_resource_type", None) != "aws_iam_role":
        yield f"role must be a role's construct or its name, got {role!r}"


def _name_of_role(value: str) -> str:
    """Say what was given for a role's name, and which name an ARN holds."""
    is_arn = re.fullmatch(r"arn:[^:]+:iam:[^:]*:[^:]*:role/(?:.*/)?([^/]+)", value)
    return f", which is a role's ARN: give its name, {is_arn[1]!r}" if is_arn else checks.looks_like(value)
