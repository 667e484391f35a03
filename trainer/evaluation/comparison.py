"""`trainer compare`: several models on the same images, and whether one is better than another or it is chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Optional

import numpy as np

from ..detection.detector import Detections
from ..detection.labelled import detect_examples
from ..errors import TrainerError
from ..examples.example import ExampleSet
from ..metrics import confidence_sweep
from ..metrics.analysis import Analysis, Asked, analyse, check_slices, mean_ap_resampled
from ..metrics.bootstrap import bootstrap_ap, bootstrap_recall, interval
from ..metrics.evaluate import SCHEMA_VERSION, format_number
from ..metrics.matching import match_at
from ..models.files import darknet_pair, detector_spec
from ..report.comparison_report import write_comparison_report
from .scoring import DataRequest, ModelRequest, open_detector, open_test, settings

SURE = 0.05  # two-sided: the chance that images drawn anew would not show the difference
_SUMMARY = ("AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large", "AR100")
_AT_BEST = ("precision", "recall", "f1", "confidence", "false_per_picture")


def compare_models(
    models: Sequence[str], data: DataRequest, look: ModelRequest, asked: Asked, out: Optional[Path] = None
) -> dict:
    """Score every MODEL on DATA, in the classes that all have.

    Returns:
        ``models``: {name: metrics of ``analysis.analyse``, with ``curves.iou`` and ``settings``},
        ``summary``: {name: the numbers of a row}, ``differences``: a row each pair and metric, ``data``,
        ``schema_version``.

    Raises:
        TrainerError: before anything is computed, where a model or the data is not usable.
    """
    names = model_names(models)
    test = open_test(data, [detector_spec(model) for model in models])
    check_slices(test.attributes, asked)
    analyses: dict = {}
    for name, model in zip(names, models):
        detector = open_detector(model, test.examples.classes, look)
        detections = detect_examples(detector, test.examples, lowest=look.lowest, label=name)
        one = analyse(test.examples, detections, test.attributes, asked)
        over_iou = iou_table(test.examples, detections, one.scored.confidence)
        metrics = {
            **one.metrics,
            "curves": {**one.metrics["curves"], "iou": over_iou},
            "model": model,
            "data": data.data,
            "settings": settings(detector, data, look),
        }
        analyses[name] = replace(one, metrics=metrics)
    compared = {
        "schema_version": SCHEMA_VERSION,
        "data": data.data,
        "summary": {name: summary(one.metrics) for name, one in analyses.items()},
        "differences": differences(analyses),
        "models": {name: one.metrics for name, one in analyses.items()},
    }
    if out is not None:
        write_comparison_report(out, compared)
    return compared


def model_names(models: Sequence[str]) -> list:
    """A short name for each MODEL: the end of its path that no other has.

    Raises:
        TrainerError: the same MODEL twice.
    """
    paths = [_place(model) for model in models]
    for number, path in enumerate(paths):
        if path in paths[:number]:
            raise TrainerError(f"{models[number]}: named twice; compare different models")
    names = []
    for path in paths:
        depth = next(
            depth
            for depth in range(1, len(path.parts) + 1)
            if sum(other.parts[-depth:] == path.parts[-depth:] for other in paths) == 1
        )
        names.append("/".join(path.parts[-depth:]))
    return names


def _place(model: str) -> Path:
    """Where MODEL lies, without the suffix of a file."""
    pair = darknet_pair(model)
    path = (Path(model) if pair is None else pair[1]).resolve()
    return path.with_suffix("") if path.suffix in (".keras", ".weights") else path


def summary(metrics: Mapping) -> dict:
    """The numbers of a model in the table of all."""
    miss, lying = metrics["miss_rate"], metrics["lying"]
    return {
        **{name: metrics[name] for name in _SUMMARY},
        "AP_voc_11": metrics["voc"]["AP_11"],
        "AP_voc_area": metrics["voc"]["AP_area"],
        **{name: metrics[name] for name in _AT_BEST},
        "f2_best": metrics["best_f2"]["f2"],
        "miss_rate_at_0.1": miss and miss["miss_rate"],
        "false_per_empty_picture": metrics["empty_pictures"]["false_per_picture"],
        "recall_lying": lying and lying["recall"],
        "calibration_error": metrics["calibration"]["expected_error"],
    }


def differences(analyses: Mapping[str, Analysis]) -> list:
    """For each pair of models and AP50, AP and recall (each at its own best F1) what the paired bootstrap says.

    Returns:
        Rows of ``metric, model, other, difference`` (model minus other), ``interval`` (95 %), ``p`` (two-sided) and
        ``verdict``: which is better, or chance.
    """
    measured = {name: _resampled(one) for name, one in analyses.items()}
    rows = []
    for first, second in combinations(analyses, 2):
        for metric in ("AP50", "AP", "recall"):
            a, b = (analyses[name].metrics[metric] for name in (first, second))
            if a is not None and b is not None:
                drawn = measured[first][metric] - measured[second][metric]
                rows.append({"metric": metric, **_difference(first, second, a - b, drawn)})
    return rows


def _resampled(one: Analysis) -> dict:
    scored = one.scored
    return {
        "AP50": bootstrap_ap(scored.matches, scored.weights),
        "AP": mean_ap_resampled(scored),
        "recall": bootstrap_recall(scored.matches, scored.weights, scored.confidence),
    }


def _difference(first: str, second: str, difference: float, drawn: np.ndarray) -> dict:
    drawn = drawn[~np.isnan(drawn)]
    at_most, at_least = (int((drawn <= 0).sum()), int((drawn >= 0).sum()))
    p = min(1.0, 2 * (min(at_most, at_least) + 1) / (len(drawn) + 1))
    better = first if difference > 0 else second
    return {
        "model": first,
        "other": second,
        "difference": difference,
        "interval": interval(drawn),
        "p": p,
        "verdict": f"{better} is better" if p < SURE else "chance",
    }


def iou_table(examples: ExampleSet, detections: Sequence[Detections], confidence: float) -> list:
    """A row of numbers for each IoU 0, 0.01 .. 1 that a find needs, of detections of at least ``confidence``."""
    shown = [found.where(found.scores >= confidence) for found in detections]
    rows = []
    for iou, matches in zip(confidence_sweep.GRID, match_at(examples, shown, confidence_sweep.GRID)):
        found = int(matches.hits.sum())
        counts = confidence_sweep.rates(found, len(matches.score) - found, len(matches.found_at), matches.images)
        rows.append({"iou": iou, **counts})
    return rows


def text(compared: Mapping) -> str:
    """The summary and the differences as lines of text."""
    names = ("AP50", "AP", "precision", "recall", "f1")
    width = max(len(name) for name in compared["summary"])
    lines = [" " * width + "".join(f"{name:>16}" for name in names)]
    for model, row in compared["summary"].items():
        lines.append(f"{model:<{width}}" + "".join(f"{format_number(row[name]):>16}" for name in names))
    for row in compared["differences"]:
        lines.append(
            f"{row['metric']}: {row['model']} - {row['other']} = {row['difference']:+.3f}, p {row['p']:.3f}: "
            f"{row['verdict']}"
        )
    return "\n".join(lines)
