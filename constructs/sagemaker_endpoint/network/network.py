"""Where the endpoint's network interfaces stand: private subnets and a security group of their own."""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sagemaker_endpoint.access.statements import Condition, Statement, arns
from sagemaker_endpoint.engine.account import Account
from sagemaker_endpoint.engine.bindings import (
    Construct,
    Postcondition,
    SecurityGroup,
    SecurityGroupTimeouts,
    TerraformDataSource,
    Token,
    VpcSecurityGroupEgressRule,
)
from sagemaker_endpoint.engine.data_source import data_source
from sagemaker_endpoint.engine.expressions import expression, joined, told
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.engine.lifecycle import set_lifecycle
from sagemaker_endpoint.engine.names import name_prefix
from sagemaker_endpoint.engine.preconditions import preconditions
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import AnyOf, IsAtLeast, IsNetwork, IsNone, IsOneOf, IsWithin, Not

_VPC_ID = limits.Text(min_length=1, max_length=32, pattern="vpc-[0-9a-f]{8,17}")
_SUBNET_ID = limits.Text(min_length=1, max_length=limits.SUBNET_ID.max_length, pattern="subnet-[0-9a-f]{8,17}")
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
_SECURITY_GROUP_NAME = limits.Text(min_length=1, max_length=255, pattern=None)
_SECURITY_GROUP_ID = limits.Text(
    min_length=1, max_length=limits.SECURITY_GROUP_ID.max_length, pattern="sg-[0-9a-f]{8,17}"
)
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
_RULE_DESCRIPTION = limits.Text(min_length=1, max_length=255, pattern=r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]+")
# https://www.iana.org/assignments/protocol-numbers: 0 to 255
_NUMBER = "[0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]"
_IP_PROTOCOL = limits.Text(min_length=1, max_length=None, pattern=f"-1|tcp|udp|icmp|icmpv6|{_NUMBER}")
_ICMP = ("icmp", "icmpv6", "1", "58")
_TCP_OR_UDP = ("tcp", "udp", "6", "17")
_WITH_PORTS = (*_TCP_OR_UDP, *_ICMP)  # AWS ignores those of any other
_EVERY_CODE = -1
_EVERY_PROTOCOL = "-1"
_PORT = limits.Number(minimum=0, maximum=65535)
_TYPE_OR_CODE = limits.Number(minimum=-1, maximum=255)
_PORT_OR_TYPE = limits.Number(minimum=-1, maximum=65535)
# AWS asks for two subnets, in two availability zones, even for a single instance:
# https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html
_SUBNET_COUNT = limits.Number(minimum=2, maximum=limits.SUBNET_COUNT.maximum)
# Where traffic may go, and what a value looks like: a network of this IP version, or a pattern. A group of a peered
# VPC's account has that account before it.
_DESTINATIONS: Mapping[str, tuple[int | str, str]] = {
    "cidr_ipv4": (4, "10.0.0.0/16"),
    "cidr_ipv6": (6, "2001:db8::/56"),
    "prefix_list_id": (r"pl-[0-9a-f]{8,17}", "pl-0123456789abcdef0"),
    "referenced_security_group_id": (r"([0-9]{12}/)?sg-[0-9a-f]{8,17}", "sg-0123456789abcdef0"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressRule(checks.Inputs):
    """Traffic that may leave the endpoint.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html

    Attributes:
        description: What the rule is for; 1 to 255 characters.
        ip_protocol: ``tcp``, ``udp``, ``icmp``, ``icmpv6``, a protocol number (0 to 255), or ``-1`` for all, which
            takes no ports. Default ``tcp``.
        from_port: The first port; needed for TCP, UDP and ICMP.
        to_port: The last port. Default: `from_port`. For ICMP these two are type and code, and the default is every
            code.
        cidr_ipv4: The IPv4 network the traffic may go to, with no bit set behind its prefix. Exactly one of the four
            destinations is given.
        cidr_ipv6: The IPv6 network.
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

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.text(f"{at}.description", self.description, _RULE_DESCRIPTION, example="HTTPS to the VPC")
        yield from checks.text(f"{at}.ip_protocol", self.ip_protocol, _IP_PROTOCOL, example="tcp")
        given = [name for name in _DESTINATIONS if getattr(self, name) is not None]
        if len(given) != 1:
            yield f"{at} must state exactly one of {', '.join(_DESTINATIONS)}, got {', '.join(given) or 'none'}"
        for name in given:
            kind, example = _DESTINATIONS[name]
            if isinstance(kind, int):
                yield from _network_problems(f"{at}.{name}", getattr(self, name), kind, example)
                continue
            limit = limits.Text(min_length=1, max_length=None, pattern=kind)
            yield from checks.text(f"{at}.{name}", getattr(self, name), limit, example=example)
        yield from self._port_problems(at)

    def _port_problems(self, at: str) -> Iterator[checks.Finding]:
        protocol = self.ip_protocol
        ports = {"from_port": self.from_port, "to_port": self.to_port}
        stated = {name: port for name, port in ports.items() if port is not None}
        limit = _TYPE_OR_CODE if protocol in _ICMP else _PORT if protocol in _WITH_PORTS else _PORT_OR_TYPE
        found = [
            each for name, port in stated.items() for each in checks.number(f"{at}.{name}", port, limit, optional=True)
        ]
        yield from found
        if not isinstance(protocol, str) or any(isinstance(each, str) for each in found):
            return
        for name, port in stated.items() if checks.deferred(protocol) else ():
            for protocols, narrower in ((_ICMP, _TYPE_OR_CODE), (_TCP_OR_UDP, _PORT)):
                yield from checks.rule(
                    f"{at}.{name} must be a whole number, {narrower.minimum} to {narrower.maximum}, with ip_protocol "
                    f"{', '.join(protocols)}",
                    AnyOf([Not(IsOneOf(protocol, protocols)), IsNone(port), IsWithin(port, narrower, whole=True)]),
                    port,
                )
        none = [Not(IsNone(port)) for port in ports.values()]
        yield from checks.rule(
            f"{at}.from_port and to_port must not be given with ip_protocol '-1', which means every port",
            AnyOf([Not(IsOneOf(protocol, [_EVERY_PROTOCOL])), Not(AnyOf(none))]),
        )
        among = repr(protocol) if protocol in _WITH_PORTS else ", ".join(_WITH_PORTS)
        yield from checks.rule(
            f"{at}.from_port must be given with ip_protocol {among}",
            AnyOf([Not(IsOneOf(protocol, _WITH_PORTS)), Not(IsNone(self.from_port))]),
        )
        if self.to_port is not None and checks.deferred(self.to_port):
            # Here None is `from_port`; Terraform's null would be no port.
            yield from checks.rule(
                f"{at}.to_port must be given with from_port, and not be null",
                AnyOf([IsNone(self.from_port), Not(IsNone(self.to_port))]),
            )
        if len(stated) == len(ports):
            is_icmp = IsOneOf(protocol, _ICMP)
            sentence = f"{at}.to_port must be at least from_port"
            unknown = checks.deferred(self.from_port)
            yield from checks.rule(
                sentence if unknown else f"{sentence} {self.from_port!r}",
                AnyOf([is_icmp, IsNone(self.from_port), IsNone(self.to_port), IsAtLeast(self.to_port, self.from_port)]),
                self.to_port,
            )

    @property
    def last_port(self) -> float | None:
        """The last port, stated or not."""
        if self.to_port is not None or self.from_port is None:
            return self.to_port
        if checks.deferred(self.ip_protocol):
            is_icmp = f"contains({expression(_ICMP)}, tostring({expression(self.ip_protocol)}))"
            first = expression(Token.as_string(self.from_port))
            return Token.as_number(f"${{{is_icmp} ? {_EVERY_CODE} : {first}}}")
        return _EVERY_CODE if self.ip_protocol in _ICMP else self.from_port


def _network_problems(at: str, value: object, version: int, example: str) -> Iterator[checks.Finding]:
    text = limits.Text(min_length=1, max_length=None, pattern=None)
    wrong = [*checks.text(at, value, text, example=example)]
    yield from wrong
    if isinstance(value, str) and value and not any(isinstance(each, str) for each in wrong):
        its = checks.network(value, version)
        hint = "" if its is None or its == value else f", an address in the network {its}"
        sentence = f"{at} must be an IPv{version} network in CIDR notation such as {example!r}"
        yield from checks.rule(sentence, IsNetwork(value, version), value, hint=lambda: hint)


OPEN_EGRESS: Mapping[str, EgressRule] = {
    "ipv4": EgressRule(description="All IPv4 traffic to AWS services", ip_protocol="-1", cidr_ipv4="0.0.0.0/0"),
    "ipv6": EgressRule(description="All IPv6 traffic to AWS services", ip_protocol="-1", cidr_ipv6="::/0"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateNetwork(checks.Inputs):
    """The VPC's private subnets that the endpoint lives in.

    https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html

    Attributes:
        vpc_id: The VPC.
        subnet_ids: 2 to 16 subnets of that VPC, a list or a set, none of them public (with a route to an internet
            gateway), in two availability zones or more, as AWS asks even for a single instance. Terraform refuses
            foreign and public subnets, and those of a single zone, when it plans.
        egress: What may leave the endpoint, by a name of your own that becomes part of the Terraform address.
            Default: all traffic, IPv4 and IPv6. An empty mapping lets nothing out.
        security_group_ids: 1 to 5 existing security groups to use instead of a new one. Their rules and network
            interfaces stay yours: `egress` must not be given, and no interface in them is ever touched.
    """

    vpc_id: str
    subnet_ids: Sequence[str] | AbstractSet[str]
    egress: Mapping[str, EgressRule] | None = None
    security_group_ids: Sequence[str] | AbstractSet[str] | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.text(f"{at}.vpc_id", self.vpc_id, _VPC_ID, example="vpc-0123456789abcdef0")
        yield from checks.texts(
            f"{at}.subnet_ids", _ordered(self.subnet_ids), _SUBNET_COUNT, _SUBNET_ID, example="subnet-0123456789abcdef0"
        )
        if self.security_group_ids is not None:
            yield from checks.texts(
                f"{at}.security_group_ids",
                _ordered(self.security_group_ids),
                limits.SECURITY_GROUP_COUNT,
                _SECURITY_GROUP_ID,
                example="sg-0123456789abcdef0",
            )
        if self.egress is not None:
            if self.security_group_ids is not None:
                yield f"{at}.egress must not be given with security_group_ids: existing groups keep their own rules"
            yield from checks.names(f"{at}.egress", self.egress)
            for name, rule in checks.named(self.egress):
                yield from checks.part(f"{at}.egress[{name!r}]", rule, EgressRule)


def _ordered(ids: Sequence[str] | AbstractSet[str]) -> Sequence[str]:
    """Give a set's members in an order that is the same in every run, and all else as it is."""
    return sorted(ids, key=str) if isinstance(ids, AbstractSet) else ids


def security_group_prefix(endpoint_name: str) -> str:
    """Give the `name_prefix` of a group; none may begin as the ids of groups do.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
    """
    plain, suffix = "^(?i:sg-)", "-endpoint-"
    if not checks.deferred(endpoint_name):
        return name_prefix(re.sub(plain, "endpoint-", endpoint_name), suffix, _SECURITY_GROUP_NAME)
    replaced = f'replace({expression(endpoint_name)}, {expression(f"/{plain}/")}, "endpoint-")'
    return name_prefix(f"${{{replaced}}}", suffix, _SECURITY_GROUP_NAME)


class EndpointNetwork(Construct):
    """Makes the endpoint's security group and has Terraform check the subnets; nothing where there is no network.

    Attributes: `subnet_ids` and `security_group_ids`, for the models; `security_group`, the group of its own or
    None; `security_group_rules`, the rules of that group by name; `lookups`, the data sources that check the subnets.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        identity: Identity,
        network: PrivateNetwork | None,
    ) -> None:
        super().__init__(scope, id)
        self.subnet_ids: Sequence[str] = []
        self.security_group_ids: Sequence[str] = []
        self.security_group: SecurityGroup | None = None
        self.security_group_rules: dict[str, VpcSecurityGroupEgressRule] = {}
        self.lookups: list[TerraformDataSource] = []
        self._vpc_id: str | None = None
        if network is not None:
            self._make(identity, network)

    def _make(self, identity: Identity, network: PrivateNetwork) -> None:
        found = checks.require(lambda: self.node.path, checks.part("network", network, PrivateNetwork))
        self._vpc_id = network.vpc_id
        self.subnet_ids = [*_ordered(network.subnet_ids)]
        # What is deferred about a rule stands where the rule is made.
        deferred = [each for each in found if not each.sentence.startswith("network.egress[")]
        self.lookups = self._check_subnets(network, deferred)
        if network.security_group_ids is None:
            self.security_group = self._security_group(identity.endpoint_name, network, identity.tags)
            self.security_group_ids = [self.security_group.id]
        else:
            self.security_group_ids = [*_ordered(network.security_group_ids)]

    @property
    def runbook_names(self) -> dict[str, Sequence[str]]:
        """The names that the runbook's commands have places for."""
        if self._vpc_id is None:
            return {}
        return {
            "vpc": [self._vpc_id],
            "subnets": [joined(",", self.subnet_ids)],
            "group": [joined(",", self.security_group_ids)],
        }

    def statements(self, account: Account, *, least_privilege: bool) -> list[Statement]:
        """Let the role make interfaces in the endpoint's own subnets and groups, attach and delete them in the VPC.

        The actions: https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html#host-vpc-endpoints
        Their resources and condition keys:
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
        AWS's own policy for SageMaker holds the same actions to a VPC:
        https://docs.aws.amazon.com/aws-managed-policy/latest/reference/SageMakerStudioProjectRoleMachineLearningPolicy.html
        """
        if self._vpc_id is None:
            return []
        interfaces = account.arn("ec2", "network-interface/*")
        # Another account may share its subnets with this one, so the ids alone name them.
        anyone = f"arn:{account.partition}:ec2:{account.region}:*"
        subnets = {f"{anyone}:subnet/": self.subnet_ids}
        if least_privilege:
            place = Condition(test="ArnLike", variable="ec2:Subnet", values=arns(subnets))
        else:
            place = Condition(test="ArnLike", variable="ec2:Vpc", values=[f"{anyone}:vpc/{self._vpc_id}"])
        parts = {**subnets, f"{anyone}:security-group/": self.security_group_ids}
        return [
            Statement(
                sid="CreateInterfaces", actions=["ec2:CreateNetworkInterface"], resources=arns(parts, interfaces)
            ),
            Statement(
                sid="ManageInterfaces",
                actions=[
                    "ec2:CreateNetworkInterfacePermission",
                    "ec2:DeleteNetworkInterface",
                    "ec2:DeleteNetworkInterfacePermission",
                ],
                resources=[interfaces],
                conditions=[place],
            ),
            # EC2's Describe actions know no resource (the second page above).
            Statement(
                sid="DescribeNetwork",
                actions=[
                    "ec2:DescribeDhcpOptions",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSecurityGroups",
                    "ec2:DescribeSubnets",
                    "ec2:DescribeVpcEndpoints",
                    "ec2:DescribeVpcs",
                ],
                resources=["*"],
            ),
        ]

    def _security_group(
        self, endpoint_name: str, network: PrivateNetwork, tags: Mapping[str, str] | None
    ) -> SecurityGroup:
        # checkov CKV2_AWS_5 at SecurityGroup: it does not know that a model's vpc_config attaches the group.
        group = SecurityGroup(
            self,
            "SecurityGroup",
            name_prefix=security_group_prefix(endpoint_name),
            description="Network interfaces of a SageMaker endpoint: no ingress",
            vpc_id=network.vpc_id,
            tags=tags,
            # Interfaces of an endpoint's earlier instances may hold a replaced group for a while.
            timeouts=SecurityGroupTimeouts(delete="60m"),
        )
        set_lifecycle(group, create_before_destroy=True)
        group_id = group.id
        egress = OPEN_EGRESS if network.egress is None else network.egress
        self.security_group_rules = {
            name: VpcSecurityGroupEgressRule(
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
        }
        for name, rule in egress.items():
            deferred = checks.require(str, rule.problems(f"network.egress[{name!r}]"))
            # The endpoint leaves the group while its traffic can still leave it.
            set_lifecycle(
                self.security_group_rules[name],
                create_before_destroy=True,
                precondition=preconditions(deferred),
            )
        return group

    def _check_subnets(self, network: PrivateNetwork, deferred: Sequence[checks.Deferred]) -> list[TerraformDataSource]:
        """Have Terraform look the subnets up and refuse foreign and public ones, and those of a single zone.

        A subnet is public if its route table has a route to an internet gateway; one without a table of its own
        uses the VPC's main table: https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html
        """
        # `count` takes the number of subnets, which Terraform knows when it plans even if the ids are made later.
        ids = expression(self.subnet_ids)
        each: float = len(self.subnet_ids)
        if checks.deferred(self.subnet_ids):
            each = Token.as_number(f"${{length({ids})}}")
            ids = f"tolist({ids})"  # it may be a set, whose members have no numbers
        subnet_id = f"${{element({ids}, count.index)}}"
        subnet = data_source(self, "Subnet", "aws_subnet", {"id": subnet_id}, count=each)
        set_lifecycle(
            subnet,
            postcondition=[
                Postcondition(
                    condition=f"${{self.vpc_id == {expression(network.vpc_id)}}}",
                    error_message=f"Subnet {told('${self.id}')} of network.subnet_ids lies in ${{self.vpc_id}}, not in "
                    f"the network.vpc_id {told(network.vpc_id)}. Name subnets of that VPC.",
                )
            ],
        )
        # This one depends on nothing but what it checks, and nothing that is made depends on it.
        public = self._route_tables("PublicRouteTables", network.vpc_id, "route.gateway-id", "igw-*")
        set_lifecycle(public, precondition=preconditions(deferred))
        main = self._route_tables("MainRouteTable", network.vpc_id, "association.main", "true")
        set_lifecycle(
            main,
            postcondition=[
                Postcondition(
                    condition=f"${{length(distinct({subnet.fqn}[*].availability_zone)) != 1}}",
                    error_message="All of network.subnet_ids lie in one availability zone, and AWS asks for two, even "
                    "for a single instance. Name subnets in two zones or more.",
                )
            ],
        )
        own = self._route_tables("SubnetRouteTable", network.vpc_id, "association.subnet-id", subnet_id, count=each)
        set_lifecycle(
            own,
            postcondition=[
                Postcondition(
                    condition=f"${{length(setintersection({public.fqn}.ids, "
                    f"length(self.ids) > 0 ? self.ids : {main.fqn}.ids)) == 0}}",
                    error_message=f"Subnet {told(subnet_id)} of network.subnet_ids is public: its route table leads to "
                    "an internet gateway. Name private subnets (behind a NAT gateway or VPC endpoints).",
                )
            ],
        )
        return [subnet, public, main, own]

    def _route_tables(
        self,
        id: str,
        vpc_id: str,
        name: str,
        value: str,
        *,
        count: float | None = None,
    ) -> TerraformDataSource:
        arguments = {"vpc_id": vpc_id, "filter": [{"name": name, "values": [value]}]}
        return data_source(self, id, "aws_route_tables", arguments, count=count)
