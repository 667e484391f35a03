"""Signs, notice boards and whiteboards."""

from __future__ import annotations

import itertools
import math

from ...draw.value_types import Colour
from ..canvas import Canvas

_INK: Colour = (0.15, 0.16, 0.18)
_WHITE: Colour = (0.95, 0.95, 0.94)
_GREEN: Colour = (0.05, 0.50, 0.30)
_BLUE: Colour = (0.10, 0.30, 0.60)
_RED: Colour = (0.75, 0.12, 0.12)
_GROUNDS: tuple[Colour, ...] = (_BLUE, _WHITE, (0.25, 0.28, 0.30), (0.10, 0.45, 0.48), (0.86, 0.86, 0.82))
_PENS: tuple[Colour, ...] = ((0.10, 0.15, 0.45), (0.12, 0.12, 0.14), (0.70, 0.10, 0.12), (0.08, 0.42, 0.22))
_SHEETS: tuple[Colour, ...] = (
    _WHITE,
    _WHITE,
    (0.95, 0.90, 0.60),
    (0.72, 0.85, 0.92),
    (0.92, 0.76, 0.78),
    (0.80, 0.90, 0.75),
)
_CORKS: tuple[Colour, ...] = ((0.70, 0.55, 0.38), (0.30, 0.38, 0.50), (0.55, 0.56, 0.55), (0.32, 0.45, 0.36))


def _ground(page: Canvas) -> Colour:
    """A plate of a random colour; returns the colour of what is printed on it."""
    rgb = page.stream.choice(_GROUNDS)
    page.box(0.0, 0.0, page.width, 1.0, rgb)
    return _INK if sum(rgb) > 1.8 else _WHITE


def exit_sign(page: Canvas) -> None:
    """A door and an arrow on green."""
    page.box(0.0, 0.0, page.width, 1.0, _GREEN)
    left = page.stream.unit() < 0.5
    door = 0.72 if left else 0.12
    page.box(door * page.width, 0.15, (door + 0.16) * page.width, 0.85, _WHITE)
    ends = (0.62, 0.1) if left else (0.38, 0.9)
    page.arrow(ends[0] * page.width, 0.5, ends[1] * page.width, 0.5, 0.14, _WHITE)


def directions(page: Canvas) -> None:
    """Rows of names with arrows."""
    ink = _ground(page)
    rows = int(page.stream.choice((2, 3, 4)))
    for k in range(rows):
        y, size = (k + 0.5) / rows, 0.3 / rows
        heading = math.radians(page.stream.choice((0.0, 90.0, 180.0)))
        dx, dy = size * math.cos(heading), size * math.sin(heading)
        page.arrow(0.14 * page.width - dx, y - dy, 0.14 * page.width + dx, y + dy, 0.3 * size, ink)
        page.text(0.26 * page.width, 0.95 * page.width, y - 0.4 * size, size, ink)


def room_number(page: Canvas) -> None:
    """A large number with a name below."""
    ink = _ground(page)
    page.text(0.2 * page.width, 0.8 * page.width, 0.48, 0.42, ink, ragged=False)
    page.text(0.15 * page.width, 0.85 * page.width, 0.16, 0.14, ink)


def first_aid(page: Canvas) -> None:
    """A white cross on green or red."""
    page.box(0.0, 0.0, page.width, 1.0, page.stream.choice((_GREEN, _GREEN, _RED)))
    x, size = page.width / 2, 0.36 * min(page.width, 1.0)
    page.box(x - 0.33 * size, 0.5 - size, x + 0.33 * size, 0.5 + size, _WHITE)
    page.box(x - size, 0.5 - 0.33 * size, x + size, 0.5 + 0.33 * size, _WHITE)


def toilets(page: Canvas) -> None:
    """A wheelchair's wheel and the letters of a toilet."""
    page.box(0.0, 0.0, page.width, 1.0, _BLUE)
    x = 0.3 * page.width
    page.ellipse(x, 0.36, 0.22, 0.22, _WHITE)
    page.ellipse(x, 0.36, 0.15, 0.15, _BLUE)
    page.stroke([(x - 0.02, 0.75), (x, 0.45), (x + 0.16, 0.43), (x + 0.22, 0.2)], 0.07, _WHITE)
    page.text(0.55 * page.width, 0.95 * page.width, 0.36, 0.3, _WHITE, ragged=False)


