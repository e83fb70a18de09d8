"""Inputs at random that are right, for every public input of the library; near their limits more often than not."""

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from sagemaker_endpoint import (
    Alarm,
    AlarmChange,
    Alarms,
    AllAtOnce,
    AsyncInferenceConfig,
    Canary,
    CapacitySize,
    Container,
    CoreDumpConfig,
    DataCaptureConfig,
    EgressRule,
    EncryptionKey,
    ExecutionRole,
    HuggingFaceModel,
    ImageConfig,
    InstanceProductionVariant,
    InterfaceCleanup,
    Linear,
    Logs,
    Metric,
    Model,
    PrivateNetwork,
    Rolling,
    S3DataSource,
    ServerlessProductionVariant,
)
from sagemaker_endpoint.hosting.deployment_config import Deployment, deployment_problems
from sagemaker_endpoint.hosting.shadow import shadow_problems
from sagemaker_endpoint.hosting.variant import variants_problems
from sagemaker_endpoint.rules import checks, limits

from hypothesis import strategies as st

from tests.account import ACCOUNT
from tests.test_properties import NUMBERS, changed, is_plain

from .any_scaling import scaled

REGION = "eu-west-1"
_DIGITS, _LOWER = "0123456789", "abcdefghijklmnopqrstuvwxyz"
_UPPER = _LOWER.upper()
_WORD = _DIGITS + _LOWER + _UPPER


def _of(alphabet: str, least: int, most: int) -> st.SearchStrategy[str]:
    """Give texts of a few characters, or of the most, which are too many to draw one by one."""
    short = st.text(alphabet, min_size=least, max_size=min(most, least + 12))
    full = st.text(alphabet, min_size=1, max_size=5).map(lambda text: (text * most)[:most])
    return st.one_of(short, full)


def _name(most: int, extra: str = "-") -> st.SearchStrategy[str]:
    """Give texts that begin and end in a letter or digit."""
    inner = _of(_WORD + extra, 0, most - 2)
    return st.one_of(
        st.sampled_from(_WORD), st.builds("{}{}{}".format, st.sampled_from(_WORD), inner, st.sampled_from(_WORD))
    )


def _id(prefix: str) -> st.SearchStrategy[str]:
    eight, seventeen = (st.text("0123456789abcdef", min_size=count, max_size=count) for count in (8, 17))
    return (eight | seventeen).map(lambda digits: f"{prefix}-{digits}")


def _optional(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


_ACCOUNT = st.text(_DIGITS, min_size=12, max_size=12)
_PARTITION = st.sampled_from(["aws", "aws-cn", "aws-us-gov", "aws-iso-b", "aws-eusc"])
_IAM_NAME = _WORD + "_+=,.@-"
_IAM_PATH = st.sampled_from(["/", "/team/", "/a/b/c/", f"/{'x' * 500}/", "/!#&'()*:;<>?[]^`|~/"])
_SUFFIX = st.sampled_from(limits.DNS_SUFFIXES)
ROLES_HERE = [f"arn:aws:iam::{ACCOUNT}:role{path}" for path in ("/a", f"/{'Long' * 16}", "/team/+=,.@-_", "/a/b/c/d")]
ROLES = [f"arn:aws:iam::111122223333:role{path}" for path in ("/a", f"/{'Long' * 16}", "/team/+=,.@-_", "/a/b/c/d")]
POLICIES = st.builds(
    "arn:{}:iam::{}:policy{}{}".format, _PARTITION, _ACCOUNT | st.just("aws"), _IAM_PATH, _of(_IAM_NAME, 1, 128)
).filter(is_plain)
KEYS = st.builds(
    "arn:{}:kms:{}:{}:key/{}".format,
    _PARTITION,
    st.just(REGION),
    _ACCOUNT,
    st.uuids().map(str) | st.uuids().map(lambda uuid: f"mrk-{uuid.hex}"),
)

_PART = st.text(_LOWER + _DIGITS, min_size=1, max_size=8)
_REPOSITORY = st.lists(st.tuples(_PART, st.sampled_from([".", "_", "__", "-", "---", "/"])), max_size=4).flatmap(
    lambda parts: _PART.map(lambda last: "".join(map("".join, parts)) + "x" + last)
)
_TAG = st.builds("{}{}".format, st.sampled_from(_WORD + "_"), _of(_WORD + "_.-", 0, 127)).map(":{}".format)
_DIGEST = st.text("0123456789abcdef", min_size=64, max_size=64).map("@sha256:{}".format)
IMAGES = st.builds(
    "{}.dkr.ecr{}.{}.{}/{}{}".format,
    _ACCOUNT,
    st.sampled_from(["", "-fips"]),
    st.just(REGION),
    _SUFFIX,
    _REPOSITORY,
    _TAG | _DIGEST,
).map(lambda image: image if "@" in image else image[:255].rstrip(".-:"))

_BUCKET = st.builds("{}{}{}".format, _PART, st.text(_LOWER + _DIGITS + ".-", min_size=1, max_size=40), _PART)
_S3_HOST = st.builds(
    "s3{}{}{}.{}".format,
    st.sampled_from(["", "-fips"]),
    st.sampled_from(["", ".dualstack"]),
    st.sampled_from(["", f".{REGION}", f"-{REGION}"]),
    _SUFFIX,
)
_KEY_CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='*?"$`\\%/')
_KEY = st.builds(
    "{}{}.tar.gz".format,
    st.sampled_from(["", "a/", "a//b/", "/", "long/" * 180]),
    st.text(_KEY_CHARACTERS, min_size=1, max_size=12),
).filter(is_plain)
MODEL_DATA = st.one_of(
    st.builds("s3://{}/{}".format, _BUCKET, _KEY),
    st.builds("https://{}/{}/{}".format, _S3_HOST, _BUCKET, _KEY),
    st.builds("https://{}.{}/{}".format, _BUCKET, _S3_HOST, _KEY),
)


