from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from .fault import BROKEN, DENIED, EXPIRED, GARBAGE, THROTTLED, UNAVAILABLE, Failure
from .stage import Stage, refused


@pytest.mark.parametrize("failure", [THROTTLED, DENIED, EXPIRED, BROKEN])
def test_a_call_fails_as_often_as_told_after_some_that_go_well(stage: Stage, failure: Failure) -> None:
    stage.aws.reset_calls()
    with stage.aws.fault("ec2:DescribeVpcs", failure, skip=1, times=2):
        stage.ec2.describe_vpcs()
        for _ in range(2):
            with refused(failure.code, failure.message):
                stage.ec2.describe_vpcs()
        stage.ec2.describe_vpcs()
    assert [call.error for call in stage.aws.calls()] == [None, failure.code, failure.code, None]


def test_a_fault_stands_until_it_is_lifted_and_meets_nothing_else(stage: Stage) -> None:
    with stage.aws.fault("sagemaker:ListEndpoints", DENIED):
        for _ in range(3):
            with refused("UnauthorizedOperation"):
                stage.sagemaker.list_endpoints()
        stage.sagemaker.list_models()
        stage.ec2.describe_vpcs()
    stage.sagemaker.list_endpoints()


def test_a_fault_can_be_for_one_caller_alone(stage: Stage) -> None:
    with stage.aws.fault("ec2:DescribeVpcs", THROTTLED, caller="Botocore"), refused("RequestLimitExceeded"):
        stage.ec2.describe_vpcs()
    with stage.aws.fault("ec2:DescribeVpcs", THROTTLED, caller="somebody-else"):
        stage.ec2.describe_vpcs()


def test_every_service_reads_its_errors(stage: Stage) -> None:
    calls = {
        "sts:GetCallerIdentity": "get_caller_identity",
        "kms:ListKeys": "list_keys",
        "iam:ListRoles": "list_roles",
        "cloudwatch:DescribeAlarms": "describe_alarms",
    }
    for operation, method in calls.items():
        client = stage.aws.client(operation.partition(":")[0])
        with stage.aws.fault(operation, EXPIRED), refused("RequestExpired", "has expired"):
            getattr(client, method)()


def test_an_answer_can_be_none_of_awss(stage: Stage) -> None:
    with stage.aws.fault("ec2:DescribeVpcs", UNAVAILABLE), pytest.raises(ClientError, match="503"):
        stage.ec2.describe_vpcs()
    with stage.aws.fault("ec2:DescribeVpcs", GARBAGE), pytest.raises(ResponseParserError):
        stage.ec2.describe_vpcs()


def test_a_call_can_be_held_until_the_fault_is_lifted(stage: Stage) -> None:
    with ThreadPoolExecutor(1) as pool:
        with stage.aws.fault("ec2:DescribeVpcs", None):
            held = pool.submit(stage.ec2.describe_vpcs)
            with pytest.raises(NotYetError):
                held.result(timeout=0.5)
        assert held.result(timeout=120)["Vpcs"]
