"""Posters of printed information: hygiene, anatomy, warnings, calendars, timetables, charts, children's drawings."""

from __future__ import annotations

import math

from ...draw.value_types import Colour
from ..canvas import Canvas
from .pictures import flower

_INK: Colour = (0.17, 0.18, 0.20)
_GREY: Colour = (0.42, 0.43, 0.45)
_WHITE: Colour = (0.96, 0.96, 0.95)
_HEADS: tuple[Colour, ...] = (
    (0.12, 0.36, 0.60), (0.10, 0.50, 0.48), (0.70, 0.20, 0.20), (0.34, 0.50, 0.22), (0.45, 0.28, 0.55),
    (0.85, 0.50, 0.14), (0.18, 0.22, 0.34),
)  # fmt: skip
_SKIN: Colour = (0.90, 0.72, 0.60)
_CRAYONS: tuple[Colour, ...] = (
    (0.85, 0.2, 0.2),
    (0.2, 0.4, 0.85),
    (0.25, 0.6, 0.25),
    (0.95, 0.7, 0.15),
    (0.6, 0.3, 0.6),
)


def _headed(page: Canvas) -> Colour:
    """A coloured head with a title; returns its colour."""
    rgb = page.stream.choice(_HEADS)
    page.box(0.0, 0.87, page.width, 1.0, rgb)
    page.text(0.05, page.width - 0.05, 0.905, 0.06, _WHITE)
    return rgb


def _hand(page: Canvas, x: float, y: float, size: float, rgb: Colour, turn: float) -> None:
    """A hand with spread fingers, as in pictograms."""
    page.ellipse(x, y, 0.32 * size, 0.36 * size, rgb)
    for k in range(5):
        angle = math.radians(turn + 90.0 + 24.0 * (k - 2))
        reach = size * (0.62 if k == 4 else 0.8)
        page.stroke([(x, y), (x + reach * math.cos(angle), y + reach * math.sin(angle))], 0.16 * size, rgb)


