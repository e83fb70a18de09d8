"""AWS SageMaker inference endpoints for CDKTF.

Import this package before `cdktf` and `constructs`: it makes the loading of the provider bindings quick.
"""

from .access.key import EncryptionKey
from .access.role import ExecutionRole
from .endpoint import SageMakerEndpoint
from .hosting.asynchronous import AsyncInferenceConfig
from .hosting.container import Container
from .hosting.core_dump import CoreDumpConfig
from .hosting.data_capture import DataCaptureConfig
from .hosting.hugging_face import HuggingFaceModel
from .hosting.image import ImageConfig, prebuilt_image
from .hosting.model import Model
from .hosting.s3_data_source import S3DataSource
from .hosting.serverless import ServerlessProductionVariant
from .hosting.variant import InstanceProductionVariant
from .network.interfaces import InterfaceCleanup
from .network.network import EgressRule, PrivateNetwork
from .operations.logs import Logs
from .operations.scaling import AutoScaling
from .operations.scaling_policies import (
    BacklogPerInstance,
    CustomMetric,
    ScheduledAction,
    StepAdjustment,
    StepScaling,
    TargetTracking,
)
from .rules.checks import InputError
from .rules.instance_types import InstanceType

__all__ = [
    "AsyncInferenceConfig",
    "AutoScaling",
    "BacklogPerInstance",
    "Container",
    "CoreDumpConfig",
    "CustomMetric",
    "DataCaptureConfig",
    "EgressRule",
    "EncryptionKey",
    "ExecutionRole",
    "HuggingFaceModel",
    "ImageConfig",
    "InputError",
    "InstanceProductionVariant",
    "InstanceType",
    "InterfaceCleanup",
    "Logs",
    "Model",
    "PrivateNetwork",
    "S3DataSource",
    "SageMakerEndpoint",
    "ScheduledAction",
    "ServerlessProductionVariant",
    "StepAdjustment",
    "StepScaling",
    "TargetTracking",
    "prebuilt_image",
]
