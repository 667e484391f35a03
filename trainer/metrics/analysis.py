"""Every metric of one detector on one set of images, as the dict that ``metrics.json`` holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from ..detection.detector import Detections
from ..examples.example import ExampleSet
from . import confidence_sweep
from .arrays import Floats
from .attributes import Attributes
from .average_precision import RECALLS, class_mean, coco_ap, precision_at_recalls, voc_ap_11, voc_ap_area
from .bootstrap import bootstrap_ap, check_resamples, interval, recall_interval, resamples
from .case_table import case_table
from .confidence_sweep import FALSE_PER_IMAGE, ConfidenceCurve, confidence_curve
from .confusion import calibration, confusion, counted
from .evaluate import evaluate
from .matching import Matches, match, match_at
from .results import (
    Analysed,
    BestF2,
    ClassScore,
    Curves,
    EmptyImages,
    Intervals,
    LyingScore,
    MissRateAt,
)
from .slices import (
    MatchedData,
    Pair,
    check_attributes,
    most_different_pairs,
    one_slice,
    selection,
    slice_scores,
    two_way,
)
from .tide import tide

COCO_IOUS: tuple[float, ...] = tuple(np.linspace(0.5, 0.95, 10).tolist())
RESAMPLES = 500
_LOWEST_CALIBRATED = 0.05
_FALSE_PER_IMAGE_GRID: list[float] = np.logspace(-2, 1, 61).tolist()
_MOST_PAIRS = 15


@dataclass(frozen=True)
class AnalysisRequest:
    """What to analyse.

    Attributes:
        slices: the attributes to slice by, or None for all.
        pairs: pairs of attributes for two-way tables, or None for those that differ most.
        resamples: how many resamples the intervals are made of. seed: of their random numbers.

    Raises:
        TrainerError: too few resamples for an interval.
    """

    slices: Optional[tuple[str, ...]] = None
    pairs: Optional[tuple[Pair, ...]] = None
    resamples: int = RESAMPLES
    seed: int = 0

    def __post_init__(self) -> None:
        check_resamples(self.resamples)


@dataclass(frozen=True)
class Analysis:
    """The metrics, and what pages and comparisons are made from."""

    metrics: Analysed
    data: MatchedData
    curve: ConfidenceCurve


def analyse(
    examples: ExampleSet, detections: Sequence[Detections], attributes: Attributes, request: AnalysisRequest
) -> Analysis:
    """The plain score, intervals, slices, kinds of errors, calibration and curves.

    Raises:
        TrainerError: a slice is requested by an attribute that the data does not have.
    """
    check_slices(attributes, request)
    matches = match(examples, detections)
    score = evaluate(examples, detections, matches)
    curve = confidence_curve(matches)
    scenes = np.arange(matches.images) if attributes.scenes is None else attributes.scenes
    data = MatchedData(
        matches,
        match_at(examples, detections, COCO_IOUS),
        np.inf if score["confidence"] is None else score["confidence"],
        resamples(scenes, request.resamples, request.seed),
    )
    names = attributes.names if request.slices is None else request.slices
    slices = slice_scores(data, attributes, names)
    pairs = most_different_pairs(slices, _MOST_PAIRS) if request.pairs is None else request.pairs
    boxes = counted(examples, detections, matches)
    metrics: Analysed = {
        **score,
        "intervals": _intervals(data),
        "voc": {"AP_11": class_mean(matches, voc_ap_11), "AP_area": class_mean(matches, voc_ap_area)},
        "classes": _per_class(examples, data),
        "best_f2": _best_f2(curve),
        "false_per_picture": curve.at(data.confidence)["false_per_picture"],
        "miss_rate": _miss_rate(curve),
        "log_average_miss_rate": confidence_sweep.log_average_miss_rate(curve) if curve.objects else None,
        "empty_pictures": _empty_images(data),
        "lying": _lying(data, attributes, curve),
        "tide": tide(examples, detections, matches) if examples.box_count else None,
        "confusion": confusion(boxes, data.confidence if np.isfinite(data.confidence) else 1.0),
        "calibration": calibration(boxes, _LOWEST_CALIBRATED),
        "curves": _curves(matches, curve),
        "slices": slices,
        "two_way": two_way(data, attributes, pairs),
        "cases": case_table(matches, attributes),
    }
    return Analysis(metrics, data, curve)


def check_slices(attributes: Attributes, request: AnalysisRequest) -> None:
    """Raise TrainerError for an attribute that the data does not have."""
    check_attributes(attributes, request.slices or (), "--slices")
    for pair in request.pairs or ():
        check_attributes(attributes, pair, "--pair")


def _intervals(data: MatchedData) -> Intervals:
    return {
        "AP50": interval(bootstrap_ap(data.matches, data.weights)),
        "AP": interval(mean_ap_resampled(data)),
        "recall": recall_interval(data.matches, data.weights, data.confidence),
        "resamples": len(data.weights),
    }


def mean_ap_resampled(data: MatchedData) -> Floats:
    """(R,) COCO's AP, the mean over its IoUs, of every resample."""
    return np.mean([bootstrap_ap(matches, data.weights) for matches in data.by_iou], axis=0)


