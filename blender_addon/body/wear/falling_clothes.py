"""Garments let go on a posed body: the shell around trunk and limbs, sewn to the skirt that hangs from it.

They are sewn at rest, fall in the pose, and what comes of it is transformed back to rest, so that the bones still move
them. The shell falls as the coarse mesh that the sheet was split from, and the sheet follows it.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import Optional

import numpy as np

from ..model import BodyModel
from . import falling, mesh
from .garment_shell import sheet
from .patterns import PATTERNS, WAIST, inside
from .reference import reference

GAP = 0.004  # minimum distance between a layer and the one below, metres
_BEYOND = 0.06  # the shell that falls reaches this far beyond the garment's edges, so that they are even, metres
_APART = 0.03  # less far across a front that is open, or its sides would hold each other
_SHOULDERS = 1.32  # height above which the sides are one, metres on the reference body
_TIED = 0.03  # width of a waistband, which does not fall, metres
_SEAM_ROWS = 3  # rows of a skirt to which the shell is sewn
_FOREARM = 0.36  # metres along the arm from which on it presses the cloth of the trunk


@dataclass(frozen=True)
class _Shell:
    """The part of the coarse sheet that falls as a garment: its ``rows`` (n,), their net, and which are ``fixed``."""

    rows: np.ndarray
    net: falling.Net
    fixed: np.ndarray


class FallingClothes:
    """The clothes of one posed body, let go one after the other from the skin outwards."""

    def __init__(self, model: BodyModel, rest: np.ndarray, transforms: np.ndarray, ground: falling.Ground) -> None:
        self._model, self._transforms, self._ground = model, transforms, ground
        self._size = float(np.ptp(rest[:, 2]) / np.ptp(reference(model).rest[:, 2]))
        self._skirts: list[falling.Below] = []  # as they hang in the pose
        self._moves = mesh.blended(transforms, sheet(model).bones, sheet(model).weights)
        rows = _hand_rows(model)
        moves = mesh.blended(transforms, model.bone_ids[rows], model.bone_weights[rows])
        self._hands = mesh.moved(rest[rows], moves)

    def let_go(
        self, kind: str, below: np.ndarray, surface: np.ndarray, skirt: Optional[mesh.MeshPart], free: bool
    ) -> tuple[np.ndarray, Optional[mesh.MeshPart]]:
        """The surface of a garment over the sheet, and its skirt, as they lie in the pose; all at rest.

        Args:
            below: the layer over which it is worn, as it lies.
            surface: the garment as it is sewn, over the whole sheet.
            free: whether the skirt falls, too; otherwise it stays where it is.
        """
        whole, shell = sheet(self._model), _shell(self._model, kind)
        begin, under = mesh.moved(surface, self._moves), mesh.moved(below, self._moves)
        outward, coarse = mesh.normals(under, whole.faces), len(whole.quad_rings)
        layers = [falling.Below(under[:coarse], outward[:coarse], whole.quad_rings), *self._skirts]
        cloth = self._cloth_of(shell, begin, surface)
        skirt_moves = np.zeros((0, 4, 4))
        if skirt is not None:
            skirt_moves = mesh.blended(self._transforms, skirt.bones, skirt.weights)
            cloth = self._with_skirt(cloth, shell, surface, skirt, mesh.moved(skirt.rest, skirt_moves), free)
        lies = falling.fallen(cloth, falling.stacked(layers), self._hands, self._ground, GAP * self._size)

        count = len(shell.rows)
        moved, falls = np.zeros((coarse, 3)), np.zeros(coarse)
        moved[shell.rows], falls[shell.rows] = lies[:count] - cloth.points[:count], 1
        share = falls[whole.parents].mean(axis=1)
        rows = np.flatnonzero(share)
        fine = begin[rows] + moved[whole.parents[rows]].mean(axis=1) / share[rows][:, None]
        away = ((fine - under[rows]) * outward[rows]).sum(axis=1)
        fine += outward[rows] * np.clip(GAP - away, 0, GAP)[:, None]
        surface = surface.copy()
        surface[rows] = mesh.moved(fine, np.linalg.inv(self._moves[rows]))
        if skirt is None:
            return surface, None
        hangs = lies[count:]
        self._skirts.append(falling.Below(hangs, mesh.normals(hangs, skirt.faces), mesh.rings(skirt.faces, len(hangs))))
        return surface, replace(skirt, rest=mesh.moved(hangs, np.linalg.inv(skirt_moves)))

    def _cloth_of(self, shell: _Shell, begin: np.ndarray, surface: np.ndarray) -> falling.Cloth:
        at, rows = sheet(self._model).places, shell.rows
        sleeves = at.on_arm[rows] > 0.3
        # What hangs below a top is not a part of the sheet.
        far = (at.z[rows] < WAIST + 0.02) & ~sleeves if self._skirts else np.zeros(len(rows), dtype=bool)
        return falling.Cloth(
            begin[rows], surface[rows], shell.net, rows, far, shell.fixed, sleeves, np.zeros((0, 2), dtype=np.int64)
        )

    def _with_skirt(
        self, cloth: falling.Cloth, shell: _Shell, surface: np.ndarray, skirt: mesh.MeshPart, posed: np.ndarray,
        free: bool,
    ) -> falling.Cloth:  # fmt: skip
        """The shell sewn to the skirt just above the waist; below, it is the skirt's lining."""
        z, count = sheet(self._model).places.z[shell.rows], len(shell.rows)
        seam = np.flatnonzero(~cloth.sleeves & (z > WAIST + 0.02) & (z < WAIST + 0.08))
        lining = np.flatnonzero(~cloth.sleeves & (z < WAIST + 0.02))
        at_rest = surface[shell.rows]
        first = skirt.rest[: _SEAM_ROWS * _columns(skirt)]
        apart = np.linalg.norm(at_rest[seam][:, None] - first[None], axis=-1)
        sewn_to = np.argpartition(apart, 3, axis=1)[:, :3]
        follow = falling.nearest(at_rest[lining], skirt.rest)
        no = np.zeros(len(posed), dtype=bool)
        net = _net_of(skirt.faces.tobytes(), len(skirt.faces))
        return falling.Cloth(
            np.concatenate([cloth.points, posed]),
            np.concatenate([cloth.rest, skirt.rest]),
            shell.net.sewn_to(net, np.stack([seam.repeat(3), count + sewn_to.ravel()], axis=1)),
            np.concatenate([cloth.near, no.astype(np.int64)]),
            np.concatenate([cloth.far, ~no]),
            np.concatenate([cloth.fixed, no if free else ~no]),
            np.concatenate([cloth.sleeves, no]),
            np.stack([lining, count + follow], axis=1),
        )


