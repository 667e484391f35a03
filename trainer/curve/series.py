"""The scores as series: for each way of training, over the number of real images, all seeds together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from .plan import AFTER_SYNTHETIC, ARM_NAMES, ARMS, SYNTHETIC, TOGETHER

METRICS = ("AP50", "AP", "AP75", "AR100", "precision", "recall", "f1")


@dataclass(frozen=True)
class Value:
    """A metric over seeds: its mean, sample standard deviation (None of a single seed), and how many seeds."""

    mean: float
    deviation: Optional[float]
    seeds: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Value:
        """Of one number a seed."""
        deviation = float(np.std(values, ddof=1)) if len(values) > 1 else None
        return cls(float(np.mean(values)), deviation, len(values))

    def text(self) -> str:
        """``0.532 ± 0.012``."""
        return f"{self.mean:.3f}" + (f" ± {self.deviation:.3f}" if self.deviation is not None else "")


@dataclass(frozen=True)
class Place:
    """A point of a series over the seeds that are done: a ``Value`` for each metric that has ground truth."""

    fraction: float
    images: int
    values: dict


def series_of(scored: Sequence[tuple]) -> dict:
    """{arm: its ``Place``s by number of real images} from pairs of (``Point``, metrics), in the order of ``ARMS``."""
    found: dict = {}
    for point, metrics in scored:
        found.setdefault((point.arm, point.fraction, point.images), []).append(metrics)
    series: dict = {arm: [] for arm in ARMS if any(key[0] == arm for key in found)}
    for (arm, fraction, images), rows in found.items():
        values = {}
        for name in METRICS:
            present = [row[name] for row in rows if row.get(name) is not None]
            if present:
                values[name] = Value.of(present)
        series[arm].append(Place(fraction, images, values))
    return {arm: sorted(places, key=lambda place: place.images) for arm, places in series.items()}


def from_synthetic(series: dict) -> dict:
    """The series with the synthetic point at the beginning of those that add real images to it."""
    start = series.get(SYNTHETIC, [])
    return {arm: [*start, *places] if arm in (*AFTER_SYNTHETIC, TOGETHER) else places for arm, places in series.items()}


def series_json(series: dict) -> list:
    """The series, JSON-able."""
    return [
        {
            "arm": arm,
            "name": ARM_NAMES[arm],
            "points": [
                {
                    "fraction": place.fraction,
                    "real_pictures": place.images,
                    "metrics": {name: vars(value) for name, value in place.values.items()},
                }
                for place in places
            ],
        }
        for arm, places in series.items()
    ]
