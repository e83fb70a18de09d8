"""Terraform's lifecycle of a resource or data source, which an Aspect may add to but not take away."""

from collections.abc import Mapping, Sequence
from typing import Any

from .bindings import (
    Aspects,
    Construct,
    IAspect,
    IConstruct,
    Postcondition,
    Precondition,
    TerraformDataSource,
    TerraformResource,
    implements,
)
from .expressions import expression, told

_Element = TerraformResource | TerraformDataSource

_unkept: list[tuple[_Element, Mapping[str, Any]]] = []  # what was set since `keep_lifecycles`


def set_lifecycle(
    element: _Element,
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
    stated = {name: value for name, value in stated.items() if value}
    if stated:
        element.add_override("lifecycle", stated)
        _unkept.append((element, stated))


def keep_lifecycles(scope: Construct) -> None:
    """Have what was set until now, inside `scope`, hold if `lifecycle` or a part of it is overridden.

    Aspects visit constructs in the order in which they were made, and this makes the last one.
    """
    if _unkept:
        Aspects.of(Construct(scope, "Lifecycles")).add(_Keeps([*_unkept]))
        _unkept.clear()


def keeps_name(name: str, reason: str) -> Postcondition:
    """Have Terraform refuse, when it plans, a resource that an Aspect or an override has renamed."""
    return Postcondition(
        condition=f"${{self.name == {expression(name)}}}",
        error_message=f"It is to be named {told(name)}, not {told('${self.name}')}: {reason}. An Aspect or an "
        "override has renamed it: leave it out there.",
    )


def _condition(condition: Precondition | Postcondition) -> dict[str, object]:
    return {"condition": condition.condition, "error_message": condition.error_message}


@implements(IAspect)
class _Keeps:
    """Adds what was stated to the overrides that have taken its place."""

    def __init__(self, stated: Sequence[tuple[_Element, Mapping[str, Any]]]) -> None:
        self._stated = stated

    def visit(self, _node: IConstruct, /) -> None:
        for element, stated in self._stated:
            overrides: Mapping[str, Any] = element._raw_overrides  # noqa: SLF001 - protected: CDKTF's name for subclasses
            found = overrides.get("lifecycle") or {}
            if found != stated:
                lists = {name: [*value, *_others(found, name, value)] for name, value in _lists(stated)}
                element.add_override("lifecycle", {**stated, **found, **lists})


def _lists(stated: Mapping[str, Any]) -> list[tuple[str, list[Any]]]:
    return [(name, value) for name, value in stated.items() if isinstance(value, list)]


def _others(found: Mapping[str, Any], name: str, stated: list[Any]) -> list[Any]:
    return [each for each in found.get(name, []) if each not in stated]
