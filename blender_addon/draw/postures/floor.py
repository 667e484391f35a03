"""Postures on the floor: lying after a fall in one of ten ways, crawling, getting up."""

from __future__ import annotations

from dataclasses import replace

from ...body.posture import Hands, Stance
from ...body.skeleton import OTHER, SIDES, SIGN
from ..streams import RandomStream
from . import limbs, lying
from .place import PersonPlace

_FLOOR = {"length": 2.0, "width": 1.0}


def fallen(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """Lying as after a fall, in one of ``WAYS``."""
    ways = tuple(WAYS.values())
    stance = ways[int(at.way * len(ways))](stream, arm_spread, replace(at, shape=_FLOOR))
    numbers = {name: value for name, value in stance.numbers.items() if name not in ("crown_y", "head_gap")}
    return replace(stance, numbers={**numbers, "hip_y": 0.0, "x": 0.0})


def _supine_straight(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    return lying.supine(stream, arm_spread, at)


def _supine_sprawled(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    stance = lying.supine(stream, arm_spread, at)
    pose = dict(stance.pose)
    for side in SIDES:
        pose.update(limbs.arm(stream, side, 0.0, (0, 0), (45, 150), (-40, 20), (5, 80)))
        pose[f"hip_{side}"] = {"abduction": stream.uniform(10.0, 35.0), "rotation": stream.uniform(-45.0, -5.0)}
        pose[f"knee_{side}"] = {"flexion": stream.uniform(0.0, 30.0)}
    return replace(stance, pose=pose, hands={})


def _supine_knees_up(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    stance = lying.supine(stream, arm_spread, at)
    pose = dict(stance.pose)
    for side in SIDES:
        pose[f"knee_{side}"] = {"flexion": stream.uniform(55.0, 110.0)}
        pose[f"hip_{side}"] = {"flexion": 45.0, "abduction": stream.uniform(0.0, 12.0), "rotation": 0.0}
    return replace(stance, pose=pose)


def _side_arm_overhead(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    under = stream.choice(SIDES)
    stance = lying.lateral(stream, arm_spread, at, under)
    pose = dict(stance.pose)
    pose.update(limbs.arm(stream, under, 0.0, (140, 172), (-5, 15), (-20, 20), (5, 50)))
    return replace(stance, pose=pose)


def _prone_sprawled(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    stance = lying.prone(stream, arm_spread, at)
    pose = dict(stance.pose)
    for side in SIDES:
        pose[f"hip_{side}"] = {"abduction": stream.uniform(8.0, 35.0), "rotation": stream.uniform(-30.0, 10.0)}
    return replace(stance, pose=pose)


def _prone_knee_drawn(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    stance = lying.prone(stream, arm_spread, at)
    side = stream.choice(SIDES)
    pose = dict(stance.pose)
    pose[f"hip_{side}"] = {"abduction": stream.uniform(40.0, 62.0), "rotation": stream.uniform(-48.0, -30.0)}
    pose[f"knee_{side}"] = {"flexion": stream.uniform(50.0, 95.0)}
    return replace(stance, pose=pose, numbers={**stance.numbers, "drawn_knee": side})


def _sitting(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    return lying.sitting_in_bed(stream, arm_spread, at)


def _propped_on_elbow(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    stance = lying.supine(stream, arm_spread, at)
    pose = dict(stance.pose)
    hands: Hands = {}
    for side in SIDES:
        pose.update(limbs.wrist_only(stream, side))
        pose.update(limbs.arm(stream, side, 0.0, (-50, -35), (8, 22), (0, 20), (60, 95)))
    pose["spine"] = {"flexion": stream.uniform(10.0, 22.0), "turn": stream.normal(0.0, 10.0)}
    numbers = {**stance.numbers, "raise": stream.uniform(28.0, 42.0), "free_back": 1.0}
    return replace(stance, pose=pose, hands=hands, numbers=numbers)


WAYS = {
    "supine-straight": _supine_straight,
    "supine-sprawled": _supine_sprawled,
    "supine-knees-up": _supine_knees_up,
    "left-curled": lying.lateral_left,
    "right-curled": lying.lateral_right,
    "side-arm-overhead": _side_arm_overhead,
    "prone-sprawled": _prone_sprawled,
    "prone-knee-drawn": _prone_knee_drawn,
    "sitting": _sitting,
    "propped-on-elbow": _propped_on_elbow,
}


def crawling(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """Crawling on hands and knees."""
    pitch = stream.uniform(72.0, 84.0)
    pose = limbs.trunk(stream, 0.0, 6.0)
    pose["neck"] = {"flexion": stream.uniform(-45.0, -5.0), "turn": stream.normal(0.0, 18.0)}
    step = stream.normal(0.0, 12.0)
    hands: Hands = {}
    for side, sign in (("l", 1.0), ("r", -1.0)):
        pose[f"hip_{side}"] = {"flexion": pitch + sign * step, "abduction": stream.uniform(2.0, 8.0)}
        pose[f"knee_{side}"] = {"flexion": 92.0 + sign * step}
        pose.update(limbs.wrist_only(stream, side))
        pose[f"wrist_{side}"] = {"flexion": -60.0}
        hands[side] = {"support": [sign * stream.uniform(0.14, 0.24), 0.04 - sign * step * 0.006]}
    legs = {side: {"kneel": 1} for side in SIDES}
    return Stance("upright", at.x, at.y, at.heading, pose, {"pitch": pitch}, legs, hands)


def getting_up(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """Getting up from the floor: one foot on the floor, the other knee and a hand still down."""
    down = stream.choice(SIDES)
    up = OTHER[down]
    sign = SIGN[up]
    pitch = stream.uniform(24.0, 38.0)
    pose = limbs.trunk(stream, 20.0, 6.0)
    pose["neck"] = {"flexion": stream.uniform(-40.0, -5.0), "turn": stream.normal(0.0, 18.0)}
    pose[f"hip_{down}"] = {"flexion": pitch + stream.uniform(-4.0, 12.0), "abduction": 6.0}
    pose[f"knee_{down}"] = {"flexion": 95.0}
    for side in SIDES:
        pose.update(limbs.wrist_only(stream, side))
    pose[f"wrist_{down}"] = {"flexion": -50.0}
    hands = {down: {"support": [-sign * stream.uniform(0.12, 0.26), 0.02]}, up: {"skin": "knee"}}
    legs = {
        down: {"kneel": 1},
        up: {"foot": [sign * 0.14, -stream.uniform(0.34, 0.44)], "yaw": sign * stream.uniform(0.0, 15.0), "heel": 0.0},
    }
    return Stance("upright", at.x, at.y, at.heading, pose, {"pitch": pitch}, legs, hands)
