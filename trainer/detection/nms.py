"""Greedy non-maximum suppression, class by class, in numpy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shared_format.boxes import pairwise_iou


class InputDetections(NamedTuple):
    """The detections of one image in pixels of the network's input, best first.

    Attributes:
        boxes: (N, 4) ``[x1, y1, x2, y2]``. scores: (N,). labels: (N,) index into the classes.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    labels: NDArray[np.int64]


def suppress(boxes: np.ndarray, scores: np.ndarray, threshold: float, limit: int) -> NDArray[np.int64]:
    """Keep the best box, drop those that overlap it by more than ``threshold`` IoU, and repeat with the rest.

    Args:
        boxes: (N, 4) ``[x1, y1, x2, y2]``.
        scores: (N,).
        limit: the maximum number of boxes to keep.

    Returns:
        Indices of the kept boxes, best first; equal scores in the order given.
    """
    waiting = np.argsort(-scores, kind="stable")
    kept: list[np.int64] = []
    while waiting.size and len(kept) < limit:
        best, waiting = waiting[0], waiting[1:]
        kept.append(best)
        waiting = waiting[pairwise_iou(boxes[best], boxes[waiting])[0] <= threshold]
    return np.array(kept, dtype=np.int64)


def best_detections(
    boxes: np.ndarray, scores: np.ndarray, confidence: float, threshold: float, limit: int
) -> InputDetections:
    """Suppress the predictions of one image, class by class; a prediction may count for several classes.

    Args:
        boxes: (P, 4) ``[x1, y1, x2, y2]``.
        scores: (P, classes).
        confidence: keep scores above it.
        threshold: IoU of the suppression within a class.
        limit: the maximum number of detections over all classes.
    """
    above, above_labels = np.nonzero(scores > confidence)
    rows, labels = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for label in np.unique(above_labels):
        candidates = above[above_labels == label]
        rows.append(candidates[suppress(boxes[candidates], scores[candidates, label], threshold, limit)])
        labels.append(np.full(rows[-1].size, label))
    row, label = np.concatenate(rows), np.concatenate(labels)
    value = scores[row, label]
    order = np.argsort(-value, kind="stable")[:limit]
    return InputDetections(boxes[row[order]], value[order], label[order])
