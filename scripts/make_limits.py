"""Write limits.py and instance_types.py of constructs/sagemaker_endpoint/rules from botocore's AWS service models.

`make limits` runs this after the locked botocore has changed. botocore is needed here and in the tests
alone: the library reads only the modules written.
"""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypedDict, cast

import botocore
from botocore.loaders import Loader

RULES: Final = Path(__file__).parents[1] / "constructs" / "sagemaker_endpoint" / "rules"
LIMITS: Final = RULES / "limits.py"
INSTANCE_TYPES: Final = RULES / "instance_types.py"
LINE_LENGTH: Final = 120


class Shape(TypedDict, total=False):
    """What is read here of one shape in a service model, or of a member that has one of them."""

    shape: str
    type: str
    min: int
    max: int
    pattern: str
    enum: list[str]
    documentation: str
    members: dict[str, "Shape"]
    member: "Shape"


class Operation(TypedDict):
    """What is read here of one operation in a service model."""

    input: Shape


class ServiceModel(TypedDict):
    """What is read here of a service model."""

    operations: Mapping[str, Operation]
    shapes: Mapping[str, Shape]


class Outputs(TypedDict):
    """What is read here of a partition's settings."""

    dnsSuffix: str


class Partition(TypedDict):
    """What is read here of a partition."""

    outputs: Outputs
    regions: Mapping[str, object]


class LimitsError(Exception):
    """AWS's service model says something that this script cannot write down."""


@dataclass(frozen=True, slots=True)
class Constant:
    """One constant of limits.py, and the shape of a service model whose limits it holds."""

    name: str
    service: str
    shape: str


