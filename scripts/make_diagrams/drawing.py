"""Boxes on a grid, and arrows between them, as SVG."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from html import escape

_WIDTH, _HEIGHT, _ACROSS, _DOWN, _MARGIN = 184, 56, 64, 34, 20
_TOUCHING = 4  # between an arrow's head and its box


class Kind(Enum):
    """Whose a box is: its fill and its border."""

    MADE = ("#e6f0fb", "#1f5fa8")
    YOURS = ("#f4f4f4", "#5f6b7a")


_LEGEND = {Kind.MADE: "made by this library", Kind.YOURS: "yours"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box: where it stands, and what is written in it."""

    column: int
    row: float
    title: str
    detail: str = ""
    kind: Kind = Kind.MADE

    @property
    def left(self) -> float:
        """Give its left edge."""
        return _MARGIN + self.column * (_WIDTH + _ACROSS)

    @property
    def top(self) -> float:
        """Give its upper edge."""
        return _MARGIN + self.row * (_HEIGHT + _DOWN)


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow from one box to another, by their keys."""

    start: str
    end: str
    label: str = ""


def svg(title: str, boxes: Mapping[str, Box], arrows: Sequence[Arrow]) -> str:
    """Draw a diagram; `title` is what is read aloud in its place."""
    width = max(box.left for box in boxes.values()) + _WIDTH + _MARGIN
    bottom = max(box.top for box in boxes.values()) + _HEIGHT + _MARGIN
    size = f'viewBox="0 0 {width:g} {bottom + 24:g}" width="{width:g}"'
    head = 'viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
            f"<title>{escape(title)}</title>",
            f'<defs><marker id="head" {head}><path d="M0 0L8 4L0 8z" fill="#414d5c"/></marker></defs>',
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            '<g font-family="Helvetica, Arial, sans-serif">',
            *(line for arrow in arrows for line in _arrow(boxes[arrow.start], boxes[arrow.end], arrow.label)),
            *(line for box in boxes.values() for line in _box(box)),
            *_legend(bottom),
            "</g></svg>",
            "",
        ]
    )


def _box(box: Box) -> Iterator[str]:
    fill, border = box.kind.value
    yield (
        f'<rect x="{box.left:g}" y="{box.top:g}" width="{_WIDTH}" height="{_HEIGHT}" rx="6" fill="{fill}" '
        f'stroke="{border}"/>'
    )
    middle = box.left + _WIDTH / 2
    yield _text(box.title, middle, box.top + (25 if box.detail else 33), "bold", 13)
    if box.detail:
        yield _text(box.detail, middle, box.top + 43, "normal", 11)


def _arrow(start: Box, end: Box, label: str) -> Iterator[str]:
    if start.column == end.column:
        x, down = start.left + _WIDTH / 2, start.row < end.row
        top = start.top + _HEIGHT if down else start.top
        bottom = end.top - _TOUCHING if down else end.top + _HEIGHT + _TOUCHING
        path = f"M{x:g} {top:g}V{bottom:g}"
        place = f'x="{x + 8:g}" y="{(top + bottom) / 2 + 4:g}" text-anchor="start"'
    else:
        forward = start.column < end.column
        left = start.left + _WIDTH if forward else start.left
        right = end.left - _TOUCHING if forward else end.left + _WIDTH + _TOUCHING
        top, bottom = start.top + _HEIGHT / 2, end.top + _HEIGHT / 2
        path = f"M{left:g} {top:g}H{(left + right) / 2:g}V{bottom:g}H{right:g}"
        middle = (left + right) / 2 if top == bottom else (left + 3 * right) / 4
        place = f'x="{middle:g}" y="{bottom - 6:g}" text-anchor="middle"'
    yield f'<path d="{path}" fill="none" stroke="#414d5c" marker-end="url(#head)"/>'
    if label:
        yield f'<text {place} font-size="11">{escape(label)}</text>'


def _text(words: str, x: float, y: float, weight: str, size: int) -> str:
    place = f'x="{x:g}" y="{y:g}" text-anchor="middle"'
    return f'<text {place} font-size="{size}" font-weight="{weight}">{escape(words)}</text>'


def _legend(top: float) -> Iterator[str]:
    left = _MARGIN
    for kind, words in _LEGEND.items():
        fill, border = kind.value
        yield f'<rect x="{left}" y="{top - 2:g}" width="14" height="14" rx="3" fill="{fill}" stroke="{border}"/>'
        yield f'<text x="{left + 20}" y="{top + 9:g}" font-size="11">{words}</text>'
        left += 170
