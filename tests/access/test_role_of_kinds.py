"""The policies of the role of each kind of endpoint, whole: what every example's role may do, and nothing else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.console import ACCOUNT, evaluate
from tests.example_programs import synthesized
from tests.synthesized import Block, Synthesized

REGION, VPC, SUBNET = "eu-west-1", "vpc-0123456789abcdef0", "subnet-0000000000000000a"
HERE = f"{REGION}:111122223333"
KEY = f"arn:aws:kms:{HERE}:key/1234"
GROUP = "sg-0123456789abcdef0"
AWS, TEAM = "763104351884", "123456789012"


def allowed(sid: str, *actions: str, on: list[str], when: dict[str, list[str]] | None = None) -> Block:
    """Write a statement that allows actions, under conditions on keys by ``test key``."""
    conditions = []
    for key, values in (when or {}).items():
        test, variable = key.split()
        conditions.append({"test": test, "variable": variable, "values": values})
    return {
        **({"sid": sid} if sid else {}),
        "actions": [*actions],
        "resources": on,
        **({"condition": conditions} if conditions else {}),
    }


def pull(*repositories: str, account: str = TEAM) -> list[Block]:
    """Pull images from repositories of an account's registry, for whose token there is no resource."""
    return [
        allowed(
            "PullImages",
            "ecr:BatchCheckLayerAvailability",
            "ecr:GetDownloadUrlForLayer",
            "ecr:BatchGetImage",
            on=[f"arn:aws:ecr:{REGION}:{account}:repository/{each}" for each in repositories],
        ),
        allowed("LogInToRegistry", "ecr:GetAuthorizationToken", on=["*"]),
    ]


def read(*keys: str) -> list[Block]:
    """Read model data, and list the bucket as far as its names go."""
    bucket = "arn:aws:s3:::team-models"
    return [
        allowed("ReadModelData", "s3:GetObject", on=[f"{bucket}/{key}" for key in keys]),
        allowed("ListModelData0", "s3:ListBucket", on=[bucket], when={"StringLike s3:prefix": [*keys]}),
    ]


def observed(endpoint: str) -> list[Block]:
    """Write the endpoint's own logs, and metrics in SageMaker's namespaces."""
    group = f"arn:aws:logs:{HERE}:log-group:/aws/sagemaker/Endpoints/{endpoint}"
    return [
        allowed(
            "WriteLogs",
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:DescribeLogStreams",
            "logs:PutLogEvents",
            on=[group, f"{group}:*"],
        ),
        allowed(
            "PutMetrics",
            "cloudwatch:PutMetricData",
            on=["*"],
            when={"StringLike cloudwatch:namespace": ["AWS/SageMaker", "/aws/sagemaker/*"]},
        ),
    ]


ENCRYPTED = [
    allowed("DescribeKey", "kms:DescribeKey", on=[KEY]),
    allowed("EncryptVolumes", "kms:CreateGrant", on=[KEY], when={"Bool kms:GrantIsForAWSResource": ["true"]}),
]
IN_VPC = [
    allowed(
        "CreateInterfaces",
        "ec2:CreateNetworkInterface",
        on=[
            f"arn:aws:ec2:{HERE}:network-interface/*",
            f"arn:aws:ec2:{REGION}:*:subnet/{SUBNET}",
            f"arn:aws:ec2:{REGION}:*:security-group/{GROUP}",
        ],
    ),
    allowed(
        "ManageInterfaces",
        "ec2:CreateNetworkInterfacePermission",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteNetworkInterfacePermission",
        on=[f"arn:aws:ec2:{HERE}:network-interface/*"],
        when={"ArnLike ec2:Vpc": [f"arn:aws:ec2:{REGION}:*:vpc/{VPC}"]},
    ),
    allowed(
        "DescribeNetwork",
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcEndpoints",
        "ec2:DescribeVpcs",
        on=["*"],
    ),
]


def itself(endpoint: str) -> list[Block]:
    """Describe the endpoint alone."""
    return [
        allowed("DescribeItself", "sagemaker:DescribeEndpoint", on=[f"arn:aws:sagemaker:{HERE}:endpoint/{endpoint}"])
    ]


def of_rollbacks() -> list[Block]:
    """Look at the alarm that never rings, by the name that the tests' account has for each."""
    return [
        allowed(
            "SeeRollbackAlarms",
            "cloudwatch:DescribeAlarms",
            on=[f"arn:aws:cloudwatch:{HERE}:alarm:{ACCOUNT['aws_cloudwatch_metric_alarm.alarm_name']}"],
        )
    ]


def runtime(endpoint: str, *own: Block) -> list[Block]:
    """Give what an endpoint on instances in a VPC may do, with what its kind alone may."""
    return [*observed(endpoint), *own, *ENCRYPTED, *IN_VPC, *itself(endpoint), *of_rollbacks()]