# Named as the library's inputs are, after Terraform's arguments.
CONSTANTS: Final = (
    Constant("ENDPOINT_NAME", "sagemaker", "EndpointName"),
    Constant("ENDPOINT_CONFIG_NAME", "sagemaker", "EndpointConfigName"),
    Constant("MODEL_NAME", "sagemaker", "ModelName"),
    Constant("VARIANT_NAME", "sagemaker", "VariantName"),
    Constant("IMAGE", "sagemaker", "ContainerImage"),
    Constant("MODEL_DATA_URL", "sagemaker", "Url"),
    Constant("ENVIRONMENT_KEY", "sagemaker", "EnvironmentKey"),
    Constant("ENVIRONMENT_VALUE", "sagemaker", "EnvironmentValue"),
    Constant("ENVIRONMENT_COUNT", "sagemaker", "EnvironmentMap"),
    Constant("CONTAINER_COUNT", "sagemaker", "ContainerDefinitionList"),
    Constant("CONTAINER_HOSTNAME", "sagemaker", "ContainerHostname"),
    Constant("S3_MODEL_URI", "sagemaker", "S3ModelUri"),
    Constant("ADDITIONAL_MODEL_DATA_SOURCE_COUNT", "sagemaker", "AdditionalModelDataSources"),
    Constant("ADDITIONAL_MODEL_CHANNEL_NAME", "sagemaker", "AdditionalModelChannelName"),
    Constant("MODEL_PACKAGE_NAME", "sagemaker", "VersionedArnOrName"),
    Constant("INFERENCE_SPECIFICATION_NAME", "sagemaker", "InferenceSpecificationName"),
    Constant("REPOSITORY_CREDENTIALS_PROVIDER_ARN", "sagemaker", "RepositoryCredentialsProviderArn"),
    Constant("EXECUTION_ROLE_ARN", "sagemaker", "RoleArn"),
    Constant("SUBNET_ID", "sagemaker", "SubnetId"),
    Constant("SUBNET_COUNT", "sagemaker", "Subnets"),
    Constant("SECURITY_GROUP_ID", "sagemaker", "SecurityGroupId"),
    Constant("SECURITY_GROUP_COUNT", "sagemaker", "VpcSecurityGroupIds"),
    Constant("PRODUCTION_VARIANT_COUNT", "sagemaker", "ProductionVariantList"),
    Constant("INITIAL_INSTANCE_COUNT", "sagemaker", "InitialTaskCount"),
    Constant("INITIAL_VARIANT_WEIGHT", "sagemaker", "VariantWeight"),
    Constant("VOLUME_SIZE_IN_GB", "sagemaker", "ProductionVariantVolumeSizeInGB"),
    Constant(
        "MODEL_DATA_DOWNLOAD_TIMEOUT_IN_SECONDS",
        "sagemaker",
        "ProductionVariantModelDataDownloadTimeoutInSeconds",
    ),
    Constant(
        "CONTAINER_STARTUP_HEALTH_CHECK_TIMEOUT_IN_SECONDS",
        "sagemaker",
        "ProductionVariantContainerStartupHealthCheckTimeoutInSeconds",
    ),
    Constant("ML_RESERVATION_ARN", "sagemaker", "MlReservationArn"),
    Constant("SNS_TOPIC_ARN", "sagemaker", "SnsTopicArn"),
    Constant("ASYNC_NOTIFICATION_TOPIC_COUNT", "sagemaker", "AsyncNotificationTopicTypeList"),
    Constant("MAX_CONCURRENT_INVOCATIONS_PER_INSTANCE", "sagemaker", "MaxConcurrentInvocationsPerInstance"),
    Constant("INITIAL_SAMPLING_PERCENTAGE", "sagemaker", "SamplingPercentage"),
    Constant("CONTENT_TYPE", "sagemaker", "CsvContentType"),
    Constant("CONTENT_TYPE_COUNT", "sagemaker", "CsvContentTypes"),
    Constant("MAX_CONCURRENCY", "sagemaker", "ServerlessMaxConcurrency"),
    Constant("PROVISIONED_CONCURRENCY", "sagemaker", "ServerlessProvisionedConcurrency"),
    Constant("WAIT_INTERVAL_IN_SECONDS", "sagemaker", "WaitIntervalInSeconds"),
    Constant("TERMINATION_WAIT_IN_SECONDS", "sagemaker", "TerminationWaitInSeconds"),
    Constant("MAXIMUM_EXECUTION_TIMEOUT_IN_SECONDS", "sagemaker", "MaximumExecutionTimeoutInSeconds"),
    Constant("ROLLBACK_ALARM_COUNT", "sagemaker", "AlarmList"),
    Constant("VOLUME_KMS_KEY_ID", "sagemaker", "KmsKeyId"),
    Constant("TAG_KEY", "sagemaker", "TagKey"),
    Constant("TAG_VALUE", "sagemaker", "TagValue"),
    Constant("TAG_COUNT", "sagemaker", "TagList"),
    Constant("KMS_ALIAS_NAME", "kms", "AliasNameType"),
    Constant("LOG_GROUP_NAME", "logs", "LogGroupName"),
    Constant("LOG_GROUP_KMS_KEY_ID", "logs", "KmsKeyId"),
    Constant("ROLE_NAME", "iam", "roleNameType"),
    Constant("POLICY_NAME", "iam", "policyNameType"),
    Constant("POLICY_ARN", "iam", "arnType"),
    Constant("REPOSITORY_NAME", "ecr", "RepositoryName"),
)

