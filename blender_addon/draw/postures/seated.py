"""On the edge of a bed, on chairs and wheelchairs, at tables."""

from __future__ import annotations

from ...body.posture import Hands, Numbers, Pose, Stance
from ...body.skeleton import SIDES, SIGN
from ..streams import RandomStream
from . import limbs
from .place import PersonPlace


def sitting_edge(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """On the side of a bed, the legs down; hands on the thighs or propped on the mattress."""
    pose = limbs.trunk(stream, 14.0, 9.0)
    hands: Hands = {}
    for side in SIDES:
        _legs(stream, side, pose)
        pose[f"knee_{side}"] = {"flexion": stream.uniform(58.0, 88.0)}  # the space under a bed is taken by its frame
        style = stream.choice(("thigh", "thigh", "knee", "prop", "belly"))
        if style == "prop":
            pose.update(limbs.wrist_only(stream, side))
            pose[f"wrist_{side}"] = {"flexion": -45.0}
            sign = SIGN[side]
            hands[side] = {"support": [sign * stream.uniform(0.26, 0.36), stream.uniform(0.0, 0.16)]}
        else:
            _hand_on(stream, side, style, pose, hands)
    numbers = {
        "lean": stream.normal(0.0, 6.0),
        "overhang": stream.uniform(0.06, 0.15),
        "hang": stream.uniform(5.0, 30.0),
    }
    return Stance("seated", at.x, at.y, at.heading, pose, numbers, {}, hands)


def sitting_chair(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """On a chair: upright, slumped or bent forward; hands on thighs, arm rests, lap or face."""
    pose, numbers = _on_seat(stream, at)
    hands = _idle_hands(stream, at, pose)
    return Stance("seated", at.x, at.y, at.heading, pose, numbers, {}, hands)


def sitting_wheelchair(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """In a wheelchair, the feet on its rests."""
    pose, numbers = _on_seat(stream, at)
    if "foot_rest" in at.shape:
        numbers["feet_at"] = at.shape["foot_rest"]
        numbers["foot_rest"] = [0.11, -at.shape["seat_depth"] / 2 - 0.2]
    hands = _idle_hands(stream, at, pose)
    return Stance("seated", at.x, at.y, at.heading, pose, numbers, {}, hands)


def sitting_table(stream: RandomStream, arm_spread: float, at: PersonPlace) -> Stance:
    """At a table: writing, eating, on the telephone."""
    pose, numbers = _on_seat(stream, at)
    numbers["lean"] = stream.uniform(-10.0, 0.0)
    pose["spine"]["flexion"] = stream.uniform(10.0, 30.0)
    pose["neck"]["flexion"] = stream.uniform(10.0, 38.0)
    hands: Hands = {}
    for side in SIDES:
        pose.update(limbs.wrist_only(stream, side))
        pose[f"elbow_{side}"]["pronation"] = stream.uniform(20.0, 60.0)
        hands[side] = {"room": list(at.aims[f"table_{side}"])}
    does = stream.choice(("write", "write", "eat", "telephone"))
    side = stream.choice(SIDES)
    if does == "eat":
        hands[side] = {"skin": "mouth"}
    elif does == "telephone":
        hands[side] = {"skin": "ear"}
        pose["neck"]["flexion"] = stream.uniform(0.0, 15.0)
    return Stance("seated", at.x, at.y, at.heading, pose, numbers, {}, hands)


def _on_seat(stream: RandomStream, at: PersonPlace) -> tuple[Pose, Numbers]:
    """Pose and numbers of a person on the seat ``at``."""
    forward = stream.unit() < 0.2  # bent forward, elbows towards the knees
    slump = stream.unit() < 0.3
    pose = limbs.trunk(stream, 34.0 if forward else 10.0, 7.0)
    for side in SIDES:
        _legs(stream, side, pose)
    lean = -stream.uniform(8.0, 22.0) if forward else at.shape["recline_deg"] + stream.uniform(0.0, 10.0)
    if at.shape["back_height"] == 0:
        lean = min(lean, stream.uniform(-10.0, 4.0))
    numbers = {
        "toes_out": stream.uniform(-4.0, 16.0),
        "x": at.aims.get("x", 0.0),
        "lean": lean,
        "back_at": at.shape["seat_depth"] / 2,
        "from_back": stream.uniform(0.05, 0.12) if forward or slump else stream.uniform(0.0, 0.03),
        "hang": stream.uniform(5.0, 25.0),
    }
    return pose, numbers


def _legs(stream: RandomStream, side: str, pose: Pose) -> None:
    tucked = stream.unit() < 0.25
    pose[f"hip_{side}"] = {
        "flexion": 85.0,
        "abduction": stream.uniform(2.0, 13.0),
        "rotation": stream.uniform(-10.0, 6.0),
    }
    pose[f"knee_{side}"] = {"flexion": stream.uniform(98.0, 116.0) if tucked else stream.uniform(60.0, 88.0)}


def _idle_hands(stream: RandomStream, at: PersonPlace, pose: Pose) -> Hands:
    hands: Hands = {}
    arm_rest = at.shape.get("arm_height", 0.0)
    asleep = stream.unit() < 0.12
    if asleep:
        pose["neck"] = {"flexion": stream.uniform(28.0, 48.0), "bend": stream.normal(0.0, 16.0), "turn": 0.0}
    for side in SIDES:
        style = stream.choice(("thigh", "thigh", "knee", "belly", "rest", "rest", "chest", "ear", "mouth"))
        if asleep or (style in ("ear", "mouth") and side == "r"):
            style = "thigh"
        if style == "rest" and arm_rest > 0:
            pose.update(limbs.wrist_only(stream, side))
            sign = SIGN[side]
            across = at.aims.get("x", 0.0) + sign * (at.shape["seat_width"] / 2 + 0.02)
            hands[side] = {
                "frame": [across, -stream.uniform(0.0, 0.12), at.shape["seat_height"] + arm_rest + 0.03],
                "elbow": [sign * 0.8, 0.7, -0.3],
            }
        else:
            _hand_on(stream, side, "thigh" if style == "rest" else style, pose, hands)
    return hands


def _hand_on(stream: RandomStream, side: str, where: str, pose: Pose, hands: Hands) -> None:
    pose.update(limbs.wrist_only(stream, side))
    hands[side] = {"skin": where}
