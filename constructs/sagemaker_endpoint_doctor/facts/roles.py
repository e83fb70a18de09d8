"""An execution role as IAM has it: its trust, its policies, its permissions boundary."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sagemaker_endpoint_doctor.aws.errors import CannotCheckError, error_code
from sagemaker_endpoint_doctor.examination.subject import Subject

from botocore.exceptions import ClientError

from .policies import Document, Policy


class NoSuchRoleError(CannotCheckError):
    """The role is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role, without its policies, which take other permissions to read."""

    arn: str
    unique_id: str
    description: str
    trust: Policy
    boundary_arn: str | None

    @property
    def name(self) -> str:
        """Its name, as the commands want it."""
        return name_of(self.arn)

    @property
    def account_id(self) -> str:
        """The account that it is of."""
        return self.arn.split(":")[4]


def name_of(role_arn: str) -> str:
    """Give the name in a role's ARN, which may have a path before it."""
    return role_arn.rpartition("/")[2]


def describe(subject: Subject, role_arn: str) -> Role:
    """Give a role, as GetRole does.

    Raises:
        NoSuchRoleError: There is none.
    """

    def ask() -> Role:
        with _expecting(role_arn):
            role = subject.aws.iam.get_role(RoleName=name_of(role_arn))["Role"]
        return Role(
            arn=role_arn,
            unique_id=role["RoleId"],
            description=role.get("Description", ""),
            trust=Policy(name="trust policy", document=_document(role["AssumeRolePolicyDocument"])),
            boundary_arn=role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        )

    return subject.once(f"role {role_arn}", ask)


def policies(subject: Subject, role_arn: str) -> list[Policy]:
    """Give all policies of a role, the attached ones first.

    Raises:
        NoSuchRoleError: There is no such role.
    """

    def ask() -> list[Policy]:
        with _expecting(role_arn):
            return [*_attached(subject, name_of(role_arn)), *_inline(subject, name_of(role_arn))]

    return subject.once(f"policies of {role_arn}", ask)


def boundary(subject: Subject, role_arn: str) -> Policy | None:
    """Give a role's permissions boundary, if it has one."""
    arn = describe(subject, role_arn).boundary_arn
    return None if arn is None else subject.once(f"policy {arn}", lambda: _managed(subject, arn))


def _attached(subject: Subject, name: str) -> Iterator[Policy]:
    pages = subject.aws.iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
    for page in pages:
        for attached in page["AttachedPolicies"]:
            yield _managed(subject, attached["PolicyArn"])


def _inline(subject: Subject, name: str) -> Iterator[Policy]:
    for page in subject.aws.iam.get_paginator("list_role_policies").paginate(RoleName=name):
        for policy in page["PolicyNames"]:
            document = subject.aws.iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            yield Policy(name=policy, document=_document(document))


def _managed(subject: Subject, arn: str) -> Policy:
    version = subject.aws.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    answer = subject.aws.iam.get_policy_version(PolicyArn=arn, VersionId=version)
    return Policy(name=name_of(arn), document=_document(answer["PolicyVersion"]["Document"]), arn=arn)


@contextmanager
def _expecting(role_arn: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error_code(error) == "NoSuchEntity":
            raise NoSuchRoleError(f"there is no role {name_of(role_arn)}") from error
        raise


def _document(document: Mapping[str, Any] | str) -> Document:
    """Read a document; botocore has done so with those of IAM."""
    return json.loads(document) if isinstance(document, str) else document
