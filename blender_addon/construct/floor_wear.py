"""Painting the wear of a floor, in numpy: trodden paths, scuff marks, stains, dirt along the walls."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..dataset_format import effects
from ..draw.spec import WearSpec
from ..draw.streams import RandomStream
from ..draw.value_types import Colour
from .canvas import Canvas

_LONG_SIDE = 224  # pixels
_PATH = 0.7  # metres, the width of a trodden path
# Red is dirt, which darkens; green is lost gloss.
_TRODDEN: Colour = (0.30, 0.6, 0.0)
_SCUFF: Colour = (0.8, 0.7, 0.0)
_STAIN: Colour = (0.45, 0.2, 0.0)
_EDGE: Colour = (0.40, 0.6, 0.0)


def paint(wear: WearSpec, width: float, depth: float) -> NDArray[np.float32]:
    """(H, W, 3) float32, 0..1, row 0 at -y: dirt in the first channel, lost gloss in the second.

    Args:
        width, depth: of the room, metres along x and y.
    """
    stream = RandomStream(wear.seed, 0, "floor wear")
    page = Canvas(width / depth, stream, (0.0, 0.0, 0.0), _LONG_SIDE)
    for x1, y1, x2, y2 in wear.paths:
        ends = [((x + width / 2) / depth, (y + depth / 2) / depth) for x, y in ((x1, y1), (x2, y2))]
        page.stroke(ends, _PATH * stream.uniform(0.5, 1.2) / depth, _TRODDEN, stream.uniform(0.3, 0.7))
    page.frame(0.0, 0.0, page.width, 1.0, 0.12 / depth, _EDGE)
    blurred = effects.gaussian(page.pixels.astype(np.float32), 0.14 / depth * len(page.pixels))
    page.pixels[:] = blurred
    page.mottle(0.5, 0.02)
    for _ in range(int(8 + 25 * wear.amount)):
        _scuff(page, stream, depth)
    for _ in range(int(7 * wear.amount * stream.unit())):
        x, y, size = stream.unit() * page.width, stream.unit(), stream.uniform(0.03, 0.14) / depth
        page.ellipse(
            x, y, size, size * stream.uniform(0.5, 1.0), _STAIN, stream.uniform(0.2, 0.8), stream.unit() * 180.0
        )
    return np.clip(page.pixels * wear.amount, 0.0, 1.0).astype(np.float32)


def _scuff(page: Canvas, stream: RandomStream, depth: float) -> None:
    """A dark arc, as of a wheel or a heel."""
    x, y = stream.unit() * page.width, stream.unit()
    length, turn, bend = stream.uniform(0.06, 0.6) / depth, stream.unit() * 6.3, stream.normal(0.0, 0.8)
    steps = np.linspace(0.0, 1.0, 5)
    along = [(x + length * s * np.cos(turn + bend * s), y + length * s * np.sin(turn + bend * s)) for s in steps]
    page.stroke(along, stream.uniform(0.008, 0.02) / depth, _SCUFF, stream.uniform(0.2, 0.7))
