"""Clothes, shoes and hair as geometry, made from the helper meshes that follow every body shape.

A garment is named regions of the body. A region is a test on bones: a vertex belongs to the bone that
moves it most, and lies at some share ``t`` of that bone's length (0 head, 1 tail). The same regions say
which skin a garment hides, so that no skin pokes through cloth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

from .model import BodyModel
from .skeleton import Skeleton

# bone (without side) -> the share of its length that is covered, (from, to).
_ALL = (-np.inf, np.inf)
_TORSO = {
    "pelvis": _ALL, "spine_01": _ALL, "spine_02": _ALL, "spine_03": _ALL, "clavicle": _ALL, "Root": _ALL,
    "neck_01": (-np.inf, 0.25),
}  # fmt: skip
_COVERS = {
    "gown": {**_TORSO, "upperarm": (-np.inf, 0.72), "thigh": (-np.inf, 0.12)},
    "short-sleeved-top": {**_TORSO, "upperarm": (-np.inf, 0.66), "thigh": (-np.inf, 0.16)},
    "long-sleeved-top": {**_TORSO, "upperarm": _ALL, "lowerarm": (-np.inf, 0.94), "thigh": (-np.inf, 0.16)},
    "trousers": {"pelvis": _ALL, "Root": _ALL, "spine_01": (-np.inf, 0.4), "thigh": _ALL, "calf": (-np.inf, 0.95)},
    "skirt": {"pelvis": _ALL, "Root": _ALL, "spine_01": (-np.inf, 0.4), "thigh": (-np.inf, 0.12)},
    "socks": {"foot": _ALL, "ball": _ALL, "calf": (0.72, np.inf)},
    "shoes": {"foot": _ALL, "ball": _ALL, "calf": (0.93, np.inf)},
}
KINDS = tuple(_COVERS)

# The mesh each part of a garment is cut from, and how far it stands off the body in metres.
_CUT_FROM = {
    "gown": (("helper-tights", 0.012), ("helper-skirt", 0.010)),
    "short-sleeved-top": (("helper-tights", 0.014),),
    "long-sleeved-top": (("helper-tights", 0.014),),
    "trousers": (("helper-tights", 0.009),),
    "skirt": (("helper-tights", 0.008), ("helper-skirt", 0.006)),
    "socks": (("helper-tights", 0.003),),
    "shoes": (("helper-tights", 0.007),),
}
_SKIRTED = ("gown", "skirt")


@dataclass(frozen=True)
class Piece:
    """A mesh that moves with the body.

    Attributes:
        name: what it is, e.g. "gown".
        rows: (n,) the asset's vertices it is made of, for their bone weights.
        rest: (n, 3) rest positions in metres.
        faces: (m, 4) int quads indexing ``rows``.
    """

    name: str
    rows: np.ndarray
    rest: np.ndarray
    faces: np.ndarray


def garment(model: BodyModel, rest: np.ndarray, skeleton: Skeleton, kind: str) -> Piece:
    """Cut the garment ``kind`` (one of ``KINDS``) for a shaped body. Raises ValueError for another kind."""
    if kind not in _COVERS:
        raise ValueError(f"unknown garment {kind!r}; known are {', '.join(KINDS)}")
    parts = [_part(model, rest, skeleton, kind, source, distance) for source, distance in _CUT_FROM[kind]]
    offsets = np.cumsum([0] + [len(part.rows) for part in parts])
    return Piece(
        kind,
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.rest for part in parts]),
        np.concatenate([part.faces + offset for part, offset in zip(parts, offsets)]),
    )


def covered_skin(model: BodyModel, rest: np.ndarray, skeleton: Skeleton, kinds: tuple) -> np.ndarray:
    """(n,) the body's vertices that lie under the garments ``kinds``, away from their edges.

    Skin is under tights-like cloth where the nearest point of the cloth is not on its edge; under a
    skirt it is pelvis and upper thighs, for a camera may look in from below.
    """
    rows = model.group_vertices("body")
    covered = np.zeros(len(rows), dtype=bool)
    thigh = skeleton.index("thigh_l")
    waist_to_mid_thigh = (skeleton.heads[thigh, 2] + skeleton.tails[thigh, 2]) / 2
    legs = [i for i, name in enumerate(skeleton.names) if name.startswith(("pelvis", "Root", "thigh"))]
    for kind in kinds:
        faces = _cut(model, rest, skeleton, kind, "helper-tights")
        covered |= np.isin(model.nearest_tights, np.setdiff1d(faces, _edge_vertices(faces)))
        if kind in _SKIRTED:
            covered |= (rest[rows, 2] > waist_to_mid_thigh) & np.isin(model.bone_ids[rows, 0], legs)
    # A face goes when any of its corners goes: keep one more ring, or the edge of the cloth shows a gap.
    faces = np.searchsorted(rows, model.faces[model.group_faces("body")])
    covered[np.unique(faces[~covered[faces].all(axis=1)])] = False
    return rows[covered]


def hair(model: BodyModel, rest: np.ndarray, skeleton: Skeleton, style: str) -> Optional[Piece]:
    """Hair of a ``style``: "short" (a cap over the scalp), "long" (cap and hanging hair), "bald" (None)."""
    if style == "bald":
        return None
    if style not in ("short", "long"):
        raise ValueError(f"unknown hair {style!r}; known are short, long, bald")
    pieces = [_scalp(model, rest, skeleton)]
    if style == "long":
        pieces.append(_hanging_hair(model, rest))
    offsets = np.cumsum([0] + [len(piece.rows) for piece in pieces])
    return Piece(
        "hair",
        np.concatenate([piece.rows for piece in pieces]),
        np.concatenate([piece.rest for piece in pieces]),
        np.concatenate([piece.faces + offset for piece, offset in zip(pieces, offsets)]),
    )


def vertex_normals(rest: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(n, 3) vertices and (m, 4) quads -> (n, 3) unit normals, area-weighted."""
    normals = np.zeros_like(rest)
    cross = np.cross(rest[faces[:, 2]] - rest[faces[:, 0]], rest[faces[:, 3]] - rest[faces[:, 1]])
    for corner in range(4):
        np.add.at(normals, faces[:, corner], cross)
    return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)


