"""Who may do what: the role that the endpoint's instances run with, and the policy to invoke the endpoint."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import cast

from sagemaker_endpoint.engine import names
from sagemaker_endpoint.engine.account import Account
from sagemaker_endpoint.engine.bindings import (
    Construct,
    DataAwsIamPolicyDocument,
    DataAwsIamPolicyDocumentStatement,
    DataAwsIamPolicyDocumentStatementCondition,
    DataAwsIamPolicyDocumentStatementPrincipals,
    IamPolicy,
    IamRole,
    IamRolePolicyAttachment,
    TerraformResource,
    TerraformStack,
    Token,
)
from sagemaker_endpoint.engine.data_source import data_source
from sagemaker_endpoint.engine.expressions import expression, last_part, lowered, reference
from sagemaker_endpoint.engine.lifecycle import set_lifecycle
from sagemaker_endpoint.engine.preconditions import preconditions
from sagemaker_endpoint.rules import checks, limits

_POLICY_ARN = limits.Text(
    min_length=limits.POLICY_ARN.min_length,
    max_length=limits.POLICY_ARN.max_length,
    pattern=r"arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/(?:[!-~]+/)?[0-9A-Za-z_+=,.@-]{1,128}",
)
_POLICY_EXAMPLE = "arn:aws:iam::111122223333:policy/team-boundary"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionRole(checks.Inputs):
    """The role that SageMaker assumes to run the endpoint: one of its own, or yours.

    https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html

    Attributes:
        permissions_boundary_arn: A policy that bounds what the role can ever do. Default none.
        additional_policy_arns: Further managed policies to attach, by a name of your own that becomes part of the
            Terraform address. For what a container does beyond serving, such as reading a table, or decrypting
            model data that lies encrypted with a key of yours. Default none.
        role_arn: The ARN of an existing role to use instead. It must trust sagemaker.amazonaws.com and hold what
            the runbook lists (docs/runbook.md, IAM role); nothing is added to it.
        least_privilege: Whether to grant less than AWS lists for endpoints, by limits that IAM documents but that
            no page of SageMaker's promises to work: network interfaces are attached and deleted in the given
            subnets instead of in their whole VPC, SageMaker may not make a deleted log group anew, and it may
            assume the role for this region alone. Where instances do not start, do not log, or leave network
            interfaces behind, take it back. Default False.
            https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
    """

    permissions_boundary_arn: str | None = None
    additional_policy_arns: Mapping[str, str] = field(default_factory=dict)
    role_arn: str | None = None
    least_privilege: bool = False

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.names(f"{at}.additional_policy_arns", self.additional_policy_arns)
        arns: dict[str, object] = {
            f"{at}.additional_policy_arns[{name!r}]": arn for name, arn in checks.named(self.additional_policy_arns)
        }
        if self.permissions_boundary_arn is not None:
            arns[f"{at}.permissions_boundary_arn"] = self.permissions_boundary_arn
        for name, arn in arns.items():
            optional = name.endswith("permissions_boundary_arn")  # what Terraform alone knows may be null
            yield from checks.text(
                name, arn, _POLICY_ARN, example=_POLICY_EXAMPLE, optional=optional, hint=checks.looks_like
            )
        yield from checks.known_flag(f"{at}.least_privilege", self.least_privilege)
        if self.role_arn is not None:
            example = "arn:aws:iam::111122223333:role/sentiment"
            yield from checks.text(
                f"{at}.role_arn",
                self.role_arn,
                limits.EXECUTION_ROLE_ARN,
                example=example,
                hint=lambda value: (
                    f"{checks.looks_like(value)}: `aws iam get-role --role-name NAME` tells a role's ARN"
                ),
            )
            given = [*arns, *([f"{at}.least_privilege"] if self.least_privilege is True else [])]
            for name in given:
                yield f"{name} must not be given with role_arn: an existing role stays as it is"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """What the role's policies name: exactly what the endpoint uses."""

    log_group_arn: str
    kms_key_arn: str
    vpc_id: str
    subnet_ids: Sequence[str]
    security_group_ids: Sequence[str]
    repository_arns: Sequence[str]
    model_data_urls: Sequence[str]


