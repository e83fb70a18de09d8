"""Which instances serve what: nothing clamped, storage encrypted wherever the instance type allows a key."""

import difflib
from dataclasses import fields, replace
from typing import Any

from sagemaker_endpoint import Container, InstanceProductionVariant, Model
from sagemaker_endpoint.hosting.variant import kept_weight
from sagemaker_endpoint.rules.limits import INFERENCE_AMI_VERSIONS, INSTANCE_TYPES, NVME_INSTANCE_FAMILIES

import pytest
from cdktf import TerraformStack

from tests.console import evaluate
from tests.examples import IMAGE, MODEL, VARIANT, endpoint, problems, stack, synthesize, variable
from tests.synthesized import Block, Synthesized, named

CONFIGURATION = "aws_sagemaker_endpoint_configuration"
GPU_AMI = "al2-ami-sagemaker-inference-gpu-3-1"
NEURON_AMI = "al2-ami-sagemaker-inference-neuron-2"
AMIS = "|".join(INFERENCE_AMI_VERSIONS)
STRATEGY = "must look like 'LEAST_OUTSTANDING_REQUESTS' (pattern LEAST_OUTSTANDING_REQUESTS|RANDOM)"
WITH = "must be given with an instance_type that has them, not "
OPEN = (
    "must not be True with the model's enable_network_isolation: AWS opens no shell in a container that is cut off "
    "from the network"
)
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234"
NUMBERS = [
    "initial_instance_count",
    "volume_size_in_gb",
    "model_data_download_timeout_in_seconds",
    "container_startup_health_check_timeout_in_seconds",
]


def variants(*changes: dict[str, Any]) -> dict[str, object]:
    """Give an endpoint with a variant for each set of changes."""
    named_ = [{"variant_name": f"v{index}", **each} for index, each in enumerate(changes)]
    return {"production_variants": [replace(VARIANT, **each) for each in named_]}


def configuration(scope: TerraformStack | None = None, /, **changes: object) -> Block:
    return synthesize(scope, **changes).one(CONFIGURATION)


# What reaches the configuration.


def test_a_variant_has_two_instances_and_all_traffic() -> None:
    made = synthesize()
    assert made.one(CONFIGURATION) == {
        "kms_key_arn": f"${{{made.address('aws_kms_key')}.arn}}",
        "lifecycle": {"create_before_destroy": True},
        "name_prefix": "sentiment-",
        "production_variants": [
            {
                "initial_instance_count": 2,
                "initial_variant_weight": 1,
                "instance_type": "ml.m5.xlarge",
                "model_name": f"${{{made.address('aws_sagemaker_model')}.name}}",
                "variant_name": "AllTraffic",
            }
        ],
    }


def test_every_setting_of_a_variant_can_be_set() -> None:
    stated = {
        "instance_type": "ml.c5.large",
        "variant_name": "blue",
        "initial_instance_count": 7,
        "initial_variant_weight": 0.25,
        "volume_size_in_gb": 512,
        "model_data_download_timeout_in_seconds": 3600,
        "container_startup_health_check_timeout_in_seconds": 60,
        "enable_ssm_access": True,
    }
    apart = {"model", "local_nvme_storage", "routing_strategy", "inference_ami_version", "core_dump_config"}
    apart |= {"auto_scaling", "capacity_reservation_config"}
    assert {*stated, *apart} == {field.name for field in fields(InstanceProductionVariant)}
    [made] = configuration(**variants(stated))["production_variants"]
    assert named(made.pop("model_name")).startswith("aws_sagemaker_model.")
    assert made == stated


@pytest.mark.parametrize("field", NUMBERS)
def test_a_number_may_be_a_token(field: str) -> None:
    scope = stack()
    token = variable(scope, "number").number_value
    [made] = configuration(scope, **variants({field: token}))["production_variants"]
    assert made[field] == "${var.value}"


@pytest.mark.parametrize("field", ["instance_type", "variant_name"])
@pytest.mark.parametrize("raw", [False, True])
def test_a_string_may_be_a_token(field: str, raw: bool) -> None:
    scope = stack()
    token = variable(scope).string_value
    [made] = configuration(scope, **variants({field: "${var.value}" if raw else token}))["production_variants"]
    assert made[field] == "${var.value}"


