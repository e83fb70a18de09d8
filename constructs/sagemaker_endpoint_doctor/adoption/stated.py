"""What the program states: the inputs of a `SageMakerEndpoint`, from what AWS says of the live one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .expression import Call
from .live import Answer, LiveEndpoint

_OF_VARIANT = {
    "VolumeSizeInGB": "volume_size_in_gb",
    "ModelDataDownloadTimeoutInSeconds": "model_data_download_timeout_in_seconds",
    "ContainerStartupHealthCheckTimeoutInSeconds": "container_startup_health_check_timeout_in_seconds",
    "InferenceAmiVersion": "inference_ami_version",
}
_OF_SERVERLESS = {
    "MemorySizeInMB": "memory_size_in_mb",
    "MaxConcurrency": "max_concurrency",
    "ProvisionedConcurrency": "provisioned_concurrency",
}
_OF_CONTAINER = {
    "Image": "image",
    "ModelDataUrl": "model_data_url",
    "Environment": "environment",
    "ContainerHostname": "container_hostname",
    "ModelPackageName": "model_package_name",
    "InferenceSpecificationName": "inference_specification_name",
}
_DESCRIPTION = {"CreationTime", "ModelArn", "ModelName", "DeploymentRecommendation", "ResponseMetadata"}
_OF_CONFIGURATION = {"EndpointConfigName", "EndpointConfigArn", "CreationTime", "KmsKeyId", "ResponseMetadata"}
PLACEHOLDERS = {
    "vpc_id": "vpc-REPLACE",
    "subnet_ids": ["subnet-REPLACE-A", "subnet-REPLACE-B"],
}
"""What stands in the program where the live endpoint has nothing to state."""


@dataclass(kw_only=True)
class Stated:
    """The call that makes the endpoint, and what has no place in it, by AWS's names."""

    call: Call
    left_out: Sequence[str] = field(default_factory=list)


@dataclass
class _Taken:
    """An answer of AWS's, of which it is known what nobody has taken."""

    path: str
    answer: Answer
    left_out: list[str]
    taken: set[str] = field(default_factory=set)

    def get(self, name: str) -> Any:  # noqa: ANN401 - AWS's value of any kind
        self.taken.add(name)
        value = self.answer.get(name)
        return None if value in ("", [], {}) else value

    def at(self, name: str) -> "_Taken":
        """Take a structure, whose own members are taken one by one."""
        return _Taken(f"{self.path}{name}.", self.get(name) or {}, self.left_out)

    def named(self, names: Mapping[str, str]) -> dict[str, Any]:
        return {ours: self.get(theirs) for theirs, ours in names.items()}

    def close(self, besides: set[str] = frozenset()) -> None:  # type: ignore[assignment] # a frozenset is as good
        given = {name for name, value in self.answer.items() if value not in (None, "", [], {}, False)}
        self.left_out += [f"{self.path}{name}" for name in sorted(given - self.taken - besides)]


def state(live: LiveEndpoint) -> Stated:
    """State the endpoint as it is."""
    left_out: list[str] = []
    configuration = _Taken("", live.configuration, left_out)
    count = len(live.configuration["ProductionVariants"])
    current = {each["VariantName"]: each for each in live.endpoint.get("ProductionVariants", [])}
    variants = configuration.get("ProductionVariants")
    shadows = configuration.get("ShadowProductionVariants") or []
    made = [
        _variant(_Taken(f"ProductionVariants[{index}].", each, left_out), current.get(each["VariantName"], {}), live)
        for index, each in enumerate(variants)
    ]
    made += [
        _variant(_Taken(f"ShadowProductionVariants[{index}].", each, left_out), {}, live)
        for index, each in enumerate(shadows)
    ]
    serverless = made[0].name == "ServerlessProductionVariant"
    call = Call(
        "SageMakerEndpoint",
        {
            "endpoint_name": live.name,
            "network": None if serverless else _network(live),
            "production_variants": made[:count],
            "shadow_production_variants": made[count:] or None,
            "async_inference_config": _asynchronous(configuration.at("AsyncInferenceConfig")),
            "data_capture_config": _capture(configuration.at("DataCaptureConfig")),
            "execution_role": Call("ExecutionRole", {"role_arn": roles(live)[0]}),
            "key": None if live.kms_key_arn is None else Call("EncryptionKey", {"kms_key_arn": live.kms_key_arn}),
            "logs": _logs(live.log_group),
            "tags": dict(live.tags) or None,
        },
        positional=("stack", f'"{live.name}"'),
    )
    configuration.close(_OF_CONFIGURATION)
    return Stated(call=call, left_out=list(dict.fromkeys(left_out)))


