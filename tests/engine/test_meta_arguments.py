"""The provider that everything in an endpoint uses, and what it waits for."""

from dataclasses import replace
from typing import Any

from sagemaker_endpoint import SageMakerEndpoint

import pytest
from cdktf import App, TerraformHclModule, TerraformStack
from cdktf_cdktf_provider_aws.data_aws_vpc import DataAwsVpc
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_null.provider import NullProvider
from constructs import Construct

from tests.examples import GROUPS, INPUTS, NETWORK, endpoint, problems, stack, synthesize
from tests.synthesized import Block, Synthesized


def blocks(made: Synthesized) -> dict[str, Block]:
    sections = {"resource": "", "data": "data."}
    kinds = [f"{prefix}{kind}" for section, prefix in sections.items() for kind in made.configuration[section]]
    return {address: block for kind in kinds for address, block in made.all(kind).items()}


def route(scope: Construct, id: str = "Route") -> Route:
    return Route(scope, id, route_table_id="rtb-0123456789abcdef0", nat_gateway_id="nat-0123456789abcdef0")


class Gateway(Construct):
    """A construct of the user's with resources in it."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        DataAwsVpc(self, "Vpc")
        route(Construct(self, "Inner"))


# The provider.


def test_all_aws_resources_and_data_sources_use_the_provider_and_no_other_does() -> None:
    scope = stack()
    provider = AwsProvider(scope, "frankfurt", alias="frankfurt", region="eu-central-1")
    made = endpoint(scope, provider=provider)
    made.grant_invoke(IamRole(scope, "Web", assume_role_policy="{}", provider=provider))
    made.grant_invoke("batch", id="Batch")
    found = blocks(Synthesized(scope))
    assert {address for address, block in found.items() if block.get("provider") != "aws.frankfurt"} == {
        address for address in found if address.startswith(("null_resource.", "terraform_data."))
    }


def test_without_a_provider_none_is_named() -> None:
    assert not [block for block in blocks(synthesize()).values() if "provider" in block]


@pytest.mark.parametrize("wrong", ["aws.frankfurt", {}, NullProvider])
def test_what_is_no_aws_provider_is_told(wrong: Any) -> None:  # noqa: ANN401 - whatever is given
    given = wrong(stack(), "null") if wrong is NullProvider else wrong
    (sentence,) = problems(provider=given)
    assert sentence.startswith("provider must be an AwsProvider(...), got ")


# What it waits for.


def waiting(made: Synthesized, address: str) -> set[str]:
    return {name for name, block in blocks(made).items() if address in block.get("depends_on", [])}


def test_look_ups_models_endpoint_and_release_wait() -> None:
    scope = stack()
    first = route(scope)
    made = synthesize(scope, depends_on=[first])
    kinds = {name.rpartition(".")[0] for name in waiting(made, "aws_route.Route")}
    assert kinds == {
        "aws_sagemaker_endpoint",
        "aws_sagemaker_model",
        "data.aws_route_tables",
        "data.aws_subnet",
        "null_resource",
    }
    (release,) = (name for name in waiting(made, "aws_route.Route") if name.startswith("null_resource"))
    assert "Release" in release


def test_it_waits_for_all_that_it_waited_for_before() -> None:
    scope = stack()
    before, after = blocks(synthesize()), blocks(synthesize(scope, depends_on=[route(scope)]))
    for address, block in before.items():
        assert {*block.get("depends_on", [])} <= {*after[address].get("depends_on", [])}
        assert len({*after[address].get("depends_on", [])}) == len(after[address].get("depends_on", []))


def test_the_account_is_looked_up_at_once() -> None:
    """What depends on it would be unknown, and replaced, whenever something is changed that the endpoint waits for."""
    scope = stack()
    made = blocks(synthesize(scope, depends_on=[route(scope)]))
    for kind in ("partition", "region", "caller_identity", "iam_policy_document"):
        assert not [block for name, block in made.items() if f"data.aws_{kind}." in name and "depends_on" in block]


def test_a_construct_stands_for_the_resources_in_it() -> None:
    scope = stack()
    module = TerraformHclModule(scope, "vpc", source="terraform-aws-modules/vpc/aws")
    looked_up = DataAwsVpc(scope, "Looked-up")
    made = synthesize(scope, depends_on=[Gateway(scope, "Gateway"), module, looked_up])
    (model,) = made.all("aws_sagemaker_model").values()
    assert model["depends_on"][-3:] == [
        made.address("aws_route"),
        "module.vpc",
        made.address("data.aws_vpc", "Looked-up"),
    ]


def test_an_endpoint_can_wait_for_another() -> None:
    scope = stack()
    first = SageMakerEndpoint(scope, "First", **INPUTS)
    SageMakerEndpoint(scope, "Second", **{**INPUTS, "depends_on": [first]})
    made = Synthesized(scope)
    assert made.address("aws_sagemaker_endpoint", "First") in made.one("aws_sagemaker_endpoint", "Second")["depends_on"]


def test_what_cannot_be_waited_for_is_told() -> None:
    scope = stack()
    other = TerraformStack(App.of(scope), "other")
    wrong = ["aws_route.Route", Construct(scope, "Empty"), route(other)]
    with pytest.raises(ValueError, match="3 problems") as raised:
        endpoint(scope, depends_on=wrong)
    text = str(raised.value)
    assert "depends_on[0] must be a Terraform resource, data source or module, or a construct" in text
    assert "depends_on[1] must be a Terraform resource" in text
    assert "depends_on[2] must be in the endpoint's own stack, got other/Route" in text


def test_what_holds_the_endpoint_itself_cannot_be_waited_for() -> None:
    scope = stack()
    own = Construct(scope, "Team")
    beside = Gateway(scope, "Tea")
    given = {**INPUTS, "depends_on": [beside, own, scope, App.of(scope)]}
    with pytest.raises(ValueError, match="3 problems") as raised:
        SageMakerEndpoint(own, "Endpoint", **given)
    text = str(raised.value)
    for index, path in ((1, "stack/Team"), (2, "stack"), (3, "")):
        assert f"depends_on[{index}] must not hold the endpoint itself, which would wait for itself: {path!r}" in text


def test_what_is_no_list_is_told() -> None:
    (sentence,) = problems(depends_on="aws_route.Route")
    assert sentence == "depends_on must be a list of resources or of constructs that hold some, got 'aws_route.Route'"


def test_an_endpoint_without_a_release_waits_too() -> None:
    scope = stack()
    network = replace(NETWORK, security_group_ids=GROUPS)
    made = synthesize(scope, depends_on=[route(scope)], network=network)
    assert made.one("aws_sagemaker_endpoint")["depends_on"][-1] == "aws_route.Route"
