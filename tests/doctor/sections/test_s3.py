"""S3: the bucket, the object, the bucket's policy, and the key that the object is encrypted with."""

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any

from sagemaker_endpoint import Model
from sagemaker_endpoint.rules import limits
from sagemaker_endpoint_doctor.command_line.runbook import VARIABLES
from sagemaker_endpoint_doctor.examination.finding import Finding, Status
from sagemaker_endpoint_doctor.facts import s3_urls

import boto3
import pytest

from tests.account import ACCOUNT, block_public_access
from tests.doctor.patient import Patient, admit
from tests.embedded_aws import EmbeddedAws
from tests.embedded_aws.fault import DENIED, Failure

OTHER_ACCOUNT = "210987654321"
FORBIDDEN = Failure(status=403, body="")


@pytest.fixture(scope="module")
def untouched(aws: EmbeddedAws) -> Patient:
    """Give one for all tests that break nothing."""
    return admit(aws)


@pytest.fixture
def fenced(untouched: Patient) -> Iterator[Patient]:
    """Give one whose bucket may be given a policy for the time of a test."""
    yield untouched
    untouched.aws.client("s3").delete_bucket_policy(Bucket=untouched.bucket)


def the_complaint(patient: Patient, check: str, status: Status) -> Finding:
    """Give the one thing that is not well, which a check found."""
    (finding,) = patient.complaints("s3")
    assert (finding.check, finding.status) == (f"s3.{check}", status)
    if status is not Status.UNKNOWN:
        assert finding.why.endswith(".")
        assert finding.next.endswith(".")
        assert finding.command.startswith("aws ")
    return finding


def the_seen(patient: Patient, check: str) -> str:
    """Give what a check that is content says."""
    (finding,) = (each for each in patient.findings("s3") if each.check == f"s3.{check}")
    assert finding.status is Status.OK
    return finding.seen


def url(patient: Patient) -> str:
    return f"s3://{patient.bucket}/{patient.key}"


def _vpc_endpoint(patient: Patient) -> str:
    """Give the VPC endpoint for S3."""
    found = patient.aws.client("ec2").describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [patient.vpc_id]}])
    (endpoint,) = (each["VpcEndpointId"] for each in found["VpcEndpoints"] if each["ServiceName"].endswith(".s3"))
    return str(endpoint)


def redeploy(patient: Patient, container: Mapping[str, Any]) -> None:
    """Update the endpoint to another container."""
    sagemaker, name = patient.aws.client("sagemaker"), f"{patient.name}-next"
    request = sagemaker.describe_model(ModelName=patient.model)
    sagemaker.create_model(
        ModelName=name,
        ExecutionRoleArn=request["ExecutionRoleArn"],
        PrimaryContainer={"Image": patient.image, **container},
        VpcConfig=request["VpcConfig"],
    )
    variant = {"VariantName": "AllTraffic", "ModelName": name, "InstanceType": "ml.m5.xlarge"}
    sagemaker.create_endpoint_config(
        EndpointConfigName=name, ProductionVariants=[{**variant, "InitialInstanceCount": 2}]
    )
    sagemaker.update_endpoint(EndpointName=patient.name, EndpointConfigName=name)
    patient.aws.advance(60)


def load_from(patient: Patient, prefix: str) -> None:
    """Update the endpoint to data that is not packed, under a prefix."""
    source = {"S3Uri": f"s3://{patient.bucket}/{prefix}", "S3DataType": "S3Prefix", "CompressionType": "None"}
    redeploy(patient, {"ModelDataSource": {"S3DataSource": source}})


def set_policy(patient: Patient, **statement: object) -> None:
    """Give the bucket a policy of one statement: a Deny of everything to the role, where nothing else is said."""
    resources = [f"arn:aws:s3:::{patient.bucket}", f"arn:aws:s3:::{patient.bucket}/*"]
    principal = {"AWS": role_arn(patient)}
    deny = {"Sid": "Fence", "Effect": "Deny", "Principal": principal, "Action": "s3:*", "Resource": resources}
    whole = {key: value for key, value in {**deny, **statement}.items() if value is not None}
    document = json.dumps({"Version": "2012-10-17", "Statement": [whole]})
    patient.aws.client("s3").put_bucket_policy(Bucket=patient.bucket, Policy=document)


