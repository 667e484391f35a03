"""The place of an image in the network's input: one axis-aligned map per image, and its effect on annotations."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import NamedTuple, Optional

import cv2
import numpy as np

from shared_format.boxes import clip_xyxy

from ..examples.annotations import ViewAnnotations, cut_keypoints, moved_keypoints
from ..examples.letterbox import FILL_LEVEL, Affine, letterbox
from ..formats.skeletons import Skeleton
from .limits import Augmentation
from .view import PixelWindow

# Range of the size of an image in a mosaic, as a fraction of its size alone: at half, all of it is visible.
_MOSAIC_SCALE = (0.5, 1.0)
_HALF = 127  # the opacity from which a pixel belongs to a mask


@dataclass(frozen=True)
class Placement:
    """An image's place in the input.

    Attributes:
        affine: source pixels -> pixels of the input.
        window: the part of the input that shows the image.
        strength: a description of what was sampled, for people.
    """

    affine: Affine
    window: PixelWindow
    strength: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing of the image is shown."""
        x1, y1, x2, y2 = self.window
        return x1 >= x2 or y1 >= y2


def draw_placement(width: int, height: int, size: int, limits: Augmentation, rng: np.random.Generator) -> Placement:
    """Sample the place of an image alone: letterboxed (or a crop of it), mirrored, scaled, moved."""
    whole = PixelWindow(0, 0, size, size)
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
    return Placement(affine, window, _joined("flip" if mirror < 0 else "", _zoom_text(zoom), moved, cut))


def draw_tile(
    width: int, height: int, size: int, window: PixelWindow, limits: Augmentation, rng: np.random.Generator
) -> Placement:
    """Sample the place of an image in its ``window`` of a mosaic: mirrored, scaled, covering the window if it can."""
    base = letterbox(width, height, size)
    fraction = rng.uniform(*_MOSAIC_SCALE)
    zoom, mirror = _draw_zoom(limits, rng) * fraction, _draw_mirror(limits, rng)
    spans = width * base.scale_x * zoom[0], height * base.scale_y * zoom[1]
    left, top = (_slid(window[axis], window[axis + 2], span, rng.random()) for axis, span in enumerate(spans))
    affine = Affine(
        scale_x=base.scale_x * zoom[0] * mirror,
        scale_y=base.scale_y * zoom[1],
        offset_x=left if mirror > 0 else left + spans[0],
        offset_y=top,
    )
    return Placement(affine, window, _joined("flip" if mirror < 0 else "", _zoom_text(zoom)))


def draw_mosaic(size: int, rng: np.random.Generator) -> tuple[PixelWindow, ...]:
    """Sample the four windows of a mosaic, which meet near the middle."""
    x, y = (int(value) for value in rng.uniform(0.3, 0.7, 2) * size)
    return tuple(PixelWindow(*sides) for sides in ((0, 0, x, y), (x, 0, size, y), (0, y, x, size), (x, y, size, size)))


def place(canvas: np.ndarray, pixels: np.ndarray, affine: Affine, window: PixelWindow, fill: int = FILL_LEVEL) -> None:
    """Draw uint8 ``pixels`` into the ``window`` of the ``canvas`` through ``affine``.

    Bilinear between pixel centres; pixels outside the image get the level ``fill``, by default the letterbox's grey.

    Args:
        canvas: (size, size) or (size, size, channels). pixels: (h, w) or (h, w, channels).
    """
    x1, y1, x2, y2 = window
    # OpenCV has the origin at the centre of the first pixel, this program at its corner.
    matrix = np.array(
        [
            [affine.scale_x, 0.0, affine.offset_x + 0.5 * affine.scale_x - 0.5 - x1],
            [0.0, affine.scale_y, affine.offset_y + 0.5 * affine.scale_y - 0.5 - y1],
        ]
    )
    canvas[y1:y2, x1:x2] = cv2.warpAffine(
        pixels,
        matrix,
        (x2 - x1, y2 - y1),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(fill,) * 3,
    )


class CutBoxes(NamedTuple):
    """Boxes cut to a window.

    Attributes:
        boxes: (N, 4) xyxy, cut.
        present: (N,) bool: at least a pixel wide and high.
        ignore: (N,) bool: so little is left that detecting it should count neither way.
    """

    boxes: np.ndarray
    present: np.ndarray
    ignore: np.ndarray


