"""What DescribeEndpoint says besides of an asynchronous endpoint, of one that captures data, and of shadow variants.

moto knows none of it. What it says follows the live configuration.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfigSummary.html

UpdateEndpoint makes no serverless endpoint of one with instances, and no real-time endpoint of an asynchronous one. AWS
documents the first ("a ValidationError"), not its words; the beginning of the second's words is known from the issue.
https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
https://github.com/aws/sagemaker-python-sdk/pull/3124
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.sagemaker.exceptions import AWSValidationException
from moto.sagemaker.responses import SageMakerResponse

from .endpoint_lifecycle import summary
from .patching import Answer, Handler, Resource, wrap
from .sagemaker_resources import CONFIGURATION, ENDPOINT


def fill() -> None:
    wrap(SageMakerResponse, "describe_endpoint", _describe)
    wrap(SageMakerResponse, "update_endpoint", _update)


def _describe(moto: Handler, self: SageMakerResponse) -> ActionResult:
    answer: dict[str, Any] = moto(self).result
    configuration = CONFIGURATION.stored(self.sagemaker_backend).get(answer["EndpointConfigName"])
    return ActionResult(_kinds(self, configuration) | answer if configuration else answer)


def _update(moto: Handler, self: SageMakerResponse) -> Answer:
    backend, name = self.sagemaker_backend, self.params["EndpointName"]
    live = CONFIGURATION.stored(backend).get(ENDPOINT.find(backend, name).endpoint_config_name)
    if live:
        _refuse(name, live.request, CONFIGURATION.find(backend, self.params["EndpointConfigName"]).request)
    return moto(self)


def _refuse(name: str, live: dict[str, Any], wanted: dict[str, Any]) -> None:
    if _is_serverless(wanted) and not _is_serverless(live):
        raise AWSValidationException(f"Endpoint {name} has instances and cannot be updated to a serverless endpoint.")
    if "AsyncInferenceConfig" in live and "AsyncInferenceConfig" not in wanted:
        raise AWSValidationException(f"The AsyncInferenceConfig parameter cannot be removed from this endpoint {name}.")


def _is_serverless(request: dict[str, Any]) -> bool:
    return any("ServerlessConfig" in each for each in request["ProductionVariants"])


def _kinds(self: SageMakerResponse, configuration: Resource) -> dict[str, Any]:
    request: dict[str, Any] = configuration.request
    kinds: dict[str, Any] = {}
    if "AsyncInferenceConfig" in request:
        kinds["AsyncInferenceConfig"] = request["AsyncInferenceConfig"]
    if "ShadowProductionVariants" in request:
        shadows = request["ShadowProductionVariants"]
        kinds["ShadowProductionVariants"] = [summary(self.sagemaker_backend, each) for each in shadows]
    if "DataCaptureConfig" in request:
        capture = request["DataCaptureConfig"]
        kinds["DataCaptureConfig"] = {
            "EnableCapture": capture.get("EnableCapture", True),
            "CaptureStatus": "Started" if capture.get("EnableCapture", True) else "Stopped",
            "CurrentSamplingPercentage": capture["InitialSamplingPercentage"],
            "DestinationS3Uri": capture["DestinationS3Uri"],
            "KmsKeyId": capture.get("KmsKeyId", ""),
        }
    return kinds
