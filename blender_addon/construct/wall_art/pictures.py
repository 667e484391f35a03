"""Framed pictures: landscapes, still lifes, flowers, abstract paintings and a certificate."""

from __future__ import annotations

import math

import numpy as np

from ...draw.value_types import Colour
from ..canvas import Canvas

_SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((0.85, 0.90, 0.94), (0.42, 0.62, 0.84)),
    ((0.95, 0.80, 0.62), (0.55, 0.62, 0.78)),
    ((0.86, 0.87, 0.86), (0.66, 0.70, 0.73)),
    ((0.98, 0.72, 0.48), (0.45, 0.35, 0.55)),
)
_TINTS: tuple[Colour, ...] = (
    (0.78, 0.30, 0.22), (0.88, 0.62, 0.24), (0.20, 0.42, 0.52), (0.34, 0.50, 0.36), (0.55, 0.34, 0.44),
    (0.16, 0.22, 0.32), (0.86, 0.78, 0.62), (0.70, 0.52, 0.40), (0.45, 0.58, 0.70), (0.90, 0.86, 0.80),
)  # fmt: skip
_PETALS: tuple[Colour, ...] = (
    (0.86, 0.24, 0.30), (0.95, 0.74, 0.22), (0.92, 0.90, 0.86), (0.62, 0.36, 0.66), (0.95, 0.55, 0.62),
    (0.40, 0.48, 0.80),
)  # fmt: skip
_GREEN: Colour = (0.26, 0.42, 0.22)
_DARK: Colour = (0.16, 0.15, 0.17)


def mountains(page: Canvas) -> None:
    """Ranges of mountains, the far ones paler, the highest with snow."""
    page.gradient(*page.stream.choice(_SKIES))
    peaks = page.ridge(0.45, 0.85, 0.55)
    page.below(peaks, (0.58, 0.64, 0.72))
    page.below(np.minimum(peaks, page.ridge(0.45, 0.75, 0.8)), (0.46, 0.53, 0.60))
    page.below(page.ridge(0.2, 0.5), (0.36, 0.44, 0.40))
    page.below(page.ridge(0.05, 0.22), (0.24, 0.33, 0.20))
    page.mottle(0.08)


