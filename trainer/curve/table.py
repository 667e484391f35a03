"""The table of a mixed-data curve: as CSV, and as text for people."""

from __future__ import annotations

import csv
import io

from .plan import ARM_NAMES
from .series import METRICS, from_synthetic


def table_csv(series: dict) -> str:
    """One row a way of training and number of real images; an empty cell where there is no ground truth."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    columns = [f"{name}{suffix}" for name in METRICS for suffix in ("", "_deviation")]
    writer.writerow(["training", "real_percent", "real_pictures", "seeds", *columns])
    for arm, places in series.items():
        for place in places:
            cells = []
            for name in METRICS:
                value = place.values.get(name)
                deviation = value.deviation if value is not None else None
                cells += ["" if value is None else f"{value.mean:.6f}", "" if deviation is None else f"{deviation:.6f}"]
            seeds = max((value.seeds for value in place.values.values()), default=0)
            writer.writerow([ARM_NAMES[arm], f"{place.fraction:g}", place.images, seeds, *cells])
    return stream.getvalue()


def table_text(series: dict, metric: str) -> str:
    """A row a number of real images, a column a way of training."""
    drawn = from_synthetic(series)
    rows = sorted({(place.images, place.fraction) for places in drawn.values() for place in places})
    lines = [[f"{metric}, real images", *(ARM_NAMES[arm] for arm in drawn)]]
    for images, fraction in rows:
        cells = [f"{images} ({fraction:g} %)"]
        for places in drawn.values():
            value = next((place.values.get(metric) for place in places if place.images == images), None)
            cells.append("-" if value is None else value.text())
        lines.append(cells)
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines)