class EndpointRole(Construct):
    """Makes the execution role and its policies, or passes an existing role on.

    Attributes: `role_arn`; `policies`, everything that must stand before the role can be used, and must go after
    the endpoint is gone: SageMaker takes its network interfaces away with this role; `is_shared`, whether other
    endpoints may use it too, as they may an existing one.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDKTF's name for it
        *,
        endpoint_name: str,
        account: Account,
        permissions: Permissions,
        execution_role: ExecutionRole,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id)
        name_found = checks.require(lambda: self.node.path, names.problems(endpoint_name))
        found = checks.require(lambda: self.node.path, checks.part("execution_role", execution_role, ExecutionRole))
        self.policies: list[TerraformResource] = []
        self.is_shared = execution_role.role_arn is not None
        self._unique_id: str | None = None
        if execution_role.role_arn is not None:
            self.role_arn = execution_role.role_arn
            return
        role = IamRole(
            self,
            "Role",
            name_prefix=names.prefix(endpoint_name, "-execution-", names.ROLE),
            description=f"Runs the SageMaker endpoint {endpoint_name}",
            assume_role_policy=self._trust(account, execution_role),
            permissions_boundary=execution_role.permissions_boundary_arn,
            tags=tags,
        )
        set_lifecycle(role, create_before_destroy=True, precondition=preconditions([*name_found, *found]))
        self.role_arn, role_name, self._unique_id = role.arn, role.name, role.unique_id
        # Another content is another policy: where the live endpoint needs the old one, until it has moved or because
        # its update was rolled back, that stands beside it.
        named = [expression(getattr(permissions, each.name)) for each in fields(permissions)]
        content = ", ".join([*named, *(["true"] if execution_role.least_privilege else [])])
        digest = f"${{substr(sha256(jsonencode([{content}])), 0, {names.POLICY_DIGEST})}}"
        documents = {
            "Artifacts": self._artifacts(account, permissions),
            "Runtime": self._runtime(account, permissions, endpoint_name, execution_role),
        }
        for name, document in documents.items():
            policy = IamPolicy(
                self,
                f"{name}Policy",
                name_prefix=names.prefix(endpoint_name, f"-{name.lower()}-", names.DIGESTED_POLICY) + f"{digest}-",
                description=f"{name} of the SageMaker endpoint {endpoint_name}",
                policy=document.json,
                tags=tags,
            )
            set_lifecycle(policy, create_before_destroy=True, precondition=preconditions(name_found))
            self._attach(name, role_name, policy.arn)
        for name, arn in execution_role.additional_policy_arns.items():
            self._attach(f"Additional-{name}", role_name, arn)

    def unique_id(self) -> str:
        """Give the id that AWS writes into what the role asks for; an existing role is looked up (iam:GetRole).

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
        """
        if self._unique_id is None:
            role = data_source(self, "ExistingRole", "aws_iam_role", {"name": last_part(self.role_arn)})
            self._unique_id = role.get_string_attribute("unique_id")
        return self._unique_id

    def _attach(self, id: str, role_name: str, policy_arn: str) -> None:  # noqa: A002 - as above
        self.policies.append(IamRolePolicyAttachment(self, id, role=role_name, policy_arn=policy_arn))

    def _trust(self, account: Account, execution_role: ExecutionRole) -> str:
        """Trust SageMaker, and only when it acts for this account.

        For endpoints it names the whole account in a region, with an asterisk, and no model or endpoint:
        https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html#security-confused-deputy-inference
        """
        conditions = [_condition("StringEquals", "aws:SourceAccount", account.account_id)]
        if execution_role.least_privilege:
            conditions.append(_condition("ArnLike", "aws:SourceArn", account.arn("sagemaker", "*")))
        return DataAwsIamPolicyDocument(
            self,
            "Trust",
            statement=[
                DataAwsIamPolicyDocumentStatement(
                    actions=["sts:AssumeRole"],
                    principals=[
                        DataAwsIamPolicyDocumentStatementPrincipals(
                            type="Service", identifiers=["sagemaker.amazonaws.com"]
                        )
                    ],
                    condition=conditions,
                )
            ],
        ).json

    def _artifacts(self, account: Account, permissions: Permissions) -> DataAwsIamPolicyDocument:
        """Read the images and the models' data, nothing else in their registries and buckets."""
        statements = [
            _statement(
                "PullImages",
                ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
                permissions.repository_arns,
            ),
            # The token is for the account's whole registry: the action knows no resource.
            # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
            _statement("LogInToRegistry", ["ecr:GetAuthorizationToken"], ["*"]),
        ]
        known = [url.removeprefix("s3://") for url in permissions.model_data_urls if not checks.deferred(url)]
        if known:
            objects = [f"arn:{account.partition}:s3:::{path}" for path in known]
            statements.append(_statement("ReadModelData", ["s3:GetObject"], objects))
        for index, bucket in enumerate(dict.fromkeys(path.partition("/")[0] for path in known)):
            keys = [path.partition("/")[2] for path in known if path.startswith(f"{bucket}/")]
            statements.append(
                _statement(
                    f"ListModelData{index}",
                    ["s3:ListBucket"],
                    [f"arn:{account.partition}:s3:::{bucket}"],
                    _condition("StringLike", "s3:prefix", *keys),
                )
            )
        document = DataAwsIamPolicyDocument(self, "Artifacts-document", statement=statements)
        deferred = [url for url in permissions.model_data_urls if checks.deferred(url)]
        if deferred:
            _add_deferred_model_data(document, account, deferred)
        return document

    def _runtime(
        self, account: Account, permissions: Permissions, endpoint_name: str, execution_role: ExecutionRole
    ) -> DataAwsIamPolicyDocument:
        """Log, measure, encrypt, stand in the VPC, and look at the endpoint.

        https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
        """
        # AWS lists it although the group is there, and an agent may ask for the group before its stream:
        # https://github.com/aws/amazon-cloudwatch-agent/pull/85
        # A group that SageMaker made after a deletion is neither encrypted nor ever emptied before the next apply.
        make_group = [] if execution_role.least_privilege else ["logs:CreateLogGroup"]
        return DataAwsIamPolicyDocument(
            self,
            "Runtime-document",
            statement=[
                _statement(
                    "WriteLogs",
                    [*make_group, "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                    [permissions.log_group_arn, f"{permissions.log_group_arn}:*"],
                ),
                # PutMetricData knows no resource, only namespaces:
                # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
                _statement(
                    "PutMetrics",
                    ["cloudwatch:PutMetricData"],
                    ["*"],
                    _condition("StringLike", "cloudwatch:namespace", "AWS/SageMaker", "/aws/sagemaker/*"),
                ),
                # SageMaker hands the key to its storage volumes by a grant:
                # https://docs.aws.amazon.com/kms/latest/developerguide/services-ebs.html
                _statement("DescribeKey", ["kms:DescribeKey"], [permissions.kms_key_arn]),
                _statement(
                    "EncryptVolumes",
                    ["kms:CreateGrant"],
                    [permissions.kms_key_arn],
                    _condition("Bool", "kms:GrantIsForAWSResource", "true"),
                ),
                *_network_statements(account, permissions, execution_role),
                # In no list of AWS's: for the container, to see the endpoint it is a part of. Not its models and
                # configurations, whose names begin like those of other endpoints.
                _statement(
                    "DescribeItself",
                    ["sagemaker:DescribeEndpoint"],
                    # SageMaker writes names in ARNs in lower case.
                    [account.arn("sagemaker", f"endpoint/{lowered(endpoint_name)}")],
                ),
            ],
        )


def _network_statements(
    account: Account, permissions: Permissions, execution_role: ExecutionRole
) -> list[DataAwsIamPolicyDocumentStatement]:
    """Make network interfaces in the endpoint's own subnets and groups, and attach and delete them in the VPC.

    The actions: https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html#host-vpc-endpoints
    Their resources and condition keys:
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    AWS's own policy for SageMaker holds the same actions to a VPC:
    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/SageMakerStudioProjectRoleMachineLearningPolicy.html
    """
    interfaces = account.arn("ec2", "network-interface/*")
    # Another account may share its subnets with this one, so the ids alone name them.
    anyone = f"arn:{account.partition}:ec2:{account.region}:*"
    if execution_role.least_privilege:
        place = _condition("ArnLike", "ec2:Subnet", *_arns({f"{anyone}:subnet/": permissions.subnet_ids}))
    else:
        place = _condition("ArnLike", "ec2:Vpc", f"{anyone}:vpc/{permissions.vpc_id}")
    parts = {f"{anyone}:subnet/": permissions.subnet_ids, f"{anyone}:security-group/": permissions.security_group_ids}
    return [
        _statement("CreateInterfaces", ["ec2:CreateNetworkInterface"], _arns(parts, interfaces)),
        _statement(
            "ManageInterfaces",
            [
                "ec2:CreateNetworkInterfacePermission",
                "ec2:DeleteNetworkInterface",
                "ec2:DeleteNetworkInterfacePermission",
            ],
            [interfaces],
            place,
        ),
        # EC2's Describe actions know no resource (the second page above).
        _statement(
            "DescribeNetwork",
            [
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcEndpoints",
                "ec2:DescribeVpcs",
            ],
            ["*"],
        ),
    ]


def _add_deferred_model_data(document: DataAwsIamPolicyDocument, account: Account, urls: Sequence[str]) -> None:
    """Grant the same for URLs that Terraform alone knows; one that is null there gets no statement."""
    bucket_and_key = 'regex("^s3://([^/]+)/(.*)$", statement.value)'

    def dynamic(content: Mapping[str, object]) -> dict[str, object]:
        return {"for_each": f"${{compact({expression(urls)})}}", "content": content}

    document.add_override(
        "dynamic.statement",
        [
            dynamic(
                {
                    "actions": ["s3:GetObject"],
                    "resources": [f'arn:{account.partition}:s3:::${{trimprefix(statement.value, "s3://")}}'],
                }
            ),
            dynamic(
                {
                    "actions": ["s3:ListBucket"],
                    "resources": [f"arn:{account.partition}:s3:::${{{bucket_and_key}[0]}}"],
                    "condition": {
                        "test": "StringLike",
                        "variable": "s3:prefix",
                        "values": [f"${{{bucket_and_key}[1]}}"],
                    },
                }
            ),
        ],
    )


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
            name_prefix=names.prefix(endpoint_name, "-invoke-", names.POLICY),
            description=f"Invoke the SageMaker endpoint {endpoint_name}",
            policy=json.dumps(document),
            tags=tags,
        ).arn

    def grant(self, role: IamRole | str, *, id: str | None = None) -> IamRolePolicyAttachment:  # noqa: A002 - CDKTF's
        """Attach the policy to a role: a construct, or a role's name together with an `id` for the attachment."""
        found = checks.require(lambda: self.node.path, self._grant_problems(role, id))
        name = role if isinstance(role, str) else role.name
        attachment = IamRolePolicyAttachment(
            self, id or self._attachment_id(cast("IamRole", role)), role=name, policy_arn=self.policy_arn
        )
        set_lifecycle(attachment, precondition=preconditions(found))
        return attachment

    def _attachment_id(self, role: IamRole) -> str:
        """Name an attachment as its role, and as its stack too where a role of another stack has that name."""
        id = role.friendly_unique_id  # noqa: A001 - CDKTF's name for it
        return id if self.node.try_find_child(id) is None else f"{TerraformStack.of(role).node.id}-{id}"

    def _grant_problems(self, role: object, id: str | None) -> Iterator[checks.Finding]:  # noqa: A002 - CDKTF's
        written = reference(self, role) if isinstance(role, str) and checks.deferred(role) else ""
        if written.endswith(".arn}"):
            yield f"role must be a role's construct or its name, got {written}, its ARN: give the construct or its name"
            return
        yield from _role_problems(role, id)


