"""An endpoint that is well, on the embedded AWS, with all it rests on; a test breaks one thing of it."""

import functools
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sagemaker_endpoint_doctor.aws.client import Aws
from sagemaker_endpoint_doctor.examination.finding import Finding, Status
from sagemaker_endpoint_doctor.examination.names import Names
from sagemaker_endpoint_doctor.examination.runner import examine
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.sections import SECTIONS
from sagemaker_endpoint_doctor.sections.interfaces import GROUP_DESCRIPTION
from sagemaker_endpoint_doctor.sections.interfaces.owner import ROLE_DESCRIPTION

from tests.account import ACCOUNT, open_doors, push, store
from tests.embedded_aws import EmbeddedAws

_NUMBERS = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Patient:
    """The names of what was made, all of them the patient's own."""

    aws: EmbeddedAws
    name: str
    vpc_id: str
    subnet_ids: Sequence[str]
    route_table_id: str
    security_group_id: str
    key_arn: str
    bucket: str
    repository: str
    role: str
    model: str
    configuration: str

    @property
    def key(self) -> str:
        return "sentiment/model.tar.gz"

    @property
    def image(self) -> str:
        return f"{ACCOUNT}.dkr.ecr.{self.aws.region}.amazonaws.com/{self.repository}:1.4"

    @property
    def log_group_name(self) -> str:
        return f"/aws/sagemaker/Endpoints/{self.name}"

    @property
    def names(self) -> Names:
        return Names(endpoint_name=self.name, region=self.aws.region)

    def subject(
        self, *, names: Names | None = None, now: datetime | None = None, since: timedelta = timedelta(hours=1)
    ) -> Subject:
        """Put it before the doctor, who goes by the environment to the embedded AWS: see `conftest`."""
        return Subject(
            names=names or self.names,
            aws=_way_to(self.aws),
            now=now or datetime.now(timezone.utc),
            since=since,
        )

    def findings(self, section: str, subject: Subject | None = None) -> list[Finding]:
        """Examine one section."""
        (examined,) = examine(subject or self.subject(), [each for each in SECTIONS if each.key == section])
        return list(examined.findings)

    def complaints(self, section: str, subject: Subject | None = None) -> list[Finding]:
        """Examine one section, and leave out what is well."""
        return [each for each in self.findings(section, subject) if each.status is not Status.OK]


@functools.cache
def _way_to(aws: EmbeddedAws) -> Aws:
    """Make the clients once for all tests of a file: it takes longer than their calls."""
    return Aws(region=aws.region)


def admit(aws: EmbeddedAws) -> Patient:
    """Make an endpoint that is well."""
    name = f"sentiment-{next(_NUMBERS)}"
    vpc_id, subnet_ids, route_table_id, security_group_id = _network(aws, name)
    key_arn = _key(aws)
    bucket, repository = _artifacts(aws, name)
    role_arn = _role(aws, name, bucket=bucket, repository=repository, key_arn=key_arn)
    sagemaker = aws.client("sagemaker")
    model = sagemaker.create_model(
        ModelName=f"{name}-model",
        ExecutionRoleArn=role_arn,
        PrimaryContainer={
            "Image": f"{ACCOUNT}.dkr.ecr.{aws.region}.amazonaws.com/{repository}:1.4",
            "ModelDataUrl": f"s3://{bucket}/sentiment/model.tar.gz",
            "Environment": {"LOG_LEVEL": "info"},
        },
        VpcConfig={"SecurityGroupIds": [security_group_id], "Subnets": subnet_ids},
    )["ModelArn"].rpartition("/")[2]
    configuration = f"{name}-configuration"
    sagemaker.create_endpoint_config(
        EndpointConfigName=configuration,
        KmsKeyId=key_arn,
        ProductionVariants=[
            {
                "VariantName": "AllTraffic",
                "ModelName": model,
                "InstanceType": "ml.m5.xlarge",
                "InitialInstanceCount": 2,
                "InitialVariantWeight": 1,
            }
        ],
    )
    _logs(aws, name, key_arn)
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=configuration)
    aws.advance(60)
    mark(aws, security_group_id)
    return Patient(
        aws=aws,
        name=name,
        vpc_id=vpc_id,
        subnet_ids=subnet_ids,
        route_table_id=route_table_id,
        security_group_id=security_group_id,
        key_arn=key_arn,
        bucket=bucket,
        repository=repository,
        role=role_arn.rpartition("/")[2],
        model=model,
        configuration=configuration,
    )


