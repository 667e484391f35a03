"""An image on its way into the network, with its annotations; and what becomes of them when something covers it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Optional

import numpy as np

from shared_format import masks
from shared_format.boxes import mask_extent, xywh_to_xyxy
from shared_format.masks import Rle

from ..examples.annotations import Carried, ViewAnnotations, hide_keypoints
from ..examples.annotations import joined as joined_annotations
from ..examples.example import Example


class PixelWindow(NamedTuple):
    """A rectangle of whole pixels; x2 and y2 are exclusive."""

    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True)
class View:
    """An image and its labelled objects in the same coordinates.

    Attributes:
        pixels: (H, W, 3) uint8 RGB.
        annotations: in these pixels, see ``Annotations``.
    """

    pixels: np.ndarray
    annotations: ViewAnnotations

    def keep(self, chosen: np.ndarray) -> View:
        """The same pixels with the chosen objects."""
        return replace(self, annotations=self.annotations.keep(chosen))


def joined(pixels: np.ndarray, *parts: View) -> View:
    """``pixels`` with the objects of all ``parts``."""
    return View(pixels, joined_annotations([part.annotations for part in parts]))


def view_annotations(example: Example, reduction: int, carried: Carried) -> ViewAnnotations:
    """What is ``carried`` of an example's annotations, in pixels of its image at 1 / ``reduction`` of its size.

    A pixel of a reduced mask is that of the upper left pixel of those it stands for.
    """
    source = example.annotations
    keypoints = None
    if carried.skeleton is not None and source.keypoints is not None:
        keypoints = source.keypoints / np.array([reduction, reduction, 1.0])
    return ViewAnnotations(
        xywh_to_xyxy(source.boxes) / reduction,
        source.labels,
        source.ignore,
        source.areas,
        tuple(reduced_mask(mask, reduction) for mask in source.masks) if carried.masks else (),
        keypoints,
        source.attributes if carried.attributes else (),
    )


def reduced_mask(mask: Optional[Rle], reduction: int) -> Optional[np.ndarray]:
    """The (H, W) bool pixels of a mask at 1 / ``reduction`` of its size; None for None."""
    return None if mask is None else masks.decode(mask)[::reduction, ::reduction]


class VisiblePart(NamedTuple):
    """The (4,) xyxy box of the visible part of an object, and the fraction of its pixels that is visible."""

    box: np.ndarray
    fraction: float


def visible_part(box: np.ndarray, hidden: np.ndarray, body: Optional[np.ndarray] = None) -> VisiblePart:
    """The part of an object that stays visible when something covers it.

    The pixels of the object are those of its mask, or all of its box where it has none. Each side of the box moves
    inwards as far as the outermost of those pixels does.

    Args:
        box: (4,) ``[x1, y1, x2, y2]``. hidden: (H, W) bool. body: (H, W) bool mask of the object, if known.
    """
    x1, y1, x2, y2 = _pixel_window(box, hidden.shape)
    if not hidden[y1:y2, x1:x2].any():
        return VisiblePart(box, 1.0)
    own = np.ones((y2 - y1, x2 - x1), dtype=bool) if body is None else body[y1:y2, x1:x2]
    left = own & ~hidden[y1:y2, x1:x2]
    before, after = mask_extent(own), mask_extent(left)
    if before is None:  # no pixel of the mask lies in the box: nothing is known about what is visible
        return VisiblePart(box, 1.0)
    if after is None:
        return VisiblePart(box, 0.0)
    moved = np.array(
        [
            after[0] - before[0],
            after[1] - before[1],
            after[0] + after[2] - before[0] - before[2],
            after[1] + after[3] - before[1] - before[3],
        ]
    )
    smaller = np.asarray(box, dtype=np.float64) + moved
    return VisiblePart(smaller, float(left.sum() / own.sum()))


def hide(
    view: View, hidden: np.ndarray, min_visible: float, bodies: Optional[Sequence[Optional[np.ndarray]]] = None
) -> View:
    """``view`` after the (H, W) bool pixels ``hidden`` were covered.

    A box is cut to its visible part, removed if nothing is visible, and ignored if less than the fraction
    ``min_visible`` of its pixels is. Masks lose what is covered; key points there count as hidden.

    Args:
        bodies: the mask of each object, or None; default: the masks that the view carries.
    """
    objects = view.annotations
    bodies = bodies or objects.masks
    boxes, fractions = objects.boxes.copy(), np.ones(len(objects))
    for index, box in enumerate(objects.boxes):
        boxes[index], fractions[index] = visible_part(box, hidden, bodies[index] if bodies else None)
    seen = (fractions > 0) & ((boxes[:, 2:] - boxes[:, :2]) >= 1.0).all(axis=1)
    changed = replace(
        objects,
        boxes=boxes,
        ignore=objects.ignore | (fractions < min_visible),
        masks=tuple(None if mask is None else mask & ~hidden for mask in objects.masks),
        keypoints=None if objects.keypoints is None else hide_keypoints(objects.keypoints, hidden),
    )
    return View(view.pixels, changed).keep(seen)


def _pixel_window(box: np.ndarray, shape: Sequence[int]) -> PixelWindow:
    """The pixels whose centre is in the box, inside the image."""
    height, width = shape
    x1, y1, x2, y2 = (math.ceil(side - 0.5) for side in box)
    return PixelWindow(max(0, x1), max(0, y1), min(width, x2), min(height, y2))
