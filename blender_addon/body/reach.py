"""Inverse kinematics of arms and legs: which joint angles put a palm or an ankle at a point.

Two bones and a target leave one degree of freedom, the swivel of elbow or knee about the line to the target. Among the
swivels that the joint limits allow, the one nearest to a hint is chosen (Tolani, Goswami & Badler, "Real-time inverse
kinematics techniques for anthropomorphic limbs", 2000).
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from . import skeleton as sk
from .contact import RestingBody
from .joints import JOINTS, ball_angles, limb_axes
from .model import BodyModel

_SWIVELS = np.arange(0.0, 360.0, 15.0)
# Costs of a swivel angle: 1 per degree from the hint, and these per degree beyond the joint's limits and per metre of
# the elbow inside the support.
_PER_DEGREE, _PER_METRE = 3.0, 3000.0
_ELBOW_CLEARANCE = 0.045  # radius of an elbow or knee, metres
_PALM_CLEARANCE = 0.03  # distance of the palm's middle from the skin that it rests on, metres


def reach_hand(body: RestingBody, side: str, target: np.ndarray, elbow: np.ndarray) -> float:
    """Put the palm of ``side`` at ``target`` with the elbow towards ``elbow`` (a direction), both in the frame.

    Returns the palm's distance from the target in metres, above 0 if it is out of reach.
    """
    s = body.skeleton
    arm, fore, hand = (s.index(f"{name}_{side}") for name in ("upperarm", "lowerarm", "hand"))
    axes, sign = limb_axes(s, side), sk.SIGN[side]
    wrist = sk.rotation(axes.wrist, body.pose[f"wrist_{side}"]["flexion"])
    palm = s.heads[hand] - s.heads[fore] + wrist @ _palm_offset(body, side)
    pronation = sk.rotation(axes.forearm, -sign * body.pose[f"elbow_{side}"]["pronation"])

    def folded(flexion: float) -> tuple[np.ndarray, np.ndarray]:
        turn = sk.rotation(axes.elbow, flexion - axes.elbow_at_rest) @ pronation
        upper = axes.arm_down @ (s.heads[fore] - s.heads[arm])
        return upper, upper + axes.arm_down @ turn @ palm

    _aim(body, f"shoulder_{side}", f"elbow_{side}", f"upperarm_{side}", sign, folded, target, elbow)
    return float(np.linalg.norm(palm_of(body, side) - target))


def reach_ankle(body: RestingBody, side: str, target: np.ndarray, knee: np.ndarray) -> None:
    """Put the ankle of ``side`` at ``target`` with the knee towards ``knee`` (a direction), both in the frame."""
    s = body.skeleton
    thigh, calf, foot = (s.index(f"{name}_{side}") for name in ("thigh", "calf", "foot"))
    down = limb_axes(s, side).leg_down

    def folded(flexion: float) -> tuple[np.ndarray, np.ndarray]:
        upper = down @ (s.heads[calf] - s.heads[thigh])
        return upper, upper + down @ sk.rotation(sk.X, flexion) @ (s.heads[foot] - s.heads[calf])

    _aim(body, f"hip_{side}", f"knee_{side}", f"thigh_{side}", sk.SIGN[side], folded, target, knee)


def turn_foot(body: RestingBody, side: str, wanted: np.ndarray) -> None:
    """Turn the foot as close to the rotation ``wanted`` (3x3, rest -> frame) as the ankle allows."""
    local = limb_axes(body.skeleton, side).leg_down @ body.turn_of(f"calf_{side}").T @ wanted
    # local = Rx(-flexion) Ry(sign inversion) Rz(a rotation no ankle has)
    inversion = np.degrees(np.arcsin(np.clip(local[0, 2], -1, 1))) * sk.SIGN[side]
    flexion = -np.degrees(np.arctan2(-local[1, 2], local[2, 2]))
    body.set(f"ankle_{side}", flexion=flexion, inversion=inversion)


def palm_of(body: RestingBody, side: str) -> np.ndarray:
    """The position of the palm's middle."""
    return body.head_of(f"hand_{side}") + body.turn_of(f"hand_{side}") @ _palm_offset(body, side)


def skin_point(body: RestingBody, name: str, side: str) -> np.ndarray:
    """Where the palm's middle is when the hand rests on one of ``SKIN_POINTS`` of ``side``."""
    row, normal = _landmarks(body.model)[name, side]
    place = body.points(np.array([row]))[0]
    turn = body.transforms()[body.model.bone_ids[row, 0]][:3, :3]
    return place + turn @ normal * _PALM_CLEARANCE


