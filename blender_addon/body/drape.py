"""A blanket falling over a body on a bed: position-based dynamics on a grid, against a height field.

A cover over a person in bed is seen, and held up, from above: body and mattress are the height field of their
upper side. The cloth is a grid of points whose distances to neighbours (along, across, diagonal, two apart)
are kept by projection, coarse first, then fine (Mueller et al., "Position Based Dynamics", 2007). Everything is in
the frame of the bed (``body.support``), metres.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

_CELL = 0.015  # cell size of the height field, metres
_EDGE, _STEEP = 0.04, 12.0  # rounding of a mattress's edge, metres; slope of its sides (12 : 1)
_SIDE = 0.8 * _STEEP  # steeper cells belong to a mattress's side
_BODY_MARGIN = 0.014  # thickness of the clothes between skin and cover, metres
_FALL = 0.0008  # how far gravity moves a free point in one step, metres
_DAMPING = 0.86
_GRIP = 0.3  # fraction of a sideways step that friction removes where the cloth touches
_COARSE, _COARSE_STEPS, _FINE_STEPS = 0.055, 170, 50
_PASSES = 2  # projections of all lengths per step: the cloth hardly stretches


@dataclass(frozen=True)
class Cover:
    """A sheet or blanket before the simulation.

    Attributes:
        top: where its upper edge lies, metres of y; slope: how much farther up its +x side begins, per metre.
        bottom: where its lower edge lies.
        left, right: its sides, metres of x.
        thickness: metres.
        arms_out: which arms lie on it: "l", "r", both or none.
        uneven: how far its edges swing to both sides, metres; crease: 0..1, where.
    """

    top: float
    slope: float
    bottom: float
    left: float
    right: float
    thickness: float
    arms_out: str = ""
    uneven: float = 0.0
    crease: float = 0.0


class HeightAndSlope(NamedTuple):
    """Heights (...) in metres, and their slope (..., 2) along x and y."""

    height: np.ndarray
    slope: np.ndarray


@dataclass(frozen=True)
class HeightField:
    """Heights over a grid of cells: ``heights[i, j]`` at ``origin + (i, j) * cell``, metres."""

    origin: np.ndarray
    heights: np.ndarray

    def steep(self) -> np.ndarray:
        """(n, m) bool: cells beside which the field falls like the side of a mattress."""
        fall = [np.abs(np.gradient(self.heights, _CELL, axis=axis)) for axis in (0, 1)]
        return np.maximum(*fall) > _SIDE

    def at(self, xy: np.ndarray) -> HeightAndSlope:
        """Interpolate bilinearly at the points (..., 2)."""
        u = (xy - self.origin) / _CELL
        last = np.array(self.heights.shape) - 1.001
        u = np.clip(u, 0.0, last)
        i = u.astype(np.int64)
        f = u - i
        x, y = i[..., 0], i[..., 1]
        a, b = self.heights[x, y], self.heights[x + 1, y]
        c, d = self.heights[x, y + 1], self.heights[x + 1, y + 1]
        fx, fy = f[..., 0], f[..., 1]
        low, high = a + (b - a) * fx, c + (d - c) * fx
        slope = np.stack([(b - a) * (1 - fy) + (d - c) * fy, high - low], axis=-1) / _CELL
        return HeightAndSlope(low + (high - low) * fy, slope)


def drape(cover: Cover, bed: Mapping[str, float], top: Sequence, body: np.ndarray, arms: Mapping) -> np.ndarray:
    """Simulate a cover that falls over a body on a bed.

    Args:
        bed: the bed's shape: width and length of the mattress.
        top: ((y, z), ...) the mattress's profile.
        body: (n, 3) dense points of the body but the arms.
        arms: side -> (n, 3) points of each arm.

    Returns:
        (rows, columns, 3) points of the cloth; rows run from its upper edge to its lower one.
    """
    under = [body, *(points for side, points in arms.items() if side not in cover.arms_out)]
    over = [points for side, points in arms.items() if side in cover.arms_out]
    field = height_field(bed, top, np.concatenate(under))
    ceiling = _undersides(field, over) if over else None
    flat = _flat(cover, _COARSE, field)
    sewn = flat if cover.uneven else None
    cloth = _settle(flat, _COARSE, sewn, field, ceiling, cover.thickness, _COARSE_STEPS)
    # The body must not show between two points of the cloth, so it is wider during the last steps.
    wider = HeightField(field.origin, np.where(field.steep(), field.heights, _widened(field.heights)))
    sewn = None if sewn is None else _twice_as_fine(sewn)
    cloth = _settle(_twice_as_fine(cloth), _COARSE / 2, sewn, wider, ceiling, cover.thickness, _FINE_STEPS)
    return np.round(_smoothed(cloth, wider, cover.thickness), 5)


def height_field(bed: Mapping[str, float], top: Sequence, points: np.ndarray) -> HeightField:
    """The upper side of mattress, floor and body points."""
    half, reach = bed["width"] / 2, 0.7
    nodes = np.asarray(top)
    origin = np.array([-half - reach, nodes[0, 0] - reach])
    shape = np.ceil((np.array([half + reach, nodes[-1, 0] + reach]) - origin) / _CELL).astype(int) + 1
    x, y = origin[0] + _CELL * np.arange(shape[0]), origin[1] + _CELL * np.arange(shape[1])
    beyond = np.hypot(
        np.maximum(np.abs(x) - half + _EDGE, 0.0)[:, None],
        np.maximum(np.maximum(nodes[0, 0] + _EDGE - y, y - nodes[-1, 0] + _EDGE), 0.0),
    )
    level = np.interp(y, nodes[:, 0], nodes[:, 1])
    drop = _EDGE - np.sqrt(np.maximum(_EDGE**2 - beyond**2, 0.0))
    heights = np.where(beyond < _EDGE, level - drop, np.maximum(level - _EDGE - (beyond - _EDGE) * _STEEP, 0.0))
    cells = np.round((points[:, :2] - origin) / _CELL).astype(int)
    inside = ((cells >= 0) & (cells < shape)).all(axis=1)
    bumps = np.zeros_like(heights)
    np.maximum.at(bumps, tuple(cells[inside].T), points[inside, 2] + _BODY_MARGIN)
    return HeightField(origin, np.maximum(heights, _widened(bumps)))


def _widened(heights: np.ndarray) -> np.ndarray:
    """The maximum of each cell and its eight neighbours: fills the gaps between points and adds a margin."""
    for axis in (0, 1):
        padded = np.pad(heights, [(1, 1) if a == axis else (0, 0) for a in (0, 1)])
        count = heights.shape[axis]
        heights = np.maximum.reduce([padded.take(np.arange(n, n + count), axis) for n in range(3)])
    return heights


def _undersides(field: HeightField, arms: list) -> HeightField:
    """The lower side of the arms that lie on the cover, infinite elsewhere; never below the support."""
    heights = np.full_like(field.heights, np.inf)
    for points in arms:
        cells = np.round((points[:, :2] - field.origin) / _CELL).astype(int)
        inside = ((cells >= 0) & (cells < heights.shape)).all(axis=1)
        np.minimum.at(heights, tuple(cells[inside].T), points[inside, 2])
    low = -_widened(np.where(np.isinf(heights), -1e9, -heights) + 1e9) + 1e9
    return HeightField(field.origin, np.where(low > 1e8, 1e3, np.maximum(low, field.heights + 0.004)))


def _flat(cover: Cover, spacing: float, field: HeightField) -> np.ndarray:
    """The cloth before it falls: flat, just above the highest point nearby."""
    rows = max(round((cover.top - cover.bottom) / spacing), 2) + 1
    columns = max(round((cover.right - cover.left) / spacing), 2) + 1
    x = np.linspace(cover.left, cover.right, columns)
    share = np.linspace(0.0, 1.0, rows)[:, None]
    y = (cover.top + cover.slope * x) * (1 - share) + cover.bottom * share
    xy = np.stack([np.broadcast_to(x, y.shape), y], axis=-1)
    if cover.uneven:  # rows and columns are moved, not stretched
        xy = xy + cover.uneven * np.stack([_swing(y, cover.crease), _swing(xy[..., 0], 1 - cover.crease)], axis=-1)
    broad = field.heights
    for _ in range(5):
        broad = _widened(broad)
    z, _ = HeightField(field.origin, broad).at(xy)
    edge, _ = field.at(np.clip(xy, [cover.left + 0.4, -9.0], [cover.right - 0.4, 9.0]))
    return np.concatenate([xy, np.maximum(z, edge)[..., None] + 0.01], axis=-1)


def _swing(along: np.ndarray, crease: float) -> np.ndarray:
    """How an edge swings, -1..1, at places ``along`` it in metres."""
    return 0.8 * np.sin(2 * np.pi * (along / 0.47 + crease)) + 0.2 * np.sin(2 * np.pi * (along / 0.2 + 3 * crease))


def _settle(
    cloth: np.ndarray, spacing: float, sewn: np.ndarray | None, field: HeightField, ceiling: HeightField | None,
    thickness: float, steps: int,
) -> np.ndarray:  # fmt: skip
    """Let (rows, columns, 3) points fall; their diagonals are as long as when ``sewn``, by default those of squares."""
    before = cloth.copy()
    diagonals: list = [float(np.hypot(spacing, spacing))] * 4
    if sewn is not None:
        flat = sewn[..., :2]
        diagonals = [_apart(*_across(flat, start, back)) for start in (0, 1) for back in (False, True)]
    for _ in range(steps):
        moved = cloth + (cloth - before) * _DAMPING
        moved[..., 2] -= _FALL
        before, cloth = cloth, moved
        for _ in range(_PASSES):
            _keep_lengths(cloth, spacing, diagonals)
        _collide(cloth, before, field, ceiling, thickness)
    return cloth


def _keep_lengths(cloth: np.ndarray, spacing: float, diagonals: list) -> None:
    """Move the (rows, columns, 3) points, in place, towards ``spacing`` metres between neighbours."""
    for start in (0, 1):
        _project(cloth[start:-1:2], cloth[start + 1 :: 2], spacing, 1.0)
        _project(cloth[:, start:-1:2], cloth[:, start + 1 :: 2], spacing, 1.0)
    for n, diagonal in enumerate(diagonals):
        _project(*_across(cloth, n // 2, bool(n % 2)), diagonal, 0.5)
    for start in (0, 1, 2, 3):  # neighbours two apart, which resist folding
        _project(cloth[start:-2:4], cloth[start + 2 :: 4], 2 * spacing, 0.12)
        _project(cloth[:, start:-2:4], cloth[:, start + 2 :: 4], 2 * spacing, 0.12)


def _across(points: np.ndarray, start: int, back: bool) -> tuple[np.ndarray, np.ndarray]:
    """Views of the points of every second row from ``start`` on, and of those diagonally below them."""
    columns = (slice(1, None), slice(None, -1)) if back else (slice(None, -1), slice(1, None))
    return _paired(points[start:-1:2, columns[0]], points[start + 1 :: 2, columns[1]])


def _paired(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    first = first[: second.shape[0], : second.shape[1]]
    return first, second[: first.shape[0], : first.shape[1]]


def _apart(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """(..., 1) distances of pairs of points."""
    return np.linalg.norm(second - first, axis=-1, keepdims=True)


def _project(first: np.ndarray, second: np.ndarray, length: float | np.ndarray, stiffness: float) -> None:
    """Move pairs of points (views, changed in place) towards their distance."""
    first, second = _paired(first, second)
    offset = second - first
    distance = np.sqrt((offset * offset).sum(axis=-1, keepdims=True))
    step = offset * (0.5 * stiffness * (1.0 - length / np.maximum(distance, 1e-9)))
    first += step
    second -= step


def _collide(
    cloth: np.ndarray, before: np.ndarray, field: HeightField, ceiling: HeightField | None, thickness: float
) -> None:
    height, slope = field.at(cloth[..., :2])
    depth = height + thickness - cloth[..., 2]
    touching = depth > 0
    # Move out along the surface's normal: where it is steep mostly sideways, but never farther than a cell.
    steep = 1.0 + (slope**2).sum(axis=-1)
    push = np.minimum(depth / steep, _CELL)[..., None]
    normal = np.concatenate([-slope, np.ones_like(depth)[..., None]], axis=-1)
    cloth += np.where(touching[..., None], push * normal, 0.0)
    grip = np.where(touching, _GRIP, 0.0)[..., None]
    cloth[..., :2] -= grip * (cloth[..., :2] - before[..., :2])
    if ceiling is not None:
        limit, _ = ceiling.at(cloth[..., :2])
        cloth[..., 2] = np.minimum(cloth[..., 2], limit)


def _twice_as_fine(cloth: np.ndarray) -> np.ndarray:
    """Insert a point between every two."""
    for axis in (0, 1):
        count = cloth.shape[axis]
        middle = (cloth.take(np.arange(count - 1), axis) + cloth.take(np.arange(1, count), axis)) / 2
        shape = list(cloth.shape)
        shape[axis] = 2 * count - 1
        finer = np.empty(shape)
        pick = [slice(None)] * 3
        pick[axis] = slice(0, None, 2)
        finer[tuple(pick)] = cloth
        pick[axis] = slice(1, None, 2)
        finer[tuple(pick)] = middle
        cloth = finer
    return cloth


def _smoothed(cloth: np.ndarray, field: HeightField, thickness: float) -> np.ndarray:
    """Smooth the cloth after the last steps, and raise points inside the body, so that it does not show through."""
    cloth = cloth.copy()
    for weight in (0.4, 0.4, 0.2, 0.0):
        mean = (cloth[:-2, 1:-1] + cloth[2:, 1:-1] + cloth[1:-1, :-2] + cloth[1:-1, 2:]) / 4
        cloth[1:-1, 1:-1] += weight * (mean - cloth[1:-1, 1:-1])
        height, slope = field.at(cloth[..., :2])
        # Beside the mattress the field falls steeply: there the side keeps the cloth out, not the top.
        gentle = (slope**2).sum(axis=-1) < _SIDE**2
        cloth[..., 2] = np.where(gentle, np.maximum(cloth[..., 2], height + thickness), cloth[..., 2])
    return cloth
