"""The role's section."""

import json
from collections.abc import Mapping
from typing import Any

from sagemaker_endpoint_doctor.examination.finding import Finding, Status
from sagemaker_endpoint_doctor.examination.names import Names
from sagemaker_endpoint_doctor.facts import permissions
from sagemaker_endpoint_doctor.facts.needs import MISTAKEN
from sagemaker_endpoint_doctor.facts.policies import Request, Verdict

import pytest

from tests.account import ACCOUNT
from tests.doctor.patient import Patient
from tests.embedded_aws.fault import DENIED

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


_INTERFACE_ACTIONS = ["ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"]
_DELETE_PERMISSION = "ec2:DeleteNetworkInterfacePermission"
_SEEN = ["DhcpOptions", "NetworkInterfaces", "SecurityGroups", "Subnets", "Vpcs"]
_LOGS = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]


def _runtime(patient: Patient, kind: str) -> list[dict[str, object]]:
    """Give what the library lets the running endpoint do: today, with least privilege, and in its version 0.1.0."""
    region, group = patient.aws.region, f"log-group:{patient.log_group_name}"
    interfaces = f"arn:aws:ec2:{region}:{ACCOUNT}:network-interface/*"
    subnets = [f"arn:aws:ec2:{region}:*:subnet/{each}" for each in patient.subnet_ids]
    parts = [*subnets, f"arn:aws:ec2:{region}:*:security-group/{patient.security_group_id}"]
    vpc = {"ArnLike": {"ec2:Vpc": f"arn:aws:ec2:{region}:*:vpc/{patient.vpc_id}"}}
    logs = [f"arn:aws:logs:{region}:{ACCOUNT}:{group}", f"arn:aws:logs:{region}:{ACCOUNT}:{group}:*"]
    manage = {
        "today": [_allow([*_INTERFACE_ACTIONS, _DELETE_PERMISSION], [interfaces], vpc)],
        "least privilege": [
            _allow([*_INTERFACE_ACTIONS, _DELETE_PERMISSION], [interfaces], {"ArnLike": {"ec2:Subnet": subnets}})
        ],
        "0.1.0": [_allow(_INTERFACE_ACTIONS, [interfaces], vpc), _allow([_DELETE_PERMISSION], [interfaces])],
    }[kind]
    seen = _SEEN if kind == "0.1.0" else [*_SEEN, "VpcEndpoints"]
    return [
        _allow(["logs:CreateLogGroup", *_LOGS] if kind == "today" else _LOGS, logs),
        _allow(
            ["cloudwatch:PutMetricData"],
            ["*"],
            {"StringLike": {"cloudwatch:namespace": ["AWS/SageMaker", "/aws/sagemaker/*"]}},
        ),
        _allow(["kms:DescribeKey"], [patient.key_arn]),
        _allow(["kms:CreateGrant"], [patient.key_arn], {"Bool": {"kms:GrantIsForAWSResource": "true"}}),
        _allow(["ec2:CreateNetworkInterface"], [interfaces, *parts]),
        *manage,
        _allow([f"ec2:Describe{each}" for each in seen], ["*"]),
    ]


@pytest.mark.parametrize("simulated", [True, False])
@pytest.mark.parametrize(
    ("kind", "key"), [("today", "ec2:Vpc"), ("least privilege", "ec2:Subnet"), ("0.1.0", "ec2:Vpc")]
)
def test_a_role_as_narrow_as_the_library_makes_it_is_well(
    patient: Patient, kind: str, key: str, simulated: bool
) -> None:
    _replace_runtime(patient, *_runtime(patient, kind))
    assert _complaints(patient, simulated=simulated) == []
    with patient.aws.fault("ec2:DescribeSubnets", DENIED):
        findings = _complaints(patient, simulated=simulated)
    assert {each.status for each in findings} == {Status.UNKNOWN}
    assert len(findings) == 2
    assert all(f"it hangs on {key}" in each.seen for each in findings)


@pytest.mark.parametrize(
    ("kind", "lacking"),
    [
        ("today", []),
        ("least privilege", ["logs:CreateLogGroup"]),
        ("0.1.0", ["logs:CreateLogGroup", "ec2:DescribeVpcEndpoints"]),
    ],
)
def test_where_the_endpoint_failed_it_is_said_what_the_role_lacks_of_aws_own_list(
    patient: Patient, kind: str, lacking: list[str]
) -> None:
    _replace_runtime(patient, *_runtime(patient, kind))
    sagemaker = patient.aws.client("sagemaker")
    sagemaker.delete_endpoint(EndpointName=patient.name)
    patient.aws.advance(60)
    with patient.aws.fail_deployments("The primary container did not pass the ping health check."):
        sagemaker.create_endpoint(EndpointName=patient.name, EndpointConfigName=patient.configuration)
        patient.aws.advance(60)
    findings = patient.complaints("role")
    assert [each.status for each in findings] == [Status.WARNING] * len(lacking)
    assert [each.seen.partition(" may not ")[2].split(" ")[0].rstrip(":") for each in findings] == lacking
    assert all("AWS lists it for the role of every one" in str(each.why) for each in findings)


