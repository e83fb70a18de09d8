"""Endpoints of other kinds than the patient that `admit` makes, in the place of its own."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.account import ACCOUNT
from tests.doctor.patient import Patient, mark

SERVERLESS: Mapping[str, Any] = {"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}}
INSTANCES: Mapping[str, Any] = {"InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}


def make_model(patient: Patient, name: str, containers: Sequence[Mapping[str, Any]], *, in_vpc: bool = True) -> str:
    """Make a model with the patient's role; one container alone is its primary container."""
    sagemaker = patient.aws.client("sagemaker")
    own = sagemaker.describe_model(ModelName=patient.model)
    made = {"PrimaryContainer": containers[0]} if len(containers) == 1 else {"Containers": list(containers)}
    network = {"VpcConfig": own["VpcConfig"]} if in_vpc else {}
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=own["ExecutionRoleArn"], **made, **network)
    return name


def replace_endpoint(
    patient: Patient,
    containers: Sequence[Mapping[str, Any]] | None = None,
    *,
    variant: Mapping[str, Any] = INSTANCES,
    **configuration: object,
) -> None:
    """Put another endpoint of the same name in the place of the patient's: of one variant, whose model is another."""
    sagemaker, name = patient.aws.client("sagemaker"), f"{patient.name}-other"
    own = sagemaker.describe_model(ModelName=patient.model)["PrimaryContainer"]
    make_model(patient, name, containers or [own], in_vpc="ServerlessConfig" not in variant)
    served = {"VariantName": "AllTraffic", "ModelName": name, **variant}
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[served], **configuration)
    sagemaker.delete_endpoint(EndpointName=patient.name)
    patient.aws.advance(3600)
    ec2 = patient.aws.client("ec2")
    groups = [{"Name": "group-id", "Values": [patient.security_group_id]}]
    for each in ec2.describe_network_interfaces(Filters=groups)["NetworkInterfaces"]:
        ec2.delete_network_interface(NetworkInterfaceId=each["NetworkInterfaceId"])
    sagemaker.create_endpoint(EndpointName=patient.name, EndpointConfigName=name)
    patient.aws.advance(60)
    mark(patient.aws, patient.security_group_id)


def asynchronous(patient: Patient, **output: str) -> dict[str, Any]:
    """Give the configuration of an endpoint that answers into the patient's own bucket."""
    return {"AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": f"s3://{patient.bucket}/answers", **output}}}


def allow(patient: Patient, name: str, *statements: tuple[Sequence[str], str]) -> None:
    """Let the role do more: actions, each with the resource."""
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": [*actions], "Resource": where} for actions, where in statements],
    }
    patient.aws.client("iam").put_role_policy(
        RoleName=patient.role, PolicyName=name, PolicyDocument=json.dumps(document)
    )


def scale(patient: Patient, count: int) -> None:
    """Let a policy change the number of instances."""
    patient.aws.client("sagemaker").update_endpoint_weights_and_capacities(
        EndpointName=patient.name,
        DesiredWeightsAndCapacities=[{"VariantName": "AllTraffic", "DesiredWeight": 1, "DesiredInstanceCount": count}],
    )


def publish(patient: Patient, *, variant: str | None = None, **values: float) -> None:
    """Publish metrics of the endpoint as a whole, or of a variant, as of two minutes ago."""
    dimensions = {"EndpointName": patient.name, **({"VariantName": variant} if variant else {})}
    of_endpoint = {
        "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
        "Timestamp": datetime.now(timezone.utc) - timedelta(minutes=2),
    }
    patient.aws.client("cloudwatch").put_metric_data(
        Namespace="AWS/SageMaker",
        MetricData=[{"MetricName": name, "Value": value, **of_endpoint} for name, value in values.items()],
    )


def arn(patient: Patient, service: str, resource: str) -> str:
    """Write the ARN of something of the patient's account."""
    return f"arn:aws:{service}:{patient.aws.region}:{ACCOUNT}:{resource}"