def encrypt(patient: Patient, key_arn: str) -> None:
    patient.aws.client("s3").put_object(
        Bucket=patient.bucket, Key=patient.key, Body=b"weights", ServerSideEncryption="aws:kms", SSEKMSKeyId=key_arn
    )


def new_key(patient: Patient, **settings: str) -> str:
    return str(patient.aws.client("kms").create_key(**settings)["KeyMetadata"]["Arn"])


def role_arn(patient: Patient) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{patient.role}"


# The bucket and the object.


def test_a_healthy_endpoint_finds_its_data(untouched: Patient) -> None:
    findings = untouched.findings("s3")
    assert {each.status for each in findings} == {Status.OK}
    assert [each.seen for each in findings] == [
        f"the bucket {untouched.bucket} is in eu-west-1, as the endpoint",
        f"{url(untouched)} is there",
        f"the bucket {untouched.bucket} has no policy that could deny anything",
        f"the policy of {_vpc_endpoint(untouched)} lets {url(untouched)} through",
        f"public access to {untouched.bucket} is blocked",
        f"{url(untouched)} takes no key of KMS to read",
    ]


def test_models_without_data_need_nothing_of_s3(patient: Patient) -> None:
    redeploy(patient, {})
    (finding,) = patient.findings("s3")
    assert (finding.status, finding.seen) == (Status.OK, "the models load no data from S3")


def test_a_missing_object_is_a_problem(patient: Patient) -> None:
    patient.aws.client("s3").delete_object(Bucket=patient.bucket, Key=patient.key)
    finding = the_complaint(patient, "objects", Status.PROBLEM)
    assert finding.seen == f"{url(patient)}: nothing lies there"
    assert finding.command == f"aws s3api head-object --bucket {patient.bucket} --key {patient.key}"


def test_data_under_a_prefix_is_found(patient: Patient) -> None:
    load_from(patient, "sentiment/")
    assert patient.complaints("s3") == []
    assert the_seen(patient, "objects") == f"s3://{patient.bucket}/sentiment/ is there"


def test_a_prefix_with_nothing_under_it_is_a_problem(patient: Patient) -> None:
    load_from(patient, "sentimental/")
    finding = the_complaint(patient, "objects", Status.PROBLEM)
    assert finding.seen == f"s3://{patient.bucket}/sentimental/: nothing lies there"
    assert finding.command == (
        f"aws s3api list-objects-v2 --bucket {patient.bucket} --prefix sentimental/ --max-items 10"
    )


def archive(patient: Patient, storage_class: str) -> None:
    patient.aws.client("s3").put_object(
        Bucket=patient.bucket, Key=patient.key, Body=b"weights", StorageClass=storage_class
    )


@contextmanager
def telling(patient: Patient, operation: str, **answer: object) -> Iterator[None]:
    """Let S3 say what the embedded AWS does not know."""

    def say(parsed: dict[str, Any], **_: object) -> None:
        for each in parsed["Contents"] if operation == "ListObjectsV2" else [parsed]:
            each.update(answer)

    events = patient.subject().aws.s3(patient.aws.region).meta.events
    events.register(f"after-call.s3.{operation}", say)
    try:
        yield
    finally:
        events.unregister(f"after-call.s3.{operation}", say)


@pytest.mark.parametrize("storage_class", ["GLACIER", "DEEP_ARCHIVE"])
def test_data_that_is_archived_is_a_problem(patient: Patient, storage_class: str) -> None:
    archive(patient, storage_class)
    finding = the_complaint(patient, "objects", Status.PROBLEM)
    assert finding.seen == f"{url(patient)} is archived ({storage_class})"
    assert "RestoreObject" in finding.next
    assert finding.command == f"aws s3api head-object --bucket {patient.bucket} --key {patient.key}"