def fire_point(page: Canvas) -> None:
    """An extinguisher and a flame on red."""
    page.box(0.0, 0.0, page.width, 1.0, _RED)
    x = 0.34 * page.width
    page.box(x - 0.1, 0.14, x + 0.1, 0.68, _WHITE)
    page.ellipse(x, 0.68, 0.1, 0.08, _WHITE)
    page.stroke([(x, 0.76), (x, 0.84), (x + 0.16, 0.72), (x + 0.18, 0.5)], 0.04, _WHITE)
    x = 0.74 * page.width
    page.polygon(
        [(x - 0.12, 0.2), (x + 0.12, 0.2), (x + 0.14, 0.45), (x + 0.04, 0.8), (x - 0.02, 0.55), (x - 0.13, 0.5)], _WHITE
    )


def radiation(page: Canvas) -> None:
    """A trefoil on yellow, as on the doors of X-ray rooms."""
    page.box(0.0, 0.0, page.width, 1.0, (0.95, 0.78, 0.10))
    x, size = page.width / 2, 0.38 * min(page.width, 1.0)
    for k in range(3):
        low = math.radians(60.0 + 120.0 * k)
        arc = [(x + size * math.cos(low + 0.26 * j), 0.54 + size * math.sin(low + 0.26 * j)) for j in range(5)]
        page.polygon([(x, 0.54), *arc], _INK)
    page.ellipse(x, 0.54, 0.28 * size, 0.28 * size, (0.95, 0.78, 0.10))
    page.ellipse(x, 0.54, 0.18 * size, 0.18 * size, _INK)
    page.text(0.15 * page.width, 0.85 * page.width, 0.04, 0.09, _INK)


def quiet(page: Canvas) -> None:
    """A crossed-out loudspeaker on a pale plate."""
    page.box(0.0, 0.0, page.width, 1.0, (0.88, 0.90, 0.90))
    x = page.width / 2
    page.polygon(
        [(x - 0.2, 0.42), (x - 0.08, 0.42), (x + 0.06, 0.26), (x + 0.06, 0.78), (x - 0.08, 0.62), (x - 0.2, 0.62)],
        _BLUE,
    )
    for k in range(2):
        reach = 0.14 + 0.08 * k
        arc = [(x + 0.06 + reach * math.cos(a / 4), 0.52 + reach * math.sin(a / 4)) for a in range(-3, 4)]
        page.stroke(arc, 0.025, _BLUE)
    page.stroke([(x - 0.28, 0.84), (x + 0.3, 0.2)], 0.05, _RED)


def _sheet(page: Canvas, x: float, y: float, wide: float, tall: float, turn: float) -> None:
    """A pinned sheet with lines of print."""
    cosine, sine = math.cos(turn), math.sin(turn)
    corners = [(-wide / 2, -tall / 2), (wide / 2, -tall / 2), (wide / 2, tall / 2), (-wide / 2, tall / 2)]
    turned = [(x + a * cosine - b * sine, y + a * sine + b * cosine) for a, b in corners]
    page.polygon([(a + 0.008, b - 0.01) for a, b in turned], (0.0, 0.0, 0.0), 0.35)
    page.polygon(turned, page.stream.choice(_SHEETS))
    if page.stream.unit() < 0.25:
        page.box(x - 0.38 * wide, y - 0.1 * tall, x + 0.38 * wide, y + 0.3 * tall, page.stream.choice(_GROUNDS))
    page.paragraph(x - 0.38 * wide, x + 0.38 * wide, y + 0.4 * tall, y - 0.4 * tall, 0.022, (0.4, 0.4, 0.42))
    page.ellipse(x, y + 0.44 * tall, 0.012, 0.012, page.stream.choice((_RED, _BLUE, _GREEN, (0.9, 0.75, 0.1))))


def pinned_papers(page: Canvas) -> None:
    """Papers of many sizes, pinned as they came."""
    page.box(0.0, 0.0, page.width, 1.0, page.stream.choice(_CORKS))
    page.mottle(0.15, 0.01)
    for _ in range(6 + int(8 * page.stream.unit())):
        x, y = page.stream.uniform(0.14, page.width - 0.14), page.stream.uniform(0.2, 0.8)
        size = page.stream.uniform(0.14, 0.26)
        _sheet(page, x, y, size, page.stream.uniform(0.7, 1.4) * size, page.stream.normal(0.0, 0.05))


