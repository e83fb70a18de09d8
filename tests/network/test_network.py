"""The subnets, which Terraform checks, and the security group: no ingress, egress as stated."""

from collections import UserList
from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sagemaker_endpoint import EgressRule, PrivateNetwork, SageMakerEndpoint

import pytest
from cdktf import Fn, TerraformHclModule, Token
from cdktf_cdktf_provider_aws.data_aws_subnets import DataAwsSubnets

from tests.console import evaluate
from tests.examples import GROUPS, INPUTS, NETWORK, SUBNETS, endpoint, problems, stack, synthesize, variable
from tests.synthesized import Block, Synthesized, named

RULE = EgressRule(description="HTTPS to the VPC", from_port=443, cidr_ipv4="10.0.0.0/16")
SUBNET = "data.aws_subnet"
TABLES = "data.aws_route_tables"


def network(**changes: Any) -> PrivateNetwork:
    return replace(NETWORK, **changes)


def rule(**changes: Any) -> EgressRule:
    return replace(RULE, **changes)


def rules(made: Synthesized) -> dict[str, Block]:
    """Give the egress rules by the names they were given, without how they are replaced."""
    found = made.all("aws_vpc_security_group_egress_rule")
    for block in found.values():
        assert block["lifecycle"].pop("create_before_destroy")
        if not block["lifecycle"]:
            block.pop("lifecycle")
    return {address.partition("Egress-")[2].rpartition("_")[0]: block for address, block in found.items()}


# The security group.


def test_the_endpoint_has_a_group_of_its_own_without_ingress() -> None:
    group = synthesize().one("aws_security_group")
    assert group == {
        "description": "Network interfaces of a SageMaker endpoint: no ingress",
        "lifecycle": {"create_before_destroy": True},
        "name_prefix": "sentiment-endpoint-",
        "timeouts": {"delete": "60m"},
        "vpc_id": NETWORK.vpc_id,
    }


def test_all_egress_is_allowed_by_default_and_nothing_else() -> None:
    made = synthesize()
    assert rules(made) == {
        "ipv4": {
            "cidr_ipv4": "0.0.0.0/0",
            "description": "All IPv4 traffic to AWS services",
            "ip_protocol": "-1",
            "security_group_id": f"${{{made.address('aws_security_group')}.id}}",
        },
        "ipv6": {
            "cidr_ipv6": "::/0",
            "description": "All IPv6 traffic to AWS services",
            "ip_protocol": "-1",
            "security_group_id": f"${{{made.address('aws_security_group')}.id}}",
        },
    }
    assert made.all("aws_vpc_security_group_ingress_rule") == {}
    assert made.all("aws_security_group_rule") == {}


def test_egress_can_be_narrowed() -> None:
    egress = MappingProxyType(
        {
            "vpc": RULE,
            "dns": rule(description="DNS", ip_protocol="udp", from_port=53, to_port=54),
            "s3": rule(cidr_ipv4=None, prefix_list_id="pl-0123456789abcdef0"),
            "peer": rule(cidr_ipv4=None, referenced_security_group_id=GROUPS[0]),
            "six": rule(cidr_ipv4=None, cidr_ipv6="2001:db8::/56"),
        }
    )
    made = rules(synthesize(network=network(egress=egress)))
    for each in made.values():
        assert named(each.pop("security_group_id")).startswith("aws_security_group.")
    https = {"description": "HTTPS to the VPC", "ip_protocol": "tcp", "from_port": 443, "to_port": 443}
    assert made == {
        "vpc": {**https, "cidr_ipv4": "10.0.0.0/16"},
        "dns": {
            "description": "DNS",
            "ip_protocol": "udp",
            "from_port": 53,
            "to_port": 54,
            "cidr_ipv4": "10.0.0.0/16",
        },
        "s3": {**https, "prefix_list_id": "pl-0123456789abcdef0"},
        "peer": {**https, "referenced_security_group_id": GROUPS[0]},
        "six": {**https, "cidr_ipv6": "2001:db8::/56"},
    }