@pytest.mark.parametrize("strategy", ["LEAST_OUTSTANDING_REQUESTS", "RANDOM", None])
def test_requests_are_routed_as_stated(strategy: str | None) -> None:
    [made] = configuration(**variants({"routing_strategy": strategy}))["production_variants"]
    assert made.get("routing_config") == (strategy and [{"routing_strategy": strategy}])


def test_terraform_refuses_a_routing_strategy_that_it_alone_knows_to_be_none() -> None:
    scope = stack()
    made = configuration(scope, **variants({"routing_strategy": variable(scope).string_value}))
    assert made["production_variants"][0]["routing_config"] == [{"routing_strategy": "${var.value}"}]
    [condition] = made["lifecycle"]["precondition"]
    assert [evaluate(condition["condition"], {"value": each}) for each in ("RANDOM", "random", "")] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("ami", "instance_type"),
    [
        ("al2-ami-sagemaker-inference-gpu-3-1", "ml.g5.xlarge"),
        ("al2-ami-sagemaker-inference-gpu-2-1", "ml.p5.48xlarge"),
        ("al2023-ami-sagemaker-inference-gpu-4-1", "ml.g6e.xlarge"),
        ("al2-ami-sagemaker-inference-neuron-2", "ml.inf2.xlarge"),
        ("al2-ami-sagemaker-inference-neuron-2", "ml.trn1.2xlarge"),
    ],
)
@pytest.mark.parametrize("deferred", [False, True])
def test_the_instances_have_the_ami_that_is_stated(ami: str, instance_type: str, deferred: bool) -> None:
    scope = stack()
    stated = {"inference_ami_version": ami, "instance_type": instance_type}
    tokens = {name: variable(scope, name=name).string_value for name in stated}
    made = configuration(scope, **variants(tokens if deferred else stated))
    variables = stated if deferred else {}
    assert evaluate(made["production_variants"][0]["inference_ami_version"], variables) == ami
    conditions = [each["condition"] for each in made["lifecycle"].get("precondition", [])]
    assert evaluate(conditions, variables) == [True] * len(conditions)
    assert bool(conditions) is deferred


def test_terraform_refuses_an_ami_for_an_accelerator_that_the_type_has_not() -> None:
    scope = stack()
    token = variable(scope).string_value
    made = configuration(scope, **variants({"inference_ami_version": NEURON_AMI, "instance_type": token}))
    [condition] = (each for each in made["lifecycle"]["precondition"] if "for Neuron" in each["error_message"])
    assert [evaluate(condition["condition"], {"value": each}) for each in ("ml.trn1.2xlarge", "ml.g5.xlarge")] == [
        True,
        False,
    ]


@pytest.mark.parametrize(("isolated", "allowed"), [(False, True), (True, False)])
def test_terraform_refuses_a_shell_in_a_container_that_it_alone_knows_to_be_isolated(
    isolated: bool, allowed: bool
) -> None:
    scope = stack()
    token = variable(scope, "bool").boolean_value
    model = replace(MODEL, enable_network_isolation=token)
    made = configuration(scope, **variants({"enable_ssm_access": True, "model": model}))
    [condition] = (each for each in made["lifecycle"]["precondition"] if "enable_ssm_access" in each["error_message"])
    assert evaluate(condition["condition"], {"value": isolated}) is allowed


def test_a_weight_of_zero_stays_zero() -> None:
    made = configuration(**variants({"initial_variant_weight": 0}, {"initial_variant_weight": 1}))
    assert [each["initial_variant_weight"] for each in made["production_variants"]] == [0, 1]


def test_a_fraction_is_rounded_as_sagemaker_keeps_it_or_each_plan_would_change_it() -> None:
    made = configuration(**variants({"initial_variant_weight": 0.3}, {"initial_variant_weight": 0.25}))
    assert [each["initial_variant_weight"] for each in made["production_variants"]] == [0.30000001192092896, 0.25]


@pytest.mark.parametrize("weight", [1e39, 10**39, 1e-46])
def test_a_weight_that_sagemaker_cannot_keep_is_told(weight: float) -> None:
    assert problems(**variants({"initial_variant_weight": weight})) == (
        f"{AT}.initial_variant_weight must be 0 or a number of single precision, 1e-45 to 3e38, got {weight!r}",
    )


