"""What AWS can be asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from scripts.make_limits import operation_input, shapes


@dataclass(frozen=True, slots=True)
class Request:
    """A request of AWS's, and the module of the bindings whose resource makes it."""

    service: str
    operation: str
    module: str

    @property
    def resource(self) -> str:
        """Terraform's name of the resource."""
        return f"aws_{self.module}"


HOSTING: Final = (
    Request("sagemaker", "CreateModel", "sagemaker_model"),
    Request("sagemaker", "CreateEndpointConfig", "sagemaker_endpoint_configuration"),
    Request("sagemaker", "CreateEndpoint", "sagemaker_endpoint"),
    Request("sagemaker", "UpdateEndpoint", "sagemaker_endpoint"),
)
SCALING: Final = (
    Request("application-autoscaling", "RegisterScalableTarget", "appautoscaling_target"),
    Request("application-autoscaling", "PutScalingPolicy", "appautoscaling_policy"),
    Request("application-autoscaling", "PutScheduledAction", "appautoscaling_scheduled_action"),
)


def settings(request: Request) -> list[str]:
    """Return every setting of a request by its path, as ``Containers[].Environment{}``."""

    def below(path: str, name: str) -> Iterator[str]:
        shape = shapes(request.service)[name]
        match shape["type"]:
            case "structure":
                for member, its in shape["members"].items():
                    yield from below(f"{path}.{member}" if path else member, its["shape"])
            case "list":
                yield from below(f"{path}[]", shape["member"]["shape"])
            case "map":
                yield f"{path}{{}}"
            case _:
                yield path

    return [*below("", operation_input(request.service, request.operation))]
