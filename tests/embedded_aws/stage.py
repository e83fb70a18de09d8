"""What the tests of the embedded AWS need before they can begin."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.embedded_aws import EmbeddedAws

Api = Any  # boto3 makes its clients and answers at run time
HOUR = 3600.0


@dataclass(frozen=True, kw_only=True)
class Stage:
    """An embedded AWS, and a name that no other test uses."""

    aws: EmbeddedAws
    name: str
    group_description: str = "test"

    @cached_property
    def sagemaker(self) -> Api:
        return self.aws.client("sagemaker")

    @cached_property
    def ec2(self) -> Api:
        return self.aws.client("ec2")

    @cached_property
    def vpc_id(self) -> str:
        return str(self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])

    @cached_property
    def group_id(self) -> str:
        made = self.ec2.create_security_group(
            GroupName=self.name, Description=self.group_description, VpcId=self.vpc_id
        )
        return str(made["GroupId"])

    def subnet_id(self, number: int) -> str:
        cidr = f"10.0.{number}.0/24"
        return str(self.ec2.create_subnet(VpcId=self.vpc_id, CidrBlock=cidr)["Subnet"]["SubnetId"])

    def model(self, name: str, image: str = "image:1", **settings: object) -> None:
        self.sagemaker.create_model(
            ModelName=name,
            ExecutionRoleArn="arn:aws:iam::123456789012:role/r",
            PrimaryContainer={"Image": image},
            **settings,
        )

    def configuration(self, name: str, *variants: Mapping[str, object], **settings: object) -> None:
        self.sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=list(variants), **settings)

    def endpoint(self, name: str, *, subnet_ids: Sequence[str] = (), count: int = 1) -> None:
        """Make an endpoint in service, with its model and configuration under the same name."""
        if subnet_ids:
            self.model(name, VpcConfig={"SecurityGroupIds": [self.group_id], "Subnets": list(subnet_ids)})
        else:
            self.model(name)
        self.configuration(name, variant(name, InitialInstanceCount=count))
        self.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
        self.aws.advance(HOUR)

    def delete_endpoint(self, name: str) -> None:
        self.sagemaker.delete_endpoint(EndpointName=name)
        self.aws.advance(HOUR)

    def status(self, name: str) -> str:
        return str(self.sagemaker.describe_endpoint(EndpointName=name)["EndpointStatus"])

    def interfaces(self) -> list[Api]:
        """Return the network interfaces in the security group."""
        only = [{"Name": "group-id", "Values": [self.group_id]}]
        return list(self.ec2.describe_network_interfaces(Filters=only)["NetworkInterfaces"])


def variant(model: str, **settings: object) -> dict[str, object]:
    plain = {"VariantName": "only", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    return {"ModelName": model, **plain, **settings}


@contextmanager
def refused(code: str, words: str = "") -> Iterator[None]:
    """Expect AWS to refuse the call with this error code, and these words in its message."""
    with pytest.raises(ClientError) as caught:
        yield
    error = caught.value.response["Error"]
    assert error["Code"] == code
    assert words in error["Message"]