@pytest.mark.parametrize(
    "weight", [0, 1, 5, 0.3, 0.25, 1 / 3, 1e-9, 123456789, 16777219, 2.5e30, 0.1 + 0.2, 1 - 2**-24]
)
def test_terraform_rounds_a_weight_that_it_alone_knows_to_the_same(weight: float) -> None:
    scope = stack()
    token = variable(scope, "number").number_value
    made = configuration(scope, **variants({"initial_variant_weight": 1}, {"initial_variant_weight": token}))
    written = made["production_variants"][1]["initial_variant_weight"]
    assert evaluate(written, {"value": weight}) == kept_weight(weight)


@pytest.mark.parametrize(("weight", "good"), [(0, True), (0.3, True), (2e38, True), (1e39, False), (-1, False)])
def test_terraform_refuses_a_weight_that_sagemaker_cannot_keep(weight: float, good: bool) -> None:
    scope = stack()
    token = variable(scope, "number").number_value
    made = configuration(scope, **variants({"initial_variant_weight": 1}, {"initial_variant_weight": token}))
    (condition,) = (
        each["condition"]
        for each in made["lifecycle"]["precondition"]
        if "must be 0 or a number of single precision, 1e-45 to 3e38" in each["error_message"]
    )
    assert evaluate(condition, {"value": weight}) is good


def test_ten_variants_stand_in_their_order() -> None:
    made = synthesize(**variants(*[{"initial_instance_count": each + 1} for each in range(10)]))
    rendered = made.one(CONFIGURATION)["production_variants"]
    assert [each["variant_name"] for each in rendered] == [f"v{each}" for each in range(10)]
    assert [each["initial_instance_count"] for each in rendered] == [*range(1, 11)]
    assert len(made.all("aws_sagemaker_model")) == 1


def test_variants_may_be_a_tuple() -> None:
    assert len(configuration(production_variants=(VARIANT,))["production_variants"]) == 1


def test_two_deferred_variant_names_may_be_alike_until_terraform_knows() -> None:
    scope = stack()
    token = variable(scope).string_value
    other = replace(MODEL, environment=None)
    made = synthesize(scope, **variants({"variant_name": token}, {"variant_name": token, "model": other}))
    assert len(made.all("aws_sagemaker_model")) == 2


# Storage, and whose key encrypts it.


@pytest.mark.parametrize("family", sorted(NVME_INSTANCE_FAMILIES))
def test_a_family_with_local_nvme_drives_takes_no_key(family: str) -> None:
    known = next(each for each in INSTANCE_TYPES if each.startswith(f"ml.{family}."))
    assert replace(VARIANT, instance_type=known).has_local_nvme_storage


@pytest.mark.parametrize("instance_type", ["ml.m5.large", "ml.c5.large", "ml.inf2.xlarge", "ml.p3.2xlarge"])
def test_a_family_on_ebs_takes_the_key(instance_type: str) -> None:
    assert not replace(VARIANT, instance_type=instance_type).has_local_nvme_storage


def test_local_nvme_drives_leave_the_key_out_of_the_configuration() -> None:
    assert "kms_key_arn" not in configuration(**variants({"instance_type": "ml.g5.xlarge"}))


def test_one_type_with_local_nvme_drives_leaves_the_key_out_for_all_and_warns() -> None:
    scope = stack()
    made = endpoint(scope, **variants({"instance_type": "ml.m5.large"}, {"instance_type": "ml.g5.xlarge"}))
    assert "kms_key_arn" not in Synthesized(scope).one(CONFIGURATION)
    [warning] = made.node.find_child("Configuration").node.metadata
    assert warning.data == (
        "ml.g5.xlarge has local NVMe storage, so AWS refuses a key for this configuration: the volumes of its other "
        "variants are encrypted with SageMaker's key instead of the endpoint's"
    )


@pytest.mark.parametrize("types", [["ml.m5.large", "ml.c5.large"], ["ml.g5.xlarge", "ml.p5.48xlarge"]])
def test_types_that_agree_give_no_warning(types: list[str]) -> None:
    made = endpoint(**variants(*[{"instance_type": each} for each in types]))
    assert made.node.find_child("Configuration").node.metadata == []