def cut_boxes(boxes: np.ndarray, window: PixelWindow, min_visible: float) -> CutBoxes:
    """Cut boxes to the part that a window shows.

    Args:
        boxes: (N, 4) ``[x1, y1, x2, y2]`` of the network's input, possibly beyond it.
        window: the part of the input that shows this image.
        min_visible: fraction of the area that must be left for the box to count.
    """
    boxes = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    left, top, right, bottom = window
    corner = np.array([left, top, left, top], dtype=np.float64)
    cut = clip_xyxy(boxes - corner, right - left, bottom - top) + corner
    sides = cut[:, 2:] - cut[:, :2]
    before = np.prod(boxes[:, 2:] - boxes[:, :2], axis=-1)
    present = (sides >= 1.0).all(axis=-1)
    return CutBoxes(cut, present, np.prod(sides, axis=-1) < min_visible * before)


def placed_annotations(
    objects: ViewAnnotations,
    affine: Affine,
    window: PixelWindow,
    size: int,
    min_visible: float,
    skeleton: Optional[Skeleton] = None,
) -> ViewAnnotations:
    """Annotations mapped through ``affine`` into an input of ``size``, cut to the part that ``window`` shows.

    Objects that are not in the window are dropped. Key points outside it count as not labelled; those of a mirrored
    image change sides.

    Args:
        skeleton: the key points that the objects carry, if any.
    """
    boxes, present, rest = cut_boxes(affine.forward(objects.boxes), window, min_visible)
    keypoints = objects.keypoints
    if keypoints is not None and skeleton is not None:
        moved = moved_keypoints(keypoints, affine.points(keypoints[..., :2]), skeleton, affine.scale_x < 0)
        keypoints = cut_keypoints(moved, window)
    masks = tuple(
        None if mask is None or not kept else _placed_mask(mask, affine, window, size)
        for mask, kept in zip(objects.masks, present)
    )
    return replace(objects, boxes=boxes, ignore=objects.ignore | rest, masks=masks, keypoints=keypoints).keep(present)


def _placed_mask(mask: np.ndarray, affine: Affine, window: PixelWindow, size: int) -> np.ndarray:
    """A (h, w) bool mask in an input of ``size``, where its pixels are drawn by ``place``."""
    placed = np.zeros((size, size), dtype=np.uint8)
    if window.x1 < window.x2 and window.y1 < window.y2:
        place(placed, mask.astype(np.uint8) * np.uint8(255), affine, window, fill=0)
    return placed > _HALF


def _draw_crop(width: int, height: int, limits: Augmentation, rng: np.random.Generator) -> PixelWindow:
    """Sample the part of the image that is shown, in source pixels."""
    chance, *fractions = rng.random(3)
    places = rng.random(2)
    if chance >= limits.crop:
        return PixelWindow(0, 0, width, height)
    kept = [
        max(1, round(length * (limits.crop_share + fraction * (1 - limits.crop_share))))
        for length, fraction in zip((width, height), fractions)
    ]
    x1, y1 = (int(place * (length - part + 1)) for place, length, part in zip(places, (width, height), kept))
    return PixelWindow(x1, y1, x1 + kept[0], y1 + kept[1])


def _draw_zoom(limits: Augmentation, rng: np.random.Generator) -> np.ndarray:
    """Sample the (2,) factors of width and height."""
    zoom = rng.uniform(1 - limits.scale, 1 + limits.scale + limits.enlarge)
    stretch = math.sqrt(1 + rng.uniform(0, limits.stretch)) ** rng.choice((-1.0, 1.0))
    return np.array([zoom * stretch, zoom / stretch])


def _draw_mirror(limits: Augmentation, rng: np.random.Generator) -> float:
    return -1.0 if rng.random() < limits.flip else 1.0


def _slid(low: float, high: float, span: float, fraction: float) -> float:
    """Start of a span that covers low..high if it is long enough, and lies inside otherwise."""
    first, last = sorted((low, high - span))
    return first + fraction * (last - first)


def _covered_pixels(affine: Affine, part: PixelWindow, whole: PixelWindow) -> PixelWindow:
    """The pixels of the input whose centre shows ``part`` of the source, inside ``whole``."""
    x1, y1, x2, y2 = affine.forward(np.array(part, dtype=np.float64))
    first_x, first_y, last_x, last_y = (math.ceil(side - 0.5) for side in (x1, y1, x2, y2))
    return PixelWindow(
        min(max(first_x, whole.x1), whole.x2),
        min(max(first_y, whole.y1), whole.y2),
        min(max(last_x, whole.x1), whole.x2),
        min(max(last_y, whole.y1), whole.y2),
    )


def _zoom_text(zoom: np.ndarray) -> str:
    return f"zoom {zoom[0]:.2f} x {zoom[1]:.2f}" if (zoom != 1).any() else ""


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
