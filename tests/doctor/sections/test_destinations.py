"""Where an endpoint writes: buckets, keys and topics, and what its role needs for them."""

import json
from typing import Any, Literal

from sagemaker_endpoint_doctor.examination.finding import Finding, Status

import boto3
import pytest

from tests.doctor.kinds import INSTANCES, allow, asynchronous, replace_endpoint
from tests.doctor.patient import Patient
from tests.embedded_aws.fault import DENIED


@pytest.fixture
def topic(patient: Patient) -> str:
    return str(patient.aws.client("sns").create_topic(Name=f"{patient.name}-answers")["TopicArn"])


def new_key(patient: Patient) -> str:
    return str(patient.aws.client("kms").create_key()["KeyMetadata"]["Arn"])


def new_bucket(patient: Patient, region: Literal["eu-west-1", "eu-central-1"]) -> str:
    name = f"{patient.name}-{region}"
    s3 = boto3.client("s3", region_name=region)
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    return name


def captured(bucket: str, **settings: object) -> dict[str, Any]:
    return {
        "DataCaptureConfig": {
            "EnableCapture": True,
            "InitialSamplingPercentage": 100,
            "DestinationS3Uri": f"s3://{bucket}/capture",
            "CaptureOptions": [{"CaptureMode": "Input"}],
            **settings,
        }
    }


def notified(patient: Patient, topic: str) -> dict[str, Any]:
    configuration = asynchronous(patient)
    told = {"SuccessTopic": topic, "ErrorTopic": topic}
    configuration["AsyncInferenceConfig"]["OutputConfig"]["NotificationConfig"] = told
    return configuration


def let_write(patient: Patient, bucket: str, *others: tuple[list[str], str]) -> None:
    allow(patient, "destinations", (["s3:PutObject"], f"arn:aws:s3:::{bucket}/*"), *others)


def told(patient: Patient, section: str) -> list[tuple[str, Status, str]]:
    return [(each.check, each.status, each.seen) for each in patient.complaints(section)]


def seen(patient: Patient, check: str) -> list[str]:
    return [each.seen for each in patient.findings(check.partition(".")[0]) if each.check == check]


# Buckets and keys.


def test_an_endpoint_that_writes_nowhere_is_told_nothing_of_it(patient: Patient) -> None:
    checks = {each.check for section in ("s3", "endpoint") for each in patient.findings(section)}
    assert checks.isdisjoint({"s3.written_buckets", "s3.written_keys", "endpoint.topics"})


def test_answers_and_failures_that_have_a_bucket_and_a_key_are_well(patient: Patient) -> None:
    failures = {"S3FailurePath": f"s3://{patient.bucket}/failures/", "KmsKeyId": patient.key_arn}
    replace_endpoint(patient, **asynchronous(patient, **failures))
    let_write(patient, patient.bucket)
    assert [*told(patient, "s3"), *told(patient, "role")] == []
    what = "asynchronous answers and asynchronous failures"
    assert seen(patient, "s3.written_buckets") == [
        f"the bucket {patient.bucket}, to which {what} are written, exists, in eu-west-1"
    ]
    assert seen(patient, "s3.written_keys") == [f"{what} are encrypted with {patient.key_arn}, which is enabled"]


def test_a_bucket_for_captured_data_that_is_not_there_is_a_problem(patient: Patient) -> None:
    replace_endpoint(patient, **captured(f"{patient.name}-gone"))
    what = "captured requests and answers"
    assert told(patient, "s3") == [
        ("s3.written_buckets", Status.PROBLEM, f"there is no bucket {patient.name}-gone, to which {what} are written")
    ]


def test_a_bucket_that_is_written_to_in_another_region_is_a_warning(patient: Patient) -> None:
    bucket = new_bucket(patient, "eu-central-1")
    replace_endpoint(patient, variant={**INSTANCES, "CoreDumpConfig": {"DestinationS3Uri": f"s3://{bucket}/dumps"}})
    seen = f"the bucket {bucket}, to which core dumps are written, is in eu-central-1, the endpoint in eu-west-1"
    assert told(patient, "s3") == [("s3.written_buckets", Status.WARNING, seen)]


