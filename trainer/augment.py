"""Seeded augmentation: one geometric map a picture, colour after, and what becomes of the boxes.

Every function takes the numpy Generator it may use: the same generator state gives the same picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared_format.boxes import clip_corners

from .letterbox import Affine, letterbox


@dataclass(frozen=True)
class Augmentation:
    """How far a training picture may differ from its file. All zero: not at all.

    Attributes:
        flip: probability of mirroring left and right.
        scale: the picture is enlarged or shrunk by up to this share.
        translate: and moved by up to this share of the input, each way.
        brightness, contrast, saturation: factors drawn from 1 - value .. 1 + value.
        tint: a factor for each colour channel, drawn likewise.
        mosaic: probability of four pictures in one, each in its quadrant.
        min_visible: a box of which less than this share is left becomes a region to ignore.
    """

    flip: float = 0.5
    scale: float = 0.25
    translate: float = 0.1
    brightness: float = 0.2
    contrast: float = 0.2
    saturation: float = 0.4
    tint: float = 0.05
    mosaic: float = 0.0
    min_visible: float = 0.25


NO_AUGMENTATION = Augmentation(flip=0, scale=0, translate=0, brightness=0, contrast=0, saturation=0, tint=0)


def random_affine(width: int, height: int, size: int, limits: Augmentation, rng: np.random.Generator) -> Affine:
    """The letterbox of the picture, then mirrored, scaled about the middle and moved as drawn."""
    base = letterbox(width, height, size)
    mirror = -1.0 if rng.random() < limits.flip else 1.0
    zoom = 1 + rng.uniform(-limits.scale, limits.scale)
    move_x, move_y = rng.uniform(-limits.translate, limits.translate, 2) * size
    middle = size / 2
    return Affine(
        scale_x=base.scale_x * zoom * mirror,
        scale_y=base.scale_y * zoom,
        offset_x=(base.offset_x - middle) * zoom * mirror + middle + move_x,
        offset_y=(base.offset_y - middle) * zoom + middle + move_y,
    )


def jitter_colour(pixels: np.ndarray, limits: Augmentation, rng: np.random.Generator) -> np.ndarray:
    """(H, W, 3) float32 0..1 -> the same with brightness, contrast, saturation and tint drawn anew."""
    brightness, contrast, saturation = (
        np.float32(1 + rng.uniform(-limit, limit)) for limit in (limits.brightness, limits.contrast, limits.saturation)
    )
    tint = 1 + rng.uniform(-limits.tint, limits.tint, 3)
    # All four are linear in the three channels: one matrix does them.
    to_grey = np.full((3, 3), 1 / 3)
    saturate = to_grey + saturation * (np.eye(3) - to_grey)
    matrix = (contrast * brightness * np.diag(tint) @ saturate).astype(np.float32)
    mean = pixels[::8, ::8].mean(dtype=np.float32)
    shift = ((1 - contrast) * mean * brightness * tint @ saturate).astype(np.float32)
    return np.clip(pixels @ matrix + shift, 0.0, 1.0)


def cut_boxes(boxes: np.ndarray, region: tuple, min_visible: float) -> tuple:
    """Cut boxes to what is left of them.

    Args:
        boxes: (N, 4) ``[x1, y1, x2, y2]`` of the network's input, possibly beyond it.
        region: ``(x1, y1, x2, y2)`` of the input that shows this picture.
        min_visible: share of the area that must be left for the box to count.

    Returns:
        (N, 4) boxes cut to the region, (N,) bool which are left at all (a pixel wide and high), (N,) bool
        which are too small a rest to count: the network should neither find nor deny them.
    """
    boxes = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    left, top, right, bottom = region
    corner = np.array([left, top, left, top], dtype=np.float64)
    cut = clip_corners(boxes - corner, right - left, bottom - top) + corner
    sides = cut[:, 2:] - cut[:, :2]
    before = np.prod(boxes[:, 2:] - boxes[:, :2], axis=-1)
    present = (sides >= 1.0).all(axis=-1)
    return cut, present, np.prod(sides, axis=-1) < min_visible * before