def test_data_in_an_archive_of_intelligent_tiering_is_a_problem(patient: Patient) -> None:
    archive(patient, "INTELLIGENT_TIERING")
    assert patient.complaints("s3") == []
    with telling(patient, "HeadObject", ArchiveStatus="DEEP_ARCHIVE_ACCESS"):
        finding = the_complaint(patient, "objects", Status.PROBLEM)
    assert finding.seen == f"{url(patient)} is archived (DEEP_ARCHIVE_ACCESS)"


def test_data_that_is_being_restored_is_a_problem_still(patient: Patient) -> None:
    archive(patient, "GLACIER")
    with telling(patient, "HeadObject", Restore='ongoing-request="true"'):
        finding = the_complaint(patient, "objects", Status.PROBLEM)
    assert finding.seen == f"{url(patient)} is archived (GLACIER), and being restored"
    assert finding.next.startswith("S3 restores it: wait")


def test_archived_data_that_is_restored_is_well(patient: Patient) -> None:
    archive(patient, "GLACIER")
    patient.aws.client("s3").restore_object(Bucket=patient.bucket, Key=patient.key, RestoreRequest={"Days": 7})
    assert patient.complaints("s3") == []


def test_an_archive_that_answers_at_once_is_well(patient: Patient) -> None:
    archive(patient, "GLACIER_IR")
    assert patient.complaints("s3") == []


def test_archived_data_under_a_prefix_is_counted(patient: Patient) -> None:
    archive(patient, "GLACIER")
    s3 = patient.aws.client("s3")
    s3.put_object(Bucket=patient.bucket, Key="sentiment/a", Body=b"{}")  # the first is none of the archived
    s3.put_object(Bucket=patient.bucket, Key="sentiment/z", Body=b"{}", StorageClass="DEEP_ARCHIVE")
    load_from(patient, "sentiment/")
    finding = the_complaint(patient, "objects", Status.PROBLEM)
    assert finding.seen == (f"s3://{patient.bucket}/sentiment/: 2 objects archived, such as {patient.key} (GLACIER)")
    restored = {"IsRestoreInProgress": False, "RestoreExpiryDate": datetime.now(timezone.utc)}
    with telling(patient, "ListObjectsV2", RestoreStatus=restored):
        assert patient.complaints("s3") == []


def test_archived_models_that_are_loaded_when_asked_for_are_a_warning(patient: Patient) -> None:
    archive(patient, "GLACIER")
    redeploy(patient, {"ModelDataUrl": f"s3://{patient.bucket}/sentiment/", "Mode": "MultiModel"})
    assert "requests for a model" in the_complaint(patient, "objects", Status.WARNING).why


def test_a_missing_bucket_is_a_problem(patient: Patient) -> None:
    s3 = patient.aws.client("s3")
    s3.delete_object(Bucket=patient.bucket, Key=patient.key)
    s3.delete_bucket(Bucket=patient.bucket)
    finding = the_complaint(patient, "regions", Status.PROBLEM)
    assert finding.seen == f"there is no bucket {patient.bucket}"
    assert finding.command == f"aws s3api head-bucket --bucket {patient.bucket}"