def hand_washing(page: Canvas) -> None:
    """Numbered steps with hands and drops."""
    rgb = _headed(page)
    rows, columns = (3, 2) if page.width < 1.0 else (2, 4)
    for k in range(rows * columns):
        x1, y1 = (k % columns) * page.width / columns + 0.02, 0.84 * (1 - (k // columns + 1) / rows) + 0.015
        x2, y2 = x1 + page.width / columns - 0.04, y1 + 0.84 / rows - 0.03
        page.box(x1, y1, x2, y2, (0.86, 0.92, 0.95))
        size = 0.42 * min(x2 - x1, y2 - y1)
        x, y = (x1 + x2) / 2, y1 + 0.55 * (y2 - y1)
        _hand(page, x - 0.25 * size, y, size, _SKIN, page.stream.uniform(-50, 0))
        _hand(page, x + 0.25 * size, y - 0.1 * size, size, (0.80, 0.60, 0.48), page.stream.uniform(0, 50))
        page.ellipse(x2 - 0.03, y2 - 0.03, 0.02, 0.02, rgb)
        page.text(x1 + 0.02, x2 - 0.02, y1 + 0.012, 0.022, _GREY)


def heart(page: Canvas) -> None:
    """A heart with its vessels and labels."""
    _headed(page)
    x, y = page.width / 2, 0.48
    for dx, rgb in ((-0.06, (0.30, 0.38, 0.70)), (0.05, (0.80, 0.16, 0.16))):
        page.stroke([(x + dx, y), (x + dx, y + 0.24), (x + 2.4 * dx, y + 0.3)], 0.06, rgb)
    page.ellipse(x - 0.06, y + 0.02, 0.14, 0.16, (0.70, 0.22, 0.22))
    page.ellipse(x + 0.07, y, 0.12, 0.15, (0.82, 0.32, 0.28))
    page.polygon([(x - 0.18, y - 0.03), (x + 0.18, y - 0.03), (x + 0.04, y - 0.26)], (0.74, 0.26, 0.24))
    for side, dy in ((-1, 0.15), (1, 0.05), (-1, -0.15), (1, -0.2)):
        end = x + side * 0.3 * page.width
        page.stroke([(x + side * 0.1, y + 0.5 * dy), (end, y + dy)], 0.005, _GREY)
        page.text(
            min(end, end + side * 0.16 * page.width), max(end, end + side * 0.16 * page.width), y + dy, 0.025, _INK
        )
    page.paragraph(0.06, page.width - 0.06, 0.14, 0.03, 0.022, _GREY)


def spine(page: Canvas) -> None:
    """Two views of a backbone."""
    _headed(page)
    for at, bend in ((0.3, 0.0), (0.7, 0.07)):
        for k in range(16):
            y = 0.08 + 0.047 * k
            x, size = at * page.width + bend * math.sin(0.4 * k), 0.055 - 0.0022 * k
            page.ellipse(x, y, size, 0.018, (0.86, 0.78, 0.62))
            page.ellipse(x + (size if bend else 0.0), y, 0.5 * size, 0.008, (0.66, 0.56, 0.42))
    page.paragraph(0.42 * page.width, 0.58 * page.width, 0.8, 0.1, 0.02, _GREY)


def lungs(page: Canvas) -> None:
    """Lungs and windpipe with labels."""
    rgb = _headed(page)
    x = page.width / 2
    page.stroke([(x, 0.82), (x, 0.55)], 0.05, (0.82, 0.76, 0.70))
    for side in (-1, 1):
        page.ellipse(x + side * 0.15, 0.44, 0.11, 0.24, (0.86, 0.52, 0.52), 1.0, side * 8.0)
        for k in range(4):
            end = (x + side * (0.1 + 0.04 * (k % 3)), 0.56 - 0.09 * k)
            page.stroke([(x, 0.56), (x + side * 0.06, 0.52), end], 0.012, (0.66, 0.30, 0.34))
        page.text(x + side * 0.3 - 0.06, x + side * 0.3 + 0.06, 0.7, 0.025, _INK)
    page.box(0.05, 0.04, page.width - 0.05, 0.15, rgb, 0.25)
    page.paragraph(0.07, page.width - 0.07, 0.14, 0.05, 0.022, _INK)


def eye_chart(page: Canvas) -> None:
    """Rows of signs that become smaller."""
    page.box(0.0, 0.0, page.width, 1.0, _WHITE)
    y, size = 0.8, 0.13
    for row in range(7):
        for k in range(row + 1):
            x = page.width / 2 + (k - row / 2) * 1.5 * size
            page.frame(x - 0.35 * size, y, x + 0.35 * size, y + 0.8 * size, 0.18 * size, _INK)
            page.box(x, y + 0.2 * size, x + 0.5 * size, y + 0.6 * size, _WHITE if (k + row) % 2 else _INK)
        y, size = y - 1.05 * size + 0.01, 0.76 * size
    page.stroke([(0.1, 0.2), (page.width - 0.1, 0.2)], 0.01, (0.7, 0.2, 0.2))


def food(page: Canvas) -> None:
    """A pyramid of foods."""
    page.box(0.0, 0.0, page.width, 1.0, (0.88, 0.93, 0.84))
    _headed(page)
    half = 0.45 * page.width
    for k in range(5):
        low, wide, narrow = 0.08 + 0.15 * k, half * (1 - k / 5), half * (1 - (k + 1) / 5)
        x, rgb = page.width / 2, _CRAYONS[k]
        page.polygon([(x - wide, low), (x + wide, low), (x + narrow, low + 0.14), (x - narrow, low + 0.14)], rgb, 0.6)
        for j in range(5 - k):
            at = x + (j - (4 - k) / 2) * 0.3 * half
            page.ellipse(at, low + 0.06, 0.03, 0.035, page.stream.choice(_CRAYONS))


def forbidden(page: Canvas) -> None:
    """A red ring with a bar over a cigarette or a telephone."""
    page.box(0.0, 0.0, page.width, 1.0, _WHITE)
    x, y, size = page.width / 2, 0.58, 0.36 * min(page.width, 1.0)
    page.ellipse(x, y, size, size, (0.78, 0.10, 0.12))
    page.ellipse(x, y, 0.8 * size, 0.8 * size, _WHITE)
    if page.stream.unit() < 0.5:
        page.box(x - 0.6 * size, y - 0.1 * size, x + 0.5 * size, y + 0.08 * size, _INK)
        page.stroke([(x + 0.45 * size, y + 0.15 * size), (x + 0.3 * size, y + 0.4 * size)], 0.06 * size, _GREY)
    else:
        page.box(x - 0.25 * size, y - 0.5 * size, x + 0.25 * size, y + 0.5 * size, _INK)
        page.box(x - 0.19 * size, y - 0.3 * size, x + 0.19 * size, y + 0.38 * size, (0.7, 0.75, 0.8))
    page.stroke([(x - 0.6 * size, y + 0.6 * size), (x + 0.6 * size, y - 0.6 * size)], 0.18 * size, (0.78, 0.10, 0.12))
    page.text(0.1 * page.width, 0.9 * page.width, 0.08, 0.07, _INK)


def warning(page: Canvas) -> None:
    """A yellow triangle with an exclamation mark, and lines below."""
    page.box(0.0, 0.0, page.width, 1.0, _WHITE)
    x, half = page.width / 2, 0.38 * min(page.width, 1.0)
    page.polygon([(x - half, 0.4), (x + half, 0.4), (x, 0.4 + 1.7 * half * 0.85)], _INK)
    page.polygon([(x - 0.85 * half, 0.425), (x + 0.85 * half, 0.425), (x, 0.425 + 1.25 * half)], (0.96, 0.78, 0.12))
    page.stroke([(x, 0.5 + 0.55 * half), (x, 0.5 + 0.2 * half)], 0.12 * half, _INK)
    page.ellipse(x, 0.46, 0.07 * half, 0.07 * half, _INK)
    page.text(0.12 * page.width, 0.88 * page.width, 0.27, 0.06, (0.70, 0.12, 0.10), ragged=False)
    page.paragraph(0.12 * page.width, 0.88 * page.width, 0.22, 0.06, 0.03, _GREY)


def mask_rule(page: Canvas) -> None:
    """A pictogram of a face with a mask, as a blue sign of duty."""
    rgb: Colour = (0.10, 0.32, 0.66)
    page.box(0.0, 0.0, page.width, 1.0, _WHITE)
    x, size = page.width / 2, 0.4 * min(page.width, 1.0)
    page.ellipse(x, 0.58, size, size, rgb)
    page.ellipse(x, 0.6, 0.5 * size, 0.62 * size, _WHITE)
    page.polygon(
        [
            (x - 0.45 * size, 0.58),
            (x + 0.45 * size, 0.58),
            (x + 0.28 * size, 0.58 - 0.5 * size),
            (x - 0.28 * size, 0.58 - 0.5 * size),
        ],
        (0.45, 0.62, 0.85),
    )
    page.text(0.1 * page.width, 0.9 * page.width, 0.07, 0.06, rgb)


def calendar(page: Canvas) -> None:
    """A picture above a month's grid."""
    page.gradient((0.60, 0.74, 0.50), (0.55, 0.70, 0.88), 0.48, 1.0)
    page.below(page.ridge(0.52, 0.8), (0.35, 0.46, 0.36))
    page.box(0.0, 0.0, page.width, 0.48, _WHITE)
    page.text(0.3 * page.width, 0.7 * page.width, 0.42, 0.04, (0.7, 0.15, 0.15), ragged=False)
    first, today = int(7 * page.stream.unit()), int(30 * page.stream.unit())
    for day in range(30):
        x = (0.1 + 0.8 * (((day + first) % 7) + 0.5) / 7) * page.width
        y = 0.34 - 0.065 * ((day + first) // 7)
        if day == today:
            page.frame(x - 0.04, y - 0.015, x + 0.04, y + 0.045, 0.008, (0.8, 0.1, 0.1))
        page.text(x - 0.02, x + 0.03, y, 0.03, (0.7, 0.15, 0.15) if (day + first) % 7 == 6 else _INK, ragged=False)


def timetable(page: Canvas) -> None:
    """A table of names and shifts with coloured cells."""
    rgb = _headed(page)
    rows, columns = 12, 8
    wide, tall = 0.94 * page.width / columns, 0.82 / rows
    for row in range(rows):
        for column in range(columns):
            x, y = 0.03 * page.width + column * wide, 0.03 + row * tall
            if column == 0 or row == rows - 1:
                page.box(x, y, x + wide, y + tall, rgb, 0.25)
                page.text(x + 0.01, x + wide - 0.005, y + 0.02, 0.025, _INK)
            elif page.stream.unit() < 0.5:
                page.box(x, y, x + wide, y + tall, page.stream.choice(_CRAYONS), 0.35)
    for k in range(rows + 1):
        page.stroke([(0.03 * page.width, 0.03 + k * tall), (0.97 * page.width, 0.03 + k * tall)], 0.003, _GREY)


def bar_chart(page: Canvas) -> None:
    """Bars over an axis, with a legend."""
    rgb = _headed(page)
    page.stroke([(0.1, 0.8), (0.1, 0.3), (page.width - 0.06, 0.3)], 0.008, _INK)
    count = int(page.stream.choice((5, 6, 8)))
    wide = (page.width - 0.22) / count
    for k in range(count):
        x = 0.13 + k * wide
        page.box(x, 0.3, x + 0.65 * wide, 0.3 + page.stream.uniform(0.08, 0.46), rgb if k % 2 else (0.6, 0.65, 0.7))
    page.paragraph(0.08, page.width - 0.08, 0.24, 0.04, 0.025, _GREY)


def curve_chart(page: Canvas) -> None:
    """Curves in a grid, as of a fever chart."""
    _headed(page)
    for k in range(9):
        y, x = 0.08 + 0.09 * k, 0.06 + k * (page.width - 0.12) / 8
        page.stroke([(0.06, y), (page.width - 0.06, y)], 0.003, (0.75, 0.80, 0.85))
        page.stroke([(x, 0.08), (x, 0.8)], 0.003, (0.75, 0.80, 0.85))
    for rgb in ((0.8, 0.15, 0.15), (0.15, 0.35, 0.75)):
        line = page.ridge(0.15, 0.75, 0.7, 12).tolist()
        page.stroke([(0.06 + k * (page.width - 0.12) / 11, y) for k, y in enumerate(line)], 0.01, rgb)


def information(page: Canvas) -> None:
    """Two columns of text with a photograph."""
    _headed(page)
    middle = page.width / 2
    page.gradient((0.5, 0.6, 0.5), (0.75, 0.8, 0.85), 0.5, 0.82)
    page.below(page.ridge(0.5, 0.75), (0.4, 0.5, 0.35))
    page.box(0.0, 0.0, page.width, 0.5, _WHITE)
    page.box(0.0, 0.0, middle, 0.87, _WHITE)
    page.box(page.width - 0.05, 0.0, page.width, 0.87, _WHITE)
    page.paragraph(0.05, middle - 0.02, 0.83, 0.05, 0.022, _INK)
    page.paragraph(middle + 0.01, page.width - 0.05, 0.46, 0.05, 0.022, _INK)


def notice(page: Canvas) -> None:
    """A printed sheet: a title, paragraphs, a line in colour, tape at its corners."""
    page.box(0.0, 0.0, page.width, 1.0, page.stream.choice((_WHITE, _WHITE, (0.96, 0.92, 0.66), (0.80, 0.90, 0.95))))
    page.text(0.08, page.width - 0.08, 0.84, 0.07, page.stream.choice((_INK, (0.75, 0.12, 0.12))))
    page.paragraph(0.08, page.width - 0.08, 0.78, 0.25, 0.03, _GREY)
    page.text(0.08, page.width - 0.08, 0.12, 0.05, page.stream.choice(_HEADS))
    for x in (0.0, page.width - 0.08):
        page.box(x, 0.95, x + 0.08, 1.0, (0.85, 0.82, 0.7))


def opening_hours(page: Canvas) -> None:
    """Days and times in two columns below a clock."""
    rgb = _headed(page)
    x = page.width / 2
    page.ellipse(x, 0.7, 0.13, 0.13, rgb)
    page.ellipse(x, 0.7, 0.11, 0.11, _WHITE)
    page.stroke([(x + 0.06, 0.73), (x, 0.7), (x, 0.79)], 0.014, _INK)
    for k in range(6):
        page.text(0.08 * page.width, 0.48 * page.width, 0.46 - 0.075 * k, 0.04, _INK)
        page.text(0.58 * page.width, 0.92 * page.width, 0.46 - 0.075 * k, 0.04, _GREY, ragged=False)


def vaccination(page: Canvas) -> None:
    """A syringe and a shield."""
    rgb = page.stream.choice(_HEADS)
    page.gradient((0.95, 0.95, 0.93), (0.78, 0.86, 0.90))
    x = page.width / 2
    page.polygon([(x - 0.24, 0.8), (x, 0.87), (x + 0.24, 0.8), (x + 0.2, 0.45), (x, 0.3), (x - 0.2, 0.45)], rgb)
    page.stroke([(x - 0.13, 0.45), (x + 0.12, 0.7)], 0.08, _WHITE)
    page.stroke([(x - 0.2, 0.38), (x - 0.13, 0.45)], 0.014, _WHITE)
    page.stroke([(x + 0.12, 0.7), (x + 0.18, 0.76)], 0.03, _WHITE)
    page.text(0.1 * page.width, 0.9 * page.width, 0.17, 0.08, rgb, ragged=False)
    page.paragraph(0.1 * page.width, 0.9 * page.width, 0.14, 0.04, 0.025, _GREY)


def child_house(page: Canvas) -> None:
    """A child's house with sun, tree and flowers, in crayon."""
    page.box(0.0, 0.0, page.width, 1.0, (0.97, 0.96, 0.93))
    x, wall = 0.3 * page.width, page.stream.choice(_CRAYONS)
    page.frame(x, 0.14, x + 0.3, 0.46, 0.018, wall)
    page.stroke([(x - 0.03, 0.46), (x + 0.15, 0.66), (x + 0.33, 0.46)], 0.02, page.stream.choice(_CRAYONS))
    page.frame(x + 0.11, 0.14, x + 0.19, 0.32, 0.012, page.stream.choice(_CRAYONS))
    sun = (page.width - 0.16, 0.84)
    page.ellipse(*sun, 0.08, 0.08, (0.97, 0.8, 0.15))
    for k in range(9):
        turn = math.radians(40.0 * k)
        ray = [(sun[0] + r * math.cos(turn), sun[1] + r * math.sin(turn)) for r in (0.1, 0.15)]
        page.stroke(ray, 0.012, (0.97, 0.7, 0.1))
    page.scribble(0.0, page.width, 0.06, 0.08, (0.25, 0.6, 0.2))
    for k in range(4):
        flower(page, (0.1 + 0.26 * k) * page.width, 0.12, 0.045, _CRAYONS[k])


def child_rainbow(page: Canvas) -> None:
    """A child's rainbow with clouds."""
    page.box(0.0, 0.0, page.width, 1.0, (0.97, 0.97, 0.95))
    x = page.width / 2
    for k, rgb in enumerate((_CRAYONS[0], (0.95, 0.55, 0.15), _CRAYONS[3], _CRAYONS[2], _CRAYONS[1], _CRAYONS[4])):
        size = (0.46 - 0.045 * k) * min(page.width, 1.4)
        arc = [(x + size * math.cos(0.16 * j), 0.25 + size * math.sin(0.16 * j)) for j in range(20)]
        page.stroke(arc, 0.04, rgb, 0.85)
    for side in (-1, 1):
        for k in range(3):
            page.ellipse(
                x + side * 0.36 * page.width + 0.07 * (k - 1), 0.24 + 0.03 * (k % 2), 0.08, 0.06, (0.75, 0.85, 0.95)
            )
    page.scribble(0.2 * page.width, 0.8 * page.width, 0.06, 0.07, page.stream.choice(_CRAYONS))