def _in_bytes(most: int) -> Callable[[str], str]:
    """Cut a text in UTF-8, and leave what Terraform writes otherwise."""
    return lambda text: text.encode()[:most].decode(errors="ignore").replace("${", "$${").replace("%{", "%%{")[:most]


_VALUE = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_ENVIRONMENT = st.one_of(
    st.dictionaries(st.builds("{}{}".format, st.sampled_from(_UPPER + "_"), _of(_WORD + "_", 0, 100)), _VALUE),
    st.builds(lambda key, value: {(key * 1024)[:1024]: (value * 1024)}, st.sampled_from(["A", "_9"]), _VALUE),
    st.integers(1, 100).map(lambda count: {f"V{index}": "x" * 320 for index in range(count)}),
    st.integers(1, 31).map(lambda count: {f"_{index}": "é" * 512 for index in range(count)}),
).map(lambda values: {key: _in_bytes(1024)(value) for key, value in values.items()})

_FOLDER = st.builds("s3://{}/{}/".format, _BUCKET, _PART)
_SECRETS = st.builds("arn:aws:secretsmanager:eu-west-1:{}:secret:{}".format, _ACCOUNT, _of(_WORD + "/_+=.@-", 1, 60))
_SOURCES = st.one_of(
    st.builds(S3DataSource, s3_uri=_FOLDER),
    st.builds(
        S3DataSource,
        s3_uri=_FOLDER.map(lambda uri: uri.removesuffix("/")),
        s3_data_type=st.just("S3Object"),
        compression_type=st.sampled_from(["None", "Gzip"]),
        accept_eula=_optional(st.just(True)),
    ),
)
_FUNCTIONS = st.builds("arn:aws:lambda:eu-west-1:{}:function:{}".format, _ACCOUNT, _PART)
_REGISTRIES = st.builds(
    ImageConfig, repository_access_mode=st.just("Vpc"), repository_credentials_provider_arn=_optional(_FUNCTIONS)
)
_HUB = st.builds(
    HuggingFaceModel,
    model_id=st.sampled_from(["/opt/ml/model", "gpt2", "google-bert/bert-base-uncased"]),
    task=_optional(st.sampled_from(["text-classification", "translation_en_to_de"])),
    revision=_optional(st.sampled_from(["main", "refs/pr/1"])),
    token_secret_arn=_optional(_SECRETS),
)
_PACKAGES = st.builds(
    "arn:aws:sagemaker:eu-west-1:{}:model-package/{}/{}".format, _ACCOUNT, _name(63), st.integers(1, 999999999)
)
# What a container is stated by.
_IMAGE = {"image": IMAGES}
_PLAIN = st.fixed_dictionaries(
    {
        **_IMAGE,
        "model_data_url": _optional(MODEL_DATA),
        "environment": _optional(_ENVIRONMENT.filter(lambda values: all(map(is_plain, values.values())))),
    }
)
_OF_HUB = st.fixed_dictionaries({**_IMAGE, "hugging_face": _HUB})
_PACKAGED = st.fixed_dictionaries(
    {
        "model_package_name": _PACKAGES,
        "inference_specification_name": _optional(_name(63)),
        "model_package_images": st.lists(IMAGES, max_size=2),
        "model_package_artifacts": st.lists(_FOLDER | MODEL_DATA, max_size=2),
    }
)
_IN_VPC = st.fixed_dictionaries(
    {"image": st.sampled_from(["registry.example.com:5000/a/b:1"]), "image_config": _REGISTRIES}
)
_CONTAINERS = st.one_of(
    _PLAIN, _OF_HUB, _PACKAGED, _IN_VPC, st.fixed_dictionaries({**_IMAGE, "model_data_source": _SOURCES})
)
_OF_MANY_MODELS = st.fixed_dictionaries(
    {
        **_IMAGE,
        "mode": st.just("MultiModel"),
        "model_data_url": _FOLDER,
        "model_cache_setting": _optional(st.sampled_from(["Enabled", "Disabled"])),
    }
)


