"""AWS SageMaker inference endpoints for CDKTF.

Import this package before `cdktf` and `constructs`: it makes the loading of the provider bindings quick.
"""

from .access import ExecutionRole
from .checks import InputError
from .endpoint import SageMakerEndpoint
from .interfaces import InterfaceCleanup
from .key import EncryptionKey
from .logs import Logs
from .model import Model
from .network import EgressRule, PrivateNetwork
from .variant import InstanceProductionVariant

__all__ = [
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
