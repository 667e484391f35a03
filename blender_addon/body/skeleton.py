"""Posing: joint angles -> bone transforms -> vertices.

A pose is ``{joint: angles in degrees}`` with a clinician's joints (shoulder flexion, knee flexion ...),
not a bone's axes, so that it means the same for every body. Zero is the anatomical position with the
arms hanging straight down and palms to the thighs. Deform transforms are 4x4 and act on rest vertices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .model import BodyModel

SIDES = ("l", "r")

# joint -> names of its angles, all in degrees. Flexion bends forward (knee: backward, elbow: upward),
# abduction away from the midline, rotation inward; trunk bend and turn towards the own left.
JOINTS = {
    "spine": ("flexion", "bend", "turn"),
    "neck": ("flexion", "bend", "turn"),
    **{f"shoulder_{s}": ("flexion", "abduction", "rotation") for s in SIDES},
    **{f"elbow_{s}": ("flexion",) for s in SIDES},
    **{f"wrist_{s}": ("flexion",) for s in SIDES},
    **{f"fingers_{s}": ("flexion",) for s in SIDES},
    **{f"hip_{s}": ("flexion", "abduction", "rotation") for s in SIDES},
    **{f"knee_{s}": ("flexion",) for s in SIDES},
    **{f"ankle_{s}": ("flexion",) for s in SIDES},
}

_SPINE = ("spine_01", "spine_02", "spine_03")
_NECK = ("neck_01", "head")
FINGERS = ("thumb", "index", "middle", "ring", "pinky")


@dataclass(frozen=True)
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
        return _unit(self.tails[i] - self.heads[i])


def rest_skeleton(model: BodyModel, vertices: np.ndarray) -> Skeleton:
    """The skeleton inside shaped rest vertices (V, 3)."""
    names = tuple(bone.name for bone in model.bones)
    heads = np.array([vertices[list(bone.head)].mean(axis=0) for bone in model.bones])
    tails = np.array([vertices[list(bone.tail)].mean(axis=0) for bone in model.bones])
    parents = np.array([names.index(bone.parent) if bone.parent else -1 for bone in model.bones])
    return Skeleton(names, heads, tails, parents)


def rotation(axis: np.ndarray, degrees: float) -> np.ndarray:
    """3x3 rotation by ``degrees`` about ``axis`` (right-handed)."""
    x, y, z = _unit(np.asarray(axis, dtype=np.float64))
    angle = np.radians(degrees)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)


X, Y, Z = np.eye(3)


def local_rotations(skeleton: Skeleton, pose: Mapping[str, Mapping[str, float]]) -> dict:
    """Joint angles -> {bone: 3x3 rotation relative to its parent, in rest axes}."""
    local: dict = {}
    angles = {joint: {**dict.fromkeys(names, 0.0), **pose.get(joint, {})} for joint, names in JOINTS.items()}
    for joint, bones in (("spine", _SPINE), ("neck", _NECK)):
        a = {name: value / len(bones) for name, value in angles[joint].items()}
        for bone in bones:
            local[bone] = rotation(Z, a["turn"]) @ rotation(Y, a["bend"]) @ rotation(X, a["flexion"])
    for side, sign in (("l", 1.0), ("r", -1.0)):
        upper, fore = skeleton.direction(f"upperarm_{side}"), skeleton.direction(f"lowerarm_{side}")
        hinge = _unit(np.cross(upper, fore))
        bent_at_rest = np.degrees(np.arccos(np.clip(upper @ fore, -1, 1)))
        shoulder = angles[f"shoulder_{side}"]
        local[f"upperarm_{side}"] = _ball(shoulder, sign) @ _swing(upper, -Z)
        local[f"lowerarm_{side}"] = rotation(hinge, angles[f"elbow_{side}"]["flexion"] - bent_at_rest)
        # The wrist and the knuckles bend about the axis across the palm.
        across = _unit(np.cross(fore, np.cross(skeleton.direction(f"index_01_{side}"), fore)) * sign)
        palm = _unit(
            skeleton.heads[skeleton.index(f"index_01_{side}")] - skeleton.heads[skeleton.index(f"pinky_01_{side}")]
        )
        local[f"hand_{side}"] = rotation(across, angles[f"wrist_{side}"]["flexion"])
        curl = rotation(palm * sign, angles[f"fingers_{side}"]["flexion"] * sign)
        local.update({f"{finger}_0{n}_{side}": curl for finger in FINGERS[1:] for n in (1, 2, 3)})
        # At rest the legs are spread; zero is hip over ankle, with the soles still level.
        leg = skeleton.heads[skeleton.index(f"foot_{side}")] - skeleton.heads[skeleton.index(f"thigh_{side}")]
        closing = rotation(Y, np.degrees(np.arctan2(leg[0], -leg[2])))
        local[f"thigh_{side}"] = _ball(angles[f"hip_{side}"], sign) @ closing
        local[f"calf_{side}"] = rotation(X, angles[f"knee_{side}"]["flexion"])
        local[f"foot_{side}"] = closing.T @ rotation(X, -angles[f"ankle_{side}"]["flexion"])
    return local


def _ball(angles: Mapping[str, float], sign: float) -> np.ndarray:
    return (
        rotation(X, -angles["flexion"])
        @ rotation(Y, -sign * angles["abduction"])
        @ rotation(Z, -sign * angles["rotation"])
    )


def deform_transforms(skeleton: Skeleton, local: Mapping[str, np.ndarray], root: np.ndarray) -> np.ndarray:
    """Local rotations and the 4x4 ``root`` transform -> (B, 4, 4) transforms of rest points."""
    transforms = np.empty((len(skeleton.names), 4, 4))
    for i, name in enumerate(skeleton.names):
        parent = skeleton.parents[i]
        base = root if parent < 0 else transforms[parent]
        turn = np.eye(4)
        if name in local:
            turn[:3, :3] = local[name]
            turn[:3, 3] = skeleton.heads[i] - local[name] @ skeleton.heads[i]
        transforms[i] = base @ turn
    return transforms


def skin(model: BodyModel, vertices: np.ndarray, transforms: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
    """Linear blend skinning of rest ``vertices`` (V, 3), all or only ``rows``, as Blender's armature does."""
    rows = np.arange(len(vertices)) if rows is None else rows
    points = np.concatenate([vertices[rows], np.ones((len(rows), 1))], axis=1)
    blended = np.einsum("vk,vkij->vij", model.bone_weights[rows], transforms[model.bone_ids[rows]][:, :, :3, :])
    return np.einsum("vij,vj->vi", blended, points)


def _swing(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The smallest rotation that turns unit vector ``source`` onto ``target``."""
    axis = np.cross(source, target)
    if np.linalg.norm(axis) < 1e-9:
        return np.eye(3)
    return rotation(axis, np.degrees(np.arccos(np.clip(source @ target, -1, 1))))


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)
