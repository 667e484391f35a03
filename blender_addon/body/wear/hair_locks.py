"""Locks of hair: tapering strips that follow the way hair grows, over a thinner shell of the same style.

A lock starts at its root, runs over the head along a field of directions (away from the whorl, away from a parting, or
towards the band of a ponytail) and ends where the style ends, a little before or after it, so that neither hairline nor
outline is a smooth edge. All variation follows from ``phase`` by sequences of low discrepancy: there is no randomness.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from ..vectors import cross
from . import mesh
from .head import COLUMNS, DOME_ROWS, FALL_ROWS, FALL_STEP, HeadGrid

_FINE = 18  # steps of a path before it is divided into rings
_HEAD_RADIUS = 0.098  # metres, to turn metres over the skull into angles
_BACK = np.pi
_AT_HAIRLINE, _AT_PARTING = 0.28, 0.3  # fractions of the roots
_RISE = 0.022  # metres along a lock, after which it lies on the hair below


@dataclass(frozen=True)
class Locks:
    """How the locks of a style grow; metres on the average head.

    Attributes:
        flow: "whorl" (away from the crown), "parted" (to both sides and down), "tied" (towards the ``tie``), "curls".
        count: how many roots there are on a whole head; those outside the hair are left out.
        length, width: of a lock; rings: its cross-sections.
        lift: how far its tip stands off; wave: how far it swings sideways.
        overhang: how far tips pass the end of the style at most.
        tie: (angle in degrees, metres above the ears) of what holds tied hair; mirrored where ``both_sides``.
        fullness: how much of the shell's thickness stays under the locks; 0 has no shell.
        missing_on_top: the fraction of roots that the crown has lost.
    """

    flow: str
    count: int
    length: float
    width: float
    rings: int = 6
    lift: float = 0.004
    wave: float = 0.0
    overhang: float = 0.006
    tie: tuple[float, float] = (180.0, 0.055)
    both_sides: bool = False
    fullness: float = 0.75
    missing_on_top: float = 0.0


_TIED = Locks("tied", 540, 0.30, 0.0082, rings=7, lift=0.0, overhang=0.004, fullness=0.78)
LOCKS: Mapping[str, Locks] = {
    "cropped": Locks("whorl", 1050, 0.020, 0.0040, rings=4, lift=0.003, overhang=0.004, fullness=0.9),
    "thinning": Locks("whorl", 1300, 0.036, 0.0045, rings=4, lift=0.003, fullness=0.0, missing_on_top=0.75),
    "receding": Locks("whorl", 850, 0.036, 0.0058, rings=5, overhang=0.005),
    "crown-bald": Locks("whorl", 850, 0.034, 0.0058, rings=5, overhang=0.004),
    "short": Locks("whorl", 950, 0.046, 0.0060, rings=5, lift=0.006, overhang=0.007),
    "side-part": Locks("parted", 700, 0.075, 0.0080, rings=6),
    "tousled": Locks("whorl", 800, 0.058, 0.0072, rings=6, lift=0.013, wave=0.004, overhang=0.010),
    "curly": Locks("curls", 1000, 0.023, 0.0044, rings=9, lift=0.012, fullness=0.85),
    "afro": Locks("curls", 1100, 0.020, 0.0042, rings=8, lift=0.008, fullness=0.95),
    "bob": Locks("parted", 640, 0.26, 0.0110, rings=10, lift=0.002, overhang=0.012, fullness=0.85),
    "long": Locks("parted", 560, 0.46, 0.0120, rings=12, wave=0.002, overhang=0.026, fullness=0.85),
    "long-wavy": Locks("parted", 560, 0.44, 0.0120, rings=17, lift=0.006, wave=0.007, overhang=0.026, fullness=0.8),
    "ponytail": _TIED,
    "bun": replace(_TIED, tie=(180.0, 0.045)),
    "high-bun": replace(_TIED, tie=(180.0, 0.105)),
    "braids": replace(_TIED, tie=(112.0, -0.015), both_sides=True),
}


class Growth(NamedTuple):
    """What a style is like at each point (R, C) of the grid: metres inside its ends, metres inside the hair's roots,
    and the thickness of the hair in metres; and where the parting is, metres to the body's left."""

    inside: np.ndarray
    rooted: np.ndarray
    thickness: np.ndarray
    parting: float


class _Paths(NamedTuple):
    """(N, S) rows and angles of the grid along each lock, (N,) metres to its end."""

    row: np.ndarray
    angle: np.ndarray
    length: np.ndarray


