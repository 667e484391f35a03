"""Average precision from matches: COCO's 101 points, VOC's 11 points and VOC's area. Resampled: ``bootstrap``.

All functions take the detections of one class as ``true_positive``, (D,) bool in the order of falling confidence.
Detections of equal confidence stay separate points, as in COCO's code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Optional

import numpy as np

from .arrays import Bools, Floats
from .matching import Matches

RECALLS = np.linspace(0.0, 1.0, 101)


def coco_ap(true_positive: Bools, objects: int, recalls: Floats = RECALLS) -> float:
    """The mean over recall 0, 0.01 .. 1 of the best precision at that recall or a higher one (arXiv 1405.0312's code).

    Args:
        objects: how many labelled objects there are, at least 1.
    """
    return float(precision_at_recalls(true_positive, objects, recalls).mean())


def precision_at_recalls(true_positive: Bools, objects: int, recalls: Floats = RECALLS) -> Floats:
    """The best precision at each of ``recalls`` or a higher one; 0 where no confidence reaches that recall."""
    recall, precision = _envelope(true_positive, objects)
    return np.append(precision, 0.0)[np.searchsorted(recall, recalls, side="left")]


def voc_ap_11(true_positive: Bools, objects: int) -> float:
    """PASCAL VOC until 2009: the mean of the best precision at recall 0, 0.1 .. 1 or higher."""
    recall, precision = _envelope(true_positive, objects)
    # A recall of 3 in 10 reaches the step 0.3, which as a float is a little more.
    steps = np.searchsorted(recall + 1e-12, np.arange(11) / 10, side="left")
    return float(np.append(precision, 0.0)[steps].mean())


def voc_ap_area(true_positive: Bools, objects: int) -> float:
    """PASCAL VOC from 2010: the area under the precision-recall curve made monotonic, at every point."""
    recall, precision = _envelope(true_positive, objects)
    return float((np.diff(recall, prepend=0.0) * precision).sum())


def class_mean(matches: Matches, measure: Callable[[Bools, int], float]) -> Optional[float]:
    """The mean of ``measure`` over the classes with labelled objects; None where there are none."""
    values: list[float] = []
    for label in np.unique(matches.ground_truth_label).tolist():
        one = matches.of_class(label)
        values.append(measure(one.true_positive, one.objects))
    return float(np.mean(values)) if values else None


class _Envelope(NamedTuple):
    """After each detection: recall, and the best precision at that recall or a higher one."""

    recall: Floats
    precision: Floats


def _envelope(true_positive: Bools, objects: int) -> _Envelope:
    counts = np.cumsum(true_positive)
    precision = counts / np.arange(1, len(counts) + 1)
    return _Envelope(counts / objects, np.maximum.accumulate(precision[::-1])[::-1])
