"""What AWS accepts: lengths, patterns, ranges and instance types, as its own service models state them.

Written by scripts/make_limits.py from botocore 1.44.5. Do not edit: run `make limits`.
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


ENDPOINT_NAME: Final = Text(min_length=0, max_length=63, pattern="[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
ENDPOINT_CONFIG_NAME: Final = Text(min_length=0, max_length=63, pattern="[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
MODEL_NAME: Final = Text(min_length=0, max_length=63, pattern=r"[a-zA-Z0-9]([\-a-zA-Z0-9]*[a-zA-Z0-9])?")
VARIANT_NAME: Final = Text(min_length=0, max_length=63, pattern="[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
IMAGE: Final = Text(min_length=0, max_length=255, pattern=r"[\S]+")
MODEL_DATA_URL: Final = Text(min_length=0, max_length=1024, pattern="(https|s3)://([^/]+)/?(.*)")
ENVIRONMENT_KEY: Final = Text(min_length=0, max_length=1024, pattern="[a-zA-Z_][a-zA-Z0-9_]*")
ENVIRONMENT_VALUE: Final = Text(min_length=0, max_length=1024, pattern=r"[\S\s]*")
ENVIRONMENT_COUNT: Final = Number(minimum=0, maximum=100)
CONTAINER_COUNT: Final = Number(minimum=0, maximum=15)
CONTAINER_HOSTNAME: Final = Text(min_length=0, max_length=63, pattern="[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
S3_MODEL_URI: Final = Text(min_length=0, max_length=1024, pattern="(https|s3)://([^/]+)/?(.*)")
ADDITIONAL_MODEL_DATA_SOURCE_COUNT: Final = Number(minimum=0, maximum=5)
ADDITIONAL_MODEL_CHANNEL_NAME: Final = Text(min_length=1, max_length=64, pattern=r"[A-Za-z0-9\.\-_]+")
MODEL_PACKAGE_NAME: Final = Text(
    min_length=1,
    max_length=176,
    pattern=r"(arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:[a-z\-]*\/)?([a-zA-Z0-9]([a-zA-Z0-9-]){0,62})(?<!-)(\/[0-9]{1,9})?",
)
INFERENCE_SPECIFICATION_NAME: Final = Text(min_length=1, max_length=63, pattern="[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
REPOSITORY_CREDENTIALS_PROVIDER_ARN: Final = Text(min_length=1, max_length=2048, pattern=".*")
EXECUTION_ROLE_ARN: Final = Text(
    min_length=20, max_length=2048, pattern=r"arn:aws[a-z\-]*:iam::[0-9]{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+"
)
SUBNET_ID: Final = Text(min_length=0, max_length=32, pattern="[-0-9a-zA-Z]+")
SUBNET_COUNT: Final = Number(minimum=1, maximum=16)
SECURITY_GROUP_ID: Final = Text(min_length=0, max_length=32, pattern="[-0-9a-zA-Z]+")
SECURITY_GROUP_COUNT: Final = Number(minimum=1, maximum=5)
PRODUCTION_VARIANT_COUNT: Final = Number(minimum=1, maximum=10)
INITIAL_INSTANCE_COUNT: Final = Number(minimum=1, maximum=2147483647)
INITIAL_VARIANT_WEIGHT: Final = Number(minimum=0, maximum=None)
VOLUME_SIZE_IN_GB: Final = Number(minimum=1, maximum=512)
MODEL_DATA_DOWNLOAD_TIMEOUT_IN_SECONDS: Final = Number(minimum=60, maximum=3600)
CONTAINER_STARTUP_HEALTH_CHECK_TIMEOUT_IN_SECONDS: Final = Number(minimum=60, maximum=3600)
ML_RESERVATION_ARN: Final = Text(
    min_length=20, max_length=258, pattern=r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:[a-z0-9\-]{1,14}/.*"
)
SNS_TOPIC_ARN: Final = Text(
    min_length=0, max_length=2048, pattern=r"arn:aws[a-z\-]*:sns:[a-z0-9\-]*:[0-9]{12}:[a-zA-Z0-9_.-]+"
)
ASYNC_NOTIFICATION_TOPIC_COUNT: Final = Number(minimum=0, maximum=2)
MAX_CONCURRENT_INVOCATIONS_PER_INSTANCE: Final = Number(minimum=1, maximum=1000)
INITIAL_SAMPLING_PERCENTAGE: Final = Number(minimum=0, maximum=100)
CONTENT_TYPE: Final = Text(
    min_length=1, max_length=256, pattern=r"[a-zA-Z0-9](-*[a-zA-Z0-9])*\/[a-zA-Z0-9](-*[a-zA-Z0-9.])*"
)
CONTENT_TYPE_COUNT: Final = Number(minimum=1, maximum=10)
MAX_CONCURRENCY: Final = Number(minimum=1, maximum=200)
PROVISIONED_CONCURRENCY: Final = Number(minimum=1, maximum=200)
WAIT_INTERVAL_IN_SECONDS: Final = Number(minimum=0, maximum=3600)
TERMINATION_WAIT_IN_SECONDS: Final = Number(minimum=0, maximum=3600)
MAXIMUM_EXECUTION_TIMEOUT_IN_SECONDS: Final = Number(minimum=600, maximum=28800)
ROLLBACK_ALARM_COUNT: Final = Number(minimum=1, maximum=10)
VOLUME_KMS_KEY_ID: Final = Text(min_length=0, max_length=2048, pattern="[a-zA-Z0-9:/_-]*")
TAG_KEY: Final = Text(
    min_length=1, max_length=128, pattern=r"([\w \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000.:/=+\-@]*)"
)
TAG_VALUE: Final = Text(
    min_length=0, max_length=256, pattern=r"([\w \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000.:/=+\-@]*)"
)
TAG_COUNT: Final = Number(minimum=0, maximum=50)
KMS_ALIAS_NAME: Final = Text(min_length=1, max_length=256, pattern="^[a-zA-Z0-9:/_-]+$")
LOG_GROUP_NAME: Final = Text(min_length=1, max_length=512, pattern=r"[\.\-_/#A-Za-z0-9]+")
LOG_GROUP_KMS_KEY_ID: Final = Text(min_length=0, max_length=256, pattern=None)
ROLE_NAME: Final = Text(min_length=1, max_length=64, pattern="[0-9A-Za-z_+=,.@-]+")
POLICY_NAME: Final = Text(min_length=1, max_length=128, pattern="[0-9A-Za-z_+=,.@-]+")
POLICY_ARN: Final = Text(min_length=20, max_length=2048, pattern=None)
REPOSITORY_NAME: Final = Text(
    min_length=2, max_length=256, pattern=r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*"
)

REGION: Final = Text(min_length=1, max_length=None, pattern="[a-z]{2,5}(?:-[a-z]{2,15}){1,3}-[0-9]{1,2}")
# What the names of AWS's hosts end in, in each partition.
DNS_SUFFIXES: Final = (
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "c2s.ic.gov",
    "sc2s.sgov.gov",
    "cloud.adc-e.uk",
    "csp.hci.ic.gov",
)
# All keys and values of a container's environment together, in bytes.
ENVIRONMENT_BYTES: Final = Number(minimum=0, maximum=32768)
KMS_DELETION_WINDOW_IN_DAYS: Final = Number(minimum=7, maximum=30)
# To keep log events for ever is to state no retention; Terraform writes that as 0.
RETENTION_IN_DAYS: Final = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)

ROUTING_STRATEGIES: Final = (
    "LEAST_OUTSTANDING_REQUESTS",
    "RANDOM",
    "PREFIX_AWARE",
    "KV_AWARE",
)
INFERENCE_AMI_VERSIONS: Final = (
    "al2-ami-sagemaker-inference-gpu-2",
    "al2-ami-sagemaker-inference-gpu-2-1",
    "al2-ami-sagemaker-inference-gpu-3-1",
    "al2-ami-sagemaker-inference-neuron-2",
    "al2023-ami-sagemaker-inference-gpu-4-1",
)
ASYNC_NOTIFICATION_TOPICS: Final = (
    "SUCCESS_NOTIFICATION_TOPIC",
    "ERROR_NOTIFICATION_TOPIC",
)
CAPTURE_MODES: Final = (
    "Input",
    "Output",
    "InputAndOutput",
)

# The sizes of every instance family, by where an instance keeps a container's data.
_ON_EBS: Final = {
    "c4": "large xlarge 2xlarge 4xlarge 8xlarge",
    "c5": "large xlarge 2xlarge 4xlarge 9xlarge 18xlarge",
    "c6g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "c6gn": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "c6i": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge",
    "c6in": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge",
    "c7g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "c7i": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
    "c8g": "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
    "inf1": "xlarge 2xlarge 6xlarge 24xlarge",
    "inf2": "xlarge 8xlarge 24xlarge 48xlarge",
    "m4": "xlarge 2xlarge 4xlarge 10xlarge 16xlarge",
    "m5": "large xlarge 2xlarge 4xlarge 12xlarge 24xlarge",
    "m6g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "m6i": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge",
    "m7i": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
    "m8g": "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
    "p2": "xlarge 8xlarge 16xlarge",
    "p3": "2xlarge 8xlarge 16xlarge",
    "r5": "large xlarge 2xlarge 4xlarge 12xlarge 24xlarge",
    "r6g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "r6i": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge",
    "r7i": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
    "r8g": "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
    "t2": "medium large xlarge 2xlarge",
}
_ON_NVME: Final = {
    "c5d": "large xlarge 2xlarge 4xlarge 9xlarge 18xlarge",
    "c6gd": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "dl1": "24xlarge",
    "g4dn": "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "g5": "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
    "g6": "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
    "g6e": "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
    "g7": "2xlarge 4xlarge 8xlarge 12xlarge 24xlarge 48xlarge",
    "g7e": "2xlarge 4xlarge 8xlarge 12xlarge 24xlarge 48xlarge",
    "m5d": "large xlarge 2xlarge 4xlarge 12xlarge 24xlarge",
    "m6gd": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "p4d": "24xlarge",
    "p4de": "24xlarge",
    "p5": "48xlarge 4xlarge",
    "p5e": "48xlarge",
    "p5en": "48xlarge",
    "p6-b200": "48xlarge",
    "p6-b300": "48xlarge",
    "p6e-gb200": "36xlarge",
    "r5d": "large xlarge 2xlarge 4xlarge 12xlarge 24xlarge",
    "r6gd": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "r7gd": "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "trn1": "2xlarge 32xlarge",
    "trn1n": "32xlarge",
    "trn2": "48xlarge",
}
INSTANCE_TYPES: Final = tuple(
    f"ml.{name}.{size}" for name, sizes in (_ON_EBS | _ON_NVME).items() for size in sizes.split()
)
# Hosts of these families encrypt their drives themselves: no KMS key and no volume size of ours.
NVME_INSTANCE_FAMILIES: Final = frozenset(_ON_NVME)
