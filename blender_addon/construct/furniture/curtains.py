"""Hanging cloth: curtains in folds, coats on hooks."""

from __future__ import annotations

import numpy as np

from ..solids import Solid, rings, sheet


def folded_cloth(x1: float, x2: float, y: float, z1: float, z2: float, fold: float, pleats: float = 14.0) -> Solid:
    """A hanging cloth from x1 to x2, in vertical folds ``fold`` deep; seen from both sides."""
    count = max(12, int(abs(x2 - x1) * pleats * 5))
    u = np.linspace(0.0, 1.0, count)
    wave = fold * np.sin(2 * np.pi * pleats * abs(x2 - x1) * u) + 0.4 * fold * np.sin(7.3 * u)
    grid = np.zeros((count, 4, 3))
    for j, fraction in enumerate((0.0, 0.3, 0.7, 1.0)):
        grid[:, j, 0] = x1 + (x2 - x1) * u
        grid[:, j, 1] = y + wave * (1.0 - 0.3 * fraction)
        grid[:, j, 2] = z1 + (z2 - z1) * fraction
    return sheet(grid)


def hanging_coat(x: float, front: float, top: float, length: float, phase: float) -> Solid:
    """A closed, folded sack with shoulders."""
    angle = np.linspace(0, 2 * np.pi, 21)[:-1]
    found = []
    for fraction in (1.0, 0.9, 0.72, 0.5, 0.28, 0.08, 0.03, 0.0):
        wide = 0.03 + 0.17 * min(fraction / 0.12, 1.0) ** 0.7 + 0.03 * fraction
        deep = 0.02 + (-front / 2 - 0.03) * min(fraction / 0.1, 1.0)
        folds = 1.0 + 0.1 * fraction * np.sin(5 * angle + 9 * phase)
        found.append(
            np.column_stack(
                [
                    x + np.clip(wide, 0, 0.2) * folds * np.cos(angle),
                    front / 2 - 0.01 + deep * folds * np.sin(angle),
                    np.full(20, top - length * fraction),
                ]
            )
        )
    return rings(np.array(found))