def test_a_bucket_in_another_region_is_a_problem(patient: Patient) -> None:
    s3, elsewhere = boto3.client("s3", region_name="eu-central-1"), f"{patient.name}-elsewhere"
    s3.create_bucket(Bucket=elsewhere, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    block_public_access(s3, elsewhere)
    s3.put_object(Bucket=elsewhere, Key="model.tar.gz", Body=b"weights")
    redeploy(patient, {"ModelDataUrl": f"s3://{elsewhere}/model.tar.gz"})
    finding = the_complaint(patient, "regions", Status.PROBLEM)
    assert finding.seen == f"the bucket {elsewhere} is in eu-central-1, the endpoint in eu-west-1"
    assert the_seen(patient, "objects") == f"s3://{elsewhere}/model.tar.gz is there"


def test_a_url_of_another_kind_is_not_passed_over(patient: Patient) -> None:
    redeploy(patient, {"ModelDataUrl": "https://models.example.com/model.tar.gz"})
    finding = the_complaint(patient, "urls", Status.UNKNOWN)
    assert finding.seen == (
        "https://models.example.com/model.tar.gz is neither s3://, a bucket and a key nor an HTTPS URL of S3"
    )


HTTPS = ["https://s3.eu-west-1.amazonaws.com/{bucket}/{key}", "https://{bucket}.s3.eu-west-1.amazonaws.com/{key}"]


@pytest.mark.parametrize("form", HTTPS, ids=["path", "host"])
def test_data_named_by_https_is_looked_at_as_any_other(patient: Patient, form: str) -> None:
    redeploy(patient, {"ModelDataUrl": form.format(bucket=patient.bucket, key=patient.key)})
    assert patient.complaints("s3") == []
    assert the_seen(patient, "objects") == f"s3://{patient.bucket}/{patient.key} is there"
    assert patient.complaints("role") == []


@pytest.mark.parametrize(
    "host",
    [
        *("s3", "s3.eu-west-1", "s3-eu-west-1", "s3-fips.us-gov-west-1", "s3.dualstack.eu-west-1"),
        "s3-fips.dualstack.us-east-1",
    ],
)
@pytest.mark.parametrize("suffix", limits.DNS_SUFFIXES)
@pytest.mark.parametrize("bucket", ["models", "s3-models", "my.s3.models", "s3.models"])
def test_the_doctor_reads_each_url_that_the_library_accepts_and_reads_the_same(
    bucket: str, suffix: str, host: str
) -> None:
    key = "a b/s3.eu/model-1.tar.gz"
    for url in (
        f"s3://{bucket}/{key}",
        f"https://{host}.{suffix}/{bucket}/{key}",
        f"https://{bucket}.{host}.{suffix}/{key}",
    ):
        model = Model(image="111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/sentiment:1.4", model_data_url=url)
        assert [*model.problems("model")] == []
        place = s3_urls.parse(url)
        assert place
        assert [f"s3://{place.bucket}/{place.key}"] == [*model.places()]
        shell = f"url='{url}'; place={VARIABLES['place']}; echo \"$place\""
        done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True)
        assert done.stdout == f"{bucket}/{key}\n"


def test_a_url_that_is_none_of_s3s_is_none() -> None:
    for url in ("https://models.example.com/m.tar.gz", "https://s3.amazonaws.com.evil.example/models/m", "s3://models"):
        assert s3_urls.parse(url) is None


# The bucket's policy.


def test_a_deny_is_named_by_its_sid(fenced: Patient) -> None:
    set_policy(fenced)
    finding = the_complaint(fenced, "policies", Status.PROBLEM)
    assert finding.seen == f"Fence in the bucket policy of {fenced.bucket} denies {fenced.role} s3:GetObject"
    assert fenced.role in finding.next
    assert finding.command == f"aws s3api get-bucket-policy --bucket {fenced.bucket}"


@pytest.mark.parametrize(
    "statement",
    [
        {"Action": ["s3:List*"]},
        {"NotAction": "s3:GetObject", "Action": None},
        {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "s3:ListBucket"},
        {"Principal": {"AWS": ACCOUNT}, "Action": "S3:listbucket"},
    ],
)
def test_a_deny_of_listing_is_named_too(fenced: Patient, statement: dict[str, object]) -> None:
    set_policy(fenced, **statement)
    finding = the_complaint(fenced, "policies", Status.WARNING)
    assert finding.seen == f"Fence in the bucket policy of {fenced.bucket} denies {fenced.role} s3:ListBucket"
    assert "403 in place of 404" in finding.why


def test_a_deny_of_listing_is_a_problem_for_what_lies_under_a_prefix(patient: Patient) -> None:
    load_from(patient, "sentiment/")
    set_policy(patient, Action="s3:ListBucket")
    assert the_complaint(patient, "policies", Status.PROBLEM).seen.endswith(f"denies {patient.role} s3:ListBucket")


def test_a_deny_of_everybody_hits_the_caller_as_well(fenced: Patient) -> None:
    set_policy(fenced, Principal="*")
    found = {each.check: each.status for each in fenced.complaints("s3")}
    assert found == {
        "s3.policies": Status.PROBLEM,
        "s3.objects": Status.UNKNOWN,
        "s3.encryption": Status.UNKNOWN,
    }


