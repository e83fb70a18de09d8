"""Where role, key and security group exist already, they are used and stay as they are."""

from pathlib import Path

import pytest

from tests.demo.inventory import take_inventory
from tests.embedded_aws import EmbeddedAws

from .deployment import ConcreteDeployment
from .existing import existing, security_group
from .interfaces import interfaces

pytestmark = pytest.mark.end_to_end


def test_existing_parts_are_used_and_outlive_the_endpoint(aws: EmbeddedAws, tmp_path: Path) -> None:
    endpoint = "sentiment"
    inputs = existing(aws, endpoint)
    group = security_group(aws, inputs["vpc_id"])
    deployment = ConcreteDeployment.of(aws, tmp_path, "existing", **{**inputs, "security_group_ids": [group]})
    deployment.start()
    deployment.apply()
    live = deployment.live()
    assert live.kms_key_arn == inputs["kms_key_arn"]
    assert live.variants["AllTraffic"].role_arn == inputs["role_arn"]
    assert live.variants["AllTraffic"].security_group_ids == (group,)
    assert deployment.terraform.plan().is_empty

    key = str(inputs["kms_key_arn"]).rpartition("/")[2]
    calls = deployment.destroy()
    left_behind = interfaces(aws, group)
    assert [each["Status"] for each in left_behind] == ["available"] * 2
    assert deployment.left() == {f"network interface {each['NetworkInterfaceId']}" for each in left_behind}
    assert {f"role {endpoint}", f"KMS key {key}", "security group theirs"} <= take_inventory(aws.client)
    assert {call.service for call in calls} == {"sagemaker", "logs", "iam", "cloudwatch"}
