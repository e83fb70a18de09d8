"""What an account holds before there is an endpoint: ways to AWS's services, images, archives."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from tests.embedded_aws import EmbeddedAws
from tests.embedded_aws.embedded_aws import Client

ACCOUNT = "123456789012"
"""The account of the embedded AWS."""
PUBLISHER = "763104351884"
"""The account in whose registry AWS publishes its own images in most regions."""

_DOCKER = "application/vnd.docker"


def open_doors(
    aws: EmbeddedAws, *, vpc_id: str, subnet_ids: Sequence[str], route_table_id: str, peers: Mapping[str, object]
) -> None:
    """Make the VPC endpoints through which `peers` in private subnets reach what an endpoint needs of AWS."""
    ec2 = aws.client("ec2")
    ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsHostnames={"Value": True})  # AWS demands it for private DNS
    group_id = ec2.create_security_group(GroupName="doors", Description="VPC endpoints", VpcId=vpc_id)["GroupId"]
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **peers}
    ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[https])
    ec2.create_vpc_endpoint(
        VpcId=vpc_id,
        VpcEndpointType="Gateway",
        ServiceName=f"com.amazonaws.{aws.region}.s3",
        RouteTableIds=[route_table_id],
    )
    for service in ("ecr.api", "ecr.dkr", "logs", "monitoring", "sts"):
        ec2.create_vpc_endpoint(
            VpcId=vpc_id,
            VpcEndpointType="Interface",
            ServiceName=f"com.amazonaws.{aws.region}.{service}",
            SubnetIds=subnet_ids,
            SecurityGroupIds=[group_id],
            PrivateDnsEnabled=True,
        )


def store(aws: EmbeddedAws, bucket: str, key: str) -> None:
    """Put an archive into a bucket of its own."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": aws.region})
    block_public_access(s3, bucket)
    s3.put_object(Bucket=bucket, Key=key, Body=b"weights")


def publish(aws: EmbeddedAws, repository: str, *, tag: str) -> None:
    """Push an image into AWS's own registry, and let every account pull it from there, as AWS does.

    https://github.com/aws/deep-learning-containers/blob/master/available_images.md
    """
    role = f"arn:aws:iam::{PUBLISHER}:role/publisher"
    credentials = aws.client("sts").assume_role(RoleArn=role, RoleSessionName="publisher")["Credentials"]
    ecr = aws.client("ecr", credentials=credentials)
    ecr.create_repository(repositoryName=repository)
    push(aws, repository, tag=tag, ecr=ecr)
    pull = ["BatchCheckLayerAvailability", "BatchGetImage", "DescribeImages", "GetDownloadUrlForLayer"]
    statement = {"Effect": "Allow", "Principal": "*", "Action": [f"ecr:{action}" for action in pull]}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    ecr.set_repository_policy(repositoryName=repository, policyText=policy)


def push(aws: EmbeddedAws, repository: str, *, tag: str, architecture: str = "amd64", ecr: Client | None = None) -> str:
    """Push an image for one platform, as docker does: its configuration, then its manifest; give its digest."""
    ecr = ecr or aws.client("ecr")
    configuration = json.dumps({"architecture": architecture, "os": "linux", "created": tag}).encode()
    upload_id = ecr.initiate_layer_upload(repositoryName=repository)["uploadId"]
    upload = {"repositoryName": repository, "uploadId": upload_id}
    ecr.upload_layer_part(**upload, partFirstByte=0, partLastByte=len(configuration) - 1, layerPartBlob=configuration)
    digest = f"sha256:{hashlib.sha256(configuration).hexdigest()}"
    ecr.complete_layer_upload(**upload, layerDigests=[digest])
    layer = {"mediaType": f"{_DOCKER}.image.rootfs.diff.tar.gzip", "size": 1000, "digest": digest}
    manifest = {
        "schemaVersion": 2,
        "mediaType": f"{_DOCKER}.distribution.manifest.v2+json",
        "config": {
            "mediaType": f"{_DOCKER}.container.image.v1+json",
            "size": len(configuration),
            "digest": digest,
        },
        "layers": [layer],
    }
    image = ecr.put_image(repositoryName=repository, imageTag=tag, imageManifest=json.dumps(manifest))["image"]
    return str(image["imageId"]["imageDigest"])


def block_public_access(s3: Client, bucket: str) -> None:
    """Keep the public out of a bucket."""
    settings = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=dict.fromkeys(settings, True))