def spread(count: int, phase: float, dimensions: int) -> np.ndarray:
    """(count, dimensions) numbers in [0, 1): an additive sequence of low discrepancy, shifted by ``phase``."""
    root = 2.0
    for _ in range(40):
        root = (1 + root) ** (1 / (dimensions + 1))
    steps = root ** -np.arange(1.0, dimensions + 1)
    return ((np.arange(1, count + 1)[:, None] * steps) + phase * (1 + np.arange(dimensions))) % 1


def locks(
    grid: HeadGrid, surface: np.ndarray, growth: Growth, style: Locks, weights: mesh.VertexWeights, phase: float
) -> mesh.MeshPart:
    """The locks of a style over the (R, C, 3) ``surface`` that it lies on, moved by the grid's (R * C, 4) weights."""
    drawn = spread(style.count, phase, 7)
    row, angle = _roots(growth, style, drawn)
    lost = style.missing_on_top * np.clip(_direction(row, angle)[:, 2] * 3 - 0.6, 0, 1)
    rooted = (_at(growth.rooted, row, angle) > 0.0) & (drawn[:, 5] >= lost)
    row, angle, drawn = row[rooted], angle[rooted], drawn[rooted]
    length = style.length * (0.7 + 0.6 * drawn[:, 2])
    paths = _paths(growth, style, row, angle, length, style.overhang * (drawn[:, 3] * 1.6 - 0.6))
    kept = paths.length > max(0.008, 0.15 * style.length if style.flow == "whorl" else 0.0)
    paths, drawn = _Paths(*(values[kept] for values in paths)), drawn[kept]
    return _strips(grid, surface, growth, style, weights, paths, drawn)


