"""Whose an interface is: proven by who asked for it, never assumed; what is not the endpoint's is never touched."""

import re
from pathlib import Path

import pytest

from .fake_cli import EXECUTION_ROLE_ID, GROUP, ORPHAN, FakeCli, refusal, rows
from .scene import GROUP_DESCRIPTION, Scene

OTHER_ROLE = "AROAFEDCBA98765432100"
WRITES = re.compile(r"(delete|detach|modify)-network-interface")
SOON = {"QUIET": "1"}
SHARED = {"ENI_CLEANUP_EXECUTION_ROLE_SHARED": "true"}


@pytest.fixture
def cli(tmp_path: Path) -> FakeCli:
    return FakeCli(folder=tmp_path)


def row(number: int = 0, /, **changes: str) -> str:
    """Write one of describe-network-interfaces' rows: an interface of SageMaker's, asked for by the execution role."""
    fields = {
        "id": f"{ORPHAN[:-1]}{number:x}",
        "status": "available",
        "type": "interface",
        "managed": "true",
        "requester": f"{EXECUTION_ROLE_ID}:SageMaker",
        "owner": "111122223333",
        "groups": GROUP,
        "attachment": "-",
        "instance": "-",
        "instance_owner": "-",
        "on_termination": "null",
        "subnet": "subnet-1",
        "names": "sentiment-endpoint-1",
        "description": "[null]",
    }
    assert set(changes) <= set(fields)
    return "\\t".join({**fields, **changes}.values()) + "\\n"


ATTACHED = {"status": "in-use", "attachment": "eni-attach-0123456789abcdef0", "on_termination": "false"}
FOREIGN = {
    "made by hand": {"managed": "false", "requester": "AIDA0123456789ABCDEF0", "description": '["failover address"]'},
    "by hand, with SageMaker's name": {"managed": "false", "requester": "1234", "description": '["SageMaker"]'},
    "for a Lambda function": {"type": "lambda", "requester": f"{EXECUTION_ROLE_ID}:sagemaker"},
    "for an instance": {"instance": "i-0123456789abcdef0", "instance_owner": "111122223333"},
    "for a notebook": {"description": '["… SageMaker Notebook Instance …"]'},
    "for Studio": {"description": '["[DO NOT DELETE] ENI managed by SageMaker for Studio Domain (d-1)"]'},
    "for a load balancer": {"requester": "amazon-elb"},
    "for a service": {"requester": "elasticloadbalancing.amazonaws.com"},
    "for a database": {"requester": "444455556666", "description": '["RDSNetworkInterface"]'},
    "for a resolver": {"requester": "444455556666", "description": '["Route 53 Resolver: rslvr-in-1:rni-1"]'},
    "for a desktop": {
        "requester": "444455556666",
        "description": '["Created By Amazon Workspaces for AWS Account ID 1"]',
    },
    "in other groups": {"requester": "444455556666", "groups": f"{GROUP},sg-76543210"},
}
OF_ANOTHER_ROLE = {
    "for another endpoint's role": {"requester": f"{OTHER_ROLE}:SageMaker"},
    "for a role whose id begins alike": {"requester": f"{EXECUTION_ROLE_ID}0:SageMaker"},
}
UNSURE = {
    "an account": "444455556666",
    "SageMaker": "amazon-sagemaker",
    "SageMaker's principal": "sagemaker.amazonaws.com",
    "none": "-",
}


def writes(cli: FakeCli) -> list[str]:
    return [found[1] for line in cli.journal if (found := WRITES.search(line))]


@pytest.mark.parametrize("state", [{}, ATTACHED], ids=["available", "in use"])
@pytest.mark.parametrize("mode", ["mark", "release"])
@pytest.mark.parametrize("kinds", [FOREIGN, OF_ANOTHER_ROLE], ids=["of no role", "of another role"])
def test_what_is_not_the_endpoints_is_left_alone(
    cli: FakeCli, kinds: dict[str, dict[str, str]], mode: str, state: dict[str, str]
) -> None:
    each = [row(number, **{**state, **kind}) for number, kind in enumerate(kinds.values())]
    cli.answers(noted="$*", describe_network_interfaces=rows(*each))
    outcome = cli.run(mode, {"ENI_CLEANUP_DETACH_AFTER": "0", "ENI_CLEANUP_TIMEOUT": "5"})
    assert outcome.code == {"mark": 0, "release": 5}[mode], outcome.log
    for number, kind in enumerate(kinds):
        assert re.search(rf"{ORPHAN[:-1]}{number:x} found: .*; not the endpoint's: ", outcome.log), kind
    assert writes(cli) == []


