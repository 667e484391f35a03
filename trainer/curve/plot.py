"""The plot of a mixed-data curve."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from ..plotting import rendered
from .plan import ARM_NAMES, LONGER, REAL, REPLAY, START, SYNTHETIC, THEN, TOGETHER
from .series import Place, from_synthetic

# Okabe and Ito's colours, which people with any colour vision tell apart; the markers say it again.
_STYLES = {
    REAL: {"color": "#000000", "marker": "s", "linestyle": "-"},
    LONGER: {"color": "#000000", "marker": "D", "linestyle": ":"},
    THEN: {"color": "#D55E00", "marker": "o", "linestyle": "-"},
    REPLAY: {"color": "#CC79A7", "marker": "v", "linestyle": "-"},
    TOGETHER: {"color": "#0072B2", "marker": "^", "linestyle": "-"},
    SYNTHETIC: {"color": "#009E73", "linestyle": "--"},
    START: {"color": "#7f7f7f", "linestyle": ":"},
}
# So that bars at one number of images stand beside each other.
_ASIDE = {REAL: 0.97, LONGER: 0.94, REPLAY: 1.03, TOGETHER: 1.06}


def draw(series: dict, metric: str, title: str, suffix: str) -> bytes:
    """The curves over the number of real images, as PNG or SVG.

    Args:
        series: as of ``series.series_of``. metric: of ``series.METRICS``. suffix: ``png`` or ``svg``.
    """
    drawn = from_synthetic(series)
    figure = Figure(figsize=(7.6, 4.8), dpi=130, layout="constrained")
    axes = figure.subplots()
    for arm, style in _STYLES.items():
        places = _measured({arm: drawn.get(arm, [])}, metric)
        if arm in (SYNTHETIC, START):
            _level(axes, places, metric, ARM_NAMES[arm], style)
        else:
            _curve(axes, places, metric, arm, style)
    _number_axis(axes, sorted({(place.images, place.fraction) for places in drawn.values() for place in places}))
    axes.set(title=title, ylabel=f"{metric} on the test images")
    axes.set_ylim(0, None)
    axes.margins(y=0.12)
    axes.grid(alpha=0.3)
    seeds = max((place.values[metric].seeds for place in _measured(drawn, metric)), default=1)
    spread = f"bars: standard deviation over {seeds} seeds" if seeds > 1 else None
    handles = dict(zip(*reversed(axes.get_legend_handles_labels())))
    if handles:
        named = [handles[ARM_NAMES[arm]] for arm in _STYLES if ARM_NAMES[arm] in handles]
        axes.legend(handles=named, fontsize=9, frameon=False, title=spread, title_fontsize=8, alignment="left")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return rendered(figure, suffix)


def _measured(series: dict, metric: str) -> list[Place]:
    return [place for places in series.values() for place in places if metric in place.values]


def _curve(axes: Axes, places: list, metric: str, arm: str, style: dict) -> None:
    if not places:
        return
    values = [place.values[metric] for place in places]
    axes.errorbar(
        [place.images * _ASIDE.get(arm, 1.0) for place in places],
        [value.mean for value in values],
        yerr=[value.deviation or 0.0 for value in values],
        label=ARM_NAMES[arm],
        capsize=3,
        markersize=6,
        linewidth=1.8,
        **style,
    )


def _level(axes: Axes, places: list[Place], metric: str, name: str, style: dict) -> None:
    """A score that no real image changes: a line across."""
    for place in places[:1]:
        value = place.values[metric]
        axes.axhline(value.mean, label=name, linewidth=1.5, zorder=1, **style)
        if value.deviation:
            low, high = value.mean - value.deviation, value.mean + value.deviation
            axes.axhspan(low, high, color=style["color"], alpha=0.12, linewidth=0, zorder=0)


def _number_axis(axes: Axes, places: list) -> None:
    """Logarithmic, with a place for none at its beginning; a mark where something was measured."""
    counts = [images for images, _ in places]
    first = min((images for images in counts if images), default=1)
    axes.set_xscale("symlog", linthresh=first, linscale=0.5)
    labels = {images: f"{images}\n{fraction:g} %" for images, fraction in places}
    axes.xaxis.set_major_locator(FixedLocator(counts))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: labels.get(round(value), "")))
    axes.set_xlim(-0.12 * first, max(counts) * 1.25)
    axes.set_xlabel("real images trained on (logarithmic)")
