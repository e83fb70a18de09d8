"""The endpoint itself: which configuration is live, and under which name."""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from sagemaker_endpoint.access.statements import Statement
from sagemaker_endpoint.engine.bindings import (
    Annotations,
    Construct,
    IConstruct,
    Postcondition,
    SagemakerEndpoint,
    TerraformResource,
)
from sagemaker_endpoint.engine.expressions import expression, lowered, told
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.engine.lifecycle import keeps_name, set_lifecycle
from sagemaker_endpoint.engine.preconditions import preconditions
from sagemaker_endpoint.rules import checks

from . import kinds
from .rollback import Rollback

__all__ = ["Rollback", "deploy", "statements", "warn_of_namesake"]

# The endpoints of each app by the names that are known.
_NAMES: WeakKeyDictionary[IConstruct, dict[str, Construct]] = WeakKeyDictionary()


def statements(identity: Identity) -> list[Statement]:
    """Let the container see the endpoint that it is a part of, which no list of AWS's asks for.

    Not its models and configurations, whose names begin like those of other endpoints. SageMaker writes names in ARNs
    in lower case.
    """
    its = identity.account.arn("sagemaker", f"endpoint/{lowered(identity.endpoint_name)}")
    return [Statement(sid="DescribeItself", actions=["sagemaker:DescribeEndpoint"], resources=[its])]


def warn_of_namesake(endpoint: Construct, endpoint_name: str) -> None:
    """Warn of another endpoint of that name in the app; their providers may work in different accounts or regions."""
    if checks.deferred(endpoint_name):
        return
    # "The name is case-insensitive in CreateEndpoint":
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
    name = endpoint_name.lower()
    namesake = _NAMES.setdefault(endpoint.node.root, {}).setdefault(name, endpoint)
    if namesake is not endpoint:
        Annotations.of(endpoint).add_warning(
            f"endpoint_name {endpoint_name!r} is that of {namesake.node.path} too, and AWS knows one of a name in "
            "an account and region: name them apart, unless their providers work in different ones"
        )


def deploy(
    scope: Construct,
    identity: Identity,
    *,
    endpoint_config_name: str,
    deferred: Sequence[checks.Deferred],
    rollback: Rollback,
    serverless: bool,
    asynchronous: bool,
    depends_on: Sequence[TerraformResource],
) -> SagemakerEndpoint:
    """Make the endpoint; a new configuration reaches it in place, and Terraform fails where that is not live then."""
    endpoint_name = identity.endpoint_name
    endpoint = SagemakerEndpoint(
        scope,
        "Endpoint",
        name=endpoint_name,
        endpoint_config_name=endpoint_config_name,
        tags=identity.tags,
        deployment_config=rollback.deployment_config(),
        depends_on=depends_on,
    )
    rollback.complete(endpoint)
    set_lifecycle(
        endpoint,
        prevent_destroy=identity.deletion_protection,
        ignore_changes=rollback.ignore_changes,
        precondition=preconditions(deferred),
        postcondition=[
            keeps_name(endpoint_name, "its log group, key and role are made for that name"),
            _is_live(endpoint_name, endpoint_config_name, identity.account.region, rollback.way_to_look),
            *rollback.postconditions(),
        ],
    )
    kinds.note(
        scope,
        endpoint,
        endpoint_name,
        serverless=serverless,
        asynchronous=asynchronous,
        has_deployment=rollback.is_stated,
    )
    _remember_what_was_used(scope, endpoint)
    return endpoint


def _remember_what_was_used(scope: Construct, endpoint: SagemakerEndpoint) -> None:
    """Have nothing that is left out of the program go before the endpoint has left it, after a failed update too.

    Terraform orders deletions by what the state says that others depended on. A failed update has the endpoint's own
    record say what it was to depend on, as if it had moved. What comes after the endpoint and changes with each
    configuration is not reached by such an apply, and keeps the record of before.
    """
    # CDKTF's class for it would start Terraform at synthesis, to ask for its version.
    live = TerraformResource(scope, "Live", terraform_resource_type="terraform_data")
    live.add_override("input", f"${{{endpoint.fqn}.endpoint_config_name}}")


def _is_live(endpoint_name: str, endpoint_config_name: str, region: str, alarms: str) -> Postcondition:
    """Have an apply fail whose configuration is not live: SageMaker rolls a failed update back and is in service.

    Terraform would count that as success and delete what it believes to be replaced. A failed postcondition stops it
    before that: https://developer.hashicorp.com/terraform/language/expressions/custom-conditions
    """
    name = told(endpoint_name)
    return Postcondition(
        condition=f"${{self.endpoint_config_name == {expression(endpoint_config_name)}}}",
        error_message=(
            f"The endpoint {name} does not serve {endpoint_config_name}: SageMaker could not deploy that "
            "configuration and rolled back. ${self.endpoint_config_name} is live as before, and nothing that it uses "
            f"was deleted. The reason: aws sagemaker describe-endpoint --region {region} --endpoint-name "
            f"{name} --query FailureReason --output text. {alarms}Mend it, or go back to the inputs of before, and "
            "apply again."
        ),
    )