def test_what_nobody_foresaw_is_deleted_when_aws_has_let_go_of_it(cli: FakeCli) -> None:
    unsure = rows(*(row(number, requester=requester) for number, requester in enumerate(UNSURE.values())))
    cli.answers(noted="$*", describe_network_interfaces=f"grep -q delete- $JOURNAL && echo end || {unsure}")
    outcome = cli.run("release", edits=SOON)
    assert outcome.code == 0, outcome.log
    assert outcome.log.count("; perhaps the endpoint's: ") == len(UNSURE)
    assert writes(cli) == ["delete"] * len(UNSURE)


def test_what_nobody_foresaw_is_neither_marked_nor_detached(cli: FakeCli) -> None:
    unsure = (row(number, requester=requester, **ATTACHED) for number, requester in enumerate(UNSURE.values()))
    cli.answers(noted="$*", describe_network_interfaces=rows(*unsure))
    assert cli.run("mark").code == 0
    outcome = cli.run("release", {"ENI_CLEANUP_DETACH_AFTER": "0", "ENI_CLEANUP_TIMEOUT": "3"})
    assert outcome.code == 4, outcome.log
    assert outcome.log.count("; perhaps the endpoint's: ") >= len(UNSURE)
    assert writes(cli) == []


@pytest.mark.parametrize(
    ("others", "answers"),
    [
        ([row(1, requester=f"{OTHER_ROLE}:SageMaker", **ATTACHED)], {}),
        ([], {"describe_security_groups": "printf '[\"theirs\"]\\nend\\n'"}),
        ([], {"describe_security_groups": refusal("UnauthorizedOperation", "No.")}),
        ([], {"describe_endpoint": refusal("AccessDeniedException", "No.")}),
    ],
    ids=["another endpoint", "another group", "an unknown group", "an unknown endpoint"],
)
@pytest.mark.parametrize("told", [{}, SHARED], ids=["unsure", "shared"])
def test_what_may_be_anothers_is_left_alone(
    cli: FakeCli, told: dict[str, str], others: list[str], answers: dict[str, str]
) -> None:
    mine = row() if told else row(requester="444455556666")
    cli.answers(noted="$*", describe_network_interfaces=rows(mine, *others), **answers)
    outcome = cli.run("release", told | {"ENI_CLEANUP_DETACH_AFTER": "0", "ENI_CLEANUP_TIMEOUT": "5"})
    assert outcome.code == 5, outcome.log
    assert writes(cli) == []


def test_with_a_role_that_others_may_use_nothing_is_marked_or_detached(cli: FakeCli) -> None:
    cli.answers(noted="$*", describe_network_interfaces=rows(row(**ATTACHED)))
    assert cli.run("mark", SHARED).code == 0
    outcome = cli.run("release", SHARED | {"ENI_CLEANUP_DETACH_AFTER": "0", "ENI_CLEANUP_TIMEOUT": "3"})
    assert outcome.code == 4
    assert "its execution role asked for it, which other endpoints may use too" in outcome.log
    assert writes(cli) == []


def test_with_a_role_that_others_may_use_what_stays_available_is_deleted(cli: FakeCli) -> None:
    cli.answers(noted="$*", describe_network_interfaces=f"grep -q delete- $JOURNAL && echo end || {rows(row())}")
    assert cli.run("release", SHARED, edits=SOON).code == 0
    assert writes(cli) == ["delete"]


def test_where_the_role_is_not_known_two_roles_are_two_endpoints(cli: FakeCli) -> None:
    cli.answers(noted="$*", describe_network_interfaces=rows(row(), row(1, requester=f"{OTHER_ROLE}:SageMaker")))
    none = {"ENI_CLEANUP_EXECUTION_ROLE_ID": ""}
    outcome = cli.run("release", none | {"ENI_CLEANUP_DETACH_AFTER": "0"})
    assert outcome.code == 5, outcome.log
    assert writes(cli) == []


# Former groups


FORMER = {"groups": "sg-76543210", "names": "sentiment-endpoint-0"}
PREFIX = {"ENI_CLEANUP_GROUP_NAME_PREFIX": "sentiment-endpoint-"}


def test_what_stays_behind_in_a_former_group_is_deleted_after_the_marks(cli: FakeCli) -> None:
    left = rows(row(3, **FORMER), row(4, **ATTACHED))
    cli.answers(noted="$*", describe_network_interfaces=f"grep -q delete- $JOURNAL && echo end || {left}")
    outcome = cli.run("mark", PREFIX)
    assert outcome.code == 0
    assert "network interfaces deleted in former groups of sentiment: 1" in outcome.log
    (deletion,) = (line for line in cli.journal if "delete-" in line)
    assert f"{ORPHAN[:-1]}3" in deletion


