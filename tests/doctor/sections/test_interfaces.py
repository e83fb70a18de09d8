"""Network interfaces: the endpoint's own, and the network that they stand in."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sagemaker_endpoint_doctor.examination.finding import Finding, Status
from sagemaker_endpoint_doctor.sections.interfaces import GROUP_DESCRIPTION
from sagemaker_endpoint_doctor.sections.interfaces.owner import ROLE_DESCRIPTION, RoleIds, owner
from sagemaker_endpoint_doctor.sections.interfaces.routes import vpc_endpoint_name
from sagemaker_endpoint_doctor.text.words import listed

import pytest

from tests.account import ACCOUNT
from tests.doctor.patient import Patient, admit, mark
from tests.embedded_aws import EmbeddedAws
from tests.embedded_aws.fault import DENIED
from tests.embedded_aws.settings import InterfacesAfterDelete
from tests.eni_cleanup.fake_cli import EXECUTION_ROLE_ID
from tests.eni_cleanup.test_ownership import FOREIGN, OF_ANOTHER_ROLE, UNSURE
from tests.examples import synthesize

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_ec2.type_defs import NetworkInterfaceTypeDef

SCRIPT = Path(__file__).parents[3] / "scripts" / "eni_cleanup.sh"


@pytest.fixture(scope="module")
def untouched(aws: EmbeddedAws) -> Patient:
    """Give one for all tests that break nothing."""
    return admit(aws)


def the_complaint(patient: Patient, check: str, status: Status) -> Finding:
    """Give the one thing that is not well, which a check found."""
    (finding,) = patient.complaints("interfaces")
    assert (finding.check, finding.status) == (f"interfaces.{check}", status)
    assert finding.why.endswith(".")
    assert finding.next.endswith(".")
    assert finding.command.startswith("aws ec2 describe-")
    return finding


def the_seen(patient: Patient, check: str) -> str:
    """Give what a check that is content says."""
    (finding,) = (each for each in patient.findings("interfaces") if each.check == f"interfaces.{check}")
    assert finding.status is Status.OK
    return finding.seen


def interfaces(patient: Patient) -> list[dict[str, Any]]:
    only = [{"Name": "group-id", "Values": [patient.security_group_id]}]
    return list(patient.aws.client("ec2").describe_network_interfaces(Filters=only)["NetworkInterfaces"])


def subnets(patient: Patient) -> str:
    """Name the subnets as a finding does."""
    return f"{' and '.join(patient.subnet_ids)} ({patient.route_table_id})"


def vpc_endpoint(patient: Patient, service: str) -> dict[str, Any]:
    found = patient.aws.client("ec2").describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [patient.vpc_id]}])
    return next(each for each in found["VpcEndpoints"] if each["ServiceName"] == service_name(patient, service))


def service_name(patient: Patient, service: str) -> str:
    return f"com.amazonaws.{patient.aws.region}.{service}"


def without_vpc_endpoints(patient: Patient) -> None:
    ec2 = patient.aws.client("ec2")
    found = ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [patient.vpc_id]}])["VpcEndpoints"]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[each["VpcEndpointId"] for each in found])


def with_default_route(patient: Patient, **target: str) -> None:
    patient.aws.client("ec2").create_route(
        RouteTableId=patient.route_table_id, DestinationCidrBlock="0.0.0.0/0", **target
    )


def with_nat_gateway(patient: Patient) -> str:
    ec2 = patient.aws.client("ec2")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=patient.subnet_ids[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
    with_default_route(patient, NatGatewayId=nat)
    return str(nat)


def redeploy(patient: Patient, **model: Any) -> None:
    """Update the endpoint to another model, and mark its new interfaces."""
    sagemaker, name = patient.aws.client("sagemaker"), f"{patient.name}-next"
    request = sagemaker.describe_model(ModelName=patient.model)
    wanted = {key: request[key] for key in ("ExecutionRoleArn", "PrimaryContainer", "VpcConfig")} | model
    sagemaker.create_model(ModelName=name, **{key: value for key, value in wanted.items() if value})
    variant = {"VariantName": "AllTraffic", "ModelName": name, "InstanceType": "ml.m5.xlarge"}
    sagemaker.create_endpoint_config(
        EndpointConfigName=name, ProductionVariants=[{**variant, "InitialInstanceCount": 2}]
    )
    sagemaker.update_endpoint(EndpointName=patient.name, EndpointConfigName=name)
    patient.aws.advance(60)
    mark(patient.aws, patient.security_group_id)


def delete(patient: Patient) -> None:
    patient.aws.client("sagemaker").delete_endpoint(EndpointName=patient.name)
    patient.aws.advance(3600)


def unmark(patient: Patient) -> None:
    mark(patient.aws, patient.security_group_id, on=False)


@contextmanager
def interfaces_that(aws: EmbeddedAws, behave: InterfacesAfterDelete) -> Iterator[None]:
    aws.behave(behave)
    try:
        yield
    finally:
        aws.behave("orphan")


def narrow_egress(patient: Patient, *destinations: Mapping[str, Any]) -> None:
    """Let TCP 443 out to these destinations, and nothing else."""
    ec2 = patient.aws.client("ec2")
    group_id = patient.security_group_id
    (group,) = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    ec2.revoke_security_group_egress(GroupId=group_id, IpPermissions=group["IpPermissionsEgress"])
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    if destinations:
        ec2.authorize_security_group_egress(
            GroupId=group_id, IpPermissions=[https | dict(each) for each in destinations]
        )


def to_s3(patient: Patient) -> dict[str, Any]:
    (table,) = patient.aws.client("ec2").describe_route_tables(RouteTableIds=[patient.route_table_id])["RouteTables"]
    lists = [route["DestinationPrefixListId"] for route in table["Routes"] if "DestinationPrefixListId" in route]
    return {"PrefixListIds": [{"PrefixListId": each} for each in lists]}


def to_group_of(patient: Patient, service: str) -> dict[str, Any]:
    groups = vpc_endpoint(patient, service)["Groups"]
    return {"UserIdGroupPairs": [{"GroupId": each["GroupId"]} for each in groups]}


# The interfaces.


def test_a_healthy_endpoint_has_its_interfaces_and_its_ways_to_aws(untouched: Patient) -> None:
    patient = untouched
    findings = patient.findings("interfaces")
    assert {each.status for each in findings} == {Status.OK}
    seen = [each.seen for each in findings if each.check != "interfaces.addresses"]
    assert seen == [
        "2 network interfaces for 2 instances, in 2 subnets",
        "each network interface is marked to be deleted along with its instance",
        f"no orphaned network interface in {patient.security_group_id}",
        "the subnets lie in 2 availability zones",
        f"{subnets(patient)}: S3, ECR, CloudWatch and STS through VPC endpoints",
        f"{patient.vpc_id} resolves names, those of VPC endpoints too",
        f"TCP 443 may leave {patient.security_group_id}, to everywhere",
        f"the network ACLs of {' and '.join(patient.subnet_ids)} let TCP 443 out, and answers in",
    ]
    assert re.fullmatch(
        r"\d+ free addresses in 2 subnets; an update needs 2 for a while", the_seen(patient, "addresses")
    )


def test_fewer_interfaces_than_instances_are_a_problem(aws: EmbeddedAws) -> None:
    with interfaces_that(aws, "detachable"):
        patient = admit(aws)
    lost, _ = interfaces(patient)
    ec2 = aws.client("ec2")
    ec2.detach_network_interface(AttachmentId=lost["Attachment"]["AttachmentId"], Force=True)
    ec2.delete_network_interface(NetworkInterfaceId=lost["NetworkInterfaceId"])
    group = patient.security_group_id
    finding = the_complaint(patient, "count", Status.PROBLEM)
    assert finding.seen == f"1 network interface for 2 instances in {group}; the endpoint is InService"
    assert finding.command == f"aws ec2 describe-network-interfaces --filters Name=group-id,Values={group}"


def test_an_interface_that_is_not_marked_is_a_warning_with_its_id(patient: Patient) -> None:
    first, second = interfaces(patient)
    patient.aws.client("ec2").modify_network_interface_attribute(
        NetworkInterfaceId=second["NetworkInterfaceId"],
        Attachment={"AttachmentId": second["Attachment"]["AttachmentId"], "DeleteOnTermination": False},
    )
    finding = the_complaint(patient, "marks", Status.WARNING)
    assert finding.seen == (
        "1 of 2 network interfaces not marked to be deleted along with their instances: " + second["NetworkInterfaceId"]
    )
    assert first["NetworkInterfaceId"] not in finding.seen
    assert "Run eni_cleanup.sh mark" in finding.next


def test_attachments_that_aws_keeps_to_itself_are_told_and_no_complaint(aws: EmbeddedAws) -> None:
    with interfaces_that(aws, "ela-attach"):
        patient = admit(aws)
    assert patient.complaints("interfaces") == []
    seen = the_seen(patient, "attachments")
    for each in interfaces(patient):
        assert f"{each['NetworkInterfaceId']} ({each['Attachment']['AttachmentId']})" in seen
    assert "ela-attach-" in seen


def test_interfaces_that_an_update_left_behind_are_orphans(patient: Patient) -> None:
    unmark(patient)
    old = [each["NetworkInterfaceId"] for each in interfaces(patient)]
    redeploy(patient)
    finding = the_complaint(patient, "orphans", Status.WARNING)
    assert finding.seen == (
        f"2 network interfaces attached to nothing in {patient.security_group_id}: "
        f"{old[0]} (available) and {old[1]} (available)"
    )


@pytest.mark.parametrize(
    ("behave", "state"),
    [("orphan", r"available"), ("stuck", r"in-use by eni-attach-\w+"), ("ela-attach", r"in-use by ela-attach-\w+")],
)
def test_interfaces_that_outlive_the_endpoint_are_a_problem(
    aws: EmbeddedAws, behave: InterfacesAfterDelete, state: str
) -> None:
    with interfaces_that(aws, behave):
        patient = admit(aws)
    unmark(patient)
    delete(patient)
    subject = patient.subject(names=replace(patient.names, security_group_id=patient.security_group_id))
    by_check = {each.check: each for each in patient.complaints("interfaces", subject)}
    assert set(by_check) == {"interfaces.count", "interfaces.orphans"}
    assert by_check["interfaces.count"].status is Status.UNKNOWN
    assert f"there is no endpoint {patient.name!r}" in by_check["interfaces.count"].seen
    finding = by_check["interfaces.orphans"]
    assert finding.status is Status.PROBLEM
    one = rf"eni-\w+ \({state}\)"
    assert re.fullmatch(
        rf"2 network interfaces left in {patient.security_group_id} without an endpoint: {one} and {one}", finding.seen
    )
    assert "eni_cleanup.sh release" in finding.next


def test_a_group_that_is_free_after_the_endpoint_is_well(patient: Patient) -> None:
    delete(patient)
    subject = patient.subject(names=replace(patient.names, security_group_id=patient.security_group_id))
    (well,) = (each for each in patient.findings("interfaces", subject) if each.status is Status.OK)
    assert well.seen == f"no orphaned network interface in {patient.security_group_id}"
    (complaint,) = patient.complaints("interfaces", subject)
    assert complaint.status is Status.UNKNOWN


def test_a_group_that_is_not_there_is_not_called_free(patient: Patient) -> None:
    """As in another region or account, or after a destroy."""
    nowhere = "sg-0123456789abcdef0"
    delete(patient)
    subject = patient.subject(names=replace(patient.names, security_group_id=nowhere))
    findings = [each for each in patient.findings("interfaces", subject) if each.check == "interfaces.orphans"]
    place = f"eu-west-1 of account {ACCOUNT}"
    seen = f"there is no security group {nowhere} in {place}, so what is left in it cannot be seen"
    assert [(each.status, each.seen) for each in findings] == [(Status.UNKNOWN, seen)]
    assert not [each for each in patient.findings("interfaces", subject) if each.status is Status.OK]


def test_an_instance_of_somebody_elses_in_the_group_is_foreign(patient: Patient) -> None:
    patient.aws.client("ec2").run_instances(
        ImageId="ami-12c6146b",
        MinCount=1,
        MaxCount=1,
        SubnetId=patient.subnet_ids[0],
        SecurityGroupIds=[patient.security_group_id],
    )
    (foreign,) = (each for each in interfaces(patient) if "InstanceId" in each.get("Attachment", {}))
    finding = the_complaint(patient, "foreign", Status.WARNING)
    assert finding.seen.startswith(
        f"1 network interface in {patient.security_group_id} not, or perhaps not, the endpoint's: "
        f"{foreign['NetworkInterfaceId']} (interface, in-use, {foreign['Attachment']['InstanceId']}"
    )


def with_a_second_group(patient: Patient) -> str:
    """Give the model another group, which everything may leave, and let that alone into the VPC endpoints."""
    ec2 = patient.aws.client("ec2")
    name = f"{patient.name}-second"
    second = str(ec2.create_security_group(GroupName=name, Description=name, VpcId=patient.vpc_id)["GroupId"])
    narrow_egress(patient)
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    for group in {pair["GroupId"] for pair in to_group_of(patient, "ecr.api")["UserIdGroupPairs"]}:
        (found,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
        ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=found["IpPermissions"])
        pairs = {"UserIdGroupPairs": [{"GroupId": second}]}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[https | pairs])
    groups = [patient.security_group_id, second]
    redeploy(patient, VpcConfig={"SecurityGroupIds": groups, "Subnets": list(patient.subnet_ids)})
    return second


@pytest.mark.parametrize("is_known", [False, True])
def test_the_rules_of_all_groups_add_up_although_one_is_known_by_name(patient: Patient, *, is_known: bool) -> None:
    second = with_a_second_group(patient)
    known = patient.security_group_id if is_known else None
    subject = patient.subject(names=replace(patient.names, security_group_id=known))
    seen = {each.check: each for each in patient.findings("interfaces", subject)}
    assert seen["interfaces.egress"].seen == (
        f"TCP 443 may leave {patient.security_group_id} and {second}, to everywhere"
    )
    assert {each.status for each in seen.values()} == {Status.OK}
    left = patient.security_group_id if is_known else f"{patient.security_group_id} and {second}"
    assert seen["interfaces.orphans"].seen == f"no orphaned network interface in {left}"


# Whose they are: the table of the script's own tests, and more kinds of it, in the script's columns.

PLAIN = {
    "type": "interface",
    "managed": "true",
    "requester": f"{EXECUTION_ROLE_ID}:SageMaker",
    "owner": "111122223333",
    "groups": "sg-1",
    "instance": "-",
    "instance_owner": "-",
    "description": "[null]",
}
KINDS: dict[str, dict[str, str]] = {
    "its own": {},
    "its own, in several groups": {"groups": "sg-1,sg-2"},
    "by hand, with its role": {"managed": "false", "requester": f"{EXECUTION_ROLE_ID}:someone"},
    "not managed, of its session": {"managed": "false"},
    "of an instance of AWS's": {"instance": "i-1", "instance_owner": "444455556666"},
    "of an instance that is not shown": {"instance_owner": "111122223333"},
    "of SageMaker's own type": {"type": "sagemaker_endpoint"},
    "of a user": {"requester": "AIDA0123456789ABCDEF0"},
    "of an account, described by a service": {"requester": "1", "description": '["ELB app/a/b"]'},
    "of an account, described by SageMaker": {"requester": "1", "description": '["SageMaker"]'},
    "of an account, described by both": {"requester": "1", "description": '["RDS of SageMaker"]'},
    "of an account, in no group": {"requester": "1", "groups": "-"},
    **{f"of an {type_}": {"type": type_} for type_ in ("efa", "efa-only", "branch", "trunk")},
    **FOREIGN,
    **OF_ANOTHER_ROLE,
    **{f"unsure: {kind}": {"requester": requester} for kind, requester in UNSURE.items()},
}
NOBODY = RoleIds(own=set(), shared=set(), unread={"execution"}, are_all=False)
OWN = RoleIds(own={EXECUTION_ROLE_ID}, shared=set(), unread=set(), are_all=True)
COMMON = RoleIds(own=set(), shared={EXECUTION_ROLE_ID}, unread=set(), are_all=True)


def as_aws_tells(columns: Mapping[str, str]) -> "NetworkInterfaceTypeDef":
    """Write a row as DescribeNetworkInterfaces does, which leaves out what there is not."""
    given = {key: value for key, value in columns.items() if value != "-"}
    (description,) = json.loads(columns["description"])
    instance = {"InstanceId": given.get("instance"), "InstanceOwnerId": given.get("instance_owner")}
    interface = {
        "InterfaceType": given["type"],
        "RequesterManaged": json.loads(given["managed"]),
        "RequesterId": given.get("requester"),
        "OwnerId": given["owner"],
        "Groups": [{"GroupId": each} for each in given.get("groups", "").split(",") if each],
        "Attachment": {key: value for key, value in instance.items() if value},
        "Description": description,
    }
    return cast("NetworkInterfaceTypeDef", {key: value for key, value in interface.items() if value is not None})


@pytest.mark.parametrize(
    ("ids", "settings"),
    [
        (OWN, f"execution_role={EXECUTION_ROLE_ID} shared=false"),
        (COMMON, f"execution_role={EXECUTION_ROLE_ID} shared=true"),
        (NOBODY, "execution_role= shared=false"),
    ],
    ids=["own", "shared", "unknown"],
)
def test_whose_an_interface_is_follows_the_rule_of_the_script(ids: RoleIds, settings: str) -> None:
    script = SCRIPT.read_text(encoding="utf-8")
    constants = re.findall(r"^(?:PRINCIPAL|OTHER_SERVICE)=.*$", script, re.MULTILINE)
    function = re.search(r"^whose\(\) \{.*?^\}", script, re.MULTILINE | re.DOTALL)
    assert function
    ask = f"while IFS=$'\\t' read -r {' '.join(PLAIN)}; do neighbour='' a_role=''; whose; echo $whose$neighbour; done"
    program = "\n".join([*constants, settings, function[0], ask])
    rows = {kind: PLAIN | changes for kind, changes in KINDS.items()}
    lines = "".join("\t".join(row.values()) + "\n" for row in rows.values())
    done = subprocess.run(["bash", "-c", program], input=lines, capture_output=True, text=True, check=True)
    by_script = [each.replace("foreignyes", "neighbour") for each in done.stdout.split()]
    assert {kind: owner(as_aws_tells(row), ids).value for kind, row in rows.items()} == dict(
        zip(rows, by_script, strict=True)
    )


def test_one_of_each_kind_is_told_apart() -> None:
    def whose(kind: str, ids: RoleIds) -> str:
        return owner(as_aws_tells(PLAIN | KINDS[kind]), ids).value

    assert [whose("its own", ids) for ids in (OWN, COMMON, NOBODY)] == ["ours", "shared", "unsure"]
    assert {owner(as_aws_tells(PLAIN | FOREIGN[kind]), OWN).is_another for kind in FOREIGN} == {True}
    assert {whose(f"unsure: {kind}", OWN) for kind in UNSURE} == {"unsure"}
    assert whose("for another endpoint's role", OWN) == "neighbour"


def test_the_doctor_knows_the_librarys_roles_and_groups_by_the_librarys_own_words() -> None:
    made = synthesize()
    assert made.one("aws_iam_role")["description"] == ROLE_DESCRIPTION.format("sentiment")
    assert made.one("aws_security_group")["description"] == GROUP_DESCRIPTION


def describe_role(patient: Patient, description: str) -> None:
    patient.aws.client("iam").update_role(RoleName=patient.role, Description=description)


def test_of_a_role_that_others_may_use_no_mark_is_missed(patient: Patient) -> None:
    unmark(patient)
    describe_role(patient, "Runs all our endpoints")
    assert patient.complaints("interfaces") == []
    assert "which other endpoints may use too" in the_seen(patient, "marks")


def test_where_the_role_may_not_be_read_nothing_is_accused_and_it_is_said_what_that_needs(patient: Patient) -> None:
    with patient.aws.fault("iam:GetRole", DENIED):
        assert patient.complaints("interfaces") == []
        unmark(patient)
        finding = the_unsure(patient)
    assert "2 network interfaces not marked" in finding.seen
    assert f"iam:GetRole on {patient.role}" in finding.seen


def test_whether_the_group_was_made_for_the_endpoint_is_asked_of_what_is_unproven_alone(patient: Patient) -> None:
    """Where AWS does not tell, what may be another's is none of the endpoint's orphans."""
    unmark(patient)
    describe_role(patient, "Runs all our endpoints")
    old = [each["NetworkInterfaceId"] for each in interfaces(patient)]
    redeploy(patient)
    with patient.aws.fault("ec2:DescribeSecurityGroups", DENIED):
        by_check = {each.check: each for each in patient.complaints("interfaces") if each.status is Status.WARNING}
    assert list(by_check) == ["interfaces.foreign"]
    assert all(each in by_check["interfaces.foreign"].seen for each in old)
    assert the_complaint(patient, "orphans", Status.WARNING).seen.startswith("2 network interfaces attached to nothing")


def the_unsure(patient: Patient) -> Finding:
    (finding,) = patient.complaints("interfaces")
    assert (finding.check, finding.status) == ("interfaces.marks", Status.UNKNOWN)
    return finding


def test_an_interface_of_another_endpoints_role_is_foreign_and_holds_back_what_is_unproven(patient: Patient) -> None:
    """In a group that two endpoints share, each with a role of its own."""
    with_neighbour(patient)
    describe_role(patient, "Runs all our endpoints")
    unmark(patient)
    old = interfaces(patient)[0]["NetworkInterfaceId"]
    redeploy(patient)
    (finding,) = (each for each in patient.complaints("interfaces") if each.status is Status.WARNING)
    assert finding.check == "interfaces.foreign"
    assert finding.seen.startswith("3 network interfaces")
    assert old in finding.seen


def with_neighbour(patient: Patient) -> None:
    """Put an endpoint of another role, with one instance, into the group."""
    name, sagemaker = f"{patient.name}-neighbour", patient.aws.client("sagemaker")
    role = patient.aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    place = {"SecurityGroupIds": [patient.security_group_id], "Subnets": list(patient.subnet_ids)}
    container = {"Image": patient.image}
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=role, PrimaryContainer=container, VpcConfig=place)
    variant = {"VariantName": "only", "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    patient.aws.advance(60)


# The subnets' zones.


def test_subnets_in_one_zone_are_a_warning_with_aws_own_page(patient: Patient) -> None:
    one = patient.subnet_ids[0]
    redeploy(patient, VpcConfig={"SecurityGroupIds": [patient.security_group_id], "Subnets": [one]})
    (finding,) = patient.complaints("interfaces")
    assert (finding.check, finding.status) == ("interfaces.zones", Status.WARNING)
    assert finding.seen.startswith(f"{one} lies in one availability zone, eu-west-1")
    assert "https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html" in finding.why


# The subnets' addresses.


def into_a_tiny_subnet(patient: Patient, *, free: int) -> str:
    """Move the endpoint into a subnet of its own that has this many addresses left."""
    ec2 = patient.aws.client("ec2")
    tiny = str(ec2.create_subnet(VpcId=patient.vpc_id, CidrBlock="10.0.9.0/28")["Subnet"]["SubnetId"])
    ec2.associate_route_table(RouteTableId=patient.route_table_id, SubnetId=tiny)
    redeploy(patient, VpcConfig={"SecurityGroupIds": [patient.security_group_id], "Subnets": [tiny]})
    (subnet,) = ec2.describe_subnets(SubnetIds=[tiny])["Subnets"]
    for _ in range(subnet["AvailableIpAddressCount"] - free):
        ec2.create_network_interface(SubnetId=tiny)
    return tiny


def test_fewer_free_addresses_than_an_update_may_need_are_a_warning_while_it_serves(patient: Patient) -> None:
    tiny = into_a_tiny_subnet(patient, free=1)
    (finding,) = (each for each in patient.complaints("interfaces") if each.check == "interfaces.addresses")
    assert finding.status is Status.WARNING
    assert finding.seen == f"1 free address for 2 new instances: 1 in {tiny}"
    assert finding.command.startswith(f"aws ec2 describe-subnets --filters Name=subnet-id,Values={tiny} ")


def test_no_free_address_at_all_is_a_problem(patient: Patient) -> None:
    tiny = into_a_tiny_subnet(patient, free=0)
    (finding,) = (each for each in patient.complaints("interfaces") if each.check == "interfaces.addresses")
    assert finding.status is Status.PROBLEM
    assert finding.seen == f"0 free addresses for 2 new instances: 0 in {tiny}"


def test_too_few_free_addresses_are_a_problem_to_an_endpoint_that_has_failed(patient: Patient) -> None:
    tiny = into_a_tiny_subnet(patient, free=1)
    failed = replace(patient, name=f"{patient.name}-failed")
    with patient.aws.fail_deployments("no instance"):
        patient.aws.client("sagemaker").create_endpoint(
            EndpointName=failed.name, EndpointConfigName=f"{patient.name}-next"
        )
    patient.aws.advance(60)
    (finding,) = (each for each in failed.complaints("interfaces") if each.check == "interfaces.addresses")
    assert (finding.status, tiny in finding.seen) == (Status.PROBLEM, True)


def test_one_subnet_without_a_free_address_is_a_warning(patient: Patient) -> None:
    ec2 = patient.aws.client("ec2")
    zone = ec2.describe_subnets(SubnetIds=[patient.subnet_ids[1]])["Subnets"][0]["AvailabilityZone"]
    made = ec2.create_subnet(VpcId=patient.vpc_id, CidrBlock="10.0.9.0/28", AvailabilityZone=zone)
    tiny = made["Subnet"]["SubnetId"]
    ec2.associate_route_table(RouteTableId=patient.route_table_id, SubnetId=tiny)
    both = [tiny, patient.subnet_ids[0]]
    redeploy(patient, VpcConfig={"SecurityGroupIds": [patient.security_group_id], "Subnets": both})
    for _ in range(10):
        ec2.create_network_interface(SubnetId=tiny)
    finding = the_complaint(patient, "addresses", Status.WARNING)
    assert finding.seen.startswith(f"no free address in {tiny}, ")


# The ways to AWS.


def test_each_missing_vpc_endpoint_is_named(patient: Patient) -> None:
    names = []
    for service in ("ecr.api", "ecr.dkr", "logs", "monitoring", "sts"):
        gone = vpc_endpoint(patient, service)["VpcEndpointId"]
        patient.aws.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[gone])
        names.append(f"{service_name(patient, service)} ({gone} is deleted)")
        finding = the_complaint(patient, "routes", Status.WARNING)
        assert finding.seen == f"no way from {subnets(patient)} to {listed(names)}"
    assert finding.command == f"aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values={patient.vpc_id}"


def test_a_missing_vpc_endpoint_of_s3_is_a_problem(patient: Patient) -> None:
    gone = vpc_endpoint(patient, "s3")["VpcEndpointId"]
    patient.aws.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[gone])
    finding = the_complaint(patient, "routes", Status.PROBLEM)
    assert finding.seen == f"no way from {subnets(patient)} to {service_name(patient, 's3')} ({gone} is deleted)"


def test_an_s3_endpoint_of_another_route_table_is_no_way(patient: Patient) -> None:
    ec2 = patient.aws.client("ec2")
    other = ec2.create_route_table(VpcId=patient.vpc_id)["RouteTable"]["RouteTableId"]
    (table,) = ec2.describe_route_tables(RouteTableIds=[patient.route_table_id])["RouteTables"]
    for each in table["Associations"]:
        ec2.replace_route_table_association(AssociationId=each["RouteTableAssociationId"], RouteTableId=other)
    gateway = vpc_endpoint(patient, "s3")["VpcEndpointId"]
    finding = the_complaint(patient, "routes", Status.PROBLEM)
    assert finding.seen == (
        f"no way from {' and '.join(patient.subnet_ids)} ({other}) to {service_name(patient, 's3')} "
        f"({gateway} is not in this route table)"
    )


def test_subnets_without_a_table_of_their_own_go_by_the_main_one(patient: Patient) -> None:
    ec2 = patient.aws.client("ec2")
    (table,) = ec2.describe_route_tables(RouteTableIds=[patient.route_table_id])["RouteTables"]
    for each in table["Associations"]:
        ec2.disassociate_route_table(AssociationId=each["RouteTableAssociationId"])
    only = [{"Name": "vpc-id", "Values": [patient.vpc_id]}, {"Name": "association.main", "Values": ["true"]}]
    (main,) = ec2.describe_route_tables(Filters=only)["RouteTables"]
    assert f"({main['RouteTableId']})" in the_complaint(patient, "routes", Status.PROBLEM).seen


def test_a_vpc_endpoint_without_private_dns_is_no_way(patient: Patient) -> None:
    ec2 = patient.aws.client("ec2")
    old = vpc_endpoint(patient, "sts")
    made = ec2.create_vpc_endpoint(
        VpcId=patient.vpc_id,
        VpcEndpointType="Interface",
        ServiceName=old["ServiceName"],
        SubnetIds=patient.subnet_ids,
        SecurityGroupIds=[each["GroupId"] for each in old["Groups"]],
        PrivateDnsEnabled=False,
    )["VpcEndpoint"]["VpcEndpointId"]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[old["VpcEndpointId"]])
    seen = the_complaint(patient, "routes", Status.WARNING).seen
    assert f"{made} has no private DNS" in seen


def test_a_vpc_endpoint_that_does_not_admit_the_endpoints_group_is_shut(patient: Patient) -> None:
    ec2 = patient.aws.client("ec2")
    (doors,) = vpc_endpoint(patient, "logs")["Groups"]
    (group,) = ec2.describe_security_groups(GroupIds=[doors["GroupId"]])["SecurityGroups"]
    ec2.revoke_security_group_ingress(GroupId=doors["GroupId"], IpPermissions=group["IpPermissions"])
    finding = the_complaint(patient, "routes", Status.WARNING)
    assert f"no TCP 443 from {patient.security_group_id} into " in finding.seen
    assert f"{vpc_endpoint(patient, 'logs')['VpcEndpointId']} ({service_name(patient, 'logs')})" in finding.seen
    assert doors["GroupId"] in finding.next


def test_a_vpc_endpoint_may_admit_the_subnets_addresses_instead_of_the_group(patient: Patient) -> None:
    ec2 = patient.aws.client("ec2")
    (doors,) = vpc_endpoint(patient, "logs")["Groups"]
    (group,) = ec2.describe_security_groups(GroupIds=[doors["GroupId"]])["SecurityGroups"]
    ec2.revoke_security_group_ingress(GroupId=doors["GroupId"], IpPermissions=group["IpPermissions"])
    one = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/24"}]}]
    ec2.authorize_security_group_ingress(GroupId=doors["GroupId"], IpPermissions=one)
    assert the_complaint(patient, "routes", Status.WARNING)  # the second subnet is not in it
    both = [{"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}]
    ec2.authorize_security_group_ingress(GroupId=doors["GroupId"], IpPermissions=both)
    assert patient.complaints("interfaces") == []


def test_a_nat_gateway_is_a_way_to_everything(patient: Patient) -> None:
    without_vpc_endpoints(patient)
    nat = with_nat_gateway(patient)
    assert patient.complaints("interfaces") == []
    assert the_seen(patient, "routes") == f"{subnets(patient)}: S3, ECR, CloudWatch and STS through {nat}"


def test_a_nat_gateway_that_is_gone_is_no_way(patient: Patient) -> None:
    without_vpc_endpoints(patient)
    nat = with_nat_gateway(patient)
    patient.aws.client("ec2").delete_nat_gateway(NatGatewayId=nat)
    finding = the_complaint(patient, "routes", Status.PROBLEM)
    for service in ("s3", "ecr.api", "ecr.dkr", "logs", "monitoring", "sts"):
        assert service_name(patient, service) in finding.seen
    assert finding.seen.endswith(f"; the default route leads to {nat}, which is gone")


def test_a_nat_gateway_that_is_gone_beside_vpc_endpoints_is_a_warning(patient: Patient) -> None:
    nat = with_nat_gateway(patient)
    patient.aws.client("ec2").delete_nat_gateway(NatGatewayId=nat)
    finding = the_complaint(patient, "routes", Status.WARNING)
    assert finding.seen == f"{subnets(patient)}: the default route leads to {nat}, which is gone"
    assert finding.command == f"aws ec2 describe-route-tables --filters Name=vpc-id,Values={patient.vpc_id}"


@pytest.mark.parametrize("alone", [True, False])
def test_an_internet_gateway_makes_the_subnets_public_and_is_no_way(patient: Patient, *, alone: bool) -> None:
    if alone:
        without_vpc_endpoints(patient)
    ec2 = patient.aws.client("ec2")
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=patient.vpc_id)
    with_default_route(patient, GatewayId=gateway)
    finding = the_complaint(patient, "routes", Status.PROBLEM if alone else Status.WARNING)
    assert f"the default route leads to the internet gateway {gateway}" in finding.seen
    assert finding.seen.startswith("no way from ") is alone
    if not alone:
        redeploy(patient, EnableNetworkIsolation=True)
        assert patient.complaints("interfaces") == []  # its containers call nothing


def test_of_isolated_containers_only_the_way_to_s3_matters(patient: Patient) -> None:
    redeploy(patient, EnableNetworkIsolation=True)
    ec2 = patient.aws.client("ec2")
    for service in ("ecr.api", "ecr.dkr", "logs", "monitoring", "sts"):
        ec2.delete_vpc_endpoints(VpcEndpointIds=[vpc_endpoint(patient, service)["VpcEndpointId"]])
    assert patient.complaints("interfaces") == []
    assert the_seen(patient, "routes").endswith(
        ": S3 through VPC endpoints; the containers are isolated and call nothing"
    )
    ec2.delete_vpc_endpoints(VpcEndpointIds=[vpc_endpoint(patient, "s3")["VpcEndpointId"]])
    assert service_name(patient, "s3") in the_complaint(patient, "routes", Status.PROBLEM).seen


@pytest.mark.parametrize(
    ("region", "service", "name"),
    [
        ("eu-west-1", "ecr.api", "com.amazonaws.eu-west-1.ecr.api"),
        ("cn-north-1", "ecr.api", "cn.com.amazonaws.cn-north-1.ecr.api"),
        ("cn-northwest-1", "sts", "cn.com.amazonaws.cn-northwest-1.sts"),
        ("cn-north-1", "logs", "com.amazonaws.cn-north-1.logs"),
        ("cn-north-1", "s3", "com.amazonaws.cn-north-1.s3"),
    ],
)
def test_a_service_of_a_vpc_endpoint_has_its_own_name_in_china(
    untouched: Patient, region: str, service: str, name: str
) -> None:
    subject = untouched.subject(names=replace(untouched.names, region=region))
    assert vpc_endpoint_name(subject, service) == name


def test_models_outside_the_vpc_have_no_network_to_look_at(patient: Patient) -> None:
    redeploy(patient, VpcConfig=None)
    (finding,) = patient.findings("interfaces")
    assert finding.status is Status.OK
    assert finding.seen == "the models run outside your VPC, so there is no network of yours to look at"


# Whether names are resolved.


def test_a_vpc_that_resolves_no_names_is_a_warning_as_it_may_have_dns_servers_of_its_own(patient: Patient) -> None:
    patient.aws.client("ec2").modify_vpc_attribute(VpcId=patient.vpc_id, EnableDnsSupport={"Value": False})
    finding = the_complaint(patient, "dns", Status.WARNING)
    assert finding.seen == f"{patient.vpc_id} resolves no names: enableDnsSupport is off"
    assert finding.next == f"Run aws ec2 modify-vpc-attribute --vpc-id {patient.vpc_id} --enable-dns-support."
    assert finding.command.endswith(f"describe-vpc-attribute --vpc-id {patient.vpc_id} --attribute enableDnsSupport")


def test_vpc_endpoints_with_private_dns_need_host_names(patient: Patient) -> None:
    patient.aws.client("ec2").modify_vpc_attribute(VpcId=patient.vpc_id, EnableDnsHostnames={"Value": False})
    finding = the_complaint(patient, "dns", Status.WARNING)  # S3 is reached by its gateway endpoint
    assert service_name(patient, "sts") in finding.seen
    assert service_name(patient, "s3") not in finding.seen
    assert finding.why.endswith("and nowhere from these subnets.")


def test_without_such_vpc_endpoints_it_does_not_matter(patient: Patient) -> None:
    without_vpc_endpoints(patient)
    with_nat_gateway(patient)
    patient.aws.client("ec2").modify_vpc_attribute(VpcId=patient.vpc_id, EnableDnsHostnames={"Value": False})
    assert patient.complaints("interfaces") == []


# What may leave the endpoint's group.


def test_a_group_that_lets_nothing_out_is_a_problem(patient: Patient) -> None:
    narrow_egress(patient)
    finding = the_complaint(patient, "egress", Status.PROBLEM)
    assert finding.seen == f"nothing may leave {patient.security_group_id} on TCP 443"


def test_an_egress_that_is_narrowed_to_where_aws_is_reached_is_well(patient: Patient) -> None:
    narrow_egress(patient, to_s3(patient), to_group_of(patient, "sts"))
    assert patient.complaints("interfaces") == []
    assert the_seen(patient, "egress") == f"TCP 443 may leave {patient.security_group_id} to where AWS is reached"


def test_an_egress_that_leaves_s3_out_is_a_problem(patient: Patient) -> None:
    narrow_egress(patient, to_group_of(patient, "sts"))
    finding = the_complaint(patient, "egress", Status.PROBLEM)
    assert finding.seen == (
        f"TCP 443 may not leave {patient.security_group_id} to {service_name(patient, 's3')} through VPC endpoints"
    )


def test_an_egress_that_leaves_the_others_out_is_a_warning(patient: Patient) -> None:
    narrow_egress(patient, to_s3(patient))
    seen = the_complaint(patient, "egress", Status.WARNING).seen
    assert service_name(patient, "sts") in seen
    assert service_name(patient, "s3") not in seen


def test_a_narrowed_egress_towards_a_nat_gateway_is_a_warning(patient: Patient) -> None:
    without_vpc_endpoints(patient)
    nat = with_nat_gateway(patient)
    narrow_egress(patient, {"IpRanges": [{"CidrIp": "10.0.0.0/16"}]})
    assert f"{service_name(patient, 's3')} through {nat}" in the_complaint(patient, "egress", Status.WARNING).seen


# What the caller may not see.


@pytest.mark.parametrize(
    ("action", "checked"),
    [
        ("DescribeNetworkInterfaces", ["zones", "addresses", "routes", "dns", "egress", "network_acls"]),
        ("DescribeSubnets", ["count", "marks", "orphans", "egress"]),
        ("DescribeRouteTables", ["count", "marks", "orphans", "zones", "addresses", "egress"]),
        ("DescribeVpcEndpoints", ["count", "marks", "orphans", "zones", "addresses", "egress"]),
        ("DescribeSecurityGroups", ["count", "marks", "orphans", "zones", "addresses", "dns", "network_acls"]),
        (
            "DescribeVpcAttribute",
            ["count", "marks", "orphans", "zones", "addresses", "routes", "egress", "network_acls"],
        ),
    ],
)
def test_a_missing_permission_is_named_and_the_rest_is_checked(
    untouched: Patient, action: str, checked: list[str]
) -> None:
    with untouched.aws.fault(f"ec2:{action}", DENIED):
        findings = untouched.findings("interfaces")
    (missing,) = (each for each in findings if each.status is Status.UNKNOWN)
    assert missing.seen == f"needs ec2:{action}"
    assert [each.check for each in findings if each.status is Status.OK] == [f"interfaces.{each}" for each in checked]
