"""Endpoints of several models, of shadow variants, and of variants that have no model of their own."""

import json
from typing import Any

from sagemaker_endpoint_doctor.examination.finding import Finding, Status
from sagemaker_endpoint_doctor.examination.names import Names
from sagemaker_endpoint_doctor.facts import instances

import pytest

from tests.account import ACCOUNT
from tests.doctor.kinds import allow
from tests.doctor.patient import Patient, admit, mark
from tests.embedded_aws import EmbeddedAws
from tests.embedded_aws.fault import DENIED

SECTIONS = ("model", "role", "s3")


@pytest.fixture
def other(aws: EmbeddedAws) -> Patient:
    """Give another endpoint's things: its model has a role, an image and data of its own."""
    return admit(aws)


def role_arn(patient: Patient) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{patient.role}"


def variant(name: str, model: str | None) -> dict[str, Any]:
    stated = {"VariantName": name, "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}
    return stated | ({"ModelName": model} if model else {})


def serve(patient: Patient, *variants: dict[str, Any], **configuration: object) -> None:
    """Update the endpoint to these variants."""
    sagemaker, name = patient.aws.client("sagemaker"), f"{patient.name}-next"
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=list(variants), **configuration)
    sagemaker.update_endpoint(EndpointName=patient.name, EndpointConfigName=name)
    patient.aws.advance(60)


def let_write_logs(patient: Patient, role: str) -> None:
    """Let a role write to the endpoint's logs, and metrics."""
    group = f"arn:aws:logs:{patient.aws.region}:{ACCOUNT}:log-group:{patient.log_group_name}:*"
    statements = [
        {"Effect": "Allow", "Action": "logs:*", "Resource": group},
        {"Effect": "Allow", "Action": "cloudwatch:PutMetricData", "Resource": "*"},
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    patient.aws.client("iam").put_role_policy(RoleName=role, PolicyName="logs", PolicyDocument=document)


def complaints(patient: Patient) -> list[Finding]:
    return [each for section in SECTIONS for each in patient.complaints(section)]


def encrypt(patient: Patient) -> None:
    """Encrypt the model's data with the patient's own key."""
    patient.aws.client("s3").put_object(
        Bucket=patient.bucket,
        Key=patient.key,
        Body=b"weights",
        ServerSideEncryption="aws:kms",
        SSEKMSKeyId=patient.key_arn,
    )


def test_each_role_is_judged_by_its_own_models(patient: Patient, other: Patient) -> None:
    encrypt(patient)
    encrypt(other)
    serve(patient, variant("a", patient.model), variant("b", other.model))
    let_write_logs(patient, other.role)
    assert complaints(patient) == []
    encryption = [each.seen for each in patient.findings("s3") if each.check == "s3.encryption"]
    assert [seen.split(" may decrypt")[0] for seen in encryption] == [patient.role, other.role]
    pulls = [each.seen for each in patient.findings("model") if each.check == "model.pull"]
    assert pulls == [f"{each.role} may pull the image {each.repository}:1.4" for each in (patient, other)]


def test_a_role_that_terraform_names_hides_no_other(patient: Patient, other: Patient) -> None:
    serve(patient, variant("a", patient.model), variant("b", other.model))
    names = Names(endpoint_name=patient.name, region=patient.aws.region, execution_role_arn=role_arn(patient))
    (finding,) = patient.complaints("role", patient.subject(names=names))
    assert finding.seen.startswith(f"{other.role} may not logs:CreateLogStream")


def test_a_role_that_no_model_has_yet_is_judged_as_if_all_had_it(patient: Patient, other: Patient) -> None:
    names = Names(endpoint_name=patient.name, region=patient.aws.region, execution_role_arn=role_arn(other))
    refused = [each.seen for each in patient.complaints("role", patient.subject(names=names))]
    assert any(f"{other.role} may not s3:GetObject on arn:aws:s3:::{patient.bucket}" in seen for seen in refused)


def test_a_model_outside_the_vpc_needs_no_network_because_another_does(patient: Patient, other: Patient) -> None:
    sagemaker, name = patient.aws.client("sagemaker"), f"{patient.name}-outside"
    container = sagemaker.describe_model(ModelName=other.model)["PrimaryContainer"]
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=role_arn(other), PrimaryContainer=container)
    patient.aws.client("iam").detach_role_policy(
        RoleName=other.role, PolicyArn=f"arn:aws:iam::{ACCOUNT}:policy/{other.name}-runtime"
    )
    let_write_logs(patient, other.role)
    serve(patient, variant("a", patient.model), variant("b", name))
    assert complaints(patient) == []


def test_a_shadow_variant_is_looked_at_as_well(patient: Patient, other: Patient) -> None:
    patient.aws.client("s3").delete_object(Bucket=other.bucket, Key=other.key)
    let_write_logs(patient, other.role)
    serve(patient, variant("a", patient.model), ShadowProductionVariants=[variant("shadow", other.model)])
    (finding,) = complaints(patient)
    assert finding.seen == f"s3://{other.bucket}/{other.key}: nothing lies there"
    subject = patient.subject()
    assert subject.role_arns() == [role_arn(patient), role_arn(other)]
    assert subject.security_group_ids() == [patient.security_group_id, other.security_group_id]
    built = [each.seen for each in patient.findings("model") if each.check == "model.architecture"]
    assert any("as shadow's ml.m5.xlarge needs" in seen for seen in built)