def test_an_empty_egress_lets_nothing_out() -> None:
    made = synthesize(network=network(egress={}))
    assert rules(made) == {}
    assert len(made.all("aws_security_group")) == 1


def test_every_field_of_a_rule_may_be_a_token() -> None:
    scope = stack()
    text = variable(scope, "string", "text").string_value
    number = variable(scope, "number", "number").number_value
    stated = EgressRule(description=text, ip_protocol=text, from_port=number, to_port=number, cidr_ipv4=text)
    others = {
        name: rule(cidr_ipv4=None, **{name: text})
        for name in ("cidr_ipv6", "prefix_list_id", "referenced_security_group_id")
    }
    made = rules(synthesize(scope, network=network(egress={"all": stated, **others})))
    made["all"].pop("security_group_id")
    assert made["all"].pop("lifecycle")
    assert made["all"] == {
        "description": "${var.text}",
        "ip_protocol": "${var.text}",
        "from_port": "${var.number}",
        "to_port": "${var.number}",
        "cidr_ipv4": "${var.text}",
    }
    assert {name: made[name][name] for name in others} == dict.fromkeys(others, "${var.text}")


def test_existing_groups_are_used_as_they_are() -> None:
    scope = stack()
    made = endpoint(scope, network=network(security_group_ids=tuple(GROUPS)))
    found = Synthesized(scope)
    assert made.security_group_ids == GROUPS
    assert found.one("aws_sagemaker_model")["vpc_config"]["security_group_ids"] == GROUPS
    assert found.all("aws_security_group") == {}
    assert rules(found) == {}


def test_existing_groups_may_be_tokens() -> None:
    scope = stack()
    ids = variable(scope, "list(string)").list_value
    model = synthesize(scope, network=network(security_group_ids=ids)).one("aws_sagemaker_model")
    assert model["vpc_config"]["security_group_ids"] == "${var.value}"
    scope = stack()
    mixed = [GROUPS[0], variable(scope).string_value]
    model = synthesize(scope, network=network(security_group_ids=mixed)).one("aws_sagemaker_model")
    assert model["vpc_config"]["security_group_ids"] == [GROUPS[0], "${var.value}"]


# The subnets.


@pytest.mark.parametrize("sequence", [list, tuple, UserList])
def test_subnets_may_be_any_sequence(sequence: type[Sequence[str]]) -> None:
    made = synthesize(network=network(subnet_ids=sequence(SUBNETS)))  # type: ignore[call-arg] # all three take a list
    assert made.one("aws_sagemaker_model")["vpc_config"]["subnets"] == SUBNETS
    assert made.one(SUBNET)["count"] == 2


def test_subnets_may_be_one_token() -> None:
    scope = stack()
    made = synthesize(scope, network=network(subnet_ids=variable(scope, "list(string)").list_value))
    assert made.one("aws_sagemaker_model")["vpc_config"]["subnets"] == "${var.value}"
    assert made.one(SUBNET)["count"] == "${length(var.value)}"
    looked_up = made.one(SUBNET)["id"].replace("count.index", "1")
    assert evaluate(looked_up, {"value": SUBNETS}) == SUBNETS[1]


def test_subnets_may_come_from_a_data_source_a_module_or_a_function() -> None:
    scope = stack()
    found = DataAwsSubnets(scope, "found").ids
    module = TerraformHclModule(scope, "vpc", source="terraform-aws-modules/vpc/aws")
    lists = {
        "data.aws_subnets.found.ids": found,
        "slice(data.aws_subnets.found.ids, 0, 2)": Token.as_list(Fn.slice(found, 0, 2)),
        "module.vpc.private_subnets": module.get_list("private_subnets"),
    }
    for index, ids in enumerate(lists.values()):
        SageMakerEndpoint(scope, f"E{index}", **{**INPUTS, "network": network(subnet_ids=ids)})
    made = Synthesized(scope)
    assert [made.one(SUBNET, f"E{index}_")["count"] for index, _ in enumerate(lists)] == [
        f"${{length({written})}}" for written in lists
    ]