@st.composite
def models(draw: st.DrawFn, *, simple: bool) -> Model:
    """Give models of a container and, unless simple, of one for many models, and of several containers."""
    kind = "one" if simple else draw(st.sampled_from(["one", "one", "one", "many", "several"]))
    isolated = draw(st.booleans())
    if kind != "several":
        stated = draw(_PLAIN | _CONTAINERS if kind == "one" else _OF_MANY_MODELS)
        made = Model(**stated, container_hostname=draw(_optional(_name(63))))
        return replace(made, enable_network_isolation=isolated and not made.fetches_from_hub)
    several = [*draw(st.lists(_CONTAINERS, min_size=1, max_size=3)), draw(_OF_MANY_MODELS)]
    named = draw(st.booleans())
    containers = [
        # The environments of all containers have a size together.
        Container(
            **{**each, "environment": None if "hugging_face" in each else {"A": "b"}},
            container_hostname=f"c{index}" if named else None,
        )
        for index, each in enumerate(several)
    ]
    fetched = any(each.fetches_from_hub for each in containers)
    mode = draw(_optional(st.sampled_from(["Serial", "Direct"] if named else ["Serial"])))
    return Model(
        containers=containers, inference_execution_mode=mode, enable_network_isolation=isolated and not fetched
    )


_DESCRIPTION = _of(_WORD + ". _-:/()#,@[]+=&;}!*$", 1, 255)
_PORTS = st.one_of(st.sampled_from([0, 443, 65535]), st.integers(0, 65535))
_TYPES = st.integers(-1, 255)
_NETWORKS = {
    "cidr_ipv4": st.builds(lambda address, prefix: (4, address, prefix), st.ip_addresses(v=4), st.integers(0, 32)),
    "cidr_ipv6": st.builds(lambda address, prefix: (6, address, prefix), st.ip_addresses(v=6), st.integers(0, 128)),
}


def _network(of: tuple[int, Any, int]) -> str:
    version, address, prefix = of
    bits = 32 if version == 4 else 128
    network = type(address)(int(address) >> (bits - prefix) << (bits - prefix))
    return f"{network.exploded.upper() if prefix % 3 == 0 else network}/{prefix}"


_DESTINATIONS = st.one_of(
    *(st.fixed_dictionaries({name: networks.map(_network)}) for name, networks in _NETWORKS.items()),
    st.fixed_dictionaries({"prefix_list_id": _id("pl")}),
    st.fixed_dictionaries({"referenced_security_group_id": _id("sg") | st.builds("{}/{}".format, _ACCOUNT, _id("sg"))}),
)


@st.composite
def rules(draw: st.DrawFn) -> EgressRule:
    """Give rules of each protocol, with the ports it takes, and of each destination."""
    protocol = draw(st.sampled_from(["-1", "tcp", "udp", "6", "17", "icmp", "icmpv6", "1", "58", "0", "50", "255"]))
    stated: dict[str, Any] = {} if protocol == "tcp" and draw(st.booleans()) else {"ip_protocol": protocol}
    if protocol in ("icmp", "icmpv6", "1", "58"):
        stated |= {"from_port": draw(_TYPES), "to_port": draw(_optional(_TYPES))}
    elif protocol in ("tcp", "udp", "6", "17"):
        first, last = sorted((draw(_PORTS), draw(_PORTS)))
        stated |= {"from_port": first, "to_port": draw(_optional(st.just(last)))}
    return EgressRule(description=draw(_DESCRIPTION), **stated, **draw(_DESTINATIONS))


