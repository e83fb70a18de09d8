"""The generated limits: in step with botocore, usable by Python's re, and complete."""

import ast
import dataclasses
import re

from sagemaker_endpoint import InstanceType
from sagemaker_endpoint.rules import limits
from sagemaker_endpoint.rules.limits import Number, Text

import pytest
from moto.ec2.models.instance_types import INSTANCE_TYPES as EC2_INSTANCE_TYPES

from scripts import make_limits

TEXTS = {name: text for name, text in vars(limits).items() if isinstance(text, Text)}
PATTERNS = {name: text.pattern for name, text in TEXTS.items() if text.pattern is not None}


def accepts(text: Text, candidate: str) -> bool:
    assert text.pattern is not None
    return re.fullmatch(text.pattern, candidate) is not None


def test_the_committed_limits_are_what_the_locked_botocore_says() -> None:
    written = make_limits.LIMITS.read_text(encoding="utf-8")
    assert written == make_limits.generate(), "limits.py is out of step with botocore: run `make limits`"


def test_the_committed_instance_types_are_what_the_locked_botocore_says() -> None:
    written = make_limits.INSTANCE_TYPES.read_text(encoding="utf-8")
    assert written == make_limits.generate_instance_types(), (
        "instance_types.py is out of step with botocore: run `make limits`"
    )


