"""The operator: its permissions, its role, and its credentials, which are neither printed nor stored."""

import json
import re
from pathlib import Path

import pytest

from .scene import ACCOUNT, DELETE, DETACH, ENDPOINT, GROUP, IDENTITY, LOOK, Scene, policy

pytestmark = pytest.mark.end_to_end

RUNBOOK = Path(__file__).resolve().parents[2] / "docs" / "runbook.md"


@pytest.fixture
def role(scene: Scene) -> dict[str, str]:
    """Make a role that may do all, and give what the script is to be told of it."""
    name = scene.stage.name
    iam = scene.aws.client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(["sts:AssumeRole"], Principal={"AWS": "*"}))
    allowed = ["sagemaker:DescribeEndpoint", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"]
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy(allowed, Resource="*"))
    return {"ENI_CLEANUP_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/{name}", "ENI_CLEANUP_EXTERNAL_ID": "Team=7,A:b/c"}


@pytest.mark.parametrize("external_id", ["Team=7,A:b/c", "--debug"])
def test_the_role_is_assumed_with_its_external_id_and_used_for_every_call(
    scene: Scene, role: dict[str, str], tmp_path: Path, external_id: str
) -> None:
    role["ENI_CLEANUP_EXTERNAL_ID"] = external_id
    keys = scene.user("sts:AssumeRole")
    scene.deleted_endpoint()
    with scene.aws.enforce_iam():
        outcome = scene.run("release", keys | role | {"TMPDIR": str(tmp_path)})
    assert outcome.code == 0, outcome.log
    assert scene.ids() == []
    assert scene.actions() == ["AssumeRole", IDENTITY, ENDPOINT, GROUP, LOOK, DELETE, LOOK]
    assert scene.calls()[0].parameters["ExternalId"] == external_id
    assert list(tmp_path.iterdir()) == []


def test_no_credential_is_printed_or_stored(scene: Scene, role: dict[str, str], tmp_path: Path) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "AKIAUNMISTAKABLE0000", "AWS_SECRET_ACCESS_KEY": "unmistakable-secret"}
    with scene.running("release", keys | role | {"TMPDIR": str(tmp_path)}) as run:
        with scene.aws.fault(f"ec2:{LOOK}", None, caller="aws-cli"):  # held: what is stored is there now
            run.until("is gone")
            scene.until_called("AssumeRole", 1)
            files = [path for path in tmp_path.rglob("*") if path.is_file()]
            stored = "".join(path.read_text() for path in files)
        outcome = run.end()
    assert files
    assert outcome.code == 0
    for text in (stored, outcome.log):
        assert not re.search("unmistakable|AKIA|ASIA|SecretAccessKey", text, re.IGNORECASE)


def test_the_runbooks_policy_is_all_that_the_operator_needs(scene: Scene) -> None:
    (document,) = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", RUNBOOK.read_text(), flags=re.DOTALL))
    scene.aws.behave("detachable")
    scene.endpoint()
    keys = scene.user(*document["Statement"][0]["Action"])
    with scene.aws.enforce_iam():
        marked = scene.run("mark", keys)
    scene.stage.delete_endpoint(scene.endpoint_name)
    with scene.aws.enforce_iam():
        released = scene.run("release", keys | {"ENI_CLEANUP_DETACH_AFTER": "0"})
    assert "WARNING" not in marked.log + released.log
    assert released.code == 0
    assert scene.ids() == []
    assert scene.changes_made() == ["ModifyNetworkInterfaceAttribute", DETACH, DELETE]
