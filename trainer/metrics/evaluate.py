"""The plain score of detections on labelled images: COCO's metrics by hotcoco, and the best F1 of its matches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional

import numpy as np

from ..detection.detector import Detections
from ..examples.example import ExampleSet
from .arrays import Floats
from .coco import evaluated, load_ground_truth, result_rows
from .confidence_sweep import best, confidence_curve
from .matching import Matches, match
from .results import ClassScore, CocoMetrics, Score

SCHEMA_VERSION = 1
COCO_METRICS = ("AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large")
CLASS_METRICS = ("AP50", "AP", "precision", "recall")
RECALL_METRICS = ("AR1", "AR10", "AR100", "AR_small", "AR_medium", "AR_large")
# Positions in COCOeval's arrays: (IoU 0.5, 0.75), (all sizes, small, medium, large).
_IOU_50, _IOU_75 = 0, 5
_ALL, _SMALL, _MEDIUM, _LARGE = range(4)


def evaluate(examples: ExampleSet, detections: Sequence[Detections], matches: Optional[Matches] = None) -> Score:
    """Score ``detections``, one entry per example, labels in the examples' classes.

    Args:
        matches: those of ``match``, where they are known already.

    Returns:
        COCO's metrics, ``precision, recall, f1, confidence`` at the best F1 at IoU 0.5, and how many images and boxes
        there are. A number for which there is no ground truth is None.
    """
    point = best(confidence_curve(matches or match(examples, detections))) if examples.box_count else None
    return {
        "schema_version": SCHEMA_VERSION,
        **coco_metrics(examples, detections),
        "precision": point and point["precision"],
        "recall": point and point["recall"],
        "f1": point and point["f"],
        "confidence": point and point["confidence"],
        "images": len(examples.examples),
        "boxes": examples.box_count,
        "slices": {},
    }


def coco_metrics(examples: ExampleSet, detections: Sequence[Detections]) -> CocoMetrics:
    """COCO's twelve numbers, as ``COCOeval.summarize`` prints them: means over what has ground truth, else None."""
    precision, recall = _accumulated(examples, detections)
    return {
        "AP": _mean_present(precision[..., _ALL, -1]),
        "AP50": _mean_present(precision[_IOU_50, ..., _ALL, -1]),
        "AP75": _mean_present(precision[_IOU_75, ..., _ALL, -1]),
        "AP_small": _mean_present(precision[..., _SMALL, -1]),
        "AP_medium": _mean_present(precision[..., _MEDIUM, -1]),
        "AP_large": _mean_present(precision[..., _LARGE, -1]),
        "AR1": _mean_present(recall[..., _ALL, 0]),
        "AR10": _mean_present(recall[..., _ALL, 1]),
        "AR100": _mean_present(recall[..., _ALL, 2]),
        "AR_small": _mean_present(recall[..., _SMALL, -1]),
        "AR_medium": _mean_present(recall[..., _MEDIUM, -1]),
        "AR_large": _mean_present(recall[..., _LARGE, -1]),
    }


class _Accumulated(NamedTuple):
    """COCOeval's arrays: (IoU, recall, class, size, detections) and (IoU, class, size, detections); -1: no objects."""

    precision: Floats
    recall: Floats


def _accumulated(examples: ExampleSet, detections: Sequence[Detections]) -> _Accumulated:
    if not examples.box_count:
        return _Accumulated(np.full((10, 101, 1, 4, 3), -1.0), np.full((10, 1, 4, 3), -1.0))
    evaluation = evaluated(load_ground_truth(examples), result_rows(detections))
    evaluation.accumulate()
    arrays: dict[str, Any] = evaluation.eval or {}  # hotcoco's result types require it
    return _Accumulated(np.asarray(arrays["precision"]), np.asarray(arrays["recall"]))


def _mean_present(values: Floats) -> Optional[float]:
    present = values[values > -1]
    return float(present.mean()) if present.size else None


def format_number(value: Optional[float]) -> str:
    """A metric as text."""
    return "no ground truth" if value is None else f"{value:.3f}"


def score_table(metrics: Mapping[str, Any]) -> str:
    """The metrics as lines of text. ``metrics``: a ``Score``, or what was read from a ``metrics.json``."""
    names = (*COCO_METRICS, "AR100", "precision", "recall", "f1")
    lines = [f"{name:<11}{format_number(metrics[name])}" for name in names]
    if metrics["confidence"] is not None:
        lines.append(f"{'confidence':<11}{metrics['confidence']:.3f}   (where F1 is best)")
    lines.append(f"{metrics['images']} images, {metrics['boxes']} boxes")
    return "\n".join(lines)


def class_table(classes: Mapping[str, ClassScore]) -> str:
    """One line per class; empty for a single class, whose numbers are those of ``score_table``."""
    if len(classes) < 2:
        return ""
    width = max(len("class"), *map(len, classes))
    lines = [f"{'class':<{width}}{'boxes':>8}" + "".join(f"{name:>11}" for name in CLASS_METRICS)]
    for name, score in classes.items():
        numbers = ["-" if (value := score[metric]) is None else f"{value:.3f}" for metric in CLASS_METRICS]
        lines.append(f"{name:<{width}}{score['boxes']:>8}" + "".join(f"{number:>11}" for number in numbers))
    return "\n".join(lines)