def test_a_bucket_that_the_caller_may_not_look_into_exists(patient: Patient) -> None:
    bucket = new_bucket(patient, "eu-west-1")
    replace_endpoint(patient, **captured(bucket))
    with patient.aws.fault("s3:HeadBucket", DENIED):
        (found,) = seen(patient, "s3.written_buckets")
    assert found.startswith(f"the bucket {bucket}, to which captured requests and answers are written, exists")


def test_a_key_that_is_disabled_is_a_problem(patient: Patient) -> None:
    key = new_key(patient)
    replace_endpoint(patient, **captured(patient.bucket, KmsKeyId=key))
    patient.aws.client("kms").disable_key(KeyId=key.rpartition("/")[2])
    (finding,) = patient.complaints("s3")
    assert (finding.check, finding.status) == ("s3.written_keys", Status.PROBLEM)
    assert finding.seen == f"captured requests and answers are encrypted with {key}, which is Disabled"
    assert finding.command == f"aws kms describe-key --key-id {key}"


def test_a_key_that_is_to_be_deleted_is_a_problem(patient: Patient) -> None:
    key = new_key(patient)
    replace_endpoint(patient, **captured(patient.bucket, KmsKeyId=key))
    patient.aws.client("kms").schedule_key_deletion(KeyId=key.rpartition("/")[2], PendingWindowInDays=7)
    (finding,) = patient.complaints("s3")
    assert "which is PendingDeletion: it will be deleted on 20" in finding.seen


# Topics.


def test_a_topic_that_is_there_is_well(patient: Patient, topic: str) -> None:
    replace_endpoint(patient, **notified(patient, topic))
    let_write(patient, patient.bucket, (["sns:Publish"], topic))
    assert [*told(patient, "endpoint"), *told(patient, "role")] == []
    assert seen(patient, "endpoint.topics") == [f"the topic {topic} is there"]


def test_a_topic_that_is_gone_is_a_problem(patient: Patient, topic: str) -> None:
    replace_endpoint(patient, **notified(patient, topic))
    patient.aws.client("sns").delete_topic(TopicArn=topic)
    (finding,) = patient.complaints("endpoint")
    assert (finding.check, finding.status) == ("endpoint.topics", Status.PROBLEM)
    assert finding.seen == f"there is no topic {topic}"
    assert finding.command == f"aws sns get-topic-attributes --topic-arn {topic}"


def test_a_topic_that_may_not_be_looked_at_is_named_by_permission(patient: Patient, topic: str) -> None:
    replace_endpoint(patient, **notified(patient, topic))
    let_write(patient, patient.bucket, (["sns:Publish"], topic))
    with patient.aws.fault("sns:GetTopicAttributes", DENIED):
        assert told(patient, "endpoint") == [("endpoint.topics", Status.UNKNOWN, "needs sns:GetTopicAttributes")]
        assert told(patient, "role") == []


