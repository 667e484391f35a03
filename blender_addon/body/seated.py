"""Sitting on a seat or on the edge of a bed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from . import skeleton as sk
from .contact import PELVIS, PRESSED_IN, RestingBody
from .legs import ankle_height
from .reach import reach_ankle, turn_foot

_KNEES_BEYOND = 0.07  # metres before the front edge of a seat


def sit(body: RestingBody, numbers: Mapping) -> None:
    """On a seat or an edge. Numbers: lean (degrees back), from_back (metres between the rearmost of the pelvis and
    y = ``back_at``) or overhang (metres of the knees beyond y = 0), feet_at (height in metres of a foot rest, 0 =
    floor), foot_rest ([across, y] of a foot rest), hang (degrees of a foot that hangs), x (metres across)."""
    body.turn(sk.rotation(sk.Z, numbers.get("turn", 0.0)) @ sk.rotation(sk.X, -numbers.get("lean", 0.0)))
    pelvis = body.rows(*PELVIS)
    _slide(body, numbers)
    seat_height = body.on.height(_seat_y(numbers))
    body.move(0.0, 0.0, seat_height - PRESSED_IN - body.points(pelvis)[:, 2].min())
    for side in sk.SIDES:
        body.rest_on(f"hip_{side}", "flexion", (50.0, 125.0), _over_seat(body, side))
    seat = np.concatenate([pelvis, *(_over_seat(body, side) for side in sk.SIDES)])
    body.move(0.0, 0.0, seat_height - PRESSED_IN - body.points(seat)[:, 2].min())
    _slide(body, numbers)
    for side in sk.SIDES:
        _set_foot_down(body, side, numbers)
    if "back_at" in numbers and numbers.get("lean", 0.0) > 0:
        body.rest_on("spine", "flexion", (-15.0, 35.0), body.rows("spine_03"), -0.004)


def _seat_y(numbers: Mapping) -> float:
    return numbers["back_at"] - 0.15 if "back_at" in numbers else 0.2


def _slide(body: RestingBody, numbers: Mapping) -> None:
    """Move the pelvis to the back rest, or the knees beyond the edge."""
    across = numbers.get("x", 0.0) - body.head_of("pelvis")[0]
    if "back_at" in numbers:
        rearmost = body.points(body.rows(*PELVIS))[:, 1].max()
        knees = max(body.head_of(f"calf_{side}")[1] for side in sk.SIDES)
        back = numbers["back_at"] - numbers.get("from_back", 0.0) - rearmost
        # People whose thighs are shorter than the seat sit further forward, the knees beyond its front edge.
        body.move(across, min(back, body.on.profile[0][0] - _KNEES_BEYOND - knees), 0.0)
    else:
        knees = np.mean([body.head_of(f"calf_{side}")[1] for side in sk.SIDES])
        body.move(across, -numbers["overhang"] - knees, 0.0)


def _over_seat(body: RestingBody, side: str) -> np.ndarray:
    """The half of the thigh near the knee that is over the seat."""
    return body.beyond(f"thigh_{side}", 0.35)


def _set_foot_down(body: RestingBody, side: str, numbers: Mapping) -> None:
    """Put the foot on floor or foot rest if it reaches: sole flat, or drawn back on its toes."""
    foot = body.rows(f"foot_{side}", f"ball_{side}")
    wanted = numbers.get("feet_at", 0.0)
    drawn = body.pose[f"knee_{side}"]["flexion"]
    thigh = body.pose[f"hip_{side}"]["flexion"] - numbers.get("lean", 0.0)  # 90 = level

    def height(knee: float, ankle: float) -> float:
        body.set(f"knee_{side}", flexion=knee)
        body.set(f"ankle_{side}", flexion=ankle)
        return float(body.points(foot)[:, 2].min())

    def flat(knee: float) -> float:
        return height(knee, knee - thigh)

    if flat(thigh) > wanted + 0.03:  # the leg is too short for this seat
        height(min(drawn, thigh - 4.0), -numbers.get("hang", 15.0))
    elif drawn > thigh + 8.0 and height(drawn, -60.0) < wanted < height(drawn, drawn - thigh):
        _bisect(lambda ankle: height(drawn, ankle) - wanted, -60.0, drawn - thigh)
    else:
        _plant_foot(body, side, drawn, numbers)
    body.lift_off(f"knee_{side}", "flexion", 10.0, body.rows(f"calf_{side}", f"foot_{side}", f"ball_{side}"))


def _plant_foot(body: RestingBody, side: str, drawn: float, numbers: Mapping) -> None:
    """Set the sole flat in front of the knee, by the ``drawn`` bend, or on the foot rest; long legs lift the knee."""
    flat = sk.rotation(sk.Z, sk.SIGN[side] * numbers.get("toes_out", 6.0))
    knee = body.head_of(f"calf_{side}")
    shin = np.linalg.norm(body.head_of(f"foot_{side}") - knee)
    across, ahead = knee[0], knee[1] - shin * np.sin(np.radians(max(90.0 - drawn, -5.0)))
    if "foot_rest" in numbers:
        across, ahead = numbers["foot_rest"][0] * sk.SIGN[side], numbers["foot_rest"][1]
    target = np.array([across, ahead, numbers.get("feet_at", 0.0) + ankle_height(body, side, flat)])
    hip = body.head_of(f"thigh_{side}")
    reach_ankle(body, side, target, np.array([knee[0] - hip[0], -1.0, 0.8]))
    turn_foot(body, side, flat)


def _bisect(miss: Callable[[float], float], low: float, high: float) -> None:
    """Find the root of ``miss``, which rises from ``low`` to ``high``; its last call is near the root."""
    for _ in range(9):
        middle = (low + high) / 2
        low, high = (middle, high) if miss(middle) < 0 else (low, middle)
    miss((low + high) / 2)
