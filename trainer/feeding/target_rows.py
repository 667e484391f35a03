"""The ground truth of an image as rows of numbers, which a batch carries and the loss reads. numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Columns of a row.
X, Y, W, H, KIND, LABEL = range(6)
GROUND_TRUTH_COLUMNS = 6

# Kinds of a row.
PADDING, GROUND_TRUTH, IGNORE = 0.0, 1.0, 2.0


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
