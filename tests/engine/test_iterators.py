"""An iterator's values have no place in an endpoint, and each input that is one says so."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cdktf import Fn, MapTerraformIterator, TerraformIterator, Token

from tests.examples import MODEL, NETWORK, VARIANT, endpoint, problems

WAY_OUT = "an endpoint is made once. Make one for each value in a Python loop"
Given = Callable[[MapTerraformIterator], Any]
INPUTS: dict[str, Given] = {
    "endpoint_name": lambda each: {"endpoint_name": each.key},
    "network.vpc_id": lambda each: {"network": replace(NETWORK, vpc_id=Token.as_string(each.value))},
    "network.subnet_ids": lambda each: {"network": replace(NETWORK, subnet_ids=Token.as_list(each.value))},
    "network.subnet_ids[1]": lambda each: {"network": replace(NETWORK, subnet_ids=["subnet-01234567", each.key])},
    "production_variants[0].initial_instance_count": lambda each: {
        "production_variants": [replace(VARIANT, initial_instance_count=each.get_number("count"))]
    },
    "production_variants[0].model.environment['A']": lambda each: {
        "production_variants": [replace(VARIANT, model=replace(MODEL, environment={"A": Fn.upper(each.key)}))]
    },
    "production_variants[0].model.enable_network_isolation": lambda each: {
        "production_variants": [replace(VARIANT, model=replace(MODEL, enable_network_isolation=each.get_boolean("b")))]
    },
    "tags": lambda each: {"tags": each.get_string_map("tags")},
    "tags['team']": lambda _: {"tags": {"team": "${each.value}"}},
}


@pytest.mark.parametrize(("at", "given"), INPUTS.items(), ids=INPUTS)
def test_an_iterators_value_is_told_with_the_way_out(at: str, given: Given) -> None:
    iterator = TerraformIterator.from_map({"a": {"count": 1}})
    (sentence,) = problems(**given(iterator))
    assert sentence.startswith(f"{at} must not be the value of a TerraformIterator, got ")
    assert WAY_OUT in sentence


def test_an_iterators_value_whose_type_is_not_known_either_does_not_lead_in_a_circle() -> None:
    first, second = problems(endpoint_name=TerraformIterator.from_list(["a"]).value)
    assert "whose type is not known" in first
    assert second.startswith("endpoint_name must not be the value of a TerraformIterator")


@pytest.mark.parametrize("at", ["network.subnet_ids", "tags"])
def test_a_token_mixed_with_other_members_is_told_as_that(at: str) -> None:
    subnet_ids = [*Token.as_list("${local.ids}"), *NETWORK.subnet_ids]
    tags = {**Token.as_string_map("${local.tags}"), "team": "ml"}
    given = {"tags": tags} if at == "tags" else {"network": replace(NETWORK, subnet_ids=subnet_ids)}
    (sentence,) = problems(**given)
    assert sentence.startswith(f"{at} must not mix a token with other members: give Token.as_")


def test_a_text_that_names_each_value_is_no_iterators_value() -> None:
    model = replace(MODEL, environment={"NOTE": "each.value counts", "OTHER": "$${each.value}"})
    assert endpoint(production_variants=[replace(VARIANT, model=model)])