def test_a_role_that_is_held_to_other_subnets_may_not_use_interfaces_in_these(patient: Patient) -> None:
    first, second = patient.subnet_ids
    statements = json.loads(json.dumps(_runtime(patient, "least privilege")))
    for statement in statements:
        for subnets in statement.get("Condition", {}).get("ArnLike", {}).values():
            subnets.remove(f"arn:aws:ec2:{patient.aws.region}:*:subnet/{second}")
    _replace_runtime(patient, *statements)
    findings = patient.complaints("role")
    assert [each.status for each in findings] == [Status.PROBLEM] * 2
    assert findings[0].why == "Without it instances may not use their network interfaces, so none starts."
    assert first not in "".join(each.seen for each in findings)


def _replace_runtime(patient: Patient, *statements: dict[str, object]) -> None:
    iam = patient.aws.client("iam")
    iam.detach_role_policy(RoleName=patient.role, PolicyArn=_policy_arn(patient, "runtime"))
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_role_policy(RoleName=patient.role, PolicyName="runtime", PolicyDocument=document)


def _allow(
    actions: list[str], resources: list[str], condition: Mapping[str, object] | None = None
) -> dict[str, object]:
    statement: dict[str, object] = {"Effect": "Allow", "Action": actions, "Resource": resources}
    return statement | ({"Condition": condition} if condition else {})


@pytest.mark.parametrize("simulated", [True, False])
def test_a_detached_policy_names_what_is_denied_and_what_fails(patient: Patient, simulated: bool) -> None:
    iam = patient.aws.client("iam")
    iam.detach_role_policy(RoleName=patient.role, PolicyArn=_policy_arn(patient, "artifacts"))
    findings = _complaints(patient, simulated=simulated)
    assert [each.status for each in findings] == [*[Status.PROBLEM] * 3, Status.WARNING]
    assert {each.check for each in findings} == {"role.actions"}
    assert [each.why for each in findings] == [
        "Without it the image cannot be pulled.",
        "Without it no image can be pulled.",
        "Without it the model data cannot be loaded.",
        f"Without it {MISTAKEN}.",
    ]
    repository = f"arn:aws:ecr:{patient.aws.region}:{ACCOUNT}:repository/{patient.repository}"
    assert findings[0].seen.startswith(
        f"{patient.role} may not ecr:BatchCheckLayerAvailability, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on "
        f"{repository}: none of its policies allows it"
    )
    assert findings[0].next == "Correct the role, or ask its owner to."
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
    assert not finding.is_cause  # of a deployment that fails
    assert "Take the statement that denies it out of that policy" in finding.next


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
    statuses = [each.status for each in patient.complaints("role")]
    assert statuses == [*[Status.PROBLEM] * 3, Status.WARNING]


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


