"""Where an image lies in the network's input: one axis-aligned map an image, and what it does to boxes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from shared_format.boxes import clip_xyxy

from ..examples.letterbox import FILL_LEVEL, Affine, letterbox
from .limits import Augmentation

# An image in a mosaic is drawn at no less than this share of the size it has alone: half would be all of it.
_MOSAIC_SHARE = (0.5, 1.0)


@dataclass(frozen=True)
class Placement:
    """An image's place in the input.

    Attributes:
        affine: source pixels -> pixels of the input.
        window: ``(x1, y1, x2, y2)`` of the input that shows the image, whole pixels.
        strength: what was drawn, in words.
    """

    affine: Affine
    window: tuple
    strength: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing is shown."""
        x1, y1, x2, y2 = self.window
        return x1 >= x2 or y1 >= y2


def draw_placement(width: int, height: int, size: int, limits: Augmentation, rng: np.random.Generator) -> Placement:
    """An image alone: its letterbox (of a part of it where cropped), mirrored, scaled about the middle, moved."""
    whole = (0, 0, size, size)
    x1, y1, x2, y2 = crop = _draw_crop(width, height, limits, rng)
    cropped = crop != (0, 0, width, height)
    base = letterbox(x2 - x1, y2 - y1, size)
    zoom, mirror = _draw_zoom(limits, rng), _draw_mirror(limits, rng)
    move = rng.uniform(-limits.translate, limits.translate, 2) * size
    middle = size / 2
    scale_x, scale_y = base.scale_x * zoom[0] * mirror, base.scale_y * zoom[1]
    affine = Affine(
        scale_x=scale_x,
        scale_y=scale_y,
        offset_x=(base.offset_x - middle) * zoom[0] * mirror + middle + move[0] - x1 * scale_x,
        offset_y=(base.offset_y - middle) * zoom[1] + middle + move[1] - y1 * scale_y,
    )
    window = _covered_pixels(affine, crop, whole) if cropped else whole
    moved = f"moved {move[0]:+.0f} {move[1]:+.0f}" if limits.translate else ""
    cut = f"crop {(x2 - x1) / width:.2f} x {(y2 - y1) / height:.2f}" if cropped else ""
    return Placement(affine, window, _words("flip" if mirror < 0 else "", _zoom_words(zoom), moved, cut))


def draw_tile(
    width: int, height: int, size: int, window: tuple, limits: Augmentation, rng: np.random.Generator
) -> Placement:
    """An image in its ``window`` of a mosaic: mirrored, scaled, and slid so that it covers the window if it can."""
    base = letterbox(width, height, size)
    share = rng.uniform(*_MOSAIC_SHARE)
    zoom, mirror = _draw_zoom(limits, rng) * share, _draw_mirror(limits, rng)
    spans = width * base.scale_x * zoom[0], height * base.scale_y * zoom[1]
    left, top = (_slid(window[axis], window[axis + 2], span, rng.random()) for axis, span in enumerate(spans))
    affine = Affine(
        scale_x=base.scale_x * zoom[0] * mirror,
        scale_y=base.scale_y * zoom[1],
        offset_x=left if mirror > 0 else left + spans[0],
        offset_y=top,
    )
    return Placement(affine, window, _words("flip" if mirror < 0 else "", _zoom_words(zoom)))


def draw_mosaic(size: int, rng: np.random.Generator) -> tuple:
    """The four windows ``(x1, y1, x2, y2)`` of a mosaic, which meet near the middle."""
    x, y = (int(value) for value in rng.uniform(0.3, 0.7, 2) * size)
    return (0, 0, x, y), (x, 0, size, y), (0, y, x, size), (x, y, size, size)


