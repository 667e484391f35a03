"""The scores as series: for each training regime, over the number of real images, all seeds together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from .plan import AFTER_SYNTHETIC, REGIME_NAMES, REGIMES, SYNTHETIC, TOGETHER, Point

METRICS = ("AP50", "AP", "AP75", "AR100", "precision", "recall", "f1")


Scores = Mapping[str, Any]  # a metric, a count or None by name, as a score file holds them


@dataclass(frozen=True)
class SeedStatistics:
    """A metric over seeds: its mean, its sample standard deviation (None for a single seed), and how many seeds."""

    mean: float
    deviation: Optional[float]
    seeds: int

    @classmethod
    def of(cls, values: Sequence[float]) -> SeedStatistics:
        """The statistics of one number per seed."""
        deviation = float(np.std(values, ddof=1)) if len(values) > 1 else None
        return cls(float(np.mean(values)), deviation, len(values))

    def text(self) -> str:
        """``0.532 ± 0.012``."""
        return f"{self.mean:.3f}" + (f" ± {self.deviation:.3f}" if self.deviation is not None else "")


@dataclass(frozen=True)
class SeriesPoint:
    """The scores at a number of real images, over the seeds that are done; only metrics that have ground truth."""

    fraction: float
    images: int
    values: dict[str, SeedStatistics]


Series = dict[str, list[SeriesPoint]]  # {regime: its points by number of real images}


def series_of(scored: Sequence[tuple[Point, Scores]]) -> Series:
    """The series of points and their metrics, in the order of ``REGIMES``."""
    by_point: dict[tuple[str, float, int], list[Scores]] = {}
    for point, metrics in scored:
        by_point.setdefault((point.regime, point.fraction, point.images), []).append(metrics)
    series: Series = {regime: [] for regime in REGIMES if any(key[0] == regime for key in by_point)}
    for (regime, fraction, images), rows in by_point.items():
        values: dict[str, SeedStatistics] = {}
        for name in METRICS:
            present = [value for value in (row.get(name) for row in rows) if value is not None]
            if present:
                values[name] = SeedStatistics.of(present)
        series[regime].append(SeriesPoint(fraction, images, values))
    return {regime: sorted(points, key=lambda point: point.images) for regime, points in series.items()}


def from_synthetic(series: Series) -> Series:
    """The series with the synthetic point as the first of those that add real images to it."""
    start, with_both = series.get(SYNTHETIC, []), (*AFTER_SYNTHETIC, TOGETHER)
    return {regime: [*start, *points] if regime in with_both else points for regime, points in series.items()}


def series_json(series: Series) -> list[dict[str, Any]]:
    """The series as JSON."""
    return [
        {
            "arm": regime,
            "name": REGIME_NAMES[regime],
            "points": [
                {
                    "fraction": point.fraction,
                    "real_pictures": point.images,
                    "metrics": {name: vars(value) for name, value in point.values.items()},
                }
                for point in points
            ],
        }
        for regime, points in series.items()
    ]
