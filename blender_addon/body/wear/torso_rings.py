"""The trunk as a stack of rings, for cloth that hangs around it: coats, gowns, skirts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

_SECTORS = 64
_STEP = 0.02  # metres between rings


@dataclass(frozen=True)
class Rings:
    """Radii about a vertical axis.

    Attributes:
        z: (k,) heights in metres, from the top down; y: (k,) where the axis passes.
        radius: (k, 64) metres at the angles ``angle`` (0 = front, growing to the body's left).
    """

    z: np.ndarray
    y: np.ndarray
    radius: np.ndarray

    def at(self, z: np.ndarray, angle: np.ndarray) -> np.ndarray:
        """The radius at heights and angles, bilinear."""
        row = np.clip((self.z[0] - z) / _STEP, 0, len(self.z) - 1.001)
        column = (angle / (2 * np.pi) * _SECTORS) % _SECTORS
        r, c = row.astype(int), column.astype(int) % _SECTORS
        fr, fc = row - r, column - np.floor(column)
        after = (c + 1) % _SECTORS
        upper = self.radius[r, c] * (1 - fc) + self.radius[r, after] * fc
        lower = self.radius[r + 1, c] * (1 - fc) + self.radius[r + 1, after] * fc
        return upper * (1 - fr) + lower * fr

    def axis(self, z: np.ndarray) -> np.ndarray:
        """The y of the axis at heights."""
        return np.interp(-z, -self.z, self.y)

    def hanging(self, freely: float) -> Rings:
        """Cloth over these rings: each as wide as the one above, less the part that clings, 1 - ``freely``."""
        radius = self.radius.copy()
        for k in range(1, len(self.z)):
            radius[k] = np.maximum(radius[k], radius[k - 1] - (1 - freely) * 0.5 * _STEP)
        for _ in range(3):
            radius = np.maximum(radius, _rounded(radius))
        return Rings(self.z, self.y, radius)


def rings(points: np.ndarray, top: float, bottom: float, axis: Optional[tuple[float, float]] = None) -> Rings:
    """The rings around (n, 3) points between two heights.

    The axis goes through the middle of each ring, or straight from ``axis``'s first y at the top to its second.
    """
    z = np.arange(top, bottom - 2 * _STEP, -_STEP)
    level = np.round((top - points[:, 2]) / _STEP).astype(int)
    used = (level >= 0) & (level < len(z))
    points, level = points[used], level[used]
    front, back = np.full(len(z), np.inf), np.full(len(z), -np.inf)
    np.minimum.at(front, level, points[:, 1])
    np.maximum.at(back, level, points[:, 1])
    filled = np.isfinite(front)
    y = np.interp(np.arange(len(z)), np.flatnonzero(filled), (front[filled] + back[filled]) / 2)
    y = np.convolve(np.pad(y, 4, mode="edge"), np.full(9, 1 / 9), mode="valid")
    if axis is not None:
        y = np.linspace(*axis, len(z))
    offset = points[:, :2] - np.stack([np.zeros(len(points)), y[level]], axis=1)
    sector = np.round(np.arctan2(offset[:, 0], -offset[:, 1]) / (2 * np.pi) * _SECTORS).astype(int) % _SECTORS
    radius = np.zeros((len(z), _SECTORS))
    np.maximum.at(radius, (level, sector), np.linalg.norm(offset, axis=1))
    for _ in range(_SECTORS):  # sectors without a point take their neighbours' radius
        empty = radius == 0
        if not empty.any():
            break
        around = [np.roll(radius, 1, 1), np.roll(radius, -1, 1), _shifted(radius, 1), _shifted(radius, -1)]
        count = sum((side > 0).astype(int) for side in around)
        radius = np.where(empty & (count > 0), sum(around) / np.maximum(count, 1), radius)
    for _ in range(2):
        radius = np.maximum(radius, _rounded(radius))
    return Rings(z, y, radius)


def _shifted(radius: np.ndarray, by: int) -> np.ndarray:
    return np.concatenate([radius[:1], radius[:-1]]) if by > 0 else np.concatenate([radius[1:], radius[-1:]])


def _rounded(radius: np.ndarray) -> np.ndarray:
    return (np.roll(radius, 2, 1) + np.roll(radius, 1, 1) + np.roll(radius, -1, 1) + np.roll(radius, -2, 1)) / 4