# Which instance families keep a container's data on NVMe drives of the host, encrypted by the host with a
# key nobody can choose, and which on an EBS volume, which takes a KMS key and a size. botocore's model does
# not say. Sources:
# - EC2's DescribeInstanceTypes, InstanceStorageInfo.NvmeSupport: "required" for each size that SageMaker
#   hosts of every NVMe family below, absent for every EBS one. The tests hold the table against the answers
#   that moto recorded, which lack dl1, p2, p3 and p6e-gb200.
# - For those: https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html lists NVMe instance store
#   volumes of dl1 and p6e-gb200; .../instancetypes/pg.html (previous generations) says "Instance store not
#   supported" of p3; SageMaker's API reference (ResourceConfig, VolumeSizeInGB) names ml.p2 as using EBS.
# - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ssd-instance-store.html: for NVMe instance store
#   volumes "you cannot provide your own encryption key".
# Where sources disagree:
# - What CreateEndpointConfig does with a KmsKeyId for such an instance: its reference long said that the
#   call fails (as it still says of training, processing and transform jobs); it now says that the key "does
#   not encrypt instance local storage". Leaving the key out is right by either.
# - VolumeSizeInGB: no reference lists the families that refuse one. SageMaker's Python SDK
#   (volume_size_supported) refuses size and key alike for families with a "d" in their name and those that
#   begin with g5, g6, p5 or trn1. It lets g7, g7e, p6-b200, p6-b300, p6e-gb200 and trn2 have both, though
#   they too have NVMe drives: what EC2 says decides here.
NVME_FAMILIES: Final = """
    c5d c6gd dl1 g4dn g5 g6 g6e g7 g7e m5d m6gd p4d p4de p5 p5e p5en p6-b200 p6-b300 p6e-gb200
    r5d r6gd r7gd trn1 trn1n trn2
"""
EBS_FAMILIES: Final = """
    c4 c5 c6g c6gn c6i c6in c7g c7i c8g inf1 inf2 m4 m5 m6g m6i m7i m8g p2 p3 r5 r6g r6i r7i r8g t2
"""

# AWS writes its patterns for Java. There \w and \d are ASCII's letters and digits, in Python every script's;
# and Python does not know \p{} at all. (\S differs too, for spaces beyond ASCII: here it refuses them.)
TRANSLATIONS: Final = {
    # Letters, separators and digits. Python's \w is \p{L}, \p{N} and the underscore; then comes \p{Z}.
    r"\p{L}\p{Z}\p{N}_": r"\w \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000",
    r"[\w": "[0-9A-Za-z_",
    r"\d{": "[0-9]{",
}
# Classes not translated above, possessive quantifiers (Python has them from 3.11 on), intersections.
FOREIGN: Final = re.compile(r"\\[pPwWdD]|[*+?}]\+|&&")

# An integer of 32 bits with a sign: https://smithy.io/2.0/spec/simple-types.html#integer
INTEGER: Final = 2**31 - 1
# No service model states it; it covers every region of every partition that botocore knows, and those like them.
REGION: Final = "[a-z]{2,5}(?:-[a-z]{2,15}){1,3}-[0-9]{1,2}"

HEADER: Final = '''\
"""What AWS accepts: lengths, patterns, ranges and instance types, as its own service models state them.

Written by scripts/make_limits.py from botocore {version}. Do not edit: run `make limits`.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A string: its least and greatest length, and the pattern that all of it matches (re.fullmatch)."""

    min_length: int
    max_length: int | None
    pattern: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number, or how many members a list or a map has: the least and the greatest."""

    minimum: int
    maximum: int | None


'''

# Plain constants and no enum: they are made in no time, and each is the text that Terraform gets.
INSTANCE_TYPES_HEADER: Final = '''\
"""The instance types that SageMaker hosts endpoints on, by names that an editor completes.

Written by scripts/make_limits.py from botocore {version}. Do not edit: run `make limits`.
"""

from typing import Final


class InstanceType:
    """The instance types that SageMaker hosts endpoints on: ``InstanceType.ML_M5_XLARGE`` is ``"ml.m5.xlarge"``.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html#sagemaker-Type-ProductionVariant-InstanceType
    """

'''


@cache
def _model(service: str) -> ServiceModel:
    """Return the newest model of a service in botocore alone, not in ~/.aws/models."""
    data = str(Path(botocore.__file__).parent / "data")
    loader = Loader(extra_search_paths=[data], include_default_search_paths=False)
    return cast("ServiceModel", loader.load_service_model(service, "service-2"))


def shapes(service: str) -> Mapping[str, Shape]:
    """Return the shapes of a service."""
    return _model(service)["shapes"]