RECORDINGS, CAPTURES = "arn:aws:s3:::team-recordings", "arn:aws:s3:::team-captures"
TOPICS = [f"arn:aws:sns:{HERE}:{each}" for each in ("SuccessTopic", "ErrorTopic")]
POLICIES: dict[str, tuple[list[Block], list[Block]]] = {
    "asynchronous": (
        [*pull("team/transcription"), *read("transcription/model.tar.gz")],
        runtime(
            "asynchronous",
            allowed(
                "WriteAnswers",
                "s3:AbortMultipartUpload",
                "s3:PutObject",
                on=[f"{RECORDINGS}/transcripts/*", f"{RECORDINGS}/failures/*"],
            ),
            allowed("EncryptAnswers", "kms:Decrypt", "kms:GenerateDataKey", on=[KEY]),
            allowed("ReadPayloads", "s3:GetObject", on=[f"{RECORDINGS}/incoming/*"]),
            allowed("ListPayloads", "s3:ListBucket", on=[RECORDINGS], when={"StringLike s3:prefix": ["incoming/*"]}),
            allowed("PublishNotifications", "sns:Publish", on=TOPICS),
            allowed("EncryptNotifications", "kms:Decrypt", "kms:GenerateDataKey*", on=[KEY]),
        ),
    ),
    "autoscaling": (
        [*pull("team/sentiment"), *read("sentiment/model.tar.gz")],
        runtime("autoscaling"),
    ),
    "canary": ([*pull("team/sentiment"), *read("sentiment/model.tar.gz")], runtime("canary")),
    "data_capture": (
        [*pull("team/sentiment"), *read("sentiment/model.tar.gz")],
        runtime(
            "data-capture",
            allowed("WriteCapturedData", "s3:PutObject", on=[f"{CAPTURES}/sentiment/*"]),
            allowed("EncryptCapturedData", "kms:Decrypt", "kms:GenerateDataKey", on=[KEY]),
        ),
    ),
    "hugging_face": (pull("huggingface-pytorch-inference", account=AWS), runtime("hugging-face")),
    "large_language_model": (
        [*pull("djl-inference", account=AWS), *read("llama/*")],
        runtime("large-language-model"),
    ),
    "model_package": (
        [
            *pull("team/sentiment"),
            *read("sentiment/model.tar.gz"),
            allowed(
                "",
                "sagemaker:DescribeModelPackage",
                on=[f"arn:aws:sagemaker:{REGION}:{TEAM}:model-package/sentiment/1"],
            ),
        ],
        runtime("model-package"),
    ),
    "multi_model": (
        [*pull("team/many-models"), *read("by-customer/*")],
        runtime("multi-model"),
    ),
    "pipeline": (
        [*pull("team/tokenizer", "team/sentiment", "team/labels"), *read("sentiment/model.tar.gz")],
        runtime("pipeline"),
    ),
    "private_registry": (
        [
            *read("sentiment/model.tar.gz"),
            allowed("", "lambda:InvokeFunction", on=[f"arn:aws:lambda:{REGION}:{TEAM}:function:registry-credentials"]),
        ],
        runtime("private-registry"),
    ),
    "rolling": ([*pull("team/sentiment"), *read("sentiment/model.tar.gz")], runtime("rolling")),
    "serverless": (
        [*pull("team/sentiment"), *read("sentiment/model.tar.gz")],
        [*observed("serverless"), *ENCRYPTED, *itself("serverless")],
    ),
    "shadow": (
        [*pull("team/sentiment"), *read("sentiment/model.tar.gz", "sentiment-2/model.tar.gz")],
        runtime("shadow"),
    ),
}
"""What the role may do before the instances run, and from then on."""


def statements(document: Block) -> Iterator[Any]:
    """Yield a document's statements, those that Terraform repeats as an expression that gives them."""
    yield from document.get("statement", [])
    for repeated in document.get("dynamic", {}).get("statement", []):
        content, values = repeated["content"], repeated["for_each"].removeprefix("${").removesuffix("}")
        assert (sorted(content), content["resources"]) == (["actions", "resources"], ["${statement.value}"])
        actions = json.dumps(content["actions"])
        yield f"${{[for value in {values} : {{actions = {actions}, resources = [value]}}]}}"


def stated(made: Synthesized) -> tuple[list[Block], list[Block]]:
    """Give the statements of both policies as Terraform evaluates them."""
    documents = [made.one("data.aws_iam_policy_document", each) for each in ("Artifacts", "Runtime")]
    text = json.dumps([[*statements(document)] for document in documents])
    for topic in made.all("aws_sns_topic"):
        name = next(each for each in ("SuccessTopic", "ErrorTopic") if each in topic)
        text = text.replace(f"${{{topic}.arn}}", f"arn:aws:sns:{HERE}:{name}")
    image = [each["repository_name"] for each in made.all("data.aws_sagemaker_prebuilt_ecr_image").values()]
    path = f"{AWS}.dkr.ecr.{REGION}.amazonaws.com/{''.join(image)}:1"
    found: Any = evaluate(
        json.loads(text),
        {"region": REGION, "vpc_id": VPC, "private_subnet_ids": [SUBNET]},
        known={"aws_sagemaker_prebuilt_ecr_image.registry_path": path},
    )
    artifacts, runtime = found
    return flat(artifacts), flat(runtime)


def flat(found: list[Any]) -> list[Block]:
    """Put repeated statements among the others, and name each resource once, as the provider's set does."""
    statements = [each for one in found for each in (one if isinstance(one, list) else [one])]
    return [{**each, "resources": list(dict.fromkeys(each["resources"]))} for each in statements]


@pytest.mark.parametrize("name", POLICIES)
def test_the_role_of_each_kind_of_endpoint_may_do_this_and_nothing_else(name: str) -> None:
    made = synthesized(name)
    assert stated(made) == POLICIES[name]
    assert len(made.all("aws_iam_policy")) == 3  # these two, and the callers'
    assert len(made.all("aws_iam_role_policy_attachment")) == 2
    assert made.all("aws_iam_role_policy") == {}
