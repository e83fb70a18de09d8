"""Run by `make coverage`."""

import sys

from .error import CoverageError
from .page import PAGE, counts, generate


def main() -> None:
    """Write docs/coverage.md."""
    try:
        text = generate()
    except CoverageError as error:
        sys.exit(f"make_coverage: {error}")
    PAGE.write_text(text, encoding="utf-8")
    for what, each in counts().items():
        print(f"{what}: {each.stated} of {each.provider - each.refused}")


if __name__ == "__main__":
    main()
