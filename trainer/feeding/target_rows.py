"""The labelled boxes of a batch as rows of numbers, which the losses of detectors read. numpy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..examples.annotations import ViewAnnotations

# What the network is to learn of a batch: arrays by name, each with one entry per image.
BatchTargets = dict[str, NDArray[np.float32]]
GROUND_TRUTHS = "ground_truths"
_FEWEST_SLOTS = 8

# Columns of a row.
X, Y, W, H, KIND, LABEL = range(6)
GROUND_TRUTH_COLUMNS = 6

# Kinds of a row.
PADDING, GROUND_TRUTH, IGNORE = 0.0, 1.0, 2.0


def box_targets(images: Sequence[ViewAnnotations], side: int) -> BatchTargets:
    """The boxes of a batch: ``ground_truths`` (B, T, 6) float32 rows of ``ground_truth_rows``.

    T is the largest number of objects in an image of the batch, rounded up to a power of two from 8: few shapes for a
    compiler, and no object is left out.

    Args:
        images: the annotations of each image, in pixels of the input.
        side: side of the input, pixels.
    """
    slots = _slots(max(len(image) for image in images))
    rows = [
        ground_truth_rows(relative_centre_boxes(image.boxes, side), image.labels, image.ignore, slots)
        for image in images
    ]
    return {GROUND_TRUTHS: np.stack(rows)}


def ground_truth_rows(boxes: np.ndarray, labels: np.ndarray, ignore: np.ndarray, slots: int) -> NDArray[np.float32]:
    """The ground truth of an image as the loss reads it.

    Args:
        boxes: (N, 4) centre x, y, width, height relative to the input, 0..1, of positive area.
        labels: (N,) class indices. ignore: (N,) bool: counts neither as an object nor as background.
        slots: rows of the result, at least N; the rest is padding.

    Returns:
        (slots, 6) float32: the box, its kind, its label.
    """
    rows = np.zeros((slots, GROUND_TRUTH_COLUMNS), dtype=np.float32)
    rows[: len(boxes), :KIND] = boxes
    rows[: len(boxes), KIND] = np.where(ignore, IGNORE, GROUND_TRUTH)
    rows[: len(boxes), LABEL] = labels
    return rows


def relative_centre_boxes(corners: np.ndarray, size: int) -> NDArray[np.float64]:
    """(N, 4) ``[x1, y1, x2, y2]`` in input pixels -> centre x, y, width, height relative to the input."""
    return np.concatenate([(corners[:, :2] + corners[:, 2:]) / 2, corners[:, 2:] - corners[:, :2]], axis=1) / size


def _slots(most: int) -> int:
    """``most`` rounded up to a power of two, at least ``_FEWEST_SLOTS``."""
    return max(_FEWEST_SLOTS, 1 << max(0, most - 1).bit_length())
