"""Headwear: caps, hats, head scarves, a bandage, electrodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..model import BodyModel
from ..skeleton import Skeleton
from . import mesh
from .head import HeadGrid, head_weights, shell


@dataclass(frozen=True)
class Hat:
    """A shell over the head; metres on the average head.

    Attributes:
        rim: its lower edge at 0, 45, 90, 135 and 180 degrees from the front, metres above the ears.
        loose: how far it stands off the skull on top, beside and at the rim.
        puffed: depth of its wrinkles; ribbed: depth of knitted ribs.
        fold: height of a band round the rim.
        peak: how far a peak reaches forward.
    """

    rim: tuple
    loose: tuple
    puffed: float = 0.0
    ribbed: float = 0.0
    fold: float = 0.0
    peak: float = 0.0


HATS: Mapping[str, Hat] = {
    "surgical-cap": Hat((0.072, 0.062, 0.036, -0.030, -0.045), (0.018, 0.013, 0.006), puffed=0.002, fold=0.022),
    "bouffant": Hat((0.074, 0.058, 0.012, -0.035, -0.050), (0.045, 0.038, 0.007), puffed=0.006),
    "cap": Hat((0.068, 0.060, 0.045, 0.025, 0.012), (0.020, 0.012, 0.008), peak=0.075),
    "knitted-hat": Hat((0.060, 0.048, 0.018, -0.012, -0.030), (0.026, 0.014, 0.012), ribbed=0.0012, fold=0.045),
}
KINDS = (*HATS, "hijab")


def rim_height(kind: str, angle: np.ndarray) -> np.ndarray:
    """The height above the ears of a hat's rim at the angles (radians), metres on the average head."""
    degrees = np.abs(np.degrees((angle + np.pi) % (2 * np.pi) - np.pi))
    return np.interp(degrees, (0, 45, 90, 135, 180), HATS[kind].rim)


def headwear(model: BodyModel, grid: HeadGrid, skeleton: Skeleton, kind: str, crease: float) -> mesh.MeshPart:
    """Build one of ``KINDS``. Raises KeyError for another kind."""
    return _hijab(model, grid, skeleton, crease) if kind == "hijab" else _hat(model, grid, skeleton, kind, crease)


def _hat(model: BodyModel, grid: HeadGrid, skeleton: Skeleton, kind: str, crease: float) -> mesh.MeshPart:
    hat = HATS[kind]
    angle, row = grid.angle[None], np.arange(len(grid.height))[:, None]
    inside = grid.height - rim_height(kind, angle)
    up = np.clip(grid.height / 0.11, 0, 1)
    top, side, rim = hat.loose
    loose = side + (top - side) * up**1.5
    loose = rim + (loose - rim) * np.clip(inside / 0.035, 0, 1) ** 0.6
    wrinkles = np.sin(21 * angle + 0.4 * row + 9 * crease) + 0.7 * np.sin(34 * angle - 0.7 * row + 23 * crease)
    loose = loose + hat.puffed * 0.6 * wrinkles * np.clip(row / 5, 0, 1) + hat.ribbed * np.sin(48 * angle)
    bones, weights = head_weights(model, grid, skeleton)
    points = grid.points + grid.outward * (loose * grid.size)[..., None]
    pieces = [mesh.hemmed(shell(kind, grid, points, inside, bones, weights), 0.005)]
    if hat.fold:
        band = np.minimum(inside + 0.002, hat.fold - inside)
        outer = grid.points + grid.outward * ((loose + 0.004 + hat.ribbed * np.sin(48 * angle)) * grid.size)[..., None]
        pieces.append(mesh.hemmed(shell("band", grid, outer, band, bones, weights), 0.006))
    if hat.peak:
        pieces.append(_peak(grid, skeleton, points, hat))
    return mesh.join(kind, pieces)


