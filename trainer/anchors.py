"""Anchors from the data: k-means under 1 - IoU (YOLOv2, arXiv 1612.08242). No chance is involved."""

from __future__ import annotations

from typing import Optional

import numpy as np

from shared_format.boxes import corners_from_xywh

from .assign import shape_iou
from .examples import ExampleSet
from .letterbox import letterbox

# Below so many boxes an anchor, the clusters say more about the sample than about the task.
BOXES_AN_ANCHOR = 4
_ROUNDS = 300


def fit_anchors(examples: ExampleSet, count: int, size: int) -> Optional[tuple]:
    """``count`` anchors (width, height) in pixels of a ``size`` input, smallest area first.

    Returns None where the data has too few boxes to say. The examples must have their picture's size.
    """
    sizes = box_sizes(examples, size)
    if len(sizes) < count * BOXES_AN_ANCHOR:
        return None
    by_area = sizes[np.argsort(sizes.prod(axis=1), kind="stable")]
    # Start from the sample itself, evenly by area.
    centres = by_area[((np.arange(count) + 0.5) / count * len(by_area)).astype(int)]
    for _ in range(_ROUNDS):
        nearest = shape_iou(sizes, centres).argmax(axis=1)
        moved = np.array(
            [np.median(sizes[nearest == k], axis=0) if (nearest == k).any() else centres[k] for k in range(count)]
        )
        if np.array_equal(moved, centres):
            break
        centres = moved
    centres = centres[np.argsort(centres.prod(axis=1), kind="stable")]
    return tuple((round(float(w), 1), round(float(h), 1)) for w, h in centres)


def box_sizes(examples: ExampleSet, size: int) -> np.ndarray:
    """(N, 2) width and height of every truth that counts, in pixels of the letterboxed input."""
    sizes = []
    for example in examples.examples:
        affine = letterbox(example.width, example.height, size)
        corners = affine.forward(corners_from_xywh(example.boxes[~example.ignore]))
        sizes.append(corners[:, 2:] - corners[:, :2])
    sizes = np.concatenate(sizes) if sizes else np.zeros((0, 2))
    return sizes[(sizes >= 1).all(axis=1)]


def mean_best_iou(sizes: np.ndarray, anchors: tuple) -> float:
    """Mean over the boxes of the shape IoU with their best anchor: how well the anchors fit."""
    return float(shape_iou(sizes, np.array(anchors)).max(axis=1).mean())
