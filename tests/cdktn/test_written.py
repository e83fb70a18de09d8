"""What is written on cdktn is what is written on CDKTF."""

from pathlib import Path
from typing import Any

import pytest

from .written import PROGRAMS, configurations, written

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def cdktf(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return written(tmp_path_factory.mktemp("cdktf"), on_cdktn=False)


@pytest.fixture(scope="module")
def cdktn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return written(tmp_path_factory.mktemp("cdktn"), on_cdktn=True)


def without_what_differs(stacks: Path) -> dict[str, dict[str, Any]]:
    """Leave out the metadata, the versions of the providers, and where a stack's state lies."""
    found = configurations(stacks)
    assert found
    for each in found.values():
        del each["//"], each["terraform"]["required_providers"]
        each["terraform"].pop("backend", None)
    return found


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_writes_the_same(program: str, cdktf: dict[str, Path], cdktn: dict[str, Path]) -> None:
    assert without_what_differs(cdktn[program]) == without_what_differs(cdktf[program])
    files = [{str(each.relative_to(stack)) for each in stack.rglob("*")} for stack in (cdktf[program], cdktn[program])]
    assert files[0] == files[1]


@pytest.mark.parametrize("program", PROGRAMS)
def test_its_providers_are_the_same_in_other_versions(
    program: str, cdktf: dict[str, Path], cdktn: dict[str, Path]
) -> None:
    made = configurations(cdktn[program])
    for stack, configuration in configurations(cdktf[program]).items():
        before, after = (each["terraform"]["required_providers"] for each in (configuration, made[stack]))
        # https://developer.hashicorp.com/terraform/language/providers/requirements#source-addresses
        assert {name: f"hashicorp/{each['source']}" for name, each in before.items()} == {
            name: each["source"] for name, each in after.items()
        }
        assert before["aws"]["version"].startswith("6.25.")
        assert after["aws"]["version"].startswith("6.69.")
