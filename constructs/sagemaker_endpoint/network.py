"""Where the endpoint's network interfaces stand: private subnets and a security group of their own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from . import checks, limits, names
from .bindings import (
    Construct,
    Postcondition,
    SecurityGroup,
    SecurityGroupTimeouts,
    TerraformDataSource,
    TerraformResource,
    TerraformStack,
    Token,
    VpcSecurityGroupEgressRule,
)
from .data_source import data_source
from .expressions import expression
from .lifecycle import set_lifecycle

_VPC_ID = limits.Text(min_length=1, max_length=32, pattern="vpc-[0-9a-f]{8,17}")
_SUBNET_ID = limits.Text(min_length=1, max_length=limits.SUBNET_ID.max_length, pattern="subnet-[0-9a-f]{8,17}")
_SECURITY_GROUP_ID = limits.Text(
    min_length=1, max_length=limits.SECURITY_GROUP_ID.max_length, pattern="sg-[0-9a-f]{8,17}"
)
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
_RULE_DESCRIPTION = limits.Text(min_length=1, max_length=255, pattern=r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]+")
_IP_PROTOCOL = limits.Text(min_length=1, max_length=None, pattern=r"-1|tcp|udp|icmp|icmpv6|[0-9]{1,3}")
_ICMP = ("icmp", "icmpv6", "1", "58")
_WITH_PORTS = ("tcp", "udp", "6", "17", *_ICMP)  # AWS ignores those of any other
_EVERY_CODE = -1
_PORT = limits.Number(minimum=-1, maximum=65535)
# Where traffic may go, and what a value looks like. A group of a peered VPC's account has that account before it.
_DESTINATIONS = {
    "cidr_ipv4": (r"[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}", "10.0.0.0/16"),
    "cidr_ipv6": (r"[0-9a-fA-F:.]+/[0-9]{1,3}", "2001:db8::/56"),
    "prefix_list_id": (r"pl-[0-9a-f]{8,17}", "pl-0123456789abcdef0"),
    "referenced_security_group_id": (r"([0-9]{12}/)?sg-[0-9a-f]{8,17}", "sg-0123456789abcdef0"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressRule:
    """Traffic that may leave the endpoint.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html

    Attributes:
        description: What the rule is for; 1 to 255 characters.
        ip_protocol: ``tcp``, ``udp``, ``icmp``, ``icmpv6``, a protocol number, or ``-1`` for all, which takes no
            ports. Default ``tcp``.
        from_port: The first port; needed for TCP, UDP and ICMP.
        to_port: The last port. Default: `from_port`. For ICMP these two are type and code, and the default is every
            code.
        cidr_ipv4: The IPv4 range the traffic may go to. Exactly one of the four destinations is given.
        cidr_ipv6: The IPv6 range.
        prefix_list_id: The prefix list, for example S3's.
        referenced_security_group_id: The security group.
    """

    description: str
    ip_protocol: str = "tcp"
    from_port: float | None = None
    to_port: float | None = None
    cidr_ipv4: str | None = None
    cidr_ipv6: str | None = None
    prefix_list_id: str | None = None
    referenced_security_group_id: str | None = None

    def problems(self, at: str) -> Iterator[str]:
        """Yield what is wrong, each sentence starting with the path `at`."""
        yield from checks.text(f"{at}.description", self.description, _RULE_DESCRIPTION, example="HTTPS to the VPC")
        yield from checks.text(f"{at}.ip_protocol", self.ip_protocol, _IP_PROTOCOL, example="tcp")
        given = [name for name in _DESTINATIONS if getattr(self, name) is not None]
        if len(given) != 1:
            yield f"{at} must state exactly one of {', '.join(_DESTINATIONS)}, got {', '.join(given) or 'none'}"
        for name in given:
            pattern, example = _DESTINATIONS[name]
            limit = limits.Text(min_length=1, max_length=None, pattern=pattern)
            yield from checks.text(f"{at}.{name}", getattr(self, name), limit, example=example)
        yield from self._port_problems(at)

    def _port_problems(self, at: str) -> Iterator[str]:
        ports = {"from_port": self.from_port, "to_port": self.to_port}
        stated = {name: port for name, port in ports.items() if port is not None}
        wrong = [problem for name, port in stated.items() for problem in checks.number(f"{at}.{name}", port, _PORT)]
        yield from wrong
        if self.ip_protocol == "-1" and stated:
            yield f"{at}.from_port and to_port must not be given with ip_protocol '-1', which means every port"
        if self.ip_protocol in _WITH_PORTS and self.from_port is None:
            yield f"{at}.from_port must be given with ip_protocol {self.ip_protocol!r}"
        known = [port for port in stated.values() if not checks.deferred(port)]
        if not wrong and self.ip_protocol not in _ICMP and known != sorted(known):
            yield f"{at}.to_port must be at least from_port {self.from_port!r}, got {self.to_port!r}"

    @property
    def last_port(self) -> float | None:
        """The last port, stated or not."""
        if self.to_port is None and self.from_port is not None and self.ip_protocol in _ICMP:
            return _EVERY_CODE
        return self.from_port if self.to_port is None else self.to_port


OPEN_EGRESS: Mapping[str, EgressRule] = {
    "ipv4": EgressRule(description="All IPv4 traffic to AWS services", ip_protocol="-1", cidr_ipv4="0.0.0.0/0"),
    "ipv6": EgressRule(description="All IPv6 traffic to AWS services", ip_protocol="-1", cidr_ipv6="::/0"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateNetwork:
    """The VPC's private subnets that the endpoint lives in.

    https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html

    Attributes:
        vpc_id: The VPC.
        subnet_ids: 1 to 16 subnets of that VPC, none of them public (with a route to an internet gateway);
            two availability zones or more, so that the endpoint survives the loss of one. Terraform checks all
            this when it plans: it fails for a foreign or public subnet and warns for a single zone.
        egress: What may leave the endpoint, by a name of your own that becomes part of the Terraform address.
            Default: all traffic, IPv4 and IPv6. An empty mapping lets nothing out.
        security_group_ids: 1 to 5 existing security groups to use instead of a new one. Their rules and network
            interfaces stay yours: `egress` must not be given, and no interface in them is ever touched.
    """

    vpc_id: str
    subnet_ids: Sequence[str]
    egress: Mapping[str, EgressRule] | None = None
    security_group_ids: Sequence[str] | None = None

    def problems(self, at: str) -> Iterator[str]:
        """Yield what is wrong, each sentence starting with the path `at`."""
        yield from checks.text(f"{at}.vpc_id", self.vpc_id, _VPC_ID, example="vpc-0123456789abcdef0")
        yield from _ids(
            f"{at}.subnet_ids", self.subnet_ids, limits.SUBNET_COUNT, _SUBNET_ID, "subnet-0123456789abcdef0"
        )
        if self.security_group_ids is not None:
            yield from _ids(
                f"{at}.security_group_ids",
                self.security_group_ids,
                limits.SECURITY_GROUP_COUNT,
                _SECURITY_GROUP_ID,
                "sg-0123456789abcdef0",
            )
        if self.egress is not None:
            if self.security_group_ids is not None:
                yield f"{at}.egress must not be given with security_group_ids: existing groups keep their own rules"
            yield from checks.names(f"{at}.egress", self.egress)
            for name, rule in checks.named(self.egress):
                yield from checks.part(f"{at}.egress[{name!r}]", rule, EgressRule)


def _ids(at: str, values: Sequence[str], count: limits.Number, limit: limits.Text, example: str) -> Iterator[str]:
    yield from checks.members(at, values, count)
    if isinstance(values, Sequence) and not isinstance(values, str) and not checks.deferred(values):
        for index, value in enumerate(values):
            yield from checks.text(f"{at}[{index}]", value, limit, example=example)


class EndpointNetwork(Construct):
    """Makes the endpoint's security group and has Terraform check the subnets.

    Attributes: `subnet_ids` and `security_group_ids`, for the models; `security_group`, the group of its own or
    None; `security_group_rules`, the rules of that group; `lookups`, the data sources that check the subnets.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDKTF's name for it
        *,
        endpoint_name: str,
        network: PrivateNetwork,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id)
        checks.require(lambda: self.node.path, checks.part("network", network, PrivateNetwork))
        self.subnet_ids = [*network.subnet_ids]
        self.lookups = self._check_subnets(network)
        self.security_group: SecurityGroup | None = None
        self.security_group_rules: list[TerraformResource] = []
        if network.security_group_ids is None:
            self.security_group = self._security_group(endpoint_name, network, tags)
            self.security_group_ids = [self.security_group.id]
        else:
            self.security_group_ids = [*network.security_group_ids]

    def _security_group(
        self, endpoint_name: str, network: PrivateNetwork, tags: Mapping[str, str] | None
    ) -> SecurityGroup:
        # checkov CKV2_AWS_5 at SecurityGroup: it does not know that a model's vpc_config attaches the group.
        group = SecurityGroup(
            self,
            "SecurityGroup",
            name_prefix=names.prefix(endpoint_name, "-endpoint-", names.SECURITY_GROUP),
            description="Network interfaces of a SageMaker endpoint: no ingress",
            vpc_id=network.vpc_id,
            tags=tags,
            # Interfaces of an endpoint's earlier instances may hold a replaced group for a while.
            timeouts=SecurityGroupTimeouts(delete="60m"),
        )
        set_lifecycle(group, create_before_destroy=True)
        group_id = group.id
        egress = OPEN_EGRESS if network.egress is None else network.egress
        self.security_group_rules = [
            VpcSecurityGroupEgressRule(
                self,
                f"Egress-{name}",
                security_group_id=group_id,
                description=rule.description,
                ip_protocol=rule.ip_protocol,
                from_port=rule.from_port,
                to_port=rule.last_port,
                cidr_ipv4=rule.cidr_ipv4,
                cidr_ipv6=rule.cidr_ipv6,
                prefix_list_id=rule.prefix_list_id,
                referenced_security_group_id=rule.referenced_security_group_id,
                tags=tags,
            )
            for name, rule in egress.items()
        ]
        for rule_made in self.security_group_rules:
            # The endpoint leaves the group while its traffic can still leave it.
            set_lifecycle(rule_made, create_before_destroy=True)
        return group

    def _check_subnets(self, network: PrivateNetwork) -> list[TerraformDataSource]:
        """Have Terraform look the subnets up and refuse foreign and public ones.

        A subnet is public if its route table has a route to an internet gateway; one without a table of its own
        uses the VPC's main table: https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html
        """
        # `count` takes the number of subnets, which Terraform knows when it plans even if the ids are made later.
        ids = expression(network.subnet_ids)
        each: float = len(network.subnet_ids)
        if checks.deferred(network.subnet_ids):
            each = Token.as_number(f"${{length({ids})}}")
            ids = f"tolist({ids})"  # it may be a set, whose members have no numbers
        subnet_id = f"${{element({ids}, count.index)}}"
        subnet = data_source(self, "Subnet", "aws_subnet", {"id": subnet_id}, count=each)
        set_lifecycle(
            subnet,
            postcondition=[
                Postcondition(
                    condition=f"${{self.vpc_id == {expression(network.vpc_id)}}}",
                    error_message="Subnet ${self.id} of network.subnet_ids lies in ${self.vpc_id}, not in the "
                    f"network.vpc_id {network.vpc_id}. Name subnets of that VPC.",
                )
            ],
        )
        public = self._route_tables("PublicRouteTables", network.vpc_id, "route.gateway-id", "igw-*")
        main = self._route_tables("MainRouteTable", network.vpc_id, "association.main", "true")
        own = self._route_tables("SubnetRouteTable", network.vpc_id, "association.subnet-id", subnet_id, count=each)
        set_lifecycle(
            own,
            postcondition=[
                Postcondition(
                    condition=f"${{length(setintersection({public.fqn}.ids, "
                    f"length(self.ids) > 0 ? self.ids : {main.fqn}.ids)) == 0}}",
                    error_message=f"Subnet {subnet_id} of network.subnet_ids is public: its route table leads to "
                    "an internet gateway. Name private subnets (behind a NAT gateway or VPC endpoints).",
                )
            ],
        )
        # A check block warns and does not fail. CDKTF has no construct for it.
        TerraformStack.of(self).add_override(
            f"check.{subnet.friendly_unique_id}_zones.assert",
            [
                {
                    "condition": f"${{length(distinct({subnet.fqn}[*].availability_zone)) > 1}}",
                    "error_message": "All of network.subnet_ids lie in one availability zone: the endpoint goes "
                    "down with it. Name subnets in two zones or more.",
                }
            ],
        )
        return [subnet, public, main, own]

    def _route_tables(
        self,
        id: str,  # noqa: A002 - CDKTF's name for it
        vpc_id: str,
        name: str,
        value: str,
        *,
        count: float | None = None,
    ) -> TerraformDataSource:
        arguments = {"vpc_id": vpc_id, "filter": [{"name": name, "values": [value]}]}
        return data_source(self, id, "aws_route_tables", arguments, count=count)
