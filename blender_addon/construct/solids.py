"""The solids that furniture and rooms consist of, as arrays; numpy only.

All lengths in metres. Faces are counter-clockwise seen from outside. Where a flat face meets a smooth one their
vertices are separate, so that every Blender shades them alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Union

import numpy as np
from numpy.typing import NDArray

Point = Union[Sequence[float], NDArray[np.float64]]  # x, y, z in metres
Outline = Union[Sequence[Sequence[float]], NDArray[np.float64]]  # (n, 2)


@dataclass(frozen=True)
class Solid:
    """Vertices (n, 3) and faces: arrays (m, k) of vertex numbers with k corners each, and whether each is smooth."""

    vertices: NDArray[np.float64]
    faces: tuple[NDArray[np.int64], ...]
    smooth: tuple[bool, ...]

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Solid:
        """The solid shifted."""
        return Solid(self.vertices + np.array([x, y, z]), self.faces, self.smooth)

    def turned(self, degrees: float, axis: str, about: Point = (0.0, 0.0, 0.0)) -> Solid:
        """The solid turned about the line through ``about`` along ``axis`` ("x", "y" or "z"), right-handed."""
        angle, first = np.radians(degrees), "xyz".index(axis)
        a, b = (first + 1) % 3, (first + 2) % 3
        turn = np.eye(3)
        turn[a, a] = turn[b, b] = np.cos(angle)
        turn[b, a], turn[a, b] = np.sin(angle), -np.sin(angle)
        return Solid((self.vertices - about) @ turn.T + about, self.faces, self.smooth)


def joined(solids: Sequence[Solid]) -> Solid:
    """Several solids as one."""
    faces: list[NDArray[np.int64]] = []
    smooth: list[bool] = []
    start = 0
    for solid in solids:
        faces += [array + start for array in solid.faces]
        smooth += solid.smooth
        start += len(solid.vertices)
    return Solid(np.concatenate([solid.vertices for solid in solids]), tuple(faces), tuple(smooth))


def box(low: Point, high: Point, bevel: float = 0.0) -> Solid:
    """An axis-aligned box; its edges are cut off by ``bevel``."""
    lowest, highest = np.minimum(low, high).astype(np.float64), np.maximum(low, high).astype(np.float64)
    if bevel <= 0:
        corners = np.array([[x, y, z] for z in (0, 1) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))])
        return Solid(lowest + corners * (highest - lowest), (_CUBE,), (False,))
    return _rounded(lowest, highest, min(bevel, 0.49 * float((highest - lowest).min())), 1, smooth=False)


def cushion(low: Point, high: Point, radius: float, segments: int = 3) -> Solid:
    """A box with round, smooth edges: upholstery, mattresses, plastic."""
    lowest, highest = np.minimum(low, high).astype(np.float64), np.maximum(low, high).astype(np.float64)
    return _rounded(lowest, highest, min(radius, 0.49 * float((highest - lowest).min())), segments, smooth=True)


def tube(start: Point, end: Point, radius: float, sides: int = 10, end_radius: float = -1.0) -> Solid:
    """A round bar; a cone where ``end_radius`` is given."""
    return swept(np.array([start, end], dtype=float), radius, sides, end_radius)


def swept(points: np.ndarray, radius: float, sides: int = 8, end_radius: float = -1.0) -> Solid:
    """A bent tube of constant thickness along (n, 3) ``points``."""
    points = np.asarray(points, dtype=float)
    steps = np.diff(points, axis=0)
    steps /= np.linalg.norm(steps, axis=1)[:, None]
    before, after = np.concatenate([steps[:1], steps]), np.concatenate([steps, steps[-1:]])
    angles = np.arange(sides) * (2 * np.pi / sides)
    across = _cross(steps[0], (0.0, 0.0, 1.0) if abs(steps[0, 2]) < 0.9 else (1.0, 0.0, 0.0))
    across /= np.linalg.norm(across)
    previous = steps[0]
    radii = np.linspace(radius, radius if end_radius < 0 else end_radius, len(points))
    found = []
    for point, arriving, leaving, r in zip(points, before, after, radii):
        tangent, inwards = arriving + leaving, leaving - arriving
        tangent /= max(np.linalg.norm(tangent), 1e-9)
        turn = _cross(previous, tangent)  # carry the frame along by the smallest rotation
        turned = _cross(turn, across)
        across = across + turned + _cross(turn, turned) / (1.0 + previous @ tangent)
        previous = tangent
        ring = r * (np.outer(np.cos(angles), across) + np.outer(np.sin(angles), _cross(tangent, across)))
        bend = np.linalg.norm(inwards)
        if bend > 1e-6:  # the cut through a bend is an ellipse
            wider = min(1.0 / max(float(arriving @ tangent), 1e-6), _SHARPEST) - 1.0
            ring = ring + np.outer(ring @ inwards, inwards) * (wider / bend**2)
        found.append(point + ring)
    return rings(np.array(found))


def _cross(a: Point, b: Point) -> NDArray[np.float64]:
    """The cross product of two vectors, twenty times as fast as numpy's for many."""
    (a1, a2, a3), (b1, b2, b3) = map(float, a), map(float, b)
    return np.array([a2 * b3 - a3 * b2, a3 * b1 - a1 * b3, a1 * b2 - a2 * b1])


