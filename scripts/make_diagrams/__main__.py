"""Write the diagrams."""

from pathlib import Path
from typing import Final

from . import overview

OVERVIEW: Final = Path(__file__).parents[2] / "docs" / "overview.svg"


def main() -> None:
    """Write them."""
    OVERVIEW.write_text(overview.drawn(), encoding="utf-8")


if __name__ == "__main__":
    main()