def _network(aws: EmbeddedAws, name: str) -> tuple[str, list[str], str, str]:
    """Make private subnets in two zones, and the VPC endpoints through which they reach AWS."""
    ec2 = aws.client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"][:2]]
    subnet_ids = [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for number, zone in enumerate(zones)
    ]
    route_table_id = ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    for subnet_id in subnet_ids:
        ec2.associate_route_table(RouteTableId=route_table_id, SubnetId=subnet_id)
    security_group_id = ec2.create_security_group(GroupName=name, Description=GROUP_DESCRIPTION, VpcId=vpc_id)[
        "GroupId"
    ]
    open_doors(
        aws,
        vpc_id=vpc_id,
        subnet_ids=subnet_ids,
        route_table_id=route_table_id,
        peers={"UserIdGroupPairs": [{"GroupId": security_group_id}]},
    )
    return vpc_id, subnet_ids, route_table_id, security_group_id


def mark(aws: EmbeddedAws, security_group_id: str, *, on: bool = True) -> None:
    """Mark the interfaces in a group to be deleted with their instances, as eni_cleanup.sh does; or no longer."""
    ec2 = aws.client("ec2")
    only = [{"Name": "group-id", "Values": [security_group_id]}]
    for interface in ec2.describe_network_interfaces(Filters=only)["NetworkInterfaces"]:
        attachment_id = interface.get("Attachment", {}).get("AttachmentId", "")
        if attachment_id.startswith("eni-attach-"):
            ec2.modify_network_interface_attribute(
                NetworkInterfaceId=interface["NetworkInterfaceId"],
                Attachment={"AttachmentId": attachment_id, "DeleteOnTermination": on},
            )


def _key(aws: EmbeddedAws) -> str:
    return str(aws.client("kms").create_key()["KeyMetadata"]["Arn"])


def _artifacts(aws: EmbeddedAws, name: str) -> tuple[str, str]:
    """Put the model's archive and the image where they belong."""
    bucket, repository = f"{name}-models", f"team/{name}"
    store(aws, bucket, "sentiment/model.tar.gz")
    aws.client("ecr").create_repository(repositoryName=repository)
    push(aws, repository, tag="1.4")
    return bucket, repository


def _role(aws: EmbeddedAws, name: str, *, bucket: str, repository: str, key_arn: str) -> str:
    """Make a role as the library makes it: what the endpoint needs, in two attached policies."""
    iam = aws.client("iam")
    region = aws.region
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sagemaker.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
            }
        ],
    }
    role = iam.create_role(
        RoleName=f"{name}-execution",
        Description=ROLE_DESCRIPTION.format(name),
        AssumeRolePolicyDocument=json.dumps(trust),
    )["Role"]
    group = f"arn:aws:logs:{region}:{ACCOUNT}:log-group:/aws/sagemaker/Endpoints/{name}"
    statements: dict[str, list[dict[str, object]]] = {
        "artifacts": [
            {
                "Effect": "Allow",
                "Action": ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
                "Resource": f"arn:aws:ecr:{region}:{ACCOUNT}:repository/{repository}",
            },
            {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/sentiment/model.tar.gz"},
            {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{bucket}"},
        ],
        "runtime": [
            {
                "Effect": "Allow",
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                "Resource": [group, f"{group}:*"],
            },
            {
                "Effect": "Allow",
                "Action": "cloudwatch:PutMetricData",
                "Resource": "*",
            },
            {
                "Effect": "Allow",
                "Action": [
                    "ec2:CreateNetworkInterface",
                    "ec2:CreateNetworkInterfacePermission",
                    "ec2:DeleteNetworkInterface",
                    "ec2:DeleteNetworkInterfacePermission",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeVpcs",
                    "ec2:DescribeDhcpOptions",
                    "ec2:DescribeSubnets",
                    "ec2:DescribeSecurityGroups",
                ],
                "Resource": "*",
            },
            {
                "Effect": "Allow",
                "Action": ["kms:Decrypt", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"],
                "Resource": key_arn,
            },
        ],
    }
    for kind, members in statements.items():
        document = json.dumps({"Version": "2012-10-17", "Statement": members})
        policy = iam.create_policy(PolicyName=f"{name}-{kind}", PolicyDocument=document)["Policy"]
        iam.attach_role_policy(RoleName=role["RoleName"], PolicyArn=policy["Arn"])
    return str(role["Arn"])


def _logs(aws: EmbeddedAws, name: str, key_arn: str) -> None:
    """Make the log group, with one line in it."""
    logs = aws.client("logs")
    group, stream = f"/aws/sagemaker/Endpoints/{name}", "AllTraffic/i-0123456789abcdef0"
    logs.create_log_group(logGroupName=group, kmsKeyId=key_arn)
    logs.put_retention_policy(logGroupName=group, retentionInDays=365)
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    logs.put_log_events(
        logGroupName=group,
        logStreamName=stream,
        logEvents=[{"timestamp": int(datetime.now(timezone.utc).timestamp() * 1000), "message": "Server is up"}],
    )
