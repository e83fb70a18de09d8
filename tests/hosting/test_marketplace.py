"""What SageMaker does not host a package of AWS Marketplace with is refused, once the account is known."""

from dataclasses import replace
from typing import Any

from sagemaker_endpoint import Container, Model, ServerlessProductionVariant

import pytest
from cdktf import Token

from tests.console import evaluate
from tests.examples import IMAGE, VARIANT, stack, synthesize, variable

BOUGHT = "arn:aws:sagemaker:eu-west-1:865070037744:model-package/seller"
OWN = "arn:aws:sagemaker:eu-west-1:111122223333:model-package/own"
SHARED = "arn:aws:sagemaker:eu-west-1:865070037744:model-package/group/1"
AT = "production_variants[0].model"
ISOLATION = (
    f"{AT}.enable_network_isolation must be True with a model_package_name of AWS Marketplace, whose containers "
    "SageMaker cuts off from the network"
)


def stated(model: Model) -> dict[str, Any]:
    return {"production_variants": [replace(VARIANT, model=model)]}


def several(package: str) -> dict[str, Any]:
    return stated(Model(containers=[Container(image=IMAGE), Container(model_package_name=package)]))


def serverless(package: str) -> dict[str, Any]:
    model = Model(model_package_name=package)
    variant = ServerlessProductionVariant(model=model, memory_size_in_mb=2048, max_concurrency=1)
    return {"network": None, "production_variants": [variant]}


def asked(inputs: dict[str, Any], scope: Any = None) -> dict[str, str]:  # noqa: ANN401 - a stack or none
    """Give the conditions about AWS Marketplace by their messages, up to the value."""
    made = synthesize(scope, **inputs).one("aws_sagemaker_model")["lifecycle"].get("precondition", [])
    about = [each for each in made if "of AWS Marketplace" in each["error_message"]]
    return {each["error_message"].partition(", got")[0]: each["condition"] for each in about}


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        (lambda package: stated(Model(model_package_name=package)), ISOLATION),
        (
            several,
            (
                f"{AT}.containers[1].model_package_name must not be of AWS Marketplace with {AT}.containers: SageMaker "
                "hosts what is bought there in a model of one container alone"
            ),
        ),
        (
            serverless,
            (
                f"{AT}.model_package_name must not be of AWS Marketplace with a ServerlessProductionVariant: SageMaker "
                "hosts what is bought there on instances alone"
            ),
        ),
    ],
)
def test_what_is_bought_is_isolated_on_instances_in_a_container_alone(inputs: Any, sentence: str) -> None:  # noqa: ANN401 - a function
    found = asked(inputs(BOUGHT))
    assert [*found] == [sentence]
    assert evaluate([*found.values()], {}) == [False]
    assert evaluate([*asked(inputs(OWN)).values()], {}) == [True]
    assert asked(inputs(SHARED)) == {}


def test_what_is_bought_and_isolated_is_accepted() -> None:
    assert asked(stated(Model(model_package_name=BOUGHT, enable_network_isolation=True))) == {}


def test_terraform_may_know_the_package_and_the_isolation_alone() -> None:
    scope = stack()
    package, isolated = variable(scope, name="package").string_value, variable(scope, "bool", "isolated").value
    found = asked(stated(Model(model_package_name=package, enable_network_isolation=Token.as_any(isolated))), scope)
    assert [*found] == [ISOLATION]
    for known, right in (
        ({"package": BOUGHT, "isolated": True}, True),
        ({"package": BOUGHT, "isolated": False}, False),
        ({"package": OWN, "isolated": False}, True),
        ({"package": SHARED, "isolated": False}, True),
    ):
        assert evaluate([*found.values()], known) == [right]
