"""Transferring a posture to another rig: each bone turns as the built-in body's, relative to both rest poses.

Both stand upright at rest and face -y, feet level; arms may be held out straight (T) or down (A), legs apart. Trunk,
head and feet take our bones' rotations; a limb's rest direction is first swung onto ours, so that its direction
and roll in the room are those of our limb.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from . import skeleton as sk
from .posture import PosedBody
from .vectors import cross, unit

# bone -> the bone at its end, for those whose rest direction differs between rigs.
_AIMS = {
    f"{bone}_{side}": f"{end}_{side}"
    for side in sk.SIDES
    for bone, end in (
        ("upperarm", "lowerarm"), ("lowerarm", "hand"), ("thigh", "calf"), ("calf", "foot"),
        *((f"{finger}_0{n}", f"{finger}_0{n + 1}") for finger in sk.FINGERS for n in (1, 2)),
    )
}  # fmt: skip
_LEVEL = ("foot", "ball")  # horizontal in both rest poses
_KEYPOINT_BONES = ("head",) * 5 + tuple(
    f"{bone}_{side}" for bone in ("upperarm", "lowerarm", "hand", "thigh", "calf", "foot") for side in sk.SIDES
)


@dataclass(frozen=True)
class Rig:
    """The rest pose of another armature, parents before children.

    Attributes:
        ours: the bone of our skeleton that each bone corresponds to, "" for none.
        parents: (B,) rows, -1 none.
        heads: (B, 3) metres, z up, facing -y.
        top: height of the character, metres.
    """

    ours: tuple
    parents: tuple
    heads: np.ndarray
    top: float

    def head(self, bone: str) -> np.ndarray:
        """(3,) where our ``bone`` begins in it. Raises ValueError if it has no such bone."""
        return self.heads[self.ours.index(bone)]

    def has(self, *bones: str) -> bool:
        """Whether it has all of our ``bones``."""
        return all(bone in self.ours for bone in bones)


def retarget(rig: Rig, body: PosedBody) -> np.ndarray:
    """(B, 4, 4) deform transforms, the rig's rest -> the room, that hold it as ``body`` is held.

    Its hips are where the body's are, so the body should be of its height.
    """
    aligned = _alignments(rig, body.skeleton)
    turns = {bone: body.transforms[body.skeleton.index(bone), :3, :3] @ aligned[bone] for bone in aligned}
    root = np.eye(4)
    root[:3, :3] = turns["pelvis"]
    hips = (rig.head("thigh_l") + rig.head("thigh_r")) / 2
    root[:3, 3] = (_posed_head(body, "thigh_l") + _posed_head(body, "thigh_r")) / 2 - root[:3, :3] @ hips
    transforms = np.empty((len(rig.ours), 4, 4))
    for i, (bone, parent) in enumerate(zip(rig.ours, rig.parents)):
        transforms[i] = root if parent < 0 else transforms[parent]
        if bone:
            place = transforms[i, :3, :3] @ rig.heads[i] + transforms[i, :3, 3]
            transforms[i, :3, :3] = turns[bone]
            transforms[i, :3, 3] = place - turns[bone] @ rig.heads[i]
    return transforms


def keypoints(
    rig: Rig, body: PosedBody, transforms: np.ndarray, joints: np.ndarray, top: float
) -> list[tuple[str, np.ndarray]]:
    """COCO's 17 joints of the retargeted rig, (our bone, (3,) room), placed beside its bones as ``joints`` beside ours.

    Args:
        joints: (17, 3) of ``body`` in the room.
        top: height of ``body`` at rest, metres.
    """
    face = (rig.top - rig.head("head")[2]) / (top - body.skeleton.heads[body.skeleton.index("head"), 2])
    placed: list[tuple[str, np.ndarray]] = []
    for bone, joint in zip(_KEYPOINT_BONES, joints):
        i = rig.ours.index(bone)
        begins = transforms[i, :3, :3] @ rig.heads[i] + transforms[i, :3, 3]
        placed.append((bone, begins + (face if bone == "head" else 1.0) * (joint - _posed_head(body, bone))))
    return placed


def _alignments(rig: Rig, ours: sk.Skeleton) -> Mapping[str, np.ndarray]:
    """{bone: 3x3} that turn each bone's rest in the rig onto its rest in our skeleton."""
    aligned: dict = {}
    for i, name in enumerate(ours.names):
        if not rig.has(name):
            continue
        parent = ours.parents[i]
        before = aligned.get(ours.names[parent], np.eye(3)) if parent >= 0 else np.eye(3)
        end = _AIMS.get(name)
        if name.split("_")[0] in _LEVEL:
            aligned[name] = np.eye(3)
        elif name.startswith("hand_"):
            aligned[name] = _hand(rig, ours, name[-1], before)
        elif end and rig.has(end):
            theirs = before @ unit(rig.head(end) - rig.head(name))
            aligned[name] = sk.swing(theirs, unit(ours.heads[ours.index(end)] - ours.heads[i])) @ before
        else:
            aligned[name] = before
    return aligned


def _hand(rig: Rig, ours: sk.Skeleton, side: str, before: np.ndarray) -> np.ndarray:
    """The hand's alignment by the knuckles if the rig has them, else that of the forearm."""
    bones = [f"{bone}_{side}" for bone in ("hand", "middle_01", "index_01", "pinky_01")]
    if not rig.has(*bones):
        return before
    theirs = _frame(*(rig.head(bone) for bone in bones))
    return _frame(*(ours.heads[ours.index(bone)] for bone in bones)) @ theirs.T


def _frame(wrist: np.ndarray, middle: np.ndarray, index: np.ndarray, pinky: np.ndarray) -> np.ndarray:
    """Columns: along the hand, out of the palm's plane, across it."""
    along = unit(middle - wrist)
    out = unit(cross(along, index - pinky))
    return np.stack([along, out, cross(along, out)], axis=1)


def _posed_head(body: PosedBody, bone: str) -> np.ndarray:
    i = body.skeleton.index(bone)
    return body.transforms[i, :3, :3] @ body.skeleton.heads[i] + body.transforms[i, :3, 3]
