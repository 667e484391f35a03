"""`trainer eval`: a saved model on labelled data, with a report if asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

from shared_format.record import DEFAULT_BOXES

from ..detection.detector import Detector
from ..detection.labelled import detect_examples
from ..detection.thresholds import EVALUATION_CONFIDENCE, MAX_DETECTIONS, NMS_THRESHOLD
from ..errors import TrainerError, unknown_key
from ..examples.example import ExampleSet
from ..examples.images import checked
from ..examples.readers import examples_of, read_labels
from ..metrics.analysis import Asked, analyse, check_slices
from ..metrics.attribute_file import with_file
from ..metrics.attributes import Attributes, read_attributes
from ..metrics.evaluate import evaluate
from ..models.class_subset import narrowed, resized, shared_names
from ..models.files import detector_spec, load_detector
from ..network.spec import DetectorSpec
from ..report.report import Seen, write_report
from .robustness import robustness


@dataclass(frozen=True)
class DataRequest:
    """Which data, and what is known of it.

    Attributes:
        data: DATA as the command line takes it. boxes: the box policy. kind: its format, or None to recognise it.
        attributes: a CSV of per-picture attributes.
        classes: those to score, or None for all that model and data have.
    """

    data: str
    boxes: str = DEFAULT_BOXES
    kind: Optional[str] = None
    attributes: Optional[Path] = None
    classes: Optional[tuple] = None


@dataclass(frozen=True)
class ModelRequest:
    """How the model looks at it.

    Attributes:
        size: side of the network's input in pixels, or None for its own.
        lowest: detections of a lower confidence do not count; COCO's way is nearly all.
    """

    size: Optional[int] = None
    lowest: float = EVALUATION_CONFIDENCE


@dataclass(frozen=True)
class LabelledTest:
    """Checked images with the columns that slices are cut by."""

    examples: ExampleSet
    attributes: Attributes


def score_model(
    model: str,
    data: DataRequest,
    look: ModelRequest,
    asked: Asked,
    degradations: Optional[dict] = None,
    out: Optional[Path] = None,
) -> dict:
    """Score MODEL on DATA; write a report into ``out`` if given.

    Scored are the classes that both have.

    Args:
        degradations: as ``robustness.parse_degradations`` gives them.

    Returns the metrics of ``analysis.analyse``. Raises TrainerError before anything is computed where the
    model, the data, or the two together are not usable.
    """
    test = open_test(data, (detector_spec(model),))
    check_slices(test.attributes, asked)
    detector = open_detector(model, test.examples.classes, look)
    detections = detect_examples(detector, test.examples, lowest=look.lowest)
    analysis = analyse(test.examples, detections, test.attributes, asked)
    metrics = {**analysis.metrics, "model": model, "data": data.data, "settings": settings(detector, data, look)}
    if degradations:
        metrics["degradations"] = robustness(detector, test.examples, degradations, metrics, look.lowest)
    if out is not None:
        write_report(out, Seen(replace(analysis, metrics=metrics), test.examples, detections, test.attributes))
    return metrics


def plain_score(model: str, data: DataRequest, look: Optional[ModelRequest] = None) -> dict:
    """Score MODEL on DATA as ``score_model``, without slices and intervals: the metrics of ``evaluate.evaluate``."""
    look = look or ModelRequest()
    test = open_test(data, (detector_spec(model),))
    detector = open_detector(model, test.examples.classes, look)
    return evaluate(test.examples, detect_examples(detector, test.examples, lowest=look.lowest))


def open_test(data: DataRequest, specs: Sequence[DetectorSpec]) -> LabelledTest:
    """The images with the classes that DATA and all detectors have, in the order of the first.

    Raises:
        TrainerError: the data, its images or its attributes are not usable, or there is no such class.
    """
    labels = read_labels(data.data, specs[0].classes, data.kind)
    classes = labels.category_names
    for name in data.classes or ():
        if name not in classes:
            raise TrainerError(f"--classes: {unknown_key('class', name, classes)}")
    classes = data.classes or classes
    for spec in reversed(specs):
        classes = shared_names(spec, classes)
    examples = checked(replace(examples_of(labels, classes, data.boxes), source=data.data))
    attributes = read_attributes(labels, classes, data.boxes)
    if data.attributes is not None:
        attributes = with_file(attributes, data.attributes, examples)
    return LabelledTest(examples, attributes)


def open_detector(model: str, classes: Sequence[str], look: ModelRequest) -> Detector:
    """MODEL with only ``classes``, in their order. Raises TrainerError."""
    return Detector(*resized(*narrowed(*load_detector(model), classes), look.size))


def settings(detector: Detector, data: DataRequest, look: ModelRequest) -> dict:
    """What a score depends on besides model and data."""
    return {
        "boxes": data.boxes,
        "classes": list(detector.spec.classes),
        "size": detector.spec.size,
        "lowest_confidence": look.lowest,
        "nms_iou": NMS_THRESHOLD,
        "most_detections": MAX_DETECTIONS,
    }