def operation_input(service: str, operation: str) -> str:
    """Return the name of the shape that an operation of a service takes."""
    return _model(service)["operations"][operation]["input"]["shape"]


@cache
def partitions() -> Sequence[Partition]:
    """Return AWS's partitions, as botocore lists them."""
    file = Path(botocore.__file__).parent / "data" / "partitions.json"
    return cast("Sequence[Partition]", json.loads(file.read_text(encoding="utf-8"))["partitions"])


def in_python(pattern: str) -> str:
    """Return one of AWS's patterns as Python's re reads it."""
    known = re.compile("|".join(map(re.escape, TRANSLATIONS)))
    if FOREIGN.search(known.sub("", pattern)):
        message = f"Python's re reads the pattern {pattern!r} otherwise than Java: extend TRANSLATIONS"
        raise LimitsError(message)
    return known.sub(lambda found: TRANSLATIONS[found[0]], pattern)


def quoted(text: str) -> str:
    """Return a string as a literal, raw where that spares doubled backslashes."""
    return f'r"{text}"' if "\\" in text else f'"{text}"'


def value(shape: Shape) -> str:
    """Return the Text or Number that holds a shape's limits, as source."""
    match shape["type"]:
        case "string":
            pattern = quoted(in_python(shape["pattern"])) if "pattern" in shape else None
            lengths = f"min_length={shape.get('min', 0)}, max_length={shape.get('max')}"
            return f"Text({lengths}, pattern={pattern})"
        case "integer":
            return f"Number(minimum={shape['min']}, maximum={shape.get('max', INTEGER)})"
        case "float" | "list" | "map":
            return f"Number(minimum={shape['min']}, maximum={shape.get('max')})"
        case other:
            raise LimitsError(f"no limits are known for shapes of type {other!r}: extend value()")


def assignment(name: str, source: str) -> str:
    """Return an assignment as ruff formats it."""
    line = f"{name}: Final = {source}"
    if len(line) <= LINE_LENGTH:
        return line
    call, arguments = source.removesuffix(")").split("(", 1)
    if len(arguments) > LINE_LENGTH - 4:
        arguments = ",\n    ".join(arguments.split(", ")) + ","
    return f"{name}: Final = {call}(\n    {arguments}\n)"


def from_words(shape: Shape, pattern: str) -> Sequence[int]:
    """Return the numbers that a documentation string alone states, in the words of a pattern."""
    words = shape["documentation"]
    found = re.search(pattern, words)
    if found is None:
        raise LimitsError(f"AWS has reworded {words!r}: it no longer matches {pattern!r}")
    return [int(number) for number in re.findall(r"\d+", found[0])]


def documented() -> list[str]:
    """Return the limits that stand in documentation strings alone."""
    environment = shapes("sagemaker")["ContainerDefinition"]["members"]["Environment"]
    (kilobytes,) = from_words(environment, r"all keys and values in the map, combined, is \d+ KB")
    # The model's own range, 1 to 365, is wider than what KMS accepts.
    window = shapes("kms")["ScheduleKeyDeletionRequest"]["members"]["PendingWindowInDays"]
    least, greatest = from_words(window, r"must be between \d+ and \d+, inclusive")
    days = from_words(shapes("logs")["Days"], r"Possible values are: [\d, and]+")
    return [
        assignment("REGION", f'Text(min_length=1, max_length=None, pattern="{REGION}")'),
        "# What the names of AWS's hosts end in, in each partition.",
        assignment("DNS_SUFFIXES", f"({', '.join(map(quoted, dns_suffixes()))})"),
        "# All keys and values of a container's environment together, in bytes.",
        assignment("ENVIRONMENT_BYTES", f"Number(minimum=0, maximum={kilobytes * 1024})"),
        assignment("KMS_DELETION_WINDOW_IN_DAYS", f"Number(minimum={least}, maximum={greatest})"),
        "# To keep log events for ever is to state no retention; Terraform writes that as 0.",
        "RETENTION_IN_DAYS: Final = (",
        *(f"    {day}," for day in days),
        ")",
    ]


