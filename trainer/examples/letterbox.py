"""Darknet's letterbox, and its exact inverse.

The image is scaled to fit the square input, pasted in the middle at whole pixels, and the rest is filled with 0.5.
Boxes go through the same affine map as the pixels, so darknet's rounding of the scaled size loses nothing.
Source: ``letterbox_image`` in image.c of pjreddie/darknet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image

FILL = 0.5
FILL_LEVEL = 128  # FILL as a byte


@dataclass(frozen=True)
class Affine:
    """An axis-aligned map of continuous pixel coordinates: x' = scale_x * x + offset_x, y' likewise.

    A negative ``scale_x`` mirrors.
    """

    scale_x: float
    scale_y: float
    offset_x: float
    offset_y: float

    def forward(self, boxes: np.ndarray) -> np.ndarray:
        """(..., 4) source ``[x1, y1, x2, y2]`` -> the same boxes after the map, corners in order."""
        boxes = np.asarray(boxes, dtype=np.float64)
        mapped = boxes * self._scales + self._offsets
        return _ordered(mapped)

    def points(self, xy: np.ndarray) -> np.ndarray:
        """(..., 2) source points -> the same points after the map."""
        return np.asarray(xy, dtype=np.float64) * self._scales[:2] + self._offsets[:2]

    def inverse(self, boxes: np.ndarray) -> np.ndarray:
        """(..., 4) mapped ``[x1, y1, x2, y2]`` -> source pixels; the exact inverse of ``forward``."""
        boxes = np.asarray(boxes, dtype=np.float64)
        return _ordered((boxes - self._offsets) / self._scales)

    @property
    def _scales(self) -> np.ndarray:
        return np.array([self.scale_x, self.scale_y, self.scale_x, self.scale_y])

    @property
    def _offsets(self) -> np.ndarray:
        return np.array([self.offset_x, self.offset_y, self.offset_x, self.offset_y])


def letterbox(width: int, height: int, size: int) -> Affine:
    """The map of a ``width`` x ``height`` image into the ``size`` x ``size`` input."""
    if size / width < size / height:
        new_width, new_height = size, max(1, int(height * size / width))
    else:
        new_width, new_height = max(1, int(width * size / height)), size
    left, top = (size - new_width) // 2, (size - new_height) // 2
    return Affine(new_width / width, new_height / height, float(left), float(top))


class Letterboxed(NamedTuple):
    """A network's input (size, size, 3) float32 in 0..1, and the map from source pixels to it."""

    pixels: np.ndarray
    affine: Affine


def letterboxed(image: Image.Image, size: int) -> Letterboxed:
    """The upright RGB ``image`` as the input of a network of ``size``.

    Bilinear between pixel centres without smoothing when shrinking, by OpenCV as in OpenCV's own detectors, so that
    scores are comparable; Pillow's bilinear filter rounds down, which darkens every image.
    """
    affine = letterbox(*image.size, size)
    width, height = round(image.width * affine.scale_x), round(image.height * affine.scale_y)
    left, top = int(affine.offset_x), int(affine.offset_y)
    canvas = np.full((size, size, 3), FILL, dtype=np.float32)
    inside = cv2.resize(np.asarray(image), (width, height), interpolation=cv2.INTER_LINEAR)
    canvas[top : top + height, left : left + width] = inside / np.float32(255)
    return Letterboxed(canvas, affine)


def _ordered(boxes: np.ndarray) -> np.ndarray:
    """Corners in ascending order again after a mirroring."""
    return np.concatenate(
        [np.minimum(boxes[..., :2], boxes[..., 2:]), np.maximum(boxes[..., :2], boxes[..., 2:])], axis=-1
    )
