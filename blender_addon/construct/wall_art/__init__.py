"""Painting what hangs on walls, in numpy: pictures, posters, signs, notice boards and whiteboards.

- ``pictures``  landscapes, still lifes, abstract paintings
- ``posters``   printed information
- ``boards``    signs, notice boards, whiteboards
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ...draw.streams import RandomStream
from ..canvas import Canvas
from . import boards, pictures, posters

PAINTERS: dict[str, Callable[[Canvas], None]] = {
    painter.__name__: painter
    for painter in (
        pictures.mountains, pictures.lake, pictures.sea, pictures.sunset, pictures.forest, pictures.meadow,
        pictures.desert, pictures.city, pictures.lighthouse, pictures.winter, pictures.birches, pictures.colour_fields,
        pictures.circles, pictures.squares, pictures.brush_strokes, pictures.arches, pictures.waves, pictures.vase,
        pictures.fruit, pictures.bottles, pictures.blossom, pictures.leaves, pictures.tree, pictures.animal,
        pictures.certificate, posters.hand_washing, posters.heart, posters.spine, posters.lungs, posters.eye_chart,
        posters.food, posters.forbidden, posters.warning, posters.mask_rule, posters.calendar, posters.timetable,
        posters.bar_chart, posters.curve_chart, posters.information, posters.notice, posters.opening_hours,
        posters.vaccination, posters.child_house, posters.child_rainbow, boards.exit_sign, boards.directions,
        boards.room_number, boards.first_aid, boards.toilets, boards.fire_point, boards.radiation, boards.quiet,
        boards.pinned_papers, boards.tidy_papers, boards.bed_board, boards.handwriting, boards.diagram,
    )
}  # fmt: skip


def paint(name: str, seed: int, aspect: float) -> NDArray[np.float32]:
    """(H, W, 3) float32 sRGB, 0..1, row 0 at the bottom: the drawing ``name`` on a page of width / height ``aspect``.

    Args:
        name: one of ``PAINTERS``.
        seed: varies the drawing.
    """
    page = Canvas(aspect, RandomStream(seed, 0, f"wall art/{name}"))
    PAINTERS[name](page)
    return np.clip(page.pixels, 0.0, 1.0).astype(np.float32)