def test_subnets_may_come_as_a_set() -> None:
    made = synthesize(network=network(subnet_ids=Token.as_list("${toset(var.value)}")))
    assert made.one("aws_sagemaker_model")["vpc_config"]["subnets"] == "${toset(var.value)}"
    looked_up = [made.one(SUBNET)["count"], *(made.one(SUBNET)["id"].replace("count.index", each) for each in "01")]
    assert evaluate(looked_up, {"value": [*SUBNETS, SUBNETS[0]]}) == [2, *SUBNETS]


@pytest.mark.parametrize("raw", [False, True])
def test_a_subnet_in_a_list_may_be_a_token(raw: bool) -> None:
    scope = stack()
    token = variable(scope).string_value
    made = synthesize(scope, network=network(subnet_ids=[SUBNETS[0], "${var.value}" if raw else token]))
    assert made.one("aws_sagemaker_model")["vpc_config"]["subnets"] == [SUBNETS[0], "${var.value}"]
    assert made.one(SUBNET)["count"] == 2
    looked_up = [made.one(SUBNET)["id"].replace("count.index", each) for each in "01"]
    assert evaluate(looked_up, {"value": SUBNETS[1]}) == SUBNETS


def test_a_single_token_in_a_list_is_one_subnet_where_aws_asks_for_two() -> None:
    scope = stack()
    found = problems(network=network(subnet_ids=[variable(scope).string_value]))
    assert found == ("network.subnet_ids must have 2 to 16 members, got 1",)


def test_the_vpc_may_be_a_token() -> None:
    scope = stack()
    made = synthesize(scope, network=network(vpc_id=variable(scope).string_value))
    assert made.one("aws_security_group")["vpc_id"] == "${var.value}"
    assert {tables["vpc_id"] for tables in made.all(TABLES).values()} == {"${var.value}"}
    [condition] = made.one(SUBNET)["lifecycle"]["postcondition"]
    assert condition["condition"] == "${self.vpc_id == var.value}"
    assert "not in the network.vpc_id ${" in condition["error_message"]


@pytest.mark.parametrize(("vpc_id", "good"), [(NETWORK.vpc_id, True), ("vpc-00000000000000000", False)])
def test_terraform_refuses_a_subnet_of_another_vpc(vpc_id: str, good: bool) -> None:
    [condition] = synthesize().one(SUBNET)["lifecycle"]["postcondition"]
    assert evaluate(condition["condition"].replace("self.", "var."), {"vpc_id": vpc_id}) is good


PRIVATE, PUBLIC, MAIN = ["rtb-private"], ["rtb-public"], ["rtb-main"]


@pytest.mark.parametrize(
    ("own", "main", "public", "good"),
    [
        (PRIVATE, MAIN, PUBLIC, True),
        (PUBLIC, MAIN, PUBLIC, False),
        ([], MAIN, PUBLIC, True),
        ([], MAIN, MAIN, False),
        (PRIVATE, MAIN, MAIN, True),
        (PRIVATE, MAIN, [], True),
    ],
)
def test_terraform_refuses_a_public_subnet(own: list[str], main: list[str], public: list[str], good: bool) -> None:
    made = synthesize()
    [condition] = made.one(TABLES, "SubnetRouteTable")["lifecycle"]["postcondition"]
    text = condition["condition"]
    for written, name in (
        (f"{made.address(TABLES, 'PublicRouteTables')}.ids", "var.public"),
        (f"{made.address(TABLES, 'MainRouteTable')}.ids", "var.main"),
        ("self.ids", "var.own"),
    ):
        assert written in text
        text = text.replace(written, name)
    assert evaluate(text, {"own": own, "main": main, "public": public}) is good
    assert "is public" in condition["error_message"]


