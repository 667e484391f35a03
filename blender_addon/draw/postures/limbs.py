"""Angles of arms, heads and trunks that many postures have in common."""

from __future__ import annotations

from ...body.posture import Pose
from ..streams import RandomStream
from ..value_types import Interval


def trunk(stream: RandomStream, flexion: float, spread: float, turn: float = 0.0) -> Pose:
    """Spine and neck: the spine about ``flexion`` degrees forward, all of it varied."""
    return {
        "spine": {
            "flexion": stream.normal(flexion, spread),
            "bend": stream.normal(0.0, spread / 2),
            "turn": turn + stream.normal(0.0, spread),
        },
        "neck": {
            "flexion": stream.normal(8.0, 9.0),
            "bend": stream.normal(0.0, 4.0),
            "turn": 0.6 * turn + stream.normal(0.0, 22.0),
        },
    }


def arm(
    stream: RandomStream,
    side: str,
    arm_spread: float,
    flexion: Interval,
    abduction: Interval,
    inward: Interval,
    elbow: Interval,
) -> Pose:
    """One arm by ranges of degrees; wrist and fingers are loose."""
    return {
        f"shoulder_{side}": {
            "flexion": stream.uniform(*flexion),
            "abduction": stream.uniform(*abduction) + arm_spread,
            "rotation": stream.uniform(*inward),
        },
        f"elbow_{side}": {"flexion": stream.uniform(*elbow), "pronation": stream.uniform(-25.0, 25.0)},
        f"wrist_{side}": {"flexion": stream.uniform(-15.0, 20.0)},
        f"fingers_{side}": {"flexion": stream.uniform(4.0, 32.0)},
    }


def hanging(stream: RandomStream, side: str, arm_spread: float) -> Pose:
    """An arm that hangs."""
    return arm(stream, side, arm_spread, (-8, 12), (7, 15), (0, 25), (6, 30))


def bent(stream: RandomStream, side: str, arm_spread: float) -> Pose:
    """A bent elbow, the hand before the body."""
    return arm(stream, side, arm_spread, (0, 25), (10, 20), (0, 30), (65, 110))


def forward(stream: RandomStream, side: str, arm_spread: float) -> Pose:
    """An arm held forward, as if to hand something over."""
    return arm(stream, side, arm_spread, (30, 75), (5, 18), (0, 20), (10, 60))


def wrist_only(stream: RandomStream, side: str) -> Pose:
    """Wrist and fingers of an arm that is solved from the place of its palm."""
    return {
        f"elbow_{side}": {"flexion": 60.0, "pronation": stream.uniform(-10.0, 35.0)},
        f"wrist_{side}": {"flexion": stream.uniform(-10.0, 25.0)},
        f"fingers_{side}": {"flexion": stream.uniform(10.0, 35.0)},
    }
