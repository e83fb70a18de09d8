"""Watching a deployment: what is told, and when it ends."""

import json
import re
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sagemaker_endpoint_doctor.command_line.cli import main
from sagemaker_endpoint_doctor.command_line.doctor import consult
from sagemaker_endpoint_doctor.command_line.watch import GONE_IN_SECONDS, INTERVAL_IN_SECONDS, Ended, watch
from sagemaker_endpoint_doctor.examination.errors import CannotStartError
from sagemaker_endpoint_doctor.examination.subject import NoSuchEndpointError
from sagemaker_endpoint_doctor.inputs.request import Request
from sagemaker_endpoint_doctor.report import as_json

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from tests.account import ACCOUNT
from tests.doctor.conftest import TRANSITION
from tests.doctor.inputs.test_terraform import applied
from tests.doctor.patient import Patient
from tests.embedded_aws import EmbeddedAws
from tests.embedded_aws.fault import EXPIRED

if TYPE_CHECKING:
    from mypy_boto3_sagemaker.type_defs import DescribeEndpointOutputTypeDef


@pytest.fixture
def deploying(patient: Patient) -> Patient:
    """Begin an update."""
    sagemaker = patient.aws.client("sagemaker")
    sagemaker.update_endpoint(EndpointName=patient.name, EndpointConfigName=patient.configuration)
    return patient


class Time:
    """Passes on the embedded AWS too, and only when it is told to."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self.now = 0.0
        self._aws = aws

    def pause(self, seconds: float) -> None:
        self.now += seconds
        self._aws.advance(seconds)

    def clock(self) -> float:
        return self.now


def request(patient: Patient, **changes: Any) -> Request:
    given = {"endpoint_name": patient.name, "from_terraform": None, "watch": True, "sections": ["endpoint"]}
    return Request(**{**given, **changes})


def lines(text: str) -> list[str]:
    """Give what was told, without the time of day."""
    return [re.sub(r"^\d\d:\d\d:\d\d UTC  ", "", line) for line in text.splitlines()]


# On the embedded AWS.


def test_each_change_is_a_line_and_the_report_follows(deploying: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    assert consult(request(deploying), pause=deploying.aws.advance) == 0
    captured = capsys.readouterr()
    assert lines(captured.err) == [
        "Updating, AllTraffic 2 of 2 instances, next AllTraffic 2 of 2 instances (Creating)",
        "InService, AllTraffic 2 of 2 instances",
    ]
    assert "\nEndpoint: ok\n" in captured.out


def test_where_no_deployment_runs_it_reports_at_once(patient: Patient) -> None:
    assert main(["doctor", "--endpoint-name", patient.name, "--watch", "--section", "endpoint"]) == 0


def test_a_deployment_that_fails_is_1_whatever_else_is_well(
    patient: Patient, capsys: pytest.CaptureFixture[str]
) -> None:
    sagemaker = patient.aws.client("sagemaker")
    sagemaker.delete_endpoint(EndpointName=patient.name)
    patient.aws.advance(TRANSITION)
    with patient.aws.fail_deployments("The primary container did not pass the ping health check."):
        sagemaker.create_endpoint(EndpointName=patient.name, EndpointConfigName=patient.configuration)
    assert consult(request(patient, sections=["s3"]), pause=patient.aws.advance) == 1
    captured = capsys.readouterr()
    assert [line.partition(",")[0] for line in lines(captured.err)] == ["Creating", "Failed"]
    assert "\nS3: ok\n" in captured.out
    assert "0 problems" in captured.out
    assert "Exit code 1" in captured.out


def test_an_update_that_is_rolled_back_is_1(deploying: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    deploying.aws.advance(TRANSITION)
    with deploying.aws.fail_deployments("The primary container did not pass the ping health check."):
        deploying.aws.client("sagemaker").update_endpoint(
            EndpointName=deploying.name, EndpointConfigName=deploying.configuration
        )
    assert consult(request(deploying), pause=deploying.aws.advance) == 1
    captured = capsys.readouterr()
    assert lines(captured.err)[-1] == "InService, AllTraffic 2 of 2 instances"
    assert "did not pass the ping health check" in captured.out


def test_an_update_that_is_rolled_back_is_1_where_terraform_made_what_serves_again(
    patient: Patient, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Its finding is a warning then: no change of Terraform's is missing."""
    with patient.aws.fail_deployments("The primary container did not pass the ping health check."):
        patient.aws.client("sagemaker").update_endpoint(
            EndpointName=patient.name, EndpointConfigName=patient.configuration
        )
    arn = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:endpoint/{patient.name}"
    applied(tmp_path, endpoint_name=patient.name, endpoint_arn=arn, endpoint_config_name=patient.configuration)
    asked = request(patient, endpoint_name="", from_terraform=tmp_path)
    assert consult(asked, pause=patient.aws.advance) == 1
    captured = capsys.readouterr()
    assert "warning          the last change failed and was rolled back" in captured.out
    assert captured.out.endswith("Exit code 1: the deployment that was watched failed.\n")