def lake(page: Canvas) -> None:
    """Hills that are mirrored by still water."""
    page.gradient(*page.stream.choice(_SKIES[:3]), y1=0.45)
    heights = page.ridge(0.5, 0.78, 0.4)
    page.below(heights, (0.34, 0.45, 0.38))
    page.below(np.full(2, 0.48), (0.60, 0.70, 0.76))
    page.pixels[: len(page.pixels) * 48 // 100] *= 0.9
    row = len(page.pixels) * 48 // 100
    page.pixels[:row] = 0.55 * page.pixels[:row] + 0.4 * page.pixels[row : 2 * row][::-1]
    page.mottle(0.06, 0.015)


def sea(page: Canvas) -> None:
    """Waves below a wide sky, sometimes with a sail."""
    page.gradient(*page.stream.choice(_SKIES), y1=0.4)
    page.gradient((0.20, 0.46, 0.50), (0.36, 0.56, 0.68), 0.0, 0.4)
    for k in range(9):
        y, x = 0.36 - 0.04 * k, page.stream.uniform(0.0, 0.8) * page.width
        page.stroke([(x, y), (x + 0.25 + 0.04 * k, y + 0.005)], 0.006 + 0.001 * k, (0.88, 0.92, 0.92), 0.7)
    x = page.stream.uniform(0.3, 0.7) * page.width
    page.polygon([(x, 0.42), (x, 0.72), (x + 0.16, 0.44)], (0.95, 0.94, 0.90))
    page.polygon([(x - 0.02, 0.44), (x - 0.02, 0.66), (x - 0.11, 0.44)], (0.88, 0.85, 0.80))
    page.polygon([(x - 0.13, 0.41), (x + 0.18, 0.41), (x + 0.12, 0.36), (x - 0.08, 0.36)], (0.35, 0.16, 0.12))


def sunset(page: Canvas) -> None:
    """A low sun over dark hills."""
    page.gradient((0.99, 0.70, 0.35), (0.40, 0.28, 0.50))
    page.ellipse(page.stream.uniform(0.25, 0.75) * page.width, 0.36, 0.11, 0.11, (1.0, 0.90, 0.62))
    page.below(page.ridge(0.2, 0.4), (0.42, 0.22, 0.28))
    page.below(page.ridge(0.05, 0.24), (0.20, 0.12, 0.16))


def forest(page: Canvas) -> None:
    """Trunks in mist, the near ones darker."""
    page.gradient((0.62, 0.70, 0.56), (0.86, 0.89, 0.82))
    for layer in range(3):
        for _ in range(5):
            x = page.stream.unit() * page.width
            thick = 0.02 + 0.02 * layer
            tone = 0.62 - 0.2 * layer
            page.polygon(
                [(x - thick, 0.0), (x + thick, 0.0), (x + 0.6 * thick, 1.0), (x - 0.6 * thick, 1.0)],
                (0.85 * tone, 0.85 * tone, 0.75 * tone),
            )
    page.below(page.ridge(0.05, 0.16), (0.32, 0.42, 0.20))
    page.mottle(0.12, 0.02)


def meadow(page: Canvas) -> None:
    """A field of flowers below a summer sky."""
    page.gradient(*_SKIES[0], y1=0.5)
    page.gradient((0.36, 0.52, 0.20), (0.58, 0.68, 0.36), 0.0, 0.52)
    petal = page.stream.choice(_PETALS)
    for k in range(50):
        y = 0.5 * (1.0 - math.sqrt(page.stream.unit()))
        size = 0.006 + 0.035 * (0.5 - y)
        page.ellipse(page.stream.unit() * page.width, y, size, size, petal if k % 4 else (0.96, 0.95, 0.9))


def desert(page: Canvas) -> None:
    """Dunes with a lit and a shaded side."""
    page.gradient((0.90, 0.82, 0.70), (0.50, 0.66, 0.82))
    for k, tone in enumerate((0.95, 0.82, 0.68)):
        page.below(page.ridge(0.35 - 0.15 * k, 0.58 - 0.14 * k, 0.15), (tone, 0.74 * tone, 0.46 * tone))


def city(page: Canvas) -> None:
    """A skyline with lit windows."""
    page.gradient(*page.stream.choice(_SKIES))
    for layer, tone in enumerate((0.56, 0.30)):
        x = 0.0
        while x < page.width:
            wide, tall = page.stream.uniform(0.08, 0.18), page.stream.uniform(0.25, 0.8 - 0.25 * layer)
            page.box(x, 0.0, x + wide, tall, (tone, 1.02 * tone, 1.1 * tone))
            for y in np.arange(0.06, tall - 0.05, 0.07) if layer else ():
                page.box(x + 0.25 * wide, y, x + 0.75 * wide, y + 0.025, (0.95, 0.85, 0.55), page.stream.unit())
            x += wide + 0.01


def lighthouse(page: Canvas) -> None:
    """A striped tower on a rock by the sea."""
    page.gradient(*page.stream.choice(_SKIES), y1=0.3)
    page.gradient((0.22, 0.40, 0.50), (0.40, 0.58, 0.66), 0.0, 0.3)
    x = page.stream.uniform(0.35, 0.65) * page.width
    page.polygon([(x - 0.4, 0.0), (x + 0.35, 0.0), (x + 0.14, 0.3), (x - 0.16, 0.28)], (0.36, 0.33, 0.30))
    for k in range(5):
        low, half = 0.28 + 0.1 * k, 0.075 - 0.007 * k
        page.polygon(
            [(x - half, low), (x + half, low), (x + half - 0.007, low + 0.1), (x - half + 0.007, low + 0.1)],
            (0.78, 0.20, 0.18) if k % 2 else (0.94, 0.93, 0.90),
        )
    page.box(x - 0.035, 0.78, x + 0.035, 0.86, (0.98, 0.90, 0.55))
    page.polygon([(x - 0.05, 0.86), (x + 0.05, 0.86), (x, 0.93)], (0.25, 0.20, 0.20))


def winter(page: Canvas) -> None:
    """Snow, firs and a cabin."""
    page.gradient((0.90, 0.92, 0.95), (0.60, 0.70, 0.82))
    page.below(page.ridge(0.3, 0.45, 0.3), (0.93, 0.95, 0.97))
    for _ in range(9):
        x, y, size = page.stream.unit() * page.width, page.stream.uniform(0.15, 0.35), page.stream.uniform(0.15, 0.35)
        for k in range(3):
            low, half = y + 0.25 * k * size, 0.26 * size * (1.0 - 0.25 * k)
            page.polygon([(x - half, low), (x + half, low), (x, low + 0.5 * size)], (0.18, 0.30, 0.27))
    x = page.stream.uniform(0.3, 0.6) * page.width
    page.box(x, 0.12, x + 0.24, 0.28, (0.42, 0.26, 0.18))
    page.polygon([(x - 0.03, 0.28), (x + 0.27, 0.28), (x + 0.12, 0.42)], (0.96, 0.97, 0.98))
    page.box(x + 0.08, 0.16, x + 0.14, 0.23, (0.98, 0.85, 0.45))


def birches(page: Canvas) -> None:
    """White trunks with dark marks before autumn leaves."""
    page.gradient((0.70, 0.56, 0.24), (0.90, 0.74, 0.36))
    page.mottle(0.25, 0.04)
    x = page.stream.uniform(0.02, 0.1)
    while x < page.width:
        thick = page.stream.uniform(0.03, 0.07)
        page.box(x, 0.0, x + thick, 1.0, (0.92, 0.91, 0.88))
        for _ in range(7):
            y = page.stream.unit()
            page.box(x, y, x + thick * page.stream.uniform(0.3, 0.8), y + 0.012, (0.22, 0.20, 0.19))
        x += thick + page.stream.uniform(0.06, 0.25)


def colour_fields(page: Canvas) -> None:
    """Two or three wide soft bands of colour on a ground."""
    page.box(0.0, 0.0, page.width, 1.0, page.stream.choice(_TINTS))
    y = 0.07
    while y < 0.85:
        tall = min(page.stream.uniform(0.15, 0.45), 0.94 - y)
        page.box(0.07, y, page.width - 0.07, y + tall, page.stream.choice(_TINTS), 0.9)
        y += tall + 0.04
    page.mottle(0.08, 0.02)


def circles(page: Canvas) -> None:
    """Overlapping translucent discs."""
    page.box(0.0, 0.0, page.width, 1.0, (0.93, 0.91, 0.86))
    for _ in range(9):
        size = page.stream.uniform(0.08, 0.32)
        x, y = page.stream.unit() * page.width, page.stream.unit()
        page.ellipse(x, y, size, size, page.stream.choice(_TINTS), 0.75)


def squares(page: Canvas) -> None:
    """A grid of coloured fields."""
    rows = int(page.stream.choice((4, 5, 6)))
    columns = max(round(rows * page.width), 2)
    for row in range(rows):
        for column in range(columns):
            x, y = column * page.width / columns, row / rows
            page.box(x, y, x + page.width / columns, y + 1 / rows, page.stream.choice(_TINTS))
    page.mottle(0.1, 0.02)


def brush_strokes(page: Canvas) -> None:
    """Broad curved strokes."""
    page.box(0.0, 0.0, page.width, 1.0, (0.94, 0.93, 0.90))
    for _ in range(7):
        points = [(page.stream.unit() * page.width, page.stream.unit()) for _ in range(3)]
        bends = np.linspace(0.0, 1.0, 9)[:, None]
        first, middle, last = (np.asarray(point) for point in points)
        curve = first * (1 - bends) ** 2 + 2 * middle * bends * (1 - bends) + last * bends**2
        page.stroke(
            [(x, y) for x, y in curve.tolist()], page.stream.uniform(0.02, 0.1), page.stream.choice(_TINTS), 0.9
        )


def arches(page: Canvas) -> None:
    """Nested arches in warm colours."""
    page.box(0.0, 0.0, page.width, 1.0, (0.92, 0.87, 0.80))
    for x in (0.32, 0.72):
        for k in range(4):
            size = (0.3 - 0.07 * k) * min(page.width, 1.0)
            tall = page.stream.uniform(0.4, 0.6) if k == 0 else 0.45
            rgb = page.stream.choice(_TINTS)
            page.box(x * page.width - size, 0.0, x * page.width + size, tall, rgb)
            page.ellipse(x * page.width, tall, size, size, rgb)


def waves(page: Canvas) -> None:
    """Bands that swing across the page."""
    rgb = [page.stream.choice(_TINTS) for _ in range(3)]
    swing, phase = page.stream.uniform(4.0, 9.0), page.stream.uniform(0.0, 6.0)
    across = np.linspace(0.0, 1.0, 40)
    for k in range(10):
        page.below(1.05 - 0.11 * k + 0.06 * np.sin(swing * across + phase + 0.5 * k), rgb[k % 3])


def vase(page: Canvas) -> None:
    """Flowers in a vase on a table."""
    page.box(0.0, 0.0, page.width, 1.0, page.stream.choice(_TINTS[-4:]))
    page.box(0.0, 0.0, page.width, 0.2, (0.45, 0.32, 0.22))
    x, petal = page.width / 2, page.stream.choice(_PETALS)
    for _ in range(9):
        at = (x + page.stream.uniform(-0.25, 0.25), page.stream.uniform(0.55, 0.88))
        page.stroke([(x, 0.38), at], 0.012, _GREEN)
        flower(page, *at, page.stream.uniform(0.05, 0.08), petal if page.stream.unit() < 0.7 else _PETALS[2])
    page.ellipse(x, 0.25, 0.13, 0.14, page.stream.choice(_TINTS))
    page.box(x - 0.07, 0.3, x + 0.07, 0.44, page.stream.choice(_TINTS))


def fruit(page: Canvas) -> None:
    """A bowl of fruit."""
    page.gradient((0.50, 0.40, 0.30), (0.66, 0.60, 0.50))
    page.box(0.0, 0.0, page.width, 0.28, (0.86, 0.83, 0.76))
    x = page.width / 2
    for dx, dy in ((-0.2, 0.47), (0.2, 0.47), (0.0, 0.5), (-0.1, 0.6), (0.11, 0.6)):
        rgb = page.stream.choice(((0.82, 0.22, 0.16), (0.92, 0.60, 0.16), (0.72, 0.74, 0.24), (0.90, 0.78, 0.30)))
        page.ellipse(x + dx, dy, 0.115, 0.11, rgb)
        page.ellipse(x + dx - 0.03, dy + 0.04, 0.03, 0.025, (1.0, 0.95, 0.85), 0.5)
    page.polygon([(x - 0.38, 0.44), (x + 0.38, 0.44), (x + 0.2, 0.2), (x - 0.2, 0.2)], (0.30, 0.42, 0.55))


def bottles(page: Canvas) -> None:
    """Bottles and jars in a row, in quiet colours."""
    page.gradient((0.78, 0.73, 0.66), (0.70, 0.70, 0.68))
    page.box(0.0, 0.0, page.width, 0.3, (0.62, 0.54, 0.46))
    x = 0.1
    while x < page.width - 0.12:
        wide, tall, rgb = page.stream.uniform(0.1, 0.18), page.stream.uniform(0.2, 0.45), page.stream.choice(_TINTS)
        page.box(x, 0.18, x + wide, 0.18 + tall, rgb)
        page.ellipse(x + wide / 2, 0.18 + tall, wide / 2, 0.05, rgb)
        page.box(x + 0.35 * wide, 0.18 + tall, x + 0.65 * wide, 0.36 + tall, rgb)
        x += wide + page.stream.uniform(0.01, 0.06)
    page.mottle(0.08, 0.02)


def flower(page: Canvas, x: float, y: float, size: float, rgb: Colour) -> None:
    """One flower, seen from the front."""
    for k in range(6):
        turn = math.radians(60.0 * k)
        page.ellipse(
            x + 0.6 * size * math.cos(turn), y + 0.6 * size * math.sin(turn), 0.5 * size, 0.3 * size, rgb, 1.0, 60.0 * k
        )
    page.ellipse(x, y, 0.3 * size, 0.3 * size, (0.90, 0.70, 0.20))


def blossom(page: Canvas) -> None:
    """One large flower that nearly fills the page."""
    page.box(0.0, 0.0, page.width, 1.0, page.stream.choice(_TINTS))
    page.stroke([(page.width / 2, 0.55), (page.width * page.stream.uniform(0.3, 0.7), 0.0)], 0.03, _GREEN)
    flower(page, page.width / 2, 0.55, 0.42 * min(page.width, 1.0), page.stream.choice(_PETALS))
    page.mottle(0.06)


def leaves(page: Canvas) -> None:
    """A pressed branch on pale paper."""
    page.box(0.0, 0.0, page.width, 1.0, (0.93, 0.91, 0.85))
    x, lean, tone = page.width / 2, page.stream.uniform(-0.15, 0.15), page.stream.uniform(0.7, 1.2)
    page.stroke([(x, 0.08), (x + lean, 0.92)], 0.012, _GREEN)
    for k in range(6):
        share = (k + 1) / 7
        for side in (-1, 1):
            at, reach = (x + lean * share, 0.08 + 0.84 * share), 0.2 * (1.1 - share)
            rgb = (0.30 * tone, 0.45 * tone, 0.28 * tone)
            page.ellipse(at[0] + side * reach * 0.8, at[1] + 0.4 * reach, reach, 0.3 * reach, rgb, 1.0, side * 28.0)


def tree(page: Canvas) -> None:
    """One broad tree on a hill."""
    page.gradient(*page.stream.choice(_SKIES))
    page.below(page.ridge(0.15, 0.3, 0.2), (0.46, 0.54, 0.26))
    x, rgb = (
        page.stream.uniform(0.35, 0.65) * page.width,
        page.stream.choice((_GREEN, (0.72, 0.40, 0.16), (0.5, 0.5, 0.2))),
    )
    page.polygon([(x - 0.04, 0.18), (x + 0.04, 0.18), (x + 0.02, 0.55), (x - 0.02, 0.55)], (0.28, 0.20, 0.15))
    for _ in range(16):
        dx, dy, size = (
            page.stream.uniform(-0.22, 0.22),
            page.stream.uniform(-0.12, 0.2),
            page.stream.uniform(0.06, 0.13),
        )
        tone = page.stream.uniform(0.8, 1.2)
        page.ellipse(x + dx, 0.62 + dy, size, size, (rgb[0] * tone, rgb[1] * tone, rgb[2] * tone))


def animal(page: Canvas) -> None:
    """A sitting cat in profile."""
    page.box(0.0, 0.0, page.width, 1.0, page.stream.choice(_TINTS[-4:]))
    page.box(0.0, 0.0, page.width, 0.2, page.stream.choice(_TINTS[:6]))
    fur, x = page.stream.choice((_DARK, (0.78, 0.50, 0.24), (0.55, 0.54, 0.52))), page.width / 2
    page.ellipse(x, 0.34, 0.18, 0.24, fur)
    page.ellipse(x - 0.05, 0.65, 0.12, 0.11, fur)
    for dx in (-0.15, 0.03):
        page.polygon([(x + dx, 0.7), (x + dx + 0.08, 0.73), (x + dx + 0.03, 0.83)], fur)
    page.stroke([(x + 0.12, 0.16), (x + 0.3, 0.2), (x + 0.32, 0.4)], 0.05, fur)
    for dx in (-0.09, -0.01):
        page.ellipse(x + dx, 0.66, 0.018, 0.02, (0.85, 0.85, 0.4))


def certificate(page: Canvas) -> None:
    """A document with a border, a title, a signature and a seal."""
    page.box(0.0, 0.0, page.width, 1.0, (0.95, 0.93, 0.86))
    page.frame(0.06, 0.06, page.width - 0.06, 0.94, 0.014, page.stream.choice(_TINTS[:6]))
    page.frame(0.09, 0.09, page.width - 0.09, 0.91, 0.006, (0.6, 0.5, 0.3))
    middle = page.width / 2
    page.text(middle - 0.3 * page.width, middle + 0.3 * page.width, 0.74, 0.09, _DARK, ragged=False)
    page.paragraph(middle - 0.3 * page.width, middle + 0.3 * page.width, 0.66, 0.36, 0.035, (0.3, 0.3, 0.3))
    page.scribble(0.16 * page.width, 0.5 * page.width, 0.2, 0.08, (0.12, 0.16, 0.45))
    page.ellipse(0.76 * page.width, 0.24, 0.08, 0.08, (0.75, 0.20, 0.16))
