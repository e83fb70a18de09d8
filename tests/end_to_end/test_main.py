"""main.py's stack: applied, used, changed in each way, and destroyed."""

import json
from pathlib import Path

import pytest

from tests.demo.doctor import examine
from tests.demo.inventory import keys_pending_deletion
from tests.demo.stage import furnish, image, variables
from tests.embedded_aws import EmbeddedAws
from tests.toolchain import Project

from . import runbook
from .caller import is_denied, role_with
from .checkov import Remark, failures
from .deployment import Deployment, environment
from .interfaces import marks, take_marks_off
from .order import assert_in_order, assert_updated_in_place
from .policies import s3_access

pytestmark = pytest.mark.end_to_end

BUCKET, KEY = "models", "sentiment/model.tar.gz"
MODEL_DATA_URL = f"s3://{BUCKET}/{KEY}"


@pytest.fixture(scope="module")
def deployment(aws: EmbeddedAws, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    project = Project(directory=tmp_path_factory.mktemp("main"), environment=environment(aws))
    inputs = variables(aws.client("ec2"), region=aws.region)
    furnish(aws, inputs)
    inputs["model_data_url"] = None
    deployment = Deployment(aws=aws, project=project, stack="sagemaker-endpoint", inputs=inputs)
    deployment.start()
    deployment.apply()
    return deployment


def test_the_stack_is_valid_and_a_second_plan_is_empty(deployment: Deployment) -> None:
    assert deployment.terraform.validate() == ()
    assert deployment.terraform.plan().is_empty


def test_the_runbook_is_printed_on_request_and_by_no_plan_or_apply(deployment: Deployment) -> None:
    heading = f"# Runbook of the SageMaker endpoint {deployment.inputs['endpoint_name']} in "
    assert heading in deployment.terraform.outputs()["runbook"]
    assert deployment.terraform.raw_output("runbook").startswith(heading)
    changed = deployment.terraform.with_variables(environment={"LOG_LEVEL": "warning"}).plan()
    assert "runbook" in changed.outputs
    for said in (changed.text, deployment.apply().text):
        assert "runbook" in said
        assert "# Runbook" not in said
        assert "aws sagemaker describe-endpoint" not in said


def test_the_interfaces_are_deleted_along_with_what_they_are_attached_to(deployment: Deployment) -> None:
    group = deployment.terraform.outputs()["security_group_id"]
    assert marks(deployment.aws, group) == [True, True]


def test_a_role_with_the_invoke_policy_can_invoke_the_endpoint_and_do_nothing_else(deployment: Deployment) -> None:
    aws, name = deployment.aws, deployment.inputs["endpoint_name"]
    policy = deployment.terraform.outputs()["invoke_policy_arn"]
    with role_with(aws, policy) as client, aws.enforce_iam():
        runtime = client("sagemaker-runtime")
        answer = runtime.invoke_endpoint(EndpointName=name, Body=b"{}")
        assert json.load(answer["Body"])["images"] == [deployment.inputs["image"]]
        stream = runtime.invoke_endpoint_with_response_stream(EndpointName=name, Body=b"{}")
        assert list(stream["Body"])
        assert is_denied(runtime.invoke_endpoint_async, EndpointName=name, InputLocation=MODEL_DATA_URL)

        assert is_denied(runtime.invoke_endpoint, EndpointName="other", Body=b"{}")
        assert is_denied(runtime.invoke_endpoint_with_response_stream, EndpointName="other", Body=b"{}")
        assert is_denied(client("sagemaker").describe_endpoint, EndpointName=name)
        assert is_denied(client("sagemaker").delete_endpoint, EndpointName=name)
        assert is_denied(client("s3").list_buckets)
        assert is_denied(client("ec2").describe_network_interfaces)
        assert is_denied(client("iam").list_roles)


def test_checkov_finds_nothing_but_what_the_code_owns_up_to(deployment: Deployment) -> None:
    failed, remarks = failures(deployment.terraform.directory), Remark.all()
    assert [failure for failure in failed if not any(remark.is_about(failure) for remark in remarks)] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("image", image("eu-west-1", "2.0")),
        ("environment", {"LOG_LEVEL": "debug", "OPTIONS": '{"top": 5}'}),
        ("instance_type", "ml.g5.xlarge"),
    ],
    ids=["image", "environment", "instance type"],
)
def test_a_change_reaches_the_endpoint_in_place(deployment: Deployment, name: str, value: object) -> None:
    calls = deployment.change(**{name: value})
    assert_updated_in_place(calls)
    live = deployment.live()
    assert live.status == "InService"
    assert getattr(live.variants["AllTraffic"], name) == value
    assert marks(deployment.aws, deployment.terraform.outputs()["security_group_id"]) == [True, True]
    assert deployment.terraform.plan().is_empty