@pytest.mark.parametrize(
    ("types", "key"),
    [
        (["ml.m5.large", "ml.m5.large"], KEY),
        (["ml.g5.xlarge", "ml.m5.large"], None),
        (["ml.m5.large", "ml.p6e-gb200.36xlarge"], None),
        (["ml.brand-new.large", "ml.m5.large"], KEY),
    ],
)
def test_terraform_decides_for_deferred_types(types: list[str], key: str | None) -> None:
    scope = stack()
    tokens = [variable(scope, "string", name).string_value for name in ("first", "second")]
    written = configuration(scope, **variants(*[{"instance_type": each} for each in tokens]))["kms_key_arn"]
    assert evaluate(written, dict(zip(("first", "second"), types, strict=True))) == key


def test_a_known_type_with_nvme_drives_decides_before_terraform_does() -> None:
    scope = stack()
    token = variable(scope).string_value
    made = configuration(scope, **variants({"instance_type": token}, {"instance_type": "ml.g5.xlarge"}))
    assert "kms_key_arn" not in made


@pytest.mark.parametrize("instance_type", ["ml.m99.large", "${var.value}"])
def test_what_is_stated_about_a_newer_type_is_taken_as_given(instance_type: str) -> None:
    with_drives = variants({"instance_type": instance_type, "local_nvme_storage": True})
    assert "kms_key_arn" not in configuration(**with_drives)
    without = variants({"instance_type": instance_type, "local_nvme_storage": False})
    assert named(configuration(**without)["kms_key_arn"]).startswith("aws_kms_key.")


def test_the_endpoints_own_or_the_existing_key_is_the_one_asked_for() -> None:
    scope = stack()
    made = synthesize(scope, **variants({"instance_type": variable(scope).string_value}))
    assert f"null : {made.address('aws_kms_key')}.arn}}" in made.one(CONFIGURATION)["kms_key_arn"]


# What is refused.