def roles(live: LiveEndpoint) -> list[str]:
    """Give the role of each model, each once."""
    return list(dict.fromkeys(each["ExecutionRoleArn"] for each in live.models.values()))


def networks(live: LiveEndpoint) -> list[Answer]:
    """Give the network of each model, each once."""
    found = [each.get("VpcConfig") or {} for each in live.models.values()]
    return [each for index, each in enumerate(found) if each not in found[:index]]


def _network(live: LiveEndpoint) -> Call:
    first = networks(live)[0]
    if live.vpc_id is None or not first:
        return Call("PrivateNetwork", PLACEHOLDERS)
    return Call(
        "PrivateNetwork",
        {
            "vpc_id": live.vpc_id,
            "subnet_ids": sorted(first["Subnets"]),
            "security_group_ids": sorted(first["SecurityGroupIds"]),
        },
    )


def _variant(variant: _Taken, current: Answer, live: LiveEndpoint) -> Call:
    model = _model(live.models[variant.get("ModelName")], variant.left_out)
    name = variant.get("VariantName")
    named = None if name == "AllTraffic" else name
    if "ServerlessConfig" in variant.answer:
        serverless = variant.at("ServerlessConfig")
        settings = serverless.named(_OF_SERVERLESS)
        serverless.close()
        variant.close({"InitialVariantWeight"})
        return Call("ServerlessProductionVariant", {"variant_name": named, "model": model, **settings})
    routing, dump = variant.at("RoutingConfig"), variant.at("CoreDumpConfig")
    initial, weight = variant.get("InitialInstanceCount"), variant.get("InitialVariantWeight")
    count = current.get("CurrentInstanceCount") or initial
    weight = current.get("CurrentWeight", weight)
    made = Call(
        "InstanceProductionVariant",
        {
            "variant_name": named,
            "model": model,
            "instance_type": variant.get("InstanceType"),
            "initial_instance_count": count,
            "initial_variant_weight": None if weight in (None, 1) else weight,
            **variant.named(_OF_VARIANT),
            "routing_strategy": routing.get("RoutingStrategy"),
            "enable_ssm_access": variant.get("EnableSSMAccess") or None,
            "core_dump_config": None
            if not dump.answer
            else Call(
                "CoreDumpConfig",
                {"destination_s3_uri": dump.get("DestinationS3Uri"), "kms_key_arn": dump.get("KmsKeyId")},
            ),
        },
    )
    for each in (routing, dump, variant):
        each.close()
    return made


def _model(answer: Answer, left_out: list[str]) -> Call:
    model = _Taken("Model.", answer, left_out)
    containers = model.get("Containers")
    isolation = {"enable_network_isolation": model.get("EnableNetworkIsolation") or None}
    mode = model.at("InferenceExecutionConfig")
    if containers and len(containers) > 1:
        several = [
            Call("Container", _container(_Taken(f"Model.Containers[{index}].", each, left_out)))
            for index, each in enumerate(containers)
        ]
        made = Call("Model", {"containers": several, "inference_execution_mode": mode.get("Mode"), **isolation})
    else:
        only = containers[0] if containers else model.get("PrimaryContainer")
        mode.get("Mode")  # one container alone is called in no mode
        made = Call("Model", {**_container(_Taken("Model.PrimaryContainer.", only, left_out)), **isolation})
    model.get("PrimaryContainer")
    mode.close()
    model.close({*_DESCRIPTION, "ExecutionRoleArn", "VpcConfig"})
    return made


