"""Meshes that move with the body: ``MeshPart``, and the operations on surfaces that lead to it.

Faces are (m, 4) int; a triangle repeats its third corner. Positions are in metres in the body's rest pose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ..vectors import cross

BONES_PER_VERTEX = 4


@dataclass(frozen=True)
class MeshPart:
    """A mesh that moves with the body.

    Attributes:
        name: what it is, e.g. "gown"; the object is called so.
        rest: (n, 3) rest positions in metres.
        faces: (m, 4) int quads, a triangle repeats its third corner.
        bones: (n, 4) int, the bones that move each vertex, and weights: (n, 4) float, how much each does. A
            vertex whose weights are 0 does not move with the body: its position is in the room.
        uv: (m, 4, 2) metres along the cloth (hair: around the head and along the strand) at each face's corners.
        material: (m,) int, which of the piece's materials each face has.
        colour: (n, 3) linear RGB of each vertex; empty where the material alone decides.
    """

    name: str
    rest: np.ndarray
    faces: np.ndarray
    bones: np.ndarray
    weights: np.ndarray
    uv: np.ndarray = field(default_factory=lambda: np.zeros((0, 4, 2)))
    material: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    colour: np.ndarray = field(default_factory=lambda: np.zeros((0, 3)))


def join(name: str, pieces: Sequence[MeshPart]) -> MeshPart:
    """Join parts to one; the faces of the n-th get the n-th material."""
    starts = np.cumsum([0] + [len(piece.rest) for piece in pieces])
    return MeshPart(
        name,
        np.concatenate([piece.rest for piece in pieces]),
        np.concatenate([piece.faces + start for piece, start in zip(pieces, starts)]),
        np.concatenate([piece.bones for piece in pieces]),
        np.concatenate([piece.weights for piece in pieces]),
        uv=np.concatenate([piece.uv if len(piece.uv) else np.zeros((len(piece.faces), 4, 2)) for piece in pieces]),
        material=np.concatenate([np.full(len(piece.faces), n) for n, piece in enumerate(pieces)]),
    )


def normals(points: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(n, 3) points and (m, 4) faces -> (n, 3) unit normals, area-weighted."""
    area = cross(points[faces[:, 2]] - points[faces[:, 0]], points[faces[:, 3]] - points[faces[:, 1]])
    total = np.zeros_like(points)
    for axis in range(3):
        total[:, axis] = sum(
            np.bincount(faces[:, corner], weights=area[:, axis], minlength=len(points)) for corner in range(4)
        )
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


class Edges(NamedTuple):
    """The undirected edges (e, 2) of a mesh, and the number (e,) of faces at each."""

    pairs: np.ndarray
    faces_at: np.ndarray


class VertexWeights(NamedTuple):
    """The bones (n, 4) that move each vertex, and how much each does (n, 4)."""

    bones: np.ndarray
    weights: np.ndarray


def edges(faces: np.ndarray) -> Edges:
    """The edges of (m, 4) faces."""
    directed = _directed_edges(faces)
    _, first, shared = np.unique(_undirected(directed), return_index=True, return_counts=True)
    return Edges(np.sort(directed[first], axis=1), shared)


def border_edges(faces: np.ndarray) -> np.ndarray:
    """(e, 2) the directed edges that only one of (m, 4) faces has, in that face's order."""
    directed = _directed_edges(faces)
    _, first, shared = np.unique(_undirected(directed), return_index=True, return_counts=True)
    return directed[first[shared == 1]]


def rings(faces: np.ndarray, count: int) -> np.ndarray:
    """(count, k) the vertices that share a face with each, and itself; padded with itself."""
    pairs = np.concatenate([faces[:, [a, b]] for a in range(4) for b in range(4) if a != b])
    itself = np.arange(count)[:, None]
    return np.concatenate([itself, table(np.unique(pairs, axis=0), count).rows], axis=1)


class Table(NamedTuple):
    """The seconds of pairs by their first: ``rows`` (count, k), padded with the first, and which are ``filled``."""

    rows: np.ndarray
    filled: np.ndarray


def table(pairs: np.ndarray, count: int) -> Table:
    """(p, 2) pairs of numbers below ``count``, in their order, as a table with a row for each number."""
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    number = np.arange(len(pairs)) - np.searchsorted(pairs[:, 0], pairs[:, 0])
    rows = np.repeat(np.arange(count)[:, None], max(number.max(initial=0) + 1, 1), axis=1)
    filled = np.zeros(rows.shape, dtype=bool)
    rows[pairs[:, 0], number], filled[pairs[:, 0], number] = pairs[:, 1], True
    return Table(rows, filled)


