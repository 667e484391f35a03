"""Joints: the limits of their angles, and the rotations of bones that the angles make.

A pose is ``{joint: angles in degrees}`` with a clinician's joints (shoulder flexion, knee flexion ...),
not a bone's axes, so that it means the same for every body. Zero is the anatomical position with the
arms hanging straight down and palms to the thighs.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .skeleton import FINGERS, SIDES, SIGN, Skeleton, X, Y, Z, rotation, swing
from .vectors import cross, unit

# joint -> its angles and how far each goes, degrees (active range of healthy adults, rounded; after the AAOS's
# "Joint Motion", 1965). Flexion bends forward (knee: backward, elbow: upward; ankle: toes up), abduction away from
# the midline, rotation inward, pronation turns the thumb inward, inversion the sole; trunk bend and turn towards
# the body's left. ``fingers`` bends all fingers of both hands the same way round, which on the left is backward; a
# ``grip``, unless all its angles are 0, takes its place: each joint of the index finger and of the others bends towards
# the palm by as much, the thumb across it, and the fingers spread.
_LIMITS = {
    "spine": {"flexion": (-25, 75), "bend": (-35, 35), "turn": (-45, 45)},
    "neck": {"flexion": (-50, 60), "bend": (-40, 40), "turn": (-75, 75)},
    "shoulder": {"flexion": (-55, 180), "abduction": (-50, 175), "rotation": (-90, 95)},
    "elbow": {"flexion": (0, 150), "pronation": (-80, 80)},
    "wrist": {"flexion": (-70, 80)},
    "fingers": {"flexion": (0, 85)},
    "grip": {"index": (0, 90), "others": (0, 90), "thumb": (-10, 60), "spread": (0, 15)},
    "hip": {"flexion": (-25, 130), "abduction": (-30, 65), "rotation": (-50, 50)},
    "knee": {"flexion": (0, 150)},
    "ankle": {"flexion": (-60, 35), "inversion": (-30, 30)},
}
_PAIRED = ("shoulder", "elbow", "wrist", "fingers", "grip", "hip", "knee", "ankle")
JOINTS = {
    name: limits
    for joint, limits in _LIMITS.items()
    for name in ([f"{joint}_{side}" for side in SIDES] if joint in _PAIRED else [joint])
}

_SPINE = ("spine_01", "spine_02", "spine_03")
_NECK = ("neck_01", "head")


def joint_rotations(skeleton: Skeleton, joint: str, angles: Mapping[str, float]) -> dict[str, np.ndarray]:
    """The rotations of the bones that one joint moves, from all its angles."""
    if joint in ("spine", "neck"):
        bones = _SPINE if joint == "spine" else _NECK
        a = {name: value / len(bones) for name, value in angles.items()}
        turn = rotation(Z, a["turn"]) @ rotation(Y, a["bend"]) @ rotation(X, a["flexion"])
        return dict.fromkeys(bones, turn)
    kind, side = joint.split("_")
    sign, axes = SIGN[side], limb_axes(skeleton, side)
    if kind == "shoulder":
        return {f"upperarm_{side}": ball(angles, sign) @ axes.arm_down}
    if kind == "elbow":
        bend = rotation(axes.elbow, angles["flexion"] - axes.elbow_at_rest)
        return {f"lowerarm_{side}": bend @ rotation(axes.forearm, -sign * angles["pronation"])}
    if kind == "wrist":
        return {f"hand_{side}": rotation(axes.wrist, angles["flexion"])}
    if kind == "fingers":
        curl = rotation(axes.knuckles, angles["flexion"] * sign)
        return {f"{finger}_0{n}_{side}": curl for finger in FINGERS[1:] for n in (1, 2, 3)}
    if kind == "grip":
        return _grip_rotations(axes, side, angles)
    if kind == "hip":
        return {f"thigh_{side}": ball(angles, sign) @ axes.leg_down}
    if kind == "knee":
        return {f"calf_{side}": rotation(X, angles["flexion"])}
    foot = rotation(X, -angles["flexion"]) @ rotation(Y, sign * angles["inversion"])
    return {f"foot_{side}": axes.leg_down.T @ foot}


def _grip_rotations(axes: LimbAxes, side: str, angles: Mapping[str, float]) -> dict[str, np.ndarray]:
    """The rotations of the finger bones of a gesture; none where all angles are 0."""
    if not any(angles.values()):
        return {}
    sign = SIGN[side]
    turned: dict[str, np.ndarray] = {}
    for place, finger in enumerate(FINGERS[1:]):  # from the index to the little finger
        bent = angles["index"] if finger == "index" else angles["others"] * (0.9 + 0.06 * place)
        curl = rotation(axes.knuckles, -bent)
        turned.update({f"{finger}_0{n}_{side}": curl for n in (1, 2, 3)})
        fan = rotation(axes.palm, sign * angles["spread"] * (1 - place))
        turned[f"{finger}_01_{side}"] = fan @ curl
    thumb = rotation(axes.palm, -sign * 0.6 * angles["thumb"])
    turned.update({f"thumb_0{n}_{side}": thumb for n in (2, 3)})
    turned[f"thumb_01_{side}"] = rotation(axes.forearm, -sign * 0.5 * angles["thumb"]) @ thumb
    return turned


@dataclass(frozen=True)
class LimbAxes:
    """The axes of one side's joints at rest, unit vectors, and the turns to the zero pose.

    ``arm_down`` swings the rest upper arm to straight down, ``leg_down`` puts the hip over the ankle (at rest the
    legs are spread; the soles stay level); ``elbow_at_rest`` is the bend in degrees that the rest pose has. ``palm``
    points out of the palm.
    """

    arm_down: np.ndarray
    elbow: np.ndarray
    elbow_at_rest: float
    forearm: np.ndarray
    wrist: np.ndarray
    knuckles: np.ndarray
    palm: np.ndarray
    leg_down: np.ndarray


@functools.lru_cache(maxsize=64)
def limb_axes(skeleton: Skeleton, side: str) -> LimbAxes:
    """The joint axes of ``side`` of a skeleton."""
    sign = SIGN[side]
    upper, fore = skeleton.direction(f"upperarm_{side}"), skeleton.direction(f"lowerarm_{side}")
    index, pinky = (skeleton.heads[skeleton.index(f"{finger}_01_{side}")] for finger in ("index", "pinky"))
    palm = unit(index - pinky) * sign
    leg = skeleton.heads[skeleton.index(f"foot_{side}")] - skeleton.heads[skeleton.index(f"thigh_{side}")]
    return LimbAxes(
        arm_down=swing(upper, -Z),
        elbow=unit(cross(upper, fore)),
        elbow_at_rest=float(np.degrees(np.arccos(np.clip(upper @ fore, -1, 1)))),
        forearm=fore,
        # The wrist and the knuckles bend about the axis across the palm.
        wrist=unit(cross(fore, cross(skeleton.direction(f"index_01_{side}"), fore)) * sign),
        knuckles=palm,
        palm=unit(cross(fore, palm)),
        leg_down=rotation(Y, np.degrees(np.arctan2(leg[0], -leg[2]))),
    )


def within_limits(joint: str, angles: Mapping[str, float]) -> dict[str, float]:
    """The angles of ``joint``, each cut to its limits."""
    return {name: float(np.clip(value, *JOINTS[joint][name])) for name, value in angles.items()}


def ball(angles: Mapping[str, float], sign: float) -> NDArray[np.float64]:
    """The 3x3 rotation of a ball joint; ``sign`` is 1 on the left, -1 on the right."""
    return (
        rotation(X, -angles["flexion"])
        @ rotation(Y, -sign * angles["abduction"])
        @ rotation(Z, -sign * angles["rotation"])
    )


def ball_angles(turn: np.ndarray, sign: float) -> tuple[dict[str, float], ...]:
    """The inverse of ``ball``: both sets of angles that give the rotation ``turn``, the smaller abduction first."""
    abduction = np.degrees(np.arcsin(np.clip(turn[0, 2], -1, 1)))
    flexion = np.degrees(np.arctan2(-turn[1, 2], turn[2, 2]))
    inward = np.degrees(np.arctan2(-turn[0, 1], turn[0, 0]))
    other = (_half_turn(flexion), 180.0 - abduction, _half_turn(inward))
    return tuple(
        {
            "flexion": float(-f),
            "abduction": float((-sign * a + 180.0) % 360.0 - 180.0),
            "rotation": float(-sign * r),
        }
        for f, a, r in ((flexion, abduction, inward), other)
    )


def _half_turn(degrees: float) -> float:
    return degrees - 180.0 if degrees > 0 else degrees + 180.0