def test_a_bucket_policy_that_wants_tls_or_the_own_vpc_endpoint_denies_nothing(patient: Patient) -> None:
    found = patient.aws.client("ec2").describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [patient.vpc_id]}])
    own = next(each["VpcEndpointId"] for each in found["VpcEndpoints"] if each["VpcEndpointType"] == "Gateway")
    conditions: tuple[dict[str, object], ...] = (
        {"Bool": {"aws:SecureTransport": "false"}},
        {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        {"NumericLessThan": {"s3:TlsVersion": 1.3}},
        {"StringNotEquals": {"aws:SourceVpce": own}},
        {"StringNotEquals": {"aws:SourceVpc": patient.vpc_id}},
        {"Bool": {"aws:PrincipalIsAWSService": "true"}},
    )
    for condition in conditions:
        _put_bucket_policy(patient, _denied_unless(patient, condition))
        assert patient.complaints("role") == []
        assert patient.complaints("s3") == []


def test_a_bucket_policy_that_wants_another_vpc_endpoint_denies(patient: Patient) -> None:
    _put_bucket_policy(patient, _denied_unless(patient, {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}))
    loading, listing = patient.complaints("role")
    assert loading.status is Status.PROBLEM
    assert f"may not s3:GetObject on arn:aws:s3:::{patient.bucket}/{patient.key}" in loading.seen
    assert listing.status is Status.WARNING
    assert "s3:ListBucket" in listing.seen
    assert {each.status for each in patient.complaints("s3")} == {Status.PROBLEM}


def test_a_bucket_policy_that_wants_an_organization_is_a_warning_in_both_sections(patient: Patient) -> None:
    _put_bucket_policy(patient, _denied_unless(patient, {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}))
    findings = patient.complaints("role")
    assert {each.status for each in findings} == {Status.WARNING}
    assert f"may be denied s3:GetObject on arn:aws:s3:::{patient.bucket}/{patient.key}" in findings[0].seen
    assert "it hangs on aws:PrincipalOrgID" in findings[0].seen
    assert {each.status for each in patient.complaints("s3")} == {Status.WARNING}


def test_a_bucket_policy_on_the_network_that_may_not_be_seen_is_a_warning(patient: Patient) -> None:
    _put_bucket_policy(patient, _denied_unless(patient, {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}))
    with patient.aws.fault("ec2:DescribeRouteTables", DENIED):
        assert {each.status for each in patient.complaints("role")} == {Status.WARNING}


def _denied_unless(patient: Patient, condition: dict[str, object]) -> dict[str, object]:
    resources = [f"arn:aws:s3:::{patient.bucket}", f"arn:aws:s3:::{patient.bucket}/*"]
    principal = {"AWS": _role_arn(patient)}
    return {"Effect": "Deny", "Principal": principal, "Action": "s3:*", "Resource": resources, "Condition": condition}


def test_a_key_policy_that_may_not_be_read_is_not_taken_for_an_allow(patient: Patient) -> None:
    with patient.aws.fault("kms:GetKeyPolicy", DENIED):
        finding = _only(patient)
    assert finding.status is Status.UNKNOWN
    assert "kms:CreateGrant and kms:DescribeKey" in finding.seen
    assert "takes kms:GetKeyPolicy to see" in finding.seen


def test_a_key_of_another_account_is_its_owners_to_read(patient: Patient) -> None:
    arn = "arn:aws:kms:eu-west-1:999999999999:key/12345678-1234-1234-1234-123456789012"
    _put(patient, "key", Effect="Allow", Action="kms:*")
    with patient.aws.fault("kms:GetKeyPolicy", DENIED):
        (answer,) = permissions.ask(
            patient.subject(), _role_arn(patient), [Request(action="kms:Decrypt", resource=arn)]
        )
    assert answer.verdict is Verdict.UNKNOWN
    assert answer.cause == "the key is account 999999999999's, which alone can read its policy"


def test_listing_is_needed_for_what_lies_under_a_prefix(patient: Patient) -> None:
    source = {"S3Uri": f"s3://{patient.bucket}/sentiment/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    _serve(patient, {}, ModelDataSource={"S3DataSource": source})
    _put(patient, "guard", Effect="Deny", Action="s3:ListBucket")
    problems = [each for each in patient.complaints("role") if "s3:ListBucket" in each.seen]
    assert [each.status for each in problems] == [Status.PROBLEM]
    assert problems[0].why == "Without it the model data cannot be found."


def test_what_the_endpoint_writes_to_s3_is_needed(patient: Patient) -> None:
    output = f"s3://{patient.bucket}/async"
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{patient.bucket}/capture/",
        "CaptureOptions": [{"CaptureMode": "Input"}],
    }
    asynchronous = {"OutputConfig": {"S3OutputPath": output, "S3FailurePath": f"s3://{patient.bucket}/failed"}}
    data = {"ModelDataUrl": f"s3://{patient.bucket}/{patient.key}"}
    _serve(patient, {"AsyncInferenceConfig": asynchronous, "DataCaptureConfig": capture}, **data)
    findings = patient.complaints("role")
    bucket = f"arn:aws:s3:::{patient.bucket}"
    assert [each.why for each in findings] == [
        "Without it the answers to asynchronous requests are lost.",
        "Without it the capture of requests and answers is lost.",
    ]
    assert f"may not s3:PutObject on {bucket}/async/* and {bucket}/failed/*" in findings[0].seen
    assert f"may not s3:PutObject on {bucket}/capture/{patient.name}/*" in findings[1].seen
    _put(patient, "write", Effect="Allow", Action="s3:PutObject", Resource=f"{bucket}/*")
    assert patient.complaints("role") == []


def _serve(patient: Patient, configuration: dict[str, object], **container: object) -> None:
    """Update the endpoint to another container and configuration."""
    sagemaker, name = patient.aws.client("sagemaker"), f"{patient.name}-next"
    model = sagemaker.describe_model(ModelName=patient.model)
    sagemaker.create_model(
        ModelName=name,
        ExecutionRoleArn=model["ExecutionRoleArn"],
        PrimaryContainer={"Image": patient.image, **container},
        VpcConfig=model["VpcConfig"],
    )
    variant = {"VariantName": "a", "ModelName": name, "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant], **configuration)
    sagemaker.update_endpoint(EndpointName=patient.name, EndpointConfigName=name)
    patient.aws.advance(60)


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
    assert {each.status for each in findings if "s3:ListBucket" not in each.seen} == {Status.PROBLEM}


def test_a_role_that_sagemaker_may_not_assume(patient: Patient) -> None:
    _trust(patient, Principal={"Service": "ec2.amazonaws.com"})
    finding = _only(patient)
    assert (finding.status, finding.check) == (Status.PROBLEM, "role.trust")
    assert finding.seen == f"{patient.role} does not trust sagemaker.amazonaws.com"
    assert finding.command == f"aws iam get-role --role-name {patient.role}"


def test_a_trust_for_other_resources_of_sagemaker_names_its_condition(patient: Patient) -> None:
    notebooks = f"arn:aws:sagemaker:*:{ACCOUNT}:notebook-instance/*"
    _trust(patient, Condition={"ArnLike": {"aws:SourceArn": notebooks}})
    finding = _only(patient)
    assert finding.status is Status.PROBLEM
    assert finding.seen.endswith(f", only under ArnLike aws:SourceArn {notebooks}")


def test_a_trust_that_is_denied_says_so(patient: Patient) -> None:
    _trust(patient, Effect="Deny")
    assert _only(patient).seen.endswith(": a statement of its trust policy denies it")


def test_a_trust_for_another_account(patient: Patient) -> None:
    _trust(patient, Condition={"StringEquals": {"aws:SourceAccount": "999999999999"}})
    finding = _only(patient)
    assert finding.status is Status.PROBLEM
    assert ", only under StringEquals aws:SourceAccount 999999999999" in finding.seen


def test_a_trust_for_any_account(patient: Patient) -> None:
    _trust(patient)
    finding = _only(patient)
    assert finding.status is Status.WARNING
    assert finding.seen == f"{patient.role} trusts sagemaker.amazonaws.com on behalf of any account"
    assert f"aws:SourceAccount {ACCOUNT}" in finding.next


@pytest.mark.parametrize("operator", ["ArnLike", "ArnEquals", "StringLike"])
@pytest.mark.parametrize("region", ["*", "eu-west-1"])
def test_a_trust_for_sagemaker_in_the_account_is_well(patient: Patient, operator: str, region: str) -> None:
    _trust(patient, Condition={operator: {"aws:SourceArn": f"arn:aws:sagemaker:{region}:{ACCOUNT}:*"}})
    assert patient.complaints("role") == []


def test_a_trust_as_least_privilege_makes_it_is_well(patient: Patient) -> None:
    source = {"ArnLike": {"aws:SourceArn": f"arn:aws:sagemaker:{patient.aws.region}:{ACCOUNT}:*"}}
    _trust(patient, Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}, **source})
    assert patient.complaints("role") == []


