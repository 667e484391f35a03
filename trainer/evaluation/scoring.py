"""`trainer eval`: a saved model on labelled data, with a report if asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Optional, Union

from shared_format.record import DEFAULT_BOXES, DEFAULT_CLASSES

from ..detection.thresholds import EVALUATION_CONFIDENCE, Suppression
from ..errors import TrainerError, unknown_key
from ..examples.example import ExampleSet
from ..examples.images import checked
from ..examples.readers import choose_classes, examples_of, parse_data, read_labels
from ..formats.class_choice import ClassChoice
from ..formats.class_rules import ClassRules
from ..formats.label_set import LabelSet
from ..metrics.analysis import AnalysisRequest, check_slices
from ..metrics.attribute_file import with_file
from ..metrics.attributes import Attributes, read_attributes
from ..metrics.results import Metrics
from ..models.class_subset import shared_names
from ..models.files import load_model, model_spec
from ..network.spec import ModelSpec
from ..progress import note
from ..report.frame import Evaluation
from ..tasks import Scores, Task, task_of
from .robustness import Levels, robustness

Setting = Union[str, int, float, list[str]]


@dataclass(frozen=True)
class DataRequest:
    """The images to score on.

    Attributes:
        data: DATA as the command line takes it. boxes: the box policy. kind: its format, or None to recognise it.
        attributes: a CSV of image attributes.
        classes: those to score, or None for all that model and data share.
        choice: how objects get their classes; None: as for the models, else their categories are their classes.
    """

    data: str
    boxes: str = DEFAULT_BOXES
    kind: Optional[str] = None
    attributes: Optional[Path] = None
    classes: Optional[tuple[str, ...]] = None
    choice: Union[ClassChoice, ClassRules, None] = None


@dataclass(frozen=True)
class ModelRequest:
    """How the model is run.

    Attributes:
        size: side of the network's input in pixels, or None for the model's own.
        lowest: detections of a lower confidence do not count; COCO's metrics count nearly all.
        nms: how boxes that overlap are reduced.
    """

    size: Optional[int] = None
    lowest: float = EVALUATION_CONFIDENCE
    nms: Suppression = field(default_factory=Suppression)


@dataclass(frozen=True)
class LabelledTest:
    """Checked images with the columns that slices are cut by.

    Attributes:
        splits: how many of the images are in each split that the data names.
        unscored: classes with boxes that are not scored, because a model does not have them.
        rules: how the objects got their classes; None: their categories are their classes.
    """

    examples: ExampleSet
    attributes: Attributes
    splits: dict[str, int]
    unscored: tuple[str, ...]
    rules: Optional[ClassRules] = None


def score_model(
    model: str,
    data: DataRequest,
    run: ModelRequest,
    request: AnalysisRequest,
    degradations: Optional[Levels] = None,
    out: Optional[Path] = None,
) -> Metrics:
    """Score MODEL on DATA, in the classes that both have; write a report into ``out`` if given.

    Raises:
        TrainerError: before anything is computed, where the model, the data, or both together are not usable.
    """
    spec = model_spec(model)
    task = task_of(spec, model)
    test = open_test(task, data, (spec,))
    check_slices(test.attributes, request)
    predictor = open_predictor(task, model, test.examples.classes, run)
    predictions = task.predicting.predict_examples(predictor, test.examples, lowest=run.lowest)
    analysis = task.scoring.analyse(test.examples, predictions, test.attributes, request)
    metrics = with_source(analysis, model, predictor.spec, data, run, test)
    if degradations:
        metrics["degradations"] = robustness(task, predictor, test.examples, degradations, analysis.metrics, run.lowest)
    if out is not None:
        task.showing.write_report(out, Evaluation(metrics, analysis, test.examples, predictions, test.attributes))
    report_scope(test)
    return metrics


def with_source(
    analysis: Any,  # the task's own
    model: str,
    spec: ModelSpec,
    data: DataRequest,
    run: ModelRequest,
    test: LabelledTest,
) -> Any:
    """The metrics with the model, the data and the settings they were computed with.

    Any: detection's are ``Metrics``.
    """
    source = {"task": spec.task, "model": model, "data": data.data, "settings": settings(spec, data, run, test)}
    return {**analysis.metrics, **source}


def plain_score(model: str, data: DataRequest, run: Optional[ModelRequest] = None) -> Scores:
    """Score MODEL on DATA as ``score_model``, without slices and intervals."""
    run = run or ModelRequest()
    spec = model_spec(model)
    task = task_of(spec, model)
    test = open_test(task, data, (spec,))
    predictor = open_predictor(task, model, test.examples.classes, run)
    predictions = task.predicting.predict_examples(predictor, test.examples, lowest=run.lowest)
    return task.scoring.score(test.examples, predictions)


def open_test(task: Task, data: DataRequest, specs: Sequence[ModelSpec]) -> LabelledTest:
    """The images with the classes that DATA and all models share, in the order of the first model.

    Raises:
        TrainerError: the data, its images or its attributes are not usable, or a class is in neither.
    """
    rules = class_rules(data, specs)
    requested = rules.classes if rules is not None and data.choice is not None else data.classes
    labels = read_labels(data.data, data.classes or DEFAULT_CLASSES, data.kind, masks=task.masks, rules=rules)
    _check_classes(requested or (), labels)
    classes = requested or labels.category_names
    for spec in reversed(specs):
        classes = shared_names(spec, classes)
    examples = examples_of(labels, classes, data.boxes, task.masks, task.keypoints)
    examples = checked(replace(examples, source=data.data))
    attributes = read_attributes(labels, classes, data.boxes)
    if data.attributes is not None:
        attributes = with_file(attributes, data.attributes, examples)
    splits, occurring = Counter[str](), set[str]()
    for image in labels.images:
        splits.update(image.splits)
        occurring.update(instance.category for instance in image.frame.instances)
    known = labels.category_names if rules is None else rules.classes
    wanted = requested or [name for name in known if name in occurring]
    unscored = tuple(name for name in wanted if name not in classes)
    return LabelledTest(examples, attributes, dict(splits), unscored, rules)


def class_rules(data: DataRequest, specs: Sequence[ModelSpec]) -> Optional[ClassRules]:
    """How the objects of DATA get their classes: as requested, else as in the training of the models.

    None: their categories are their classes.

    Raises:
        TrainerError: the data does not have what is requested, or the models were trained by different rules.
    """
    if isinstance(data.choice, ClassChoice):
        chosen = choose_classes((data.data,), data.choice, data.kind)
        for learned in dict.fromkeys(spec.classes_from for spec in specs):
            if learned is not None and not learned.agrees_with(chosen):
                note(
                    f"{data.data}: the classes are chosen otherwise than in the training of the model: now {chosen}, "
                    f"then {learned}; without --class-by and --class-map the model's own choice applies"
                )
        return chosen
    if data.choice is not None:
        return data.choice
    remembered = list(dict.fromkeys(spec.classes_from for spec in specs))
    if len(remembered) > 1:
        ways = "; ".join("by category" if rules is None else str(rules) for rules in remembered)
        raise TrainerError(f"the models have classes of different kinds: {ways}; choose by --class-by or --class-map")
    return remembered[0] if remembered else None


def _check_classes(requested: Sequence[str], labels: LabelSet) -> None:
    """Raise TrainerError if a class is requested twice or is not in the data."""
    known = labels.category_names
    for name in requested:
        if requested.count(name) > 1:
            raise TrainerError(f"--classes: {name!r} is named twice; name each class once")
        if name not in known:
            raise TrainerError(f"--classes: {unknown_key('class', name, known)}")


def report_scope(test: LabelledTest) -> None:
    """Report on standard error what may be unexpected: several splits scored together, classes not scored."""
    data = test.examples.source
    if len(test.splits) > 1 and parse_data(data).split is None:
        counts = ", ".join(f"{name} ({count})" for name, count in test.splits.items())
        note(f"{data}: the images of all splits are scored: {counts}; to score one, name it, such as DATA:val")
    if test.unscored:
        scored = ", ".join(test.examples.classes)
        note(f"{data}: only {scored} is scored; no such class in the model: {', '.join(test.unscored)}")


def open_predictor(task: Task, model: str, classes: Sequence[str], run: ModelRequest) -> Any:
    """MODEL with only ``classes``, in their order, as a predictor of its task. Raises TrainerError."""
    changed = task.predicting.for_classes(load_model(model), classes, run.size)
    return task.predicting.suppressing(task.predicting.predictor(*changed), run.nms)


def settings(spec: ModelSpec, data: DataRequest, run: ModelRequest, test: LabelledTest) -> dict[str, Setting]:
    """The settings that a score depends on besides model and data."""
    task = task_of(spec, spec.model)
    return {
        "boxes": data.boxes,
        "classes": list(spec.classes),
        "classes_not_scored": list(test.unscored),
        **({} if test.rules is None else {"classes_by": test.rules.ways}),
        "splits": [f"{name} ({count})" for name, count in test.splits.items()],
        "size": spec.size,
        "lowest_confidence": run.lowest,
        **task.scoring.constants,
        **(run.nms.to_json() if task.predicting.finds_boxes else {}),
    }
