"""What an endpoint asks of its role: each action, on which resource, and what fails without it.

https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sagemaker_endpoint_doctor.aws.errors import UNANSWERED, is_denied
from sagemaker_endpoint_doctor.examination.subject import Subject

from botocore.exceptions import ClientError

from . import destinations, images, keys, model_data
from .destinations import Destination
from .policies import Request
from .subnets import existing_subnets

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_ec2.type_defs import SubnetTypeDef
    from mypy_boto3_sagemaker.type_defs import (
        ContainerDefinitionOutputTypeDef,
        DescribeModelOutputTypeDef,
        VpcConfigOutputTypeDef,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A resource, and what is known of the calls on it."""

    arn: str
    context: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A request that the endpoint makes with its role, and what fails without it.

    Attributes:
        request: The request.
        without: What fails.
        is_vital: Whether the endpoint does not do its work without it.
        is_for_reports: Whether only logs or metrics are lost without it: it serves all the same.
    """

    request: Request
    without: str
    is_vital: bool
    is_for_reports: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Served:
    """What the role serves: the models that run with it, and where in a VPC."""

    subject: Subject
    role_arn: str
    models: "Sequence[DescribeModelOutputTypeDef]"
    networks: "Sequence[VpcConfigOutputTypeDef]"

    @property
    def partition(self) -> str:
        return self.role_arn.split(":")[1]

    def arn(self, service: str, resource: str, *, account_id: str | None = None) -> str:
        account_id = account_id or self.role_arn.split(":")[4]
        return f"arn:{self.partition}:{service}:{self.subject.names.region}:{account_id}:{resource}"

    def in_networks(self, kind: Literal["Subnets", "SecurityGroupIds"]) -> list[str]:
        return list(dict.fromkeys(each for network in self.networks for each in network.get(kind, [])))

    def containers(self) -> "Iterator[ContainerDefinitionOutputTypeDef]":
        """Give the containers as the models state them: AWS does not say who reads what is in a model package."""
        for model in self.models:
            yield from self.subject.stated_containers(model["ModelName"])


def needs(subject: Subject, role_arn: str) -> list[Need]:
    """Give what the endpoint needs of a role, each request once."""
    models = list(subject.models_of(role_arn).values())
    networks = subject.networks(models, with_configuration=subject.is_of_configuration(role_arn))
    served = _Served(subject=subject, role_arn=role_arn, models=models, networks=networks)
    return [
        Need(
            request=Request(action=action, resource=target.arn, context=target.context),
            without=without,
            is_vital=targets not in _USEFUL,
            is_for_reports=targets in (_log_streams, _metrics),
        )
        for targets, actions, without in _TABLE
        for target in targets(served)
        for action in actions
    ]


def pull_requests(repository_arn: str) -> list[Request]:
    """Give the requests by which an image is pulled."""
    return [
        *(Request(action=action, resource=repository_arn) for action in _PULL),
        Request(action=_LOG_IN, resource="*"),
    ]


def _repositories(served: _Served) -> Iterator[Target]:
    found = map(images.of_container, served.containers())
    arns = [image.repository_arn(served.partition) for image in found if image]
    yield from (Target(arn=arn) for arn in dict.fromkeys(arns))


def _registry(served: _Served) -> Iterator[Target]:
    if any(_repositories(served)):
        yield Target(arn="*")


def _functions(served: _Served) -> Iterator[Target]:
    """Give the functions that give the credentials for private registries.

    https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-containers-inference-private.html
    """
    yield from (Target(arn=arn) for arn in images.credentials_providers(served.containers()))


def _packages(served: _Served) -> Iterator[Target]:
    arns = dict.fromkeys(each["ModelPackageName"] for each in served.containers() if "ModelPackageName" in each)
    yield from (Target(arn=arn) for arn in arns)


def _data(served: _Served) -> list[model_data.ModelData]:
    return list(dict.fromkeys(data for each in served.containers() for data in model_data.of_container(each)))


def _objects(served: _Served) -> Iterator[Target]:
    for data in _data(served):
        yield Target(arn=f"arn:{served.partition}:s3:::{data.bucket}/{data.key}{'*' if data.is_prefix else ''}")


def _listings(served: _Served) -> Iterator[Target]:
    yield from (_bucket(served, data) for data in _data(served) if data.is_prefix)


def _buckets(served: _Served) -> Iterator[Target]:
    """Give the buckets of single objects, which AWS's own policy for the role of CreateModel does not list.

    https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    """
    yield from (_bucket(served, data) for data in _data(served) if not data.is_prefix)


def _bucket(served: _Served, data: model_data.ModelData) -> Target:
    return Target(arn=f"arn:{served.partition}:s3:::{data.bucket}", context={"s3:prefix": data.key})


def _answers(served: _Served) -> Iterator[Target]:
    """Give where the answers to asynchronous requests go, and the failures.

    https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint-prerequisites.html
    """
    yield from _places(served, destinations.ANSWERS, destinations.FAILURES)


def _capture(served: _Served) -> Iterator[Target]:
    yield from _places(served, destinations.CAPTURE)


def _core_dumps(served: _Served) -> Iterator[Target]:
    yield from _places(served, destinations.CORE_DUMPS)


def _places(served: _Served, *kinds: str) -> Iterator[Target]:
    paths = dict.fromkeys(each.path for each in _destinations(served) if each.what in kinds)
    yield from (Target(arn=f"arn:{served.partition}:s3:::{path}*") for path in paths)


def _destinations(served: _Served) -> list[Destination]:
    names = [model["ModelName"] for model in served.models]
    return [*destinations.destinations(served.subject), *destinations.core_dumps(served.subject, names)]


def _written_keys(served: _Served) -> Iterator[Target]:
    """Give the keys that the endpoint encrypts with what it writes, which S3 uses for it.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    yield from _keys(served, [each.key_id for each in _destinations(served)], service="s3")


