"""Patches cut from the skin itself: gloves, bands, bandages, casts, plasters."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..model import BodyModel
from . import mesh
from .garment_shell import BodyCoordinates, body_coordinates


@dataclass(frozen=True)
class Patch:
    """A part of the skin, lifted: from where to where along a limb (arm: metres from the shoulder; leg: height),
    ``away`` metres off the skin, evened out ``smooth`` times, wound as a bandage or not."""

    limb: str
    low: float
    high: float
    away: float
    smooth: int = 2
    wound: float = 0.0


PATCHES: Mapping[str, Patch] = {
    "glove": Patch("arm", 0.445, 9.0, 0.0022, smooth=1),
    "wristband": Patch("arm", 0.452, 0.470, 0.003),
    "arm-bandage": Patch("arm", 0.27, 0.42, 0.005, smooth=6, wound=0.0012),
    "arm-cast": Patch("arm", 0.27, 0.545, 0.012, smooth=10, wound=0.0008),
    "long-arm-cast": Patch("arm", 0.12, 0.545, 0.013, smooth=12, wound=0.0008),
    "leg-bandage": Patch("leg", 0.18, 0.38, 0.006, smooth=6, wound=0.0012),
    "knee-bandage": Patch("leg", 0.40, 0.57, 0.007, smooth=6, wound=0.0012),
    "leg-cast": Patch("leg", 0.0, 0.43, 0.015, smooth=14, wound=0.0008),
    "hand-plaster": Patch("hand-back", 0.50, 0.535, 0.0018),
    "arm-plaster": Patch("forearm-front", 0.255, 0.30, 0.0018),
}


def inside(patch: Patch, at: BodyCoordinates, left: bool) -> np.ndarray:
    """(n,) metres inside the edges of a patch on the left or the right limb."""
    own = (at.x > 0) == left
    if patch.limb == "leg":
        toes = at.y + 0.165 if patch.low == 0.0 else 1.0
        field = np.minimum(np.minimum(at.z - patch.low if patch.low else 1.0, patch.high - at.z), toes)
        return np.where(own & (at.on_leg > 0.5), field, -1.0)
    field = np.minimum(at.arm - patch.low, patch.high - at.arm)
    if patch.limb == "hand-back":  # at rest the back of the hand faces outwards and up
        field = np.minimum(field, (np.abs(at.x) - 0.455) + 0.6 * (at.z - 0.985))
    if patch.limb == "forearm-front":
        field = np.minimum(field, -0.02 - at.y)
    return np.where(own & (at.on_arm > 0.5) & (at.arm < 5), field, -1.0)


def patch(model: BodyModel, rest: np.ndarray, kind: str, side: str) -> mesh.MeshPart:
    """The patch ``kind`` on the side "l" or "r" of a body."""
    spec = PATCHES[kind]
    part, rows, neighbours = _cut_of(model, kind, side == "l")
    points = rest[rows]
    outward = mesh.normals(rest, model.faces[model.group_faces("body")].astype(np.int64))[rows]
    lifted = points + outward * spec.away
    smooth = neighbours.smooth(lifted, spec.smooth)
    away = ((smooth - points) * outward).sum(axis=1)
    lifted = smooth + outward * np.maximum(0.6 * spec.away - away, 0)[:, None]
    if spec.wound:
        at = body_coordinates(model, rows)
        turns = np.where(spec.limb == "leg", at.z, at.arm) * 110 + 2 * np.arctan2(at.x, at.y)
        lifted = lifted + outward * (spec.wound * np.sin(2 * turns))[:, None]
    nearer = np.where(part.t > 0.5, part.high, part.low)
    piece = mesh.MeshPart(
        kind, part.mix(lifted), part.faces, model.bone_ids[rows][nearer], model.bone_weights[rows][nearer]
    )
    return mesh.hemmed(piece, 0.7 * spec.away)


def covered(model: BodyModel, kind: str, side: str) -> np.ndarray:
    """(n,) the asset's vertices of the body that a patch hides."""
    rows = model.group_vertices("body")
    return rows[inside(PATCHES[kind], body_coordinates(model, rows), side == "l") > 0.012]


@functools.lru_cache(maxsize=64)
def _cut_of(model: BodyModel, kind: str, left: bool) -> tuple[mesh.Cut, np.ndarray, mesh.Neighbours]:
    """The cut, the asset's rows it indexes, and their neighbours."""
    whole = model.faces[model.group_faces("body")].astype(np.int64)
    field = inside(PATCHES[kind], body_coordinates(model, np.arange(len(model.vertices))), left)
    near = whole[(field[whole] > -0.06).any(axis=1)]
    rows, local = np.unique(near, return_inverse=True)
    local = local.reshape(-1, 4)
    return mesh.cut(local, field[rows]), rows, mesh.Neighbours.of(local, len(rows))
