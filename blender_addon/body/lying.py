"""Lying on the back, a side or the front, on a mattress or on the floor."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from . import skeleton as sk
from .contact import PELVIS, PRESSED_IN, RestingBody
from .hands import forearm_bones
from .reach import reach_hand

_TRUNK = (*PELVIS, "spine")


def lie(body: RestingBody, numbers: Mapping) -> None:
    """On back, side or front. Numbers: roll (0 on the back, 90 on the left side, -90 on the right, 180 on the
    front), raise (degrees the trunk is turned up from lying), yaw (degrees about z), hip_y or crown_y (metres in the
    frame), x (metres across), head_gap (metres the head is kept above the support by a pillow)."""
    roll = numbers.get("roll", 0.0)
    body.turn(
        sk.rotation(sk.Z, numbers.get("yaw", 0.0))
        @ sk.rotation(sk.X, numbers.get("raise", 0.0))
        @ sk.rotation(sk.Y, roll)
        @ sk.rotation(sk.X, -90.0)
    )
    _along(body, numbers)
    body.lower_onto(body.rows(*_TRUNK) if "raise" not in numbers else body.rows(*PELVIS, "thigh"))
    if abs(roll) < 45.0:
        _lie_on_back(body, numbers)
    elif abs(roll) > 135.0:
        _lie_on_front(body, numbers)
    else:
        _lie_on_side(body, numbers, under="l" if roll > 0 else "r")
    _along(body, numbers)
    for side in sk.SIDES:
        body.lift_off(f"ankle_{side}", "flexion", -60.0, body.rows(f"foot_{side}", f"ball_{side}"))


def _along(body: RestingBody, numbers: Mapping) -> None:
    """Move the body along and across its support to its place."""
    across = numbers.get("x", 0.0) - body.head_of("spine_02")[0]
    if "crown_y" in numbers:
        body.move(across, numbers["crown_y"] - body.points(body.rows("head"))[:, 1].max(), 0.0)
    else:
        hips = np.mean([body.head_of(f"thigh_{side}")[1] for side in sk.SIDES])
        body.move(across, numbers["hip_y"] - hips, 0.0)


def _lie_on_back(body: RestingBody, numbers: Mapping) -> None:
    if "raise" in numbers and not numbers.get("free_back", 0.0):
        body.rest_on("spine", "flexion", (-25.0, 60.0), body.rows("spine_03", "clavicle"), -0.006)
    for side in sk.SIDES:
        foot = body.rows(f"foot_{side}", f"ball_{side}", f"calf_{side}")
        bent = body.pose[f"knee_{side}"]["flexion"]
        if bent > 35.0:  # the knee is up, the sole on the mattress
            body.rest_on(f"hip_{side}", "flexion", (10.0, 110.0), body.rows(f"foot_{side}", f"ball_{side}"))
        else:
            leg = np.concatenate([body.beyond(f"thigh_{side}", 0.4), foot])
            body.rest_on(f"hip_{side}", "flexion", (-20.0, 120.0), leg)
            body.rest_on(f"knee_{side}", "flexion", (0.0, 110.0), foot)
    body.rest_on("neck", "flexion", (-10.0, 45.0), body.rows("head"), numbers.get("head_gap", 0.0))
    for side in sk.SIDES:
        _lay_arm(body, side)


def _lay_arm(body: RestingBody, side: str) -> None:
    """Lay an arm beside the body down; only lift an arm that is bent over the body out of the support."""
    arm = body.rows(*forearm_bones(side))
    if body.pose[f"elbow_{side}"]["flexion"] < 45.0 or abs(body.pose[f"shoulder_{side}"]["abduction"]) > 60.0:
        body.rest_on(f"shoulder_{side}", "flexion", (-50.0, 60.0), arm)
    else:
        body.lift_off(f"shoulder_{side}", "flexion", 60.0, body.rows(f"upperarm_{side}", f"lowerarm_{side}"))


def _lie_on_front(body: RestingBody, numbers: Mapping) -> None:
    for side in sk.SIDES:
        body.rest_on(f"hip_{side}", "flexion", (-25.0, 60.0), body.beyond(f"thigh_{side}", 0.4))
        body.set(f"ankle_{side}", flexion=-50.0)
        foot = body.rows(f"foot_{side}", f"ball_{side}")
        if numbers.get("drawn_knee") == side:  # drawn up beside the body: turning the thigh lays the shin down
            body.rest_on(f"hip_{side}", "rotation", (-50.0, 10.0), foot)
        else:
            body.rest_on(f"knee_{side}", "flexion", (0.0, 90.0), foot)
    body.rest_on("neck", "flexion", (-40.0, 40.0), body.rows("head"), numbers.get("head_gap", 0.0))
    for side in sk.SIDES:
        arm = body.rows(*forearm_bones(side))
        body.rest_on(f"shoulder_{side}", "flexion", (-50.0, 60.0), arm)


def _lie_on_side(body: RestingBody, numbers: Mapping, under: str) -> None:
    over = sk.OTHER[under]
    away = sk.SIGN[under]
    chest = body.rows("spine_03", f"clavicle_{under}", f"upperarm_{under}")
    # The front shoulder bears the weight, the lower arm lies in front of the chest.
    body.rest_on("spine", "bend", (-20.0, 20.0), chest, -PRESSED_IN)
    lower_leg = body.rows(f"calf_{under}", f"foot_{under}", f"ball_{under}")
    body.rest_on(f"hip_{under}", "abduction", (-30.0, 40.0), body.beyond(f"thigh_{under}", 0.4))
    body.rest_on(f"hip_{under}", "rotation", (-50.0, 50.0), lower_leg)
    apart = body.pose[f"hip_{over}"]["flexion"] - body.pose[f"hip_{under}"]["flexion"]
    gap = 0.0 if apart > 35.0 else 0.11  # the upper leg lies before the lower one, or on it
    body.rest_on(f"hip_{over}", "abduction", (-30.0, 40.0), body.beyond(f"thigh_{over}", 0.6), gap)
    body.rest_on(
        f"hip_{over}", "rotation", (-50.0, 50.0), body.rows(f"calf_{over}", f"foot_{over}", f"ball_{over}"), gap * 0.6
    )
    forearm = body.rows(*forearm_bones(under))
    body.rest_on(f"shoulder_{under}", "abduction", (-50.0, 60.0), forearm)
    body.rest_on("neck", "bend", (-35.0, 35.0), body.rows("head"), numbers.get("head_gap", 0.0))
    upper = body.rows(*forearm_bones(over))
    body.lift_off(f"shoulder_{over}", "abduction", 60.0, upper)
    if numbers.get("upper_hand_down", 0.0):
        ahead = body.turn_of("spine_03") @ -sk.Y
        place = body.head_of("spine_03") + ahead * numbers["upper_hand_down"]
        place[2] = body.on.height(place[1]) + 0.03
        reach_hand(body, over, place, np.array([0.3 * away, -1.0, 0.8]))