def test_a_deny_without_a_sid_goes_by_its_number(fenced: Patient) -> None:
    set_policy(fenced, Sid=None)
    assert the_complaint(fenced, "policies", Status.PROBLEM).seen.startswith("statement 1 in the bucket policy")


@pytest.mark.parametrize(
    "statement",
    [
        {"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}},
        {"Action": ["s3:PutObject", "s3:DeleteObject"]},
        {"Resource": "arn:aws:s3:::another/*"},
        {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/another"}},
        {"Condition": {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/sentiment-*-execution"}}},
        {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}},
    ],
)
def test_a_statement_that_does_not_hit_the_role_is_harmless(fenced: Patient, statement: dict[str, object]) -> None:
    set_policy(fenced, **statement)
    assert fenced.complaints("s3") == []
    assert the_seen(fenced, "policies") == f"the bucket policy of {fenced.bucket} denies nothing to {fenced.role}"


def test_a_deny_of_everybody_but_others_is_named(fenced: Patient) -> None:
    another = {"AWS": [f"arn:aws:iam::{ACCOUNT}:role/another"]}
    set_policy(fenced, Principal=None, NotPrincipal=another, Action="s3:ListBucket")
    finding = the_complaint(fenced, "policies", Status.WARNING)
    assert finding.seen.endswith(f"s3:ListBucket (NotPrincipal arn:aws:iam::{ACCOUNT}:role/another)")


def test_a_deny_of_everybody_but_the_role_is_harmless(fenced: Patient) -> None:
    excepted = [role_arn(fenced), f"arn:aws:iam::{ACCOUNT}:root"]
    set_policy(fenced, Principal=None, NotPrincipal={"AWS": excepted}, Action="s3:ListBucket")
    assert fenced.complaints("s3") == []


def test_a_deny_from_outside_another_vpc_endpoint_is_named_with_its_condition(fenced: Patient) -> None:
    set_policy(fenced, Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-0123"}})
    finding = the_complaint(fenced, "policies", Status.PROBLEM)
    assert finding.seen.endswith("s3:GetObject (StringNotEquals aws:SourceVpce vpce-0123)")


def test_a_deny_from_outside_the_endpoints_own_vpc_endpoint_is_harmless(fenced: Patient) -> None:
    ec2 = fenced.aws.client("ec2")
    found = ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [fenced.vpc_id]}])["VpcEndpoints"]
    own = next(each["VpcEndpointId"] for each in found if each["VpcEndpointType"] == "Gateway")
    set_policy(fenced, Condition={"StringNotEquals": {"aws:SourceVpce": [own, "vpce-0123"]}})
    assert fenced.complaints("s3") == []
    set_policy(fenced, Condition={"StringNotEquals": {"aws:SourceVpc": fenced.vpc_id}})
    assert fenced.complaints("s3") == []


def test_a_deny_on_a_condition_that_nobody_here_knows_is_a_warning(fenced: Patient) -> None:
    set_policy(fenced, Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}})
    finding = the_complaint(fenced, "policies", Status.WARNING)
    assert finding.seen == (
        f"Fence in the bucket policy of {fenced.bucket} may deny {fenced.role} s3:GetObject "
        "(StringNotEquals aws:PrincipalOrgID o-abcdefghij)"
    )
    assert "hangs on aws:principalorgid" in finding.why.lower()


def test_the_policy_of_another_accounts_bucket_is_for_its_owner_to_read(patient: Patient) -> None:
    role = f"arn:aws:iam::{OTHER_ACCOUNT}:role/any"
    session = patient.aws.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    theirs, name = patient.aws.client("s3", credentials=session), f"{patient.name}-theirs"
    theirs.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    block_public_access(theirs, name)
    theirs.put_object(Bucket=name, Key="model.tar.gz", Body=b"weights")
    redeploy(patient, {"ModelDataUrl": f"s3://{name}/model.tar.gz"})
    with patient.aws.fault("s3:GetPublicAccessBlock", DENIED):  # which is the owner's to see
        finding = the_complaint(patient, "policies", Status.UNKNOWN)
    assert finding.seen == f"the bucket {name} is another account's, which alone can read its policy"
    assert f"the role {patient.role} s3:GetObject on model.tar.gz and s3:ListBucket" in finding.next


