"""Every number of one detector on one set of images, as one JSON-able dict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from ..detection.detector import Detections
from ..examples.example import ExampleSet
from . import confidence_sweep
from .attributes import Attributes
from .average_precision import (
    RECALLS,
    class_mean,
    coco_ap,
    precision_at_recalls,
    voc_ap_11,
    voc_ap_area,
)
from .bootstrap import bootstrap_ap, interval, recall_interval, resamples
from .case_table import case_table
from .confidence_sweep import FALSE_ALARMS, ConfidenceCurve, confidence_curve
from .confusion import calibration, confusion, counted
from .evaluate import evaluate
from .matching import Matches, match, match_at
from .slices import Scored, chosen, one_slice, selection, slice_scores, telling_pairs, two_way
from .tide import tide

COCO_IOUS = tuple(np.linspace(0.5, 0.95, 10).tolist())
RESAMPLES = 500
_LOWEST_CALIBRATED = 0.05
_FALSE_ALARM_POINTS = np.logspace(-2, 1, 61)
_MOST_PAIRS = 15


@dataclass(frozen=True)
class Asked:
    """What is asked of an analysis.

    Attributes:
        slices: the attributes, or None for all.
        pairs: pairs of attributes for two-way tables, or None for those that tell most.
        resamples: of the bootstrap. seed: of its draws.
    """

    slices: Optional[tuple] = None
    pairs: Optional[tuple] = None
    resamples: int = RESAMPLES
    seed: int = 0


@dataclass(frozen=True)
class Analysis:
    """The numbers, and what images and comparisons are made from."""

    metrics: dict
    scored: Scored
    curve: ConfidenceCurve


def analyse(examples: ExampleSet, detections: Sequence[Detections], attributes: Attributes, asked: Asked) -> Analysis:
    """All that ``evaluate`` says, and where, how and how surely.

    Raises:
        TrainerError: a slice is asked for that the data does not have.
    """
    check_slices(attributes, asked)
    matches = match(examples, detections)
    metrics = evaluate(examples, detections, matches)
    curve = confidence_curve(matches)
    scored = Scored(
        matches,
        match_at(examples, detections, COCO_IOUS),
        np.inf if metrics["confidence"] is None else metrics["confidence"],
        resamples(_scenes(attributes, matches), asked.resamples, asked.seed),
    )
    metrics |= {
        "intervals": _intervals(scored),
        "voc": {"AP_11": class_mean(matches, voc_ap_11), "AP_area": class_mean(matches, voc_ap_area)},
        "classes": _per_class(examples, matches),
        **_false_alarms(scored, curve),
        "lying": _lying(scored, attributes, curve),
        **_mistakes(examples, detections, scored),
        "curves": _curves(matches, curve),
    }
    slices = slice_scores(scored, attributes, chosen(attributes, asked.slices))
    pairs = telling_pairs(slices, _MOST_PAIRS) if asked.pairs is None else asked.pairs
    metrics |= {
        "slices": slices,
        "two_way": two_way(scored, attributes, pairs),
        "cases": case_table(matches, attributes),
    }
    return Analysis(metrics, scored, curve)


def check_slices(attributes: Attributes, asked: Asked) -> None:
    """Raise TrainerError for an attribute that the data does not have."""
    for names in (asked.slices, *(asked.pairs or ())):
        chosen(attributes, names)


def _scenes(attributes: Attributes, matches: Matches) -> np.ndarray:
    return np.arange(matches.images) if attributes.scenes is None else attributes.scenes


def _intervals(scored: Scored) -> dict:
    """95 % by resampling the scenes."""
    return {
        "AP50": interval(bootstrap_ap(scored.matches, scored.weights)),
        "AP": interval(mean_ap_resampled(scored)),
        "recall": recall_interval(scored.matches, scored.weights, scored.confidence),
        "resamples": len(scored.weights),
    }


def mean_ap_resampled(scored: Scored) -> np.ndarray:
    """(R,) COCO's AP, the mean over its IoUs, of every resample."""
    return np.mean([bootstrap_ap(matches, scored.weights) for matches in scored.by_iou], axis=0)


