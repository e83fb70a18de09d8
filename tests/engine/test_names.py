"""Prefixes leave room for what Terraform appends, whatever the endpoint is called."""

import re

from sagemaker_endpoint import InputError, SageMakerEndpoint
from sagemaker_endpoint.engine.names import name_prefix
from sagemaker_endpoint.network.network import security_group_prefix
from sagemaker_endpoint.rules import limits

import pytest
from constructs import Construct

from tests.console import evaluate
from tests.examples import INPUTS, stack, synthesize, variable
from tests.synthesized import Synthesized

APPENDED = 26
"""Terraform appends a time and a counter: terraform-plugin-sdk's helper/id, UniqueIDSuffixLength."""
SHORTEST = "a"
LONGEST = "Sentiment-" + "0123456789" * 5 + "-63"
ENDPOINT_NAMES = [SHORTEST, LONGEST, "a" + "-" * 61 + "b"]


def test_a_prefix_keeps_its_suffix_and_leaves_room_for_what_terraform_appends() -> None:
    assert name_prefix("sentiment", "-invoke-", limits.POLICY_NAME) == "sentiment-invoke-"
    longest = limits.ROLE_NAME.max_length
    assert longest is not None
    made = name_prefix(LONGEST, "-execution-", limits.ROLE_NAME)
    assert made.endswith("-execution-")
    assert len(made) == longest - APPENDED
    digested = name_prefix(LONGEST, "-execution-", limits.ROLE_NAME, digest="12345678")
    assert digested.endswith("-execution-12345678-")
    assert len(digested) == longest - APPENDED


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("endpoint_name", ENDPOINT_NAMES)
def test_every_name_fits_aws(endpoint_name: str, known: bool) -> None:
    scope = stack()
    made = synthesize(scope, endpoint_name=endpoint_name if known else variable(scope).string_value)
    limit = {
        "aws_iam_role": limits.ROLE_NAME,
        "aws_iam_policy": limits.POLICY_NAME,
        "aws_sagemaker_endpoint_configuration": limits.ENDPOINT_CONFIG_NAME,
        "aws_security_group": limits.Text(min_length=1, max_length=255, pattern="[ -~]+"),
        "aws_sagemaker_model": limits.MODEL_NAME,
        "aws_sagemaker_endpoint": limits.ENDPOINT_NAME,
        "aws_cloudwatch_log_group": limits.LOG_GROUP_NAME,
        "aws_kms_alias": limits.KMS_ALIAS_NAME,
    }
    written = [
        [kind, block.get("name"), block.get("name_prefix")] for kind in limit for block in made.all(kind).values()
    ]
    found = evaluate(written, {} if known else {"value": endpoint_name})
    assert isinstance(found, list)
    assert {kind for kind, *_ in found} == set(limit)
    for kind, name, prefix in found:
        full = name or prefix + "0" * APPENDED
        pattern, longest = limit[kind].pattern, limit[kind].max_length
        assert pattern is not None
        assert longest is not None
        assert re.fullmatch(pattern, full), f"{kind}: {full}"
        assert len(full) <= longest, f"{kind}: {full}"
        assert endpoint_name[:25] in full, f"{kind} is not to be told by eye: {full}"


def test_names_known_at_synthesis_and_in_terraform_are_the_same() -> None:
    scope = stack()
    kinds = ["aws_iam_role", "aws_iam_policy", "aws_sagemaker_endpoint_configuration", "aws_security_group"]
    known = synthesize(endpoint_name=LONGEST)
    deferred = synthesize(scope, endpoint_name=variable(scope).string_value)
    here = [block["name_prefix"] for kind in kinds for block in known.all(kind).values()]
    there = [block["name_prefix"] for kind in kinds for block in deferred.all(kind).values()]
    assert evaluate(there, {"value": LONGEST}) == evaluate(here)


# What a service keeps for itself at the beginning of a name, whatever the case.
RESERVED = {
    "aws_security_group": ["sg-", "default"],
    "aws_kms_alias": ["alias/aws/"],
    "aws_iam_role": ["aws:", "AWSServiceRole"],
    "aws_iam_policy": ["aws:"],
    "aws_cloudwatch_log_group": ["aws/"],
    "aws_sagemaker_endpoint_configuration": ["aws:"],
    "aws_sagemaker_model": ["aws:"],
}


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("endpoint_name", ["sg-prod-llm", "SG-1", "aws-a", "default-a", f"sg-{'a' * 60}"])
def test_no_name_begins_with_what_its_service_keeps_for_itself(endpoint_name: str, known: bool) -> None:
    scope = stack()
    made = synthesize(scope, endpoint_name=endpoint_name if known else variable(scope).string_value)
    written = [
        [kind, block.get("name_prefix") or block["name"]] for kind in RESERVED for block in made.all(kind).values()
    ]
    found = evaluate(written, {} if known else {"value": endpoint_name})
    assert isinstance(found, list)
    for kind, name in found:
        assert not name.lower().startswith(tuple(each.lower() for each in RESERVED[kind] if each != "default")), name
        assert name not in RESERVED[kind]


def test_a_groups_name_is_the_same_whether_known_or_deferred_and_only_changed_where_it_must_be() -> None:
    names_ = ["sg-prod", "SG-prod", "sentiment", "a-sg-b", "sgx"]
    here = [security_group_prefix(each) for each in names_]
    assert here == ["endpoint-prod-endpoint-", "endpoint-prod-endpoint-", *[f"{each}-endpoint-" for each in names_[2:]]]
    there = [security_group_prefix(f"${{var.v{index}}}") for index, _ in enumerate(names_)]
    assert evaluate(there, {f"v{index}": each for index, each in enumerate(names_)}) == here


@pytest.mark.parametrize("id_", ["0", "2nd", "-", "-a", "\u00e92"])
def test_an_id_of_which_terraform_takes_no_name_is_told(id_: str) -> None:
    with pytest.raises(InputError) as raised:
        SageMakerEndpoint(stack(), id_, **INPUTS)
    assert raised.value.problems == (f"id must begin with a letter, as Terraform's names of resources do, got {id_!r}",)
    assert SageMakerEndpoint(Construct(stack(), "Platform"), id_, **INPUTS)  # whose id comes first in all names


@pytest.mark.parametrize("id_", ["a0", "_0", "a${x}b", "a b", "\u00e9a", "Default"])
def test_any_other_id_will_do(id_: str) -> None:
    scope = stack()
    SageMakerEndpoint(scope, id_, **INPUTS)
    addresses = Synthesized(scope).addresses()
    assert [each for each in addresses if not re.match(r"(data\.|check\.)?([a-z0-9_]+\.)?[A-Za-z_]", each)] == []
