"""Nothing is ever changed: neither the operations that may be called, nor those that are, write anything."""

import ast
import inspect
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import sagemaker_endpoint_doctor
import sagemaker_endpoint_runbook
from sagemaker_endpoint_doctor.aws.client import Aws
from sagemaker_endpoint_doctor.aws.errors import WritingCallError
from sagemaker_endpoint_doctor.aws.reads import READS
from sagemaker_endpoint_doctor.command_line.cli import main
from sagemaker_endpoint_doctor.facts import images
from sagemaker_endpoint_doctor.inputs import caller, terraform

import pytest
from botocore import xform_name

from tests.doctor.kinds import arn, replace_endpoint
from tests.doctor.patient import Patient
from tests.embedded_aws import EmbeddedAws

REPOSITORY = Path(__file__).resolve().parents[3]
DOCUMENTED = (REPOSITORY / "docs" / "doctor.md").read_text(encoding="utf-8")
PACKAGES = [Path(package.__path__[0]) for package in (sagemaker_endpoint_doctor, sagemaker_endpoint_runbook)]
MODULES = {path: ast.parse(path.read_text()) for package in PACKAGES for path in package.rglob("*.py")}
READING = re.compile(r"(Describe|Get|List|Head|Filter|BatchGet|Simulate)[A-Z]")
REGIONAL = {"ecr", "s3", "sns"}  # their clients take a region


def client(aws: Aws, service: str) -> Any:  # noqa: ANN401 - boto3 makes its classes at run time
    """Give the client with which the checks call a service."""
    found = getattr(aws, service.replace("-", "_"))
    return found("eu-west-1") if service in REGIONAL else found


# What may be called.


@pytest.mark.parametrize("service", READS)
def test_the_operations_and_their_permissions_only_read(service: str) -> None:
    for operation, action in READS[service].items():
        assert READING.match(operation), operation
        assert action == "" or READING.match(action.partition(":")[2]), action


@pytest.mark.parametrize("service", READS)
def test_every_other_operation_is_refused_before_it_leaves(patient: Patient, service: str) -> None:
    found = client(Aws(region="eu-west-1"), service)
    operations = set(found.meta.service_model.operation_names)
    assert set(READS[service]) <= operations
    patient.aws.reset_calls()
    for operation in operations - set(READS[service]):
        with pytest.raises(WritingCallError, match=f"{service}:{operation} "):
            getattr(found, xform_name(operation))()
    assert patient.aws.calls() == []


@pytest.mark.parametrize(
    ("service", "call", "parameters"),
    [
        ("sagemaker", "delete_endpoint", {"EndpointName": "sentiment"}),
        ("s3", "upload_fileobj", {"Bucket": "models", "Key": "model.tar.gz"}),
    ],
)
def test_a_writing_call_with_all_it_needs_is_refused_too(
    patient: Patient, service: str, call: str, parameters: dict[str, Any]
) -> None:
    if call == "upload_fileobj":
        parameters = {**parameters, "Fileobj": (REPOSITORY / "README.md").open("rb")}
    patient.aws.reset_calls()
    with pytest.raises(WritingCallError):
        getattr(client(Aws(region="eu-west-1"), service), call)(**parameters)
    assert patient.aws.calls() == []


# What is called.

READABLE = {(service, operation) for service, operations in READS.items() for operation in operations}


def called(patient: Patient, *arguments: str) -> set[tuple[str, str]]:
    """Examine everything, and give the services and operations that AWS was asked for."""
    patient.aws.reset_calls()
    main(["doctor", "--endpoint-name", patient.name, *arguments])
    return {(call.service, call.action) for call in patient.aws.calls()}


OF_SOME_KINDS = {"lambda", "sns"}
"""Services that only some kinds of endpoints need."""


def test_a_healthy_endpoint_is_only_read(patient: Patient) -> None:
    calls = called(patient)
    assert {service for service, _ in calls} == set(READS) - OF_SOME_KINDS, "every section went to AWS"
    assert calls <= READABLE


def replace_by_other_kinds(patient: Patient) -> None:
    """Put an endpoint in its place that has what takes further calls: a package, a private registry and topics."""
    package, provider = (
        arn(patient, "sagemaker", "model-package/team/7"),
        arn(patient, "lambda", "function:credentials"),
    )
    registry = {"RepositoryAccessMode": "Vpc", "RepositoryAuthConfig": {"RepositoryCredentialsProviderArn": provider}}
    told = {"SuccessTopic": arn(patient, "sns", "answers"), "ErrorTopic": arn(patient, "sns", "errors")}
    output = {"S3OutputPath": f"s3://{patient.bucket}/answers", "NotificationConfig": told}
    replace_endpoint(
        patient,
        [{"ModelPackageName": package}, {"Image": "registry.example.com/sentiment:1", "ImageConfig": registry}],
        AsyncInferenceConfig={"OutputConfig": output},
    )


