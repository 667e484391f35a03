"""The score of detections on labelled images: COCO's metrics by hotcoco, and the best F1 on its matches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import hotcoco
import numpy as np

from ..detection.detector import Detections
from ..examples.example import ExampleSet
from .coco import coco_ground_truth, result_rows
from .confidence_sweep import best, confidence_curve
from .evaluator import evaluator
from .matching import Matches, match

SCHEMA_VERSION = 1
COCO_METRICS = ("AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large")
RECALL_METRICS = ("AR1", "AR10", "AR100", "AR_small", "AR_medium", "AR_large")
# Places in COCOeval's arrays: (IoU 0.5, 0.75), (all sizes, small, medium, large).
_IOU_50, _IOU_75 = 0, 5
_ALL, _SMALL, _MEDIUM, _LARGE = range(4)


def evaluate(examples: ExampleSet, detections: Sequence[Detections], matches: Optional[Matches] = None) -> dict:
    """Score ``detections`` (one an example, labels in the examples' classes).

    Args:
        matches: those of ``match``, where they are known already.

    Returns:
        ``AP, AP50, AP75, AP_small, AP_medium, AP_large, AR1, AR10, AR100, AR_small, AR_medium, AR_large`` (COCO,
        0..1), ``precision, recall, f1, confidence`` at the best F1 at IoU 0.5, ``images``, ``boxes``, ``slices``,
        ``schema_version``. A number for which there is no ground truth is None.
    """
    metrics = dict.fromkeys((*COCO_METRICS, *RECALL_METRICS, "precision", "recall", "f1", "confidence"))
    if examples.box_count:
        metrics.update(coco_metrics(examples, detections))
        point = best(confidence_curve(matches or match(examples, detections)))
        metrics.update(
            precision=point["precision"], recall=point["recall"], f1=point["f"], confidence=point["confidence"]
        )
    return {
        "schema_version": SCHEMA_VERSION,
        **metrics,
        "images": len(examples.examples),
        "boxes": examples.box_count,
        "slices": {},
    }


def coco_metrics(examples: ExampleSet, detections: Sequence[Detections]) -> dict:
    """COCO's twelve numbers, as ``COCOeval.summarize`` prints them: means over what has ground truth, else None."""
    judged = evaluator(hotcoco.COCO(coco_ground_truth(examples)), result_rows(examples, detections))
    judged.accumulate()
    precision, recall = (np.asarray(judged.eval[name]) for name in ("precision", "recall"))
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


def _mean_present(values: np.ndarray) -> Optional[float]:
    present = values[values > -1]
    return float(present.mean()) if present.size else None


def format_number(value: Optional[float]) -> str:
    """A metric for people."""
    return "no ground truth" if value is None else f"{value:.3f}"


def score_table(metrics: dict) -> str:
    """The metrics as lines of text."""
    names = (*COCO_METRICS, "AR100", "precision", "recall", "f1")
    lines = [f"{name:<11}{format_number(metrics[name])}" for name in names]
    if metrics["confidence"] is not None:
        lines.append(f"{'confidence':<11}{metrics['confidence']:.3f}   (where F1 is best)")
    lines.append(f"{metrics['images']} images, {metrics['boxes']} boxes")
    return "\n".join(lines)