_IDS = _name(20, "-_")
_EGRESS = st.dictionaries(_IDS, rules(), max_size=4)


@dataclass(frozen=True, kw_only=True)
class Vpc:
    """A VPC with private subnets in two zones, half of them in each."""

    id: str
    subnets: tuple[Sequence[str], Sequence[str]]


@st.composite
def networks(draw: st.DrawFn, vpc: Vpc) -> PrivateNetwork:
    """Give networks in a VPC, with rules of their own or with groups that exist."""
    every = [*vpc.subnets[0], *vpc.subnets[1]]
    few = st.tuples(*map(st.sampled_from, vpc.subnets)).map(list)
    chosen = draw(st.one_of(few, few, few.map(lambda two: two[::-1]), few.map(set), st.just(every[:16])))
    stated: dict[str, Any] = {"egress": draw(_optional(_EGRESS))}
    if draw(st.integers(0, 3)) == 0:
        groups = st.lists(_id("sg"), min_size=1, max_size=5, unique=True)
        stated = {"security_group_ids": draw(groups | groups.map(set))}
    return PrivateNetwork(vpc_id=vpc.id, subnet_ids=chosen, **stated)


_WEIGHTS = st.one_of(st.sampled_from([1, 0, 0.1, 1e-45, 3e38, 2**24 + 1]), st.integers(0, 1000), st.floats(0.001, 10))
_SECONDS = _optional(st.sampled_from([60, 3600]) | st.integers(60, 3600))
# AWS provider 5.100 knows no others.
_GPU_AMIS = [None, *(each for each in limits.INFERENCE_AMI_VERSIONS if each.startswith("al2-") and "-gpu-" in each)]
# https://docs.aws.amazon.com/sagemaker/latest/dg/multi-model-support.html
_FOR_MANY_MODELS = [
    each
    for each in limits.INSTANCE_TYPES
    if not re.match("ml[.](g|p)[0-9]", each) or re.fullmatch("ml[.](g5|g4dn)[.](|2|4|8|16)xlarge", each)
]
_WITHOUT_GPU = [each for each in limits.INSTANCE_TYPES if not re.match("ml[.](g|p)[0-9]", each)]
_ON_EBS = [each for each in limits.INSTANCE_TYPES if each.split(".")[1] not in limits.NVME_INSTANCE_FAMILIES]


_PLACE = st.builds("s3://{}{}".format, _BUCKET, st.sampled_from(["", "/", "/a", "/a/b/", "/ü (1)"]))
_DUMPS = st.builds(CoreDumpConfig, destination_s3_uri=_PLACE, kms_key_arn=_optional(KEYS))


@st.composite
def variants(
    draw: st.DrawFn, *, counts: Sequence[int] = (1, 2, 3, 10), simple: bool = False
) -> list[InstanceProductionVariant]:
    """Give one to ten variants, some of which share a model."""
    own = draw(st.lists(_name(63), min_size=1, max_size=draw(st.sampled_from(counts)), unique=True))
    some = draw(st.lists(models(simple=simple), min_size=1, max_size=3))
    made = []
    for name in own:
        model = draw(st.sampled_from(some))
        is_many = any(each.mode for _, each in model.named_containers(""))
        types = _FOR_MANY_MODELS if is_many else limits.INSTANCE_TYPES
        types = _WITHOUT_GPU if model.inference_execution_mode == "Direct" else types
        instance_type = draw(st.sampled_from(types))
        on_ebs = instance_type in _ON_EBS
        amis = _GPU_AMIS if re.match("ml[.](g|p)[0-9]", instance_type) else [None]
        stated: dict[str, Any] = {} if len(own) == 1 and draw(st.booleans()) else {"variant_name": name}
        made.append(
            InstanceProductionVariant(
                model=model,
                instance_type=instance_type,
                initial_instance_count=draw(st.sampled_from([1, 2, 2**31 - 1])),
                initial_variant_weight=draw(_WEIGHTS),
                volume_size_in_gb=draw(_optional(st.sampled_from([1, 30, 512]))) if on_ebs else None,
                model_data_download_timeout_in_seconds=draw(_SECONDS),
                container_startup_health_check_timeout_in_seconds=draw(_SECONDS),
                routing_strategy=draw(_optional(st.sampled_from(["LEAST_OUTSTANDING_REQUESTS", "RANDOM"]))),
                inference_ami_version=draw(st.sampled_from(amis)),
                enable_ssm_access=draw(st.booleans()) and not model.enable_network_isolation,
                core_dump_config=draw(_optional(_DUMPS)),
                local_nvme_storage=draw(_optional(st.just(not on_ebs))),
                **stated,
            )
        )
    if not any(variant.initial_variant_weight for variant in made):
        made[-1] = replace(made[-1], initial_variant_weight=1)
    return made