def test_an_endpoint_of_another_kind_is_only_read(patient: Patient) -> None:
    replace_by_other_kinds(patient)
    calls = called(patient)
    assert {service for service, _ in calls} >= OF_SOME_KINDS
    assert calls <= READABLE


OF_OPERATION = {
    ("application-autoscaling", "DescribeScalingActivities"),
    ("application-autoscaling", "DescribeScalingPolicies"),
    ("application-autoscaling", "DescribeScheduledActions"),
    ("cloudwatch", "DescribeAlarmHistory"),
}
"""Operations that only endpoints that scale, or whose updates alarms take back, need."""


def scale_and_roll_back(patient: Patient) -> None:
    """Register its variant for scaling; then let an update fail while one of its alarms rings."""
    target = {"ServiceNamespace": "sagemaker", "ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}
    patient.aws.client("application-autoscaling").register_scalable_target(
        **target, ResourceId=f"endpoint/{patient.name}/variant/AllTraffic", MinCapacity=1, MaxCapacity=4
    )
    cloudwatch, sagemaker = patient.aws.client("cloudwatch"), patient.aws.client("sagemaker")
    metric = {"Namespace": "shop", "MetricName": "orders", "Statistic": "Sum", "Period": 60}
    alarm = {"AlarmName": f"{patient.name}/orders", "ComparisonOperator": "LessThanThreshold", "Threshold": 1}
    cloudwatch.put_metric_alarm(EvaluationPeriods=1, **metric, **alarm)
    routing = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}
    deployment = {
        "BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing},
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": alarm["AlarmName"]}]},
    }
    same = {"EndpointName": patient.name, "EndpointConfigName": patient.configuration}
    sagemaker.update_endpoint(**same, DeploymentConfig=deployment)
    patient.aws.advance(60)
    for state in ("ALARM", "OK"):
        cloudwatch.set_alarm_state(AlarmName=alarm["AlarmName"], StateValue=state, StateReason="orders")
    with patient.aws.fail_deployments("Request to service failed."):
        sagemaker.update_endpoint(**same, DeploymentConfig=deployment)
    patient.aws.advance(60)


def test_an_endpoint_that_scales_and_was_rolled_back_is_only_read(patient: Patient) -> None:
    assert not called(patient) & OF_OPERATION
    scale_and_roll_back(patient)
    calls = called(patient)
    assert calls >= OF_OPERATION
    assert calls <= READABLE


def test_a_broken_endpoint_is_only_read(patient: Patient) -> None:
    aws = patient.aws
    aws.client("s3").delete_object(Bucket=patient.bucket, Key=patient.key)
    aws.client("kms").disable_key(KeyId=patient.key_arn.rpartition("/")[2])
    aws.client("ecr").batch_delete_image(repositoryName=patient.repository, imageIds=[{"imageTag": "1.4"}])
    aws.client("logs").delete_log_group(logGroupName=patient.log_group_name)
    iam = aws.client("iam")
    for policy in iam.list_attached_role_policies(RoleName=patient.role)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=patient.role, PolicyArn=policy["PolicyArn"])
    assert called(patient) <= READABLE


def test_what_an_endpoint_left_behind_is_only_read(patient: Patient) -> None:
    patient.aws.client("sagemaker").delete_endpoint(EndpointName=patient.name)
    patient.aws.advance(60)
    assert called(patient, "--security-group-id", patient.security_group_id) <= READABLE


# What else could change something.


WAYS_OUT = {
    "aws/client.py": {"boto3"},
    "inputs/caller.py": {"boto3"},  # for the profile's region; makes no client
    "inputs/terraform.py": {"subprocess"},
    "facts/images.py": {"urllib.request"},  # for what ECR gives a URL of
}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module or ''}.{alias.name}".lstrip(".") for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_module_has_a_way_out_but_those_that_are_looked_at_here(path: Path) -> None:
    names = set(imported(MODULES[path]))
    ways = {"boto3", "botocore.session", "subprocess", "socket", "urllib.request", "http.client", "shutil", "tempfile"}
    assert names & ways == WAYS_OUT.get(f"{path.parent.name}/{path.name}", set())
    used = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(MODULES[path])
        if isinstance(node, ast.Attribute | ast.Name)
    }
    assert not used & {"open", "write_text", "write_bytes", "unlink", "system", "popen", "execv", "eval", "exec"}
    assert not {name for name in names if name.split(".")[0] in {"sagemaker_endpoint", "cdktf", "constructs"}}


