"""From which kind of endpoint to which other AWS updates one in place, and a plan that refuses the rest.

- Serverless to instances, and never back: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
- Never from asynchronous to real-time ("The AsyncInferenceConfig parameter cannot be removed from this endpoint"):
  https://github.com/aws/sagemaker-python-sdk/pull/3124
  Nothing is known of the other way, so that AWS is asked.
- To another deployment where there is a deployment configuration; elsewhere the AWS provider replaces the endpoint.
"""

from sagemaker_endpoint.engine.bindings import Construct, Postcondition, SagemakerEndpoint, TerraformResource
from sagemaker_endpoint.engine.expressions import told
from sagemaker_endpoint.engine.lifecycle import set_lifecycle

_INSTANCES, _DEPLOYABLE = "instances", "instances with a deployment configuration"


def note(
    scope: Construct,
    endpoint: SagemakerEndpoint,
    endpoint_name: str,
    *,
    serverless: bool,
    asynchronous: bool,
    has_deployment: bool,
) -> None:
    """Have Terraform's state keep of which kind the endpoint is; `has_deployment` is whether one is stated."""
    name = told(endpoint_name)
    made_serverless = f"The endpoint {name} has instances, and AWS makes no serverless endpoint of one that has"
    made_real_time = f"The endpoint {name} is asynchronous, and AWS takes async_inference_config from no endpoint"
    if serverless:
        _note(scope, "Kind", endpoint, "serverless", refusal=made_serverless)
    elif has_deployment:
        _note_deployable(scope, endpoint, name)
    else:
        _note(scope, "Kind", endpoint, _kind_of_instances(endpoint))
    if asynchronous:
        _note(scope, "Inference", endpoint, "asynchronous")
    else:
        _note(scope, "Inference", endpoint, "real-time", refusal=made_real_time)


def _note(scope: Construct, id_: str, endpoint: SagemakerEndpoint, kind: str, refusal: str | None = None) -> None:
    """Keep the kind once the endpoint has it; a kind that no update leads to is kept from a new endpoint alone.

    An endpoint that Terraform makes anew has an ARN that is not known before. A plan without one compares what the
    state has, and that must stand there: an older stack gets it with the first apply.
    """
    # CDKTF's class for it would start Terraform at synthesis, to ask for its version.
    made = TerraformResource(scope, id_, terraform_resource_type="terraform_data")
    made.add_override("input", kind)
    made.add_override("triggers_replace", endpoint.arn)
    if refusal is not None:
        set_lifecycle(made, ignore_changes=["input"], postcondition=[_is_still(kind, refusal, endpoint)])


def _kind_of_instances(endpoint: SagemakerEndpoint) -> str:
    """Tell whether the endpoint has a deployment configuration: what it has stays, where none is stated."""
    return f'${{length({endpoint.fqn}.deployment_config) > 0 ? "{_DEPLOYABLE}" : "{_INSTANCES}"}}'


def _note_deployable(scope: Construct, endpoint: SagemakerEndpoint, name: str) -> None:
    """Have a plan refuse a deployment for an endpoint that has never had any, which would be replaced.

    What the state has kept must be read before that: so it is not made anew together with the endpoint.
    """
    made = TerraformResource(scope, "Kind", terraform_resource_type="terraform_data")
    made.add_override("input", _DEPLOYABLE)
    made.add_override("triggers_replace", endpoint.arn)
    message = (
        f"The endpoint {name} has no deployment configuration, and with this one the AWS provider would destroy it and "
        "make it anew. Apply without deployment first; then one command gives it the configuration in place, and after "
        "another apply a deployment can be stated: see docs/moves.md. Or have it made anew all the same, which takes "
        f"it away for some minutes: terraform apply -replace='terraform_data.{made.friendly_unique_id}'"
    )
    kept = Postcondition(condition=f'${{self.output == "{_DEPLOYABLE}"}}', error_message=message)
    set_lifecycle(made, ignore_changes=["input", "triggers_replace"], postcondition=[kept])


def _is_still(kind: str, refusal: str, endpoint: SagemakerEndpoint) -> Postcondition:
    return Postcondition(
        condition=f'${{self.output == "{kind}"}}',
        error_message=(
            f"{refusal}: give another endpoint_name too, or have this endpoint deleted and made anew, which takes it "
            f"away for some minutes: terraform apply -replace='aws_sagemaker_endpoint.{endpoint.friendly_unique_id}'"
        ),
    )
