"""The training curve as a PNG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from .loss import TERMS


def draw_curve(history: Sequence[dict], path: Path) -> None:
    """Draw the loss, its terms and the validation's score over the epochs (rows of ``run_folder.read_history``)."""
    figure = Figure(figsize=(9, 4.2), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    loss_axes, score_axes = figure.subplots(1, 2)
    epochs = [row["epoch"] + 1 for row in history]
    loss_axes.plot(epochs, [row["loss"] for row in history], color="black", linewidth=2, label="loss")
    for name in TERMS:
        loss_axes.plot(epochs, [row[name] for row in history], linewidth=1, label=name)
    loss_axes.set(title="Training loss a picture", xlabel="epoch", yscale="log")
    loss_axes.legend(fontsize=8)
    for key, label in (("val_AP50", "AP50"), ("val_AP", "AP")):
        measured = [(row["epoch"] + 1, row[key]) for row in history if key in row]
        if measured:
            score_axes.plot(*zip(*measured), marker="o", markersize=3, label=label)
    if score_axes.lines:
        score_axes.legend(fontsize=8)
        score_axes.set(title="Validation", xlabel="epoch", ylim=(0, 1))
    else:
        score_axes.set_axis_off()
        score_axes.text(0.5, 0.5, "no validation data", ha="center")
    for axes in (loss_axes, score_axes):
        axes.grid(alpha=0.3)
    figure.savefig(path)
