"""`trainer compare`: several models on the same images, and which differences between them exceed chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple, Optional

import numpy as np

from ..detection.detector import Detections
from ..detection.labelled import detect_examples
from ..errors import TrainerError
from ..examples.example import ExampleSet
from ..metrics import confidence_sweep
from ..metrics.analysis import Analysis, AnalysisRequest, analyse, check_slices, mean_ap_resampled
from ..metrics.arrays import Floats
from ..metrics.bootstrap import LEAST_RESAMPLES, bootstrap_ap, bootstrap_recall, interval
from ..metrics.evaluate import SCHEMA_VERSION, format_number
from ..metrics.matching import match_at
from ..metrics.results import Analysed, Compared, Difference, IouRow, Metrics, Number
from ..models.files import darknet_pair, detector_spec
from ..report.comparison_report import write_comparison_report
from .scoring import DataRequest, LabelledTest, ModelRequest, open_detector, open_test, report_scope, with_source

SIGNIFICANCE = 0.05  # two-sided
CHANCE, UNDECIDED = "chance", "too few scenes to tell"


def compare_models(
    models: Sequence[str],
    data: DataRequest,
    run: ModelRequest,
    request: AnalysisRequest,
    out: Optional[Path] = None,
) -> Compared:
    """Score every MODEL on DATA, in the classes that all of them share; write a report into ``out`` if given.

    Raises:
        TrainerError: before anything is computed, where a model or the data is not usable.
    """
    names = model_names(models)
    test = open_test(data, [detector_spec(model) for model in models])
    check_slices(test.attributes, request)
    scored = {name: _score(name, model, test, data, run, request) for name, model in zip(names, models)}
    compared: Compared = {
        "schema_version": SCHEMA_VERSION,
        "data": data.data,
        "summary": {name: summary(one.metrics) for name, one in scored.items()},
        "differences": differences({name: one.analysis for name, one in scored.items()}),
        "models": {name: one.metrics for name, one in scored.items()},
    }
    if out is not None:
        write_comparison_report(out, compared)
    report_scope(test)
    return compared


class _ScoredModel(NamedTuple):
    metrics: Metrics
    analysis: Analysis


def _score(
    name: str, model: str, test: LabelledTest, data: DataRequest, run: ModelRequest, request: AnalysisRequest
) -> _ScoredModel:
    detector = open_detector(model, test.examples.classes, run)
    detections = detect_examples(detector, test.examples, lowest=run.lowest, label=name)
    analysis = analyse(test.examples, detections, test.attributes, request)
    metrics = with_source(analysis, model, detector, data, run, test)
    rows = iou_table(test.examples, detections, analysis.data.confidence)
    return _ScoredModel({**metrics, "curves": {**metrics["curves"], "iou": rows}}, analysis)


def model_names(models: Sequence[str]) -> list[str]:
    """A short name for each MODEL: the end of its path that no other has.

    Raises:
        TrainerError: the same MODEL twice.
    """
    paths = [_model_path(model) for model in models]
    for number, path in enumerate(paths):
        if path in paths[:number]:
            raise TrainerError(f"{models[number]}: the same model is named twice; compare different models")
    names: list[str] = []
    for path in paths:
        depth = next(
            depth
            for depth in range(1, len(path.parts) + 1)
            if sum(other.parts[-depth:] == path.parts[-depth:] for other in paths) == 1
        )
        names.append("/".join(path.parts[-depth:]))
    return names


def _model_path(model: str) -> Path:
    """The path of MODEL, without the suffix of a file."""
    pair = darknet_pair(model)
    path = (Path(model) if pair is None else pair[1]).resolve()
    return path.with_suffix("") if path.suffix in (".keras", ".weights") else path


def summary(metrics: Analysed) -> dict[str, Number]:
    """The numbers of a model in the table of all."""
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


def differences(analyses: Mapping[str, Analysis]) -> list[Difference]:
    """The differences of each pair of models in AP50, AP and recall (each model at its own best F1).

    By a paired bootstrap: both models are scored on the same resamples.
    """
    values = {name: _metric_values(one) for name, one in analyses.items()}
    resampled = {name: _resampled_values(one) for name, one in analyses.items()}
    rows: list[Difference] = []
    for first, second in combinations(analyses, 2):
        for metric, value in values[first].items():
            other = values[second][metric]
            if value is not None and other is not None:
                drawn = resampled[first][metric] - resampled[second][metric]
                rows.append(_difference(metric, first, second, value - other, drawn))
    return rows


def _metric_values(one: Analysis) -> dict[str, Number]:
    return {"AP50": one.metrics["AP50"], "AP": one.metrics["AP"], "recall": one.metrics["recall"]}


def _resampled_values(one: Analysis) -> dict[str, Floats]:
    data = one.data
    return {
        "AP50": bootstrap_ap(data.matches, data.weights),
        "AP": mean_ap_resampled(data),
        "recall": bootstrap_recall(data.matches, data.weights, data.confidence),
    }


def _difference(metric: str, first: str, second: str, difference: float, resampled: Floats) -> Difference:
    """``resampled``: (R,) the difference in every resample, NaN where it has none."""
    known = resampled[~np.isnan(resampled)]
    fewer_sign = min(int((known <= 0).sum()), int((known >= 0).sum()))
    p = min(1.0, 2 * (fewer_sign + 1) / (len(known) + 1))
    better = first if difference > 0 else second
    enough = len(known) >= LEAST_RESAMPLES
    return {
        "metric": metric,
        "model": first,
        "other": second,
        "difference": difference,
        "interval": interval(known) if enough else None,
        "p": p,
        "verdict": UNDECIDED if not enough else f"{better} is better" if p < SIGNIFICANCE else CHANCE,
    }


def iou_table(examples: ExampleSet, detections: Sequence[Detections], confidence: float) -> list[IouRow]:
    """One row per IoU threshold 0, 0.01 .. 1, of the detections of at least ``confidence``."""
    shown = [one.where(one.scores >= confidence) for one in detections]
    rows: list[IouRow] = []
    for iou, matches in zip(confidence_sweep.GRID, match_at(examples, shown, confidence_sweep.GRID)):
        correct = int(matches.true_positive.sum())
        counts = confidence_sweep.rates(correct, len(matches.score) - correct, matches.objects, matches.images)
        rows.append({"iou": iou, **counts})
    return rows


def text(compared: Compared) -> str:
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
