"""An AWS to test against: the real moto, with what it lacks filled in.

`EmbeddedAws` runs it; `python -m tests.embedded_aws` does so by hand.
"""

from .call import Call
from .embedded_aws import Elsewhere, EmbeddedAws, overlay
from .settings import DeploymentFailure, InterfacesAfterDelete

__all__ = ["Call", "DeploymentFailure", "Elsewhere", "EmbeddedAws", "InterfacesAfterDelete", "overlay"]
