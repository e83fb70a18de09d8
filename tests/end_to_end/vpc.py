"""The parts of a VPC that the stacks are given."""

from __future__ import annotations

from tests.embedded_aws import Elsewhere, EmbeddedAws


class Vpc:
    """A VPC of the embedded AWS without a way to the internet."""

    def __init__(self, aws: EmbeddedAws | Elsewhere, number: int = 0) -> None:
        self._ec2 = aws.client("ec2")
        self._prefix = f"10.{number}"
        self._region = aws.region
        self._subnets = 0
        self.id: str = self._ec2.create_vpc(CidrBlock=f"{self._prefix}.0.0/16")["Vpc"]["VpcId"]

    def subnet(self, zone: str) -> str:
        """Make a subnet in the region's zone `a`, `b` …; it uses the main route table."""
        cidr = f"{self._prefix}.{self._subnets}.0/24"
        self._subnets += 1
        made = self._ec2.create_subnet(VpcId=self.id, CidrBlock=cidr, AvailabilityZone=f"{self._region}{zone}")
        return str(made["Subnet"]["SubnetId"])

    def route_table(self, subnet_id: str) -> str:
        """Make a route table and have the subnet use it."""
        table: str = self._ec2.create_route_table(VpcId=self.id)["RouteTable"]["RouteTableId"]
        self._ec2.associate_route_table(RouteTableId=table, SubnetId=subnet_id)
        return table

    def main_route_table(self) -> str:
        """Name the table that subnets without one of their own use."""
        main = [{"Name": "vpc-id", "Values": [self.id]}, {"Name": "association.main", "Values": ["true"]}]
        (table,) = self._ec2.describe_route_tables(Filters=main)["RouteTables"]
        return str(table["RouteTableId"])

    def lead_to_the_internet(self, route_table_id: str) -> None:
        """Make every subnet that uses the table a public one."""
        gateway = self._ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self._ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.id)
        self._ec2.create_route(RouteTableId=route_table_id, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
