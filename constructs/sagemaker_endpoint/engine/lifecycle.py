"""Terraform's lifecycle of a resource or data source, which an Aspect may add to but not take away."""

from collections.abc import Sequence

from .bindings import Postcondition, Precondition, TerraformDataSource, TerraformResource, TerraformResourceLifecycle
from .expressions import expression, told


def set_lifecycle(
    element: TerraformResource | TerraformDataSource,
    *,
    create_before_destroy: bool = False,
    prevent_destroy: bool = False,
    ignore_changes: Sequence[str] = (),
    replace_triggered_by: Sequence[str] = (),
    precondition: Sequence[Precondition] = (),
    postcondition: Sequence[Postcondition] = (),
) -> None:
    """Set it as an override, which CDKTF merges last: conditions and order hold if `lifecycle` is set anew.

    https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
    """
    stated = {
        "create_before_destroy": create_before_destroy,
        "prevent_destroy": prevent_destroy,
        "ignore_changes": [*ignore_changes],
        "replace_triggered_by": [*replace_triggered_by],
        "precondition": [*map(_condition, precondition)],
        "postcondition": [*map(_condition, postcondition)],
    }
    if ignore_changes:  # stated twice, for the Aspect that overrides this list alone; CDKTF puts the two together
        element.lifecycle = TerraformResourceLifecycle(ignore_changes=[*ignore_changes])
    stated = {name: value for name, value in stated.items() if value}
    if stated:
        element.add_override("lifecycle", stated)


def keeps_name(name: str, reason: str) -> Postcondition:
    """Have Terraform refuse, when it plans, a resource that an Aspect or an override has renamed."""
    return Postcondition(
        condition=f"${{self.name == {expression(name)}}}",
        error_message=f"It is to be named {told(name)}, not {told('${self.name}')}: {reason}. An Aspect or an "
        "override has renamed it: leave it out there.",
    )


def _condition(condition: Precondition | Postcondition) -> dict[str, object]:
    return {"condition": condition.condition, "error_message": condition.error_message}
