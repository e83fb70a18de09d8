"""A function of this account, and a role for another one."""

from pathlib import Path

import pytest

from tests.embedded_aws import EmbeddedAws

from . import lifecycle
from .example import Example
from .furnished import furnish

pytestmark = pytest.mark.end_to_end


def test_the_example_lives_from_apply_to_destroy(aws: EmbeddedAws, tmp_path: Path) -> None:
    example = Example.of(aws, tmp_path, "callers")
    furnish(aws, example.inputs)
    lifecycle.apply(example)
    endpoint = str(example.terraform.outputs()["endpoint_arn"])
    for role in ("callers-function", "callers-partner"):
        assert may_invoke(aws, role, endpoint)
        assert not may_invoke(aws, role, endpoint.replace("callers", "others"))
    lifecycle.change(example, "team/sentiment:1.4", "team/sentiment:1.5")
    lifecycle.part_with(example)


def may_invoke(aws: EmbeddedAws, role: str, endpoint_arn: str) -> bool:
    iam = aws.client("iam")
    arn = iam.get_role(RoleName=role)["Role"]["Arn"]
    invoke = {"ActionNames": ["sagemaker:InvokeEndpoint"], "ResourceArns": [endpoint_arn]}
    decided = iam.simulate_principal_policy(PolicySourceArn=arn, **invoke)["EvaluationResults"][0]["EvalDecision"]
    return bool(decided == "allowed")