def dns_suffixes() -> list[str]:
    """Return what the names of AWS's hosts end in, in each partition."""
    return list(dict.fromkeys(partition["outputs"]["dnsSuffix"] for partition in partitions()))


def sizes_by_family() -> dict[str, list[str]]:
    """Return the sizes SageMaker hosts of every instance family, all of them known as NVMe's or EBS's."""
    families: dict[str, list[str]] = {}
    for instance_type in shapes("sagemaker")["ProductionVariantInstanceType"]["enum"]:
        _, family, size = instance_type.split(".")
        families.setdefault(family, []).append(size)
    if unknown := sorted(families.keys() - {*NVME_FAMILIES.split(), *EBS_FAMILIES.split()}):
        message = (
            f"botocore {botocore.__version__} brings instance families that are not classified: "
            f"{', '.join(unknown)}. Look up whether they have NVMe instance store volumes "
            "(https://docs.aws.amazon.com/ec2/latest/instancetypes/) and add each to NVME_FAMILIES or "
            "EBS_FAMILIES in scripts/make_limits.py"
        )
        raise LimitsError(message)
    return families


def instance_types() -> list[str]:
    """Return the instance types, by family, and the families with NVMe drives."""
    families = sorted(sizes_by_family().items())

    def sizes_of(listed: str) -> list[str]:
        names = listed.split()
        return [f'    "{name}": "{" ".join(sizes)}",' for name, sizes in families if name in names]

    return [
        "# The sizes of every instance family, by where an instance keeps a container's data.",
        "_ON_EBS: Final = {",
        *sizes_of(EBS_FAMILIES),
        "}",
        "_ON_NVME: Final = {",
        *sizes_of(NVME_FAMILIES),
        "}",
        "INSTANCE_TYPES: Final = tuple(",
        '    f"ml.{name}.{size}" for name, sizes in (_ON_EBS | _ON_NVME).items() for size in sizes.split()',
        ")",
        "# Hosts of these families encrypt their drives themselves: no KMS key and no volume size of ours.",
        "NVME_INSTANCE_FAMILIES: Final = frozenset(_ON_NVME)",
    ]


def choices() -> list[str]:
    """Return the names that AWS knows, where the library or the provider may know fewer."""
    names = {
        "ROUTING_STRATEGIES": "RoutingStrategy",
        "INFERENCE_AMI_VERSIONS": "ProductionVariantInferenceAmiVersion",
        "ASYNC_NOTIFICATION_TOPICS": "AsyncNotificationTopicTypes",
        "CAPTURE_MODES": "CaptureMode",
    }
    return [
        line
        for constant, shape in names.items()
        for line in (
            f"{constant}: Final = (",
            *(f"    {quoted(each)}," for each in shapes("sagemaker")[shape]["enum"]),
            ")",
        )
    ]


def generate() -> str:
    """Return the text of limits.py."""
    stated = [assignment(each.name, value(shapes(each.service)[each.shape])) for each in CONSTANTS]
    body = [*stated, "", *documented(), "", *choices(), "", *instance_types(), ""]
    return HEADER.format(version=botocore.__version__) + "\n".join(body)


def generate_instance_types() -> str:
    """Return the text of instance_types.py."""
    stated = shapes("sagemaker")["ProductionVariantInstanceType"]["enum"]
    constants = [f'    {re.sub("[.-]", "_", each).upper()}: Final = "{each}"\n' for each in sorted(stated)]
    return INSTANCE_TYPES_HEADER.format(version=botocore.__version__) + "".join(constants)


def main() -> None:
    """Write both modules."""
    try:
        texts = {LIMITS: generate(), INSTANCE_TYPES: generate_instance_types()}
    except LimitsError as error:
        sys.exit(f"make_limits: {error}")
    for file, text in texts.items():
        file.write_text(text, encoding="utf-8")
        print(f"{file.name}: written from botocore {botocore.__version__}")


if __name__ == "__main__":
    main()
