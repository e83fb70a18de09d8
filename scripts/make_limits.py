"""Write constructs/sagemaker_endpoint/limits.py from the AWS service models that botocore ships.

`make limits` runs this after the locked botocore has changed. botocore is needed here and in the tests
alone: the library reads only the module written.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict, cast

import botocore
from botocore.loaders import Loader

LIMITS: Final = Path(__file__).parent.parent / "constructs" / "sagemaker_endpoint" / "limits.py"


class Shape(TypedDict, total=False):
    """What is read here of one shape in a service model."""

    type: str
    min: int
    max: int
    pattern: str
    enum: list[str]
    documentation: str
    members: dict[str, "Shape"]


@dataclass(frozen=True, slots=True)
class Constant:
    """One constant of limits.py: its name, and the shape of the service model it is read from."""

    name: str
    service: str
    shape: str


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
)

# Instance families of production variants, by where SageMaker puts a container's data: on NVMe drives in
# the host (whose hardware encrypts them, with keys nobody can choose), or on an EBS volume, which takes a
# KMS key and a size. botocore's model does not say which is which. The sources:
# - EC2's DescribeInstanceTypes, InstanceStorageInfo.NvmeSupport: every family listed as NVME except the two
#   named below reports "required", for all of its sizes that SageMaker hosts. The tests compare this table
#   with the answers moto has recorded from it.
# - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ssd-instance-store.html: NVMe instance store is
#   encrypted by the host, and "you cannot provide your own encryption key".
# - https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html: dl1 and p6e-gb200 (NVMe), p2 and p3 (none),
#   which the recorded answers do not cover.
NVME_FAMILIES: Final = frozenset(
    "c5d c6gd dl1 g4dn g5 g6 g6e g7 g7e m5d m6gd p4d p4de p5 p5e p5en p6-b200 p6-b300 p6e-gb200"
    " r5d r6gd r7gd trn1 trn1n trn2".split()
)
EBS_FAMILIES: Final = frozenset(
    "c4 c5 c6g c6gn c6i c6in c7g c7i c8g inf1 inf2 m4 m5 m6g m6i m7i m8g p2 p3 r5 r6g r6i r7i r8g t2".split()
)

# AWS writes its patterns for Java, whose \w, \d and \p{} Python's re reads otherwise or not at all. Neither
# \w nor \d may stand as it is: in Python they match every script's letters and digits, in Java ASCII's.
TRANSLATIONS: Final = {
    # Any letter, separator or digit. Python's \w is exactly \p{L}, \p{N} and the underscore; the rest is \p{Z}.
    r"\p{L}\p{Z}\p{N}_": r"\w \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000",
    r"[\w": "[0-9A-Za-z_",
    r"\d{": "[0-9]{",
}
UNTRANSLATED: Final = re.compile(r"\\[pPwWdDbB]|[*+?}]\+|&&")

HEADER: Final = '''\
"""What AWS accepts: lengths, patterns, ranges and instance types, as AWS's own service models state them.

Written by scripts/make_limits.py from botocore {version}. Do not edit: run `make limits`.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A string: its shortest and longest, in characters, and the pattern all of it must match (re.fullmatch)."""

    min_length: int
    max_length: int | None
    pattern: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number, or how many members a list or a map may have: its least and its greatest."""

    minimum: int
    maximum: int | None
'''


class LimitsError(Exception):
    """AWS's service model holds something that this script does not know how to write down."""


def main() -> None:
    """Write limits.py."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    try:
        written = generate()
    except LimitsError as error:
        sys.exit(f"make_limits: {error}")
    LIMITS.write_text(written, encoding="utf-8")
    sys.stdout.write(f"Wrote {LIMITS.relative_to(Path.cwd(), walk_up=False)} from botocore {botocore.__version__}\n")
