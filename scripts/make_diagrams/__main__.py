"""Write the diagrams."""

from pathlib import Path
from typing import Final

from tests.example_programs import EXAMPLES, names, synthesized

from . import architecture, example, overview

_DOCS: Final = Path(__file__).parents[2] / "docs"
OVERVIEW: Final = _DOCS / "overview.svg"
ARCHITECTURE: Final = _DOCS / "architecture.svg"


def of_example(name: str) -> Path:
    """Give where the diagram of an example stands."""
    return EXAMPLES / name / "overview.svg"


def main() -> None:
    """Write them."""
    OVERVIEW.write_text(overview.drawn(), encoding="utf-8")
    ARCHITECTURE.write_text(architecture.drawn(), encoding="utf-8")
    for name in names():
        of_example(name).write_text(example.drawn(synthesized(name).configuration), encoding="utf-8")


if __name__ == "__main__":
    main()
