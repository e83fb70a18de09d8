"""An endpoint's life: Creating, Updating and Deleting take time, and UpdateEndpoint exists.

In moto an endpoint is in service at once and gone at once, and UpdateEndpoint is missing. On AWS an update
deploys the new configuration beside the old one and then switches over: the endpoint keeps its name and
goes from Updating to InService; meanwhile nothing else may be changed, and PendingDeploymentSummary tells of it.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html

A deployment can be told to fail. One that creates an endpoint leaves it Failed, and "DeleteEndpoint is the
only operation that can be performed on a failed endpoint"; one that updates it is rolled back: the endpoint is
InService with what it had before. FailureReason says why, in both cases. While that goes on it is RollingBack; where
that fails too it is UpdateRollbackFailed, in service with both configurations' instances, until another UpdateEndpoint
succeeds. Which configuration DescribeEndpoint then names is not documented; here it is the old one.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_EndpointSummary.html
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_EndpointMetadata.html
https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-rolling.html
"""

from collections.abc import Callable, Sequence
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.sagemaker.exceptions import AWSValidationException
from moto.sagemaker.models import SageMakerModelBackend
from moto.sagemaker.responses import SageMakerResponse

from tests.embedded_aws.settings import DeploymentFailure

from . import container_logs
from .deployment_guardrails import DeploymentGuardrails, Shift
from .endpoint_interfaces import EndpointInterfaces
from .patching import Answer, Handler, Resource, add, wrap
from .resolved_image import resolved
from .sagemaker_resources import CONFIGURATION, ENDPOINT, MODEL
from .schedule import Schedule

Variant = dict[str, Any]  # as in the API's JSON
_ROLLBACK_SECONDS = 3600


