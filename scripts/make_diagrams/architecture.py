"""The library's folders and which of them import from which, drawn from the source."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from html import escape
from pathlib import Path
from typing import Final

from tests.import_graph import folder_edges

LIBRARY: Final = Path(__file__).parents[2] / "constructs" / "sagemaker_endpoint"
_LEFT, _WIDTH, _HEIGHT, _DOWN, _MARGIN = 20, 660, 52, 26, 20
_ARC = 34  # how far an arrow bends out for each folder that it passes


def drawn() -> str:
    """Draw it: an arrow means "imports from"."""
    edges = folder_edges(LIBRARY)
    folders = ordered(edges)
    tops = {folder: _MARGIN + row * (_HEIGHT + _DOWN) for row, folder in enumerate(folders)}
    height = max(tops.values()) + _HEIGHT + _MARGIN
    width = _LEFT + _WIDTH + _ARC * len(folders) - _MARGIN
    head = 'viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">',
            "<title>The library's folders: each imports from those below it alone</title>",
            f'<defs><marker id="head" {head}><path d="M0 0L8 4L0 8z" fill="#414d5c"/></marker></defs>',
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            '<g font-family="Helvetica, Arial, sans-serif">',
            *(_arrow(tops[start], tops[end]) for start, end in sorted(edges)),
            *(line for folder in folders for line in _box(folder, tops[folder])),
            "</g></svg>",
            "",
        ]
    )


def ordered(edges: set[tuple[str, str]]) -> list[str]:
    """Give the folders so that each stands above all that it imports from; the package's own files go first."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for start, end in sorted(edges):
        sorter.add(start, end)
    return [*reversed([*sorter.static_order()])]


def _box(folder: str, top: int) -> Iterator[str]:
    place = f'x="{_LEFT}" y="{top}" width="{_WIDTH}" height="{_HEIGHT}" rx="6"'
    yield f'<rect {place} fill="#e6f0fb" stroke="#1f5fa8"/>'
    title, module = ("endpoint.py", "endpoint.py") if folder == "." else (f"{folder}/", f"{folder}/__init__.py")
    purpose = ast.get_docstring(ast.parse((LIBRARY / module).read_text(encoding="utf-8"))) or ""
    yield f'<text x="{_LEFT + 14}" y="{top + 22}" font-size="13" font-weight="bold">{title}</text>'
    yield f'<text x="{_LEFT + 14}" y="{top + 40}" font-size="11">{escape(purpose)}</text>'


def _arrow(start: int, end: int) -> str:
    right, passed = _LEFT + _WIDTH, (end - start) // (_HEIGHT + _DOWN) - 1
    if not passed:
        path = f"M{_LEFT + 40} {start + _HEIGHT}V{end - 4}"
    else:
        # Arrows leave a box in its upper half and reach one in its lower, so that both can be told apart.
        bend = right + _ARC * passed + 30
        path = f"M{right} {start + 34}C{bend} {start + 34} {bend} {end + 18} {right + 4} {end + 18}"
    return f'<path d="{path}" fill="none" stroke="#414d5c" marker-end="url(#head)"/>'
