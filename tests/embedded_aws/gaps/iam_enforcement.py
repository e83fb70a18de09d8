"""Who may call what, once enforcement is switched on.

moto checks signatures and actions, but holds most services' actions against the resource "*", so that a
policy for one endpoint's ARN allows nothing; it takes the name that a service signs by for that of its actions;
it knows no trust policy that names a service or an account;
and it answers every service's refusal in IAM's XML.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html

The credentials of `EmbeddedAws.environment()` are those of the account's root user, who may do everything.
Not evaluated, as in moto: permissions boundaries, session policies, resource policies other than trust.
"""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from xml.sax.saxutils import escape

from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.core.exceptions import JsonRESTError
from moto.iam import access_control
from moto.iam.access_control import IAMPolicy, IAMRequest, IAMRequestBase
from moto.iam.exceptions import NotFoundException
from moto.sagemaker.models import sagemaker_backends
from moto.sagemaker.responses import SageMakerResponse
from moto.sagemakerruntime.responses import SageMakerRuntimeResponse
from werkzeug.exceptions import HTTPException

from tests.embedded_aws.administrator import ACCESS_KEY_ID, SECRET_ACCESS_KEY
from tests.embedded_aws.operation import ACTION_PREFIXES

from .iam_policy import Decision, Document, Request, decide
from .patching import Answer, Handler, Resource, add, wrap
from .sagemaker_resources import CONFIGURATION, ENDPOINT, MODEL

_EVERYTHING = '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'


class AdministratorAccessKey:
    """The account's root user."""

    def __init__(self, arn: str) -> None:
        self.arn = arn

    def create_credentials(self) -> Credentials:
        return Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY)

    def collect_policies(self) -> list[str]:
        return [_EVERYTHING]


def fill() -> None:
    wrap(access_control, "create_access_key", _create_access_key)
    wrap(IAMRequestBase, "check_action_permitted", _check_action_permitted)
    wrap(IAMRequest, "_raise_invalid_access_key", _raise_invalid_access_key)
    wrap(IAMRequest, "_raise_signature_does_not_match", _raise_signature_does_not_match)
    wrap(IAMRequest, "_create_aws_request", _create_aws_request)
    add(SageMakerRuntimeResponse, "_determine_resource", _invoked)
    add(SageMakerResponse, "_determine_resource", _managed)


def _create_access_key(
    moto: Handler, *, account_id: str, partition: str, access_key_id: str, headers: Mapping[str, str]
) -> Answer:
    if access_key_id == ACCESS_KEY_ID:
        return AdministratorAccessKey(f"arn:{partition}:iam::{account_id}:root")
    return moto(account_id=account_id, partition=partition, access_key_id=access_key_id, headers=headers)


def _check_action_permitted(_: Handler, self: IAMRequestBase, resource: str) -> None:
    if self._action == "sts:GetCallerIdentity":
        return
    service, name = str(self._action).split(":")
    asked_for = f"{ACTION_PREFIXES.get(service, service)}:{name}"
    request = Request(action=asked_for, resource=resource, context=_context(self))
    policies = [_document(policy) for policy in self._access_key.collect_policies()]
    own = decide(policies, request)
    if self._action == "sts:AssumeRole":
        own = _assume_role(self, request, own)
    refused = [] if own is Decision.ALLOW else [request]
    refused = refused or [each for each in _asked_besides(self) if decide(policies, each) is not Decision.ALLOW]
    if refused:
        if isinstance(self, IAMRequest):
            raise _access_denied(self, refused[0])
        self._raise_access_denied()  # S3 has its own words


def _asked_besides(self: IAMRequestBase) -> Iterator[Request]:
    """Give what SageMaker does with the caller's own permissions: pass the role on, and grant the volumes' key.

    https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html
    For UpdateEndpoint the reference of CreateEndpointConfig says so:
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html#sagemaker-CreateEndpointConfig-request-KmsKeyId
    """
    if self._action == "sagemaker:CreateModel":
        passed = {**_context(self), "iam:PassedToService": "sagemaker.amazonaws.com"}
        yield Request(action="iam:PassRole", resource=json.loads(self._body)["ExecutionRoleArn"], context=passed)
    if self._action in ("sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"):
        backend = sagemaker_backends[self.account_id][self._region]
        configuration = CONFIGURATION.find(backend, json.loads(self._body)["EndpointConfigName"])
        if configuration.kms_key_id:
            via = {
                **_context(self),
                "kms:GrantIsForAWSResource": "true",
                "kms:ViaService": f"sagemaker.{self._region}.amazonaws.com",
            }
            yield Request(action="kms:CreateGrant", resource=configuration.kms_key_id, context=via)


