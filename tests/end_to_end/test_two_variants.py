"""Two variants from concrete values: applied, changed in each way, and destroyed."""

import pytest

from tests.demo.stage import build_network, image
from tests.embedded_aws import EmbeddedAws

from .caller import TRUST
from .checkov import Remark, failures
from .deployment import ConcreteDeployment
from .interfaces import marks
from .order import assert_in_order, assert_updated_in_place
from .policies import attached_policies, s3_access

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def deployment(aws: EmbeddedAws, tmp_path_factory: pytest.TempPathFactory) -> ConcreteDeployment:
    vpc_id, subnet_ids = build_network(aws.client("ec2"))
    deployment = ConcreteDeployment.of(
        aws,
        tmp_path_factory.mktemp("two_variants"),
        "two_variants",
        region=aws.region,
        endpoint_name="sentiment",
        vpc_id=vpc_id,
        subnet_ids=subnet_ids,
        image=image(aws.region, "1.0"),
        model_data_url="s3://models/sentiment/1.tar.gz",
        new_image=image(aws.region, "2.0-rc1"),
        new_environment={"LOG_LEVEL": "info"},
        new_instance_type="ml.c5.large",
        new_weight=0.1,
        trust=TRUST,
    )
    deployment.start()
    deployment.apply()
    return deployment


def test_the_stack_is_valid_and_a_second_plan_is_empty(deployment: ConcreteDeployment) -> None:
    assert deployment.terraform.validate() == ()
    assert deployment.terraform.plan().is_empty


def test_the_traffic_is_shared_by_weight(deployment: ConcreteDeployment) -> None:
    deployment.change(new_weight=0.1)
    variants = deployment.live().variants
    assert {name: variant.weight for name, variant in variants.items()} == pytest.approx({"proven": 0.9, "new": 0.1})
    assert {name: variant.instance_count for name, variant in variants.items()} == {"proven": 2, "new": 1}


def test_whoever_is_granted_it_holds_the_invoke_policy_and_no_other(deployment: ConcreteDeployment) -> None:
    outputs = deployment.terraform.outputs()
    assert attached_policies(deployment.aws, outputs["caller"]) == [outputs["invoke_policy_arn"]]


def test_checkov_finds_nothing_but_what_the_code_owns_up_to(deployment: ConcreteDeployment) -> None:
    failed, remarks = failures(deployment.terraform.directory), Remark.all()
    assert [failure for failure in failed if not any(remark.is_about(failure) for remark in remarks)] == []


@pytest.mark.parametrize(
    ("name", "value", "variant", "attribute"),
    [
        ("image", image("eu-west-1", "1.1"), "proven", "image"),
        ("new_environment", {"LOG_LEVEL": "debug", "OPTIONS": '{"top": 5}'}, "new", "environment"),
        ("new_instance_type", "ml.g5.xlarge", "new", "instance_type"),
        ("new_weight", 0, "new", "weight"),
    ],
    ids=["image", "environment", "instance type", "weight"],
)
def test_a_change_reaches_its_variant_in_place(
    deployment: ConcreteDeployment, name: str, value: object, variant: str, attribute: str
) -> None:
    before = deployment.live().variants
    calls = deployment.change(**{name: value})
    assert_updated_in_place(calls)
    live = deployment.live()
    assert live.status == "InService"
    assert getattr(live.variants[variant], attribute) == value
    (other,) = before.keys() - {variant}
    assert live.variants[other] == before[other]
    assert marks(deployment.aws, deployment.terraform.outputs()["security_group_id"]) == [True] * 3
    assert deployment.terraform.plan().is_empty


def test_the_role_reads_the_model_data_that_is_stated(deployment: ConcreteDeployment) -> None:
    deployment.change(model_data_url="s3://models/sentiment/2.tar.gz")
    role = deployment.terraform.outputs()["execution_role_arn"]
    assert s3_access(deployment.aws, role) == {
        "s3:GetObject": ["arn:aws:s3:::models/sentiment/2.tar.gz"],
        "s3:ListBucket": ["arn:aws:s3:::models sentiment/2.tar.gz"],
    }


def test_a_renamed_endpoint_is_another_and_nothing_of_the_old_one_stays(deployment: ConcreteDeployment) -> None:
    old = str(deployment.inputs["endpoint_name"])
    calls = deployment.change(endpoint_name=f"re{old}")
    assert_in_order(calls, "DeleteEndpoint", {"CreateEndpoint", "DeleteSecurityGroup"})
    assert deployment.live().status == "InService"
    assert [name for name in deployment.left() if f" {old}" in name or f"/{old}" in name] == []
    assert deployment.terraform.plan().is_empty


def test_a_destroy_leaves_nothing_and_goes_in_the_right_order(deployment: ConcreteDeployment) -> None:
    caller = deployment.terraform.outputs()["caller"]
    calls = [call for call in deployment.destroy() if caller not in call.resources]
    assert deployment.left() == set()
    assert_in_order(calls, "DeleteEndpoint", "DeleteEndpointConfig", "DeleteModel", "DetachRolePolicy")
    assert_in_order(calls, "DeleteEndpoint", "RevokeSecurityGroupEgress", "DeleteSecurityGroup")
    assert_in_order(calls, "DeleteEndpoint", "DeleteLogGroup", "ScheduleKeyDeletion")
