"""A live endpoint with all that its program states, read from AWS."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sagemaker_endpoint_doctor.aws.client import Aws
from sagemaker_endpoint_doctor.aws.errors import UNREADABLE, explained
from sagemaker_endpoint_doctor.examination.errors import CannotStartError

from botocore.exceptions import BotoCoreError, ClientError

Answer = Mapping[str, Any]  # as AWS describes something

_IN_SERVICE = "InService"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveEndpoint:
    """What AWS says of an endpoint, its configuration and its models.

    Attributes:
        region: Where it is.
        endpoint: What DescribeEndpoint answers.
        configuration: What DescribeEndpointConfig answers of the live one, with each key by its ARN.
        models: What DescribeModel answers, by name.
        tags: The endpoint's tags, without those of AWS.
        vpc_id: The VPC of the models' subnets; None where they have none.
        kms_key_arn: The key of the configuration; None without one.
        log_group: The log group, if there is one.
        scaled: The variants that are registered for scaling.
    """

    region: str
    endpoint: Answer
    configuration: Answer
    models: Mapping[str, Answer]
    tags: Mapping[str, str]
    vpc_id: str | None
    kms_key_arn: str | None
    log_group: Answer | None
    scaled: Sequence[str]

    @property
    def name(self) -> str:
        """The endpoint's name."""
        return str(self.endpoint["EndpointName"])


def read(aws: Aws, endpoint_name: str) -> LiveEndpoint:
    """Ask AWS for the endpoint; every call reads.

    Raises:
        CannotStartError: There is no such endpoint, it is not in service, or AWS does not tell.
    """
    try:
        return _read(aws, endpoint_name)
    except (BotoCoreError, ClientError, *UNREADABLE) as error:
        raise CannotStartError(f"The endpoint {endpoint_name} cannot be read: {explained(error)}.") from error


def _read(aws: Aws, endpoint_name: str) -> LiveEndpoint:
    endpoint: Answer = aws.sagemaker.describe_endpoint(EndpointName=endpoint_name)
    if endpoint["EndpointStatus"] != _IN_SERVICE:
        raise CannotStartError(
            f"The endpoint {endpoint_name} is {endpoint['EndpointStatus']}, and only one that is {_IN_SERVICE} can be "
            "taken over: wait for the end of a deployment, and mend what failed."
        )
    configuration = _with_key_arns(
        aws, aws.sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
    )
    variants = [*configuration["ProductionVariants"], *configuration.get("ShadowProductionVariants", [])]
    names = dict.fromkeys(each["ModelName"] for each in variants if "ModelName" in each)
    if len(names) == 0:
        raise CannotStartError(
            f"The endpoint {endpoint_name} serves inference components, which the AWS provider has no resource for."
        )
    models: dict[str, Answer] = {name: aws.sagemaker.describe_model(ModelName=name) for name in names}
    return LiveEndpoint(
        region=aws.region,
        endpoint=endpoint,
        configuration=configuration,
        models=models,
        tags=_tags(aws, endpoint["EndpointArn"]),
        vpc_id=_vpc_id(aws, models),
        kms_key_arn=configuration.get("KmsKeyId"),
        log_group=_log_group(aws, f"/aws/sagemaker/Endpoints/{endpoint['EndpointName']}"),
        scaled=_scaled(aws, endpoint["EndpointName"]),
    )


def _tags(aws: Aws, arn: str) -> dict[str, str]:
    pages = aws.sagemaker.get_paginator("list_tags").paginate(ResourceArn=arn)
    tags = {each["Key"]: each["Value"] for page in pages for each in page["Tags"]}
    return {key: value for key, value in tags.items() if not key.lower().startswith("aws:")}


def _vpc_id(aws: Aws, models: Mapping[str, Answer]) -> str | None:
    subnets = [subnet for model in models.values() for subnet in model.get("VpcConfig", {}).get("Subnets", [])]
    if not subnets:
        return None
    found = aws.ec2.describe_subnets(SubnetIds=subnets[:1])["Subnets"]
    return found[0]["VpcId"]


def _with_key_arns(aws: Aws, answer: Any) -> Any:  # noqa: ANN401 - AWS's value of any kind
    """Name each key by its ARN: AWS also takes ids and aliases, and the library does not."""
    if isinstance(answer, list):
        return [_with_key_arns(aws, each) for each in answer]
    if not isinstance(answer, Mapping):
        return answer
    return {
        name: _key_arn(aws, value) if name == "KmsKeyId" else _with_key_arns(aws, value)
        for name, value in answer.items()
    }


def _key_arn(aws: Aws, key: str) -> str | None:
    if not key or ":key/" in key:
        return key or None
    return aws.kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]


def _log_group(aws: Aws, name: str) -> Answer | None:
    groups: Sequence[Any] = aws.logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return next((each for each in groups if each["logGroupName"] == name), None)


def _scaled(aws: Aws, endpoint_name: str) -> list[str]:
    pages = aws.application_autoscaling.get_paginator("describe_scalable_targets").paginate(
        ServiceNamespace="sagemaker"
    )
    ids = [each["ResourceId"] for page in pages for each in page["ScalableTargets"]]
    start = f"endpoint/{endpoint_name}/variant/"
    return sorted({each.removeprefix(start) for each in ids if each.startswith(start)})
