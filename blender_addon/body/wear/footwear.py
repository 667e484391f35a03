"""Shoes, clogs and slippers: an upper cut from the sheet round the foot, and a sole."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..model import BodyModel
from . import mesh
from .garment import Dresser
from .garment_shell import BodyCoordinates, body_coordinates, sheet


@dataclass(frozen=True)
class Shoe:
    """A kind of shoe: height of its top on the reference body; where its open heel begins (y, 9 = closed);
    how thick the upper and the sole are, metres."""

    top: float
    heel: float
    upper: float
    sole: float


SHOES: Mapping[str, Shoe] = {
    "shoes": Shoe(0.075, 9.0, 0.006, 0.020),
    "trainers": Shoe(0.085, 9.0, 0.009, 0.030),
    "boots": Shoe(0.16, 9.0, 0.009, 0.028),
    "clogs": Shoe(0.085, -0.055, 0.010, 0.034),
    "slippers": Shoe(0.080, -0.075, 0.008, 0.014),
    "overshoes": Shoe(0.12, 9.0, 0.013, 0.006),
}
_UNDER = 0.012
_GROUND = -0.004  # maximum depth of a sole below the bare foot


def footwear(dresser: Dresser, kind: str) -> mesh.MeshPart:
    """A pair, over what the dresser wears on the feet; materials: upper, sole."""
    shoe = SHOES[kind]
    whole = dresser.sheet
    outward = mesh.normals(dresser.outer, whole.faces)
    surface = dresser.outer + outward * shoe.upper
    surface = whole.neighbours.smooth(surface, 10)
    away = ((surface - dresser.outer) * outward).sum(axis=1)
    surface = surface + outward * np.maximum(0.006 - away, 0)[:, None]
    surface[:, 2] = np.maximum(surface[:, 2], _GROUND + 0.007)
    part = _cut_of(dresser.model, kind)
    nearer = np.where(part.t > 0.5, part.high, part.low)
    upper = mesh.MeshPart(
        kind, part.mix(surface), part.faces, whole.bones[nearer], whole.weights[nearer], uv=part.mix_corners(whole.uv)
    )
    soles = [_sole(dresser, surface, whole.left == left, shoe) for left in (True, False)]
    return mesh.join(kind, [mesh.hemmed(upper, 0.004), _both(soles)])


def covered(model: BodyModel, kind: str) -> np.ndarray:
    """(n,) the asset's vertices of the body that a shoe hides."""
    rows = model.group_vertices("body")
    return rows[inside(kind, body_coordinates(model, rows)) > _UNDER]


def inside(kind: str, at: BodyCoordinates) -> np.ndarray:
    """(n,) metres inside the upper's edge."""
    shoe = SHOES[kind]
    tongue = shoe.top + 0.02 * np.clip((-at.y - 0.06) / 0.05, 0, 1)
    return np.where(at.on_leg > 0.5, np.minimum(tongue - at.z, shoe.heel - at.y), -1.0)


def _sole(dresser: Dresser, surface: np.ndarray, side: np.ndarray, shoe: Shoe) -> mesh.MeshPart:
    """A slab under one foot, a little wider than it."""
    at = dresser.sheet.places
    low = np.flatnonzero(side & (at.z < 0.035) & (at.on_leg > 0.5))
    outline = _hull(surface[low, :2])
    middle = outline.mean(axis=0)
    wider = outline + (outline - middle) / np.linalg.norm(outline - middle, axis=1, keepdims=True) * 0.004
    ring = np.linspace(0, len(wider), 29)[:-1]
    closed = np.concatenate([wider, wider[:1]])
    ring = np.stack([np.interp(ring, np.arange(len(closed)), closed[:, axis]) for axis in (0, 1)], axis=1)
    top = shoe.sole * (0.75 if shoe.heel > 1 else 0.6) + _GROUND
    below = [(share, _GROUND) for share in (0.02, 0.25, 0.5, 0.75, 1.0)]  # rings enough to bend with the toes
    levels = (*below, (1.0, top), (0.9, top + 0.002), (0.6, top), (0.3, top), (0.02, top))
    points = [np.column_stack([middle + (ring - middle) * scale, np.full(len(ring), z)]) for scale, z in levels]
    rest = np.concatenate(points)
    nearest = low[((rest[:, None, :2] - surface[None, low, :2]) ** 2).sum(axis=-1).argmin(axis=1)]
    faces = mesh.grid_faces(len(points), len(ring), closed=True)[:, ::-1]
    return mesh.MeshPart("sole", rest, faces, dresser.sheet.bones[nearest], dresser.sheet.weights[nearest])


def _both(pieces: list) -> mesh.MeshPart:
    whole = mesh.join("soles", pieces)
    return mesh.MeshPart("soles", whole.rest, whole.faces, whole.bones, whole.weights)


def _hull(points: np.ndarray) -> np.ndarray:
    """(h, 2) the convex hull of (n, 2) points, counter-clockwise (Andrew's monotone chain)."""
    ordered = sorted(map(tuple, points[_may_be_on_hull(points)].tolist()))

    def half(sequence: list[tuple[float, float]]) -> list[tuple[float, float]]:
        chain: list[tuple[float, float]] = []
        for point in sequence:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        return chain[:-1]

    return np.array(half(ordered) + half(ordered[::-1]))


def _may_be_on_hull(points: np.ndarray) -> np.ndarray:
    """(n,) bool: False inside the polygon between the points that lie farthest in some directions."""
    angles = np.arange(16) * (np.pi / 8)
    corners = points[(points @ np.stack([np.cos(angles), np.sin(angles)])).argmax(axis=0)]
    sides = np.roll(corners, -1, axis=0) - corners
    away = points[:, None] - corners
    left_of = sides[:, 0] * away[..., 1] - sides[:, 1] * away[..., 0]
    return ~(left_of > 1e-12)[:, np.linalg.norm(sides, axis=1) > 0].all(axis=1)


def _turn(a: tuple, b: tuple, c: tuple) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


@functools.lru_cache(maxsize=16)
def _cut_of(model: BodyModel, kind: str) -> mesh.Cut:
    whole = sheet(model)
    return mesh.cut(whole.faces, inside(kind, whole.places))