def test_volumes_are_encrypted_unless_the_instance_type_refuses_a_key(deployment: Deployment) -> None:
    deployment.change(instance_type="ml.g5.xlarge")
    assert deployment.live().kms_key_arn is None
    deployment.change(instance_type="ml.m5.xlarge")
    assert deployment.live().kms_key_arn == deployment.terraform.outputs()["kms_key_arn"]


def test_the_role_reads_the_model_data_that_is_stated_and_none_otherwise(deployment: Deployment) -> None:
    deployment.change(model_data_url=None)
    role = deployment.terraform.outputs()["execution_role_arn"]
    assert s3_access(deployment.aws, role) == {}

    assert_updated_in_place(deployment.change(model_data_url=MODEL_DATA_URL))
    assert deployment.live().variants["AllTraffic"].model_data_url == MODEL_DATA_URL
    assert s3_access(deployment.aws, role) == {
        "s3:GetObject": [f"arn:aws:s3:::{BUCKET}/{KEY}"],
        "s3:ListBucket": [f"arn:aws:s3:::{BUCKET} {KEY}"],
    }
    assert deployment.terraform.plan().is_empty


def test_the_doctor_finds_nothing_wrong(deployment: Deployment) -> None:
    deployment.change(model_data_url=MODEL_DATA_URL)
    assert " ok, 0 warnings, 0 problems, 0 could not check. Exit code 0: " in examine(deployment.terraform)


def test_every_command_of_the_runbook_answers(deployment: Deployment, tmp_path: Path) -> None:
    deployment.change(model_data_url=MODEL_DATA_URL)
    outputs = deployment.terraform.outputs()
    deployment.aws.client("s3").put_bucket_policy(Bucket=BUCKET, Policy='{"Version": "2012-10-17", "Statement": []}')

    answer = runbook.answers(deployment.aws, outputs["runbook"], tmp_path)
    assert answer["EndpointStatus"] == "InService"
    assert len(answer["NetworkInterfaces"]) == 2
    assert [group["logGroupName"] for group in answer["logGroups"]] == [outputs["log_group_name"]]
    assert {stream["logStreamName"].split("/")[0] for stream in answer["logStreams"]} == {"AllTraffic"}
    assert answer["PrimaryContainer"]["Image"] == deployment.inputs["image"]
    assert len(answer["AttachedPolicies"]) == 2
    assert answer["Role"]["Arn"] == outputs["execution_role_arn"]
    assert answer["ContentLength"] == len(b"weights")
    assert answer["Policy"]


def test_the_runbooks_page_sets_its_variables_in_terraforms_folder(deployment: Deployment) -> None:
    deployment.change(model_data_url=MODEL_DATA_URL)
    outputs = deployment.terraform.outputs()
    found = runbook.variables(deployment.aws, deployment.terraform.directory)
    assert found.pop("data_key") == "None"  # encrypted with no key of KMS
    assert all(value and "None" not in value for value in found.values()), found
    assert {name: found[name] for name in ("configuration", "bucket", "key", "image")} == {
        "configuration": outputs["endpoint_config_name"],
        "bucket": BUCKET,
        "key": KEY,
        "image": deployment.inputs["image"],
    }


def test_a_renamed_endpoint_is_another_and_nothing_of_the_old_one_stays(deployment: Deployment) -> None:
    aws, old = deployment.aws, deployment.inputs["endpoint_name"]
    take_marks_off(aws, deployment.terraform.outputs()["security_group_id"])
    calls = deployment.change(endpoint_name=f"re{old}")
    assert_in_order(calls, "DeleteEndpoint", {"DeleteNetworkInterface", "CreateEndpoint"})
    assert_in_order(calls, "DeleteNetworkInterface", "DeleteSecurityGroup")
    assert deployment.live().status == "InService"
    assert [name for name in deployment.left() if f" {old}" in name or f"/{old}" in name] == []
    assert deployment.terraform.plan().is_empty


def test_a_destroy_leaves_nothing_and_goes_in_the_right_order(deployment: Deployment) -> None:
    outputs = deployment.terraform.outputs()
    take_marks_off(deployment.aws, outputs["security_group_id"])
    calls = deployment.destroy()
    assert deployment.left() == set()
    assert outputs["kms_key_arn"].rpartition("/")[2] in keys_pending_deletion(deployment.aws.client)
    interfaces_gone = ("DeleteEndpoint", "DeleteNetworkInterface")
    assert_in_order(calls, *interfaces_gone, {"DetachRolePolicy", "RevokeSecurityGroupEgress", "DeleteLogGroup"})
    assert_in_order(calls, *interfaces_gone, "DetachRolePolicy", "DeleteRole")
    assert_in_order(calls, *interfaces_gone, "RevokeSecurityGroupEgress", "DeleteSecurityGroup")
    assert_in_order(calls, "DeleteEndpoint", "DeleteEndpointConfig", "DeleteModel", "DetachRolePolicy")
    assert_in_order(calls, "DeleteEndpoint", "DeleteLogGroup", "ScheduleKeyDeletion")
