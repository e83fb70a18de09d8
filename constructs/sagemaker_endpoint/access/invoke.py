"""Who may call the endpoint: the policy to invoke it."""

import json
import re
from collections.abc import Iterator, Sequence

from sagemaker_endpoint.engine.bindings import (
    Construct,
    IamPolicy,
    IamRole,
    IamRolePolicyAttachment,
    TerraformStack,
    engine_problems,
)
from sagemaker_endpoint.engine.expressions import reference
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.engine.lifecycle import keep_lifecycles, set_lifecycle
from sagemaker_endpoint.engine.names import name_prefix
from sagemaker_endpoint.engine.preconditions import preconditions
from sagemaker_endpoint.rules import checks, limits

from .statements import Statement, document

_AT_ONCE = ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"]
# Nothing else is answered there: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
_LATER = ["sagemaker:InvokeEndpointAsync"]
_NO_NAMES = {".arn}": "ARN", ".unique_id}": "unique id"}  # how other attributes of a role end, and what they are


class InvokePolicy(Construct):
    """Makes the policy that lets its holder invoke the endpoint, in the ways that this kind of endpoint answers.

    `uploads` is what else a caller needs who puts payloads where an asynchronous endpoint reads them. It is a policy
    of its own, made once somebody is granted it.

    https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-test-endpoints.html
    https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-invoke-endpoint.html

    Attributes: `policy`, `policy_arn`; `upload_policy`, the other one, or None so far.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        identity: Identity,
        *,
        endpoint_arn: str,
        asynchronous: bool = False,
        uploads: Sequence[Statement] = (),
    ) -> None:
        super().__init__(scope, id)
        self._identity, self._uploads = identity, uploads
        self.upload_policy: IamPolicy | None = None
        self._granted: dict[str, IamRolePolicyAttachment] = {}  # by the path of the role, and what for
        # Not a data source: Terraform would read it anew, and plan a change, at every update of the endpoint.
        document = {
            "Version": "2012-10-17",
            "Statement": {
                "Sid": "InvokeEndpoint",
                "Effect": "Allow",
                "Action": _LATER if asynchronous else _AT_ONCE,
                "Resource": endpoint_arn,
            },
        }
        self.policy = IamPolicy(
            self,
            "Policy",
            name_prefix=name_prefix(identity.endpoint_name, "-invoke-", limits.POLICY_NAME),
            description=f"Invoke the SageMaker endpoint {identity.endpoint_name}",
            policy=json.dumps(document),
            tags=identity.tags,
        )
        self.policy_arn = self.policy.arn

    def grant(
        self,
        role: IamRole | str,
        *,
        id: str | None = None,
        upload_input: bool = False,
    ) -> IamRolePolicyAttachment:
        """Attach the policy to a role: a construct, or a role's name together with an `id` for the attachment."""
        found = checks.require(
            lambda: self.node.path, self._grant_problems(role, id), self._upload_problems(upload_input)
        )
        attachment = self._attach(role, id, self.policy_arn, found)
        if upload_input:
            self._attach(role, id, self._upload_policy().arn, found, suffix="-upload")
        return attachment

    def _attach(
        self,
        role: IamRole | str,
        id: str | None,
        policy_arn: str,
        found: Sequence[checks.Deferred],
        *,
        suffix: str = "",
    ) -> IamRolePolicyAttachment:
        """Attach a policy; a role's construct gets each once, however often it is asked for."""
        if id is not None or isinstance(role, str):
            return self._attachment(f"{id}{suffix}", role, policy_arn, found)
        granted = role.node.path + suffix
        if granted not in self._granted:
            self._granted[granted] = self._attachment(self._attachment_id(role, suffix), role, policy_arn, found)
        return self._granted[granted]

    def _attachment(
        self,
        id: str,
        role: IamRole | str,
        policy_arn: str,
        found: Sequence[checks.Deferred],
    ) -> IamRolePolicyAttachment:
        name = role if isinstance(role, str) else role.name
        attachment = IamRolePolicyAttachment(self, id, role=name, policy_arn=policy_arn)
        set_lifecycle(attachment, precondition=preconditions(found))
        keep_lifecycles(attachment)
        return attachment

    def _upload_policy(self) -> IamPolicy:
        if self.upload_policy is None:
            inside = Construct(self, "Upload")
            self.upload_policy = IamPolicy(
                inside,
                "Policy",
                name_prefix=name_prefix(self._identity.endpoint_name, "-upload-", limits.POLICY_NAME),
                description=f"Upload what the SageMaker endpoint {self._identity.endpoint_name} reads",
                policy=document(inside, "Document", self._uploads).json,
                tags=self._identity.tags,
            )
        return self.upload_policy

    def _upload_problems(self, upload_input: object) -> Iterator[checks.Finding]:
        yield from checks.known_flag("upload_input", upload_input)
        if upload_input is True and not self._uploads:
            yield (
                "upload_input must not be True without async_inference_config.s3_input_path, the prefix to upload to"
            )

    def _attachment_id(self, role: IamRole, suffix: str) -> str:
        """Name an attachment as its role, and as its stack, or all its scopes, where another role has that name."""
        own = role.friendly_unique_id
        names = (own, f"{TerraformStack.of(role).node.id}-{own}", role.node.path.replace("/", "-"))
        return next((f"{n}{suffix}" for n in names if self.node.try_find_child(f"{n}{suffix}") is None), own)

    def _grant_problems(self, role: object, id: str | None) -> Iterator[checks.Finding]:
        written = reference(self, role) if isinstance(role, str) and checks.deferred(role) else ""
        other = next((kind for end, kind in _NO_NAMES.items() if written.endswith(end)), None)
        if other is not None:
            yield (
                f"role must be a role's construct or its name, got {written}, its {other}: give the construct or its "
                "name"
            )
            return
        yield from _role_problems(role, id)


def _role_problems(role: object, id: str | None) -> Iterator[checks.Finding]:
    if isinstance(role, str):
        yield from checks.text("role", role, limits.ROLE_NAME, example="web", hint=_name_of_role)
        if id is None:
            yield f"id must be given with a role's name, to tell attachments apart, got role {role!r}"
    elif found := [*engine_problems("role", role)]:
        yield from found
    elif getattr(role, "terraform_resource_type", None) != "aws_iam_role":
        yield f"role must be a role's construct or its name, got {role!r}"


def _name_of_role(value: str) -> str:
    """Say what was given for a role's name, and which name an ARN holds."""
    is_arn = re.fullmatch(r"arn:[^:]+:iam:[^:]*:[^:]*:role/(?:.*/)?([^/]+)", value)
    return f", which is a role's ARN: give its name, {is_arn[1]!r}" if is_arn else checks.looks_like(value)
