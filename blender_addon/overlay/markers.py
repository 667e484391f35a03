"""Draws the markers of a custom room over the viewport: an arrow to the front and the marker's purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gpu
import numpy as np
from bpy_extras.view3d_utils import location_3d_to_region_2d
from mathutils import Vector
from numpy.typing import NDArray

from ..construct.custom_markers import MARK
from .drawing import draw_lines, draw_segments

if TYPE_CHECKING:
    from bpy.types import Context, Object

_RGB = {"lie": (0.34, 0.71, 0.91), "sit": (0.9, 0.62, 0.0), "stand": (0.3, 0.85, 0.6)}
_FRONT = {"lie": "feet here", "sit": "faces this way", "stand": ""}
_TITLE = {"lie": "Lie", "sit": "Sit", "stand": "Stand"}
_BARB = 0.25  # of the arrow's length


def draw_markers(context: Context) -> None:
    """Draw every visible marker of the scene; always in front of the room."""
    gpu.state.blend_set("ALPHA")
    for item in context.scene.objects:
        kind = item.get(MARK)
        if kind in _RGB and item.visible_get():
            _draw_marker(context, item, kind)
    gpu.state.blend_set("NONE")


def _draw_marker(context: Context, item: Object, kind: str) -> None:
    half = item.empty_display_size if item.type == "EMPTY" else 0.5
    outline = _in_region(context, item, [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)])
    arrow = _in_region(context, item, [(0.0, 0.0), (0.0, -1.6 * half)])
    if outline is None or arrow is None:
        return
    draw_segments(np.stack([outline[:-1], outline[1:]], axis=1), _RGB[kind])
    turn = round(np.degrees(item.matrix_world.to_euler().z)) % 360
    title = _TITLE[kind] if kind == "stand" else f"{_TITLE[kind]}, heading {turn}\N{DEGREE SIGN}"
    if kind != "stand":
        start, tip = arrow
        along, across = (tip - start) * _BARB, (tip - start)[::-1] * np.array([-1.0, 1.0]) * _BARB
        barbs = [[tip, tip - along + across], [tip, tip - along - across]]
        draw_segments(np.array([[start, tip], *barbs]), _RGB[kind])
        draw_lines(tip[0] + 4, tip[1] - 6, (_FRONT[kind],), _RGB[kind])
    draw_lines(outline[3][0], outline[3][1] + 6, (title,), _RGB[kind])


def _in_region(context: Context, item: Object, points: list[tuple[float, float]]) -> NDArray[np.float64] | None:
    """(N, 2) region pixels of points of the marker's plane; None where one is behind the view."""
    placed = [
        location_3d_to_region_2d(context.region, context.region_data, item.matrix_world @ Vector((x, y, 0.0)))
        for x, y in points
    ]
    return None if any(point is None for point in placed) else np.array([tuple(point) for point in placed])
