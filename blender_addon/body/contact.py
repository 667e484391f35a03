"""A body while it is posed: its joint angles, its root, and its distance to the support.

All positions are in the frame of the support (``body.support``), metres.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

import numpy as np

from . import skeleton as sk
from .joints import JOINTS, joint_rotations, within_limits
from .model import BodyModel
from .support import Support

PRESSED_IN = 0.012  # metres by which the body sinks into a mattress or cushion
PELVIS = ("pelvis", "Root")  # prefixes of the bones that move the pelvis's skin
_BISECTIONS = 9
_POINTS = 500  # vertices sampled per body part while solving: accurate to some millimetres


class RestingBody:
    """A shaped body, its pose, and the root transform from rest to the support's frame."""

    def __init__(self, model: BodyModel, rest: np.ndarray, pose: Mapping, on: Support) -> None:
        self.model, self.rest, self.on = model, rest, on
        self.skeleton = sk.rest_skeleton(model, rest)
        self.root = np.eye(4)
        self.pose: dict[str, dict[str, float]] = {}
        self._local: dict[str, np.ndarray] = {}
        self._transforms: np.ndarray | None = None
        for joint in JOINTS:
            self.set(joint, **pose.get(joint, {}))

    def set(self, joint: str, **angles: float) -> None:
        """Set some angles of a joint, cut to its limits; the others keep theirs."""
        before = self.pose.get(joint, dict.fromkeys(JOINTS[joint], 0.0))
        self.pose[joint] = within_limits(joint, {**before, **angles})
        self._local.update(joint_rotations(self.skeleton, joint, self.pose[joint]))
        self._transforms = None

    def transforms(self) -> np.ndarray:
        """(B, 4, 4) deform transforms, rest -> frame."""
        if self._transforms is None:
            self._transforms = sk.deform_transforms(self.skeleton, self._local, self.root)
        return self._transforms

    def rows(self, *prefixes: str) -> np.ndarray:
        """A sample of the body vertices moved mostly by bones whose names begin with a prefix."""
        return part_rows(self.model, prefixes)

    def beyond(self, bone: str, fraction: float) -> np.ndarray:
        """The vertices of ``bone`` beyond a ``fraction`` of its length."""
        i = self.skeleton.index(bone)
        rows = self.rows(bone)
        along = (self.rest[rows] - self.skeleton.heads[i]) @ self.skeleton.direction(bone)
        return rows[along > fraction * np.linalg.norm(self.skeleton.tails[i] - self.skeleton.heads[i])]

    def points(self, rows: np.ndarray) -> np.ndarray:
        """(n, 3) positions of the vertices ``rows``."""
        return sk.skin(self.model, self.rest, self.transforms(), rows)

    def clearance(self, rows: np.ndarray) -> float:
        """The distance of the nearest (or deepest) of ``rows`` to the support, metres, negative inside."""
        return float(self.on.clearance(self.points(rows)).min())

    def head_of(self, bone: str) -> np.ndarray:
        """The position of a bone's head."""
        i = self.skeleton.index(bone)
        return (self.transforms()[i] @ np.append(self.skeleton.heads[i], 1.0))[:3]

    def turn_of(self, bone: str) -> np.ndarray:
        """3x3 rotation of a bone from rest to the frame."""
        return self.transforms()[self.skeleton.index(bone)][:3, :3]

    def turn(self, rotation: np.ndarray) -> None:
        """Set the root's rotation."""
        self.root[:3, :3] = rotation
        self._transforms = None

    def move(self, *offset: float) -> None:
        """Move the whole body."""
        self.root[:3, 3] += offset
        self._transforms = None

    def lower_onto(self, rows: np.ndarray, depth: float = PRESSED_IN) -> None:
        """Move the body up or down until the deepest of ``rows`` is ``depth`` inside the support."""
        for _ in range(4):  # on a slope, a step down brings the body closer by less than its length
            self.move(0.0, 0.0, -depth - self.clearance(rows))

    def rest_on(
        self, joint: str, angle: str, interval: tuple[float, float], rows: np.ndarray, gap: float = 0.0
    ) -> None:
        """Choose one joint angle so that the nearest of ``rows`` is ``gap`` from the support, or nearly."""
        miss = self._miss(joint, angle, rows, gap)
        low, high = (float(np.clip(end, *JOINTS[joint][angle])) for end in interval)
        at_low, at_high = miss(low), miss(high)
        if (at_low > 0) == (at_high > 0):
            self.set(joint, **{angle: low if abs(at_low) < abs(at_high) else high})
            return
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            if (miss(middle) > 0) == (at_low > 0):
                low = middle
            else:
                high = middle
        self.set(joint, **{angle: (low + high) / 2})

    def lift_off(self, joint: str, angle: str, towards: float, rows: np.ndarray, gap: float = 0.0) -> None:
        """If ``rows`` are inside the support, turn the joint towards an angle until they are outside."""
        if self.clearance(rows) < gap - 0.004:
            self.rest_on(joint, angle, (self.pose[joint][angle], towards), rows, gap)

    def _miss(self, joint: str, angle: str, rows: np.ndarray, gap: float) -> Callable[[float], float]:
        def miss(degrees: float) -> float:
            self.set(joint, **{angle: degrees})
            return self.clearance(rows) - gap

        return miss


@functools.lru_cache(maxsize=256)
def part_rows(model: BodyModel, prefixes: tuple[str, ...]) -> np.ndarray:
    """(n,) some hundred body vertices at most, whose strongest bone has one of the ``prefixes``."""
    bones = [i for i, bone in enumerate(model.bones) if bone.name.startswith(prefixes)]
    body = model.group_vertices("body")
    rows = body[np.isin(model.bone_ids[body, 0], bones)]
    return rows[:: max(1, len(rows) // _POINTS)]
