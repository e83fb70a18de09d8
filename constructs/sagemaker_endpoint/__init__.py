"""AWS SageMaker inference endpoints for CDKTF.

Import this package before `cdktf` and `constructs`: it makes the loading of the provider bindings quick.
"""

from .access.key import EncryptionKey
from .access.role import ExecutionRole
from .endpoint import SageMakerEndpoint
from .hosting.model import Model
from .hosting.variant import InstanceProductionVariant
from .network.interfaces import InterfaceCleanup
from .network.network import EgressRule, PrivateNetwork
from .operations.logs import Logs
from .rules.checks import InputError
from .rules.instance_types import InstanceType

__all__ = [
    "EgressRule",
    "EncryptionKey",
    "ExecutionRole",
    "InputError",
    "InstanceProductionVariant",
    "InstanceType",
    "InterfaceCleanup",
    "Logs",
    "Model",
    "PrivateNetwork",
    "SageMakerEndpoint",
]
