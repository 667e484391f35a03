"""The plots of scores, drawn from ``metrics.json``; each is a matplotlib figure for PNG and SVG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, Optional

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..metrics.results import ConfidenceRow, DegradationCurve, Metrics, NamedSlice
from ..plotting import BLUE, GREEN, GREY, ORANGE, RED

_DOTS = 110  # of a PNG, per inch
_ISO_F1 = (0.2, 0.4, 0.6, 0.8)
_WORST = 24
_Score = Literal["precision", "recall", "f1", "f2"]
_SCORES: tuple[_Score, ...] = ("precision", "recall", "f1", "f2")


def precision_recall(scores: Mapping[str, Metrics]) -> Figure:
    """Precision over recall at IoU 0.5, by model, over lines of equal F1."""
    figure, axes = _figure(6.4, 5.2)
    recall = np.linspace(0.01, 1, 200)
    for f1 in _ISO_F1:
        precision = f1 * recall / np.maximum(2 * recall - f1, 1e-9)
        inside = (2 * recall > f1) & (precision <= 1)
        axes.plot(recall[inside], precision[inside], color=GREY, linewidth=0.8, linestyle=":")
        axes.annotate(f"F1 {f1}", (1.0, f1 / (2 - f1)), xytext=(2, 0), textcoords="offset points", fontsize=7)
    for number, (name, metrics) in enumerate(scores.items()):
        curve = metrics["curves"]
        axes.plot(curve["recall"], curve["precision"], color=f"C{number}", label=f"{name}: AP50 {metrics['AP50']:.3f}")
        if metrics["recall"] is not None and metrics["precision"] is not None and metrics["confidence"] is not None:
            axes.plot(metrics["recall"], metrics["precision"], "o", color=f"C{number}", markersize=5)
    axes.set(title="Precision and recall, IoU 0.5 (dot: best F1)", xlabel="recall", ylabel="precision")
    axes.set(xlim=(0, 1.0), ylim=(0, 1.02))
    axes.legend(fontsize=8)
    return figure


def over_confidence(metrics: Metrics) -> Figure:
    """Precision, recall, F1 and F2 over the confidence threshold."""
    figure, axes = _figure(6.4, 4.2)
    for name, colour in zip(_SCORES, (BLUE, ORANGE, GREEN, RED)):
        _rows(axes, metrics["curves"]["confidence"], name, colour, name.replace("f", "F") if len(name) == 2 else name)
    if metrics["confidence"] is not None:
        axes.axvline(metrics["confidence"], color=GREY, linewidth=1)
        axes.annotate("best F1", (metrics["confidence"], 1.02), fontsize=8, color="#555", ha="center")
    axes.set(title="Scores over the confidence threshold", xlabel="confidence threshold", xlim=(0, 1), ylim=(0, 1.08))
    axes.legend(fontsize=8)
    return figure


def metrics_over_confidence(scores: Mapping[str, Metrics]) -> Figure:
    """Precision, recall, F1 and F2 over the confidence threshold, each with all models."""
    figure = Figure(figsize=(10, 7), dpi=_DOTS, layout="constrained")
    for axes, name in zip(figure.subplots(2, 2).flat, _SCORES):
        for number, (model, metrics) in enumerate(scores.items()):
            _rows(axes, metrics["curves"]["confidence"], name, f"C{number}", model)
        axes.set(title=name, xlabel="confidence threshold", xlim=(0, 1), ylim=(0, 1.02))
        axes.grid(alpha=0.25)
    figure.axes[0].legend(fontsize=8)
    return figure


def misses_over_false_alarms(scores: Mapping[str, Metrics]) -> Figure:
    """The miss rate over false alarms per image, both on logarithmic scales."""
    figure, axes = _figure(6.4, 4.2)
    for number, (name, metrics) in enumerate(scores.items()):
        curve = metrics["curves"]
        axes.plot(curve["false_per_picture"], np.maximum(curve["miss_rate"], 1e-3), color=f"C{number}", label=name)
    axes.axvline(0.1, color=GREY, linewidth=1)
    axes.set(xscale="log", yscale="log", xlabel="false alarms per image", ylabel="miss rate", ylim=(None, 1.05))
    axes.set_title("Miss rate over false alarms")
    axes.legend(fontsize=8)
    return figure


def reliability(metrics: Metrics) -> Figure:
    """Precision of the detections of each confidence."""
    bins = [one for one in metrics["calibration"]["bins"] if one["count"]]
    figure, axes = _figure(4.8, 4.2)
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1)
    precision = _floats(one["precision"] for one in bins)
    axes.bar([one["low"] for one in bins], precision, width=0.1, align="edge", color=BLUE)
    axes.plot(_floats(one["confidence"] for one in bins), precision, "o", color=ORANGE)
    for one, height in zip(bins, precision):
        axes.annotate(f"{one['count']}", (one["low"] + 0.05, height + 0.02), fontsize=7, ha="center")
    error = metrics["calibration"]["expected_error"]
    title = "Calibration" if error is None else f"Calibration, expected error {error:.3f}"
    axes.set(title=title, xlabel="confidence (numbers: detections)", ylabel="precision", xlim=(0, 1), ylim=(0, 1.08))
    return figure


def confusion(metrics: Metrics) -> Figure:
    """The confusion matrix; each row is coloured by the fraction of its objects."""
    matrix = np.array(metrics["confusion"]["matrix"], dtype=float)
    names = metrics["confusion"]["classes"]
    fractions = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    fractions[-1] = 0  # false alarms are no fraction of any objects
    side = min(10.0, 3.2 + 0.35 * len(names))
    figure, axes = _figure(side + 0.6, side)
    axes.imshow(fractions, cmap="Blues", vmin=0, vmax=1)
    if len(names) <= 15:
        for row, column in np.ndindex(*matrix.shape):
            colour = "white" if fractions[row, column] > 0.6 else "black"
            axes.annotate(
                f"{matrix[row, column]:.0f}", (column, row), ha="center", va="center", color=colour, fontsize=9
            )
    ticks = range(len(names) + 1)
    axes.set_xticks(ticks, [*names, "background"], rotation=45, ha="right", fontsize=8)
    axes.set_yticks(ticks, [*names, "background"], fontsize=8)
    axes.set(title=f"Confusion at {metrics['confusion']['confidence']:.3f}", xlabel="predicted", ylabel="true")
    axes.grid(visible=False)
    return figure


def error_kinds(metrics: Metrics) -> Figure:
    """The AP50 lost to each kind of error (TIDE)."""
    kinds = metrics["tide"] or {}
    figure, axes = _figure(6.4, 3.2)
    axes.barh(list(kinds), [one["lost_ap50"] for one in kinds.values()], color=BLUE)
    for place, one in enumerate(kinds.values()):
        axes.annotate(f" {one['lost_ap50']:.3f}", (one["lost_ap50"], place), va="center", fontsize=8)
    axes.invert_yaxis()
    axes.set(title="AP50 lost to each kind of error", xlabel="AP50")
    axes.margins(x=0.15)
    return figure


def worst_slices(rows: Sequence[NamedSlice]) -> Figure:
    """AP50 of the worst slices with its 95 % interval. ``rows`` as ``slices.worst_first`` gives them."""
    rows = [row for row in rows if row["AP50"] is not None][:_WORST]
    figure, axes = _figure(7.4, 1.2 + 0.24 * len(rows))
    for place, row in enumerate(rows):
        if row["AP50_interval"]:
            axes.plot(row["AP50_interval"], [place, place], color=GREY, linewidth=2)
        axes.plot(_floats([row["AP50"]]), [place], "o", color=BLUE, markersize=5)
    names = [f"{row['attribute']}: {row['value']}  ({row['boxes']})" for row in rows]
    axes.set_yticks(range(len(rows)), names, fontsize=8)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set(title="The worst slices (number of boxes)", xlabel="AP50, 95 % interval", xlim=(0, 1))
    return figure


def robustness(curves: Mapping[str, DegradationCurve]) -> Figure:
    """The scores over the level of each degradation."""
    figure = Figure(figsize=(3.6 * len(curves) + 0.6, 3.6), dpi=_DOTS, layout="constrained")
    for axes, (name, curve) in zip(figure.subplots(1, len(curves), squeeze=False).flat, curves.items()):
        ticks = [level_name(row["level"]) for row in curve["levels"]]
        for key, colour in (("AP50", BLUE), ("AP", GREEN), ("recall", ORANGE)):
            values = _floats(row[key] for row in curve["levels"])
            axes.plot(range(len(ticks)), values, "o-", color=colour, label=key, markersize=4)
        axes.set_xticks(range(len(ticks)), ticks, rotation=30, fontsize=8)
        axes.set(title=name, xlabel=curve["unit"], ylim=(0, None))
        axes.grid(alpha=0.25)
    figure.axes[0].legend(fontsize=8)
    return figure


def _floats(values: Iterable[Optional[float]]) -> list[float]:
    """The values, NaN for None: matplotlib leaves a gap there."""
    return [float("nan") if value is None else value for value in values]


def level_name(level: float | None) -> str:
    """A level of a degradation as text."""
    return "none" if level is None else f"{level:g}"


def _rows(axes: Axes, rows: Sequence[ConfidenceRow], name: _Score, colour: str, label: str) -> None:
    known = [row for row in rows if row[name] is not None]
    axes.plot([row["confidence"] for row in known], _floats(row[name] for row in known), color=colour, label=label)


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), dpi=_DOTS, layout="constrained")
    axes = figure.subplots()
    axes.grid(alpha=0.25)
    axes.set_axisbelow(True)
    return figure, axes
