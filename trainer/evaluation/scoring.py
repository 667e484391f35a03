"""`trainer eval`: a saved model on labelled data, with a report if asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from ..detect import Detector
from ..model_files import detector_spec, load_detector
from ..pictures import checked
from ..readers import read_data, read_labels
from ..transfer import narrowed
from .detecting import detect_examples
from .evaluate import evaluate
from .report import write_report


def score_model(model: str, data: str, out: Optional[Path], boxes: str = "covered", kind: Optional[str] = None) -> dict:
    """Score MODEL on DATA (both as the command line takes them); write a report into ``out`` if given.

    Scored are the classes that both have.

    Returns the metrics of ``evaluate.evaluate``. Raises TrainerError before anything is computed where the
    model, the data, or the two together are not usable.
    """
    classes = detector_spec(model).classes
    known = read_labels(data, classes, kind).category_names
    network, spec = narrowed(*load_detector(model), known)
    examples = checked(read_data(data, spec.classes, boxes, kind))
    detections = detect_examples(Detector(network, spec), examples)
    metrics = evaluate(examples, detections)
    if out is not None:
        write_report(out, metrics, examples, detections, model)
    return metrics
