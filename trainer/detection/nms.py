"""Non-maximum suppression, class by class, in numpy: hard, which drops boxes, or soft, which lowers their scores."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shared_format.boxes import pairwise_iou

from .thresholds import Suppression

_FALL = 0.3  # sigma of soft suppression: a box that covers another wholly keeps exp(-1 / sigma) of its score
_CANDIDATES = 600  # best boxes of a class that soft suppression looks at


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


def soften(boxes: np.ndarray, scores: np.ndarray, confidence: float, limit: int) -> tuple[NDArray, NDArray]:
    """Take the best box, lower the scores of those that overlap it, and repeat with the rest.

    Args:
        boxes: (N, 4) ``[x1, y1, x2, y2]``. scores: (N,).
        confidence: boxes whose score falls to it are dropped.
        limit: the maximum number of boxes to keep.

    Returns:
        Indices of the kept boxes, best first, and their scores.
    """
    waiting = np.argsort(-scores, kind="stable")[:_CANDIDATES]
    lowered = scores[waiting].astype(np.float64)
    kept, values = [], []
    while waiting.size and len(kept) < limit:
        best = int(lowered.argmax())
        if lowered[best] <= confidence:
            break
        kept.append(waiting[best])
        values.append(lowered[best])
        others = np.arange(len(waiting)) != best
        overlap = pairwise_iou(boxes[waiting[best]], boxes[waiting[others]])[0]
        waiting, lowered = waiting[others], lowered[others] * np.exp(-(overlap**2) / _FALL)
    return np.array(kept, dtype=np.int64), np.array(values, dtype=scores.dtype)


def best_detections(
    boxes: np.ndarray, scores: np.ndarray, confidence: float, nms: Suppression, limit: int
) -> InputDetections:
    """Suppress the predictions of one image, class by class; a prediction may count for several classes.

    Args:
        boxes: (P, 4) ``[x1, y1, x2, y2]``.
        scores: (P, classes).
        confidence: keep scores above it.
        nms: the suppression within a class.
        limit: the maximum number of detections over all classes.
    """
    above, above_labels = np.nonzero(scores > confidence)
    rows, labels = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    values: list[NDArray[np.float32]] = [np.empty(0, np.float32)]
    for label in np.unique(above_labels):
        candidates = above[above_labels == label]
        if nms.soft:
            kept, lowered = soften(boxes[candidates], scores[candidates, label], confidence, limit)
        else:
            kept = suppress(boxes[candidates], scores[candidates, label], nms.iou, limit)
            lowered = scores[candidates[kept], label]
        rows.append(candidates[kept])
        values.append(lowered)
        labels.append(np.full(kept.size, label))
    row, label, value = np.concatenate(rows), np.concatenate(labels), np.concatenate(values)
    order = np.argsort(-value, kind="stable")[:limit]
    return InputDetections(boxes[row[order]], value[order], label[order])
