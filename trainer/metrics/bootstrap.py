"""How sure a score is: images drawn anew with their scenes, the score of each draw, and the interval of those.

The bootstrap of B. Efron, percentile intervals; where resampling cannot tell, Wilson's interval of a share.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import numpy as np

from .average_precision import RECALLS
from .matching import Matches

_CELLS = 4_000_000  # numbers worked on at once
_WILSON_Z = 1.959964


def resamples(scenes: np.ndarray, count: int, seed: int = 0) -> np.ndarray:
    """(count, P) int32: how often each image is in each resample; whole scenes are drawn, with replacement.

    Args:
        scenes: (P,) the scene of each image: those of one are alike, and come or stay away together.
        seed: the same ones for the same seed.

    Of a single scene nothing can be drawn anew: there are no resamples, and no intervals come of them.
    """
    names, scene = np.unique(scenes, return_inverse=True)
    count = count if len(names) > 1 else 0
    drawn = np.random.default_rng(seed).multinomial(len(names), np.full(len(names), 1 / len(names)), size=count)
    return drawn[:, scene].astype(np.int32)


def bootstrap_ap(matches: Matches, weights: np.ndarray) -> np.ndarray:
    """COCO's AP of every resample, the mean over classes.

    Args:
        weights: (R, P) how often each image is in the resample.

    Returns:
        (R,) float64; NaN for a resample without truths.
    """
    values = [_weighted_ap(matches.of_class(label), weights) for label in np.unique(matches.ground_truth_label)]
    if not values:
        return np.full(len(weights), np.nan)
    stacked = np.stack(values)
    counts = (~np.isnan(stacked)).sum(axis=0)
    return np.where(counts > 0, np.nansum(stacked, axis=0) / np.maximum(counts, 1), np.nan)


def _weighted_ap(one: Matches, weights: np.ndarray) -> np.ndarray:
    ground_truths = weights[:, one.ground_truth_image].sum(axis=1)
    places = np.flatnonzero(one.hits)
    if not len(places):
        return np.where(ground_truths > 0, 0.0, np.nan)
    end = places[-1] + 1  # what comes after the last hit changes nothing
    image, hits = one.image[:end], one.hits[:end]
    values = np.empty(len(weights))
    step = max(1, _CELLS // end)
    for start in range(0, len(weights), step):
        drawn = weights[start : start + step, image].astype(np.float64)
        all_so_far = drawn.cumsum(axis=1)[:, places]
        found = (drawn * hits)[:, places].cumsum(axis=1)
        precision = np.divide(found, all_so_far, out=np.zeros_like(found), where=all_so_far > 0)
        envelope = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
        recall = found / np.maximum(ground_truths[start : start + step, None], 1)
        reached = np.searchsorted(RECALLS, recall, side="right")
        values[start : start + step] = (np.diff(reached, axis=1, prepend=0) * envelope).sum(axis=1)
    return np.where(ground_truths > 0, values / len(RECALLS), np.nan)


def bootstrap_recall(part: Matches, weights: np.ndarray, confidence: float) -> np.ndarray:
    """(R,) the recall at ``confidence`` in every resample; NaN without truths."""
    drawn = weights[:, part.ground_truth_image]
    ground_truths = drawn.sum(axis=1)
    found = drawn[:, part.found_at >= confidence].sum(axis=1)
    return np.divide(found, ground_truths, out=np.full(len(weights), np.nan), where=ground_truths > 0)


def recall_interval(part: Matches, weights: np.ndarray, confidence: float) -> Optional[list]:
    """The 95 % interval of the recall, by resampling the scenes.

    Where none or all are found no resample shows another recall: there it is Wilson's interval of a share.
    """
    ground_truths, found = len(part.found_at), int((part.found_at >= confidence).sum())
    if ground_truths and found in (0, ground_truths):
        doubt = _WILSON_Z**2 / (ground_truths + _WILSON_Z**2)
        return [0.0, doubt] if found == 0 else [1 - doubt, 1.0]
    return interval(bootstrap_recall(part, weights, confidence))


def interval(values: Sequence[float], level: float = 0.95) -> Optional[list]:
    """The percentile interval ``[low, high]`` of resampled values; None where too few of them are numbers."""
    known = np.asarray(values, dtype=np.float64)
    known = known[~np.isnan(known)]
    if len(known) < max(2, len(values) // 2):
        return None
    return np.quantile(known, [(1 - level) / 2, (1 + level) / 2]).tolist()
