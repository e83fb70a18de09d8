"""AWS SageMaker inference endpoints for CDKTF.

Import this package before `cdktf` and `constructs`: it makes the loading of the provider bindings quick.
"""

from .access.key import EncryptionKey
from .access.role import ExecutionRole
from .endpoint import SageMakerEndpoint
from .hosting.asynchronous import AsyncInferenceConfig
from .hosting.data_capture import DataCaptureConfig
from .hosting.model import Model
from .hosting.variant import InstanceProductionVariant
from .network.interfaces import InterfaceCleanup
from .network.network import EgressRule, PrivateNetwork
from .operations.logs import Logs
from .rules.checks import InputError

__all__ = [
    "AsyncInferenceConfig",
    "DataCaptureConfig",
    "EgressRule",
    "EncryptionKey",
    "ExecutionRole",
    "InputError",
    "InstanceProductionVariant",
    "InterfaceCleanup",
    "Logs",
    "Model",
    "PrivateNetwork",
    "SageMakerEndpoint",
]