def _directed_edges(faces: np.ndarray) -> np.ndarray:
    """(e, 2) the edges of each face in its order; a triangle's third corner is repeated, which is no edge."""
    pairs = np.stack([faces, np.roll(faces, -1, axis=1)], axis=-1).reshape(-1, 2)
    return pairs[pairs[:, 0] != pairs[:, 1]]


def _undirected(pairs: np.ndarray) -> np.ndarray:
    """(e,) a number for each of (e, 2) pairs of vertices, the same either way round; as ordered as sorted pairs."""
    low, high = pairs.min(axis=1), pairs.max(axis=1)
    return low * (high.max(initial=0) + 1) + high


@dataclass(frozen=True)
class Neighbours:
    """The vertices joined to each by an edge: ``rows`` (n, k) int, padded with the vertex; ``border`` (n,) bool."""

    rows: np.ndarray
    border: np.ndarray

    @classmethod
    def of(cls, faces: np.ndarray, count: int) -> Neighbours:
        """The neighbourhood in a mesh of ``count`` vertices; border vertices have only their border neighbours."""
        pairs, shared = edges(faces)
        border = np.zeros(count, dtype=bool)
        border[pairs[shared == 1]] = True
        along = (shared == 1) | ~border[pairs].any(axis=1)
        both = np.concatenate([pairs, pairs[:, ::-1]])
        wanted = np.concatenate([along, along]) | ~border[both[:, 0]]
        return cls(table(both[wanted], count).rows, border)

    def smooth(self, values: np.ndarray, times: int, pull: float = 0.5, pinned: np.ndarray | None = None) -> np.ndarray:
        """Move (n, ...) values ``times`` times by ``pull`` towards the mean of their neighbours; not the ``pinned``."""
        first, *others = np.ascontiguousarray(self.rows.T)
        for _ in range(times):
            total = np.take(values, first, axis=0)  # a column after the other: several times faster than a mean
            for column in others:
                total += np.take(values, column, axis=0)
            moved = values + pull * (total / self.rows.shape[1] - values)
            values = moved if pinned is None else np.where(pinned.reshape(-1, *[1] * (values.ndim - 1)), values, moved)
        return values


@dataclass(frozen=True)
class Cut:
    """The part of a mesh where a field is positive, its edge exactly where the field is zero.

    A vertex of it is ``low`` (n,) and ``high`` (n,) of the whole mesh mixed: (1 - t) low + t high. ``faces``
    (m, 4); ``origin`` (m, 4, 3): for every corner the whole mesh's face and the corner's place (u, v) in it.
    """

    low: np.ndarray
    high: np.ndarray
    t: np.ndarray
    faces: np.ndarray
    origin: np.ndarray

    def mix(self, values: np.ndarray) -> np.ndarray:
        """Values (N, ...) of the whole mesh's vertices -> those of the part's vertices."""
        t = self.t.reshape(-1, *[1] * (values.ndim - 1))
        return values[self.low] * (1 - t) + values[self.high] * t

    def mix_corners(self, values: np.ndarray) -> np.ndarray:
        """Values (M, 4, c) of the whole mesh's corners -> (m, 4, c), bilinear in each face."""
        face, u, v = self.origin[..., 0].astype(np.int64), self.origin[..., 1:2], self.origin[..., 2:3]
        a, b, c, d = (values[face, corner] for corner in range(4))
        return (a * (1 - u) + b * u) * (1 - v) + (d * (1 - u) + c * u) * v


