"""The eyeballs, and the head as a grid of rays, over which hair, hats, scarves and masks are shells.

Columns go round the head (0 = front, growing to the body's left), rows from the crown down: over the skull by
elevation as far as the ears, below them straight down over neck and shoulders.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..model import BodyModel
from ..skeleton import Skeleton
from . import mesh
from .reference import reference
from .torso_rings import Rings, rings

COLUMNS = 96
DOME_ROWS, FALL_ROWS = 20, 22
_FALL = 0.42  # metres below the ears on a head of average size
FALL_STEP = _FALL / FALL_ROWS  # metres between rows below the ears
_KERNEL = 0.006  # 1 - cos of about 6 degrees: how far around a ray the skull is averaged
_AVERAGE_NOSE_TO_EARS = 0.104  # metres
WHITE, IRIS, PUPIL = range(3)  # the materials of an eyeball


@dataclass(frozen=True)
class HeadGrid:
    """The surface of one head along the grid's rays.

    Attributes:
        size: 1 for the average head; every distance of hair and hats scales with it.
        centre: (3,) the middle between the ears, a little above them.
        points: (R, C, 3) rest positions on skin (below the ears: as far out as neck and shoulders reach).
        outward: (R, C, 3) unit vectors away from the axis of the head.
        height: (R, C) metres above the ears on the average head; angle: (C,) radians.
        draped: (R, C, 3) the same as ``points`` where cloth spans hollows: chin to chest, nape to back.
    """

    size: float
    centre: np.ndarray
    points: np.ndarray
    outward: np.ndarray
    height: np.ndarray
    angle: np.ndarray
    draped: np.ndarray


class HeadFrame(NamedTuple):
    """The size of a head, 1 on average, and the middle (3,) between its ears."""

    size: float
    ear: np.ndarray


def head_frame(model: BodyModel, rest: np.ndarray) -> HeadFrame:
    """Measure a head."""
    joints = model.joints(rest)
    ear = joints[3:5].mean(axis=0)
    return HeadFrame(float(np.linalg.norm(joints[0] - ear) / _AVERAGE_NOSE_TO_EARS), ear)


def head_grid(model: BodyModel, rest: np.ndarray, worn: np.ndarray | None = None) -> HeadGrid:
    """Measure a head; below the ears, hair and scarves also stay outside the (n, 3) points of the clothes ``worn``."""
    size, ear = head_frame(model, rest)
    centre = ear + np.array([0.0, 0.012, 0.02]) * size
    angle = np.arange(COLUMNS) * (2 * np.pi / COLUMNS)
    round_about = np.stack([np.sin(angle), -np.cos(angle), np.zeros(COLUMNS)], axis=1)
    elevation = np.radians(np.linspace(89.0, 0.0, DOME_ROWS))
    dome = np.cos(elevation)[:, None, None] * round_about + np.sin(elevation)[:, None, None] * [0.0, 0.0, 1.0]
    skull = rest[skull_rows(model)] - centre
    radius = np.linalg.norm(skull, axis=1)
    ways = (skull / radius[:, None]).T
    upper = np.stack([_radius_along(row, ways, radius) for row in dome])[..., None] * dome + centre

    z = centre[2] - np.linspace(0, _FALL * size, FALL_ROWS + 1)[1:]
    body = rest[_neck_rows(model)] if worn is None else np.concatenate([rest[_neck_rows(model)], worn])
    axis = (centre[1], centre[1] + 0.035 * size)
    below = rings(body, centre[2], z[-1], axis)
    fallen = [_ring_points(ring, z, angle) for ring in (below, below.hanging(0.55))]
    seam = np.linspace(0, 1, 5)[1:, None, None]  # the first rows below the ears lead over from the skull
    for points in fallen:
        straight = upper[-1] + (points[3] - upper[-1]) * [1, 1, 0] * seam
        points[:4, :, :2] += (1 - seam) * (straight - points[:4])[..., :2]
    outward = np.concatenate([dome, np.broadcast_to(round_about, (FALL_ROWS, COLUMNS, 3))])
    points = np.concatenate([upper, fallen[0]])
    return HeadGrid(
        size, centre, points, outward, (points[..., 2] - ear[2]) / size, angle, np.concatenate([upper, fallen[1]])
    )


def _radius_along(rays: np.ndarray, ways: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """(n, 3) rays -> (n,) the mean radius of the skull around each; (3, v) unit vectors ``ways`` to its vertices."""
    weight = rays @ ways
    weight -= 1
    weight /= _KERNEL
    np.exp(weight, out=weight)
    return (weight @ radius) / weight.sum(axis=1)


def shell(
    name: str, grid: HeadGrid, points: np.ndarray, inside: np.ndarray, bones: np.ndarray, weights: np.ndarray
) -> mesh.MeshPart:
    """The part of a grid surface (R, C, 3) where ``inside`` (R, C) is positive, moved by (R * C, 4) bones."""
    rows, columns = inside.shape
    faces = mesh.grid_faces(rows, columns, closed=True)
    part = mesh.cut(faces, inside.ravel())
    j = faces % columns
    j = np.where((j == 0) & (j.max(axis=1, keepdims=True) == columns - 1), columns, j)
    down = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(grid.points[:, columns // 2], axis=0), axis=1))])
    wide = np.linalg.norm(grid.points[..., :2] - grid.centre[:2], axis=2).mean(axis=1)
    uv = np.stack(
        [j * (2 * np.pi / columns) * np.minimum(wide, 0.1)[faces // columns], down[faces // columns]], axis=-1
    )
    nearer = np.where(part.t > 0.5, part.high, part.low)
    return mesh.MeshPart(
        name, part.mix(points.reshape(-1, 3)), part.faces, bones[nearer], weights[nearer], uv=part.mix_corners(uv)
    )


def head_weights(
    model: BodyModel, grid: HeadGrid, skeleton: Skeleton, fall_with_trunk: float = 0.0
) -> mesh.VertexWeights:
    """The weights of the grid's R * C points: the head alone, or below the ears up to a fraction ``fall_with_trunk`` of
    the body under them."""
    dense = np.zeros((grid.height.size, len(skeleton.names)))
    fallen = np.clip((-grid.height - 0.03) / 0.14, 0, 1).reshape(-1, 1) * fall_with_trunk
    if fall_with_trunk:
        dense += fallen * _under_fall(model)
    dense[:, skeleton.index("head")] += (1 - fallen[:, 0]) ** 1.5
    dense[:, skeleton.index("neck_01")] += (1 - fallen[:, 0]) * (1 - np.sqrt(1 - fallen[:, 0]))
    return mesh.strongest(dense)


@functools.lru_cache(maxsize=1)
def _under_fall(model: BodyModel) -> np.ndarray:
    """(R * C, B) the bones' weights at the body under each point of the grid, on the reference body, smoothed."""
    ref = reference(model)
    grid = head_grid(model, ref.rest)
    rows = _neck_rows(model)
    points = grid.draped.reshape(-1, 3)
    nearest = np.concatenate([
        rows[np.linalg.norm(block[:, None] - ref.rest[None, rows], axis=2).argmin(axis=1)]
        for block in np.array_split(points, 60)
    ])  # fmt: skip
    dense = np.zeros((len(points), len(model.bones)))
    np.put_along_axis(dense, model.bone_ids[nearest], model.bone_weights[nearest], axis=1)
    faces = mesh.grid_faces(*grid.height.shape, closed=True)
    return mesh.Neighbours.of(faces, len(points)).smooth(dense, 10)


