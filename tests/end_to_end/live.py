"""What an endpoint serves, as the account tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.embedded_aws import EmbeddedAws


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A variant of the live configuration, with its model."""

    image: str
    model_data_url: str | None
    environment: Mapping[str, str]
    instance_type: str
    instance_count: int
    weight: float
    role_arn: str
    subnet_ids: frozenset[str]
    security_group_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Live:
    """An endpoint, its live configuration and that one's models."""

    status: str
    kms_key_arn: str | None
    variants: Mapping[str, Variant]

    @staticmethod
    def of(aws: EmbeddedAws, endpoint_name: str) -> Live:
        """Ask for the endpoint, then for its configuration, then for each model."""
        sagemaker = aws.client("sagemaker")
        endpoint = sagemaker.describe_endpoint(EndpointName=endpoint_name)
        configuration = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
        weights = {each["VariantName"]: each["CurrentWeight"] for each in endpoint["ProductionVariants"]}
        return Live(
            status=endpoint["EndpointStatus"],
            kms_key_arn=configuration.get("KmsKeyId"),
            variants={
                variant["VariantName"]: _variant(
                    variant, weights[variant["VariantName"]], sagemaker.describe_model(ModelName=variant["ModelName"])
                )
                for variant in configuration["ProductionVariants"]
            },
        )


def _variant(variant: dict[str, Any], weight: float, model: dict[str, Any]) -> Variant:
    container = model["PrimaryContainer"]
    return Variant(
        image=container["Image"],
        model_data_url=container.get("ModelDataUrl"),
        environment=container.get("Environment", {}),
        instance_type=variant["InstanceType"],
        instance_count=variant["InitialInstanceCount"],
        weight=weight,
        role_arn=model["ExecutionRoleArn"],
        subnet_ids=frozenset(model["VpcConfig"]["Subnets"]),
        security_group_ids=tuple(model["VpcConfig"]["SecurityGroupIds"]),
    )