_CORNERS = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def cut(faces: np.ndarray, inside: np.ndarray) -> Cut:
    """Cut (m, 4) faces along the zero of ``inside`` (n,), which is positive where the mesh is kept."""
    inside = np.where(np.abs(inside) < 1e-6, 1e-6, inside)
    kept = (inside > 0)[faces]
    whole = np.flatnonzero(kept.all(axis=1))
    crossed = np.flatnonzero(kept.any(axis=1) & ~kept.all(axis=1))
    pairs, polygons, origins = _pieces_of_faces(faces, inside, crossed)
    lookup = np.full(len(inside), -1)
    same = pairs[:, 0] == pairs[:, 1]
    lookup[pairs[same, 0]] = np.flatnonzero(same)
    inner = np.unique(faces[whole])
    inner = inner[lookup[inner] < 0]
    lookup[inner] = len(pairs) + np.arange(len(inner))
    pairs = np.concatenate([pairs, np.stack([inner, inner], axis=1)])
    corners = np.broadcast_to(np.array(_CORNERS), (len(whole), 4, 2))
    origin = np.concatenate([np.broadcast_to(whole[:, None, None], (len(whole), 4, 1)), corners], axis=2)
    return Cut(
        pairs[:, 0],
        pairs[:, 1],
        _crossing(inside, *pairs.T),
        np.concatenate([lookup[faces[whole]], polygons]),
        np.concatenate([origin, origins]),
    )


