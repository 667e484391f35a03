"""The sheet: a fine mesh close around trunk, arms, legs and feet, from which clothes are cut.

It is the asset's tights helper, every quad split in four, so it follows every body shape. A garment is a
surface over the whole sheet, each layer grown from the one below, and only then cut along its edges: so
layers never meet, and the same cut fits every body.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from ..model import BodyModel
from . import mesh
from .reference import reference


@dataclass(frozen=True)
class BodyCoordinates:
    """Coordinates of vertices on the reference body (see ``Reference``): x, y, z metres, and along and on the limbs."""

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    arm: np.ndarray
    leg: np.ndarray
    on_arm: np.ndarray
    on_leg: np.ndarray
    on_head: np.ndarray


@dataclass(frozen=True)
class GarmentShell:
    """The fine mesh: n vertices, each the mean of ``rows`` (n, 4) of the asset.

    Attributes:
        faces: (m, 4); neighbours: of every vertex.
        bones, weights: (n, 4) as in ``mesh.MeshPart``.
        places: on the reference body.
        uv: (m, 4, 2) metres around and along the limb at every corner.
        left: (n,) bool, the body's left half (x > 0).
        quads: (m, 4) the asset's faces before they were split, of the first vertices; quad_rings: (c, k) the
            vertices that share one of them, for each of those.
        parents: (n, 4) the vertices of the quads that each vertex is the mean of.
    """

    rows: np.ndarray
    faces: np.ndarray
    neighbours: mesh.Neighbours
    bones: np.ndarray
    weights: np.ndarray
    places: BodyCoordinates
    uv: np.ndarray
    left: np.ndarray
    quads: np.ndarray
    quad_rings: np.ndarray
    parents: np.ndarray

    def positions(self, rest: np.ndarray) -> np.ndarray:
        """(V, 3) rest vertices of a body -> (n, 3) the sheet on it."""
        return rest[self.rows].mean(axis=1)


def body_coordinates(model: BodyModel, rows: np.ndarray) -> BodyCoordinates:
    """The coordinates of (n,) or, as means, (n, k) rows of the asset."""
    ref = reference(model)

    def at(values: np.ndarray) -> np.ndarray:
        return values[rows] if rows.ndim == 1 else values[rows].mean(axis=1)

    def along(values: np.ndarray) -> np.ndarray:  # a mean that includes a vertex off the limb is meaningless
        return (
            values[rows]
            if rows.ndim == 1
            else np.where((values[rows] < 5).all(axis=1), at(values), values[rows].min(axis=1))
        )

    return BodyCoordinates(
        at(ref.rest[:, 0]), at(ref.rest[:, 1]), at(ref.rest[:, 2]), along(ref.arm), along(ref.leg),
        at(ref.on_arm), at(ref.on_leg), at(ref.on_head),
    )  # fmt: skip


_PANEL_DEPTH = 0.11  # metres: how curved the panels of a trunk are taken to be
_GIRTH = (0.15, 0.05, 0.085)  # radius of trunk, arm, leg, metres


@functools.lru_cache(maxsize=1)
def sheet(model: BodyModel) -> GarmentShell:
    """The sheet of the one model."""
    coarse = model.faces[model.group_faces("helper-tights")].astype(np.int64)
    corners = np.repeat(np.unique(coarse)[:, None], 4, axis=1)
    pairs, _ = mesh.edges(coarse)
    rows = np.concatenate([corners, np.repeat(pairs, 2, axis=1), coarse])
    numbers = {tuple(row): n for n, row in enumerate(np.sort(rows, axis=1).tolist())}
    faces, uv = [], []
    ref = reference(model)
    for quad in coarse.tolist():
        limb = 1 if ref.on_arm[quad].mean() > 0.5 else 2 if ref.on_leg[quad].mean() > 0.6 else 0
        around, along = ref.flat[limb, quad].T
        if limb == 0:  # front and back are two panels, sewn at the sides and over the shoulders
            x, y = ref.rest[quad, 0], ref.rest[quad, 1]
            across = np.arctan2(x, np.maximum(np.abs(y), _PANEL_DEPTH))
            around = across if y.mean() < 0 else np.pi - across
        elif np.ptp(around) > np.pi:
            around = np.where(around < 0, around + 2 * np.pi, around)
        at = np.stack([around * _GIRTH[limb], along], axis=1)
        middle, centre = numbers[tuple(sorted(quad))], at.mean(axis=0)
        sides = [numbers[tuple(sorted((a, a, b, b)))] for a, b in zip(quad, (*quad[1:], quad[0]))]
        halves = [(at[i] + at[(i + 1) % 4]) / 2 for i in range(4)]
        for i in range(4):
            faces.append((numbers[(quad[i],) * 4], sides[i], middle, sides[i - 1]))
            uv.append((at[i], halves[i], centre, halves[i - 1]))
    faces = np.array(faces)
    bones, weights = mesh.merged_weights(model.bone_ids, model.bone_weights, np.full(rows.shape, 0.25), rows)
    places = body_coordinates(model, rows)
    number = np.full(len(model.vertices), -1)
    number[corners[:, 0]] = np.arange(len(corners))
    quads = number[coarse]
    return GarmentShell(
        rows, faces, mesh.Neighbours.of(faces, len(rows)), bones, weights, places, np.array(uv), places.x > 0,
        quads, mesh.rings(quads, len(corners)), number[rows],
    )  # fmt: skip
