import contextlib
import http.client
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.embedded_aws import Call, EmbeddedAws, overlay

from .stage import Api, Stage, refused

ROOT = Path(__file__).parents[2]


def test_the_journal_keeps_calls_in_order_with_their_outcome(stage: Stage) -> None:
    stage.aws.reset_calls()
    stage.model(stage.name)
    with refused("InvalidNetworkInterfaceID.NotFound"):
        stage.ec2.delete_network_interface(NetworkInterfaceId="eni-00000000")
    with refused("ValidationException"):
        stage.sagemaker.delete_endpoint(EndpointName="missing")
    with refused("ValidationError"):
        stage.aws.client("sagemaker-runtime").invoke_endpoint(EndpointName="missing", Body=b"{}")
    stage.aws.client("sts").get_caller_identity()

    calls = stage.aws.calls()
    assert [(each.service, each.action, each.status, each.error) for each in calls] == [
        ("sagemaker", "CreateModel", 200, None),
        ("ec2", "DeleteNetworkInterface", 400, "InvalidNetworkInterfaceID.NotFound"),
        ("sagemaker", "DeleteEndpoint", 400, "ValidationException"),
        ("sagemaker-runtime", "InvokeEndpoint", 400, "ValidationError"),
        ("sts", "GetCallerIdentity", 200, None),
    ]
    assert [each.resources[-1:] for each in calls[1:4]] == [("eni-00000000",), ("missing",), ("missing",)]
    assert stage.name in calls[0].resources
    assert calls[0].parameters["PrimaryContainer.Image"] == "image:1"
    assert [each.is_write for each in calls] == [True, True, True, True, False]
    assert str(calls[1]) == ("ec2:DeleteNetworkInterface(eni-00000000) -> InvalidNetworkInterfaceID.NotFound")
    stage.aws.reset_calls()
    assert stage.aws.calls() == []


def test_the_journal_knows_the_command_line_from_other_callers(stage: Stage) -> None:
    stage.aws.reset_calls()
    command = ["aws", "ec2", "describe-network-interfaces", "--filters", "Name=group-id,Values=sg-1,sg-2"]
    subprocess.run(command, env=stage.aws.full_environment(_with_venv()), check=True, stdout=subprocess.DEVNULL)
    (call,) = stage.aws.calls()
    assert call.user_agent.startswith("aws-cli/")
    assert call.parameters["Filter.1.Value.2"] == "sg-2"


def _with_venv() -> dict[str, str]:
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def test_the_journal_survives_concurrent_requests(stage: Stage) -> None:
    stage.aws.reset_calls()
    ec2 = stage.ec2
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: ec2.describe_vpcs(), range(40)))
    assert [each.action for each in stage.aws.calls()] == ["DescribeVpcs"] * 40


def test_a_call_that_is_repeated_for_want_of_an_answer_is_given_the_first_ones(stage: Stage) -> None:
    iam = stage.aws.client("iam")

    def same_invocation(request: Api, **_: object) -> None:
        request.headers["amz-sdk-invocation-id"] = stage.name

    iam.meta.events.register("before-send.iam.CreateUser", same_invocation)
    stage.aws.reset_calls()
    first, second = (iam.create_user(UserName=stage.name)["User"] for _ in range(2))
    assert first == second
    assert [call.status for call in stage.aws.calls()] == [200, 200]
    iam.meta.events.unregister("before-send.iam.CreateUser", same_invocation)
    with refused("EntityAlreadyExists"):
        stage.aws.client("iam").create_user(UserName=stage.name)


def test_an_action_that_is_missing_is_named_at_once_and_kept_in_the_journal(stage: Stage) -> None:
    stage.aws.reset_calls()
    with refused("NotImplemented", "get_ebs_default_kms_key_id"):
        stage.ec2.get_ebs_default_kms_key_id()
    with refused("NotImplemented", "get_predictive_scaling_forecast"):
        stage.aws.client("application-autoscaling").get_predictive_scaling_forecast(
            ServiceNamespace="sagemaker",
            ResourceId="endpoint/sentiment/variant/AllTraffic",
            ScalableDimension="sagemaker:variant:DesiredInstanceCount",
            PolicyName="load",
            StartTime=0,
            EndTime=1,
        )
    assert [(each.action, each.error) for each in stage.aws.calls()] == [
        ("GetEbsDefaultKmsKeyId", "NotImplemented"),
        ("GetPredictiveScalingForecast", "NotImplemented"),
    ]


def test_the_environment_replaces_every_other_aws_variable(shared_aws: EmbeddedAws) -> None:
    foreign = {"AWS_PROFILE": "prod", "AWS_CA_BUNDLE": "/x", "AWS_ENDPOINT_URL_EC2": "https://x", "HOME": "/h"}
    environment = shared_aws.full_environment(foreign)
    direct = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    assert environment == {"HOME": "/h", **direct, **shared_aws.environment()}
    assert environment["AWS_ENDPOINT_URL"] == shared_aws.url
    assert overlay({"AWS_PROFILE": "prod", "A": "b"}, {"C": "d"}) == {"A": "b", "C": "d"}


def test_a_setting_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="'stay': use one of orphan, vanish,"):
        EmbeddedAws(interfaces_after_delete="stay")  # type: ignore[arg-type] # the point of the test
    with pytest.raises(ValueError, match="transition_seconds is -1"):
        EmbeddedAws(transition_seconds=-1)
    with pytest.raises(ValueError, match="release_seconds is -1"):
        EmbeddedAws(release_seconds=-1)


def test_a_call_names_the_resources_at_the_top_of_the_request() -> None:
    call = Call(
        service="ec2",
        action="X",
        status=200,
        parameters={"NetworkInterfaceId.1": "eni-1", "Filter.1.Name": "vpc-id", "RoleArn": "arn"},
    )
    assert call.resources == ("eni-1", "arn")


def test_the_server_ends_when_its_parent_is_killed() -> None:
    program = (
        "import time\nfrom tests.embedded_aws import EmbeddedAws\n"
        "aws = EmbeddedAws().__enter__()\nprint('up', flush=True)\ntime.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert parent.stdout
    assert parent.stdout.readline() == "up\n"
    parent.kill()
    parent.communicate(timeout=120)  # until nobody holds standard error any more: the server did


def test_it_runs_by_hand_and_says_how_to_use_it() -> None:
    command = [sys.executable, "-m", "tests.embedded_aws", "--region", "eu-central-1"]
    by_hand = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert by_hand.stdout
    lines = [by_hand.stdout.readline()]
    while "Control-C" not in lines[-1] and lines[-1]:
        lines.append(by_hand.stdout.readline())
    by_hand.send_signal(signal.SIGINT)
    by_hand.stdout.close()
    assert by_hand.wait(30) == 0
    assert lines[0].startswith("The embedded AWS listens on http://127.0.0.1:")
    assert "    export AWS_REGION=eu-central-1\n" in lines


def test_a_connection_stays_open_whatever_is_asked_over_it(stage: Stage) -> None:
    address = stage.aws.url.removeprefix("http://")
    with contextlib.closing(http.client.HTTPConnection(address, timeout=60)) as connection:
        connection.connect()
        socket = connection.sock
        for method, path, body, status in (
            ("HEAD", "/no-such-bucket", None, 404),
            ("POST", "/embedded-aws/advance", "0", 200),
            ("GET", "/moto-api/", "read by nobody", 200),
            ("GET", "/embedded-aws/in-use", None, 200),
        ):
            connection.request(method, path, body)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == status
            assert connection.sock is socket
