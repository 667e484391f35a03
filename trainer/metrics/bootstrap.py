"""Confidence intervals: scores of resampled images, and the percentile interval of those scores.

The bootstrap of B. Efron; where resampling cannot show any variation, Wilson's interval of a proportion.
"""

from __future__ import annotations

from typing import Optional

import numpy as np
from numpy.typing import ArrayLike

from ..errors import TrainerError
from .arrays import Bools, Floats, Interval, Ints, Weights
from .average_precision import RECALLS
from .matching import Matches

LEVEL = 0.95
# The ends of a 95 % interval are the 2.5 % and 97.5 % quantiles, and the smallest two-sided p is 2 / (resamples + 1):
# below 40 resamples no quantile has a value beyond it, and no difference can be significant.
LEAST_RESAMPLES = 40
_CELLS = 4_000_000  # numbers processed at once
_WILSON_Z = 1.959964


def check_resamples(count: int) -> None:
    """Raise TrainerError for too few resamples for a 95 % interval, or for a p below 0.05."""
    if count < LEAST_RESAMPLES:
        raise TrainerError(
            f"--resamples {count}: too few for a 95 % interval; expected at least {LEAST_RESAMPLES}, better 500"
        )


def resamples(scenes: ArrayLike, count: int, seed: int = 0) -> Weights:
    """(count, P) how often each image is in each resample; whole scenes are drawn, with replacement.

    A single scene cannot be resampled: the array has no rows, and there is no interval.

    Args:
        scenes: (P,) the scene of each image: the images of one scene are alike, and are drawn together.
        seed: the same resamples for the same seed.
    """
    names, scene = np.unique(np.asarray(scenes), return_inverse=True)
    count = count if len(names) > 1 else 0
    drawn = np.random.default_rng(seed).multinomial(len(names), np.full(len(names), 1 / len(names)), size=count)
    return drawn[:, scene].astype(np.int32)


def bootstrap_ap(matches: Matches, weights: Weights) -> Floats:
    """(R,) COCO's AP of every resample, the mean over classes; NaN for a resample without labelled objects.

    Args:
        weights: (R, P) how often each image is in the resample.
    """
    labels = np.unique(matches.ground_truth_label).tolist()
    if not labels:
        return np.full(len(weights), np.nan)
    stacked = np.stack([_weighted_ap(matches.of_class(label), weights) for label in labels])
    counts = (~np.isnan(stacked)).sum(axis=0)
    return np.where(counts > 0, np.nansum(stacked, axis=0) / np.maximum(counts, 1), np.nan)


def _weighted_ap(one: Matches, weights: Weights) -> Floats:
    objects = weights[:, one.ground_truth_image].sum(axis=1)
    correct = np.flatnonzero(one.true_positive)
    if not len(correct):
        return np.where(objects > 0, 0.0, np.nan)
    end = correct[-1] + 1  # detections after the last true positive have no effect
    image, true_positive = one.image[:end], one.true_positive[:end]
    values = np.empty(len(weights))
    step = max(1, _CELLS // end)
    for start in range(0, len(weights), step):
        part = slice(start, start + step)
        values[part] = _ap_sums(weights[part, image].astype(np.float64), true_positive, correct, objects[part])
    return np.where(objects > 0, values / len(RECALLS), np.nan)


def _ap_sums(times: Floats, true_positive: Bools, correct: Ints, objects: Ints) -> Floats:
    """(R,) the sum over the 101 recalls of the best precision, of detections that occur ``times``, (R, D)."""
    detections = times.cumsum(axis=1)[:, correct]
    true_positives = (times * true_positive)[:, correct].cumsum(axis=1)
    precision = np.divide(true_positives, detections, out=np.zeros_like(true_positives), where=detections > 0)
    envelope = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    recall = true_positives / np.maximum(objects[:, None], 1)
    reached = np.asarray(np.searchsorted(RECALLS, recall, side="right"), dtype=np.int64)
    return (np.diff(reached, axis=1, prepend=0) * envelope).sum(axis=1)


def bootstrap_recall(part: Matches, weights: Weights, confidence: float) -> Floats:
    """(R,) the recall at ``confidence`` in every resample; NaN where a resample has no labelled objects."""
    times = weights[:, part.ground_truth_image]
    objects = times.sum(axis=1)
    detected = times[:, part.matched_at >= confidence].sum(axis=1)
    return np.divide(detected, objects, out=np.full(len(weights), np.nan), where=objects > 0)


def recall_interval(part: Matches, weights: Weights, confidence: float) -> Interval:
    """The 95 % interval of the recall, by resampling the scenes.

    Where none or all objects are detected no resample has another recall: there it is Wilson's interval. None where
    there are no resamples, as of a single scene: its objects are not independent of each other.
    """
    if not len(weights):
        return None
    objects, detected = part.objects, int((part.matched_at >= confidence).sum())
    if objects and detected in (0, objects):
        margin = _WILSON_Z**2 / (objects + _WILSON_Z**2)
        return [0.0, margin] if detected == 0 else [1 - margin, 1.0]
    return interval(bootstrap_recall(part, weights, confidence))


def interval(values: ArrayLike, level: float = LEVEL) -> Optional[list[float]]:
    """The percentile interval ``[low, high]`` of resampled values; None where too few of them are numbers."""
    resampled = np.asarray(values, dtype=np.float64)
    known = resampled[~np.isnan(resampled)]
    if len(known) < max(2, len(resampled) // 2):
        return None
    return np.quantile(known, [(1 - level) / 2, (1 + level) / 2]).tolist()
