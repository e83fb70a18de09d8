"""A stack whose endpoint exists, but not as Terraform's state has it."""

import pytest

from tests.embedded_aws import EmbeddedAws
from tests.embedded_aws.fault import DENIED
from tests.end_to_end.interfaces import interfaces
from tests.toolchain import CommandError, Terraform

from .conftest import Prepare
from .deployed import CONFIGURATION, ENDPOINT, left_of

pytestmark = pytest.mark.end_to_end


def endpoints(aws: EmbeddedAws) -> set[str]:
    return {each["EndpointName"] for each in aws.client("sagemaker").list_endpoints()["Endpoints"]}


@pytest.fixture
def tainted(prepare: Prepare, aws: EmbeddedAws) -> Terraform:
    """Apply a stack in vain: Terraform may not see what became of the endpoint."""
    terraform = prepare("unmarked")
    with (
        aws.fault("sagemaker:DescribeEndpoint", DENIED, caller="Terraform"),
        pytest.raises(CommandError, match="UnauthorizedOperation"),
    ):
        terraform.apply()
    assert terraform.variables["endpoint_name"] in endpoints(aws)
    assert terraform.plan().changes[ENDPOINT] == ("delete", "create")
    aws.advance(10)
    return terraform


def test_an_apply_that_left_the_endpoint_tainted_is_destroyed(tainted: Terraform, aws: EmbeddedAws) -> None:
    tainted.destroy()
    assert left_of(tainted, aws) == set()


def test_a_tainted_endpoint_is_replaced_and_both_ones_interfaces_go(tainted: Terraform, aws: EmbeddedAws) -> None:
    # The provider deletes an endpoint and makes it anew at once; SageMaker takes its time to let the name go.
    with pytest.raises(CommandError, match="Cannot create already existing endpoint"):
        tainted.apply()
    aws.advance(10)
    tainted.apply()
    assert tainted.plan().is_empty
    group = str(tainted.outputs()["group"])
    assert sorted(each["Status"] for each in interfaces(aws, group)) == ["available"] * 2 + ["in-use"] * 2
    tainted.destroy()
    assert left_of(tainted, aws) == set()


def test_an_endpoint_that_the_state_lacks_can_be_imported(prepare: Prepare, aws: EmbeddedAws) -> None:
    terraform = prepare("unmarked")
    name = str(terraform.variables["endpoint_name"])
    terraform.apply(f"-target={CONFIGURATION}")
    theirs = terraform.show()[CONFIGURATION]["name"]
    aws.client("sagemaker").create_endpoint(EndpointName=name, EndpointConfigName=theirs)
    aws.advance(10)
    with pytest.raises(CommandError, match="Cannot create already existing endpoint"):
        terraform.apply()
    terraform.take_over(ENDPOINT, name)
    aws.reset_calls()
    terraform.apply()
    assert {"CreateEndpoint", "DeleteEndpoint"}.isdisjoint(call.action for call in aws.calls())
    assert terraform.plan().is_empty
    terraform.destroy()
    assert left_of(terraform, aws) == set()
