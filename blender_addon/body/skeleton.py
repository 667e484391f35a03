"""The bones of one body: where they are at rest, and the transforms of vertices that follow from their rotations.

Deform transforms are 4x4 and act on rest vertices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .model import BodyModel
from .vectors import cross, unit

SIDES = ("l", "r")
SIGN = {"l": 1.0, "r": -1.0}  # sign of x: the body's left is at +x
OTHER = {"l": "r", "r": "l"}

FINGERS = ("thumb", "index", "middle", "ring", "pinky")


@dataclass(frozen=True, eq=False)
class Skeleton:
    """The rest skeleton of one body: bone heads and tails (B, 3) in metres, parents (B,) int (-1 = none)."""

    names: tuple
    heads: np.ndarray
    tails: np.ndarray
    parents: np.ndarray

    def index(self, name: str) -> int:
        """The row of the bone ``name``."""
        return self.names.index(name)

    def direction(self, name: str) -> np.ndarray:
        """The unit vector from head to tail of a bone at rest."""
        i = self.index(name)
        return unit(self.tails[i] - self.heads[i])


def rest_skeleton(model: BodyModel, vertices: np.ndarray) -> Skeleton:
    """The skeleton inside shaped rest vertices (V, 3)."""
    names = tuple(bone.name for bone in model.bones)
    heads = np.array([vertices[list(bone.head)].mean(axis=0) for bone in model.bones])
    tails = np.array([vertices[list(bone.tail)].mean(axis=0) for bone in model.bones])
    parents = np.array([names.index(bone.parent) if bone.parent else -1 for bone in model.bones])
    return Skeleton(names, heads, tails, parents)


def rotation(axis: NDArray[np.float64], degrees: float) -> NDArray[np.float64]:
    """3x3 rotation by ``degrees`` about ``axis`` (right-handed)."""
    x, y, z = unit(np.asarray(axis, dtype=np.float64))
    angle = np.radians(degrees)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)


X, Y, Z = np.eye(3)


def deform_transforms(skeleton: Skeleton, local: Mapping[str, np.ndarray], root: np.ndarray) -> np.ndarray:
    """Local rotations and the 4x4 ``root`` transform -> (B, 4, 4) transforms of rest points."""
    transforms = np.empty((len(skeleton.names), 4, 4))
    for i, name in enumerate(skeleton.names):
        parent = skeleton.parents[i]
        transforms[i] = root if parent < 0 else transforms[parent]
        if name in local:
            head = skeleton.heads[i]
            base = transforms[i, :3, :3].copy()
            transforms[i, :3, :3] = base @ local[name]
            transforms[i, :3, 3] += base @ (head - local[name] @ head)
    return transforms


def skin(model: BodyModel, vertices: np.ndarray, transforms: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
    """Linear blend skinning of rest ``vertices`` (V, 3), all or only ``rows``, as Blender's armature does."""
    rows = np.arange(len(vertices)) if rows is None else rows
    return skin_with(model.bone_ids[rows], model.bone_weights[rows], vertices[rows], transforms)


def skin_with(bones: np.ndarray, weights: np.ndarray, rest: np.ndarray, transforms: np.ndarray) -> np.ndarray:
    """(n, 4) bones and weights, (n, 3) rest points -> (n, 3) posed; points without weights stay in place."""
    blended = np.einsum("vk,vkij->vij", weights, transforms[bones][:, :, :3, :])
    posed = np.einsum("vij,vj->vi", blended[:, :, :3], rest) + blended[:, :, 3]
    return np.where(weights.sum(axis=1, keepdims=True) > 0, posed, rest)


def swing(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The smallest rotation that turns unit vector ``source`` onto ``target``."""
    axis = cross(source, target)
    if np.linalg.norm(axis) < 1e-9:
        return np.eye(3)
    return rotation(axis, np.degrees(np.arccos(np.clip(source @ target, -1, 1))))
