"""The reference app: its addresses, variables and outputs are a promise to whoever has deployed it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import main
from tests.console import evaluate
from tests.examples import IMAGE, NETWORK, SUBNETS, reference_app
from tests.synthesized import Block, Synthesized, named

# Renaming a construct renames the address, and Terraform replaces the users' resources: add, never change.
ADDRESSES = [
    "aws_appautoscaling_policy.Endpoint_Scaling-AllTraffic_Policy-ConcurrentRequestsPerModel_9963F1E0",
    "aws_appautoscaling_target.Endpoint_Scaling-AllTraffic_Target_661907D7",
    "aws_cloudwatch_log_group.Endpoint_Logs_LogGroup_2DAA84AA",
    "aws_cloudwatch_metric_alarm.Endpoint_Alarms_Disk-AllTraffic_8DACD15F",
    "aws_cloudwatch_metric_alarm.Endpoint_Alarms_Memory-AllTraffic_0EAFAD99",
    "aws_cloudwatch_metric_alarm.Endpoint_Alarms_ModelErrors-AllTraffic_EC8719D3",
    "aws_cloudwatch_metric_alarm.Endpoint_Alarms_NoInstances-AllTraffic_A3804C49",
    "aws_cloudwatch_metric_alarm.Endpoint_Alarms_ServerErrors-AllTraffic_8FD13E1C",
    "aws_iam_policy.Endpoint_Access_ArtifactsPolicy_0005DB12",
    "aws_iam_policy.Endpoint_Access_RuntimePolicy_311F0D2B",
    "aws_iam_policy.Endpoint_Invoke_Policy_FFE9C74A",
    "aws_iam_role.Endpoint_Access_Role_B1C4A1B7",
    "aws_iam_role_policy_attachment.Endpoint_Access_Artifacts_E7ED35A5",
    "aws_iam_role_policy_attachment.Endpoint_Access_Runtime_DDDDA6C8",
    "aws_kms_alias.Endpoint_Encryption_Alias_89B5E715",
    "aws_kms_key.Endpoint_Encryption_Key_7871DF84",
    "aws_sagemaker_endpoint.Endpoint_8024A810",
    "aws_sagemaker_endpoint_configuration.Endpoint_Configuration_2BA65784",
    "aws_sagemaker_model.Endpoint_Model-AllTraffic_Model_B6604CE9",
    "aws_security_group.Endpoint_Network_SecurityGroup_7AE2A2AA",
    "aws_vpc_security_group_egress_rule.Endpoint_Network_Egress-ipv4_96B69A35",
    "aws_vpc_security_group_egress_rule.Endpoint_Network_Egress-ipv6_8B565772",
    "check.Endpoint_Scaling-AllTraffic_Registered_37BF41C8",
    "data.aws_caller_identity.Endpoint_Account_CallerIdentity_049EE25F",
    "data.aws_iam_policy_document.Endpoint_Access_Artifacts-document_2F486D64",
    "data.aws_iam_policy_document.Endpoint_Access_Runtime-document_394697FC",
    "data.aws_iam_policy_document.Endpoint_Access_Trust_55207566",
    "data.aws_iam_policy_document.Endpoint_Encryption_Policy_D81D983F",
    "data.aws_partition.Endpoint_Account_Partition_3BB5DEB7",
    "data.aws_region.Endpoint_Account_Region_A797A398",
    "data.aws_route_tables.Endpoint_Network_MainRouteTable_EA79F054",
    "data.aws_route_tables.Endpoint_Network_PublicRouteTables_2F4471B0",
    "data.aws_route_tables.Endpoint_Network_SubnetRouteTable_95A5EC27",
    "data.aws_subnet.Endpoint_Network_Subnet_12373DA7",
    "null_resource.Endpoint_Interfaces_Mark_174B02AC",
    "null_resource.Endpoint_Interfaces_Release_F0BC8697",
    "terraform_data.Endpoint_Inference_8F41EEC0",
    "terraform_data.Endpoint_Kind_918EDC44",
    "terraform_data.Endpoint_Live_4A727FB7",
    "terraform_data.Endpoint_Model-AllTraffic_Placement_36FC4E61",
    "terraform_data.Endpoint_Scaling-AllTraffic_Registered_37BF41C8",
]
# Each variable's type, and its default if it has one.
VARIABLES: dict[str, tuple[object, ...]] = {
    "alarm_topic_arns": ("list(string)", []),
    "concurrent_requests_per_instance": ("number", 5),
    "deployment_wait_in_seconds": ("number", 0),
    "endpoint_name": ("string",),
    "environment": ("map(string)", {}),
    "image": ("string",),
    "initial_instance_count": ("number", 2),
    "instance_type": ("string", "ml.m5.xlarge"),
    "log_retention_in_days": ("number", 365),
    "max_instance_count": ("number", None),
    "min_instance_count": ("number", None),
    "model_data_url": ("string", None),
    "private_subnet_ids": ("list(string)",),
    "region": ("string",),
    "tags": ("map(string)", {}),
    "vpc_id": ("string",),
}


@pytest.fixture(scope="module")
def made() -> Synthesized:
    return reference_app()


def test_every_address_stays_what_it_is(made: Synthesized) -> None:
    assert made.addresses() == ADDRESSES


def test_the_stack_keeps_its_name() -> None:
    assert main.STACK == "sagemaker-endpoint"


# Variables.


def test_the_variables_have_these_types_and_defaults(made: Synthesized) -> None:
    variables: Block = made.configuration["variable"]
    assert {
        name: (block["type"], *([block["default"]] if "default" in block else [])) for name, block in variables.items()
    } == VARIABLES


def test_every_variable_is_described_and_none_but_the_optional_may_be_null(made: Synthesized) -> None:
    for name, block in made.configuration["variable"].items():
        assert block["description"].endswith("."), name
        assert block["nullable"] is (VARIABLES[name][1:] == (None,)), name


def test_every_variable_is_used(made: Synthesized) -> None:
    text = json.dumps({key: value for key, value in made.configuration.items() if key != "variable"})
    assert [name for name in VARIABLES if f"var.{name}" not in text] == []


# What Terraform lets pass when it plans, and what it stops.
VALUES: dict[str, tuple[list[object], list[object]]] = {
    "endpoint_name": (
        ["a", "Sentiment-2", "a--b", "a" * 63, "sg-prod"],
        ["", "a_b", "-a", "a-", "a" * 64, f"a{'-' * 62}b", "a\n"],
    ),
    "image": (
        [IMAGE, IMAGE.replace("/team/", "/")],
        [
            "",
            "sentiment:1",
            "docker.io/a:b",
            "ghcr.io/org/x:1",
            IMAGE.rpartition(":")[0],
            IMAGE.replace("eu-west-1", "us-east-1"),
        ],
    ),
    "model_data_url": (
        [
            None,
            "s3://models/a/model.tar.gz",
            "s3://my.models/model.tar.gz",
            "https://models.s3.eu-west-1.amazonaws.com/model.tar.gz",
        ],
        [
            "",
            "s3://models",
            "s3://models/model",
            "s3://*/x.tar.gz",
            "https://models/model.tar.gz",
            "https://models.s3.us-east-1.amazonaws.com/model.tar.gz",
        ],
    ),
    "environment": (
        [{}, {"LOG_LEVEL": "info", "_a1": ""}, {"A": "日" * 341}, {f"A{each}": "" for each in range(100)}],
        [
            {"1A": ""},
            {"A": "", "LOG-LEVEL": ""},
            {"A": "日" * 342},
            {f"A{each}": "" for each in range(101)},
            {f"A{each:02}": "b" * 1022 for each in range(33)},
        ],
    ),
    "instance_type": (
        ["ml.m5.xlarge", "ml.p6-b200.48xlarge"],
        ["", "m5", "m5.xlarge", "ml.m5", "ML.M5.XLARGE", "ml.m5.3xlarge"],
    ),
    "initial_instance_count": ([1, 2, 100], [0, -1, 1.5, 2**31]),
    "min_instance_count": ([None, 1, 2], [0, -1, 1.5, 3]),
    "max_instance_count": ([None, 2, 100], [0, 1, 2.5, 2**31]),
    "concurrent_requests_per_instance": ([1, 5, 0.5], [0, -1]),
    "alarm_topic_arns": (
        [[], ["arn:aws:sns:eu-west-1:111122223333:a"]],
        [["alarms"], [f"arn:aws:sns:eu-west-1:111122223333:a{each}" for each in range(6)]],
    ),
    "deployment_wait_in_seconds": ([0, 300, 3599], [-1, 0.5, 3600]),
    "vpc_id": (["vpc-01234567", NETWORK.vpc_id], ["", "vpc-1", "subnet-01234567", "vpc-0123456G"]),
    "private_subnet_ids": (
        [SUBNETS],
        [
            SUBNETS[:1],
            ["subnet-1", SUBNETS[0]],
            [SUBNETS[0], SUBNETS[0]],
            [*SUBNETS, "vpc-01234567"],
            [f"subnet-{each:08x}" for each in range(17)],
        ],
    ),
    "log_retention_in_days": ([0, 1, 365, 3653], [2, -1, 366]),
    "tags": (
        [{}, {"Team": "Zürich 5"}, {"a": ""}],
        [{"Team": "a", "team": "b"}, {"AWS:a": "b"}, {"50%": ""}, {"": "a"}, {"a": "b" * 257}, {"a" * 129: ""}],
    ),
}


def preconditions(made: Synthesized, name: str) -> list[Block]:
    """Give the preconditions that ask something of a variable."""
    blocks = [
        block
        for section in ("resource", "data")
        for kind in made.configuration[section].values()
        for block in kind.values()
    ]
    stated = [each for block in blocks for each in block.get("lifecycle", {}).get("precondition", [])]
    return [each for each in stated if f"var.{name}" in each["condition"]]


def test_terraform_asks_something_of_every_variable_but_the_region_which_the_provider_checks(made: Synthesized) -> None:
    assert {name for name in VARIABLES if preconditions(made, name)} == set(VALUES) == {*VARIABLES} - {"region"}


@pytest.mark.parametrize("name", VALUES)
def test_terraform_stops_what_aws_would_refuse_and_names_the_input_and_its_value(name: str, made: Synthesized) -> None:
    good, bad = VALUES[name]
    asked = preconditions(made, name)
    written = [
        [
            [each[key].replace(f"var.{name}", f"var.{name}_{index}") for key in ("condition", "error_message")]
            for each in asked
        ]
        for index, _ in enumerate([*good, *bad])
    ]
    others = {other: right[0] for other, (right, _) in VALUES.items() if other != name} | {"initial_instance_count": 2}
    variables = {f"{name}_{index}": value for index, value in enumerate([*good, *bad])} | others
    answers = evaluate(written, variables)
    assert isinstance(answers, list)
    refusals = [{message for holds, message in each if not holds} for each in answers]
    assert refusals[: len(good)] == [set()] * len(good)
    assert [value for value, said in zip(bad, refusals[len(good) :], strict=True) if not said] == []
    for said in refusals[len(good) :]:
        assert all(" must " in sentence and sentence.endswith(".") for sentence in said), said


# Outputs and providers.


def test_the_outputs_are_what_callers_and_operators_need(made: Synthesized) -> None:
    outputs: Block = dict(made.configuration["output"])
    assert all(output.pop("description") for output in outputs.values())
    assert outputs["runbook"].pop("sensitive") is True  # else each plan and apply would print all of it
    assert outputs.pop("runbook")["value"].startswith("# Runbook of the SageMaker endpoint ${var.endpoint_name} in ")
    assert outputs.pop("log_group_name") == {"value": "/aws/sagemaker/Endpoints/${var.endpoint_name}"}
    assert {name: named(output["value"]) for name, output in outputs.items()} == {
        "endpoint_name": made.address("aws_sagemaker_endpoint"),
        "endpoint_arn": made.address("aws_sagemaker_endpoint"),
        "endpoint_config_name": made.address("aws_sagemaker_endpoint_configuration"),
        "invoke_policy_arn": made.address("aws_iam_policy", "Invoke"),
        "execution_role_arn": made.address("aws_iam_role"),
        "security_group_id": made.address("aws_security_group"),
        "kms_key_arn": made.address("aws_kms_key"),
    }


def test_the_region_is_the_providers(made: Synthesized) -> None:
    assert made.configuration["provider"]["aws"] == [{"region": "${var.region}"}]
    assert set(made.configuration["terraform"]["required_providers"]) == {"aws", "null"}


# Synthesis.


def run(program: str, directory: Path, **variables: str) -> str:
    """Run a program in a process of its own: Node, which writes the files, stays where it was started."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **variables}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=directory, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


def test_importing_the_app_synthesizes_nothing(tmp_path: Path) -> None:
    assert run("import main; print(main.STACK)", tmp_path) == "sagemaker-endpoint\n"
    assert [*tmp_path.iterdir()] == []


def test_running_the_app_writes_its_stack_and_the_script(tmp_path: Path) -> None:
    run("import main; main.main()", tmp_path)
    folder = tmp_path / "cdktf.out" / "stacks" / "sagemaker-endpoint"
    written = Synthesized((folder / "cdk.tf.json").read_text(encoding="utf-8"))
    assert written.addresses() == ADDRESSES
    [provisioner] = written.one("null_resource", "Release")["provisioner"]
    script = provisioner["local-exec"]["interpreter"][1]
    assert (folder / script.removeprefix("${path.module}/")).is_file()


def test_synthesis_starts_no_terraform(tmp_path: Path) -> None:
    terraform = tmp_path / "terraform"
    terraform.write_text(f"#!/bin/sh\necho started >>'{tmp_path}/journal'\necho 'Terraform v1.5.0'\n")
    terraform.chmod(0o755)
    run("import main; main.main()", tmp_path, PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert (tmp_path / "cdktf.out" / "manifest.json").is_file()
    assert not (tmp_path / "journal").exists()
