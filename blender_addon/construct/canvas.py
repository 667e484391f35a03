"""A small canvas in numpy: flat shapes with smooth edges, gradients, cloudy noise and unreadable text.

Points are (x, y) in fractions of the canvas's height, from its lower left corner; x ends at ``Canvas.width``. Colours
are sRGB, 0..1, as displayed.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Optional

import numpy as np

from ..dataset_format import effects
from ..draw.streams import RandomStream
from ..draw.value_types import Array, Colour

LONG_SIDE = 192  # pixels of what hangs on walls
_Point = tuple[float, float]


class Canvas:
    """A painting in progress.

    Attributes:
        pixels: (H, W, 3) float64, row 0 at the bottom.
        width: of the canvas by its height.
        stream: the random numbers of the painting.
    """

    def __init__(
        self, aspect: float, stream: RandomStream, rgb: Colour = (0.93, 0.93, 0.91), long_side: int = LONG_SIDE
    ) -> None:
        rows = max(round(long_side / max(aspect, 1.0)), 24)
        columns = max(round(rows * aspect), 24)
        self.pixels: Array = np.empty((rows, columns, 3))
        self.pixels[:] = rgb
        self.width, self.stream = columns / rows, stream
        self._scale = float(rows)

    def gradient(self, bottom: Colour, top: Colour, y1: float = 0.0, y2: float = 1.0) -> None:
        """Fill the rows between two heights with colours from ``bottom`` to ``top``."""
        first, last = round(y1 * self._scale), round(y2 * self._scale)
        share = np.linspace(0.0, 1.0, max(last - first, 1))[:, None, None]
        self.pixels[first:last] = (np.asarray(bottom) * (1.0 - share) + np.asarray(top) * share)[: last - first]

    def box(self, x1: float, y1: float, x2: float, y2: float, rgb: Colour, opacity: float = 1.0) -> None:
        """Fill an upright rectangle."""
        self.polygon([(x1, y1), (x2, y1), (x2, y2), (x1, y2)], rgb, opacity)

    def frame(self, x1: float, y1: float, x2: float, y2: float, thick: float, rgb: Colour) -> None:
        """Draw the outline of an upright rectangle."""
        self.stroke([(x1, y1), (x2, y1), (x2, y2), (x1, y2), (x1, y1)], thick, rgb)

    def polygon(self, points: Sequence[_Point], rgb: Colour, opacity: float = 1.0) -> None:
        """Fill a polygon of any shape that does not cross itself."""
        corners = np.asarray(points, dtype=np.float64)
        place = self._around(corners.min(axis=0), corners.max(axis=0))
        if place is None:
            return
        x, y = self._grid(place)
        inside, nearest = np.zeros(np.broadcast(x, y).shape, dtype=bool), np.full((1, 1), np.inf)
        for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0)):
            nearest = np.minimum(nearest, _squared_distance(x, y, x1, y1, x2, y2))
            if y1 != y2:
                inside ^= ((y1 > y) != (y2 > y)) & (x < x1 + (y - y1) * (x2 - x1) / (y2 - y1))
        nearest = np.sqrt(nearest)
        self._blend(place, np.where(inside, -nearest, nearest), rgb, opacity)

    def ellipse(
        self, x: float, y: float, rx: float, ry: float, rgb: Colour, opacity: float = 1.0, turn: float = 0.0
    ) -> None:
        """Fill an ellipse with the half axes ``rx`` and ``ry``, turned by ``turn`` degrees."""
        reach = max(rx, ry)
        place = self._around(np.array([x - reach, y - reach]), np.array([x + reach, y + reach]))
        if place is None:
            return
        columns, rows = self._grid(place)
        cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        along = (columns - x) * cosine + (rows - y) * sine
        across = (rows - y) * cosine - (columns - x) * sine
        self._blend(place, (np.hypot(along / rx, across / ry) - 1.0) * min(rx, ry), rgb, opacity)

    def stroke(self, points: Sequence[_Point], thick: float, rgb: Colour, opacity: float = 1.0) -> None:
        """Draw straight lines from point to point with round ends."""
        corners = np.asarray(points, dtype=np.float64)
        place = self._around(corners.min(axis=0) - thick, corners.max(axis=0) + thick)
        if place is None:
            return
        x, y = self._grid(place)
        nearest = np.full((1, 1), np.inf)
        for (x1, y1), (x2, y2) in itertools.pairwise(corners):
            nearest = np.minimum(nearest, _squared_distance(x, y, x1, y1, x2, y2))
        self._blend(place, np.sqrt(nearest) - thick / 2, rgb, opacity)

    def arrow(self, x1: float, y1: float, x2: float, y2: float, thick: float, rgb: Colour) -> None:
        """Draw an arrow to (x2, y2)."""
        length = max(math.hypot(x2 - x1, y2 - y1), 1e-6)
        dx, dy = (x2 - x1) / length, (y2 - y1) / length
        back = (x2 - 2.2 * thick * dx, y2 - 2.2 * thick * dy)
        self.stroke([(x1, y1), back], thick, rgb)
        self.polygon(
            [
                (x2, y2),
                (back[0] - 1.6 * thick * dy, back[1] + 1.6 * thick * dx),
                (back[0] + 1.6 * thick * dy, back[1] - 1.6 * thick * dx),
            ],
            rgb,
        )

    def below(self, heights: Array, rgb: Colour, opacity: float = 1.0) -> None:
        """Fill what is below a line; ``heights`` are evenly spaced over the width, linear in between."""
        columns = np.linspace(0.0, 1.0, self.pixels.shape[1])
        line = np.interp(columns, np.linspace(0.0, 1.0, len(heights)), heights)
        rows = ((np.arange(len(self.pixels)) + 0.5) / self._scale)[:, None]
        self._blend((slice(None), slice(None)), rows - line[None], rgb, opacity)

    def ridge(self, low: float, high: float, rough: float = 0.5, steps: int = 33) -> Array:
        """(steps,) heights of a random skyline between ``low`` and ``high``; ``rough`` 0 is smooth."""
        line = np.zeros(steps)
        for octave in range(5):
            knots = np.array([self.stream.unit() for _ in range(2 ** (octave + 1) + 1)])
            line += rough**octave * np.interp(np.linspace(0, 1, steps), np.linspace(0, 1, len(knots)), knots)
        line -= line.min()
        return low + (high - low) * line / max(float(line.max()), 1e-6)

    def mottle(self, depth: float, size: float = 0.01) -> None:
        """Vary the brightness by up to about ``depth``, in patches ``size`` of the height wide: brush or paper."""
        rows, columns = self.pixels.shape[:2]
        step = max(round(size * self._scale), 1)
        noise = effects.normal(self.seed(), (rows // step + 1, columns // step + 1))
        noise = noise.repeat(step, axis=0).repeat(step, axis=1)[:rows, :columns, None]
        self.pixels *= 1.0 + 0.5 * depth * noise

    def text(self, x1: float, x2: float, y: float, size: float, rgb: Colour, ragged: bool = True) -> None:
        """A line of unreadable words from x1 to about x2; its letters stand on ``y`` and are ``size`` tall."""
        x, end = x1, x2 - (self.stream.uniform(0.0, 0.35) * (x2 - x1) if ragged else 0.0)
        while x < end - 0.8 * size:
            word = min(size * (1.2 + 4.0 * self.stream.unit()), end - x)
            self._word(x, x + word, y, size, rgb)
            x += word + 0.6 * size

    def paragraph(self, x1: float, x2: float, top: float, bottom: float, size: float, rgb: Colour) -> None:
        """Lines of unreadable words from ``top`` down to ``bottom``."""
        y = top - size
        while y > bottom:
            self.text(x1, x2, y, size, rgb)
            y -= 1.9 * size

    def scribble(self, x1: float, x2: float, y: float, size: float, rgb: Colour) -> None:
        """A line of handwriting from x1 to about x2."""
        end = x1 + (x2 - x1) * self.stream.uniform(0.55, 1.0)
        x = x1
        while x < end:
            word = min(size * (1.5 + 3.5 * self.stream.unit()), end - x)
            count = max(int(word / (0.3 * size)), 2)
            heights = [
                y + size * (0.9 * self.stream.unit() if k % 2 else 0.1 * self.stream.unit()) for k in range(count)
            ]
            self.stroke(list(zip(np.linspace(x, x + word, count).tolist(), heights)), 0.16 * size, rgb, 0.9)
            x += word + 0.7 * size

    def seed(self) -> int:
        """A random whole number."""
        return int(self.stream.unit() * 2**32)

    def _word(self, x1: float, x2: float, y: float, size: float, rgb: Colour) -> None:
        """Random fields in the places of letters."""
        rows, columns = self.pixels.shape[:2]
        first, last = (min(max(round(x * self._scale), 0), columns) for x in (x1, x2))
        foot = min(max(round(y * self._scale), 0), rows)
        top = min(max(round((y + 0.75 * size) * self._scale), foot + 1), rows)
        if last <= first or top <= foot:
            return
        # Glyphs of four by three fields, so large letters look like signs and small ones like print.
        fine = max(round(size * self._scale / 5.0), 1)
        glyphs = effects.normal(self.seed(), ((top - foot) // fine + 1, (last - first) // fine + 1)) > -0.35
        glyphs[:, 3::4] = False
        ink = glyphs.repeat(fine, axis=0).repeat(fine, axis=1)[: top - foot, : last - first, None] * 0.9
        patch = self.pixels[foot:top, first:last]
        patch += (np.asarray(rgb) - patch) * ink

    def _around(self, low: Array, high: Array) -> Optional[_Place]:
        """The pixels of a box and those next to it; None if it lies outside the canvas."""
        x1, y1 = np.maximum(np.floor(low * self._scale).astype(int) - 1, 0).tolist()
        x2, y2 = (np.ceil(high * self._scale).astype(int) + 1).tolist()
        x2, y2 = min(x2, self.pixels.shape[1]), min(y2, len(self.pixels))
        return (slice(y1, y2), slice(x1, x2)) if x2 > x1 and y2 > y1 else None

    def _grid(self, place: _Place) -> tuple[Array, Array]:
        rows, columns = (np.arange(part.start, part.stop) for part in place)
        return ((columns + 0.5) / self._scale)[None], ((rows + 0.5) / self._scale)[:, None]

    def _blend(self, place: _Place, distance: Array, rgb: Colour, opacity: float) -> None:
        """Paint where the signed ``distance`` is negative, in part within half a pixel of the edge."""
        cover = np.clip(0.5 - distance * self._scale, 0.0, 1.0)[..., None] * opacity
        patch = self.pixels[place]
        patch += (np.asarray(rgb) - patch) * cover


_Place = tuple[slice, slice]


def _squared_distance(x: Array, y: Array, x1: float, y1: float, x2: float, y2: float) -> Array:
    """Squared, from points to the line between two points."""
    dx, dy = x2 - x1, y2 - y1
    along = np.clip(((x - x1) * dx + (y - y1) * dy) / max(dx * dx + dy * dy, 1e-12), 0.0, 1.0)
    return (x - x1 - along * dx) ** 2 + (y - y1 - along * dy) ** 2
