"""From which kind of endpoint to which other AWS updates one in place, and a plan that refuses the rest.

- Serverless to instances, and never back: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
- Never from asynchronous to real-time ("The AsyncInferenceConfig parameter cannot be removed from this endpoint"):
  https://github.com/aws/sagemaker-python-sdk/pull/3124
  Nothing is known of the other way, so that AWS is asked.
"""

from sagemaker_endpoint.engine.bindings import Construct, Postcondition, SagemakerEndpoint, TerraformResource
from sagemaker_endpoint.engine.expressions import told
from sagemaker_endpoint.engine.lifecycle import set_lifecycle


def note(
    scope: Construct, endpoint: SagemakerEndpoint, endpoint_name: str, *, serverless: bool, asynchronous: bool
) -> None:
    """Have Terraform's state keep of which kind the endpoint is."""
    name = told(endpoint_name)
    made_serverless = f"The endpoint {name} has instances, and AWS makes no serverless endpoint of one that has"
    made_real_time = f"The endpoint {name} is asynchronous, and AWS takes async_inference_config from no endpoint"
    if serverless:
        _note(scope, "Kind", endpoint, "serverless", refusal=made_serverless)
    else:
        _note(scope, "Kind", endpoint, "instances")
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


def _is_still(kind: str, refusal: str, endpoint: SagemakerEndpoint) -> Postcondition:
    return Postcondition(
        condition=f'${{self.output == "{kind}"}}',
        error_message=(
            f"{refusal}: give another endpoint_name too, or have this endpoint deleted and made anew, which takes it "
            f"away for some minutes: terraform apply -replace='aws_sagemaker_endpoint.{endpoint.friendly_unique_id}'"
        ),
    )