@st.composite
def serverless(draw: st.DrawFn) -> ServerlessProductionVariant:
    """Give variants without instances."""
    most = draw(st.sampled_from([1, 5, 200]))
    return ServerlessProductionVariant(
        model=Model(**draw(_PLAIN | _OF_HUB | _PACKAGED)),
        memory_size_in_mb=draw(st.sampled_from([1024, 6144])),
        max_concurrency=most,
        provisioned_concurrency=draw(_optional(st.sampled_from([1, most]))),
        variant_name=draw(_name(63)),
    )


EXECUTION_ROLES = st.one_of(
    st.builds(
        ExecutionRole,
        permissions_boundary_arn=_optional(POLICIES),
        additional_policy_arns=st.dictionaries(_IDS, POLICIES, max_size=3),
        least_privilege=st.booleans(),
    ),
    st.builds(ExecutionRole, role_arn=st.sampled_from(ROLES_HERE)),
)
ENCRYPTION_KEYS = st.one_of(
    st.builds(EncryptionKey, deletion_window_in_days=_optional(st.sampled_from([7, 30, 12]))),
    st.builds(EncryptionKey, kms_key_arn=KEYS, retain_own_key=st.booleans()),
)
LOGS = st.builds(
    Logs,
    retention_in_days=st.sampled_from([0, *limits.RETENTION_IN_DAYS]),
    import_existing=st.sampled_from([False, False, True]),
)


@st.composite
def cleanups(draw: st.DrawFn) -> InterfaceCleanup:
    """Give clean-ups that are left out, and clean-ups with settings."""
    if draw(st.integers(0, 5)) == 0:
        return InterfaceCleanup(enabled=False)
    role_arn = draw(_optional(st.sampled_from(ROLES)))
    hosts = st.sampled_from(["http://localhost:4566", "https://[::1]:1/a/~b_.-/", "https://ec2.eu-west-1.example.com"])
    return InterfaceCleanup(
        mark=draw(st.booleans()),
        role_arn=role_arn,
        external_id=draw(_optional(_of(_WORD + "_+=,.@:/-", 2, 1224))) if role_arn else None,
        profile=draw(_optional(st.sampled_from(["prod", "größe", "a b", "x" * 255]))),
        endpoint_url=draw(_optional(hosts)),
        timeout_in_seconds=draw(_optional(st.sampled_from([1, 86400]))),
        interval_in_seconds=draw(_optional(st.sampled_from([1, 300]))),
        detach_after_in_seconds=draw(_optional(st.sampled_from([0, 86400]))),
    )


TOPICS = st.builds("arn:aws:sns:eu-west-1:{}:{}".format, _ACCOUNT, _of(_WORD + "_-", 1, 60))
_READINGS = st.sampled_from(["Average", "SampleCount", "p99", "p99.9", "tm90", "IQM"])
_MISSING = st.sampled_from(["breaching", "notBreaching", "ignore", "missing"])
_COMPARISONS = [f"{kind}{equal}Threshold" for kind in ("GreaterThan", "LessThan") for equal in ("", "OrEqualTo")]
_METRICS = st.builds(
    Metric,
    namespace=st.sampled_from(["Shop", "/aws/sagemaker/Endpoints"]),
    metric_name=st.sampled_from(["Waiting", "a b c"]),
    dimensions=st.dictionaries(_name(20), _name(20), min_size=1, max_size=3),
    unit=st.sampled_from(["Count/Second", "Kilobytes"]),
    statistic=_READINGS,
    period=st.sampled_from([10, 20, 30, 60, 3600]),
)