def _crossing(inside: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """How far from vertices a to vertices b ``inside`` is zero, 0..1; 0 where it is not between them."""
    crossed = (inside[a] > 0) != (inside[b] > 0)
    return np.where(crossed, inside[a], 0.0) / np.where(crossed, inside[a] - inside[b], 1.0)


def _pieces_of_faces(
    faces: np.ndarray, inside: np.ndarray, crossed: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cut the faces numbered ``crossed``, which the zero of ``inside`` crosses.

    Going round such a face, a corner that is kept and a crossing of the edge after it are the places of a polygon.

    Returns:
        (e, 2) the vertices of each place, once for all faces, as they are met; (p, 4) quads between them, a fan of
        every polygon; (p, 4, 3) the origins of the quads' corners, as ``Cut`` has them.
    """
    here, after = faces[crossed], np.roll(faces[crossed], -1, axis=1)
    corner = inside[here] > 0
    edge = (here != after) & (corner != (inside[after] > 0))
    is_place = np.stack([corner, edge], axis=2).reshape(-1, 8)  # of each face: corner, edge after it, next corner ...
    low, high = np.minimum(here, after), np.maximum(here, after)
    vertices = np.stack([np.stack([here, here], -1), np.stack([low, high], -1)], axis=2).reshape(-1, 8, 2)
    start, end = np.array(_CORNERS), np.roll(_CORNERS, -1, axis=0)
    t = _crossing(inside, here, after)[..., None]
    at = np.stack([np.broadcast_to(start, (*t.shape[:2], 2)), start + t * (end - start)], axis=2).reshape(-1, 8, 2)
    at = np.concatenate([np.broadcast_to(crossed[:, None, None], (len(crossed), 8, 1)), at], axis=2)

    places, at = vertices[is_place], at[is_place]
    _, first, inverse = np.unique(_undirected(places), return_index=True, return_inverse=True)
    met = np.argsort(first)  # the places in the order in which they are met, not sorted
    number = np.empty_like(met)
    number[met] = np.arange(len(met))
    number = number[inverse.ravel()]

    count = is_place.sum(axis=1)
    begins = np.cumsum(count) - count
    second = np.array([1, 3, 5])  # a quad of the fan takes three places in a row, and the polygon's first
    row, nth = np.nonzero(second < count[:, None] - 1)
    second, last = second[nth], count[row] - 1
    picked = np.stack([0 * second, second, second + 1, np.minimum(second + 2, last)], axis=1) + begins[row, None]
    return places[first[met]], number[picked], at[picked]


def hemmed(piece: MeshPart, thickness: float, raw: np.ndarray | None = None) -> MeshPart:
    """Turn the borders of a part inward by ``thickness`` metres, so that cloth has a visible edge.

    Edges between vertices that are ``raw`` (n,) bool are left as they are.
    """
    border = border_edges(piece.faces)
    if raw is not None:
        border = border[~raw[border].all(axis=1)]
    if not len(border):
        return piece
    inward = normals(piece.rest, piece.faces)
    outer = np.unique(border)
    inner = np.full(len(piece.rest), -1)
    inner[outer] = len(piece.rest) + np.arange(len(outer))
    rim = np.stack([border[:, 1], border[:, 0], inner[border[:, 0]], inner[border[:, 1]]], axis=1)
    colour = piece.colour if not len(piece.colour) else np.concatenate([piece.colour, piece.colour[outer]])
    uv = piece.uv
    if len(uv):
        at = np.zeros((len(piece.rest), 2))
        at[piece.faces] = uv
        uv = np.concatenate([uv, at[np.where(rim < len(piece.rest), rim, rim[:, [1, 0, 1, 0]])]])
    return MeshPart(
        piece.name,
        np.concatenate([piece.rest, piece.rest[outer] - inward[outer] * thickness]),
        np.concatenate([piece.faces, rim]),
        np.concatenate([piece.bones, piece.bones[outer]]),
        np.concatenate([piece.weights, piece.weights[outer]]),
        uv=uv,
        colour=colour,
    )


def merged_weights(bones: np.ndarray, weights: np.ndarray, mix: np.ndarray, rows: np.ndarray) -> VertexWeights:
    """Mix the weights of the vertices ``rows`` (n, k) by ``mix`` (n, k) and keep the four strongest bones."""
    dense = np.zeros((len(rows), bones.max() + 1))
    index = np.arange(len(rows))
    for column in range(rows.shape[1]):
        for slot in range(bones.shape[1]):
            np.add.at(dense, (index, bones[rows[:, column], slot]), mix[:, column] * weights[rows[:, column], slot])
    return strongest(dense)


def strongest(dense: np.ndarray) -> VertexWeights:
    """Keep the four strongest bones of (n, B) weights; theirs are rounded to 64ths and sum to about 1."""
    order = np.argsort(-dense, axis=1, kind="stable")[:, :BONES_PER_VERTEX]
    weights = np.take_along_axis(dense, order, axis=1)
    return VertexWeights(order, np.round(weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9) * 64) / 64)


def blended(transforms: np.ndarray, bones: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(B, 4, 4) bone transforms and (n, 4) weights -> (n, 4, 4) what moves each vertex, as Blender's armature does."""
    weights = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    return np.einsum("vk,vkij->vij", weights, transforms[bones])


def moved(points: np.ndarray, transforms: np.ndarray) -> np.ndarray:
    """(n, 3) points moved each by one of (n, 4, 4) transforms."""
    return np.einsum("vij,vj->vi", transforms[:, :3, :3], points) + transforms[:, :3, 3]


def tube(
    name: str, path: np.ndarray, radius: float, bones: np.ndarray, weights: np.ndarray, sides: int = 6
) -> MeshPart:
    """A round tube of ``radius`` metres along (n, 3) ``path``, whose points move with (n, 4) bones and weights."""
    ahead = np.gradient(path, axis=0)
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
    across = np.empty_like(path)
    side = cross(ahead[0], np.eye(3)[np.argmin(np.abs(ahead[0]))])
    for n, direction in enumerate(ahead):  # carry one side along the path, so that the tube does not twist
        side = side - direction * (side @ direction)
        side /= max(np.linalg.norm(side), 1e-9)
        across[n] = side
    angles = np.arange(sides) * (2 * np.pi / sides)
    up = cross(ahead, across)
    ring = np.cos(angles)[None, :, None] * across[:, None] + np.sin(angles)[None, :, None] * up[:, None]
    return MeshPart(
        name,
        (path[:, None] + radius * ring).reshape(-1, 3),
        grid_faces(len(path), sides, closed=True),
        np.repeat(bones, sides, axis=0),
        np.repeat(weights, sides, axis=0),
    )


def grid_faces(rows: int, columns: int, closed: bool) -> np.ndarray:
    """The quads of a grid of rows x columns vertices (row-major); ``closed`` joins the last column to the first."""
    i, j = np.meshgrid(np.arange(rows - 1), np.arange(columns if closed else columns - 1), indexing="ij")
    i, j = i.ravel(), j.ravel()
    after = (j + 1) % columns
    return np.stack([i * columns + j, (i + 1) * columns + j, (i + 1) * columns + after, i * columns + after], axis=1)


def box(
    name: str, centre: np.ndarray, axes: np.ndarray, half: Sequence[float], bones: np.ndarray, weights: np.ndarray
) -> MeshPart:
    """A box at ``centre`` with half sizes ``half`` along the rows of ``axes`` (3, 3), moved by one vertex's bones."""
    signs = np.array([(x, y, z) for z in (-1, 1) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))], dtype=float)
    return MeshPart(
        name,
        centre + (signs * np.asarray(half)) @ axes,
        np.array(((0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7))),
        np.repeat(bones[None], 8, axis=0),
        np.repeat(weights[None], 8, axis=0),
    )
