"""Precision, recall and false alarms over the confidence asked for, all classes together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

from .matching import Matches

FALSE_ALARMS = 0.1  # an image: where the miss rate is read
GRID = tuple(np.linspace(0.0, 1.0, 101).round(2).tolist())
# The false alarms an image of the log-average miss rate (Dollar et al., PAMI 2012).
_LAMR_POINTS = np.logspace(-2.0, 0.0, 9)


@dataclass(frozen=True)
class ConfidenceCurve:
    """What is found, and what wrongly, above each confidence.

    Attributes:
        confidence: (N,) the scores that occur, falling: a threshold cannot part equal ones.
        found, false: (N,) detections of at least that confidence that found a truth, and that did not.
        truths, images: how many there are.
    """

    confidence: np.ndarray
    found: np.ndarray
    false: np.ndarray
    ground_truths: int
    images: int

    @property
    def precision(self) -> np.ndarray:
        """(N,) share of the detections that found a truth."""
        return self.found / (self.found + self.false)

    @property
    def recall(self) -> np.ndarray:
        """(N,) share of the truths that were found; 0 where there are none."""
        return self.found / max(self.ground_truths, 1)

    @property
    def false_per_image(self) -> np.ndarray:
        """(N,) false alarms an image."""
        return self.false / max(self.images, 1)

    def f_score(self, beta: float) -> np.ndarray:
        """(N,) F-beta: recall weighs ``beta`` times as much as precision."""
        weight = beta**2
        return (1 + weight) * self.found / (weight * self.ground_truths + self.found + self.false)

    def at(self, confidence: float) -> dict:
        """The numbers of all detections of at least ``confidence``; of none at all precision is None."""
        row = int(np.searchsorted(-self.confidence, -confidence, side="right")) - 1
        found, false = (int(self.found[row]), int(self.false[row])) if row >= 0 else (0, 0)
        return rates(found, false, self.ground_truths, self.images)


def rates(found: int, false: int, ground_truths: int, images: int) -> dict:
    """Precision, recall, F1, F2 and accuracy (found / everything there or claimed) from the counts; None for 0 / 0."""
    missed = ground_truths - found
    return {
        "found": found,
        "false": false,
        "missed": missed,
        "precision": _ratio(found, found + false),
        "recall": _ratio(found, ground_truths),
        "f1": _ratio(2 * found, 2 * found + false + missed),
        "f2": _ratio(5 * found, 5 * found + false + 4 * missed),
        "accuracy": _ratio(found, found + false + missed),
        "false_per_picture": _ratio(false, images),
    }


def _ratio(part: float, whole: float) -> Optional[float]:
    return part / whole if whole else None


def confidence_curve(matches: Matches) -> ConfidenceCurve:
    """The curve of the matches."""
    hits = matches.hits
    last = np.flatnonzero(np.append(matches.score[1:] != matches.score[:-1], True)) if len(hits) else slice(0, 0)
    return ConfidenceCurve(
        confidence=matches.score[last],
        found=np.cumsum(hits)[last],
        false=np.cumsum(~hits)[last],
        ground_truths=len(matches.found_at),
        images=matches.images,
    )


def best(curve: ConfidenceCurve, beta: float = 1.0) -> dict:
    """``precision, recall, f, confidence`` where F-beta is best; all 0, at no confidence, where nothing is found."""
    score = curve.f_score(beta)
    if not len(score) or score.max() <= 0:
        return {"precision": 0.0, "recall": 0.0, "f": 0.0, "confidence": None}
    place = int(score.argmax())
    return {
        "precision": float(curve.precision[place]),
        "recall": float(curve.recall[place]),
        "f": float(score[place]),
        "confidence": float(curve.confidence[place]),
    }


def allowing(curve: ConfidenceCurve, false_per_image: float) -> dict:
    """``miss_rate`` at the lowest ``confidence`` with at most so many false alarms an image, None where none has."""
    allowed = int((curve.false_per_image <= false_per_image).sum())
    if not allowed:
        return {"miss_rate": 1.0, "confidence": None}
    return {
        "miss_rate": float(1 - curve.recall[allowed - 1]),
        "confidence": float(curve.confidence[allowed - 1]),
    }


def log_average_miss_rate(curve: ConfidenceCurve) -> float:
    """The geometric mean of the miss rate at nine numbers of false alarms from 0.01 to 1 an image."""
    missed = np.array([allowing(curve, point)["miss_rate"] for point in _LAMR_POINTS])
    return float(np.exp(np.log(np.maximum(missed, 1e-10)).mean()))


def table(curve: ConfidenceCurve) -> list:
    """A row of numbers for each confidence 0, 0.01 .. 1."""
    return [{"confidence": confidence, **curve.at(confidence)} for confidence in GRID]
