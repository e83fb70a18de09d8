"""What every example goes through."""

from __future__ import annotations

from tests.demo.doctor import examine
from tests.end_to_end.order import assert_updated_in_place

from .example import Example
from .needs import assert_role_suffices

_HEALTHY = " ok, 0 warnings, 0 problems, 0 could not check. Exit code 0: "


def apply(example: Example) -> None:
    """Apply an example for the first time; nothing is left to do then, and its role can do what it must.

    Terraform runs with the permissions of docs/operator for what the example has, and no others.
    """
    example.start()
    assert example.terraform.validate() == ()
    with example.operator.at_work():
        example.apply()
        assert example.terraform.plan().is_empty
    assert_role_suffices(example)


def change(example: Example, old: str, new: str) -> None:
    """Change one text of the program; the endpoint stays in service."""
    before = example.configuration(), example.models()
    assert_updated_in_place(example.edit(old, new))
    assert (example.configuration(), example.models()) != before


def part_with(example: Example) -> None:
    """Have the doctor look at it, then destroy it; nothing is left."""
    assert _HEALTHY in examine(example.terraform)
    with example.operator.at_work():
        example.destroy()
    assert example.left() == set()
