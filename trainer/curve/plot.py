"""The plot of a mixed-data curve."""

from __future__ import annotations

from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from ..plotting import rendered
from .plan import LONGER, REAL, REGIME_NAMES, REPLAY, START, SYNTHETIC, THEN, TOGETHER
from .series import Series, SeriesPoint, from_synthetic


class _LineStyle(NamedTuple):
    """How the line of a regime looks; see matplotlib's colours, line styles and markers."""

    color: str
    linestyle: str
    marker: str = ""


# Okabe and Ito's colours, which people with any colour vision can distinguish; the markers differ as well.
_STYLES = {
    REAL: _LineStyle("#000000", "-", "s"),
    LONGER: _LineStyle("#000000", ":", "D"),
    THEN: _LineStyle("#D55E00", "-", "o"),
    REPLAY: _LineStyle("#CC79A7", "-", "v"),
    TOGETHER: _LineStyle("#0072B2", "-", "^"),
    SYNTHETIC: _LineStyle("#009E73", "--"),
    START: _LineStyle("#7f7f7f", ":"),
}
# Factors that place the error bars at one number of images beside each other.
_ASIDE = {REAL: 0.97, LONGER: 0.94, REPLAY: 1.03, TOGETHER: 1.06}


def draw(series: Series, metric: str, title: str, suffix: str) -> bytes:
    """The curves over the number of real images, as PNG or SVG.

    Args:
        metric: of ``series.METRICS``. suffix: ``png`` or ``svg``.
    """
    drawn = from_synthetic(series)
    figure = Figure(figsize=(7.6, 4.8), dpi=130, layout="constrained")
    axes = figure.subplots()
    for regime, style in _STYLES.items():
        points = _measured({regime: drawn.get(regime, [])}, metric)
        if regime in (SYNTHETIC, START):
            _level(axes, points, metric, REGIME_NAMES[regime], style)
        else:
            _curve(axes, points, metric, regime, style)
    _number_axis(axes, sorted({(point.images, point.fraction) for points in drawn.values() for point in points}))
    axes.set(title=title, ylabel=f"{metric} on the test images")
    axes.set_ylim(0, None)
    axes.margins(y=0.12)
    axes.grid(alpha=0.3)
    seeds = max((point.values[metric].seeds for point in _measured(drawn, metric)), default=1)
    spread = f"bars: standard deviation over {seeds} seeds" if seeds > 1 else None
    handles = dict(zip(*reversed(axes.get_legend_handles_labels())))
    if handles:
        named = [handles[REGIME_NAMES[regime]] for regime in _STYLES if REGIME_NAMES[regime] in handles]
        axes.legend(handles=named, fontsize=9, frameon=False, title=spread, title_fontsize=8, alignment="left")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return rendered(figure, suffix)


def _measured(series: Series, metric: str) -> list[SeriesPoint]:
    return [point for points in series.values() for point in points if metric in point.values]


def _curve(axes: Axes, points: list[SeriesPoint], metric: str, regime: str, style: _LineStyle) -> None:
    if not points:
        return
    values = [point.values[metric] for point in points]
    axes.errorbar(
        [point.images * _ASIDE.get(regime, 1.0) for point in points],
        [value.mean for value in values],
        yerr=[value.deviation or 0.0 for value in values],
        label=REGIME_NAMES[regime],
        capsize=3,
        markersize=6,
        linewidth=1.8,
        color=style.color,
        linestyle=style.linestyle,
        marker=style.marker,
    )


def _level(axes: Axes, points: list[SeriesPoint], metric: str, name: str, style: _LineStyle) -> None:
    """A score that does not depend on real images, as a horizontal line."""
    for point in points[:1]:
        value = point.values[metric]
        axes.axhline(value.mean, label=name, linewidth=1.5, zorder=1, color=style.color, linestyle=style.linestyle)
        if value.deviation:
            low, high = value.mean - value.deviation, value.mean + value.deviation
            axes.axhspan(low, high, color=style.color, alpha=0.12, linewidth=0, zorder=0)


def _number_axis(axes: Axes, points: list[tuple[int, float]]) -> None:
    """A logarithmic axis that begins with 0; ticks where something was measured."""
    counts = [images for images, _ in points]
    first = min((images for images in counts if images), default=1)
    axes.set_xscale("symlog", linthresh=first, linscale=0.5)
    labels = {images: f"{images}\n{fraction:g} %" for images, fraction in points}
    axes.xaxis.set_major_locator(FixedLocator(counts))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: labels.get(round(value), "")))
    axes.set_xlim(-0.12 * first, max(counts) * 1.25)
    axes.set_xlabel("real images trained on (logarithmic)")
