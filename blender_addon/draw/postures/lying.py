"""In bed: on the back, the sides, the front; half-sitting; sitting up with the legs on the mattress."""

from __future__ import annotations

from ...body.posture import Hands, Numbers, Pose, Stance
from ...body.skeleton import OTHER, SIDES, SIGN
from ...body.support import BACK_SECTION
from ..streams import RandomStream
from . import limbs
from .place import PersonPlace

PILLOW = 0.06  # metres by which a compressed pillow keeps the head above the mattress


def supine(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """On the back, legs straight or a knee up, arms along the body, on the belly, behind the head, out of the bed."""
    pose = limbs.trunk(stream, 0.0, 0.0)
    pose["neck"] = {"flexion": 15.0, "bend": stream.normal(0.0, 5.0), "turn": stream.normal(0.0, 28.0)}
    for side in SIDES:
        knee_up = stream.unit() < 0.14
        _straight_leg(stream, side, pose)
        if knee_up:
            pose[f"knee_{side}"] = {"flexion": stream.uniform(50.0, 100.0)}
            pose[f"hip_{side}"]["rotation"] = stream.uniform(-12.0, 8.0)
    hands = _lying_arms(stream, arm_spread, pose)
    return _in_bed(stream, at, pose, hands, {"roll": stream.normal(0.0, 4.0)}, head=True)


def half_sitting(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """In a bed whose back section is raised, the body on its sections."""
    pose = limbs.trunk(stream, 8.0, 3.0)
    pose["neck"] = {
        "flexion": stream.uniform(5.0, 25.0),
        "bend": stream.normal(0.0, 6.0),
        "turn": stream.normal(0.0, 25.0),
    }
    for side in SIDES:
        _straight_leg(stream, side, pose)
        pose[f"hip_{side}"]["flexion"] = at.shape["back_deg"]
        pose[f"knee_{side}"]["flexion"] = 1.6 * at.shape["knee_deg"]  # rests on the calf section, which slopes back
    hands = _lying_arms(stream, arm_spread, pose)
    numbers = {"raise": 0.85 * at.shape["back_deg"], "roll": stream.normal(0.0, 2.0)}
    return _in_bed(stream, at, pose, hands, numbers, head=False)


def sitting_in_bed(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """Upright on the mattress, nothing at the back: the legs ahead, hands on them, at the mouth or propped behind."""
    pose = limbs.trunk(stream, 24.0, 7.0)
    hands: Hands = {}
    for side in SIDES:
        _straight_leg(stream, side, pose)
        if stream.unit() < 0.3:
            pose[f"knee_{side}"] = {"flexion": stream.uniform(45.0, 95.0)}
        pose.update(limbs.wrist_only(stream, side))
        hands[side] = {"skin": stream.choice(("thigh", "thigh", "knee", "belly", "mouth", "ear"))}
    if hands["l"]["skin"] == hands["r"]["skin"] and hands["l"]["skin"] in ("mouth", "ear"):
        hands["r"] = {"skin": "thigh"}
    numbers = {"raise": stream.uniform(66.0, 84.0), "free_back": 1.0, "roll": 0.0}
    return _in_bed(stream, at, pose, hands, numbers, head=False)


def lateral(stream: RandomStream, arm_spread: float, at: PersonPlace, under: str) -> Stance:
    """On one side, straight or curled up."""
    over = OTHER[under]
    curled = stream.uniform(0.0, 1.0) ** 0.7
    pose = limbs.trunk(stream, 8.0 + 26.0 * curled, 5.0)
    pose["neck"] = {"flexion": stream.uniform(0.0, 12.0 + 20.0 * curled), "turn": stream.normal(0.0, 12.0)}
    hip = 8.0 + 75.0 * curled + stream.normal(0.0, 6.0)
    ahead = stream.choice((0.0, 8.0, 45.0)) * (0.5 + 0.5 * curled)
    for side, flexion in ((under, hip), (over, min(hip + ahead, 110.0))):
        pose[f"hip_{side}"] = {"flexion": flexion, "abduction": 0.0, "rotation": 0.0}
        pose[f"knee_{side}"] = {"flexion": max(4.0, flexion * stream.uniform(0.8, 1.15))}
        pose[f"ankle_{side}"] = {"flexion": stream.uniform(-35.0, -8.0)}
    pose.update(limbs.arm(stream, under, 0.0, (55, 115), (-10, 10), (0, 40), (55, 125)))
    hands: Hands = {}
    numbers = {"roll": 90.0 * SIGN[under] + stream.normal(0.0, 6.0)}
    style = stream.choice(("down", "down", "hip", "chest"))
    pose.update(limbs.wrist_only(stream, over))
    if style == "down":
        numbers["upper_hand_down"] = stream.uniform(0.24, 0.36)
    else:
        hands[over] = {"skin": {"hip": "hip", "chest": "chest"}[style]}
    return _in_bed(stream, at, pose, hands, numbers, head=True)


def lateral_left(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """On the left side."""
    return lateral(stream, arm_spread, at, "l")


def lateral_right(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """On the right side."""
    return lateral(stream, arm_spread, at, "r")


def prone(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """On the front, the head turned, arms beside the head or along the body."""
    pose = limbs.trunk(stream, -4.0, 3.0)
    pose["neck"] = {"flexion": -12.0, "turn": stream.choice((-1.0, 1.0)) * stream.uniform(58.0, 75.0)}
    for side in SIDES:
        pose[f"hip_{side}"] = {"abduction": stream.uniform(2.0, 15.0), "rotation": stream.uniform(-20.0, 20.0)}
        pose[f"knee_{side}"] = {"flexion": 0.0}
        if stream.unit() < 0.5:
            pose.update(limbs.arm(stream, side, 0.0, (0, 0), (110, 140), (40, 80), (70, 115)))
        else:
            pose.update(limbs.arm(stream, side, arm_spread, (0, 0), (12, 28), (0, 40), (4, 25)))
    return _in_bed(stream, at, pose, {}, {"roll": 180.0 + stream.normal(0.0, 4.0)}, head=True)


def _straight_leg(stream: RandomStream, side: str, pose: Pose) -> None:
    pose[f"hip_{side}"] = {"abduction": stream.uniform(0.0, 13.0), "rotation": stream.uniform(-24.0, -2.0)}
    pose[f"knee_{side}"] = {"flexion": stream.uniform(0.0, 16.0)}
    pose[f"ankle_{side}"] = {"flexion": stream.uniform(-38.0, -8.0)}


def _lying_arms(stream: RandomStream, arm_spread: float, pose: Pose) -> Hands:
    hands: Hands = {}
    for side in SIDES:
        style = stream.choice(("along", "along", "along", "belly", "belly", "chest", "behind", "wide", "phone"))
        if style in ("belly", "chest"):
            pose.update(limbs.wrist_only(stream, side))
            hands[side] = {"skin": style}
        elif style == "behind":
            pose.update(limbs.wrist_only(stream, side))
            hands[side] = {"skin": "nape", "elbow": [SIGN[side], 0.1, 0.9]}
        elif style == "wide":
            pose.update(limbs.arm(stream, side, 0.0, (0, 0), (40, 75), (-30, 10), (5, 40)))
        elif style == "phone" and "r" not in hands:
            pose.update(limbs.wrist_only(stream, side))
            pose[f"fingers_{side}"] = {"flexion": 35.0}
            sign = SIGN[side]
            hands[side] = {"before_face": [sign * 0.06, stream.uniform(0.28, 0.38)], "elbow": [sign * 0.9, 0.3, -0.4]}
        else:
            pose.update(limbs.arm(stream, side, arm_spread, (-5, 5), (9, 22), (0, 25), (5, 26)))
    return hands


def _in_bed(stream: RandomStream, at: PersonPlace, pose: Pose, hands: Hands, numbers: Numbers, head: bool) -> Stance:
    """The stance on the mattress of ``at``, aligned by the crown below the head end or by the hips at the hinge."""
    length, width = at.shape["length"], at.shape["width"]
    numbers = {**numbers, "yaw": stream.normal(0.0, 2.5), "x": stream.normal(0.0, 0.05) * width}
    if head:
        numbers["crown_y"] = length / 2 - stream.uniform(0.1, 0.2)
        numbers["head_gap"] = PILLOW
    else:
        numbers["hip_y"] = length / 2 - BACK_SECTION - stream.uniform(0.1, 0.16)
        numbers["head_gap"] = 0.03
    return Stance("lying", at.x, at.y, at.heading, pose, numbers, {}, hands)
