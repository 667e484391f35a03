"""The page of a score, and beside it every number, every plot and the case-by-case workbook."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from shared_format import atomic

from ..detection.detector import Detections
from ..detection.draw import prediction_sheet
from ..detection.thresholds import SHOWN_CONFIDENCE
from ..disk_errors import writing
from ..examples.example import ExampleSet
from ..metrics.analysis import Analysis
from ..metrics.attributes import Attributes
from ..metrics.evaluate import format_number
from ..metrics.matching import Matches
from ..metrics.slices import worst_first
from ..metrics.tide import KINDS, find_errors
from ..models.run_files import CURVE
from ..page import image_section, jpeg, write_page
from . import plots
from .gallery import Shot, figure, worst_false_alarms, worst_misses
from .html_parts import number, plain, plot_section, script, sortable, style, with_interval
from .workbook import CASES, write_cases

PAGE, METRICS, PREDICTIONS = "index.html", "metrics.json", "predictions.jpg"

_MEANING = {
    "AP": "mean over IoU 0.50 to 0.95",
    "AP50": "at IoU 0.50",
    "AP75": "at IoU 0.75",
    "AP_small": "boxes below 32 x 32 pixels",
    "AP_medium": "32 x 32 to 96 x 96",
    "AP_large": "above 96 x 96",
    "AR100": "recall with up to 100 detections an image",
    "precision": "at the best F1",
    "recall": "at the best F1",
    "f1": "best over all confidences",
}
# What of a missed person is said under their image.
_TOLD = ("role", "posture", "cover", "visible_fraction", "size", "sensor", "room")


@dataclass(frozen=True)
class Seen:
    """What a report shows: the analysis, the images, what was found in them, and their attributes."""

    analysis: Analysis
    examples: ExampleSet
    detections: Sequence[Detections]
    attributes: Attributes


def write_report(out: Path, seen: Seen) -> Path:
    """Write ``index.html``, ``metrics.json``, ``predictions.jpg``, ``cases.xlsx`` and ``plots/``; returns the page.

    Raises:
        TrainerError: ``out`` cannot be written.
    """
    metrics, model = seen.analysis.metrics, Path(seen.analysis.metrics["model"])
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        predictions = jpeg(prediction_sheet(seen.examples, seen.detections, seen.examples.classes))
        atomic.write_bytes(out / PREDICTIONS, predictions)
        atomic.write_bytes(out / METRICS, atomic.dump_json(metrics))
        write_cases(out / CASES, {model.name: metrics["cases"]})
        sections = [
            _in_words(metrics),
            score_section(metrics),
            _more_numbers(metrics),
            plot_section("Curves and mistakes", _figures(metrics), out),
            _slices(metrics, out),
            _two_way(metrics),
            _robustness(metrics, out),
            _shots(seen),
            image_section(
                "Predictions beside truth",
                predictions,
                f"Green: the labels. Coloured: predictions above {SHOWN_CONFIDENCE:g} confidence.",
            ),
            curve_section(model),
            _settings(metrics),
        ]
        title = f"{model.name} on {seen.examples.source}"
        return write_page(out / PAGE, title, sections, style(), script())


def _in_words(metrics: Mapping) -> str:
    """The score as a hospital would ask for it."""
    if metrics["confidence"] is None:
        return "<p>Nothing that is there was found.</p>" if metrics["boxes"] else "<p>There is nothing to find.</p>"
    told = [
        f"At confidence {metrics['confidence']:.3f}, where F1 is best, {metrics['recall']:.0%} of what is there is "
        f"found, and {metrics['precision']:.0%} of what is claimed is there."
    ]
    lying = metrics["lying"]
    if lying:
        told.append(f"Of the {lying['boxes']} who lie, {_share(lying['recall'], lying['recall_interval'])} are found.")
    empty = metrics["empty_pictures"]
    if empty["images"]:
        told.append(
            f"Of {empty['images']} images of nobody, {empty['share_with_false_alarm']:.0%} raise a false alarm."
        )
    return f"<p>{html.escape(' '.join(told))}</p>"


def _share(value: float, interval: Optional[Sequence[float]]) -> str:
    return f"{value:.0%} ({interval[0]:.0%} to {interval[1]:.0%})" if interval else f"{value:.0%}"


def score_section(metrics: Mapping) -> str:
    """The score as a table with what each number means."""
    rows = [(name, _with_known_interval(metrics, name), meaning) for name, meaning in _MEANING.items()]
    confidence = metrics["confidence"]
    note = "" if confidence is None else f" The best F1 is at confidence {confidence:.3f}."
    return (
        f"<h2>Score</h2><p>{metrics['images']} images, {metrics['boxes']} boxes. COCO's metrics, 0 to 1, with the "
        f"95 % interval of resampled scenes.{note}</p>{plain(rows)}"
    )


def _with_known_interval(metrics: Mapping, name: str) -> str:
    known = metrics.get("intervals", {}).get(name)
    return with_interval(metrics[name], known) if known else format_number(metrics[name])


def _more_numbers(metrics: Mapping) -> str:
    miss, empty, lying, f2 = (metrics[name] for name in ("miss_rate", "empty_pictures", "lying", "best_f2"))
    rows = [
        ("AP, VOC 11 points", number(metrics["voc"]["AP_11"]), "IoU 0.5, PASCAL VOC to 2009"),
        ("AP, VOC area", number(metrics["voc"]["AP_area"]), "IoU 0.5, PASCAL VOC from 2010"),
        ("best F2", number(f2["f2"]), f"recall counts twice; at confidence {number(f2['confidence'])}"),
        ("false alarms", number(metrics["false_per_picture"]), "an image, at the best F1"),
        ("in empty images", number(empty["false_per_picture"]), f"an image, of {empty['images']} without anyone"),
    ]
    if miss:
        where = f"with {miss['false_per_picture']} false alarms an image, at confidence {number(miss['confidence'])}"
        rows.append(("miss rate", number(miss["miss_rate"]), where))
        rows.append(("log-average miss rate", number(metrics["log_average_miss_rate"]), "0.01 to 1 false alarms"))
    if lying:
        rows.append(
            (
                "recall of the lying",
                with_interval(lying["recall"], lying["recall_interval"]),
                f"{lying['boxes']} boxes, at the best F1",
            )
        )
    rows.append(("calibration error", number(metrics["calibration"]["expected_error"]), "of confidences from 0.05"))
    return f"<h2>More numbers</h2>{plain(rows)}"


def _figures(metrics: Mapping) -> dict:
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


def _slices(metrics: Mapping, out: Path) -> str:
    rows = worst_first(metrics["slices"])
    if not rows:
        return ""
    heads = ("attribute", "value", "images", "boxes", "AP50 (95 %)", "AP", "recall (95 %)", "miss rate", "precision")
    table = sortable(
        (*heads, "false alarms an image"),
        [
            (
                row["attribute"],
                row["value"],
                row["images"],
                row["boxes"],
                (row["AP50"], with_interval(row["AP50"], row["AP50_interval"])),
                row["AP"],
                (row["recall"], with_interval(row["recall"], row["recall_interval"])),
                row["miss_rate"],
                row["precision"],
                row["false_per_picture"],
            )
            for row in rows
        ],
        tall=True,
    )
    plot = plot_section("The worst slices", {"slices": plots.worst_slices(rows)}, out)
    note = (
        "<p class=note>A slice of people counts those people in the images they are in; false alarms there count. "
        "Recall, misses and precision are at the best F1 of all images. Slices of fewer than five boxes come after "
        "the others. Click a heading to sort.</p>"
    )
    return f"{plot}<h2>Slices, worst first</h2>{note}{table}"


def _two_way(metrics: Mapping) -> str:
    if not metrics["two_way"]:
        return ""
    names = [f"{table['rows']} x {table['columns']}" for table in metrics["two_way"]]
    options = "".join(f"<option>{html.escape(name)}</option>" for name in names)
    tables = "".join(
        f'<div data-pair="{html.escape(name)}">{_pair_table(name, table)}</div>'
        for name, table in zip(names, metrics["two_way"])
    )
    return f'<h2>Two attributes at once</h2><p>AP50 and (boxes). <select id="pair">{options}</select></p>{tables}'


def _pair_table(name: str, table: Mapping) -> str:
    rows = []
    for value, cells in zip(table["row_values"], table["cells"]):
        shown = [
            (None, "") if cell is None else (cell["AP50"], f"{number(cell['AP50'])} ({cell['boxes']})")
            for cell in cells
        ]
        rows.append((value, *shown))
    return sortable((name, *table["column_values"]), rows)


def _robustness(metrics: Mapping, out: Path) -> str:
    curves = metrics.get("degradations")
    if not curves:
        return ""
    rows = [
        (
            name,
            (row["level"], "as it is" if row["level"] is None else f"{row['level']:g}"),
            *(row[key] for key in ("AP50", "AP", "recall", "precision", "false_per_picture")),
        )
        for name, curve in curves.items()
        for row in curve["levels"]
    ]
    heads = ("degradation", "level", "AP50", "AP", "recall", "precision", "false alarms an image")
    return plot_section("Worse images", {"robustness": plots.robustness(curves)}, out) + sortable(heads, rows)


def _shots(seen: Seen) -> str:
    scored = seen.analysis.scored
    matches, confidence = scored.matches, scored.confidence
    misses = worst_misses(seen.examples, matches, confidence)
    false = worst_false_alarms(matches, find_errors(seen.examples, seen.detections, matches))
    if not misses and not false:
        return ""
    start = min(confidence, 1.0)
    control = (
        '<div class="control"><label>Detections of at least <input type="range" id="confidence" min="0" max="1" '
        f'step="0.01" value="{start:.2f}"> <output id="confidence-shown">{start:.2f}</output></label>'
        '<p class="key"><span><i class="truth" style="color:#3cdc5a"></i>truth</span>'
        '<span><i style="color:#ff3b6b"></i>missed truth</span><span><i style="color:#4696ff"></i>found</span>'
        '<span><i style="color:#ff781e"></i>false alarm</span></p></div>'
    )
    shown = ["<h2>Pictures</h2>", control]
    for title, shots, miss in (("The worst misses", misses, True), ("The worst false alarms", false, False)):
        figures = [_figure(seen, shot, matches, miss, confidence) for shot in shots]
        shown.append(f'<h3>{title}</h3><div class="shots">{"".join(figures)}</div>' if figures else "")
    return f"<section>{''.join(shown)}</section>"


def _figure(seen: Seen, shot: Shot, matches: Matches, miss: bool, confidence: float) -> str:
    about = _about(seen, matches, shot, miss)
    example, found = seen.examples.examples[shot.image], seen.detections[shot.image]
    return figure(shot, example, found, matches, miss, confidence, about)


def _about(seen: Seen, matches: Matches, shot: Shot, miss: bool) -> str:
    """What is known of the one who was missed, and of the image."""
    ground_truth = (matches.ground_truth_image == shot.image) & (matches.ground_truth_place == shot.place)
    known = []
    for name in _TOLD:
        if name in seen.attributes.images:
            known.append((name, seen.attributes.images[name][shot.image]))
        elif miss and name in seen.attributes.ground_truths:
            known.append((name, seen.attributes.ground_truths[name][ground_truth.argmax()]))
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in known if value is not None)


def curve_section(run: Path) -> str:
    """The training curve of a run folder, or nothing."""
    curve = run / CURVE
    return image_section("Training", curve.read_bytes()) if curve.is_file() else ""


def _settings(metrics: Mapping) -> str:
    rows = [("model", metrics["model"], ""), ("data", metrics["data"], "")]
    for name, value in metrics["settings"].items():
        rows.append((name.replace("_", " "), ", ".join(value) if isinstance(value, list) else str(value), ""))
    kinds = " ".join(f"{name}: {meaning}." for name, meaning in KINDS.items())
    return f"<h2>How it was measured</h2>{plain(rows)}<p class=note>Kinds of errors (TIDE). {html.escape(kinds)}</p>"


def read_metrics(folder: Path) -> Optional[dict]:
    """The ``metrics.json`` of an evaluation, or None where there is none."""
    path = folder / METRICS
    return json.loads(path.read_bytes()) if path.is_file() else None