@st.composite
def alarms(draw: st.DrawFn, variant_name: str) -> Alarms:
    """Give alarms of which there is one for every kind of endpoint, one left out, one changed and some added."""
    points = draw(_optional(st.sampled_from([1, 5])))
    more: dict[str, Any] = {"evaluation_periods": 5, "datapoints_to_alarm": points}
    own = Alarm(
        name=draw(st.sampled_from(["Slow", "_9"])),
        metric="ModelLatency",
        threshold=draw(st.sampled_from([0, -1.5, 1e9])),
        comparison_operator=draw(st.sampled_from(_COMPARISONS)),
        variant=draw(_optional(st.just(variant_name))),
        statistic=draw(_optional(_READINGS)),
        period=draw(_optional(st.sampled_from([10, 60, 420]))),
        treat_missing_data="missing",
        alarm_on_insufficient_data=draw(st.booleans()),
        alarm_description=draw(_optional(st.just("Requests take longer than they may."))),
        **more,
    )
    other = Alarm(name="Other", metric=draw(_METRICS), threshold=1, treat_missing_data=draw(_MISSING))
    change = AlarmChange(
        threshold=draw(_optional(st.sampled_from([0, 1.5]))),
        statistic=draw(_optional(_READINGS)),
        period=draw(_optional(st.sampled_from([30, 300]))),
        treat_missing_data=draw(_optional(_MISSING)),
        **more,
    )
    return Alarms(
        alarm_actions=draw(st.lists(TOPICS, max_size=5, unique=True)),
        ok_actions=draw(st.lists(TOPICS, max_size=5, unique=True)),
        latency_in_milliseconds=draw(st.sampled_from([1, 0.5 + 1, 3_600_000])),
        leave_out=draw(st.sampled_from([[], ["ServerErrors"], [f"ServerErrors-{variant_name}"]])),
        changed={"Latency": change},
        additional=draw(st.sampled_from([[own], [own, other]])),
    )


CAPTURES = st.builds(
    DataCaptureConfig,
    destination_s3_uri=_PLACE,
    initial_sampling_percentage=st.sampled_from([0, 1, 100]),
    capture_options=st.sampled_from([["Input"], ["Output"], ["Input", "Output"]]),
    csv_content_types=st.sampled_from([[], ["text/csv"], [f"text/csv{n}" for n in range(10)]]),
    json_content_types=st.sampled_from([[], ["application/json"]]),
    kms_key_arn=_optional(KEYS),
    enable_capture=st.booleans(),
)


@st.composite
def asynchronous(draw: st.DrawFn) -> AsyncInferenceConfig:
    """Give configurations with topics that are given, made or neither."""
    stated: dict[str, Any] = {}
    included = []
    for name in ("success", "error"):
        kind = draw(st.sampled_from(["given", "made", "none"]))
        if kind == "given":
            stated[f"{name}_topic"] = draw(TOPICS)
        elif kind == "made":
            stated[f"create_{name}_topic"] = True
        if kind != "none" and draw(st.booleans()):
            included.append(f"{name.upper()}_NOTIFICATION_TOPIC")
    path = draw(_optional(_PLACE))
    return AsyncInferenceConfig(
        s3_output_path=draw(_PLACE),
        s3_failure_path=draw(_optional(_PLACE)),
        s3_input_path=path,
        s3_input_kms_key_arn=draw(_optional(KEYS)) if path else None,
        include_inference_response_in=included,
        max_concurrent_invocations_per_instance=draw(_optional(st.sampled_from([1, 1000]))),
        kms_key_arn=draw(_optional(KEYS)),
        **stated,
    )


_TAG_CHARACTERS = st.characters(categories=["L", "N"], include_characters="_ \xa0\u2003\u3000.:/=+-@")
_TAG_TEXT = st.text(_TAG_CHARACTERS, max_size=12).filter(is_plain)
_KEY_OF_TAG = _TAG_TEXT.filter(lambda key: key and not key.casefold().startswith("aws:"))
TAGS = st.one_of(
    st.dictionaries(
        st.one_of(_KEY_OF_TAG, _KEY_OF_TAG.map(lambda key: (key * 128)[:128])),
        st.one_of(_TAG_TEXT, _TAG_TEXT.map(lambda value: (value * 256)[:256])),
        max_size=6,
    ).filter(lambda tags: len({key.casefold() for key in tags}) == len(tags)),
    st.just({f"tag-{index}": "" for index in range(50)}),
)


