"""The score of detections on labelled pictures: COCO's metrics by hotcoco, and the best F1 on the same matches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import hotcoco
import numpy as np

from ..detect import Detections, Detector
from ..examples import ExampleSet
from ..pictures import load_picture
from ..progress import Progress
from .coco import coco_results, coco_truth

SCHEMA_VERSION = 1
COCO_METRICS = ("AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large")


def detect_examples(detector: Detector, examples: ExampleSet, show: bool = True) -> list:
    """The ``Detections`` of every example, in order, as COCO's evaluation wants them: down to 0.001."""
    with Progress(len(examples.examples), "evaluating", "pictures", show) as progress:
        found = []
        for detections in detector.detect(load_picture(example.path) for example in examples.examples):
            found.append(detections)
            progress.advance()
    return found


def evaluate(examples: ExampleSet, detections: Sequence[Detections]) -> dict:
    """Score ``detections`` (one an example, labels in the examples' classes).

    Returns:
        ``AP, AP50, AP75, AP_small, AP_medium, AP_large, AR100`` (COCO, 0..1), ``precision, recall, f1,
        confidence`` at the best F1 at IoU 0.5, ``images``, ``boxes``, ``slices``, ``schema_version``. A number
        for which there is no ground truth is None.
    """
    pictures = [(example.image_id, example.path.name) for example in examples.examples]
    results = coco_results(detections, pictures, examples.classes, examples.category_ids)
    metrics = dict.fromkeys((*COCO_METRICS, "AR100", "precision", "recall", "f1", "confidence"))
    if examples.box_count:
        if results:
            metrics.update(_coco_metrics(coco_truth(examples), results))
        else:
            metrics.update(_nothing_found(examples))
    return {
        "schema_version": SCHEMA_VERSION,
        **metrics,
        "images": len(examples.examples),
        "boxes": examples.box_count,
        "slices": {},
    }


def _coco_metrics(truth: dict, results: list) -> dict:
    ground_truth = hotcoco.COCO(truth)
    evaluator = hotcoco.COCOeval(ground_truth, ground_truth.load_res(results), "bbox")
    evaluator.evaluate()
    evaluator.accumulate()
    # As COCOeval.summarize, which prints: the mean over what has ground truth; -1 marks what has none.
    precision, recall = (np.asarray(evaluator.eval[name]) for name in ("precision", "recall"))
    of_all_sizes = precision[..., 0, -1]
    matches = [one for one in evaluator.eval_imgs if one is not None and _all_sizes(one)]
    return {
        "AP": _mean_present(of_all_sizes),
        "AP50": _mean_present(of_all_sizes[0]),
        "AP75": _mean_present(of_all_sizes[5]),
        "AP_small": _mean_present(precision[..., 1, -1]),
        "AP_medium": _mean_present(precision[..., 2, -1]),
        "AP_large": _mean_present(precision[..., 3, -1]),
        "AR100": _mean_present(recall[..., 0, -1]),
        **_best_f1(matches),
    }


def _mean_present(values: np.ndarray) -> Optional[float]:
    present = values[values > -1]
    return float(present.mean()) if present.size else None


def _all_sizes(matches: dict) -> bool:
    return matches["aRng"][0] == 0 and matches["aRng"][1] >= 1e10


def _best_f1(matches: Sequence[dict]) -> dict:
    """Precision and recall where F1 is best, over all classes, from COCO's one-to-one matches at IoU 0.5."""
    scores = np.concatenate([np.asarray(one["dtScores"], dtype=np.float64) for one in matches])
    hits = np.concatenate([np.asarray(one["dtMatches"])[0].astype(bool).reshape(-1) for one in matches])
    ignored = np.concatenate([np.asarray(one["dtIgnore"])[0].astype(bool).reshape(-1) for one in matches])
    truths = sum(int((~np.asarray(one["gtIgnore"]).astype(bool)).sum()) for one in matches)
    scores, hits = scores[~ignored], hits[~ignored]
    if not hits.any():
        return {"precision": 0.0, "recall": 0.0, "f1": 0.0, "confidence": None}
    order = np.argsort(-scores, kind="stable")
    scores, found = scores[order], np.cumsum(hits[order])
    f1 = 2 * found / (np.arange(1, len(found) + 1) + truths)
    # A threshold cannot part equal scores: only the last of them is a point of the curve.
    f1[np.append(scores[1:] == scores[:-1], False)] = -1
    best = int(f1.argmax())
    return {
        "precision": float(found[best] / (best + 1)),
        "recall": float(found[best] / truths),
        "f1": float(f1[best]),
        "confidence": float(scores[best]),
    }


def _nothing_found(examples: ExampleSet) -> dict:
    """The score of an empty list of detections, which COCO's own tools cannot load."""
    areas = np.concatenate([example.areas[~example.ignore] for example in examples.examples])
    present = {
        "AP_small": (areas <= 32**2).any(),
        "AP_medium": ((areas >= 32**2) & (areas <= 96**2)).any(),
        "AP_large": (areas >= 96**2).any(),
    }
    zero = {name: 0.0 for name in (*COCO_METRICS, "AR100", "precision", "recall", "f1") if present.get(name, True)}
    return {**zero, "confidence": None}


def format_number(value: Optional[float]) -> str:
    """A metric for people."""
    return "no ground truth" if value is None else f"{value:.3f}"


def score_table(metrics: dict) -> str:
    """The metrics as lines of text."""
    names = (*COCO_METRICS, "AR100", "precision", "recall", "f1")
    lines = [f"{name:<11}{format_number(metrics[name])}" for name in names]
    if metrics["confidence"] is not None:
        lines.append(f"{'confidence':<11}{metrics['confidence']:.3f}   (where F1 is best)")
    lines.append(f"{metrics['images']} pictures, {metrics['boxes']} boxes")
    return "\n".join(lines)
