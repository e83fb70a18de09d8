"""A stack whose variants are scaled, changed in each way that AWS refuses while they are registered, and destroyed.

Each test goes on where the one before it ended.
"""

from collections.abc import Sequence

import pytest

from tests.demo.stage import build_network, image
from tests.embedded_aws import Call, EmbeddedAws

from .deployment import ConcreteDeployment
from .order import assert_in_order, assert_updated_in_place

pytestmark = pytest.mark.end_to_end

BACK = {"RegisterScalableTarget", "PutScalingPolicy", "PutScheduledAction"}
BELONGS = {
    *(f"scaling policy {name}" for name in ("InvocationsPerInstance", "CPUUtilization", "much at once", "own")),
    *(f"scheduled action {name}" for name in ("morning", "evening")),
}
SCALED = {"least": 1, "most": 4}


@pytest.fixture(scope="module")
def deployment(aws: EmbeddedAws, tmp_path_factory: pytest.TempPathFactory) -> ConcreteDeployment:
    vpc_id, subnet_ids = build_network(aws.client("ec2"))
    deployment = ConcreteDeployment.of(
        aws,
        tmp_path_factory.mktemp("scaled"),
        "scaled",
        region=aws.region,
        endpoint_name="sentiment",
        image=image(aws.region, "1.0"),
        vpc_id=vpc_id,
        subnet_ids=subnet_ids,
        kms_key_arn=aws.client("kms").create_key()["KeyMetadata"]["Arn"],  # one of its own takes 12 seconds
        variants={"blue": ["ml.m5.xlarge", SCALED], "green": ["ml.m5.xlarge", SCALED]},
    )
    deployment.start()
    deployment.apply()
    return deployment


def of_scaling(deployment: ConcreteDeployment) -> dict[str, set[str]]:
    """Give what is registered, by the names of the variants, and what belongs to it."""
    found: dict[str, set[str]] = {}
    for each in deployment.left():
        what, _, variant = each.rpartition("/")
        if "/variant" in what:
            found.setdefault(variant, set()).add(what.partition(" of ")[0].partition(" endpoint/")[0])
    return found


def assert_all_there(deployment: ConcreteDeployment, *variants: str) -> None:
    """Check that these variants are scaled by all that is stated, no others are, and that Terraform is content."""
    assert of_scaling(deployment) == {variant: {"scalable target", *BELONGS} for variant in variants}
    alarms = {each for each in deployment.left() if each.startswith("alarm ")}
    name = deployment.inputs["endpoint_name"]
    never_rings = f"alarm {name}-rollback"
    assert alarms == {never_rings, *(f"alarm {name}/{variant}/scaling/much at once" for variant in variants)}
    assert deployment.terraform.plan().is_empty


def about(calls: Sequence[Call], variant: str) -> list[Call]:
    """Leave out what is done to the scaling of other variants."""
    return [
        call
        for call in calls
        if call.service != "application-autoscaling"
        or call.parameters.get("ResourceId", "").endswith(f"/variant/{variant}")
    ]


def scaling_actions(calls: Sequence[Call], variant: str) -> set[str]:
    return {call.action for call in about(calls, variant) if call.service == "application-autoscaling"}


def counts(deployment: ConcreteDeployment) -> dict[str, int]:
    sagemaker = deployment.aws.client("sagemaker")
    live = sagemaker.describe_endpoint(EndpointName=deployment.inputs["endpoint_name"])["ProductionVariants"]
    return {each["VariantName"]: each["CurrentInstanceCount"] for each in live}


def test_variants_are_scaled_as_stated(deployment: ConcreteDeployment) -> None:
    assert deployment.terraform.validate() == ()
    assert_all_there(deployment, "blue", "green")
    scaling = deployment.aws.client("application-autoscaling")
    policies = scaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    targets = {
        each["PolicyName"]: each["TargetTrackingScalingPolicyConfiguration"]["TargetValue"]
        for each in policies
        if each["PolicyType"] == "TargetTrackingScaling"
    }
    assert targets == {"InvocationsPerInstance": 600, "CPUUtilization": 250, "own": 5}


