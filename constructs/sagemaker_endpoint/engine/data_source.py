"""Data sources that find what their arguments say, whatever an Aspect does to the stack."""

from collections.abc import Mapping

from .bindings import Construct, TerraformDataSource


def data_source(
    scope: Construct,
    id: str,
    type: str,  # noqa: A002 - Terraform's name for it
    arguments: Mapping[str, object] | None = None,
    *,
    count: float | None = None,
) -> TerraformDataSource:
    """Make a data source of the AWS provider from Terraform's own names.

    Its class in the bindings would have properties such as ``tags`` and ``name``, which Aspects take for a resource's
    (https://developer.hashicorp.com/terraform/cdktf/concepts/aspects): for a data source they are what it looks for.
    """
    made = TerraformDataSource(scope, id, terraform_resource_type=type, count=count)
    for name, value in (arguments or {}).items():
        made.add_override(name, value)
    return made