@pytest.mark.parametrize("kind", ["endpoint/{0}", "model/{0}-model", "endpoint/*"])
def test_a_trust_for_one_resource_is_not_as_aws_documents_it(patient: Patient, kind: str) -> None:
    resource = kind.format(patient.name)
    _trust(patient, Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:{resource}"}})
    finding = _only(patient)
    assert (finding.status, finding.check) == (Status.WARNING, "role.trust")
    assert finding.seen == f"{patient.role} trusts sagemaker.amazonaws.com for particular resources only"
    assert f"aws:SourceArn arn:aws:sagemaker:eu-west-1:{ACCOUNT}:*" in finding.next


def test_a_trust_for_sagemaker_elsewhere(patient: Patient) -> None:
    _trust(patient, Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:*"}})
    finding = _only(patient)
    assert (finding.status, finding.check) == (Status.PROBLEM, "role.trust")


def test_a_trust_for_sagemaker_in_any_account(patient: Patient) -> None:
    _trust(patient, Condition={"ArnLike": {"aws:SourceArn": "arn:aws:sagemaker:*:*:*"}})
    finding = _only(patient)
    assert finding.status is Status.WARNING
    assert "on behalf of any account" in finding.seen


def test_a_trust_under_conditions_that_only_sagemaker_knows(patient: Patient) -> None:
    _trust(patient, Condition={"StringEquals": {"aws:SourceOrgID": "o-1"}})
    finding = _only(patient)
    assert finding.status is Status.UNKNOWN
    assert "conditions on aws:SourceOrgID" in finding.seen


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