class EndpointLifecycle:
    """Carries endpoints through their statuses; each change falls due `seconds` after the call."""

    def __init__(
        self, *, schedule: Schedule, seconds: float, interfaces: EndpointInterfaces, guardrails: DeploymentGuardrails
    ) -> None:
        self._schedule = schedule
        self._seconds = seconds
        self._interfaces = interfaces
        self._guardrails = guardrails
        self._failure_reason = ""
        self._failed_update: DeploymentFailure = "rolled back"
        self._unaware_caller = ""

    def hide_rollbacks(self, caller: str) -> None:
        """Name to a caller, by its user agent, the configuration that it asked for as the live one; "" ends that."""
        self._unaware_caller = caller

    def fail(self, reason: str = "", update: DeploymentFailure = "rolled back") -> None:
        """Let deployments that begin from now on fail; without a reason they succeed again."""
        self._failure_reason = reason
        self._failed_update = update

    def fill(self) -> None:
        wrap(SageMakerResponse, "create_endpoint", self._create)
        wrap(SageMakerResponse, "describe_endpoint", self._describe)
        wrap(SageMakerResponse, "delete_endpoint", self._delete)
        add(SageMakerResponse, "update_endpoint", self._update)

    def _create(self, moto: Handler, response: SageMakerResponse) -> Answer:
        backend = response.sagemaker_backend
        configuration = CONFIGURATION.find(backend, response.params["EndpointConfigName"])
        self._guardrails.check(backend, response.params.get("DeploymentConfig"))
        interfaces = self._interfaces.of(backend, configuration)
        answer = moto(response)
        endpoint = ENDPOINT.find(backend, response.params["EndpointName"])
        endpoint.production_variants = _deployed(backend, configuration)
        endpoint.last_deployment_config = response.params.get("DeploymentConfig")
        endpoint.interfaces = interfaces

        def give_up() -> None:
            self._interfaces.let_go(interfaces)
            endpoint.interfaces = []

        configuration_name = response.params["EndpointConfigName"]
        self._deploy(backend, endpoint, "Creating", configuration_name, succeed=lambda: None, give_up=give_up)
        return answer

    def _update(self, response: SageMakerResponse) -> ActionResult:
        backend, request = response.sagemaker_backend, response.params
        endpoint = ENDPOINT.find(backend, request["EndpointName"])
        configuration = CONFIGURATION.find(backend, request["EndpointConfigName"])
        _refuse_in_progress(backend, endpoint)
        deployment = request.get("DeploymentConfig")
        if request.get("RetainDeploymentConfig"):
            deployment = endpoint.last_deployment_config
        self._guardrails.check(backend, deployment)
        live = CONFIGURATION.stored(backend).get(endpoint.endpoint_config_name)
        shift = self._guardrails.shift(deployment, live, configuration)
        interfaces = self._interfaces.of(backend, configuration)
        variants = _deployed(backend, configuration)
        if request.get("RetainAllVariantProperties"):
            _retain(endpoint.production_variants, variants, request.get("ExcludeRetainedVariantProperties", []))

        def switch_over() -> None:
            endpoint.endpoint_config_name = request["EndpointConfigName"]
            endpoint.production_variants = variants
            endpoint.last_deployment_config = deployment
            self._interfaces.let_go(endpoint.interfaces)
            endpoint.interfaces = interfaces

        failed_update = self._failed_update

        def roll_back() -> None:
            if failed_update == "rollback failed":
                endpoint.interfaces = [*endpoint.interfaces, *interfaces]
                endpoint.endpoint_status = "UpdateRollbackFailed"
                return
            self._interfaces.let_go(interfaces)
            if failed_update == "rolling back":
                endpoint.endpoint_status = "RollingBack"
                self._schedule.after(_ROLLBACK_SECONDS, in_service)

        def in_service() -> None:
            endpoint.endpoint_status = "InService"

        self._deploy(
            backend,
            endpoint,
            "Updating",
            request["EndpointConfigName"],
            succeed=switch_over,
            give_up=roll_back,
            shift=shift,
            variants=variants,
        )
        return ActionResult({"EndpointArn": endpoint.arn})

    def _describe(self, _: Handler, response: SageMakerResponse) -> ActionResult:
        endpoint = ENDPOINT.find(response.sagemaker_backend, response.params["EndpointName"])
        unaware = self._unaware_caller and self._unaware_caller in response.headers.get("User-Agent", "")
        return _described(endpoint, endpoint.asked_for if unaware else endpoint.endpoint_config_name)

    def _delete(self, _: Handler, response: SageMakerResponse) -> EmptyResult:
        backend = response.sagemaker_backend
        endpoint = ENDPOINT.find(backend, response.params["EndpointName"])
        if endpoint.endpoint_status != "Failed":
            _refuse_in_progress(backend, endpoint)
        endpoint.endpoint_status = "Deleting"

        def end() -> None:
            backend.endpoints.pop(endpoint.endpoint_name)
            self._interfaces.let_go(endpoint.interfaces)

        self._schedule.after(self._seconds, end)
        return EmptyResult()

    def _deploy(
        self,
        backend: SageMakerModelBackend,
        endpoint: Resource,
        status: str,
        configuration_name: str,
        *,
        succeed: Callable[[], None],
        give_up: Callable[[], None],
        shift: Shift | None = None,
        variants: Sequence[Variant] = (),
    ) -> None:
        reason = self._failure_reason
        endpoint.endpoint_status = status
        endpoint.last_modified_time = utcnow()
        endpoint.asked_for = configuration_name
        endpoint.pending_deployment = {"EndpointConfigName": configuration_name, "StartTime": utcnow()}
        _tell(endpoint, variants, "Creating", "The new fleet is being made.")

        def finish(*, taken_back: bool) -> None:
            endpoint.endpoint_status = "Failed" if taken_back and status == "Creating" else "InService"
            if taken_back:
                give_up()
            else:
                succeed()
                container_logs.start(backend, endpoint)
            endpoint.failure_reason = reason or None
            endpoint.last_modified_time = utcnow()
            endpoint.pending_deployment = None

        def fleet_is_there() -> None:
            if reason or shift is None:
                finish(taken_back=bool(reason))
                return
            self._guardrails.carry_out(
                backend,
                shift,
                tell=lambda each, message: _tell(endpoint, variants, each, message),
                succeed=lambda: finish(taken_back=False),
                give_up=lambda: finish(taken_back=True),
            )

        self._schedule.after(self._seconds, fleet_is_there)


