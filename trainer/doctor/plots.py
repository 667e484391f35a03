"""The card's plots, each a PNG."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..plotting import BLUE, GREY, ORANGE, rendered
from .attribute_fractions import AttributeFractions
from .statistics import Statistics

_FRACTIONS = {
    "visible_fraction": "visible fraction of the silhouette",
    "covered_fraction": "fraction visible or under bedding",
    "in_frame_fraction": "fraction of the body inside the image",
}


def size_and_aspect(statistics: Statistics, size: int) -> bytes:
    """Histograms of the boxes' size at the training size and of width / height, and boxes per image."""
    widths, heights = np.array(statistics.widths), np.array(statistics.heights)

    def draw(axes: Sequence[Axes]) -> None:
        side = np.sqrt(widths * heights) * size
        axes[0].hist(side, bins=np.geomspace(2, size, 28).tolist(), color=BLUE)
        axes[0].set(xscale="log", title="Box size", xlabel=f"sqrt(width x height), pixels at {size}", ylabel="boxes")
        axes[0].axvspan(2, 8, color=ORANGE, alpha=0.25, lw=0)
        axes[1].hist(widths / np.maximum(heights, 1e-9), bins=np.geomspace(0.1, 10, 28).tolist(), color=BLUE)
        axes[1].set(xscale="log", title="Aspect", xlabel="width / height")
        axes[1].axvline(1, color=GREY, lw=1)
        numbers = sorted(statistics.boxes_per_image)
        axes[2].bar(numbers, [statistics.boxes_per_image[number] for number in numbers], color=BLUE)
        axes[2].set(title="Boxes per image", xlabel="boxes", ylabel="images")
        axes[2].xaxis.set_major_locator(MaxNLocator("auto", integer=True))
        for ax in axes:
            ax.yaxis.set_major_locator(MaxNLocator("auto", integer=True))

    return _figure(draw, 3, 3.0)


def position(statistics: Statistics) -> bytes:
    """The heat map of where boxes lie."""

    def draw(axes: Sequence[Axes]) -> None:
        shown = axes[0].imshow(statistics.heat / max(1, statistics.images), cmap="magma", extent=(0, 1, 1, 0), vmin=0)
        axes[0].set(title="Boxes over each place, per image", xlabel="x / width", ylabel="y / height")
        axes[0].figure.colorbar(shown, ax=axes[0])

    return _figure(draw, 1, 3.6, width=4.8)


def occlusion(statistics: Statistics) -> bytes:
    """Histograms of the fractions that the records have."""
    known = {name: label for name, label in _FRACTIONS.items() if statistics.fractions[name]}

    def draw(axes: Sequence[Axes]) -> None:
        for ax, (name, label) in zip(axes, known.items()):
            ax.hist(statistics.fractions[name], bins=np.linspace(0, 1, 21).tolist(), color=BLUE)
            ax.set(title=name, xlabel=label, xlim=(0, 1), ylabel="people")
            ax.yaxis.set_major_locator(MaxNLocator("auto", integer=True))

    return _figure(draw, len(known), 2.8)


def keypoint_rates(statistics: Statistics) -> bytes:
    """For each joint the fractions of people with it visible, hidden, and outside the image."""

    names = [name.replace("_", " ") for name in statistics.skeleton.names]

    def draw(axes: Sequence[Axes]) -> None:
        fractions = statistics.keypoints / np.maximum(statistics.keypoints.sum(axis=1, keepdims=True), 1)
        start = np.zeros(len(names))
        for v, label, colour in ((2, "visible", BLUE), (1, "hidden", ORANGE), (0, "outside or not labelled", GREY)):
            axes[0].barh(range(len(names)), fractions[:, v], left=start, color=colour, label=label)
            start += fractions[:, v]
        axes[0].set(yticks=range(len(names)), yticklabels=names, xlim=(0, 1))
        axes[0].invert_yaxis()
        axes[0].set(title=f"Key points of {statistics.keypoints[0].sum()} people", xlabel="fraction of people")
        axes[0].legend(fontsize=8, loc="upper center", ncols=3, bbox_to_anchor=(0.5, -0.12))

    return _figure(draw, 1, 4.6, width=7.0)


def requested_and_actual(found: Sequence[AttributeFractions]) -> bytes:
    """The requested fraction of each value beside the actual one, without values that have neither."""
    rows = [
        (f"{one.key}{'' if one.is_binding else '*'}  {value}", requested, one.actual(value))
        for one in found
        for value, requested in one.requested.items()
        if requested or one.actual(value)
    ]

    def draw(axes: Sequence[Axes]) -> None:
        places = np.arange(len(rows))
        axes[0].barh(places - 0.2, [row[1] for row in rows], height=0.4, color=GREY, label="requested")
        axes[0].barh(places + 0.2, [row[2] for row in rows], height=0.4, color=BLUE, label="actual")
        axes[0].set(
            yticks=places,
            yticklabels=[row[0] for row in rows],
            title="Fractions of attribute values (*: other settings decide too)",
        )
        axes[0].set_ylim(len(rows) - 0.4, -0.6)
        axes[0].tick_params(labelsize=8)
        axes[0].legend(fontsize=8)

    return _figure(draw, 1, 0.9 + 0.22 * len(rows), width=7.5)


def _figure(draw: Callable[[Sequence[Axes]], None], columns: int, height: float, width: float = 10.0) -> bytes:
    figure = Figure(figsize=(width, height), dpi=100, layout="constrained")
    axes = figure.subplots(1, columns, squeeze=False)[0]
    for ax in axes:
        ax.grid(alpha=0.25)
        ax.set_axisbelow(True)
    draw(axes)
    return rendered(figure, "png")
