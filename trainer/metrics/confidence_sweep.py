"""Precision, recall and false positives at every threshold of confidence, or of IoU, all classes together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from ..detection.detector import Detections
from ..examples.example import ExampleSet
from .arrays import Floats, Ints
from .matching import Matches, match_at
from .results import BestF, ConfidenceRow, IouRow, MissRate, Rates

FALSE_PER_IMAGE = 0.1  # false positives per image at which the miss rate is reported
GRID: tuple[float, ...] = tuple(np.linspace(0.0, 1.0, 101).round(2).tolist())
# False positives per image of the log-average miss rate (Dollar et al., PAMI 2012).
_LOG_AVERAGE_POINTS = np.logspace(-2.0, 0.0, 9)


@dataclass(frozen=True)
class ConfidenceCurve:
    """Counts of true and false positives at each confidence threshold.

    Attributes:
        confidence: (N,) the confidences that occur, falling: a threshold cannot separate equal ones.
        true_positives, false_positives: (N,) how many detections of at least that confidence match an object, and how
            many do not.
        objects, images: how many labelled objects and images there are.
    """

    confidence: Floats
    true_positives: Ints
    false_positives: Ints
    objects: int
    images: int

    @property
    def precision(self) -> Floats:
        """(N,) true positives per detection."""
        return self.true_positives / (self.true_positives + self.false_positives)

    @property
    def recall(self) -> Floats:
        """(N,) true positives per labelled object; 0 where there are none."""
        return self.true_positives / max(self.objects, 1)

    @property
    def false_per_image(self) -> Floats:
        """(N,) false positives per image."""
        return self.false_positives / max(self.images, 1)

    def f_score(self, beta: float) -> Floats:
        """(N,) F-beta: recall weighs ``beta`` times as much as precision."""
        weight = beta**2
        detections = self.true_positives + self.false_positives
        return (1 + weight) * self.true_positives / (weight * self.objects + detections)

    def at(self, confidence: float) -> Rates:
        """The numbers of all detections of at least ``confidence``; precision is None where there are none."""
        row = int(np.searchsorted(-self.confidence, -confidence, side="right")) - 1
        if row < 0:
            return rates(0, 0, self.objects, self.images)
        return rates(int(self.true_positives[row]), int(self.false_positives[row]), self.objects, self.images)


def rates(true_positives: int, false_positives: int, objects: int, images: int) -> Rates:
    """Precision, recall, F1, F2 and accuracy from counts; None for 0 / 0."""
    false_negatives = objects - true_positives
    errors = false_positives + false_negatives
    return {
        "found": true_positives,
        "false": false_positives,
        "missed": false_negatives,
        "precision": _ratio(true_positives, true_positives + false_positives),
        "recall": _ratio(true_positives, objects),
        "f1": _ratio(2 * true_positives, 2 * true_positives + errors),
        "f2": _ratio(5 * true_positives, 5 * true_positives + false_positives + 4 * false_negatives),
        "accuracy": _ratio(true_positives, true_positives + errors),
        "false_per_picture": _ratio(false_positives, images),
    }


def _ratio(part: float, whole: float) -> Optional[float]:
    return part / whole if whole else None


def confidence_curve(matches: Matches) -> ConfidenceCurve:
    """The curve of the matches."""
    correct, score = matches.true_positive, matches.score
    last = np.flatnonzero(np.append(score[1:] != score[:-1], True)) if len(score) else np.zeros(0, dtype=np.int64)
    return ConfidenceCurve(
        confidence=score[last],
        true_positives=np.cumsum(correct, dtype=np.int64)[last],
        false_positives=np.cumsum(~correct, dtype=np.int64)[last],
        objects=matches.objects,
        images=matches.images,
    )


def best(curve: ConfidenceCurve, beta: float = 1.0) -> BestF:
    """Where F-beta is best; all 0, and no confidence, where no detection is correct."""
    score = curve.f_score(beta)
    if not len(score) or score.max() <= 0:
        return {"precision": 0.0, "recall": 0.0, "f": 0.0, "confidence": None}
    row = int(score.argmax())
    return {
        "precision": float(curve.precision[row]),
        "recall": float(curve.recall[row]),
        "f": float(score[row]),
        "confidence": float(curve.confidence[row]),
    }


def allowing(curve: ConfidenceCurve, false_per_image: float) -> MissRate:
    """The miss rate at the lowest confidence with at most this many false positives per image."""
    allowed = int((curve.false_per_image <= false_per_image).sum())
    if not allowed:
        return {"miss_rate": 1.0, "confidence": None}
    return {
        "miss_rate": float(1 - curve.recall[allowed - 1]),
        "confidence": float(curve.confidence[allowed - 1]),
    }


def log_average_miss_rate(curve: ConfidenceCurve) -> float:
    """The geometric mean of the miss rate at nine numbers of false positives per image, from 0.01 to 1."""
    rates_missed = np.array([allowing(curve, float(point))["miss_rate"] for point in _LOG_AVERAGE_POINTS])
    return float(np.exp(np.log(np.maximum(rates_missed, 1e-10)).mean()))


def table(curve: ConfidenceCurve) -> list[ConfidenceRow]:
    """One row per confidence 0, 0.01 .. 1."""
    return [{"confidence": confidence, **curve.at(confidence)} for confidence in GRID]


def iou_table(examples: ExampleSet, detections: Sequence[Detections], confidence: float) -> list[IouRow]:
    """One row per IoU threshold 0, 0.01 .. 1, of the detections of at least ``confidence``."""
    shown = [one.where(one.scores >= confidence) for one in detections]
    rows: list[IouRow] = []
    for iou, matches in zip(GRID, match_at(examples, shown, GRID)):
        correct = int(matches.true_positive.sum())
        counts = rates(correct, len(matches.score) - correct, matches.objects, matches.images)
        rows.append({"iou": iou, **counts})
    return rows