def place(canvas: np.ndarray, pixels: np.ndarray, affine: Affine, window: tuple) -> None:
    """Draw (h, w, 3) uint8 ``pixels`` into the ``window`` of the (size, size, 3) ``canvas`` through ``affine``.

    Bilinear between pixel centres; what the image does not reach becomes the letterbox's grey.
    """
    x1, y1, x2, y2 = window
    # OpenCV puts the origin at the centre of the first pixel, this program at its corner.
    matrix = np.array(
        [
            [affine.scale_x, 0.0, affine.offset_x + 0.5 * affine.scale_x - 0.5 - x1],
            [0.0, affine.scale_y, affine.offset_y + 0.5 * affine.scale_y - 0.5 - y1],
        ]
    )
    grey = (FILL_LEVEL,) * 3
    canvas[y1:y2, x1:x2] = cv2.warpAffine(
        pixels, matrix, (x2 - x1, y2 - y1), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=grey
    )


def cut_boxes(boxes: np.ndarray, window: tuple, min_visible: float) -> tuple:
    """Cut boxes to what is left of them.

    Args:
        boxes: (N, 4) ``[x1, y1, x2, y2]`` of the network's input, possibly beyond it.
        window: ``(x1, y1, x2, y2)`` of the input that shows this image.
        min_visible: share of the area that must be left for the box to count.

    Returns:
        (N, 4) boxes cut to the window, (N,) bool which are left at all (a pixel wide and high), (N,) bool
        which are too small a rest to count: the network should neither find nor deny them.
    """
    boxes = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    left, top, right, bottom = window
    corner = np.array([left, top, left, top], dtype=np.float64)
    cut = clip_xyxy(boxes - corner, right - left, bottom - top) + corner
    sides = cut[:, 2:] - cut[:, :2]
    before = np.prod(boxes[:, 2:] - boxes[:, :2], axis=-1)
    present = (sides >= 1.0).all(axis=-1)
    return cut, present, np.prod(sides, axis=-1) < min_visible * before


def _draw_crop(width: int, height: int, limits: Augmentation, rng: np.random.Generator) -> tuple:
    """The part ``(x1, y1, x2, y2)`` of the image that is shown, whole source pixels."""
    chance, *shares = rng.random(3)
    places = rng.random(2)
    if chance >= limits.crop:
        return 0, 0, width, height
    kept = [
        max(1, round(length * (limits.crop_share + share * (1 - limits.crop_share))))
        for length, share in zip((width, height), shares)
    ]
    x1, y1 = (int(place * (length - part + 1)) for place, length, part in zip(places, (width, height), kept))
    return x1, y1, x1 + kept[0], y1 + kept[1]


def _draw_zoom(limits: Augmentation, rng: np.random.Generator) -> np.ndarray:
    """(2,) factors of width and height."""
    zoom = rng.uniform(1 - limits.scale, 1 + limits.scale + limits.enlarge)
    stretch = math.sqrt(1 + rng.uniform(0, limits.stretch)) ** rng.choice((-1.0, 1.0))
    return np.array([zoom * stretch, zoom / stretch])


def _draw_mirror(limits: Augmentation, rng: np.random.Generator) -> float:
    return -1.0 if rng.random() < limits.flip else 1.0


def _slid(low: float, high: float, span: float, share: float) -> float:
    """Where a span begins that covers low..high if it is long enough, and else lies inside."""
    first, last = sorted((low, high - span))
    return first + share * (last - first)


def _covered_pixels(affine: Affine, part: tuple, whole: tuple) -> tuple:
    """The pixels of the input whose centre shows ``part`` of the source: ``(x1, y1, x2, y2)`` inside ``whole``."""
    x1, y1, x2, y2 = affine.forward(np.array(part, dtype=np.float64))
    first_x, first_y, last_x, last_y = (math.ceil(side - 0.5) for side in (x1, y1, x2, y2))
    return (
        min(max(first_x, whole[0]), whole[2]),
        min(max(first_y, whole[1]), whole[3]),
        min(max(last_x, whole[0]), whole[2]),
        min(max(last_y, whole[1]), whole[3]),
    )


def _zoom_words(zoom: np.ndarray) -> str:
    return f"zoom {zoom[0]:.2f} x {zoom[1]:.2f}" if (zoom != 1).any() else ""


def _words(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
