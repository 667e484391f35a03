"""The history of a training as a plot: loss, scores and learning rate over the epochs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from shared_format import atomic

from ..loss.terms import TERMS
from ..plotting import rendered


def draw_history(history: Sequence[dict], loss: str, sets: Sequence[str], path: Path) -> None:
    """Draw the terms of ``loss``, the scores on the validation ``sets`` and the learning rate over the epochs.

    Args:
        history: rows as in ``history.csv``; a number that was not measured is absent or None.
    """
    figure = Figure(figsize=(13, 4.2), dpi=110, layout="constrained")
    loss_axes, score_axes, rate_axes = figure.subplots(1, 3, width_ratios=(3, 3, 2))
    _draw(loss_axes, history, "loss", color="black", linewidth=2)
    for name in TERMS[loss]:
        _draw(loss_axes, history, name, linewidth=1)
    loss_axes.set(title="Training loss an image", yscale="log")
    loss_axes.legend(fontsize=8)
    for number, name in enumerate(sets):
        _draw(score_axes, history, f"{name}_AP50", color=f"C{number}", marker="o", markersize=3)
        _draw(score_axes, history, f"{name}_AP", color=f"C{number}", linestyle="--")
    if sets:
        score_axes.legend(fontsize=8)
        score_axes.set(title="Validation", ylim=(0, 1))
    else:
        score_axes.set_axis_off()
        score_axes.text(0.5, 0.5, "no validation data", ha="center")
    _draw(rate_axes, history, "learning_rate")
    rate_axes.set(title="Learning rate", ylim=(0, None))
    for axes in (loss_axes, score_axes, rate_axes):
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(alpha=0.3)
    atomic.write_bytes(path, rendered(figure, "png"))


def _draw(axes: Axes, history: Sequence[dict], name: str, **style: object) -> None:
    measured = [(row["epoch"], row[name]) for row in history if row.get(name) is not None]
    axes.plot([epoch for epoch, _ in measured], [value for _, value in measured], label=name, **style)
