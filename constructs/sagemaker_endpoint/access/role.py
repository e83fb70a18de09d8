"""The role that the endpoint's instances run with: it may do what the endpoint's parts state, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sagemaker_endpoint.engine.account import Account
from sagemaker_endpoint.engine.bindings import (
    Construct,
    IamPolicy,
    IamRole,
    IamRolePolicyAttachment,
    TerraformResource,
)
from sagemaker_endpoint.engine.data_source import data_source
from sagemaker_endpoint.engine.expressions import last_part
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.engine.lifecycle import set_lifecycle
from sagemaker_endpoint.engine.names import name_prefix
from sagemaker_endpoint.engine.preconditions import preconditions
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import AnyOf, Group, IsOneOf, Matches, Not

from .statements import Condition, Statement, digest, document

_ACCOUNT_OF_ROLE = "arn:[^:]+:iam::([0-9]{12}):role/.+"
_POLICY_ARN = limits.Text(
    min_length=limits.POLICY_ARN.min_length,
    max_length=limits.POLICY_ARN.max_length,
    pattern=r"arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/(?:[!-~]+/)?[0-9A-Za-z_+=,.@-]{1,128}",
)
_DIGEST = 8
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


def _in_account(role_arn: str, account_id: str) -> Iterator[checks.Finding]:
    """Yield a role of another account than the endpoint's, which Terraform alone knows: none can be passed on there.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    own = IsOneOf(account_id, [Group(role_arn, _ACCOUNT_OF_ROLE, 0)])
    sentence = f"execution_role.role_arn must be of a role in the endpoint's account, {account_id}"
    yield from checks.rule(sentence, AnyOf([Not(Matches(role_arn, _ACCOUNT_OF_ROLE)), own]), role_arn)


class EndpointRole(Construct):
    """Makes the execution role and its policies, or passes an existing role on.

    `artifacts` is what it needs before the instances run, `runtime` what it needs from then on.

    Attributes: `role_arn`; `role` and `own_policies`, by name, if they are made here; `policies`, everything that must
    stand before the role can be used, and must go after
    the endpoint is gone: SageMaker takes its network interfaces away with this role; `is_shared`, whether other
    endpoints may use it too, as they may an existing one; `deferred`, what else must hold of an existing one.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        identity: Identity,
        *,
        artifacts: Sequence[Statement],
        runtime: Sequence[Statement],
        execution_role: ExecutionRole,
    ) -> None:
        super().__init__(scope, id)
        endpoint_name, tags = identity.endpoint_name, identity.tags
        name_found = checks.require(lambda: self.node.path, checks.endpoint_name(endpoint_name))
        found = checks.require(lambda: self.node.path, checks.part("execution_role", execution_role, ExecutionRole))
        self.role: IamRole | None = None
        self.own_policies: dict[str, IamPolicy] = {}
        self.policies: list[TerraformResource] = []
        self.is_shared = execution_role.role_arn is not None
        self.deferred: list[checks.Deferred] = []
        self._unique_id: str | None = None
        if execution_role.role_arn is not None:
            self.role_arn = execution_role.role_arn
            self.deferred = checks.require(
                lambda: self.node.path, _in_account(self.role_arn, identity.account.account_id)
            )
            return
        role = self.role = IamRole(
            self,
            "Role",
            name_prefix=name_prefix(endpoint_name, "-execution-", limits.ROLE_NAME),
            description=f"Runs the SageMaker endpoint {endpoint_name}",
            assume_role_policy=self._trust(identity.account, execution_role),
            permissions_boundary=execution_role.permissions_boundary_arn,
            tags=tags,
        )
        set_lifecycle(role, create_before_destroy=True, precondition=preconditions([*name_found, *found]))
        self.role_arn, role_name, self._unique_id = role.arn, role.name, role.unique_id
        for name, statements in {"Artifacts": artifacts, "Runtime": runtime}.items():
            policy = self.own_policies[name] = IamPolicy(
                self,
                f"{name}Policy",
                # Other statements are another policy: where the live endpoint needs the old one, until it has moved or
                # because its update was rolled back, that stands beside it.
                name_prefix=name_prefix(
                    endpoint_name, f"-{name.lower()}-", limits.POLICY_NAME, digest=digest(statements, _DIGEST)
                ),
                description=f"{name} of the SageMaker endpoint {endpoint_name}",
                policy=document(self, f"{name}-document", statements).json,
                tags=tags,
            )
            set_lifecycle(policy, create_before_destroy=True, precondition=preconditions(name_found))
            self._attach(name, role_name, policy.arn)
        for name, arn in execution_role.additional_policy_arns.items():
            self._attach(f"Additional-{name}", role_name, arn)

    @property
    def runbook_names(self) -> dict[str, Sequence[str]]:
        """The name that the runbook's commands have a place for."""
        return {"role": [last_part(self.role_arn)]}

    def unique_id(self) -> str:
        """Give the id that AWS writes into what the role asks for; an existing role is looked up (iam:GetRole).

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
        """
        if self._unique_id is None:
            role = data_source(self, "ExistingRole", "aws_iam_role", {"name": last_part(self.role_arn)})
            self._unique_id = role.get_string_attribute("unique_id")
        return self._unique_id

    def _attach(self, id: str, role_name: str, policy_arn: str) -> None:
        self.policies.append(IamRolePolicyAttachment(self, id, role=role_name, policy_arn=policy_arn))

    def _trust(self, account: Account, execution_role: ExecutionRole) -> str:
        """Trust SageMaker, and only when it acts for this account.

        For endpoints it names the whole account in a region, with an asterisk, and no model or endpoint:
        https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html#security-confused-deputy-inference
        """
        conditions = [Condition(test="StringEquals", variable="aws:SourceAccount", values=[account.account_id])]
        if execution_role.least_privilege:
            here = account.arn("sagemaker", "*")
            conditions.append(Condition(test="ArnLike", variable="aws:SourceArn", values=[here]))
        trust = Statement(actions=["sts:AssumeRole"], service="sagemaker.amazonaws.com", conditions=conditions)
        return document(self, "Trust", [trust]).json