@st.composite
def shadow(draw: st.DrawFn, beside: InstanceProductionVariant) -> InstanceProductionVariant:
    """Give a variant that gets a copy of another's requests."""
    [made] = draw(variants(counts=[1], simple=True))
    return replace(made, variant_name="s" if beside.variant_name != "s" else "t")


@st.composite
def deployments(
    draw: st.DrawFn,
    variants_: Sequence[InstanceProductionVariant | ServerlessProductionVariant],
    shadows: Sequence[InstanceProductionVariant],
) -> Deployment | None:
    """Give deployments that go with the variants; a package without a version may be of AWS Marketplace."""
    on_instances = [each for each in [*variants_, *shadows] if isinstance(each, InstanceProductionVariant)]
    packaged = [
        each.model for each in on_instances for _, one in each.model.named_containers("") if one.model_package_name
    ]
    if not on_instances or packaged or any(each.instance_type.startswith("ml.inf1.") for each in on_instances):
        return draw(st.sampled_from([None, AllAtOnce()]))
    alarms = st.sampled_from([[], ["errors"], ["a", "\u00e9 b"], [f"{n}" * 255 for n in range(10)]])
    given = draw(alarms)
    few = len(given) < 5 and len(on_instances) == 1  # AWS watches at most ten, and each variant has its own
    shared: dict[str, Any] = {
        "maximum_execution_timeout_in_seconds": draw(_optional(st.sampled_from([3600, 14400]))),
        "rollback_alarms": given,
        "roll_back_on_own_alarms": draw(st.booleans()) and few,
        "wait_interval_in_seconds": draw(st.sampled_from([0, 1, 120])),
    }
    count = on_instances[0].initial_instance_count

    def size(least: int, most: int = 50) -> CapacitySize:
        by_count = len(on_instances) == 1 and count > 1 and draw(st.booleans())
        return (
            CapacitySize.instances(count // 2)
            if by_count
            else CapacitySize.percent(draw(st.sampled_from([least, most])))
        )

    kind = draw(st.sampled_from(["at once", "canary", "linear", *(["rolling"] if len(on_instances) == 1 else [])]))
    if kind == "rolling":
        back = draw(_optional(st.just(CapacitySize.percent(100))))
        return Rolling(maximum_batch_size=size(5), rollback_maximum_batch_size=back, **shared)
    shared["termination_wait_in_seconds"] = draw(st.sampled_from([0, 1199]))
    if kind == "canary":
        return Canary(canary_size=size(1), **shared)
    return Linear(linear_step_size=size(10), **shared) if kind == "linear" else AllAtOnce(**shared)


ENDPOINT_KINDS = ("any", "asynchronous", "serverless", "any", "beside", "asynchronous", "captured")
"""Kinds of endpoints: with a shadow variant beside, with data that is captured, or with models of every kind."""


@st.composite
def endpoints(draw: st.DrawFn, vpc: Vpc, kind: str) -> dict[str, Any]:
    """Give all of an endpoint's keywords; `provider` and `depends_on` are True where they are to be stated."""
    network: PrivateNetwork | None = None
    made: Sequence[InstanceProductionVariant | ServerlessProductionVariant]
    shadows: list[InstanceProductionVariant] = []
    config = capture = cleanup = None
    # What one is given without the other, and with which variants, is AWS's.
    if kind == "serverless":
        made = [draw(serverless())]
    else:
        network = draw(networks(vpc))
        alone = kind in ("asynchronous", "beside")
        stated = draw(variants(counts=[1] if alone else [1, 2, 3, 10], simple=kind != "any"))
        # https://docs.aws.amazon.com/sagemaker/latest/dg/model-deploy-feature-matrix.html
        if kind == "asynchronous" and not stated[0].instance_type.startswith("ml.inf1."):
            config = draw(asynchronous())
        made = stated
        if kind in ("beside", "captured"):
            capture = draw(CAPTURES)
        if kind == "beside":
            shadows = [draw(shadow(stated[0]))]
        if network.security_group_ids is None:
            cleanup = draw(_optional(cleanups()))
    made = [draw(scaled(made[0], asynchronous=config is not None)), *made[1:]]
    return {
        "endpoint_name": draw(_name(63)),
        "network": network,
        "production_variants": made,
        "shadow_production_variants": shadows,
        "async_inference_config": config,
        "data_capture_config": capture,
        "deployment": draw(deployments(made, shadows)),
        "execution_role": draw(_optional(EXECUTION_ROLES)),
        "key": draw(_optional(ENCRYPTION_KEYS)),
        "logs": draw(_optional(LOGS)),
        "alarms": draw(_optional(alarms(made[0].variant_name))),
        "dashboard": draw(st.booleans()),
        "interface_cleanup": cleanup,
        "deletion_protection": draw(st.booleans()),
        "tags": draw(_optional(TAGS)),
        "provider": draw(st.booleans()),
        "depends_on": draw(st.booleans()),
    }


def rebuilt(value: Any, leaf: Callable[[str, Any], Any], at: str = "") -> Any:  # noqa: ANN401 - any input
    """Give inputs with each single one of them changed by `leaf`, which is told its path."""
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{name: rebuilt(each, leaf, f"{at}.{name}") for name, each in _stated(value).items()})
    if at == "":
        return {name: rebuilt(each, leaf, name) for name, each in value.items()}
    lists: tuple[str, ...] = ("production_variants", ".containers", ".model_package_images")
    lists += (".model_package_artifacts", ".additional", ".policies", ".scheduled_actions", ".step_adjustments")
    if at.endswith(lists):
        if value is None:
            return leaf(at, value)
        return [rebuilt(each, leaf, f"{at}[{index}]") for index, each in enumerate(value)]
    if isinstance(value, Mapping) and at.endswith((".egress", ".additional_policy_arns", ".changed")):
        return {name: rebuilt(each, leaf, f"{at}[{name!r}]") for name, each in value.items()}
    return leaf(at, value)


