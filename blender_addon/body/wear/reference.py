"""Coordinates of vertices on one reference body, in metres, so that the same cut fits every body.

The reference is the average adult at rest: arms half raised, legs slightly apart, z up from the soles,
facing -y. Everything here is computed once per process.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from ..macros import Phenotype
from ..model import BodyModel
from ..skeleton import Skeleton, rest_skeleton

_AVERAGE: Phenotype = {
    "sex": 0.5, "age": 0.5, "weight": 0.5, "muscle": 0.5, "height": 0.5, "african": 1, "asian": 1, "caucasian": 1,
}  # fmt: skip
FAR = 9.0  # metres: marks vertices that are not on this limb
_ARM = ("upperarm", "lowerarm", "hand", "thumb", "index", "middle", "ring", "pinky")
_LEG = ("thigh", "calf", "foot", "ball")
_HEAD = ("head", "neck")
_ARM_CHAIN, _LEG_CHAIN = ("upperarm", "lowerarm", "hand"), ("thigh", "calf", "foot")


@dataclass(frozen=True)
class Reference:
    """The asset's vertices on the reference body.

    Attributes:
        rest: (V, 3) metres; skeleton: the rest skeleton.
        arm: (V,) metres along the arm from the shoulder joint to the finger tips, negative before it; ``FAR``
            where no arm bone moves the vertex.
        leg: (V,) the same along the leg from the hip joint.
        on_arm, on_leg, on_head: (V,) fraction of the weights that belongs to bones of arms, legs, head and neck.
        flat: (3, V, 2) cloth laid flat over trunk, arms and legs: radians around, 0 = front (-y), growing to the
            left (+x); metres down from the neck or along the limb.
    """

    rest: np.ndarray
    skeleton: Skeleton
    arm: np.ndarray
    leg: np.ndarray
    on_arm: np.ndarray
    on_leg: np.ndarray
    on_head: np.ndarray
    flat: np.ndarray


@functools.lru_cache(maxsize=1)
def reference(model: BodyModel) -> Reference:
    """The reference of the one model."""
    rest = model.shape(_AVERAGE)
    skeleton = rest_skeleton(model, rest)
    on_arm, on_leg, on_head = (_share(model, skeleton, names) for names in (_ARM, _LEG, _HEAD))
    arm, leg = np.full(len(rest), FAR), np.full(len(rest), FAR)
    neck = skeleton.heads[skeleton.index("neck_01"), 2]
    flat = np.repeat(np.stack([np.arctan2(rest[:, 0], -rest[:, 1]), neck - rest[:, 2]], axis=1)[None], 3, axis=0)
    for side, sign in (("l", 1.0), ("r", -1.0)):
        half = rest[:, 0] * sign > 0
        for limb, chain, share, out in ((1, _ARM_CHAIN, on_arm, arm), (2, _LEG_CHAIN, on_leg, leg)):
            rows = np.flatnonzero(half & (share > 0.02))
            bones = [f"{bone}_{side}" for bone in chain]
            out[rows] = _along_chain(skeleton, bones, rest[rows])
            first, last = skeleton.index(bones[0]), skeleton.index(bones[1])
            axis = skeleton.tails[last] - skeleton.heads[first]
            offset = rest[half] - skeleton.heads[first]
            along = offset @ axis / np.linalg.norm(axis)
            offset = offset - np.outer(along, axis / np.linalg.norm(axis))
            outward = np.array([0.0, 0.0, 1.0]) if limb == 1 else np.array([sign, 0.0, 0.0])
            flat[limb, half] = np.stack([np.arctan2(offset @ outward, -offset[:, 1]), along], axis=1)
    return Reference(rest, skeleton, arm, leg, on_arm, on_leg, on_head, flat)


def _share(model: BodyModel, skeleton: Skeleton, prefixes: tuple) -> np.ndarray:
    chosen = np.array([name.startswith(prefixes) for name in skeleton.names])
    return (model.bone_weights * chosen[model.bone_ids]).sum(axis=1)


def _along_chain(skeleton: Skeleton, bones: list, points: np.ndarray) -> np.ndarray:
    """(n,) metres along a chain of bones, negative before the first joint; the last bone extends without end."""
    passed = 0.0
    result = np.full(len(points), -np.inf)
    for n, bone in enumerate(bones):
        i = skeleton.index(bone)
        axis = skeleton.tails[i] - skeleton.heads[i]
        length = float(np.linalg.norm(axis))
        t = (points - skeleton.heads[i]) @ (axis / length)
        result = np.where(
            (t > 0) | (n == 0), passed + t if n == len(bones) - 1 else passed + np.minimum(t, length), result
        )
        passed += length
    return result
