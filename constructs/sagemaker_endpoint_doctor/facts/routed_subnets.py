"""The endpoint's subnets, those of one route table together: they all reach AWS in the same ways."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.text.words import listed

from .subnets import existing_subnets
from .way_out import S3, SERVICES, DefaultRoute, WayOut, default_route, way_out

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_ec2.type_defs import RouteTableTypeDef, SubnetTypeDef, VpcEndpointTypeDef


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutedSubnets:
    """The subnets of one route table, and the ways out of them.

    Attributes:
        subnets: The subnets.
        route_table_id: Their route table: their own, or else the VPC's main one.
        default: Its default route.
        ways: The way to each service that the models behind these subnets need.
    """

    subnets: "Sequence[SubnetTypeDef]"
    route_table_id: str
    default: DefaultRoute | None
    ways: Sequence[WayOut]

    @property
    def vpc_id(self) -> str:
        """The VPC."""
        return self.subnets[0]["VpcId"]

    @property
    def in_words(self) -> str:
        """The subnets and their table, as a sentence names them."""
        return f"{listed(each['SubnetId'] for each in self.subnets)} ({self.route_table_id})"

    @property
    def networks(self) -> list[IPv4Network]:
        """What the subnets' addresses lie in."""
        return [IPv4Network(each["CidrBlock"]) for each in self.subnets]


def routed_subnets(subject: Subject) -> list[RoutedSubnets]:
    """Give the endpoint's subnets by route table, leaving out those whose table is not shown: see `unrouted`."""
    by_table: dict[str, list[SubnetTypeDef]] = defaultdict(list)
    tables = {}
    for subnet in existing_subnets(subject).values():
        table = _table_of(subject, subnet)
        if table:
            tables[table["RouteTableId"]] = table
            by_table[table["RouteTableId"]].append(subnet)
    return [_routed(subject, tables[table_id], subnets) for table_id, subnets in by_table.items()]


def unrouted(subject: Subject) -> list[str]:
    """Give the subnets whose route table AWS does not show."""
    return [name for name, subnet in existing_subnets(subject).items() if not _table_of(subject, subnet)]


def _routed(subject: Subject, table: "RouteTableTypeDef", subnets: "Sequence[SubnetTypeDef]") -> RoutedSubnets:
    needed = {service for subnet in subnets for service in _needed(subject, subnet["SubnetId"])}
    endpoints = [each for each in vpc_endpoints(subject) if each["VpcId"] == subnets[0]["VpcId"]]
    return RoutedSubnets(
        subnets=subnets,
        route_table_id=table["RouteTableId"],
        default=default_route(table),
        ways=[
            way_out(service, region=subject.names.region, table=table, endpoints=endpoints)
            for service in SERVICES
            if service in needed
        ],
    )


def _needed(subject: Subject, subnet_id: str) -> Iterable[str]:
    """Give what the models in a subnet call. For an isolated one, SageMaker alone loads its data, through the VPC.

    https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html
    """
    settings = [*subject.models().values(), subject.configuration()]
    inside = [each for each in settings if subnet_id in each.get("VpcConfig", {}).get("Subnets", [])]
    return (S3,) if all(each.get("EnableNetworkIsolation") for each in inside) else SERVICES


def _table_of(subject: Subject, subnet: "SubnetTypeDef") -> "RouteTableTypeDef | None":
    """Find the table that a subnet is associated with, or else its VPC's main one.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    """
    tables = [table for table in _route_tables(subject) if table["VpcId"] == subnet["VpcId"]]
    associated = [(table, association) for table in tables for association in table["Associations"]]
    own = [table for table, association in associated if association.get("SubnetId") == subnet["SubnetId"]]
    main = [table for table, association in associated if association.get("Main")]
    return next(iter(own + main), None)


def _route_tables(subject: Subject) -> "list[RouteTableTypeDef]":
    def ask() -> "list[RouteTableTypeDef]":
        pages = subject.aws.ec2.get_paginator("describe_route_tables").paginate(
            Filters=[{"Name": "vpc-id", "Values": _vpc_ids(subject)}]
        )
        return [each for page in pages for each in page["RouteTables"]]

    return subject.once("route tables", ask)


def vpc_endpoints(subject: Subject) -> "list[VpcEndpointTypeDef]":
    """Give the VPC endpoints of the subnets' VPC."""

    def ask() -> "list[VpcEndpointTypeDef]":
        pages = subject.aws.ec2.get_paginator("describe_vpc_endpoints").paginate(
            Filters=[{"Name": "vpc-id", "Values": _vpc_ids(subject)}]
        )
        return [each for page in pages for each in page["VpcEndpoints"]]

    return subject.once("VPC endpoints", ask)


def _vpc_ids(subject: Subject) -> list[str]:
    return sorted({subnet["VpcId"] for subnet in existing_subnets(subject).values()})
