"""Terraform's lifecycle of a resource or data source, which an Aspect may add to but not take away."""

from collections.abc import Sequence

from .bindings import Postcondition, Precondition, TerraformDataSource, TerraformResource


def set_lifecycle(
    element: TerraformResource | TerraformDataSource,
    *,
    create_before_destroy: bool = False,
    ignore_changes: Sequence[str] = (),
    precondition: Sequence[Precondition] = (),
    postcondition: Sequence[Postcondition] = (),
) -> None:
    """Set it as an override, which CDKTF merges last: conditions and order hold if `lifecycle` is set anew.

    https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
    """
    stated = {
        "create_before_destroy": create_before_destroy,
        "ignore_changes": [*ignore_changes],
        "precondition": [*map(_condition, precondition)],
        "postcondition": [*map(_condition, postcondition)],
    }
    element.add_override("lifecycle", {name: value for name, value in stated.items() if value})


def _condition(condition: Precondition | Postcondition) -> dict[str, object]:
    return {"condition": condition.condition, "error_message": condition.error_message}
