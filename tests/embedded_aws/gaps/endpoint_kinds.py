"""What DescribeEndpoint says besides of an asynchronous endpoint, of one that captures data, and of shadow variants.

moto knows none of it. What it says follows the live configuration.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfigSummary.html
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.sagemaker.responses import SageMakerResponse

from .endpoint_lifecycle import summary
from .patching import Handler, Resource, wrap
from .sagemaker_resources import CONFIGURATION


def fill() -> None:
    wrap(SageMakerResponse, "describe_endpoint", _describe)


def _describe(moto: Handler, self: SageMakerResponse) -> ActionResult:
    answer: dict[str, Any] = moto(self).result
    configuration = CONFIGURATION.stored(self.sagemaker_backend).get(answer["EndpointConfigName"])
    return ActionResult(_kinds(self, configuration) | answer if configuration else answer)


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