def _stated(part: Any) -> dict[str, Any]:  # noqa: ANN401 - any input
    return {each.name: getattr(part, each.name) for each in fields(part)}


def leaves(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Give each single input that Terraform alone may know, by its path."""
    found: dict[str, Any] = {}
    rebuilt(inputs, found.setdefault)
    known = (bool, type(None))
    return {
        path: value
        for path, value in found.items()
        # An empty list is one that is not given.
        if value not in ([], ())
        and (not isinstance(value, known) or path.endswith("_isolation"))
        and not path.endswith(_KNOWN)
    }


# Inputs that must be known at synthesis; and those of which any number is right.
_KNOWN: tuple[str, ...] = (".mode", ".s3_data_type", ".repository_access_mode")
_KNOWN += (".leave_out", ".name", ".metric", ".statistic", ".threshold")


_PARTS = (
    Alarms,
    AsyncInferenceConfig,
    DataCaptureConfig,
    PrivateNetwork,
    ExecutionRole,
    EncryptionKey,
    Logs,
    InterfaceCleanup,
)


def problems(inputs: Mapping[str, Any]) -> list[str]:
    """Say what the library refuses of them, as it does at synthesis."""
    found = [
        checks.endpoint_name(inputs["endpoint_name"]),
        *(part.problems(name) for name, part in inputs.items() if isinstance(part, _PARTS)),
        variants_problems("production_variants", inputs["production_variants"]),
        shadow_problems(
            "shadow_production_variants", inputs["shadow_production_variants"], inputs["production_variants"]
        ),
        checks.tags("tags", inputs["tags"] or {}),
        []
        if inputs["deployment"] is None
        else deployment_problems(
            "deployment", inputs["deployment"], inputs["production_variants"], inputs["shadow_production_variants"]
        ),
    ]
    return [each for each in itertools.chain(*found) if isinstance(each, str)]


def spoiled(value: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - any input
    """Give values of the same type, most of which are wrong where this one is right."""
    match value:
        case bool():
            return st.just("maybe")
        case str():
            return st.one_of(
                *[changed(value)] * 3, st.sampled_from([value * 200, f"-\n{value}"]), st.text(max_size=12)
            ).filter(is_plain)
        case int() | float():
            return st.one_of(NUMBERS, st.integers(max_value=-2), st.integers(2**31, 2**60))
        case Mapping():
            some = st.text(min_size=1, max_size=4).filter(is_plain)
            more = st.dictionaries(some, some, min_size=1, max_size=2) | st.just({f"V{n}": "" for n in range(101)})
            return (more | some.map(lambda text: {"V": text * 1024})).map(lambda new: {**value, **new})
        case _:
            members = sorted(value)
            near = changed(members[0]).filter(is_plain).map(lambda new: [new, *members[1:]])
            return st.one_of(
                near, near, st.sampled_from([[], members[:1] * 2, [f"{members[0][:-5]}{n:05}" for n in range(17)]])
            )