def tidy_papers(page: Canvas) -> None:
    """Sheets in rows below a heading."""
    page.box(0.0, 0.0, page.width, 1.0, page.stream.choice(_CORKS))
    page.box(0.0, 0.9, page.width, 1.0, page.stream.choice(_GROUNDS))
    page.text(0.3 * page.width, 0.7 * page.width, 0.92, 0.06, _INK)
    columns = max(int(page.width / 0.3), 2)
    for row in range(2):
        for column in range(columns):
            if page.stream.unit() < 0.85:
                x, y = (column + 0.5) * page.width / columns, 0.24 + 0.42 * row
                _sheet(page, x, y, 0.24, 0.34, page.stream.normal(0.0, 0.015))


def bed_board(page: Canvas) -> None:
    """A ruled board with names, magnets and notes by hand."""
    page.box(0.0, 0.0, page.width, 1.0, _WHITE)
    rows, columns = int(page.stream.choice((5, 6, 8))), int(page.stream.choice((4, 5, 6)))
    for row in range(rows + 1):
        page.stroke([(0.03, 0.04 + 0.8 * row / rows), (page.width - 0.03, 0.04 + 0.8 * row / rows)], 0.005, _INK)
    wide = (page.width - 0.06) / columns
    for column in range(columns):
        x = 0.03 + column * wide
        page.text(x + 0.02, x + wide, 0.88, 0.045, _BLUE)
        page.stroke([(x, 0.04), (x, 0.95)], 0.005, _INK)
        for row in range(rows):
            y = 0.04 + 0.8 * (row + 0.3) / rows
            if page.stream.unit() < 0.6:
                page.scribble(x + 0.02, x + 0.9 * wide, y, 0.35 / rows, page.stream.choice(_PENS))
            elif page.stream.unit() < 0.4:
                page.ellipse(x + wide / 2, y + 0.02, 0.022, 0.022, page.stream.choice(_PENS))


def handwriting(page: Canvas) -> None:
    """Lists by hand, underlined, with magnets and a memo."""
    page.gradient((0.90, 0.91, 0.91), _WHITE)
    for column in range(2):
        x, pen = 0.06 + column * page.width / 2, page.stream.choice(_PENS)
        page.scribble(x, x + 0.4 * page.width, 0.86, 0.07, pen)
        page.stroke([(x, 0.84), (x + 0.3 * page.width, 0.845)], 0.008, pen)
        for k in range(4 + int(4 * page.stream.unit())):
            page.scribble(x, x + 0.4 * page.width, 0.74 - 0.09 * k, 0.045, pen)
    x = page.stream.uniform(0.55, 0.8) * page.width
    _sheet(page, x, 0.25, 0.22, 0.26, page.stream.normal(0.0, 0.06))


def diagram(page: Canvas) -> None:
    """Boxes and arrows by hand, half wiped off."""
    page.box(0.0, 0.0, page.width, 1.0, _WHITE)
    for _ in range(4):
        x, y = page.stream.unit() * page.width, page.stream.unit()
        page.ellipse(x, y, 0.3, 0.12, (0.82, 0.84, 0.87), 0.5, page.stream.uniform(-20, 20))
    at = [(0.18 * page.width, 0.74), (0.5 * page.width, 0.5), (0.82 * page.width, 0.76), (0.78 * page.width, 0.22)]
    for (x1, y1), (x2, y2) in itertools.pairwise(at):
        page.arrow(x1, y1, 0.7 * x2 + 0.3 * x1, 0.7 * y2 + 0.3 * y1, 0.014, page.stream.choice(_PENS))
    for x, y in at:
        page.box(x - 0.15, y - 0.09, x + 0.15, y + 0.09, _WHITE)
        page.frame(x - 0.15, y - 0.09, x + 0.15, y + 0.09, 0.01, page.stream.choice(_PENS))
        page.scribble(x - 0.11, x + 0.11, y - 0.02, 0.05, page.stream.choice(_PENS))
