"""A stack that makes the network, too: what the library looks up about subnets is not there when Terraform plans."""

from pathlib import Path

import pytest

from tests.demo.stage import image
from tests.embedded_aws import EmbeddedAws

from .deployment import ConcreteDeployment
from .live import Live
from .policies import s3_access

pytestmark = pytest.mark.end_to_end


def test_an_endpoint_and_its_network_come_and_go_together(aws: EmbeddedAws, tmp_path: Path) -> None:
    deployment = ConcreteDeployment.of(
        aws, tmp_path, "own_network", region=aws.region, endpoint_name="sentiment", image=image(aws.region, "1.0")
    )
    deployment.start()
    deployment.apply()
    outputs = deployment.terraform.outputs()
    variant = Live.of(aws, "sentiment").variants["AllTraffic"]
    assert variant.subnet_ids == set(outputs["subnet_ids"])
    assert variant.security_group_ids == (outputs["security_group_id"],)
    assert s3_access(aws, variant.role_arn) == {}
    assert deployment.terraform.plan().is_empty

    deployment.destroy()
    assert deployment.left() == set()
