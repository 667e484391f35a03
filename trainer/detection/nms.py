"""Greedy non-maximum suppression, class by class. numpy."""

from __future__ import annotations

import numpy as np

from shared_format.boxes import pairwise_iou


def suppress(boxes: np.ndarray, scores: np.ndarray, threshold: float, limit: int) -> np.ndarray:
    """Keep the best box, drop what overlaps it by more than ``threshold`` IoU, go on with the rest.

    Args:
        boxes: (N, 4) ``[x1, y1, x2, y2]``.
        scores: (N,).
        limit: stop after so many.

    Returns:
        Indices of the boxes kept, best first; equal scores in the order given.
    """
    waiting = np.argsort(-scores, kind="stable")
    kept: list = []
    while waiting.size and len(kept) < limit:
        best, waiting = waiting[0], waiting[1:]
        kept.append(best)
        waiting = waiting[pairwise_iou(boxes[best], boxes[waiting])[0] <= threshold]
    return np.array(kept, dtype=np.int64)


def best_detections(boxes: np.ndarray, scores: np.ndarray, confidence: float, threshold: float, limit: int) -> tuple:
    """All classes of one image: each prediction may count for several classes.

    Args:
        boxes: (P, 4) ``[x1, y1, x2, y2]``.
        scores: (P, classes).
        confidence: a score must be above it.
        threshold: IoU of the suppression within a class.
        limit: the best so many over all classes are kept.

    Returns:
        (N, 4) boxes, (N,) scores, (N,) labels, best first.
    """
    found, found_labels = np.nonzero(scores > confidence)
    rows, labels = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for label in np.unique(found_labels):
        candidates = found[found_labels == label]
        rows.append(candidates[suppress(boxes[candidates], scores[candidates, label], threshold, limit)])
        labels.append(np.full(rows[-1].size, label))
    row, label = np.concatenate(rows), np.concatenate(labels)
    value = scores[row, label]
    order = np.argsort(-value, kind="stable")[:limit]
    return boxes[row[order]], value[order], label[order]
