"""The page of an evaluation, and beside it every number, every plot and the case-by-case workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Optional

from matplotlib.figure import Figure

from ..detection.detector import Detections
from ..detection.draw import prediction_sheet
from ..detection.thresholds import SHOWN_CONFIDENCE
from ..disk_errors import writing
from ..metrics.analysis import Analysis
from ..metrics.evaluate import CLASS_METRICS, format_number
from ..metrics.results import DegradationCurve, Metrics, NamedSlice, TwoWayTable
from ..metrics.slices import worst_first
from ..metrics.tide import KINDS, find_errors
from . import plots
from .frame import Evaluation, ReportFrame, write_framed
from .gallery import GalleryFigure, GalleryImage, gallery_figure, worst_false_alarms, worst_misses
from .tables import Row, Shown, Table, number, percent, percent_with_interval, table, with_interval, write_plots
from .workbook import CASES, write_cases

PREDICTIONS_NOTE = (
    f"Green boxes, on the left of each pair: the ground truth. On the right: detections with a confidence above "
    f"{SHOWN_CONFIDENCE:g}."
)

_MEANING = {
    "AP": "mean over IoU 0.50 to 0.95",
    "AP50": "at IoU 0.50",
    "AP75": "at IoU 0.75",
    "AP_small": "boxes below 32 x 32 pixels",
    "AP_medium": "boxes of 32 x 32 to 96 x 96 pixels",
    "AP_large": "boxes above 96 x 96 pixels",
    "AR100": "recall with up to 100 detections per image",
    "precision": "at the best F1",
    "recall": "at the best F1",
    "f1": "best over all confidences",
}
# The attributes in the caption of an image.
_IN_CAPTION = ("role", "posture", "cover", "visible_fraction", "size", "sensor", "room")


DetectionEvaluation = Evaluation[Metrics, Analysis, Detections]


class PairTable(NamedTuple):
    """A two-way table and its name."""

    name: str
    table: Table


class Gallery(NamedTuple):
    """Images with errors of a kind."""

    title: str
    figures: list[GalleryFigure]


def write_report(out: Path, evaluation: DetectionEvaluation) -> Path:
    """Write ``index.html``, ``metrics.json``, ``predictions.jpg``, ``cases.xlsx`` and ``plots/``; returns the page.

    Raises:
        TrainerError: ``out`` cannot be written.
    """
    metrics, examples = evaluation.metrics, evaluation.examples
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        write_cases(out / CASES, {Path(metrics["model"]).name: metrics["cases"]})
        return write_framed(
            out,
            "evaluation.html",
            ReportFrame(
                metrics=metrics,
                source=examples.source,
                summary=summary_sentences(metrics, examples.classes),
                score_rows=score_rows(metrics),
                predictions=prediction_sheet(examples, evaluation.predictions, examples.classes),
                predictions_note=PREDICTIONS_NOTE,
            ),
            more_rows=_more_rows(metrics),
            classes=_class_table(metrics),
            figures=write_plots(_figures(metrics), out),
            **_slice_values(metrics, out),
            **_degradation_values(metrics, out),
            pairs=[_pair_table(one) for one in metrics["two_way"]],
            galleries=_galleries(evaluation),
            shown_confidence=min(evaluation.analysis.data.confidence, 1.0),
            error_kinds=KINDS,
        )


def summary_sentences(metrics: Metrics, classes: Sequence[str]) -> list[str]:
    """The score in sentences."""
    if not metrics["boxes"]:
        return ["There are no labelled objects in these images.", *_empty_image_sentences(metrics, classes)]
    if metrics["confidence"] is None or metrics["recall"] is None or metrics["precision"] is None:
        return ["None of the labelled objects was detected."]
    sentences = [
        f"At confidence {metrics['confidence']:.3f}, where F1 is best, {percent(metrics['recall'])} of the labelled "
        f"objects are detected; {percent(metrics['precision'])} of the detections are correct."
    ]
    lying = metrics["lying"]
    if lying and lying["recall"] is not None:
        detected = round(lying["recall"] * lying["boxes"])
        fraction = percent_with_interval(lying["recall"], lying["recall_interval"])
        sentences.append(f"{detected} of the {lying['boxes']} people lying down are detected: {fraction}.")
    return [*sentences, *_empty_image_sentences(metrics, classes)]


def _empty_image_sentences(metrics: Metrics, classes: Sequence[str]) -> list[str]:
    empty = metrics["empty_pictures"]
    if empty["share_with_false_alarm"] is None or metrics["confidence"] is None:
        return []
    count = round(empty["share_with_false_alarm"] * empty["images"])
    return [f"{count} of the {empty['images']} images without {_objects(classes)} raise a false alarm."]


def _objects(classes: Sequence[str]) -> str:
    return "people" if tuple(classes) == ("person",) else "labelled objects"


def score_rows(metrics: Mapping[str, Any]) -> list[Row]:
    """The score with what each number means. ``metrics``: a ``Score``, or what was read from a ``metrics.json``."""
    intervals = metrics.get("intervals", {})
    return [
        Row(
            name,
            with_interval(metrics[name], intervals[name]) if intervals.get(name) else format_number(metrics[name]),
            meaning,
        )
        for name, meaning in _MEANING.items()
    ]


def _more_rows(metrics: Metrics) -> list[Row]:
    empty, f2 = metrics["empty_pictures"], metrics["best_f2"]
    objects = _objects(list(metrics["classes"]))
    rows = [
        Row("AP, VOC 11 points", number(metrics["voc"]["AP_11"]), "IoU 0.5, PASCAL VOC until 2009"),
        Row("AP, VOC area", number(metrics["voc"]["AP_area"]), "IoU 0.5, PASCAL VOC from 2010"),
        Row("best F2", number(f2["f2"]), f"recall weighs twice; at confidence {number(f2['confidence'])}"),
        Row("false alarms", number(metrics["false_per_picture"]), "per image, at the best F1"),
        Row(
            "false alarms in empty images",
            number(empty["false_per_picture"]),
            f"per image, over the {empty['images']} images without {objects}",
        ),
    ]
    miss, lying = metrics["miss_rate"], metrics["lying"]
    if miss:
        where = f"with {miss['false_per_picture']} false alarms per image, at confidence {number(miss['confidence'])}"
        rows.append(Row("miss rate", number(miss["miss_rate"]), where))
        average = number(metrics["log_average_miss_rate"])
        rows.append(Row("log-average miss rate", average, "from 0.01 to 1 false alarms per image"))
    if lying:
        recall = with_interval(lying["recall"], lying["recall_interval"])
        rows.append(Row("recall, people lying down", recall, f"{lying['boxes']} boxes, at the best F1"))
    error = number(metrics["calibration"]["expected_error"])
    rows.append(Row("calibration error", error, "of detections with a confidence of at least 0.05"))
    return rows


def _class_table(metrics: Metrics) -> Optional[Table]:
    """One row per class; None for a single class, whose numbers are those of all."""
    classes = metrics["classes"]
    if len(classes) < 2:
        return None
    rows = [[name, score["boxes"], *(score[metric] for metric in CLASS_METRICS)] for name, score in classes.items()]
    return table(("class", "boxes", *CLASS_METRICS), rows)


def _figures(metrics: Metrics) -> dict[str, Figure]:
    always = {"calibration": plots.reliability(metrics), "confusion": plots.confusion(metrics)}
    if not metrics["boxes"]:
        return always
    one = {Path(metrics["model"]).name: metrics}
    return {
        "precision_recall": plots.precision_recall(one),
        "confidence": plots.over_confidence(metrics),
        "misses": plots.misses_over_false_alarms(one),
        **always,
        "error_kinds": plots.error_kinds(metrics),
    }


def _slice_values(metrics: Metrics, out: Path) -> dict[str, Any]:
    rows = worst_first(metrics["slices"])
    if not rows:
        return {"slices": None, "slice_figures": {}}
    heads = ("attribute", "value", "images", "boxes", "AP50 (95 %)", "AP", "recall (95 %)", "miss rate", "precision")
    return {
        "slices": table((*heads, "false alarms per image"), [_slice_cells(row) for row in rows], tall=True),
        "slice_figures": write_plots({"slices": plots.worst_slices(rows)}, out),
    }


def _slice_cells(row: NamedSlice) -> list[str | float | Shown | None]:
    return [
        row["attribute"],
        row["value"],
        row["images"],
        row["boxes"],
        Shown(row["AP50"], with_interval(row["AP50"], row["AP50_interval"])),
        row["AP"],
        Shown(row["recall"], with_interval(row["recall"], row["recall_interval"])),
        row["miss_rate"],
        row["precision"],
        row["false_per_picture"],
    ]


def _pair_table(one: TwoWayTable) -> PairTable:
    name = f"{one['rows']} x {one['columns']}"
    rows = [
        [
            value,
            *(
                Shown(None, "") if cell is None else Shown(cell["AP50"], f"{number(cell['AP50'])} ({cell['boxes']})")
                for cell in cells
            ),
        ]
        for value, cells in zip(one["row_values"], one["cells"])
    ]
    return PairTable(name, table((name, *one["column_values"]), rows))


def _degradation_values(metrics: Metrics, out: Path) -> dict[str, Any]:
    curves = metrics.get("degradations")
    if not curves:
        return {"degradations": None, "degradation_figures": {}}
    heads = ("degradation", "level", "AP50", "AP", "recall", "precision", "false alarms per image")
    rows = [row for name, curve in curves.items() for row in _degradation_rows(name, curve)]
    return {
        "degradations": table(heads, rows),
        "degradation_figures": write_plots({"robustness": plots.robustness(curves)}, out),
    }


def _degradation_rows(name: str, curve: DegradationCurve) -> list[list[str | float | Shown | None]]:
    return [
        [
            name,
            Shown(row["level"], plots.level_name(row["level"])),
            row["AP50"],
            row["AP"],
            row["recall"],
            row["precision"],
            row["false_per_picture"],
        ]
        for row in curve["levels"]
    ]


def _galleries(evaluation: DetectionEvaluation) -> list[Gallery]:
    matches, confidence = evaluation.analysis.data.matches, evaluation.analysis.data.confidence
    errors = find_errors(evaluation.examples, evaluation.predictions, matches)
    kinds = (
        ("The largest missed object of an image", worst_misses(evaluation.examples, matches, confidence), True),
        ("The false alarm of the highest confidence of an image", worst_false_alarms(matches, errors), False),
    )
    return [
        Gallery(title, [_gallery_figure(evaluation, entry, missed) for entry in entries])
        for title, entries, missed in kinds
        if entries
    ]


def _gallery_figure(evaluation: DetectionEvaluation, entry: GalleryImage, missed: bool) -> GalleryFigure:
    data = evaluation.analysis.data
    example, detections = evaluation.examples.examples[entry.image], evaluation.predictions[entry.image]
    details = _details(evaluation, entry, missed)
    return gallery_figure(entry, example, detections, data.matches, missed, data.confidence, details)


def _details(evaluation: DetectionEvaluation, entry: GalleryImage, missed: bool) -> str:
    """The known attributes of the image, and of the missed object."""
    matches, attributes = evaluation.analysis.data.matches, evaluation.attributes
    of_object = (matches.ground_truth_image == entry.image) & (matches.ground_truth_index == entry.index)
    known: dict[str, Any] = {}  # arrays of objects have no type of their values
    for name in _IN_CAPTION:
        if name in attributes.images:
            known[name] = attributes.images[name][entry.image]
        elif missed and name in attributes.objects:
            known[name] = attributes.objects[name][of_object.argmax()]
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in known.items() if value is not None)
