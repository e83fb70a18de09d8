"""Models that are not an archive beside an image in ECR: packages, private registries, folders of models."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from sagemaker_endpoint_doctor.examination.finding import Finding, Status

import pytest

from tests.account import ACCOUNT
from tests.doctor.kinds import allow, arn, replace_endpoint
from tests.doctor.patient import Patient
from tests.embedded_aws.fault import DENIED

PRIVATE = "registry.example.com/team/sentiment:1.4"


def complaints(patient: Patient, *sections: str) -> list[Finding]:
    return [each for section in sections or ("model", "role", "s3") for each in patient.complaints(section)]


def seen(patient: Patient, check: str) -> list[str]:
    return [each.seen for each in patient.findings(check.partition(".")[0]) if each.check == check]


# Model packages.


def register(patient: Patient, approval: str = "Approved", **container: object) -> str:
    """Register a version that holds the patient's own image and data; give its ARN."""
    sagemaker, group = patient.aws.client("sagemaker"), patient.name
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    held = {"Image": patient.image, "ModelDataUrl": f"s3://{patient.bucket}/{patient.key}", **container}
    package = sagemaker.create_model_package(
        ModelPackageGroupName=group,
        ModelApprovalStatus=approval,
        InferenceSpecification={
            "Containers": [held],
            "SupportedContentTypes": ["application/json"],
            "SupportedResponseMIMETypes": ["application/json"],
        },
    )["ModelPackageArn"]
    return str(package)


def serve_package(patient: Patient, package: str, **container: object) -> None:
    replace_endpoint(patient, [{"ModelPackageName": package, **container}])
    allow(patient, "package", (["sagemaker:DescribeModelPackage"], package))


def test_what_an_approved_package_holds_is_looked_at(patient: Patient) -> None:
    package = register(patient, Environment={"MODEL_DIR": "/m"})
    serve_package(patient, package, Environment={"LOG_LEVEL": "info"})
    assert complaints(patient) == []
    assert seen(patient, "model.package") == [f"the model package {package} is there, and approved"]
    (image,) = seen(patient, "model.image")
    assert image.startswith(f"the image {patient.repository}:1.4 is in ECR, pushed 20")
    assert seen(patient, "s3.objects") == [f"s3://{patient.bucket}/{patient.key} is there"]
    assert seen(patient, "model.data") == [f"the model data s3://{patient.bucket}/{patient.key} is there, 7 bytes"]
    assert seen(patient, "model.environment") == [f"the environment of {patient.name}-other: MODEL_DIR and LOG_LEVEL"]


def test_what_a_package_holds_is_not_asked_of_the_role(patient: Patient) -> None:
    """AWS does not say who reads it."""
    serve_package(patient, register(patient))
    arn_of_policy = f"arn:aws:iam::{ACCOUNT}:policy/{patient.name}-artifacts"
    patient.aws.client("iam").detach_role_policy(RoleName=patient.role, PolicyArn=arn_of_policy)
    assert complaints(patient) == []
    assert seen(patient, "model.pull") == seen(patient, "s3.policies") == []


def test_a_role_that_may_not_describe_the_package_is_a_warning(patient: Patient) -> None:
    package = register(patient)
    serve_package(patient, package)
    patient.aws.client("iam").delete_role_policy(RoleName=patient.role, PolicyName="package")
    (finding,) = complaints(patient, "role")
    assert finding.status is Status.WARNING
    assert finding.seen.startswith(f"{patient.role} may not sagemaker:DescribeModelPackage on {package}")


def test_data_that_a_package_names_and_that_is_gone_is_a_problem(patient: Patient) -> None:
    serve_package(patient, register(patient, ModelDataUrl=f"s3://{patient.bucket}/gone.tar.gz"))
    (finding,) = complaints(patient, "s3")
    assert (finding.status, finding.seen) == (Status.PROBLEM, f"s3://{patient.bucket}/gone.tar.gz: nothing lies there")


@pytest.mark.parametrize(
    ("approval", "words"), [("Rejected", "rejected"), ("PendingManualApproval", "not approved yet")]
)
def test_a_package_that_is_not_approved_is_a_warning(patient: Patient, approval: str, words: str) -> None:
    package = register(patient, approval)
    serve_package(patient, package)
    (finding,) = complaints(patient)
    assert (finding.check, finding.status) == ("model.package", Status.WARNING)
    assert finding.seen == f"the model package {package} is {words}"
    assert finding.command.startswith(f"aws sagemaker describe-model-package --model-package-name {package} ")


