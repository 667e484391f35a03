"""Moving hands to where a stance places them, and out of the support of the body."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from . import skeleton as sk
from .contact import RestingBody
from .reach import palm_of, reach_hand, skin_point

_ELBOW_OUT = {"l": np.array([0.8, 0.35, -0.6]), "r": np.array([-0.8, 0.35, -0.6])}
_HAND_MAY_DIP = 0.012  # metres
_LIMB_RADIUS = 0.115  # metres from the middle of a held elbow or shoulder to the palm
_PALM_OVER_SUPPORT = 0.035  # metres, wrist and fingers bent back


def forearm_bones(side: str) -> tuple[str, ...]:
    """The names of the bones from elbow to finger tips."""
    fingers = (f"{finger}_0{n}_{side}" for finger in sk.FINGERS for n in (1, 2, 3))
    return f"lowerarm_{side}", f"hand_{side}", *fingers


def place_hands(body: RestingBody, wanted: Mapping, frame: np.ndarray, joints: Mapping[int, np.ndarray]) -> None:
    """Reach for the targets of the hands (``posture.Stance.hands``); lift hands that are inside the support."""
    for side in sk.SIDES:
        elbow = body.turn_of("spine_03") @ np.array(wanted.get(side, {}).get("elbow", _ELBOW_OUT[side]))
        if side in wanted:
            target = _hand_target(body, side, wanted[side], frame, joints)
            reach_hand(body, side, target, elbow)
        _free_hand(body, side, elbow)


def _free_hand(body: RestingBody, side: str, elbow: np.ndarray) -> None:
    """Lay a forearm or hand that is inside the support on top of it: palm raised, wrist and forearm turned flat."""
    hand = body.rows(*forearm_bones(side))
    dip = -body.clearance(hand)
    if dip < _HAND_MAY_DIP:
        return
    palm = palm_of(body, side)
    palm[2] = max(palm[2], body.on.height(palm[1]) + _PALM_OVER_SUPPORT)
    best = dip, {}
    for lift in (0.0, 0.03, 0.07, 0.12):
        for pronation in (0.0, -40.0, 40.0, -80.0, 80.0):
            for wrist in (0.0, -35.0, 35.0, -70.0, 70.0):
                body.set(f"elbow_{side}", pronation=pronation)
                body.set(f"wrist_{side}", flexion=wrist)
                reach_hand(body, side, palm + np.array([0.0, 0.0, lift]), elbow)
                dip = -body.clearance(hand)
                if dip < best[0]:
                    best = (
                        dip,
                        {joint: body.pose[joint] for joint in (f"shoulder_{side}", f"elbow_{side}", f"wrist_{side}")},
                    )
                if dip < _HAND_MAY_DIP:
                    return
    for joint, angles in best[1].items():
        body.set(joint, **angles)


def _hand_target(body: RestingBody, side: str, hand: Mapping, frame: np.ndarray, joints: Mapping) -> np.ndarray:
    """The target of the palm, in the frame."""
    if "skin" in hand:
        return skin_point(body, hand["skin"], hand.get("side", side))
    if "frame" in hand:
        return np.array(hand["frame"])
    if "before_face" in hand:
        across, ahead = hand["before_face"]
        return body.head_of("head") + body.turn_of("head") @ np.array([across, -ahead, 0.02])
    if "support" in hand:  # on the support: across and ahead of the point below the chest
        across, ahead = hand["support"]
        flat = body.turn_of("spine_03") @ -sk.Y if _is_upright(body) else body.turn_of("spine_03") @ sk.Z
        flat = flat * [1.0, 1.0, 0.0] / max(np.linalg.norm(flat[:2]), 1e-9)
        left = np.array([-flat[1], flat[0], 0.0])
        place = body.head_of("neck_01") + flat * ahead + left * across
        place[2] = body.on.height(place[1]) + _PALM_OVER_SUPPORT
        return place
    place = hand["room"] if "room" in hand else joints[hand["person"]][hand["joint"]]
    place = (np.linalg.inv(frame) @ np.append(place, 1.0))[:3]
    if "person" in hand:  # a joint is inside a limb, the palm on its skin
        towards = body.head_of(f"upperarm_{side}") - place
        place += towards / np.linalg.norm(towards) * _LIMB_RADIUS
    return place


def _is_upright(body: RestingBody) -> bool:
    """Whether the trunk is closer to upright than to horizontal."""
    return bool((body.turn_of("spine_03") @ sk.Z)[2] > 0.6)
