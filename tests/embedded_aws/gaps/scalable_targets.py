"""Application Auto Scaling of endpoint variants: what moto lets pass, forgets or lacks.

A variant that is there, and of no burstable type, is registered by its instances, or by its provisioned concurrency,
which moto does not know; registering brings what is there between the least and the greatest at once. A policy or a
scheduled action needs a registration, and goes with it.
https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeregisterScalableTarget.html
https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html
https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-add-console.html
https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-autoscale.html

While a variant is registered, UpdateEndpoint does not remove it and does not change its instance type; other changes
pass. AWS documents that it fails; its words are those of the issue. DeleteEndpoint deregisters.
https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html
https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-delete-with-scaling.html
https://github.com/hashicorp/terraform-provider-aws/issues/14337

moto has none of the operations on tags of a registration, and the AWS provider asks for them until it gets an answer.
https://docs.aws.amazon.com/autoscaling/application/APIReference/API_ListTagsForResource.html
"""

import json
from typing import Any

from moto.applicationautoscaling import models
from moto.applicationautoscaling.exceptions import AWSValidationException as ScalingValidationException
from moto.applicationautoscaling.models import ApplicationAutoscalingBackend, applicationautoscaling_backends
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.exceptions import JsonRESTError
from moto.sagemaker.exceptions import AWSValidationException
from moto.sagemaker.models import SageMakerModelBackend, sagemaker_backends
from moto.sagemaker.responses import SageMakerResponse

from .patching import Answer, Handler, Resource, add, wrap
from .sagemaker_resources import CONFIGURATION, ENDPOINT

_NAMESPACE = "sagemaker"
_INSTANCES = "sagemaker:variant:DesiredInstanceCount"
_CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
_BURSTABLE = "ml.t"


def fill() -> None:
    wrap(ApplicationAutoScalingResponse, "_validate_params", _validate_params)
    wrap(models, "_target_params_are_valid", _target_params_are_valid)
    wrap(ApplicationAutoScalingResponse, "register_scalable_target", _register)
    wrap(ApplicationAutoscalingBackend, "deregister_scalable_target", _deregister)
    for action in ("put_scaling_policy", "put_scheduled_action"):
        wrap(ApplicationAutoScalingResponse, action, _put)
    add(ApplicationAutoScalingResponse, "list_tags_for_resource", _list_tags)
    add(ApplicationAutoScalingResponse, "tag_resource", _tag)
    add(ApplicationAutoScalingResponse, "untag_resource", _untag)
    wrap(SageMakerResponse, "update_endpoint", _update_endpoint)
    wrap(SageMakerResponse, "delete_endpoint", _delete_endpoint)


def registered(backend: SageMakerModelBackend, endpoint_name: str) -> list[Resource]:
    """Give the registrations of an endpoint's variants."""
    scaling = applicationautoscaling_backends[backend.account_id][backend.region_name]
    its = f"endpoint/{endpoint_name}/variant/"
    return [
        target
        for of_dimension in scaling.targets.values()
        for target in of_dimension.values()
        if target.service_namespace == _NAMESPACE and target.resource_id.startswith(its)
    ]


def _validate_params(moto: Handler, self: ApplicationAutoScalingResponse) -> None:
    if self._get_param("ScalableDimension") != _CONCURRENCY:
        moto(self)


def _target_params_are_valid(moto: Handler, namespace: str, r_id: str, dimension: str) -> bool:
    # It asks that all of them are about variants, which the other dimension of variants does too.
    known = _INSTANCES if dimension == _CONCURRENCY else dimension
    return bool(moto(namespace, r_id, known))


def _register(moto: Handler, self: ApplicationAutoScalingResponse) -> str:
    if self._get_param("ServiceNamespace") != _NAMESPACE:
        return str(moto(self))
    resource_id, dimension = self._get_param("ResourceId"), self._get_param("ScalableDimension")
    variant = _variant(self, resource_id)
    _refuse_unscalable(variant, dimension)
    answer = str(moto(self))
    target: Resource = self.applicationautoscaling_backend.targets[dimension][resource_id]
    if "Tags" in json.loads(self.body):
        target.tags = json.loads(self.body)["Tags"]
    _bring_between(variant, dimension, target)
    return answer


def _variant(self: ApplicationAutoScalingResponse, resource_id: str) -> dict[str, Any]:
    """Find the variant as the endpoint describes it, or as its configuration does, if it is a shadow."""
    backend = sagemaker_backends[self.current_account][self.region]
    _, endpoint_name, _, variant_name = resource_id.split("/")
    endpoint = ENDPOINT.stored(backend).get(endpoint_name)
    if endpoint is not None:
        request = CONFIGURATION.find(backend, endpoint.endpoint_config_name).request
        configured = [*request["ProductionVariants"], *request.get("ShadowProductionVariants", [])]
        found = {each["VariantName"]: each for each in configured}
        live = {each["VariantName"]: each for each in endpoint.production_variants}
        if variant_name in found:
            return {"Live": live.get(variant_name, {}), **found[variant_name]}
    # AWS documents that the variant is to be there, not its words.
    raise ScalingValidationException(f"The variant {variant_name} of the endpoint {endpoint_name} does not exist.")


