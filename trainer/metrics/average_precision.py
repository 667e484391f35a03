"""Average precision from matches: COCO's 101 points, VOC's 11 points and its area. Resampled: ``bootstrap``.

All take hits in the order of falling confidence, of one class. Points of the same score are kept apart, as COCO does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional

import numpy as np

from .matching import Matches

RECALLS = np.linspace(0.0, 1.0, 101)


def coco_ap(hits: np.ndarray, ground_truths: int, recalls: np.ndarray = RECALLS) -> float:
    """The mean over recall 0, 0.01 .. 1 of the best precision at that recall or a higher one (arXiv 1405.0312's code).

    Args:
        hits: (D,) bool. truths: how many there are to find, at least 1.
    """
    return float(precision_at_recalls(hits, ground_truths, recalls).mean())


def precision_at_recalls(hits: np.ndarray, ground_truths: int, recalls: np.ndarray = RECALLS) -> np.ndarray:
    """The best precision at each of ``recalls`` or a higher one; 0 where that much is never found."""
    recall, precision = _envelope(hits, ground_truths)
    return np.append(precision, 0.0)[np.searchsorted(recall, recalls, side="left")]


def voc_ap_11(hits: np.ndarray, ground_truths: int) -> float:
    """PASCAL VOC to 2009: the mean of the best precision at recall 0, 0.1 .. 1 or higher."""
    recall, precision = _envelope(hits, ground_truths)
    # A recall of 3 in 10 reaches the step 0.3, which as a float is a little more.
    places = np.searchsorted(recall + 1e-12, np.arange(11) / 10, side="left")
    return float(np.append(precision, 0.0)[places].mean())


def voc_ap_area(hits: np.ndarray, ground_truths: int) -> float:
    """PASCAL VOC from 2010: the area under the precision that never rises with recall, at every point."""
    recall, precision = _envelope(hits, ground_truths)
    return float((np.diff(recall, prepend=0.0) * precision).sum())


def class_mean(matches: Matches, measure: Callable[[np.ndarray, int], float]) -> Optional[float]:
    """The mean of ``measure`` over the classes that have truths; None of none."""
    values = []
    for label in np.unique(matches.ground_truth_label):
        one = matches.of_class(label)
        values.append(measure(one.hits, len(one.found_at)))
    return float(np.mean(values)) if values else None


def _envelope(hits: np.ndarray, ground_truths: int) -> tuple:
    """Recall, and the best precision at that recall or a higher one, after each detection."""
    found = np.cumsum(hits)
    precision = found / np.arange(1, len(found) + 1)
    return found / ground_truths, np.maximum.accumulate(precision[::-1])[::-1]
