"""Names and ARNs of models, endpoint configurations and endpoints.

moto overwrites a resource whose name is taken, and words some errors in its own way. AWS refuses both with
a ValidationException: `Cannot create already existing endpoint "arn:…".`, `Could not find model "arn:…".`
A name is unique whatever its case.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html

moto writes ARNs in the case of the name. SageMaker's are lower case, and so is the resource that a policy
for `sagemaker:InvokeEndpoint` is held against.
https://github.com/philschmid/cdk-samples/issues/2
"""

from dataclasses import dataclass
from typing import Any

from moto.sagemaker.exceptions import AWSValidationException
from moto.sagemaker.models import (
    FakeEndpoint,
    FakeEndpointConfig,
    Model,
    SageMakerModelBackend,
)
from moto.sagemaker.responses import SageMakerResponse
from moto.sagemaker.utils import arn_formatter

from .patching import Answer, Handler, Resource, wrap


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of SageMaker resource: what AWS calls it, and where moto keeps it."""

    words: str
    arn_type: str
    parameter: str
    store: str

    def stored(self, backend: SageMakerModelBackend) -> dict[str, Any]:
        return dict(getattr(backend, self.store))

    def arn(self, backend: SageMakerModelBackend, name: str) -> str:
        return arn_formatter(self.arn_type, name, backend.account_id, backend.region_name).lower()

    def find(self, backend: SageMakerModelBackend, name: str) -> Resource:
        found = self.stored(backend).get(name)
        if found is None:
            raise AWSValidationException(f'Could not find {self.words} "{self.arn(backend, name)}".')
        return found

    def refuse_taken(self, backend: SageMakerModelBackend, name: str) -> None:
        if name.lower() in (taken.lower() for taken in self.stored(backend)):
            arn = self.arn(backend, name)
            raise AWSValidationException(f'Cannot create already existing {self.words} "{arn}".')


MODEL = Kind(words="model", arn_type="model", parameter="ModelName", store="_models")
CONFIGURATION = Kind(
    words="endpoint configuration",
    arn_type="endpoint-config",
    parameter="EndpointConfigName",
    store="endpoint_configs",
)
ENDPOINT = Kind(words="endpoint", arn_type="endpoint", parameter="EndpointName", store="endpoints")

_CREATES = {
    "create_model": MODEL,
    "create_endpoint_config": CONFIGURATION,
    "create_endpoint": ENDPOINT,
}
_NEEDS = {
    "describe_model": (MODEL,),
    "delete_model": (MODEL,),
    "describe_endpoint_config": (CONFIGURATION,),
    "delete_endpoint_config": (CONFIGURATION,),
    "describe_endpoint": (ENDPOINT,),
    "delete_endpoint": (ENDPOINT,),
    "create_endpoint": (CONFIGURATION,),
    "update_endpoint": (ENDPOINT, CONFIGURATION),
}


def fill() -> None:
    for action, kind in _CREATES.items():
        wrap(SageMakerResponse, action, _refusing_taken(kind))
    for action, kinds in _NEEDS.items():
        wrap(SageMakerResponse, action, _finding(kinds))
    wrap(SageMakerResponse, "create_endpoint_config", _finding_models)
    wrap(SageMakerModelBackend, "_get_resource_from_arn", _resource_from_arn)
    for moto_class, attribute in ((Model, "arn"), (FakeEndpoint, "arn"), (FakeEndpointConfig, "endpoint_config_arn")):
        wrap(moto_class, "__init__", _lower_case(attribute))


def _refusing_taken(kind: Kind) -> Handler:
    def create(moto: Handler, self: SageMakerResponse) -> Answer:
        kind.refuse_taken(self.sagemaker_backend, self.params[kind.parameter])
        return moto(self)

    return create


def _finding(kinds: tuple[Kind, ...]) -> Handler:
    def act(moto: Handler, self: SageMakerResponse) -> Answer:
        for kind in kinds:
            kind.find(self.sagemaker_backend, self.params[kind.parameter])
        return moto(self)

    return act


def _finding_models(moto: Handler, self: SageMakerResponse) -> Answer:
    for variant in self.params["ProductionVariants"]:
        if "ModelName" in variant:
            MODEL.find(self.sagemaker_backend, variant["ModelName"])
    return moto(self)


def _lower_case(attribute: str) -> Handler:
    def init(moto: Handler, self: Resource, *arguments: object, **named: object) -> None:
        moto(self, *arguments, **named)
        setattr(self, attribute, getattr(self, attribute).lower())

    return init


def _resource_from_arn(moto: Handler, self: SageMakerModelBackend, arn: str) -> Resource:
    for kind in (MODEL, CONFIGURATION, ENDPOINT):
        for name, resource in kind.stored(self).items():
            if kind.arn(self, name) == arn.lower():
                return resource
    return moto(self, arn)
