"""Every input in every form, with right values: Terraform plans it, and its preconditions hold."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sagemaker_endpoint import (
    AlarmChange,
    Alarms,
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
    Model,
    PrivateNetwork,
    Rolling,
    S3DataSource,
    SageMakerEndpoint,
    ServerlessProductionVariant,
)

import pytest
from cdktf import App, DataResource, Fn, Lazy, LocalBackend, TerraformLocal, TerraformStack, TerraformVariable, Token
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider

from tests.demo.stage import build_network
from tests.embedded_aws import EmbeddedAws
from tests.engine.test_expressions import Anything
from tests.toolchain import CommandError, Terraform

from .deployment import environment
from .messages import unwrapped

pytestmark = pytest.mark.end_to_end

ROLE = "arn:aws:iam::123456789012:role/operator"
POLICY = "arn:aws:iam::123456789012:policy/tables"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def right(vpc_id: str, subnet_ids: list[str]) -> dict[str, Any]:
    return {
        "endpoint_name": "sentiment",
        "vpc_id": vpc_id,
        "subnet_ids": subnet_ids,
        "group_ids": ["sg-0000000000000000a", "sg-0000000000000000b"],
        "description": "HTTPS",
        "protocol": "tcp",
        "from_port": 443,
        "to_port": 444,
        "cidr": "10.0.0.0/16",
        "cidr6": "2001:db8::/56",
        "prefix_list": "pl-01234567",
        "group": "sg-0000000000000000a",
        "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/b:1",
        "model_data_url": "s3://models/a/model.tar.gz",
        "environment": {"LOG_LEVEL": "info"},
        "isolated": True,
        "instance_type": "ml.p3.2xlarge",
        "routing": "RANDOM",
        "ami": "al2-ami-sagemaker-inference-gpu-2",
        "instances": 2,
        "variant_name": "blue",
        "weight": 0.5,
        "volume": 20,
        "seconds": 600,
        "boundary": POLICY,
        "policy": POLICY,
        "role": ROLE,
        "key": KEY,
        "days": 7,
        "retention": 30,
        "topics": [f"arn:aws:sns:eu-west-1:123456789012:{name}" for name in ("alarms", "more")],
        "latency": 250,
        "periods": 4,
        "missing": "ignore",
        "external_id": "team-42",
        "profile": "prod",
        "url": "http://localhost:4566",
        "timeout": 60,
        "tags": {"team": "ml"},
        # What is captured and dumped.
        "dumps": "s3://dumps/a",
        "captured": "s3://captured/a",
        "share": 20,
        "options": ["Input", "Output"],
        "csv": ["text/csv", "text/tab-separated-values"],
        "json": ["application/json", "application/jsonlines"],
        "captures": True,
        # How it is updated.
        "part_type": "CAPACITY_PERCENT",
        "part": 50,
        "bake": 60,
        "time_limit": 3600,
        "alarms": ["errors", "latency"],
        # How it is called, and what serves without instances.
        "answers": "s3://answers/a",
        "failures": "s3://answers/failed",
        "payloads": "s3://payloads/a",
        "topic": "arn:aws:sns:eu-west-1:123456789012:answers",
        "included": ["SUCCESS_NOTIFICATION_TOPIC", "ERROR_NOTIFICATION_TOPIC"],
        "concurrent": 4,
        "memory": 2048,
        "most": 5,
        "ready": 2,
        # Containers.
        "elsewhere": "registry.example.com/sentiment:1",
        "function": "arn:aws:lambda:eu-west-1:123456789012:function:credentials",
        "hostname": "first",
        "object": "s3://weights/model",
        "compression": "Gzip",
        "folder": "s3://many/",
        "cache": "Disabled",
        "called": "Serial",
        "package": "arn:aws:sagemaker:eu-west-1:123456789012:model-package/sentiment/3",
        "specification": "on-gpu",
        "artifacts": "s3://packages/a/",
        "hub": "/opt/ml/model",
        "task": "text-classification",
        "revision": "main",
        "secret": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hub-AbCdEf",
    }


TYPES = {str: "string", int: "number", float: "number", bool: "bool", list: "list(string)", dict: "map(string)"}


def variables(stack: TerraformStack, values: Mapping[str, Any], **settings: Any) -> dict[str, TerraformVariable]:
    return {name: TerraformVariable(stack, name, type=TYPES[type(value)], **settings) for name, value in values.items()}


def typed(value: Any, token: Any) -> Any:  # noqa: ANN401 - a value of any input
    match value:
        case bool():
            return Token.as_any(token)
        case str():
            return Token.as_string(token)
        case int() | float():
            return Token.as_number(token)
        case list():
            return Token.as_list(token)
        case _:
            return Token.as_string_map(token)


def of_variable(value: Any, made: TerraformVariable) -> Any:  # noqa: ANN401 - a value of any input
    match value:
        case bool():
            return made.boolean_value
        case str():
            return made.string_value
        case int() | float():
            return made.number_value
        case list():
            return made.list_value
        case _:
            return Token.as_string_map(made.value)


def raw(value: Any, name: str) -> Any:  # noqa: ANN401 - a value of any input
    match value:
        case str():
            return f"${{var.{name}}}"
        case list():
            return [f"${{var.{name}[0]}}", f"${{element(var.{name}, 1)}}"]
        case dict():
            return {key: f'${{lookup(var.{name}, "{key}")}}' for key in value}
        case _:
            return typed(value, f"${{var.{name}}}")


# Terraform converts by itself: sets to lists, texts to numbers and booleans, as a variable without a type is by -var.
CONVERTED = {list: "toset", bool: "tostring", int: "tostring", float: "tostring"}
FORMS: dict[str, Any] = {
    "variables": of_variable,
    "tokens": lambda value, made: typed(value, made.value),
    "functions": lambda value, made: typed(value, Fn.element([made.value, made.value], 0)),
    "conditions": lambda value, made: typed(value, Fn.conditional(True, made.value, made.value)),
    "raw tokens": lambda value, made: typed(value, f"${{var.{made.node.id}}}"),
    "raw": lambda value, made: raw(value, made.node.id),
    "converted": lambda value, made: typed(value, f"${{{CONVERTED.get(type(value), '')}(var.{made.node.id})}}"),
    "locals": lambda value, made: typed(
        value, TerraformLocal(made.node.scope, f"local-{made.node.id}", made.value).expression
    ),
    "literal": lambda value, _: value,
}


def own(v: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "endpoint_name": v["endpoint_name"],
        "network": PrivateNetwork(
            vpc_id=v["vpc_id"],
            subnet_ids=v["subnet_ids"],
            egress={
                "four": EgressRule(
                    description=v["description"],
                    ip_protocol=v["protocol"],
                    from_port=v["from_port"],
                    to_port=v["to_port"],
                    cidr_ipv4=v["cidr"],
                ),
                "six": EgressRule(description=v["description"], from_port=v["from_port"], cidr_ipv6=v["cidr6"]),
                "list": EgressRule(
                    description=v["description"], from_port=v["from_port"], prefix_list_id=v["prefix_list"]
                ),
                "group": EgressRule(
                    description=v["description"], from_port=v["from_port"], referenced_security_group_id=v["group"]
                ),
            },
        ),
        "production_variants": [
            InstanceProductionVariant(
                model=Model(
                    image=v["image"],
                    model_data_url=v["model_data_url"],
                    environment=v["environment"],
                    enable_network_isolation=v["isolated"],
                ),
                instance_type=v["instance_type"],
                initial_instance_count=v["instances"],
                variant_name=v["variant_name"],
                initial_variant_weight=v["weight"],
                volume_size_in_gb=v["volume"],
                model_data_download_timeout_in_seconds=v["seconds"],
                container_startup_health_check_timeout_in_seconds=v["seconds"],
                routing_strategy=v["routing"],
                inference_ami_version=v["ami"],
                core_dump_config=CoreDumpConfig(destination_s3_uri=v["dumps"], kms_key_arn=v["key"]),
            ),
            InstanceProductionVariant(
                model=Model(image=v["image"]), instance_type=v["instance_type"], variant_name="other"
            ),
        ],
        "data_capture_config": DataCaptureConfig(
            destination_s3_uri=v["captured"],
            initial_sampling_percentage=v["share"],
            capture_options=v["options"],
            csv_content_types=v["csv"],
            json_content_types=v["json"],
            kms_key_arn=v["key"],
            enable_capture=v["captures"],
        ),
        "deployment": Canary(
            canary_size=CapacitySize(type=v["part_type"], value=v["part"]),
            wait_interval_in_seconds=v["bake"],
            termination_wait_in_seconds=v["bake"],
            maximum_execution_timeout_in_seconds=v["time_limit"],
            rollback_alarms=v["alarms"],
        ),
        "execution_role": ExecutionRole(
            permissions_boundary_arn=v["boundary"], additional_policy_arns={"more": v["policy"]}
        ),
        "key": EncryptionKey(deletion_window_in_days=v["days"]),
        "logs": Logs(retention_in_days=v["retention"]),
        "alarms": Alarms(
            alarm_actions=v["topics"],
            ok_actions=v["topics"],
            latency_in_milliseconds=v["latency"],
            leave_out=["Memory", "NoInstances", "ModelErrors"],
            changed={"Disk": AlarmChange(evaluation_periods=v["periods"], treat_missing_data=v["missing"])},
        ),
        "dashboard": True,
        "interface_cleanup": InterfaceCleanup(
            role_arn=v["role"],
            external_id=v["external_id"],
            profile=v["profile"],
            endpoint_url=v["url"],
            timeout_in_seconds=v["timeout"],
            interval_in_seconds=v["timeout"],
            detach_after_in_seconds=v["timeout"],
        ),
        "tags": v["tags"],
    }


def existing(v: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **own(v),
        "network": PrivateNetwork(vpc_id=v["vpc_id"], subnet_ids=v["subnet_ids"], security_group_ids=v["group_ids"]),
        "execution_role": ExecutionRole(role_arn=v["role"]),
        "key": EncryptionKey(kms_key_arn=v["key"]),
        "interface_cleanup": None,
        "alarms": None,
        "dashboard": False,
    }


def alone(v: Mapping[str, Any], model: Model, **inputs: Any) -> dict[str, Any]:
    """Give an endpoint of one variant, with few inputs."""
    return {
        "endpoint_name": v["endpoint_name"],
        "network": PrivateNetwork(vpc_id=v["vpc_id"], subnet_ids=v["subnet_ids"]),
        "production_variants": [InstanceProductionVariant(model=model, instance_type=v["instance_type"])],
        **inputs,
    }


def asynchronous(v: Mapping[str, Any]) -> dict[str, Any]:
    registry = ImageConfig(repository_access_mode="Vpc", repository_credentials_provider_arn=v["function"])
    data = S3DataSource(s3_uri=v["object"], s3_data_type="S3Object", compression_type=v["compression"])
    config = AsyncInferenceConfig(
        s3_output_path=v["answers"],
        s3_failure_path=v["failures"],
        s3_input_path=v["payloads"],
        s3_input_kms_key_arn=v["key"],
        success_topic=v["topic"],
        error_topic=v["topic"],
        include_inference_response_in=v["included"],
        max_concurrent_invocations_per_instance=v["concurrent"],
        kms_key_arn=v["key"],
    )
    model = Model(image=v["elsewhere"], image_config=registry, container_hostname=v["hostname"], model_data_source=data)
    step = CapacitySize(type=v["part_type"], value=v["part"])
    linear = Linear(linear_step_size=step, wait_interval_in_seconds=v["bake"])
    return alone(v, model, async_inference_config=config, deployment=linear)


def beside(v: Mapping[str, Any]) -> dict[str, Any]:
    package = Model(
        model_package_name=v["package"],
        inference_specification_name=v["specification"],
        model_package_images=[v["image"]],
        model_package_artifacts=[v["artifacts"]],
    )
    shadow = InstanceProductionVariant(
        model=package,
        instance_type=v["instance_type"],
        initial_instance_count=v["instances"],
        variant_name=v["variant_name"],
        volume_size_in_gb=v["volume"],
        routing_strategy=v["routing"],
        core_dump_config=CoreDumpConfig(destination_s3_uri=v["dumps"], kms_key_arn=v["key"]),
    )
    return alone(v, Model(image=v["image"]), shadow_production_variants=[shadow])


def several(v: Mapping[str, Any]) -> dict[str, Any]:
    hub = HuggingFaceModel(model_id=v["hub"], task=v["task"], revision=v["revision"], token_secret_arn=v["secret"])
    many = Container(
        image=v["image"],
        container_hostname="second",
        mode="MultiModel",
        model_data_url=v["folder"],
        model_cache_setting=v["cache"],
    )
    first = Container(image=v["image"], container_hostname="first", hugging_face=hub)
    batch = CapacitySize(type=v["part_type"], value=v["part"])
    rolling = Rolling(maximum_batch_size=batch, rollback_maximum_batch_size=batch, wait_interval_in_seconds=v["bake"])
    return alone(v, Model(containers=[first, many], inference_execution_mode=v["called"]), deployment=rolling)


def serverless(v: Mapping[str, Any]) -> dict[str, Any]:
    variant = ServerlessProductionVariant(
        model=Model(image=v["image"], model_data_url=v["model_data_url"], environment=v["environment"]),
        memory_size_in_mb=v["memory"],
        max_concurrency=v["most"],
        provisioned_concurrency=v["ready"],
        variant_name=v["variant_name"],
    )
    return {"endpoint_name": v["endpoint_name"], "production_variants": [variant]}


KINDS = (own, existing, asynchronous, beside, several, serverless)


def written(
    directory: Path,
    form: Callable[..., Any],
    values: Mapping[str, Any],
    *,
    kinds: Sequence[Any] = KINDS,
    **settings: Any,
) -> Path:
    app = App(outdir=str(directory))
    stack = TerraformStack(app, "stack")
    LocalBackend(stack, path=str(directory / "terraform.tfstate"))  # by default all stacks of a name share one
    AwsProvider(stack, "aws", region="eu-west-1")
    NullProvider(stack, "null")
    made = variables(stack, values, **settings)
    for make in kinds:
        given = {key: form(value, made[key]) for key, value in values.items()}
        SageMakerEndpoint(stack, make.__name__, **make(given))
    app.synth()
    return directory / "stacks" / "stack"


def terraform(aws: EmbeddedAws, stack: Path, values: Mapping[str, Any]) -> Terraform:
    found = Terraform(directory=stack, environment=environment(aws), variables=values)
    found.init()
    return found


# What is sensitive is planned as what is not, and then not let into what is shown.
SENSITIVE = {"variables", "functions", "raw"}


@pytest.mark.parametrize("form", FORMS)  # Terraform takes four times as long over twice as much in one plan
def test_every_form_of_right_values_is_planned_without_a_warning(aws: EmbeddedAws, tmp_path: Path, form: str) -> None:
    values = right(*build_network(aws.client("ec2")))
    kinds = KINDS[:1] if form == "locals" else KINDS  # each local has an id of its own in the stack
    stack = written(tmp_path, FORMS[form], values, kinds=kinds, sensitive=form in SENSITIVE)
    plan = terraform(aws, stack, values).plan()
    assert plan.changes
    assert "Warning" not in plan.text, plan.text[plan.text.index("Warning") :][:3000]


def test_a_lazy_value_is_written_as_what_it_stands_for(tmp_path: Path) -> None:
    values = right("vpc-0123456789abcdef0", ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"])

    def lazy(value: Any, made: TerraformVariable) -> Any:  # noqa: ANN401 - a value of any input
        return typed(value, Lazy.any_value(Anything(of_variable(value, made))))

    texts = [
        (written(directory, form, values) / "cdk.tf.json").read_text().replace(str(directory), "")
        for directory, form in ((tmp_path / "tokens", FORMS["tokens"]), (tmp_path / "lazy", lazy))
    ]
    assert texts[0] == texts[1]


WRONG: dict[str, Any] = {
    "endpoint_name": "hush hush",
    "group_ids": ["hush1", "hush2"],
    "description": "hush|",
    "protocol": "hush",
    "from_port": 70001,
    "to_port": 70002,
    "cidr": "10.0.0.77/16",
    "cidr6": "2001:db8::77/56",
    "prefix_list": "hush",
    "group": "hush",
    "image": "hush:1",
    "model_data_url": "s3://hush",
    "environment": {"LOG_LEVEL": "hush" * 300},
    "instance_type": "hush",
    "routing": "hush",
    "ami": "hush",
    "instances": 0.75,
    "variant_name": "hush hush",
    "weight": -7.5,
    "volume": 7777,
    "seconds": 7,
    "boundary": "hush",
    "policy": "hush",
    "role": "hush",
    "key": "hush",
    "days": 77,
    "retention": 77,
    "topics": ["hush1", "hush2"],
    "latency": 0,
    "periods": 0,
    "missing": "hush",
    "external_id": "file://hush",
    "profile": "-hush",
    "url": "http://hush@hush",
    "timeout": 0,
    "tags": {"team": "hush|"},
    "dumps": "hush",
    "captured": "hush",
    "share": 101,
    "options": ["hush1", "hush2"],
    "csv": ["hush", "hush1"],
    "json": ["hush", "hush1"],
    "answers": "hush",
    "failures": "hush",
    "payloads": "hush",
    "topic": "hush",
    "included": ["hush1", "hush2"],
    "concurrent": 1001,
    "part_type": "hush",
    "part": 77.5,
    "bake": 7777,
    "time_limit": 7,
    "alarms": ["hush", "hush"],
    "memory": 2000,
    "most": 201,
    "ready": 0,
    "elsewhere": "hush",
    "function": "hush",
    "hostname": "hush hush",
    "object": "hush",
    "compression": "hush",
    "folder": "hush",
    "cache": "hush",
    "called": "hush",
    "package": "hush hush",
    "specification": "hush hush",
    "artifacts": "hush",
    "hub": "hush hush",
    "task": "hush hush",
    "revision": "hush hush",
    "secret": "hush",
}
PRECONDITION = "Resource precondition failed"
VARIANT = "production_variants[0]"
MODEL, SHADOW = f"{VARIANT}.model", "shadow_production_variants[0]"
OF_MODELS = [
    *(f"{MODEL}.{name}" for name in ("container_hostname", "inference_execution_mode")),
    *(f"{MODEL}.model_data_source.{name}" for name in ("s3_uri", "compression_type")),
    f"{MODEL}.image_config.repository_credentials_provider_arn",
    *(f"{MODEL}.containers[1].{name}" for name in ("model_data_url", "model_cache_setting")),
    *(f"{MODEL}.containers[0].hugging_face.{name}" for name in ("model_id", "task", "revision", "token_secret_arn")),
    *(f"{SHADOW}.model.{name}" for name in ("model_package_name", "inference_specification_name")),
    f"{SHADOW}.model.model_package_artifacts[0]",
]
NAMED = [
    *OF_MODELS,
    *(f"{each}.core_dump_config.destination_s3_uri" for each in (VARIANT, SHADOW)),
    *(f"{SHADOW}.{name}" for name in ("instance_type", "variant_name", "volume_size_in_gb", "routing_strategy")),
    *(f"{VARIANT}.{name}" for name in ("memory_size_in_mb", "max_concurrency", "provisioned_concurrency")),
    *(f"data_capture_config.{name}" for name in ("destination_s3_uri", "initial_sampling_percentage")),
    *(f"async_inference_config.{name}" for name in ("s3_output_path", "s3_failure_path", "s3_input_path")),
    *(f"async_inference_config.{name}" for name in ("success_topic", "error_topic")),
    "async_inference_config.max_concurrent_invocations_per_instance",
    *(f"deployment.{name}_in_seconds" for name in ("wait_interval", "termination_wait", "maximum_execution_timeout")),
    *(f"deployment.{size}.type" for size in ("canary_size", "linear_step_size", "maximum_batch_size")),
    *(f"deployment.{size}.value" for size in ("canary_size", "linear_step_size", "rollback_maximum_batch_size")),
    "deployment.rollback_alarms",
    "endpoint_name",
    "each of network.security_group_ids",
    *(f"network.egress['four'].{name}" for name in ("description", "ip_protocol", "from_port", "to_port", "cidr_ipv4")),
    "network.egress['six'].cidr_ipv6",
    "network.egress['list'].prefix_list_id",
    "network.egress['group'].referenced_security_group_id",
    *(f"{VARIANT}.model.{name}" for name in ("image", "model_data_url")),
    f"each value of {VARIANT}.model.environment",
    *(f"{VARIANT}.{name}" for name in ("instance_type", "initial_instance_count", "variant_name")),
    *(f"{VARIANT}.{name}" for name in ("initial_variant_weight", "volume_size_in_gb")),
    f"{VARIANT}.model_data_download_timeout_in_seconds",
    f"{VARIANT}.container_startup_health_check_timeout_in_seconds",
    f"{VARIANT}.routing_strategy",
    f"{VARIANT}.inference_ami_version",
    "execution_role.permissions_boundary_arn",
    "execution_role.additional_policy_arns['more']",
    "execution_role.role_arn",
    "key.kms_key_arn",
    "key.deletion_window_in_days",
    "logs.retention_in_days",
    *(f"each of alarms.{name}_actions" for name in ("alarm", "ok")),
    "alarms.latency_in_milliseconds",
    *(f"alarms.changed['Disk'].{name}" for name in ("evaluation_periods", "treat_missing_data")),
    *(f"interface_cleanup.{name}" for name in ("role_arn", "external_id", "profile", "endpoint_url")),
    *(f"interface_cleanup.{name}_in_seconds" for name in ("timeout", "interval")),
    "each value of tags",
]


@pytest.mark.parametrize(("form", "sensitive"), [("variables", False), ("converted", True)])
def test_each_wrong_value_is_named_and_nothing_else_fails(
    aws: EmbeddedAws, tmp_path: Path, form: str, sensitive: bool
) -> None:
    correct = right(*build_network(aws.client("ec2")))
    values = correct | WRONG
    made = terraform(aws, written(tmp_path, FORMS[form], values, sensitive=sensitive), values)
    # Terraform does not come to what depends on something that it refuses.
    behind = {"endpoint_name", "group_ids", "description", "image", "model_data_url", "environment", "boundary", "role"}
    behind |= {"policy", "days", "key", "tags"}
    containers = {"elsewhere", "function", "hostname", "object", "compression", "folder", "cache", "called", "package"}
    containers |= {"specification", "artifacts", "hub", "task", "revision", "secret"}
    behind |= containers
    models = {name: WRONG[name] for name in containers}
    said = ""
    cleanup = {name: WRONG[name] for name in ("role", "external_id", "profile", "url", "timeout")}
    tags = {"tags": WRONG["tags"]}
    # Asked where the endpoint is made, behind all others.
    deployment = {name: WRONG[name] for name in ("part_type", "bake", "time_limit", "alarms")}
    part = {"part": WRONG["part"]}
    right_but = (cleanup, tags, models, deployment, part)
    for stated in ({}, {name: correct[name] for name in behind}, *(correct | each for each in right_but)):
        with pytest.raises(CommandError) as raised:
            made.with_variables(**stated).plan()
        said += unwrapped(str(raised.value).partition("It said:")[2])
    errors = said.split("Error: ")[1:]
    assert [each for each in errors if not each.startswith(PRECONDITION)] == []
    right_as_a_set = {"deployment.rollback_alarms"} if form == "converted" else set()  # which has no member twice
    assert {name for name in NAMED if not any(f"{name} must " in each for each in errors)} == right_as_a_set
    assert sensitive != ("hush" in said)


def unknown(value: Any, made: TerraformVariable) -> Any:  # noqa: ANN401 - a value of any input
    if isinstance(value, list):
        return [f"${{{later(made)[2:-1]}[{index}]}}" for index in range(2)]
    return typed(value, later(made))


def later(made: TerraformVariable) -> str:
    stack, name = TerraformStack.of(made), f"later-{made.node.id}"
    if stack.node.try_find_child(name) is None:
        DataResource(stack, name, input={"value": Token.as_any(made.value)})
    return f"${{terraform_data.{name}.output.value}}"


def test_what_is_known_when_applied_is_planned(aws: EmbeddedAws, tmp_path: Path) -> None:
    values = right(*build_network(aws.client("ec2")))
    plan = terraform(aws, written(tmp_path, unknown, values), values).plan()
    assert plan.changes
    assert "Warning" not in plan.text


MAY_BE_NULL = ["model_data_url", "environment", "isolated", "volume", "seconds", "ami", "boundary", "days", "tags"]
MAY_BE_NULL += ["time_limit", "ready", "hostname", "specification", "cache"]
NULL = dict.fromkeys([*MAY_BE_NULL, "external_id", "profile", "url", "timeout"])


@pytest.mark.parametrize("form", ["variables", "functions"])
def test_null_is_an_input_that_is_not_given(aws: EmbeddedAws, tmp_path: Path, form: str) -> None:
    values = right(*build_network(aws.client("ec2")))
    made = terraform(aws, written(tmp_path, FORMS[form], values), values)
    plan = made.with_variables(**NULL).plan()
    assert plan.changes
    assert "Warning" not in plan.text
