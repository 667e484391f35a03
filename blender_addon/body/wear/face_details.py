"""What makes a face readable from afar: brows and lashes of hairs, and shade where the skin is hollow."""

from __future__ import annotations

import functools

import numpy as np

from ..model import BodyModel
from ..skeleton import X, rotation
from . import mesh
from .facewear import Face
from .features import feature
from .hair_locks import ribbons, spread
from .head import IRIS, PUPIL, WHITE
from .reference import reference

_BROW_HAIRS = 130  # of each brow at full density
_LASH_STEPS = 14
_PUPIL_DEG, _IRIS_DEG = 11.0, 29.0  # seen from the middle of the eyeball, from its axis
_GAZE_DOWN_DEG = 7.0
_EYE_RINGS, _EYE_SIDES = (0.5, _PUPIL_DEG, 20.0, _IRIS_DEG, 42.0, 58.0, 76.0, 100.0), 18
_DEEP = 0.0011  # metres below the skin around it, from which on a hollow is in full shade
_SMOOTHINGS = 8  # rounds that even out the skin: hollows of up to about a centimetre count


@functools.lru_cache(maxsize=1)
def hollows(model: BodyModel) -> np.ndarray:
    """(V,) 0..1: how hollow the skin is: nostrils, corners of eyes and mouth, lid creases, folds of ears and hands."""
    ref = reference(model)
    faces = model.faces[model.group_faces("body")].astype(np.int64)
    even = mesh.Neighbours.of(faces, len(ref.rest)).smooth(ref.rest, _SMOOTHINGS)
    below = ((even - ref.rest) * mesh.normals(ref.rest, faces)).sum(axis=1)
    return np.clip(below / _DEEP, 0, 1)


@functools.lru_cache(maxsize=1)
def lid_edges(model: BodyModel) -> np.ndarray:
    """(V,) 0..1: the edge of the upper lid, from which lashes grow."""
    return np.clip((feature(model, "lids") - 0.12) / 0.22, 0, 1)


@functools.lru_cache(maxsize=2)
def _lash_roots(model: BodyModel, left: bool) -> np.ndarray:
    """(n,) the vertices along the lower side of an upper lid's edge, from the nose outwards."""
    ref = reference(model)
    outward = mesh.normals(ref.rest, model.faces[model.group_faces("body")].astype(np.int64))
    x = ref.rest[:, 0] if left else -ref.rest[:, 0]
    on_edge = (feature(model, "lids") > 0.14) & (x > 0) & (outward[:, 1] < -0.25) & (outward[:, 2] < -0.7)
    rows = np.flatnonzero(on_edge)
    return rows[np.argsort(x[rows])]


def brows_and_lashes(model: BodyModel, face: Face, density: float, phase: float) -> mesh.MeshPart:
    """Both brows, ``density`` (0..1) thick, and the upper lashes; the vertices' colour says how light they are."""
    sides = ((True, 1.0), (False, -1.0))
    pieces = [_brow(model, face, sign, density, phase) for _, sign in sides]
    pieces += [_lashes(model, face, left) for left, _ in sides]
    whole = mesh.join("brows", pieces)
    colour = np.concatenate([piece.colour for piece in pieces])
    return mesh.MeshPart("brows", whole.rest, whole.faces, whole.bones, whole.weights, uv=whole.uv, colour=colour)


def _brow(model: BodyModel, face: Face, sign: float, density: float, phase: float) -> mesh.MeshPart:
    """The hairs of one brow: they rise beside the nose and lie along the brow farther out."""
    drawn = spread(round(_BROW_HAIRS * density), phase, 4)
    eye = face.rest[model.group_vertices("helper-l-eye" if sign > 0 else "helper-r-eye")].mean(axis=0)
    t = np.linspace(0, 1, 4)
    outward = drawn[:, :1]  # 0 beside the nose, 1 at the temple
    start = -0.021 + 0.044 * outward
    length = 0.0085 * (0.7 + 0.5 * drawn[:, 1:2])
    rise = np.interp(outward, (0.0, 0.35, 0.7, 1.0), (1.0, 0.35, -0.05, -0.35))
    x = start + length * t / np.hypot(1, rise)
    arch = 0.0205 - 27.0 * np.maximum(start - 0.006, 0) ** 2 + 0.06 * np.minimum(start, 0)
    thick = np.interp(outward, (0.0, 0.3, 1.0), (0.0030, 0.0034, 0.0010))
    z = arch + thick * (2 * drawn[:, 2:3] - 1) + length * t * rise / np.hypot(1, rise)
    points = _on_face(face, sign * x * face.size + eye[0], eye[2] + z * face.size, 0.0009)
    away = np.broadcast_to(np.array([0.25 * sign, -1.0, 0.1]) / 1.04, points.shape)
    half = 0.0005 * face.size * np.interp(t, (0, 0.4, 1), (0.6, 1.0, 0.15))[None] * np.ones((len(drawn), 1))
    return ribbons(points, away, half, _with_head(face, half.shape), 0.9 + 0.4 * drawn[:, 3])