def test_the_route_tables_are_those_of_the_vpc_and_the_subnets() -> None:
    made = synthesize()
    assert made.one(TABLES, "PublicRouteTables") == {
        "filter": [{"name": "route.gateway-id", "values": ["igw-*"]}],
        "vpc_id": NETWORK.vpc_id,
    }
    main = made.one(TABLES, "MainRouteTable")
    assert main.pop("lifecycle")
    assert main == {
        "filter": [{"name": "association.main", "values": ["true"]}],
        "vpc_id": NETWORK.vpc_id,
    }
    own = made.one(TABLES, "SubnetRouteTable")
    assert own["count"] == 2
    assert own["filter"] == [{"name": "association.subnet-id", "values": [made.one(SUBNET)["id"]]}]


@pytest.mark.parametrize(("zones", "good"), [(["a", "b"], True), (["a", "a"], False), (["a"], False)])
def test_terraform_refuses_a_single_zone(zones: list[str], good: bool) -> None:
    made = synthesize()
    [condition] = made.one(TABLES, "MainRouteTable")["lifecycle"]["postcondition"]
    written = f"{made.address(SUBNET)}[*].availability_zone"
    assert written in condition["condition"]
    assert evaluate(condition["condition"].replace(written, "var.zones"), {"zones": zones}) is good
    assert "All of network.subnet_ids lie in one availability zone" in condition["error_message"]


@pytest.mark.parametrize("field", ["cidr_ipv4", "cidr_ipv6"])
def test_python_and_terraform_take_the_same_for_a_network(field: str) -> None:
    good = {
        "cidr_ipv4": ["0.0.0.0/0", "10.0.0.0/8", "10.1.2.3/32"],
        "cidr_ipv6": ["::/0", "2001:DB8::/56", "2001:db8:0::1/128"],
    }
    bad = {
        "cidr_ipv4": [
            "10.0.0.5/16",
            "10.0.0.0",
            "10.0.0.0/33",
            "10.0.0.0/08",
            "010.0.0.0/8",
            "999.1.1.1/8",
            "::/0",
            "",
            "10.0.0/8",
        ],
        "cidr_ipv6": [
            "2001:db8::1/56",
            "::",
            "::/129",
            "fe80::1%eth0/128",
            "10.0.0.0/8",
            "::ffff:10.0.0.0/104",
            "",
            ":::/0",
        ],
    }
    values = [*good[field], *bad[field]]
    known = [not [*rule(**{"cidr_ipv4": None, field: value}).problems("at")] for value in values]
    scope = stack()
    made = rules(synthesize(scope, network=network(egress={"a": rule(**{"cidr_ipv4": None, field: "${var.value}"})})))
    conditions = [each["condition"] for each in made["a"]["lifecycle"]["precondition"]]
    asked = [[each.replace("var.value", f"var.v{index}") for each in conditions] for index, _ in enumerate(values)]
    answers = evaluate(asked, {f"v{index}": value for index, value in enumerate(values)})
    assert isinstance(answers, list)
    assert known == [all(each) for each in answers] == [True] * len(good[field]) + [False] * len(bad[field])