def _tell(endpoint: Resource, variants: Sequence[Variant], status: str, message: str) -> None:
    """Have PendingDeploymentSummary tell of the variants of an update."""
    if variants:
        told = {"Status": status, "StatusMessage": message, "StartTime": utcnow()}
        endpoint.pending_deployment["ProductionVariants"] = [{**each, "VariantStatus": [told]} for each in variants]


def _described(endpoint: Resource, configuration_name: str) -> ActionResult:
    answer = {
        "EndpointName": endpoint.endpoint_name,
        "EndpointArn": endpoint.arn,
        "EndpointConfigName": configuration_name,
        "EndpointStatus": endpoint.endpoint_status,
        "FailureReason": endpoint.failure_reason,
        "PendingDeploymentSummary": endpoint.pending_deployment,
        "ProductionVariants": endpoint.production_variants,
        "CreationTime": endpoint.creation_time,
        "LastModifiedTime": endpoint.last_modified_time,
        "LastDeploymentConfig": endpoint.last_deployment_config,
    }
    return ActionResult({key: value for key, value in answer.items() if value is not None})


def _refuse_in_progress(backend: SageMakerModelBackend, endpoint: Resource) -> None:
    arn = ENDPOINT.arn(backend, endpoint.endpoint_name)
    if endpoint.endpoint_status == "Failed":  # AWS documents that it refuses, not its words
        raise AWSValidationException(f'Cannot update failed endpoint "{arn}".')
    if endpoint.endpoint_status not in ("InService", "UpdateRollbackFailed"):
        raise AWSValidationException(f'Cannot update in-progress endpoint "{arn}".')


def _deployed(backend: SageMakerModelBackend, configuration: Resource) -> list[Variant]:
    return [summary(backend, variant) for variant in configuration.production_variants]


_SIZES = {"InstanceCount": "InitialInstanceCount", "ServerlessConfig": "ServerlessConfig"}


def summary(backend: SageMakerModelBackend, variant: Variant) -> Variant:
    """Write a ProductionVariantSummary. An unset weight is 1, as AWS documents."""
    weight = variant.get("InitialVariantWeight", 1.0)
    summary = {
        "VariantName": variant["VariantName"],
        "DeployedImages": _images(backend, variant),
        "CurrentWeight": weight,
        "DesiredWeight": weight,
    }
    for name, initial in _SIZES.items():
        if initial in variant:
            summary |= {f"Current{name}": variant[initial], f"Desired{name}": variant[initial]}
    return summary


def _images(backend: SageMakerModelBackend, variant: Variant) -> list[dict[str, Any]]:
    if "ModelName" not in variant:
        return []
    request = MODEL.find(backend, variant["ModelName"]).request
    containers = [request["PrimaryContainer"]] if "PrimaryContainer" in request else request["Containers"]
    now = utcnow()
    return [
        {"SpecifiedImage": each["Image"], "ResolvedImage": resolved(each["Image"]), "ResolutionTime": now}
        for each in containers
        if "Image" in each
    ]


_RETAINED = {
    "DesiredInstanceCount": ("CurrentInstanceCount", "DesiredInstanceCount"),
    "DesiredWeight": ("CurrentWeight", "DesiredWeight"),
}


def _retain(old: list[Variant], new: list[Variant], excluded: list[dict[str, str]]) -> None:
    """RetainAllVariantProperties: a variant of the same name keeps its weight and count."""
    changing = {each["VariantPropertyType"] for each in excluded}
    before = {variant["VariantName"]: variant for variant in old}
    for variant in new:
        for property_type, keys in _RETAINED.items():
            if property_type not in changing:
                kept = before.get(variant["VariantName"], {})
                variant.update({key: kept[key] for key in keys if key in kept})