def _refuse_unscalable(variant: dict[str, Any], dimension: str) -> None:
    # AWS documents that they cannot be, not its words.
    if variant.get("InstanceType", "").startswith(_BURSTABLE):
        raise ScalingValidationException(f"Automatic scaling is not supported for {variant['InstanceType']}.")
    has = _CONCURRENCY if "ProvisionedConcurrency" in variant.get("ServerlessConfig", {}) else _INSTANCES
    if dimension != has or ("InstanceType" not in variant and dimension == _INSTANCES):
        raise ScalingValidationException(f"The variant {variant['VariantName']} has nothing to scale by {dimension}.")


def _bring_between(variant: dict[str, Any], dimension: str, target: Resource) -> None:
    live = variant["Live"]
    for kind in ("Current", "Desired"):
        if dimension == _CONCURRENCY:
            name = f"{kind}ServerlessConfig"
            config = live.get(name, {})
            number = _between(config.get("ProvisionedConcurrency", 0), target)
            live[name] = {**config, "ProvisionedConcurrency": number}
        elif f"{kind}InstanceCount" in live:
            live[f"{kind}InstanceCount"] = _between(live[f"{kind}InstanceCount"], target)


def _between(number: int, target: Resource) -> int:
    return max(int(target.min_capacity), min(int(target.max_capacity), number))


def _deregister(moto: Handler, self: ApplicationAutoscalingBackend, namespace: str, r_id: str, dimension: str) -> None:
    moto(self, namespace, r_id, dimension)
    its = (namespace, r_id, dimension)
    for key, policy in [*self.policies.items()]:
        if (policy.service_namespace, policy.resource_id, policy.scalable_dimension) == its:
            policy.delete_alarms(self.account_id, self.region_name)
            del self.policies[key]
    self.scheduled_actions = [
        each
        for each in self.scheduled_actions
        if (each.service_namespace, each.resource_id, each.scalable_dimension) != its
    ]


def _put(moto: Handler, self: ApplicationAutoScalingResponse) -> str:
    names = ("ServiceNamespace", "ResourceId", "ScalableDimension")
    namespace, resource_id, dimension = (self._get_param(name) for name in names)
    if resource_id not in self.applicationautoscaling_backend.targets.get(dimension, {}):
        raise JsonRESTError(
            "ObjectNotFoundException",
            f"No scalable target registered for service namespace: {namespace}, resource ID: {resource_id}, scalable "
            f"dimension: {dimension}",
        )
    return str(moto(self))


def _list_tags(self: ApplicationAutoScalingResponse) -> str:
    return json.dumps({"Tags": _tags(self)})


def _tag(self: ApplicationAutoScalingResponse) -> str:
    _tags(self).update(self._get_param("Tags"))
    return "{}"


def _untag(self: ApplicationAutoScalingResponse) -> str:
    for key in self._get_param("TagKeys"):
        _tags(self).pop(key, None)
    return "{}"


def _tags(self: ApplicationAutoScalingResponse) -> dict[str, str]:
    arn = self._get_param("ResourceARN")
    for of_dimension in self.applicationautoscaling_backend.targets.values():
        for target in of_dimension.values():
            if target.arn == arn:
                tags: dict[str, str] = vars(target).setdefault("tags", {})
                return tags
    raise JsonRESTError("ResourceNotFoundException", f"The specified resource doesn't exist: {arn}")


def _update_endpoint(moto: Handler, self: SageMakerResponse) -> Answer:
    backend, name = self.sagemaker_backend, self.params["EndpointName"]
    live = CONFIGURATION.stored(backend).get(ENDPOINT.find(backend, name).endpoint_config_name)
    if live:
        before = _types(live.request)
        after = _types(CONFIGURATION.find(backend, self.params["EndpointConfigName"]).request)
        names = [each.resource_id.rpartition("/")[2] for each in registered(backend, name)]
        changed = [each for each in names if each not in after or before.get(each) != after[each]]
        if changed:
            raise AWSValidationException(
                f'The variant(s) "{", ".join(changed)}" must be deregistered as scalable targets with AWS Auto Scaling '
                "before they can be removed or have their instance type updated."
            )
    return moto(self)


def _types(request: dict[str, Any]) -> dict[str, str | None]:
    variants = [*request["ProductionVariants"], *request.get("ShadowProductionVariants", [])]
    return {each["VariantName"]: each.get("InstanceType") for each in variants}


def _delete_endpoint(moto: Handler, self: SageMakerResponse) -> Answer:
    answer = moto(self)
    backend = self.sagemaker_backend
    scaling = applicationautoscaling_backends[backend.account_id][backend.region_name]
    for target in registered(backend, self.params["EndpointName"]):
        scaling.deregister_scalable_target(_NAMESPACE, target.resource_id, target.scalable_dimension)
    return answer