# What is refused.


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"vpc_id": "subnet-1"},
            "network.vpc_id must look like 'vpc-0123456789abcdef0' (pattern vpc-[0-9a-f]{8,17}), got 'subnet-1'",
        ),
        ({"vpc_id": None}, "network.vpc_id must be a string such as 'vpc-0123456789abcdef0', got None"),
        ({"subnet_ids": SUBNETS[0]}, "network.subnet_ids must be a list, got 'subnet-0000000000000000a'"),
        ({"subnet_ids": None}, "network.subnet_ids must be a list, got None"),
        ({"subnet_ids": []}, "network.subnet_ids must have 2 to 16 members, got 0"),
        (
            {"subnet_ids": [f"subnet-{each:08x}" for each in range(17)]},
            "network.subnet_ids must have 2 to 16 members, got 17",
        ),
        (
            {"subnet_ids": [SUBNETS[0], SUBNETS[0]]},
            "network.subnet_ids must not name a member twice, got 'subnet-0000000000000000a' 2 times",
        ),
        (
            {"subnet_ids": [SUBNETS[0], "vpc-1"]},
            (
                "network.subnet_ids[1] must look like 'subnet-0123456789abcdef0' (pattern subnet-[0-9a-f]{8,17}), "
                "got 'vpc-1'"
            ),
        ),
        (
            {"subnet_ids": [None, SUBNETS[0]]},
            "network.subnet_ids[0] must be a string such as 'subnet-0123456789abcdef0', got None",
        ),
        ({"security_group_ids": []}, "network.security_group_ids must have 1 to 5 members, got 0"),
        ({"security_group_ids": GROUPS[0]}, "network.security_group_ids must be a list, got 'sg-0000000000000000a'"),
        (
            {"security_group_ids": ["a"]},
            "network.security_group_ids[0] must look like 'sg-0123456789abcdef0' (pattern sg-[0-9a-f]{8,17}), got 'a'",
        ),
        (
            {"security_group_ids": GROUPS, "egress": {}},
            "network.egress must not be given with security_group_ids: existing groups keep their own rules",
        ),
        (
            {"egress": [RULE]},
            (
                f"network.egress must be a mapping whose names are known at synthesis (its values need not be), "
                f"got [{RULE!r}]"
            ),
        ),
        ({"egress": {"a b": RULE}}, "network.egress must have names of letters, digits, - and _, got 'a b'"),
        ({"egress": {"a": "0.0.0.0/0"}}, "network.egress['a'] must be EgressRule(...), got '0.0.0.0/0'"),
    ],
)
def test_a_wrong_network_is_told(changes: dict[str, Any], sentence: str) -> None:
    assert problems(network=network(**changes)) == (sentence,)


def test_a_protocol_without_ports_takes_none() -> None:
    made = synthesize(
        network=replace(NETWORK, egress={"vpn": rule(description="ESP", ip_protocol="50", from_port=None)})
    )
    assert "from_port" not in made.one("aws_vpc_security_group_egress_rule")


@pytest.mark.parametrize(
    ("protocol", "first", "last"), [("icmp", 8, -1), ("58", 8, -1), ("tcp", 443, 443), ("-1", None, None)]
)
def test_a_protocol_that_terraform_alone_knows_has_the_same_last_port(
    protocol: str, first: int | None, last: int | None
) -> None:
    scope = stack()
    ports = [variable(scope, "number", "port").number_value, *([] if first is None else [first])]
    made = {
        f"rule{index}": rule(ip_protocol=variable(scope, name=f"protocol{index}").string_value, from_port=port)
        for index, port in enumerate(ports)
    }
    written = [each["to_port"] for each in rules(synthesize(scope, network=network(egress=made))).values()]
    known = {f"protocol{index}": protocol for index, _ in enumerate(ports)}
    assert evaluate(written, {**known, "port": first}) == [last] * len(ports)


@pytest.mark.parametrize(
    ("protocol", "port", "good"),
    [
        ("tcp", 65535, True),
        ("tcp", -1, False),
        ("17", -1, False),
        ("icmp", -1, True),
        ("icmp", 255, True),
        ("58", 256, False),
        ("50", 256, True),
        ("50", -1, True),
    ],
)
def test_the_ports_of_a_protocol_that_terraform_alone_knows_are_held_to_its_own_range(
    protocol: str, port: int, good: bool
) -> None:
    scope = stack()
    ports = [variable(scope, "number", "port").number_value, port]
    made = {
        f"rule{index}": rule(ip_protocol=variable(scope, name=f"protocol{index}").string_value, from_port=each)
        for index, each in enumerate(ports)
    }
    for index, each in enumerate(rules(synthesize(scope, network=network(egress=made))).values()):
        conditions = [
            one["condition"] for one in each["lifecycle"]["precondition"] if "from_port" in one["error_message"]
        ]
        answers = evaluate(conditions, {f"protocol{index}": protocol, "port": port})
        assert isinstance(answers, list)
        assert all(answers) is good


