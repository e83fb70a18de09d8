"""Describe answers what was set, and nothing for what was never set.

moto answers zeros, placeholders and empty blocks for settings that the request did not hold, and drops some
that it did hold (`EnableNetworkIsolation`, shadow variants). Terraform reads either as drift.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeModel.html
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpointConfig.html
"""

from moto.core.responses import ActionResult
from moto.sagemaker.responses import SageMakerResponse

from .patching import Answer, Handler, wrap
from .sagemaker_resources import CONFIGURATION, MODEL, Kind


def fill() -> None:
    for kind, action in ((MODEL, "model"), (CONFIGURATION, "endpoint_config")):
        wrap(SageMakerResponse, f"create_{action}", _remembering(kind))
        wrap(SageMakerResponse, f"describe_{action}", _describing(kind))


def _remembering(kind: Kind) -> Handler:
    def create(moto: Handler, self: SageMakerResponse) -> Answer:
        answer = moto(self)
        created = kind.find(self.sagemaker_backend, self.params[kind.parameter])
        created.request = {key: value for key, value in self.params.items() if key != "Tags"}
        return answer

    return create


def _describing(kind: Kind) -> Handler:
    def describe(_: Handler, self: SageMakerResponse) -> ActionResult:
        found = kind.find(self.sagemaker_backend, self.params[kind.parameter])
        arn = kind.parameter.removesuffix("Name") + "Arn"
        named = {arn: kind.arn(self.sagemaker_backend, self.params[kind.parameter])}
        return ActionResult({**found.request, **named, "CreationTime": found.creation_time})

    return describe