def _columns(skirt: mesh.MeshPart) -> int:
    """How many vertices a row of a skirt has: its first face joins vertices of two rows."""
    return int(skirt.faces[0, 1] - skirt.faces[0, 0])


@functools.lru_cache(maxsize=64)
def _shell(model: BodyModel, kind: str) -> _Shell:
    whole, pattern = sheet(model), PATTERNS[kind]
    at = whole.places
    worn = inside(pattern, at) > -_BEYOND
    if pattern.opening > 0:
        side = np.abs(at.x) > max(pattern.opening - _APART, 0.012)
        worn &= (at.y > 0) | side | (at.z > _SHOULDERS)
    faces = whole.quads[worn[whole.quads].all(axis=1)]
    rows, renamed = np.unique(faces, return_inverse=True)
    fixed = (at.z[rows] > pattern.waist - _TIED) if pattern.waist else np.zeros(len(rows), dtype=bool)
    return _Shell(rows, falling.Net.of(renamed.reshape(-1, 4)), fixed)


@functools.lru_cache(maxsize=64)
def _net_of(faces: bytes, count: int) -> falling.Net:
    return falling.Net.of(np.frombuffer(faces, dtype=np.int64).reshape(count, 4))


@functools.lru_cache(maxsize=1)
def _hand_rows(model: BodyModel) -> np.ndarray:
    """Vertices of hands and lower forearms, every third."""
    arm, rows = reference(model).arm, model.group_vertices("body")
    return rows[(arm[rows] > _FOREARM) & (arm[rows] < 5)][::3]
