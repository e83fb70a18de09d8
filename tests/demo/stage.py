"""What an endpoint needs and the stack does not make: a VPC with private subnets, and values for its variables."""

from __future__ import annotations

from botocore.client import BaseClient

ENDPOINT = "sentiment"
_REPOSITORY = "111122223333.dkr.ecr.{region}.amazonaws.com/sentiment"


def image(region: str, tag: str) -> str:
    """Name an image as Amazon ECR does."""
    return f"{_REPOSITORY.format(region=region)}:{tag}"


def build_network(ec2: BaseClient) -> tuple[str, list[str]]:
    """Make a VPC without a way to the internet, and a subnet in each of two zones; give their ids."""
    zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"][:2]]
    vpc_id: str = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet_ids: list[str] = [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for number, zone in enumerate(zones)
    ]
    return vpc_id, subnet_ids


def variables(ec2: BaseClient, *, region: str) -> dict[str, object]:
    """Give main.py's variables for that network, which is made."""
    vpc_id, subnet_ids = build_network(ec2)
    return {
        "region": region,
        "endpoint_name": ENDPOINT,
        "image": image(region, "1.0"),
        "model_data_url": "s3://models/sentiment/model.tar.gz",
        "environment": {"LOG_LEVEL": "info"},
        "instance_type": "ml.m5.xlarge",
        "initial_instance_count": 2,
        "vpc_id": vpc_id,
        "private_subnet_ids": subnet_ids,
        "log_retention_in_days": 365,
        "tags": {"team": "language"},
    }


def live_image(sagemaker: BaseClient) -> str:
    """Ask which image the endpoint's live configuration serves."""
    live = sagemaker.describe_endpoint(EndpointName=ENDPOINT)["EndpointConfigName"]
    (variant,) = sagemaker.describe_endpoint_config(EndpointConfigName=live)["ProductionVariants"]
    model = sagemaker.describe_model(ModelName=variant["ModelName"])
    return str(model["PrimaryContainer"]["Image"])
