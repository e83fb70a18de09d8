"""What the endpoints of the account use at this moment, to tell what must not go yet."""

from collections.abc import Iterator
from typing import Any

from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends
from moto.logs.models import logs_backends
from moto.sagemaker.models import SageMakerModelBackend, sagemaker_backends

from .gaps.sagemaker_resources import CONFIGURATION, ENDPOINT, MODEL, Kind


def in_use() -> list[str]:
    """Name the configurations of all endpoints, new ones and old, and what these name in turn, as far as it is there.

    Names and ids; policies by their ARN, and an attachment as `role policy`. An endpoint that is being deleted needs
    neither its configuration nor its models any more, which AWS asks to keep for live ones and those being created or
    updated; Terraform's provider takes such an endpoint for gone. It still needs its role and what that may do.
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpointConfig.html
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpoint.html
    """
    backends = [backend for regions in [*sagemaker_backends.values()] for backend in [*regions.values()]]
    found = {each for backend in backends for endpoint in _stored(backend) for each in _of(backend, endpoint)}
    return sorted(found)


def last_part(name_or_arn: str) -> str:
    """Give the id or name that an ARN ends in."""
    return name_or_arn.rpartition("/")[2]


def _stored(backend: SageMakerModelBackend) -> list[Any]:
    return [*ENDPOINT.stored(backend).values()]


def _of(backend: SageMakerModelBackend, endpoint: Any) -> Iterator[str]:  # noqa: ANN401 - moto's, with our attributes
    rollback = (endpoint.last_deployment_config or {}).get("AutoRollbackConfiguration", {})
    yield from (each["AlarmName"] for each in rollback.get("Alarms", []))
    pending = (endpoint.pending_deployment or {}).get("EndpointConfigName")
    for name in filter(None, [endpoint.endpoint_config_name, pending]):
        if endpoint.endpoint_status != "Deleting":
            yield name
        configuration = _request(backend, CONFIGURATION, name)
        if "KmsKeyId" in configuration:
            yield last_part(configuration["KmsKeyId"])
        yield from _of_calls(configuration)
        for model_name in (each["ModelName"] for each in _variants(configuration) if "ModelName" in each):
            if endpoint.endpoint_status != "Deleting":
                yield model_name
            model = _request(backend, MODEL, model_name)
            yield from _of_role(backend, last_part(model.get("ExecutionRoleArn", "")))
            yield from _of_groups(backend, model.get("VpcConfig", {}).get("SecurityGroupIds", []))
    log_group = f"/aws/sagemaker/Endpoints/{endpoint.endpoint_name}"
    found = logs_backends[backend.account_id][backend.region_name].groups.get(log_group)
    if found:
        yield log_group
        if found.kms_key_id:
            yield last_part(found.kms_key_id)


def _variants(configuration: dict[str, Any]) -> list[dict[str, Any]]:
    return [*configuration.get("ProductionVariants", ()), *configuration.get("ShadowProductionVariants", ())]


def _of_calls(configuration: dict[str, Any]) -> Iterator[str]:
    output = configuration.get("AsyncInferenceConfig", {}).get("OutputConfig", {})
    dumps = [each.get("CoreDumpConfig", {}) for each in _variants(configuration)]
    for written in (output, configuration.get("DataCaptureConfig", {}), *dumps):
        if "KmsKeyId" in written:
            yield last_part(written["KmsKeyId"])
    topics = output.get("NotificationConfig", {})
    yield from (topics[name] for name in ("SuccessTopic", "ErrorTopic") if name in topics)


def _request(backend: SageMakerModelBackend, kind: Kind, name: str) -> dict[str, Any]:
    found = kind.stored(backend).get(name)
    return {} if found is None else dict(found.request)


def _of_role(backend: SageMakerModelBackend, name: str) -> Iterator[str]:
    yield name
    roles = [*iam_backends[backend.account_id]["aws"].roles.values()]  # other requests change them meanwhile
    for policy_arn in [each for role in roles if role.name == name for each in [*role.managed_policies]]:
        yield policy_arn
        yield f"{name} {policy_arn}"


def _of_groups(backend: SageMakerModelBackend, ids: list[str]) -> Iterator[str]:
    for group_id in ids:
        yield group_id
        group = ec2_backends[backend.account_id][backend.region_name].get_security_group_from_id(group_id)
        yield from (rule.id for rule in (group.egress_rules if group else []))