def test_the_limits_import_nothing_but_dataclasses_and_typing() -> None:
    tree = ast.parse(make_limits.LIMITS.read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert {node.module for node in imports if isinstance(node, ast.ImportFrom)} == {"dataclasses", "typing"}
    assert not [node for node in imports if isinstance(node, ast.Import)]


def test_limits_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        limits.ENDPOINT_NAME.max_length = 64  # type: ignore[misc] # what this test is about


@pytest.mark.parametrize("name", PATTERNS)
def test_every_pattern_compiles(name: str) -> None:
    re.compile(PATTERNS[name])


ACCOUNT = "123456789012"
# What each pattern accepts, and what it refuses.
KNOWN: list[tuple[str, list[str], list[str]]] = [
    ("ENDPOINT_NAME", ["a", "sentiment-2", "a--b"], ["", "-a", "a-", "a_b", "a\n"]),
    ("ENDPOINT_CONFIG_NAME", ["sentiment-20260101"], ["a.b"]),
    ("MODEL_NAME", ["sentiment-model"], ["model-", "modèle"]),
    ("VARIANT_NAME", ["AllTraffic"], ["All Traffic"]),
    (
        "IMAGE",
        [f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/team/app@sha256:{'0' * 64}"],
        ["", "an image"],
    ),
    ("MODEL_DATA_URL", ["s3://models/a/model.tar.gz"], ["models/a", "s3:///a", "http://models/a"]),
    ("ENVIRONMENT_KEY", ["LOG_LEVEL", "_x1"], ["1X", "LOG-LEVEL", ""]),
    ("ENVIRONMENT_VALUE", ["", "two\nlines"], []),
    ("CONTAINER_HOSTNAME", ["tokenizer", "a--b"], ["", "-a", "a-", "a_b", "a.b"]),
    ("S3_MODEL_URI", ["s3://models/weights/"], ["models/weights", "s3:///a", "http://models/a"]),
    ("ADDITIONAL_MODEL_CHANNEL_NAME", ["adapters", "a.b_c-1", "-"], ["", "a b", "a/b", "é"]),
    (
        "MODEL_PACKAGE_NAME",
        ["sentiment", "sentiment/3", f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model-package/sentiment/3"],
        ["", "-a", "a-", "a/b", f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model-package/sentiment/1234567890"],
    ),
    ("INFERENCE_SPECIFICATION_NAME", ["on-gpu"], ["", "-a", "a-", "on gpu"]),
    ("REPOSITORY_CREDENTIALS_PROVIDER_ARN", ["", f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:a"], ["a\nb"]),
    (
        "EXECUTION_ROLE_ARN",
        [f"arn:aws:iam::{ACCOUNT}:role/path/name", f"arn:aws-us-gov:iam::{ACCOUNT}:role/name"],
        [f"arn:aws:iam::{ACCOUNT}:user/name", "arn:aws:iam::٠١٢٣٤٥٦٧٨٩٠١:role/name"],
    ),
    ("SUBNET_ID", ["subnet-0123456789abcdef0"], ["subnet 1"]),
    ("SECURITY_GROUP_ID", ["sg-0123456789abcdef0"], ["sg_1"]),
    (
        "ML_RESERVATION_ARN",
        [
            "arn:aws:sagemaker:eu-west-1:111122223333:training-plan/sentiment",
            "arn:aws-cn:sagemaker:cn-north-1:111122223333:ml-reservation/0123456789ab",
        ],
        ["sentiment", "arn:aws:sagemaker:eu-west-1:1111:training-plan/a", "arn:aws:ec2:eu-west-1:111122223333:a/b"],
    ),
    (
        "SNS_TOPIC_ARN",
        [f"arn:aws-us-gov:sns:us-gov-west-1:{ACCOUNT}:a.b-c_1"],
        [f"arn:aws:sns:eu-west-1:{ACCOUNT}:a:b"],
    ),
    ("CONTENT_TYPE", ["text/csv", "application/x.y-z"], ["csv", "text/csv; charset=utf-8"]),
    ("VOLUME_KMS_KEY_ID", ["alias/a", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234-ab"], ["a key"]),
    (
        "TAG_KEY",
        ["team", "Kostenträger", "部門 1", "a:b/c=d+e@f", "no\u00a0break", "٣"],
        ["a\tb", "50%", "€"],
    ),
    ("TAG_VALUE", ["", "Zürich"], ["a\nb", "a,b"]),
    ("KMS_ALIAS_NAME", ["alias/sentiment-logs"], ["alias/a.b", "alias/a\n"]),
    ("LOG_GROUP_NAME", ["/aws/sagemaker/Endpoints/sentiment"], ["a b", "a:b", ""]),
    ("ROLE_NAME", ["a+b=c,d.e@f-g_h"], ["a/b", "rôle"]),
    ("POLICY_NAME", ["invoke"], ["in voke"]),
    ("REPOSITORY_NAME", ["team/app", "a.b_c-d", "a__b"], ["a//b", "/a", "a/", "a..b", "Team"]),
    (
        "REGION",
        [
            "eu-west-1",
            "us-gov-west-1",
            "cn-north-1",
            "us-iso-east-1",
            "eu-isoe-west-1",
            "eusc-de-east-1",
            "mx-central-1",
        ],
        ["", "eu-west", "EU-WEST-1", "eu-west-1a", "Ireland", "aws-global"],
    ),
]


@pytest.mark.parametrize(("name", "accepted", "refused"), KNOWN)
def test_a_pattern_accepts_and_refuses_what_aws_does(name: str, accepted: list[str], refused: list[str]) -> None:
    assert [text for text in accepted if not accepts(TEXTS[name], text)] == []
    assert [text for text in refused if accepts(TEXTS[name], text)] == []


def test_every_pattern_has_known_values() -> None:
    assert [name for name, _, _ in KNOWN] == list(PATTERNS)


@pytest.mark.parametrize(
    ("text", "least", "greatest"),
    [
        (limits.ENDPOINT_NAME, 0, 63),
        (limits.ENDPOINT_CONFIG_NAME, 0, 63),
        (limits.MODEL_NAME, 0, 63),
        (limits.VARIANT_NAME, 0, 63),
        (limits.IMAGE, 0, 255),
        (limits.MODEL_DATA_URL, 0, 1024),
        (limits.ENVIRONMENT_VALUE, 0, 1024),
        (limits.TAG_KEY, 1, 128),
        (limits.TAG_VALUE, 0, 256),
        (limits.LOG_GROUP_NAME, 1, 512),
        (limits.ROLE_NAME, 1, 64),
        (limits.POLICY_ARN, 20, 2048),
    ],
)
def test_a_text_is_as_long_as_aws_allows(text: Text, least: int, greatest: int) -> None:
    assert (text.min_length, text.max_length) == (least, greatest)


@pytest.mark.parametrize(
    ("number", "least", "greatest"),
    [
        (limits.INITIAL_INSTANCE_COUNT, 1, 2**31 - 1),
        (limits.INITIAL_VARIANT_WEIGHT, 0, None),
        (limits.PRODUCTION_VARIANT_COUNT, 1, 10),
        (limits.SUBNET_COUNT, 1, 16),
        (limits.SECURITY_GROUP_COUNT, 1, 5),
        (limits.TAG_COUNT, 0, 50),
        (limits.VOLUME_SIZE_IN_GB, 1, 512),
        (limits.ENVIRONMENT_COUNT, 0, 100),
        (limits.ENVIRONMENT_BYTES, 0, 32 * 1024),
        (limits.KMS_DELETION_WINDOW_IN_DAYS, 7, 30),
    ],
)
def test_a_number_is_as_great_as_aws_allows(number: Number, least: int, greatest: int | None) -> None:
    assert (number.minimum, number.maximum) == (least, greatest)


def test_every_region_of_every_partition_is_one() -> None:
    regions = {region for partition in make_limits.partitions() for region in partition["regions"]}
    known = {region for region in regions if not region.endswith("-global")}
    assert len(known) > 40
    assert [region for region in known if not accepts(limits.REGION, region)] == []


def test_the_hosts_of_every_partition_are_known() -> None:
    assert {"amazonaws.com", "amazonaws.com.cn", "amazonaws.eu", "c2s.ic.gov"} <= set(limits.DNS_SUFFIXES)


def test_log_events_are_kept_for_one_of_the_listed_numbers_of_days() -> None:
    assert {1, 365, 3653} <= set(limits.RETENTION_IN_DAYS)
    assert {0, 2, 366}.isdisjoint(limits.RETENTION_IN_DAYS)


def test_instance_types_are_those_that_sagemaker_hosts() -> None:
    stated = make_limits.shapes("sagemaker")["ProductionVariantInstanceType"]["enum"]
    assert sorted(limits.INSTANCE_TYPES) == sorted(stated)
    assert "ml.m5.xlarge" in limits.INSTANCE_TYPES
    assert "ml.t3.medium" not in limits.INSTANCE_TYPES


def test_every_instance_type_has_a_name_to_complete() -> None:
    named = {name: value for name, value in vars(InstanceType).items() if name.isupper()}
    assert sorted(named.values()) == sorted(limits.INSTANCE_TYPES)
    assert InstanceType.ML_M5_XLARGE == "ml.m5.xlarge"
    assert InstanceType.ML_P6_B200_48XLARGE == "ml.p6-b200.48xlarge"


def test_every_instance_family_is_classified_once_and_still_exists() -> None:
    listed = [*make_limits.EBS_FAMILIES.split(), *make_limits.NVME_FAMILIES.split()]
    assert sorted(listed) == sorted(make_limits.sizes_by_family()), (
        "EBS_FAMILIES and NVME_FAMILIES in scripts/make_limits.py are to hold each family once, and no other"
    )


def test_families_with_nvme_drives_are_those_that_ec2_reports() -> None:
    known = {name: EC2_INSTANCE_TYPES[ec2] for name in limits.INSTANCE_TYPES if (ec2 := name[3:]) in EC2_INSTANCE_TYPES}
    reported = {
        name for name, facts in known.items() if facts.get("InstanceStorageInfo", {}).get("NvmeSupport") == "required"
    }
    assert len(known) > 250
    assert reported == {name for name in known if name.split(".")[1] in limits.NVME_INSTANCE_FAMILIES}


def test_families_that_ec2_did_not_report_follow_its_documentation() -> None:
    assert {"dl1", "p6e-gb200"} <= limits.NVME_INSTANCE_FAMILIES
    assert {"p2", "p3"}.isdisjoint(limits.NVME_INSTANCE_FAMILIES)


def test_a_new_instance_family_stops_the_generator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_limits, "EBS_FAMILIES", "m4")
    with pytest.raises(make_limits.LimitsError, match=r"not classified: c4, .*m5, .*add each to NVME_FAMILIES or"):
        make_limits.generate()


@pytest.mark.parametrize("pattern", [r"\p{Alpha}+", r"\w+", r"\d", "[a-z]++", "[a-z&&[^b]]"])
def test_a_pattern_that_python_reads_otherwise_stops_the_generator(pattern: str) -> None:
    with pytest.raises(make_limits.LimitsError, match="extend TRANSLATIONS"):
        make_limits.in_python(pattern)


def test_reworded_documentation_stops_the_generator() -> None:
    with pytest.raises(make_limits.LimitsError, match="AWS has reworded"):
        make_limits.from_words({"documentation": "Any number of days."}, r"Possible values are: \d+")