# Public access.


def test_no_block_of_public_access_is_a_warning(patient: Patient) -> None:
    patient.aws.client("s3").delete_public_access_block(Bucket=patient.bucket)
    finding = the_complaint(patient, "public_access", Status.WARNING)
    assert finding.seen == (
        f"public access to {patient.bucket} is not blocked altogether: "
        "BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy and RestrictPublicBuckets off"
    )


def test_a_setting_of_the_block_that_is_off_is_named(patient: Patient) -> None:
    s3 = patient.aws.client("s3")
    block = s3.get_public_access_block(Bucket=patient.bucket)["PublicAccessBlockConfiguration"]
    s3.put_public_access_block(
        Bucket=patient.bucket, PublicAccessBlockConfiguration=block | {"BlockPublicPolicy": False}
    )
    assert the_complaint(patient, "public_access", Status.WARNING).seen.endswith(": BlockPublicPolicy off")


# Encryption.


def test_data_under_a_key_that_the_role_may_use_is_well(patient: Patient) -> None:
    encrypt(patient, patient.key_arn)
    assert patient.complaints("s3") == []
    assert the_seen(patient, "encryption") == f"{patient.role} may decrypt {url(patient)} with {patient.key_arn}"


def test_a_disabled_key_is_a_problem(patient: Patient) -> None:
    encrypt(patient, patient.key_arn)
    patient.aws.client("kms").disable_key(KeyId=patient.key_arn.rpartition("/")[2])
    finding = the_complaint(patient, "encryption", Status.PROBLEM)
    assert finding.seen == f"{url(patient)} is encrypted with {patient.key_arn}, which is Disabled"
    assert finding.command == f"aws kms describe-key --key-id {patient.key_arn}"


def test_a_key_on_its_way_out_is_a_problem(patient: Patient) -> None:
    encrypt(patient, patient.key_arn)
    patient.aws.client("kms").schedule_key_deletion(KeyId=patient.key_arn.rpartition("/")[2], PendingWindowInDays=7)
    assert the_complaint(patient, "encryption", Status.PROBLEM).seen.endswith("which is PendingDeletion")


def test_a_key_that_is_gone_is_a_problem(patient: Patient) -> None:
    gone = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012"
    encrypt(patient, gone)
    assert (
        the_complaint(patient, "encryption", Status.PROBLEM).seen
        == f"{url(patient)} is encrypted with {gone}, which is gone"
    )


def test_a_key_that_the_roles_policies_do_not_allow_is_a_problem(patient: Patient) -> None:
    key = new_key(patient)
    encrypt(patient, key)
    finding = the_complaint(patient, "encryption", Status.PROBLEM)
    assert finding.seen == f"{patient.role} may not decrypt {url(patient)} with {key}: none of its policies allows it"
    assert finding.command == f"aws kms get-key-policy --policy-name default --key-id {key}"


def test_a_key_whose_own_policy_leaves_the_role_out_is_a_problem(patient: Patient) -> None:
    admin = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/admin"},
        "Action": "kms:*",
        "Resource": "*",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [admin]})
    patient.aws.client("kms").put_key_policy(KeyId=patient.key_arn, PolicyName="default", Policy=document)
    encrypt(patient, patient.key_arn)
    finding = the_complaint(patient, "encryption", Status.PROBLEM)
    assert finding.seen.startswith(
        f"{patient.role} may not decrypt {url(patient)} with {patient.key_arn}: the key policy"
    )


def test_a_key_whose_policy_may_not_be_read_is_not_taken_for_an_allow(patient: Patient) -> None:
    encrypt(patient, patient.key_arn)
    with patient.aws.fault("kms:GetKeyPolicy", DENIED):
        finding = the_complaint(patient, "encryption", Status.UNKNOWN)
    assert finding.seen.endswith("takes kms:GetKeyPolicy to see")