def test_a_package_that_is_gone_is_a_problem(patient: Patient) -> None:
    package = arn(patient, "sagemaker", f"model-package/{patient.name}/7")
    serve_package(patient, package)
    problem, hidden = complaints(patient, "model")
    assert (problem.check, problem.status) == ("model.package", Status.PROBLEM)
    assert problem.seen == f"there is no model package {package}"
    assert hidden.status is Status.UNKNOWN
    assert hidden.seen.startswith(f"{patient.name}-other is made from {package}, ")
    assert hidden.seen.endswith(": there is no such package")


def test_a_package_of_the_marketplace_keeps_what_it_holds(patient: Patient) -> None:
    package = register(patient)
    serve_package(patient, package)
    sellers = arn(patient, "sagemaker", "model-package/sellers").replace(ACCOUNT, "999999999999")

    def change(parsed: dict[str, Any], **_: object) -> None:
        del parsed["ModelPackageGroupName"]
        parsed["ModelPackageArn"] = sellers

    events = patient.subject().aws.sagemaker.meta.events
    events.register("after-call.sagemaker.DescribeModelPackage", change)
    try:
        told = complaints(patient)
    finally:
        events.unregister("after-call.sagemaker.DescribeModelPackage", change)
    assert {each.status for each in told} == {Status.UNKNOWN}
    assert {each.seen.rpartition(": ")[2] for each in told} == {"a seller of AWS Marketplace keeps them"}


# Private registries.