def lathe(profile: Outline, sides: int = 16, smooth: bool = True) -> Solid:
    """A body of revolution about the z axis from (radius, z) pairs, bottom first; closed at both ends."""
    angles = np.arange(sides) * (2 * np.pi / sides)
    circle = np.stack([np.cos(angles), np.sin(angles), np.zeros(sides)], axis=1)
    found = np.array([circle * (r, r, 0) + (0, 0, z) for r, z in profile])
    return rings(found, smooth)


def disc(radius: float, height: float, thick: float, sides: int = 20) -> Solid:
    """A flat upright cylinder whose top is at ``height``."""
    return lathe([(radius, height - thick), (radius, height)], sides)


def extruded(outline: Outline, x1: float, x2: float) -> Solid:
    """A (y, z) outline, counter-clockwise seen from +x, drawn out from ``x1`` to ``x2``."""
    corners = np.asarray(outline, dtype=float)
    n = len(corners)
    ends = [np.column_stack([np.full(n, x), corners]) for x in (x1, x2)]
    i = np.arange(n)
    j = (i + 1) % n
    sides = np.stack([i, j, j + n, i + n], axis=1)
    return Solid(np.concatenate(ends), (sides, i[None, ::-1].copy(), (i + n)[None]), (False, False, False))


def plate(outline: Outline, y: float, thick: float) -> Solid:
    """An upright plate facing -y: an (x, z) outline, counter-clockwise seen from the front, its front at ``y``."""
    corners = np.asarray(outline, dtype=float)
    n = len(corners)
    front, back = (np.column_stack([corners[:, 0], np.full(n, at), corners[:, 1]]) for at in (y, y + thick))
    i = np.arange(n)
    j = (i + 1) % n
    sides = np.stack([j, i, i + n, j + n], axis=1)
    return Solid(np.concatenate([front, back]), (sides, i[None], (i + n)[None, ::-1].copy()), (False, False, False))


def ellipse(x: float, z: float, width: float, height: float, sides: int = 20) -> NDArray[np.float64]:
    """An outline for ``plate``: an ellipse about (x, z), its axes ``width`` and ``height``."""
    angles = np.arange(sides) * (2 * np.pi / sides)
    return np.column_stack([x + width / 2 * np.cos(angles), z + height / 2 * np.sin(angles)])


