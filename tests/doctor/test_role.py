"""The role's section."""

import json
from collections.abc import Mapping
from typing import Any

from sagemaker_endpoint_doctor.facts import permissions
from sagemaker_endpoint_doctor.facts.policies import Request, Verdict
from sagemaker_endpoint_doctor.finding import Finding, Status
from sagemaker_endpoint_doctor.names import Names

import pytest

from tests.account import ACCOUNT
from tests.embedded_aws.fault import DENIED

from .patient import Patient

SIMULATE = "iam:SimulatePrincipalPolicy"


def _only(patient: Patient) -> Finding:
    (finding,) = patient.complaints("role")
    return finding


def _policy_arn(patient: Patient, kind: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:policy/{patient.name}-{kind}"


def _role_arn(patient: Patient) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{patient.role}"


def _put(patient: Patient, name: str, **statement: object) -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Resource": "*", **statement}]}
    patient.aws.client("iam").put_role_policy(
        RoleName=patient.role, PolicyName=name, PolicyDocument=json.dumps(document)
    )


def _trust(patient: Patient, **statement: object) -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "sagemaker.amazonaws.com"},
            "Action": "sts:AssumeRole",
            **statement,
        },
    }
    patient.aws.client("iam").update_assume_role_policy(RoleName=patient.role, PolicyDocument=json.dumps(document))