def _dump_keys(served: _Served) -> Iterator[Target]:
    """Give those of core dumps, for which AWS asks for more.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantCoreDumpConfig.html
    """
    dumps = [each.key_id for each in _destinations(served) if each.what == destinations.CORE_DUMPS]
    yield from _keys(served, dumps, service="s3")


def _topics(served: _Served) -> Iterator[Target]:
    """Give the topics that SageMaker tells of answers and errors.

    https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint-prerequisites.html
    """
    yield from (Target(arn=arn) for arn in destinations.topic_arns(served.subject))


def _topic_keys(served: _Served) -> Iterator[Target]:
    """Give the keys of the topics, as far as these may be looked at: the topics' own check says where they may not.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    try:
        found = [destinations.topic(served.subject, arn) for arn in destinations.topic_arns(served.subject)]
    except ClientError as error:
        if is_denied(error):
            return
        raise
    yield from _keys(served, [each.key_id for each in found if each], service="sns")


def _keys(served: _Served, key_ids: Sequence[str | None], *, service: str) -> Iterator[Target]:
    """Give keys that another service uses for the role, but for those of that service's own, which let everybody."""
    suffix = "amazonaws.com.cn" if served.partition == "aws-cn" else "amazonaws.com"
    context = {
        "kms:CallerAccount": served.role_arn.split(":")[4],
        "kms:ViaService": f"{service}.{served.subject.names.region}.{suffix}",
    }
    for key_id in dict.fromkeys(each for each in key_ids if each):
        arn = None if "alias/aws/" in key_id else _key_arn(served, key_id)
        if arn:
            yield Target(arn=arn, context=context)


def _key_arn(served: _Served, key_id: str) -> str | None:
    """Give a key's ARN; None for one that is gone, as other sections say."""
    if ":key/" in key_id:
        return key_id
    key = keys.describe(served.subject, key_id)
    return key["Arn"] if key else None


def _shells(served: _Served) -> Iterator[Target]:
    """Give what a shell in the containers takes.

    https://docs.aws.amazon.com/sagemaker/latest/dg/ssm-access.html
    """
    names = [model["ModelName"] for model in served.models]
    if any(each.get("EnableSSMAccess") and each.get("ModelName") in names for each in served.subject.variants()):
        yield Target(arn="*")


def _log_streams(served: _Served) -> Iterator[Target]:
    yield Target(arn=served.arn("logs", f"log-group:{served.subject.log_group_name}:log-stream:*"))


def _log_group_where_failed(served: _Served) -> Iterator[Target]:
    """Give the log group where the endpoint has failed: one that runs shows that it need not make its group.

    https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
    """
    if _has_failed(served):
        yield Target(arn=served.arn("logs", f"log-group:{served.subject.log_group_name}"))


def _network_where_failed(served: _Served) -> Iterator[Target]:
    """Give the network where the endpoint has failed: one that runs shows that it need not see the VPC endpoints.

    https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html#host-vpc-endpoints
    """
    if _has_failed(served):
        yield from _network(served)


def _has_failed(served: _Served) -> bool:
    try:
        return served.subject.endpoint()["EndpointStatus"] == "Failed"
    except UNANSWERED:
        return False


def _metrics(_: _Served) -> Iterator[Target]:
    yield Target(arn="*", context={"cloudwatch:namespace": "/aws/sagemaker/Endpoints"})


def _new_interfaces(served: _Served) -> Iterator[Target]:
    """Give what an interface is made of: EC2 holds the call against each.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    """
    subnet_ids = served.in_networks("Subnets")
    if not subnet_ids:
        return
    owners = {each["SubnetId"]: each["OwnerId"] for each in _subnets(served)}  # another account may share its subnets
    yield Target(arn=served.arn("ec2", "network-interface/*"))
    for each in subnet_ids:
        yield Target(arn=served.arn("ec2", f"subnet/{each}", account_id=owners.get(each)))
    for each in served.in_networks("SecurityGroupIds"):
        yield Target(arn=served.arn("ec2", f"security-group/{each}"))


