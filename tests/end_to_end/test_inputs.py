"""Inputs in forms that only `terraform validate` can be asked about, the others being planned: it finds them valid.

They are attributes, those of another stack too, texts around a value, and raw expressions with braces in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sagemaker_endpoint import (
    AsyncInferenceConfig,
    Container,
    CoreDumpConfig,
    DataCaptureConfig,
    EgressRule,
    EncryptionKey,
    ExecutionRole,
    HuggingFaceModel,
    ImageConfig,
    InstanceProductionVariant,
    InterfaceCleanup,
    Logs,
    Model,
    PrivateNetwork,
    S3DataSource,
    SageMakerEndpoint,
    ServerlessProductionVariant,
)

import pytest
from cdktf import App, TerraformStack, TerraformVariable, Token
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider

from tests.toolchain import Terraform

pytestmark = pytest.mark.end_to_end


@dataclass(frozen=True, kw_only=True)
class Values:
    """A value of each type, in one form."""

    text: str
    number: float
    flag: Any
    texts: Sequence[str]
    map: Mapping[str, str]


def sources(stack: TerraformStack) -> dict[str, TerraformVariable]:
    types = {"text": "string", "number": "number", "flag": "bool", "texts": "list(string)", "map": "map(string)"}
    return {name: TerraformVariable(stack, name, type=type_) for name, type_ in types.items()}


def raw(given: Mapping[str, TerraformVariable]) -> Values:
    texts = ["${var.texts[0]}", 'x-${lookup({ a = "}" }, "a")}']
    return Values(
        text='${var.text}${"{"}',
        number=Token.as_number("${var.number}"),
        flag=given["flag"].boolean_value,
        texts=texts,
        map={"a": "${var.text}", "b": "${var.map.b}"},
    )


def own(values: Values) -> dict[str, Any]:
    """Give inputs with everything that the library makes."""
    rule = EgressRule(description=values.text, ip_protocol=values.text, from_port=values.number, cidr_ipv4=values.text)
    model = Model(
        image=values.text,
        model_data_url=values.text,
        environment=values.map,
        enable_network_isolation=values.flag,
    )
    return {
        "endpoint_name": values.text,
        "network": PrivateNetwork(vpc_id=values.text, subnet_ids=values.texts, egress={"rule": rule}),
        "production_variants": [
            InstanceProductionVariant(
                model=model,
                instance_type=values.text,
                initial_instance_count=values.number,
                variant_name=values.text,
                initial_variant_weight=values.number,
                volume_size_in_gb=values.number,
                model_data_download_timeout_in_seconds=values.number,
                container_startup_health_check_timeout_in_seconds=values.number,
                routing_strategy=values.text,
                inference_ami_version=values.text,
                core_dump_config=CoreDumpConfig(destination_s3_uri=values.text, kms_key_arn=values.text),
            )
        ],
        "data_capture_config": DataCaptureConfig(
            destination_s3_uri=values.text,
            initial_sampling_percentage=values.number,
            capture_options=values.texts,
            csv_content_types=values.texts,
            json_content_types=values.texts,
            kms_key_arn=values.text,
            enable_capture=values.flag,
        ),
        "execution_role": ExecutionRole(
            permissions_boundary_arn=values.text, additional_policy_arns={"more": values.text}
        ),
        "key": EncryptionKey(deletion_window_in_days=values.number),
        "logs": Logs(retention_in_days=values.number),
        "interface_cleanup": InterfaceCleanup(
            role_arn=values.text,
            external_id=values.text,
            profile=values.text,
            endpoint_url=values.text,
            timeout_in_seconds=values.number,
            interval_in_seconds=values.number,
            detach_after_in_seconds=values.number,
        ),
        "tags": values.map,
    }


def asynchronous(values: Values) -> dict[str, Any]:
    """Give inputs of an asynchronous endpoint, whose image and data lie elsewhere."""
    data = S3DataSource(s3_uri=values.text, s3_data_type="S3Object", compression_type=values.text, accept_eula=True)
    registry = ImageConfig(repository_access_mode="Vpc", repository_credentials_provider_arn=values.text)
    model = Model(image=values.text, image_config=registry, container_hostname=values.text, model_data_source=data)
    return {
        **own(values),
        "production_variants": [InstanceProductionVariant(model=model, instance_type=values.text)],
        "data_capture_config": None,
        "async_inference_config": AsyncInferenceConfig(
            s3_output_path=values.text,
            s3_failure_path=values.text,
            s3_input_path=values.text,
            s3_input_kms_key_arn=values.text,
            success_topic=values.text,
            error_topic=values.text,
            include_inference_response_in=values.texts,
            max_concurrent_invocations_per_instance=values.number,
            kms_key_arn=values.text,
        ),
    }


def beside(values: Values) -> dict[str, Any]:
    """Give inputs with a shadow variant, whose model is a package."""
    package = Model(
        model_package_name=values.text,
        inference_specification_name=values.text,
        model_package_images=[values.text],
        model_package_artifacts=[values.text],
    )
    shadow = InstanceProductionVariant(
        model=package,
        instance_type=values.text,
        initial_instance_count=values.number,
        variant_name=f"{values.text}-shadow",
        core_dump_config=CoreDumpConfig(destination_s3_uri=values.text),
    )
    return {**own(values), "shadow_production_variants": [shadow]}


def several(values: Values) -> dict[str, Any]:
    """Give inputs of containers, one of which serves many models."""
    hub = HuggingFaceModel(model_id=values.text, task=values.text, revision=values.text, token_secret_arn=values.text)
    many = Container(
        image=values.text,
        container_hostname=f"{values.text}-2",
        mode="MultiModel",
        model_data_url=values.text,
        model_cache_setting=values.text,
    )
    first = Container(image=values.text, container_hostname=values.text, hugging_face=hub)
    model = Model(containers=[first, many], inference_execution_mode=values.text)
    variant = InstanceProductionVariant(model=model, instance_type=values.text)
    return {**own(values), "production_variants": [variant], "data_capture_config": None}


def serverless(values: Values) -> dict[str, Any]:
    """Give inputs of a serverless endpoint."""
    variant = ServerlessProductionVariant(
        model=Model(image=values.text, model_data_url=values.text, environment=values.map),
        memory_size_in_mb=values.number,
        max_concurrency=values.number,
        provisioned_concurrency=values.number,
        variant_name=values.text,
    )
    return {
        **own(values),
        "network": None,
        "production_variants": [variant],
        "data_capture_config": None,
        "interface_cleanup": None,
    }


def existing(values: Values) -> dict[str, Any]:
    """Give inputs that name what is there already."""
    return {
        **own(values),
        "network": PrivateNetwork(vpc_id=values.text, subnet_ids=values.texts, security_group_ids=values.texts),
        "execution_role": ExecutionRole(role_arn=values.text),
        "key": EncryptionKey(kms_key_arn=values.text),
        "interface_cleanup": None,
        "tags": {"team": values.text},
    }


def test_every_input_may_come_in_these_forms(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    other, stack = TerraformStack(app, "other"), TerraformStack(app, "stack")
    for each in (other, stack):
        AwsProvider(each, "aws", region="eu-west-1")
    NullProvider(stack, "null")
    given = sources(stack)
    texts = {
        "an attribute": IamRole(stack, "Role", assume_role_policy="{}").name,
        "an attribute of another stack": IamRole(other, "Role", assume_role_policy="{}").name,
        "a text around": f"x-{given['text'].string_value}-y",
    }
    values = {"raw text": raw(given)}
    number = given["number"].number_value
    for name, text in texts.items():
        values[name] = Values(text=text, number=number, flag=True, texts=[text, f"{text}-2"], map={"a": text})
    for index, form in enumerate(values.values()):
        for make in (own, existing, asynchronous, beside, several, serverless):
            SageMakerEndpoint(stack, f"{make.__name__}{index}", **make(form))
    app.synth()
    terraform = Terraform(directory=tmp_path / "stacks" / "stack", environment={})
    terraform.init()
    found = terraform.validate()
    assert not found, {each: list(values) for each in found}
