"""The state of a route whose NAT gateway is gone.

moto calls every route active. On EC2 such a route stays, as a "blackhole", until somebody removes or changes it.
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html#nat-gateway-delete
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
"""

from moto.ec2.models.route_tables import Route


def fill() -> None:
    Route.state = property(_state)  # type: ignore[assignment,method-assign] # a property of moto's, in another's place


def _state(route: Route) -> str:
    return "blackhole" if route.nat_gateway and route.nat_gateway.state == "deleted" else "active"