def _interfaces(served: _Served) -> Iterator[Target]:
    """Give the interfaces in each subnet: a policy may hold the calls on them to subnets, or to the VPC."""
    if not served.networks:
        return
    places = [
        {
            "ec2:Subnet": served.arn("ec2", f"subnet/{each['SubnetId']}", account_id=each["OwnerId"]),
            "ec2:Vpc": served.arn("ec2", f"vpc/{each['VpcId']}", account_id=each["OwnerId"]),
        }
        for each in _subnets(served)
    ]
    for place in places or [{}]:
        yield Target(arn=served.arn("ec2", "network-interface/*"), context=place)


def _subnets(served: _Served) -> "Sequence[SubnetTypeDef]":
    """Give its subnets, or none where they may not be seen: then what hangs on them cannot be told."""
    try:
        found = existing_subnets(served.subject)
        return [found[each] for each in served.in_networks("Subnets") if each in found]
    except ClientError as error:
        if is_denied(error):
            return []
        raise


def _network(served: _Served) -> Iterator[Target]:
    if served.networks:
        yield Target(arn="*")


def _volume_key(served: _Served) -> Iterator[Target]:
    """Give the key of the instances' volumes; SageMaker uses it by a grant that it makes for EC2.

    https://docs.aws.amazon.com/kms/latest/developerguide/services-ebs.html
    """
    key_id = served.subject.configuration().get("KmsKeyId")
    if not key_id or all("ServerlessConfig" in each for each in served.subject.variants()):
        return
    arn = _key_arn(served, key_id)
    if arn:
        yield Target(arn=arn, context={"kms:GrantIsForAWSResource": "true"})


MISTAKEN = "S3 answers 403 in place of 404 if the model data is missing, which looks like a missing permission"
_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
_LOG_IN = "ecr:GetAuthorizationToken"
_LISTED = "no page promises that an endpoint starts: AWS lists it for the role of every one"
_TABLE: Sequence[tuple[Callable[[_Served], Iterator[Target]], Sequence[str], str]] = (
    (_repositories, _PULL, "the image cannot be pulled"),
    (_registry, [_LOG_IN], "no image can be pulled"),
    (
        _functions,
        ["lambda:InvokeFunction"],
        "SageMaker does not get the credentials for the private registry, so no instance starts",
    ),
    (_packages, ["sagemaker:DescribeModelPackage"], "SageMaker may not find what the model package holds"),
    (_objects, ["s3:GetObject"], "the model data cannot be loaded"),
    (_listings, ["s3:ListBucket"], "the model data cannot be found"),
    (_buckets, ["s3:ListBucket"], MISTAKEN),
    (_answers, ["s3:PutObject"], "the answers to asynchronous requests are lost"),
    (_capture, ["s3:PutObject"], "the capture of requests and answers is lost"),
    (_core_dumps, ["s3:PutObject"], "core dumps are lost"),
    (
        _written_keys,
        ["kms:Decrypt", "kms:GenerateDataKey"],
        "what it writes to S3 cannot be encrypted, so it is lost",
    ),
    (_dump_keys, ["kms:Encrypt"], "core dumps cannot be encrypted, so they are lost"),
    (
        _topics,
        ["sns:Publish"],
        "nobody is told of asynchronous answers and errors, and the endpoint can be neither updated nor scaled",
    ),
    (
        _topic_keys,
        ["kms:Decrypt", "kms:GenerateDataKey"],
        "messages to the topic cannot be encrypted, so nobody is told of asynchronous answers and errors",
    ),
    (
        _shells,
        [
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
        ],
        "no shell can be opened in the containers",
    ),
    (
        _log_streams,
        ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        "what the containers write is lost",
    ),
    (
        _log_group_where_failed,
        ["logs:CreateLogGroup"],
        f"{_LISTED}, which ExecutionRole(least_privilege=True) leaves out",
    ),
    (_network_where_failed, ["ec2:DescribeVpcEndpoints"], _LISTED),
    (_metrics, ["cloudwatch:PutMetricData"], "metrics are lost"),
    (_new_interfaces, ["ec2:CreateNetworkInterface"], "instances get no network interface, so none starts"),
    (
        _interfaces,
        ["ec2:CreateNetworkInterfacePermission"],
        "instances may not use their network interfaces, so none starts",
    ),
    (
        _interfaces,
        ["ec2:DeleteNetworkInterface", "ec2:DeleteNetworkInterfacePermission"],
        "network interfaces stay behind when their instances end",
    ),
    (
        _network,
        [
            "ec2:DescribeDhcpOptions",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
        ],
        "SageMaker does not find the subnets and security groups, so no instance starts",
    ),
    (_volume_key, ["kms:CreateGrant", "kms:DescribeKey"], "the volumes cannot be encrypted, so no instance starts"),
)
_USEFUL = {_packages, _dump_keys, _shells, _buckets, _log_group_where_failed, _network_where_failed}
