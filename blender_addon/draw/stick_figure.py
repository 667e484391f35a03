"""Stick figures: where head, trunk and arms of a stance are, within some centimetres and without the body's mesh.

Placing people needs this for every pair that stands close. What contact will solve exactly (``body.posture``) is
approximated by the proportions of an average body (Drillis & Contini, 1966).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple, Optional

import numpy as np

from ..body.joints import ball
from ..body.macros import Phenotype
from ..body.plan_frame import PlanFrame
from ..body.posture import Stance
from ..body.skeleton import SIDES, SIGN, X, Z, rotation
from .value_types import Array

# Fractions of the stature.
_LEG, _TRUNK, _NECK, _SHOULDER = 0.52, 0.295, 0.105, 0.105
_UPPER, _FORE, _PALM, _HAND = 0.172, 0.150, 0.045, 0.105
# Radii in metres at a stature of 1.7 m.
_HEAD_R, _TRUNK_R, _ARM_R, _HAND_R = 0.125, 0.15, 0.055, 0.05
_YEARS, _GROWN = (1.0, 3.0, 6.0, 10.0, 14.0, 18.0), (0.44, 0.56, 0.68, 0.81, 0.94, 1.0)  # age, fraction of an adult's
# Palms that rest on the body: metres across (outwards), ahead and above the neck, at 1.7 m.
_ON_BODY = {
    "belly": (0.06, 0.16, -0.36), "other-belly": (-0.1, 0.17, -0.3), "hip": (0.2, 0.02, -0.47),
    "chest": (0.05, 0.16, -0.15), "ear": (0.12, 0.02, 0.16), "mouth": (0.04, 0.18, 0.12),
    "thigh": (0.15, 0.25, -0.6), "knee": (0.2, 0.45, -0.6),
}  # fmt: skip


class Capsule(NamedTuple):
    """All points within ``radius`` metres of the line from ``start`` to ``end`` ((3,) metres in the room)."""

    start: Array
    end: Array
    radius: float


class StickFigure(NamedTuple):
    """A person's head, trunk and arms (upper arm, forearm and hand of both sides)."""

    head: Capsule
    trunk: Capsule
    arms: tuple[Capsule, ...]


def stature_of(age_years: float, phenotype: Phenotype) -> float:
    """The height in metres of a body, within a few centimetres."""
    adult = 1.61 + 0.14 * phenotype["sex"] + 1.26 * (phenotype["height"] - 0.5)
    return adult * float(np.interp(age_years, _YEARS, _GROWN))


def stick_figure(
    stance: Stance, stature: float, shape: Mapping[str, Any], others: Mapping[int, StickFigure]
) -> Optional[StickFigure]:
    """The figure of an upright or seated ``stance`` on the floor or a seat of ``shape``; None for one who lies.

    ``others`` are the figures, by id, of people whose joints the hands hold.
    """
    if stance.method == "lying":
        return None
    size = stature / 1.7
    lean = _lean(stance)
    hips = np.array([stance.numbers.get("x", 0.0), _hips_back(stance), _hip_height(stance, stature, shape)])
    up = rotation(X, lean) @ Z
    turn = rotation(Z, 0.7 * stance.pose.get("spine", {}).get("turn", 0.0)) @ rotation(X, lean)
    neck = hips + _TRUNK * stature * up
    nod = stance.pose.get("neck", {}).get("flexion", 0.0)
    skull = neck + _NECK * stature * (rotation(X, lean + 0.7 * nod) @ Z)
    arms: list[Capsule] = []
    for side in SIDES:
        shoulder = neck + turn @ np.array([SIGN[side] * _SHOULDER, 0.0, -0.015]) * stature
        palm = _palm(stance, side, neck, turn, size, others)
        arms += _arm(stance, side, shoulder, turn, stature, palm)
    frame = PlanFrame.at(stance.x, stance.y, stance.heading)

    def in_room(capsule: Capsule) -> Capsule:
        ends = frame.points_to_room(np.stack([capsule.start, capsule.end]))
        return Capsule(ends[0], ends[1], capsule.radius * size)

    top = skull + 0.02 * size * up
    head, trunk = Capsule(skull, top, _HEAD_R), Capsule(hips, neck - 0.06 * size * up, _TRUNK_R)
    return StickFigure(in_room(head), in_room(trunk), tuple(in_room(arm) for arm in arms))


def gap(first: Capsule, second: Capsule) -> float:
    """Metres between two capsules, negative where they overlap."""
    along, other = first.end - first.start, second.end - second.start
    apart = first.start - second.start
    a, e, b = float(along @ along), float(other @ other), float(along @ other)
    c, f = float(along @ apart), float(other @ apart)
    steep = a * e - b * b
    s = min(max((b * f - c * e) / steep, 0.0), 1.0) if steep > 1e-12 else 0.0
    t = min(max((b * s + f) / e, 0.0), 1.0) if e > 1e-12 else 0.0
    s = min(max((b * t - c) / a, 0.0), 1.0) if a > 1e-12 else 0.0
    nearest = apart + s * along - t * other
    return math.sqrt(float(nearest @ nearest)) - first.radius - second.radius