def _container(container: _Taken) -> dict[str, object]:
    image, cache = container.at("ImageConfig"), container.at("MultiModelConfig")
    source = container.get("ModelDataSource")
    mode = container.get("Mode")
    url = container.get("ModelDataUrl")
    if source and "S3DataSource" in source and url:  # AWS may tell one archive in both ways
        source = None
    auth = image.at("RepositoryAuthConfig")
    further = container.get("AdditionalModelDataSources")
    made: dict[str, object] = {
        **container.named(_OF_CONTAINER),
        "model_data_source": None if not source else _source(source["S3DataSource"], container),
        "additional_model_data_sources": None
        if not further
        else {each["ChannelName"]: _source(each["S3DataSource"], container) for each in further},
        "mode": None if mode == "SingleModel" else mode,
        "model_cache_setting": cache.get("ModelCacheSetting"),
        "image_config": None
        if image.get("RepositoryAccessMode") in (None, "Platform")
        else Call(
            "ImageConfig",
            {
                "repository_access_mode": image.get("RepositoryAccessMode"),
                "repository_credentials_provider_arn": auth.get("RepositoryCredentialsProviderArn"),
            },
        ),
    }
    if made["model_package_name"] is not None:
        # What the package names is not said again: the endpoint follows the package.
        made |= {"image": None, "model_data_url": None, "model_data_source": None}
    for each in (image, cache, auth, container):
        each.close({"ImageConfig"})
    return made


def _source(answer: Answer, container: _Taken) -> Call:
    source = _Taken(f"{container.path}S3DataSource.", answer, container.left_out)
    access = source.at("ModelAccessConfig")
    compression, kind = source.get("CompressionType"), source.get("S3DataType")
    made = Call(
        "S3DataSource",
        {
            "s3_uri": source.get("S3Uri"),
            "s3_data_type": None if kind == "S3Prefix" else kind,
            "compression_type": None if compression == "None" else compression,
            "accept_eula": access.get("AcceptEula"),
        },
    )
    for each in (access, source):
        each.close()
    return made


def _asynchronous(config: _Taken) -> Call | None:
    if not config.answer:
        return None
    output, client = config.at("OutputConfig"), config.at("ClientConfig")
    told = output.at("NotificationConfig")
    made = Call(
        "AsyncInferenceConfig",
        {
            "s3_output_path": output.get("S3OutputPath"),
            "s3_failure_path": output.get("S3FailurePath"),
            "success_topic": told.get("SuccessTopic"),
            "error_topic": told.get("ErrorTopic"),
            "include_inference_response_in": told.get("IncludeInferenceResponseIn"),
            "max_concurrent_invocations_per_instance": client.get("MaxConcurrentInvocationsPerInstance"),
            "kms_key_arn": output.get("KmsKeyId"),
        },
    )
    for each in (told, output, client, config):
        each.close()
    return made


def _capture(config: _Taken) -> Call | None:
    if not config.answer:
        return None
    types = config.at("CaptureContentTypeHeader")
    modes = [each["CaptureMode"] for each in config.get("CaptureOptions") or []]
    made = Call(
        "DataCaptureConfig",
        {
            "destination_s3_uri": config.get("DestinationS3Uri"),
            "initial_sampling_percentage": config.get("InitialSamplingPercentage"),
            "capture_options": None if sorted(modes) == ["Input", "Output"] else modes,
            "csv_content_types": types.get("CsvContentTypes"),
            "json_content_types": types.get("JsonContentTypes"),
            "kms_key_arn": config.get("KmsKeyId"),
            "enable_capture": False if config.get("EnableCapture") is False else None,
        },
    )
    for each in (types, config):
        each.close()
    return made


def _logs(group: Answer | None) -> Call | None:
    if group is None:
        return None
    return Call("Logs", {"import_existing": True, "retention_in_days": group.get("retentionInDays", 0)})


def writes(stated: Stated) -> Iterator[str]:
    """Yield what is written to Amazon S3 with the endpoint's key from now on, as it names no key of its own."""
    for name, what in (("async_inference_config", "answers"), ("data_capture_config", "captured data")):
        config = stated.call.stated.get(name)
        if isinstance(config, Call) and "kms_key_arn" not in config.stated:
            yield what
