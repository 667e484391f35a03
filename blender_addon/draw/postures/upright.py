"""Postures on the feet or knees."""

from __future__ import annotations

from ...body.plan_frame import PlanFrame
from ...body.posture import Hands, Legs, Pose, Stance
from ...body.skeleton import OTHER, SIDES, SIGN
from ..streams import RandomStream
from . import limbs
from .place import PersonPlace


def standing(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """Standing upright, the weight on both feet or mostly on one; arms hanging, folded or holding an object."""
    pose = limbs.trunk(stream, 2.0, 4.0)
    hands = _idle_arms(stream, arm_spread, pose)
    apart = stream.uniform(0.07, 0.17)
    ahead = stream.normal(0.0, 0.05)
    legs = {
        "l": {"foot": [apart, -ahead], "yaw": stream.uniform(-5.0, 22.0), "heel": 0.0},
        "r": {"foot": [-apart, ahead], "yaw": -stream.uniform(-5.0, 22.0), "heel": 0.0},
    }
    numbers = {"pitch": stream.normal(1.0, 2.0), "hips": stream.uniform(0.975, 1.0)}
    return Stance("upright", at.x, at.y, at.heading, pose, numbers, legs, hands)


def walking(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """Walking: one foot ahead, the heel of the other raised, the arms swinging opposite to the legs."""
    lead = stream.choice(SIDES)
    stride = stream.uniform(0.18, 0.34)
    swing = stream.uniform(8.0, 26.0)
    pose = limbs.trunk(stream, 4.0, 4.0, turn=(5.0 if lead == "r" else -5.0))
    legs: Legs = {}
    for side in SIDES:
        sign = SIGN[side]
        front = side == lead
        legs[side] = {
            "foot": [sign * stream.uniform(0.06, 0.11), -stride if front else stride],
            "yaw": sign * stream.uniform(0.0, 14.0),
            "heel": -stream.uniform(0.0, 16.0) if front else stream.uniform(22.0, 46.0),
        }
        pose.update(limbs.hanging(stream, side, arm_spread))
        pose[f"shoulder_{side}"]["flexion"] = (-swing if front else swing) + stream.normal(0.0, 4.0)
    hands: Hands = {}
    if stream.unit() < 0.25:  # carries or looks at something
        side = stream.choice(SIDES)
        pose.update(limbs.bent(stream, side, arm_spread))
    numbers = {"pitch": stream.uniform(2.0, 8.0), "hips": stream.uniform(0.96, 1.0)}
    return Stance("upright", at.x, at.y, at.heading, pose, numbers, legs, hands)


def leaning(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """The trunk bent forward a little, as over papers or to listen; hands before the body or on the thighs."""
    stance = standing(stream, arm_spread, at)
    pose = {**stance.pose, **limbs.trunk(stream, 16.0, 7.0)}
    hands: Hands = {}
    for side in SIDES:
        pose.update(limbs.wrist_only(stream, side))
        hands[side] = {"skin": "thigh"}
    if stream.unit() < 0.6:
        hands.clear()
        for side in SIDES:
            pose.update(limbs.bent(stream, side, arm_spread))
    numbers = {"pitch": stream.uniform(12.0, 30.0), "hips": stream.uniform(0.94, 0.99)}
    return Stance("upright", at.x, at.y, at.heading, pose, numbers, stance.legs, hands)


def bending(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """Bent over a bed, the hands at the patient; without a bed, as if to pick something up."""
    stance = standing(stream, arm_spread, at)
    pose = {**stance.pose, **limbs.trunk(stream, 26.0, 8.0)}
    pose["neck"] = {"flexion": stream.uniform(0.0, 25.0), "turn": stream.normal(0.0, 20.0)}
    hands: Hands = {}
    for side in SIDES:
        pose.update(limbs.wrist_only(stream, side))
        if "bed" in at.aims:
            x, y, z = at.aims["bed"]
            out = SIGN[side] * stream.uniform(0.08, 0.24)
            ahead = stream.uniform(-0.06, 0.12)
            hands[side] = {
                "room": [
                    *PlanFrame.at(x, y, at.heading).to_room(out, -ahead),
                    z + 0.06 + stream.uniform(0.0, 0.12),
                ]
            }
        else:
            pose.update(limbs.forward(stream, side, arm_spread))
    if stream.unit() < 0.3:
        hands.pop(stream.choice(SIDES), None)
    numbers = {"pitch": stream.uniform(24.0, 46.0), "hips": stream.uniform(0.9, 0.98)}
    return Stance("upright", at.x, at.y, at.heading, pose, numbers, stance.legs, hands)


def reaching(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """One arm up, to a shelf, a bag on its pole, a switch."""
    stance = standing(stream, arm_spread, at)
    side = stream.choice(SIDES)
    pose = {**stance.pose, **limbs.wrist_only(stream, side)}
    pose["neck"] = {"flexion": stream.uniform(-25.0, 0.0), "turn": stream.normal(0.0, 15.0)}
    sign = SIGN[side]
    hand = {"frame": [sign * stream.uniform(0.05, 0.3), -stream.uniform(0.25, 0.5), stream.uniform(1.45, 1.95)]}
    if "high" in at.aims:
        hand = {"room": list(at.aims["high"])}
    hands = {other: where for other, where in stance.hands.items() if other != side}
    return Stance("upright", at.x, at.y, at.heading, pose, stance.numbers, stance.legs, {**hands, side: hand})


def crouching(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """Squatting low, the heels up or flat, hands on the knees or at the floor before the feet."""
    pose = limbs.trunk(stream, 22.0, 8.0)
    hands: Hands = {}
    heel = stream.uniform(18.0, 38.0)
    legs = {
        side: {
            "foot": [sign * stream.uniform(0.1, 0.18), stream.normal(0.0, 0.06)],
            "yaw": sign * stream.uniform(5.0, 25.0),
            "heel": heel,
        }
        for side, sign in (("l", 1.0), ("r", -1.0))
    }
    for side in SIDES:
        pose.update(limbs.wrist_only(stream, side))
        if stream.unit() < 0.5:
            hands[side] = {"skin": "knee"}
        else:
            pose.update(limbs.forward(stream, side, arm_spread))
    numbers = {"pitch": stream.uniform(18.0, 36.0), "hips": stream.uniform(0.42, 0.6)}
    return Stance("upright", at.x, at.y, at.heading, pose, numbers, legs, hands)


def kneeling(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """On one knee, the other foot ahead, as if to help a person on the floor."""
    down = stream.choice(SIDES)
    up = OTHER[down]
    sign = SIGN[up]
    pose = limbs.trunk(stream, 14.0, 8.0)
    pose[f"hip_{down}"] = {"flexion": stream.uniform(-8.0, 12.0), "abduction": 4.0}
    pose[f"knee_{down}"] = {"flexion": 95.0}
    hands: Hands = {}
    for side in SIDES:
        pose.update(limbs.wrist_only(stream, side))
        if side == up and stream.unit() < 0.6:
            hands[side] = {"skin": "knee"}
        else:
            pose.update(limbs.forward(stream, side, arm_spread))
    legs = {
        down: {"kneel": 1},
        up: {"foot": [sign * 0.1, -stream.uniform(0.32, 0.42)], "yaw": sign * stream.uniform(0.0, 12.0), "heel": 0.0},
    }
    return Stance("upright", at.x, at.y, at.heading, pose, {"pitch": stream.uniform(0.0, 18.0)}, legs, hands)


def pushing(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """Walking behind a wheelchair or trolley, both hands on its handles."""
    stance = walking(stream, arm_spread, at)
    pose = {**stance.pose}
    for side in SIDES:
        pose.update(limbs.wrist_only(stream, side))
        pose[f"fingers_{side}"] = {"flexion": stream.uniform(45.0, 65.0)}
    hands = {side: {"room": list(at.aims[f"handle_{side}"]), "elbow": _outward(side)} for side in SIDES}
    numbers = {**stance.numbers, "pitch": stream.uniform(6.0, 16.0)}
    return Stance("upright", at.x, at.y, at.heading, pose, numbers, stance.legs, hands)


def supporting(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """Beside another person, a hand at the elbow and one at the shoulder."""
    stance = standing(stream, arm_spread, at)
    pose = {**stance.pose, **limbs.trunk(stream, 6.0, 4.0)}
    for side in SIDES:
        pose.update(limbs.wrist_only(stream, side))
    hands = {
        "l": {"person": at.partner, "joint": at.aims["joints"][0]},
        "r": {"person": at.partner, "joint": at.aims["joints"][1]},
    }
    return Stance("upright", at.x, at.y, at.heading, pose, stance.numbers, stance.legs, hands)


def _idle_arms(stream: RandomStream, arm_spread: float, pose: Pose) -> Hands:
    """Sample idle arms; fills ``pose`` and returns the hands that rest on the body."""
    style = stream.unit()
    if style < 0.1:  # arms folded
        for side, other in (("l", "r"), ("r", "l")):
            pose.update(limbs.wrist_only(stream, side))
            pose[f"fingers_{other}"] = {"flexion": 30.0}
        return {"l": {"skin": "other-belly", "elbow": _outward("l")}, "r": {"skin": "belly", "side": "l"}}
    if style < 0.17:  # hands joined before the belly
        for side in SIDES:
            pose.update(limbs.wrist_only(stream, side))
        return {"l": {"skin": "belly", "side": "l"}, "r": {"skin": "belly", "side": "r"}}
    hands: Hands = {}
    for side in SIDES:
        kind = stream.choice(("hanging", "hanging", "hanging", "bent", "forward", "hip", "ear", "mouth", "chest"))
        if kind in ("hanging", "bent", "forward"):
            pose.update(
                {"hanging": limbs.hanging, "bent": limbs.bent, "forward": limbs.forward}[kind](stream, side, arm_spread)
            )
        else:
            pose.update(limbs.wrist_only(stream, side))
            hands[side] = {"skin": kind, "elbow": _outward(side)}
    if {"ear", "mouth"} & {hand["skin"] for hand in hands.values()} and len(hands) == 2:
        other = stream.choice(SIDES)
        hands.pop(other)
        pose.update(limbs.hanging(stream, other, arm_spread))
    return hands


def _outward(side: str) -> list[float]:
    return [0.9 * SIGN[side], 0.25, -0.5]
