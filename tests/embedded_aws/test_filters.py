import pytest

from .gaps.ec2_filters import like
from .stage import Stage


def test_public_route_tables_are_found_by_a_wildcard_among_several_filters(stage: Stage) -> None:
    private, public = stage.subnet_id(1), stage.subnet_id(2)
    gateway_id = stage.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    stage.ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=stage.vpc_id)
    tables = {}
    for subnet_id in (private, public):
        table = stage.ec2.create_route_table(VpcId=stage.vpc_id)["RouteTable"]["RouteTableId"]
        stage.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet_id)
        tables[subnet_id] = table
    stage.ec2.create_route(RouteTableId=tables[public], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway_id)

    def found(**filters: str | list[str]) -> list[str]:
        wanted = [
            {"Name": name.replace("__", ".").replace("_", "-"), "Values": [value] if isinstance(value, str) else value}
            for name, value in {"vpc-id": stage.vpc_id, **filters}.items()
        ]
        answer = stage.ec2.describe_route_tables(Filters=wanted)
        return [table["RouteTableId"] for table in answer["RouteTables"]]

    both = [private, public]
    assert found(route__gateway_id="igw-*") == [tables[public]]
    assert found(route__gateway_id=["igw-*", "eigw-*"], association__subnet_id=both) == [tables[public]]
    assert found(route__gateway_id="igw-*", association__subnet_id=private) == []
    assert sorted(found(association__subnet_id=both)) == sorted(tables.values())
    assert len(found(association__main="true")) == 1
    assert found(association__main="true", route__gateway_id="igw-*") == []


def test_interfaces_are_found_by_any_of_several_groups(stage: Stage) -> None:
    stage.ec2.create_network_interface(SubnetId=stage.subnet_id(1), Groups=[stage.group_id])
    wanted = [{"Name": "group-id", "Values": [stage.group_id, "sg-00000000"]}]
    assert len(stage.ec2.describe_network_interfaces(Filters=wanted)["NetworkInterfaces"]) == 1


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("igw-*", "igw-1", True),
        ("igw-?", "igw-12", False),
        ("a.c", "abc", False),
        ("[ab]", "a", False),
        ("", "", True),
    ],
)
def test_a_star_stands_for_anything_and_a_question_mark_for_one(pattern: str, value: str, *, expected: bool) -> None:
    assert like(pattern, value) is expected


def test_the_description_of_a_rule_that_names_a_group_is_told(stage: Stage) -> None:
    peers = [{"GroupId": stage.group_id, "Description": "HTTPS to VPC endpoints"}]
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": peers}
    stage.ec2.authorize_security_group_egress(GroupId=stage.group_id, IpPermissions=[rule])
    only = [{"Name": "group-id", "Values": [stage.group_id]}]
    rules = stage.ec2.describe_security_group_rules(Filters=only)["SecurityGroupRules"]
    assert "HTTPS to VPC endpoints" in [each.get("Description") for each in rules]