def calls_of(module: ModuleType, name: str) -> list[ast.Call]:
    """Give a module's calls of what stands behind a name that it imports."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Call)]
    return [call for call in calls if ast.unparse(call.func).startswith(f"{name}.")]


def test_terraform_is_only_asked_for_its_outputs() -> None:
    (run,) = calls_of(terraform, "subprocess")
    assert ast.unparse(run.func) == "subprocess.run"
    assert ast.unparse(run.args[0]) == "['terraform', f'-chdir={directory}', 'output', '-json', '-no-color']"


def test_from_a_url_there_is_only_reading() -> None:
    (load,) = calls_of(images, "urllib.request")
    assert ast.unparse(load.func) == "urllib.request.urlopen"
    assert ([ast.unparse(each) for each in load.args], [each.arg for each in load.keywords]) == (["url"], ["timeout"])


def test_whose_credentials_they_are_is_asked_without_a_client_of_its_own() -> None:
    assert [ast.unparse(call) for call in calls_of(caller, "boto3")] == ["boto3.Session(profile_name=profile)"]


# The permissions that the documents ask for.


def test_the_documented_policy_allows_exactly_what_is_called() -> None:
    actions = {action for operations in READS.values() for action in operations.values() if action}
    documented = [action for statement in documented_statements() for action in statement["Action"]]
    assert sorted(documented) == sorted(actions)


def test_the_documented_policy_names_whose_content_may_be_read() -> None:
    content = {"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "logs:FilterLogEvents", "s3:GetObject"}
    content |= {"s3:ListBucket", "s3:GetBucketPolicy", "kms:GetKeyPolicy", "iam:SimulatePrincipalPolicy"}
    named = {
        action
        for statement in documented_statements()
        for action in statement["Action"]
        if not {"*", "arn:aws:s3:::*"} & {statement["Resource"]}
    }
    assert content <= named


def documented_statements() -> list[dict[str, Any]]:
    (documented,) = re.findall(r"```json\n(\{\n  \"Version\".*?)```", DOCUMENTED, flags=re.DOTALL)
    policy = json.loads(documented)
    assert documented == json.dumps(policy, indent=2) + "\n"
    assert {statement["Effect"] for statement in policy["Statement"]} == {"Allow"}
    return list(policy["Statement"])


MISNAMED = {"cloudwatch:": "monitoring:", "s3:ListBucket": "s3:HeadBucket"}
"""What moto takes CloudWatch's actions for, and the one that HeadBucket needs."""


@contextmanager
def caller_with_the_documented_actions(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Be somebody who may take these actions and no others; on any resource, since moto knows few."""
    iam, name = aws.client("iam"), "reader"
    actions = [action for statement in documented_statements() for action in statement["Action"]]
    actions += [action.replace(right, wrong) for action in actions for right, wrong in MISNAMED.items()]
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="read", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    try:
        with monkeypatch.context() as patch, aws.enforce_iam():
            patch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
            patch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
            patch.delenv("AWS_SESSION_TOKEN", raising=False)
            yield
    finally:
        iam.delete_user_policy(UserName=name, PolicyName="read")
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
        iam.delete_user(UserName=name)


@pytest.mark.parametrize("kind", ["plain", "other", "operated"])
def test_the_documented_policy_suffices_where_aws_enforces_it(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    if kind == "other":
        replace_by_other_kinds(patient)
    if kind == "operated":
        scale_and_roll_back(patient)
    with caller_with_the_documented_actions(patient.aws, monkeypatch):
        main(["doctor", "--endpoint-name", patient.name, "--json"])
    document = json.loads(capsys.readouterr().out)
    assert document["error"] is None
    findings = [finding for section in document["sections"] for finding in section["findings"]]
    assert [each["seen"] for each in findings if "needs " in each["seen"] and each["status"] == "unknown"] == []
    assert any(each["status"] == "ok" for each in findings)


def test_no_operation_is_listed_that_nothing_calls() -> None:
    """A call is written as botocore names it, in snake case, or given to a paginator by that name."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)
    unused = [name for operations in READS.values() for name in operations if xform_name(name) not in source]
    assert unused == []
