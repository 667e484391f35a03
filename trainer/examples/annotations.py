"""The labelled objects of an image as one structure, from the reader through every augmentation to the targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any, Generic, NamedTuple, Optional, TypeVar

import numpy as np
from numpy.typing import NDArray

from shared_format.keypoints import HIDDEN, NOT_IN_IMAGE, VISIBLE
from shared_format.masks import Rle

from ..formats.skeletons import Skeleton

MaskT = TypeVar("MaskT")
X, Y, VISIBILITY = range(3)  # columns of a key point


class Carried(NamedTuple):
    """Which annotations are carried beside boxes and classes.

    Attributes:
        masks: whether masks are.
        skeleton: the key points that are, or None.
        attributes: whether attributes are.
    """

    masks: bool = False
    skeleton: Optional[Skeleton] = None
    attributes: bool = False


BOXES_ONLY = Carried()


@dataclass(frozen=True)
class Annotations(Generic[MaskT]):
    """N labelled objects.

    In an ``Example`` coordinates are pixels of the source image, boxes are COCO's ``[x, y, width, height]`` and masks
    are COCO RLE of the source image. In a ``View`` coordinates are pixels of the view, boxes are
    ``[x1, y1, x2, y2]``, and masks are (H, W) bool.

    Attributes:
        boxes: (N, 4) float64. labels: (N,) int64 index into the class names.
        ignore: (N,) bool: counts neither as an object nor as background (crowds, instances marked so).
        areas: (N,) float64 area that decides COCO's size range, always in pixels of the source image.
        masks: of each object its mask or None; empty where masks are not carried.
        keypoints: (N, K, 3) float64 ``[x, y, v]`` with COCO's v (0 not labelled or outside, 1 hidden, 2 visible);
            all 0 for an object without; None where key points are not carried.
        attributes: of each object what the data says about it; empty where attributes are not carried.
    """

    boxes: NDArray[np.float64]
    labels: NDArray[np.int64]
    ignore: NDArray[np.bool_]
    areas: NDArray[np.float64]
    masks: tuple[Optional[MaskT], ...] = ()
    keypoints: Optional[NDArray[np.float64]] = None
    attributes: tuple[Mapping[str, Any], ...] = ()  # Any: values as in the record

    def __len__(self) -> int:
        return len(self.labels)

    def keep(self, chosen: NDArray[np.bool_]) -> Annotations[MaskT]:
        """Select the objects where (N,) bool ``chosen`` is true."""
        return Annotations(
            self.boxes[chosen],
            self.labels[chosen],
            self.ignore[chosen],
            self.areas[chosen],
            tuple(compress(self.masks, chosen)),
            None if self.keypoints is None else self.keypoints[chosen],
            tuple(compress(self.attributes, chosen)),
        )

    def one(self, index: int) -> Annotations[MaskT]:
        """Select the object at ``index``."""
        return self.keep(np.arange(len(self)) == index)


def joined(parts: Sequence[Annotations[MaskT]]) -> Annotations[MaskT]:
    """The objects of all ``parts``, which carry the same kinds of annotations, in their order."""
    keypoints = [part.keypoints for part in parts if part.keypoints is not None]
    return Annotations(
        np.concatenate([part.boxes for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.ignore for part in parts]),
        np.concatenate([part.areas for part in parts]),
        tuple(mask for part in parts for mask in part.masks),
        np.concatenate(keypoints) if keypoints else None,
        tuple(one for part in parts for one in part.attributes),
    )


SourceAnnotations = Annotations[Rle]
ViewAnnotations = Annotations[NDArray[np.bool_]]


def stacked_keypoints(rows: Sequence[Optional[Sequence[Sequence[float]]]], skeleton: Skeleton) -> NDArray[np.float64]:
    """The key points of N objects, each (K, 3) or None, as (N, K, 3).

    Raises:
        ValueError: an object with another number of key points than the skeleton has.
    """
    stacked = np.zeros((len(rows), len(skeleton.mirrored), 3))
    for place, row in enumerate(rows):
        if row is not None:
            points = np.asarray(row, dtype=np.float64)
            if points.shape != stacked.shape[1:]:
                raise ValueError(f"{len(points)} key points; the data has {stacked.shape[1]}")
            stacked[place] = points
    return stacked


def moved_keypoints(
    keypoints: NDArray[np.float64], xy: NDArray[np.float64], skeleton: Skeleton, mirrored: bool
) -> NDArray[np.float64]:
    """Key points at other places: (N, K, 2) ``xy`` in the order of ``keypoints``.

    Where left and right were swapped, the left joint of the result is the right one of before.
    """
    moved = np.concatenate([xy, keypoints[..., VISIBILITY:]], axis=-1)
    return moved[:, list(skeleton.mirrored)] if mirrored else moved


def cut_keypoints(keypoints: NDArray[np.float64], window: Sequence[float]) -> NDArray[np.float64]:
    """Key points with those outside the ``window`` (x1, y1, x2, y2) dropped: all 0, as COCO writes them."""
    x1, y1, x2, y2 = window
    x, y = keypoints[..., X], keypoints[..., Y]
    inside = (x >= x1) & (x < x2) & (y >= y1) & (y < y2) & (keypoints[..., VISIBILITY] != NOT_IN_IMAGE)
    return np.where(inside[..., None], keypoints, 0.0)


def hide_keypoints(keypoints: NDArray[np.float64], hidden: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Key points after the (H, W) bool pixels ``hidden`` were covered: those there stay labelled, as hidden."""
    height, width = hidden.shape
    column = np.clip(np.floor(keypoints[..., X]).astype(int), 0, width - 1)
    row = np.clip(np.floor(keypoints[..., Y]).astype(int), 0, height - 1)
    covered = hidden[row, column] & (keypoints[..., VISIBILITY] == VISIBLE)
    result = keypoints.copy()
    result[..., VISIBILITY] = np.where(covered, HIDDEN, keypoints[..., VISIBILITY])
    return result


def scaled(annotations: SourceAnnotations, scale: float) -> SourceAnnotations:
    """Boxes and key points in an image ``scale`` times as large; without masks, which keep their size."""
    keypoints = annotations.keypoints
    if keypoints is not None:
        keypoints = keypoints * np.array([scale, scale, 1.0])
    return replace(annotations, boxes=annotations.boxes * scale, keypoints=keypoints, masks=())
