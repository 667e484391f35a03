"""On the floor after a fall, in ten ways."""

from __future__ import annotations

from dataclasses import replace

from ...body.posture import Stance
from ...body.skeleton import SIDES
from ..streams import RandomStream
from . import limbs, lying
from .place import PersonPlace

_FLOOR = {"length": 2.0, "width": 1.0}


def fallen(stream: RandomStream, wide: float, at: PersonPlace) -> Stance:
    """One of ``WAYS``, the head wherever it fell."""
    ways = tuple(WAYS.values())
    way = ways[int(at.aims["way"] * len(ways))] if "way" in at.aims else stream.choice(ways)
    stance = way(stream, wide, replace(at, shape=_FLOOR))
    numbers = {name: value for name, value in stance.numbers.items() if name not in ("crown_y", "head_gap")}
    return replace(stance, numbers={**numbers, "hip_y": 0.0, "x": 0.0})


def _supine_straight(stream: RandomStream, wide: float, at: PersonPlace) -> Stance:
    return lying.supine(stream, wide, at)


def _supine_sprawled(stream: RandomStream, wide: float, at: PersonPlace) -> Stance:
    stance = lying.supine(stream, wide, at)
    pose = dict(stance.pose)
    for side in SIDES:
        pose.update(limbs.arm(stream, side, 0.0, (0, 0), (45, 150), (-40, 20), (5, 80)))
        pose[f"hip_{side}"] = {"abduction": stream.uniform(10.0, 35.0), "rotation": stream.uniform(-45.0, -5.0)}
        pose[f"knee_{side}"] = {"flexion": stream.uniform(0.0, 30.0)}
    return replace(stance, pose=pose, hands={})


def _supine_knees_up(stream: RandomStream, wide: float, at: PersonPlace) -> Stance:
    stance = lying.supine(stream, wide, at)
    pose = dict(stance.pose)
    for side in SIDES:
        pose[f"knee_{side}"] = {"flexion": stream.uniform(55.0, 110.0)}
        pose[f"hip_{side}"] = {"flexion": 45.0, "abduction": stream.uniform(0.0, 12.0), "rotation": 0.0}
    return replace(stance, pose=pose)


def _side_arm_overhead(stream: RandomStream, wide: float, at: PersonPlace) -> Stance:
    under = stream.choice(SIDES)
    stance = lying.lateral(stream, wide, at, under)
    pose = dict(stance.pose)
    pose.update(limbs.arm(stream, under, 0.0, (140, 172), (-5, 15), (-20, 20), (5, 50)))
    return replace(stance, pose=pose)


def _prone_sprawled(stream: RandomStream, wide: float, at: PersonPlace) -> Stance:
    stance = lying.prone(stream, wide, at)
    pose = dict(stance.pose)
    for side in SIDES:
        pose[f"hip_{side}"] = {"abduction": stream.uniform(8.0, 35.0), "rotation": stream.uniform(-30.0, 10.0)}
    return replace(stance, pose=pose)


def _prone_knee_drawn(stream: RandomStream, wide: float, at: PersonPlace) -> Stance:
    stance = lying.prone(stream, wide, at)
    side = stream.choice(SIDES)
    pose = dict(stance.pose)
    pose[f"hip_{side}"] = {"abduction": stream.uniform(40.0, 62.0), "rotation": stream.uniform(-48.0, -30.0)}
    pose[f"knee_{side}"] = {"flexion": stream.uniform(50.0, 95.0)}
    return replace(stance, pose=pose, numbers={**stance.numbers, "drawn_knee": side})


def _sitting(stream: RandomStream, wide: float, at: PersonPlace) -> Stance:
    return lying.sitting_in_bed(stream, wide, at)


def _propped_on_elbow(stream: RandomStream, wide: float, at: PersonPlace) -> Stance:
    stance = lying.supine(stream, wide, at)
    pose = dict(stance.pose)
    hands = {}
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

POSTURES = {"fallen": fallen}