def ellipsoid(middle: Point, radii: Point, sides: int = 14) -> Solid:
    """A smooth ellipsoid."""
    polar = np.linspace(-np.pi / 2 + 0.02, np.pi / 2 - 0.02, max(sides // 2, 4))
    solid = lathe([(np.cos(a), np.sin(a)) for a in polar], sides)
    return Solid(solid.vertices * radii + middle, solid.faces, solid.smooth)


def sheet(grid: np.ndarray, thick: float = 0.0, smooth: bool = True) -> Solid:
    """A surface through (n, m, 3) points, facing rows x columns; with a back ``thick`` metres below (-z)."""
    n, m = grid.shape[:2]
    i, j = (index.reshape(-1) for index in np.meshgrid(np.arange(n - 1), np.arange(m - 1), indexing="ij"))
    upper = np.stack([i * m + j, (i + 1) * m + j, (i + 1) * m + j + 1, i * m + j + 1], axis=1)
    top = grid.reshape(-1, 3).astype(float)
    if thick <= 0:
        return Solid(top, (upper,), (smooth,))
    edge = np.concatenate(
        [np.arange(m), m * np.arange(1, n) + m - 1, n * m - 1 - np.arange(1, m), m * np.arange(n - 2, 0, -1)]
    )
    after = np.roll(edge, -1)
    rim = np.stack([edge, after, after + n * m, edge + n * m], axis=1)
    return Solid(np.concatenate([top, top - (0.0, 0.0, thick)]), (upper, upper[:, ::-1] + n * m, rim), (smooth,) * 3)


def rings(points: np.ndarray, smooth: bool = True, capped: bool = True) -> Solid:
    """Quads between (n, sides, 3) rings, counter-clockwise about their direction, and flat caps."""
    n, sides = points.shape[:2]
    i, k = (index.reshape(-1) for index in np.meshgrid(np.arange(n - 1), np.arange(sides), indexing="ij"))
    after = (k + 1) % sides
    mantle = np.stack([i * sides + k, i * sides + after, (i + 1) * sides + after, (i + 1) * sides + k], axis=1)
    if not capped:
        return Solid(points.reshape(-1, 3), (mantle,), (smooth,))
    around = np.arange(sides)
    caps = ((n * sides + around)[None, ::-1].copy(), ((n + 1) * sides + around)[None])
    vertices = np.concatenate([points.reshape(-1, 3), points[0], points[-1]])
    return Solid(vertices, (mantle, *caps), (smooth, False, False))


_SHARPEST = 1.8  # largest ratio of length to width of the cut through a bend


_CUBE = np.array(((0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)))


def _rounded(low: np.ndarray, high: np.ndarray, radius: float, segments: int, smooth: bool) -> Solid:
    corners, outward, quads, triangles = _corner_grid(segments)
    vertices = np.where(corners > 0, high - radius, low + radius) + radius * outward
    faces = (quads,) if not len(triangles) else (quads, triangles)
    return Solid(vertices, faces, (smooth,) * len(faces))


class _CornerGrid(NamedTuple):
    """Vertices of a rounded cube: the signs of each one's corner, its direction from there; quads and triangles."""

    corners: NDArray[np.float64]
    outward: NDArray[np.float64]
    quads: NDArray[np.int64]
    triangles: NDArray[np.int64]


@lru_cache(maxsize=8)
def _corner_grid(segments: int) -> _CornerGrid:
    """The grid of a cube with rounded edges.

    Each of the six sides is a grid of 2 (segments + 1) lines in either direction: half belong to either corner.
    One segment gives flat bevels whose corner faces are triangles.
    """
    if segments == 1:
        return _chamfer_grid()
    lines = segments // 2 + 1  # each of the two sides that meet has half of the quarter round
    steps = np.tan(np.linspace(0.0, np.pi / 4, lines))
    offsets = np.concatenate([-steps[::-1], steps])
    sign = np.concatenate([-np.ones(lines), np.ones(lines)])
    found: dict = {}
    corners: list = []
    outward: list = []
    quads: list = []
    count = 2 * lines
    for axis in range(3):
        a, b = (axis + 1) % 3, (axis + 2) % 3
        for side in (-1.0, 1.0):
            number = np.empty((count, count), dtype=int)
            for i in range(count):
                for j in range(count):
                    direction, corner = np.zeros(3), np.zeros(3)
                    direction[axis], direction[a], direction[b] = side, offsets[i], offsets[j]
                    corner[axis], corner[a], corner[b] = side, sign[i], sign[j]
                    direction /= np.linalg.norm(direction)
                    key = (*corner, *np.round(direction, 6) + 0.0)
                    if key not in found:
                        found[key] = len(corners)
                        corners.append(corner)
                        outward.append(direction)
                    number[i, j] = found[key]
            quad = np.stack([number[:-1, :-1], number[1:, :-1], number[1:, 1:], number[:-1, 1:]], axis=-1).reshape(
                -1, 4
            )
            quads.append(quad if side > 0 else quad[:, ::-1])
    return _CornerGrid(np.array(corners), np.array(outward), np.concatenate(quads), np.zeros((0, 3), dtype=int))


def _chamfer_grid() -> _CornerGrid:
    """The grid of a cube with flat bevels: three vertices per corner."""
    signs = [np.array([x, y, z], dtype=float) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
    corners = np.repeat(signs, 3, axis=0)
    outward = np.tile(np.eye(3), (8, 1)) * corners
    number = {(tuple(sign), axis): 3 * n + axis for n, sign in enumerate(signs) for axis in range(3)}
    quads, triangles = [], []
    for axis in range(3):
        a, b = (axis + 1) % 3, (axis + 2) % 3
        for side in (-1.0, 1.0):
            ring = []
            for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                sign = np.zeros(3)
                sign[axis], sign[a], sign[b] = side, u, v
                ring.append(number[tuple(sign), axis])
            quads.append(ring if side > 0 else ring[::-1])
        for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1)):  # the edges along ``axis``
            ends = []
            for along in (-1.0, 1.0):
                sign = np.zeros(3)
                sign[axis], sign[a], sign[b] = along, u, v
                ends.append(tuple(sign))
            ring = [number[ends[0], a], number[ends[1], a], number[ends[1], b], number[ends[0], b]]
            quads.append(ring[::-1] if u * v > 0 else ring)
    for sign in signs:
        ring = [number[tuple(sign), axis] for axis in range(3)]
        triangles.append(ring if np.prod(sign) > 0 else ring[::-1])
    return _CornerGrid(corners, outward, np.array(quads), np.array(triangles))
