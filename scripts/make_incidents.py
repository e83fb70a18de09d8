"""Write the section of docs/doctor.md on the incidents that the doctor knows: `make incidents`."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sagemaker_endpoint_doctor.sections.endpoint.failure_reasons import REASONS
from sagemaker_endpoint_doctor.sections.logs.patterns import KINDS, PATTERNS

PAGE: Final = Path(__file__).parents[1] / "docs" / "doctor.md"
_SECTION: Final = re.compile(r"(?<=\n## Incidents that it knows\n).*?(?=\n## )", re.DOTALL)


def section(page: str) -> str:
    """Give the section as a page has it."""
    (found,) = _SECTION.findall(page)
    return str(found)


def generated() -> str:
    """Give the section as it should be."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield ""
    yield f"In containers' logs, {len(PATTERNS)} patterns of {len(KINDS)} kinds of errors. What follows from another"
    yield "error comes after it in the report. One of no known kind is found by its level, as its server writes it."
    yield ""
    yield "| kind of error | in the logs of | seen or documented |"
    yield "|---|---|---|"
    for name, kind in KINDS.items():
        of_kind = [each for each in PATTERNS if each.kind == name]
        title = f"{name} (follows from another)" if kind.follows else name
        dialects = ", ".join(dict.fromkeys(each.dialect for each in of_kind))
        yield f"| {title} | {dialects} | {_links(*(each.source for each in of_kind))} |"
    yield ""
    yield f"In SageMaker's `FailureReason`, {len(REASONS)} causes, the most telling first. Advice stands by itself; a"
    yield "finding points to another section only if that found something."
    yield ""
    yield "| such as | seen or documented |"
    yield "|---|---|"
    for each in REASONS:
        yield f"| {html.escape(each.example, quote=False)} | {_links(each.source)} |"
    yield ""


def _links(*sources: str) -> str:
    numbered = Counter[str]()
    links = []
    for source in dict.fromkeys(sources):
        site = source.split("/")[2].removeprefix("www.")
        numbered[site] += 1
        links.append(f"[{site}{' ' + str(numbered[site]) if numbered[site] > 1 else ''}]({source})")
    return ", ".join(links)


def main() -> None:
    """Write it."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_SECTION.sub(lambda _: generated(), page, count=1), encoding="utf-8")


if __name__ == "__main__":
    main()