def _peak(grid: HeadGrid, skeleton: Skeleton, points: np.ndarray, hat: Hat) -> mesh.MeshPart:
    """The peak of a cap: a slightly arched shade in front."""
    columns = np.arange(-15, 16)
    rim = np.array(
        [_at_height(points[:, c % len(grid.angle)], grid.height[:, c % len(grid.angle)], hat.rim[0]) for c in columns]
    )
    ahead = np.linspace(0, 1, 6)[:, None, None]
    reach = np.sqrt(np.clip(1 - (columns / 15.5) ** 2, 0, 1))[None, :, None]
    arch = -0.016 * (np.abs(columns) / 15) ** 2
    forward = np.array([0.0, -1.0, -0.22]) * hat.peak * grid.size
    rows = rim + ahead * reach * forward + (ahead**0.5 * arch[None, :, None]) * np.array([0, 0, 1]) * grid.size
    upper = rows.reshape(-1, 3)
    faces = mesh.grid_faces(6, len(columns), closed=False)[:, ::-1]
    bones = np.tile([skeleton.index("head"), 0, 0, 0], (len(upper), 1))
    weights = np.tile([1.0, 0, 0, 0], (len(upper), 1))
    return mesh.hemmed(mesh.MeshPart("peak", upper, faces, bones, weights), 0.004)


def _at_height(points: np.ndarray, height: np.ndarray, wanted: float) -> np.ndarray:
    return np.array([np.interp(-wanted, -height, points[:, axis]) for axis in range(3)])


def _hijab(model: BodyModel, grid: HeadGrid, skeleton: Skeleton, crease: float) -> mesh.MeshPart:
    """A head scarf: over the head, round the face, under the chin and over shoulders and chest."""
    angle, row, height = grid.angle[None], np.arange(len(grid.height))[:, None], grid.height
    from_front = (angle + np.pi) % (2 * np.pi) - np.pi
    fallen = np.clip((-height - 0.04) / 0.12, 0, 1)
    loose = 0.014 + 0.006 * np.clip(1 - np.abs(height) / 0.08, 0, 1) + 0.018 * fallen
    folds = np.sin(7 * angle + 0.5 * row + 9 * crease) + 0.8 * np.sin(13 * angle - 0.35 * row + 31 * crease)
    loose = loose + (0.0015 + 0.006 * fallen) * folds
    face = beside_face(angle, height)
    loose = np.where(height > -0.07, loose * (0.3 + 0.7 * np.clip(face / 0.03, 0, 1)), loose)  # close round the face
    points = grid.draped + grid.outward * (loose * grid.size)[..., None]
    end = height + 0.30 + 0.05 * np.cos(from_front) + 0.01 * np.sin(5 * angle + 7 * crease)
    bones, weights = head_weights(model, grid, skeleton, 0.95)
    return mesh.hemmed(shell("hijab", grid, points, np.minimum(face, end), bones, weights), 0.008)


def beside_face(angle: np.ndarray, height: np.ndarray) -> np.ndarray:
    """Metres outside the oval that a head scarf leaves free, from the hairline to under the chin."""
    from_front = (angle + np.pi) % (2 * np.pi) - np.pi
    oval = np.hypot(from_front / np.radians(54), (height + 0.004) / 0.082) - 1
    return np.where(np.abs(from_front) < np.radians(100), 0.08 * oval, 1.0)


def band(
    model: BodyModel, grid: HeadGrid, skeleton: Skeleton, name: str, low: float, high: float, thickness: float
) -> mesh.MeshPart:
    """A band round the head between two heights above the ears at the forehead, sinking towards the nape."""
    sink = 0.045 * (1 - np.cos(grid.angle[None])) / 2
    height = grid.height + sink
    wound = 0.0012 * np.sin(9 * grid.angle[None] + 700 * height)
    points = grid.points + grid.outward * ((thickness + wound) * grid.size)[..., None]
    bones, weights = head_weights(model, grid, skeleton)
    return mesh.hemmed(shell(name, grid, points, np.minimum(height - low, high - height), bones, weights), 0.004)
