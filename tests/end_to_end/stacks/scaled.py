"""Variants that are scaled or not, as the inputs ask for."""

import json
from pathlib import Path
from typing import Any

from sagemaker_endpoint import (
    AutoScaling,
    CustomMetric,
    EncryptionKey,
    InstanceProductionVariant,
    Model,
    PrivateNetwork,
    SageMakerEndpoint,
    ScheduledAction,
    StepAdjustment,
    StepScaling,
    TargetTracking,
)

from cdktf import App, LocalBackend, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider

STACK = "scaled"


def main(folder: Path = Path()) -> None:
    """Write cdktf.out/ in a folder, after its inputs.json."""
    inputs: dict[str, Any] = json.loads((folder / "inputs.json").read_text(encoding="utf-8"))
    app = App(outdir=str(folder / "cdktf.out"))
    stack = TerraformStack(app, STACK)
    LocalBackend(stack, path=str(folder.resolve() / f"terraform.{STACK}.tfstate"))
    AwsProvider(stack, "aws", region=inputs["region"])
    NullProvider(stack, "null")
    SageMakerEndpoint(
        stack,
        "Endpoint",
        endpoint_name=inputs["endpoint_name"],
        network=PrivateNetwork(vpc_id=inputs["vpc_id"], subnet_ids=inputs["subnet_ids"]),
        production_variants=[
            InstanceProductionVariant(
                model=Model(image=inputs["image"]),
                variant_name=name,
                instance_type=instance_type,
                auto_scaling=_scaling(**capacities) if capacities else None,
            )
            for name, (instance_type, capacities) in inputs["variants"].items()
        ],
        key=EncryptionKey(kms_key_arn=inputs["kms_key_arn"]),
        tags={"team": "ml"},
    )
    app.synth()


def _scaling(*, least: int, most: int) -> AutoScaling:
    """Give one that has everything that there is."""
    steps = [
        StepAdjustment(scaling_adjustment=1, metric_interval_lower_bound=0, metric_interval_upper_bound=2.5),
        StepAdjustment(scaling_adjustment=3, metric_interval_lower_bound=2.5),
    ]
    return AutoScaling(
        min_capacity=least,
        max_capacity=most,
        policies=[
            TargetTracking(requests_per_second=20, scale_in_cooldown=600),
            TargetTracking(metric="CPUUtilization", target_value=62.5, disable_scale_in=True),
            StepScaling(name="much at once", metric="MemoryUtilization", threshold=80, step_adjustments=steps),
            TargetTracking(name="own", metric=CustomMetric(metric_name="Waiting", namespace="Serving"), target_value=5),
        ],
        scheduled_actions=[
            ScheduledAction(
                name="morning",
                schedule="cron(0 7 ? * MON-FRI *)",
                timezone="Europe/Berlin",
                min_capacity=most,
                start_time="2030-01-01T00:00:00Z",
            ),
            ScheduledAction(name="evening", schedule="rate(12 hours)", min_capacity=least, max_capacity=most),
        ],
    )