def _role_problems(role: object, id: str | None) -> Iterator[checks.Finding]:  # noqa: A002 - CDKTF's name for it
    if isinstance(role, str):
        yield from checks.text("role", role, limits.ROLE_NAME, example="web", hint=_name_of_role)
        if id is None:
            yield f"id must be given with a role's name, to tell attachments apart, got role {role!r}"
    elif not hasattr(role, "friendly_unique_id"):
        yield f"role must be a role's construct or its name, got {role!r}"


def _name_of_role(value: str) -> str:
    """Say what was given for a role's name, and which name an ARN holds."""
    is_arn = re.fullmatch(r"arn:[^:]+:iam:[^:]*:[^:]*:role/(?:.*/)?([^/]+)", value)
    return f", which is a role's ARN: give its name, {is_arn[1]!r}" if is_arn else checks.looks_like(value)


def _condition(test: str, variable: str, *values: str) -> DataAwsIamPolicyDocumentStatementCondition:
    return DataAwsIamPolicyDocumentStatementCondition(test=test, variable=variable, values=list(values))


def _statement(
    sid: str,
    actions: Sequence[str],
    resources: Sequence[str],
    condition: DataAwsIamPolicyDocumentStatementCondition | None = None,
) -> DataAwsIamPolicyDocumentStatement:
    return DataAwsIamPolicyDocumentStatement(
        sid=sid, actions=actions, resources=resources, condition=None if condition is None else [condition]
    )


def _arns(ids_by_start: Mapping[str, Sequence[str]], *others: str) -> Sequence[str]:
    """Write the ARN of each id behind the others, here or, where ids are deferred as a whole, in Terraform."""
    if not any(map(checks.deferred, ids_by_start.values())):
        return [*others, *(f"{start}{each}" for start, ids in ids_by_start.items() for each in ids)]
    lists = [
        f'[for id in {expression(ids)} : join("", [{expression(start)}, id])]' for start, ids in ids_by_start.items()
    ]
    return Token.as_list(f"${{concat({', '.join([expression(others), *lists])})}}")