def _per_class(examples: ExampleSet, data: MatchedData) -> dict[str, ClassScore]:
    scores: dict[str, ClassScore] = {}
    for label, name in enumerate(examples.classes):
        one, by_iou = data.matches.of_class(label), [matches.of_class(label) for matches in data.by_iou]
        rates = confidence_curve(one).at(data.confidence)
        scores[name] = {
            "boxes": one.objects,
            "AP50": coco_ap(one.true_positive, one.objects) if one.objects else None,
            "AP": float(np.mean([coco_ap(m.true_positive, m.objects) for m in by_iou])) if one.objects else None,
            "precision": rates["precision"],
            "recall": rates["recall"],
        }
    return scores


def _best_f2(curve: ConfidenceCurve) -> BestF2:
    point = confidence_sweep.best(curve, 2.0)
    return {
        "precision": point["precision"],
        "recall": point["recall"],
        "confidence": point["confidence"],
        "f2": point["f"],
    }


def _miss_rate(curve: ConfidenceCurve) -> Optional[MissRateAt]:
    if not curve.objects:
        return None
    return {"false_per_picture": FALSE_PER_IMAGE, **confidence_sweep.allowing(curve, FALSE_PER_IMAGE)}


def _empty_images(data: MatchedData) -> EmptyImages:
    """False positives in images without labelled objects."""
    matches = data.matches
    empty = np.ones(matches.images, dtype=bool)
    empty[matches.ground_truth_image] = False
    false = (matches.score >= data.confidence) & empty[matches.image]
    with_any = len(np.unique(matches.image[false]))
    images, count = int(empty.sum()), int(false.sum())
    return {
        "images": images,
        "false_alarms": count,
        "false_per_picture": count / images if images else None,
        "share_with_false_alarm": with_any / images if images else None,
    }


def _lying(data: MatchedData, attributes: Attributes, curve: ConfidenceCurve) -> Optional[LyingScore]:
    """The score of people lying down; None if the data does not state it, or nobody is."""
    known = attributes.values("lying") if "lying" in attributes.names else []
    yes = next((value for value in ("yes", "1", "true") if value in known), None)
    if yes is None:
        return None
    score = one_slice(data, attributes, {"lying": yes})
    if not score["boxes"]:
        return None
    confidence = confidence_sweep.allowing(curve, FALSE_PER_IMAGE)["confidence"]
    matched_at = data.matches.matched_at[selection(attributes, data.matches, {"lying": yes}).objects]
    return {
        "boxes": score["boxes"],
        "recall": score["recall"],
        "recall_interval": score["recall_interval"],
        "AP50": score["AP50"],
        "recall_at_false_per_picture": {
            "false_per_picture": FALSE_PER_IMAGE,
            "recall": 0.0 if confidence is None else float((matched_at >= confidence).mean()),
        },
    }


def _curves(matches: Matches, curve: ConfidenceCurve) -> Curves:
    rows = confidence_sweep.table(curve)
    if not curve.objects:
        return {"confidence": rows, "recall": [], "precision": [], "false_per_picture": [], "miss_rate": []}
    classes = [matches.of_class(label) for label in np.unique(matches.ground_truth_label).tolist()]
    precision = np.mean([precision_at_recalls(one.true_positive, one.objects) for one in classes], axis=0)
    return {
        "confidence": rows,
        "recall": RECALLS.round(2).tolist(),
        "precision": precision.tolist(),
        "false_per_picture": _FALSE_PER_IMAGE_GRID,
        "miss_rate": [confidence_sweep.allowing(curve, point)["miss_rate"] for point in _FALSE_PER_IMAGE_GRID],
    }
