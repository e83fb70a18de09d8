"""What Terraform refuses to plan, and says why: inputs that only it can check. Nothing is applied here."""

from pathlib import Path

from sagemaker_endpoint import InterfaceCleanup
from sagemaker_endpoint.engine.account import Account
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.network.interfaces import EndpointInterfaces

import pytest
from cdktf import App, LocalBackend, TerraformStack, TerraformVariable
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider

from tests.demo.stage import variables
from tests.embedded_aws import EmbeddedAws
from tests.toolchain import CommandError, Project, Terraform

from .deployment import environment
from .messages import unwrapped
from .vpc import Vpc

pytestmark = pytest.mark.end_to_end

SINGLE_ZONE = "All of network.subnet_ids lie in one availability zone"


@pytest.fixture(scope="module")
def terraform(aws: EmbeddedAws, tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    project = Project(directory=tmp_path_factory.mktemp("plan_checks"), environment=environment(aws))
    project.synth()
    terraform = project.terraform(variables=variables(aws.client("ec2"), region=aws.region))
    terraform.init()
    return terraform


@pytest.fixture(scope="module")
def vpc(aws: EmbeddedAws) -> Vpc:
    return Vpc(aws)


def refusal(terraform: Terraform, **changes: object) -> str:
    with pytest.raises(CommandError) as raised:
        terraform.with_variables(**changes).plan()
    return unwrapped(str(raised.value))


def test_private_subnets_in_two_zones_pass_without_a_word(terraform: Terraform) -> None:
    plan = terraform.plan()
    assert plan.changes
    assert "Warning" not in plan.text


def test_a_subnet_whose_own_route_table_leads_to_the_internet_is_refused(terraform: Terraform, vpc: Vpc) -> None:
    private, public = vpc.subnet("a"), vpc.subnet("b")
    vpc.lead_to_the_internet(vpc.route_table(public))
    said = refusal(terraform, vpc_id=vpc.id, private_subnet_ids=[private, public])
    assert f"Subnet {public} of network.subnet_ids is public: its route table leads to an internet gateway." in said
    assert f"Subnet {private}" not in said


def test_a_subnet_is_public_by_the_main_route_table_unless_it_has_its_own(
    aws: EmbeddedAws, terraform: Terraform
) -> None:
    vpc = Vpc(aws)
    public, private = vpc.subnet("a"), vpc.subnet("b")
    vpc.lead_to_the_internet(vpc.main_route_table())
    vpc.route_table(private)
    said = refusal(terraform, vpc_id=vpc.id, private_subnet_ids=[public, private])
    assert f"Subnet {public} of network.subnet_ids is public" in said
    assert f"Subnet {private}" not in said


def test_a_subnet_of_another_vpc_is_refused(terraform: Terraform, aws: EmbeddedAws, vpc: Vpc) -> None:
    elsewhere = Vpc(aws)
    own, foreign = vpc.subnet("a"), elsewhere.subnet("b")
    said = refusal(terraform, vpc_id=vpc.id, private_subnet_ids=[own, foreign])
    assert f"Subnet {foreign} of network.subnet_ids lies in {elsewhere.id}, not in the network.vpc_id {vpc.id}." in said
    assert f"Subnet {own}" not in said


def test_subnets_in_a_single_zone_are_refused(terraform: Terraform, vpc: Vpc) -> None:
    said = refusal(terraform, vpc_id=vpc.id, private_subnet_ids=[vpc.subnet("a"), vpc.subnet("a")])
    assert SINGLE_ZONE in said


BAD: list[dict[str, object]] = [
    {"image": "ghcr.io/org/x:1", "model_data_url": "s3://*/x.tar.gz", "environment": {"1ST": "x"}},
    {"image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/x:1"},
    {"instance_type": "m5", "initial_instance_count": 1.5},
    {"instance_type": "ml.m5.3xlarge", "initial_instance_count": 0},
    {"tags": {"Team": "a", "team": "b"}},
    {"log_retention_in_days": 8},
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_variable_with_a_bad_value_is_named_with_that_value_and_nothing_else_fails(
    terraform: Terraform, bad: dict[str, object]
) -> None:
    said = refusal(terraform, **bad)
    assert said.count("Error:") == said.count("Error: Resource precondition failed") == len(bad)
    for name, value in bad.items():
        got = ", ".join(value) if isinstance(value, dict) else str(value)
        assert any(name in each and " must " in each and got in each for each in said.split("Error:")), name


def test_a_bad_name_and_a_bad_network_are_named_with_their_values(terraform: Terraform) -> None:
    said = refusal(terraform, endpoint_name="senti ment", private_subnet_ids=["subnet-a", "subnet-b"], vpc_id="main")
    assert "endpoint_name must look like 'sentiment'" in said
    assert "got 'senti ment'." in said
    assert "network.vpc_id must look like 'vpc-0123456789abcdef0' (pattern vpc-[0-9a-f]{8,17}), got 'main'." in said
    assert "each of network.subnet_ids must look like" in said
    assert "got subnet-a, subnet-b." in said


def test_a_name_that_begins_like_the_id_of_a_group_is_planned(terraform: Terraform) -> None:
    assert terraform.with_variables(endpoint_name="sg-prod-llm").plan().changes


def test_what_the_clean_up_would_refuse_at_a_destroy_is_refused_before_anything_is_made(
    aws: EmbeddedAws, tmp_path: Path
) -> None:
    app = App(outdir=str(tmp_path))
    stack = TerraformStack(app, "stack")
    LocalBackend(stack, path=str(tmp_path / "terraform.tfstate"))  # by default all stacks of a name share one
    AwsProvider(stack, "aws", region=aws.region)
    NullProvider(stack, "null")
    role_arn, profile = (TerraformVariable(stack, name, type="string") for name in ("role_arn", "profile"))
    external_id = TerraformVariable(stack, "external_id", type="string", sensitive=True)
    timeout = TerraformVariable(stack, "timeout", type="number")
    EndpointInterfaces(
        stack,
        "Interfaces",
        Identity(endpoint_name="sentiment", account=Account(stack, "Account"), tags=None, deletion_protection=False),
        security_group_id="sg-0123456789abcdef0",
        cleanup=InterfaceCleanup(
            role_arn=role_arn.string_value,
            external_id=external_id.string_value,
            profile=profile.string_value,
            timeout_in_seconds=timeout.number_value,
        ),
        depends_on=[],
    )
    app.synth()
    good = {
        "role_arn": "arn:aws:iam::111122223333:role/operator",
        "external_id": "team-42",
        "profile": "prod",
        "timeout": 60,
    }
    terraform = Terraform(
        directory=tmp_path / "stacks" / "stack", environment=environment(aws), variables=dict.fromkeys(good)
    )
    terraform.init()
    for stated in ({}, good):
        plan = terraform.with_variables(**stated).plan()
        assert plan.changes
        assert "Warning" not in plan.text
    said = refusal(terraform, role_arn="operator", external_id="file://x", profile="-x", timeout=0)
    assert said.count("Error: Resource precondition failed") == 4
    assert "interface_cleanup.role_arn must look like 'arn:aws:iam::111122223333:role/operator'" in said
    assert "got 'operator'." in said
    assert "interface_cleanup.external_id must not begin like a URL, which the AWS CLI would read." in said
    assert "interface_cleanup.timeout_in_seconds must be a whole number, 1 to 86400, got '0'." in said
    assert "external_id must be given with role_arn" in refusal(terraform, external_id="team-42")