def _part(model: BodyModel, rest: np.ndarray, skeleton: Skeleton, kind: str, source: str, distance: float) -> Piece:
    return _inflated(kind, rest, _cut(model, rest, skeleton, kind, source), distance)


def _cut(model: BodyModel, rest: np.ndarray, skeleton: Skeleton, kind: str, source: str) -> np.ndarray:
    """(m, 4) the faces of the helper mesh ``source`` that the garment ``kind`` takes."""
    faces = model.faces[model.group_faces(source)]
    rows = np.unique(faces)
    if source == "helper-skirt":
        inside = rest[rows, 2] > _hem_height(skeleton, kind)
    else:
        inside = _inside(model, rest, skeleton, rows, _COVERS[kind])
    return faces[inside[np.searchsorted(rows, faces)].all(axis=1)]


def _edge_vertices(faces: np.ndarray) -> np.ndarray:
    """The vertices on the border of a mesh: those of edges that belong to one face only."""
    edges = np.sort(np.stack([faces, np.roll(faces, -1, axis=1)], axis=-1).reshape(-1, 2), axis=1)
    unique, count = np.unique(edges, axis=0, return_counts=True)
    return np.unique(unique[count == 1])


def _inflated(name: str, rest: np.ndarray, faces: np.ndarray, distance: float) -> Piece:
    rows, local = np.unique(faces, return_inverse=True)
    local = local.reshape(-1, 4)
    return Piece(name, rows, rest[rows] + vertex_normals(rest[rows], local) * distance, local)


def _hem_height(skeleton: Skeleton, kind: str) -> float:
    """The height in metres (standing at rest) below which a skirt is cut off."""
    bone = skeleton.index("calf_l")
    share = {"gown": 0.2, "skirt": 0.05}[kind]
    return skeleton.heads[bone, 2] + share * (skeleton.tails[bone, 2] - skeleton.heads[bone, 2])


def _inside(model: BodyModel, rest: np.ndarray, skeleton: Skeleton, rows: np.ndarray, regions: dict) -> np.ndarray:
    """(n,) bool: which of ``rows`` lie in the regions."""
    inside = np.zeros(len(rows), dtype=bool)
    strongest = model.bone_ids[rows, 0]
    for bone, name in enumerate(skeleton.names):
        limits = regions.get(name.removesuffix("_l").removesuffix("_r"))
        if limits is None:
            continue
        axis = skeleton.tails[bone] - skeleton.heads[bone]
        along = (rest[rows] - skeleton.heads[bone]) @ axis / (axis @ axis)
        inside |= (strongest == bone) & (along >= limits[0]) & (along <= limits[1])
    return inside


def _scalp(model: BodyModel, rest: np.ndarray, skeleton: Skeleton) -> Piece:
    """The skin behind a hairline, lifted off the head. Distances scale with the head."""
    joints = model.joints(rest)
    nose, ear = joints[0], joints[3:5].mean(axis=0)
    size = np.linalg.norm(nose - ear) / 0.104  # 1 for the base mesh
    faces = model.faces[model.group_faces("body")]
    forward = (ear[1] - rest[:, 1]) / size
    above = (rest[:, 2] - ear[2]) / size
    hairline = np.where(forward > 0.0, 0.035 + 0.55 * forward, -0.045 - 0.2 * forward)
    on_head = np.isin(model.bone_ids[:, 0], [skeleton.index("head"), skeleton.index("neck_01")])
    is_ear = np.abs(rest[:, 0]) > 0.083 * size
    kept = faces[(on_head & (above > hairline) & ~is_ear)[faces].all(axis=1)]
    return _inflated("hair", rest, kept, 0.010 * size)


def _hanging_hair(model: BodyModel, rest: np.ndarray) -> Piece:
    """The hair helper without the strands before the face and over the chest."""
    joints = model.joints(rest)
    nose, ear = joints[0], joints[3:5].mean(axis=0)
    faces = model.faces[model.group_faces("helper-hair")]
    middle = rest[faces].mean(axis=1)
    behind = middle[:, 1] > ear[1] + 0.15 * (nose[1] - ear[1])
    shoulders = joints[5:7, 2].mean()
    kept = faces[behind & (middle[:, 2] > shoulders - 0.12)]
    return _inflated("hair", rest, kept, 0.004)


def eyes(model: BodyModel, rest: np.ndarray) -> tuple:
    """Both eyeballs as one ``Piece``, and for each face 0 (white), 1 (iris) or 2 (pupil)."""
    faces = np.concatenate([model.faces[model.group_faces(f"helper-{side}-eye")] for side in ("l", "r")])
    piece = _inflated("eyes", rest, faces, 0.0)
    kinds = np.zeros(len(piece.faces), dtype=np.int64)
    middle = piece.rest[piece.faces].mean(axis=1)
    for side in (middle[:, 0] > 0, middle[:, 0] <= 0):
        ball = piece.rest[np.unique(piece.faces[side])]
        centre, radius = ball.mean(axis=0), np.ptp(ball[:, 1]) / 2
        ahead = (centre[1] - middle[side, 1]) / radius
        kinds[side] = np.where(ahead > 0.93, 2, np.where(ahead > 0.75, 1, 0))
    return piece, kinds
