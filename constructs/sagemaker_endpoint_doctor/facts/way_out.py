"""How a subnet reaches an AWS service: by a VPC endpoint, by its default route, or not at all.

https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_ec2.type_defs import RouteTableTypeDef, RouteTypeDef, VpcEndpointTypeDef

S3 = "s3"
SERVICES = {
    S3: "S3",
    "ecr.api": "ECR",
    "ecr.dkr": "ECR",
    "logs": "CloudWatch",
    "monitoring": "CloudWatch",
    "sts": "STS",
}
"""The services that an endpoint calls, as the names of VPC endpoints end, and as people call them."""

_TARGETS = (
    "NatGatewayId",
    "TransitGatewayId",
    "GatewayId",
    "NetworkInterfaceId",
    "InstanceId",
    "VpcPeeringConnectionId",
    "CarrierGatewayId",
    "LocalGatewayId",
    "CoreNetworkArn",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultRoute:
    """Where a route table sends what is for nowhere else."""

    target: str
    is_gone: bool

    @property
    def is_public(self) -> bool:
        """Whether it leads to an internet gateway, which carries public addresses only."""
        return self.target.startswith("igw-")

    @property
    def is_way(self) -> bool:
        """Whether private addresses get anywhere by it."""
        return not self.is_gone and not self.is_public

    def __str__(self) -> str:
        if self.is_gone:
            return f"the default route leads to {self.target}, which is gone"
        if self.is_public:
            return f"the default route leads to the internet gateway {self.target}"
        return self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """How the subnets of one route table reach one service.

    Attributes:
        service: One of `SERVICES`.
        gateway_id: The gateway endpoint that the route table leads to.
        prefix_list_id: The addresses that it does so for.
        interfaces: The interface endpoints that the service's name leads to.
        default: The default route, if the way is that.
        flaws: What stands there and does not help, in words.
    """

    service: str
    gateway_id: str | None = None
    prefix_list_id: str | None = None
    interfaces: Sequence["VpcEndpointTypeDef"] = ()
    default: DefaultRoute | None = None
    flaws: Sequence[str] = ()

    @property
    def exists(self) -> bool:
        """Whether there is any way."""
        return bool(self.vpc_endpoint_ids or self.default)

    @property
    def vpc_endpoint_ids(self) -> list[str]:
        """The VPC endpoints that it leads through."""
        return [self.gateway_id] if self.gateway_id else [each["VpcEndpointId"] for each in self.interfaces]

    @property
    def means(self) -> str:
        """By what, in words."""
        return str(self.default) if self.default else "VPC endpoints"


def default_route(table: "RouteTableTypeDef") -> DefaultRoute | None:
    """Give the table's default route, if it has one."""
    for route in table.get("Routes", []):
        if route.get("DestinationCidrBlock") == "0.0.0.0/0":
            return DefaultRoute(target=_target(route), is_gone=route.get("State") == "blackhole")
    return None


def way_out(
    service: str, *, region: str, table: "RouteTableTypeDef", endpoints: "Sequence[VpcEndpointTypeDef]"
) -> WayOut:
    """Find the way from a route table's subnets to a service, among the VPC's endpoints and the table's routes.

    An interface endpoint with private DNS takes the service's name for itself, so it goes before every route.
    """
    ours = [each for each in endpoints if each["ServiceName"].endswith(f".{region}.{service}")]
    interfaces = [each for each in ours if _flaw(each) is None]
    if interfaces:
        return WayOut(service=service, interfaces=interfaces)
    ids = {each["VpcEndpointId"] for each in ours}
    for route in table.get("Routes", []):
        if route.get("GatewayId") in ids and route.get("State") != "blackhole":
            return WayOut(
                service=service, gateway_id=route["GatewayId"], prefix_list_id=route["DestinationPrefixListId"]
            )
    default = default_route(table)
    if default and default.is_way:
        return WayOut(service=service, default=default)
    return WayOut(service=service, flaws=list(_flaws(ours)))


def _flaws(endpoints: "Sequence[VpcEndpointTypeDef]") -> Iterator[str]:
    for endpoint in endpoints:
        yield f"{endpoint['VpcEndpointId']} {_flaw(endpoint)}"


def _flaw(endpoint: "VpcEndpointTypeDef") -> str | None:
    """Say why the service's name does not lead to an endpoint."""
    if endpoint["State"].lower() != "available":
        return f"is {endpoint['State']}"
    if endpoint["VpcEndpointType"] == "Gateway":
        return "is not in this route table"
    if endpoint["VpcEndpointType"] != "Interface":
        return f"is of type {endpoint['VpcEndpointType']}"
    if not endpoint.get("PrivateDnsEnabled"):
        return "has no private DNS"
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html#private-dns
    if endpoint.get("DnsOptions", {}).get("PrivateDnsOnlyForInboundResolverEndpoint"):
        return "has private DNS for inbound resolvers only"
    return None


def _target(route: "RouteTypeDef") -> str:
    return next((str(route[name]) for name in _TARGETS if route.get(name)), "nowhere known")  # type: ignore[literal-required] # names of its own
