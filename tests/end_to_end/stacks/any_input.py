"""An endpoint whose every input comes from inputs.json, in the shape of the library's own classes.

A `provider` and what it `depends_on` are stated by names, of which each is made here.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sagemaker_endpoint import (
    Alarm,
    AlarmChange,
    Alarms,
    AllAtOnce,
    AsyncInferenceConfig,
    AutoScaling,
    BacklogPerInstance,
    Canary,
    CapacitySize,
    Container,
    CoreDumpConfig,
    CustomMetric,
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
    MetricMath,
    Model,
    PrivateNetwork,
    Rolling,
    S3DataSource,
    SageMakerEndpoint,
    ScheduledAction,
    ServerlessProductionVariant,
    StepAdjustment,
    StepScaling,
    TargetTracking,
)

from cdktf import App, LocalBackend, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.sagemaker_model import SagemakerModel
from cdktf_cdktf_provider_null.provider import NullProvider
from cdktf_cdktf_provider_null.resource import Resource as NullResource

STACK = "any-input"


def main(folder: Path = Path()) -> None:
    """Write cdktf.out/ in a folder, after its inputs.json."""
    inputs: dict[str, Any] = json.loads((folder / "inputs.json").read_text(encoding="utf-8"))
    region, overrides = inputs.pop("region"), inputs.pop("model_overrides", {})
    app = App(outdir=str(folder / "cdktf.out"))
    stack = TerraformStack(app, STACK)
    LocalBackend(stack, path=str(folder.resolve() / f"terraform.{STACK}.tfstate"))
    AwsProvider(stack, "aws", region=region)
    NullProvider(stack, "null")
    if "provider" in inputs:
        inputs["provider"] = AwsProvider(stack, inputs["provider"], alias=inputs["provider"], region=region)
    inputs["depends_on"] = [NullResource(stack, name) for name in inputs.get("depends_on", [])]
    endpoint = SageMakerEndpoint(stack, "Endpoint", **_stated(inputs))
    for each in endpoint.node.find_all():
        if isinstance(each, SagemakerModel):
            for path, value in overrides.items():
                each.add_override(path, value)
    app.synth()


def _deployment(stated: dict[str, Any]) -> Any:  # noqa: ANN401 - one of four classes
    """Make a deployment of its `kind` and its own inputs."""
    sizes = {name: CapacitySize(**value) for name, value in stated.items() if name.endswith("_size") and value}
    kind = {"AllAtOnce": AllAtOnce, "Canary": Canary, "Linear": Linear, "Rolling": Rolling}[stated["kind"]]
    return kind(**{name: value for name, value in stated.items() if name != "kind"} | sizes)


def _stated(inputs: dict[str, Any]) -> dict[str, Any]:
    network = None if inputs["network"] is None else dict(inputs["network"])
    if network is not None and network.get("egress") is not None:
        network["egress"] = {name: EgressRule(**rule) for name, rule in network["egress"].items()}
    variants = {
        name: [_variant(each) for each in inputs.get(name) or ()]
        for name in ("production_variants", "shadow_production_variants")
    }
    parts: dict[str, Callable[..., Any]] = {
        "async_inference_config": AsyncInferenceConfig,
        "data_capture_config": DataCaptureConfig,
        "execution_role": ExecutionRole,
        "key": EncryptionKey,
        "logs": Logs,
        "alarms": _alarms,
        "interface_cleanup": InterfaceCleanup,
    }
    made = {name: kind(**inputs[name]) for name, kind in parts.items() if inputs.get(name) is not None}
    if inputs.get("deployment") is not None:
        made["deployment"] = _deployment(inputs["deployment"])
    return {**inputs, **made, **variants, "network": None if network is None else PrivateNetwork(**network)}


def _alarms(**stated: Any) -> Alarms:
    changed = {name: AlarmChange(**each) for name, each in stated.get("changed", {}).items()}
    additional = [
        Alarm(**each | ({"metric": Metric(**each["metric"])} if isinstance(each["metric"], dict) else {}))
        for each in stated.get("additional", [])
    ]
    return Alarms(**{**stated, "changed": changed, "additional": additional})


def _variant(stated: dict[str, Any]) -> InstanceProductionVariant | ServerlessProductionVariant:
    made = {**stated, "model": Model(**_containers(stated["model"]))}
    if "core_dump_config" in made:
        made["core_dump_config"] = CoreDumpConfig(**made["core_dump_config"])
    if "auto_scaling" in made:
        made["auto_scaling"] = _scaling(made["auto_scaling"])
    return ServerlessProductionVariant(**made) if "max_concurrency" in made else InstanceProductionVariant(**made)


def _scaling(stated: dict[str, Any]) -> AutoScaling:
    """Make policies of their `kind` and their own inputs."""
    kinds = {"TargetTracking": TargetTracking, "StepScaling": StepScaling, "BacklogPerInstance": BacklogPerInstance}
    policies = []
    for each in stated["policies"]:
        made = {name: value for name, value in each.items() if name != "kind"}
        if isinstance(made.get("metric"), dict):
            made["metric"] = _metric(made["metric"])
        if "step_adjustments" in made:
            made["step_adjustments"] = [StepAdjustment(**step) for step in made["step_adjustments"]]
        policies.append(kinds[each["kind"]](**made))
    actions = [ScheduledAction(**each) for each in stated.get("scheduled_actions", [])]
    return AutoScaling(**{**stated, "policies": policies, "scheduled_actions": actions})


def _metric(stated: dict[str, Any]) -> CustomMetric | MetricMath:
    if "expression" not in stated:
        return CustomMetric(**stated)
    return MetricMath(**{**stated, "metrics": {name: CustomMetric(**each) for name, each in stated["metrics"].items()}})


def _containers(stated: dict[str, Any]) -> dict[str, Any]:
    parts = {"model_data_source": S3DataSource, "image_config": ImageConfig, "hugging_face": HuggingFaceModel}
    made = stated | {name: kind(**stated[name]) for name, kind in parts.items() if name in stated}
    if "containers" in made:
        made["containers"] = [Container(**_containers(each)) for each in made["containers"]]
    return made
