"""`trainer eval`: a saved model on labelled data, with a report if asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from .detect import Detector
from .evaluate import detect_examples, evaluate
from .model_files import load_detector, model_path, read_spec
from .pictures import checked
from .readers import read_data
from .report import write_report


def score_model(model: str, data: str, out: Optional[Path], boxes: str = "covered", kind: Optional[str] = None) -> dict:
    """Score MODEL on DATA (both as the command line takes them); write a report into ``out`` if given.

    Returns the metrics of ``evaluate.evaluate``. Raises TrainerError before anything is computed where the
    model, the data, or the two together are not usable.
    """
    spec = read_spec(model_path(model))
    examples = checked(read_data(data, spec.classes, boxes, kind))
    network, spec = load_detector(model)
    detections = detect_examples(Detector(network, spec), examples)
    metrics = evaluate(examples, detections)
    if out is not None:
        write_report(out, metrics, examples, detections, model)
    return metrics
