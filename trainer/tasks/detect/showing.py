"""How detections are shown: boxes drawn on images, and the pages of reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from ...detection.detector import Detections
from ...detection.draw import prediction_sheet
from ...examples.example import ExampleSet
from ...metrics.results import Compared
from ...report.comparison_report import write_comparison_report
from ...report.evaluation_report import DetectionEvaluation, write_report
from ..task import Showing


class DetectShowing(Showing[Detections]):
    """Implements ``Showing`` for boxes."""

    def sheet(self, examples: ExampleSet, predictions: Sequence[Detections]) -> Image.Image:
        """Implement ``Showing.sheet``."""
        return prediction_sheet(examples, predictions, examples.classes)

    def write_report(self, out: Path, evaluation: DetectionEvaluation) -> Path:
        """Implement ``Showing.write_report``."""
        return write_report(out, evaluation)

    def write_comparison(self, out: Path, compared: Compared) -> Path:
        """Implement ``Showing.write_comparison``."""
        return write_comparison_report(out, compared)