def test_another_image_leaves_the_registrations_alone(deployment: ConcreteDeployment) -> None:
    calls = deployment.change(image=image(deployment.aws.region, "1.1"))
    assert_updated_in_place(calls)
    assert {call for call in calls if call.service == "application-autoscaling"} == set()
    assert_all_there(deployment, "blue", "green")


def test_other_capacities_touch_neither_policies_nor_schedules(deployment: ConcreteDeployment) -> None:
    wider = {"least": 2, "most": 4}
    calls = deployment.change(variants={"blue": ["ml.m5.xlarge", wider], "green": ["ml.m5.xlarge", SCALED]})
    assert scaling_actions(calls, "blue") == {"RegisterScalableTarget", "PutScheduledAction"}  # the evening's least
    assert scaling_actions(calls, "green") == set()
    assert "UpdateEndpoint" not in {call.action for call in calls}
    assert_all_there(deployment, "blue", "green")


def test_another_type_takes_the_registration_away_first_and_all_of_it_comes_back(
    deployment: ConcreteDeployment,
) -> None:
    calls = deployment.change(variants={"blue": ["ml.c5.large", SCALED], "green": ["ml.m5.xlarge", SCALED]})
    assert_updated_in_place(calls)
    assert_in_order(about(calls, "blue"), "DeregisterScalableTarget", "UpdateEndpoint", BACK)
    assert scaling_actions(calls, "green") == set()
    assert_all_there(deployment, "blue", "green")


def test_a_renamed_variant_is_registered_by_its_new_name(deployment: ConcreteDeployment) -> None:
    calls = deployment.change(variants={"blue": ["ml.c5.large", SCALED], "teal": ["ml.m5.xlarge", SCALED]})
    assert_updated_in_place(calls)
    assert_in_order(about(calls, "green"), "DeregisterScalableTarget", "UpdateEndpoint")
    assert_in_order(about(calls, "teal"), "UpdateEndpoint", BACK)
    assert_all_there(deployment, "blue", "teal")


def test_a_variant_that_goes_is_taken_off_first(deployment: ConcreteDeployment) -> None:
    calls = deployment.change(variants={"blue": ["ml.c5.large", SCALED]})
    assert_updated_in_place(calls)
    assert_in_order(about(calls, "teal"), "DeregisterScalableTarget", "UpdateEndpoint")
    assert scaling_actions(calls, "blue") == set()
    assert_all_there(deployment, "blue")


def test_scaling_goes_and_comes_on_a_live_endpoint(deployment: ConcreteDeployment) -> None:
    gone = deployment.change(variants={"blue": ["ml.c5.large", None]})
    assert_all_there(deployment)
    come = deployment.change(variants={"blue": ["ml.c5.large", {"least": 3, "most": 4}]})
    assert_all_there(deployment, "blue")
    assert "UpdateEndpoint" not in {call.action for call in [*gone, *come]}
    assert counts(deployment) == {"blue": 3}  # no longer what the configuration begins with


def test_the_least_count_is_there_again_after_an_update(deployment: ConcreteDeployment) -> None:
    calls = deployment.change(image=image(deployment.aws.region, "1.2"))
    assert_updated_in_place(calls)
    assert_in_order(calls, "DeregisterScalableTarget", "UpdateEndpoint", BACK)
    assert counts(deployment) == {"blue": 3}
    assert_all_there(deployment, "blue")


def test_a_renamed_endpoint_is_scaled_as_the_one_before(deployment: ConcreteDeployment) -> None:
    calls = deployment.change(endpoint_name="classifier")
    assert_in_order(calls, "DeregisterScalableTarget", "DeleteEndpoint", BACK)
    assert_in_order(calls, "CreateEndpoint", BACK)
    assert_all_there(deployment, "blue")
    assert counts(deployment) == {"blue": 3}


def test_a_destroy_leaves_nothing(deployment: ConcreteDeployment) -> None:
    calls = deployment.destroy()
    assert_in_order(calls, "DeregisterScalableTarget", "DeleteEndpoint")
    assert deployment.left() == set()
