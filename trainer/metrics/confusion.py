"""Which class is taken for which, and how far a confidence can be believed.

Ignored regions, and detections that lie in them, are left out first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Optional

import hotcoco
import numpy as np

from ..detection.detector import Detections
from ..examples.example import Example, ExampleSet
from .coco import coco_ground_truth, result_rows
from .matching import Matches

IOU = 0.5
_BINS = 10


@dataclass(frozen=True)
class Counted:
    """The truths and detections that count: COCO's truth, result rows, and the classes in order."""

    ground_truth: hotcoco.COCO
    rows: np.ndarray
    classes: tuple
    category_ids: tuple


def counted(examples: ExampleSet, detections: Sequence[Detections], matches: Matches) -> Counted:
    """What counts neither way left out. ``matches`` are those at IoU 0.5."""
    starts = np.cumsum([0, *(len(found.scores) for found in detections)])
    rows = np.sort(starts[matches.image] + matches.place)
    kept = replace(examples, examples=tuple(_without_ignored(example) for example in examples.examples))
    return Counted(
        hotcoco.COCO(coco_ground_truth(kept)),
        result_rows(examples, detections)[rows],
        examples.classes,
        examples.category_ids,
    )


def _without_ignored(example: Example) -> Example:
    kept = ~example.ignore
    return replace(
        example,
        **{name: getattr(example, name)[kept] for name in ("boxes", "labels", "ignore", "areas")},
    )


def confusion(seen: Counted, confidence: float) -> dict:
    """Which class was taken for which, among detections of at least ``confidence``.

    Returns:
        ``classes``, ``confidence``, ``matrix``: rows are the true class, columns the predicted one; the last of both
        is the background: the last column holds what was missed, the last row the false alarms.
    """
    above = seen.rows[seen.rows[:, 5] >= confidence]
    found = hotcoco.COCOeval(seen.ground_truth, seen.ground_truth.load_res(above), "bbox").confusion_matrix(iou_thr=IOU)
    places = [found["cat_ids"].index(number) for number in seen.category_ids] + [found["num_cats"]]
    matrix = np.asarray(found["matrix"]).astype(int)[np.ix_(places, places)]
    return {"classes": list(seen.classes), "confidence": confidence, "matrix": matrix.tolist()}


def calibration(matches: Matches, lowest: float) -> dict:
    """How often detections of each confidence are right: ten bins, and the mean gap between the two.

    Args:
        lowest: detections below this confidence are left out; they are many, and nobody reads them.

    Returns:
        ``expected_error`` (ECE, weighted by detections), ``largest_error``, ``lowest``, and ``bins`` with ``low,
        high, count, confidence, precision``; the last two None in an empty bin.
    """
    score, hits = matches.score[matches.score >= lowest], matches.hits[matches.score >= lowest]
    place = np.minimum((score * _BINS).astype(int), _BINS - 1)
    bins = []
    for number in range(_BINS):
        here = place == number
        bins.append(
            {
                "low": number / _BINS,
                "high": (number + 1) / _BINS,
                "count": int(here.sum()),
                "confidence": float(score[here].mean()) if here.any() else None,
                "precision": float(hits[here].mean()) if here.any() else None,
            }
        )
    gaps = [(one["count"], abs(one["confidence"] - one["precision"])) for one in bins if one["count"]]
    return {
        "expected_error": _weighted(gaps),
        "largest_error": max((gap for _, gap in gaps), default=None),
        "lowest": lowest,
        "bins": bins,
    }


def _weighted(gaps: Sequence[tuple]) -> Optional[float]:
    total = sum(count for count, _ in gaps)
    return sum(count * gap for count, gap in gaps) / total if total else None