def test_a_topic_whose_policy_denies_the_role_is_a_problem(patient: Patient, topic: str) -> None:
    replace_endpoint(patient, **notified(patient, topic))
    let_write(patient, patient.bucket, (["sns:Publish"], topic))
    statement = {"Sid": "Nobody", "Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": topic}
    patient.aws.client("sns").set_topic_attributes(
        TopicArn=topic,
        AttributeName="Policy",
        AttributeValue=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    (finding,) = patient.complaints("role")
    assert (finding.check, finding.status) == ("role.actions", Status.PROBLEM)
    assert f"may not sns:Publish on {topic}: the policy of the topic " in finding.seen


def test_a_topic_whose_key_is_disabled_is_a_problem(patient: Patient, topic: str) -> None:
    key = new_key(patient)
    encrypt(patient, topic, key)
    replace_endpoint(patient, **notified(patient, topic))
    patient.aws.client("kms").disable_key(KeyId=key.rpartition("/")[2])
    (finding,) = patient.complaints("endpoint")
    assert (finding.check, finding.status) == ("endpoint.topics", Status.PROBLEM)
    assert finding.seen == f"the topic {topic} is encrypted with {key}, which is Disabled"


def encrypt(patient: Patient, topic: str, key: str) -> None:
    sns = patient.aws.client("sns")
    sns.set_topic_attributes(TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue=key)


# What the role needs.


def lacking(patient: Patient) -> list[Finding]:
    found = patient.complaints("role")
    assert {each.check for each in found} <= {"role.actions"}
    return found


def test_a_role_that_may_not_publish_to_a_topic_with_its_key_is_a_problem(patient: Patient, topic: str) -> None:
    key = new_key(patient)
    encrypt(patient, topic, key)
    replace_endpoint(patient, **notified(patient, topic))
    let_write(patient, patient.bucket)
    publish, encryption = lacking(patient)
    assert {publish.status, encryption.status} == {Status.PROBLEM}
    assert publish.seen.startswith(f"{patient.role} may not sns:Publish on {topic}")
    assert encryption.seen.startswith(f"{patient.role} may not kms:Decrypt and kms:GenerateDataKey on {key}")
    uses = (["kms:Decrypt", "kms:GenerateDataKey*"], key)
    let_write(patient, patient.bucket, (["sns:Publish"], topic), uses)
    assert lacking(patient) == []


def test_a_role_that_may_not_use_the_key_of_what_is_written_is_a_problem(patient: Patient) -> None:
    key = new_key(patient)
    replace_endpoint(patient, **captured(patient.bucket, KmsKeyId=key))
    let_write(patient, patient.bucket)
    (finding,) = lacking(patient)
    assert finding.status is Status.PROBLEM
    assert finding.seen.startswith(f"{patient.role} may not kms:Decrypt and kms:GenerateDataKey on {key}")


def test_a_role_that_may_not_write_core_dumps_is_a_problem(patient: Patient) -> None:
    dump = {"DestinationS3Uri": f"s3://{patient.bucket}/dumps", "KmsKeyId": patient.key_arn}
    replace_endpoint(patient, variant={**INSTANCES, "CoreDumpConfig": dump})
    write, encrypt_ = lacking(patient)
    assert (write.status, write.why) == (Status.PROBLEM, "Without it core dumps are lost.")
    assert write.seen.startswith(f"{patient.role} may not s3:PutObject on arn:aws:s3:::{patient.bucket}/dumps/*")
    assert encrypt_.status is Status.WARNING
    assert encrypt_.seen.startswith(f"{patient.role} may not kms:Encrypt on {patient.key_arn}")
    let_write(patient, patient.bucket, (["kms:Encrypt"], patient.key_arn))
    assert lacking(patient) == []


def test_a_key_of_awss_own_needs_nothing_of_the_role(patient: Patient) -> None:
    replace_endpoint(patient, **captured(patient.bucket, KmsKeyId="alias/aws/s3"))
    let_write(patient, patient.bucket)
    assert lacking(patient) == []


def test_a_role_that_may_open_no_shell_is_a_warning(patient: Patient) -> None:
    replace_endpoint(patient, variant={**INSTANCES, "EnableSSMAccess": True})
    (finding,) = lacking(patient)
    assert (finding.status, finding.why) == (Status.WARNING, "Without it no shell can be opened in the containers.")
    allow(patient, "shells", (["ssmmessages:*"], "*"))
    assert lacking(patient) == []


# The capture itself.


def test_a_capture_that_goes_on_is_well(patient: Patient) -> None:
    replace_endpoint(patient, **captured(patient.bucket))
    assert seen(patient, "endpoint.capture") == [f"captures 100 % of requests in s3://{patient.bucket}/capture"]


def test_a_capture_that_has_stopped_is_a_warning(patient: Patient) -> None:
    replace_endpoint(patient, **captured(patient.bucket))

    def change(parsed: dict[str, Any], **_: object) -> None:
        parsed["DataCaptureConfig"]["CaptureStatus"] = "Stopped"

    events = patient.subject().aws.sagemaker.meta.events
    events.register("after-call.sagemaker.DescribeEndpoint", change)
    try:
        assert told(patient, "endpoint") == [
            ("endpoint.capture", Status.WARNING, "its capture of requests is wanted, and stopped")
        ]
    finally:
        events.unregister("after-call.sagemaker.DescribeEndpoint", change)


def test_a_capture_that_is_turned_off_is_not_missed(patient: Patient) -> None:
    replace_endpoint(patient, **captured(patient.bucket, EnableCapture=False))
    assert seen(patient, "endpoint.capture") == []
    assert told(patient, "role") == []
