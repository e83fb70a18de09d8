"""Partition, region and account come from the provider, so ARNs are right in every partition."""

import json
import re

from sagemaker_endpoint.engine.account import Account

import pytest
from cdktf import TerraformOutput

from tests.console import evaluate
from tests.examples import stack, synthesize
from tests.synthesized import Synthesized


@pytest.mark.parametrize(
    ("partition", "region"), [("aws", "eu-west-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")]
)
def test_an_arn_is_right_in_every_partition(partition: str, region: str) -> None:
    scope = stack()
    TerraformOutput(scope, "arn", value=Account(scope, "Account").arn("logs", "log-group:a"), static_id=True)
    written = Synthesized(scope).configuration["output"]["arn"]["value"]
    known = {"aws_partition.partition": partition, "aws_region.id": region}
    assert evaluate(written, known=known) == f"arn:{partition}:logs:{region}:111122223333:log-group:a"


def test_the_regions_id_is_used_which_every_provider_version_has() -> None:
    scope = stack()
    assert Account(scope, "Account")
    text = json.dumps(synthesize().configuration)
    assert set(re.findall(r"data\.aws_region\.[\w-]+\.(\w+)", text)) == {"id"}


def test_no_arn_names_a_partition_of_its_own() -> None:
    text = json.dumps(synthesize().configuration)
    assert "arn:${data.aws_partition." in text
    assert re.findall(r"arn:aws[a-z-]*:", text) == []


def test_the_account_is_looked_up_once() -> None:
    made = synthesize()
    for kind in ("data.aws_partition", "data.aws_region", "data.aws_caller_identity"):
        assert made.one(kind) == {}
