"""Which class is predicted for which, and how well a confidence predicts precision. Both by hotcoco.

Ignored regions, and detections in them, are left out first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import hotcoco
import numpy as np

from ..detection.detector import Detections
from ..examples.example import Example, ExampleSet
from .arrays import Floats
from .coco import category_number, evaluated, load_ground_truth, result_rows
from .matching import Matches
from .results import Calibration, CalibrationBin, Confusion

IOU = 0.5
_BINS = 10


@dataclass(frozen=True)
class CountedBoxes:
    """The boxes that count: the ground truth as COCO's, the rows of the detections, and the classes in order."""

    ground_truth: hotcoco.COCO
    rows: Floats
    classes: tuple[str, ...]


def counted(examples: ExampleSet, detections: Sequence[Detections], matches: Matches) -> CountedBoxes:
    """The boxes without ignored ones. ``matches`` are those at IoU 0.5."""
    starts = np.cumsum([0, *(len(one.scores) for one in detections)])
    rows = np.sort(starts[matches.image] + matches.index)
    kept = replace(examples, examples=tuple(_without_ignored(example) for example in examples.examples))
    return CountedBoxes(load_ground_truth(kept), result_rows(detections)[rows], examples.classes)


def _without_ignored(example: Example) -> Example:
    return replace(example, annotations=example.annotations.keep(~example.annotations.ignore))


def confusion(boxes: CountedBoxes, confidence: float) -> Confusion:
    """The confusion matrix of the detections of at least ``confidence``.

    Rows are true classes, columns predicted ones. The last of both is the background: the last column holds the false
    negatives, the last row the false positives.
    """
    rows = boxes.rows[boxes.rows[:, 5] >= confidence]
    evaluation = hotcoco.COCOeval(boxes.ground_truth, boxes.ground_truth.load_res(rows), "bbox")
    result: dict[str, Any] = evaluation.confusion_matrix(iou_thr=IOU)  # hotcoco's result types require it
    order = [result["cat_ids"].index(category_number(label)) for label in range(len(boxes.classes))]
    order.append(int(result["num_cats"]))
    matrix = np.asarray(result["matrix"], dtype=np.int64)[np.ix_(order, order)]
    return {"classes": list(boxes.classes), "confidence": confidence, "matrix": matrix.tolist()}


def calibration(boxes: CountedBoxes, lowest: float) -> Calibration:
    """Confidence against precision at IoU 0.5 in ten bins, and their mean difference (ECE).

    Args:
        lowest: detections below this confidence are left out; there are many, and users do not see them.
    """
    rows = boxes.rows[boxes.rows[:, 5] >= lowest]
    result: dict[str, Any] = evaluated(boxes.ground_truth, rows, IOU).calibration(_BINS, IOU)  # as above
    detections = int(result["num_detections"])
    return {
        "expected_error": float(result["ece"]) if detections else None,
        "largest_error": float(result["mce"]) if detections else None,
        "lowest": lowest,
        "bins": [_bin(number, one) for number, one in enumerate(result["bins"])],
    }


def _bin(number: int, one: dict[str, Any]) -> CalibrationBin:
    count = int(one["count"])
    return {
        "low": number / _BINS,
        "high": (number + 1) / _BINS,
        "count": count,
        "confidence": float(one["avg_confidence"]) if count else None,
        "precision": float(one["avg_accuracy"]) if count else None,
    }
