"""Serverless endpoints: no instances, no network, and nothing of either is missed."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from sagemaker_endpoint_doctor.examination.finding import Status

import pytest

from tests.account import ACCOUNT
from tests.doctor.kinds import SERVERLESS, allow, arn, replace_endpoint
from tests.doctor.patient import Patient


@pytest.fixture
def serverless(patient: Patient) -> Patient:
    replace_endpoint(patient, variant=SERVERLESS)
    return patient


@pytest.mark.parametrize("section", ["endpoint", "interfaces", "logs", "model", "role", "s3"])
def test_one_that_is_well_is_well_in_every_section(serverless: Patient, section: str) -> None:
    assert serverless.complaints(section) == []


def test_it_has_no_network_to_look_at(serverless: Patient) -> None:
    assert [(each.status, each.seen) for each in serverless.findings("interfaces")] == [
        (Status.OK, "a serverless endpoint stands in no VPC of yours: it has no network interfaces to look at")
    ]


def test_a_group_that_an_endpoint_before_it_left_is_looked_at_all_the_same(serverless: Patient) -> None:
    names = replace(serverless.names, security_group_id=serverless.security_group_id)
    seen = [each.seen for each in serverless.findings("interfaces", serverless.subject(names=names))]
    assert f"no orphaned network interface in {serverless.security_group_id}" in seen


def test_its_role_needs_neither_the_network_nor_a_volume(serverless: Patient) -> None:
    runtime = f"arn:aws:iam::{ACCOUNT}:policy/{serverless.name}-runtime"
    serverless.aws.client("iam").detach_role_policy(RoleName=serverless.role, PolicyArn=runtime)
    group = arn(serverless, "logs", f"log-group:{serverless.log_group_name}:*")
    allow(serverless, "runtime", (["logs:*"], group), (["cloudwatch:PutMetricData"], "*"))
    assert serverless.complaints("role") == []


def test_no_line_in_its_logs_is_well_while_nobody_calls_it(serverless: Patient) -> None:
    logs = serverless.aws.client("logs")
    for stream in logs.describe_log_streams(logGroupName=serverless.log_group_name)["logStreams"]:
        logs.delete_log_stream(logGroupName=serverless.log_group_name, logStreamName=stream["logStreamName"])
    assert serverless.complaints("logs") == []
    assert "no line was ever written; it is serverless and nobody called it: a container runs while requests come" in [
        each.seen for each in serverless.findings("logs")
    ]
    called(serverless)
    (finding,) = serverless.complaints("logs")
    assert (finding.check, finding.status) == ("logs.last_event", Status.WARNING)
    assert finding.seen == f"no container has ever written to {serverless.log_group_name}"


def test_logs_that_have_been_quiet_for_days_are_well_while_nobody_calls_it(serverless: Patient) -> None:
    later = datetime.now(timezone.utc) + timedelta(days=3)
    assert serverless.complaints("logs", serverless.subject(now=later)) == []


def called(patient: Patient) -> None:
    """Publish that somebody called it."""
    dimensions = [{"Name": "EndpointName", "Value": patient.name}, {"Name": "VariantName", "Value": "AllTraffic"}]
    patient.aws.client("cloudwatch").put_metric_data(
        Namespace="AWS/SageMaker",
        MetricData=[
            {
                "MetricName": "Invocations",
                "Dimensions": dimensions,
                "Value": 1,
                "Timestamp": datetime.now(timezone.utc) - timedelta(minutes=2),
            }
        ],
    )


def test_the_key_of_the_copy_of_its_image_is_looked_at(patient: Patient) -> None:
    replace_endpoint(patient, variant=SERVERLESS, KmsKeyId=patient.key_arn)
    copy = f"the copy of the image of AllTraffic is encrypted with {patient.key_arn}, which is"
    assert patient.complaints("model") == []
    assert f"{copy} enabled" in [each.seen for each in patient.findings("model")]
    patient.aws.client("kms").disable_key(KeyId=patient.key_arn.rpartition("/")[2])
    (finding,) = patient.complaints("model")
    assert (finding.check, finding.status, finding.seen) == ("model.volume_key", Status.PROBLEM, f"{copy} Disabled")