def _assume_role(self: IAMRequestBase, request: Request, own: Decision) -> Decision:
    """Within one account a trust policy that names the caller suffices; one that names the account does not."""
    try:
        role = self.backend.get_role_by_arn(request.resource)
    except NotFoundException:
        return Decision.DENY
    trust = _document(role.assume_role_policy_document)
    caller, account = self._access_key.arn, self.account_id
    root = f"arn:{self.backend.partition}:iam::{account}:root"
    by_name = decide([trust], request, principals=_names(caller))
    by_account = decide([trust], request, principals=[account, root])
    if Decision.DENY in (own, by_name, by_account):
        return Decision.DENY
    if by_name is Decision.ALLOW or (by_account is Decision.ALLOW and own is Decision.ALLOW):
        return Decision.ALLOW
    return Decision.SILENT


def _document(policy: Resource) -> Document:
    """Read a policy in any of the forms that moto keeps them in."""
    return dict(IAMPolicy(policy)._policy_json)  # noqa: SLF001 - moto's reader offers it in no other way


def _names(caller: str) -> list[str]:
    """List what a trust policy may call the caller: a role's session goes by the role's ARN too."""
    if ":assumed-role/" not in caller:
        return [caller]
    account_part, _, rest = caller.partition(":assumed-role/")
    role = account_part.replace(":sts:", ":iam:") + ":role/" + rest.split("/")[0]
    return [caller, role]


def _context(self: IAMRequestBase) -> dict[str, str]:
    context = {
        "aws:PrincipalArn": self._access_key.arn,
        "aws:PrincipalAccount": self.account_id,
        "aws:RequestedRegion": self._region,
    }
    if "ExternalId" in self._data:
        context["sts:ExternalId"] = self._data["ExternalId"][0]
    return context


def _invoked(self: SageMakerRuntimeResponse) -> str:
    backend = sagemaker_backends[self.current_account][self.region]
    return ENDPOINT.arn(backend, self.path.split("/")[2])


def _managed(self: SageMakerResponse) -> str:
    """Return the resource of a call that names one; for UpdateEndpoint, the endpoint."""
    for kind in (ENDPOINT, CONFIGURATION, MODEL):
        if kind.parameter in self.params:
            return kind.arn(self.sagemaker_backend, self.params[kind.parameter])
    return str(self.params.get("ResourceArn", "*"))


def _access_denied(self: IAMRequest, request: Request) -> HTTPException:
    message = (
        f"User: {self._access_key.arn} is not authorized to perform: {request.action} on resource:"
        f" {request.resource} because no identity-based policy allows the {request.action} action"
    )
    if self._service == "ec2":
        message = f"You are not authorized to perform this operation. {message}"
    return _refusal(
        self,
        ec2="UnauthorizedOperation",
        query="AccessDenied",
        json="AccessDeniedException",
        message=message,
    )


def _raise_invalid_access_key(_: Handler, self: IAMRequest, reason: str) -> None:
    del reason
    raise _refusal(
        self,
        ec2="AuthFailure",
        query="InvalidClientTokenId",
        json="UnrecognizedClientException",
        message="The security token included in the request is invalid.",
    )


def _raise_signature_does_not_match(_: Handler, self: IAMRequest) -> None:
    raise _refusal(
        self,
        ec2="AuthFailure",
        query="SignatureDoesNotMatch",
        json="InvalidSignatureException",
        message="The request signature we calculated does not match the signature you provided.",
    )


def _create_aws_request(moto: Handler, self: IAMRequest) -> AWSRequest:
    """Where there is no body, moto would sign the headers in its place."""
    if not _is_query(self):
        self._data = {}
    request: AWSRequest = moto(self)
    return request


def _is_query(self: IAMRequest) -> bool:
    return self._headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")


def _refusal(self: IAMRequest, *, ec2: str, query: str, json: str, message: str) -> HTTPException:
    """Make an error with the code and in the form of the service's protocol."""
    if self._service == "ec2":
        errors = f"<Errors><Error><Code>{ec2}</Code><Message>{escape(message)}</Message></Error></Errors>"
        body = f"<Response>{errors}</Response>"
    elif _is_query(self):
        error = f"<Error><Type>Sender</Type><Code>{query}</Code><Message>{escape(message)}</Message></Error>"
        body = f"<ErrorResponse>{error}</ErrorResponse>"
    else:
        return JsonRESTError(json, message)
    refusal = HTTPException(body)
    refusal.code = HTTPStatus.FORBIDDEN
    return refusal
