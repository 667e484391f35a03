"""The page of a score."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from shared_format import atomic

from ..detect import Detections
from ..draw import prediction_sheet
from ..errors import TrainerError
from ..examples import ExampleSet
from ..page import jpeg, picture_section, write_page
from ..run_folder import CURVE
from .evaluate import COCO_METRICS, format_number

PAGE, METRICS, PREDICTIONS = "index.html", "metrics.json", "predictions.jpg"

_MEANING = {
    "AP": "mean over IoU 0.50 to 0.95",
    "AP50": "at IoU 0.50",
    "AP75": "at IoU 0.75",
    "AP_small": "boxes below 32 x 32 pixels",
    "AP_medium": "32 x 32 to 96 x 96",
    "AP_large": "above 96 x 96",
    "AR100": "recall with up to 100 detections a picture",
    "precision": "at the best F1",
    "recall": "at the best F1",
    "f1": "best over all confidences",
}


def write_report(out: Path, metrics: dict, examples: ExampleSet, detections: Sequence[Detections], model: str) -> Path:
    """Write ``index.html``, ``metrics.json`` and ``predictions.jpg`` into ``out``; returns the page.

    Raises:
        TrainerError: ``out`` cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        predictions = jpeg(prediction_sheet(examples, detections, examples.classes))
        atomic.write_bytes(out / PREDICTIONS, predictions)
        atomic.write_json(out / METRICS, metrics)
        sections = [
            score_section(metrics),
            curve_section(Path(model)),
            picture_section(
                "Predictions beside truth",
                predictions,
                "Green: the labels. Coloured: predictions above 0.25 confidence.",
            ),
        ]
        return write_page(out / PAGE, f"{Path(model).name} on {examples.source}", sections)
    except OSError as error:
        raise TrainerError(f"{out}: cannot be written: {error.strerror}") from error


def score_section(metrics: dict) -> str:
    """The score as a table with what each number means."""
    rows = "".join(
        f"<tr><th>{name}</th><td>{format_number(metrics[name])}</td><td class=note>{_MEANING[name]}</td></tr>"
        for name in (*COCO_METRICS, "AR100", "precision", "recall", "f1")
    )
    confidence = metrics["confidence"]
    note = "" if confidence is None else f" The best F1 is at confidence {confidence:.3f}."
    return (
        f"<h2>Score</h2><p>{metrics['images']} pictures, {metrics['boxes']} boxes. COCO's metrics, 0 to 1.{note}</p>"
        f"<table>{rows}</table>"
    )


def curve_section(run: Path) -> str:
    """The training curve of a run folder, or nothing."""
    curve = run / CURVE
    return picture_section("Training", curve.read_bytes()) if curve.is_file() else ""


def read_metrics(folder: Path) -> Optional[dict]:
    """The ``metrics.json`` of an evaluation, or None where there is none."""
    path = folder / METRICS
    return json.loads(path.read_bytes()) if path.is_file() else None