@pytest.mark.parametrize(
    ("former", "told"),
    [
        ({**FORMER, "names": "theirs"}, PREFIX),
        ({**FORMER, "groups": "sg-76543210,sg-76543211"}, PREFIX),
        ({**FORMER, "requester": f"{OTHER_ROLE}:SageMaker"}, PREFIX),
        (FORMER, PREFIX | SHARED),
        (FORMER, {}),
        (FORMER, PREFIX | {"ENI_CLEANUP_EXECUTION_ROLE_ID": ""}),
    ],
    ids=["a group of another name", "several groups", "another role", "a shared role", "no name", "no role"],
)
def test_what_stands_in_other_groups_is_not_touched(cli: FakeCli, former: dict[str, str], told: dict[str, str]) -> None:
    cli.answers(noted="$*", describe_network_interfaces=rows(row(3, **former)))
    assert cli.run("mark", told).code == 0
    assert writes(cli) == []


def test_in_a_former_group_nothing_is_detached_and_the_wait_ends_with_a_warning(cli: FakeCli) -> None:
    cli.answers(
        noted="$*", describe_network_interfaces=rows(row(3, **{**ATTACHED, **FORMER, "on_termination": "true"}))
    )
    outcome = cli.run("mark", PREFIX | {"ENI_CLEANUP_TIMEOUT": "3", "ENI_CLEANUP_DETACH_AFTER": "0"})
    assert outcome.code == 0
    assert (
        "WARNING: time is up after 3s: AWS has not let go of what is left in former groups of sentiment" in outcome.log
    )
    assert writes(cli) == []


# The place


IDENTITY = r"printf '444455556666\tend\n'"
ACCOUNT = {"ENI_CLEANUP_ACCOUNT_ID": "111122223333"}


@pytest.mark.parametrize("mode", ["mark", "release"])
def test_in_another_account_nothing_is_done_and_it_is_said_what_mends_it(cli: FakeCli, mode: str) -> None:
    cli.answers(noted="$*", get_caller_identity=IDENTITY)
    outcome = cli.run(mode, ACCOUNT)
    assert outcome.code == {"mark": 0, "release": 3}[mode]
    assert "the environment's credentials are of the account 444455556666" in outcome.log
    assert "Terraform works in 111122223333" in outcome.log
    assert "InterfaceCleanup(role_arn=" in outcome.log
    assert "is free" not in outcome.log
    assert len(cli.journal) == 1


@pytest.mark.parametrize(("told", "code"), [(ACCOUNT, 0), ({}, 3)], ids=["the right account", "an unknown account"])
def test_a_group_that_there_is_not_is_free_in_the_right_account_only(
    cli: FakeCli, told: dict[str, str], code: int
) -> None:
    cli.answers(
        get_caller_identity=r"printf '111122223333\tend\n'",
        describe_security_groups=refusal("InvalidGroup.NotFound", "It does not exist"),
    )
    outcome = cli.run("release", told)
    assert outcome.code == code
    assert f"there is no group {GROUP}" in outcome.log


@pytest.mark.end_to_end
def test_releasing_one_of_two_endpoints_in_a_group_leaves_the_others_alone(scene: Scene) -> None:
    scene.aws.behave("detachable")
    mine = scene.deleted_endpoint()
    iam = scene.aws.client("iam")
    role = iam.create_role(RoleName=scene.stage.name[:60], AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    theirs = f"b-{scene.stage.name}"[:60].rstrip("-")
    placed = {"SecurityGroupIds": [scene.stage.group_id], "Subnets": [scene.stage.subnet_id(5)]}
    sagemaker = scene.stage.sagemaker
    sagemaker.create_model(
        ModelName=theirs, ExecutionRoleArn=role, PrimaryContainer={"Image": "image:1"}, VpcConfig=placed
    )
    only = {"VariantName": "only", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1, "ModelName": theirs}
    sagemaker.create_endpoint_config(EndpointConfigName=theirs, ProductionVariants=[only])
    sagemaker.create_endpoint(EndpointName=theirs, EndpointConfigName=theirs)
    failover = scene.bystander(description="failover address of the payments gateway")
    outcome = scene.run("release", {"ENI_CLEANUP_DETACH_AFTER": "0"})
    assert outcome.code == 5
    assert set(mine).isdisjoint(scene.ids())
    assert failover in scene.ids()
    assert sorted(scene.statuses()) == ["available", "in-use"]


def test_the_construct_and_the_script_know_the_group_by_the_same_description() -> None:
    network = Path(__file__).resolve().parents[2] / "constructs" / "sagemaker_endpoint" / "network" / "network.py"
    assert f'description="{GROUP_DESCRIPTION}"' in network.read_text(encoding="utf-8")