def shadowed(patient: Patient, **counts: int) -> list[Finding]:
    """Give what is said of the variants of an endpoint with a shadow variant, which has so many instances."""

    def change(parsed: dict[str, Any], **_: object) -> None:
        parsed["ShadowProductionVariants"][0].update(counts)

    serve(patient, variant("a", patient.model), ShadowProductionVariants=[variant("shadow", patient.model)])
    mark(patient.aws, patient.security_group_id)
    events = patient.subject().aws.sagemaker.meta.events
    events.register("after-call.sagemaker.DescribeEndpoint", change)
    try:
        return [each for each in patient.findings("endpoint") if each.check == "endpoint.variants"]
    finally:
        events.unregister("after-call.sagemaker.DescribeEndpoint", change)


def test_a_shadow_variant_that_is_well_is_shown_like_the_others(patient: Patient) -> None:
    assert [(each.status, each.seen) for each in shadowed(patient)] == [
        (Status.OK, "a: 1 of 1 instance, weight 1"),
        (Status.OK, "shadow, a shadow variant: 1 of 1 instance, weight 1"),
    ]
    (runs,) = (each.seen for each in patient.findings("endpoint") if "shadow runs" in each.seen)
    assert patient.image in runs
    (count,) = (each.seen for each in patient.findings("interfaces") if each.check == "interfaces.count")
    assert count == "2 network interfaces for 2 instances, in 1 subnet"


@pytest.mark.parametrize(("current", "desired"), [(0, 1), (0, 0), (1, 2)])
def test_a_shadow_variant_without_its_instances_is_a_problem(patient: Patient, current: int, desired: int) -> None:
    _, finding = shadowed(patient, CurrentInstanceCount=current, DesiredInstanceCount=desired)
    assert finding.status is Status.PROBLEM
    assert finding.seen.startswith(f"{current} of {desired} instance")
    assert finding.seen.endswith("of the shadow variant shadow run")
    assert "Callers are answered as ever" in finding.why


def test_a_model_that_is_gone_hides_nothing_of_the_others(patient: Patient, other: Patient) -> None:
    let_write_logs(patient, other.role)
    serve(patient, variant("a", patient.model), variant("b", other.model))
    sagemaker = patient.aws.client("sagemaker")
    sagemaker.delete_model(ModelName=other.model)
    gone = f"the model {other.model}, which the live configuration names, is gone"
    found = {section: patient.findings(section) for section in (*SECTIONS, "interfaces")}
    complaints = {
        section: [each for each in findings if each.status is not Status.OK and each.check != "interfaces.marks"]
        for section, findings in found.items()
    }
    told = {section: [(each.status, each.seen) for each in of_section] for section, of_section in complaints.items()}
    assert told == {key: [(Status.PROBLEM if key == "model" else Status.UNKNOWN, gone)] for key in found}
    assert f"{patient.role} may pull the image {patient.repository}:1.4" in [each.seen for each in found["model"]]
    assert f"s3://{patient.bucket}/{patient.key} is there" in [each.seen for each in found["s3"]]
    assert any(f"{patient.role} may do all" in each.seen for each in found["role"])


def without_models(patient: Patient) -> None:
    network = {"SecurityGroupIds": [patient.security_group_id], "Subnets": list(patient.subnet_ids)}
    serve(patient, variant("components", None), ExecutionRoleArn=role_arn(patient), VpcConfig=network)


def test_what_inference_components_run_is_not_called_well(patient: Patient) -> None:
    without_models(patient)
    for section in ("model", "s3"):
        (finding,) = patient.findings(section)
        assert finding.status is Status.UNKNOWN
        assert finding.seen.startswith("components has no model of its own")
        assert "inference components" in finding.seen


def test_the_configurations_own_role_and_network_are_looked_at(patient: Patient) -> None:
    without_models(patient)
    assert patient.complaints("role") == []
    seen = [each.seen for each in patient.findings("role")]
    assert any(f"{patient.role} may do all" in each for each in seen)
    subject = patient.subject()
    assert subject.subnet_ids() == list(patient.subnet_ids)
    assert subject.security_group_ids() == [patient.security_group_id]
    assert instances.running_or_initial(subject) == 1
    (count,) = (each.seen for each in patient.findings("interfaces") if each.check == "interfaces.count")
    assert count == "1 network interface for 1 instance, in 1 subnet"
    patient.aws.client("iam").detach_role_policy(
        RoleName=patient.role, PolicyArn=f"arn:aws:iam::{ACCOUNT}:policy/{patient.name}-runtime"
    )
    assert any("ec2:CreateNetworkInterface" in each.seen for each in patient.complaints("role"))


def test_what_is_in_a_model_package_is_not_called_well(patient: Patient) -> None:
    sagemaker, name = patient.aws.client("sagemaker"), f"{patient.name}-packaged"
    model = sagemaker.describe_model(ModelName=patient.model)
    package = f"arn:aws:sagemaker:{patient.aws.region}:{ACCOUNT}:model-package/team/7"
    sagemaker.create_model(
        ModelName=name,
        ExecutionRoleArn=model["ExecutionRoleArn"],
        Containers=[{"ModelPackageName": package}],
        VpcConfig=model["VpcConfig"],
    )
    serve(patient, variant("a", name))
    allow(patient, "package", (["sagemaker:DescribeModelPackage"], package))
    with patient.aws.fault("sagemaker:DescribeModelPackage", DENIED):
        for section in ("model", "s3"):
            (finding,) = patient.findings(section)
            assert finding.status is Status.UNKNOWN
            assert finding.seen == (
                f"{name} is made from {package}, whose image and data are not looked at: needs "
                "sagemaker:DescribeModelPackage"
            )
        assert patient.complaints("role") == []