AT = "production_variants[0]"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"model": None}, ".model must be Model(...), got None"),
        ({"model": "a"}, ".model must be Model(...), got 'a'"),
        ({"instance_type": None}, ".instance_type must be a string such as 'ml.m5.xlarge', got None"),
        (
            {"instance_type": "m5.large"},
            (
                r".instance_type must look like 'ml.m5.xlarge' (pattern ml\.[a-z0-9-]+\.[a-z0-9-]+), got 'm5.large'; "
                "the nearest are ml.m5.large, ml.m5d.large, ml.m5.xlarge"
            ),
        ),
        (
            {"instance_type": "ml.g5.xlarge", "volume_size_in_gb": 30},
            (
                ".volume_size_in_gb must not be given for 'ml.g5.xlarge', whose data lies on local NVMe drives of a "
                "fixed size, got 30"
            ),
        ),
        ({"initial_instance_count": 0}, ".initial_instance_count must be a whole number, 1 to 2147483647, got 0"),
        ({"initial_instance_count": -1}, ".initial_instance_count must be a whole number, 1 to 2147483647, got -1"),
        ({"initial_instance_count": 1.5}, ".initial_instance_count must be a whole number, 1 to 2147483647, got 1.5"),
        ({"initial_instance_count": "2"}, ".initial_instance_count must be a whole number, 1 to 2147483647, got '2'"),
        (
            {"initial_instance_count": -1e300},
            f".initial_instance_count must be a whole number, 1 to 2147483647, got {-1e300}",
        ),
        (
            {"initial_instance_count": 2**53 + 1},
            ".initial_instance_count must be a whole number, 1 to 2147483647, got 9007199254740993",
        ),
        (
            {"initial_instance_count": 10**400},
            f".initial_instance_count must be a whole number, 1 to 2147483647, got {10**400}",
        ),
        ({"initial_variant_weight": -1e300}, ".initial_variant_weight must be a number, at least 0, got -1e+300"),
        ({"initial_instance_count": True}, ".initial_instance_count must be a whole number, 1 to 2147483647, got True"),
        ({"initial_variant_weight": -0.5}, ".initial_variant_weight must be a number, at least 0, got -0.5"),
        ({"initial_variant_weight": None}, ".initial_variant_weight must be a number, at least 0, got None"),
        ({"volume_size_in_gb": 0}, ".volume_size_in_gb must be a whole number, 1 to 512, got 0"),
        ({"volume_size_in_gb": 513}, ".volume_size_in_gb must be a whole number, 1 to 512, got 513"),
        (
            {"model_data_download_timeout_in_seconds": 59},
            ".model_data_download_timeout_in_seconds must be a whole number, 60 to 3600, got 59",
        ),
        (
            {"container_startup_health_check_timeout_in_seconds": 3601},
            ".container_startup_health_check_timeout_in_seconds must be a whole number, 60 to 3600, got 3601",
        ),
        (
            {"variant_name": "All Traffic"},
            ".variant_name must look like 'blue' (pattern [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}), got 'All Traffic'",
        ),
        ({"variant_name": ["a"]}, ".variant_name must be a string such as 'blue', got ['a']"),
        ({"routing_strategy": "random"}, f".routing_strategy {STRATEGY}, got 'random'"),
        (
            {"routing_strategy": "KV_AWARE"},
            f".routing_strategy {STRATEGY}, got 'KV_AWARE', which no version of the AWS provider can state yet",
        ),
        (
            {"inference_ami_version": "al2"},
            f".inference_ami_version must look like '{GPU_AMI}' (pattern {AMIS}), got 'al2'",
        ),
        ({"inference_ami_version": GPU_AMI}, f".inference_ami_version for GPUs {WITH}'ml.m5.xlarge', got '{GPU_AMI}'"),
        (
            {"inference_ami_version": NEURON_AMI, "instance_type": "ml.inf1.xlarge"},
            f".inference_ami_version for Neuron {WITH}'ml.inf1.xlarge', got '{NEURON_AMI}'",
        ),
        ({"enable_ssm_access": "yes"}, ".enable_ssm_access must be True or False, known at synthesis, got 'yes'"),
        (
            {"enable_ssm_access": True, "model": replace(MODEL, enable_network_isolation=True)},
            f".enable_ssm_access {OPEN}",
        ),
        ({"local_nvme_storage": "no"}, ".local_nvme_storage must be True or False, known at synthesis, got 'no'"),
    ],
)
def test_a_wrong_variant_is_told(changes: dict[str, Any], sentence: str) -> None:
    assert problems(**variants(changes)) == (f"{AT}{sentence}",)


@pytest.mark.parametrize(
    ("unknown", "near"),
    [("ml.m5.xlarg", "ml.m5.xlarge"), ("ml.t3.medium", "ml.t2.medium"), ("ml.g5.3xlarge", "ml.g5.")],
)
def test_an_unlisted_instance_type_is_told_with_the_nearest(unknown: str, near: str) -> None:
    [sentence] = problems(**variants({"instance_type": unknown}))
    told, _, nearest = sentence.partition("; the nearest are ")
    assert told == (
        f"{AT}.instance_type must be a type that SageMaker hosts endpoints on, or local_nvme_storage (True or False) "
        f"be stated for one that is newer than this library, got {unknown!r}"
    )
    assert len(nearest.split(", ")) == 3
    assert nearest.startswith(near)
    assert set(nearest.split(", ")) <= set(INSTANCE_TYPES)


def test_the_nearest_types_are_looked_for_only_where_one_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def look(*_: object, **__: object) -> list[str]:
        raise AssertionError("it takes longer than all other checks together")

    monkeypatch.setattr(difflib, "get_close_matches", look)
    assert configuration(**variants({"instance_type": "ml.c5.large"}))
    with pytest.raises(AssertionError, match="takes longer"):
        problems(**variants({"instance_type": "ml.c5.larg"}))


def test_local_nvme_storage_may_not_be_a_token() -> None:
    token = variable(stack(), "bool").boolean_value
    [sentence] = problems(**variants({"local_nvme_storage": token}))
    assert sentence.startswith(f"{AT}.local_nvme_storage must be True or False, known at synthesis, got ")