def _lean(stance: Stance) -> float:
    """Degrees by which the trunk leans forward, on average over its length."""
    flexion = stance.pose.get("spine", {}).get("flexion", 0.0)
    if stance.method == "upright":
        return stance.numbers.get("pitch", 0.0) + 0.6 * flexion
    return -stance.numbers.get("lean", 0.0) + 0.6 * flexion


def _hips_back(stance: Stance) -> float:
    """Metres by which the hips are behind the feet."""
    if stance.method != "upright":
        return 0.05 if "back_at" in stance.numbers else 0.24
    return 0.02 + 0.28 * math.sin(math.radians(min(stance.numbers.get("pitch", 0.0), 60.0)))


def _hip_height(stance: Stance, stature: float, shape: Mapping[str, Any]) -> float:
    if stance.method == "seated":
        return shape.get("seat_height", shape.get("surface", 0.45)) + 0.06 * stature
    if any("kneel" in leg for leg in stance.legs.values()):
        return 0.28 * stature
    crouched = 0.08 * (1.0 - stance.numbers.get("hips", 1.0))  # shins stay as they are
    return _LEG * stature * (stance.numbers.get("hips", 1.0) + 2.0 * crouched) - 0.02


def _palm(
    stance: Stance, side: str, neck: Array, turn: Array, size: float, others: Mapping[int, StickFigure]
) -> Optional[Array]:
    """Where the palm is, in the stance's frame; None where the joint angles decide."""
    hand = stance.hands.get(side)
    if hand is None:
        return None
    if "frame" in hand:
        return np.array(hand["frame"])
    if "room" in hand:
        frame = PlanFrame.at(stance.x, stance.y, stance.heading)
        return frame.points_to_frame(np.array([hand["room"]], dtype=float))[0]
    if "before_face" in hand:
        across, ahead = hand["before_face"]
        return neck + turn @ np.array([across, -ahead, 0.1])
    if "skin" in hand:
        across, ahead, above = _ON_BODY.get(hand["skin"], _ON_BODY["thigh"])
        return neck + turn @ np.array([SIGN[hand.get("side", side)] * across, -ahead, above]) * size
    if "person" in hand and hand["person"] in others:
        frame = PlanFrame.at(stance.x, stance.y, stance.heading)
        held = others[hand["person"]].arms[0 if hand["joint"] % 2 else 3]  # COCO's left joints have odd numbers
        return frame.points_to_frame((held.start if hand["joint"] < 7 else held.end)[None])[0]
    return None


def _arm(
    stance: Stance, side: str, shoulder: Array, turn: Array, stature: float, palm: Optional[Array]
) -> tuple[Capsule, Capsule, Capsule]:
    """Upper arm, forearm and hand: by joint angles, or so that the palm is at ``palm``."""
    upper, fore = _UPPER * stature, _FORE * stature
    if palm is None:
        angles = dict.fromkeys(("flexion", "abduction", "rotation"), 0.0)
        joint = turn @ ball({**angles, **stance.pose.get(f"shoulder_{side}", {})}, SIGN[side])
        bend = stance.pose.get(f"elbow_{side}", {}).get("flexion", 0.0)
        elbow = shoulder + joint @ -Z * upper
        towards = joint @ rotation(X, -bend) @ -Z
    else:
        hint = turn @ np.array(stance.hands[side].get("elbow", [0.8 * SIGN[side], 0.35, -0.6]))
        elbow = _elbow(shoulder, palm, upper, fore + _PALM * stature, hint)
        towards = palm - elbow
        towards = towards / max(float(np.linalg.norm(towards)), 1e-9)
    wrist = elbow + fore * towards
    return (
        Capsule(shoulder, elbow, _ARM_R),
        Capsule(elbow, wrist, _ARM_R),
        Capsule(wrist, wrist + _HAND * stature * towards, _HAND_R),
    )


def _elbow(shoulder: Array, palm: Array, upper: float, fore: float, hint: Array) -> Array:
    """The elbow of two bones between shoulder and palm, on the side of ``hint``."""
    way = palm - shoulder
    distance = min(max(float(np.linalg.norm(way)), abs(upper - fore) + 1e-3), upper + fore - 1e-3)
    way = way / max(float(np.linalg.norm(way)), 1e-9)
    along = (distance**2 + upper**2 - fore**2) / (2 * distance)
    aside = hint - (hint @ way) * way
    aside = aside / max(float(np.linalg.norm(aside)), 1e-9)
    return shoulder + along * way + math.sqrt(max(upper**2 - along**2, 0.0)) * aside