def test_time_runs_out(deploying: Patient) -> None:
    with pytest.raises(CannotStartError, match="has not ended after 0 minutes: Updating, AllTraffic") as raised:
        consult(request(deploying, timeout=timedelta()), pause=lambda _: None)
    document = json.loads(as_json.error_document(raised.value, endpoint_name=None, region=None))
    told = [document[key] for key in ("endpoint_name", "region", "account_id")]
    assert told == [deploying.name, deploying.aws.region, ACCOUNT]


def test_an_endpoint_that_is_deleted_meanwhile_is_not_there(
    patient: Patient, capsys: pytest.CaptureFixture[str]
) -> None:
    patient.aws.client("sagemaker").delete_endpoint(EndpointName=patient.name)
    time = Time(patient.aws)
    assert consult(request(patient), pause=time.pause, clock=time.clock) == 3
    captured = capsys.readouterr()
    assert lines(captured.err) == [
        "Deleting, AllTraffic 2 of 2 instances",
        "gone; waiting for it to be made anew",
    ]
    assert f"there is no endpoint '{patient.name}'" in captured.out
    assert time.now == TRANSITION + GONE_IN_SECONDS


def test_an_endpoint_that_terraform_replaces_is_waited_for(
    patient: Patient, capsys: pytest.CaptureFixture[str]
) -> None:
    sagemaker = patient.aws.client("sagemaker")
    sagemaker.delete_endpoint(EndpointName=patient.name)
    time = Time(patient.aws)

    def pause(seconds: float) -> None:
        time.pause(seconds)
        if time.now == TRANSITION + GONE_IN_SECONDS - INTERVAL_IN_SECONDS:
            sagemaker.create_endpoint(EndpointName=patient.name, EndpointConfigName=patient.configuration)

    assert consult(request(patient, sections=["s3"]), pause=pause, clock=time.clock) == 0
    assert [line.partition(",")[0] for line in lines(capsys.readouterr().err)] == [
        "Deleting",
        "gone; waiting for it to be made anew",
        "Creating",
        "InService",
    ]


