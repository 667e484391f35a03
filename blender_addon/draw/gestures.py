"""Sampling the gestures of hands: relaxed, flat, a fist, pointing, grasping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from ..body.posture import Stance
from ..body.skeleton import SIDES
from .spec import HeldSpec
from .streams import RandomStream, by_weight
from .value_types import Interval

STIFF = "stiff"  # all fingers bent alike, as the posture has them


@dataclass(frozen=True)
class _Gesture:
    """Ranges of the angles of ``joints.JOINTS["grip_l"]``, degrees."""

    index: Interval
    others: Interval
    thumb: Interval
    spread: Interval


_GESTURES = {
    "relaxed": _Gesture((8.0, 22.0), (16.0, 32.0), (6.0, 22.0), (0.0, 4.0)),
    "flat": _Gesture((1.0, 6.0), (1.0, 7.0), (1.0, 14.0), (0.0, 7.0)),
    "fist": _Gesture((74.0, 84.0), (76.0, 86.0), (34.0, 48.0), (0.0, 0.5)),
    "pointing": _Gesture((1.0, 8.0), (62.0, 82.0), (20.0, 40.0), (0.0, 2.0)),
    "grasp": _Gesture((34.0, 52.0), (36.0, 56.0), (14.0, 30.0), (0.0, 5.0)),
}
GESTURES = tuple(_GESTURES)
_ANGLES = tuple(field.name for field in fields(_Gesture))
_FLAT_ON = ("belly", "other-belly", "thigh", "knee", "hip", "chest", "mouth")  # the skin under a resting palm


def with_gestures(
    stream: RandomStream, weights: Mapping[str, float], stance: Stance, held: Sequence[HeldSpec]
) -> Stance:
    """The stance with a gesture of each hand; one that holds or rests on something has the gesture for that."""
    pose = dict(stance.pose)
    holding = {item.side for item in held}
    for side in SIDES:
        sampled = by_weight(stream.unit(), weights)
        angles = [stream.unit() for _ in _ANGLES]
        if sampled == STIFF:
            continue
        gesture = _GESTURES[_fitting(stance.hands.get(side, {}), side in holding, sampled)]
        ranges: list[Interval] = [getattr(gesture, name) for name in _ANGLES]
        pose[f"grip_{side}"] = {
            name: low + (high - low) * unit for name, (low, high), unit in zip(_ANGLES, ranges, angles)
        }
    return replace(stance, pose=pose)


def _fitting(hand: Mapping[str, Any], holds: bool, sampled: str) -> str:
    """The gesture of a hand, given where its palm is."""
    if holds or "room" in hand or "person" in hand or hand.get("skin") == "ear":
        return "grasp"
    if "support" in hand or hand.get("skin") in _FLAT_ON:
        return "flat" if sampled in ("pointing", "fist", "grasp") else sampled
    return sampled