def _roots(growth: Growth, style: Locks, drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and angles of the roots: most are spread evenly over the head, others are along hairline and parting."""
    angle = drawn[:, 0] * 2 * np.pi
    height = 1 - 1.8 * drawn[:, 1]  # in radii: the areas of a sphere are those of the cylinder around it
    over = np.where(
        height >= 0, _row_of(np.arcsin(np.clip(height, 0, 1))), _row_of(0.0) - height * _HEAD_RADIUS / FALL_STEP
    )
    rooted = growth.rooted > 0
    last = np.where(rooted, np.arange(len(rooted))[:, None], -1).max(axis=0)
    columns = np.arange(COLUMNS)
    inner, outer = (growth.rooted[np.clip(last + n, 0, len(rooted) - 1), columns] for n in (0, 1))
    edge = last + np.clip(inner / np.maximum(inner - outer, 1e-6), 0, 1)
    line = np.interp(drawn[:, 0] * COLUMNS, np.arange(COLUMNS + 1), np.append(edge, edge[0]))
    row = np.where(drawn[:, 6] < _AT_HAIRLINE, line - 0.05 - 1.1 * drawn[:, 3], over)
    if style.flow != "parted":
        return row, angle
    along = np.radians(30 + 105 * drawn[:, 1])  # from the forehead over the top
    beside = growth.parting / _HEAD_RADIUS + 0.05 * np.where(drawn[:, 0] < 0.5, -1.0, 1.0)
    at = np.stack([beside, -np.cos(along), np.sin(along)], axis=1)
    at /= np.linalg.norm(at, axis=1, keepdims=True)
    parted = drawn[:, 6] > 1 - _AT_PARTING
    row = np.where(parted, _row_of(np.arcsin(at[:, 2])), row)
    return row, np.where(parted, np.arctan2(at[:, 0], -at[:, 1]) % (2 * np.pi), angle)


def _row_of(elevation: np.ndarray | float) -> np.ndarray:
    return (89.0 - np.degrees(elevation)) * (DOME_ROWS - 1) / 89.0


def _at(values: np.ndarray, row: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """(R, C, ...) values at fractional rows and angles, bilinear, closed round the head."""
    row = np.clip(row, 0, len(values) - 1.001)
    column = (angle / (2 * np.pi) * COLUMNS) % COLUMNS
    i, j = row.astype(np.int64), column.astype(np.int64) % COLUMNS
    u, v = row - i, column - np.floor(column)
    if values.ndim > 2:
        u, v = u[..., None], v[..., None]
    after = (j + 1) % COLUMNS
    upper = values[i, j] * (1 - v) + values[i, after] * v
    return upper * (1 - u) + (values[i + 1, j] * (1 - v) + values[i + 1, after] * v) * u


def _direction(row: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """(..., 3) unit vectors of the grid's rays."""
    elevation = np.radians(np.clip(89.0 - row * 89.0 / (DOME_ROWS - 1), 0, 90))
    flat = np.cos(elevation)
    return np.stack([flat * np.sin(angle), -flat * np.cos(angle), np.sin(elevation)], axis=-1)


def _paths(
    growth: Growth, style: Locks, row: np.ndarray, angle: np.ndarray, length: np.ndarray, overhang: np.ndarray
) -> _Paths:
    """Follow the field from each root to ``length``, to ``overhang`` metres outside the style, or to the tie."""
    step = length / _FINE
    rows, angles = [row], [angle]
    end = np.full(len(row), np.inf)
    side = np.where(angle < _BACK, 1.0, -1.0)
    for n in range(_FINE):
        ahead = _field(growth, style, row, angle, side)
        arrived = style.flow == "tied" and (np.linalg.norm(ahead, axis=1) < 0.12)
        end = np.where(np.isinf(end) & arrived, n * step, end)
        ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
        row, angle = _stepped(row, angle, ahead, step)
        outside = _at(growth.inside, row, angle) < -overhang
        end = np.where(np.isinf(end) & outside, (n + 0.5) * step, end)
        rows.append(row)
        angles.append(angle)
    return _Paths(np.stack(rows, axis=1), np.unwrap(np.stack(angles, axis=1), axis=1), np.minimum(end, length))


def _stepped(row: np.ndarray, angle: np.ndarray, ahead: np.ndarray, step: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row and angle ``step`` metres along tangents (n, 3): over the dome on a sphere, below the ears on a cylinder."""
    on_dome = row < DOME_ROWS - 1
    moved = _direction(row, angle) + ahead * (step / _HEAD_RADIUS)[:, None]
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    elevation = np.arcsin(np.clip(moved[:, 2], -1, 1))
    dome_row = np.where(elevation >= 0, _row_of(elevation), DOME_ROWS - 1 - elevation * _HEAD_RADIUS / FALL_STEP)
    around = ahead[:, 0] * np.cos(angle) + ahead[:, 1] * np.sin(angle)
    fall_row = row - ahead[:, 2] * step / FALL_STEP
    fallen = on_dome | (fall_row < DOME_ROWS - 1)
    turned = np.where(on_dome, np.arctan2(moved[:, 0], -moved[:, 1]), angle + around * step / _HEAD_RADIUS)
    return np.clip(np.where(fallen & on_dome, dome_row, fall_row), 0, DOME_ROWS + FALL_ROWS - 1.01), turned


def _field(growth: Growth, style: Locks, row: np.ndarray, angle: np.ndarray, side: np.ndarray) -> np.ndarray:
    """(n, 3) tangents along which hair runs; towards a tie they are as long as the way is, in radii."""
    at = _direction(row, angle)
    if style.flow == "tied":
        ties = np.where(side > 0, 1.0, -1.0) if style.both_sides else np.ones(len(at))
        tie_angle = np.radians(style.tie[0]) * ties
        elevation = np.arcsin(np.clip((style.tie[1] - 0.02) / _HEAD_RADIUS, -0.3, 0.95))
        tie = np.stack(
            [
                np.sin(tie_angle) * np.cos(elevation),
                -np.cos(tie_angle) * np.cos(elevation),
                np.full(len(at), np.sin(elevation)),
            ],
            axis=1,
        )
        below = np.maximum(row - (DOME_ROWS - 1), 0) * FALL_STEP / _HEAD_RADIUS
        way = tie - at + np.array([0, 0, 1.0]) * below[:, None]
        return _tangential(way, at)
    if style.flow == "parted":
        apart = np.where(at[:, 0] > growth.parting / _HEAD_RADIUS, 1.0, -1.0)
        aside = np.clip((at[:, 2] - 0.25) / 0.45, 0, 1)
        near_line = np.clip(1 - _at(growth.inside, row, angle) / 0.03, 0, 1) * (at[:, 1] < -0.25)
        way = np.stack([aside * apart, 0.25 * aside + 1.6 * near_line, -1.15 * (1 - aside) - 0.2], axis=1)
        return _tangential(way, at)
    whorl = np.array([np.sin(_BACK + 0.25) * 0.5, -np.cos(_BACK + 0.25) * 0.5, 0.86])
    away = at - whorl
    away = away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 0.2)
    return _tangential(away + np.array([0.0, 0.0, -0.55]) * (at[:, 2:] < 0.6), at)


def _tangential(way: np.ndarray, at: np.ndarray) -> np.ndarray:
    return way - (way * at).sum(axis=1, keepdims=True) * at


def _strips(
    grid: HeadGrid, surface: np.ndarray, growth: Growth, style: Locks, weights: mesh.VertexWeights, paths: _Paths,
    drawn: np.ndarray,
) -> mesh.MeshPart:  # fmt: skip
    """The mesh of the locks along their paths."""
    full = style.length * (0.7 + 0.6 * drawn[:, 2])
    t = np.linspace(0, 1, style.rings)[None]
    along = np.clip(t * (paths.length / full)[:, None] * _FINE, 0, _FINE - 1e-6)
    i, f = along.astype(np.int64), along % 1
    pick = np.arange(len(drawn))[:, None]
    row = paths.row[pick, i] * (1 - f) + paths.row[pick, i + 1] * f
    angle = paths.angle[pick, i] * (1 - f) + paths.angle[pick, i + 1] * f
    outward = _at(grid.outward, row, angle)
    layer = (0.86 + 0.26 * drawn[:, 4])[:, None]
    begin = 0.15 + 0.6 * (style.flow == "parted") * np.clip(2 * _direction(row, angle)[:, :1, 2] - 0.8, 0, 1)
    grown = np.clip(begin + t * paths.length[:, None] / _RISE, 0, 1) if style.flow != "curls" else 1.0
    off = _at(growth.thickness, row, angle) * layer * grown
    off = off + style.lift * (2 * drawn[:, 5:6] - 0.5) * t**2
    middle = _at(surface, row, angle) + outward * (np.maximum(off, 0.0016) * grid.size)[..., None]
    if style.flow == "curls":
        middle = _coiled(grid, style, middle, outward, drawn, t)
    if style.wave:
        swing = np.sin(2 * np.pi * (t * full[:, None] / 0.075 + drawn[:, 6:7] * 0.35 + angle * 1.1))
        swing = style.wave * grid.size * swing * np.clip(3 * t - 0.4, 0, 1)
        middle = middle + _across(middle, outward) * swing[..., None]
    half = 0.5 * style.width * grid.size * (0.7 + 0.6 * drawn[:, 6:7]) * _profile(t)
    nearest = np.rint(row).astype(np.int64).clip(0, len(surface) - 1) * COLUMNS
    nearest = nearest + np.rint(angle / (2 * np.pi) * COLUMNS).astype(np.int64) % COLUMNS
    tint = 0.84 + 0.22 * drawn[:, 4] + 0.2 * drawn[:, 5]
    moved_by = mesh.VertexWeights(weights.bones[nearest], weights.weights[nearest])
    return ribbons(middle, outward, half, moved_by, tint)


def ribbons(
    middle: np.ndarray, outward: np.ndarray, half: np.ndarray, weights: mesh.VertexWeights, tint: np.ndarray
) -> mesh.MeshPart:
    """Strips along (N, S, 3) lines, arched towards ``outward``, ``half`` (N, S) metres wide to each side.

    Each point of a line moves by (N, S, 4) weights. ``tint`` (N,) is how light a strip is, 1 on average; roots are
    darker.
    """
    count, rings = half.shape
    across = _across(middle, outward) * half[..., None]
    raised = outward * (0.22 * half)[..., None]
    points = np.stack([middle - across, middle + raised, middle + across], axis=2)
    strip = mesh.grid_faces(rings, 3, closed=False)
    faces = (strip[None] + (np.arange(count) * rings * 3)[:, None, None]).reshape(-1, 4)
    steps = np.linalg.norm(np.diff(middle, axis=1), axis=2)
    v = np.concatenate([np.zeros((count, 1)), np.cumsum(steps, axis=1)], axis=1)[..., None]
    u = np.arange(count)[:, None, None] * 0.37 + half[..., None] * np.array([-1.0, 0.0, 1.0])
    uv = np.stack(np.broadcast_arrays(u, v), axis=-1).reshape(-1, 2)
    shade = tint[:, None] * (0.8 + 0.2 * np.clip(3 * np.linspace(0, 1, rings), 0, 1))
    colour = np.broadcast_to(shade[:, :, None, None], points.shape).reshape(-1, 3)
    bones, strength = (np.repeat(values.reshape(-1, 4), 3, axis=0) for values in weights)
    return mesh.MeshPart("locks", points.reshape(-1, 3), faces, bones, strength, uv=uv[faces], colour=colour)


def tress(
    path: np.ndarray, radius: np.ndarray, weights: mesh.VertexWeights, phase: float, count: int = 44, twist: float = 0.0
) -> mesh.MeshPart:
    """A bundle of locks round (n, 3) ``path`` with (n,) radii, moved by (n, 4) weights, twisted by ``twist`` turns."""
    drawn = spread(count, phase, 3)
    ends = np.linspace(0, 1, len(path))[None] * (0.86 + 0.14 * drawn[:, :1]) * (len(path) - 1)
    i = np.minimum(ends.astype(np.int64), len(path) - 2)
    f = (ends - i)[..., None]
    line = path[i] * (1 - f) + path[i + 1] * f
    ahead = np.gradient(path, axis=0)
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
    side = cross(ahead, [1.0, 0.3, 0.1])
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    turn = 2 * np.pi * (drawn[:, 1:2] + twist * np.linspace(0, 1, len(path))[None])
    outward = side[i] * np.cos(turn)[..., None] + cross(ahead, side)[i] * np.sin(turn)[..., None]
    at = (radius[i] * (1 - f[..., 0]) + radius[i + 1] * f[..., 0]) * (0.82 + 0.3 * drawn[:, 2:])
    half = radius.max() * 0.26 * _profile(np.linspace(0, 1, len(path)))[None] * np.ones((count, 1))
    moved_by = mesh.VertexWeights(weights.bones[i], weights.weights[i])
    return ribbons(line + outward * at[..., None], outward, half, moved_by, 0.75 + 0.5 * drawn[:, 2])


def coil(
    centre: np.ndarray, axis: np.ndarray, radius: float, weights: mesh.VertexWeights, phase: float
) -> mesh.MeshPart:
    """A bun: locks wound round ``axis`` over a flattened ball at ``centre``, moved by one vertex's (4,) weights."""
    drawn = spread(48, phase, 3)
    side = cross(axis, [0.9, 0.1, 0.3])
    side /= np.linalg.norm(side)
    other = cross(axis, side)
    t = np.linspace(0, 1, 12)
    turn = 2 * np.pi * (drawn[:, :1] + (0.5 + 0.4 * drawn[:, 1:2]) * t)
    lean = np.arcsin(np.clip(1.7 * drawn[:, 2:] - 0.7 + 0.25 * (t - 0.5), -0.9, 0.99))  # latitudes of the ball
    out = (side * np.cos(turn)[..., None] + other * np.sin(turn)[..., None]) * np.cos(lean)[..., None]
    out = out + axis * np.sin(lean)[..., None]
    middle = centre + out * (radius * np.where(out @ axis > 0, 0.95, 1.0))[..., None]
    half = 0.2 * radius * _profile(t)[None] * np.ones((len(drawn), 1))
    moved_by = mesh.VertexWeights(*(np.broadcast_to(values, (*half.shape, 4)) for values in weights))
    return ribbons(middle, out, half, moved_by, 0.75 + 0.5 * drawn[:, 1])


def _across(middle: np.ndarray, outward: np.ndarray) -> np.ndarray:
    """(N, S, 3) unit vectors along the surface, at right angles to the lines."""
    across = cross(np.gradient(middle, axis=1), outward)
    return across / np.maximum(np.linalg.norm(across, axis=2, keepdims=True), 1e-9)


def _profile(t: np.ndarray) -> np.ndarray:
    """How wide a lock is along its length, 0..1: it swells a little and ends in a point."""
    return np.interp(t, (0.0, 0.3, 0.7, 1.0), (0.3, 1.0, 0.85, 0.10))


def _coiled(
    grid: HeadGrid, style: Locks, middle: np.ndarray, outward: np.ndarray, drawn: np.ndarray, t: np.ndarray
) -> np.ndarray:
    """Curls: (N, S, 3) paths wound round lines that stand off the head."""
    first = outward[:, :1]
    side = cross(first, np.array([0.0, 0.0, 1.0]) + 0.3 * first[..., [1, 2, 0]])
    side /= np.maximum(np.linalg.norm(side, axis=2, keepdims=True), 1e-9)
    other = cross(first, side)
    tilt = 2 * np.pi * drawn[:, 3, None, None]  # the plane of a curl leans to any side
    other = 0.5 * other + 0.7 * (first * np.cos(tilt) + other * np.sin(tilt))
    turn = 2 * np.pi * ((0.8 + 0.9 * drawn[:, 2:3]) * t + drawn[:, 5:6])
    radius = style.length * 0.32 * (0.7 + 0.6 * drawn[:, 6:7]) * grid.size
    stem = middle[:, :1] + first * ((0.25 + t) * style.lift * (0.4 + drawn[:, 4:5]) * grid.size)[..., None]
    lean = 0.35 * (middle - middle[:, :1])
    return stem + lean + side * (radius * np.cos(turn))[..., None] + other * (radius * np.sin(turn))[..., None]
