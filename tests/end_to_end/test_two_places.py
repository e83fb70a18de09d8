"""One stack, two accounts and two regions: all of an endpoint with a provider of its own is where that works."""

from pathlib import Path

import pytest

from tests.account import ACCOUNT
from tests.demo.inventory import take_inventory
from tests.demo.stage import image
from tests.embedded_aws import EmbeddedAws

from .deployment import ConcreteDeployment
from .interfaces import marks
from .vpc import Vpc

pytestmark = pytest.mark.end_to_end

OTHER_ACCOUNT, OTHER_REGION = "210987654321", "us-east-2"
ROLE = f"arn:aws:iam::{OTHER_ACCOUNT}:role/operator"


def test_an_endpoint_comes_changes_and_goes_in_another_account_and_region(aws: EmbeddedAws, tmp_path: Path) -> None:
    there = aws.elsewhere(region=OTHER_REGION, role_arn=ROLE)
    here = _network(Vpc(aws)) | {"region": aws.region}
    away = _network(Vpc(there, number=1)) | {"region": OTHER_REGION, "role_arn": ROLE}
    deployment = ConcreteDeployment.of(
        aws, tmp_path, "two_places", endpoint_name="sentiment", tag="1.0", here=here, there=away
    )
    before = take_inventory(there.client)
    deployment.start()
    deployment.apply()
    outputs = deployment.terraform.outputs()
    assert outputs["arn_here"] == f"arn:aws:sagemaker:{aws.region}:{ACCOUNT}:endpoint/sentiment"
    assert outputs["arn_there"] == f"arn:aws:sagemaker:{OTHER_REGION}:{OTHER_ACCOUNT}:endpoint/sentiment"
    made = {_kind(each) for each in take_inventory(there.client) - before}
    assert made == {_kind(each) for each in deployment.left()}
    assert all(marks(there, outputs["security_group_id_there"]))
    assert deployment.terraform.plan().is_empty

    deployment.change(tag="2.0")
    for place in (aws, there):
        [model] = place.client("sagemaker").list_models()["Models"]
        described = place.client("sagemaker").describe_model(ModelName=model["ModelName"])
        assert described["PrimaryContainer"]["Image"] == image(place.region, "2.0")
    assert deployment.terraform.plan().is_empty

    deployment.destroy()
    assert deployment.left() == take_inventory(there.client) - before == set()


def _kind(thing: str) -> str:
    """Leave the name of a thing in an inventory out: half of each is made by chance."""
    return thing.rpartition(" ")[0]


def _network(vpc: Vpc) -> dict[str, object]:
    return {"vpc_id": vpc.id, "subnet_ids": [vpc.subnet("a"), vpc.subnet("b")]}
