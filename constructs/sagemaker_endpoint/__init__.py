"""AWS SageMaker inference endpoints for CDKTF and cdktn.

Import this package before `cdktf` or `cdktn` and `constructs`: it makes the loading of the provider bindings quick.

Attributes:
    __version__: The installed version, from the package's metadata.
"""

from typing import TYPE_CHECKING

from .access.key import EncryptionKey
from .access.role import ExecutionRole
from .endpoint import SageMakerEndpoint
from .existing import ExistingEndpoint
from .hosting.asynchronous import AsyncInferenceConfig
from .hosting.capacity_reservation import CapacityReservationConfig
from .hosting.container import Container
from .hosting.core_dump import CoreDumpConfig
from .hosting.data_capture import DataCaptureConfig
from .hosting.deployment_config import AllAtOnce, Canary, CapacitySize, Linear, Rolling
from .hosting.hugging_face import HuggingFaceModel
from .hosting.image import ImageConfig, prebuilt_image
from .hosting.model import Model
from .hosting.s3_data_source import S3DataSource
from .hosting.serverless import ServerlessProductionVariant
from .hosting.variant import InstanceProductionVariant
from .network.interfaces import InterfaceCleanup
from .network.network import EgressRule, PrivateNetwork
from .operations.alarm import Alarm, AlarmChange
from .operations.alarms import Alarms
from .operations.auto_scaling import AutoScaling
from .operations.logs import Logs
from .operations.metrics import EndpointMetrics, Metric
from .operations.scaling_metrics import CustomMetric, MetricMath
from .operations.scaling_policies import (
    BacklogPerInstance,
    ScheduledAction,
    StepAdjustment,
    StepScaling,
    TargetTracking,
)
from .resources import EndpointResources
from .rules.checks import InputError
from .rules.instance_types import InstanceType

__all__ = [
    "Alarm",
    "AlarmChange",
    "Alarms",
    "AllAtOnce",
    "AsyncInferenceConfig",
    "AutoScaling",
    "BacklogPerInstance",
    "Canary",
    "CapacityReservationConfig",
    "CapacitySize",
    "Container",
    "CoreDumpConfig",
    "CustomMetric",
    "DataCaptureConfig",
    "EgressRule",
    "EncryptionKey",
    "EndpointMetrics",
    "EndpointResources",
    "ExecutionRole",
    "ExistingEndpoint",
    "HuggingFaceModel",
    "ImageConfig",
    "InputError",
    "InstanceProductionVariant",
    "InstanceType",
    "InterfaceCleanup",
    "Linear",
    "Logs",
    "Metric",
    "MetricMath",
    "Model",
    "PrivateNetwork",
    "Rolling",
    "S3DataSource",
    "SageMakerEndpoint",
    "ScheduledAction",
    "ServerlessProductionVariant",
    "StepAdjustment",
    "StepScaling",
    "TargetTracking",
    "prebuilt_image",
]

if TYPE_CHECKING:
    __version__: str
else:  # type checkers would let every other name pass too

    def __getattr__(name: str) -> str:
        if name != "__version__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
        from importlib.metadata import version  # noqa: PLC0415 - only who asks waits for the metadata

        return version("cdktf-sagemaker-endpoint")