PROTOCOLS = "-1|tcp|udp|icmp|icmpv6|[0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]"
NO_NETWORK = ".cidr_ipv4 must be an IPv4 network in CIDR notation such as '10.0.0.0/16', got"
DESTINATIONS = "cidr_ipv4, cidr_ipv6, prefix_list_id, referenced_security_group_id"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"description": ""}, ".description must have 1 to 255 characters, got 0: ''"),
        ({"description": None}, ".description must be a string such as 'HTTPS to the VPC', got None"),
        ({"ip_protocol": "TCP"}, f".ip_protocol must look like 'tcp' (pattern {PROTOCOLS}), got 'TCP'"),
        ({"ip_protocol": 6}, ".ip_protocol must be a string such as 'tcp', got 6"),
        ({"cidr_ipv4": None}, f" must state exactly one of {DESTINATIONS}, got none"),
        ({"cidr_ipv6": "::/0"}, f" must state exactly one of {DESTINATIONS}, got cidr_ipv4, cidr_ipv6"),
        (
            {"cidr_ipv4": "10.0.0.0"},
            f"{NO_NETWORK} '10.0.0.0'",
        ),
        ({"cidr_ipv4": "999.999.999.999/99"}, f"{NO_NETWORK} '999.999.999.999/99'"),
        ({"cidr_ipv4": "10.0.0.0/33"}, f"{NO_NETWORK} '10.0.0.0/33'"),
        ({"cidr_ipv4": "10.0.0.0/255.0.0.0"}, f"{NO_NETWORK} '10.0.0.0/255.0.0.0'"),
        ({"cidr_ipv4": "010.0.0.0/8"}, f"{NO_NETWORK} '010.0.0.0/8'"),
        ({"cidr_ipv4": "10.0.0.5/16"}, f"{NO_NETWORK} '10.0.0.5/16', an address in the network 10.0.0.0/16"),
        ({"ip_protocol": "999"}, f".ip_protocol must look like 'tcp' (pattern {PROTOCOLS}), got '999'"),
        ({"cidr_ipv4": 10}, ".cidr_ipv4 must be a string such as '10.0.0.0/16', got 10"),
        ({"from_port": 70000}, ".from_port must be a whole number, 0 to 65535, got 70000"),
        ({"from_port": "443"}, ".from_port must be a whole number, 0 to 65535, got '443'"),
        ({"to_port": -2}, ".to_port must be a whole number, 0 to 65535, got -2"),
        ({"from_port": None}, ".from_port must be given with ip_protocol 'tcp'"),
        (
            {"ip_protocol": "-1"},
            ".from_port and to_port must not be given with ip_protocol '-1', which means every port",
        ),
    ],
)
def test_a_wrong_rule_is_told(changes: dict[str, Any], sentence: str) -> None:
    assert problems(network=network(egress={"vpc": rule(**changes)})) == (f"network.egress['vpc']{sentence}",)


def test_a_set_of_ids_is_the_list_of_them_in_order() -> None:
    subnets, groups = [*SUBNETS, "subnet-0000000000000000c"], [*GROUPS, "sg-0000000000000000c"]
    as_lists = replace(NETWORK, subnet_ids=subnets, security_group_ids=groups)
    as_sets = replace(NETWORK, subnet_ids=frozenset(subnets), security_group_ids={*groups})
    assert synthesize(network=as_sets).configuration == synthesize(network=as_lists).configuration
    told = problems(network=replace(NETWORK, subnet_ids={"subnet-1", 1}))  # type: ignore[arg-type] # what is told
    assert [sentence.split(" must ")[0] for sentence in told] == ["network.subnet_ids[0]", "network.subnet_ids[1]"]