def test_a_stated_type_is_still_a_type() -> None:
    assert len(problems(**variants({"instance_type": "m99", "local_nvme_storage": True}))) == 1


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ([], "production_variants must have 1 to 10 variants, got 0"),
        (
            [replace(VARIANT, variant_name=f"v{each}") for each in range(11)],
            "production_variants must have 1 to 10 variants, got 11",
        ),
        (None, "production_variants must be a list of InstanceProductionVariant(...), got None"),
        ("a", "production_variants must be a list of InstanceProductionVariant(...), got 'a'"),
        (
            VARIANT,
            "production_variants must be a list of InstanceProductionVariant(...), got InstanceProductionVariant",
        ),
        ([MODEL], "production_variants[0] must be InstanceProductionVariant(...), got Model"),
        (
            [VARIANT, VARIANT, VARIANT],
            "production_variants must each have a variant_name of their own, got 'AllTraffic' 3 times",
        ),
        (
            [replace(VARIANT, initial_variant_weight=0)],
            "production_variants must have an initial_variant_weight above 0 for at least one variant, got 0 for all",
        ),
    ],
)
def test_wrong_variants_are_told(stated: object, sentence: str) -> None:
    assert problems(production_variants=stated) == (sentence,)


# Many models in one container.

MANY = Model(image=IMAGE, mode="MultiModel", model_data_url="s3://models/")
AMONG = Model(
    containers=[Container(image=IMAGE), Container(image=IMAGE, mode="MultiModel", model_data_url="s3://m-1/")]
)
ONE_GPU = ["ml.p2.xlarge", "ml.p3.2xlarge"]
ONE_GPU += [f"ml.{family}.{size}xlarge" for family in ("g4dn", "g5") for size in ("", "2", "4", "8", "16")]
NO_GPU = ["ml.m5.xlarge", "ml.c7g.large", "ml.t2.medium", "ml.inf2.xlarge"]
NOT_FOR_MANY = [
    "ml.p2.8xlarge",
    "ml.p3.8xlarge",
    "ml.g4dn.12xlarge",
    "ml.g5.12xlarge",
    "ml.g6.xlarge",
    "ml.p4d.24xlarge",
]
WITHOUT_GPU = (
    "must have no GPU, or be ml.p2.xlarge, ml.p3.2xlarge, or ml.g4dn or ml.g5 with a single GPU, with the model's "
)


@pytest.mark.parametrize("instance_type", NOT_FOR_MANY)
@pytest.mark.parametrize(("model", "mode"), [(MANY, "mode"), (AMONG, "containers[1].mode")])
def test_many_models_are_hosted_on_a_single_gpu_at_most(instance_type: str, model: Model, mode: str) -> None:
    [sentence] = problems(**variants({"model": model, "instance_type": instance_type}))
    why = "AWS hosts many models on no others"
    assert sentence == f"{AT}.instance_type {WITHOUT_GPU}{mode} 'MultiModel': {why}, got {instance_type!r}"
    assert configuration(**variants({"instance_type": instance_type}))


@pytest.mark.parametrize("instance_type", [*ONE_GPU, *NO_GPU])
def test_many_models_are_hosted_on_types_without_gpus_and_on_those_that_aws_lists(instance_type: str) -> None:
    assert configuration(**variants({"model": MANY, "instance_type": instance_type}))


def test_terraform_refuses_a_type_that_it_alone_knows_for_many_models() -> None:
    scope = stack()
    instance_type = variable(scope).string_value
    made = configuration(scope, **variants({"model": MANY, "instance_type": instance_type}))
    [asked] = [
        each["condition"]
        for each in made["lifecycle"]["precondition"]
        if f"{AT}.instance_type {WITHOUT_GPU}mode" in each["error_message"]
    ]
    right = [*ONE_GPU, *NO_GPU, "ml.g99.xlarge"]
    every = {f"v{index}": each for index, each in enumerate([*right, *NOT_FOR_MANY])}
    answers = evaluate([asked.replace("var.value", f"var.{name}") for name in every], every)
    assert answers == [True] * len(right) + [False] * len(NOT_FOR_MANY)


def test_a_type_that_is_newer_than_the_list_is_taken_as_given_for_many_models() -> None:
    newer = {"model": MANY, "instance_type": "ml.g99.xlarge", "local_nvme_storage": True}
    assert configuration(**variants(newer))
    assert len(problems(**variants({**newer, "local_nvme_storage": None}))) == 1
