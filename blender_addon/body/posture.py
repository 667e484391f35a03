"""Putting a body where its weight rests: on its feet or knees, on a seat, on a mattress, on the floor.

A ``Stance`` says how a person holds itself; the few angles that contact decides are solved here for the body at
hand, so that feet stand, thighs and backs lie, hands hold, and nothing floats or sinks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from . import skeleton as sk
from .contact import PRESSED_IN, RestingBody
from .model import BodyModel
from .reach import palm_of, reach_ankle, reach_hand, skin_point, turn_foot
from .support import Support

_ELBOW_OUT = {"l": np.array([0.8, 0.35, -0.6]), "r": np.array([-0.8, 0.35, -0.6])}
_TRUNK = ("pelvis", "spine", "Root")
_PELVIS = ("pelvis", "Root")
_USUAL_LEG = 0.8  # metres from hip to ankle: steps are drawn for it and scaled to the body
_KNEES_BEYOND = 0.07  # metres before the front edge of a seat
_DEEPEST = 0.012  # metres
_HAND_MAY_DIP = 0.012  # metres
_LIMB_RADIUS = 0.115  # metres from the middle of a held elbow or shoulder to the palm
_PALM_OVER_SUPPORT = 0.035  # metres, wrist and fingers bent back


@dataclass(frozen=True)
class Stance:
    """How one person holds itself and where; all of it drawn, JSON-able.

    Attributes:
        method: "upright" (on feet, knees, or all fours), "seated" or "lying".
        x, y, heading: the support's frame in the room, metres and degrees; at heading 0 who is upright or seated
            faces -y, and who lies has the head towards +y.
        pose: joint angles of ``skeleton.JOINTS``, degrees.
        numbers: of the method, see its function.
        legs: upright: side -> {"foot": [x, y], "yaw": deg, "heel": deg} or {"kneel": 1}.
        hands: side -> where the palm is: {"skin": name} of ``reach.SKIN_POINTS``, {"side": which side's},
            {"room": [x, y, z]}, {"frame": [x, y, z]} or {"person": id, "joint": COCO's number}; absent: as the pose
            has it.
    """

    method: str
    x: float
    y: float
    heading: float
    pose: dict
    numbers: dict = field(default_factory=dict)
    legs: dict = field(default_factory=dict)
    hands: dict = field(default_factory=dict)


@dataclass(frozen=True)
class PosedBody:
    """A body ready to be built.

    Attributes:
        rest: (V, 3) shaped rest vertices.
        skeleton: the rest skeleton.
        pose: the joint angles after contact was solved.
        transforms: (B, 4, 4) deform transforms, rest -> room.
    """

    rest: np.ndarray
    skeleton: sk.Skeleton
    pose: dict
    transforms: np.ndarray

    def vertices(self, model: BodyModel, rows: np.ndarray | None = None) -> np.ndarray:
        """Posed vertices in the room (metres), all or only ``rows``."""
        return sk.skin(model, self.rest, self.transforms, rows)


def pose_body(
    model: BodyModel,
    rest: np.ndarray,
    stance: Stance,
    on: Support,
    joints: Mapping[int, np.ndarray] | None = None,
) -> PosedBody:
    """Pose a shaped body and rest it on its support.

    Args:
        rest: (V, 3) rest vertices of ``BodyModel.shape``.
        on: what it rests on, in the stance's frame.
        joints: person id -> (17, 3) COCO joints in the room, of those whose hand or shoulder may be held.
    """
    body = RestingBody(model, rest, stance.pose, on)
    frame = frame_of(stance)
    {"upright": _upright, "seated": _seated, "lying": _lying}[stance.method](body, stance)
    _keep_out(body)
    _place_hands(body, stance, frame, joints or {})
    return PosedBody(rest, body.skeleton, body.pose, frame @ body.transforms())


def _keep_out(body: RestingBody) -> None:
    """Lift the whole body where trunk, legs or head are deeper in what carries than cushions give way."""
    parts = [body.rows(name) for name in (*_TRUNK, "thigh_l", "thigh_r", "calf", "head", "neck", "clavicle", "upperarm_l", "upperarm_r")]
    deepest = -body.clearance(np.concatenate(parts))
    if deepest > _DEEPEST:
        body.move(0.0, 0.0, deepest - _DEEPEST)


def frame_of(stance: Stance) -> np.ndarray:
    """4x4, the support's frame -> the room."""
    frame = np.eye(4)
    frame[:3, :3] = sk.rotation(sk.Z, stance.heading)
    frame[:2, 3] = stance.x, stance.y
    return frame


def _upright(body: RestingBody, stance: Stance) -> None:
    """On feet or knees. Numbers: pitch (degrees forward), turn (degrees about z), hips (share of the height that
    the legs allow, 1 = stretched)."""
    numbers = stance.numbers
    pitch = numbers.get("pitch", 0.0)
    body.turn(sk.rotation(sk.Z, numbers.get("turn", 0.0)) @ sk.rotation(sk.X, pitch))
    feet = {side: leg for side, leg in stance.legs.items() if "foot" in leg}
    ankles, turns = {}, {}
    for side, leg in feet.items():
        turns[side] = sk.rotation(sk.Z, leg.get("yaw", 0.0)) @ sk.rotation(sk.X, leg.get("heel", 0.0))
        across, ahead = (value * _leg_length(body, side) / _USUAL_LEG for value in leg["foot"])
        ankles[side] = np.array([across, ahead, _ankle_height(body, side, turns[side])])
    if len(feet) == 2:
        middle = np.mean([ankle[:2] for ankle in ankles.values()], axis=0)
        hips = np.mean([body.head_of(f"thigh_{side}")[:2] for side in sk.SIDES], axis=0)
        # Who leans forward keeps the weight over the feet by moving the hips back.
        back = 0.28 * np.sin(np.radians(min(pitch, 60.0))) + 0.03
        body.move(middle[0] - hips[0], middle[1] - hips[1] + back, 0.0)
        body.move(0.0, 0.0, _hip_drop(body, ankles, numbers.get("hips", 1.0)))
    else:
        hips = np.mean([body.head_of(f"thigh_{side}")[:2] for side in sk.SIDES], axis=0)
        body.move(-hips[0], -hips[1], 0.0)
        _kneel(body, stance, feet)
    for side, ankle in ankles.items():
        forward = turns[side] @ -sk.Y + [0.25 * (1.0 if side == "l" else -1.0), 0.0, 0.15]
        reach_ankle(body, side, ankle, forward)
        turn_foot(body, side, turns[side])
    if len(feet) == 2:
        body.lower_onto(body.rows("foot", "ball"), 0.0)


def _kneel(body: RestingBody, stance: Stance, feet: Mapping) -> None:
    knees = [side for side in sk.SIDES if side not in feet]
    for side in knees:
        body.set(f"ankle_{side}", flexion=-50.0)
    shins = np.concatenate([body.rows(f"calf_{side}", f"foot_{side}", f"ball_{side}") for side in knees])
    body.lower_onto(shins, 0.004)
    for side in knees:  # the shin lies on the floor, or nearly
        body.rest_on(f"knee_{side}", "flexion", (60.0, 150.0), body.rows(f"foot_{side}", f"ball_{side}"))
    body.lower_onto(shins, 0.004)


def _ankle_height(body: RestingBody, side: str, turn: np.ndarray) -> float:
    """How high the ankle is over the floor when the foot, turned so, stands on it."""
    rows = body.rows(f"foot_{side}", f"ball_{side}")
    offset = body.rest[rows] - body.skeleton.heads[body.skeleton.index(f"foot_{side}")]
    return float(-(offset @ turn.T)[:, 2].min())


def _hip_drop(body: RestingBody, ankles: Mapping, share: float) -> float:
    """How far the root must rise so that both ankles can be reached with ``share`` of the height."""
    heights = []
    for side, ankle in ankles.items():
        length = 0.995 * _leg_length(body, side)
        away = body.head_of(f"thigh_{side}") - ankle
        heights.append(ankle[2] + share * np.sqrt(max(length**2 - away[:2] @ away[:2], 0.01)) - away[2] - ankle[2])
    return float(min(heights))


def _leg_length(body: RestingBody, side: str) -> float:
    s = body.skeleton
    hip, knee, foot = (s.heads[s.index(f"{name}_{side}")] for name in ("thigh", "calf", "foot"))
    return float(np.linalg.norm(knee - hip) + np.linalg.norm(foot - knee))


def _seated(body: RestingBody, stance: Stance) -> None:
    """On a seat or an edge. Numbers: lean (degrees back), from_back (metres between the rearmost of the pelvis and
    y = ``back_at``) or overhang (metres of the knees beyond y = 0), feet_at (height in metres of a foot rest, 0 =
    floor), hang (degrees of a foot that hangs), x (metres across)."""
    numbers = stance.numbers
    body.turn(sk.rotation(sk.Z, numbers.get("turn", 0.0)) @ sk.rotation(sk.X, -numbers.get("lean", 0.0)))
    pelvis = body.rows(*_PELVIS)
    _slide(body, stance)
    seat_height = body.on.height(_seat_y(stance))
    body.move(0.0, 0.0, seat_height - PRESSED_IN - body.points(pelvis)[:, 2].min())
    for side in sk.SIDES:
        body.rest_on(f"hip_{side}", "flexion", (50.0, 125.0), _over_seat(body, side))
    seat = np.concatenate([pelvis, *(_over_seat(body, side) for side in sk.SIDES)])
    body.move(0.0, 0.0, seat_height - PRESSED_IN - body.points(seat)[:, 2].min())
    _slide(body, stance)
    for side in sk.SIDES:
        _set_foot_down(body, side, numbers)
    if "back_at" in numbers and numbers.get("lean", 0.0) > 0:
        body.rest_on("spine", "flexion", (-15.0, 35.0), body.rows("spine_03"), -0.004)


def _seat_y(stance: Stance) -> float:
    return stance.numbers["back_at"] - 0.15 if "back_at" in stance.numbers else 0.2


def _slide(body: RestingBody, stance: Stance) -> None:
    """Move the pelvis to the back rest, or the knees beyond the edge."""
    numbers = stance.numbers
    across = numbers.get("x", 0.0) - body.head_of("pelvis")[0]
    if "back_at" in numbers:
        rearmost = body.points(body.rows(*_PELVIS))[:, 1].max()
        knees = max(body.head_of(f"calf_{side}")[1] for side in sk.SIDES)
        back = numbers["back_at"] - numbers.get("from_back", 0.0) - rearmost
        # Whose thighs are shorter than the seat sits forward, the knees beyond its front edge.
        body.move(across, min(back, body.on.profile[0][0] - _KNEES_BEYOND - knees), 0.0)
    else:
        knees = np.mean([body.head_of(f"calf_{side}")[1] for side in sk.SIDES])
        body.move(across, -numbers["overhang"] - knees, 0.0)


def _over_seat(body: RestingBody, side: str) -> np.ndarray:
    """The half of the thigh near the knee that is over the seat."""
    return body.beyond(f"thigh_{side}", 0.35)


def _set_foot_down(body: RestingBody, side: str, numbers: Mapping) -> None:
    """Stand the foot on floor or foot rest where it reaches: sole flat, or drawn back on its toes."""
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

    if flat(thigh) > wanted + 0.03:  # too short a leg for this seat
        height(min(drawn, thigh - 4.0), -numbers.get("hang", 15.0))
    elif drawn > thigh + 8.0 and height(drawn, -60.0) < wanted < height(drawn, drawn - thigh):
        _bisect(lambda ankle: height(drawn, ankle) - wanted, -60.0, drawn - thigh)
        if body.clearance(body.rows(f"calf_{side}")) < -0.005:  # the seat's edge is in the way
            _bisect(lambda knee: flat(knee) - wanted, thigh, 5.0)
    else:
        _bisect(lambda knee: flat(knee) - wanted, thigh, 5.0)
    body.lift_off(f"knee_{side}", "flexion", 10.0, body.rows(f"calf_{side}", f"foot_{side}", f"ball_{side}"))


def _bisect(miss: Callable[[float], float], low: float, high: float) -> None:
    """Leave ``miss`` called last near its root, where it rises from ``low`` to ``high``."""
    for _ in range(9):
        middle = (low + high) / 2
        low, high = (middle, high) if miss(middle) < 0 else (low, middle)
    miss((low + high) / 2)


def _lying(body: RestingBody, stance: Stance) -> None:
    """On back, side or front. Numbers: roll (0 on the back, 90 on the left side, -90 on the right, 180 on the
    front), raise (degrees the trunk is turned up from lying), yaw (degrees about z), hip_y or crown_y (metres in the
    frame), x (metres across), head_gap (metres the head is kept above the support by a pillow)."""
    numbers = stance.numbers
    roll = numbers.get("roll", 0.0)
    body.turn(
        sk.rotation(sk.Z, numbers.get("yaw", 0.0))
        @ sk.rotation(sk.X, numbers.get("raise", 0.0))
        @ sk.rotation(sk.Y, roll)
        @ sk.rotation(sk.X, -90.0)
    )
    _along(body, numbers)
    body.lower_onto(body.rows(*_TRUNK) if "raise" not in numbers else body.rows(*_PELVIS, "thigh"))
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
    """Move the body along and across its support to where it is to be."""
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
        if bent > 35.0:  # the knee stands up, the sole on the mattress
            body.rest_on(f"hip_{side}", "flexion", (10.0, 110.0), body.rows(f"foot_{side}", f"ball_{side}"))
        else:
            leg = np.concatenate([body.beyond(f"thigh_{side}", 0.4), foot])
            body.rest_on(f"hip_{side}", "flexion", (-20.0, 120.0), leg)
            body.rest_on(f"knee_{side}", "flexion", (0.0, 110.0), foot)
    body.rest_on("neck", "flexion", (-10.0, 45.0), body.rows("head"), numbers.get("head_gap", 0.0))
    for side in sk.SIDES:
        _lay_arm(body, side)


def _lay_arm(body: RestingBody, side: str) -> None:
    """An arm beside the body lies down; one that is bent over the body only must not dip into the support."""
    arm = body.rows(f"lowerarm_{side}", f"hand_{side}", *_fingers(side))
    if body.pose[f"elbow_{side}"]["flexion"] < 45.0 or abs(body.pose[f"shoulder_{side}"]["abduction"]) > 60.0:
        body.rest_on(f"shoulder_{side}", "flexion", (-50.0, 60.0), arm)
    else:
        body.lift_off(f"shoulder_{side}", "flexion", 60.0, body.rows(f"upperarm_{side}", f"lowerarm_{side}"))


def _lie_on_front(body: RestingBody, numbers: Mapping) -> None:
    for side in sk.SIDES:
        body.rest_on(f"hip_{side}", "flexion", (-25.0, 60.0), body.beyond(f"thigh_{side}", 0.4))
        body.set(f"ankle_{side}", flexion=-50.0)
        foot = body.rows(f"foot_{side}", f"ball_{side}")
        if numbers.get("drawn_knee") == side:  # drawn up beside the body: the thigh's turn lays the shin down
            body.rest_on(f"hip_{side}", "rotation", (-50.0, 10.0), foot)
        else:
            body.rest_on(f"knee_{side}", "flexion", (0.0, 90.0), foot)
    body.rest_on("neck", "flexion", (-40.0, 40.0), body.rows("head"), numbers.get("head_gap", 0.0))
    for side in sk.SIDES:
        arm = body.rows(f"lowerarm_{side}", f"hand_{side}", *_fingers(side))
        body.rest_on(f"shoulder_{side}", "flexion", (-50.0, 60.0), arm)


def _lie_on_side(body: RestingBody, numbers: Mapping, under: str) -> None:
    over = "r" if under == "l" else "l"
    away = 1.0 if under == "l" else -1.0
    chest = body.rows("spine_03", f"clavicle_{under}", f"upperarm_{under}")
    # The shoulder in front carries, the lower arm lies before the chest.
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
    forearm = body.rows(f"lowerarm_{under}", f"hand_{under}", *_fingers(under))
    body.rest_on(f"shoulder_{under}", "abduction", (-50.0, 60.0), forearm)
    body.rest_on("neck", "bend", (-35.0, 35.0), body.rows("head"), numbers.get("head_gap", 0.0))
    upper = body.rows(f"lowerarm_{over}", f"hand_{over}", *_fingers(over))
    body.lift_off(f"shoulder_{over}", "abduction", 60.0, upper)
    if numbers.get("upper_hand_down", 0.0):
        ahead = body.turn_of("spine_03") @ -sk.Y
        place = body.head_of("spine_03") + ahead * numbers["upper_hand_down"]
        place[2] = body.on.height(place[1]) + 0.03
        reach_hand(body, over, place, np.array([0.3 * away, -1.0, 0.8]))


def _fingers(side: str) -> tuple:
    return tuple(f"{finger}_0{n}_{side}" for finger in sk.FINGERS for n in (1, 2, 3))


def _place_hands(body: RestingBody, stance: Stance, frame: np.ndarray, joints: Mapping[int, np.ndarray]) -> None:
    for side in sk.SIDES:
        elbow = body.turn_of("spine_03") @ np.array(stance.hands.get(side, {}).get("elbow", _ELBOW_OUT[side]))
        if side in stance.hands:
            target = _hand_target(body, side, stance.hands[side], frame, joints)
            reach_hand(body, side, target, elbow)
        _free_hand(body, side, elbow)


def _free_hand(body: RestingBody, side: str, elbow: np.ndarray) -> None:
    """A forearm or hand that dips into the support is laid on it: palm raised, wrist and forearm turned flat."""
    hand = body.rows(f"hand_{side}", f"lowerarm_{side}", *_fingers(side))
    dip = -body.clearance(hand)
    if dip < _HAND_MAY_DIP:
        return
    wanted = palm_of(body, side)
    wanted[2] = max(wanted[2], body.on.height(wanted[1]) + _PALM_OVER_SUPPORT)
    best = dip, {}
    for lift in (0.0, 0.03, 0.07, 0.12):
        for pronation in (0.0, -40.0, 40.0, -80.0, 80.0):
            for wrist in (0.0, -35.0, 35.0, -70.0, 70.0):
                body.set(f"elbow_{side}", pronation=pronation)
                body.set(f"wrist_{side}", flexion=wrist)
                reach_hand(body, side, wanted + np.array([0.0, 0.0, lift]), elbow)
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
    """Where the palm is to be, in the frame."""
    if "skin" in hand:
        return skin_point(body, hand["skin"], hand.get("side", side))
    if "frame" in hand:
        return np.array(hand["frame"])
    if "before_face" in hand:
        across, ahead = hand["before_face"]
        return body.head_of("head") + body.turn_of("head") @ np.array([across, -ahead, 0.02])
    if "support" in hand:  # on what carries the body: across and ahead of the point below the chest
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
    """Whether the trunk is nearer to upright than to level."""
    return bool((body.turn_of("spine_03") @ sk.Z)[2] > 0.6)
