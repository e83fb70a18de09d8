"""AWS SageMaker inference endpoints for CDKTF.

Import this package before `cdktf` and `constructs`: it makes the loading of the provider bindings quick.
"""

from .access.key import EncryptionKey
from .access.role import ExecutionRole
from .endpoint import SageMakerEndpoint
from .hosting.core_dump import CoreDumpConfig
from .hosting.model import Model
from .hosting.serverless import ServerlessProductionVariant
from .hosting.variant import InstanceProductionVariant
from .network.interfaces import InterfaceCleanup
from .network.network import EgressRule, PrivateNetwork
from .operations.logs import Logs
from .rules.checks import InputError

__all__ = [
    "CoreDumpConfig",
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
    "ServerlessProductionVariant",
]
