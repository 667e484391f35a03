"""Building the hospital bed: frame on castors, mattress, sheet, pillow, boards, side rails."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np

from ..draw.room import BOARD
from ..draw.spec import BedSpec
from . import materials
from .mesh import add_box, add_mesh, add_tube

_PILLOW = (0.62, 0.40, 0.13)  # along x, y, z in metres
_PILLOW_FROM_HEAD = 0.03
_PILLOW_GRID = 40


def build_bed(collection: Any, spec: BedSpec, head: Optional[np.ndarray]) -> tuple:
    """Build the bed; ``head`` (n, 3) are points of a head that lies on the pillow and presses it in, or None."""
    x1, x2 = spec.x - spec.width / 2, spec.x + spec.width / 2
    y1, y2 = spec.y - spec.length / 2, spec.y + spec.length / 2
    under = spec.surface - spec.mattress
    metal = materials.plain("bed frame", spec.frame_rgb, 0.35)
    panel = materials.plain("bed panel", spec.panel_rgb, 0.45)
    linen = materials.mottled("bed linen", spec.linen_rgb, 0.95, scale=7.0, depth=0.05)
    rubber = materials.plain("bed castor", (0.03, 0.03, 0.03), 0.6)
    parts = [
        add_box(collection, "bed mattress", (x1, y1, under), (x2, y2, spec.surface), linen, bevel=0.04),
        add_box(collection, "bed deck", (x1, y1, under - 0.05), (x2, y2, under), metal),
        add_box(collection, "bed spine", (spec.x - 0.2, y1 + 0.3, 0.2), (spec.x + 0.2, y2 - 0.3, under - 0.05), metal),
        add_box(collection, "bed base", (x1 + 0.06, y1 + 0.12, 0.13), (x2 - 0.06, y2 - 0.12, 0.2), metal),
    ]
    board = BOARD - 0.04
    for name, y, top in (("head", y2 + 0.02, 0.42), ("foot", y1 - 0.02 - board / 2, 0.3)):
        low, high = (x1 + 0.02, y, under - 0.08), (x2 - 0.02, y + board / 2, spec.surface + top)
        parts.append(add_box(collection, f"bed {name} board", low, high, panel, bevel=0.03))
    for name, x, y in (
        ("head left", x1 + 0.1, y2 - 0.18),
        ("head right", x2 - 0.1, y2 - 0.18),
        ("foot left", x1 + 0.1, y1 + 0.18),
        ("foot right", x2 - 0.1, y1 + 0.18),
    ):
        parts.append(add_tube(collection, f"bed castor {name}", (x - 0.02, y, 0.07), (x + 0.02, y, 0.07), 0.07, rubber))
    if spec.rails:
        for side, x in (("left", x1 - 0.03), ("right", x2 + 0.03)):
            parts += _rail(collection, side, x, spec, metal)
    parts.append(_pillow(collection, spec, head))
    return tuple(parts)


def _rail(collection: Any, side: str, x: float, spec: BedSpec, metal: Any) -> list:
    """A side rail from the head to beyond the middle, two bars on posts that stand on the deck's height."""
    y_from, y_to = spec.y - 0.25, spec.y + spec.length / 2 - 0.25
    low, high = spec.surface + 0.08, spec.surface + 0.26
    deck = spec.surface - spec.mattress
    bars = [
        add_tube(collection, f"bed rail {side} {name}", (x, y_from, z), (x, y_to, z), 0.014, metal)
        for name, z in (("lower", low), ("upper", high))
    ]
    for n, y in enumerate(np.linspace(y_from, y_to, 4)):
        bars.append(add_tube(collection, f"bed rail {side} post {n}", (x, y, deck), (x, y, high), 0.011, metal))
    return bars


def _pillow(collection: Any, spec: BedSpec, head: Optional[np.ndarray]) -> Any:
    """A cushion whose top gives way to the head that lies on it."""
    width, length, height = _PILLOW
    u, v = np.meshgrid(np.linspace(-1, 1, _PILLOW_GRID), np.linspace(-1, 1, _PILLOW_GRID), indexing="ij")
    swell = np.sqrt(np.clip((1 - np.abs(u) ** 4) * (1 - np.abs(v) ** 4), 0, 1))
    x = spec.x + u * width / 2 * (0.93 + 0.07 * swell)
    y = spec.y + spec.length / 2 - _PILLOW_FROM_HEAD - length / 2 + v * length / 2 * (0.93 + 0.07 * swell)
    top = spec.surface + 0.02 + (height - 0.02) * swell
    if head is not None:
        top = np.maximum(np.minimum(top, _underside(head, x, y) + 0.006), spec.surface + 0.012)
    bottom = np.full_like(top, spec.surface - 0.004)
    n = _PILLOW_GRID
    vertices = np.concatenate([np.stack([x, y, z], axis=-1).reshape(-1, 3) for z in (top, bottom)])
    i, j = (index.reshape(-1) for index in np.meshgrid(np.arange(n - 1), np.arange(n - 1), indexing="ij"))
    upper = np.stack([i * n + j, (i + 1) * n + j, (i + 1) * n + j + 1, i * n + j + 1], axis=1)
    edge = np.concatenate(
        [np.arange(n), n * np.arange(1, n) + n - 1, n * n - 1 - np.arange(1, n), n * np.arange(n - 2, 0, -1)]
    )
    after = np.roll(edge, -1)
    rim = np.stack([edge, after, after + n * n, edge + n * n], axis=1)[:, ::-1]
    faces = np.concatenate([upper, upper[:, ::-1] + n * n, rim[:, ::-1]])
    cloth = materials.mottled("bed pillow", tuple(min(1.06 * c, 0.9) for c in spec.linen_rgb), 0.95, 9.0, 0.04)
    return add_mesh(collection, "bed pillow", vertices, faces, cloth, smooth=True)


def _underside(head: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """For every grid point the lowest head point within a thumb's breadth, growing with distance beyond it."""
    distance = np.hypot(x[..., None] - head[:, 0], y[..., None] - head[:, 1])
    slope = np.clip(distance - 0.012, 0.0, None) * 1.6  # a cushion rises softly beside what presses on it
    return (head[:, 2] + slope).min(axis=-1)