def _on_face(face: Face, x: np.ndarray, z: np.ndarray, away: float) -> np.ndarray:
    """(..., 3) the points ``away`` metres before the face at x and z in the room of the rest pose."""
    height = (z - face.ear[2]) / face.size
    angle = np.arcsin(np.clip(x / (0.1 * face.size), -0.9, 0.9))
    for _ in range(4):
        ahead = face.grid.centre[1] - face.at(angle, height, away)[..., 1]
        angle = np.arctan2(x, ahead)
    return face.at(angle, height, away)


def _lashes(model: BodyModel, face: Face, left: bool) -> mesh.MeshPart:
    """A dark fringe along the edge of an upper lid, which bends forward and up."""
    roots = face.rest[_lash_roots(model, left)]
    fine = np.linspace(0, len(roots) - 1, _LASH_STEPS)
    line = np.stack([np.interp(fine, np.arange(len(roots)), roots[:, axis]) for axis in range(3)], axis=1)
    long = 0.0024 * face.size * np.interp(np.linspace(0, 1, _LASH_STEPS), (0, 0.3, 0.8, 1), (0.3, 0.8, 1.0, 0.6))
    bend = np.array([[0.0, 0.0, 0.0], [0.0, -0.7, -0.1], [0.0, -1.0, 0.35]])
    rows = line + long[:, None] * bend[:, None]
    faces = mesh.grid_faces(3, _LASH_STEPS, closed=False)
    bones, weights = _with_head(face, (rows.shape[0] * rows.shape[1],))
    uv = np.zeros((len(faces), 4, 2))
    colour = np.full((len(bones), 3), 0.35)
    return mesh.MeshPart("lashes", rows.reshape(-1, 3), faces, bones, weights, uv=uv, colour=colour)


def round_eyes(model: BodyModel, rest: np.ndarray) -> mesh.MeshPart:
    """Both eyeballs with irises of true size, their borders where rings of the mesh are; materials as ``head.eyes``."""
    points, faces, material, bones, weights = [], [], [], [], []
    turn = np.arange(_EYE_SIDES) * (2 * np.pi / _EYE_SIDES)
    rings = np.radians(_EYE_RINGS)[:, None]
    ahead = [np.sin(rings) * np.cos(turn), -np.cos(rings) + 0 * turn, np.sin(rings) * np.sin(turn)]
    ball = np.stack(ahead, axis=-1).reshape(-1, 3) @ rotation(X, _GAZE_DOWN_DEG).T  # to the middle of the open lids
    for n, side in enumerate(("l", "r")):
        rows = model.group_vertices(f"helper-{side}-eye")
        half = np.ptp(rest[rows], axis=0) / 2
        points.append(rest[rows].mean(axis=0) + ball * half)
        quads = mesh.grid_faces(len(_EYE_RINGS), _EYE_SIDES, closed=True)
        faces.append(quads + n * len(_EYE_RINGS) * _EYE_SIDES)
        outer = np.degrees(rings.ravel())[1:].repeat(_EYE_SIDES)
        material.append(np.where(outer <= _PUPIL_DEG, PUPIL, np.where(outer <= _IRIS_DEG, IRIS, WHITE)))
        bones.append(np.repeat(model.bone_ids[rows[:1]], len(points[-1]), axis=0))
        weights.append(np.repeat(model.bone_weights[rows[:1]], len(points[-1]), axis=0))
    joined = (np.concatenate(parts) for parts in (points, faces, bones, weights))
    return mesh.MeshPart("eyes", *joined, material=np.concatenate(material))


def _with_head(face: Face, shape: tuple[int, ...]) -> mesh.VertexWeights:
    bones, weights = face.bones(int(np.prod(shape)))
    return mesh.VertexWeights(bones.reshape(*shape, 4), weights.reshape(*shape, 4))
