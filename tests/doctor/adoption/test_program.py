"""What ``sagemaker-endpoint adopt`` prints: a program that states what is live, and what its first apply does."""

import ast
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sagemaker_endpoint_doctor.adoption import program as adoption
from sagemaker_endpoint_doctor.aws.reads import READS
from sagemaker_endpoint_doctor.command_line.cli import main

import pytest

from tests.doctor.kinds import INSTANCES, make_model, replace_endpoint
from tests.doctor.patient import Patient


def printed(patient: Patient, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """Give what is printed; it is Python."""
    assert main(["adopt", "--endpoint-name", patient.name, *options]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    ast.parse(captured.out)
    return captured.out


def comments(program: str) -> str:
    """Give the comments as one line."""
    return " ".join(re.sub("^# (- |  )?", "", line) for line in program.splitlines() if line.startswith("#"))


def container(patient: Patient, **settings: object) -> dict[str, Any]:
    return {"Image": patient.image, **settings}


def test_the_live_endpoint_is_stated_with_what_it_uses(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    program = printed(patient, capsys)
    for part in (
        f'endpoint_name="{patient.name}"',
        f'vpc_id="{patient.vpc_id}"',
        f'security_group_ids=["{patient.security_group_id}"]',
        f'image="{patient.image}"',
        'environment={"LOG_LEVEL": "info"}',
        "initial_instance_count=2",
        f'kms_key_arn="{patient.key_arn}"',
        f"role/{patient.role}",
        "logs=Logs(import_existing=True, retention_in_days=",
        f'endpoint.resources.endpoint.import_from("{patient.name}")',
    ):
        assert part in program
    assert "its policy must let CloudWatch Logs use it" in comments(program)


def test_what_is_left_is_deleted_by_the_commands_as_they_stand(
    patient: Patient, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text("[profile team]\naws_access_key_id = test\naws_secret_access_key = test\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    make_model(patient, f"{patient.name}-second", [container(patient)])
    _serve(patient, [patient.model, f"{patient.name}-second"])
    for options, place in (((), ""), (("--profile", "team"), " --profile team")):
        lines = [line.removeprefix("#").strip() for line in printed(patient, capsys, *options).splitlines()]
        aws = f"aws --region {patient.aws.region}{place} sagemaker"
        assert [line for line in lines if line.startswith("aws ")] == [
            f"{aws} delete-endpoint-config --endpoint-config-name {patient.name}-next",
            f"{aws} delete-model --model-name {patient.model}",
            f"{aws} delete-model --model-name {patient.name}-second",
        ]


@pytest.mark.parametrize(
    ("machine", "engine"),
    [
        (({"cdktf", "cdktn"}, ""), "cdktf"),
        (({"cdktf", "cdktn"}, "cdktn"), "cdktn"),
        (({"cdktn"}, ""), "cdktn"),
        ((set(), ""), "cdktf"),
    ],
)
def test_the_program_is_for_the_engine_that_is_installed(
    patient: Patient,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    machine: tuple[set[str], str],
    engine: str,
) -> None:
    installed, setting = machine
    monkeypatch.setattr(adoption, "find_spec", lambda name: name if name in installed else None)
    monkeypatch.setenv("SAGEMAKER_ENDPOINT_ENGINE", setting)
    bindings = {"cdktf": "cdktf_cdktf_provider", "cdktn": "cdktn_provider"}[engine]
    imports = [line for line in printed(patient, capsys).splitlines() if line.startswith("from cdkt")]
    assert imports == [
        f"from {engine} import App, TerraformStack",
        f"from {bindings}_aws.provider import AwsProvider",
        f"from {bindings}_null.provider import NullProvider",
    ]


def test_it_only_reads(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    patient.aws.reset_calls()
    printed(patient, capsys)
    calls = {(call.service, call.action) for call in patient.aws.calls()}
    assert ("sagemaker", "DescribeEndpointConfig") in calls
    assert calls <= {(service, operation) for service, operations in READS.items() for operation in operations}


def test_as_many_instances_as_there_are_now_and_today_s_weights_are_stated(
    patient: Patient, capsys: pytest.CaptureFixture[str]
) -> None:
    patient.aws.client("sagemaker").update_endpoint_weights_and_capacities(
        EndpointName=patient.name,
        DesiredWeightsAndCapacities=[{"VariantName": "AllTraffic", "DesiredWeight": 3, "DesiredInstanceCount": 5}],
    )
    patient.aws.advance(60)
    program = printed(patient, capsys)
    assert "initial_instance_count=5" in program
    assert "initial_variant_weight=3" in program


@pytest.mark.parametrize(
    ("settings", "stated"),
    [
        ({"Mode": "MultiModel", "ModelDataUrl": "s3://models/many/"}, 'mode="MultiModel"'),
        (
            {"Mode": "MultiModel", "ModelDataUrl": "s3://m/", "MultiModelConfig": {"ModelCacheSetting": "Disabled"}},
            'model_cache_setting="Disabled"',
        ),
        (
            {
                "ModelDataSource": {
                    "S3DataSource": {
                        "S3Uri": "s3://models/llama/",
                        "S3DataType": "S3Prefix",
                        "CompressionType": "None",
                        "ModelAccessConfig": {"AcceptEula": True},
                    }
                }
            },
            'model_data_source=S3DataSource(s3_uri="s3://models/llama/", accept_eula=True)',
        ),
        (
            {
                "ImageConfig": {
                    "RepositoryAccessMode": "Vpc",
                    "RepositoryAuthConfig": {"RepositoryCredentialsProviderArn": "arn:aws:lambda:a:1:function:f"},
                }
            },
            'repository_access_mode="Vpc"',
        ),
    ],
)
def test_each_setting_of_a_container_is_stated(
    patient: Patient, capsys: pytest.CaptureFixture[str], settings: Mapping[str, object], stated: str
) -> None:
    replace_endpoint(patient, [container(patient, **settings)])
    program = printed(patient, capsys)
    assert stated in program
    assert "have no input" not in program


def test_several_containers_are_stated_with_how_they_are_called(
    patient: Patient, capsys: pytest.CaptureFixture[str]
) -> None:
    containers = [container(patient, ContainerHostname=name) for name in ("first", "second")]
    replace_endpoint(patient, containers)
    program = printed(patient, capsys)
    assert len(re.findall(r"\bContainer\(", program)) == 2
    assert 'container_hostname="second"' in program


def test_every_key_is_stated_by_its_arn_whatever_names_it(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    key_id = patient.key_arn.rpartition("/")[2]
    patient.aws.client("kms").create_alias(AliasName="alias/captured", TargetKeyId=key_id)
    replace_endpoint(
        patient,
        variant={**INSTANCES, "CoreDumpConfig": {"DestinationS3Uri": "s3://dumps/a", "KmsKeyId": key_id}},
        AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": "s3://answers/a", "KmsKeyId": "alias/captured"}},
    )
    program = printed(patient, capsys)
    assert program.count(f'kms_key_arn="{patient.key_arn}"') == 2
    assert "alias/captured" not in program


def test_what_has_no_input_is_told(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    managed = {"ManagedInstanceScaling": {"Status": "ENABLED", "MinInstanceCount": 1, "MaxInstanceCount": 2}}
    replace_endpoint(patient, variant={**INSTANCES, **managed})
    assert "go with the update: ProductionVariants[0].ManagedInstanceScaling." in comments(printed(patient, capsys))


def _remark(patient: Patient, capsys: pytest.CaptureFixture[str], *parts: str) -> None:
    said = comments(printed(patient, capsys))
    assert [part for part in parts if part not in said] == []


def test_an_endpoint_outside_of_a_vpc_asks_for_one(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    sagemaker, name = patient.aws.client("sagemaker"), f"{patient.name}-outside"
    make_model(patient, name, [container(patient)], in_vpc=False)
    _serve(patient, [name])
    _remark(patient, capsys, "Its models stand in no VPC")
    assert 'vpc_id="vpc-REPLACE"' in printed(patient, capsys)
    assert sagemaker.describe_endpoint(EndpointName=patient.name)["EndpointStatus"] == "InService"


def test_other_roles_and_a_registration_for_scaling_are_told(
    patient: Patient, capsys: pytest.CaptureFixture[str]
) -> None:
    patient.aws.client("sagemaker").create_model(
        ModelName=f"{patient.name}-other",
        ExecutionRoleArn="arn:aws:iam::123456789012:role/other",
        PrimaryContainer=container(patient),
    )
    _serve(patient, [patient.model, f"{patient.name}-other"])
    patient.aws.client("application-autoscaling").register_scalable_target(
        ServiceNamespace="sagemaker",
        ResourceId=f"endpoint/{patient.name}/variant/v0",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        MinCapacity=1,
        MaxCapacity=4,
    )
    _remark(
        patient,
        capsys,
        "role/other go.",
        "stand in several networks",
        "The variant v0 is registered for scaling",
    )


def _serve(patient: Patient, models: Sequence[str]) -> None:
    """Update the endpoint to models, a variant each."""
    sagemaker, name = patient.aws.client("sagemaker"), f"{patient.name}-next"
    variants = [{"VariantName": f"v{index}", "ModelName": each, **INSTANCES} for index, each in enumerate(models)]
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=variants)
    sagemaker.update_endpoint(EndpointName=patient.name, EndpointConfigName=name)
    patient.aws.advance(60)


def test_an_endpoint_that_is_not_there_or_not_in_service_is_told(
    patient: Patient, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["adopt", "--endpoint-name", "nowhere"]) == 3
    assert "The endpoint nowhere cannot be read: AWS answered" in capsys.readouterr().err
    patient.aws.client("sagemaker").update_endpoint(EndpointName=patient.name, EndpointConfigName=patient.configuration)
    assert main(["adopt", "--endpoint-name", patient.name]) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"The endpoint {patient.name} is Updating" in captured.err


def test_a_password_is_not_printed_and_that_is_told(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    replace_endpoint(patient, [container(patient, Environment={"PROXY": "http://user:hush@proxy.example.com"})])
    assert main(["adopt", "--endpoint-name", patient.name]) == 0
    captured = capsys.readouterr()
    assert "hush" not in captured.out + captured.err
    assert "A password in a URL is left out" in captured.err