def _ring_points(ring: Rings, z: np.ndarray, angle: np.ndarray) -> np.ndarray:
    radius = ring.at(np.repeat(z[:, None], COLUMNS, 1), np.repeat(angle[None], len(z), 0))
    y = ring.axis(z)[:, None] - radius * np.cos(angle)
    return np.stack([radius * np.sin(angle), y, np.repeat(z[:, None], COLUMNS, 1)], axis=-1)


@functools.lru_cache(maxsize=1)
def skull_rows(model: BodyModel) -> np.ndarray:
    """The vertices of the head's outer skin without ears, eyes' and mouth's insides."""
    ref = reference(model)
    rows = model.group_vertices("body")
    rows = rows[ref.on_head[rows] > 0.5]
    _, ear = head_frame(model, ref.rest)
    x, y, z = (ref.rest[rows] - ear).T
    is_ear = (np.abs(x) > 0.066) & (np.abs(z) < 0.05) & (np.abs(y + 0.0) < 0.04)
    outward = mesh.normals(ref.rest, model.faces[model.group_faces("body")].astype(np.int64))[rows]
    from_middle = np.stack([x, y - 0.012, z - 0.02], axis=1)
    faces_out = (outward * from_middle).sum(axis=1) > 0.2 * np.linalg.norm(from_middle, axis=1)
    return rows[~is_ear & faces_out]


@functools.lru_cache(maxsize=1)
def _neck_rows(model: BodyModel) -> np.ndarray:
    """The vertices of head, neck, shoulders and chest that hair and scarves fall over."""
    ref = reference(model)
    rows = model.group_vertices("body")
    _, ear = head_frame(model, ref.rest)
    return rows[(ref.rest[rows, 2] > ear[2] - 0.55) & (ref.arm[rows] > 5)]


def eyes(model: BodyModel, rest: np.ndarray) -> mesh.MeshPart:
    """Both eyeballs; materials ``WHITE``, ``IRIS``, ``PUPIL``."""
    faces = np.concatenate([model.faces[model.group_faces(f"helper-{side}-eye")] for side in ("l", "r")])
    rows, local = np.unique(faces, return_inverse=True)
    local = local.reshape(-1, 4)
    points = rest[rows]
    material = np.full(len(local), WHITE)
    middle = points[local].mean(axis=1)
    for side in (middle[:, 0] > 0, middle[:, 0] <= 0):
        ball = points[np.unique(local[side])]
        centre, radius = ball.mean(axis=0), np.ptp(ball[:, 1]) / 2
        ahead = (centre[1] - middle[side, 1]) / radius
        material[side] = np.where(ahead > 0.93, PUPIL, np.where(ahead > 0.75, IRIS, WHITE))
    return mesh.MeshPart("eyes", points, local, model.bone_ids[rows], model.bone_weights[rows], material=material)