@pytest.fixture
def function(patient: Patient) -> Iterator[str]:
    """Make a function that gives credentials; give its ARN."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "")
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = patient.aws.client("iam").create_role(
        RoleName=f"{patient.name}-function",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust}),
    )["Role"]["Arn"]
    functions = patient.aws.client("lambda")
    made = functions.create_function(
        FunctionName=f"{patient.name}-credentials",
        Runtime="python3.12",
        Role=role,
        Handler="index.handle",
        Code={"ZipFile": code.getvalue()},
    )
    yield str(made["FunctionArn"])
    functions.close()


def serve_private(patient: Patient, function: str | None, image: str = PRIVATE) -> None:
    config: dict[str, Any] = {"RepositoryAccessMode": "Vpc"}
    if function:
        config["RepositoryAuthConfig"] = {"RepositoryCredentialsProviderArn": function}
    replace_endpoint(patient, [{"Image": image, "ImageConfig": config}])


def test_an_image_in_a_private_registry_is_there_if_it_runs(patient: Patient, function: str) -> None:
    serve_private(patient, function)
    allow(patient, "credentials", (["lambda:InvokeFunction"], function))
    assert complaints(patient) == []
    (image,) = seen(patient, "model.image")
    assert image.startswith(
        f"the image {PRIVATE} is in a private registry, where SageMaker found it at the last deployment, on 20"
    )
    assert seen(patient, "model.credentials") == [
        f"the function {function}, which gives the credentials for the private registry, is Active"
    ]


def test_an_image_in_a_private_registry_that_does_not_run_cannot_be_checked(patient: Patient) -> None:
    serve_private(patient, None)

    def change(parsed: dict[str, Any], **_: object) -> None:
        parsed["EndpointStatus"] = "Failed"

    events = patient.subject().aws.sagemaker.meta.events
    events.register("after-call.sagemaker.DescribeEndpoint", change)
    try:
        (finding,) = complaints(patient, "model")
    finally:
        events.unregister("after-call.sagemaker.DescribeEndpoint", change)
    assert (finding.check, finding.status) == ("model.image", Status.UNKNOWN)
    assert finding.seen == f"the image {PRIVATE} is in a private registry, which can be asked from within the VPC alone"


def test_ecr_is_not_asked_for_an_image_that_is_pulled_through_the_vpc(patient: Patient) -> None:
    serve_private(patient, None, patient.image)
    patient.aws.reset_calls()
    for section in ("model", "role"):
        patient.findings(section)
    assert "ecr" not in {call.service for call in patient.aws.calls()}


def test_a_function_that_is_gone_is_a_problem(patient: Patient, function: str) -> None:
    serve_private(patient, function)
    allow(patient, "credentials", (["lambda:InvokeFunction"], function))
    patient.aws.client("lambda").delete_function(FunctionName=function)
    (finding,) = complaints(patient)
    assert (finding.check, finding.status) == ("model.credentials", Status.PROBLEM)
    assert finding.seen == f"the function {function}, which gives the credentials for the private registry, is gone"
    assert finding.command.startswith(f"aws lambda get-function-configuration --function-name {function} ")
    assert "Environment" not in finding.command


def test_a_function_that_may_not_be_looked_at_is_named_by_permission(patient: Patient, function: str) -> None:
    serve_private(patient, function)
    with patient.aws.fault("lambda:GetFunctionConfiguration", DENIED):
        (finding,) = complaints(patient, "model")
    assert (finding.check, finding.status, finding.seen) == (
        "model.credentials",
        Status.UNKNOWN,
        "needs lambda:GetFunctionConfiguration",
    )


def test_a_role_that_may_not_call_the_function_is_a_problem(patient: Patient, function: str) -> None:
    serve_private(patient, function)
    (finding,) = complaints(patient, "role")
    assert finding.status is Status.PROBLEM
    assert finding.seen.startswith(f"{patient.role} may not lambda:InvokeFunction on {function}")
    assert "the credentials for the private registry" in finding.why


# Folders of models.


def serve_folder(patient: Patient, folder: str) -> None:
    url = f"s3://{patient.bucket}/{folder}"
    replace_endpoint(patient, [{"Image": patient.image, "Mode": "MultiModel", "ModelDataUrl": url}])
    allow(patient, "models", (["s3:GetObject"], f"arn:aws:s3:::{patient.bucket}/{folder}*"))


def test_a_folder_of_models_is_well(patient: Patient) -> None:
    serve_folder(patient, "sentiment/")
    assert complaints(patient) == []


def test_a_folder_without_a_model_is_a_warning_at_most(patient: Patient) -> None:
    serve_folder(patient, "later/")
    (finding,) = complaints(patient)
    assert (finding.check, finding.status) == ("s3.objects", Status.WARNING)
    assert finding.seen == f"s3://{patient.bucket}/later/: no model lies there yet"


# Uncompressed data below a prefix.


def serve_prefix(patient: Patient, prefix: str) -> None:
    source = {"S3Uri": f"s3://{patient.bucket}/{prefix}", "S3DataType": "S3Prefix", "CompressionType": "None"}
    replace_endpoint(patient, [{"Image": patient.image, "ModelDataSource": {"S3DataSource": source}}])
    allow(patient, "weights", (["s3:GetObject"], f"arn:aws:s3:::{patient.bucket}/{prefix}*"))


def test_weights_below_a_prefix_are_well(patient: Patient) -> None:
    patient.aws.client("s3").put_object(Bucket=patient.bucket, Key="llm/a/1.safetensors", Body=b"weights")
    serve_prefix(patient, "llm/")
    assert complaints(patient) == []


def test_empty_objects_for_folders_are_a_problem(patient: Patient) -> None:
    for key, body in (("llm/", b""), ("llm/a/", b""), ("llm/a/1.safetensors", b"weights")):
        patient.aws.client("s3").put_object(Bucket=patient.bucket, Key=key, Body=body)
    serve_prefix(patient, "llm/")
    (finding,) = complaints(patient)
    assert (finding.check, finding.status) == ("model.folders", Status.PROBLEM)
    assert finding.seen == (
        f"2 empty objects for folders among the model data s3://{patient.bucket}/llm/, such as llm/"
    )
    assert finding.command == f"aws s3api list-objects-v2 --bucket {patient.bucket} --prefix llm/ --max-items 10"


def test_a_role_that_may_not_read_below_the_prefix_is_a_problem(patient: Patient) -> None:
    patient.aws.client("s3").put_object(Bucket=patient.bucket, Key="llm/1.safetensors", Body=b"weights")
    serve_prefix(patient, "llm/")
    patient.aws.client("iam").delete_role_policy(RoleName=patient.role, PolicyName="weights")
    (finding,) = complaints(patient, "role")
    assert finding.status is Status.PROBLEM
    assert finding.seen.startswith(f"{patient.role} may not s3:GetObject on arn:aws:s3:::{patient.bucket}/llm/*")