def _per_class(examples: ExampleSet, matches: Matches) -> dict:
    found = {}
    for label, name in enumerate(examples.classes):
        one = matches.of_class(label)
        ground_truths = len(one.found_at)
        found[name] = {"boxes": ground_truths, "AP50": coco_ap(one.hits, ground_truths) if ground_truths else None}
    return found


def _false_alarms(scored: Scored, curve: ConfidenceCurve) -> dict:
    """The other thresholds, and what is found in images that hold nothing."""
    matches, known = scored.matches, curve.ground_truths > 0
    empty = np.ones(matches.images, dtype=bool)
    empty[matches.ground_truth_image] = False
    false = (matches.score >= scored.confidence) & empty[matches.image]
    hit_by = len(np.unique(matches.image[false]))
    images = int(empty.sum())
    f2 = confidence_sweep.best(curve, 2.0)
    return {
        "best_f2": {**{name: f2[name] for name in ("precision", "recall", "confidence")}, "f2": f2["f"]},
        "false_per_picture": curve.at(scored.confidence)["false_per_picture"],
        "miss_rate": {"false_per_picture": FALSE_ALARMS, **confidence_sweep.allowing(curve, FALSE_ALARMS)}
        if known
        else None,
        "log_average_miss_rate": confidence_sweep.log_average_miss_rate(curve) if known else None,
        "empty_pictures": {
            "images": images,
            "false_alarms": int(false.sum()),
            "false_per_picture": int(false.sum()) / images if images else None,
            "share_with_false_alarm": hit_by / images if images else None,
        },
    }


def _lying(scored: Scored, attributes: Attributes, curve: ConfidenceCurve) -> Optional[dict]:
    """How many of those who lie are found; None where the data does not say who lies, or nobody does."""
    said = attributes.values("lying") if "lying" in attributes.names else ()
    yes = next((word for word in ("yes", "1", "true") if word in said), None)
    if yes is None:
        return None
    numbers = one_slice(scored, attributes, {"lying": yes})
    if not numbers["boxes"]:
        return None
    careful = confidence_sweep.allowing(curve, FALSE_ALARMS)["confidence"]
    _, ground_truths = selection(attributes, scored.matches, {"lying": yes})
    found_at = scored.matches.found_at[ground_truths]
    return {
        **{name: numbers[name] for name in ("boxes", "recall", "recall_interval", "AP50")},
        "recall_at_false_per_picture": {
            "false_per_picture": FALSE_ALARMS,
            "recall": 0.0 if careful is None else float((found_at >= careful).mean()),
        },
    }


def _mistakes(examples: ExampleSet, detections: Sequence[Detections], scored: Scored) -> dict:
    seen = counted(examples, detections, scored.matches)
    shown = scored.confidence if np.isfinite(scored.confidence) else 1.0
    return {
        "tide": tide(examples, detections, scored.matches) if examples.box_count else None,
        "confusion": confusion(seen, shown),
        "calibration": calibration(scored.matches, _LOWEST_CALIBRATED),
    }


def _curves(matches: Matches, curve: ConfidenceCurve) -> dict:
    """``confidence``: a row each 0.01; ``recall``/``precision``: COCO's 101 points, the mean over classes;
    ``false_per_picture``/``miss_rate``: at 61 points from 0.01 to 10."""
    known = curve.ground_truths > 0
    precision = [
        precision_at_recalls(one.hits, len(one.found_at))
        for one in (matches.of_class(label) for label in np.unique(matches.ground_truth_label))
    ]
    return {
        "confidence": confidence_sweep.table(curve),
        "recall": RECALLS.round(2).tolist() if known else [],
        "precision": np.mean(precision, axis=0).tolist() if known else [],
        "false_per_picture": _FALSE_ALARM_POINTS.tolist() if known else [],
        "miss_rate": [confidence_sweep.allowing(curve, point)["miss_rate"] for point in _FALSE_ALARM_POINTS]
        if known
        else [],
    }