def test_data_under_a_key_of_another_region_is_not_looked_at(patient: Patient) -> None:
    key = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012"
    encrypt(patient, key)
    assert the_complaint(patient, "encryption", Status.UNKNOWN).seen.endswith("it is of another region")


# What the caller may not see.


def test_an_object_that_the_caller_may_not_see_says_nothing_of_the_role(untouched: Patient) -> None:
    with untouched.aws.fault("s3:HeadObject", FORBIDDEN):
        findings = untouched.findings("s3")
    missing = [each for each in findings if each.status is Status.UNKNOWN]
    assert [each.check for each in missing] == ["s3.objects", "s3.encryption"]
    assert missing[0].seen == (
        f"{url(untouched)}: you are denied to look, which says nothing of the role: "
        "needs s3:GetObject, or s3:ListBucket to see whether it exists"
    )
    assert missing[1].seen == f"{url(untouched)}: needs s3:GetObject"
    assert len(findings) - len(missing) == 4


@pytest.mark.parametrize(
    ("operation", "check", "action"),
    [
        ("s3:GetBucketPolicy", "policies", "s3:GetBucketPolicy"),
        ("s3:GetPublicAccessBlock", "public_access", "s3:GetBucketPublicAccessBlock"),
    ],
)
def test_a_missing_permission_is_named_and_the_rest_is_checked(
    untouched: Patient, operation: str, check: str, action: str
) -> None:
    with untouched.aws.fault(operation, DENIED):
        findings = untouched.findings("s3")
    (missing,) = (each for each in findings if each.status is not Status.OK)
    assert (missing.check, missing.status) == (f"s3.{check}", Status.UNKNOWN)
    assert missing.seen.endswith(f": needs {action}")
    assert len(findings) == 6


def test_a_bucket_that_the_caller_may_not_look_into_still_exists(untouched: Patient) -> None:
    with untouched.aws.fault("s3:HeadBucket", FORBIDDEN):
        (missing,) = untouched.complaints("s3")
    assert (missing.check, missing.status) == ("s3.regions", Status.UNKNOWN)
    assert missing.seen == f"{untouched.bucket} exists, and you may not look into it: needs s3:ListBucket"


def test_a_key_that_the_caller_may_not_describe_is_named_by_permission(patient: Patient) -> None:
    encrypt(patient, patient.key_arn)
    with patient.aws.fault("kms:DescribeKey", DENIED):
        finding = the_complaint(patient, "encryption", Status.UNKNOWN)
    assert finding.seen == f"{url(patient)}: needs kms:DescribeKey"


@pytest.fixture
def policy(untouched: Patient) -> Iterator[Callable[..., None]]:
    """Set the policy of the VPC endpoint for S3, for the time of a test."""
    ec2, endpoint = untouched.aws.client("ec2"), _vpc_endpoint(untouched)

    def set_to(**statement: object) -> None:
        document = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", **statement}]}
        ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, PolicyDocument=json.dumps(document))

    yield set_to
    set_to(Resource="*")


def test_a_vpc_endpoint_that_lets_the_data_through_is_told(untouched: Patient, policy: Callable[..., None]) -> None:
    policy(Resource=[f"arn:aws:s3:::{untouched.bucket}", f"arn:aws:s3:::{untouched.bucket}/*"])
    assert the_seen(untouched, "endpoint_policies").endswith(f" lets {url(untouched)} through")


def test_a_vpc_endpoint_whose_policy_leaves_the_bucket_out_is_a_problem(
    untouched: Patient, policy: Callable[..., None]
) -> None:
    policy(Resource="arn:aws:s3:::another/*")
    finding = the_complaint(untouched, "endpoint_policies", Status.PROBLEM)
    assert finding.seen.endswith(f"does not let {url(untouched)} through: s3:GetObject is allowed by nothing")


def test_a_policy_of_a_vpc_endpoint_that_hangs_on_what_nobody_knows_is_said(
    untouched: Patient, policy: Callable[..., None]
) -> None:
    policy(Resource="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})
    assert "hangs on aws:PrincipalOrgID" in the_complaint(untouched, "endpoint_policies", Status.UNKNOWN).seen
