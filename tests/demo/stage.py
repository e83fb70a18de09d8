"""What an endpoint needs and the stack does not make: private subnets, images and data, values for its variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from mypy_boto3_ec2 import EC2Client
from mypy_boto3_sagemaker import SageMakerClient

from tests.account import ACCOUNT, open_doors, push, store
from tests.embedded_aws import EmbeddedAws

ENDPOINT = "sentiment"
_REPOSITORY = f"{ACCOUNT}.dkr.ecr.{{region}}.amazonaws.com/{ENDPOINT}"


def image(region: str, tag: str) -> str:
    """Name an image as Amazon ECR does."""
    return f"{_REPOSITORY.format(region=region)}:{tag}"


def build_network(ec2: EC2Client) -> tuple[str, list[str]]:
    """Make a VPC without a way to the internet, and a subnet in each of two zones; give their ids."""
    zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"][:2]]
    vpc_id: str = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsHostnames={"Value": True})  # AWS's private DNS demands it
    subnet_ids: list[str] = [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for number, zone in enumerate(zones)
    ]
    return vpc_id, subnet_ids


def variables(ec2: EC2Client, *, region: str) -> dict[str, object]:
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


def furnish(aws: EmbeddedAws, values: Mapping[str, object]) -> None:
    """Put there what the endpoint uses and the variables name: images, the model's archive, ways to AWS's services."""
    aws.client("ecr").create_repository(repositoryName=ENDPOINT)
    for tag in ("1.0", "2.0"):
        push(aws, ENDPOINT, tag=tag)
    bucket, _, key = str(values["model_data_url"]).removeprefix("s3://").partition("/")
    store(aws, bucket, key)
    vpc_id, subnet_ids = str(values["vpc_id"]), cast("list[str]", values["private_subnet_ids"])
    ec2 = aws.client("ec2")
    main = [{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "association.main", "Values": ["true"]}]
    (table,) = ec2.describe_route_tables(Filters=main)["RouteTables"]
    (vpc,) = ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"]
    open_doors(
        aws,
        vpc_id=vpc_id,
        subnet_ids=subnet_ids,
        route_table_id=table["RouteTableId"],
        peers={"IpRanges": [{"CidrIp": vpc["CidrBlock"]}]},
    )


def live_image(sagemaker: SageMakerClient) -> str:
    """Ask which image the endpoint's live configuration serves."""
    live = sagemaker.describe_endpoint(EndpointName=ENDPOINT)["EndpointConfigName"]
    (variant,) = sagemaker.describe_endpoint_config(EndpointConfigName=live)["ProductionVariants"]
    model = sagemaker.describe_model(ModelName=variant["ModelName"])
    return str(model["PrimaryContainer"]["Image"])
