"""Average precision from matches: COCO's 101 points, VOC's 11 points and its area, and COCO's under resampling.

All take hits in the order of falling confidence, of one class. Points of the same score are kept apart, as COCO does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Optional

import numpy as np

from .matching import Matches

RECALLS = np.linspace(0.0, 1.0, 101)
_CELLS = 4_000_000  # numbers worked on at once by the bootstrap


def coco_ap(hits: np.ndarray, truths: int, recalls: np.ndarray = RECALLS) -> float:
    """The mean over recall 0, 0.01 .. 1 of the best precision at that recall or a higher one (arXiv 1405.0312's code).

    Args:
        hits: (D,) bool. truths: how many there are to find, at least 1.
    """
    return float(precision_at_recalls(hits, truths, recalls).mean())


def precision_at_recalls(hits: np.ndarray, truths: int, recalls: np.ndarray = RECALLS) -> np.ndarray:
    """The best precision at each of ``recalls`` or a higher one; 0 where that much is never found."""
    recall, precision = _envelope(hits, truths)
    return np.append(precision, 0.0)[np.searchsorted(recall, recalls, side="left")]


def voc_ap_11(hits: np.ndarray, truths: int) -> float:
    """PASCAL VOC to 2009: the mean of the best precision at recall 0, 0.1 .. 1 or higher."""
    recall, precision = _envelope(hits, truths)
    # A recall of 3 in 10 reaches the step 0.3, which as a float is a little more.
    places = np.searchsorted(recall + 1e-12, np.arange(11) / 10, side="left")
    return float(np.append(precision, 0.0)[places].mean())


def voc_ap_area(hits: np.ndarray, truths: int) -> float:
    """PASCAL VOC from 2010: the area under the precision that never rises with recall, at every point."""
    recall, precision = _envelope(hits, truths)
    return float((np.diff(recall, prepend=0.0) * precision).sum())


def class_mean(matches: Matches, measure: Callable[[np.ndarray, int], float]) -> Optional[float]:
    """The mean of ``measure`` over the classes that have truths; None of none."""
    values = []
    for label in np.unique(matches.truth_label):
        one = matches.of_class(label)
        values.append(measure(one.hits, len(one.found_at)))
    return float(np.mean(values)) if values else None


def bootstrap_ap(matches: Matches, weights: np.ndarray) -> np.ndarray:
    """COCO's AP of every resample, the mean over classes.

    Args:
        weights: (R, P) how often each picture is in the resample.

    Returns:
        (R,) float64; NaN for a resample without truths.
    """
    values = [_weighted_ap(matches.of_class(label), weights) for label in np.unique(matches.truth_label)]
    if not values:
        return np.full(len(weights), np.nan)
    stacked = np.stack(values)
    counts = (~np.isnan(stacked)).sum(axis=0)
    return np.where(counts > 0, np.nansum(stacked, axis=0) / np.maximum(counts, 1), np.nan)


def _weighted_ap(one: Matches, weights: np.ndarray) -> np.ndarray:
    truths = weights[:, one.truth_picture].sum(axis=1)
    places = np.flatnonzero(one.hits)
    if not len(places):
        return np.where(truths > 0, 0.0, np.nan)
    end = places[-1] + 1  # what comes after the last hit changes nothing
    picture, hits = one.picture[:end], one.hits[:end]
    values = np.empty(len(weights))
    step = max(1, _CELLS // end)
    for start in range(0, len(weights), step):
        drawn = weights[start : start + step, picture].astype(np.float64)
        all_so_far = drawn.cumsum(axis=1)[:, places]
        found = (drawn * hits)[:, places].cumsum(axis=1)
        precision = np.divide(found, all_so_far, out=np.zeros_like(found), where=all_so_far > 0)
        envelope = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
        recall = found / np.maximum(truths[start : start + step, None], 1)
        reached = np.searchsorted(RECALLS, recall, side="right")
        values[start : start + step] = (np.diff(reached, axis=1, prepend=0) * envelope).sum(axis=1)
    return np.where(truths > 0, values / len(RECALLS), np.nan)


def resamples(scenes: np.ndarray, count: int, seed: int = 0) -> np.ndarray:
    """(count, P) int32: how often each picture is in each resample; whole scenes are drawn, with replacement.

    Args:
        scenes: (P,) the scene of each picture: those of one are alike, and come or stay away together.
        seed: the same ones for the same seed.

    Of a single scene nothing can be drawn anew: there are no resamples, and no intervals come of them.
    """
    names, scene = np.unique(scenes, return_inverse=True)
    count = count if len(names) > 1 else 0
    drawn = np.random.default_rng(seed).multinomial(len(names), np.full(len(names), 1 / len(names)), size=count)
    return drawn[:, scene].astype(np.int32)


def interval(values: Sequence[float], level: float = 0.95) -> Optional[list]:
    """The percentile interval ``[low, high]`` of resampled values; None where too few of them are numbers."""
    known = np.asarray(values, dtype=np.float64)
    known = known[~np.isnan(known)]
    if len(known) < max(2, len(values) // 2):
        return None
    return np.quantile(known, [(1 - level) / 2, (1 + level) / 2]).tolist()


def _envelope(hits: np.ndarray, truths: int) -> tuple:
    """Recall, and the best precision at that recall or a higher one, after each detection."""
    found = np.cumsum(hits)
    precision = found / np.arange(1, len(found) + 1)
    return found / truths, np.maximum.accumulate(precision[::-1])[::-1]