def test_an_address_of_aws_that_is_none_is_told(deploying: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER", "foo")
    with pytest.raises(CannotStartError, match=r"cannot be watched: .*Invalid endpoint: foo"):
        consult(request(deploying), pause=lambda _: None)


def test_credentials_that_expire_meanwhile_are_told(deploying: Patient) -> None:
    with (
        deploying.aws.fault("sagemaker:DescribeEndpoint", EXPIRED, skip=1),
        pytest.raises(CannotStartError, match="cannot be watched: the AWS credentials have expired"),
    ):
        consult(request(deploying), pause=lambda _: None)


def test_an_interrupt_leaves_no_trace(deploying: Patient) -> None:
    watching = subprocess.Popen(
        [sys.executable, "-m", "sagemaker_endpoint_doctor", "doctor", "--endpoint-name", deploying.name, "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert watching.stderr
    assert "Updating" in watching.stderr.readline()
    watching.send_signal(signal.SIGINT)
    out, err = watching.communicate()
    assert (watching.returncode, out, err) == (130, "", "sagemaker-endpoint: interrupted\n")


# On answers that AWS documents.


def answer(status: str, current: int = 2, **more: object) -> "DescribeEndpointOutputTypeDef":
    variant = {"VariantName": "AllTraffic", "CurrentInstanceCount": current, "DesiredInstanceCount": 2}
    given = {"EndpointStatus": status, "ProductionVariants": [variant], **more}
    return cast("DescribeEndpointOutputTypeDef", given)


def watched(*answers: "DescribeEndpointOutputTypeDef | Exception") -> tuple[Ended, list[str], list[float]]:
    """Give how it ended, what was told, and the pauses."""
    coming = iter(answers)
    told: list[str] = []
    pauses: list[float] = []

    def look() -> "DescribeEndpointOutputTypeDef":
        given = next(coming)
        if isinstance(given, Exception):
            raise given
        return given

    ended = watch(look, timeout=timedelta(hours=1), tell=told.append, pause=pauses.append, clock=lambda: sum(pauses))
    return ended, told, pauses


@pytest.mark.parametrize("end", ["InService", "Failed", "OutOfService", "UpdateRollbackFailed"])
@pytest.mark.parametrize("passing", ["Creating", "Updating", "SystemUpdating", "RollingBack"])
def test_it_waits_for_a_status_that_stays(passing: str, end: str) -> None:
    ended, _, pauses = watched(answer(passing), answer(passing), answer(end))
    assert ended.status == end
    assert pauses == [INTERVAL_IN_SECONDS] * 2


UNHEALTHY = answer("InService", FailureReason="The primary container did not pass the ping health check.")


def under_way(configuration: str) -> "DescribeEndpointOutputTypeDef":
    return answer("Updating", EndpointConfigName="old", PendingDeploymentSummary={"EndpointConfigName": configuration})


@pytest.mark.parametrize(
    ("answers", "failed"),
    [
        ([answer("InService")], False),
        ([answer("Failed")], True),
        ([answer("Updating"), answer("InService")], False),
        ([answer("Updating"), answer("UpdateRollbackFailed")], True),
        ([answer("Updating"), UNHEALTHY], True),
        ([answer("Updating"), answer("RollingBack"), answer("InService")], True),
        ([under_way("new"), answer("InService", EndpointConfigName="new")], False),
        ([under_way("new"), answer("InService", EndpointConfigName="old")], True),  # by an alarm, without a reason
        ([under_way("old"), under_way("new"), answer("InService", EndpointConfigName="new")], False),
        ([under_way("new"), answer("Updating"), answer("InService", EndpointConfigName="old")], True),
        ([UNHEALTHY], False),  # what failed was not watched: the examination tells
        ([answer("SystemUpdating"), UNHEALTHY], False),
    ],
)
def test_a_deployment_failed_if_it_does_not_serve(answers: "list[DescribeEndpointOutputTypeDef]", failed: bool) -> None:
    ended, _, _ = watched(*answers)
    assert ended.failed is failed


NOWHERE = NoSuchEndpointError("there is no endpoint 'sentiment'")


def test_an_endpoint_that_was_never_there_is_not_waited_for() -> None:
    with pytest.raises(NoSuchEndpointError):
        watched(NOWHERE)


def test_an_endpoint_that_is_made_anew_is_judged_by_its_own_deployment() -> None:
    ended, _, pauses = watched(
        answer("RollingBack"), answer("Deleting"), *[NOWHERE] * 12, answer("Creating"), answer("InService")
    )
    assert not ended.failed
    assert sum(pauses) == 150


def test_an_endpoint_that_is_gone_for_good_is_waited_for_no_longer_than_two_minutes() -> None:
    coming: list[DescribeEndpointOutputTypeDef | Exception] = [answer("Deleting"), *[NOWHERE] * 12]
    with pytest.raises(StopIteration):  # it would look once more
        watched(*coming)
    with pytest.raises(NoSuchEndpointError):
        watched(*coming, NOWHERE)


def test_instances_that_come_are_told_and_nothing_twice() -> None:
    _, told, _ = watched(answer("Creating", 0), answer("Creating", 0), answer("Creating", 1), answer("InService"))
    assert told == [
        "Creating, AllTraffic 0 of 2 instances",
        "Creating, AllTraffic 1 of 2 instances",
        "InService, AllTraffic 2 of 2 instances",
    ]


def test_what_is_deployed_beside_the_old_is_told() -> None:
    """https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PendingDeploymentSummary.html."""
    coming = {
        "VariantName": "AllTraffic",
        "CurrentInstanceCount": 1,
        "DesiredInstanceCount": 2,
        "VariantStatus": [{"Status": "Baking"}],
    }
    pending = {"EndpointConfigName": "next", "ProductionVariants": [coming]}
    _, told, _ = watched(answer("Updating", PendingDeploymentSummary=pending), answer("InService"))
    assert told[0] == "Updating, AllTraffic 2 of 2 instances, next AllTraffic 1 of 2 instances (Baking)"


def test_the_instances_of_a_shadow_variant_are_told_too() -> None:
    shadow = {"VariantName": "shadow", "CurrentInstanceCount": 0, "DesiredInstanceCount": 1}
    _, told, _ = watched(answer("InService", ShadowProductionVariants=[shadow]))
    assert told == ["InService, AllTraffic 2 of 2 instances, shadow 0 of 1 instances"]


def test_a_serverless_variant_has_no_instances_to_count() -> None:
    _, told, _ = watched(answer("InService", ProductionVariants=[{"VariantName": "AllTraffic"}]))
    assert told == ["InService"]


THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"}}, "DescribeEndpoint")
BROKEN = ClientError(
    {"Error": {"Code": "InternalFailure"}, "ResponseMetadata": {"HTTPStatusCode": 500}},  # type: ignore[typeddict-item] # the other fields of AWS's answers do not matter here
    "DescribeEndpoint",
)
UNREACHED = EndpointConnectionError(endpoint_url="https://api.sagemaker.eu-west-1.amazonaws.com")


@pytest.mark.parametrize("error", [THROTTLED, BROKEN, UNREACHED])
def test_it_goes_on_when_aws_does_not_answer_for_once(error: Exception) -> None:
    ended, told, _ = watched(answer("Updating"), error, answer("InService"))
    assert (ended.status, ended.failed) == ("InService", False)
    assert told[1].startswith("AWS did not answer, trying again: ")


def test_time_runs_out_while_aws_does_not_answer() -> None:
    with pytest.raises(CannotStartError, match=r"after 60 minutes: AWS did not answer.*--timeout"):
        watched(*[UNREACHED] * 1000)


def test_any_other_error_ends_it() -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        watched(ClientError({"Error": {"Code": "AccessDeniedException"}}, "DescribeEndpoint"))
