"""The table of a mixed-data curve, as CSV and as text."""

from __future__ import annotations

import csv
import io

from .plan import REGIME_NAMES
from .series import METRICS, Series, from_synthetic


def table_csv(series: Series) -> str:
    """One row per training regime and number of real images; an empty cell where there is no ground truth."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    columns = [f"{name}{suffix}" for name in METRICS for suffix in ("", "_deviation")]
    writer.writerow(["training", "real_percent", "real_pictures", "seeds", *columns])
    for regime, points in series.items():
        for point in points:
            cells = []
            for name in METRICS:
                value = point.values.get(name)
                deviation = value.deviation if value is not None else None
                cells += ["" if value is None else f"{value.mean:.6f}", "" if deviation is None else f"{deviation:.6f}"]
            seeds = max((value.seeds for value in point.values.values()), default=0)
            writer.writerow([REGIME_NAMES[regime], f"{point.fraction:g}", point.images, seeds, *cells])
    return stream.getvalue()


def table_text(series: Series, metric: str) -> str:
    """One row per number of real images, one column per training regime."""
    drawn = from_synthetic(series)
    rows = sorted({(point.images, point.fraction) for points in drawn.values() for point in points})
    lines = [[f"{metric}, real images", *(REGIME_NAMES[regime] for regime in drawn)]]
    for images, fraction in rows:
        cells = [f"{images} ({fraction:g} %)"]
        for points in drawn.values():
            value = next((point.values.get(metric) for point in points if point.images == images), None)
            cells.append("-" if value is None else value.text())
        lines.append(cells)
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines)
