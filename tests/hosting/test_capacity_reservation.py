"""A variant's instances come out of a reservation, where the bindings know of one."""

from dataclasses import fields, replace
from typing import Any

from sagemaker_endpoint import CapacityReservationConfig
from sagemaker_endpoint.engine.bindings import AWS_BINDINGS

import pytest
from botocore.loaders import Loader
from cdktf import TerraformStack

from tests.console import evaluate
from tests.examples import VARIANT, problems, stack, synthesize, variable
from tests.synthesized import Block, Synthesized

AT = "production_variants[0].capacity_reservation_config"
CONFIGURATION = "aws_sagemaker_endpoint_configuration"
PLAN = "arn:aws:sagemaker:eu-west-1:111122223333:training-plan/sentiment"
OTHER_PLAN = "arn:aws:sagemaker:eu-west-1:111122223333:training-plan/other"
RESERVATION = "arn:aws:sagemaker:eu-west-1:111122223333:ml-reservation/0123456789ab"
ONLY = "capacity-reservations-only"


def reserved(arn: object = PLAN, **stated: Any) -> CapacityReservationConfig:
    return CapacityReservationConfig(**{"ml_reservation_arn": arn, **stated})


def variants(*arns: object) -> dict[str, object]:
    """Give an endpoint with a variant for each reservation."""
    stated = enumerate(map(reserved, arns))
    made = [replace(VARIANT, variant_name=f"v{index}", capacity_reservation_config=each) for index, each in stated]
    return {"production_variants": made}


def made(scope: TerraformStack | None = None, /, **stated: object) -> Synthesized:
    return synthesize(scope, production_variants=[replace(VARIANT, capacity_reservation_config=reserved(**stated))])


def blocks(found: Synthesized, of: str = "production_variants") -> list[Block | None]:
    return [each.get("capacity_reservation_config") for each in found.one(CONFIGURATION)[of]]


def accepts(found: Synthesized, value: str | None) -> bool:
    """Ask Terraform whether all conditions hold of a value of the variable."""
    asked = [each["condition"] for each in found.one(CONFIGURATION)["lifecycle"]["precondition"]]
    answers = evaluate(asked, {"value": value})
    assert isinstance(answers, list)
    return all(answers)


def test_nothing_is_reserved_by_default() -> None:
    assert blocks(synthesize()) == [None]


@pytest.mark.cdktn
@pytest.mark.parametrize("arn", [PLAN, RESERVATION])
def test_a_reservation_is_enough(arn: str) -> None:
    assert blocks(made(arn=arn)) == [{"ml_reservation_arn": arn, "capacity_reservation_preference": ONLY}]


@pytest.mark.cdktn
def test_everything_can_be_stated() -> None:
    stated = {"ml_reservation_arn": RESERVATION, "capacity_reservation_preference": ONLY}
    assert {each.name for each in fields(CapacityReservationConfig)} == {*stated}
    assert blocks(made(**stated)) == [stated]


@pytest.mark.cdktn
def test_a_shadow_variant_comes_out_of_a_reservation_too() -> None:
    shadow = replace(VARIANT, variant_name="shadow", capacity_reservation_config=reserved(RESERVATION))
    found = synthesize(shadow_production_variants=[shadow])
    assert blocks(found) == [None]
    assert blocks(found, "shadow_production_variants") == [
        {"ml_reservation_arn": RESERVATION, "capacity_reservation_preference": ONLY}
    ]


@pytest.mark.cdktn
def test_the_role_gets_nothing_for_it() -> None:
    policies = "data.aws_iam_policy_document"
    assert made().all(policies) == synthesize().all(policies)


@pytest.mark.cdktn
@pytest.mark.parametrize(
    "arns", [(PLAN, PLAN), (RESERVATION, f"{RESERVATION}c"), (PLAN, RESERVATION)], ids=["plan", "several", "both"]
)
def test_variants_may_share_a_plan_and_have_a_reservation_each(arns: tuple[str, str]) -> None:
    found = blocks(synthesize(**variants(*arns)))
    assert [each and each["ml_reservation_arn"] for each in found] == [*arns]


# What Terraform alone knows.


