"""Terraform's lifecycle of a resource or data source, which an Aspect may add to but not take away."""

from collections.abc import Mapping, Sequence
from typing import Any

from .bindings import (
    Aspects,
    IAspect,
    IConstruct,
    Postcondition,
    Precondition,
    TerraformDataSource,
    TerraformResource,
    TerraformResourceLifecycle,
    implements,
)
from .expressions import expression, told

_NAMES = (
    "create_before_destroy",
    "prevent_destroy",
    "ignore_changes",
    "replace_triggered_by",
    "precondition",
    "postcondition",
)


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
    """Set it, and again after all Aspects: conditions and order hold if `lifecycle` is set anew.

    CDKTF merges overrides into it, and puts lists together; so it is no override itself, which another would replace.
    https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
    """
    stated: dict[str, Any] = {
        "create_before_destroy": create_before_destroy,
        "prevent_destroy": prevent_destroy,
        "ignore_changes": [*ignore_changes],
        "replace_triggered_by": [*replace_triggered_by],
        "precondition": [*precondition],
        "postcondition": [*postcondition],
    }
    stated = {name: value for name, value in stated.items() if value}
    if stated:
        element.lifecycle = TerraformResourceLifecycle(**stated)
        Aspects.of(element).add(_Keeps(element, stated))


def keeps_name(name: str, reason: str) -> Postcondition:
    """Have Terraform refuse, when it plans, a resource that an Aspect or an override has renamed."""
    return Postcondition(
        condition=f"${{self.name == {expression(name)}}}",
        error_message=f"It is to be named {told(name)}, not {told('${self.name}')}: {reason}. An Aspect or an "
        "override has renamed it: leave it out there.",
    )


@implements(IAspect)
class _Keeps:
    """An element's own Aspect, which comes after those of all around it."""

    def __init__(self, element: TerraformResource | TerraformDataSource, stated: Mapping[str, Any]) -> None:
        self._element = element
        self._stated = stated

    def visit(self, _node: IConstruct, /) -> None:
        """Add what is stated to the lifecycle that an Aspect has set."""
        found = self._element.lifecycle or TerraformResourceLifecycle()
        if found != TerraformResourceLifecycle(**self._stated):
            both = {name: _both(value, getattr(found, name)) for name, value in self._stated.items()}
            self._element.lifecycle = TerraformResourceLifecycle(**{**_given(found), **both})


def _given(lifecycle: TerraformResourceLifecycle) -> dict[str, Any]:
    return {name: value for name in _NAMES if (value := getattr(lifecycle, name)) is not None}


def _both(stated: Any, found: Any) -> Any:  # noqa: ANN401 - a flag, a list, or "all" for one
    if not isinstance(stated, list) or not found:
        return stated
    return found if isinstance(found, str) else [*stated, *(each for each in found if each not in stated)]
