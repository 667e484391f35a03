"""What detections are worth: COCO's metrics, and all that is made of their matches with the ground truth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Optional

from ...detection.detector import Detections
from ...detection.thresholds import MAX_DETECTIONS
from ...examples.example import ExampleSet
from ...metrics.analysis import Analysis, AnalysisRequest, analyse, mean_ap_resampled
from ...metrics.attributes import Attributes
from ...metrics.bootstrap import bootstrap_ap, bootstrap_recall
from ...metrics.confidence_sweep import confidence_curve, iou_table
from ...metrics.evaluate import class_table, evaluate, score_table
from ...metrics.matching import match
from ...metrics.results import DegradedScore, Score
from ...metrics.slices import worst_text
from ..task import Resampled, Scores, Scoring

_ABOVE_ALL = 2.0  # a confidence that no detection has


class DetectScoring(Scoring[Detections]):
    """Implements ``Scoring`` for boxes."""

    columns = ("AP50", "AP")
    text = ("AP50", "AP", "precision", "recall", "f1")
    constants: ClassVar = {"most_detections": MAX_DETECTIONS}

    def score(self, examples: ExampleSet, predictions: Sequence[Detections]) -> Score:
        """Implement ``Scoring.score``."""
        return evaluate(examples, predictions)

    def analyse(
        self,
        examples: ExampleSet,
        predictions: Sequence[Detections],
        attributes: Attributes,
        request: AnalysisRequest,
    ) -> Analysis:
        """Implement ``Scoring.analyse``."""
        return analyse(examples, predictions, attributes, request)

    def degraded(
        self, examples: ExampleSet, predictions: Sequence[Detections], level: float, confidence: Optional[float]
    ) -> DegradedScore:
        """Implement ``Scoring.degraded``: precision and recall at the confidence of the images as they are."""
        matches = match(examples, predictions)
        score = evaluate(examples, predictions, matches)
        at = confidence_curve(matches).at(_ABOVE_ALL if confidence is None else confidence)
        return {
            "level": level,
            "AP": score["AP"],
            "AP50": score["AP50"],
            "precision": at["precision"],
            "recall": at["recall"],
            "f1": at["f1"],
            "false_per_picture": at["false_per_picture"],
        }

    def undegraded(self, metrics: Scores) -> DegradedScore:
        """Implement ``Scoring.undegraded``."""
        return {
            "level": None,
            "AP": metrics["AP"],
            "AP50": metrics["AP50"],
            "precision": metrics["precision"],
            "recall": metrics["recall"],
            "f1": metrics["f1"],
            "false_per_picture": metrics["false_per_picture"],
        }

    def summary(self, metrics: Scores) -> dict[str, Optional[float]]:
        """Implement ``Scoring.summary``."""
        miss, lying = metrics["miss_rate"], metrics["lying"]
        return {
            "AP": metrics["AP"],
            "AP50": metrics["AP50"],
            "AP75": metrics["AP75"],
            "AP_small": metrics["AP_small"],
            "AP_medium": metrics["AP_medium"],
            "AP_large": metrics["AP_large"],
            "AR100": metrics["AR100"],
            "AP_voc_11": metrics["voc"]["AP_11"],
            "AP_voc_area": metrics["voc"]["AP_area"],
            "precision": metrics["precision"],
            "recall": metrics["recall"],
            "f1": metrics["f1"],
            "confidence": metrics["confidence"],
            "false_per_picture": metrics["false_per_picture"],
            "f2_best": metrics["best_f2"]["f2"],
            "miss_rate_at_0.1": miss and miss["miss_rate"],
            "false_per_empty_picture": metrics["empty_pictures"]["false_per_picture"],
            "recall_lying": lying and lying["recall"],
            "calibration_error": metrics["calibration"]["expected_error"],
        }

    def resampled(self, analysis: Analysis) -> dict[str, Resampled]:
        """Implement ``Scoring.resampled``: AP50, AP, and the recall at the model's own best F1."""
        data, metrics = analysis.data, analysis.metrics
        return {
            "AP50": Resampled(metrics["AP50"], bootstrap_ap(data.matches, data.weights)),
            "AP": Resampled(metrics["AP"], mean_ap_resampled(data)),
            "recall": Resampled(metrics["recall"], bootstrap_recall(data.matches, data.weights, data.confidence)),
        }

    def curves(self, examples: ExampleSet, predictions: Sequence[Detections], analysis: Analysis) -> dict[str, Any]:
        """Implement ``Scoring.curves``: the rates over the IoU that is a match."""
        return {"iou": iou_table(examples, predictions, analysis.data.confidence)}

    def table(self, metrics: Scores) -> str:
        """Implement ``Scoring.table``."""
        return "\n".join(
            filter(None, (score_table(metrics), class_table(metrics["classes"]), worst_text(metrics["slices"])))
        )