@pytest.mark.cdktn
def test_a_reservation_that_terraform_alone_knows_is_checked_there() -> None:
    scope = stack()
    found = made(scope, arn=variable(scope).string_value)
    assert blocks(found) == [{"ml_reservation_arn": "${var.value}", "capacity_reservation_preference": ONLY}]
    wrong = ["arn:aws:ec2:eu-west-1:111122223333:capacity-reservation/cr-0", "sentiment", f"{PLAN}{'x' * 200}", None]
    assert accepts(found, PLAN)
    assert [each for each in wrong if accepts(found, each)] == []


@pytest.mark.cdktn
def test_a_preference_that_terraform_alone_knows_is_checked_there() -> None:
    scope = stack()
    found = made(scope, capacity_reservation_preference=variable(scope).string_value)
    assert blocks(found) == [{"ml_reservation_arn": PLAN, "capacity_reservation_preference": "${var.value}"}]
    assert [accepts(found, each) for each in (ONLY, "open", None)] == [True, False, False]


@pytest.mark.cdktn
def test_terraform_refuses_a_second_plan_that_it_alone_knows() -> None:
    scope = stack()
    found = synthesize(scope, **variants(PLAN, variable(scope).string_value))
    assert [accepts(found, each) for each in (PLAN, RESERVATION, OTHER_PLAN)] == [True, True, False]


# What is wrong.


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no sentence about the bindings beside the others."""
    monkeypatch.setattr("sagemaker_endpoint.hosting.variant.HAS_CAPACITY_RESERVATION_CONFIG", True)


def test_bindings_that_know_no_reservations_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sagemaker_endpoint.hosting.variant.HAS_CAPACITY_RESERVATION_CONFIG", False)
    [sentence] = problems(**variants(PLAN))
    assert sentence == (
        f"{AT} must not be given with the installed {AWS_BINDINGS}, whose AWS provider does not know it: "
        "install a release of AWS provider 6.54 or later, which cdktn alone has bindings for"
    )


@pytest.mark.cdktf
def test_cdktfs_bindings_know_no_reservations() -> None:
    [sentence] = problems(**variants(PLAN))
    assert "the installed cdktf-cdktf-provider-aws" in sentence


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("stated", "start", "end"),
    [
        ({"arn": "sentiment"}, "ml_reservation_arn must look like 'arn:aws:sagemaker:", ", which is a name"),
        (
            {"arn": "arn:aws:ec2:eu-west-1:111122223333:capacity-reservation/cr-0123456789abcdef0"},
            "ml_reservation_arn must look like 'arn:aws:sagemaker:",
            ", which is the ARN of something else",
        ),
        ({"arn": f"{PLAN}{'x' * 200}"}, "ml_reservation_arn must have 20 to 258 characters, got 264", ""),
        ({"arn": None}, "ml_reservation_arn must be a string such as 'arn:aws:sagemaker:", "got None"),
        (
            {"capacity_reservation_preference": "open"},
            f"capacity_reservation_preference must look like '{ONLY}'",
            "got 'open'",
        ),
        (
            {"capacity_reservation_preference": None},
            "capacity_reservation_preference must be a string such as ",
            "got None",
        ),
    ],
)
def test_a_wrong_reservation_is_told(stated: dict[str, Any], start: str, end: str) -> None:
    variant = replace(VARIANT, capacity_reservation_config=reserved(**stated))
    [sentence] = problems(production_variants=[variant])
    assert sentence.startswith(f"{AT}.{start}")
    assert sentence.endswith(end)


@pytest.mark.usefixtures("known")
def test_something_else_in_its_place_is_told() -> None:
    variant = replace(VARIANT, capacity_reservation_config={"ml_reservation_arn": PLAN})  # type: ignore[arg-type] # on purpose
    assert problems(production_variants=[variant]) == (f"{AT} must be CapacityReservationConfig(...), got dict",)


@pytest.mark.usefixtures("known")
def test_an_endpoint_is_in_one_training_plan() -> None:
    [sentence] = problems(**variants(PLAN, OTHER_PLAN))
    assert sentence.startswith("production_variants must not be in two training plans: an endpoint uses one, got [")
    shadow = replace(VARIANT, variant_name="shadow", capacity_reservation_config=reserved(OTHER_PLAN))
    [sentence] = problems(**variants(PLAN), shadow_production_variants=[shadow])
    assert sentence.startswith("shadow_production_variants and production_variants must not be in two training plans")


def test_aws_offers_no_other_preference() -> None:
    shapes = Loader().load_service_model("sagemaker", "service-2")["shapes"]
    assert shapes["CapacityReservationPreference"]["enum"] == [ONLY]
