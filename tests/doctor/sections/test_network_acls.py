"""The network ACLs of the endpoint's subnets."""

from ipaddress import IPv4Network
from typing import Any

from sagemaker_endpoint_doctor.examination.finding import Status
from sagemaker_endpoint_doctor.facts.network_acls import ANSWERS, HTTPS, shuts

import pytest

from tests.doctor.patient import Patient

S3 = IPv4Network("52.218.0.0/17")


def entry(number: int, action: str, cidr: str = "0.0.0.0/0", *ports: int, protocol: str = "6") -> dict[str, Any]:
    limits = {"PortRange": {"From": ports[0], "To": ports[-1]}} if ports else {}
    return {
        "RuleNumber": number,
        "RuleAction": action,
        "CidrBlock": cidr,
        "Egress": True,
        "Protocol": protocol if ports else "-1",
        **limits,
    }


LAST = entry(32767, "deny")


@pytest.mark.parametrize(
    ("entries", "is_shut"),
    [
        ([entry(100, "allow"), LAST], False),
        ([LAST], True),
        ([entry(100, "allow", "0.0.0.0/0", 443), LAST], False),
        ([entry(100, "allow", "0.0.0.0/0", 80), LAST], True),
        ([entry(100, "allow", "10.0.0.0/16"), LAST], True),
        ([entry(90, "deny", "0.0.0.0/0", 443), entry(100, "allow"), LAST], True),
        ([entry(110, "deny", "0.0.0.0/0", 443), entry(100, "allow"), LAST], False),
        ([entry(90, "deny", "52.218.0.0/20"), entry(100, "allow"), LAST], False),
        ([entry(90, "deny", "0.0.0.0/0", 443, protocol="17"), entry(100, "allow"), LAST], False),
        ([entry(100, "allow", "52.218.64.0/18", 443), LAST], False),
    ],
)
def test_an_acl_shuts_a_way_by_the_first_rule_that_names_all_of_it(entries: list[Any], is_shut: bool) -> None:
    acl: Any = {"Entries": entries}
    assert shuts(acl, egress=True, ports=HTTPS, network=S3) is is_shut


def test_a_rule_for_a_part_of_the_ports_may_be_enough_for_the_answers() -> None:
    acl: Any = {"Entries": [{**entry(100, "allow", "0.0.0.0/0", 49152, 65535), "Egress": False}, LAST]}
    assert not shuts(acl, egress=False, ports=ANSWERS, network=S3)


def test_an_acl_that_lets_no_answers_in_is_a_problem_where_the_data_comes_that_way(patient: Patient) -> None:
    ec2 = patient.aws.client("ec2")
    (acl,) = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [patient.vpc_id]}])["NetworkAcls"]
    for each in acl["Entries"]:
        if not each["Egress"] and each["RuleAction"] == "allow":
            ec2.delete_network_acl_entry(NetworkAclId=acl["NetworkAclId"], RuleNumber=each["RuleNumber"], Egress=False)
    complaints = [each for each in patient.complaints("interfaces") if each.check == "interfaces.network_acls"]
    assert {each.status for each in complaints} == {Status.PROBLEM}
    assert {each.seen.partition(" of ")[0] for each in complaints} == {f"the network ACL {acl['NetworkAclId']}"}
    assert f"of {patient.subnet_ids[0]} lets no answers in: to com.amazonaws.{patient.aws.region}.s3" in (
        complaints[0].seen
    )
