"""Draws labels onto the pixels of an image, in numpy: boxes, masks, skeletons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..dataset_format import keypoints, masks, record

# One colour per person, sRGB 0..255, distinguishable for colour-blind people too (Okabe and Ito 2008).
COLOURS = ((230, 159, 0), (86, 180, 233), (0, 158, 115), (240, 228, 66), (213, 94, 0), (204, 121, 167))
OBJECT_COLOUR = (150, 150, 150)


# Dashes: of each period of pixels along a side, how many are drawn, by kind of box.
_PERIOD = 6
_DRAWN = {"bbox_amodal": 2, "bbox_covered": 4, "bbox_visible": 6}  # dotted, dashed, solid
_TINT = 0.3  # opacity of a mask's colour


def draw_labels(pixels: np.ndarray, frame: record.Frame) -> np.ndarray:
    """(H, W, 3) uint8, row 0 at the top -> a copy with the frame's masks, boxes and skeletons.

    Visible boxes are solid, covered ones dashed, amodal ones dotted; visible key points are filled, hidden ones
    hollow.
    """
    canvas = pixels.copy()
    for instance in frame.instances:
        colour = COLOURS[instance.id % len(COLOURS)] if instance.keypoints else OBJECT_COLOUR
        if instance.keypoints is not None and instance.mask is not None:
            mask = masks.decode(instance.mask)
            canvas[mask] = ((1 - _TINT) * canvas[mask] + _TINT * np.array(colour)).astype(np.uint8)
        for kind, drawn in _DRAWN.items():
            if getattr(instance, kind) is not None:
                _draw_box(canvas, getattr(instance, kind), colour, drawn)
        if instance.keypoints is not None:
            _draw_skeleton(canvas, instance.keypoints, colour)
    return canvas


def _draw_box(canvas: np.ndarray, box: Sequence[float], colour: tuple[int, ...], drawn: int) -> None:
    x, y, width, height = (round(value) for value in box)
    x2, y2 = x + width - 1, y + height - 1
    for start, end in (((x, y), (x2, y)), ((x, y2), (x2, y2)), ((x, y), (x, y2)), ((x2, y), (x2, y2))):
        _draw_line(canvas, start, end, colour, drawn)


def _draw_skeleton(canvas: np.ndarray, points: Sequence[Sequence[float]], colour: tuple[int, ...]) -> None:
    for first, second in keypoints.LIMBS:
        a, b = points[keypoints.NAMES.index(first)], points[keypoints.NAMES.index(second)]
        if a[2] and b[2]:
            _draw_line(canvas, a[:2], b[:2], colour)
    for x, y, v in points:
        if v:
            _draw_disc(canvas, x, y, 2.6, colour)
            if v == keypoints.HIDDEN:
                _draw_disc(canvas, x, y, 1.4, (0, 0, 0))


def _draw_line(
    canvas: np.ndarray, start: Sequence[float], end: Sequence[float], colour: tuple[int, ...], drawn: int = _PERIOD
) -> None:
    steps = int(max(abs(end[0] - start[0]), abs(end[1] - start[1]))) + 1
    xs = np.linspace(start[0], end[0], steps + 1).astype(int)
    ys = np.linspace(start[1], end[1], steps + 1).astype(int)
    inside = (xs >= 0) & (ys >= 0) & (xs < canvas.shape[1]) & (ys < canvas.shape[0])
    inside &= np.arange(xs.size) % _PERIOD < drawn
    canvas[ys[inside], xs[inside]] = colour


def _draw_disc(canvas: np.ndarray, x: float, y: float, radius: float, colour: tuple[int, ...]) -> None:
    rows, columns = np.ogrid[: canvas.shape[0], : canvas.shape[1]]
    canvas[(columns + 0.5 - x) ** 2 + (rows + 0.5 - y) ** 2 <= radius**2] = colour
