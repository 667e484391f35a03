"""Standing on feet or knees, or on all fours."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from . import skeleton as sk
from .contact import RestingBody
from .legs import ankle_height, leg_length
from .reach import reach_ankle, turn_foot

_USUAL_LEG = 0.8  # metres from hip to ankle: steps are sampled for this length and scaled to the body


def stand(body: RestingBody, legs: Mapping, numbers: Mapping) -> None:
    """On feet or knees. Numbers: pitch (degrees forward), turn (degrees about z), hips (share of the height that
    the legs allow, 1 = stretched)."""
    pitch = numbers.get("pitch", 0.0)
    body.turn(sk.rotation(sk.Z, numbers.get("turn", 0.0)) @ sk.rotation(sk.X, pitch))
    feet = {side: leg for side, leg in legs.items() if "foot" in leg}
    ankles, turns = {}, {}
    for side, leg in feet.items():
        turns[side] = sk.rotation(sk.Z, leg.get("yaw", 0.0)) @ sk.rotation(sk.X, leg.get("heel", 0.0))
        across, ahead = (value * leg_length(body, side) / _USUAL_LEG for value in leg["foot"])
        ankles[side] = np.array([across, ahead, ankle_height(body, side, turns[side])])
    if len(feet) == 2:
        middle = np.mean([ankle[:2] for ankle in ankles.values()], axis=0)
        hips = np.mean([body.head_of(f"thigh_{side}")[:2] for side in sk.SIDES], axis=0)
        # A person who leans forward moves the hips back to keep the weight over the feet.
        back = 0.28 * np.sin(np.radians(min(pitch, 60.0))) + 0.03
        body.move(middle[0] - hips[0], middle[1] - hips[1] + back, 0.0)
        body.move(0.0, 0.0, _hip_drop(body, ankles, numbers.get("hips", 1.0)))
    else:
        hips = np.mean([body.head_of(f"thigh_{side}")[:2] for side in sk.SIDES], axis=0)
        body.move(-hips[0], -hips[1], 0.0)
        _kneel(body, feet)
    for side, ankle in ankles.items():
        forward = turns[side] @ -sk.Y + [0.25 * sk.SIGN[side], 0.0, 0.15]
        reach_ankle(body, side, ankle, forward)
        turn_foot(body, side, turns[side])
    if len(feet) == 2:
        body.lower_onto(body.rows("foot", "ball"), 0.0)


def _kneel(body: RestingBody, feet: Mapping) -> None:
    knees = [side for side in sk.SIDES if side not in feet]
    for side in knees:
        body.set(f"ankle_{side}", flexion=-50.0)
    shins = np.concatenate([body.rows(f"calf_{side}", f"foot_{side}", f"ball_{side}") for side in knees])
    body.lower_onto(shins, 0.004)
    for side in knees:  # the shin lies on the floor, or nearly
        body.rest_on(f"knee_{side}", "flexion", (60.0, 150.0), body.rows(f"foot_{side}", f"ball_{side}"))
    body.lower_onto(shins, 0.004)


def _hip_drop(body: RestingBody, ankles: Mapping, share: float) -> float:
    """How far the root must rise so that both ankles can be reached at a fraction ``share`` of the height."""
    heights = []
    for side, ankle in ankles.items():
        length = 0.995 * leg_length(body, side)
        away = body.head_of(f"thigh_{side}") - ankle
        heights.append(ankle[2] + share * np.sqrt(max(length**2 - away[:2] @ away[:2], 0.01)) - away[2] - ankle[2])
    return float(min(heights))