def _bound(patient: Patient, *statements: Mapping[str, object]) -> None:
    iam = patient.aws.client("iam")
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    arn = iam.create_policy(PolicyName=f"{patient.name}-boundary", PolicyDocument=document)["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=patient.role, PermissionsBoundary=arn)


def test_a_role_that_is_well(patient: Patient) -> None:
    findings = patient.findings("role")
    assert [each.check for each in findings] == ["role.trust", "role.policies", "role.actions"]
    assert {each.status for each in findings} == {Status.OK}
    trust, policies, actions = (each.seen for each in findings)
    assert trust == f"{patient.role} trusts sagemaker.amazonaws.com, on behalf of account {ACCOUNT} alone"
    assert policies == f"the policies of {patient.role}: {patient.name}-artifacts and {patient.name}-runtime attached"
    assert actions.startswith(f"{patient.role} may do all 21 actions that the endpoint needs")
    assert "IAM's simulation" in actions


def test_where_the_simulation_is_denied_the_policies_are_evaluated_here_and_that_is_said(patient: Patient) -> None:
    with patient.aws.fault(SIMULATE, DENIED):
        findings = patient.findings("role")
    assert {each.status for each in findings} == {Status.OK}
    assert "evaluated here" in findings[-1].seen
    assert SIMULATE in findings[-1].seen
    assert "service control policies" in findings[-1].seen


@pytest.mark.parametrize("simulated", [True, False])
def test_a_role_as_narrow_as_the_library_makes_it_is_well(patient: Patient, simulated: bool) -> None:
    region, group = patient.aws.region, f"log-group:{patient.log_group_name}"
    interfaces = f"arn:aws:ec2:{region}:{ACCOUNT}:network-interface/*"
    parts = [f"subnet/{each}" for each in patient.subnet_ids] + [f"security-group/{patient.security_group_id}"]
    _replace_runtime(
        patient,
        _allow(
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            [f"arn:aws:logs:{region}:{ACCOUNT}:{group}", f"arn:aws:logs:{region}:{ACCOUNT}:{group}:*"],
        ),
        _allow(
            ["cloudwatch:PutMetricData"],
            ["*"],
            {"StringLike": {"cloudwatch:namespace": ["AWS/SageMaker", "/aws/sagemaker/*"]}},
        ),
        _allow(["kms:DescribeKey"], [patient.key_arn]),
        _allow(["kms:CreateGrant"], [patient.key_arn], {"Bool": {"kms:GrantIsForAWSResource": "true"}}),
        _allow(["ec2:CreateNetworkInterface"], [interfaces, *(f"arn:aws:ec2:{region}:*:{each}" for each in parts)]),
        _allow(
            ["ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"],
            [interfaces],
            {"ArnLike": {"ec2:Vpc": f"arn:aws:ec2:{region}:*:vpc/{patient.vpc_id}"}},
        ),
        _allow(["ec2:DeleteNetworkInterfacePermission"], [interfaces]),
        _allow([f"ec2:Describe{each}" for each in ("DhcpOptions", "NetworkInterfaces", "SecurityGroups")], ["*"]),
        _allow(["ec2:DescribeSubnets", "ec2:DescribeVpcs"], ["*"]),
    )
    assert _complaints(patient, simulated=simulated) == []
    with patient.aws.fault("ec2:DescribeSubnets", DENIED):
        findings = _complaints(patient, simulated=simulated)
    assert {each.status for each in findings} == {Status.UNKNOWN}
    assert len(findings) == 2
    assert all("it hangs on ec2:Vpc" in each.seen for each in findings)


def _replace_runtime(patient: Patient, *statements: dict[str, object]) -> None:
    iam = patient.aws.client("iam")
    iam.detach_role_policy(RoleName=patient.role, PolicyArn=_policy_arn(patient, "runtime"))
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_role_policy(RoleName=patient.role, PolicyName="runtime", PolicyDocument=document)


def _allow(actions: list[str], resources: list[str], condition: dict[str, object] | None = None) -> dict[str, object]:
    statement: dict[str, object] = {"Effect": "Allow", "Action": actions, "Resource": resources}
    return statement | ({"Condition": condition} if condition else {})


@pytest.mark.parametrize("simulated", [True, False])
def test_a_detached_policy_names_what_is_denied_and_what_fails(patient: Patient, simulated: bool) -> None:
    iam = patient.aws.client("iam")
    iam.detach_role_policy(RoleName=patient.role, PolicyArn=_policy_arn(patient, "artifacts"))
    findings = _complaints(patient, simulated=simulated)
    assert {each.status for each in findings} == {Status.PROBLEM}
    assert {each.check for each in findings} == {"role.actions"}
    assert [each.why for each in findings] == [
        "Without it the image cannot be pulled.",
        "Without it no image can be pulled.",
        "Without it the model data cannot be loaded.",
        "Without it the model data cannot be looked up.",
    ]
    repository = f"arn:aws:ecr:{patient.aws.region}:{ACCOUNT}:repository/{patient.repository}"
    assert findings[0].seen.startswith(
        f"{patient.role} may not ecr:BatchCheckLayerAvailability, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on "
        f"{repository}: none of its policies allows it"
    )
    assert "terraform apply" in findings[0].next
    assert findings[0].command == (
        f"aws iam simulate-principal-policy --policy-source-arn {_role_arn(patient)} "
        f"--action-names ecr:BatchCheckLayerAvailability --resource-arns {repository}"
    )
    assert all(("evaluated here" in each.seen) is not simulated for each in findings)


def _complaints(patient: Patient, *, simulated: bool) -> list[Finding]:
    if simulated:
        return patient.complaints("role")
    with patient.aws.fault(SIMULATE, DENIED):
        return patient.complaints("role")


@pytest.mark.parametrize("simulated", [True, False])
def test_an_explicit_deny_is_named(patient: Patient, simulated: bool) -> None:
    _put(patient, "guard", Effect="Deny", Action="logs:*")
    (finding,) = _complaints(patient, simulated=simulated)
    assert finding.status is Status.PROBLEM
    assert "may not logs:CreateLogStream, logs:DescribeLogStreams and logs:PutLogEvents" in finding.seen
    assert "guard denies it" in finding.seen
    assert finding.why == "Without it what the containers write is lost."
    assert "whoever owns the policy" in finding.next


@pytest.mark.parametrize("simulated", [True, False])
def test_a_permissions_boundary_that_lacks_an_action_is_the_cause(patient: Patient, simulated: bool) -> None:
    _bound(patient, {"Effect": "Allow", "NotAction": ["ec2:CreateNetworkInterface"], "Resource": "*"})
    (finding,) = _complaints(patient, simulated=simulated)
    assert finding.status is Status.PROBLEM
    assert "may not ec2:CreateNetworkInterface on" in finding.seen
    assert f"subnet/{patient.subnet_ids[0]}" in finding.seen
    assert f"security-group/{patient.security_group_id}" in finding.seen
    assert "its permissions boundary does not allow it" in finding.seen


@pytest.mark.parametrize("simulated", [True, False])
def test_a_permissions_boundary_that_denies_is_the_cause(patient: Patient, simulated: bool) -> None:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    _bound(patient, everything, {"Effect": "Deny", "Action": "kms:CreateGrant", "Resource": "*"})
    (finding,) = _complaints(patient, simulated=simulated)
    assert "may not kms:CreateGrant on" in finding.seen
    assert "its permissions boundary denies it" in finding.seen


def test_a_permissions_boundary_that_is_wide_enough_is_shown(patient: Patient) -> None:
    _bound(patient, {"Effect": "Allow", "Action": "*", "Resource": "*"})
    assert patient.complaints("role") == []
    assert f"{patient.role} has the permissions boundary {patient.name}-boundary" in [
        each.seen for each in patient.findings("role")
    ]


@pytest.mark.parametrize("simulated", [True, False])
def test_what_hangs_on_a_condition_that_nobody_knows_is_not_called_a_problem(patient: Patient, simulated: bool) -> None:
    iam = patient.aws.client("iam")
    iam.detach_role_policy(RoleName=patient.role, PolicyArn=_policy_arn(patient, "artifacts"))
    condition = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
    _put(patient, "artifacts", Effect="Allow", Action=["ecr:*", "s3:*"], Condition=condition)
    findings = _complaints(patient, simulated=simulated)
    assert {each.status for each in findings} == {Status.UNKNOWN}
    assert all("it hangs on aws:SourceVpce" in each.seen for each in findings)
    assert "If it may not, the image cannot be pulled" in findings[0].next


@pytest.mark.parametrize("simulated", [True, False])
def test_a_deny_that_hangs_on_a_condition_is_not_called_a_problem(patient: Patient, simulated: bool) -> None:
    condition = {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}
    _put(patient, "guard", Effect="Deny", Action="logs:PutLogEvents", Condition=condition)
    (finding,) = _complaints(patient, simulated=simulated)
    assert finding.status is Status.UNKNOWN
    assert "logs:PutLogEvents" in finding.seen
    assert "it hangs on aws:SourceVpce" in finding.seen


def test_a_bucket_policy_whose_allow_hangs_on_a_condition_is_not_called_a_problem(patient: Patient) -> None:
    iam = patient.aws.client("iam")
    iam.detach_role_policy(RoleName=patient.role, PolicyArn=_policy_arn(patient, "artifacts"))
    _put(patient, "images", Effect="Allow", Action="ecr:*")
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{patient.bucket}", f"arn:aws:s3:::{patient.bucket}/*"],
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
    }
    _put_bucket_policy(patient, statement)
    findings = patient.complaints("role")
    assert {each.status for each in findings} == {Status.UNKNOWN}
    assert all(f"bucket policy of {patient.bucket}: it hangs on aws:PrincipalOrgID" in each.seen for each in findings)


def test_a_condition_elsewhere_leaves_no_doubt(patient: Patient) -> None:
    iam = patient.aws.client("iam")
    iam.detach_role_policy(RoleName=patient.role, PolicyArn=_policy_arn(patient, "artifacts"))
    _put(patient, "other", Effect="Allow", Action="sqs:*", Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}})
    assert {each.status for each in patient.complaints("role")} == {Status.PROBLEM}


def test_a_bucket_policy_may_allow_what_the_role_does_not(patient: Patient) -> None:
    iam = patient.aws.client("iam")
    iam.detach_role_policy(RoleName=patient.role, PolicyArn=_policy_arn(patient, "artifacts"))
    _put(patient, "images", Effect="Allow", Action="ecr:*")
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": _role_arn(patient)},
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{patient.bucket}", f"arn:aws:s3:::{patient.bucket}/*"],
    }
    _put_bucket_policy(patient, statement)
    assert patient.complaints("role") == []
    with patient.aws.fault("s3:GetBucketPolicy", DENIED):
        findings = patient.complaints("role")
    assert {each.status for each in findings} == {Status.UNKNOWN}
    assert all("takes s3:GetBucketPolicy to see" in each.seen for each in findings)


def test_a_bucket_policy_that_denies_is_named(patient: Patient) -> None:
    arn = f"arn:aws:s3:::{patient.bucket}/*"
    _put_bucket_policy(patient, {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": arn})
    finding = _only(patient)
    assert finding.status is Status.PROBLEM
    assert "may not s3:GetObject on" in finding.seen
    assert f"the bucket policy of {patient.bucket} denies it" in finding.seen


def test_a_key_policy_that_leaves_the_account_out_is_named(patient: Patient) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{patient.aws.region}.amazonaws.com"},
        "Action": "kms:*",
        "Resource": "*",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    patient.aws.client("kms").put_key_policy(KeyId=patient.key_arn, PolicyName="default", Policy=document)
    finding = _only(patient)
    assert "may not kms:CreateGrant and kms:DescribeKey" in finding.seen
    assert f"the key policy of {patient.key_arn.rpartition('/')[2]} does not allow it" in finding.seen


def _put_bucket_policy(patient: Patient, statement: dict[str, Any]) -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    patient.aws.client("s3").put_bucket_policy(Bucket=patient.bucket, Policy=document)


@pytest.mark.parametrize(
    ("name", "attach"), [("AmazonSageMakerFullAccess", True), ("AdministratorAccess", True), ("everything", False)]
)
def test_a_policy_that_allows_far_too_much_is_a_warning(patient: Patient, name: str, attach: bool) -> None:
    if attach:
        iam = patient.aws.client("iam")
        iam.attach_role_policy(RoleName=patient.role, PolicyArn=f"arn:aws:iam::aws:policy/{name}")
    else:
        _put(patient, name, Effect="Allow", Action="*")
    finding = _only(patient)
    assert (finding.status, finding.check) == (Status.WARNING, "role.policies")
    assert finding.seen == f"{patient.role} has {name}, which allows far more than an endpoint needs"


def test_a_role_without_policies(patient: Patient) -> None:
    iam = patient.aws.client("iam")
    for kind in ("artifacts", "runtime"):
        iam.detach_role_policy(RoleName=patient.role, PolicyArn=_policy_arn(patient, kind))
    findings = patient.complaints("role")
    assert findings[0].seen == f"{patient.role} has no policy"
    assert {each.status for each in findings} == {Status.PROBLEM}


def test_a_role_that_sagemaker_may_not_assume(patient: Patient) -> None:
    _trust(patient, Principal={"Service": "ec2.amazonaws.com"})
    finding = _only(patient)
    assert (finding.status, finding.check) == (Status.PROBLEM, "role.trust")
    assert finding.seen == f"{patient.role} does not trust sagemaker.amazonaws.com"
    assert finding.command == f"aws iam get-role --role-name {patient.role}"


def test_a_trust_for_another_account(patient: Patient) -> None:
    _trust(patient, Condition={"StringEquals": {"aws:SourceAccount": "999999999999"}})
    finding = _only(patient)
    assert finding.status is Status.PROBLEM
    assert f"on behalf of account {ACCOUNT}, only of 999999999999" in finding.seen


def test_a_trust_for_any_account(patient: Patient) -> None:
    _trust(patient)
    finding = _only(patient)
    assert finding.status is Status.WARNING
    assert finding.seen == f"{patient.role} trusts sagemaker.amazonaws.com on behalf of any account"
    assert f"aws:SourceAccount {ACCOUNT}" in finding.next


def test_a_trust_under_conditions_that_only_sagemaker_knows(patient: Patient) -> None:
    _trust(patient, Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:sagemaker:*:{ACCOUNT}:*"}})
    finding = _only(patient)
    assert finding.status is Status.UNKNOWN
    assert "conditions on aws:SourceArn" in finding.seen


def test_a_role_that_is_gone(patient: Patient) -> None:
    iam = patient.aws.client("iam")
    for kind in ("artifacts", "runtime"):
        iam.detach_role_policy(RoleName=patient.role, PolicyArn=_policy_arn(patient, kind))
    iam.delete_role(RoleName=patient.role)
    for simulated in (True, False):
        (finding,) = _complaints(patient, simulated=simulated)
        assert (finding.status, finding.check) == (Status.PROBLEM, "role.existence")
        assert finding.seen == f"there is no role {patient.role}"


def test_without_any_permission_in_iam_it_is_said_which_are_needed(patient: Patient) -> None:
    with (
        patient.aws.fault(SIMULATE, DENIED),
        patient.aws.fault("iam:GetRole", DENIED),
        patient.aws.fault("iam:ListAttachedRolePolicies", DENIED),
    ):
        findings = patient.findings("role")
    assert {each.status for each in findings} == {Status.UNKNOWN}
    assert [each.seen for each in findings] == [
        "needs iam:GetRole",
        "needs iam:ListAttachedRolePolicies",
        f"needs {SIMULATE}, or else iam:ListAttachedRolePolicies",
    ]


def test_without_the_subnets_the_rest_is_still_checked(patient: Patient) -> None:
    with patient.aws.fault("ec2:DescribeSubnets", DENIED):
        assert patient.complaints("role") == []


def test_the_role_is_looked_at_although_the_endpoint_is_not_there(patient: Patient) -> None:
    names = Names(endpoint_name="none", region=patient.aws.region, execution_role_arn=_role_arn(patient))
    findings = patient.findings("role", patient.subject(names=names))
    assert [each.status for each in findings] == [Status.OK, Status.OK, Status.UNKNOWN]
    assert "no endpoint 'none'" in findings[-1].seen


def test_what_a_role_may_do_can_be_asked_one_by_one(patient: Patient) -> None:
    requests = [
        Request(action="kms:Decrypt", resource=patient.key_arn),
        Request(action="s3:GetObject", resource=f"arn:aws:s3:::{patient.bucket}/other"),
        Request(action="s3:GetObject", resource=f"arn:aws:s3:::{patient.bucket}/{patient.key}"),
    ]
    answers = permissions.ask(patient.subject(), _role_arn(patient), requests)
    assert [each.request.resource for each in answers] == [each.resource for each in requests]
    assert [each.verdict for each in answers] == [Verdict.ALLOWED, Verdict.SILENT, Verdict.ALLOWED]
    assert [each.cause for each in answers] == ["", "none of its policies allows it", ""]
    assert all(each.simulated for each in answers)
