"""An image on its way into the network, with its boxes; and what a box loses when something lies over it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Optional

import numpy as np

from shared_format.boxes import mask_extent


@dataclass(frozen=True)
class View:
    """Pixels and truths in one frame of coordinates.

    Attributes:
        pixels: (H, W, 3) uint8 RGB.
        boxes: (N, 4) float64 ``[x1, y1, x2, y2]`` in these pixels.
        labels: (N,) int64.
        ignore: (N,) bool: only to be ignored.
    """

    pixels: np.ndarray
    boxes: np.ndarray
    labels: np.ndarray
    ignore: np.ndarray

    def keep(self, chosen: np.ndarray) -> View:
        """The same pixels with some of the truths."""
        return replace(self, boxes=self.boxes[chosen], labels=self.labels[chosen], ignore=self.ignore[chosen])


def joined(pixels: np.ndarray, *parts: View) -> View:
    """``pixels`` with the truths of all ``parts``."""
    return View(
        pixels,
        np.concatenate([part.boxes for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.ignore for part in parts]),
    )


def left_of_box(box: np.ndarray, hidden: np.ndarray, body: Optional[np.ndarray] = None) -> tuple:
    """What is left of a truth when something lies over it.

    The pixels of the truth are those of its mask, or all of its box where it has none. Each side of the box moves
    as far inwards as the outermost of those pixels did.

    Args:
        box: (4,) ``[x1, y1, x2, y2]``. hidden: (H, W) bool. body: (H, W) bool mask of the truth, if known.

    Returns:
        The (4,) box of what is left, and its share of the pixels, 0..1.
    """
    x1, y1, x2, y2 = _pixel_window(box, hidden.shape)
    if not hidden[y1:y2, x1:x2].any():
        return box, 1.0
    own = np.ones((y2 - y1, x2 - x1), dtype=bool) if body is None else body[y1:y2, x1:x2]
    left = own & ~hidden[y1:y2, x1:x2]
    before, after = mask_extent(own), mask_extent(left)
    if before is None:  # a box without a pixel of its mask says nothing of what is seen
        return box, 1.0
    if after is None:
        return box, 0.0
    moved = np.array(
        [
            after[0] - before[0],
            after[1] - before[1],
            after[0] + after[2] - before[0] - before[2],
            after[1] + after[3] - before[1] - before[3],
        ]
    )
    smaller = np.asarray(box, dtype=np.float64) + moved
    return smaller, float(left.sum() / own.sum())


def hide(view: View, hidden: np.ndarray, min_visible: float, bodies: Optional[list] = None) -> View:
    """The truths of ``view`` after the (H, W) bool pixels ``hidden`` were covered.

    A truth loses what is hidden; one of which nothing is left goes, one of which less than ``min_visible`` of its
    pixels is left is only ignored. ``bodies``: a mask or None for each truth.
    """
    boxes, shares = view.boxes.copy(), np.ones(len(view.boxes))
    for index, box in enumerate(view.boxes):
        boxes[index], shares[index] = left_of_box(box, hidden, bodies[index] if bodies else None)
    seen = (shares > 0) & ((boxes[:, 2:] - boxes[:, :2]) >= 1.0).all(axis=1)
    return replace(view, boxes=boxes, ignore=view.ignore | (shares < min_visible)).keep(seen)


def _pixel_window(box: np.ndarray, shape: tuple) -> tuple:
    """The pixels whose centre is in the box, inside the image."""
    height, width = shape
    x1, y1, x2, y2 = (math.ceil(side - 0.5) for side in box)
    return max(0, x1), max(0, y1), min(width, x2), min(height, y2)
