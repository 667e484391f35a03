"""Posing a body on its support: feet or knees on the floor, on a seat, on a mattress, lying on the floor.

A ``Stance`` says how a person holds the body; the few angles that contact decides are solved here for the body at
hand, so that feet stand, thighs and backs lie, hands hold, and nothing floats or sinks in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import skeleton as sk
from .contact import RestingBody
from .hands import place_hands
from .lying import lie
from .model import BodyModel
from .seated import sit
from .support import Support, floor
from .upright import stand

_DEEPEST = 0.012  # metres
_MIDDLE = (
    "pelvis",
    "spine",
    "Root",
    "thigh_l",
    "thigh_r",
    "calf",
    "head",
    "neck",
    "clavicle",
    "upperarm_l",
    "upperarm_r",
)


Pose = dict[str, dict[str, float]]  # joint -> angle -> degrees
Numbers = dict[str, Any]  # of one method: metres, degrees, points, switches
Legs = dict[str, dict[str, Any]]  # side -> what the foot does
Hands = dict[str, dict[str, Any]]  # side -> where the palm is


@dataclass(frozen=True)
class Stance:
    """How a person holds the body, and where; sampled by ``draw.postures``, JSON-able.

    Attributes:
        method: "upright" (on feet, knees, or all fours), "seated" or "lying".
        x, y, heading: the support's frame in the room, metres and degrees; at heading 0 an upright or seated
            person faces -y, and a lying one has the head towards +y.
        pose: joint angles of ``joints.JOINTS``, degrees.
        numbers: of ``upright.stand``, ``seated.sit`` or ``lying.lie``.
        legs: upright: side -> {"foot": [x, y], "yaw": deg, "heel": deg} or {"kneel": 1}.
        hands: side -> where the palm is, one of: {"skin": name} of ``reach.SKIN_POINTS`` (of "side", or its own),
            {"room": [x, y, z]}, {"frame": [x, y, z]}, {"person": id, "joint": COCO's number}, {"before_face":
            [across, ahead]}, {"support": [across, ahead]} of the point below the neck on the body's support; and
            "elbow": [x, y, z], towards which it points, of the upright chest. Absent: as the pose has it.
    """

    method: str
    x: float
    y: float
    heading: float
    pose: Pose
    numbers: Numbers = field(default_factory=dict)
    legs: Legs = field(default_factory=dict)
    hands: Hands = field(default_factory=dict)


@dataclass(frozen=True)
class PosedBody:
    """A body ready to be built.

    Attributes:
        rest: (V, 3) shaped rest vertices.
        skeleton: the rest skeleton.
        pose: the joint angles after contact was solved.
        transforms: (B, 4, 4) deform transforms, rest -> room.
        on: what the body rests on; frame: (4, 4) the support's frame -> room.
    """

    rest: np.ndarray
    skeleton: sk.Skeleton
    pose: Pose
    transforms: np.ndarray
    on: Support = field(default_factory=floor)
    frame: np.ndarray = field(default_factory=lambda: np.eye(4))

    def vertices(self, model: BodyModel, rows: np.ndarray | None = None) -> np.ndarray:
        """Posed vertices in the room (metres), all or only ``rows``."""
        return sk.skin(model, self.rest, self.transforms, rows)


def pose_body(
    model: BodyModel,
    rest: np.ndarray,
    stance: Stance,
    on: Support,
    joints: Mapping[int, np.ndarray] | None = None,
) -> PosedBody:
    """Pose a shaped body and rest it on its support.

    Args:
        rest: (V, 3) rest vertices of ``BodyModel.shape``.
        on: what it rests on, in the stance's frame.
        joints: person id -> (17, 3) COCO joints in the room, of those whose hand or shoulder may be held.
    """
    body = RestingBody(model, rest, stance.pose, on)
    frame = frame_of(stance)
    if stance.method == "upright":
        stand(body, stance.legs, stance.numbers)
    else:
        {"seated": sit, "lying": lie}[stance.method](body, stance.numbers)
    _keep_out(body)
    place_hands(body, stance.hands, frame, joints or {})
    return PosedBody(rest, body.skeleton, body.pose, frame @ body.transforms(), on, frame)


def _keep_out(body: RestingBody) -> None:
    """Lift the whole body if trunk, legs or head are deeper in the support than cushions yield."""
    parts = [body.rows(name) for name in _MIDDLE]
    deepest = -body.clearance(np.concatenate(parts))
    if deepest > _DEEPEST:
        body.move(0.0, 0.0, deepest - _DEEPEST)


def frame_of(stance: Stance) -> np.ndarray:
    """4x4, the support's frame -> the room."""
    frame = np.eye(4)
    frame[:3, :3] = sk.rotation(sk.Z, stance.heading)
    frame[:2, 3] = stance.x, stance.y
    return frame