def _aim(
    body: RestingBody,
    ball: str,
    hinge: str,
    bone: str,
    sign: float,
    folded: Callable[[float], tuple],
    target: np.ndarray,
    hint: np.ndarray,
) -> None:
    """Solve hinge and ball joint; ``folded(flexion)`` gives middle joint and end, seen from the ball, turned zero."""
    parent = body.turn_of(_parent(body, bone))
    wanted = parent.T @ (target - body.head_of(bone))
    distance = np.linalg.norm(wanted)
    low, high = JOINTS[hinge]["flexion"]
    for _ in range(16):
        middle = (low + high) / 2
        if np.linalg.norm(folded(middle)[1]) > distance:
            low = middle
        else:
            high = middle
    body.set(hinge, flexion=(low + high) / 2)
    bend, end = folded((low + high) / 2)
    towards = wanted / distance
    onto = sk.swing(end / np.linalg.norm(end), towards)
    turns = [sk.rotation(towards, swivel) @ onto for swivel in _SWIVELS]
    middles = np.array([turn @ bend for turn in turns])
    costs = _away_from_hint(middles, parent.T @ hint, towards)
    costs += _PER_METRE * np.maximum(_ELBOW_CLEARANCE - body.on.clearance(body.head_of(bone) + middles @ parent.T), 0.0)
    options = [(cost, angles) for cost, turn in zip(costs, turns) for angles in ball_angles(turn, sign)]
    body.set(ball, **min(options, key=lambda option: option[0] + _PER_DEGREE * _beyond_limits(ball, option[1]))[1])


def _beyond_limits(joint: str, angles: dict) -> float:
    """How many degrees ``angles`` are beyond what the joint allows."""
    return sum(max(low - angles[name], angles[name] - high, 0.0) for name, (low, high) in JOINTS[joint].items())


def _away_from_hint(middles: np.ndarray, hint: np.ndarray, towards: np.ndarray) -> np.ndarray:
    """(n, 3) places of elbow or knee -> (n,) degrees from the hint, seen along the line to the target."""
    across = middles - np.outer(middles @ towards, towards)
    wish = hint - (hint @ towards) * towards
    cosine = across @ wish / np.maximum(np.linalg.norm(across, axis=1) * np.linalg.norm(wish), 1e-9)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def _palm_offset(body: RestingBody, side: str) -> np.ndarray:
    """From the wrist to the palm's middle, at rest."""
    s = body.skeleton
    return 0.55 * (s.heads[s.index(f"middle_01_{side}")] - s.heads[s.index(f"hand_{side}")])


def _parent(body: RestingBody, bone: str) -> str:
    return body.skeleton.names[body.skeleton.parents[body.skeleton.index(bone)]]


# Places of the skin a hand rests on: (bone, across from the midline, height), the last two as shares of half the
# shoulders' breadth and of the way from hips (0) to shoulders (1); the foremost skin there unless stated otherwise.
_PLACES = {
    "belly": ("trunk", 0.35, 0.22, "front"),
    "other-belly": ("trunk", -0.3, 0.3, "front"),
    "chest": ("trunk", -0.15, 0.72, "front"),
    "hip": ("trunk", 0.75, 0.08, "side"),
    "thigh": ("thigh", 0.55, -0.45, "front"),
    "knee": ("thigh", 0.6, -0.72, "front"),
    "mouth": ("head", 0.1, 1.36, "front"),
    "forehead": ("head", 0.1, 1.62, "front"),
    "ear": ("head", 0.45, 1.48, "side"),
    "nape": ("head", 0.1, 1.45, "back"),
    "shoulder": ("trunk", -0.75, 0.98, "front"),
}
SKIN_POINTS = tuple(_PLACES)
_BONES = {
    "trunk": ("pelvis", "spine", "clavicle", "Root"),
    "thigh": ("thigh",),
    "head": ("head",),
}
_OUTWARD = {"front": (0.0, -1.0, 0.0), "back": (0.0, 1.0, 0.0), "side": (1.0, 0.0, 0.0)}


@functools.lru_cache(maxsize=1)
def _landmarks(model: BodyModel) -> dict[tuple[str, str], tuple[int, np.ndarray]]:
    """{(place, side): (vertex row, its unit normal at rest)} on the base mesh."""
    joints = model.joints(model.vertices.astype(np.float64))
    shoulders, hips = joints[5:7].mean(axis=0), joints[11:13].mean(axis=0)
    breadth, rise = abs(joints[5, 0]), shoulders[2] - hips[2]
    body = model.group_vertices("body")
    names = np.array([bone.name for bone in model.bones])[model.bone_ids[body, 0]]
    result: dict[tuple[str, str], tuple[int, np.ndarray]] = {}
    for place, (part, across, height, outward) in _PLACES.items():
        mine = body[[name.startswith(_BONES[part]) for name in names]]
        where = model.vertices[mine]
        for side in sk.SIDES:
            sign, direction = sk.SIGN[side], np.array(_OUTWARD[outward])
            if outward == "side":
                direction = direction * sign
                level = np.abs(where[:, 2] - hips[2] - height * rise) < 0.02
                row = np.flatnonzero(level)[np.argmax(where[level] @ direction)]
            else:
                away = np.hypot(where[:, 0] - sign * across * breadth, where[:, 2] - hips[2] - height * rise)
                row = np.argmin(away - 0.6 * (where @ direction))
            result[place, side] = int(mine[row]), direction
    return result
